"""Claims: verdicts by their rule, a lever whose effect is known, the files that ship, and a report that says what was found."""

from __future__ import annotations

import json
import tomllib
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result
from matplotlib.text import Text

import sim
from sim.commands import main as cli
from sim.errors import ScenarioError, StudyError
from sim.experiments.claims import findings as findings_module
from sim.experiments.claims.figures import forest_of, forest_of_all
from sim.experiments.claims.findings import Finding, flips, together, verdict
from sim.experiments.claims.question import Claims, Effort, asked, examine
from sim.experiments.claims.report import page
from sim.experiments.runner import Answer
from sim.figures.interval_axes import signed
from sim.reports.numbers import difference_words as words
from sim.schema.claims import Expect, Mark, Observable
from sim.statistics.differences import Difference
from tests.conftest import REPOSITORY

CLAIMS = sorted((REPOSITORY / "scenarios" / "claims").glob("*.toml"))
TINY = Effort(runs=150, draws=4, draw_runs=40)

UP = Difference(1000, 0.02, 0.01, 0.03, 0.005, "")
DOWN = Difference(1000, -0.02, -0.03, -0.01, 0.005, "")
UNSURE = Difference(10_000, 0.02, -0.01, 0.05, 0.015, "")
NOTHING = Difference(10_000, 0.0, -0.001, 0.001, 0.0, "")
UNTOLD = "not distinguishable from 0 at n = 10,000"


# Verdicts -------------------------------------------------------------------------------------


@pytest.mark.parametrize("mark", ["emergent", "conditional"])
@pytest.mark.parametrize(
    ("expect", "difference", "said"),
    [
        ("higher", UP, "supported"),
        ("higher", DOWN, "contradicted"),
        ("lower", DOWN, "supported"),
        ("lower", UP, "contradicted"),
        ("higher", UNSURE, UNTOLD),
        ("lower", UNSURE, UNTOLD),
        ("higher", NOTHING, UNTOLD),
        ("none", UP, "a finding"),
        ("none", NOTHING, "a finding"),
    ],
)
def test_a_verdict_follows_from_sign_and_interval(
    mark: Mark, expect: Expect, difference: Difference, said: str
) -> None:
    assert verdict(mark, expect, difference) == said


@pytest.mark.parametrize("difference", [UP, DOWN, UNSURE, NOTHING])
@pytest.mark.parametrize("expect", ["higher", "lower"])
def test_an_assumed_sign_is_never_supported(expect: Expect, difference: Difference) -> None:
    assert verdict("assumed", expect, difference) == f"assumed; size = {words(difference)}"


@pytest.mark.parametrize(
    ("others", "decides"),
    [
        (("supported", "supported"), "supported"),
        (("supported", "contradicted", UNTOLD), "contradicted"),
        (("assumed; size = +3 points (2 to 4)", "supported", UNTOLD), "not distinguishable"),
        (("assumed; size = +3 points (2 to 4)", "supported"), "assumed"),
    ],
)
def test_of_several_quantities_a_claim_is_supported_only_if_all_are(
    others: tuple[str, ...], decides: str
) -> None:
    names: tuple[Observable, ...] = ("exit", "war", "settlement")
    said = together(dict(zip(names, others, strict=False)))
    assert said.startswith(f"{decides}: exit {others[0]}, war {others[1]}")


def swept(*values: float) -> pd.DataFrame:
    """A sweep over 0, 1, 2, … of differences, of which those beyond ±1 are sure."""
    rows = [{"at": i, "value": x, "distinguishable": abs(x) > 1} for i, x in enumerate(values)]
    return pd.DataFrame(rows)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ((-3, -2, -0.5, 0.5, 2), "the sign flips between 1 and 4 of fear"),
        ((-3, 2, 3, -2), "the sign flips between 0 and 1 and between 2 and 3 of fear"),
        ((2, 0.5, -0.5, 3), "the sign flips nowhere for fear from 0 to 3"),
        ((0.5, -0.5), "no sign can be told for fear from 0 to 1"),
    ],
)
def test_a_sign_flips_between_the_nearest_values_at_which_it_is_sure(
    values: tuple[float, ...], said: str
) -> None:
    assert flips(swept(*values), "fear") == said


# Known answers --------------------------------------------------------------------------------


def claimed(arms: list[dict[str, Any]], **claim: Any) -> Finding:
    """What comes of a claim about arms of the standoff."""
    own = {"says": "A claim.", "mark": "emergent", "primary": "war", "expect": "lower"} | claim
    scenario = sim.load("scenarios/standoff.toml").replace({"arms": arms, "claim": own})
    [found] = findings_in(examine(scenario, TINY, save=False))
    return found


def findings_in(answer: Answer) -> list[Finding]:
    assert isinstance(answer.question, Claims)
    return answer.question.findings(answer.tables)


