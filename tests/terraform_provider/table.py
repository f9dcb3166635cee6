"""The trials as a table, and the page of the docs that shows it.

``python -m tests.terraform_provider.table`` prints it, ``… --write`` renews the page.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from tests.terraform_provider.changes import FIRST_WAVE, STYLES
from tests.terraform_provider.changes.change import UNMANAGED, Change
from tests.terraform_provider.differences import TOLD_ELSEWHERE, UNSEEN
from tests.terraform_provider.found import Spot
from tests.terraform_provider.judge import Trial, trial

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "checked-against-terraform.md"
TRIALS = {"first_wave": FIRST_WAVE, "styles": STYLES}

_BEFORE = """# Checked against terraform itself

The real `terraform` applies two configurations to a fake AWS (moto) through a provider
of the tests. After apply, and again after a refresh, a scan is clean. Then AWS is changed
by hand, and what `terraform plan -refresh-only` finds is compared with what
`driftguard scan` finds, attribute by attribute. The provider reads AWS by code of its own.

`python -m tests.terraform_provider.table --write` makes this page, and a test compares it
with a fresh trial. The changes are in `tests/terraform_provider/changes/`, and the
whole list of differences in `tests/terraform_provider/differences.py`.
"""


def rows(trials: Iterable[Trial]) -> list[tuple[str, int, int, int, int]]:
    """Return, for each type: changes tried, found by terraform, found by us, told differently."""
    counts: dict[str, list[int]] = {}
    for one in trials:
        for change in one.changes:
            spot = change.address, change.attribute
            _count(counts, change.type, 1, spot in one.terraform, spot in one.ours)
        for spot in one.terraform ^ one.ours:
            _count(counts, type_of(spot), 0, 0, 0, 1)
    return [(name, *map(int, numbers)) for name, numbers in sorted(counts.items())]  # type: ignore[misc]


def _count(counts: dict[str, list[int]], name: str, *numbers: int) -> None:
    row = counts.setdefault(name, [0, 0, 0, 0])
    for column, number in enumerate(numbers):
        row[column] += number


def type_of(spot: Spot) -> str:
    """Return the resource type of an address."""
    return next(one for one in spot[0].split(".") if one.startswith("aws_"))


def page(trials: Sequence[Trial]) -> str:
    """Return the page: the table, the differences, the changes."""
    table = rows(trials)
    total = ("**all**", *(sum(row[column] for row in table) for column in range(1, 5)))
    lines = [
        _BEFORE,
        "| type | changes tried | found by terraform | found by us | told differently |",
        "| --- | ---: | ---: | ---: | ---: |",
        *(_row(row) for row in [*table, total]),
        "",
        "## What is told differently, and why",
        "",
        "| terraform says | DriftGuard says | why |",
        "| --- | --- | --- |",
        *sorted(_difference(spot, spot in one.terraform) for one in trials for spot in _odd(one)),
        "",
        "## The changes",
        "",
        *(_change(change) for one in trials for change in one.changes),
    ]
    return "\n".join(lines) + "\n"


def _row(row: Sequence[object]) -> str:
    return f"| {' | '.join(map(str, row))} |"


def _odd(one: Trial) -> set[Spot]:
    return one.terraform ^ one.ours


def _difference(spot: Spot, by_terraform: bool) -> str:  # whose it is
    if not by_terraform:
        return _row(["", _named(spot), UNSEEN])
    where, why = TOLD_ELSEWHERE.get(spot, (("", ""), "**not explained**"))
    return _row([_named(spot), _named(where), why])


def _named(spot: Spot) -> str:
    address, attribute = spot
    return f"`{address}` {attribute.strip('()')}"


def _change(change: Change) -> str:
    name = change.type if change.attribute == UNMANAGED else change.address
    where = "" if change.attribute.startswith("(") else f" (`{change.attribute}`)"
    return f"- `{name}`: {change.what}{where}"


def main() -> int:
    """Print the page; with ``--write``, renew it."""
    with tempfile.TemporaryDirectory() as folder:
        told = page([trial(name, made, Path(folder, name)) for name, made in TRIALS.items()])
    if "--write" in sys.argv:
        PAGE.parent.mkdir(exist_ok=True)
        PAGE.write_text(told)
    sys.stdout.write(told)
    return 0


if __name__ == "__main__":
    sys.exit(main())
