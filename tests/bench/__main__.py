"""``python -m tests.bench``: the batch engine beside two plain Mesa versions, in one run on one machine.

Ends with 1 if the three do not play the same model: then there is nothing to compare.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from tests.bench.contest import contest, disagreements
from tests.bench.entrants import entrants
from tests.bench.growth import growths
from tests.bench.hands import hands
from tests.bench.starts import starts
from tests.bench.table import Table, agreement, machine, markdown, scaling, speed, text, waiting, working

PAGE = Path("docs/benchmark.md")
DAYS = 90
# Runs a turn: each version's turn takes about as long.
SIZES = {"batch": 200_000, "idiomatic": 700, "tuned": 2_500}
QUICK = {"batch": 30_000, "idiomatic": 160, "tuned": 700}


def main() -> int:
    """Measure, print, and say whether it was a comparison at all."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="smaller sizes: under a minute, rougher numbers")
    parser.add_argument("--write", action="store_true", help=f"write the tables to {PAGE}")
    options = parser.parse_args()
    began = time.perf_counter()
    repeats = 1 if options.quick else 3
    turns = contest(entrants(DAYS), QUICK if options.quick else SIZES, repeats)
    found = disagreements(turns)
    tables = [speed(turns, repeats, DAYS), agreement(turns, found)]
    if found:
        print(text(tables[1:]), end="")
        print("no comparison: the versions do not play the same model")
        return 1
    tables += [
        scaling(growths(options.quick, min(repeats, 2))),
        working(hands(options.quick, repeats)),
        waiting(starts(options.quick)),
    ]
    size = "quick" if options.quick else "full"
    took = f"{time.perf_counter() - began:.0f} s"
    tables.append(Table("Measured on", machine(), [["size of the benchmark", "took"], [size, took]]))
    print(text(tables), end="")
    if options.write:
        PAGE.parent.mkdir(exist_ok=True)
        PAGE.write_text(markdown("Benchmark", tables), encoding="utf-8")
    return 0


# Workers of a process pool import this file again under another name; only the command itself measures.
if __name__ == "__main__":
    sys.exit(main())