def test_who_may_not_go_to_war_fights_only_by_losing_control(monkeypatch: pytest.MonkeyPatch) -> None:
    hands = {"washington": {"forbid": ["raid", "invade"]}, "caracas": {"forbid": ["attack"]}}
    both: list[dict[str, Any]] = [{"name": "as_is"}, {"name": "tied", "set": {"actors": hands}}]
    monkeypatch.setattr(findings_module, "LEAST_DRAWS", TINY.draws)
    found = claimed(both, also=["miscalculated"])
    arms = found.tables["arms"].set_index(["arm", "observable"])["value"]
    assert arms["tied", "war"] == arms["tied", "loss_of_control"]
    assert arms["tied", "raid"] == arms["tied", "invasion"] == arms["tied", "attack"] == 0
    assert arms["as_is", "war"] > 0.1
    assert (
        found.mark_words == "assumed (by its author emergent)"
    )  # what may not be done is not done in any draw
    assert found.verdict == f"assumed; size = {words(found.first.difference)}"
    several = claimed(both, expect="higher", beside={"raid": "lower"})
    assert several.verdict == "contradicted: war contradicted, raid supported"
    assert "Judged by war, expected: higher, and raid, expected: lower. Mark" in page([several])


def test_arms_that_differ_in_nothing_are_not_distinguishable() -> None:
    base = sim.load("scenarios/standoff.toml")
    found = claimed([{"name": "a"}, {"name": "b", "set": {"world": {"framework": base.world.framework}}}])
    [contrast] = found.contrasts
    assert contrast.difference.unchanged
    assert found.verdict == "not distinguishable from 0 at n = 150"
    assert contrast.survival.unchanged
    assert "no effect in any of 4" in page([found])


def test_a_scenario_without_a_claim_is_not_examined() -> None:
    with pytest.raises(ScenarioError, match="makes no claim"):
        examine(sim.load("scenarios/duel.toml"), TINY)


# The files that ship --------------------------------------------------------------------------


def test_every_claim_of_the_article_has_a_file() -> None:
    assert [path.stem for path in CLAIMS] == [
        "airspace", "allies", "civilians", "dual_track", "framework", "leverage_or_probe", "mediation",
        "opaque_call", "rhetoric", "safe_passage", "strikes", "warning",
    ]  # fmt: skip


@pytest.mark.parametrize("path", CLAIMS, ids=lambda path: path.stem)
def test_a_claim_extends_the_standoff_and_its_arms_can_be_played_to_the_end(path: Path) -> None:
    from sim.engines.batch.engine import Program

    assert tomllib.loads(path.read_text())["extends"] == "../standoff.toml"
    scenario = sim.load(path)
    assert scenario.claim
    assert scenario.claim.source
    assert (scenario.claim.sweep is not None) or scenario.claim.mark != "conditional"
    for arm in scenario.arms:
        assert arm.title
        assert Program.of(scenario.arm(arm.name)).simulate(1, 0, 64, 90).count == 64


@pytest.mark.parametrize("path", CLAIMS, ids=lambda path: path.stem)
def test_arms_of_a_claim_keep_habits_but_where_they_say_so(path: Path) -> None:
    scenario = sim.load(path)
    for arm in scenario.arms:
        said = {name: actor.get("inclination", {}) for name, actor in arm.set.get("actors", {}).items()}
        for name, actor in scenario.arm(arm.name).actors.items():
            assert actor.inclination == scenario.actors[name].inclination | said.get(name, {})


# What is said and kept ------------------------------------------------------------------------


def three() -> list[sim.Scenario]:
    """Three claims that ship, of each mark one."""
    return [sim.load(path) for path in CLAIMS if path.stem in ("framework", "strikes", "civilians")]


@pytest.fixture(scope="module")
def answer() -> Answer:
    """What comes of them with few runs."""
    return examine(three(), TINY, save=False)


@pytest.fixture(scope="module")
def findings(answer: Answer) -> list[Finding]:
    return findings_in(answer)


def test_the_report_gives_the_numbers_of_the_json(answer: Answer) -> None:
    text = answer.report()
    for claim in json.loads(json.dumps(answer.to_json()))["claims"]:
        assert claim["verdict"] in text
        for contrast in claim["contrasts"]:
            numbers = {
                key: contrast["difference"][key] for key in ("n", "value", "low", "high", "se", "method")
            }
            unit = "points" if claim["claim"]["primary"] == "miscalculated" else "index"
            assert words(Difference(**numbers), unit) in text
    assert "## What this says, and what it does not" in text
    assert text.index("| claim ") < text.index("## framework")


