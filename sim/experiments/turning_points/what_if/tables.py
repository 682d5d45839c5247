"""The table of what other signals would have changed, made from its counts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from sim.compute.experiment import Piece
from sim.experiments.turning_points.ends import COMPARED, WAR
from sim.experiments.turning_points.tables import interval, known
from sim.experiments.turning_points.what_if.counts import Alternatives
from sim.statistics.differences import paired_proportions
from sim.statistics.proportions import proportion


def table_of(experiment: Alternatives, piece: Piece) -> pd.DataFrame:
    """A row a signal, worst for war first, and outcome: see :class:`WhatIf`."""
    order = experiment.scenario.ladder.index
    change = piece["gained"][:, WAR] - piece["lost"][:, WAR]
    signals = enumerate(experiment.signals)
    worst_first = sorted(signals, key=lambda each: (-change[each[0]], -order(each[1])))
    return pd.DataFrame(row for place, _ in worst_first for row in _rows(experiment, piece, place))


def _rows(experiment: Alternatives, piece: Piece, place: int) -> Iterator[dict[str, Any]]:
    signal, n = experiment.signals[place], experiment.times
    for i, name in enumerate(COMPARED):
        chance = proportion(piece["count"][place, i], n)
        yield {
            "signal": signal,
            "label": experiment.scenario.label(signal),
            "quantity": name,
            **interval(paired_proportions(piece["gained"][place, i], piece["lost"][place, i], n)),
            "n": n,
            "sent": place == 0,
            **interval(known(chance) if piece["over"][place] else chance, "chance"),
        }
