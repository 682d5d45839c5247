"""Statistics of simulated crises as the record has them, from counts: each named in the record's table, with its words.

Counts have a first axis of draws: the whole, then resamples of the groups of runs. A statistic gives a value for each
draw, NaN where there is nothing to divide by, inf for a day beyond the horizon; and how many cases it rests on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from sim.experiments.history import classes as of
from sim.experiments.history.counts import ATTACK, ENDS, FORCE, LAGS, LEVELS, TONE_LAGS, VIOLENCE
from sim.experiments.history.series import FRACTION

Floats = NDArray[np.float64]
Draws = Mapping[str, Floats]
Found = tuple[Floats, float]
Statistic = Callable[..., Found]

CLASSES = {"events": of.BROAD, "responses": of.RESPONSES, "incidents": of.INCIDENTS}
BEYOND = ("lasted.violence", "lasted.offices")
"""Histograms of days whose last place is that of runs still going at the horizon."""


def ratio(part: Floats, whole: Floats) -> Found:
    """Shares with their denominators."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(whole > 0, part / whole, np.nan), float(whole[0])


def quantile(counts: Floats, percent: str, beyond: bool = False) -> Found:
    """The least place with so many per cent at or below it; inf in the last place if that is ``beyond`` the horizon."""
    total = counts.sum(axis=-1)
    enough = np.cumsum(counts, axis=-1) >= (int(percent) / 100 * total)[:, None] - 1e-9
    found = enough.argmax(axis=-1).astype(np.float64)
    if beyond:
        found[found == counts.shape[-1] - 1] = np.inf
    return np.where(total > 0, found, np.nan), float(total[0])


def _place(names: Sequence[str], name: str) -> int:
    """The place of a class; a reply of the last sort, "none" and the like, is place 0."""
    return 0 if name in ("none", "nothing", "inaction") else names.index(name)


def _reply(prefix: str, draws: Draws, record: str, act: str, reply: str) -> Found:
    names = CLASSES[record]
    found = draws[f"{prefix}.{record}"][:, _place(names, act)]
    return ratio(found[:, _place(names, reply)].sum(axis=-1), found.sum(axis=(-1, -2)))


def reply(draws: Draws, record: str, act: str, answer: str) -> Found:
    """Of acts of a class, the share that was first followed by a reply of a class."""
    return _reply("replies", draws, record, act, answer)


def repeat(draws: Draws, record: str, act: str, answer: str) -> Found:
    """The same of what its own sender did next."""
    return _reply("repeats", draws, record, act, answer)


def lag(draws: Draws, record: str, act: str, percent: str) -> Found:
    """A quantile of the days to the first reply, where there was one."""
    counts = draws[f"replies.{record}"]
    chosen = counts[:, 1:] if act == "any" else counts[:, [_place(CLASSES[record], act)]]
    hist = chosen.sum(axis=(1, 2))
    hist[:, 0] = 0
    return quantile(hist, percent)


def lift(draws: Draws, act: str, answer: str) -> Found:
    """Pairs of events on the same or the next day, over what each run's own rates lead to expect."""
    at = slice(None), _place(of.EVENTS, act), _place(of.EVENTS, answer)
    observed, expected = draws["pairs.observed"][at], draws["pairs.expected"][at] / FRACTION
    return ratio(observed, expected)


def tone(draws: Draws, series: str, days: str) -> Found:
    """A correlation of the tone of days: of both sides' with each other, with itself, or of their sum with itself."""
    lags = TONE_LAGS if series == "both" else LAGS
    found = draws[f"tone.{series}"][:, lags.index(int(days))]
    return ratio(found[:, 0] / FRACTION, found[:, 1])


def negative(draws: Draws) -> Found:
    """The share of days whose tone is negative, of both sides together."""
    return ratio(draws["tone.negative"][:, 0], draws["tone.negative"][:, 1])


def mix(draws: Draws, side: str, event: str) -> Found:
    """The share of a class among a side's events."""
    found = draws["mix"][:, int(side == "target"), :]
    return ratio(found[:, _place(of.EVENTS, event)], found[:, 1:].sum(axis=-1))