def test_tables_and_figures_hold_the_same_differences(answer: Answer, findings: list[Finding]) -> None:
    rows = answer.table("claims")
    judged = rows[rows["judged_by"]].set_index("claim")
    for finding in findings:
        assert judged.loc[finding.name, "value"] == finding.first.difference.value
        first = forest_of(finding).iloc[0]
        assert (first["value"], first["unit"]) == (finding.first.difference.value, finding.unit)
    assert len(forest_of_all(findings)) == 2  # hardship is no share of runs
    assert answer.figures == ("claims", "civilians", "framework", "strikes")
    said = [text.get_text() for text in answer.plot("civilians").findobj(Text)]
    civilians = next(each for each in findings if each.name == "civilians")
    assert {"hardship", "deaths", "war", "days at risk"} < set(said)  # the heads of its panels
    assert all(signed(each.difference.value / 100, 1) in said for each in civilians.contrasts)


def test_a_terminal_is_told_every_contrast_and_where_signs_flip(
    answer: Answer, findings: list[Finding]
) -> None:
    lines = answer.brief().splitlines()
    assert len(lines) == 1 + sum(len(each.contrasts) for each in findings) + 1 + 1
    assert lines[-1].startswith("framework: ")
    for finding in findings:
        [line] = [line for line in lines if line.startswith(f"{finding.name} ")]
        assert words(finding.first.difference, finding.unit, brief=True) in line


def test_parameter_and_sampling_uncertainty_stand_apart(answer: Answer) -> None:
    heads = [
        [cell.strip() for cell in line.split("|")]
        for line in answer.report().splitlines()
        if "sd between draws (parameters)" in line
    ]
    assert len(heads) == 3
    assert all("sd within a draw (sampling)" in cells for cells in heads)
    robust = answer.to_json()["claims"][0]["contrasts"][0]["robustness"]
    assert {"tau", "inner", "share", "share_low", "share_high"} <= robust.keys()


def test_every_claim_has_rows_in_every_table_and_a_sweep_if_it_asks_for_one(answer: Answer) -> None:
    assert list(answer.tables) == [
        "claims", "arms", "differences", "arm_harm", "arm_curves", "effects", "sweep",
    ]  # fmt: skip
    swept_claims = {claim.name for claim in three() if claim.claim and claim.claim.sweep}
    for name, table in answer.tables.items():
        assert set(table["claim"]) == (swept_claims if name == "sweep" else {c.name for c in three()})


def test_a_claim_among_others_is_what_it_is_alone(findings: list[Finding]) -> None:
    last, among = three()[-1], findings[-1]
    [alone] = findings_in(examine(last, TINY, save=False))
    assert [asdict(each) for each in alone.contrasts] == [asdict(each) for each in among.contrasts]


def test_the_same_claims_are_kept_as_the_same_bytes_whoever_made_the_libraries() -> None:
    framework = sim.load("framework")
    one, two = (examine(framework, TINY, out=out, figures=False).folder for out in ("one", "two"))
    assert one is not None
    assert two is not None
    files = sorted(path.name for path in one.iterdir())
    assert {"report.md", "claims.parquet", "arm_curves.parquet", "framework-sweep.npz"} <= set(files)
    for name in files:
        assert (one / name).read_bytes() == (two / name).read_bytes()
        if name.endswith(".parquet"):
            assert pq.read_schema(one / name).metadata is None  # pandas would write its version


def test_two_claims_of_one_name_are_refused() -> None:
    framework = sim.load("framework")
    with pytest.raises(StudyError, match="two claims are called framework"):
        asked([framework, framework])


# The command ----------------------------------------------------------------------------------

SMALL = """
extends = "duel.toml"
[study]
runs = 60
days = 20
[[arms]]
name = "a"
[[arms]]
name = "b"
set.actors.south.resolve = 0.9
[claim]
says = "A firm target leaves less often."
mark = "emergent"
primary = "exit"
expect = "lower"
"""


def brink(*words: str) -> Result:
    return CliRunner().invoke(cli.brink, ["claims", *words])


def test_the_command_prints_a_verdict_for_each_claim_and_keeps_the_rest() -> None:
    Path("scenarios/small.toml").write_text(SMALL)
    words = ("scenarios/small.toml", "--quick", "--runs", "80", "--no-figures")
    result = brink(*words)
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines()[1].startswith("small  emergent")
    [folder] = Path("results").iterdir()
    assert folder.name.startswith("small-claims-")
    assert f"Results: {folder}/" in result.stdout
    assert json.loads(brink(*words, "--json").stdout)["claims"][0]["runs"] == 80


def test_a_claim_that_is_none_is_refused_in_plain_words() -> None:
    assert brink("scenarios/duel.toml").exit_code == 2
    assert "makes no claim" in brink("scenarios/duel.toml").stderr
    mistaken = brink("framwork")
    assert mistaken.exit_code == 2
    assert 'did you mean "framework"?' in mistaken.stderr
    Path("scenarios/claims").unlink()  # a link to those that are shipped
    Path("scenarios/claims").mkdir()
    assert "scenarios/claims: holds no scenario" in brink().stderr
    assert not Path("results").exists()
