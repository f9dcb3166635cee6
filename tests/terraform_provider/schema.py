"""The words that the schemas here are written in, and a value laid out as a schema wants it.

Attribute names, types and flags are the real provider's, reduced to those that
matter. ``default`` is what ``terraform providers schema`` doesn't tell: the
value the real provider plans where nothing is configured.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from tf.gen import tfplugin_pb2 as pb

from tests.terraform_provider.wire import UNKNOWN, Values

Type: TypeAlias = "str | tuple[str, Type] | tuple[str, dict[str, Type]]"

STRING, BOOL, NUMBER = "string", "bool", "number"
STRINGS = ("set", STRING)
STRING_LIST = ("list", STRING)
MAP = ("map", STRING)


@dataclass(frozen=True, kw_only=True)
class Attribute:
    """One attribute, with what the schema says of it."""

    type: Type = STRING
    required: bool = False
    optional: bool = False
    computed: bool = False
    sensitive: bool = False
    default: Any = None


@dataclass(frozen=True, kw_only=True)
class Block:
    """A nested block, a list unless ``nesting`` says otherwise."""

    fields: Schema
    nesting: str = "list"
    most: int = 0


Schema: TypeAlias = "Mapping[str, Attribute | Block]"


def required(type: Type = STRING) -> Attribute:  # noqa: A002  # Terraform's own word
    """Must be configured."""
    return Attribute(type=type, required=True)


def optional(type: Type = STRING, default: object = None) -> Attribute:  # noqa: A002
    """May be configured; else it is null, or its default."""
    return Attribute(type=type, optional=True, default=default)


def either(type: Type = STRING) -> Attribute:  # noqa: A002
    """May be configured; else AWS says what it is."""
    return Attribute(type=type, optional=True, computed=True)


def computed(type: Type = STRING) -> Attribute:  # noqa: A002
    """AWS says what it is."""
    return Attribute(type=type, computed=True)


def secret() -> Attribute:
    """May be configured, and is marked sensitive."""
    return Attribute(optional=True, sensitive=True)


def one(**fields: Attribute | Block) -> Block:
    """Make a block that occurs at most once."""
    return Block(fields=fields, most=1)


def many(nesting: str = "list", most: int = 0, **fields: Attribute | Block) -> Block:
    """Make a block that may be repeated, ``most`` times where that is not 0."""
    return Block(fields=fields, nesting=nesting, most=most)


TAGS: Schema = {"tags": optional(MAP), "tags_all": either(MAP)}
ID: Schema = {"id": either()}

_NESTING = {
    "list": pb.Schema.NestedBlock.NestingMode.LIST,
    "set": pb.Schema.NestedBlock.NestingMode.SET,
}


def attributes(schema: Schema) -> dict[str, Attribute]:
    """Return the attributes of a schema."""
    return {name: field for name, field in schema.items() if isinstance(field, Attribute)}


def blocks(schema: Schema) -> dict[str, Block]:
    """Return the blocks of a schema."""
    return {name: field for name, field in schema.items() if isinstance(field, Block)}


def message(schema: Schema) -> pb.Schema:
    """Return a schema as the protocol's message."""
    return pb.Schema(version=0, block=_block(schema))


def _block(schema: Schema) -> pb.Schema.Block:
    return pb.Schema.Block(
        attributes=[
            pb.Schema.Attribute(
                name=name,
                type=json.dumps(field.type).encode(),
                required=field.required,
                optional=field.optional,
                computed=field.computed,
                sensitive=field.sensitive,
            )
            for name, field in attributes(schema).items()
        ],
        block_types=[
            pb.Schema.NestedBlock(
                type_name=name,
                nesting=_NESTING[field.nesting],
                block=_block(field.fields),
                max_items=field.most,
            )
            for name, field in blocks(schema).items()
        ],
    )


def laid_out(schema: Schema, values: Values) -> Values:
    """Return the values with every field of the schema, and nothing else."""
    shaped: Values = {
        name: _without_null(field.type, values.get(name))
        for name, field in attributes(schema).items()
    }
    for name, field in blocks(schema).items():
        members = values.get(name)
        shaped[name] = (
            members if members is UNKNOWN else [laid_out(field.fields, m) for m in members or []]
        )
    return shaped


def _without_null(type_: Type, value: Any) -> Any:
    """Put zero values for nulls in lists of objects, as the real provider's SDK does."""
    if value is None or value is UNKNOWN or isinstance(type_, str):
        return value
    kind, inner = type_
    if kind in {"list", "set"}:
        return [_without_null(inner, member) for member in value]  # type: ignore[arg-type]
    if kind == "object":
        return {
            name: _zero(t) if value.get(name) is None else _without_null(t, value[name])
            for name, t in inner.items()  # type: ignore[union-attr]
        }
    return value


def _zero(type_: Type) -> object:
    if isinstance(type_, str):
        return {STRING: "", BOOL: False, NUMBER: 0}[type_]
    return {} if type_[0] in {"map", "object"} else []
