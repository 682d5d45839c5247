"""The benchmark's tables, as plain text and as Markdown."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from sim.compute.cores import cores
from sim.statistics.proportions import proportion
from tests.bench.contest import COMPARED, LIMIT, Turns
from tests.bench.growth import Growth
from tests.bench.hands import Hands
from tests.bench.starts import Starts


@dataclass(frozen=True)
class Table:
    """A heading, a line that says how it was measured, and rows of cells, the first of them the header."""

    heading: str
    note: str
    rows: Sequence[Sequence[str]]


def text(tables: Iterable[Table]) -> str:
    """Tables in columns, for a terminal."""
    return "\n\n".join(f"{t.heading}\n{t.note}\n{_columns(t.rows)}" for t in tables) + "\n"


def _columns(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  "
        + "  ".join(_placed(cell, width, i) for i, (cell, width) in enumerate(zip(row, widths, strict=True)))
        for row in rows
    )


def _placed(cell: str, width: int, column: int) -> str:
    return cell.ljust(width) if column == 0 else cell.rjust(width)


def markdown(title: str, tables: Iterable[Table]) -> str:
    """The same tables as a Markdown page."""
    parts = [f"# {title}\n"]
    for table in tables:
        header, *rows = table.rows
        rule = ["---"] + ["---:"] * (len(header) - 1)
        lines = [f"| {' | '.join(row)} |" for row in (header, rule, *rows)]
        parts.append(f"## {table.heading}\n\n{table.note}\n\n" + "\n".join(lines) + "\n")
    return "\n".join(parts)


def speed(turns: Mapping[str, Turns], repeats: int, days: int) -> Table:
    """Runs per second, and how many times faster the batch engine is."""
    names = {
        "batch": "batch engine",
        "tuned": "Mesa, tuned by hand (batch_run)",
        "idiomatic": "Mesa, idiomatic (batch_run)",
    }
    own = turns["batch"]
    rows = [["version", "runs/s", "runs/CPU-s", "batch is faster by", "per CPU-s"]]
    for name, label in names.items():
        each = turns[name]
        rows.append(
            [
                label,
                f"{each.per_second:,.0f}",
                f"{each.per_cpu_second:,.0f}",
                f"{own.per_second / each.per_second:,.0f}x",
                f"{own.per_cpu_second / each.per_cpu_second:,.0f}x",
            ]
        )
    note = (
        f"standoff, {days} days, 8 actors, all cores ({cores()}); median of {repeats}, in turns (A B C A B C ...). "
        "Starting is not counted: spawning workers, importing, compiling. "
        "Aims: 300x the idiomatic and 80x the tuned version, 8,000 runs/CPU-s."
    )
    return Table("Speed", note, rows)


def agreement(turns: Mapping[str, Turns], found: Sequence[str]) -> Table:
    """Outcome rates side by side."""
    rows = [["outcome, % (95 % interval)", *(f"{name}, n = {each.runs:,}" for name, each in turns.items())]]
    for outcome in COMPARED:
        cells = []
        for each in turns.values():
            rate = proportion(each.outcomes[outcome], each.runs)
            cells.append(f"{100 * rate.rate:.2f} ({100 * rate.low:.2f} to {100 * rate.high:.2f})")
        rows.append([outcome.replace("_", " "), *cells])
    verdict = "No comparison: " + "; ".join(found) if found else "The three agree"
    note = f"{verdict} (limit: two rates within {LIMIT:g} standard errors, two-proportion z)."
    return Table("Do they play the same model?", note, rows)


def scaling(growths: Sequence[Growth]) -> Table:
    """How the batch engine's time grows."""
    rows = [["with", "sizes", "seconds", "exponent", "upper half"]]
    for each in growths:
        rows.append(
            [
                each.what,
                " ".join(f"{size:,}" for size in each.sizes),
                " ".join(f"{seconds:.2f}" for seconds in each.seconds),
                f"{each.exponent:.2f}",
                f"{each.exponent_above:.2f}",
            ]
        )
    note = (
        "Batch engine, wall time on all cores. Exponent: least squares of log time on log size (1 is linear). "
        "With days and actors in a world where nothing ends a run, so that every run lasts all its days."
    )
    return Table("Growth", note, rows)


def working(measured: Hands) -> Table:
    """How well each executor uses the cores."""
    rows = [["executor", "seconds, median", "efficiency", "beside processes"]]
    processes = f"processes:{measured.workers}"
    for executor, seconds in measured.seconds.items():
        rows.append(
            [
                executor,
                f"{median(seconds):.1f}",
                f"{100 * measured.efficiency(executor):.0f} %",
                f"{measured.beside(executor, processes):.2f}x",
            ]
        )
    note = (
        f"{measured.runs:,} runs, from hiring the workers to the last piece added up, all kept in a journal; median of "
        f"{len(measured.seconds[processes])}, in turns. Efficiency: seconds of one thread, over workers times seconds. "
        "Aims: 85 % for each, and Dask at most 1.05 times processes."
    )
    return Table("Who computes", note, rows)


def waiting(measured: Starts) -> Table:
    """What a user waits for, and memory."""
    over = 1000 * (measured.help - measured.bare_python)
    cold = "not measured" if measured.cold is None else f"{measured.cold:.1f} s"
    rows = [
        ["what", "measured", "aim"],
        ["python -c pass", f"{1000 * measured.bare_python:.0f} ms", ""],
        ["brink --help, more than that", f"{over:.0f} ms", "60 ms"],
        ["brink check", f"{1000 * measured.check:.0f} ms", "250 ms"],
        ["first result (100 runs) told", f"{measured.first_result:.2f} s", "1.5 s"],
        ["the same, figures drawn too", f"{measured.first_figures:.2f} s", ""],
        ["the same, nothing compiled or cached yet", cold, "20 s to compile"],
        [
            f"{measured.large_runs:,} runs, figures drawn, results written",
            f"{measured.large_seconds:.1f} s",
            "",
        ],
        ["the same, most memory held", f"{measured.large_memory:,.0f} MiB", "954 MiB (1 GB)"],
    ]
    return Table("Waiting and memory", "Each in a process of its own; medians.", rows)


def machine() -> str:
    """Processor, Python and the packages that matter."""
    from importlib.metadata import version

    packages = ", ".join(f"{name} {version(name)}" for name in ("mesa", "numba", "numpy"))
    return f"{processor()}, {cores()} cores; Python {platform.python_version()}, {packages}"


def processor() -> str:
    """Model name of the processor."""
    described = Path("/proc/cpuinfo")
    if described.exists():
        for line in described.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
