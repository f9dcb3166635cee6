"""Why a configuration was refused, in sentences with file and line.

A sentence says what was expected and what kind of thing was found, never the
value: a secret pasted in the wrong place must not come out in a CI log.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, cast

from pydantic import BaseModel, ValidationError

from driftguard.settings.document import Document, Path
from driftguard.settings.fields import Settings

SHOWN = 10
"""Mistakes told at once; a file of nothing but mistakes needs no more."""

_EXPECTED: Mapping[str, str] = MappingProxyType(
    {
        "string_type": "text",
        "int_type": "a whole number",
        "int_parsing": "a whole number",
        "int_from_float": "a whole number",
        "float_type": "a number",
        "float_parsing": "a number",
        "finite_number": "a number",
        "bool_type": "true or false",
        "bool_parsing": "true or false",
        "list_type": "a list",
        "tuple_type": "a list",
        "model_type": "keys and values",
        "model_attributes_type": "keys and values",
        "greater_than": "a number above {gt:g}",
        "greater_than_equal": "a number not below {ge:g}",
        "less_than_equal": "a number not above {le:g}",
        "string_too_short": "text of at least {min_length} characters",
        "string_too_long": "text of at most {max_length} characters",
        "string_pattern_mismatch": "text of the form {pattern}",
        "too_short": "at least {min_length}",
    }
)


def _model_at(path: Path, model: type[BaseModel]) -> type[BaseModel]:
    """Return the model whose keys are allowed at a path."""
    for step in path:
        if isinstance(step, str):
            model = _model_in(model.model_fields[step].annotation) or model
    return model


def _model_in(annotation: Any) -> type[BaseModel] | None:  # noqa: ANN401  # an annotation
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    inner = (_model_in(one) for one in getattr(annotation, "__args__", ()))
    return next((model for model in inner if model is not None), None)


def sentences(
    error: ValidationError,
    document: Document,
    place: str,
    model: type[BaseModel] = Settings,
) -> list[str]:
    """Return a sentence for each mistake, in the order of the file; ``model`` is the whole's."""
    mistakes = error.errors(include_url=False)
    told: dict[tuple[int, Path], str] = {}
    for mistake in mistakes:
        path = _path(mistake["loc"], mistake["type"])
        line = document.line(path)
        sentence = f"{place}:{line}: {_sentence(cast('Mapping[str, Any]', mistake), path, model)}"
        told.setdefault((line, path), sentence)
    ordered = [told[key] for key in sorted(told, key=lambda key: (key[0], str(key[1])))]
    rest = len(ordered) - SHOWN
    return [*ordered[:SHOWN], *([f"… and {rest} more."] if rest > 0 else [])]


def _path(location: Sequence[str | int], kind: str) -> Path:
    """Drop what pydantic adds to a location: the member of a union that was tried.

    An unknown key stands last, as the file has it, whatever it looks like.
    """
    given = location[-1:] if kind == "extra_forbidden" else ()
    kept: list[str | int] = []
    for step in location[: len(location) - len(given)]:
        if isinstance(step, str) and ("[" in step or step in ("literal['']", "Role")):
            continue
        kept.append(step)
    return (*kept, *given)


def _sentence(mistake: Mapping[str, Any], path: Path, model: type[BaseModel]) -> str:
    kind = mistake["type"]
    if kind == "extra_forbidden":
        return _unknown_key(path, model)
    if kind == "missing":
        return f"{_spelled(path[:-1]) or 'the file'} lacks `{path[-1]}`."
    if path == ("version",):
        return "this DriftGuard reads version 1 of the configuration, and the file has another."
    found = found_kind(mistake["input"])
    if kind in ("literal_error", "enum"):
        expected = str(mistake["ctx"]["expected"]).replace("'", "")
        return f"{_spelled(path)}: expected {expected}, found {_other(found)}.{_near(mistake)}"
    if kind == "value_error":
        return f"{_spelled(path)}: {mistake['ctx']['error']}, found {_other(found)}."
    expected = _EXPECTED.get(kind, "something else").format(**mistake.get("ctx", {}))
    same = expected.startswith(f"{found} ")
    return f"{_spelled(path)}: expected {expected}, found {_other(found) if same else found}."


def _other(found: str) -> str:
    """Say that it is of the right kind, and still not what was expected."""
    return {"text": "other text", "a number": "another number"}.get(found, found)


def _near(mistake: Mapping[str, Any]) -> str:
    words = str(mistake["ctx"]["expected"]).replace("'", "").replace(" or ", ", ").split(", ")
    return did_you_mean(str(mistake["input"]).lower(), words)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a question with the nearest known word, a space before it; ``""`` without one."""
    near = difflib.get_close_matches(word, list(known), n=1)
    return f" Did you mean `{near[0]}`?" if near else ""


def _unknown_key(path: Path, model: type[BaseModel]) -> str:
    known = sorted(_model_at(path[:-1], model).model_fields)
    inside = f" in {_spelled(path[:-1])}" if path[:-1] else ""
    word = str(path[-1]).lower().replace("-", "_")
    near = difflib.get_close_matches(word, known, n=1)
    elsewhere = difflib.get_close_matches(word, _NESTED, n=1) if model is Settings else []
    hint = f"there are {', '.join(known)}."
    if near:
        hint = f"did you mean `{near[0]}`?"
    elif elsewhere:
        hint = f"`{elsewhere[0]}` belongs in `{_NESTED[elsewhere[0]]}`."
    return f"unknown key `{_short(path[-1])}`{inside}; {hint}"


_NESTED: Mapping[str, str] = MappingProxyType(
    {
        name: parent
        for parent in ("state_access", "stacks", "accounts", "defaults", "limits")
        for name in _model_at((parent,), Settings).model_fields
    }
)
"""Keys that stand deeper in the file, each with the key they belong in."""


def _short(key: str | int) -> str:
    text = str(key)
    return text if len(text) <= _LONGEST_KEY else f"{text[:_LONGEST_KEY]}…"


_LONGEST_KEY = 40


def _spelled(path: Path) -> str:
    """Write a path the way people do: ``stacks[0].state``."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{_short(step)}" if text else step
    return f"`{text}`" if text else ""


def found_kind(value: object) -> str:
    """Name the kind of a value, without the value."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return "text"
    return "a list" if isinstance(value, list | tuple) else "keys and values"
