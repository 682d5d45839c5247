"""TODO."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.experiments.study.study import Study


def in_counts(study: Study) -> str:
    """One sentence: of 100 runs, or of all if fewer, how many were where at the end, in numbers that add up."""
    counts = {
        "at war": study.counts["war"],
        "ended by exit": study.counts["exit"],
        "ended by settlement": study.counts["settlement"],
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


def plural(n: int, noun: str) -> str:
    """'1 run', '10,000 runs'."""
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"


def milestones(days: int) -> tuple[int, ...]:
    """A third, two thirds and the whole of the horizon, in days."""
    return tuple(sorted({max(1, round(days * part / 3)) for part in (1, 2, 3)}))


def one_line(text: str) -> str:
    """The text without line breaks and doubled blanks."""
    return " ".join(text.split())


def average(number: float) -> str:
    """A number per run, to two significant digits or so: '34', '1.2', '0.03'."""
    return f"{number:.0f}" if number >= 9.95 else f"{number:.1f}" if number >= 0.995 else f"{number:.2g}"


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
