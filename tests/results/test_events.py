"""The event log: each cell against the Mesa model stepped by hand, and the same bytes however it was made."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

import sim
from sim.commands import main as cli
from sim.engines.mesa.agents import Coercer
from sim.engines.mesa.model import CrisisModel
from sim.engines.mesa.principal import PrincipalAgent
from sim.errors import Interrupted, StudyError
from sim.experiments.verify import Differs, verified
from sim.results import store
from sim.results.events import (
    COLUMNS,
    MOST_ROWS,
    OF_PRINCIPALS,
    events_of,
    events_table,
    piece_size,
    write_events,
)
from sim.results.folder import parquet
from sim.rules import perceive
from sim.scenario.files import load
from sim.scenario.scenario import Scenario
from tests.conftest import REPOSITORY

RUNS, DAYS = 24, 40
NAMES = ("standoff", "cuba1962", "duel")


def scenario(name: str, runs: int = RUNS, days: int = DAYS) -> Scenario:
    return load(REPOSITORY / "scenarios" / f"{name}.toml").replace({"study.runs": runs, "study.days": days})


def stepped(own: Scenario, run: int) -> pd.DataFrame:
    """The events of one run, as the Mesa model has them when it is stepped."""
    model, rows = CrisisModel(own, run=run, observed=False), []
    while model.running:
        day, before = model.day, model.world.deaths
        model.step()
        for name, actor in model.actors.items():
            signal = actor.sent
            row = {
                "run": run, "day": day, "actor": name, "role": actor.role, "signal": actor.signal, "class": signal.class_,
                "hostility": signal.hostility, "cameo": signal.cameo, "goldstein": signal.goldstein,
                "stance": getattr(actor, "stance", None), "tension": model.world.tension, "demand": model.world.demand,
                "tender": model.world.tender, "incident": model.incident,
                "outcome": "" if model.running else model.outcome.name,
            }  # fmt: skip
            principal = isinstance(actor, PrincipalAgent)
            row |= {each: getattr(actor, each) if principal else None for each in OF_PRINCIPALS}
            row["felt"] = actor.rival.felt if principal else None
            rows.append(row | {"killed": model.world.deaths - before})
    return pd.DataFrame(rows)


@pytest.mark.parametrize("name", NAMES)
def test_every_cell_is_that_of_the_model_stepped_by_hand(name: str) -> None:
    own = scenario(name)
    log = events_table(own, RUNS)
    for run in range(0, RUNS, 3):
        here, model = log[log["run"] == run].reset_index(drop=True), stepped(own, run)
        for column in model.columns.drop("killed"):
            found, wanted = here[column], model[column].astype(here[column].dtype)
            pd.testing.assert_series_equal(found, wanted, check_exact=True, obj=f"run {run}: {column}")
        control = 0.0
        if here["outcome"].iloc[-1] == "loss_of_control":
            control = own.coefficients.chance.control_deaths
        killed = here.groupby("day")["deaths"].sum()
        killed.iloc[-1] += control
        assert killed.tolist() == model.groupby("day")["killed"].first().tolist()


def test_a_wrong_rule_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    own = scenario("standoff")
    truth = events_table(own, 2)["felt"]
    right = perceive.evidence
    monkeypatch.setattr(perceive, "evidence", lambda k, fog, framework, loss: right(k, fog, 0.0, loss))
    assert not np.array_equal(events_table(own, 2)["felt"], truth, equal_nan=True)


def test_columns_are_those_that_are_told_of_in_their_order_and_types() -> None:
    table = events_of(scenario("standoff"), 0, 2)
    assert [(field.name, str(field.type).split("[")[0]) for field in table.schema] == [
        (about.name, about.type) for about in COLUMNS
    ]
    assert all(about.meaning for about in COLUMNS)


def test_dates_follow_the_start_and_are_missing_without_one() -> None:
    dated, plain = events_table(scenario("standoff"), 1), events_table(scenario("duel"), 1)
    start = scenario("standoff").start
    assert start is not None
    assert ((pd.to_datetime(dated["date"]) - pd.Timestamp(start)).dt.days == dated["day"]).all()
    assert (scenario("duel").start is None) == plain["date"].isna().all()


def test_a_run_has_a_row_an_actor_and_day_to_its_end() -> None:
    study = sim.run(scenario("standoff"), events=RUNS, save=False)
    log, rows = study.events, study.rows
    last = rows["end_day"].fillna(DAYS - 1)
    assert len(log) == (last + 1).sum() * len(study.scenario.actors)
    ends = log[log["outcome"] != ""].drop_duplicates("run")
    assert ends["day"].tolist() == last.tolist()
    assert ends["outcome"].tolist() == rows["outcome"].tolist()


# How it is made ------------------------------------------------------------------------------


def content(study: sim.Study) -> bytes:
    assert study.folder is not None
    return (study.folder / "events.parquet").read_bytes()


def test_bytes_do_not_depend_on_who_computes_nor_on_how_often_it_grew(tmp_path: Path) -> None:
    own = scenario("standoff", runs=150)
    at_once = sim.run(own, events=140, out=tmp_path, name="once", figures=False)
    by_processes = sim.run(
        own, events=140, out=tmp_path, name="processes", figures=False, executor="processes", rows=False
    )
    sim.run(own, runs=40, events=140, out=tmp_path, name="grown", figures=False)
    sim.run(own, runs=100, events=10, out=tmp_path, name="grown", figures=False)
    grown = sim.run(own, events=140, out=tmp_path, name="grown", figures=False)
    assert content(at_once) == content(by_processes) == content(grown)
    assert len(grown.events["run"].unique()) == 140
    again = sim.run(own, out=tmp_path, name="grown", figures=False)
    assert content(again) == content(grown), "what is there stays"


def test_what_was_written_already_is_not_computed_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = scenario("duel", runs=200)
    old = write_events(tmp_path / "old.parquet", own, 150)
    asked: list[int] = []

    def noted(own_: Scenario, first: int, count: int) -> pa.Table:
        asked.append(first)
        return events_of(own_, first, count)

    monkeypatch.setattr("sim.results.events.events_of", noted)
    grown = write_events(tmp_path / "grown.parquet", own, 200, old, 150)
    size = piece_size(own)
    assert asked == list(range(150 // size * size, 200, size))
    monkeypatch.undo()
    assert grown.read_bytes() == write_events(tmp_path / "new.parquet", own, 200).read_bytes()


def test_a_study_that_was_stopped_while_its_events_were_written_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = scenario("duel", runs=200)

    def stopped(own_: Scenario, first: int, count: int) -> pa.Table:
        if first:
            raise KeyboardInterrupt
        return events_of(own_, first, count)

    monkeypatch.setattr("sim.results.events.events_of", stopped)
    with pytest.raises(Interrupted):
        sim.run(own, events=200, out=tmp_path, name="stopped", figures=False)
    monkeypatch.undo()
    whole = sim.run(own, events=200, out=tmp_path, name="whole", figures=False)
    assert content(sim.run(own, events=200, out=tmp_path, name="stopped", figures=False)) == content(whole)


def test_a_piece_is_small_and_memory_does_not_grow_with_the_runs(tmp_path: Path) -> None:
    for name in NAMES:
        for days in (1, 90, 3_650):
            own = scenario(name, days=days)
            size = piece_size(own)
            assert size == 1 or size * days * len(own.actors) <= MOST_ROWS

    def peak(runs: int) -> int:
        tracemalloc.start()
        write_events(tmp_path / "peak.parquet", scenario("duel"), runs)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(64)
    assert peak(64 * 8) < 1.5 * peak(64 * 2)


# Where it is known ---------------------------------------------------------------------------


def test_verify_finds_a_changed_cell(tmp_path: Path) -> None:
    study = sim.run(scenario("duel"), events=RUNS, out=tmp_path, figures=False)
    assert study.folder is not None
    assert any("events of" in line for line in verified(study.folder, 1))
    file = study.folder / "events.parquet"
    table = pq.read_table(file)
    fear = table["fear"].to_numpy().copy()
    fear[0] += 1e-9
    changed = table.set_column(table.schema.get_field_index("fear"), "fear", pa.array(fear))
    pq.write_table(changed, file, compression="zstd", row_group_size=len(table))
    manifest = store.read_manifest(study.folder)
    assert manifest is not None
    store.write(
        study.folder,
        {name: study.folder / name for name in manifest["files"]},
        {key: value for key, value in manifest.items() if key not in ("files", "format")},
    )
    with pytest.raises(Differs, match="other events"):
        list(verified(study.folder, 1))


def test_a_study_without_events_says_so_and_own_actors_have_none() -> None:
    study = sim.run(scenario("duel"), save=False)
    with pytest.raises(StudyError, match="--events"):
        study.events  # noqa: B018
    with pytest.raises(StudyError, match="standard actors"):
        sim.run(scenario("duel"), actors={"north": Coercer}, events=1, save=False)
    with pytest.raises(StudyError, match="--events is -1"):
        sim.run(scenario("duel"), events=-1, save=False)


def test_the_command_keeps_them_and_export_writes_them(tmp_path: Path) -> None:
    results = str(tmp_path / "results")
    file = str(REPOSITORY / "scenarios" / "duel.toml")
    runner = CliRunner()
    ran = runner.invoke(
        cli.brink,
        [
            "run",
            file,
            "--runs",
            "20",
            "--days",
            "9",
            "--events",
            "5",
            "--out",
            results,
            "--name",
            "mine",
            "--no-figures",
        ],
    )
    assert ran.exit_code == 0, ran.output
    assert runner.invoke(cli.brink, ["export", "mine", "--results", results]).exit_code == 0
    exported = pd.read_csv(tmp_path / "results" / "mine-csv" / "events.csv")
    kept = sim.open_study("mine", results).events
    assert exported["run"].tolist() == kept["run"].tolist()
    assert np.array_equal(exported["fear"], kept["fear"], equal_nan=True)
    assert set(exported["run"]) == set(range(5))
    assert parquet(kept)


def test_a_dry_run_counts_what_the_events_take() -> None:
    file = str(REPOSITORY / "scenarios" / "standoff.toml")
    plain, logged = (
        json.loads(CliRunner().invoke(cli.brink, ["run", file, "--dry-run", "--json", *more]).output)[
            "studies"
        ][0]["bytes"]
        for more in ((), ("--events", "100"))
    )
    own = scenario("standoff", runs=100, days=90)
    written = len(parquet(events_table(own, 100)))
    assert 0.5 * (logged - plain) < written < logged - plain
