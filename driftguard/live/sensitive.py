"""What AWS itself calls sensitive in its answers, by botocore's models.

A password that AWS shows (a Lambda function's environment, a secret's text) is
replaced whatever it looks like. User data is not marked in the models, but it is
where people put what should not be there.
https://smithy.io/2.0/spec/documentation-traits.html#sensitive-trait
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from driftguard.live.operations import output_shape
from driftguard.redact import Redactor

_ALWAYS = frozenset({"UserData", "userData"})
_NAMES = ("KeyId", "Arn", "ARN")
_MAX_DEPTH = 64


def marked(service: str, operation: str, data: Mapping[str, object], redactor: Redactor) -> object:
    """Return an answer with every sensitive leaf replaced by its token."""
    return _marked(output_shape(service, operation), data, redactor, 0)


def _marked(shape: Any, value: object, redactor: Redactor, depth: int) -> object:  # noqa: ANN401  # a botocore class
    if depth > _MAX_DEPTH:
        return redactor.mark(value)
    if shape is not None and _is_secret(shape):
        return redactor.mark(value)
    kind = shape.type_name if shape is not None else ""
    if isinstance(value, Mapping):
        return {
            key: redactor.mark(inner)
            if key in _ALWAYS
            else _marked(_member(shape, kind, key), inner, redactor, depth + 1)
            for key, inner in value.items()
        }
    if isinstance(value, list | tuple):
        of = shape.member if kind == "list" else None
        return [_marked(of, inner, redactor, depth + 1) for inner in value]
    return value


def _is_secret(shape: Any) -> bool:  # noqa: ANN401  # a botocore class
    """Tell whether a shape is marked, unless it names something: S3 marks a key's ARN."""
    return bool(shape.metadata.get("sensitive")) and not shape.name.endswith(_NAMES)


def _member(shape: Any, kind: str, key: str) -> Any:  # noqa: ANN401  # botocore classes
    if kind == "structure":
        return shape.members.get(key)
    return shape.value if kind == "map" else None
