"""What an earlier report knew, so that only what is new is told.

A finding is known where the earlier report holds one of the same fingerprint
that was at least as bad and had all of its changes, each with its values, and all
that rules hold against it. So a worsened severity is new, and so is a further port
opened in a group that had one open already, or one more rule violated. Two secrets
look alike here, their digests being gone: one exchanged for another on the same path
stays known.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from driftguard.errors import SettingsError
from driftguard.model import Change, Finding, ScanReport, Severity, Verdict
from driftguard.report.json import SCHEMA_VERSION
from driftguard.report.told import told

MAX_BYTES = 256 * 1024 * 1024
"""The largest baseline that is read: some 100,000 findings."""

ChangeKey = tuple[str, str, str, str]
_T = TypeVar("_T")
_MAKE_ONE = "Make one with `driftguard scan --format json --output FILE`."


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownFinding:
    """One finding of the earlier report, as far as it is compared."""

    severity: Severity
    changes: frozenset[ChangeKey]
    rules: frozenset[str] | None = None
    """What rules held against it; None where the report is from before there were rules."""


Baseline = Mapping[str, Sequence[KnownFinding]]
"""The earlier report's findings by their fingerprint."""


def parse_baseline(data: bytes, *, place: str) -> Baseline:
    """Return the findings of an earlier JSON report. Raises SettingsError.

    ``place`` is how the error names it. What a report knew from a baseline of
    its own counts too.
    """
    if len(data) > MAX_BYTES:
        raise too_large(place)
    document = _document(data, place)
    _check_version(document, place)
    found: defaultdict[str, list[KnownFinding]] = defaultdict(list)
    try:
        for one in _findings(document):
            found[_of(one, "fingerprint", str)].append(_known(one))
    except (KeyError, TypeError, ValueError, RecursionError):
        message = f"{place} (--baseline) is damaged: a finding in it is not as reports write them."
        raise SettingsError(message, hint=_MAKE_ONE) from None
    return found


def too_large(place: str) -> SettingsError:
    """Return the error for a baseline over the limit."""
    limit = MAX_BYTES // (1024 * 1024)
    message = f"{place} (--baseline) is larger than the limit of {limit} MiB."
    return SettingsError(message, hint="Is it the report of an earlier scan?")


def without_known(report: ScanReport, baseline: Baseline) -> ScanReport:
    """Return the report with the findings that the baseline holds moved to ``known``."""
    report = told(report)
    known = tuple(one for one in report.findings if _is_known(one, baseline))
    held = {id(one) for one in known}
    new = tuple(one for one in report.findings if id(one) not in held)
    return replace(report, findings=new, known=(*report.known, *known))


def _is_known(finding: Finding, baseline: Baseline) -> bool:
    changes = frozenset(_key(one) for one in finding.drift.changes)
    rules = frozenset(one.rule for one in finding.judgements if one.verdict is not Verdict.FIXED)
    return any(
        earlier.severity >= finding.severity
        and changes <= earlier.changes
        and (earlier.rules is None or rules <= earlier.rules)
        for earlier in baseline.get(finding.drift.fingerprint, ())
    )


def _key(change: Change) -> ChangeKey:
    return change.path, change.kind.value, _text(change.declared), _text(change.live)


def _text(value: object) -> str:
    return json.dumps(value, sort_keys=True)


def _document(data: bytes, place: str) -> Mapping[str, object]:
    if not data.strip():
        raise SettingsError(f"{place} (--baseline) is empty.", hint=_MAKE_ONE)
    try:
        document = json.loads(data)
    except RecursionError:
        message = f"{place} (--baseline) is nested too deep to be a report."
        raise SettingsError(message, hint=_MAKE_ONE) from None
    except (ValueError, UnicodeDecodeError):
        message = f"{place} (--baseline) is not JSON, or was cut off."
        raise SettingsError(message, hint=_MAKE_ONE) from None
    if not isinstance(document, dict) or not {"schema_version", "findings"} <= document.keys():
        message = f"{place} (--baseline) is JSON but not a report of DriftGuard."
        raise SettingsError(message, hint=_MAKE_ONE)
    return document


def _check_version(document: Mapping[str, object], place: str) -> None:
    version = document["schema_version"]
    if isinstance(version, bool) or version != SCHEMA_VERSION:
        said = str(version) if isinstance(version, int) and abs(version) < _MANY else "unknown"
        raise SettingsError(
            f"{place} (--baseline) is a report of schema version {said};"
            f" this DriftGuard reads version {SCHEMA_VERSION}.",
            hint="Scan again with this version to make a new baseline.",
        )


_MANY = 1_000_000


def _findings(document: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    for name in ("findings", "known"):
        for one in _list(document.get(name, [])):
            if not isinstance(one, dict):
                raise TypeError
            yield one


def _known(finding: Mapping[str, object]) -> KnownFinding:
    changes = []
    for change in _list(finding["changes"]):
        if not isinstance(change, dict):
            raise TypeError
        sides = _text(change["declared"]), _text(change["live"])
        changes.append((_of(change, "path", str), _of(change, "kind", str), *sides))
    severity = Severity[_of(finding, "severity", str).upper()]
    return KnownFinding(severity=severity, changes=frozenset(changes), rules=_rules(finding))


def _rules(finding: Mapping[str, object]) -> frozenset[str] | None:
    if "judgements" not in finding:
        return None
    held = set()
    for one in _list(finding["judgements"]):
        if not isinstance(one, dict):
            raise TypeError
        held.add(_of(one, "rule", str))
    return frozenset(held)


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise TypeError
    return value


def _of(mapping: Mapping[str, object], key: str, kind: type[_T]) -> _T:
    value = mapping[key]
    if not isinstance(value, kind):
        raise TypeError
    return value
