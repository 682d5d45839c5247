"""The box of claims: how many hold, which of them firmly, and what would turn them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sim.experiments.claims.findings import Finding
from sim.reports.page import Box, literal
from sim.reports.words import plural

NAMED = 4  # claims named in a sentence; more are counted
OF_VERDICTS = {
    "supported": "supported",
    "contradicted": "contradicted",
    "not distinguishable": "not distinguishable from no effect",
    "assumed": "true by assumption, so that only a size is given",
    "a finding": "a finding without a verdict",
}
"""How verdicts begin, and how they are counted in words."""


def box(findings: Sequence[Finding]) -> Box:
    """The answer in at most 150 words."""
    told = [each for each in findings if each.claim.expect != "none"]
    firm = [each for each in told if each.first.survival.share.low > 0.5 and _judged(each, "supported")]
    shaky = [each for each in told if each not in firm and _judged(each, "supported", "contradicted")]
    turned = [each for each in told if "flips between" in each.flip]
    draws = max((each.first.survival.draws for each in told), default=0)
    return (
        ("How it stands", in_numbers(findings)),
        ("What holds under other assumptions too", _named(firm)),
        ("What hangs on the assumptions", _named(shaky)),
        ("What would turn it", _turns(turned)),
        (
            "How firm that is",
            f"Runs of both arms share their luck; {plural(draws, 'draw')} of all uncertain numbers say what other assumptions "
            "would change. A verdict says whether a claim follows from these rules and values, not whether it is true.",
        ),
    )


def in_numbers(findings: Sequence[Finding]) -> str:
    """One sentence: how many claims got which verdict."""
    counts = {said: sum(_judged(each, start) for each in findings) for start, said in OF_VERDICTS.items()}
    parts = ", ".join(f"{count} {said}" for said, count in counts.items() if count)
    return f"Of {plural(len(findings), 'claim')}: {parts}."


def _judged(finding: Finding, *verdicts: str) -> bool:
    """Whether the verdict begins with one of these."""
    return finding.first.verdict.startswith(verdicts)


def _named(findings: Iterable[Finding]) -> str:
    names = [f"“{literal(each.name)}”" for each in findings]
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return f"{', '.join(names[:NAMED])}{more}." if names else "None."


def _turns(findings: Sequence[Finding]) -> str:
    if not findings:
        return "No sweep of a single number turns a sign."
    first = findings[0]
    more = f" So do {plural(len(findings) - 1, 'other claim')} along theirs." if len(findings) > 1 else ""
    return f"“{literal(first.name)}”: {literal(first.flip)}.{more}"
