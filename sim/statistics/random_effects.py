"""Random effects: an effect measured under many draws of what is not known, each measured with luck in it.

For draw i of uncertain parameters the true effect is μᵢ, and what is measured is dᵢ = μᵢ + εᵢ with known inner
variance sᵢ². Two uncertainties are told apart and never added up in one bar: how much the true effects differ
between draws (τ, parameter uncertainty), and how well their mean is known (its standard error). Counting the
signs of dᵢ would mix the two: with no effect at all, half of the draws show the sign by luck.

The errors εᵢ must be independent between draws: give each draw runs, or a seed, of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from sim.statistics.differences import Difference
from sim.statistics.proportions import Estimate, proportion

Reals = NDArray[np.float64]
Many = Sequence[float] | Reals
HALVINGS = 80  # of the range in which τ² lies
GRID = 101  # points of each axis over which the share's interval is taken


@dataclass(frozen=True)
class Range:
    """An estimate and its interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class RandomEffects:
    """What many draws say together.

    mean:    the mean true effect; its interval is sampling uncertainty only, and shrinks with more draws
    tau:     standard deviation of true effects between draws, parameter uncertainty; does not shrink
    middle:  where 95 of 100 true effects lie, mean ± 1.96 τ
    inner:   root mean square of sᵢ, the luck in one measured effect
    share:   share of draws whose true effect has the expected sign, if true effects are normal: Φ(mean/τ)
    counted: the same counted, without that assumption (see :func:`deconvolved`), ``count`` of ``n`` draws;
             its interval takes τ for known
    naive:   share of draws whose measured effect has the sign, luck and all; to show what it would have been
    """

    mean: Difference
    tau: Range
    middle: tuple[float, float]
    inner: float
    share: Range
    counted: Estimate
    naive: Estimate


def random_effects(
    effects: Many,
    variances: Many,
    sign: int = 1,
    confidence: float = 0.95,
) -> RandomEffects:
    """Mean, spread and share of the expected ``sign`` (1 or -1) of the true effects behind measured ones.

    τ² is Paule & Mandel's (1982), the one at which Σ (dᵢ - μ)²/(sᵢ² + τ²) is what it should be on average, k - 1:
    it needs no guess of weights as DerSimonian & Laird's (1986) does, which weighs as if τ were 0 and so is too
    small where effects differ much and the sᵢ do too (Veroniki and others 2016). Its interval is the Q-profile's
    (Viechtbauer 2007), exact for normal effects. The mean has Student's interval with k - 1 degrees of freedom
    (Hartung & Knapp 2001; never narrower than with the factor 1). ``variances`` are sᵢ², all above 0; a paired
    difference in which no run differs has one too (:func:`inner_variance`).

    Where τ is 0, all true effects are the mean and the share is 1 or 0 by its sign; the interval of the share
    says how little that may mean. Raises ValueError for fewer than 3 effects, or what is no effect or variance.
    """
    d, v = np.asarray(effects, np.float64), np.asarray(variances, np.float64)
    if d.ndim != 1 or d.shape != v.shape or len(d) < 3:
        raise ValueError(f"{d.shape} effects and {v.shape} variances; at least 3 of each, as many of both")
    if not (np.isfinite(d).all() and np.isfinite(v).all() and (v > 0).all()):
        raise ValueError("an effect is no number, or a variance is not above 0")
    if sign not in (1, -1):
        raise ValueError(f"sign is {sign}; it must be 1 or -1")
    tau2 = float(_solved(d, v, np.array([len(d) - 1.0]))[0])
    true = deconvolved(effects, variances)
    tau, middle = tau2**0.5, float(_means(d, v, np.array([tau2]))[0])
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    return RandomEffects(
        _mean(d, v, tau2, confidence),
        Range(tau, *_tau_interval(d, v, confidence)),
        (middle - z * tau, middle + z * tau),
        float(np.sqrt(v.mean())),
        Range(_share(sign * middle, tau), *_share_interval(d, v, sign, confidence)),
        proportion(int((sign * true > 0).sum()), len(d), confidence),
        proportion(int((sign * d > 0).sum()), len(d), confidence),
    )


def inner_variance(difference: Difference, confidence: float = 0.95) -> float:
    """s² of a paired difference: from its interval, which is not a point even where no run differs."""
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    return ((difference.high - difference.low) / (2 * z)) ** 2


