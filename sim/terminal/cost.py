"""What a study will cost in time and disk, said before it starts."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sim.compute.cores import cores
from sim.errors import StudyError

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario


# Seconds on one core for a day of one run, and for each actor in it. Measured on a common server with 2 and
# with 8 actors: orders of magnitude for a warning, not promises.
SECONDS_A_DAY = {"batch": (0.25e-6, 0.04e-6), "mesa": (250e-6, 50e-6)}
START_SECONDS = 4
BYTES_WRITTEN_A_RUN = 45
BYTES_KEPT_A_RUN = 80  # in the journal, until the study is whole
BYTES_KEPT_A_PIECE = 100_000
BYTES_WRITTEN_AT_LEAST = 3_000_000
LONGEST_SECONDS = 7 * 86_400


@dataclass(frozen=True)
class Cost:
    """Seconds on this machine, bytes written in the end, and bytes of disk taken at most on the way."""

    seconds: float
    disk: int
    room: int


def cost(scenario: Scenario, runs: int, days: int, engine: str, more: float = 0.0, rows: bool = True) -> Cost:
    """What ``runs`` runs of ``days`` days will cost on this machine, roughly.

    ``more`` is how many plain runs its parts take as long as; ``rows`` whether a row a run is kept.
    """
    from sim.compute.scheduler import piece_size

    day, actor = SECONDS_A_DAY[engine]
    seconds = runs * days * (day + actor * len(scenario.actors)) / (cores() if engine == "batch" else 1)
    day, actor = SECONDS_A_DAY["batch"]
    seconds += more * days * (day + actor * len(scenario.actors)) / cores()
    disk = BYTES_WRITTEN_AT_LEAST + runs * BYTES_WRITTEN_A_RUN * rows
    kept = runs * BYTES_KEPT_A_RUN * rows + runs // piece_size(runs, 1) * BYTES_KEPT_A_PIECE
    return Cost(START_SECONDS + seconds, disk, disk + kept)


def refuse_the_impossible(name: str, runs: int, days: int, need: Cost, out: Path) -> None:
    """Raise StudyError if the study would take over a week, or more disk than there is."""
    study = f"{name}: {runs:,} runs of {days:,} days"
    less = "ask for fewer --runs"
    if need.seconds > LONGEST_SECONDS:
        raise StudyError(
            f"{study} would take about {duration(need.seconds)} on this machine, and a week is the most that is started; "
            f"{less} or --days."
        )
    free = shutil.disk_usage(_nearest(out)).free
    if need.room > free:
        raise StudyError(
            f"{study} would take {size(need.room)} of {out} while it is at work, where {size(free)} are free; "
            f"{less}, or for --no-rows."
        )


def _nearest(folder: Path) -> Path:
    """The folder, or the closest one above it that exists."""
    folder = folder.absolute()
    return next(each for each in (folder, *folder.parents) if each.is_dir())


def duration(seconds: float) -> str:
    """'2 seconds', '5 minutes', '3 hours', '40 days', '12 years'."""
    units = (("year", 31_557_600), ("day", 86_400), ("hour", 3_600), ("minute", 60))
    unit, length = next((each for each in units if seconds >= 2 * each[1]), ("second", 1))
    count = max(1, round(seconds / length))
    return f"{count:,} {unit}{'' if count == 1 else 's'}"


def size(count: float) -> str:
    """'1.5 MB', '12 GB': bytes with a decimal prefix and two digits."""
    units = (("TB", 1e12), ("GB", 1e9), ("MB", 1e6))
    unit, length = next((each for each in units if count >= each[1]), ("kB", 1e3))
    return f"{count / length:,.{0 if count >= 9.95 * length else 1}f} {unit}"
