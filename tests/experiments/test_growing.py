"""Odds at once: what grows is the same as a study, and pairs run by run."""

from __future__ import annotations

from dataclasses import fields
from itertools import pairwise

import numpy as np
import pytest

import sim
from sim.engines.batch.engine import Program
from sim.engines.tally import Tally
from sim.errors import StudyError
from sim.experiments import growing
from sim.experiments.growing import Answer
from sim.scenario.counterfactual import clear_sighted, unfogged
from sim.schema.outcomes import REPORTED
from tests.conftest import in_a_new_process


def short(**over: float) -> sim.Scenario:
    return sim.load("standoff").replace({"study.days": 20, **over})


@pytest.fixture(scope="module")
def answers() -> list[Answer]:
    return list(sim.growing(short(), sizes=(64, 1_000, 1_500)))


def test_a_later_answer_holds_the_runs_of_an_earlier_one(answers: list[Answer]) -> None:
    assert [each.runs for each in answers] == [64, 1_000, 1_500]
    for earlier, later in pairwise(answers):
        assert (later.outcome[: earlier.runs] == earlier.outcome).all()
        assert (later.end_day[: earlier.runs] == earlier.end_day).all()


def test_counts_and_flags_are_those_of_a_study_of_as_many_runs(answers: list[Answer]) -> None:
    study = sim.run(short(), runs=1_500, save=False)
    assert answers[-1].counts == dict(study.counts)
    for name in REPORTED:
        row, share = study.summary().loc[name], answers[-1].share(name)
        assert (row["count"], row["low"], row["high"]) == (share.count, share.low, share.high)


def test_the_tally_is_that_of_the_engine_however_runs_are_cut(answers: list[Answer]) -> None:
    whole = Program.of(short()).simulate(1, 0, 1_500, 20).tally
    for each in fields(Tally):
        assert (getattr(answers[-1].tally, each.name) == getattr(whole, each.name)).all()


def test_a_change_is_the_paired_difference_of_a_comparison(answers: list[Answer]) -> None:
    firm = short(**{"actors.caracas.resolve": 0.8})
    *_, after = sim.growing(firm, sizes=(1_500,))
    found = after.change("war", answers[-1])
    table = sim.compare({"a": short(), "b": firm}, runs=1_500, save=False).table("differences")
    (war,) = table[table["observable"] == "war"].to_dict("records")
    assert (found.value, found.low, found.high) == (war["value"], war["low"], war["high"])


def test_answers_of_different_lengths_pair_over_what_both_have(answers: list[Answer]) -> None:
    assert answers[0].change("war", answers[-1]).n == 64
    assert answers[0].change("war", answers[-1]).unchanged


def test_answers_of_different_seeds_do_not_pair(answers: list[Answer]) -> None:
    (other,) = sim.growing(short(**{"study.seed": 2}), sizes=(64,))
    with pytest.raises(StudyError, match="share no luck"):
        other.change("war", answers[0])


def test_sights_are_those_of_the_counterfactuals() -> None:
    for sight, seen in (("clear", clear_sighted), ("unfogged", unfogged)):
        (found,) = sim.growing(short(), sizes=(128,), sight=sight)  # type: ignore[arg-type]
        assert (found.outcome == Program.of(seen(short())).simulate(1, 0, 128, 20).rows["outcome"]).all()
        assert found.scenario.digest() == short().digest()


def test_the_first_answer_comes_though_nobody_waits_and_no_other_does() -> None:
    assert [each.runs for each in sim.growing(short(), (64, 5_000), stop=lambda: True)] == [64]


@pytest.mark.parametrize("sizes", [(), (0,), (64, 64), (128, 64), (64, 10**7)])
def test_sizes_that_do_not_ascend_within_bounds_are_refused(sizes: tuple[int, ...]) -> None:
    with pytest.raises(StudyError, match="must ascend"):
        sim.growing(short(), sizes)


def test_a_sight_that_does_not_exist_is_refused() -> None:
    with pytest.raises(StudyError, match="allowed are fogged, unfogged, clear"):
        sim.growing(short(), sight="blind")  # type: ignore[arg-type]


def test_pieces_are_whole_blocks_and_one_a_core_at_least() -> None:
    for first, end, cores in ((0, 1_024, 2), (1_024, 10_000, 3), (0, 65, 4), (64, 65, 8)):
        cuts = list(growing._cuts(first, end, cores))
        assert [at for at, _ in cuts] == [first, *np.cumsum([count for _, count in cuts])[:-1] + first]
        assert sum(count for _, count in cuts) == end - first
        assert all(count % 64 == 0 for _, count in cuts[:-1])
        assert len(cuts) >= min(cores, -(-(end - first) // 64))


def test_neither_tables_nor_figures_are_loaded() -> None:
    loaded = in_a_new_process(
        "import sim, sys\nlist(sim.growing('duel', (64,)))\nprint(*sys.modules, sep='\\n')"
    ).stdout.split("\n")
    assert not {"pandas", "pyarrow", "matplotlib", "mesa"} & {*loaded}
