"""Raw state version 4, Terraform 0.12 to 1.14 and OpenTofu, parsed without any provider.

What is kept: every managed instance with its address, its provider
configuration, its attributes as the state has them and the paths it marks
sensitive. Tainted instances are kept like any other: they exist and are compared.

Deposed instances (left over when a replacement could not be finished) are kept
apart: they are not what the configuration declares, so they are not compared,
but they exist in AWS and this state owns them, so they are not unmanaged
either. Data sources are kept apart for their secrets alone. A resource without a
type, a name or instances, and an instance whose attributes can't be understood,
is unreadable, and counted; the others are read. Unknown extra keys
are tolerated; a mode we don't know makes the resource unreadable.

Everything here still holds secrets: ``seal.py`` is the only way out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from driftguard.declared.envelope import open_state
from driftguard.declared.flatmap import FlatmapError, unflatten
from driftguard.declared.sensitive import Path, marked_paths
from driftguard.model import NOTHING, Address, Provenance, Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """One instance in a state, secrets and all; never printed."""

    address: Address
    provider: str
    """The provider configuration as the state names it; resources that share it share
    their account and, where they don't say otherwise, their region."""
    attributes: Mapping[str, object] = field(repr=False)
    marked: tuple[Path, ...] = ()
    tainted: bool = False
    deposed: str = ""
    """The key of a deposed object, eight hex digits; ``""`` for the current one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedState:
    """One state; ``managed`` and ``unreadable`` together are all that it declares."""

    provenance: Provenance
    managed: tuple[Instance, ...]
    deposed: tuple[Instance, ...] = ()
    data: tuple[Instance, ...] = ()
    unreadable: tuple[Unknown, ...] = ()
    sensitive_outputs: Mapping[str, object] = field(default_factory=lambda: NOTHING, repr=False)


def parse_state(data: bytes, *, place: str, max_bytes: int) -> ParsedState:
    """Parse a state. Raises DeclaredError, with ``place`` in its sentence, where it is none."""
    document = open_state(data, place=place, max_bytes=max_bytes)
    kept: dict[str, list[Instance]] = {"managed": [], "deposed": [], "data": []}
    unreadable: list[Unknown] = []
    for mode, found in _instances(document, place):
        if isinstance(found, Unknown):
            if mode != "data":  # a data source declares nothing
                unreadable.append(found)
        else:
            kept["deposed" if found.deposed and mode == "managed" else mode].append(found)
    return ParsedState(
        provenance=_provenance(document, place),
        managed=tuple(kept["managed"]),
        deposed=tuple(kept["deposed"]),
        data=tuple(kept["data"]),
        unreadable=tuple(unreadable),
        sensitive_outputs=_sensitive_outputs(document.get("outputs")),
    )


def _provenance(document: Mapping[str, object], place: str) -> Provenance:
    serial = document.get("serial")
    return Provenance(
        place=place,
        lineage=_text(document, "lineage"),
        serial=serial if isinstance(serial, int) else 0,
        terraform_version=_text(document, "terraform_version"),
    )


def _text(mapping: object, key: str) -> str:
    value = mapping.get(key) if isinstance(mapping, Mapping) else None
    return value if isinstance(value, str) else ""


def _sensitive_outputs(outputs: object) -> Mapping[str, object]:
    if not isinstance(outputs, Mapping):
        return NOTHING
    return {
        name: output.get("value")
        for name, output in outputs.items()
        if isinstance(output, Mapping) and output.get("sensitive")
    }


def _instances(
    document: Mapping[str, object], place: str
) -> Iterator[tuple[str, Instance | Unknown]]:
    resources = document["resources"]
    for number, resource in enumerate(resources if isinstance(resources, list) else ()):
        mode = resource.get("mode", "managed") if isinstance(resource, Mapping) else "managed"
        if not (_text(resource, "type") and _text(resource, "name")):
            yield str(mode), _nameless(number, place)
            continue
        instances = resource.get("instances")
        for one in instances if isinstance(instances, list) else (None,):
            yield str(mode), _instance(resource, one, mode)


def _nameless(number: int, place: str) -> Unknown:
    address = f"resource number {number} of {place}"
    return Unknown(address=address, reason="the state holds no type and name of it")


def _instance(resource: Mapping[str, object], one: object, mode: object) -> Instance | Unknown:
    key = one.get("index_key") if isinstance(one, Mapping) else None
    address = Address(
        module=_text(resource, "module"),
        type=_text(resource, "type"),
        name=_text(resource, "name"),
        key=_key(key),
    )
    if not isinstance(one, Mapping):
        return _unknown(address, "the state is damaged: it holds no instances of it")
    if mode not in ("managed", "data"):
        return _unknown(address, "the state gives it a mode that DriftGuard doesn't know")
    if key is not None and address.key is None:
        return _unknown(address, "its index key in the state is neither text nor a number")
    attributes = _attributes(one)
    if isinstance(attributes, str):
        return _unknown(address, attributes)
    return Instance(
        address=address,
        provider=_text(one, "provider") or _text(resource, "provider"),
        attributes=attributes,
        marked=tuple(marked_paths(one.get("sensitive_attributes"))),
        tainted=one.get("status") == "tainted",
        deposed=_text(one, "deposed"),
    )


def _key(key: object) -> str | int | None:
    if isinstance(key, float) and key.is_integer():
        return int(key)
    return key if isinstance(key, str | int) and not isinstance(key, bool) else None


def _unknown(address: Address, reason: str) -> Unknown:
    return Unknown(address=str(address), reason=reason, type=address.type)


def _attributes(one: Mapping[str, object]) -> Mapping[str, object] | str:
    """Return an instance's attributes, or why there are none."""
    attributes = one.get("attributes")
    if isinstance(attributes, Mapping):
        return attributes
    flat = one.get("attributes_flat")
    if not isinstance(flat, Mapping):
        return "the state holds no attributes of it; refresh the state"
    try:
        return unflatten(flat)
    except FlatmapError:
        return (
            "its attributes are in the flat form of Terraform 0.11 and contradict themselves;"
            " refresh the state with Terraform 0.12 or later"
        )
