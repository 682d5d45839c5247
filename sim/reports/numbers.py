"""Numbers in words: a value between its bounds, with as many decimals as the interval bears."""

from __future__ import annotations

from math import ceil, floor, isfinite, log10

from sim.statistics.differences import Difference
from sim.statistics.proportions import Estimate


def interval(
    value: float, low: float, high: float, unit: str = "", places: int | None = None, sign: str = ""
) -> str:
    """'20.5 (19.7 to 21.3)', or '+3.1 points (2.7 to 3.5)' with ``unit`` " points" and ``sign`` "+".

    As many decimals as the interval bears, unless ``places`` says how many.
    """
    digits = borne(value, low, high) if places is None else places
    return f"{_rounded(value, digits, sign)}{unit} ({_between(low, high, digits)})"


def _between(low: float, high: float, places: int) -> str:
    return f"{_rounded(low, places)} to {_rounded(high, places)}"


def _rounded(value: float, places: int, sign: str = "") -> str:
    return f"{round(value, places) + 0.0:{sign},.{places}f}"  # + 0.0: no -0


def borne(value: float, low: float, high: float) -> int:
    """Decimals that an interval bears: those of a quarter of its width. Of a point, 3, or none if it is whole."""
    if 0 < high - low < float("inf"):
        return decimals((high - low) / 4)
    return 0 if value == int(value) else 3


def percent(value: float, low: float, high: float, unit: str = "") -> str:
    """:func:`interval` of shares in 0..1, in percent."""
    return interval(100 * value, 100 * low, 100 * high, unit)


def words(estimate: Estimate) -> str:
    """'20.5 % (19.7 to 21.3)'; 'below 0.04 %' for none, 'above 99.96 %' for all; '0 %' of what is known.

    A bound that stands alone is rounded away from the middle.
    """
    if estimate.low == estimate.high:
        return f"{100 * estimate.rate:.0f} %"
    if estimate.count == 0:
        return f"below {_rounded_up(100 * estimate.high)} %"
    if estimate.count == estimate.n:
        return f"above {_rounded_down(100 * estimate.low)} %"
    return percent(estimate.rate, estimate.low, estimate.high, " %")


def decimals(size: float) -> int:
    """Decimals that show the first significant digit of ``size``, and none if it is one or more."""
    return max(0, -floor(log10(size)))


def _rounded_up(percent: float) -> str:
    places = decimals(percent)
    return f"{ceil(percent * 10**places) / 10**places:.{places}f}"


def _rounded_down(percent: float) -> str:
    places = decimals(100 - percent)
    return f"{floor(percent * 10**places) / 10**places:.{places}f}"


def difference_words(difference: Difference, unit: str = "points", brief: bool = False) -> str:
    """'+3.1 points (2.7 to 3.5)', and 'not distinguishable from 0 at n = 10,000' where it is so.

    Points are hundredths; any other unit is that of the numbers themselves. ``brief`` leaves out the unit and the
    words after the interval, for a table whose head says both.
    """
    factor = 100 if unit == "points" else 1
    value, low, high = (factor * x for x in (difference.value, difference.low, difference.high))
    n = f"n = {difference.n:,}"
    if not isfinite(high - low):
        return f"{value:+,g} {unit} at {n}, which says nothing of how sure that is"
    places = borne(value, low, high)
    if difference.distinguishable and 0 in (round(low, places), round(high, places)):
        places += 1  # lest it look as if it might be 0
    if brief:
        return interval(value, low, high, "", places, "+")
    if difference.unchanged:
        return f"no difference at {n} ({_between(low, high, places)} {unit})"
    tail = "" if difference.distinguishable else f", not distinguishable from 0 at {n}"
    return interval(value, low, high, f" {unit}", places, "+") + tail
