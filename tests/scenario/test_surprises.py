"""What `brink check` warns of: each surprise where it is, and none where it is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.scenario.files import load
from sim.scenario.surprises import surprises


def told(text: str) -> dict[str, str]:
    """The surprises of a scenario laid over the duel, by key."""
    Path("mine.toml").write_text(f'extends = "duel.toml"\n{text}')
    return dict(surprises(load("mine.toml")))


ACT = '[[script]]\nday = {day}\nactor = "north"\nsignal = "{signal}"\n'

PLANTED = {
    "a scripted act after the horizon": (ACT.format(day=90, signal="call"), "script[0]", "is never played: day 90"),
    "a scripted act whose need is not met": (ACT.format(day=0, signal="land_strike"), "script[0]", "needs posture above 0.5"),
    "forces too few for a raid": ("[actors.north]\nposture = 0.55\n", "actors.north.posture", "raid above 0.55"),
    "a calm mood with forces at the door": ("[actors.south]\nmood = 0.1\n", "actors.south.mood", "spiral"),
    "rates that nothing follows": ("[rates.south]\nhold = 1.0\n", "rates.south", "are not followed"),
    "no habits": ("", "inclination", "north, south"),
    "a clock beyond the horizon": ("[study]\ndays = 10\n", "clocks.offer", "horizon of 10 days"),
    "a third party with nothing to give": (
        '[actors.oslo]\nseat = 5\nrole = "third"\narms = 0.0\nsends = ["aid"]\n', "actors.oslo.arms", "aid changes nothing",
    ),
    "a signal of one's own without a habit": (
        '[signals.jam]\nsenders = ["coercer"]\nclass = "material"\n', "actors.north.inclination", "jam",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", PLANTED)
def test_each_surprise_is_told_at_its_key(case: str) -> None:
    text, key, words = PLANTED[case]
    assert words in told(text)[key]


def test_what_is_as_it_should_be_is_not_told() -> None:
    quiet = told(
        "[actors.north]\nposture = 0.6\n[actors.north.inclination]\ncall = 0.0\n"
        "[actors.south]\nmood = 0.49\n[actors.south.inclination]\ncall = 0.0\n"
        + ACT.format(day=89, signal="call")
    )
    assert quiet == {}
