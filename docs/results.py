"""The results that the documents state: studies of 10,000 runs, made here and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from docs import SHIPPED
from docs.marked import rows
from sim.compute.experiment import merged
from sim.compute.scheduler import carried_out
from sim.experiments.study.parts import part
from sim.experiments.study.study import Study, run
from sim.reports.numbers import difference_words as paired_words
from sim.reports.numbers import words
from sim.reports.words import in_counts
from sim.scenario.counterfactual import CHANNELS
from sim.scenario.files import load
from sim.schema.outcomes import REPORTED as OUTCOMES
from sim.schema.outcomes import TITLES
from sim.schema.outcomes import WAR_NAMES as WARS
from sim.statistics.differences import in_row, paired_proportions
from sim.statistics.proportions import proportion

SCENARIOS = Path(__file__).parent.parent / "scenarios"
PICTURE = Path(__file__).with_name("escalation.png")
HEADING = re.compile(r"^#+ (.+)$")
COLOURS = 64  # of the picture, so that it stays small

Runs = NDArray[np.bool_]
Settings = dict[str, Any]

CLEAR = {f"fog.{channel}": 0.0 for channel in CHANNELS}
PRINCIPALS = ("washington", "caracas")
ALLIES = ("bogota", "brasilia", "havana", "port_of_spain", "moscow", "mexico_city")


def _suspicion(value: float) -> Settings:
    return {f"actors.{name}.suspicion": value for name in PRINCIPALS}


def _audience(factor: float) -> Settings:
    return {"actors.washington.audience_cost": 0.5 * factor, "actors.caracas.audience_cost": 0.35 * factor}


@dataclass(frozen=True)
class Arm:
    """A change of the standoff, and how it is said."""

    said: str
    settings: Settings


LEVERS = (
    Arm("no fog: all five channels off", CLEAR),
    Arm("no suspicion: `fog.suspicion` 0", {"fog.suspicion": 0.0}),
    Arm("working channels: `world.framework` 0.8", {"world.framework": 0.8}),
    Arm("full readouts: `world.readout_share` 1", {"world.readout_share": 1.0}),
    Arm("safer exit: `world.immunity` 0.9", {"world.immunity": 0.9}),
    Arm("Caracas's `resolve` 0.4", {"actors.caracas.resolve": 0.4}),
    Arm("Caracas's `resolve` 0.7", {"actors.caracas.resolve": 0.7}),
    Arm("audience costs halved", _audience(0.5)),
    Arm("audience costs half as much again", _audience(1.5)),
    Arm("third parties without `influence`", {f"actors.{name}.influence": 0.0 for name in ALLIES}),
)
UNKNOWNS = (
    Arm("`decisive.rate` 0.05", {"decisive.rate": 0.05}),
    Arm("`decisive.rate` 0.2", {"decisive.rate": 0.2}),
    Arm("`decisive.temperature` 0.025", {"decisive.temperature": 0.025}),
    Arm("`decisive.temperature` 0.1", {"decisive.temperature": 0.1}),
    Arm("raid and invasion, `reluctance` at its low", {"signals.raid.reluctance": 0.3, "signals.invade.reluctance": 0.35}),
    Arm("raid and invasion, `reluctance` at its high", {"signals.raid.reluctance": 0.54, "signals.invade.reluctance": 0.65}),
)  # fmt: skip
SUSPICIONS = (
    Arm("complacent: both principals at -0.15", _suspicion(-0.15)),
    Arm("neither: both at 0", _suspicion(0.0)),
    Arm("hostile: both at 0.3", _suspicion(0.3)),
)


def results() -> dict[str, str]:
    """Every made part of the documents that states a result of 10,000 runs, by its name."""
    return {
        "caption": caption(),
        "findings": findings(),
        "odds": odds(),
        "twins": twins(),
        "attribution": attribution(),
        "levers": levers(),
        "suspicion": suspicion(),
        "unknowns": unknowns(),
        "scenarios": scenarios(),
    }


@cache
def _study(scenario: str, settings: tuple[tuple[str, Any], ...] = ()) -> Study:
    """The scenario as its own plan says, with some values replaced; nothing is kept."""
    return run(load(SCENARIOS / f"{scenario}.toml").replace(dict(settings)), save=False)


def standoff(settings: Settings | None = None) -> Study:
    """10,000 runs of the standoff over 90 days, seed 1, with some values replaced."""
    return _study("standoff", tuple((settings or {}).items()))


def picture() -> bytes:
    """The README's picture: the escalation figure of the standoff as a small PNG; the same study, the same bytes."""
    from io import BytesIO

    from PIL import Image

    from sim.figures import encoded

    with Image.open(BytesIO(encoded(standoff().plot("escalation"), "png"))) as drawn:
        few = drawn.convert("RGB").quantize(COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    stream = BytesIO()
    few.save(stream, "PNG", optimize=True)
    return stream.getvalue()


def caption() -> str:
    """One sentence on the picture."""
    study = standoff()
    return (
        f"*{in_counts(study)} {study.runs:,} runs of [`scenarios/standoff.toml`](scenarios/standoff.toml) over {study.days} "
        f"days, seed {study.seed}. Conditional on the assumptions in that file; no forecast.*"
    )


def odds() -> str:
    """How often each outcome occurred in the standoff."""
    study = standoff()
    body = [
        (f"{'– ' if name in WARS else ''}{TITLES[name]}", f"{study.counts[name]:,}", _said(study, name))
        for name in OUTCOMES
    ]
    return rows(("outcome", "runs", "share (95 % interval)"), body, right=2)


@cache
def _tables(name: str) -> dict[str, pd.DataFrame]:
    """The tables of one part of the standoff, with as many runs as its own plan says."""
    question = part(name, load(SCENARIOS / "standoff.toml"))
    [stage] = question.stages()
    return question.tables({stage.name: merged(carried_out(stage.experiment))})


def _part(name: str) -> str:
    """What the report of the standoff says of one of its parts: its headings as bold lines, without its figures."""
    lines = part(name, load(SCENARIOS / "standoff.toml")).page(_tables(name)).splitlines()
    kept = [HEADING.sub(r"**\1**", line) for line in lines if not line.startswith("![")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept))


