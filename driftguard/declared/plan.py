"""What ``terraform show -json PLAN`` prints, parsed without any provider.

Each managed resource has what it is now and what it would be, both in the
shapes that a state has, and which of its values nobody knows before the apply.
What the list of changes leaves out and the plan keeps as it is (a targeted
plan) is taken from ``planned_values``. Data sources are kept for their secrets
and for what they say of account and region; deposed objects for their secrets.

Everything here still holds secrets: ``plan_seal.py`` is the only way out.
https://developer.hashicorp.com/terraform/internals/json-format#plan-representation
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from driftguard.declared.envelope import open_json
from driftguard.declared.plan_providers import Providers
from driftguard.declared.plan_values import held_resources, marks
from driftguard.declared.state import Instance
from driftguard.errors import DeclaredError
from driftguard.model import NOTHING, Address, Provenance, Unknown

_HOW = "Give what `terraform show -json PLAN` prints."
_MAJORS = ("0", "1")
"""Terraform 0.12 to 1.14 and OpenTofu write 0.1 to 1.2; minor versions only add keys."""
_KNOWN_ACTIONS = frozenset({"no-op", "create", "read", "update", "delete", "forget"})


class Action(enum.StrEnum):
    """What a plan does to one resource."""

    NOTHING = "nothing"
    CREATE = "create"
    UPDATE = "update"
    REPLACE = "replace"
    DELETE = "delete"
    FORGET = "forget"
    """It leaves the state and stays in AWS as it is."""

    @property
    def makes(self) -> bool:
        """Whether the resource is there after the apply."""
        return self is not Action.DELETE


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedChange:
    """One managed resource of a plan, secrets and all; never printed.

    ``before`` is None for what is not there yet, ``after`` for what will be gone.
    ``unknown`` is true, or a tree like ``after``'s with true where a value is
    known only after the apply.
    """

    action: Action
    before: Instance | None = field(repr=False)
    after: Instance | None = field(repr=False)
    unknown: object = field(default=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedPlan:
    """One plan; ``changes`` and ``unreadable`` together are all that it is about."""

    provenance: Provenance
    changes: tuple[PlannedChange, ...]
    data: tuple[Instance, ...] = field(default=(), repr=False)
    """Data sources, and what providers say of their region; for scopes and secrets alone."""
    deposed: tuple[Instance, ...] = field(default=(), repr=False)
    unreadable: tuple[Unknown, ...] = ()
    sensitive_values: Mapping[str, object] = field(default_factory=lambda: NOTHING, repr=False)
    """Of outputs and variables."""
    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def is_plan(document: Mapping[str, object]) -> bool:
    """Tell whether a JSON object is what ``terraform show -json`` prints, of a plan or a state."""
    return "format_version" in document


def parse_plan(data: bytes, *, place: str, max_bytes: int) -> ParsedPlan:
    """Parse a plan. Raises DeclaredError, with ``place`` in its sentence, where it is none."""
    return parse_plan_document(open_json(data, place=place, max_bytes=max_bytes), place)


def parse_plan_document(document: Mapping[str, object], place: str) -> ParsedPlan:
    """Parse a plan that is a JSON object already. Raises DeclaredError."""
    _check(document, place)
    providers = Providers(document)
    read = _Read()
    for number, one in enumerate(_list(document.get("resource_changes"))):
        _take(one, number, place, providers, read)
    for one in _deferred(document):
        read.unreadable.append(one)
    _take_kept(document, providers, read)
    read.data += providers.regions()
    return ParsedPlan(
        provenance=Provenance(
            place=place, terraform_version=_text(document, "terraform_version")[:50]
        ),
        changes=tuple(read.changes),
        data=tuple(read.data),
        deposed=tuple(read.deposed),
        unreadable=tuple(read.unreadable),
        sensitive_values=dict(_sensitive_values(document)),
        problems=tuple(_problems(document, place)),
        warnings=tuple(_warnings(document, place)),
    )


@dataclass(slots=True)
class _Read:
    """What has been read so far."""

    changes: list[PlannedChange] = field(default_factory=list)
    data: list[Instance] = field(default_factory=list)
    deposed: list[Instance] = field(default_factory=list)
    unreadable: list[Unknown] = field(default_factory=list)


def _check(document: Mapping[str, object], place: str) -> None:
    version = document.get("format_version")
    if not isinstance(version, str):
        raise DeclaredError(f"{place} is JSON but not a Terraform plan.", hint=_HOW)
    major, dot, minor = version.partition(".")
    if not (dot and major.isdecimal() and minor.isdecimal() and len(version) < _LONG_VERSION):
        raise DeclaredError(f"{place} is JSON but not a Terraform plan: no version.", hint=_HOW)
    if major not in _MAJORS:
        raise DeclaredError(
            f"{place} is a plan in the format {version}; DriftGuard reads format 1.",
            hint="It comes from a newer Terraform than DriftGuard knows; update DriftGuard.",
        )
    if "resource_changes" not in document and "planned_values" not in document:
        raise _no_plan(document, place)
    if not isinstance(document.get("resource_changes", []), list):
        raise DeclaredError(f"{place} is a plan without a list of changes.", hint=_HOW)


_LONG_VERSION = 20


def _no_plan(document: Mapping[str, object], place: str) -> DeclaredError:
    if "values" in document or document.keys() <= {"format_version", "terraform_version"}:
        return DeclaredError(
            f"{place} is what `terraform show -json` prints of a state, not of a plan.",
            hint="Give the plan's file to it, `terraform show -json PLAN`, or check the raw state.",
        )
    return DeclaredError(f"{place} is JSON but not a Terraform plan: no changes.", hint=_HOW)


def _take(one: object, number: int, place: str, providers: Providers, read: _Read) -> None:
    if not isinstance(one, Mapping) or not (_text(one, "type") and _text(one, "name")):
        nameless = f"change number {number} of {place}"
        read.unreadable.append(Unknown(address=nameless, reason="the plan names no type and name"))
        return
    mode = one.get("mode", "managed")
    address = _address(one)
    found = _change(one, address, providers.key(one))
    if mode == "data":
        if isinstance(found, PlannedChange):
            read.data += [side for side in (found.before, found.after) if side is not None]
    elif mode != "managed":
        read.unreadable.append(
            _unknown(address, "the plan gives it a mode that DriftGuard doesn't know")
        )
    elif isinstance(found, Unknown):
        read.unreadable.append(found)
    elif "deposed" in one:
        read.deposed += [side for side in (found.before, found.after) if side is not None]
    else:
        read.changes.append(found)


def _change(one: Mapping[str, object], address: Address, provider: str) -> PlannedChange | Unknown:
    change = one.get("change")
    if not isinstance(change, Mapping):
        return _unknown(address, "the plan is damaged: it says nothing of the change")
    if one.get("index") is not None and address.key is None:
        return _unknown(address, "its index key in the plan is neither text nor a number")
    action = _action(change.get("actions"))
    if action is None:
        return _unknown(address, "the plan does something to it that DriftGuard doesn't know")
    sides = []
    for name in ("before", "after"):
        attributes = change.get(name)
        if attributes is not None and not isinstance(attributes, Mapping):
            return _unknown(address, "the plan is damaged: its attributes are no object")
        marked = tuple(marks(change.get(f"{name}_sensitive")))
        sides.append(
            None
            if attributes is None
            else Instance(address=address, provider=provider, attributes=attributes, marked=marked)
        )
    before, after = sides
    unknown = change.get("after_unknown", False)
    if action is Action.DELETE:
        after, unknown = None, False
    elif action in (Action.NOTHING, Action.FORGET):
        after = after or before
    elif after is None and unknown is True:  # nothing at all is known of it
        after = Instance(address=address, provider=provider, attributes={})
    if (before is None and action is not Action.CREATE) or (after is None and action.makes):
        return _unknown(address, "the plan is damaged: it does not hold the attributes")
    return PlannedChange(action=action, before=before, after=after, unknown=unknown)


def _action(actions: object) -> Action | None:
    """Return what a plan does, from its list of one or two actions."""
    if not isinstance(actions, list) or not actions or not all(isinstance(a, str) for a in actions):
        return None
    found = frozenset(actions)
    if not found <= _KNOWN_ACTIONS:
        return None
    if "create" in found:
        return Action.CREATE if len(found) == 1 else Action.REPLACE
    for word, action in _SINGLE.items():
        if word in found:
            return action
    return None


_SINGLE: Mapping[str, Action] = {
    "update": Action.UPDATE,
    "delete": Action.DELETE,
    "forget": Action.FORGET,
    "read": Action.CREATE,  # of data sources alone
    "no-op": Action.NOTHING,
}


def _take_kept(document: Mapping[str, object], providers: Providers, read: _Read) -> None:
    """Take what the plan leaves as it is without a word among the changes."""
    told = {str(side.address) for one in read.changes for side in (one.before, one.after) if side}
    told |= {one.address for one in read.unreadable}
    for one in held_resources(document.get("planned_values")):
        address = _address(one)
        values = one.get("values")
        if one.get("mode") != "managed" or str(address) in told or not isinstance(values, Mapping):
            continue
        side = Instance(
            address=address,
            provider=providers.key(one),
            attributes=values,
            marked=tuple(marks(one.get("sensitive_values"))),
        )
        read.changes.append(PlannedChange(action=Action.NOTHING, before=side, after=side))
    prior = document.get("prior_state")
    for one in held_resources(prior.get("values") if isinstance(prior, Mapping) else None):
        values = one.get("values")
        if one.get("mode") == "data" and isinstance(values, Mapping):
            marked = tuple(marks(one.get("sensitive_values")))
            read.data.append(
                Instance(
                    address=_address(one),
                    provider=providers.key(one),
                    attributes=values,
                    marked=marked,
                )
            )


def _deferred(document: Mapping[str, object]) -> Iterator[Unknown]:
    for one in _list(document.get("deferred_changes")):
        change = one.get("resource_change") if isinstance(one, Mapping) else None
        if isinstance(change, Mapping) and change.get("mode", "managed") == "managed":
            yield _unknown(_address(change), "the plan puts it off to a later run")


def _address(one: Mapping[str, object]) -> Address:
    key = one.get("index")
    if isinstance(key, float) and key.is_integer():
        key = int(key)
    module = _text(one, "module_address") or _module_of(_text(one, "address"), one)
    return Address(
        module=module,
        type=_text(one, "type"),
        name=_text(one, "name"),
        key=key if isinstance(key, str | int) and not isinstance(key, bool) else None,
    )


def _module_of(address: str, one: Mapping[str, object]) -> str:
    """Return the module that an address begins with: ``planned_values`` has no word for it."""
    own = f"{_text(one, 'type')}.{_text(one, 'name')}"
    if not address.startswith("module."):
        return ""
    return address.rpartition(f".{own}")[0]


def _unknown(address: Address, reason: str) -> Unknown:
    return Unknown(address=str(address), reason=reason, type=address.type)


def _sensitive_values(document: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    changes = document.get("output_changes")
    for name, one in changes.items() if isinstance(changes, Mapping) else ():
        for side in ("before", "after"):
            if isinstance(one, Mapping) and one.get(f"{side}_sensitive") not in (False, None, {}):
                yield f"{name}.{side}", one.get(side)
    declared = _at(document, "configuration", "root_module", "variables")
    given = document.get("variables")
    for name, one in declared.items() if isinstance(declared, Mapping) else ():
        if isinstance(one, Mapping) and one.get("sensitive") and isinstance(given, Mapping):
            yield name, _at(given, name, "value")


def _problems(document: Mapping[str, object], place: str) -> Iterator[str]:
    if document.get("errored") is True:
        yield f"{place} is the plan of a run that failed, so it is not whole. Plan again."


def _warnings(document: Mapping[str, object], place: str) -> Iterator[str]:
    if document.get("complete") is False and document.get("errored") is not True:
        yield f"{place} is not all of the configuration: it was planned with targets, or put off."


def _at(value: object, *path: str) -> object:
    for step in path:
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


def _text(mapping: Mapping[str, object], key: str) -> str:
    value = mapping.get(key)
    return value if isinstance(value, str) else ""


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
