"""The results that the documents state: studies of 10,000 runs, made here and nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from docs import SHIPPED
from docs.marked import rows
from sim.engines.batch.engine import Program
from sim.engines.branches import Plays
from sim.experiments.attribution.counts import SIDES, TOTAL
from sim.experiments.attribution.counts import SUSPICIONS as SETTINGS
from sim.experiments.study.study import Study, run
from sim.experiments.turning_points.forced import forced
from sim.experiments.twins.report import by_quantity
from sim.reports.numbers import difference_words, words
from sim.reports.tables import found
from sim.reports.words import in_counts
from sim.scenario.counterfactual import CHANNEL_TITLES, ROUTE_TITLES, clear_sighted, without
from sim.scenario.files import load
from sim.scenario.scenario import Scenario
from sim.schema.outcomes import REPORTED as OUTCOMES
from sim.schema.outcomes import TITLES, Outcome
from sim.schema.outcomes import WAR_NAMES as WARS
from sim.schema.outcomes import WARS as WAR_CODES
from sim.statistics.differences import in_row, paired_proportions
from sim.statistics.proportions import proportion

SCENARIOS = Path(__file__).parent.parent / "scenarios"
PICTURE = Path(__file__).with_name("escalation.png")
ADDED = ("private information", "misperception")  # what is told of three sights
COLOURS = 128  # of the picture, so that it stays small

Runs = NDArray[np.bool_]
Settings = dict[str, Any]

SIGHTS: dict[str, Callable[[Scenario], Scenario]] = {
    "fogged": lambda scenario: scenario,
    "unfogged": lambda scenario: without(scenario, tuple(CHANNEL_TITLES)),
    "clear": clear_sighted,
}
"""Who sees what: as the scenario is; without fog, but types still have to be inferred; all known."""

PRINCIPALS = ("washington", "caracas")
ALLIES = ("bogota", "brasilia", "havana", "port_of_spain", "moscow", "mexico_city")
POWERS = ("voice", "access", "arms")


def _suspicion(value: float) -> Settings:
    return {f"actors.{name}.suspicion": value for name in PRINCIPALS}


def _audience(factor: float) -> Settings:
    return {"actors.washington.audience_cost": 0.5 * factor, "actors.caracas.audience_cost": 0.35 * factor}


def _errors(resolve: float, appetite: float) -> Settings:
    return {
        f"actors.{name}.{key}": value
        for name in PRINCIPALS
        for key, value in (("prior_error", resolve), ("prior_appetite_error", appetite))
    }


@dataclass(frozen=True)
class Arm:
    """A change of the standoff, and how it is said."""

    said: str
    settings: Settings


LEVERS = (
    Arm("Washington's `resolve` 0.45", {"actors.washington.resolve": 0.45}),
    Arm("Washington's `resolve` 0.7", {"actors.washington.resolve": 0.7}),
    Arm("Caracas's `resolve` 0.45", {"actors.caracas.resolve": 0.45}),
    Arm("Caracas's `resolve` 0.75", {"actors.caracas.resolve": 0.75}),
    Arm("Washington's `appetite` 0.1", {"actors.washington.appetite": 0.1}),
    Arm("Washington's `capability` 0.8", {"actors.washington.capability": 0.8}),
    Arm("Washington's `capability` 1.2", {"actors.washington.capability": 1.2}),
    Arm("Caracas's `capability` 0.3", {"actors.caracas.capability": 0.3}),
    Arm("Caracas's `capability` 0.8", {"actors.caracas.capability": 0.8}),
    Arm("Washington's `posture` 0.4", {"actors.washington.posture": 0.4}),
    Arm("Washington's `credibility` 0.3", {"actors.washington.credibility": 0.3}),
    Arm("Washington's `credibility` 0.8", {"actors.washington.credibility": 0.8}),
    Arm("audience costs halved", _audience(0.5)),
    Arm("audience costs half as much again", _audience(1.5)),
    Arm("first errors nearly none: `prior_error` 0.02", _errors(0.02, 0.01)),
    Arm("working channels: `world.framework` 0.8", {"world.framework": 0.8}),
    Arm("full readouts: `world.readout_share` 1", {"world.readout_share": 1.0}),
    Arm("talk as a probe: `world.outreach` 1", {"world.outreach": 1.0}),
    Arm("talk as leverage: `world.outreach` 0", {"world.outreach": 0.0}),
    Arm("safer exit: `world.immunity` 0.9", {"world.immunity": 0.9}),
    Arm("no sanctions: `world.sanctions` 0", {"world.sanctions": 0.0}),
    Arm("no price on killing: `scrutiny` 0", {"coefficients.coercer.scrutiny": 0.0}),
    Arm(
        "third parties without voice, bases or arms",
        {f"actors.{name}.{power}": 0.0 for name in ALLIES for power in POWERS},
    ),
    Arm("Washington never calls", {"actors.washington.forbid": ("call",)}),
    Arm("Washington strikes no boats", {"actors.washington.forbid": ("boat_strike",)}),
)
UNKNOWNS = (
    Arm("`decisive.rate` 0.05", {"decisive.rate": 0.05}),
    Arm("`decisive.rate` 0.2", {"decisive.rate": 0.2}),
    Arm("`decisive.temperature` 0.05", {"decisive.temperature": 0.05}),
    Arm("`decisive.temperature` 0.12", {"decisive.temperature": 0.12}),
    Arm("raid and invasion, `reluctance` at its low", {"signals.raid.reluctance": -0.1, "signals.invade.reluctance": -0.25}),
    Arm("raid and invasion, `reluctance` at its high", {"signals.raid.reluctance": 0.1, "signals.invade.reluctance": 0.0}),
)  # fmt: skip
SUSPICIONS = (
    Arm("complacent: both principals at -0.15", _suspicion(-0.15)),
    Arm("neither: both at 0", _suspicion(0.0)),
    Arm("hostile: both at 0.3", _suspicion(0.3)),
)
OFF = (
    Arm("inference from choices (beliefs stay as on day 0)", {"belief.variance_cap": 0.0, "belief.appetite_variance_cap": 0.0}),
    Arm("spiral: `choice.spiral` 0", {"coefficients.choice.spiral": 0.0}),
    Arm("suspicion in the mood: `feeling.suspicion` 0", {"coefficients.feeling.suspicion": 0.0}),
    Arm("suspicion in beliefs: `perception.suspicion` 0", {"coefficients.perception.suspicion": 0.0}),
    Arm("evidence made up: `perception.made_up` 0", {"coefficients.perception.made_up": 0.0}),
    Arm("fear: `feeling.fear_days` 0", {"coefficients.feeling.fear_days": 0.0}),
    Arm("deterrence by force: `choice.risk_force` 0", {"coefficients.choice.risk_force": 0.0}),
    Arm("forces felt: `target.felt_force` 0, its mood from 0.167", {"coefficients.target.felt_force": 0.0, "actors.caracas.mood": 0.167}),
    Arm("precedent: `choice.breach` 0", {"coefficients.choice.breach": 0.0}),
    Arm("inertia: `choice.inertia` 0", {"coefficients.choice.inertia": 0.0}),
    Arm("alert: `target.risk_ultimatum` 0", {"coefficients.target.risk_ultimatum": 0.0}),
    Arm("concessions that tell: `choice.given_up` 0", {"coefficients.choice.given_up": 0.0}),
    Arm("fatigue: `going_on.patience` 3,650", {"coefficients.going_on.patience": 3650.0}),
    Arm("lock-in: `coercer.lock_in` 0", {"coefficients.coercer.lock_in": 0.0}),
    Arm("terms: nobody may accept them", {f"actors.{name}.forbid": ("accept_terms",) for name in PRINCIPALS}),
    Arm("fading: `world.fade_rate` 0", {"world.fade_rate": 0.0}),
    Arm("loss of control: `world.loss_of_control` 0", {"world.loss_of_control": 0.0}),
    Arm("scrutiny: `coercer.scrutiny` 0", {"coefficients.coercer.scrutiny": 0.0}),
    Arm("spread of appetite: none, and none believed", {f"actors.{name}.{key}": 0.0 for name in PRINCIPALS for key in ("appetite_spread", "prior_appetite_error")}),
    Arm("volatility of resolve: none", {f"actors.{name}.volatility": 0.0 for name in PRINCIPALS}),
)  # fmt: skip
ROUTES = {
    "acts": "what acts are felt to mean",
    "types": "beliefs about types",
    "sincerity": "sincerity of offers",
}
FORCED = ("threaten", "close_airspace", "boat_strike", "walk_back", "ultimatum", "land_strike", "call")
FORCED_ON = 10  # the day on which an act is forced
SOON = 24  # the day by which its first effects are counted
ANSWER = 7  # days in which the target may answer
FORCED_RUNS = 20_000
ATTRIBUTED = 2_000  # runs whose fog is divided among channels and routes


def results() -> dict[str, str]:
    """Every made part of the documents that states a result, by its name."""
    return {
        "caption": caption(),
        "findings": findings(),
        "odds": odds(),
        "twins": twins(),
        "attribution": attribution(),
        "sides": sides(),
        "routes": routes(),
        "channels": channels(),
        "levers": levers(),
        "forced": forced_acts(),
        "suspicion": suspicion(),
        "unknowns": unknowns(),
        "scenarios": scenarios(),
        "off": off(),
    }


@cache
def _study(scenario: str, settings: tuple[tuple[str, Any], ...] = (), sight: str = "fogged") -> Study:
    """The scenario as its own plan says, with some values replaced and one kind of sight; nothing is kept."""
    return run(SIGHTS[sight](load(SCENARIOS / f"{scenario}.toml").replace(dict(settings))), save=False)


def standoff(settings: Settings | None = None, sight: str = "fogged") -> Study:
    """10,000 runs of the standoff over 90 days, seed 1, with some values replaced and one kind of sight."""
    return _study("standoff", tuple((settings or {}).items()), sight)


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
    """How often each outcome occurred in the standoff, in each of the three sights."""
    studies = [standoff(sight=sight) for sight in SIGHTS]
    body = [
        (f"{'– ' if name in WARS else ''}{TITLES[name]}", *(_said(study, name) for study in studies))
        for name in OUTCOMES
    ]
    return rows(("outcome", *SIGHTS), body, right=len(SIGHTS))


@cache
def _asked(part: Literal["twins", "attribution"]) -> dict[str, pd.DataFrame]:
    """The tables of a part of a study of the standoff; attribution, which plays each run 192 times, of fewer runs."""
    runs = ATTRIBUTED if part == "attribution" else None
    return run(load(SCENARIOS / "standoff.toml"), runs, parts=(part,), save=False).part(part)


def twins() -> str:
    """Each run of the standoff beside its twin in the clear and beside the unfogged one, and beside other luck."""
    told = by_quantity(_asked("twins"))
    cells = (
        ("war in both", "cell.structural", "fog_cell.both"),
        ("war in the run alone", "cell.miscalculated", "fog_cell.made"),
        ("war in the twin alone", "cell.prevented", "fog_cell.prevented"),
        ("peace in both", "cell.peace", "fog_cell.peace"),
    )
    body = [(said, *(_share_of(told, each) for each in names)) for said, *names in cells]
    undone, other = (_share_of(told, name) for name in ("of_wars.no war", "reroll.no war"))
    return rows(("", "clear twin", "unfogged twin"), body, right=2) + (
        f"\n\nOf the wars, {undone} do not come in the clear twin. With the same people in the same fog and other luck alone, "
        f"{other} do not come."
    )


def _share_of(told: Mapping[str, Mapping[str, Any]], name: str) -> str:
    quantity, _, item = name.partition(".")
    row = told[quantity][item]
    return words(proportion(int(row["count"]), int(row["n"])))


def attribution() -> str:
    """What each channel of fog adds to war (its Shapley value), by all actors' suspicion, in points."""
    body = [
        (title, *(_added_by("attribution", suspicion=setting, channel=channel) for setting in SETTINGS))
        for channel, title in {**CHANNEL_TITLES, TOTAL: "all fog"}.items()
    ]
    heads = [f"suspicion {said}" for said in SETTINGS.values()]
    return rows((f"n = {ATTRIBUTED:,}", *heads), body, right=len(heads))


