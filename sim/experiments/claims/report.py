"""The report on claims: verdicts first, then what each of them rests on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sim.experiments.arms.report import (
    arms_table,
    definition_lines,
    difference,
    differences_table,
    harm_table,
)
from sim.experiments.claims.claims import MARKS, Contrast, Finding, unit_of
from sim.experiments.claims.robustness import Survival
from sim.reports.numbers import difference_words as words
from sim.reports.tables import found, markdown_table, records
from sim.reports.words import limits, plural
from sim.results.observables import OBSERVED
from sim.schema.claims import Arm, Observable
from sim.statistics.differences import Difference

KINDS: tuple[Observable, ...] = ("raid", "invasion", "attack", "loss_of_control")
TOGETHER = "claims"
"""Name of the figure of all claims."""


def markdown(findings: Sequence[Finding], drawn: Sequence[str] = ()) -> str:
    """The whole report as Markdown; ``drawn`` are the names of the figures that lie beside it."""
    parts = [_opening(findings, drawn), _in_plain_words(findings), _reading(findings)]
    parts += [_section(finding, drawn) for finding in findings]
    if any(finding.claim.expect == "none" for finding in findings):
        parts.append(_all_harm(findings))
    return "\n\n".join("\n".join(lines) for lines in (*parts, limits())) + "\n"


# The verdicts ---------------------------------------------------------------------------------


def _opening(findings: Sequence[Finding], drawn: Sequence[str]) -> list[str]:
    first = findings[0].scenario.study
    same = all(finding.scenario.study == first for finding in findings)
    size = (
        f"n = {plural(first.runs, 'run')} of each arm over {plural(first.days, 'day')}, seed {first.seed}. "
        if same
        else ""
    )
    return [
        "# What the model says of the claims",
        "",
        f"**{in_numbers(findings)}** A verdict is about the model with these values, and not about the world.",
        "",
        *verdict_table(findings),
        "",
        f"{size}A difference is of the quantity that the claim is judged by, between two arms that share all luck, "
        "with its 95 % interval: what other runs would change. The last column is what other assumptions would "
        "change: of draws of all uncertain numbers from their ranges, the share in which the difference has the "
        "claimed sign, the noise of finite runs taken out, with its own interval for a finite number of draws. The "
        "two are kept apart, and neither says that the rules are right.",
        *(["", f"![All claims]({TOGETHER}.png)"] if TOGETHER in drawn else []),
    ]


def in_numbers(findings: Sequence[Finding]) -> str:
    """One sentence: how many claims got which verdict."""
    verdicts = [finding.contrasts[0].verdict for finding in findings]
    counts = {
        "supported": verdicts.count("supported"),
        "contradicted": verdicts.count("contradicted"),
        "not distinguishable from no effect": sum(each.startswith("not") for each in verdicts),
        "true by assumption, so that only a size is given": sum(
            each.startswith("assumed") for each in verdicts
        ),
        "a finding without a verdict": verdicts.count("a finding"),
    }
    parts = ", ".join(f"{count} {words_}" for words_, count in counts.items() if count)
    return f"Of {plural(len(findings), 'claim')}: {parts}."


def verdict_table(findings: Sequence[Finding]) -> list[str]:
    """A row a claim: what is claimed, mark, verdict, difference, n, and the share of draws with its sign."""
    rows = [
        (
            f"**{finding.name}**: {finding.claim.says}",
            finding.claim.mark,
            finding.verdict,
            OBSERVED[finding.claim.primary].title,
            said(finding, finding.contrasts[0]),
            f"{finding.runs:,}",
            survived(finding.contrasts[0]),
        )
        for finding in findings
    ]
    heads = ("claim", "mark:", "verdict:", "judged by:", "difference:", "n", "draws with its sign")
    return markdown_table(heads, rows)


def said(finding: Finding, contrast: Contrast) -> str:
    """A contrast's difference in words."""
    return words(contrast.difference, unit_of(finding.claim))


