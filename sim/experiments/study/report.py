"""The pages of a study, long and short: what was run, what came out, how sure that is, and what it does not say."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sim.experiments.study.figures import FIGURES
from sim.experiments.study.precision import Stopped, unknown_with
from sim.reports.numbers import words
from sim.reports.page import literal
from sim.reports.tables import columns, markdown
from sim.reports.words import average, limits, milestones, one_line, plural
from sim.results.study import StudyData, ended, ends_of
from sim.scenario.outcome_words import outcome_titles, outcome_words
from sim.schema.outcomes import HEADLINES, HORIZON_NAMES, REPORTED, TITLES, WAR_NAMES, OutcomeWords
from sim.statistics.proportions import Estimate, proportion
from sim.statistics.sequential import PER_LOOK, schedule

MOST_FREQUENT = 3  # signals named for each actor


def page(study: StudyData, parts: Sequence[str] = (), stopped: Stopped | None = None) -> str:
    """The page of a study in Markdown, with the pages of its parts. The same study gives the same text."""
    sections = (
        _opening(study),
        _outcomes(study),
        _timing(study),
        *(page.splitlines() for page in parts),
        _harm(study),
        _signals(study),
        _beliefs(study),
        *([_precision(stopped)] if stopped else []),
        _methods(study),
        limits(),
    )
    return "\n\n".join("\n".join(lines) for lines in sections) + "\n"


def brief(study: StudyData, parts: Sequence[str] = (), stopped: Stopped | None = None) -> str:
    """How often each outcome occurred, with 95 % intervals, and under it what else was found."""
    known = [_known(stopped)] if stopped else []
    return "\n\n".join([_shares(study), *known, *parts])


def _shares(study: StudyData) -> str:
    rows, said = [("", "runs", "share, with its 95 % interval")], outcome_words(study.scenario)
    for name, estimate in estimates(study).items():
        title = f"  {said[name].title}" if name in WAR_NAMES else said[name].title
        rows.append((title, f"{estimate.count:,}", words(estimate)))
    head = f"{study.name}: {plural(study.runs, 'run')} of {plural(study.days, 'day')}, seed {study.seed}"
    title = one_line(study.scenario.title)
    lines = [*([title] if title else []), head, "", columns(rows, right=(1,)), ""]
    lines += [_defined(said[name]) for name in ("war", "limited_force")]
    return "\n".join([*lines, "Shares of simulated crises under the scenario's assumptions; no forecast."])


def _defined(said: OutcomeWords) -> str:
    return f"{said.title[:1].upper()}{said.title[1:]}: {said.definition}."


def _known(stopped: Stopped) -> str:
    """'Known as well as was asked, at n = 23,171: war 20.5 % (20.0 to 21.0).'"""
    known = [f"{TITLES[name]} {words(found)}" for name, found in stopped.estimates().items()]
    return f"Known as well as was asked, at n = {stopped.n:,}: {', '.join(known)}."


def estimates(study: StudyData) -> dict[str, Estimate]:
    """How often each outcome occurred, and its interval, in the order of reports."""
    return {name: proportion(study.counts[name], study.runs) for name in REPORTED}


def _opening(study: StudyData) -> list[str]:
    scenario = study.scenario
    start = f" Day 0 is {scenario.start.isoformat()}." if scenario.start else ""
    coercer, target = (literal(scenario.label(name)) for name in (scenario.coercer, scenario.target))
    third = ", ".join(literal(scenario.label(name)) for name in scenario.third_parties) or "nobody"
    return [
        f"# {literal(scenario.title) or literal(study.name)}",
        "",
        f"{coercer} coerces, {target} is coerced; others who watch and can act: {third}. "
        f"{plural(study.runs, 'run')} over {plural(study.days, 'day')}.{start} All of it follows from the "
        "assumptions of the scenario, and is no forecast.",
    ]


def _outcomes(study: StudyData) -> list[str]:
    rows, said = [], outcome_words(study.scenario)
    for name, estimate in estimates(study).items():
        title = f"– {literal(said[name].title)}" if name in WAR_NAMES else f"**{literal(said[name].title)}**"
        rows.append((title, f"{estimate.count:,}", words(estimate), literal(said[name].definition)))
    *ends, last = (literal(said[name].title) for name in (*HEADLINES, *HORIZON_NAMES))
    return [
        "## How it ends",
        "",
        *_figure("escalation"),
        *markdown(rows, ("outcome", "runs", "share (95 % interval)", "definition:"), right=True),
        "",
        f"{', '.join(ends).capitalize()} and {last} add up to all {plural(study.runs, 'run')}; limited force cuts across them.",
    ]


def _figure(name: str) -> list[str]:
    """A figure and how to read it."""
    figure = FIGURES[name]
    return [f"![{figure.title}]({name}.png)", "", figure.reading, ""]


def _methods(study: StudyData) -> list[str]:
    return [
        "## How it was run and counted",
        "",
        f"{plural(study.runs, 'run')} of the scenario `{study.scenario.name}` over {plural(study.days, 'day')}, seed "
        f"{study.seed}. Days are numbered from 0, so the last is day {study.days - 1}; within 30 days means on day 29 or "
        "before.",
        "",
        "Intervals are at 95 %, and sampling error only: what another seed would change, not what other assumptions would. They are "
        "Clopper-Pearson's where there are fewer than 20 events or non-events, else Wilson's. \"Below\" and "
        '"above" give the bound where no run, or every run, counts.',
    ]


def _timing(study: StudyData) -> list[str]:
    marks, titles = milestones(study.days), outcome_titles(study.scenario)
    rows = []
    for name in HEADLINES:
        so_far = ended(study, ends_of(name))
        within = [words(proportion(int(so_far[mark - 1]), study.runs)) for mark in marks]
        count = int(so_far[-1])
        # The lower of the two values that a quantile lies between, counted from 0.
        places = [math.floor(share * (count - 1)) for share in (0.5, 0.25, 0.75)] if count else []
        middle = [f"{so_far.searchsorted(place, side='right')}" for place in places]
        rows.append(
            (
                f"**{literal(titles[name])}**",
                *within,
                f"day {middle[0]} ({middle[1]} to {middle[2]})" if middle else "none",
            )
        )
    heads = [f"within {plural(mark, 'day')}" for mark in marks]
    return [
        "## When it ends",
        "",
        *_figure("timing"),
        *markdown(rows, ("end", *heads, "median day among them (middle half)"), right=True),
        "",
        f"Shares are of all {plural(study.runs, 'run')}, with 95 % intervals.",
    ]


def _signals(study: StudyData) -> list[str]:
    scenario, table = study.scenario, study.signals
    loud = table[[scenario.signals[name].class_ != "quiet" for name in table["signal"]]]
    rows = []
    for seat, actor in enumerate(scenario.seats):
        sent = loud[loud["actor"] == actor].groupby("signal")["count"].sum() / study.runs
        most = sorted(sent.items(), key=lambda pair: (-pair[1], scenario.ladder.index(str(pair[0]))))[
            :MOST_FREQUENT
        ]
        named = ", ".join(f"{literal(scenario.label(str(name)))} {average(rate)}" for name, rate in most)
        rows.append(
            (
                float(sent.sum()),
                seat,
                (literal(scenario.label(actor)), average(float(sent.sum())), named or "nothing"),
            )
        )
    return [
        "## Who signals",
        "",
        *_figure("signals"),
        *markdown(
            [row for *_, row in sorted(rows, key=lambda r: (-r[0], r[1]))],
            ("actor", "signals a run", "most often (a run):"),
            right=True,
        ),
        "",
        "Averages over all runs, with the days after an end counting nothing; quiet days are not counted "
        "as signals.",
    ]


def _beliefs(study: StudyData) -> list[str]:
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
                    literal(f"{scenario.label(own)} about {scenario.label(rival)}"),
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
        *_figure("beliefs"),
        *markdown(
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


def _harm(study: StudyData) -> list[str]:
    before, titles = study.scenario.world.deaths, outcome_titles(study.scenario)
    found = {row["outcome"]: row for row in study.harm.to_dict("records")}
    rows = [
        (
            literal(titles[name]),
            f"{found[name]['runs']:,}",
            f"{found[name]['deaths_mean']:,.0f}",
            f"{found[name]['deaths_q05']:,.0f} to {found[name]['deaths_q95']:,.0f}",
            f"{found[name]['hardship_mean']:.2f}",
        )
        for name in REPORTED
        if name in found
    ]
    return [
        "## What it costs",
        "",
        *markdown(
            rows, ("outcome", "runs", "deaths, mean", "90 of 100 runs between", "hardship, mean"), right=True
        ),
        "",
        f"Deaths by the end of the run, {before:,.0f} before day 0 among them. Hardship of civilians is an "
        "index for comparing runs and arms, and has no unit. What a war costs is assumed in the scenario's "
        "signals, not found.",
    ]


def _precision(stopped: Stopped) -> list[str]:
    rows = []
    for target, estimate in zip(stopped.targets, stopped.estimates().values(), strict=True):
        fewer = [_points(half) for _, half in unknown_with(estimate.count, stopped.n)]
        name = target.observable.replace("_", " ")
        rows.append((name, _points(target.half_width), words(estimate), *fewer))
    seen = [f"{n:,}" for n in schedule(stopped.targets) if n <= stopped.n]
    many = ", ".join(seen) if len(seen) < 6 else f"{seen[0]}, {seen[1]}, … {seen[-1]}"
    sizes = [size for size, _ in unknown_with(0, stopped.n)]
    heads = ("share", "asked for", "reached (95 % interval)", *(f"left by {size:,} runs" for size in sizes))
    return [
        "## As precise as was asked for",
        "",
        *markdown(rows, heads, right=True),
        "",
        f"Runs were added until every share was known: the study was looked at with {many} runs and stopped at "
        f"n = {stopped.n:,}. A share is known when its Clopper-Pearson interval at {100 * PER_LOOK:g} % lies within what was "
        "asked for. Its interval here is the share ± what was asked for; that the runs themselves decided when to "
        "stop is allowed for, so it holds the true share at least 95 times of 100. Intervals elsewhere in this "
        "report are those of a number of runs fixed beforehand. The last columns say how wide the plain 95 % "
        "interval of the same share is after fewer runs.",
    ]


def _points(half_width: float) -> str:
    """'± 0.5 points'."""
    return f"± {100 * half_width:.2g} points"