def rate(draws: Draws, side: str) -> Found:
    """A side's events a day."""
    found = draws["mix"][:, int(side == "target"), :]
    return ratio(found[:, 1:].sum(axis=-1), found.sum(axis=-1))


def violence(draws: Draws, kind: str) -> Found:
    """The share of runs whose most violence is of that kind."""
    found = draws["runs"].sum(axis=(2, 3))
    return ratio(found[:, VIOLENCE.index(kind)], found.sum(axis=-1))


def lasted(draws: Draws, kind: str, percent: str) -> Found:
    """A quantile of the days to a run's end, of all runs or of those with that most violence."""
    found = draws["lasted.violence"]
    return quantile(
        found.sum(axis=1) if kind == "all" else found[:, VIOLENCE.index(kind)], percent, beyond=True
    )


def lasted_office(draws: Draws, kind: str, percent: str) -> Found:
    """The same of runs that were mediated, or not."""
    return quantile(_by_office(draws["lasted.offices"], kind), percent, beyond=True)


def after_trigger(draws: Draws, trigger: str, kind: str) -> Found:
    """The share of runs with that much violence, by the class of the coercer's first hostile act."""
    found = draws["trigger"][:, _place(of.RESPONSES, trigger)]
    return ratio(found[:, _least(kind) :].sum(axis=-1), found.sum(axis=-1))


def _least(kind: str) -> int:
    """The least place in VIOLENCE that counts as any violence, as serious, as war."""
    return {"any": 1, "serious": 2, "war": 3}[kind]


def ended(draws: Draws, *kinds: str) -> Found:
    """The share of runs that ended in one of these ways."""
    found = draws["runs"].sum(axis=(1, 3))
    return ratio(found[:, [ENDS.index(kind) for kind in kinds]].sum(axis=-1), found.sum(axis=-1))


def sanctioned(draws: Draws, *kinds: str) -> Found:
    """The same of runs in which the coercer sent sanctions."""
    found = draws["sanctioned"]
    return ratio(found[:, [ENDS.index(kind) for kind in kinds]].sum(axis=-1), found.sum(axis=-1))


def _by_office(counts: Floats, kind: str) -> Floats:
    """Counts with offices on the axis after the draws: those that were mediated, or all others."""
    mediated = of.OFFICES.index("mediated")
    return counts[:, mediated] if kind == "mediated" else counts[:, :mediated].sum(axis=1)


def office(draws: Draws, kind: str) -> Found:
    """The share of runs in which third parties did that, and no more."""
    found = draws["runs"].sum(axis=(1, 2))
    return ratio(found[:, of.OFFICES.index(kind)], found.sum(axis=-1))


def by_office(draws: Draws, kind: str, what: str) -> Found:
    """Of runs that were mediated, or not, the share with an agreement, a compromise, serious violence, or war."""
    found = _by_office(draws["runs"].transpose(0, 3, 1, 2), kind)  # draws, violence, ends
    settled = ENDS.index("settled_target")
    part = {
        "agreement": found[:, :, settled : settled + 3],
        "compromise": found[:, :, [ENDS.index("settled_middle")]],
        "serious": found[:, _least("serious") :],
        "war": found[:, _least("war") :],
    }[what]
    return ratio(part.sum(axis=(1, 2)), found.sum(axis=(1, 2)))


def office_effect(draws: Draws, what: str) -> Found:
    """The difference between runs that were mediated and those that were not."""
    (one, n), (other, m) = (by_office(draws, kind, what) for kind in ("mediated", "unmediated"))
    return one - other, min(n, m)


def highest(draws: Draws, level: str) -> Found:
    """Of runs with an incident, the share whose highest level is this."""
    joint = draws["levels"].sum(axis=3)
    n = len(LEVELS)
    top = np.maximum(*np.indices((n, n)))
    by_level = np.stack([joint[:, top == at].sum(axis=-1) for at in range(n)], axis=1)
    return ratio(by_level[:, LEVELS.index(level)], by_level[:, 1:].sum(axis=-1))


def target_shows_force(draws: Draws) -> Found:
    """Of runs with an incident by the coercer, the share in which the target shows or uses force."""
    joint = draws["levels"].sum(axis=3)[:, 1:]
    return ratio(joint[:, :, LEVELS.index("display") :].sum(axis=(1, 2)), joint.sum(axis=(1, 2)))