def survived(contrast: Contrast) -> str:
    """The share of draws with the expected sign in words."""
    found = contrast.survival
    if not found.expects:
        return "–"
    if found.unchanged:
        return f"no effect in any of {found.draws}"
    return f"{_share(found)} of {found.draws}"


def _share(survival: Survival) -> str:
    """'81 % (64 to 93)'; only the interval, '0 to 22 %', where draws do not surely differ from each other."""
    low, value, high = (100 * x for x in (survival.share.low, survival.share.value, survival.share.high))
    if survival.effects.tau.value == 0:
        return f"{low:.0f} to {high:.0f} %"
    return f"{value:.0f} % ({low:.0f} to {high:.0f})"


def _in_plain_words(findings: Sequence[Finding]) -> list[str]:
    lines = ["## In plain words", ""]
    for finding in findings:
        lines.append(f"- {_sentence(finding)}")
    return lines


def _sentence(finding: Finding) -> str:
    """What to make of one claim."""
    claim, contrast, labels = finding.claim, finding.contrasts[0], finding.labels
    title = OBSERVED[claim.primary].title
    arms = f"with “{labels[contrast.arm]}” instead of “{labels[contrast.against]}”"
    text = f"**{finding.name}**. {title.capitalize()} {arms}: {said(finding, contrast)}."
    if claim.expect == "none":
        return f"{text} A finding; nobody said which way it should go."
    if claim.mark == "assumed":
        text += " That it has this sign is written into the rules; only the size is found."
    elif contrast.verdict == "supported":
        text += f" That is what the claim says ({claim.expect})."
    elif contrast.verdict == "contradicted":
        text += f" The claim says the opposite ({claim.expect})."
    else:
        text += f" The claim says {claim.expect}; this many runs cannot tell it from nothing."
    text += f" {_holding(contrast.survival)}"
    others = [
        each for each in finding.contrasts[1:] if each.verdict != contrast.verdict and claim.mark != "assumed"
    ]
    if others:
        told = "; ".join(f"“{labels[e.arm]}” instead of “{labels[e.against]}”: {e.verdict}" for e in others)
        text += f" Other contrasts say otherwise: {told}."
    flip = finding.flip
    return text + (f" {flip[:1].upper()}{flip[1:]}." if flip else "")


def _holding(survival: Survival) -> str:
    """How the sign fares when assumptions are moved, by where the interval of the share lies."""
    if survival.unchanged:
        return "No draw of the assumptions changes that."
    draws = f"{_share(survival)} of draws"
    if survival.share.low > 0.5:
        return f"It keeps the claimed sign in most draws of the assumptions ({draws})."
    if survival.share.high < 0.5:
        return f"It has the claimed sign in the smaller part of draws of the assumptions ({draws})."
    return f"Which sign it has depends on the assumptions: the claimed one in {draws}."


def _reading(findings: Sequence[Finding]) -> list[str]:
    marks = dict.fromkeys(finding.claim.mark for finding in findings)
    return [
        "## How to read it",
        "",
        *(f"- **{mark}**: {MARKS[mark]}." for mark in marks),
        "- **supported**, **contradicted**: with the scenario's values, the difference has the claimed sign, or the "
        "other one, and its interval leaves 0 out. An assumed sign is never called supported. A claim is judged by the "
        "first contrast of its file; the others show what it hangs on.",
        "- **not distinguishable**: the interval holds 0. That is not the same as no effect.",
        "- A verdict says whether a claim follows from these rules and values, not whether it is true.",
    ]


# A claim --------------------------------------------------------------------------------------


