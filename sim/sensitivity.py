"""Global sensitivity: which of a scenario's assumptions its results rest on, chance told apart from parameters.

Morris's screening over all registered numbers picks those that do most; Sobol' indices are then estimated for
each of them, and for all others together, as one. Every number moves over its declared range, evenly.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis import THREADS, Findings, Means, Place, kept, markdown, planned
from sim.claim import Observable
from sim.design import Factor, Floats, factors, latin_shares, scaled
from sim.discovery import Box, discovered
from sim.errors import StudyError
from sim.estimate import decimals
from sim.experiment import Piece
from sim.extras import salib
from sim.indices import indices, row_sums
from sim.lucky_rows import Rows
from sim.observed import OBSERVED
from sim.scenario import Scenario
from sim.screening import effects, largest, problem, step_sums, trajectories
from sim.shown import shown

QUANTITIES: tuple[Observable, ...] = ("war", "miscalculated", "exit", "peak_level")
OTHERS = "all others"
TOP = 0.75  # discovery asks where a quantity lies above this quantile of all points
MOST_TOLD = 12


@dataclass(frozen=True)
class Effort:
    """How much is simulated. ``keep``: parameters that get indices of their own; ``rows`` of the design of their
    indices, a power of two; ``points`` of the Latin hypercube in which a box is looked for; runs a point of each.
    """

    trajectories: int = 40
    screen_runs: int = 64
    rows: int = 1024
    runs: int = 64
    keep: int = 15
    points: int = 1000
    point_runs: int = 256

    def plain_runs(self, width: int, discover: bool = True) -> int:
        """Plain runs in all, twins counted, for so many parameters."""
        screen = self.trajectories * (width + 1) * self.screen_runs
        rows = self.rows * (min(width, self.keep + 1) + 2) * self.runs
        return 2 * (screen + rows + (self.points * self.point_runs if discover else 0))


THOROUGH = Effort()
QUICK = Effort(trajectories=10, rows=128, points=200, point_runs=128)


@dataclass(frozen=True)
class Sensitivity:
    """What was found, by table.

    screening: a row a parameter and quantity: parameter, label, quantity, low, high, mu, mu_star, mu_star_low,
               mu_star_high, sigma (per whole range), size, sigma_free (chance out), kept
    indices:   a row a parameter kept, and one for all others together, and quantity: parameter, label,
               quantity, first, first_low, first_high, total, total_low, total_high (chance out), first_naive,
               total_naive (chance in), variance, chance (share of the naive variance)
    points:    a row a point of a Latin hypercube: a column a parameter, and one a quantity
    box:       a row a restriction of the box that was discovered: parameter, label, low, high (infinite where
               there is no limit), quasi_p, and the
               same in each: quantity, threshold, coverage, density, mass, base, p, believed
    """

    scenario: Scenario
    tables: dict[str, pd.DataFrame]
    text: str
    folder: Path | None

    def __getattr__(self, name: str) -> pd.DataFrame:
        """A table by its name."""
        if name not in ("screening", "indices", "points", "box"):
            raise AttributeError(name)
        return self.tables[name]


@dataclass(frozen=True)
class _Plan:
    """What is to be done, and over which parameters."""

    scenario: Scenario
    moved: tuple[Factor, ...]
    effort: Effort
    places: list[int] = field(default_factory=list)  # of the parameters singled out

    def experiment(self, shares: Floats, summary: Any, runs: int) -> Rows:
        """Rows of points, given as shares of the ranges: (rows, points, parameters)."""
        study = self.scenario.study
        keys = tuple(each.key for each in self.moved)
        rows = tuple(scaled(self.moved, row) for row in shares)
        return Rows(self.scenario, keys, rows, QUANTITIES, summary, runs, study.days, study.seed)


def sensitivity(
    scenario: Scenario,
    *,
    over: Sequence[str] = (),
    effort: Effort = THOROUGH,
    discover: Observable | None = "miscalculated",
    days: int | None = None,
    seed: int | None = None,
    out: str | Path = "results",
    name: str | None = None,
    save: bool = True,
    figures: bool = True,
    means: Means = THREADS,
) -> Sensitivity:
    """Screen the registered assumptions (or those named in ``over``) and estimate Sobol' indices of what matters.

    Of war, miscalculated war, exit and peak level. ``discover``: the quantity whose high values are boxed in
    (:mod:`sim.discovery`), None for none. Kept as :func:`sim.sweep.sweep` keeps. Raises StudyError if SALib is
    not installed, or there is too little to move; ScenarioError for a key without a range.
    """
    plan = _Plan(planned(scenario, None, days, seed), factors(scenario, over), effort)
    _check(effort, len(plan.moved))
    points = trajectories(effort.trajectories, len(plan.moved), plan.scenario.study.seed)
    screen = plan.experiment(points, step_sums, effort.screen_runs)

    def make() -> Findings:
        screening, chosen = _screened(plan, points, means.carry("screening", screen, plan.scenario, place))
        singled = replace(plan, places=chosen)
        tables = {"screening": screening} | _estimated(singled, discover, means, place)
        drawn = _figures(singled, tables) if figures else {}
        return Findings("sensitivity", plan.scenario.name, tables, report(singled, tables), drawn)

    identity = screen.identity() | {
        "what": "sensitivity",
        "effort": vars(effort),
        "discover": discover,
        "figures": figures,
    }
    place = Place.of("sensitivity", plan.scenario, identity, out, name) if save else None
    kept_ = kept(place, plan.scenario, make)
    return Sensitivity(plan.scenario, kept_.tables, kept_.text, kept_.folder)


def _estimated(
    plan: _Plan, discover: Observable | None, means: Means, place: Place | None
) -> dict[str, pd.DataFrame]:
    """The indices of the parameters singled out, and where the quantity to be discovered is high."""
    effort, seed, width = plan.effort, plan.scenario.study.seed, len(plan.moved)
    sobol = plan.experiment(saltelli(width, plan.places, effort.rows, seed), row_sums, effort.runs)
    tables = {"indices": _indices(plan, means.carry("indices", sobol, plan.scenario, place))}
    if discover is None:
        return tables
    cube = plan.experiment(hypercube(width, effort.points, seed), sums, effort.point_runs)
    points = _points(cube, means.carry("points", cube, plan.scenario, place))
    return tables | {"points": points, "box": _box(plan, points, discover)}


def quantity_named(word: str) -> Observable | None:
    """The quantity of that name, None for "none"; StudyError for any other word."""
    if word == "none":
        return None
    for name in QUANTITIES:
        if word == name:
            return name
    raise StudyError(f"--discover {shown(word)} is none of: {', '.join(QUANTITIES)}, none")


def _check(effort: Effort, width: int) -> None:
    """Raise StudyError for what cannot be done."""
    salib("sample.sobol")
    if width < 2:
        raise StudyError("sensitivity needs at least two numbers with a range")
    if effort.rows < 2 or effort.rows & (effort.rows - 1):
        raise StudyError(f"{effort.rows:,} rows; it must be a power of two, 2 at least")
    if effort.runs < 2 or effort.screen_runs < 2:
        raise StudyError("at least 2 runs at each point are needed to tell chance from parameters")
    if effort.trajectories < 2 or effort.keep < 1:
        raise StudyError("at least 2 trajectories and 1 parameter singled out are needed")


def saltelli(width: int, singled: Sequence[int], rows: int, seed: int) -> Floats:
    """Saltelli's design: (rows, points A, AB_1 … AB_k, B, parameters), shares of the ranges.

    The parameters ``singled`` out move one by one, all others together as the last; scrambled Sobol' points.
    """
    asked = problem(width)
    if len(singled) < width:
        asked["groups"] = [f"g{i}" if i in singled else OTHERS for i in range(width)]
    found = salib("sample.sobol").sample(asked, rows, calc_second_order=False, seed=seed)
    shares = np.asarray(found, dtype=np.float64).reshape(rows, -1, width)
    if len(singled) == width:
        return shares
    groups = list(dict.fromkeys(asked["groups"]))  # SALib's order: that in which they first appear
    order = [groups.index(f"g{i}") for i in singled] + [groups.index(OTHERS)]
    return shares[:, [0, *(1 + at for at in order), shares.shape[1] - 1]]


def hypercube(width: int, points: int, seed: int) -> Floats:
    """A Latin hypercube as rows of one point each, with luck of its own: (points, 1, parameters), shares."""
    return latin_shares(width, points, seed)[:, None, :]


def sums(values: NDArray[np.int64]) -> dict[str, NDArray[np.int64]]:
    """Sums over the runs of a row: sum (points, quantities)."""
    return {"sum": values.sum(axis=-1)}


# Tables ---------------------------------------------------------------------------------------


def _screened(plan: _Plan, points: Floats, piece: Piece) -> tuple[pd.DataFrame, list[int]]:
    n, seed = plan.effort.screen_runs, plan.scenario.study.seed
    found = [
        effects(points, piece, at, n, 1 / OBSERVED[name].scale, seed) for at, name in enumerate(QUANTITIES)
    ]
    chosen = largest(found, plan.effort.keep)
    rows = [
        {
            "parameter": factor.key,
            "label": factor.label,
            "quantity": name,
            "low": float(factor.low),
            "high": float(factor.high),
            "mu": each.mu[i],
            "mu_star": each.mu_star[i],
            "mu_star_low": max(0.0, each.mu_star[i] - each.mu_star_half[i]),
            "mu_star_high": each.mu_star[i] + each.mu_star_half[i],
            "sigma": each.sigma[i],
            "size": each.size[i],
            "sigma_free": each.sigma_free[i],
            "kept": i in chosen,
        }
        for name, each in zip(QUANTITIES, found, strict=True)
        for i, factor in enumerate(plan.moved)
    ]
    return pd.DataFrame(rows), chosen


def _names(plan: _Plan) -> list[tuple[str, str]]:
    """Key and label of each parameter singled out, and of the rest."""
    names = [(plan.moved[i].key, plan.moved[i].label) for i in plan.places]
    left = len(plan.moved) - len(names)
    return names + ([(OTHERS, f"all {left} others")] if left else [])


def _indices(plan: _Plan, piece: Piece) -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    for at, name in enumerate(QUANTITIES):
        found = indices(piece, at, plan.effort.runs, 1 / OBSERVED[name].scale, seed=plan.scenario.study.seed)
        for i, (key, label) in enumerate(_names(plan)):
            rows.append(
                {
                    "parameter": key,
                    "label": label,
                    "quantity": name,
                    "first": found.first[i],
                    "first_low": found.first_ends[0, i],
                    "first_high": found.first_ends[1, i],
                    "total": found.total[i],
                    "total_low": found.total_ends[0, i],
                    "total_high": found.total_ends[1, i],
                    "first_naive": found.first_naive[i],
                    "total_naive": found.total_naive[i],
                    "variance": found.variance,
                    "chance": found.chance,
                }
            )
    return pd.DataFrame(rows)


def _points(experiment: Rows, piece: Piece) -> pd.DataFrame:
    """The points of a hypercube, and what the runs there came to."""
    values = pd.DataFrame([row[0] for row in experiment.rows], columns=list(experiment.keys))
    for at, name in enumerate(QUANTITIES):
        values[name] = piece["row.sum"][:, 0, at] / experiment.runs / OBSERVED[name].scale
    return values


BOX_TYPES = {
    "parameter": str,
    "label": str,
    "low": float,
    "high": float,
    "quasi_p": float,
    "quantity": str,
    "threshold": float,
    "coverage": float,
    "density": float,
    "mass": float,
    "base": float,
    "p": float,
    "believed": bool,
}


def _box(plan: _Plan, points: pd.DataFrame, name: Observable) -> pd.DataFrame:
    """The box in which a quantity is in its top quarter; one row without a parameter if nothing is restricted."""
    moved = [plan.moved[i] for i in plan.places]
    values = points[name].to_numpy(float)
    threshold = float(np.quantile(values, TOP))
    found: Box = discovered(
        points[[each.key for each in moved]].to_numpy(float), values > threshold, plan.scenario.study.seed
    )
    common = {key: getattr(found, key) for key in ("coverage", "density", "mass", "base", "p", "believed")}
    rows: list[dict[str, Any]] = [
        {
            "parameter": moved[i].key,
            "label": moved[i].label,
            "low": each.low,
            "high": each.high,
            "quasi_p": each.quasi_p,
        }
        for i, each in found.restrictions.items()
    ] or [{"parameter": "", "label": "", "low": np.nan, "high": np.nan, "quasi_p": 1.0}]
    every = [row | {"quantity": name, "threshold": threshold} | common for row in rows]
    return pd.DataFrame(every).astype(BOX_TYPES)


# Words ----------------------------------------------------------------------------------------


def report(plan: _Plan, tables: dict[str, pd.DataFrame]) -> str:
    """The page, in Markdown."""
    study, effort = plan.scenario.study, plan.effort
    lines = [
        f"# {plan.scenario.title}: what the results rest on",
        "",
        f"{len(plan.moved)} numbers, each evenly over its range in the register; {study.days} days, seed {study.seed}. "
        f"Screening (Morris): {effort.trajectories} trajectories, {effort.screen_runs} runs a point. Indices (Sobol'): "
        f"{effort.rows:,} rows, {effort.runs} runs a point. What is compared shares its luck; chance is taken out.",
        "",
        "First order: the share of the variance that would go if the number alone were known. Total: what would be left "
        "if all others were.",
        "",
    ]
    heads = (
        "number",
        *(f"{OBSERVED[name].title}, {kind}" for name in QUANTITIES[:2] for kind in ("first", "total")),
    )
    lines += markdown(_index_rows(tables["indices"]), heads)
    lines += ["", *_chance(tables["indices"]), ""]
    heads = ("number", *(OBSERVED[name].title for name in QUANTITIES))
    lines += [
        "Mean size of the effect of a number over its whole range (Morris's mu*), in points and rungs:",
        "",
    ]
    lines += markdown(_effect_rows(tables["screening"]), heads, right=True)
    lines += ["", *_discovery(tables)]
    lines += [
        "Shares of simulated crises under ranges that are assumptions themselves; no forecast. Tables: screening, indices, points, box.",
        "",
    ]
    return "\n".join(lines)


def _index_rows(table: pd.DataFrame) -> Iterator[tuple[str, ...]]:
    wide = table.set_index(["quantity", "parameter"])
    war = table[table["quantity"] == "war"].sort_values("total", ascending=False, kind="stable")
    war = pd.concat([war[war["parameter"] != OTHERS], war[war["parameter"] == OTHERS]])
    for parameter, label in zip(war["parameter"], war["label"], strict=True):
        cells = [
            _index(*(float(wide.loc[(name, parameter), f"{kind}{end}"]) for end in ("", "_low", "_high")))
            for name in QUANTITIES[:2]
            for kind in ("first", "total")
        ]
        yield (label if parameter == OTHERS else parameter, *cells)


def _index(value: float, low: float, high: float) -> str:
    return f"{value:.2f} ({low:.2f} to {high:.2f})" if np.isfinite(value) else "-"


def _chance(table: pd.DataFrame) -> Iterator[str]:
    """How much of the variance between points was luck, and how large the rest is."""
    rows: list[Any] = table.to_dict("records")
    once = {row["quantity"]: row for row in rows}
    said = ", ".join(f"{100 * once[name]['chance']:.0f} % for {OBSERVED[name].title}" for name in QUANTITIES)
    yield f"Of the variance between estimates at single points this was chance, and is in no index: {said}."
    spread = ", ".join(
        f"{_amount(name, float(np.sqrt(max(0.0, once[name]['variance']))))} for {OBSERVED[name].title}"
        for name in QUANTITIES
    )
    yield f"Standard deviation over the ranges, chance out: {spread}."


def _amount(name: Observable, value: float) -> str:
    """A quantity as its unit has it: points of shares."""
    shown = 100 * value if OBSERVED[name].share else value
    places = max(1, decimals(shown)) if shown > 0 else 1
    return f"{shown:.{places}f} {'points' if OBSERVED[name].share else OBSERVED[name].unit}"


def _effect_rows(table: pd.DataFrame) -> Iterator[tuple[str, ...]]:
    wide = table.set_index(["quantity", "parameter"])
    war = table[table["quantity"] == "war"].sort_values("mu_star", ascending=False, kind="stable")
    for parameter in war["parameter"].head(MOST_TOLD):
        cells = [float(wide.loc[(name, parameter), "mu_star"]) for name in QUANTITIES]
        yield (
            parameter,
            *(
                f"{100 * x:.1f}" if OBSERVED[name].share else f"{x:.2f}"
                for name, x in zip(QUANTITIES, cells, strict=True)
            ),
        )


def _discovery(tables: dict[str, pd.DataFrame]) -> list[str]:
    """The box in words; nothing if none was looked for."""
    if "box" not in tables:
        return []
    rows: list[Any] = tables["box"].to_dict("records")
    points = len(tables["points"])
    first = rows[0]
    name: Observable = first["quantity"]
    above = f"above {_threshold(name, float(first['threshold']))}"
    title = OBSERVED[name].title
    title = title[0].upper() + title[1:]
    here = f"{title} is {above} in {100 * first['base']:.0f} % of {points:,} points"
    if not first["parameter"]:
        return [f"{here}, and no number tells surely where (PRIM).", ""]
    if not first["believed"]:
        return [f"{here}; no box tells better than luck would where (PRIM, p = {first['p']:.2f}).", ""]
    sides = " and ".join(_sides(row) for row in rows)
    return [
        f"{title} is {above} in {100 * first['density']:.0f} % of the points where {sides}, against "
        f"{100 * first['base']:.0f} % of all {points:,}; these hold {100 * first['coverage']:.0f} % of all such points, "
        f"in {100 * first['mass']:.0f} % of the points (PRIM; largest quasi-p "
        f"{max(row['quasi_p'] for row in rows):.2g}, p of the box {first['p']:.2f}).",
        "",
    ]


def _threshold(name: Observable, value: float) -> str:
    return f"{100 * value:.3g} %" if OBSERVED[name].share else f"{value:.3g} {OBSERVED[name].unit}"


def _sides(row: dict[str, Any]) -> str:
    """'Caracas: suspicion > 0.12', '0.2 < world: framework < 0.3'; an end that is not restricted is not said."""
    if not np.isfinite(row["low"]):
        return f"{row['label']} < {row['high']:.3g}"
    if not np.isfinite(row["high"]):
        return f"{row['label']} > {row['low']:.3g}"
    return f"{row['low']:.3g} < {row['label']} < {row['high']:.3g}"


# Figures --------------------------------------------------------------------------------------


def _figures(plan: _Plan, tables: dict[str, pd.DataFrame]) -> dict[str, bytes]:
    from sim import plots

    study = plan.scenario.study
    about = f"{plan.scenario.title}, {study.days} days, seed {study.seed}"
    once = tables["indices"].drop_duplicates("quantity").set_index("quantity")["chance"]
    shown = QUANTITIES[:3]
    found = tables["indices"][tables["indices"]["quantity"].isin(shown)]
    chance = {str(name): float(once[name]) for name in shown}
    drawn = {
        "sensitivity.png": plots.sensitivity(found, chance, about=about),
        "screening-war.png": plots.morris(tables["screening"], "war", about=about),
        "screening-miscalculated.png": plots.morris(tables["screening"], "miscalculated", about=about),
    }
    return {file: plots.encoded(figure, "png") for file, figure in drawn.items()}
