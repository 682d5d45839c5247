"""A sweep: what comes out as numbers of a scenario are moved through values, all points with common random numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Unpack

from sim.errors import StudyError
from sim.experiments.design import Design, Spread, grid, spread
from sim.experiments.design_experiment import BesideBase, singles
from sim.experiments.question import Counts, Figures, Question, Stage, Stages, Tables, point_plan
from sim.experiments.runner import Answer, Keeping, answer
from sim.experiments.sweep.figures import figures_of
from sim.experiments.sweep.report import report
from sim.experiments.sweep.tables import table_of
from sim.scenario.changes import typed
from sim.scenario.files import AnyScenario, scenario_from
from sim.scenario.scenario import Scenario
from sim.scenario.values import parsed
from sim.text import printable

if TYPE_CHECKING:
    import pandas as pd

RUNS = 2_000  # a point, unless more or fewer are asked for


@dataclass(frozen=True)
class Sweep(Question):
    """Simulate a scenario at every point of a design, and compare each with the scenario as it is.

    Table "sweep": a row a point and quantity: point, a column for each key, quantity, n, value, low, high, and what
    differs, run by run, from the scenario as it is: difference, difference_low, difference_high,
    distinguishable. Shares lie in 0..1; measures are in the unit that MODEL.md gives them.
    """

    design_kind: str
    keys: tuple[str, ...]
    points: tuple[tuple[float, ...], ...]
    twins: bool

    kind: ClassVar[str] = "sweep"

    @property
    def design(self) -> Design:
        """Which points, over which numbers."""
        return Design(self.design_kind, self.keys, self.points)

    @property
    def experiment(self) -> BesideBase:
        """All points, each beside the scenario as it is."""
        return BesideBase.of(self.scenario, singles(self.keys, self.points), self.twins)

    def stages(self) -> Stages:
        """One: all points."""
        yield Stage("points", self.experiment)

    def tables(self, counts: Counts) -> dict[str, pd.DataFrame]:
        """The table "sweep"."""
        return {"sweep": table_of(self.experiment, self.design, counts["points"])}

    def page(self, tables: Tables) -> str:
        """Shares at each point, or where each is least and most."""
        return report(self.scenario, self.design, tables["sweep"], self.scenario.study.runs, self.twins)

    def next_command(self, name: str) -> str:
        """What says more of the same."""
        return f"brink levers {typed(self.scenario)}"

    def figures(self, tables: Tables) -> Figures:
        """A line with its band for one number, a heat map for two on a grid; none for more."""
        return figures_of(self.scenario, self.design, tables["sweep"])


QUESTION = Sweep


def asked(
    scenario: Scenario, design: Design, runs: int | None, days: int | None, seed: int | None, twins: bool
) -> Sweep:
    """The question, with what is not given taken from the scenario. Raises StudyError for too many runs a point."""
    plan = point_plan(scenario, RUNS if runs is None else runs, days, seed)
    return Sweep(plan, design.kind, design.keys, design.points, twins)


def sweep(
    scenario: AnyScenario,
    vary: Mapping[str, Any] | None = None,
    *,
    design: Design | None = None,
    runs: int | None = None,
    days: int | None = None,
    seed: int | None = None,
    twins: bool = False,
    **kept: Unpack[Keeping],
) -> Answer:
    """Simulate a scenario at every point of a design, and compare each with the scenario as it is.

    ``vary``: values by dotted key, ``{"world.framework": [0.1, 0.5], "actors.caracas.resolve": "0.3:0.8:11"}``,
    all combinations of which are run; or else any ``design`` of :mod:`sim.experiments.design`; or else what the
    scenario's own ``[sweep]`` says. ``runs`` a point, 2,000 by default. With ``twins``, every run has its
    clear-sighted twin, and miscalculated war and the like are counted. All points share seed and run numbers.
    The answer has the table of :class:`Sweep`; the rest is as for :func:`sim.experiments.runner.answer`.
    Raises ScenarioError for keys and values that are not allowed, StudyError for what cannot be run.
    """
    scenario = scenario_from(scenario)
    if design is None:
        chosen = scenario.study.seed if seed is None else seed
        design = design_of(scenario, chosen) if vary is None else grid(scenario, vary)
    question = asked(scenario, design, runs, days, seed, twins)
    return answer(question, **kept)


def design_of(scenario: Scenario, seed: int) -> Design:
    """The design that the scenario's own ``[sweep]`` asks for; StudyError if it asks for nothing."""
    own = scenario.sweep
    if own.design == "grid":
        return grid(scenario, own.vary, "sweep.vary.")
    return spread(scenario, own.design, own.points, own.over, seed)


def design_asked(
    scenario: Scenario,
    vary: Sequence[str],
    kind: Spread | None,
    points: int | None,
    over: Sequence[str],
    seed: int | None,
) -> Design:
    """The design that a command line asks for; where it names none, the scenario's own."""
    if vary and kind:
        raise StudyError("--vary makes a grid, and --design spreads points over ranges; give one of them")
    if (points is not None or over) and not kind:
        raise StudyError("--points and --over are of use only with --design latin or --design sobol")
    chosen = scenario.study.seed if seed is None else seed
    if kind:
        return spread(scenario, kind, scenario.sweep.points if points is None else points, over, chosen)
    if not vary:
        return design_of(scenario, chosen)
    given = [parsed(text) for text in vary]
    twice = next((key for at, (key, _) in enumerate(given) if key in dict(given[:at])), None)
    if twice:
        raise StudyError(f"--vary {printable(twice)} is given twice")
    return grid(scenario, dict(given), "--vary ")