def _section(finding: Finding, drawn: Sequence[str]) -> list[str]:
    claim, tables, labels = finding.claim, finding.tables, finding.labels
    names = tuple(
        dict.fromkeys(
            (claim.primary, *claim.also, *(KINDS if claim.primary in ("war", "miscalculated") else ()))
        )
    )
    used = [name for name in labels if any(name in (c.against, c.arm) for c in finding.contrasts)] or list(
        labels
    )
    own = finding.scenario.study
    return [
        f"## {finding.name}",
        "",
        f"> {claim.says}",
        "",
        f"*{claim.source}.* Judged by {OBSERVED[claim.primary].title}, expected: {claim.expect}. Mark: {claim.mark}, "
        f"that is, {MARKS[claim.mark]}.",
        "",
        f"**Verdict: {finding.verdict}.**",
        "",
        *([f"![{claim.says}]({finding.name}.png)", ""] if finding.name in drawn else []),
        "### Arms",
        "",
        *(f"- **{arm.label}**: {_sets(arm)}" for arm in finding.scenario.arms),
        "",
        *arms_table({name: labels[name] for name in used}, tables["arms"], names),
        "",
        f"n = {plural(own.runs, 'run')} of each arm and of its clear-sighted twin, horizon {plural(own.days, 'day')}.",
        "",
        *definition_lines(names, finding.scenario),
        "",
        "### Differences",
        "",
        *differences_table(
            labels, tables["differences"], [(c.against, c.arm) for c in finding.contrasts], names
        ),
        "",
        *(line for contrast in finding.contrasts for line in _substitution(finding, contrast)),
        *_flip_table(finding),
        "### When assumptions are moved",
        "",
        *_robustness_table(finding),
        "",
        *_robustness_words(finding),
        "",
        "### Assumed rather than found",
        "",
        *_assumed(finding),
        *(
            ["", "### Who pays", "", *harm_table(labels, tables["arm_harm"])]
            if claim.expect == "none"
            else []
        ),
    ]


def _sets(arm: Arm) -> str:
    parts = [f"`{key}` {value}" for key, value in _leaves(arm.set)]
    return "; ".join(parts) if parts else "the scenario as it is"


def _leaves(tree: dict[str, object], above: str = "") -> Iterator[tuple[str, str]]:
    for key, value in tree.items():
        name = f"{above}{key}"
        if isinstance(value, dict):
            yield from _leaves(value, f"{name}.")
        elif key == "script" and isinstance(value, list | tuple):
            yield name, f"= {_acts(value)}"
        elif isinstance(value, list | tuple):
            yield name, f"= {', '.join(map(str, value))}"
        else:
            yield name, f"= {value:g}" if isinstance(value, float) else f"= {value}"


def _acts(script: Sequence[dict[str, object]]) -> str:
    """'call by washington on day 0, hold by washington on days 1, 44, 45'."""
    days: dict[tuple[object, object], list[str]] = {}
    for act in script:
        days.setdefault((act["signal"], act["actor"]), []).append(str(act["day"]))
    return ", ".join(
        f"{signal} by {actor} on day{'s' if len(on) > 1 else ''} {' '.join(on)}"
        for (signal, actor), on in days.items()
    )


def _substitution(finding: Finding, contrast: Contrast) -> Iterator[str]:
    """One kind of war in place of another: said where some surely become rarer and others more common."""
    rows = [
        found(finding.tables["differences"], against=contrast.against, arm=contrast.arm, observable=kind)
        for kind in KINDS
    ]
    more = [row for row in rows if row["distinguishable"] and row["value"] > 0]
    fewer = [row for row in rows if row["distinguishable"] and row["value"] < 0]
    if more and fewer:
        said = ", ".join(f"{OBSERVED[row['observable']].title} {difference(row)}" for row in more + fewer)
        labels = finding.labels
        yield f"One kind of war in place of another, with “{labels[contrast.arm]}” instead of “{labels[contrast.against]}”: {said}."
        yield ""


def _flip_table(finding: Finding) -> list[str]:
    if finding.claim.sweep is None:
        return []
    sweep, unit, labels = finding.claim.sweep, unit_of(finding.claim), finding.labels
    pair = finding.contrasts[0]
    rows = []
    for row in records(finding.tables["sweep"]):
        swept = Difference(row["n"], row["value"], row["low"], row["high"], row["se"], "")
        rows.append((f"{row['at']:g}", words(swept, unit)))
    return [
        "### Where the sign flips",
        "",
        *markdown_table(
            (sweep.what or ", ".join(sweep.keys), f"{labels[pair.arm]}, less “{labels[pair.against]}”"), rows
        ),
        "",
        f"{finding.flip[:1].upper()}{finding.flip[1:]}: the nearest values at which the sign is sure. "
        f"Moved together: {', '.join(f'`{key}`' for key in sweep.keys)}.",
        "",
    ]


