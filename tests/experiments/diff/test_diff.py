"""What differs between two scenarios, and what follows: worked out by hand, and against other ways of running them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sim.commands.main import brink
from sim.errors import ScenarioError, StudyError
from sim.experiments.diff.question import Diff, asked, diff
from sim.experiments.runner import open_answer
from sim.reports.tables import found
from sim.scenario.files import load

DUEL = "scenarios/duel.toml"
SMALL = ("--runs", "256", "--days", "10", "--no-figures")


def typed(*words: str) -> Result:
    return CliRunner().invoke(brink, ["diff", *words])


def test_every_value_that_differs_has_a_row_with_its_unit_and_its_change() -> None:
    one = load(DUEL)
    other = one.replace({"world.readout_share": 0.75, "actors.south.forbid": ["mobilise"], "study.days": 20})
    table = diff(one, other, 0, save=False).table().set_index("key")
    assert set(table.index) == {"world.readout_share", "actors.south.forbid", "study.days"}
    trust = table.loc["world.readout_share"].to_dict()
    assert (trust["unit"], trust["label"]) == ("share", "world: readout share")
    assert (float(trust["a"]), float(trust["b"])) == (one.world.readout_share, 0.75)
    assert trust["change"] == 0.75 - one.world.readout_share
    assert (table.loc["actors.south.forbid", "a"], table.loc["actors.south.forbid", "b"]) == (
        "none",
        "mobilise",
    )
    assert table["change"].isna().to_dict() == {
        "world.readout_share": False,
        "actors.south.forbid": True,
        "study.days": False,
    }


def test_what_one_has_and_the_other_lacks_is_named() -> None:
    table = diff(load("standoff"), load("calm"), 0, save=False).table().set_index("key")
    assert table.loc["actors.oslo.voice", "a"] == "–"
    assert float(str(table.loc["actors.oslo.voice", "b"])) == load("calm").third_party("oslo").voice


def test_words_and_sources_are_no_differences() -> None:
    one = load(DUEL)
    other = one.replace({"title": "Another name", "description": "Other words."})
    answer = diff(one, other, 100, save=False)
    assert answer.table().empty
    assert list(answer.tables) == ["numbers"]  # the same runs would come out: none is played
    assert "No value differs" in answer.brief()


def test_what_follows_is_the_paired_difference_of_both_run_by_run() -> None:
    from sim.engines.batch.engine import Program

    one = load(DUEL)
    other = one.replace({"actors.south.resolve": 0.9})
    table = diff(one, other, 500, days=15, seed=3, save=False).table("differences")
    wars = []
    for each in (one, other):
        outcomes = Program.of(each).simulate(3, 0, 500, 15).rows["outcome"]
        wars.append([int(outcome) for outcome in outcomes])
    from sim.schema.outcomes import WARS

    counts = [sum(outcome in WARS for outcome in runs) for runs in wars]
    row = found(table, observable="war")
    assert row["value"] == pytest.approx((counts[1] - counts[0]) / 500, abs=1e-12)
    assert row["gained"] == sum(b in WARS and a not in WARS for a, b in zip(*wars, strict=True))
    assert row["low"] <= row["value"] <= row["high"]


def test_the_larger_the_sample_the_same_first_runs() -> None:
    """A difference of values alone is kept without counts; one that is played has them, and is read again."""
    one, other = load(DUEL), load(DUEL).replace({"world.readout_share": 0.9})
    first = diff(one, other, 128, days=5, figures=False)
    assert first.folder is not None
    before = {path.name: path.stat().st_mtime_ns for path in first.folder.iterdir()}
    assert {"manifest.json", "numbers.parquet", "differences.parquet", "report.md", "runs.npz"} == set(before)
    again = diff(one, other, 128, days=5, figures=False)
    assert {path.name: path.stat().st_mtime_ns for path in first.folder.iterdir()} == before
    opened = open_answer(first.folder)
    assert opened is not None
    assert opened.question == again.question
    assert opened.report() == first.report()


def test_two_of_one_name_are_told_apart() -> None:
    one = load(DUEL)
    question = asked(one, one.replace({"world.readout_share": 0.9}), 0)
    assert isinstance(question, Diff)
    assert list(question.scenarios) == ["duel", "duel readout_share=0.9"]
    assert question.subject == "duel and duel readout_share=0.9"
    same = asked(one, one, 0)
    assert isinstance(same, Diff)
    assert list(same.scenarios) == ["duel", "duel-2"]


@pytest.mark.parametrize(("runs", "said"), [(-1, "runs is -1"), (10**13, "runs is")])
def test_runs_that_are_not_allowed_are_refused(runs: int, said: str) -> None:
    with pytest.raises(StudyError, match=said):
        diff(load(DUEL), load("calm"), runs, save=False)


# The command ------------------------------------------------------------------------------------


def test_scenarios_are_found_by_name_and_changed_by_set() -> None:
    both = typed("duel", DUEL, "--set", "world.readout_share=0.9", *SMALL)
    alone = typed("duel", "--set", "world.readout_share=0.9", *SMALL)
    assert both.exit_code == alone.exit_code == 0, both.output + alone.output
    assert both.stdout == alone.stdout
    assert "world.readout_share" in both.stdout
    assert "256 runs of each over 10 days" in both.stdout


def test_json_has_the_rows_of_both_tables_and_a_dry_run_writes_nothing() -> None:
    words = ("duel", "--set", "world.readout_share=0.9", *SMALL, "--json")
    assert "plain_runs" in json.loads(typed(*words, "--dry-run").stdout)
    assert not Path("results").exists()
    told = json.loads(typed(*words).stdout)
    assert [row["key"] for row in told["numbers"]] == ["world.readout_share"]
    assert {row["observable"] for row in told["differences"]} >= {"war", "exit", "settlement"}
    assert told["folder"].startswith("results/duel-vs-duel-readout_share-0.9-diff-")


def test_kept_results_are_compared_by_the_scenarios_that_they_hold() -> None:
    ran = CliRunner().invoke(
        brink,
        [
            "sweep",
            "duel",
            "--vary",
            "world.readout_share=0.2,0.4",
            "--runs",
            "64",
            "--days",
            "5",
            "--no-figures",
            "--name",
            "swept",
        ],
    )
    assert ran.exit_code == 0, ran.output
    told = json.loads(typed("swept", "duel", "--json").stdout)
    assert {row["key"] for row in told["numbers"]} == {"study.runs", "study.days"}
    assert "differences" not in told  # a result was given, and no runs were asked for


def test_mistakes_are_told_in_plain_words() -> None:
    for words, said in (
        (("duel",), "give two"),
        (("duel", "nowhere"), "nowhere"),
        (("duel", "calm", "--set", "world.trst=1"), "world.trst"),
        (("duel", "calm", "--runs", "-1"), "--runs is -1"),
    ):
        result = typed(*words)
        assert result.exit_code == 2, result.output
        assert said in result.stderr
        assert result.stdout == ""
    with pytest.raises(ScenarioError):
        load("duell")
