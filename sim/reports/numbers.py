"""TODO."""

from __future__ import annotations

from math import ceil, floor, isfinite, log10

from sim.statistics.differences import Difference
from sim.statistics.proportions import Estimate


def words(estimate: Estimate) -> str:
    """'20.5 % (19.7 to 21.3)'; 'below 0.04 %' for none, 'above 99.96 %' for all.

    As many decimals as the interval bears; a bound that stands alone is rounded away from the middle.
    """
    low, rate, high = 100 * estimate.low, 100 * estimate.rate, 100 * estimate.high
    if estimate.count == 0:
        return f"below {_rounded_up(high)} %"
    if estimate.count == estimate.n:
        return f"above {_rounded_down(low)} %"
    places = decimals((high - low) / 4)
    return f"{rate:.{places}f} % ({low:.{places}f} to {high:.{places}f})"


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

    Points are hundredths; any other unit is that of the numbers themselves. As many decimals as the interval
    bears. ``brief`` leaves out the unit and the words after the interval, for a table whose head says both.
    """
    factor = 100 if unit == "points" else 1
    value, low, high = (factor * x for x in (difference.value, difference.low, difference.high))
    n = f"n = {difference.n:,}"
    if not isfinite(high - low):
        return f"{value:+,g} {unit} at {n}, which says nothing of how sure that is"
    places = decimals((high - low) / 4) if high > low else 0 if value == int(value) else 3
    if difference.distinguishable and 0 in (round(low, places), round(high, places)):
        places += 1  # lest it look as if it might be 0
    said, lowest, highest = (round(x, places) + 0.0 for x in (value, low, high))  # + 0.0: no -0
    interval = f"{lowest:,.{places}f} to {highest:,.{places}f}"
    if brief:
        return f"{said:+,.{places}f} ({interval})"
    if difference.unchanged:
        return f"no difference at {n} ({interval} {unit})"
    tail = "" if difference.distinguishable else f", not distinguishable from 0 at {n}"
    return f"{said:+,.{places}f} {unit} ({interval}){tail}"
