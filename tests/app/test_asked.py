"""The address of a page: the keys of ``--set``, and nothing taken on trust."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("jinja2", reason='the page is not installed; pip install "brink[app]"')

import sim
from sim.app import fragments, numbers
from sim.app.asked import RUNS, Asked, parsed
from sim.app.colours import standing_alone
from sim.app.keep import as_file, as_toml, runs_of_study
from sim.app.live import OTHERS, Answers, View, last, views
from sim.app.strips import points
from sim.errors import StudyError
from sim.scenario.find import SHIPPED, scenario_files
from sim.schema.outcomes import REPORTED
from sim.terminal.inputs import loaded

FIRM = "scenario=duel&actors.south.resolve=0.7&runs=300"


@pytest.fixture(scope="module")
def answers() -> Answers:
    return Answers()


@pytest.fixture(scope="module")
def firm(answers: Answers) -> View:
    return last(parsed(FIRM)[0], answers)


def test_an_address_means_what_set_means() -> None:
    asked, told = parsed(FIRM)
    (by_command,) = loaded(["duel"], ["actors.south.resolve=0.7"])
    assert not told
    assert asked.scenario.document() == by_command.document()
    assert asked.address() == "scenario=duel&runs=300&actors.south.resolve=0.7"
    assert asked.command() == "brink run duel --set actors.south.resolve=0.7 --runs 300"


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("scenario=../../etc/passwd", "there is no scenario"),
        ("runs=1e9", "between 64 and 100,000; taken as 10,000"),
        ("runs=99999999999999999999999", "taken as"),
        ("seed=99999999999999999999999999", "between 0 and"),
        ("actors.caracas.resolve=nan", "no number"),
        ("actors.caracas.resolve=1e999", "beyond what is allowed"),
        ("actors.caracas.resolve=9", "beyond what is allowed; taken as 1"),
        ("actors.caracas.nerve=0.5", "no number of this scenario"),
        ("actors.caracas.seat=7", "no number of this scenario"),
        ("baseline=results/../../etc", "there is no study"),
        ("%00=%1b[2J&<script>=1", "no number of this scenario"),
        ("world.framework=[[[[[[[[[[[[", "left out"),
    ],
)
def test_what_cannot_be_is_said_in_words_and_left_out(address: str, said: str) -> None:
    asked, told = parsed(address)
    assert any(said in line for line in told), told
    assert all(line.isprintable() for line in told)
    assert RUNS[0] <= asked.runs <= RUNS[1]
    assert asked.scenario.study.days == 90


def test_a_page_reloaded_asks_for_the_same() -> None:
    for address in (FIRM, "seed=7&run=5&baseline=calm&levers=world.sanctions&actors.caracas.suspicion=-0.25"):
        asked, told = parsed(address)
        again, _ = parsed(asked.address())
        assert not told
        assert again.address() == asked.address()
        assert again.scenario is not None and again.scenario.document() == asked.scenario.document()


def test_every_shipped_scenario_has_levers_that_hold_its_own_numbers() -> None:
    for file in scenario_files(SHIPPED):
        asked = parsed(f"scenario={file.stem}")[0]
        assert len(asked.shown) >= 9
        for lever in asked.levers.values():
            assert lever.allowed[0] <= lever.least <= lever.value <= lever.most <= lever.allowed[1], lever.key
            assert lever.least <= lever.low <= lever.high <= lever.most, lever.key
            steps = (lever.value - lever.least) / lever.step
            assert abs(steps - round(steps)) < 1e-3 or (lever.most - lever.least) / lever.step >= 1000, (
                lever.key
            )


def test_a_number_put_back_is_no_setting() -> None:
    asked = parsed(FIRM)[0]
    own = asked.levers["actors.south.resolve"].value
    assert not asked.setting("actors.south.resolve", own).settings


CLAIM = """extends = "duel.toml"
title = "Claim of mine"
arms = [{ name = "as_is" }, { name = "firm", set = { world.framework = 0.8 } }]
claim = { says = "It helps.", mark = "emergent", primary = "war", expect = "lower" }
"""


def test_arms_sweep_claims_and_sights_are_ready_made_changes_of_numbers(tmp_path: Path) -> None:
    (tmp_path / "scenarios" / "mine.toml").write_text(CLAIM)
    own, duel = (parsed(f"scenario={name}")[0] for name in ("claims/framework", "duel"))
    found = [{each.group for each in asked.presets} for asked in (own, duel)]
    assert found[0] == {"What both capitals see", "Arms", "Sweep: suspicion of both capitals"}
    assert found[1] == {"What both capitals see", "Claim of mine"}
    mine = next(each for each in duel.presets if each.group == "Claim of mine")
    assert (mine.title, dict(duel.taking(mine).settings)) == ("firm", {"world.framework": 0.8})


def test_arms_that_set_more_than_numbers_are_no_ready_made_changes() -> None:
    groups = {each.group for each in parsed("scenario=claims/airspace")[0].presets}
    assert "Arms" not in groups


def test_ready_made_sights_are_played_as_the_counterfactuals(answers: Answers) -> None:
    asked = parsed("scenario=standoff&runs=300")[0]
    seen = [
        last(asked.taking(each), answers) for each in asked.presets if each.group == "What both capitals see"
    ]
    whole = last(asked, answers)
    for view, sight in zip(seen, OTHERS, strict=True):
        assert (view.answer.outcome == whole.now[sight].outcome).all()
        assert (view.answer.end_day == whole.now[sight].end_day).all()


# What is known --------------------------------------------------------------------------------


def test_numbers_of_the_page_are_those_of_a_run_digit_for_digit(firm: View) -> None:
    (scenario,) = loaded(["duel"], ["actors.south.resolve=0.7"])
    study = sim.run(scenario, runs=300, save=False).summary()
    before = sim.run("duel", runs=300, save=False).summary()
    for row, name in zip(numbers.table(firm), REPORTED, strict=True):
        made = study.loc[name]
        assert (row["count"], row["rate"], row["low"], row["high"]) == tuple(
            made[each] for each in ("count", "rate", "low", "high")
        ), name
        assert row["baseline"] == before.loc[name, "rate"]


def test_the_parts_of_war_add_up_to_war(firm: View) -> None:
    parts = [firm.part(name) for name in ("structural", "private", "misperception")]
    values = [getattr(each, "rate", None) or getattr(each, "value", None) or 0.0 for each in parts]
    assert sum(values) == pytest.approx(firm.answer.share("war").rate, abs=1e-12)


def test_the_first_view_comes_though_the_hand_moves_on_and_no_other_does(answers: Answers) -> None:
    found = list(views(parsed("scenario=duel&actors.north.resolve=0.61")[0], answers, lambda: True))
    assert [view.whole for view in found] == [False]


def test_of_a_hundred_crises_all_are_somewhere_every_day(firm: View) -> None:
    from sim.app.course import _shares, legend, readings

    assert sum(count for *_, count in legend(firm)) == 100
    assert abs(_shares(firm.answer).sum(axis=1) - 1).max() < 1e-12
    assert len(readings(firm)) == 91
    assert all("of 100 crises" in said for said in readings(firm)[1:])


def test_titles_from_files_are_escaped(tmp_path: Path, answers: Answers) -> None:
    evil = "</title><script>alert(1)</script>"
    text = f'extends = "duel.toml"\ntitle = "{evil}"\n[actors.north]\ntitle = "{evil}"\n'
    (tmp_path / "scenarios" / "evil.toml").write_text(text)
    asked = parsed("scenario=evil&runs=64")[0]
    assert asked.name == "evil"
    view = next(views(asked, answers, lambda: True))
    everything = [
        fragments.choices(asked),
        fragments.levers(asked),
        fragments.cards(view),
        fragments.course(view, 800, None),
        fragments.signals(view, 800),
        fragments.table(view),
        fragments.links(asked),
        standing_alone(fragments.signals(view, 800), asked.base.title),
    ]
    for part in everything:
        assert "<script" not in part
    assert sum("&lt;script" in part for part in everything) >= 4


def test_a_difference_of_nothing_has_no_sign() -> None:
    assert [points(x) for x in (0.0, -0.0004, 0.012, -0.012)] == ["0.0", "0.0", "+1.2", "−1.2"]


# What is taken away ---------------------------------------------------------------------------


def test_the_scenario_taken_away_gives_the_same_numbers(tmp_path: Path) -> None:
    asked = parsed("scenario=claims/framework&actors.caracas.resolve=0.7&world.loss_of_control=0.001&seed=3")[
        0
    ]
    (tmp_path / "taken.toml").write_text(as_toml(asked))
    taken = sim.load(tmp_path / "taken.toml")
    words = {"title": "x", "description": "x"}
    assert taken.replace(words).digest() == asked.scenario.replace(words).digest()
    assert taken.study.seed == 3


def test_numbers_taken_away_are_the_table(answers: Answers, firm: View) -> None:
    text = as_file("numbers.csv", parsed(FIRM)[0], answers)
    assert text is not None
    first = text.split("\n")[1].split(",")
    assert first[:2] == ["war", str(firm.answer.counts["war"])]
    assert float(first[3]) == firm.answer.share("war").rate


def test_a_drawing_taken_away_stands_alone(answers: Answers) -> None:
    for name in ("days.svg", "signals.svg"):
        text = as_file(name, parsed(FIRM)[0], answers)
        assert text is not None and text.startswith("<svg")
        assert "var(" not in text and "light-dark" not in text and "href" not in text
        assert "brink run duel" in text


def test_there_is_no_other_file_to_take(answers: Answers) -> None:
    assert as_file("passwd", Asked("duel", sim.load("duel")), answers) is None


@pytest.mark.parametrize("given", ["", "99", "1000001", "1e5", "-5", None, "9" * 400, "٣٠٠"])
def test_a_study_of_too_many_or_too_few_runs_is_refused(given: object) -> None:
    with pytest.raises(StudyError, match="100 to 1,000,000 runs"):
        runs_of_study(given)
