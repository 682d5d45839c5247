"""History as a question: the record that ships, verdicts, who computes, what a stop costs, who knows the folder."""

from __future__ import annotations

import json
import pickle
import signal
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result
from matplotlib.text import Text

from sim.commands.main import brink
from sim.errors import StudyError
from sim.experiments.history import tables
from sim.experiments.history.figures import DRAWN
from sim.experiments.history.measures import STATISTICS
from sim.experiments.history.question import history
from sim.experiments.history.report import label, missed
from sim.experiments.history.tables import FEW, INSIDE, OPEN, OUTSIDE, record
from sim.experiments.runner import Answer, open_answer
from sim.figures.style import encoded
from tests.conftest import in_a_new_process

ASKED = [
    *("history", "standoff", "--runs", "400", "--days", "66", "--seed", "3"),
    *("--points", "3", "--point-runs", "20", "--horizon", "70"),
]
TABLES = ["history", "groups", "replies"]
GROUPS = 50
LEAST_TEXT = 7.0  # points


def typed(*words: str) -> Result:
    return CliRunner().invoke(brink, list(words))


def asked(*more: str) -> Result:
    return typed(*ASKED, "--name", "mine", *more)


def answered(*more: str, out: str = "results") -> Answer:
    result = asked("--no-figures", "--out", out, *more)
    assert result.exit_code == 0, result.output
    found = open_answer("mine", out)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def answer() -> Answer:
    return history("standoff", runs=400, days=66, seed=3, points=3, point_runs=20, horizon=70, save=False)


def same_tables(one: Answer, other: Answer) -> None:
    for name in TABLES:
        pd.testing.assert_frame_equal(one.table(name), other.table(name), check_exact=True)


# The record ----------------------------------------------------------------------------------------


def test_every_figure_of_the_record_has_a_source_an_interval_that_holds_it_and_a_statistic() -> None:
    found = record()
    assert len(found) > 350
    assert found["name"].is_unique
    assert (found["low"] <= found["value"]).all() and (found["value"] <= found["high"]).all()
    assert (found["n"] > 0).all()
    assert (found[["group", "source", "how"]].to_numpy() != "").all()
    assert set(found["unit"]) == {"share", "days", "ratio", "correlation", "difference", "count"}
    assert {str(words).split()[0] for words in found["statistic"]} == {*STATISTICS}
    assert set(DRAWN.values()) <= set(found["group"])


def test_base_rates_of_replies_are_those_of_the_record_whatever_came_before() -> None:
    found = record()
    parts = found["statistic"].str.split()
    for name, at in (("reply", 3), ("repeat", 3)):
        here = found[parts.str[0] == name]
        keys = [here["source"], parts[here.index].str[at]]
        pooled = (here["value"] * here["n"]).groupby(keys).sum() / here["n"].groupby(keys).sum()
        first = here["base_rate"].groupby(keys)
        assert (first.max() == first.min()).all()
        assert np.allclose(first.first(), pooled, rtol=1e-3)


def test_no_label_shows_what_the_record_calls_it() -> None:
    assert not [
        name for name in record()["name"] if any(mark in label(name) for mark in ("_", "->", "icb", "icews"))
    ]


# What is said of it --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "n", "words", "ends", "horizon", "verdict"),
    [
        (0.5, 100, "negative", (0.4, 0.5), np.inf, INSIDE),
        (0.51, 100, "negative", (0.4, 0.5), np.inf, OUTSIDE),
        (0.5, 29, "negative", (0.4, 0.5), np.inf, FEW),
        (np.nan, 100, "negative", (0.4, 0.5), np.inf, FEW),
        (np.inf, 100, "lasted all 90", (300.0, 400.0), 90, OPEN),
        (80.0, 100, "lasted all 75", (177.0, 233.0), 90, OUTSIDE),
        (80.0, 100, "lasted full_scale_war 50", (131.0, 230.0), 90, OPEN),
        (80.0, 100, "lasted full_scale_war 50", (70.0, 230.0), 90, INSIDE),
    ],
)
def test_verdicts(
    value: float, n: int, words: str, ends: tuple[float, float], horizon: float, verdict: str
) -> None:
    assert tables._verdict(value, n, words, ends, horizon) == verdict


def test_counts_by_group_are_those_of_the_rows(answer: Answer) -> None:
    rows, groups = answer.table("history"), answer.table("groups")
    each: list[Any] = groups.to_dict("records")
    for found in each:
        here = rows[rows["sample"] == found["sample"]]
        here = here if found["group"] == "all" else here[here["group"] == found["group"]]
        assert found["rows"] == len(here)
        assert found["inside"] == (here["verdict"] == INSIDE).sum()
        assert found["comparable"] == here["verdict"].isin([INSIDE, OUTSIDE]).sum()
        assert (
            found["same_way"] + found["other_way"] <= found["departures"] <= found["paired"] <= found["based"]
        )
    inside = rows[rows["verdict"] == INSIDE]
    assert inside["value"].between(inside["record_low"] - 1e-4, inside["record_high"] + 1e-4).all()
    finite = rows[np.isfinite(rows["value"]) & rows["low"].notna()]
    assert (finite["low"] <= finite["high"]).all()


