"""What is varied in a sweep of a scenario: the table ``[sweep]`` of its file."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from sim.schema import Table, whole

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