def sides() -> str:
    """What each route of fog of each principal adds to war (its Shapley value), in points."""
    scenario = standoff().scenario
    body = [
        (title, *(_added_by("routes", side=side, route=route) for side in SIDES))
        for route, title in ROUTE_TITLES.items()
    ]
    heads = [scenario.label(getattr(scenario, side)) for side in SIDES]
    whole = _added_by("routes", side=TOTAL, route=TOTAL)
    return rows((f"n = {ATTRIBUTED:,}", *heads), body, right=len(heads)) + f"\n\nAll six together: {whole}."


def _added_by(table: str, **what: str) -> str:
    """One row of a table of attribution, in points with its interval."""
    return difference_words(in_row(found(_asked("attribution")[table], game="war", **what)), brief=True)


def findings() -> str:
    """What docs/findings.md tells of the standoff: three sights, the sign of fog, whose fog, and by which route."""
    studies = [standoff(sight=sight) for sight in SIGHTS]
    shares = ", ".join(f"{_said(study, 'war')} {sight}" for sight, study in zip(SIGHTS, studies, strict=True))
    private, misread = _added(*studies)
    nets = [_sights(arm)[-1] for arm in SUSPICIONS]
    alone = [_paired(_wars(_alone(name)), _wars(studies[0])) for name in PRINCIPALS]
    left = [_left(route) for route in ROUTES]
    return "\n".join(
        [
            f"- **Three sights.** War comes in {shares}. "
            f"So private information changes the war rate by {private} points, misperception by {misread}.",
            f"- **Suspicion decides.** What fog adds: {nets[0]} points where both capitals are complacent, {nets[1]} where "
            f"neither suspects, {nets[2]} where both attribute hostility.",
            f"- **Whose fog.** If only Washington saw without fog, war would change by {alone[0]} points; if only Caracas did, "
            f"by {alone[1]}.",
            f"- **Misread acts more than misread types.** With fog kept from what acts are felt to mean, it adds {left[0]} points; "
            f"kept from beliefs about types, {left[1]}; kept from the sincerity of offers, {left[2]}.",
            "",
            f"Percentage points, 95 % intervals in brackets, n = {standoff().runs:,} runs each of [`scenarios/standoff.toml`]"
            "(../scenarios/standoff.toml), 90 days, seed 1. Conditional on its assumptions; no forecast.",
        ]
    )


