"""The study's page of text: what was run, what came out, how sure that is, and what it does not say."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from sim.estimate import Estimate, proportion, words
from sim.parts import part

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sim.scenario import Scenario
    from sim.study import Study

TITLES = {
    "war": "war",
    "limited_force": "limited force",
    "standoff": "standoff",
    "deescalation": "de-escalation",
    "exit": "exit",
    "settlement": "settlement",
    "raid": "raid",
    "invasion": "invasion",
    "attack": "attack",
    "loss_of_control": "loss of control",
}
"""Names of the outcomes in figures and tables."""

WARS = ("raid", "invasion", "attack", "loss_of_control")
ENDS = ("exit", "settlement", *WARS)
"""Outcomes that end a run before the horizon."""
OUTCOMES = ("war", *WARS, "limited_force", "exit", "settlement", "deescalation", "standoff")
"""In the order of tables: wars, with what they are made of, then ends without war."""

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


def definitions(scenario: Scenario | None = None) -> dict[str, str]:
    """What exactly each outcome is, by its name; with the names of a scenario's actors, if one is given."""
    coercer = scenario.label(scenario.coercer) if scenario else "the coercer"
    target = scenario.label(scenario.target) if scenario else "the target"
    return {
        "war": "raid, invasion, attack or loss of control before the horizon",
        "raid": f"{coercer} raids the leadership of {target}",
        "invasion": f"{coercer} invades",
        "attack": f"{target} strikes first",
        "loss_of_control": "war that neither capital chose, a daily chance that grows with tension and both sides' forces",
        "limited_force": f"at least one strike on {target}'s soil short of war, whatever the end",
        "exit": f"the leadership of {target} accepts a live offer to leave",
        "settlement": "one of the two accepts the terms that the other has on the table",
        "deescalation": "the crisis fades: it ends by itself, a daily chance where tension is low",
        "standoff": "still going at the horizon",
    }


def in_counts(study: Study) -> str:
    """One sentence: of 100 runs, or of all if fewer, how many were where at the end, in numbers that add up."""
    counts = {
        "at war": study.counts["war"],
        "ended by exit": study.counts["exit"],
        "ended by settlement": study.counts["settlement"],
        "faded away": study.counts["deescalation"],
    }
    counts["still going"] = study.runs - sum(counts.values())
    shown = min(100, study.runs)
    wholes = apportioned(list(counts.values()), shown)
    parts = ", ".join(
        f"{whole if whole or not count else 'fewer than 1'} {where}"
        for (where, count), whole in zip(counts.items(), wholes, strict=True)
    )
    return f"After {plural(study.days, 'day')}, of {plural(shown, 'run')}: {parts}."


def apportioned(counts: list[int], seats: int) -> list[int]:
    """Counts scaled to whole numbers that add up to ``seats`` (largest remainders, Hamilton's method)."""
    n = sum(counts)
    wholes = [seats * count // n for count in counts]
    by_remainder = sorted(range(len(counts)), key=lambda i: (-(seats * counts[i] % n), i))
    for i in by_remainder[: seats - sum(wholes)]:
        wholes[i] += 1
    return wholes


def estimates(study: Study) -> dict[str, Estimate]:
    """The study's summary in the order of OUTCOMES: how often each outcome occurred, and its interval."""
    found: dict[Any, Any] = study.summary().to_dict("index")
    return {name: Estimate(**found[name]) for name in OUTCOMES}


def plural(n: int, noun: str) -> str:
    """'1 run', '10,000 runs'."""
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"


def milestones(days: int) -> tuple[int, ...]:
    """A third, two thirds and the whole of the horizon, in days."""
    return tuple(sorted({max(1, round(days * part / 3)) for part in (1, 2, 3)}))


def markdown_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A Markdown table; the first column is flush left, the others too if their head ends with a colon."""
    marks = ["---" if not i or name.endswith(":") else "---:" for i, name in enumerate(head)]
    lines = [[name.rstrip(":") for name in head], marks, *rows]
    return ["| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines]


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


def one_line(text: str) -> str:
    """The text without line breaks and doubled blanks."""
    return " ".join(text.split())


def _outcomes(study: Study) -> list[str]:
    meaning = definitions(study.scenario)
    rows = []
    for name, estimate in estimates(study).items():
        title = f"– {TITLES[name]}" if name in WARS else f"**{TITLES[name]}**"
        rows.append((title, f"{estimate.count:,}", words(estimate), meaning[name]))
    return [
        "## Outcomes",
        "",
        *markdown_table(("outcome", "runs", "share (95 % interval)", "definition:"), rows),
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


def ended(study: Study, ends: tuple[str, ...]) -> NDArray[np.int64]:
    """(days,) How many runs have ended in one of ``ends`` by the end of each day."""
    states = study.curves[(study.curves["quantity"] == "state") & study.curves["statistic"].isin(ends)]
    counts = (states["value"] * study.runs).round().groupby(states["day"]).sum()
    return counts.to_numpy().astype("int64")


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
        *markdown_table(("end", *heads, "median day among them (middle half)"), rows),
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
        *markdown_table(
            ("actor", "signals a run", "most often (a run):"),
            [row for *_, row in sorted(rows, key=lambda r: (-r[0], r[1]))],
        ),
        "",
        "Averages over all runs, with the days after an end counting nothing; quiet days are not counted "
        "as signals.",
    ]


def average(number: float) -> str:
    """A number per run, to two significant digits or so: '34', '1.2', '0.03'."""
    return f"{number:.0f}" if number >= 9.95 else f"{number:.1f}" if number >= 0.995 else f"{number:.2g}"


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
        *markdown_table(
            (
                "who about whom",
                "day",
                "runs playing",
                "mean error",
                "mean size",
                "90 of 100 runs between",
            ),
            rows,
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
        *markdown_table(
            ("outcome", "runs", "deaths, mean", "90 of 100 runs between", "hardship, mean"), rows
        ),
        "",
        f"Deaths by the end of the run, {before:,.0f} before day 0 among them. Hardship of civilians is an "
        "index for comparing runs and arms, and has no unit. What a war costs is assumed in the scenario's "
        "signals, not found.",
    ]


def limits() -> list[str]:
    """The section that says what a result claims and what it does not."""
    return [
        "## What this says, and what it does not",
        "",
        "- **Conditional, not a forecast.** Every number follows from the rules of the model and the "
        "values in the scenario, most of them assumptions. Nothing here is the probability of a real event.",
        "- **Compare, do not read off.** How common war is at all depends on how readily decisive acts are "
        "taken up (their daily rate, their temperature and their reluctance), which the few dozen "
        "comparable crises on record cannot pin down. Interpret differences between scenarios that share "
        "their luck, and check that they survive when these three are moved.",
        "- **Fog cuts both ways.** Whether misperception raises or lowers the risk of war depends chiefly "
        "on whether actors attribute hostility or are complacent. Try suspicion low, at zero and high.",
        "- **One number for a capital.** Resolve stands for intent and willingness to bear cost at once; a "
        "strong actor and a greedy one look alike.",
        "- **A fixed demand.** What the coercer wants neither grows nor shrinks, and cannot be split.",
        "- **Some things are seen by all.** Forces, sanctions and the stance of third parties are common "
        "knowledge; only resolve and sincerity are misread.",
        "- **No bluffing in equilibrium.** Observers read signals one by one and do not work out what a "
        "rival of another kind would have sent.",
        "- **History tests little.** A crisis on record ended one way; that one ending, likely or unlikely "
        "here, validates nothing.",
    ]
