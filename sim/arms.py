"""Arms of a study under common luck: what each comes to, and what differs between them run by run.

Every arm and the clear-sighted twin of every arm play the same runs with the same draws, so a difference
between two arms is owed to what the arms set and to nothing else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.claim import NAMES
from sim.curves import curves
from sim.errors import ScenarioError
from sim.estimate import proportion
from sim.experiment import Piece
from sim.observed import OBSERVED, SCALE, observed
from sim.report import one_line
from sim.rules.end import WARS, Outcome
from sim.scenario import Scenario
from sim.sight import clear_sighted
from sim.sources import sources_digest
from sim.sums import DIFFERING, apart, difference_of, summed, value_of
from sim.tally import Batch, Tally

Tables = Mapping[str, pd.DataFrame]
Pair = tuple[str, str]
ALL = "all"
COUNTED_DAYS = tuple(f.name for f in fields(Tally) if f.name != "signals")
BY_OUTCOME = ("runs", "deaths", "hardship", "days")


# The experiment -------------------------------------------------------------------------------


@dataclass(frozen=True)
class ArmsExperiment:
    """All arms and their twins under common luck; a unit is a run of every one of them.

    ``pairs`` are the arms, from and to, whose difference is counted run by run.
    """

    arms: Mapping[str, Scenario]
    pairs: tuple[Pair, ...]
    runs: int
    days: int
    seed: int

    noun: ClassVar[str] = "runs"

    @property
    def units(self) -> int:
        """Runs of each arm."""
        return self.runs

    @property
    def weight(self) -> float:
        """Plain runs a unit takes as long as."""
        return 2.0 * len(self.arms)

    def identity(self) -> dict[str, Any]:
        """All that results depend on, the number of runs excepted."""
        return {
            "what": "arms",
            "arms": {name: arm.digest() for name, arm in self.arms.items()},
            "pairs": [list(pair) for pair in self.pairs],
            "days": self.days,
            "seed": self.seed,
            "sources": sources_digest(),
        }

    def compute(self, first: int, count: int) -> Piece:
        """Counts of runs ``first`` to ``first + count - 1`` of all arms, in the order of arms and of pairs.

        sum, squares, difference, difference_squares, gained, lost: (arms or pairs, observables);
        by_outcome: (arms, quantities, outcomes); tally.*: (arms, days, …)
        """
        found = {
            name: beside_twin(arm, self.seed, first, count, self.days) for name, arm in self.arms.items()
        }
        values = {name: each for name, (each, _) in found.items()}
        piece = summed(np.stack(list(values.values())))
        piece |= apart_in_pairs(values, self.pairs)
        piece["by_outcome"] = np.stack([_by_outcome(each, batch) for each, batch in found.values()])
        for name in COUNTED_DAYS:
            piece[f"tally.{name}"] = np.stack([getattr(batch.tally, name) for _, batch in found.values()])
        return piece


def beside_twin(
    arm: Scenario, seed: int, first: int, count: int, days: int, twin: bool = True
) -> tuple[NDArray[np.int64], Batch]:
    """All observables of an arm's runs, (observables, runs), and the batch; without twin, what needs it is 0."""
    from sim.batch.engine import Program

    batch = Program.of(arm).simulate(seed, first, count, days)
    clear = Program.of(clear_sighted(arm)).simulate(seed, first, count, days) if twin else None
    found = observed(arm, batch, clear)
    nothing = np.zeros(count, np.int64)
    return np.stack([found.get(name, nothing) for name in NAMES]), batch


def apart_in_pairs(values: Mapping[str, NDArray[np.int64]], pairs: Sequence[Pair]) -> Piece:
    """:func:`sim.sums.apart` of each pair of arms, from the (…, runs) of each arm; pairs are the first axis."""
    return apart(np.stack([values[to] for _, to in pairs]), np.stack([values[from_] for from_, _ in pairs]))


