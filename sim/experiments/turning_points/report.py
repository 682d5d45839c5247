"""Risk in words: the evenings on which it turned, when there was no return, and how close a call it was."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from sim.experiments.story.telling import WIDTH, dated, happened, wrapped
from sim.experiments.turning_points.closest import ClosestCall
from sim.experiments.turning_points.ends import share
from sim.experiments.turning_points.risk import BEFORE, NO_RETURN, Evening, Risk
from sim.reports.numbers import difference_words, words
from sim.reports.words import plural
from sim.schema.outcomes import WARS

BARS = "▁▂▃▄▅▆▇█"
TOPS = (0.1, 0.25, 0.5, 1.0)  # what the highest bar may stand for


def told(risk: Risk) -> str:
    """The risk of a run, wrapped for a terminal: how it is reckoned, the days that turned it, no return."""
    days = "The days whose change is clear even among all days of the run, and the last:"
    return "\n".join([*_head(risk), "", *_sketch(risk), "", days, *_days(risk), "", *_end(risk)])


def closest_told(call: ClosestCall) -> str:
    """A paragraph: which run was the closest call, when, and among which."""
    course, evening = call.risk.course, call.evening
    day = f"on the evening of day {evening.day}" if evening.day != BEFORE else "before day 0"
    return wrapped(
        f"The closest call among the {call.peaceful:,} of the first {plural(call.looked_at, 'run')} that saw no war: "
        f"run {course.run:,}. War was likeliest {day}, at {words(evening.chances['war'])}; it ended in "
        f"{course.outcome.name.replace('_', ' ')}."
    )


def _head(risk: Risk) -> Iterator[str]:
    yield wrapped(
        "How likely war was. Given all that had happened by the evening of a day, the share of "
        f"{plural(risk.times, 'continuation')} with fresh luck that end in war, and its 95 % interval. The "
        "continuations share their luck from evening to evening, so what a day changed is known better than "
        "either evening. All that happened on a day changed it together: what was sent, how it was read, how "
        "resolve moved; `brink whatif` tells what one act of it did."
    )


def _days(risk: Risk) -> Iterator[str]:
    first, *others = risk.evenings
    yield f"Before day 0: war {share(first.chances['war'])}."
    for before, evening in pairwise(risk.evenings):
        if evening.stands_out or evening is others[-1]:
            yield _day(risk, before, evening)


def _day(risk: Risk, before: Evening, evening: Evening) -> str:
    day = risk.day(evening)
    assert day
    now, then = evening.chances["war"], before.chances["war"]
    change = f"after {100 * then.rate:.0f} %: {difference_words(evening.changes['war'])}"
    said = " ".join(happened(risk.course, [day]))
    return wrapped(f"{dated(risk.course.scenario, [day])}: war {share(now)}, {change}. {said}", then="  ")


def _sketch(risk: Risk) -> Iterator[str]:
    """The chance of war as a row of bars, an evening each."""
    rates = [evening.chances["war"].rate for evening in risk.evenings]
    top = next(top for top in TOPS if top >= risk.highest.chances["war"].rate)
    bars = [BARS[min(int(rate / top * len(BARS)), len(BARS) - 1)] for rate in rates]
    yield f"A bar for each evening, from before day 0 on, in eighths of {100 * top:.0f} %:"
    for first in range(0, len(bars), WIDTH - 9):
        yield f"{f'Day {max(0, first - 1)}':<9}{''.join(bars[first : first + WIDTH - 9])}"


def _end(risk: Risk) -> Iterator[str]:
    highest, horizon = risk.highest, risk.course.outcome not in WARS
    if horizon:
        when = "before day 0" if highest.day == BEFORE else f"on the evening of day {highest.day}"
        yield wrapped(f"War was likeliest {when}, at {share(highest.chances['war'])}, and did not come.")
    yield wrapped(_no_return(risk))


def _no_return(risk: Risk) -> str:
    end, day, last = risk.end, risk.no_return, risk.evenings[-1].day
    if end is None:
        return "Point of no return: none, for nothing ended the crisis by the horizon."
    bound = f"below {100 * NO_RETURN:.0f} %"
    if day == last:
        before = share(risk.evenings[-2].chances[end])
        return f"Point of no return: none before day {last} itself; on the evening before, {end} stood at {before}."
    when = "before day 0" if day == BEFORE else f"the evening of day {day}"
    return (
        f"Point of no return: {when}. From then on the chance of {end}, with all of its interval, was never "
        f"{bound} until it came on day {last}."
    )
