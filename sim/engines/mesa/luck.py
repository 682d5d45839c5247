"""The draws of one run, by address."""

from __future__ import annotations

from dataclasses import dataclass

from sim.rules import draws


@dataclass(frozen=True)
class Luck:
    """All luck of run ``run`` of seed ``seed``: nothing is stored, every draw is computed where it is asked for.

    ``forks`` are (day, branch): from that day on it is that of a branch of the run, until the next. The start of
    day 0 is always the run's own.
    """

    seed: int
    run: int
    forks: tuple[tuple[int, int], ...] = ()

    def uniforms(self, day: int, seat: int, purpose: int, about: int = 0) -> tuple[float, float]:
        """Two uniform draws in (0, 1)."""
        return draws.uniforms(self.seed, self.run, day, seat, purpose, about, self._branch_on(day, purpose))

    def normals(self, day: int, seat: int, purpose: int, about: int = 0) -> tuple[float, float]:
        """Two standard normal draws."""
        return draws.normals(self.seed, self.run, day, seat, purpose, about, self._branch_on(day, purpose))

    def _branch_on(self, day: int, purpose: int) -> int:
        gone = [branch for since, branch in self.forks if day >= since and purpose not in draws.FIRST_DAY]
        return gone[-1] if gone else draws.TRUNK