def _left(route: str) -> str:
    """What fog still adds to war, in points, where it is kept from one route."""
    return _paired(_wars(standoff({f"fog.{route}": 0.0})), _wars(standoff(sight="unfogged")))


def routes() -> str:
    """What fog adds by each route alone, and by all others."""
    return _by_switch(ROUTES, "route")


def channels() -> str:
    """What each channel of fog adds alone, and all others."""
    return _by_switch(CHANNEL_TITLES, "channel")


def _by_switch(switches: Mapping[str, str], noun: str) -> str:
    """A row a switch: war beyond that unfogged with it alone on, and with it alone off, in points."""
    unfogged_ = _wars(standoff(sight="unfogged"))
    body = []
    for switch, said in switches.items():
        others = {f"fog.{other}": 0.0 for other in switches if other != switch}
        alone = _paired(_wars(standoff(others)), unfogged_)
        body.append((f"`fog.{switch}`: {said}", alone, _left(switch)))
    body.append(("all", _paired(_wars(standoff()), unfogged_), ""))
    return rows((noun, "fog adds by it alone", "fog adds without it"), body, right=2)


@cache
def _alone(name: str) -> Study:
    """The standoff with one principal who sees without fog."""
    return run(without(load(SCENARIOS / "standoff.toml"), tuple(CHANNEL_TITLES), [name]), save=False)


