"""Experiments and parts that cost nothing, for what carries them out. In a module of their own: they travel."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from sim.compute.experiment import Piece
from sim.errors import ScenarioError
from sim.experiments.question import Counts, Question, Stage, Stages, Tables


@dataclass(frozen=True)
class Squares:
    """Unit i has the row i² and adds 1 to the count of its last digit."""

    units: int
    weight: float = 1.0
    noun: str = "points"

    def identity(self) -> dict[str, Any]:
        return {"toy": "squares"}

    def compute(self, first: int, count: int) -> Piece:
        unit = np.arange(first, first + count, dtype=np.int64)
        return {"row.square": unit**2, "digits": np.bincount(unit % 10, minlength=10)}


@dataclass(frozen=True)
class Troubled(Squares):
    """Squares whose unit ``at`` fails in one of several ways, ``times`` times in all, counted in a folder."""

    how: str = "raise"
    at: int = 0
    times: int = 10**6
    folder: str = "tries"

    def compute(self, first: int, count: int) -> Piece:
        if first <= self.at < first + count and self._once_more():
            if self.how == "raise":
                raise ZeroDivisionError(f"unit {self.at}")
            if self.how == "exit":
                os._exit(3)
            if self.how == "kill":
                os.kill(os.getpid(), signal.SIGKILL)
        return super().compute(first, count)

    def _once_more(self) -> bool:
        folder = Path(self.folder)
        folder.mkdir(parents=True, exist_ok=True)
        tries = len(list(folder.iterdir()))
        (folder / f"{tries}-{os.getpid()}-{time.monotonic_ns()}").touch()
        return tries < self.times


@dataclass(frozen=True)
class Refused(Squares):
    """Squares that a mistake of the user's stops at several units; the later, the sooner it is found."""

    at: tuple[int, ...] = ()

    def compute(self, first: int, count: int) -> Piece:
        for unit in self.at:
            if first <= unit < first + count:
                time.sleep(0.1 / (1 + first))
                raise ScenarioError([f"unit {unit} is refused", "and that is all"])
        return super().compute(first, count)


@dataclass(frozen=True)
class Slow(Squares):
    """Squares that take their time, so that there is some to kill a worker in."""

    def compute(self, first: int, count: int) -> Piece:
        time.sleep(0.05)
        return super().compute(first, count)


@dataclass(frozen=True)
class Digits(Question):
    """How many runs there are of each last digit: a part of a study, as an experiment of its own."""

    kind: ClassVar[str] = "digits"

    def stages(self) -> Stages:
        yield Stage("digits", Squares(self.scenario.study.runs, weight=2.0))

    def tables(self, counts: Counts) -> dict[str, pd.DataFrame]:
        piece = counts["digits"]
        table = pd.DataFrame({"digit": np.arange(10), "count": piece["digits"]})
        return {"digits": table, "squares": pd.DataFrame({"square": piece["row.square"]})}

    def to_json(self, tables: Tables) -> dict[str, Any]:
        return {"counts": [int(count) for count in tables["digits"]["count"]]}

    def page(self, tables: Tables) -> str:
        return f"## Digits\n\n{int(tables['digits']['count'].sum()):,} of {self.scenario.study.runs:,} runs."


QUESTION = Digits
