"""``python -m tests.mutants [PATH…]``: how many mistakes in the rules their tests find.

Without a path: the rules that ship. Exit code 1 where they find fewer than
95 % of them, or less than ``--least`` says, or where tests fail without a mistake.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from driftguard.policy.load import packs_folder
from tests.mutants.rules import Pack, mutants, packs, survives

LEAST = 95.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many mutants were made, and which no test found."""

    made: int = 0
    survivors: tuple[str, ...] = ()
    failing: tuple[str, ...] = ()
    """Rules whose tests fail without any mistake: they would kill every mutant."""

    @property
    def share(self) -> float:
        """How many of a hundred were killed."""
        return 100 * (self.made - len(self.survivors)) / self.made if self.made else 0.0

    def __add__(self, other: Count) -> Count:
        return Count(
            made=self.made + other.made,
            survivors=self.survivors + other.survivors,
            failing=self.failing + other.failing,
        )

    def __str__(self) -> str:
        killed = self.made - len(self.survivors)
        return f"{killed} of {self.made} mutants killed ({self.share:.1f} %)"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print every survivor and the share that was killed, by pack and in all."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH")
    parser.add_argument("--least", type=float, default=LEAST, metavar="PERCENT")
    parser.add_argument("--expressions", action="store_true", help="no mistakes around them")
    parser.add_argument("--quiet", action="store_true", help="only the counts")
    options = parser.parse_args(arguments)
    whole = Count()
    for pack in packs(options.paths or [packs_folder()]):
        count = _tried(pack, expressions=options.expressions)
        whole += count
        sys.stdout.writelines("" if options.quiet else f"  {line}\n" for line in count.survivors)
        sys.stdout.write(f"{pack.name}: {count}\n")
    sys.stdout.write(f"all: {whole}\n")
    for rule in whole.failing:
        sys.stdout.write(f"{rule}: its tests fail as it is, so they prove nothing\n")
    return 0 if whole.share >= options.least and not whole.failing else 1


def _tried(pack: Pack, *, expressions: bool) -> Count:
    made, survivors, failing = 0, [], []
    for rule, written in pack.rules:
        if not survives(rule, pack.fixtures):
            failing.append(rule.id)
            continue
        for mutant in mutants(rule, written):
            if mutant.of_expression or not expressions:
                made += 1
                if survives(mutant.rule, pack.fixtures):
                    survivors.append(f"{rule.id}  {mutant.what}")
    return Count(made=made, survivors=tuple(survivors), failing=tuple(failing))


if __name__ == "__main__":
    sys.exit(main())
