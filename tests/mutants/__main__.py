"""``python -m tests.mutants [PATH…]``: how many mistakes in the rules their tests find.

Without a path: the rules that ship. Exit code 1 where they find fewer than
95 % of them, or less than ``--least`` says.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from driftguard.policy.load import packs_folder
from tests.mutants.rules import Pack, mutants, packs, survives

LEAST = 95.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Print every survivor and the share that was killed, by pack and in all."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH")
    parser.add_argument("--least", type=float, default=LEAST, metavar="PERCENT")
    parser.add_argument("--quiet", action="store_true", help="only the counts")
    options = parser.parse_args(arguments)
    made = lived = 0
    for pack in packs(options.paths or [packs_folder()]):
        count, survivors = _tried(pack)
        made, lived = made + count, lived + len(survivors)
        sys.stdout.writelines("" if options.quiet else f"{line}\n" for line in survivors)
        sys.stdout.write(_line(pack.name, count, len(survivors)))
    sys.stdout.write(_line("all", made, lived))
    return 0 if made and _share(made, lived) >= options.least else 1


def _tried(pack: Pack) -> tuple[int, list[str]]:
    count, survivors = 0, []
    for rule, written in pack.rules:
        for mutant in mutants(rule, written):
            count += 1
            if survives(mutant.rule, pack.fixtures):
                survivors.append(f"  {rule.id}  {mutant.what}")
    return count, survivors


def _line(name: str, made: int, lived: int) -> str:
    share = _share(made, lived)
    return f"{name}: {made - lived} of {made} mutants killed ({share:.1f} %)\n"


def _share(made: int, lived: int) -> float:
    return 100 * (made - lived) / made if made else 0.0


if __name__ == "__main__":
    sys.exit(main())