def level_given(draws: Draws, initiator: str, target: str) -> Found:
    """The target's highest level, by the coercer's."""
    joint = draws["levels"].sum(axis=3)[:, LEVELS.index(initiator)]
    return ratio(joint[:, LEVELS.index(target)], joint.sum(axis=-1))


def yield_given(draws: Draws, initiator: str) -> Found:
    """The share of runs in which the target leaves or settles for less than a third, by the coercer's highest level."""
    joint = draws["levels"][:, LEVELS.index(initiator)].sum(axis=1)
    return ratio(joint[:, 1], joint.sum(axis=-1))


def killed(draws: Draws) -> Found:
    """The share of runs in which anybody was killed."""
    return ratio(draws["killed"][:, 1], draws["killed"].sum(axis=-1))


def threat(draws: Draws, what: str) -> Found:
    """What followed the first threat within a month; the sender backs down where nothing did, of those not conceded."""
    found = draws["threats"]
    if what == "backs_down":
        return ratio(found[:, 0], found[:, 0] + found[:, 2])
    return ratio(found[:, of.ANSWERS.index(what)], found.sum(axis=-1))


def spread(draws: Draws, what: str, percent: str) -> Found:
    """A quantile of gaps, waits and numbers of incidents."""
    return quantile(draws[what], percent)


def reciprocated(draws: Draws) -> Found:
    """Of runs with an incident, the share in which the other side has one later."""
    return ratio(draws["reciprocated"][:, 1], draws["reciprocated"].sum(axis=-1))


def opens(draws: Draws, kind: str) -> Found:
    """The share of first incidents that are of that class."""
    found = draws["opening"].sum(axis=(2, 3))
    return ratio(found[:, _place(of.INCIDENTS, kind)], found.sum(axis=-1))


def later(draws: Draws, kind: str, what: str) -> Found:
    """The share of runs that have force, or an attack, after a first incident of that class."""
    found = draws["opening"][:, _place(of.INCIDENTS, kind)]
    whole = found.sum(axis=(1, 2))
    axis = {FORCE: 2, ATTACK: 1}[{"force": FORCE, "attack": ATTACK}[what]]
    return ratio(found.sum(axis=axis)[:, 1], whole)


STATISTICS: Mapping[str, Statistic] = {
    each.__name__: each
    for each in (
        reply, repeat, lag, lift, tone, negative, mix, rate, violence, lasted, lasted_office, after_trigger, ended,
        sanctioned, office, by_office, office_effect, highest, target_shows_force, level_given, yield_given, killed,
        threat, spread, reciprocated, opens, later,
    )
}  # fmt: skip
"""Statistics by the names that the record's table calls them."""


def measured(draws: Draws, words: str) -> Found:
    """The statistic that the words name. Raises KeyError or ValueError for words that name none."""
    name, *given = words.split()
    return STATISTICS[name](draws, *given)


def own_base(draws: Draws, words: str) -> float | None:
    """What the model's own base rates would give if nothing depended on what came before; None where there is no such thing.

    Of replies the placebo, with the rival's acts those of another run; a ratio of 1; a correlation or an effect of 0;
    else the share over all that came before.
    """
    name, *given = words.split()
    if name == "reply":
        return float(_reply("placebo", draws, *given)[0][0])
    if name in NOTHING:
        return NOTHING[name]
    if name not in POOLED:
        return None
    counts, axis, first = POOLED[name]
    at = (slice(None),) * axis + (slice(first, None),)
    whole = draws[counts][at].sum(axis=axis, keepdims=True)
    pooled = {counts: np.broadcast_to(whole, draws[counts].shape)}
    return float(measured(pooled, words)[0][0])


NOTHING = {"lift": 1.0, "tone": 0.0, "office_effect": 0.0}
"""What statistics are where nothing goes together with anything."""

POOLED = {
    "repeat": ("repeats.incidents", 1, 1),
    "after_trigger": ("trigger", 1, 1),
    "level_given": ("levels", 1, 1),
    "yield_given": ("levels", 1, 1),
    "by_office": ("runs", 3, 0),
}
"""Statistics given what came before: their counts, the axis of what came before, and its first place that counts."""
