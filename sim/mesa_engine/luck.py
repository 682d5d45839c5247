"""The draws of one run, by address."""

from __future__ import annotations

from dataclasses import dataclass

from sim.rules import draws


@dataclass(frozen=True)
class Luck:
    """All luck of run ``run`` of seed ``seed``: nothing is stored, every draw is computed where it is asked for."""

    seed: int
    run: int
    branch: int = draws.TRUNK

    def uniforms(self, day: int, seat: int, purpose: int, about: int = 0) -> tuple[float, float]:
        """Two uniform draws in (0, 1)."""
        return draws.uniforms(self.seed, self.run, day, seat, purpose, about, self.branch)

    def normals(self, day: int, seat: int, purpose: int, about: int = 0) -> tuple[float, float]:
        """Two standard normal draws."""
        return draws.normals(self.seed, self.run, day, seat, purpose, about, self.branch)
