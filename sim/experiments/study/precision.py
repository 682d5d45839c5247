"""What ``--precision`` asks for, and what is said of a study that stopped by it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sim.errors import StudyError
from sim.reports.numbers import words
from sim.schema.outcomes import Outcome
from sim.statistics.proportions import Estimate, proportion
from sim.statistics.sequential import PER_LOOK, Target, interval, schedule
from sim.text import suggestion

OBSERVABLES = ("war", "limited_force", *(outcome.name for outcome in Outcome))
"""What a target can be about: shares of runs that a study counts."""


FINEST, COARSEST = 1e-5, 0.2
"""The least and the largest half-width, as shares of runs."""


FEWER = (100, 10)
"""Parts of the runs that are said to have left more unknown."""


# What is asked for ------------------------------------------------------------------------------


def parse_target(text: str) -> Target:
    """The target of ``war=0.005``. Raises StudyError in plain words if it is none."""
    name, equals, number = (part.strip() for part in text.partition("="))
    wrong = f'--precision "{text}"'
    if not equals:
        raise StudyError(f"{wrong}: say what is to be known and how well, such as war=0.005")
    if name not in OBSERVABLES:
        raise StudyError(
            f'{wrong}: "{name}" is nothing that is counted{suggestion(name, OBSERVABLES)}; there are: {", ".join(OBSERVABLES)}'
        )
    try:
        half_width = float(number)
    except ValueError:
        half_width = 0.0
    if not FINEST <= half_width <= COARSEST:
        raise StudyError(
            f'{wrong}: "{number}" must be a half-width between {FINEST:.5f} and {COARSEST:g}, '
            "as a share of runs: 0.005 is half a point"
        )
    return Target(name, half_width)


def parse_targets(texts: Sequence[str]) -> tuple[Target, ...]:
    """All targets asked for, one an observable. Raises StudyError if one is asked for twice, or is none."""
    targets = tuple(parse_target(text) for text in texts)
    names = [target.observable for target in targets]
    for name in names:
        if names.count(name) > 1:
            raise StudyError(f'--precision: "{name}" is asked for twice; give each once')
    return targets


def unknown_with(count: int, n: int) -> tuple[tuple[int, float], ...]:
    """What fewer runs leave unknown: (runs, half-width of their plain 95 % interval) at n/100, n/10 and n."""
    sizes = [*(n // part for part in FEWER if n >= part), n]
    found = ((size, proportion(round(count / n * size), size)) for size in sizes)
    return tuple((size, (estimate.high - estimate.low) / 2) for size, estimate in found)


def _points(half_width: float) -> str:
    """'± 0.5 points'."""
    return f"± {100 * half_width:.2g} points"


# What is told -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Stopped:
    """A study that stopped at a look with all its targets reached: how often what was counted in ``n`` runs."""

    targets: tuple[Target, ...]
    counts: Mapping[str, int]
    n: int

    def estimates(self) -> dict[str, Estimate]:
        """The interval of each target, by its observable."""
        return {
            target.observable: interval(self.counts[target.observable], self.n, target)
            for target in self.targets
        }

    def to_json(self) -> dict[str, Any]:
        """Runs, and of each target what was asked for, what came out, and what fewer runs would have left."""
        found = self.estimates()
        return {
            "runs": self.n,
            "looks": [n for n in schedule(self.targets) if n <= self.n],
            "targets": {
                target.observable: {
                    "half_width": target.half_width,
                    **{key: getattr(found[target.observable], key) for key in ("rate", "low", "high")},
                    "unknown_with": [
                        {"runs": runs, "half_width": half}
                        for runs, half in unknown_with(self.counts[target.observable], self.n)
                    ],
                }
                for target in self.targets
            },
        }

    def sections(self) -> list[str]:
        """What the report says, as lines of Markdown."""
        rows = []
        for target, estimate in zip(self.targets, self.estimates().values(), strict=True):
            fewer = [_points(half) for _, half in unknown_with(estimate.count, self.n)]
            name = target.observable.replace("_", " ")
            rows.append(
                f"| {name} | {_points(target.half_width)} | {words(estimate)} | {' | '.join(fewer)} |"
            )
        seen = [f"{n:,}" for n in schedule(self.targets) if n <= self.n]
        many = ", ".join(seen) if len(seen) < 6 else f"{seen[0]}, {seen[1]}, … {seen[-1]}"
        sizes = [size for size, _ in unknown_with(0, self.n)]
        heads = " | ".join(f"left by {size:,} runs" for size in sizes)
        return [
            "## As precise as was asked for",
            "",
            f"| share | asked for | reached (95 % interval) | {heads} |",
            f"| --- | ---: | ---: |{' ---: |' * len(sizes)}",
            *rows,
            "",
            f"Runs were added until every share was known: the study was looked at with {many} runs and stopped at "
            f"n = {self.n:,}. A share is known when its Clopper-Pearson interval at {100 * PER_LOOK:g} % lies within what was "
            "asked for. Its interval here is the share ± what was asked for; that the runs themselves decided when to "
            "stop is allowed for, so it holds the true share at least 95 times of 100. Intervals elsewhere in this "
            "report are those of a number of runs fixed beforehand. The last columns say how wide the plain 95 % "
            "interval of the same share is after fewer runs.",
        ]
