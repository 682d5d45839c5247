"""A crisis of one's own: `brink new --coercer … --target …`, `brink check`, `brink habits`."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.engines.batch.engine import Program
from sim.scenario.files import load
from sim.schema.outcomes import WARS, Outcome
from tests.commands.test_cli import brink, failed

FALKLANDS = ("--coercer", "London", "--target", "Buenos Aires", "--third", "Washington, Lima")


def test_a_whole_scenario_runs_and_no_end_is_certain_or_out_of_reach() -> None:
    assert brink("new", "falklands", *FALKLANDS).exit_code == 0
    scenario = load("falklands")
    assert scenario.seats == ("london", "buenos_aires", "washington", "lima")
    assert scenario.label("buenos_aires") == "Buenos Aires"
    ends = Program.of(scenario).simulate(1, 0, 2000, 90).rows["outcome"]
    share = {outcome: float((ends == outcome).mean()) for outcome in Outcome}
    assert 0.05 < sum(share[war] for war in WARS) < 0.4
    assert min(share[Outcome.exit], share[Outcome.settlement], share[Outcome.deescalation]) > 0.01
    assert max(share.values()) < 0.65


def test_a_whole_scenario_surprises_with_nothing_but_its_habits() -> None:
    brink("new", "falklands", *FALKLANDS)
    checked = brink("check", "falklands")
    assert checked.exit_code == 0
    assert checked.stdout.count("note:") == 1 and "habits of their role" in checked.stdout


def test_letters_beyond_ascii_make_a_key_and_stay_in_the_title() -> None:
    assert brink("new", "dispute", "--coercer", "Brasília", "--target", 'Bogotá «"x"»').exit_code == 0
    assert load("dispute").label("brasilia") == "Brasília"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--coercer", "London"), "needs --coercer and --target"),
        (("--coercer", "A", "--target", "B", "--extends", "duel"), "without --extends"),
        (("--coercer", "Lima", "--target", "LIMA"), "called lima"),
        (("--coercer", "北京", "--target", "B"), "a letter from a to z"),
        (("--coercer", "A\nrole = 1", "--target", "B"), "no good name"),
        (("--coercer", "A", "--target", "B", "--third", ",".join(f"C{n}" for n in range(15))), "at most 14"),
    ],
)  # fmt: skip
def test_what_no_scenario_can_be_made_of_is_refused_and_nothing_is_written(
    words: tuple[str, ...], message: str
) -> None:
    assert message in failed(brink("new", "mine", *words))
    assert not Path("scenarios/mine.toml").exists()


def test_habits_are_shown_for_each_actor_and_say_what_they_are_measured_by() -> None:
    told = brink("habits", "duel", "--runs", "100").stdout
    assert "hold is 0" in told and "of 100 days" in told
    assert "North, coercer" in told and "South, target" in told
    assert max(map(len, told.splitlines())) <= 80


def test_solved_habits_are_written_into_the_file_and_shipped_files_are_left_alone() -> None:
    Path("mine.toml").write_text(
        'extends = "duel.toml"\n[rates.south]\nhold = 4\ncondemn = 2\n'.replace("4", "0.8").replace(
            "2", "0.4"
        )
    )
    assert "inclinations written" in brink("habits", "mine.toml", "--write", "--runs", "200").stdout
    assert load("mine.toml").actors["south"].inclination["condemn"] != 0.0
    before = Path("mine.toml").read_text()
    assert "has no [rates.ACTOR] tables" in failed(brink("habits", "duel", "--write"))
    assert Path("mine.toml").read_text() == before