def _robustness_table(finding: Finding) -> list[str]:
    factor = 100 if OBSERVED[finding.claim.primary].share else 1
    unit = unit_of(finding.claim)

    def number(value: float, sign: str = "+") -> str:
        return f"{factor * value:{sign}.2f}"

    rows = []
    for contrast in finding.contrasts:
        found_, mean = contrast.survival, contrast.survival.effects.mean
        rows.append(
            (
                f"{finding.labels[contrast.arm]}, less “{finding.labels[contrast.against]}”",
                f"{number(mean.value)} ({number(mean.low)} to {number(mean.high)})",
                f"{number(found_.middle[0])} to {number(found_.middle[1])}",
                number(found_.effects.tau.value, ""),
                number(found_.effects.inner, ""),
                survived(contrast),
            )
        )
    heads = (
        "contrast", f"mean effect over draws [{unit}]", "90 of 100 draws between", "sd between draws (parameters)",
        "sd within a draw (sampling)", "draws with the claimed sign",
    )  # fmt: skip
    return markdown_table(heads, rows)


def _robustness_words(finding: Finding) -> list[str]:
    first = finding.contrasts[0].survival
    return [
        f"{first.draws} draws of {len(finding.moved)} numbers at once, a Latin hypercube over the ranges of the "
        f"scenario's register, {plural(first.runs, 'run')} of each arm in each draw under common luck. The daily rate "
        "and the temperature of decisive acts, the reluctance of each act of war and the suspicion of both capitals "
        "are among them, unless an arm sets them. Parameter and sampling uncertainty stand in columns of their own "
        "and are not to be added: more runs make the one smaller, only knowledge the other.",
    ]


def _assumed(finding: Finding) -> list[str]:
    lines = [
        "- Every rule, and every value of the scenario that no arm sets; habits (inclinations) were solved for once and "
        "are the same in all arms, but where an arm says otherwise.",
        f"- The sign of the first contrast: {MARKS[finding.claim.mark]}.",
    ]
    if any("forbid" in key for arm in finding.scenario.arms for key, _ in _leaves(arm.set)):
        lines.append(
            "- What replaces a forbidden signal: its probability goes to all others, war included. An arm that forbids "
            "is a capital without that option, and not one that is better behaved."
        )
    if any(
        "forbid" in key or "inclination" in key
        for arm in finding.scenario.arms
        for key, _ in _leaves(arm.set)
    ):
        lines.append(
            "- War is weighed against the best ordinary signal. An arm that takes such a signal away, or makes one more "
            "liked, moves that bar too: with less to choose from, war looks better; with a signal that is liked more, "
            "worse."
        )
    if any("script" in arm.set for arm in finding.scenario.arms):
        lines.append(
            "- Scripted acts happen whatever the actor would have chosen; what follows them is its own choice."
        )
    return lines


def _all_harm(findings: Sequence[Finding]) -> list[str]:
    rows = []
    for finding in findings:
        harm = finding.tables["arm_harm"]
        for name, label in finding.labels.items():
            row = found(harm, arm=name, outcome="all")
            rows.append(
                (
                    finding.name,
                    label,
                    f"{row['deaths']:,.0f}",
                    f"{row['deaths_per_100_days']:,.0f}",
                    f"{row['hardship']:.2f}",
                    f"{row['hardship_per_100_days']:.2f}",
                )
            )
    heads = (
        "claim", "arm:", "deaths a run", "deaths per 100 days at risk", "hardship a run", "hardship per 100 days at risk",
    )  # fmt: skip
    return [
        "## What every arm costs civilians",
        "",
        *markdown_table(heads, rows),
        "",
        "From day 0 to the end of each run. What an act costs is assumed in the vocabulary; how often and how soon it "
        "comes is found. Hardship is an index for comparing, without a unit.",
    ]
