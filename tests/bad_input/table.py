"""All rows, and the page of the documentation that they make."""

from __future__ import annotations

from collections import Counter

from tests.bad_input import configurations, exceptions, flags, recordings, rules, states
from tests.bad_input.case import Case

CASES: tuple[Case, ...] = (
    *states.cases(),
    *configurations.cases(),
    *exceptions.cases(),
    *rules.cases(),
    *recordings.cases(),
    *flags.cases(),
)
_HEAD = """\
# Bad input

What a scan is given by others may be broken or hostile. Each of the {count} inputs
below is tried by `tests/bad_input`, whose test is the proof: one sentence on standard
error that says what and where (of a broken answer, the reason in the report), no
traceback, nothing that the input holds, nothing written, and an exit code in bounded
time. Exit 2 is "could not tell", 64 a wrong command line.

This page is written by `python -m tests.bad_input`.

{kinds}
"""


def page() -> str:
    """Return docs/reference/bad-input.md."""
    kinds = Counter(case.kind for case in CASES)
    counted = "\n".join(f"- {kind}: {count}" for kind, count in kinds.items())
    lines = [_HEAD.format(count=len(CASES), kinds=counted)]
    for kind in kinds:
        lines += [f"## {kind.capitalize()}", "", "| What is broken | Exit |", "|---|---|"]
        lines += [f"| {_cell(one)} | {one.code} |" for one in CASES if one.kind == kind]
        lines += [""]
    return "\n".join(lines)


def _cell(case: Case) -> str:
    name = case.name if len(case.name) <= _LONGEST else f"{case.name[:_LONGEST]}…"
    return name.replace("|", "\\|").replace("*", "\\*").replace("<", "&lt;")


_LONGEST = 70
