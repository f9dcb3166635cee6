"""HTML put together so that nothing can get in unescaped: text is escaped, markup is a type.

``element("p", "a < b", element("b", name), class_="x")``. Only what this module
made is ``Html``; everything else is text, whatever it looks like.
"""

from __future__ import annotations

import html

from driftguard.report.neutral import neutral


class Html(str):
    """A piece of finished HTML."""

    __slots__ = ()


_VOID = frozenset({"input", "meta"})


def element(tag: str, *children: str, **attributes: str | int | bool | None) -> Html:
    """Return an element; ``class_`` is written ``class``, ``data_kind`` ``data-kind``.

    An attribute that is True stands bare, one that is False or None is left out.
    """
    opened = f"<{tag}{_attributes(attributes)}>" if attributes else f"<{tag}>"
    if tag in _VOID:
        return Html(opened)
    return Html(f"{opened}{''.join(map(escaped, children))}</{tag}>")


def escaped(child: str) -> Html:
    """Return a child as HTML: markup as it is, text harmless and escaped."""
    return child if isinstance(child, Html) else Html(html.escape(neutral(child)))


def joined(*children: str) -> Html:
    """Return children side by side, without an element around them."""
    return Html("".join(map(escaped, children)))


def trusted(text: str) -> Html:
    """Take a file of ours (a style, a script) for finished HTML."""
    return Html(text)


def _attributes(attributes: dict[str, str | int | bool | None]) -> str:
    return "".join(
        f" {name}" if value is True else f' {name}="{html.escape(neutral(str(value)))}"'
        for name, value in (
            (key.rstrip("_").replace("_", "-"), value) for key, value in attributes.items()
        )
        if value is not None and value is not False
    )
