"""What a seat sees depends on nothing that is hidden from it, and its adviser knows no more than it does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from inspect import signature
from typing import Any

import pytest

from sim.engines.mesa.model import CrisisModel
from sim.engines.mesa.principal import PrincipalAgent
from sim.experiments.seat import advice, words
from sim.experiments.seat.advice import advise, imagined
from sim.experiments.seat.playing import play
from sim.experiments.seat.view import View, look
from sim.results.course import Act, Day, play_day
from sim.scenario.files import load
from sim.scenario.scenario import Scenario
from tests.conftest import REPOSITORY

SECRET = ("own_level", "resolve", "appetite", "mood", "fatigue", "fear", "belief", "variance", "appetite_belief",
          "appetite_variance", "inconsistency", "precedent", "last_hostility")  # fmt: skip
SEATS = ("washington", "caracas", "brasilia")
DAYS = 12


def standoff() -> Scenario:
    return load(REPOSITORY / "scenarios" / "standoff.toml")


def played(run: int = 3) -> tuple[CrisisModel, list[Day]]:
    model = CrisisModel(standoff(), run=run, observed=False)
    return model, [play_day(model, why=False) for _ in range(DAYS)]


def with_other_secrets(model: CrisisModel, days: list[Day], seat: str) -> list[Day]:
    """Change what the others are, want, feel, fear and believe, and who spoke with whom without the seat."""
    for principal in model.principals:
        if principal.name != seat:
            for name in SECRET:
                setattr(principal, name, getattr(principal, name) + 0.07)
    return [_otherwise(day, seat) for day in days]


def _otherwise(day: Day, seat: str) -> Day:
    third = seat not in ("washington", "caracas")
    secret = (
        Act("havana", "asylum", scripted=True)
        if seat == "washington"
        else Act("washington", "call", scripted=True)
    )
    more = (secret,) if third or seat == "washington" else ()
    private = ("call", "offer_meeting")
    heard = [act for act in day.acts if not (third and act.actor != seat and act.signal in private)]
    first, second = (
        replace(read, meant=read.meant + 0.1)
        if read.observer == seat
        else replace(read, felt=0.9, after=0.01)
        for read in day.readings
    )
    coercer, target = (
        side if side.actor == seat else replace(side, fear=0.9, fatigue=0.9, mood=0.9) for side in day.sides
    )
    changed = replace(day, acts=(*heard, *more), readings=(first, second), sides=(coercer, target))
    return replace(changed, demand=0.123, tender=0.1) if third else changed


@pytest.mark.parametrize("run", [3, 7])
@pytest.mark.parametrize("seat", SEATS)
def test_a_view_stays_as_it_is_when_what_is_hidden_from_the_seat_changes(seat: str, run: int) -> None:
    model, days = played(run)
    before = look(model, days, seat)
    assert look(model, with_other_secrets(model, days, seat), seat) == before


def deploy(model: CrisisModel) -> None:
    model.coercer.posture += 0.1


def sanction(model: CrisisModel) -> None:
    model.world.sanctions += 0.1


@pytest.mark.parametrize(("change", "seers"), [(deploy, ("washington", "caracas")), (sanction, SEATS)])
def test_a_view_changes_with_what_the_seat_can_see(
    change: Callable[[CrisisModel], None], seers: tuple[str, ...]
) -> None:
    model, days = played()
    before = {seat: look(model, days, seat) for seat in SEATS}
    change(model)
    assert {seat for seat in SEATS if look(model, days, seat) != before[seat]} == set(seers)


def evening(seat: str, sender: str, signal: str) -> View:
    """What a seat sees in the evening of a first day on which that signal is sent, but for what it may then send."""
    day = {"day": 0, "actor": sender, "signal": signal}
    model = CrisisModel(standoff().replace({"script": [day]}), observed=False)
    view = look(model, [play_day(model, why=False)], seat)
    return replace(view, may=(), lacking={})


def test_a_third_party_cannot_tell_a_private_call_between_the_two_from_silence() -> None:
    assert evening("brasilia", "washington", "call") == evening("brasilia", "washington", "hold")
    assert evening("brasilia", "washington", "condemn") != evening("brasilia", "washington", "hold")


def test_refuge_is_offered_to_the_target_alone() -> None:
    assert evening("washington", "havana", "asylum") == evening("washington", "havana", "hold")
    assert evening("caracas", "havana", "asylum") != evening("caracas", "havana", "hold")


def test_a_principal_sees_what_the_other_says_to_it_in_private() -> None:
    [day] = evening("caracas", "washington", "call").past
    assert Act("washington", "call", scripted=False) in day.acts


def principal_numbers(model: CrisisModel, name: str) -> dict[str, Any]:
    agent = model.actors[name]
    assert isinstance(agent, PrincipalAgent)
    return {"resolve": agent.belief, "appetite": agent.appetite_belief}


def test_the_adviser_is_given_the_scenario_and_the_view_and_nothing_else() -> None:
    assert list(signature(advise).parameters) == ["scenario", "view", "times"]
    model, days = played()
    crisis = imagined(model.crisis, look(model, days, "caracas"))
    believed = principal_numbers(model, "caracas")
    rival = crisis.principal("coercer")
    assert (rival.resolve, rival.appetite) == (believed["resolve"], believed["appetite"])
    assert crisis.principal("target").resolve == model.target.resolve


@pytest.mark.parametrize(("seat", "rival"), [("washington", "caracas"), ("caracas", "washington")])
def test_the_adviser_imagines_the_same_whatever_the_rival_really_is(seat: str, rival: str) -> None:
    model, days = played()
    view = look(model, days, seat)
    hidden = {
        f"actors.{rival}.{name}": 0.2 for name in ("resolve", "resolve_spread", "appetite", "appetite_spread")
    }
    truth = model.crisis.replace({**hidden, **({"world.outreach": 0.9} if seat == "caracas" else {})})
    assert imagined(truth, view).digest() == imagined(model.crisis, view).digest()
    assert (
        imagined(truth.replace({f"actors.{seat}.war_cost": 3.0}), view).digest()
        != imagined(truth, view).digest()
    )


def test_the_adviser_counts_a_war_that_one_begins_as_certain_and_doing_nothing_as_no_change() -> None:
    table = play("standoff", "washington", run=3)
    found = {each.signal: each for each in advise(table.game.scenario, table.view(), times=64)}
    assert list(found) == list(table.view().may)
    assert found["raid"].chances["war"].rate == 1 and found["raid"].chances["exit"].rate == 0
    assert found["hold"].changes["war"].value == 0
    assert advice.TIMES <= 1000  # a day's advice is to be waited for


@pytest.mark.parametrize("seat", SEATS)
def test_no_sentence_of_a_view_speaks_of_what_is_hidden(seat: str) -> None:
    model, days = played()
    crisis, view = model.crisis, look(model, days, seat)
    said = [line for day in view.past for line in words.gone_by(crisis, view, day)]
    seen = {(act.actor, act.signal) for day in view.past for act in day.acts}
    hidden = {(act.actor, act.signal) for day in days for act in day.acts} - seen
    assert not [
        line for line in said for actor, signal in hidden
        if crisis.label(actor) in line and crisis.signals[signal].phrase in line
    ]  # fmt: skip
    assert len(said) >= DAYS
