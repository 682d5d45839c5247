"""The page of rare wars, made from their table."""

from __future__ import annotations

from sim.experiments.question import Tables
from sim.experiments.rare.tables import COUNTED, Probability, rows, runs_for
from sim.reports.numbers import percent, words
from sim.statistics.proportions import RARE, Estimate

SELDOM = 1e-3  # below, chances are told as "1 in 15,900" and as a number


def page(tables: Tables) -> str:
    """The page in Markdown."""
    return "\n".join(["## Rare wars", "", *(line for found in rows(tables["rare"]) for line in told(found))])


def brief(tables: Tables) -> str:
    """'War, from its daily chances: 8.8e-06 (8.3e-06 to 9.4e-06), 1 in 114,000 (…)'."""
    return "\n".join(map(_brief, rows(tables["rare"])))


def _brief(found: Probability) -> str:
    if found.method == COUNTED:
        return (
            f"War, not from its daily chances: they come from too few runs ({found.effective:.1f} of equal weight). "
            f"Counted: {odds(found)}."
        )
    bare = f"{found.value:.2g} ({found.low:.2g} to {found.high:.2g}), " if found.value < SELDOM else ""
    return (
        f"War, from its daily chances: {bare}{odds(found)}; "
        f"relative error {100 * found.relative_error:.2g} %, n = {found.n:,}, {found.count:,} counted."
    )


def odds(found: Probability) -> str:
    """'0.27 % (0.24 to 0.30)'; below one in a thousand '1 in 15,900 (12,800 to 19,500)'."""
    if found.method == COUNTED:
        return words(Estimate(found.count, found.n, found.value, found.low, found.high, found.method))
    if found.value >= SELDOM:
        return percent(found.value, found.low, found.high, " %")
    often, most, least = (1 / x for x in (found.value, found.high, found.low))
    return f"1 in {_three(often)} (1 in {_three(most)} to 1 in {_three(least)})"


def told(found: Probability) -> list[str]:
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
        f"**War: {odds(found)}** at {n}: the mean over runs of the summed one-day chances of war. "
        f"Relative error {100 * found.relative_error:.2g} % (standard error over value). {counted} {gain}. A relative "
        f"error of 10 % takes about {_three(need)} runs, or {_three(counting)} if wars are counted. The sum is "
        f"worth {_three(found.effective)} runs of equal weight; below {RARE} it would not be used. The interval is Fay & Feuer's, at 95 %.{split}"
    ]


def _three(number: float) -> str:
    """A number to three significant digits, with commas."""
    return f"{float(f'{number:.3g}'):,.0f}"