def findings() -> str:
    """What the README tells of the standoff: the sign of fog by suspicion, whose misreading, which channel."""
    nets = [_fog_line(arm)[-1] for arm in SUSPICIONS]
    alone = {str(row["item"]): in_row(row) for _, row in _these("twins", "twins", quantity="one_sided")}
    channels = {
        str(row["channel"]): in_row(row)
        for _, row in _these("attribution", "attribution", suspicion="as is", game="war")
    }
    shown = {name: paired_words(channels[name]) for name in ("suspicion", "framework")}
    n = standoff().runs
    return "\n".join(
        [
            f"- **Suspicion decides the sign.** What all fog changes in the war rate: {nets[0]} points where both capitals are "
            f"complacent, {nets[1]} where neither suspects, {nets[2]} where both attribute hostility.",
            f"- **Whose misreading.** Did only Caracas see clearly, war would move by {paired_words(alone['target'])}; only "
            f"Washington, by {paired_words(alone['coercer'])}; all, by {paired_words(alone['both'])}.",
            f"- **Which fog.** Of what fog adds as the scenario is, suspicion has {shown['suspicion']}, missing channels "
            f"{shown['framework']} (Shapley shares).",
            "",
            f"Percentage points, 95 % intervals in brackets, n = {n:,} runs each of [`scenarios/standoff.toml`]"
            "(scenarios/standoff.toml), 90 days, seed 1. Conditional on its assumptions; no forecast.",
        ]
    )


def _these(name: str, table: str, **wanted: str) -> Iterable[tuple[Hashable, pd.Series[Any]]]:
    """Rows of a table of a part with these values."""
    found = _tables(name)[table]
    for column, value in wanted.items():
        found = found[found[column] == value]
    return found.iterrows()


def twins() -> str:
    """The runs of the standoff beside their clear-sighted twins."""
    return _part("twins")


def attribution() -> str:
    """What each channel of fog adds in the standoff."""
    return _part("attribution")


def levers() -> str:
    """What each lever does to war, exit and settlement."""
    return _against(standoff(), LEVERS)


def unknowns() -> str:
    """What the numbers do on which the level of the war rate hangs, to that level and to the net effect of fog."""
    body = [_fog_line(Arm("as is", {})), *(_fog_line(arm) for arm in UNKNOWNS)]
    return rows(("standoff, but", "war", "war without fog", "fog's net effect"), body, right=3)


def suspicion() -> str:
    """What fog does where actors attribute hostility, and where they are complacent."""
    return rows(
        ("suspicion", "war", "war without fog", "fog's net effect"),
        [_fog_line(arm) for arm in SUSPICIONS],
        right=3,
    )


def scenarios() -> str:
    """The odds of every scenario that ships."""
    names = ("war", "limited_force", "exit", "settlement", "deescalation", "standoff")
    body = []
    for path in SHIPPED:
        study = _study(path.stem)
        body.append((f"`{path.name}`", f"{study.days}", *(_said(study, name) for name in names)))
    return rows(("scenario", "days", *(TITLES[name] for name in names)), body, right=7)


def _fog_line(arm: Arm) -> tuple[str, str, str, str]:
    fog, clear = standoff(arm.settings), standoff(arm.settings | CLEAR)
    return arm.said, _said(fog, "war"), _said(clear, "war"), _paired(_wars(fog), _wars(clear))


def _against(base: Study, arms: tuple[Arm, ...]) -> str:
    """A row an arm: its rates, and its paired difference in war from the base."""
    lines = [("as is", base), *((arm.said, standoff(arm.settings)) for arm in arms)]
    body = [
        (
            said,
            _said(study, "war"),
            "" if study is base else _paired(_wars(study), _wars(base)),
            _said(study, "exit"),
            _said(study, "settlement"),
        )
        for said, study in lines
    ]
    return rows(("standoff, but", "war", "difference", "exit", "settlement"), body, right=4)


def _wars(study: Study) -> Runs:
    """Whether each run is a war, in the order of runs."""
    return study.rows["outcome"].isin(WARS).to_numpy(dtype=bool)


def _said(study: Study, name: str) -> str:
    return words(proportion(study.counts[name], study.runs))


def _paired(here: Runs, there: Runs) -> str:
    """Difference of two shares of the same runs, in percentage points, with its 95 % interval."""
    found = paired_proportions(int((here & ~there).sum()), int((~here & there).sum()), len(here))
    return f"{100 * found.value:+.1f} ({100 * found.low:+.1f} to {100 * found.high:+.1f})"