def levers() -> str:
    """What each lever does to war, exit and settlement."""
    base = standoff()
    body: list[tuple[str, ...]] = [
        ("as is", _said(base, "war"), "", _said(base, "exit"), _said(base, "settlement"))
    ]
    body += [
        (
            arm.said,
            _said(study, "war"),
            _paired(_wars(study), _wars(base)),
            *(_paired(_ended(study, name), _ended(base, name)) for name in ("exit", "settlement")),
        )
        for arm in LEVERS
        for study in [standoff(arm.settings)]
    ]
    return rows(("standoff, but", "war", "change in war", "exit", "settlement"), body, right=4)


def unknowns() -> str:
    """What the numbers do on which the level of the war rate hangs, to that level and to what fog adds."""
    return _in_sights((Arm("as is", {}), *UNKNOWNS))


def suspicion() -> str:
    """What fog does where actors attribute hostility, and where they are complacent."""
    return _in_sights(SUSPICIONS)


def off() -> str:
    """What is lost without each mechanism, habits left as they are."""
    return _in_sights((Arm("nothing", {}), *OFF), first="off")


def _in_sights(arms: tuple[Arm, ...], first: str = "standoff, but") -> str:
    """A row an arm: war in each sight, and what private information and misperception add."""
    return rows(
        (first, *(f"war, {sight}" for sight in SIGHTS), *ADDED), [_sights(arm) for arm in arms], right=5
    )


def _sights(arm: Arm) -> tuple[str, ...]:
    fogged, unfogged_, clear = (standoff(arm.settings, sight) for sight in SIGHTS)
    shares = (_said(study, "war") for study in (fogged, unfogged_, clear))
    return arm.said, *shares, *_added(fogged, unfogged_, clear)


def _added(fogged: Study, unfogged_: Study, clear: Study) -> tuple[str, str]:
    """What private information and what misperception add to war, in points."""
    return _paired(_wars(unfogged_), _wars(clear)), _paired(_wars(fogged), _wars(unfogged_))