def deconvolved(effects: Many, variances: Many) -> Reals:
    """The measured effects drawn in until they spread as true ones do: μ + (dᵢ - μ) √(τ²/(τ² + sᵢ²)).

    Louis's (1984) constrained empirical Bayes estimates. Plain empirical Bayes draws each in by the whole
    τ²/(τ² + sᵢ²): the best guess of each, but together they spread too little to be counted. No shape of the
    true effects is assumed, only their mean and variance.
    """
    d, v = np.asarray(effects, np.float64), np.asarray(variances, np.float64)
    tau2 = _solved(d, v, np.array([len(d) - 1.0]))
    middle = _means(d, v, tau2)[0]
    drawn_in: Reals = middle + (d - middle) * np.sqrt(tau2[0] / (tau2[0] + v))
    return drawn_in


# One τ² or many: arrays of them stand along the first axis -------------------------------------


def _means(d: Reals, v: Reals, tau2: Reals) -> Reals:
    """The mean effect for each τ², weighed by 1/(s² + τ²)."""
    weights = 1 / (v + tau2[:, None])
    means: Reals = (weights * d).sum(axis=1) / weights.sum(axis=1)
    return means


def _q(d: Reals, v: Reals, tau2: Reals) -> Reals:
    """Σ (dᵢ - μ)²/(sᵢ² + τ²) for each τ²; χ² with k - 1 degrees of freedom at the true one, and falls with τ²."""
    residuals = d - _means(d, v, tau2)[:, None]
    found: Reals = (residuals**2 / (v + tau2[:, None])).sum(axis=1)
    return found


def _solved(d: Reals, v: Reals, wanted: Reals) -> Reals:
    """The τ² at which Q is as wanted; 0 where it is less even there."""
    low = np.zeros(len(wanted))
    high = np.full(len(wanted), ((d - d.mean()) ** 2).sum() / wanted.min())  # Q is below wanted from here on
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        above = _q(d, v, middle) > wanted
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    return np.where(_q(d, v, np.zeros(len(wanted))) > wanted, high, 0.0)


def _mean(d: Reals, v: Reals, tau2: float, confidence: float) -> Difference:
    from scipy.special import stdtrit  # here, since it takes 0.2 s to import

    at = np.array([tau2])
    value = float(_means(d, v, at)[0])
    factor = max(1.0, float(_q(d, v, at)[0]) / (len(d) - 1))
    se = float(np.sqrt(factor / (1 / (v + tau2)).sum()))
    half = float(stdtrit(len(d) - 1, (1 + confidence) / 2)) * se
    return Difference(len(d), value, value - half, value + half, se, "Paule-Mandel")


def _tau_interval(d: Reals, v: Reals, confidence: float) -> tuple[float, float]:
    """Low and high of τ: where Q is too large or too small for χ² (Viechtbauer 2007)."""
    from scipy.special import chdtri

    tail = (1 - confidence) / 2
    low, high = np.sqrt(_solved(d, v, chdtri(len(d) - 1, np.array([tail, 1 - tail]))))
    return float(low), float(high)


def _share(mean: float, tau: float) -> float:
    """Share of a normal distribution that lies above 0; of a point, 1, 0 or (at 0 itself) a half."""
    return NormalDist().cdf(mean / tau) if tau > 0 else (1 + (mean > 0) - (mean < 0)) / 2


def _share_interval(d: Reals, v: Reals, sign: int, confidence: float) -> tuple[float, float]:
    """Low and high of the share, by a generalised pivotal quantity (Weerahandi 1993).

    τ² for which Q is each quantile of χ², for each of these the mean shifted by each quantile of its own normal
    error, and the share of each pair: the interval leaves out as many of them on either side.
    """
    from scipy.special import chdtri, ndtr, ndtri

    even = (np.arange(GRID) + 0.5) / GRID
    tau2 = _solved(d, v, chdtri(len(d) - 1, even))
    errors = np.sqrt(1 / (1 / (v + tau2[:, None])).sum(axis=1))
    means = sign * _means(d, v, tau2)[:, None] + errors[:, None] * ndtri(even)
    tau = np.sqrt(tau2)[:, None]
    points = (1 + np.sign(means)) / 2
    shares = np.where(tau > 0, ndtr(means / np.where(tau > 0, tau, 1)), points)
    tail = (1 - confidence) / 2
    low, high = np.quantile(shares, [tail, 1 - tail], method="closest_observation")
    return float(low), float(high)
