"""Morris's screening: what each of many parameters does as it moves by itself, from many places (Morris 1991).

All points of a trajectory share their luck, so that an elementary effect is a paired difference and that of a
parameter that does nothing is exactly 0; each trajectory has luck of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.compute.experiment import Piece
from sim.statistics.salib import salib
from sim.statistics.sampling import Floats, problem

LEVELS = 4
STEP = LEVELS / (2 * (LEVELS - 1))  # of the range: what a parameter moves by
Whole = NDArray[np.int64]


def trajectories(count: int, width: int, seed: int) -> Floats:
    """Points of ``count`` trajectories over ``width`` parameters: (count, width + 1, width), shares of the ranges."""
    found = salib("sample.morris").sample(problem(width), count, num_levels=LEVELS, seed=seed)
    return np.asarray(found, dtype=np.float64).reshape(count, width + 1, width)


def step_sums(values: Whole) -> dict[str, Whole]:
    """Sums over the runs of one trajectory: sum (points, quantities), and dd (steps, quantities), Σ (step)².

    ``values``: (points, quantities, runs) whole numbers.
    """
    return {"sum": values.sum(axis=-1), "dd": (np.diff(values, axis=0) ** 2).sum(axis=-1)}


@dataclass(frozen=True)
class Effects:
    """Elementary effects of one quantity, over the whole range of each parameter: (k,) each.

    mu, mu_star, mu_star_half, sigma: Morris's mean, mean size (Campolongo et al. 2007) with half its 95 % interval,
    and spread, as SALib has them. size: √ of the mean squared effect; sigma_free: the spread; both with chance out.
    """

    mu: Floats
    mu_star: Floats
    mu_star_half: Floats
    sigma: Floats
    size: Floats
    sigma_free: Floats


def effects(points: Floats, piece: Piece, quantity: int, n: int, scale: float, seed: int) -> Effects:
    """The effects of all parameters on one quantity; ``points`` as :func:`trajectories` gives them.

    An effect's square is too large by the variance of its error, which is that of the n paired differences
    over n; the mean of these is taken off.
    """
    width = points.shape[-1]
    sums = piece["row.sum"][..., quantity].astype(np.float64)
    outputs = (scale / n * sums).reshape(-1)
    found = salib("analyze.morris").analyze(
        problem(width), points.reshape(-1, width), outputs, num_levels=LEVELS, seed=seed
    )
    apart = np.diff(sums, axis=1)
    squares = piece["row.dd"][..., quantity].astype(np.float64)
    error = scale**2 * (squares - apart**2 / n) / (n * max(1, n - 1)) / STEP**2
    square = (scale / n * apart / STEP) ** 2
    moved = np.abs(np.diff(points, axis=1)).argmax(axis=2)
    order = np.argsort(moved, axis=1)  # step of each parameter, trajectory by trajectory
    error, square = (np.take_along_axis(each, order, axis=1).mean(axis=0) for each in (error, square))
    sigma = np.asarray(found["sigma"], dtype=np.float64)
    return Effects(
        mu=np.asarray(found["mu"], dtype=np.float64),
        mu_star=np.asarray(found["mu_star"], dtype=np.float64),
        mu_star_half=np.asarray(found["mu_star_conf"], dtype=np.float64),
        sigma=sigma,
        size=np.sqrt(np.maximum(0.0, square - error)),
        sigma_free=np.sqrt(np.maximum(0.0, sigma**2 - error)),
    )


def largest(found: Sequence[Effects], most: int) -> list[int]:
    """Which parameters do most, in their order: by their mean share of the squared sizes of all quantities."""
    shares = [each.size**2 / total for each in found if (total := float((each.size**2).sum())) > 0]
    score = np.mean(shares, axis=0) if shares else np.zeros(len(found[0].size))
    best = sorted(range(len(score)), key=lambda i: (-score[i], i))[:most]
    return sorted(best)
