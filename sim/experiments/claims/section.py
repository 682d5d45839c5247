"""The section of the page on one claim: its arms, what differs, when assumptions are moved, and what is assumed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sim.experiments.arms.report import (
    arms_table,
    definition_lines,
    difference,
    differences_table,
    harm_table,
)
from sim.experiments.claims.findings import MARKS, Contrast, Finding
from sim.experiments.claims.robustness import Survival
from sim.reports.numbers import difference_words, interval
from sim.reports.page import literal, literals
from sim.reports.tables import markdown, records
from sim.reports.words import plural
from sim.results.observables import OBSERVED
from sim.schema.claims import Arm, Claim, Observable
from sim.schema.outcomes import WAR_NAMES
from sim.statistics.differences import in_row


def section(finding: Finding, drawn: bool) -> list[str]:
    """The section of one claim, in Markdown; ``drawn``: whether it has a figure."""
    claim, tables, labels = finding.claim, finding.tables, literals(finding.labels)
    names = _told(finding)
    used = {name: label for name, label in labels.items() if _is_compared(name, finding)} or labels
    own = finding.scenario.study
    pairs = [(each.against, each.arm) for each in finding.contrasts]
    return [
        f"## {finding.name}",
        "",
        f"> {literal(claim.says)}",
        "",
        f"*{literal(claim.source)}.* Judged by {_expected(claim)}. Mark: {finding.mark_words}, "
        f"that is, {MARKS[finding.mark]}.",
        "",
        f"**Verdict: {literal(finding.verdict)}.**",
        "",
        *([f"![{literal(claim.says)}]({finding.name}.png)", ""] if drawn else []),
        "### Arms",
        "",
        *(f"- **{literal(arm.label)}**: {_sets(arm)}" for arm in finding.scenario.arms),
        "",
        *arms_table(used, tables["arms"], names),
        "",
        f"n = {plural(own.runs, 'run')} of each arm and of its clear-sighted twin, horizon {plural(own.days, 'day')}.",
        "",
        *definition_lines(names, finding.scenario),
        "",
        "### Differences",
        "",
        *differences_table(labels, tables["differences"], pairs, names),
        "",
        *(line for contrast in finding.contrasts for line in _substitution(finding, contrast)),
        *_flip_table(finding),
        "### When assumptions are moved",
        "",
        *_robustness_table(finding),
        "",
        _robustness_words(finding),
        "",
        "### Assumed rather than found",
        "",
        *(f"- {each}" for each in _assumed(finding)),
        *(
            ["", "### Who pays", "", *harm_table(labels, tables["arm_harm"])]
            if claim.expect == "none"
            else []
        ),
    ]


def _expected(claim: Claim) -> str:
    """'exit, expected: higher, and war, expected: lower'."""
    expected = {claim.primary: claim.expect, **claim.beside}
    return ", and ".join(f"{OBSERVED[name].title}, expected: {sign}" for name, sign in expected.items())


def _told(finding: Finding) -> tuple[Observable, ...]:
    """The quantities that the section tells of."""
    claim = finding.claim
    wars = WAR_NAMES if claim.primary in ("war", "miscalculated") else ()
    return tuple(dict.fromkeys((*claim.quantities, *wars)))  # type: ignore[arg-type]


def _is_compared(arm: str, finding: Finding) -> bool:
    return any(arm in (each.against, each.arm) for each in finding.contrasts)


# What arms set --------------------------------------------------------------------------------


def _sets(arm: Arm) -> str:
    parts = [f"`{key}` {value}" for key, value in _leaves(arm.set)]
    return "; ".join(parts) if parts else "the scenario as it is"


def _leaves(tree: Mapping[str, object], above: str = "") -> Iterator[tuple[str, str]]:
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


def _acts(script: Sequence[Mapping[str, object]]) -> str:
    """'call by washington on day 0, hold by washington on days 1, 44, 45'."""
    days: dict[tuple[object, object], list[str]] = {}
    for act in script:
        days.setdefault((act["signal"], act["actor"]), []).append(str(act["day"]))
    return ", ".join(
        f"{signal} by {actor} on day{'s' if len(on) > 1 else ''} {' '.join(on)}"
        for (signal, actor), on in days.items()
    )


# What differs ---------------------------------------------------------------------------------


def _substitution(finding: Finding, contrast: Contrast) -> Iterator[str]:
    """One kind of war in place of another: said where some surely become rarer and others more common."""
    rows = [finding.row(contrast, kind) for kind in WAR_NAMES]
    more = [row for row in rows if row["distinguishable"] and row["value"] > 0]
    fewer = [row for row in rows if row["distinguishable"] and row["value"] < 0]
    if more and fewer:
        said = ", ".join(f"{OBSERVED[row['observable']].title} {difference(row)}" for row in more + fewer)
        labels = literals(finding.labels)
        yield f"One kind of war in place of another, with “{labels[contrast.arm]}” instead of “{labels[contrast.against]}”: {said}."
        yield ""


def _flip_table(finding: Finding) -> list[str]:
    sweep = finding.claim.sweep
    if sweep is None:
        return []
    rows = [
        (f"{row['at']:g}", difference_words(in_row(row), finding.unit))
        for row in records(finding.tables["sweep"])
    ]
    return [
        "### Where the sign flips",
        "",
        *markdown(
            rows, (literal(sweep.what or ", ".join(sweep.keys)), _less(finding, finding.first)), right=True
        ),
        "",
        f"{literal(finding.flip[:1].upper() + finding.flip[1:])}: the nearest values at which the sign is sure. "
        f"Moved together: {', '.join(f'`{key}`' for key in sweep.keys)}.",
        "",
    ]


def _less(finding: Finding, contrast: Contrast) -> str:
    return literal(f"{finding.labels[contrast.arm]}, less “{finding.labels[contrast.against]}”")


# When assumptions are moved -------------------------------------------------------------------


def survived(contrast: Contrast) -> str:
    """The share of draws with the expected sign in words."""
    found = contrast.survival
    if not found.expects:
        return "–"
    if found.unchanged:
        return f"no effect in any of {found.draws}"
    return f"{share_words(found)} of {found.draws}"


def share_words(survival: Survival) -> str:
    """'81 % (64 to 93)'; only the interval, '0 to 22 %', where draws do not surely differ from each other."""
    low, value, high = (100 * x for x in (survival.share.low, survival.share.value, survival.share.high))
    if survival.effects.tau.value == 0:
        return f"{low:.0f} to {high:.0f} %"
    return interval(value, low, high, " %", places=0)


def _robustness_table(finding: Finding) -> list[str]:
    factor = 100 if OBSERVED[finding.claim.primary].share else 1
    rows = []
    for contrast in finding.contrasts:
        effects, (least, most) = contrast.survival.effects, contrast.survival.middle
        mean = effects.mean
        rows.append(
            (
                _less(finding, contrast),
                interval(factor * mean.value, factor * mean.low, factor * mean.high, places=2, sign="+"),
                f"{factor * least:+.2f} to {factor * most:+.2f}",
                f"{factor * effects.tau.value:.2f}",
                f"{factor * effects.inner:.2f}",
                survived(contrast),
            )
        )
    heads = (
        "contrast", f"mean effect over draws [{finding.unit}]", "90 of 100 draws between",
        "sd between draws (parameters)", "sd within a draw (sampling)", "draws with the claimed sign",
    )  # fmt: skip
    return markdown(rows, heads, right=True)


def _robustness_words(finding: Finding) -> str:
    first = finding.first.survival
    return (
        f"{first.draws} draws of {len(finding.moved)} numbers at once, a Latin hypercube over the ranges of the "
        f"scenario's register, {plural(first.runs, 'run')} of each arm in each draw under common luck. The daily rate "
        "and the temperature of decisive acts, the reluctance of each act of war and the suspicion of both capitals "
        "are among them, unless an arm sets them. Parameter and sampling uncertainty stand in columns of their own "
        "and are not to be added: more runs make the one smaller, only knowledge the other."
    )


# What is assumed ------------------------------------------------------------------------------


def _assumed(finding: Finding) -> Iterator[str]:
    keys = [key for arm in finding.scenario.arms for key, _ in _leaves(arm.set)]
    forbids = any("forbid" in key for key in keys)
    yield (
        "Every rule, and every value of the scenario that no arm sets; habits (inclinations) were solved for once and "
        "are the same in all arms, but where an arm says otherwise."
    )
    yield f"The sign of the first contrast: {MARKS[finding.mark]}."
    if forbids:
        yield (
            "What replaces a forbidden signal: its probability goes to all others, war included. An arm that forbids "
            "is a capital without that option, and not one that is better behaved."
        )
    if forbids or any("inclination" in key for key in keys):
        yield (
            "War is weighed against the best ordinary signal. An arm that takes such a signal away, or makes one more "
            "liked, moves that bar too: with less to choose from, war looks better; with a signal that is liked more, "
            "worse."
        )
    if any("script" in arm.set for arm in finding.scenario.arms):
        yield "Scripted acts happen whatever the actor would have chosen; what follows them is its own choice."
