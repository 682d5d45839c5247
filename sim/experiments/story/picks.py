"""Which runs are worth telling: the wars that misreading made, the peace that was nearly lost, each kind of end."""

from __future__ import annotations

import numpy as np

from sim.engines.batch.engine import Program
from sim.engines.branches import Plays
from sim.experiments.turning_points.closest.counts import Hazards, short_list
from sim.experiments.turning_points.ends import ENDS, WAR, Flags, ended
from sim.scenario.memo import remembered
from sim.scenario.scenario import Scenario

LOOKED_AT = 1_000
"""Runs among which is picked, from run 0 on."""

MISCALCULATED, CLOSEST = "miscalculated", "closest"


@remembered
def picks(scenario: Scenario, runs: int = LOOKED_AT) -> dict[str, tuple[int, ...]]:
    """Numbers of runs by what they are, of the first ``runs`` of a scenario's seed: each of ENDS, and two more.

    miscalculated: wars that do not come where all see clearly, with the same luck; closest: the twelve at peace whose
    one-day chances of war have the largest sum, largest first. What there is none of is empty.
    """
    planned = scenario.replace({"study.runs": runs})
    own, plays, program = planned.study, Plays.of(0, runs), Program.of(planned)
    found = ended(program.play(plays, own.seed, own.days))
    clear = ended(program.seeing_clearly().play(plays, own.seed, own.days))[WAR]
    by_end = {name: _where(flags) for name, flags in zip(ENDS, found, strict=True)}
    near = short_list(planned, Hazards(planned).compute(0, runs)).runs
    return {**by_end, MISCALCULATED: _where(found[WAR] & ~clear), CLOSEST: near}


def _where(flags: Flags) -> tuple[int, ...]:
    return tuple(np.flatnonzero(flags).tolist())


TITLES = {
    "war": "wars",
    MISCALCULATED: "miscalculated wars",
    CLOSEST: "closest calls",
    "exit": "exits",
    "settlement": "settlements",
    "deescalation": "crises that faded",
}
"""What each pick is called, in the order in which they are offered."""
