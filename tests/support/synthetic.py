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

from sim.scenario.files import load
from sim.scenario.scenario import Scenario
from sim.schema.stands import STANDS
from sim.statistics.proportions import proportion

ENDS = ("exit", "settlement", "raid", "invasion", "attack", "loss_of_control", "deescalation")
WARS = ENDS[2:6]
OUTCOMES = ("standoff", *ENDS)
HAZARDS = (0.0008, 0.0006, 0.0013, 0.0012, 0.0001, 0.00005, 0.0007)
NO_END = (0.0,) * len(ENDS)
QUANTILES = {"q05": 5, "q20": 20, "q35": 35, "q50": 50, "q65": 65, "q80": 80, "q95": 95}
COLUMNS = ["day", "quantity", "statistic", "value", "n"]
STANDOFF = Path(__file__).parents[2] / "scenarios" / "standoff.toml"


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
    has_rows: bool = True
    folder: Path | None = None
    parts: tuple[str, ...] = ()
    stopped: None = None

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
        outcome = rows["outcome"].to_numpy()
        level = np.full((len(rows), self.days), 5.0)
        found = [*_states(outcome, end_day, self.days), *_stands(level, end_day)]
        states = pd.DataFrame(found, columns=COLUMNS)
        others = self.curves[~self.curves["quantity"].isin(("state", "stand"))]
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
    outcome = np.array([ENDS[cause[i, last[i]]] if end_day[i] < days else "standoff" for i in range(runs)])
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
        found += [
            (day, "level_going", q, float(np.percentile(read[going[:, day], day], p)), n)
            for q, p in (QUANTILES.items() if n else ())
        ]
    found += [*_states(outcome, end_day, days), *_stands(read, end_day)]
    curves = pd.DataFrame(found, columns=COLUMNS)
    return curves.astype({"day": "int16", "n": "int64"})


def _states(outcome: np.ndarray, end_day: np.ndarray, days: int) -> list[tuple[int, str, str, float, int]]:
    """Share of runs in each state at the end of each day."""
    found: list[tuple[int, str, str, float, int]] = []
    for day in range(days):
        done = end_day <= day
        found.append((day, "state", "ongoing", float((~done).mean()), len(done)))
        found += [(day, "state", end, float((done & (outcome == end)).mean()), len(done)) for end in ENDS]
    return found


def _stands(level: np.ndarray, end_day: np.ndarray) -> list[tuple[int, str, str, float, int]]:
    """Share of runs still going that stand in each band of the level, at the end of each day."""
    runs, days = level.shape
    found: list[tuple[int, str, str, float, int]] = []
    for day in range(days):
        below = 0
        for stand in STANDS:
            so_far = int(((level[:, day] <= stand.most) & (end_day > day)).sum())
            found.append((day, "stand", stand.name, (so_far - below) / runs, runs))
            below = so_far
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


# Tables of comparisons, made up -------------------------------------------------------------------

GAMES = ("war", "miscalculated", "exit")
CHANNELS = ("framework", "rhetoric", "strikes", "opacity", "suspicion")


def made_up(rows: list[dict[str, object]], n: int, size: float, seed: int, wide: float = 1.0) -> pd.DataFrame:
    """Rows with a value up to about ±size, and an interval as ``n`` runs would give; size 0 gives zeros."""
    rng = np.random.default_rng(seed)
    value = np.round(np.clip(size * rng.normal(0, 0.5, len(rows)), -1, 1) * n) / n
    half = wide * 1.96 * np.sqrt(np.maximum(np.abs(value) * 1.4, 2 / n) / n)
    low, high = np.maximum(-1, value - half), np.minimum(1, value + half)
    return pd.DataFrame(rows).assign(value=value, low=low, high=high, n=n)


