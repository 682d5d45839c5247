"""Figures: they show what the tables say, for any study, and are the same bytes each time."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import matplotlib
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from sim.errors import StudyError
from sim.experiments.study.figures import FIGURES
from sim.experiments.study.study import run
from sim.figures import FORMATS, encoded, escalation, overlay, save, style, timing
from sim.figures.incidence import incidence
from sim.figures.signal_strips import acting
from sim.figures.stack import shares, stand_titles
from sim.figures.studies_overlaid import timing_overlaid, told_apart
from sim.figures.style import BANDS, COLOURS, percent
from sim.reports.words import STILL_GOING, at_the_end, finding, in_counts, wholes_at_the_end
from sim.results.states import STATES
from sim.results.study import by_day
from sim.scenario.files import load
from sim.schema.outcomes import HEADLINES
from sim.schema.outcomes import WAR_NAMES as WARS
from tests.conftest import REPOSITORY
from tests.support.synthetic import NO_END, Synthetic, standoff, synthetic

LONG = standoff().replace(
    {
        "title": "A title that goes on, with $5 and $6 in it, " * 9,
        "actors.washington.title": "The United States of America and its partners",
        "actors.bogota.title": "Organization of American States",
        "signals.boat_strike.title": "strike against a suspected smuggling vessel",
    }
)
HARD: dict[str, dict[str, Any]] = {
    "one run": {"runs": 1},
    "one day": {"runs": 50, "days": 1},
    "over a year": {"runs": 5, "days": 400},
    "no war": {"runs": 50, "hazards": NO_END},
    "only wars": {"runs": 50, "hazards": (0, 0, 0.5, 0.3, 0.1, 0.1, 0)},
    "one war at once": {"runs": 1, "days": 1, "hazards": (0, 0, 1, 0, 0, 0, 0)},
    "long names": {"runs": 20, "scenario": LONG},
    "no third party": {"runs": 20, "days": 30, "scenario": load(REPOSITORY / "scenarios" / "duel.toml")},
}


def study(**kwargs: Any) -> Any:
    """A toy study, typed as whatever a figure takes."""
    return synthetic(**kwargs)


def draw(toy: Any, name: str) -> Figure:
    return FIGURES[name].of(toy)()


def by_hand(ends: Sequence[tuple[str, int]], days: int) -> Any:
    """A study whose runs end as listed: (outcome, day), with day -1 for those that reach the horizon."""
    toy = synthetic(runs=len(ends), days=days)
    rows = toy.rows.assign(
        outcome=[outcome for outcome, _ in ends],
        end_day=pd.array([pd.NA if day < 0 else day for _, day in ends], dtype="Int16"),
    )
    return toy.ending(rows)


def digests() -> dict[str, str]:
    """SHA-256 of the figures of a small study, and of one of them in each format."""
    toy = study(runs=20, days=8)
    files = {f"{name}.svg": encoded(draw(toy, name), "svg") for name in FIGURES}
    files |= {f"overlay.{form}": encoded(overlay([toy, toy]), form) for form in FORMATS}
    return {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}


def test_another_process_makes_the_same_bytes_and_never_loads_pyplot(monkeypatch: pytest.MonkeyPatch) -> None:
    script = (
        "import sys; from tests.figures.test_study_figures import digests; print(digests());"
        "assert 'matplotlib.pyplot' not in sys.modules"
    )
    monkeypatch.setenv("PYTHONHASHSEED", "5")
    monkeypatch.setenv("TZ", "Pacific/Apia")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        capture_output=True,
        text=True,
        cwd=REPOSITORY,
        check=True,
    )
    assert done.stdout.strip() == str(digests())


def test_the_users_own_settings_are_neither_used_nor_changed() -> None:
    plain = encoded(draw(study(runs=10, days=5), "escalation"), "svg")
    mine: Any = {"font.size": 30.0, "svg.hashsalt": "mine", "savefig.bbox": None, "text.parse_math": True}
    with matplotlib.rc_context(mine):
        assert encoded(draw(study(runs=10, days=5), "escalation"), "svg") == plain
        assert {key: matplotlib.rcParams[key] for key in mine} == mine


@pytest.mark.parametrize("case", HARD)
@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_can_be_drawn_of_any_study(name: str, case: str) -> None:
    draw(study(**HARD[case]), name).draw_without_rendering()


@pytest.mark.parametrize("case", HARD)
def test_an_overlay_can_be_drawn_of_any_studies(case: str) -> None:
    hard = study(**HARD[case])
    several = [hard, study(runs=20, days=10), hard]
    overlay(several).draw_without_rendering()
    timing_overlaid(several).draw_without_rendering()


def test_studies_with_one_seed_are_told_apart_pair_by_pair_and_others_are_not() -> None:
    base, other = study(runs=300, days=20), study(runs=300, days=20, seed=2)
    assert "pair by pair" in " ".join(texts(overlay([base, base])))
    assert "share no luck" in " ".join(texts(overlay([base, other])))
    with_no_rows = replace(base, has_rows=False)
    assert "share no luck" in " ".join(texts(overlay([base, with_no_rows])))


def texts(figure: Figure) -> list[str]:
    """All text on a figure."""
    return [text.get_text() for text in figure.findobj(matplotlib.text.Text)]


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_says_for_what_n_and_horizon(name: str) -> None:
    said = " ".join(texts(draw(study(runs=1234, days=10), name)))
    assert "1,234 runs of 10 days" in said
    assert standoff().title in said


def test_intervals_are_said_to_be_sampling_error_only() -> None:
    toy = study(runs=30, days=10)
    assert "sampling error only" in " ".join(texts(draw(toy, "timing"))).replace("\n", " ")
    assert "sampling error only" in " ".join(texts(overlay([toy]))).replace("\n", " ")


def lower(toy: Any) -> Axes:
    """The panel of those still going."""
    return cast(Figure, escalation(toy).figure).axes[1]


def test_the_fan_starts_at_the_level_of_day_0_and_follows_the_median_of_those_still_going() -> None:
    toy = study(runs=60, days=30)
    line = next(line for line in lower(toy).lines if line.get_linewidth() == 2)
    assert [*cast(Any, line.get_ydata())] == [standoff().world.level, *by_day(toy, "level_going", "q50")]


def test_wars_do_not_lift_the_fan() -> None:
    """Half of all runs come to war; yet no level that is drawn lies above those of runs still going."""
    toy = study(runs=400, days=30, hazards=(0, 0, 0.03, 0, 0, 0, 0))
    paths = [path for band in lower(toy).collections for path in band.get_paths()]
    tops = [np.asarray(path.vertices)[:, 1].max() for path in paths]
    assert toy.counts["war"] > 200
    assert max(tops) <= 7


def test_single_runs_stop_where_they_end_and_say_how() -> None:
    toy = study(runs=5, days=40, hazards=(0, 0, 0.1, 0, 0, 0, 0))
    panel = lower(toy)
    single = [line for line in panel.lines if line.get_linewidth() == 1.1]
    # The last level of a run is that before the day on which it ended.
    ended = [None if day is pd.NA else int(day) for day in toy.rows["end_day"]]
    said = [text.get_text() for text in panel.get_legend().get_texts()]  # type: ignore[union-attr]
    assert len(single) == len(said) == 3
    for line, told in zip(single, said, strict=True):
        end = ended[int(told.removeprefix("run ").split(":")[0])]
        assert cast(Any, line.get_xdata())[-1] == (40 if end is None else end)
        assert told.endswith("still going" if end is None else f"raid, day {end}")


def test_a_war_an_end_without_and_a_run_still_going_are_shown_where_samples_have_them() -> None:
    ends = [("standoff", -1), ("standoff", -1), ("standoff", -1), ("exit", 2), ("raid", 3)]
    toy = by_hand(ends, days=4)
    state = [outcome if 0 <= end <= day else "ongoing" for outcome, end in ends for day in range(4)]
    panel = lower(replace(toy, samples=toy.samples.assign(state=state)))
    said = [text.get_text() for text in panel.get_legend().get_texts()]  # type: ignore[union-attr]
    assert said == ["run 0: still going", "run 3: exit, day 2", "run 4: raid, day 3"]


def test_stands_are_named_and_a_scenarios_own_titles_come_first() -> None:
    assert stand_titles(standoff())["sea"] == "strikes at sea, ultimatum"
    cuba = stand_titles(load(REPOSITORY / "scenarios" / "cuba1962.toml"))
    assert "quarantine" in cuba["sea"]
    assert cuba["quiet"] == "quiet, talks"


def test_states_of_a_day_add_up_to_all_runs() -> None:
    assert sum(shares(study(runs=200, days=50)).values()) == pytest.approx(np.ones(51))


def test_incidence_counts_ends_on_the_day_or_before() -> None:
    ends = [("raid", 0), ("exit", 2), ("attack", 2), ("standoff", -1)]
    toy = by_hand(ends, days=4)
    assert [e.rate for e in incidence(toy, WARS)] == [0.25, 0.25, 0.5, 0.5]
    assert [e.rate for e in incidence(toy, ("exit",))] == [0, 0, 0.25, 0.25]


def test_with_all_runs_followed_to_the_horizon_the_share_is_the_aalen_johansen_estimate() -> None:
    # By its definition: the sum over days of (surviving so far) x (ends by the cause / at risk).
    toy = study(runs=300, days=60)
    at_risk, surviving, total = 300, 1.0, 0.0
    for day, estimate in enumerate(incidence(toy, WARS)):
        today = toy.rows[toy.rows["end_day"] == day]
        total += surviving * today["outcome"].isin(WARS).sum() / at_risk
        surviving *= 1 - len(today) / at_risk
        at_risk -= len(today)
        assert estimate.rate == pytest.approx(total)


def test_the_run_that_ends_today_still_acts_today() -> None:
    toy = by_hand([("raid", 0), ("exit", 2), ("standoff", -1)], days=4)
    assert list(acting(toy)) == [3, 2, 2, 1]


def test_signals_name_every_signal_that_was_sent_with_its_count_a_run() -> None:
    toy = study(runs=40, days=20)
    said = texts(draw(toy, "signals"))
    sent = toy.signals.groupby(["actor", "signal"])["count"].sum()
    for (actor, signal), count in sent.items():
        assert standoff().label(signal) in said
        if actor == "washington" and count >= 400:
            assert f"{count / 40:.0f}" in said
    assert {"Washington", "Caracas", "Third parties together (6)", "Bogotá", "hold"} <= set(said)


def test_days_carry_the_calendars_dates() -> None:
    axes = timing(study(runs=10, days=90))
    labels = [label.get_text() for label in axes.get_xticklabels()]
    assert labels[0] == "0\n30 Nov"
    assert labels[-1] == "90\n28 Feb"  # 30 November 2025 and 90 days


def test_labels_beside_the_axes_keep_their_distance() -> None:
    for wanted in ([0.5] * 6, [0, 0.01, 0.02, 0.99, 1], [0.98, 0.99, 1], [0.1, 0.9]):
        places = style._spread(wanted, 0.12)
        assert all(b - a > 0.1199 for a, b in pairwise(places))
        assert max(places) <= 1
    assert style._spread([0.1, 0.9], 0.12) == [0.1, 0.9]


def lightness(colour: str) -> float:
    """Luma, 0 to 1, as a grey printer sees it (ITU-R BT.601)."""
    return float(np.dot(to_rgb(colour), (0.299, 0.587, 0.114)))


def test_neighbours_in_the_stack_and_bands_of_the_fan_differ_in_grey() -> None:
    stack = [lightness(COLOURS[name]) for name in STATES]
    bands = [lightness(colour) for _, _, colour in BANDS]
    assert min(abs(a - b) for a, b in pairwise(stack)) > 0.1
    assert all(a - b > 0.1 for a, b in pairwise(bands)), "darkest in the middle"


def test_a_small_share_is_not_said_to_be_none() -> None:
    assert [percent(share) for share in (0, 0.0004, 0.004, 0.0096, 0.2)] == [
        "0 %",
        "0.04 %",
        "0.4 %",
        "1 %",
        "20 %",
    ]


def labels(toy: Any) -> dict[str, str]:
    """The numbers beside the stack, by what they count."""
    upper = escalation(toy)
    said = [text.get_text() for text in upper.texts]
    return dict(text.rsplit("  ", 1) for text in said)


def test_a_figure_its_title_and_the_sentences_of_a_report_round_shares_in_one_way() -> None:
    """4.56 % settled: of 100 runs 20 + 6 + 4 + 70; rounded by itself it would be 5, and the sum 101."""
    ends = [("raid", 0)] * 1130 + [("invasion", 0)] * 883 + [("exit", 1)] * 560 + [("settlement", 2)] * 456
    toy = by_hand([*ends, *[("standoff", -1)] * (10_000 - len(ends))], days=4)
    assert (
        "of 100 runs: 20 at war, 0 faded away, 6 ended by exit, 4 ended by settlement, 70 still going"
        in in_counts(toy)
    )
    assert finding(toy) == "After 4 days: 20 of 100 crises at war, 70 still going, 10 over"
    assert labels(toy) == {
        "at war": "20",
        "raid": "11",
        "invasion": "9",
        "still going": "70",
        "strikes at sea, ultimatum": "70",
        "over without war": "10",
        "exit": "6",
        "settlement": "4",
    }


@pytest.mark.parametrize("seed", range(5))
def test_whole_numbers_of_labels_are_those_of_the_caption_and_add_up(seed: int) -> None:
    toy = study(runs=997, seed=seed, days=60)
    wholes, counts = wholes_at_the_end(toy), at_the_end(toy)
    assert wholes["war"] == sum(wholes[name] for name in WARS)
    assert sum(wholes[name] for name in STATES) == 100
    assert all(abs(wholes[name] - 100 * counts[name] / 997) < 1 for name in (*HEADLINES, STILL_GOING))
    assert (
        f"{wholes['war']} at war, {wholes['deescalation']} faded away, {wholes['exit']} ended by exit"
        in in_counts(toy)
    )
    said = labels(toy)
    groups = {name: int(said.pop(name, 0)) for name in ("at war", "still going", "over without war")}
    assert sum(groups.values()) == sum(int(told) for told in said.values() if told != "below 1") == 100
    assert len(said) == sum(counts[name] > 0 for name in STATES)


def test_a_share_that_gets_no_whole_number_is_said_to_be_below_one() -> None:
    assert [percent(0.0097, 0), percent(0.004, 0), percent(0, 0), percent(0.006, 1)] == [
        "below 1 %",
        "0.4 %",
        "0 %",
        "1 %",
    ]


def test_studies_of_one_name_are_told_apart_by_what_differs() -> None:
    other = standoff().replace({"actors.caracas.resolve": 0.7})
    base, changed = study(runs=5, days=3), study(runs=5, days=3, scenario=other)
    assert told_apart([base, changed]) == ["toy", "toy (resolve=0.7)"]
    twin = study(runs=5, days=3, scenario=standoff().replace({"actors.washington.resolve": 0.7}))
    assert [name.split("\n")[1] for name in told_apart([changed, twin])] == [
        "actors.caracas.resolve = 0.7",
        "actors.caracas.resolve = 0.6",
    ]
    assert told_apart([base, study(runs=5, days=3, name="calm")]) == ["toy", "calm"]
    assert told_apart([base, study(runs=5, days=3, seed=2), study(runs=9, days=3, name="calm")]) == [
        "toy\nseed = 1",
        "toy\nseed = 2",
        "calm",
    ]
    assert told_apart([base, base]) == ["toy (1)", "toy (2)"]


def test_axes_that_are_given_are_drawn_into_and_come_back() -> None:
    for name in FIGURES:
        mine = Figure().add_subplot()
        assert FIGURES[name].into(study(runs=10, days=5), mine) is mine
        assert mine.get_title(loc="left") or mine.get_title()
    pair = list(Figure().subplots(2, 1))
    assert escalation(study(runs=10, days=5), cast(Sequence[Axes], pair)) is pair[0]
    assert pair[1].collections


def test_a_notebook_shows_the_axes_as_their_figure() -> None:
    axes: Any = timing(study(runs=3, days=3))
    assert axes._repr_png_() == axes.figure._repr_png_()
    assert axes._repr_png_().startswith(b"\x89PNG")


def test_an_unknown_figure_or_format_is_refused_in_plain_words(tmp_path: Path) -> None:
    kept = run(load(REPOSITORY / "scenarios" / "duel.toml"), 2, 2, save=False)
    with pytest.raises(StudyError, match='no figure "pie"; there are: escalation, timing, signals, beliefs'):
        kept.plot("pie")
    with pytest.raises(StudyError, match='no figure format "gif"; allowed: png, svg, pdf'):
        save(Figure(), tmp_path / "a.gif")


def test_a_figure_that_cannot_be_written_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "fan.svg"
    save(Figure(), file)
    before = file.read_bytes()

    def full(*_: Any) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space"):
        save(draw(study(runs=2, days=2), "timing"), file)
    assert file.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir() if path.suffix != ""] == ["fan.svg"]


def test_the_toy_is_shaped_like_a_study() -> None:
    assert isinstance(synthetic(2, 2), Synthetic)
