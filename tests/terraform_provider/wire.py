"""Values on the plugin protocol's wire: msgpack, where a value can be unknown.

https://github.com/hashicorp/terraform/blob/main/docs/plugin-protocol/object-wire-format.md
"""

from __future__ import annotations

import json
from typing import Any, TypeAlias

import msgpack
from tf.gen import tfplugin_pb2 as pb

Values: TypeAlias = dict[str, Any]


class _Unknown:
    """What is known only after apply."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN = _Unknown()


def unpack(value: pb.DynamicValue) -> Any:
    """Read a value; an unknown one, whatever Terraform knows of it, is UNKNOWN."""
    if value.msgpack:
        return msgpack.unpackb(
            value.msgpack, ext_hook=lambda code, data: UNKNOWN, strict_map_key=False
        )
    return json.loads(value.json) if value.json else None


def pack(value: object) -> pb.DynamicValue:
    """Write a value."""
    packed = msgpack.packb(value, default=lambda one: msgpack.ExtType(0, b"\0"))
    return pb.DynamicValue(msgpack=packed)


def known(value: object) -> Any:
    """Return the value with null for everything unknown."""
    if value is UNKNOWN:
        return None
    if isinstance(value, list):
        return [known(one) for one in value]
    if isinstance(value, dict):
        return {name: known(one) for name, one in value.items()}
    return value
