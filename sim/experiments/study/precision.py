"""What ``--precision`` asks for, and what is said of a study that stopped by it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sim.errors import StudyError
from sim.schema.outcomes import COUNTED
from sim.statistics.proportions import Estimate, proportion
from sim.statistics.sequential import Target, interval, schedule
from sim.text import suggestion

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
    if name not in COUNTED:
        raise StudyError(
            f'{wrong}: "{name}" is nothing that is counted{suggestion(name, COUNTED)}; there are: {", ".join(COUNTED)}'
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
