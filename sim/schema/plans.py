"""What is varied in a sweep of a scenario: the table ``[sweep]`` of its file."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from sim.schema.fields import Table, whole

MOST_DAYS = 3650
MOST_RUNS = 10**12


class StudyPlan(Table):
    """How often and how long a scenario is run, unless the command says otherwise."""

    runs: int = whole(10_000, 1, MOST_RUNS, "runs", "number of runs")
    days: int = whole(90, 1, MOST_DAYS, "days", "horizon")
    seed: int = whole(1, 0, 2**63 - 1, "seed", "seed of all luck")
    kind: Literal["plain", "twins"] = Field(
        "plain", description="twins: each run is laid beside its clear-sighted twin, as with --twins"
    )


class Scripted(Table):
    """One act that is forced, whatever the actor would have chosen, ``forbid`` or not."""

    day: int = Field(ge=0, le=MOST_DAYS - 1, description="day, from 0")
    actor: str = Field(description="name of the actor")
    signal: str = Field(description="name of the signal")
    if_possible: bool = Field(
        False,
        description="leave the actor its own choice where the signal's needs are not met, instead of refusing",
    )


MOST_RUNS_A_POINT = 1_000_000  # of a design: those of the scenario as it is are held in memory
MOST_POINTS = 10_000


class SweepPlan(Table):
    """What ``brink sweep`` varies in this scenario, unless the command says otherwise."""

    vary: dict[str, Any] = Field(
        default_factory=dict,
        description='numbers and the values they take, in tables like the scenario\'s own: world.framework = "0:1:11"',
    )
    design: Literal["grid", "latin", "sobol"] = Field(
        "grid",
        description="grid: every combination of what is varied; latin, sobol: points spread over the ranges of `over`",
    )
    points: int = whole(64, 2, MOST_POINTS, "points", "number of points of a latin or sobol design")
    over: tuple[str, ...] = Field(
        (),
        strict=False,
        description="dotted keys that a latin or sobol design moves within the ranges of the register; left out: all",
    )
