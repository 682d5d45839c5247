"""The study's page of text: what was run, what came out, how sure that is, and what it does not say."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from sim.experiments.study.parts import part
from sim.reports.numbers import words
from sim.reports.tables import markdown as table_of
from sim.reports.words import average, in_counts, limits, milestones, one_line, plural
from sim.results.observables import definitions
from sim.results.study import ended
from sim.schema.outcomes import REPORTED as OUTCOMES
from sim.schema.outcomes import TITLES
from sim.schema.outcomes import WAR_NAMES as WARS
from sim.statistics.proportions import Estimate, proportion

if TYPE_CHECKING:
    from sim.experiments.study.study import Study


MOST_FREQUENT = 3  # signals named for each actor

FIGURES = (
    (
        "escalation",
        "Escalation",
        "The upper panel shows the level of escalation by day, on a ladder from 0 (quiet) to 10 (war). The "
        "darkest band holds the middle 30 of 100 runs, the two darker bands together 60, all three 90; 5 "
        "lie above and 5 below. The thick line is the median; thin lines are the first runs of the study, "
        "one crisis each. A run that has ended reads 10 after a war and 0 after an exit or a settlement, "
        "so a band that jumps to 10 says that war has become that common. The lower panel shows how many "
        "runs are in each state at the same time.",
    ),
    (
        "timing",
        "Time to war, exit and settlement",
        "Each line is the share of all runs that have ended by that cause by that time. A run that ends by "
        "one cause can no longer end by another: the causes compete. Every run is followed to the horizon, "
        "so nothing is censored and this share is the Aalen-Johansen estimate. Bands are 95 % intervals, "
        "one point at a time.",
    ),
    (
        "signals",
        "Who signals what, and when",
        "Each strip is one signal; the darker, the larger the share of runs playing in which it is "
        "sent that day. On the right, how often it is sent in one run on average. Third parties are shown "
        "together, and apart below.",
    ),
    (
        "beliefs",
        "How far each side misjudges the other",
        "What each principal believes of the other's resolve, less the truth. Zero is seeing truly; above "
        "zero the rival is thought more resolved than it is. Bands as for escalation. Only runs that are "
        "still going are counted.",
    ),
)


def markdown(study: Study) -> str:
    """The report of a study as Markdown. The same study gives the same text."""
    sections = (
        _opening(study),
        _outcomes(study),
        _figures(),
        _timing(study),
        _signals(study),
        _beliefs(study),
        _harm(study),
        *(part(name).sections(study.scenario, study.part(name)) for name in study.parts),
        *([study.stopped.sections()] if study.stopped else []),
        limits(),
    )
    return "\n\n".join("\n".join(lines) for lines in sections) + "\n"


def estimates(study: Study) -> dict[str, Estimate]:
    """The study's summary in the order of OUTCOMES: how often each outcome occurred, and its interval."""
    found: dict[Any, Any] = study.summary().to_dict("index")
    return {name: Estimate(**found[name]) for name in OUTCOMES}


def _opening(study: Study) -> list[str]:
    scenario = study.scenario
    start = f" Day 0 is {scenario.start.isoformat()}." if scenario.start else ""
    coercer, target = scenario.label(scenario.coercer), scenario.label(scenario.target)
    third = ", ".join(scenario.label(name) for name in scenario.third_parties) or "nobody"
    return [
        f"# {one_line(scenario.title) or study.name}",
        "",
        f"**{in_counts(study)}** Read it with the limits at the end: it follows from the assumptions of the "
        "scenario and is no forecast.",
        "",
        f"{plural(study.runs, 'run')} of the scenario `{scenario.name}` over {plural(study.days, 'day')}, "
        f"seed {study.seed}.{start} {coercer} coerces, {target} is coerced; others who watch and can act: "
        f"{third}. Days are numbered from 0, so the last is day {study.days - 1}; within 30 days means on "
        "day 29 or before.",
    ]


def _outcomes(study: Study) -> list[str]:
    meaning = definitions(study.scenario)
    rows = []
    for name, estimate in estimates(study).items():
        title = f"– {TITLES[name]}" if name in WARS else f"**{TITLES[name]}**"
        rows.append((title, f"{estimate.count:,}", words(estimate), meaning[name]))
    return [
        "## Outcomes",
        "",
        *table_of(rows, ("outcome", "runs", "share (95 % interval)", "definition:"), right=True),
        "",
        f"n = {plural(study.runs, 'run')}, horizon {plural(study.days, 'day')}. War, exit, settlement, "
        "de-escalation and standoff add up to all runs; limited force cuts across them. Intervals are "
        "sampling error only: what another seed would change, not what other assumptions would. They are "
        "Clopper-Pearson's where there are fewer than 20 events or "
        'non-events, else Wilson\'s. "Below" and "above" give the bound where no run, or every run, counts.',
    ]


