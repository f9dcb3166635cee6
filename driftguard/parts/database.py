"""What RDS changes of an instance by itself, or has only promised to change.

A pending value is what somebody asked for, so it counts as the live one: a
declared value that waits for the maintenance window is no drift, and one that
nobody declared is drift before it takes effect.
https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_PendingModifiedValues.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from driftguard.parts.shapes import an_object, objects
from driftguard.resource_type import UNSET

Raw = Mapping[str, object]

_PENDING = "PendingModifiedValues"
_LEAVING = frozenset({"removing", "pending-removal", "pending-maintenance-removal"})
# Two numbers name a major version of these; PostgreSQL 10 and later has one.
# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.Upgrading.html
_TWO_NUMBERS = re.compile(r"mysql|mariadb|sqlserver|postgres(?=9)")


def asked_for(key: str) -> Callable[[Raw], object]:
    """Return how to read a value: the pending one where there is one."""

    def read(raw: Raw) -> object:
        pending = an_object(raw.get(_PENDING))
        return raw.get(key) if pending.get(key) is None else pending[key]

    return read


def port(raw: Raw) -> object:
    """Return the port asked for; ``DbInstancePort`` is 0 on instances outside a cluster."""
    pending = an_object(raw.get(_PENDING)).get("Port")
    endpoint = an_object(raw.get("Endpoint")).get("Port")
    return pending or endpoint or raw.get("DbInstancePort")


def standing(raw: Raw, key: str, name: str) -> list[object]:
    """Return the names of groups that are or will be in force, without those that leave."""
    groups = objects(raw.get(key))
    return [one.get(name) for one in groups if str(one.get("Status")) not in _LEAVING]


def first_standing(key: str, name: str) -> Callable[[Raw], object]:
    """Return how to read the one group of a kind."""
    return lambda raw: next(iter(standing(raw, key, name)), None)


def declared_version(attributes: Raw) -> object:
    """Return the full version where the state has it: ``engine_version`` may be a prefix."""
    return attributes.get("engine_version_actual") or attributes.get("engine_version", UNSET)


def version_allowed(attributes: Raw, declared: object, live: object) -> str | None:
    """Say why the declaration allows this version: by its prefix, or by minor upgrades."""
    old, new = str(declared or ""), str(live or "")
    prefix = str(attributes.get("engine_version") or "")
    if prefix and new.startswith(f"{prefix}."):
        return f"declared as {prefix}, which {new} is"
    minor = attributes.get("auto_minor_version_upgrade") in (True, "true")
    if minor and _major(attributes, old) == _major(attributes, new) and _newer(new, old):
        return "a minor upgrade that `auto_minor_version_upgrade` lets AWS make"
    return None


def _major(attributes: Raw, version: str) -> list[str]:
    engine = str(attributes.get("engine") or "")
    parts = version.split(".")
    two = _TWO_NUMBERS.match(f"{engine}{parts[0]}") is not None
    return parts[: 2 if two else 1]


def _newer(one: str, other: str) -> bool:
    return _numbers(one) > _numbers(other)


def _numbers(version: str) -> list[int]:
    return [int(digits) for digits in re.findall(r"\d+", version)]


def storage_allowed(attributes: Raw, declared: object, live: object) -> str | None:
    """Say that storage autoscaling made this size, within the declared bounds.

    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.Autoscaling.html
    """
    limit = attributes.get("max_allocated_storage")
    if not isinstance(limit, int) or not isinstance(live, int) or not isinstance(declared, int):
        return None
    if declared < live <= limit:
        return f"storage autoscaling, within the declared {limit} GiB"
    return None


def zone_allowed(attributes: Raw, declared: object, live: object) -> str | None:
    """Say that a failover moved the instance; only a Multi-AZ one has where to go.

    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.MultiAZ.Failover.html
    """
    if attributes.get("multi_az") in (True, "true") and declared and live:
        return "a failover of a Multi-AZ instance changes its zone"
    return None
