"""The tables of attribution, made from its counts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from sim.compute.experiment import Piece
from sim.experiments.attribution.counts import (
    COALITIONS,
    GAMES,
    PLAYERS,
    SUSPICIONS,
    TOTAL,
    WHOLE,
    WHOLE_PAIR,
    WHOLE_ROUTES,
    on,
)
from sim.scenario.counterfactual import CHANNELS
from sim.scenario.scenario import Scenario
from sim.statistics.differences import Difference, mean, paired_proportions
from sim.statistics.shapley import pairs


def tables_of(planned: Scenario, piece: Piece) -> dict[str, pd.DataFrame]:
    """Tables by name; shares are in 0..1, differences of shares in -1..1.

    attribution:  suspicion, game, channel (or "total"), n, value, low, high, se
    interactions: suspicion, game, channel, other, n, value, low, high, se
    coalitions:   suspicion, channels (joined by +, "none" if empty), n, and runs with war, made, exit
    routes:       game, side, route (both "total" for all together), n, value, low, high, se; suspicion as is
    """
    n = planned.study.runs
    values, index, coalitions = [], [], []
    for s, setting in enumerate(SUSPICIONS):
        for g, game in enumerate(GAMES):
            here = {"suspicion": setting, "game": game}
            together = paired_proportions(piece["gained"][s, g], piece["lost"][s, g], n)
            values.append(here | {"channel": TOTAL} | _row(together))
            for i, channel in enumerate(CHANNELS):
                sums = piece["values"][s, g, i], piece["value_squares"][s, g, i]
                values.append(here | {"channel": channel} | _row(mean(*sums, n, 1 / WHOLE, WHOLE)))
            for p, (one, other) in enumerate(pairs(len(CHANNELS))):
                sums = piece["pairs"][s, g, p], piece["pair_squares"][s, g, p]
                both = {"channel": CHANNELS[one], "other": CHANNELS[other]}
                index.append(here | both | _row(mean(*sums, n, 1 / WHOLE_PAIR, 2 * WHOLE_PAIR)))
        for c in COALITIONS:
            counts = {game: int(piece[game][s, c]) for game in GAMES}
            coalitions.append({"suspicion": setting, "channels": "+".join(on(c)) or "none", "n": n} | counts)
    return {
        "attribution": pd.DataFrame(values),
        "interactions": pd.DataFrame(index),
        "coalitions": pd.DataFrame(coalitions),
        "routes": pd.DataFrame(_routes(piece, n)),
    }


def _routes(piece: Piece, n: int) -> Iterator[dict[str, Any]]:
    """What each route of each side adds, and all together."""
    for g, game in enumerate(GAMES):
        for i, (side, route) in enumerate(PLAYERS):
            sums = piece["route_values"][g, i], piece["route_value_squares"][g, i]
            found = mean(*sums, n, 1 / WHOLE_ROUTES, WHOLE_ROUTES)
            yield {"game": game, "side": side, "route": route} | _row(found)
        together = paired_proportions(piece["route_gained"][g], piece["route_lost"][g], n)
        yield {"game": game, "side": TOTAL, "route": TOTAL} | _row(together)


def _row(difference: Difference) -> dict[str, Any]:
    return {name: getattr(difference, name) for name in ("n", "value", "low", "high", "se")}
