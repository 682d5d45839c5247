"""TODO."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.experiments.rare.counts import COUNTED, Reckoned, runs_for
from sim.reports.numbers import decimals, words
from sim.statistics.proportions import RARE, Estimate

if TYPE_CHECKING:
    from sim.experiments.study.study import Study


SELDOM = 1e-3  # below, chances are told as "1 in 15,900" and as a number


def _rare(study: Study) -> list[str]:
    """'War, reckoned: 8.8e-06 (8.3e-06 to 9.4e-06), 1 in 114,000 (…)'."""
    from sim.experiments.rare.counts import COUNTED, rows
    from sim.experiments.rare.report import odds

    lines = []
    for found in rows(study.part("rare")["rare"]):
        if found.method == COUNTED:
            lines.append(
                f"War, not reckoned: its chance comes from too few runs ({found.effective:.1f} of equal weight). "
                f"Counted: {odds(found)}."
            )
            continue
        bare = f"{found.value:.2g} ({found.low:.2g} to {found.high:.2g}), " if found.value < SELDOM else ""
        lines.append(
            f"War, reckoned: {bare}{odds(found)}; "
            f"relative error {100 * found.relative_error:.2g} %, n = {found.n:,}, {found.count:,} counted."
        )
    return lines


def odds(found: Reckoned) -> str:
    """'0.27 % (0.24 to 0.30)'; below one in a thousand '1 in 15,900 (12,800 to 19,500)'."""
    if found.method == COUNTED:
        return words(Estimate(found.count, found.n, found.value, found.low, found.high, found.method))
    if found.value >= 1e-3:
        value, low, high = (100 * x for x in (found.value, found.low, found.high))
        places = decimals((high - low) / 4) if high > low else 3
        return f"{value:.{places}f} % ({low:.{places}f} to {high:.{places}f})"
    often, most, least = (1 / x for x in (found.value, found.high, found.low))
    return f"1 in {_three(often)} (1 in {_three(most)} to 1 in {_three(least)})"


def told(found: Reckoned) -> list[str]:
    """A paragraph about one outcome."""
    n = f"n = {found.n:,}"
    split = (
        f" Runs that came near war were gone on with in several ways, which made {found.plays / found.n:.1f} plays to a run."
        if found.plays > found.n
        else ""
    )
    counted = f"Counted: {found.count:,} of {found.n:,} runs."
    if found.method == COUNTED:
        return [
            f"**War: {odds(found)}**, counted, at {n}. The summed chances of war are worth only "
            f"{found.effective:.1f} runs of equal weight: almost all of their sum comes from a few runs, and what "
            f"the next would bring is unknown. With fewer than {RARE} no interval can be made of them; only "
            f"more runs help.{split}"
        ]
    need, counting = runs_for(0.1, found)
    gain = (
        f"Counting wars would take {found.variance_ratio:,.3g} times as many {'plays' if split else 'runs'} for the same standard error"
        if found.variance_ratio > 1
        else "War is too common here for that to be of use: counting is as exact or more so"
    )
    return [
        f"**War: {odds(found)}**, reckoned at {n}: the mean over runs of the summed one-day chances of war. "
        f"Relative error {100 * found.relative_error:.2g} % (standard error over value). {counted} {gain}. A relative "
        f"error of 10 % takes about {_three(need)} runs, or {_three(counting)} if wars are counted. The sum is "
        f"worth {_three(found.effective)} runs of equal weight; below {RARE} it would not be used. The interval is Fay & Feuer's, at 95 %.{split}"
    ]


def _three(number: float) -> str:
    """A number to three significant digits, with commas."""
    return f"{float(f'{number:.3g}'):,.0f}"
