"""The tables of arms, made from their counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.compute.experiment import Piece
from sim.engines.tally import Tally
from sim.experiments.arms.counts import COUNTED_DAYS, ArmsExperiment
from sim.experiments.question import Tables
from sim.reports.tables import records
from sim.reports.words import one_line
from sim.results.curves import Curve, curves, in_rows, war_difference, war_share
from sim.results.observables import OBSERVED, SCALE
from sim.results.pairs import BY_DAY
from sim.results.sums import DIFFERING, difference_of, value_of
from sim.scenario.scenario import Scenario
from sim.schema.claims import NAMES
from sim.schema.outcomes import WARS, Outcome
from sim.statistics.differences import in_columns

ALL = "all"


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


def to_json(tables: Tables) -> dict[str, Any]:
    """Tables but for curves as plain lists of rows; a bound that is not finite becomes null."""
    return {name: records(tables[name]) for name in ("arms", "differences", "arm_harm")}


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
            sums = {key: int(piece[key][row, place]) for key in DIFFERING}
            effect = in_columns(difference_of(name, sums, n))
            sure = effect.pop("distinguishable")
            yield {
                "against": from_,
                "arm": to,
                "observable": name,
                **effect,
                "gained": sums["gained"],
                "lost": sums["lost"],
                "distinguishable": sure,
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
        found = pd.concat([curves(tally, experiment.runs), in_rows(_wars(tally, experiment, piece, name))])
        found.insert(0, "arm", name)
        tables.append(found)
    return pd.concat(tables, ignore_index=True)


def _wars(tally: Tally, experiment: ArmsExperiment, piece: Piece, arm: str) -> list[Curve]:
    """Runs that have come to war by the end of each day: their share, and how many points more than in the first arm."""
    runs, first = experiment.runs, next(iter(experiment.arms))
    found = war_share(tally.ended[:, sorted(WARS)].sum(axis=1).cumsum(), runs)
    if (first, arm) in experiment.pairs:
        gained, lost = (piece[name][experiment.pairs.index((first, arm))] for name in BY_DAY)
        found += war_difference(gained, lost, runs)
    return found
