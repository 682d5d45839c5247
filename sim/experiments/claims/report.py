"""The page on claims: verdicts first, then what to make of them, then a section on each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from sim.experiments.arms.report import harm_rates
from sim.experiments.claims.figures import TOGETHER, figures_of
from sim.experiments.claims.findings import MARKS, Finding
from sim.experiments.claims.robustness import Survival
from sim.experiments.claims.section import section, share_words, survived
from sim.reports.numbers import difference_words
from sim.reports.page import literal, literals
from sim.reports.tables import columns, found, markdown
from sim.reports.words import limits, plural
from sim.results.observables import OBSERVED

NUMBERS = re.compile(r"; size = [^)]*\)| from 0 at n = \d+(,\d{3})*")
"""What a verdict says in numbers, which a terminal has in columns of its own."""

ANSWERS = {
    "supported": "Yes, in this model",
    "contradicted": "No, the opposite",
    "not distinguishable": "Cannot be told",
    "assumed": "Built into the rules",
    "a finding": "No direction was claimed",
}
"""How verdicts begin, and what each answers to a claim in a word or two."""


def page(findings: Sequence[Finding]) -> str:
    """The whole page, in Markdown."""
    drawn = set(figures_of(findings))
    parts = [
        ["# What the model says of the claims", "", *(f"- {_sentence(finding)}" for finding in findings)],
        _reading(findings),
        _numbers(findings, TOGETHER in drawn),
        *(section(finding, finding.name in drawn) for finding in findings),
        *([_all_harm(findings)] if any(each.claim.expect == "none" for each in findings) else []),
        limits(),
    ]
    return "\n\n".join("\n".join(lines) for lines in parts) + "\n"


def verdicts(findings: Sequence[Finding]) -> str:
    """What a terminal shows: a line a contrast, the one that the claim is judged by first; then where signs flip."""
    rows: list[tuple[str, ...]] = [("CLAIM", "MARK", "VERDICT", "DIFFERENCE", "N", "DRAWS WITH ITS SIGN")]
    for finding in findings:
        for contrast in finding.contrasts:
            first = contrast is finding.first
            rows.append(
                (
                    finding.name if first else f"  {contrast.against} to {contrast.arm}",
                    finding.mark_words if first else "",
                    NUMBERS.sub("", contrast.verdict),
                    f"{difference_words(contrast.difference, finding.unit, brief=True)} {finding.unit}",
                    f"{contrast.difference.n:,}",
                    survived(contrast),
                )
            )
    flips = [f"{finding.name}: {finding.flip}." for finding in findings if finding.flip]
    return "\n".join([columns(rows, right=(4,)), *(["", *flips] if flips else [])])


def _numbers(findings: Sequence[Finding], drawn: bool) -> list[str]:
    """All verdicts with what they rest on."""
    first = findings[0].scenario.study
    same = all(finding.scenario.study == first for finding in findings)
    size = (
        f"n = {plural(first.runs, 'run')} of each arm over {plural(first.days, 'day')}, seed {first.seed}. "
        if same
        else ""
    )
    return [
        "## All verdicts in numbers",
        "",
        *([f"![All claims]({TOGETHER}.png)", ""] if drawn else []),
        *_verdict_table(findings),
        "",
        f"{size}A difference is of the quantity that the claim is judged by, between two arms that share all luck, "
        "with its 95 % interval: what other runs would change. The last column is what other assumptions would "
        "change: of draws of all uncertain numbers from their ranges, the share in which the difference has the "
        "claimed sign, the noise of finite runs taken out, with its own interval for a finite number of draws. The "
        "two are kept apart, and neither says that the rules are right.",
    ]


def _verdict_table(findings: Sequence[Finding]) -> list[str]:
    rows = [
        (
            f"**{finding.name}**: {literal(finding.claim.says)}",
            finding.mark_words,
            literal(finding.verdict),
            OBSERVED[finding.claim.primary].title,
            difference_words(finding.first.difference, finding.unit),
            f"{finding.scenario.study.runs:,}",
            survived(finding.first),
        )
        for finding in findings
    ]
    heads = ("claim", "mark:", "verdict:", "judged by:", "difference:", "n", "draws with its sign")
    return markdown(rows, heads, right=True)


def _sentence(finding: Finding) -> str:
    """What to make of one claim."""
    labels, contrast, claim = literals(finding.labels), finding.first, finding.claim
    answer = next(said for start, said in ANSWERS.items() if contrast.verdict.startswith(start))
    title = OBSERVED[claim.primary].title
    arms = f"with “{labels[contrast.arm]}” instead of “{labels[contrast.against]}”"
    said = difference_words(contrast.difference, finding.unit)
    asked = f"**{literal(claim.says)}** *{answer}.*"
    return " ".join([asked, f"{title.capitalize()} {arms}: {said}.", *_meaning(finding), f"({finding.name})"])


def _meaning(finding: Finding) -> Iterator[str]:
    claim, contrast, labels = finding.claim, finding.first, literals(finding.labels)
    if claim.expect == "none":
        yield "A finding; nobody said which way it should go."
        return
    if finding.mark == "assumed":
        yield "That it has this sign is written into the rules; only the size is found."
    elif contrast.verdict.startswith("supported"):
        yield f"That is what the claim says ({claim.expect})."
    elif contrast.verdict.startswith("contradicted"):
        yield f"The claim says the opposite ({claim.expect})."
    else:
        yield f"The claim says {claim.expect}; this many runs cannot tell it from nothing."
    yield _holding(contrast.survival)
    others = [
        f"“{labels[each.arm]}” instead of “{labels[each.against]}”: {each.verdict}"
        for each in finding.contrasts[1:]
        if each.verdict != contrast.verdict and finding.mark != "assumed"
    ]
    if others:
        yield f"Other contrasts say otherwise: {'; '.join(others)}."
    if finding.flip:
        yield f"{literal(finding.flip[:1].upper() + finding.flip[1:])}."


def _holding(survival: Survival) -> str:
    """How the sign fares when assumptions are moved, by where the interval of the share lies."""
    if survival.unchanged:
        return "No draw of the assumptions changes that."
    draws = f"{share_words(survival)} of draws"
    if survival.share.low > 0.5:
        return f"It keeps the claimed sign in most draws of the assumptions ({draws})."
    if survival.share.high < 0.5:
        return f"It has the claimed sign in the smaller part of draws of the assumptions ({draws})."
    return f"Which sign it has depends on the assumptions: the claimed one in {draws}."


def _reading(findings: Sequence[Finding]) -> list[str]:
    marks = dict.fromkeys(finding.mark for finding in findings)
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


def _all_harm(findings: Sequence[Finding]) -> list[str]:
    rows = []
    for finding in findings:
        for name, label in literals(finding.labels).items():
            row = found(finding.tables["arm_harm"], arm=name, outcome="all")
            rows.append((finding.name, label, f"{row['deaths']:,.0f}", *harm_rates(row)))
    heads = (
        "claim", "arm:", "deaths a run", "deaths per 100 days at risk", "hardship a run", "hardship per 100 days at risk",
    )  # fmt: skip
    return [
        "## What every arm costs civilians",
        "",
        *markdown(rows, heads, right=True),
        "",
        "From day 0 to the end of each run. What an act costs is assumed in the vocabulary; how often and how soon it "
        "comes is found. Hardship is an index for comparing, without a unit.",
    ]
