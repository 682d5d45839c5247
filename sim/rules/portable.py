"""Elementary functions from + - × ÷ and √ alone, so that every CPU gives the same bits.

The C library's exp, log, sin and cos differ between CPUs and versions in the last place; a single
bit would in time turn one crisis into another.
"""

from __future__ import annotations

from sim.rules import rule

LN_2 = 0.6931471805599453
HALF_PI = 1.5707963267948966


@rule
def clamp(x: float, low: float, high: float) -> float:
    """x, but at least ``low`` and at most ``high``."""
    y = x if x > low else low
    return y if y < high else high


@rule
def exp_neg(x: float) -> float:
    """exp(x) for x ≤ 0; exactly 0 for x ≤ -64.

    Relative error below 1e-11 (below 1e-12 for x > -40). Taylor series of degree 7 of x/1024, squared ten times.
    """
    y = x * 0.0009765625
    r = 1.0 + y * (1.0 + y * (0.5 + y * (1 / 6 + y * (1 / 24 + y * (1 / 120 + y * (1 / 720 + y / 5040))))))
    r *= r
    r *= r
    r *= r
    r *= r
    r *= r
    r *= r
    r *= r
    r *= r
    r *= r
    r *= r
    return r if x > -64.0 else 0.0


@rule
def logistic(x: float) -> float:
    """1 / (1 + exp(-x)), in 0..1; exactly 0 or 1 beyond ±64."""
    e = exp_neg(-x if x > 0.0 else x)
    return (1.0 if x > 0.0 else e) / (1.0 + e)


@rule
def log_unit(x: float) -> float:
    """Natural logarithm for x in [2⁻⁶², 1]; relative error below 1e-14.

    Scaled by powers of two into [0.7, 1.42), then 2 artanh((x-1)/(x+1)) as a series.
    """
    halvings = 0.0
    halvings += 32.0 if x < 2.3283064365386963e-10 else 0.0
    x = x * 4294967296.0 if x < 2.3283064365386963e-10 else x
    halvings += 16.0 if x < 1.52587890625e-05 else 0.0
    x = x * 65536.0 if x < 1.52587890625e-05 else x
    halvings += 8.0 if x < 0.00390625 else 0.0
    x = x * 256.0 if x < 0.00390625 else x
    halvings += 4.0 if x < 0.0625 else 0.0
    x = x * 16.0 if x < 0.0625 else x
    halvings += 2.0 if x < 0.25 else 0.0
    x = x * 4.0 if x < 0.25 else x
    halvings += 1.0 if x < 0.5 else 0.0
    x = x * 2.0 if x < 0.5 else x
    halvings += 1.0 if x < 0.7071067811865476 else 0.0
    x = x * 2.0 if x < 0.7071067811865476 else x
    f = (x - 1.0) / (x + 1.0)
    s = f * f
    p = s * (
        1 / 3 + s * (1 / 5 + s * (1 / 7 + s * (1 / 9 + s * (1 / 11 + s * (1 / 13 + s * (1 / 15 + s / 17))))))
    )
    return 2.0 * f * (1.0 + p) - halvings * LN_2


@rule
def cos_sin_turn(u: float) -> tuple[float, float]:
    """Cosine and sine of 2πu for u in [0, 1]; absolute error below 1e-13.

    Reduced to ±π/4 around the nearest quarter turn, then Taylor series.
    """
    quarter = int(4.0 * u + 0.5)
    x = (4.0 * u - quarter) * HALF_PI
    s = x * x
    sine = x * (
        1.0
        + s
        * (-1 / 6 + s * (1 / 120 + s * (-1 / 5040 + s * (1 / 362880 + s * (-1 / 39916800 + s / 6227020800)))))
    )
    cosine = 1.0 + s * (
        -0.5
        + s
        * (
            1 / 24
            + s * (-1 / 720 + s * (1 / 40320 + s * (-1 / 3628800 + s * (1 / 479001600 - s / 87178291200))))
        )
    )
    odd = (quarter & 1) == 1
    a = sine if odd else cosine
    b = cosine if odd else sine
    turned = quarter & 3
    return (-a if (turned == 1) | (turned == 2) else a), (-b if turned > 1 else b)
