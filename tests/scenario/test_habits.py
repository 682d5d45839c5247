"""Habits that a file leaves out are its roles'; what was said is kept."""

from __future__ import annotations

from pathlib import Path
from statistics import median

import pytest

from sim.errors import StudyError
from sim.experiments.calibration.inclinations import rewritten, shares_of_days, solve
from sim.scenario.files import load
from sim.schema.habits import habits_of
from sim.schema.signals import ROLES, Role

FREE = {
    "coercer": {"boat_strike"},
    "target": {"offer_meeting"},
    "third": set(),
}  # said in habits.toml to differ


def inclinations_of(role: Role) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for actor in load("standoff").actors.values():
        for signal, value in actor.inclination.items() if actor.role == role else ():
            found.setdefault(signal, []).append(value)
    return found


@pytest.mark.parametrize("role", ROLES)
def test_habits_of_a_role_are_those_of_the_standoff_to_a_few_hundredths(role: Role) -> None:
    solved = inclinations_of(role)
    for signal, value in habits_of(role).items():
        if signal not in FREE[role]:
            assert abs(value - median(solved[signal])) <= 0.06, signal
    assert {signal for signal in solved if abs(median(solved[signal])) > 0.06} <= set(habits_of(role))


def test_a_signal_without_an_inclination_gets_its_roles_and_what_is_said_stands() -> None:
    Path("mine.toml").write_text(
        'extends = "duel.toml"\n[actors.north]\nforbid = ["seize"]\n[actors.north.inclination]\ncall = 0.2\ncondemn = 0.0\n'
    )
    north = load("mine.toml").actors["north"].inclination
    assert north["call"] == 0.2 and north["condemn"] == 0.0
    assert north["ultimatum"] == habits_of("coercer")["ultimatum"]
    assert "seize" not in north and "hold" not in north


def test_a_variant_made_in_memory_keeps_the_habits_of_the_file() -> None:
    duel = load("duel")
    firm = duel.replace({"actors.north.resolve": 0.7})
    assert firm.actors["north"].inclination == duel.actors["north"].inclination != {}


def test_with_the_habits_of_their_role_capitals_are_quiet_on_a_third_of_days_at_least_and_talk_on_few() -> (
    None
):
    shares = shares_of_days(load("duel"), 300)
    for each in shares.values():
        assert abs(sum(each.values()) - 1) < 1e-9
        assert 0.3 < each["hold"] < 0.7
        assert each["call"] + each["offer_meeting"] < 0.1


RATES = "[rates.south]\nhold = 4\ncondemn = 2\nappeal = 1\n"


def test_rates_are_proportions_and_solved_habits_give_them() -> None:
    Path("rated.toml").write_text(
        f'extends = "duel.toml"\n{RATES.replace("4", "0.8").replace("2", "0.4").replace("1", "0.2")}'
    )
    solved, worst, _ = solve(load("rated.toml"), runs=400, tolerance=0.1, most_steps=20)
    assert worst <= 0.1
    south = shares_of_days(solved, 400)["south"]
    assert south["hold"] / south["condemn"] == pytest.approx(2, rel=0.25)
    assert south["hold"] / south["appeal"] == pytest.approx(4, rel=0.25)


def test_solved_habits_are_written_in_place_or_added_and_nothing_else_is_touched() -> None:
    base = 'extends = "duel.toml" # mine\n[rates.south]\nhold = 0.5\ncall = 0.1\n'
    Path("bare.toml").write_text(base)
    scenario = load("bare.toml")
    added = rewritten(base, scenario)
    assert added.startswith(base) and "[actors.south.inclination]\n" in added
    assert rewritten(added.replace("call = -0.350", "call = 7"), scenario) == added
    with pytest.raises(StudyError, match="table of its own"):
        rewritten(f"{base}[actors.south]\ninclination = {{ call = 0.1 }}\n", scenario)