def test_the_page_says_how_many_lie_inside_and_names_the_worst_miss(answer: Answer) -> None:
    page, rows = answer.report(), answer.table("history")
    for sample in ("scenario", "population"):
        here = rows[rows["sample"] == sample]
        inside, comparable = (here["verdict"] == INSIDE).sum(), here["verdict"].isin([INSIDE, OUTSIDE]).sum()
        assert f"**The {sample}: {inside} of {comparable} comparable rows inside**" in page
        worst = missed(here)
        assert label(worst[worst["level"]]["statistic"].iloc[0]) in page
    assert "## What the model cannot do" in page


def test_figures_can_be_read_at_page_width(answer: Answer) -> None:
    assert answer.figures == ("history", *(f"history-{name}" for name in DRAWN))
    for name in answer.figures[:3]:
        figure = answer.plot(name)
        encoded(figure, "png")
        assert figure.get_figwidth() <= 8.5
        texts = figure.findobj(Text)
        sizes = [float(each.get_fontsize()) for each in texts if isinstance(each, Text) and each.get_text()]
        assert min(sizes) >= LEAST_TEXT


def test_more_is_recorded_with_a_larger_share() -> None:
    """The same runs: with every act recorded, replies to incidents come sooner."""
    plain, every = (
        history("standoff", runs=400, days=66, points=0, share=share, save=False)
        .table()
        .set_index("statistic")
        for share in (1.0, 10.0)
    )
    name = "midi.all.days_to_other_side_incident.q50"
    assert float(every["value"].to_dict()[name]) < float(plain["value"].to_dict()[name])
    assert set(plain["sample"]) == {"scenario"}


# As any question -----------------------------------------------------------------------------------


def test_the_same_comes_of_any_executor_and_of_another_process() -> None:
    one, many = (answered("--executor", f"threads:{n}", out=f"by{n}") for n in (1, 3))
    same_tables(one, many)
    stages = one.question.stages()
    for stage in stages:
        here = stage.experiment.compute(1, 1)
        there = pickle.loads(pickle.dumps(stage.experiment)).compute(1, 1)
        assert {key: array.tobytes() for key, array in here.items()} == {
            key: array.tobytes() for key, array in there.items()
        }


def test_what_was_killed_goes_on_where_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    from sim.experiments.history.counts import RecordedCrises

    whole = answered("--executor", "threads:1", out="whole")
    words = [*ASKED, "--name", "mine", "--no-figures", "--executor", "threads:1"]
    with pytest.raises(subprocess.CalledProcessError) as stopped:
        in_a_new_process(
            "import os, signal\n"
            "from sim.commands.main import brink\n"
            "from sim.experiments.history.counts import RecordedCrises as Killed\n"
            "compute = Killed.compute\n"
            "def killed(self, first, count):\n"
            "    if self.units == 3:\n"
            "        os.kill(os.getpid(), signal.SIGKILL)\n"
            "    return compute(self, first, count)\n"
            "Killed.compute = killed\n"
            f"brink.main({words!r})\n"
        )
    assert stopped.value.returncode == -signal.SIGKILL
    compute, done = RecordedCrises.compute, list[int]()

    def noted(self: RecordedCrises, first: int, count: int) -> Any:
        done.append(self.units)
        return compute(self, first, count)

    monkeypatch.setattr(RecordedCrises, "compute", noted)
    same_tables(answered("--executor", "threads:1"), whole)
    assert set(done) == {3}  # the groups of the scenario were kept


def test_a_dry_run_says_what_all_stages_cost_and_writes_nothing() -> None:
    told = json.loads(asked("--dry-run", "--json").stdout)
    assert not Path("results").exists()
    question = answered().question
    stages = list(question.stages())
    assert told["plain_runs"] == round(sum(s.experiment.units * s.experiment.weight for s in stages))
    assert [(s.name, s.experiment.units) for s in stages] == [("scenario", GROUPS), ("population", 3)]


def test_the_folder_is_known_to_all_that_read_results() -> None:
    result = asked()
    assert result.exit_code == 0, result.output
    found = open_answer("mine")
    assert found is not None and found.folder is not None
    assert {path.name for path in found.folder.iterdir()} == {
        "manifest.json",
        "report.md",
        "scenario.npz",
        "population.npz",
        *(f"{name}.parquet" for name in TABLES),
        *(f"{name}.png" for name in found.figures),
    }
    assert (found.folder / "report.md").read_text() == found.report()
    listed = json.loads(typed("list", "--json").stdout)["results"]
    assert [(each["folder"], each["what"]) for each in listed] == [("results/mine", "history")]
    assert "comparable rows inside" in typed("show", "mine").stdout
    assert typed("plot", "mine", "--figure", "history-duration").exit_code == 0
    assert typed("export", "mine").exit_code == 0
    assert len(pd.read_csv("results/mine-csv/history.csv")) == 2 * len(record())
    verified = typed("verify", "mine")
    assert verified.exit_code == 0, verified.output
    told = json.loads(asked("--no-figures", "--json").stdout)
    assert told == json.loads(json.dumps(found.to_json()))
    assert [len(told[name]) for name in TABLES] == [len(found.table(name)) for name in TABLES]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"runs": 99}, "99 runs; at least 100 are needed"),
        ({"point_runs": 1}, "1 runs a point; at least 2 are needed"),
        ({"points": 1}, "1 points are not between 2 and"),
        ({"horizon": 0}, "horizon is 0; it must be a whole number between 1 and 3650"),
        ({"share": 0.0}, "recording is 0; it must be above 0"),
    ],
)
def test_what_cannot_be_asked_is_refused(given: dict[str, Any], said: str) -> None:
    with pytest.raises(StudyError, match=said):
        history("standoff", save=False, **given)
