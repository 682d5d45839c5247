"""Points that fill ranges: Latin hypercubes, and Saltelli's design for Sobol' indices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.statistics.salib import salib

Floats = NDArray[np.float64]
OTHERS = "all others"


def latin_hypercube(
    ranges: Sequence[tuple[float, float]], points: int, seed: int
) -> tuple[tuple[float, ...], ...]:
    """``points`` rows of one value for each range, each range cut in ``points`` strata that are hit once each.

    McKay, Beckman & Conover (1979). The same seed gives the same rows.
    """
    unit = latin_shares(len(ranges), points, seed)
    low, high = np.array(ranges).T
    return tuple(tuple(float(x) for x in row) for row in low + unit * (high - low))


def latin_shares(width: int, points: int, seed: int) -> Floats:
    """A Latin hypercube (McKay, Beckman & Conover 1979) as shares of ranges: (points, width); a seed gives one."""
    from scipy.stats import qmc  # here, since it takes a second to import

    return np.asarray(qmc.LatinHypercube(width, rng=seed).random(points))


def problem(width: int) -> dict[str, Any]:
    """Parameters from 0 to 1, as SALib wants them."""
    return {"num_vars": width, "names": [f"x{i}" for i in range(width)], "bounds": [[0.0, 1.0]] * width}


def saltelli(width: int, singled: Sequence[int], rows: int, seed: int) -> Floats:
    """Saltelli's design: (rows, points A, AB_1 … AB_k, B, parameters), shares of the ranges.

    The parameters ``singled`` out move one by one, all others together as the last; scrambled Sobol' points.
    """
    asked = problem(width)
    if len(singled) < width:
        asked["groups"] = [f"g{i}" if i in singled else OTHERS for i in range(width)]
    found = salib("sample.sobol").sample(asked, rows, calc_second_order=False, seed=seed)
    shares = np.asarray(found, dtype=np.float64).reshape(rows, -1, width)
    if len(singled) == width:
        return shares
    groups = list(dict.fromkeys(asked["groups"]))  # SALib's order: that in which they first appear
    order = [groups.index(f"g{i}") for i in singled] + [groups.index(OTHERS)]
    return shares[:, [0, *(1 + at for at in order), shares.shape[1] - 1]]


def hypercube(width: int, points: int, seed: int) -> Floats:
    """A Latin hypercube as rows of one point each, (points, 1, parameters), shares of ranges."""
    return latin_shares(width, points, seed)[:, None, :]