def _by_outcome(values: NDArray[np.int64], batch: Batch) -> NDArray[np.int64]:
    """Runs, deaths, hardship and days (in 256ths) by outcome: (4, outcomes)."""
    outcome = batch.rows["outcome"].astype(np.int64)
    found = np.zeros((len(BY_OUTCOME), len(Outcome)), np.int64)
    np.add.at(found[0], outcome, 1)
    for row, name in enumerate(BY_OUTCOME[1:], 1):
        np.add.at(found[row], outcome, values[NAMES.index(name)])
    return found


def pairs_of(names: Sequence[str], more: Sequence[Pair] = ()) -> tuple[Pair, ...]:
    """The first arm against each other one, and more pairs, each once."""
    return tuple(dict.fromkeys([*((names[0], name) for name in names[1:]), *more]))


# Tables ---------------------------------------------------------------------------------------


def tables_of(
    experiment: ArmsExperiment, piece: Piece, labels: Mapping[str, str] | None = None
) -> dict[str, pd.DataFrame]:
    """Tables "arms", "differences", "arm_harm" and "arm_curves" of what an experiment came to.

    ``labels``: what people call the arms; by default :func:`labels_of`.
    """
    names, n = list(experiment.arms), experiment.runs
    return {
        "arms": pd.DataFrame(_values(names, piece, n)),
        "differences": pd.DataFrame(_differences(experiment, piece, labels or labels_of(experiment.arms))),
        "arm_harm": pd.DataFrame(_harm(names, piece["by_outcome"])),
        "arm_curves": _curves(experiment, piece),
    }


def _values(names: Sequence[str], piece: Piece, n: int) -> Iterator[dict[str, Any]]:
    for row, arm in enumerate(names):
        for place, name in enumerate(NAMES):
            total, squares = int(piece["sum"][row, place]), int(piece["squares"][row, place])
            value, low, high = value_of(name, total, squares, n)
            yield {"arm": arm, "observable": name, "n": n, "value": value, "low": low, "high": high}


def labels_of(arms: Mapping[str, Scenario]) -> dict[str, str]:
    """What people call arms: their titles, or the name of one whose title another has too."""
    titles = {name: one_line(arm.title) for name, arm in arms.items()}
    alone = [title for title, often in Counter(titles.values()).items() if often == 1]
    return {name: title if title and title in alone else name for name, title in titles.items()}


