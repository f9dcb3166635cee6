"""A file of exceptions with one more or some fewer: the rest stays letter for letter. Pure.

The text is cut and pasted at the places that the YAML parser tells, so comments,
order, quoting and line breaks stay as somebody wrote them. Then it is parsed
anew, and a text that does not say exactly what was meant is never returned.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from driftguard.errors import PolicyError
from driftguard.policy.document import document_of
from driftguard.policy.exception_entry import as_block, as_flow
from driftguard.policy.exception_load import checked
from driftguard.policy.exception_place import Item, Place, place_of

Entry = Mapping[str, object]

_COMMA = re.compile(r"\s*,")
_EMPTY = re.compile(r"\r?\n")


def with_exception(text: str, entry: Entry, name: str) -> str:
    """Return the text with one more exception, the last. Raises PolicyError.

    ``name`` is the file's, for sentences.
    """
    entries = _entries(text, name)
    place = place_of(text)
    if place is None:
        made = _appended(text, f"exceptions:\n{as_block(entry)}")
    elif place.items and place.flow:
        last = place.items[-1]
        gap = f",\n{last.indentation}" if last.indentation is not None else ", "
        made = _pasted(text, last.end, gap + as_flow(entry))
    elif place.items:
        made = _below(text, place, entry)
    elif place.flow and (place.within_flow or text[place.start + 1 : place.end - 1].strip()):
        made = _pasted(text, place.start + 1, as_flow(entry))
    else:
        made = _appended(text[: place.start] + text[place.end :], as_block(entry))
    return _proved(made, [*entries, dict(entry)], name)


def without_exceptions(text: str, ids: Collection[str], name: str) -> str:
    """Return the text without some exceptions, and without the comments right above them.

    Raises PolicyError where it can't be done without touching the rest (another
    exception repeats by an alias a part of one that goes).
    """
    entries = _entries(text, name)
    place = place_of(text)
    gone = [index for index, one in enumerate(entries) if str(one.get("id")) in ids]
    if place is None or not gone:
        return text
    kept = [one for index, one in enumerate(entries) if index not in gone]
    cuts = [*(_flow_cuts if place.flow else _block_cuts)(text, place.items, gone)]
    made = text
    least = len(text)
    for start, end in sorted(cuts, reverse=True):  # two may share the empty line between them
        made = made[:start] + made[min(end, least) :]
        least = start
    if not kept and not place.flow:
        made = f"{made[: place.colon]} []{made[place.colon :]}"
    return _proved(made, kept, name)


def _entries(text: str, name: str) -> list[Entry]:
    """Return the exceptions as plain values. Raises PolicyError where the file is broken."""
    document = document_of(text.encode(), name)
    if document.value is None:
        return []
    checked(document, name)
    value = document.value
    found = value.get("exceptions") if isinstance(value, dict) else None
    return list(found) if isinstance(found, list) else []


def _proved(made: str, expected: Sequence[Entry], name: str) -> str:
    """Return the text where it says exactly what is expected. Raises PolicyError."""
    try:
        same = _entries(made, name) == expected
    except PolicyError:
        same = False
    if not same:
        message = f"{name} is written in a way that can't be edited without touching the rest."
        raise PolicyError(message, hint="Edit it by hand.")
    return made


def _below(text: str, place: Place, entry: Entry) -> str:
    """Paste a block at the end of a list of blocks, laid out like the last one."""
    last = place.items[-1]
    block = as_block(entry, dash=last.dash, key=last.key)
    apart = len(place.items) > 1 and text[: last.top].endswith(("\n\n", "\n\r\n"))
    end = text.find("\n...", last.bottom - 1)
    head, tail = (text, "") if end < 0 else (text[: end + 1], text[end + 1 :])
    return _appended(head, f"\n{block}" if apart else block) + tail


def _appended(text: str, block: str) -> str:
    if text and not text.endswith("\n"):
        block = f"\n{block}"
    return _pasted(text, len(text), block)


def _pasted(text: str, at: int, new: str) -> str:
    """Paste with the line breaks that the text has."""
    first = text.find("\n")
    if first > 0 and text[first - 1] == "\r":
        new = new.replace("\n", "\r\n")
    return text[:at] + new + text[at:]


def _flow_cuts(text: str, items: Sequence[Item], gone: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield what goes of ``[a, b, c]``: each with the comma that it no longer needs."""
    kept = [index for index in range(len(items)) if index not in gone]
    last = kept[-1] if kept else -1
    for index in gone:
        if index < last:
            yield items[index].start, items[index + 1].start
    if last < len(items) - 1:
        comma = _COMMA.match(text, items[-1].end)
        end = comma.end() if comma and not kept else items[-1].end
        yield (items[last].end if kept else items[0].start), end


def _block_cuts(text: str, items: Sequence[Item], gone: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield the lines that go, each with the empty lines that set it apart from what follows.

    Where nothing is set apart below, it is the one above.
    """
    for index in gone:
        top, end = items[index].top, items[index].bottom
        while (below := _EMPTY.match(text, end)) is not None:
            end = below.end()
        if end == items[index].bottom and text[:top].endswith(("\n\n", "\n\r\n")):
            top = text.rindex("\n", 0, top - 1) + 1
        yield top, end