def differences(
    count: int = 9, size: float = 0.1, n: int = 10_000, long: bool = False, grouped: bool = True
) -> pd.DataFrame:
    """A table for a forest plot."""
    what = ("no strikes at sea", "a full readout", "allies back", "safe passage", "no call at all")
    tail = ", with a label that goes on to tell the whole of its long and winding story" if long else ""
    rows: list[dict[str, object]] = [
        {
            "label": f"{what[i % 5]}{tail}" + (f" {i // 5 + 1}" if i >= 5 else ""),
            "group": f"Change in {GAMES[i * 3 // count]}" if grouped else "",
        }
        for i in range(count)
    ]
    table = made_up(rows, n, size, seed=3)
    return table.assign(distinguishable=(table["low"] > 0) | (table["high"] < 0))


def share_of(arm: int, close: bool) -> float:
    """The share of an arm's runs that have come to war at the end."""
    return 0.2 + 0.002 * arm if close else 0.04 + 0.1 * arm


def arms(
    count: int = 3, days: int = 90, runs: int = 4000, war: bool = True, close: bool = False
) -> pd.DataFrame:
    """Curves of arms by day; ``close``: all end at much the same height."""
    frames = []
    for arm in range(count):
        pull = 0.02 * arm if close else 0.5 * arm
        day = np.arange(days)
        level = 5 - pull - 0.01 * day * (1 if close else 1 + arm / 2) + 0.1 * np.sin(day / 5 + arm)
        more = share_of(arm, close) * (day + 1) / days - share_of(0, close) * (day + 1) / days
        share = share_of(arm, close) * (day + 1) / days
        half = 1.96 * np.sqrt(share * (1 - share) / runs)
        curves = {("level_going", "q50"): np.round(level)}
        if war:
            curves |= {
                ("war_share", "mean"): share,
                ("war_share", "low"): share - half,
                ("war_share", "high"): share + half,
            }
            curves |= {
                ("war_difference", name): more + away * half
                for name, away in (("mean", 0), ("low", -0.7), ("high", 0.7))
                if arm
            }
        frames += [
            pd.DataFrame(
                {"arm": f"arm{arm}", "day": day, "quantity": q, "statistic": s, "value": values, "n": runs}
            )
            for (q, s), values in curves.items()
        ]
    return pd.concat(frames, ignore_index=True)