def scenarios() -> str:
    """The odds of every scenario that ships, in the three sights."""
    names = ("war", "limited_force", "exit", "settlement", "deescalation", "standoff")
    body = []
    for path in SHIPPED:
        studies = [_study(path.stem, sight=sight) for sight in SIGHTS]
        below = [_paired(_wars(here), _wars(there)) for here, there in pairwise(studies)]
        for sight, study, more in zip(SIGHTS, studies, (*below, ""), strict=True):
            shares = (_percent(study, name) for name in names)
            body.append((f"`{path.name}`", f"{study.days}", sight, *shares, more))
    head = ("scenario", "days", "sight", *(TITLES[name] for name in names), "more war than in the row below")
    return rows(head, body, right=7)


def _percent(study: Study, name: str) -> str:
    return f"{100 * study.counts[name] / study.runs:.1f} %"


# Acts that are forced -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Played:
    """Runs in which an act was forced: who sent what, how they ended, and what the target then believed."""

    sent: Runs
    wars: dict[int, Runs]
    exits: Runs
    settled: Runs
    answered: Runs
    believed: NDArray[np.float64]


@cache
def _forced(signal: str, sight: str) -> Played:
    """The standoff with a signal of Washington's forced on one day, where it can be sent."""
    base = load(SCENARIOS / "standoff.toml")
    scenario = forced(SIGHTS[sight](base), FORCED_ON, base.coercer, signal, if_possible=True)
    program, plays, own = Program.of(scenario), Plays.of(0, FORCED_RUNS), base.study
    record = program.record(plays, own.seed, own.days)
    ends, last = (np.asarray(record.batch.rows[name], np.int64) for name in ("outcome", "end_day"))
    war = np.isin(ends, list(WAR_CODES))
    gives = [i for i, name in enumerate(base.ladder) if base.signals[name].concession > 0]
    answers = record.signals[FORCED_ON + 1 : FORCED_ON + 1 + ANSWER, 1]
    history = program.history(own.seed, 0, FORCED_RUNS, FORCED_ON + 1)
    return Played(
        sent=record.signals[FORCED_ON, 0] == base.ladder.index(signal),
        wars={SOON: war & (last <= SOON), own.days: war},
        exits=ends == Outcome.exit,
        settled=ends == Outcome.settlement,
        answered=np.asarray(np.isin(answers, gives).any(axis=0), np.bool_),
        believed=history["belief.target"][FORCED_ON],
    )


def forced_acts() -> str:
    """Washington's acts forced on one day, against a day of silence, run by run."""
    return rows(
        (
            f"on day {FORCED_ON}",
            "n",
            f"war by day {SOON}",
            "war by day 90",
            "exit",
            "settlement",
            f"Caracas gives within {ANSWER} days",
            "its belief, fogged",
            "unfogged",
        ),
        [_forced_line(signal) for signal in FORCED],
        right=8,
    )


def _forced_line(signal: str) -> tuple[str, ...]:
    act, hold = _forced(signal, "fogged"), _forced("hold", "fogged")
    both = act.sent & hold.sent
    pairs = [
        *((act.wars[day], hold.wars[day]) for day in act.wars),
        (act.exits, hold.exits),
        (act.settled, hold.settled),
        (act.answered, hold.answered),
    ]
    told = [_paired(here[both], there[both]) for here, there in pairs]
    return f"`{signal}`", f"{int(both.sum()):,}", *told, _moved(signal, "fogged"), _moved(signal, "unfogged")


def _moved(signal: str, sight: str) -> str:
    """How far the act moves the target's belief about the coercer's resolve that evening, beside a hold."""
    act, hold = _forced(signal, sight), _forced("hold", sight)
    both = act.sent & hold.sent
    return f"{float((act.believed - hold.believed)[both].mean()):+.3f}"


def _wars(study: Study) -> Runs:
    """Whether each run is a war, in the order of runs."""
    return study.rows["outcome"].isin(WARS).to_numpy(dtype=bool)


def _ended(study: Study, name: str) -> Runs:
    """Whether each run ended so, in the order of runs."""
    return (study.rows["outcome"] == name).to_numpy(dtype=bool)


def _said(study: Study, name: str) -> str:
    return words(proportion(study.counts[name], study.runs))


def _paired(here: Runs, there: Runs) -> str:
    """Difference of two shares of the same runs, in percentage points, with its 95 % interval."""
    found = paired_proportions(int((here & ~there).sum()), int((~here & there).sum()), len(here))
    return f"{100 * found.value:+.1f} ({100 * found.low:+.1f} to {100 * found.high:+.1f})"
