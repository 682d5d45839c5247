"""``python -m tests.fuzz``: damaged scenarios, stores and command lines, as many as fit into a budget of seconds.

Each case has a number, and is made of the seed and that number alone: what failed is tried again with ``--first N --most 1``.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random

from tests.fuzz import command_lines, scenarios, stores

Case = Callable[[Random], None]
KINDS: Mapping[str, Callable[[], Case]] = {
    "scenarios": scenarios.begun,
    "stores": stores.begun,
    "commands": command_lines.begun,
}
"""What makes ready in the working folder, and gives what tries one case there; an AssertionError is a find."""


def tried(kind: str, seed: int, first: int, most: int, budget: float) -> list[str]:
    """What failed of the cases from ``first`` on, none begun after ``budget`` seconds; works in a folder of its own."""
    began, found, home = time.monotonic(), [], Path.cwd()
    with tempfile.TemporaryDirectory(prefix="brink-fuzz-") as folder:
        os.chdir(folder)
        try:
            case, number = KINDS[kind](), first
            while number < first + most and time.monotonic() - began < budget:
                try:
                    case(Random(f"{kind} {seed} {number}"))
                except AssertionError as error:
                    found.append(f"{kind} --seed {seed} --first {number} --most 1: {error}")
                number += 1
        finally:
            os.chdir(home)
    print(f"{kind}: {number - first:,} cases from {first} on, seed {seed}: {len(found)} failed")
    return found


def main() -> int:
    """Try the kinds that were asked for; 1 if anything failed."""
    asked = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    asked.add_argument("kinds", nargs="*", help=f"of {', '.join(KINDS)}; all by default")
    asked.add_argument("--seed", type=int, default=1, help="of all cases (1)")
    asked.add_argument("--first", type=int, default=0, help="number of the first case (0)")
    asked.add_argument("--most", type=int, default=1_000_000, help="cases of each kind (1,000,000)")
    asked.add_argument("--budget", type=float, default=60, help="seconds for each kind (60)")
    given = asked.parse_args()
    found = [
        line
        for kind in given.kinds or KINDS
        for line in tried(kind, given.seed, given.first, given.most, given.budget)
    ]
    print("\n".join(found))
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