def _figures() -> list[str]:
    lines = ["## Figures"]
    for name, title, reading in FIGURES:
        lines += ["", f"### {title}", "", f"![{title}]({name}.png)", "", reading]
    return lines


def _timing(study: Study) -> list[str]:
    marks = milestones(study.days)
    rows = []
    for name in ("war", "exit", "settlement"):
        so_far = ended(study, WARS if name == "war" else (name,))
        within = [words(proportion(int(so_far[mark - 1]), study.runs)) for mark in marks]
        count = int(so_far[-1])
        # The lower of the two values that a quantile lies between, counted from 0.
        places = [math.floor(share * (count - 1)) for share in (0.5, 0.25, 0.75)] if count else []
        middle = [f"{so_far.searchsorted(place, side='right')}" for place in places]
        rows.append(
            (f"**{name}**", *within, f"day {middle[0]} ({middle[1]} to {middle[2]})" if middle else "none")
        )
    heads = [f"within {plural(mark, 'day')}" for mark in marks]
    return [
        "## When",
        "",
        *table_of(rows, ("end", *heads, "median day among them (middle half)"), right=True),
        "",
        f"Shares are of all {plural(study.runs, 'run')}, with 95 % intervals.",
    ]


def _signals(study: Study) -> list[str]:
    scenario, table = study.scenario, study.signals
    loud = table[[scenario.signals[name].class_ != "quiet" for name in table["signal"]]]
    rows = []
    for seat, actor in enumerate(scenario.seats):
        sent = loud[loud["actor"] == actor].groupby("signal")["count"].sum() / study.runs
        most = sorted(sent.items(), key=lambda pair: (-pair[1], scenario.ladder.index(str(pair[0]))))[
            :MOST_FREQUENT
        ]
        named = ", ".join(f"{scenario.label(str(name))} {average(rate)}" for name, rate in most)
        rows.append(
            (float(sent.sum()), seat, (scenario.label(actor), average(float(sent.sum())), named or "nothing"))
        )
    return [
        "## Who signals",
        "",
        *table_of(
            [row for *_, row in sorted(rows, key=lambda r: (-r[0], r[1]))],
            ("actor", "signals a run", "most often (a run):"),
            right=True,
        ),
        "",
        "Averages over all runs, with the days after an end counting nothing; quiet days are not counted "
        "as signals.",
    ]


def _beliefs(study: Study) -> list[str]:
    scenario = study.scenario
    rows = []
    for role, own, rival in (
        ("coercer", scenario.coercer, scenario.target),
        ("target", scenario.target, scenario.coercer),
    ):
        here = study.curves[study.curves["quantity"] == f"belief_error.{role}"]
        for mark in milestones(study.days):
            at = here[here["day"] == mark - 1].set_index("statistic")
            if at.empty:
                continue
            value = at["value"]
            rows.append(
                (
                    f"{scenario.label(own)} about {scenario.label(rival)}",
                    f"{mark - 1}",
                    f"{int(at['n'].iloc[0]):,}",
                    f"{value['mean']:+.2f}",
                    f"{value['absolute']:.2f}",
                    f"{value['q05']:+.2f} to {value['q95']:+.2f}",
                )
            )
    return [
        "## How far beliefs are off",
        "",
        *table_of(
            rows,
            (
                "who about whom",
                "day",
                "runs playing",
                "mean error",
                "mean size",
                "90 of 100 runs between",
            ),
            right=True,
        ),
        "",
        "Belief about the rival's resolve less its true resolve, both between 0 and 1, at the end of the "
        "day. A positive mean says that the rival is thought more resolved than it is; the mean size "
        "ignores the sign. Runs that have ended are not in it, and those are not a random part: where "
        "misreading brings war, the worst errors leave.",
    ]


def _harm(study: Study) -> list[str]:
    before = study.scenario.world.deaths
    found = {row["outcome"]: row for row in study.harm.to_dict("records")}
    rows = [
        (
            TITLES[name],
            f"{found[name]['runs']:,}",
            f"{found[name]['deaths_mean']:,.0f}",
            f"{found[name]['deaths_q05']:,.0f} to {found[name]['deaths_q95']:,.0f}",
            f"{found[name]['hardship_mean']:.2f}",
        )
        for name in (*WARS, "exit", "settlement", "deescalation", "standoff")
        if name in found
    ]
    return [
        "## What it costs",
        "",
        *table_of(
            rows, ("outcome", "runs", "deaths, mean", "90 of 100 runs between", "hardship, mean"), right=True
        ),
        "",
        f"Deaths by the end of the run, {before:,.0f} before day 0 among them. Hardship of civilians is an "
        "index for comparing runs and arms, and has no unit. What a war costs is assumed in the scenario's "
        "signals, not found.",
    ]
