"""Sobol' indices of what is simulated, with the part of the variance that is chance taken out.

An output y(x) at a point x of parameters is a mean over n runs: what the parameters give, f(x), plus chance.
Chance is no parameter's doing, and inflates the total variance and every total index. The design of Saltelli
et al. (2010) compares points within a row j only: A_j, B_j, and A_j with parameter i from B_j (AB_ij). So

- all points of a row share their luck, run by run: their differences are paired, and as sharp as they can be;
- each row has runs of its own: the errors of rows are independent, and average out.

Every product of two means that an index is made of is then replaced by its unbiased estimate over pairs of
different runs r, s of the row (a U-statistic): the mean over r ≠ s of u_r v_s,

    U(u, v) = (Σu Σv - Σuv) / (n (n - 1)),

in which the chance of one run never meets itself. Whatever luck the points share, chance is gone from the
expectation. With c the mean over all A and B, m that over all points:

    V    = mean_j [U(A, A) + U(B, B)] / 2 - c²       variance of f
    V_i  = mean_j [U(B, AB_i - A) - m (AB_i - A)]    first order (Saltelli et al. 2010, table 2 b)
    VT_i = mean_j U(A - AB_i, A - AB_i) / 2          total (Jansen 1999)

Without chance these are, to the last digits, those of SALib.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.compute.experiment import Piece

ENDS = (2.5, 97.5)
Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


def row_sums(values: Whole) -> dict[str, Whole]:
    """Sums over the runs of one row of the design that its indices are made of, for each quantity.

    ``values``: (points, quantities, runs) whole numbers, points A, AB_1 … AB_k, B.
    sum: (points, quantities); aa, bb: Σa², Σb²; ba: Σba; bx: Σ b·ab_i (k, quantities); dd: Σ (a - ab_i)² (k, quantities)
    """
    a, b, crossed = values[0], values[-1], values[1:-1]
    return {
        "sum": values.sum(axis=-1),
        "aa": (a * a).sum(axis=-1),
        "bb": (b * b).sum(axis=-1),
        "ba": (b * a).sum(axis=-1),
        "bx": (b * crossed).sum(axis=-1),
        "dd": ((a - crossed) ** 2).sum(axis=-1),
    }


@dataclass(frozen=True)
class Indices:
    """Indices of one quantity: (k,) each, with the ends of their 95 % intervals; naive ones leave chance in.

    variance: that of f; chance: the share of the variance between points that is chance, 0..1
    """

    first: Floats
    total: Floats
    first_ends: Floats
    total_ends: Floats
    first_naive: Floats
    total_naive: Floats
    variance: float
    chance: float


@dataclass(frozen=True)
class _Means:
    """What is averaged over rows, of one quantity: y² with chance out and in, y of A and B, y of all; (rows, k) the rest."""

    square: Floats
    square_naive: Floats
    level: Floats
    middle: Floats
    first: Floats
    shift: Floats
    total: Floats
    first_naive: Floats
    total_naive: Floats

    @classmethod
    def of(cls, rows: Mapping[str, NDArray[Any]], quantity: int, n: int, scale: float) -> _Means:
        """From the sums of :func:`row_sums`, rows first, as "row.sum" and so on."""
        found = {
            name: rows[f"row.{name}"][..., quantity].astype(np.float64)
            for name in ("sum", "aa", "bb", "ba", "bx", "dd")
        }
        sums = found["sum"]
        a, b, crossed = sums[:, 0], sums[:, -1], sums[:, 1:-1]
        pairs, squared = scale**2 / (n * (n - 1)), (scale / n) ** 2
        apart = crossed - a[:, None]
        own = found["bx"] - found["ba"][:, None]
        return cls(
            square=pairs * (a * a - found["aa"] + b * b - found["bb"]) / 2,
            square_naive=squared * (a * a + b * b) / 2,
            level=scale / n * (a + b) / 2,
            middle=scale / n * sums.mean(axis=1),
            first=pairs * (b[:, None] * apart - own),
            shift=scale / n * apart,
            total=pairs * (apart * apart - found["dd"]) / 2,
            first_naive=squared * b[:, None] * apart,
            total_naive=squared * apart * apart / 2,
        )

    def indices(self, weights: Floats) -> tuple[Floats, Floats, Floats, Floats, Floats, Floats]:
        """First, total, naive first, naive total (draws, k), variance and naive variance (draws,).

        ``weights``: (draws, rows), how often each row counts.
        """
        share = weights / weights.sum(axis=1, keepdims=True)
        c = share @ self.level
        variance, naive = share @ self.square - c * c, share @ self.square_naive - c * c
        shift = (share @ self.middle)[:, None] * (share @ self.shift)
        with np.errstate(divide="ignore", invalid="ignore"):
            first = (share @ self.first - shift) / variance[:, None]
            total = (share @ self.total) / variance[:, None]
            first_naive = (share @ self.first_naive - shift) / naive[:, None]
            total_naive = (share @ self.total_naive) / naive[:, None]
        return first, total, first_naive, total_naive, variance, naive


def indices(
    piece: Piece, quantity: int, n: int, scale: float = 1.0, draws: int = 1000, seed: int = 1
) -> Indices:
    """The indices of one quantity from the sums of all rows, with percentile bootstrap intervals over rows.

    ``n``: runs at each point, at least 2; ``scale``: the unit of one count. Where nothing varies, all are nan.
    """
    means = _Means.of(piece, quantity, n, scale)
    rows = len(means.level)
    first, total, first_naive, total_naive, variance, naive = means.indices(np.ones((1, rows)))
    drawn = (
        np.random.default_rng(seed).multinomial(rows, np.full(rows, 1 / rows), size=draws).astype(np.float64)
    )
    again = means.indices(drawn)
    nothing = not variance[0] > 0
    gone = np.full(first.shape[1], np.nan)
    ends = [
        np.full((2, len(gone)), np.nan) if nothing else np.nanpercentile(each, ENDS, axis=0)
        for each in again[:2]
    ]
    return Indices(
        first=gone if nothing else first[0],
        total=gone if nothing else total[0],
        first_ends=ends[0],
        total_ends=ends[1],
        first_naive=first_naive[0],
        total_naive=total_naive[0],
        variance=float(variance[0]),
        chance=float(1 - variance[0] / naive[0]) if naive[0] > 0 else 0.0,
    )