def _differences(
    experiment: ArmsExperiment, piece: Piece, labels: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    n = experiment.runs
    for row, (from_, to) in enumerate(experiment.pairs):
        for place, name in enumerate(NAMES):
            found = difference_of(name, {key: int(piece[key][row, place]) for key in DIFFERING}, n)
            yield {
                "against": from_,
                "arm": to,
                "observable": name,
                "n": n,
                "value": found.value,
                "low": found.low,
                "high": found.high,
                "se": found.se,
                "gained": int(piece["gained"][row, place]),
                "lost": int(piece["lost"][row, place]),
                "distinguishable": found.distinguishable,
                "share": OBSERVED[name].share,
                "label": OBSERVED[name].title,
                "group": f"{labels[to]}, against {labels[from_]}",
            }


def _harm(names: Sequence[str], by_outcome: NDArray[np.int64]) -> Iterator[dict[str, Any]]:
    for arm, counts in zip(names, by_outcome, strict=True):
        for outcome, (runs, deaths, hardship, days) in [
            (ALL, counts.sum(axis=1)),
            *((outcome.name, counts[:, outcome]) for outcome in Outcome),
        ]:
            if runs:
                yield {
                    "arm": arm,
                    "outcome": outcome,
                    "runs": int(runs),
                    "days": days / SCALE / runs,
                    "deaths": deaths / SCALE / runs,
                    "hardship": hardship / SCALE / runs,
                    "deaths_per_100_days": 100 * deaths / days,
                    "hardship_per_100_days": 100 * hardship / days,
                }


def _curves(experiment: ArmsExperiment, piece: Piece) -> pd.DataFrame:
    tables = []
    for row, (name, arm) in enumerate(experiment.arms.items()):
        counted = {key: piece[f"tally.{key}"][row] for key in COUNTED_DAYS}
        tally = Tally(**counted, signals=np.zeros((experiment.days, len(arm.actors), 0), np.int64))
        found = pd.concat([curves(tally, experiment.runs), _wars(tally, experiment.runs)])
        found.insert(0, "arm", name)
        tables.append(found)
    return pd.concat(tables, ignore_index=True)


def _wars(tally: Tally, runs: int) -> pd.DataFrame:
    """The share of runs that have come to war by the end of each day, "war_share", with its interval."""
    wars = tally.ended[:, sorted(WARS)].sum(axis=1).cumsum()
    each = [proportion(int(count), runs) for count in wars]
    columns = {"mean": [e.rate for e in each], "low": [e.low for e in each], "high": [e.high for e in each]}
    tables = [
        {
            "day": np.arange(len(wars), dtype=np.int16),
            "quantity": "war_share",
            "statistic": name,
            "value": values,
            "n": runs,
        }
        for name, values in columns.items()
    ]
    return pd.concat([pd.DataFrame(table) for table in tables])


def found(table: pd.DataFrame, **where: str) -> dict[str, Any]:
    """The one row of a table with these values: ``found(differences, arm="b", observable="war")``."""
    row = table
    for column, value in where.items():
        row = row[row[column] == value]
    if len(row) != 1:
        raise KeyError(f"{len(row)} rows have {where}")
    return {str(key): value for key, value in row.iloc[0].items()}


# Comparing ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Comparison:
    """Arms that were compared: what people call them, the tables of what came out, and where they are kept.

    arms:        arm, observable, n, value, low, high
    differences: against, arm, observable, n, value, low, high, se, gained, lost, distinguishable, …
    arm_harm:    arm, outcome, runs, days, deaths, hardship, …
    arm_curves:  arm, day, quantity, statistic, value, n
    """

    labels: Mapping[str, str]
    runs: int
    days: int
    seed: int
    tables: Tables
    folder: Path | None = None

    def sections(self) -> list[str]:
        """The comparison as Markdown."""
        from sim.arms_report import sections

        return sections(self.labels, self.tables, self.days)

    def to_json(self) -> dict[str, Any]:
        """The tables "arms", "differences" and "arm_harm" as plain lists of rows."""
        return to_json(self.tables)


def to_json(tables: Tables) -> dict[str, Any]:
    """Tables but for curves as plain lists of rows; a bound that is not finite becomes null."""
    return {name: records(tables[name]) for name in ("arms", "differences", "arm_harm")}


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a table as plain values."""
    return [{str(key): _plain(value) for key, value in row.items()} for row in table.to_dict("records")]


def _plain(value: Any) -> Any:
    plain = value.item() if isinstance(value, np.generic) else value
    return None if isinstance(plain, float) and not np.isfinite(plain) else plain


# The part of a study --------------------------------------------------------------------------


class Arms:
    """The part "arms" of a study: a scenario's own arms, compared."""

    name = "arms"

    def experiment(self, planned: Scenario) -> ArmsExperiment:
        """All arms of the scenario, as often, as long and with the luck that it is studied."""
        own = planned.study
        names = [arm.name for arm in planned.arms]
        if not names:
            raise ScenarioError([f"{planned.name}: has no arms; give at least two, each a table [[arms]]"])
        arms = {name: planned.arm(name) for name in names}
        return ArmsExperiment(arms, pairs_of(names, planned.contrasts), own.runs, own.days, own.seed)

    def tables(self, planned: Scenario, piece: Piece) -> dict[str, pd.DataFrame]:
        """Tables "arms", "differences", "arm_harm" and "arm_curves"."""
        return tables_of(self.experiment(planned), piece)

    def to_json(self, tables: Tables) -> dict[str, Any]:
        """The tables but for curves, as lists of rows."""
        return to_json(tables)

    def sections(self, planned: Scenario, tables: Tables) -> list[str]:
        """What the arms came to, as Markdown."""
        from sim.arms_report import sections

        labels = {arm.name: arm.label for arm in planned.arms}
        return sections(labels, tables, planned.study.days, planned)

    def figures(self) -> tuple[str, ...]:
        """Names of the figures that a study with arms has besides."""
        return ("arms", "differences")


PART = Arms()
