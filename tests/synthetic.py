"""A study made by a toy instead of the model: any outcome mix and any size, in milliseconds.

It has the tables of a real study (columns, types and meaning), so that figures and reports can be tried on
cases which no scenario gives: no war at all, only wars, one run, one day.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from sim.estimate import proportion
from sim.scenario import Scenario
from sim.scenario_file import load

ENDS = ("exit", "settlement", "raid", "invasion", "attack", "loss_of_control")
WARS = ENDS[2:]
OUTCOMES = ("standoff", "deescalation", *ENDS)
HAZARDS = (0.0008, 0.0006, 0.0013, 0.0012, 0.0001, 0.00005)
QUANTILES = {"q05": 5, "q20": 20, "q35": 35, "q50": 50, "q65": 65, "q80": 80, "q95": 95}
COLUMNS = ["day", "quantity", "statistic", "value", "n"]
STANDOFF = Path(__file__).parent.parent / "scenarios" / "standoff.toml"


@dataclass(frozen=True)
class Synthetic:
    """What figures and reports read of a study."""

    scenario: Scenario
    name: str
    runs: int
    days: int
    seed: int
    rows: pd.DataFrame
    curves: pd.DataFrame
    signals: pd.DataFrame
    samples: pd.DataFrame
    folder: Path | None = None
    parts: tuple[str, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """Runs by outcome."""
        return {str(name): int(count) for name, count in self.summary()["count"].items()}

    @property
    def harm(self) -> pd.DataFrame:
        """What it cost by outcome."""
        groups = self.rows.groupby("outcome")
        deaths = groups["deaths"]
        return pd.DataFrame(
            {
                "runs": groups.size(),
                "deaths_mean": deaths.mean(),
                "deaths_q05": deaths.quantile(0.05, interpolation="lower"),
                "deaths_q95": deaths.quantile(0.95, interpolation="higher"),
                "hardship_mean": groups["hardship"].mean(),
            }
        ).reset_index()

    def ending(self, rows: pd.DataFrame) -> Synthetic:
        """The same study, but for how and when its runs end."""
        end_day = rows["end_day"].fillna(self.days).to_numpy(np.int64)
        states = pd.DataFrame(_states(rows["outcome"].to_numpy(), end_day, self.days), columns=COLUMNS)
        others = self.curves[self.curves["quantity"] != "state"]
        return replace(self, rows=rows, curves=pd.concat([others, states.astype(others.dtypes)]))

    def summary(self) -> pd.DataFrame:
        """Counts, rates and intervals by outcome."""
        outcome = self.rows["outcome"]
        counts = {"war": outcome.isin(WARS).sum(), "limited_force": self.rows["limited_force"].sum()}
        counts |= {name: (outcome == name).sum() for name in OUTCOMES}
        estimates = [vars(proportion(int(k), self.runs)) for k in counts.values()]
        return pd.DataFrame(estimates, index=list(counts))


@cache
def standoff() -> Scenario:
    return load(STANDOFF)


def synthetic(
    runs: int = 400,
    days: int = 90,
    seed: int = 1,
    hazards: tuple[float, ...] = HAZARDS,
    scenario: Scenario | None = None,
    name: str = "toy",
) -> Synthetic:
    """A study of ``runs`` toy crises: each day ends a run by cause i with probability ``hazards[i]``."""
    scenario = scenario or standoff()
    rng = np.random.default_rng(seed)
    edges = np.cumsum(hazards)
    cause = np.searchsorted(edges, rng.random((runs, days)), side="right")
    ended = cause < len(ENDS)
    end_day = np.where(ended.any(axis=1), ended.argmax(axis=1), days)
    day = np.arange(days)
    going = day[None, :] < end_day[:, None]  # at the end of the day
    last = np.minimum(end_day, days - 1)
    level = np.clip(5 + np.cumsum(rng.normal(0, 0.35, (runs, days)), axis=1), 0, 7)
    outcome = np.array(
        [
            ENDS[cause[i, last[i]]]
            if end_day[i] < days
            else "deescalation"
            if level[i, -1] < 2
            else "standoff"
            for i in range(runs)
        ]
    )
    read = np.where(going, level, np.where(np.isin(outcome, WARS)[:, None], 10.0, 0.0))
    error = {
        "coercer": rng.normal(0.05, 0.1, (runs, 1))
        + np.cumsum(rng.normal(0.001, 0.01, (runs, days)), axis=1),
        "target": rng.normal(0.15, 0.12, (runs, 1)) + np.cumsum(rng.normal(0.0, 0.01, (runs, days)), axis=1),
    }
    rows = pd.DataFrame(
        {
            "run": np.arange(runs, dtype=np.int64),
            "outcome": outcome,
            "end_day": pd.array(np.where(end_day < days, end_day, -1), dtype="Int16"),
            "ended_by": "",
            "peak_level": read.max(axis=1),
            "limited_force": np.isin(outcome, WARS) | (rng.random(runs) < 0.05),
            "deaths": 80.0 + rng.poisson(10, runs) + 100 * np.isin(outcome, WARS),
            "hardship": rng.gamma(2, 1, runs),
            "error_coercer": error["coercer"][np.arange(runs), last],
            "error_target": error["target"][np.arange(runs), last],
        }
    )
    rows.loc[rows["end_day"] < 0, "end_day"] = pd.NA
    return Synthetic(
        scenario,
        name,
        runs,
        days,
        seed,
        rows,
        _curves(read, going, outcome, end_day, error),
        _signals(scenario, going, end_day, rng),
        pd.DataFrame(
            {
                "run": np.repeat(np.arange(min(runs, 5), dtype=np.int64), days),
                "day": np.tile(day.astype(np.int16), min(runs, 5)),
                "level": read[:5].ravel(),
                "state": np.where(
                    day[None, :] >= end_day[:5, None], outcome[:5, None].astype(object), "ongoing"
                ).ravel(),
            }
        ),
    )


def _curves(
    read: np.ndarray,
    going: np.ndarray,
    outcome: np.ndarray,
    end_day: np.ndarray,
    error: dict[str, np.ndarray],
) -> pd.DataFrame:
    runs, days = read.shape
    found: list[tuple[int, str, str, float, int]] = []
    for day in range(days):
        found.append((day, "level", "mean", float(read[:, day].mean()), runs))
        found += [
            (day, "level", q, float(np.percentile(read[:, day], p)), runs) for q, p in QUANTILES.items()
        ]
        n = int(going[:, day].sum())
        for role in error if n else ():
            here = error[role][going[:, day], day]
            quantity = f"belief_error.{role}"
            found.append((day, quantity, "mean", float(here.mean()), n))
            found.append((day, quantity, "absolute", float(np.abs(here).mean()), n))
            found += [(day, quantity, q, float(np.percentile(here, p)), n) for q, p in QUANTILES.items()]
    curves = pd.DataFrame([*found, *_states(outcome, end_day, days)], columns=COLUMNS)
    return curves.astype({"day": "int16", "n": "int64"})


def _states(outcome: np.ndarray, end_day: np.ndarray, days: int) -> list[tuple[int, str, str, float, int]]:
    """Share of runs in each state at the end of each day."""
    found: list[tuple[int, str, str, float, int]] = []
    for day in range(days):
        done = end_day <= day
        found.append((day, "state", "ongoing", float((~done).mean()), len(done)))
        found += [(day, "state", end, float((done & (outcome == end)).mean()), len(done)) for end in ENDS]
    return found


def _signals(
    scenario: Scenario, going: np.ndarray, end_day: np.ndarray, rng: np.random.Generator
) -> pd.DataFrame:
    """Each actor still in a crisis sends one signal a day, by the target rates of the scenario."""
    acting = [int((end_day >= day).sum()) for day in range(going.shape[1])]
    found = []
    for actor, rates in scenario.rates.items():
        weights = np.array(list(rates.values()))
        for day, n in enumerate(acting):
            counts = rng.multinomial(n, weights / weights.sum())
            found += [(day, actor, name, int(k)) for name, k in zip(rates, counts, strict=True) if k]
    signals = pd.DataFrame(found, columns=["day", "actor", "signal", "count"])
    return signals.astype({"day": "int16", "count": "int64"})