def twin_tables(
    n: int = 10_000, cells: tuple[int, ...] = (980, 1070, 360), days: int = 90
) -> dict[str, pd.DataFrame]:
    """Run and twin: ``cells`` are the miscalculated, structural and prevented wars of ``n`` runs."""
    miscalculated, structural, prevented = cells
    shares = {
        "cell": dict(
            zip(("miscalculated", "structural", "prevented", "peace"), (*cells, n - sum(cells)), strict=True)
        ),
        "structural": dict(
            zip(
                ("same", "hastened", "delayed", "another"),
                (structural // 2, structural // 4, structural // 8, structural // 8),
                strict=True,
            )
        ),
        "exit": {
            "kept": n // 80,
            "missed": n // 200,
            "false": n // 18,
            "none": n - n // 80 - n // 200 - n // 18,
        },
    }
    rows = [
        (quantity, item, count, n, estimate.rate, estimate.low, estimate.high)
        for quantity, items in shares.items()
        for item, count in items.items()
        for estimate in [proportion(count, n)]
    ]
    p1, p0 = (miscalculated + structural) / n, (structural + prevented) / n
    changes = {
        ("net", "war"): p1 - p0,
        ("net", "exit"): 0.05 * (p1 > 0),
        ("net", "settlement"): -0.002 * (p1 > 0),
        ("one_sided", "target"): 0.2 * (p0 - p1),
        ("one_sided", "coercer"): 0.7 * (p0 - p1),
        ("one_sided", "both"): p0 - p1,
    }
    for (quantity, item), value in changes.items():
        half = 1.96 * np.sqrt(max(abs(value) * 1.4, 2 / n) / n)
        rows.append((quantity, item, round(value * n), n, value, max(-1, value - half), min(1, value + half)))
    rows.append(("bound", "low", 0, n, max(0.0, p1 - p0), np.nan, np.nan))
    rows.append(("bound", "high", 0, n, min(p1, 1 - p0), np.nan, np.nan))
    day = np.arange(days)
    count = np.floor(n * 0.3 * np.exp(-day / 2.5)).astype(int)
    never = max(0, n - int(count.sum()))
    return {
        "twins": pd.DataFrame(rows, columns=["quantity", "item", "count", "n", "value", "low", "high"]),
        "parting": pd.DataFrame({"day": [-1, *day], "count": [never, *count]}),
    }


def regrets(acts: dict[str, int], spike: float | None = None) -> pd.DataFrame:
    """Regret in 40 bins by act, about normal; or all in the bin of ``spike``."""
    edges = np.linspace(-1, 1, 41)
    rng = np.random.default_rng(4)
    frames = []
    for i, (act, n) in enumerate(acts.items()):
        drawn = rng.normal(0.35 - 0.3 * i, 0.35, n) if spike is None else np.full(n, spike)
        count, _ = np.histogram(np.clip(drawn, -1, 0.999), edges)
        frames.append(
            pd.DataFrame({"act": act, "low_edge": edges[:-1], "high_edge": edges[1:], "count": count})
        )
    return pd.concat(frames, ignore_index=True)


def attributions(
    suspicions: tuple[str, ...] = ("low", "zero", "as is", "high"),
    games: tuple[str, ...] = ("war", "made"),
    size: float = 0.06,
    n: int = 5000,
    total: bool = True,
) -> pd.DataFrame:
    """Shapley values of the five channels."""
    rows: list[dict[str, object]] = [
        {"suspicion": suspicion, "game": game, "channel": channel}
        for suspicion in suspicions
        for game in games
        for channel in CHANNELS
    ]
    table = made_up(rows, n, size, seed=5)
    if not total:
        return table
    sums = table.groupby(["suspicion", "game"], as_index=False)[["value"]].sum()
    half = 0.012 if size else 0.0004
    return pd.concat(
        [table, sums.assign(channel="total", low=sums["value"] - half, high=sums["value"] + half, n=n)],
        ignore_index=True,
    )


def risks(days: int = 60, war: bool = True, n: int = 1000) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The risk of one crisis by day, and the acts that moved it."""
    day = np.arange(days)
    steps = {
        int(days * share): jump
        for share, jump in ((0.1, 0.06), (0.35, -0.05), (0.36, 0.09), (0.8, 0.5), (0.9, 0.2))
    }
    chance = np.clip(0.2 + sum((jump * (day >= at) for at, jump in steps.items()), np.zeros(days)), 0, 1)
    frames = []
    for quantity, value in (("war", chance * war), ("exit", 0.08 * (1 - chance) * war)):
        half = 1.96 * np.sqrt(np.maximum(value * (1 - value), 1 / n) / n)
        frames.append(
            pd.DataFrame(
                {
                    "day": day,
                    "quantity": quantity,
                    "value": value,
                    "low": np.maximum(0, value - half),
                    "high": np.minimum(1, value + half),
                    "n": n,
                }
            )
        )
    what = (
        "Washington: ultimatum",
        "Caracas: offer to meet",
        "Washington: boat strike",
        "Washington: land strike",
    )
    acts = pd.DataFrame(
        [{"day": at, "label": what[i % 4], "jump": jump} for i, (at, jump) in enumerate(steps.items())]
    )
    return pd.concat(frames, ignore_index=True), acts


def whatifs(count: int = 14, size: float = 0.08, n: int = 2000, long: bool = False) -> pd.DataFrame:
    """What each of ``count`` signals would change; the fifth, or the last, was sent."""
    names = ("call", "exit offer", "walk-back", "readout", "hold", "condemnation", "sanction", "threat", "buildup",
             "boat strike", "airspace closure", "ultimatum", "land strike", "drawdown")  # fmt: skip
    tail = " of a kind that takes very many words to name" if long else ""
    rows: list[dict[str, object]] = [
        {
            "signal": f"s{i}",
            "label": names[i % len(names)] + tail,
            "quantity": game,
            "sent": i == min(4, count - 1),
        }
        for i in range(count)
        for game in GAMES
    ]
    table = made_up(rows, n, size, seed=6)
    table.loc[table["sent"], ["value", "low", "high"]] = 0.0
    return table


def windows_table(days: list[int], size: float = 0.05, n: int = 3000, possible: bool = True) -> pd.DataFrame:
    """What a signal changes by day."""
    rows: list[dict[str, object]] = [
        {"day": day, "quantity": game} for game in (*GAMES, "settlement") for day in days
    ]
    table = made_up(rows, n, size / 4, seed=7)
    shift = size * np.exp(-table["day"] / 20) * (table["quantity"].isin(["exit", "settlement"]) * 2 - 1)
    for column in ("value", "low", "high"):
        table[column] = np.clip(table[column] + shift, -1, 1)
    return table.assign(possible=np.clip(1 - table["day"] / 100, 0, 1)) if possible else table


def lever_table(
    count: int = 12, size: float = 0.08, n: int = 5000, dead: int = 2, long: bool = False
) -> pd.DataFrame:
    """What both ends of each lever do; the last ``dead`` do nothing."""
    names = (
        "audience cost",
        "working channels",
        "share read out",
        "suspicion of Caracas",
        "immunity offered",
    )
    tail = " of the United States of America and its partners" if long else ""
    rows: list[dict[str, object]] = [
        {
            "lever": f"l{i}",
            "label": f"{names[i % 5]}{tail}" + (f" {i // 5 + 1}" if i >= 5 else ""),
            "end": end,
            "quantity": game,
        }
        for i in range(count)
        for game in ("war", "exit")
        for end in ("low", "high")
    ]
    table = made_up(rows, n, size, seed=8)
    gone = table["lever"].isin([f"l{i}" for i in range(count - dead, count)])
    table.loc[gone, ["value", "low", "high"]] = 0.0
    return table


def swept(x: list[object], y: list[object] | None = None, size: float = 0.2, n: int = 2000) -> pd.DataFrame:
    """War over one parameter or two; differences where ``size`` is negative."""
    rows: list[dict[str, object]] = [
        {"x": at, "y": other, "quantity": "war"} for at in x for other in (y if y is not None else [0])
    ]
    i = np.arange(len(rows))
    value = abs(size) * np.abs(np.sin(i / 7)) if size >= 0 else size * np.cos(i / 5)
    half = 1.96 * np.sqrt(np.maximum(np.abs(value), 1 / n) / n)
    return pd.DataFrame(rows).assign(
        value=value, low=np.maximum(-1, value - half), high=np.minimum(1, value + half), n=n
    )


def indices(
    count: int = 10, quantities: tuple[str, ...] = ("war", "exit"), none: bool = False
) -> pd.DataFrame:
    """Sobol indices; ``none``: all are 0."""
    rng = np.random.default_rng(9)
    names = (
        "audience cost",
        "working channels",
        "daily rate of decisive acts",
        "suspicion",
        "reluctance of Washington",
    )
    rows = []
    for quantity in quantities:
        first = rng.dirichlet(np.full(count, 0.4)) * (0 if none else 0.8)
        for i in range(count):
            total = float(first[i]) * 1.3 + (0 if none else 0.02)
            rows.append(
                {
                    "parameter": f"p{i}",
                    "label": names[i % 5] + (f" {i // 5 + 1}" if i >= 5 else ""),
                    "quantity": quantity,
                    "first": first[i] - (0 if none else 0.01),
                    "first_low": first[i] - 0.05,
                    "first_high": first[i] + 0.04,
                    "total": total,
                    "total_low": total - 0.03,
                    "total_high": total + 0.06,
                }
            )
    return pd.DataFrame(rows)


def effects(count: int = 16, size: float = 0.05) -> pd.DataFrame:
    """Elementary effects of parameters on war."""
    rng = np.random.default_rng(10)
    mean = size * rng.gamma(0.7, 1, count)
    rows = {
        "parameter": [f"p{i}" for i in range(count)],
        "label": [f"parameter number {i}, in words" for i in range(count)],
        "quantity": "war",
        "mu_star": mean,
        "sigma": mean * rng.uniform(0.2, 1.3, count),
    }
    return pd.DataFrame(rows)
