"""How results must move, or must not, when a scenario is changed in a way whose effect is known.

Exact relations hold run by run and bit for bit. The others compare 3,000 runs of the same seed with and
without a change, so that both share all their luck: nothing about them is left to chance, and a red test
means that the model has changed.
"""

from __future__ import annotations

import json
import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.engines.batch.engine import Program
from sim.engines.tally import Batch
from sim.scenario.files import load
from sim.scenario.scenario import Scenario
from sim.schema.outcomes import WARS, Outcome
from tests.support.random_scenarios import SCENARIOS, numbers

History = dict[str, NDArray[np.float64]]
RUNS, DAYS, SEED = 64, 40, 11
CHANNELS = ("framework", "rhetoric", "strikes", "opacity")
NO_FOG = {f"fog.{switch}": 0.0 for switch in (*CHANNELS, "suspicion")}
CLEAR = NO_FOG | {"fog.uncertainty": 0.0}


DEAF = {
    f"signals.{name}.reaction.chorus": 0.0 for name in ("condemn", "oppose", "back", "deny_access", "pledge")
}


@cache
def standoff() -> Scenario:
    return load(SCENARIOS / "standoff.toml")


def history(scenario: Scenario, runs: int = RUNS, days: int = DAYS) -> History:
    """The whole state of the first runs, with signals by name instead of by their place on the ladder."""
    found = Program.of(scenario).history(SEED, 0, runs, days)
    names = np.array(scenario.ladder)
    return {name: names[x.astype(int)] if name.startswith("signal.") else x for name, x in found.items()}


def differing(a: History, b: History) -> list[str]:
    """What both have that is not the same in every run on every day."""
    return [name for name in a if name in b and not np.array_equal(a[name], b[name])]


def rows(scenario: Scenario, runs: int = RUNS, days: int = DAYS) -> dict[str, NDArray[Any]]:
    return Program.of(scenario).simulate(SEED, 0, runs, days).rows


def same_rows(a: dict[str, NDArray[Any]], b: dict[str, NDArray[Any]]) -> bool:
    return all(np.array_equal(a[name], b[name]) for name in a)


# Fog and private information --------------------------------------------------------------------


def test_clear_sight_knows_the_resolve_and_the_appetite_of_the_evening_before() -> None:
    seen = history(standoff().replace(CLEAR))
    for observer, rival in (("coercer", "target"), ("target", "coercer")):
        before = np.vstack([seen[f"own_level.{rival}"][:1], seen[f"resolve.{rival}"][:-1]])
        assert np.array_equal(seen[f"belief.{observer}"], before)
        assert np.array_equal(seen[f"appetite_belief.{observer}"], seen[f"appetite.{rival}"])
        assert not seen[f"variance.{observer}"].any()
        assert not seen[f"appetite_variance.{observer}"].any()


def test_a_clear_run_is_its_clear_sighted_twin() -> None:
    """However the fog is lifted: for both, or observer by observer."""
    clear = standoff().replace(CLEAR)
    switches = {f"actors.{name}.fog.{key[4:]}": 0.0 for name in principals() for key in CLEAR}
    assert not differing(history(clear), history(standoff().replace(switches)))
    twin = Program.of(clear).seeing_clearly().simulate(SEED, 0, RUNS, DAYS).rows
    assert same_rows(rows(clear), twin)


def test_with_nothing_lost_suspicion_has_nothing_to_colour() -> None:
    unfogged = standoff().replace(NO_FOG)
    assert not differing(history(unfogged), history(unfogged.replace({"fog.suspicion": 1.0})))


def test_clear_sight_does_not_depend_on_how_beliefs_would_have_erred() -> None:
    traits = {
        f"actors.{name}.{key}": 0.3
        for name in principals()
        for key in ("prior_error", "prior_appetite_error", "suspicion")
    }
    doubts = {"belief.drift": 0.05, "belief.variance_cap": 0.2, "belief.appetite_drift": 0.05}
    perception = type(standoff().coefficients.perception).model_fields
    losses = {f"coefficients.perception.{name}": 1.0 for name in perception if name != "mediation_readout"}
    clear = standoff().replace(CLEAR)
    assert not differing(history(clear), history(clear.replace(traits | doubts | losses)))


def test_where_types_are_known_fog_does_not_move_beliefs() -> None:
    seen = history(standoff().replace({"fog.uncertainty": 0.0}))
    before = np.vstack([seen["own_level.target"][:1], seen["resolve.target"][:-1]])
    assert np.array_equal(seen["belief.coercer"], before)
    clear = history(standoff().replace(CLEAR))
    assert "mood.coercer" in differing(seen, clear)  # but acts are misread


def test_only_the_coercers_fog_moves_a_run_until_it_acts_on_it() -> None:
    """On day 0 nobody has yet acted on what the coercer reads: all else is the same at the day's end."""
    lifted = {f"actors.{standoff().coercer}.fog.{channel}": 0.0 for channel in (*CHANNELS, "suspicion")}
    moved = differing(history(standoff(), days=1), history(standoff().replace(lifted), days=1))
    felt = {"belief", "variance", "appetite_belief", "appetite_variance", "mood", "fear"}
    assert {f"{name}.coercer" for name in ("belief", "mood")} <= set(moved)
    assert set(moved) <= {f"{name}.coercer" for name in felt}


def test_what_is_made_up_moves_beliefs_and_no_mood_on_its_day() -> None:
    """The mood is coloured by suspicion and has no noise of its own."""
    plain = history(standoff(), days=1)
    vivid = history(standoff().replace({"coefficients.perception.made_up": 0.0}), days=1)
    moved = set(differing(plain, vivid))
    roles = ("coercer", "target")
    assert {f"belief.{role}" for role in roles} <= moved
    assert moved <= {f"{name}.{role}" for role in roles for name in ("belief", "appetite_belief", "fear")}


def test_unfogged_observers_are_right_on_average() -> None:
    """Private information without fog: over runs, the error of belief stays near 0 and its spread does not grow."""
    seen = history(standoff().replace(NO_FOG), runs=2000, days=30)
    for observer, rival in (("coercer", "target"), ("target", "coercer")):
        error = seen[f"belief.{observer}"] - seen[f"resolve.{rival}"]
        going = ~np.isnan(error[-1])
        assert abs(error[-1][going].mean()) < 0.03
        assert error[-1][going].std() < error[0].std()


# Actors and names -------------------------------------------------------------------------------


def principals() -> tuple[str, str]:
    return standoff().coercer, standoff().target


def bystander(**traits: Any) -> Scenario:
    third = {"role": "third", "seat": 77, "stance": -0.8}
    return standoff().replace({"actors.bystander": third | traits} | DEAF)


def without_chorus() -> Scenario:
    """Third parties that do not look at how many others spoke: one more would change that share."""
    return standoff().replace(DEAF)


def test_a_mute_bystander_changes_nothing_for_the_others() -> None:
    signals = standoff().signals
    mute = bystander(forbid=[name for name, s in signals.items() if "third" in s.senders and name != "hold"])
    seen = history(mute)
    assert set(differing(history(without_chorus()), seen)) <= {"spoke"}
    assert (seen["signal.bystander"] == "hold").all()
    no_place = {"ended_by": np.array(0)}
    assert same_rows(rows(without_chorus()) | no_place, rows(mute) | no_place)


def test_a_bystander_without_voice_bases_or_arms_changes_nothing_for_the_others() -> None:
    seen = history(bystander(voice=0.0, access=0.0, arms=0.0))
    assert set(differing(history(without_chorus()), seen)) <= {"spoke"}
    assert (seen["signal.bystander"] != "hold").any()


def test_a_bystander_with_a_voice_does_change_something() -> None:
    assert "opposition" in differing(history(without_chorus()), history(bystander(voice=1.0)))


def test_a_stance_turns_at_once_from_who_kills() -> None:
    """And not from who only threatens."""
    bombs = [{"day": 0, "actor": standoff().coercer, "signal": "boat_strike"}]
    words = [{"day": 0, "actor": standoff().coercer, "signal": "threaten"}]
    deadly = {"signals.boat_strike.deaths": 40.0}
    struck, warned = (history(standoff().replace(deadly | {"script": s}), days=1) for s in (bombs, words))
    for name in standoff().third_parties:
        stance = standoff().third_party(name).stance
        assert (struck[f"stance.{name}"] < stance).all()
        assert np.allclose(warned[f"stance.{name}"], stance) or (warned[f"stance.{name}"] >= stance).all()


def test_other_names_give_the_same_runs() -> None:
    """Names in the opposite order of the alphabet, too."""
    names = {name: f"{chr(ord('z') - place)}_{place}" for place, name in enumerate(sorted(standoff().actors))}
    renamed = standoff().model_copy(
        update={
            "actors": {names[name]: actor for name, actor in standoff().actors.items()},
            "rates": {},
            "assumptions": {},
        }
    )
    before = history(standoff())
    for old, new in names.items():
        before = {key.replace(f".{old}", f".{new}"): value for key, value in before.items()}
    after = history(renamed)
    assert set(before) == set(after)
    assert not differing(before, after)
    assert same_rows(rows(standoff()), rows(renamed))


# Signals and units ------------------------------------------------------------------------------


def test_a_signal_that_nobody_may_choose_changes_nothing() -> None:
    feint = standoff().signals["buildup"].model_dump(by_alias=True, exclude_none=True) | {
        "senders": ["coercer", "target", "third"]
    }
    forbid = {f"actors.{name}.forbid": [*actor.forbid, "feint"] for name, actor in standoff().actors.items()}
    more = standoff().replace({"signals.feint": feint} | forbid)
    assert not differing(history(standoff()), history(more))
    assert same_rows(rows(standoff()), rows(more))


def test_utility_has_no_unit() -> None:
    """All that is counted in utility twice as large, with choice twice as loose: the same runs, bit for bit.

    (Doubling rounds nothing.) What is counted in utility, or in its square, is what the schema says is; the appetite
    in the state is in utility itself.
    """
    document = standoff().document()
    doubled: dict[str, float] = {"coefficients.choice.spiral": 2 * standoff().coefficients.choice.spiral}
    for key, declared, value in numbers(document):
        unit = declared_unit(key)
        factor = {"utility": 2, "utility²": 4}.get(unit.split("/")[0], 1)
        if factor > 1 and not unit.startswith("utility/(resolve"):
            assert declared.allows(factor * value)
            doubled[".".join(key)] = factor * value
    for name, actor in standoff().actors.items():
        doubled |= {
            f"actors.{name}.inclination.{signal}": 2 * value for signal, value in actor.inclination.items()
        }
    assert {"decisive.temperature", "coefficients.coercer.scrutiny", "signals.aid.reaction.aligned"} <= set(
        doubled
    )
    moved = differing(history(standoff()), history(standoff().replace(doubled)))
    assert {name.split(".")[0] for name in moved} == {"appetite", "appetite_belief", "appetite_variance"}


def declared_unit(key: tuple[str, ...]) -> str:
    """The unit that the schema gives of a number; "" where it has none."""
    found: Any = standoff()
    for part in key[:-1]:
        found = found[part] if isinstance(found, dict) else getattr(found, part)
    field = None if isinstance(found, dict) else type(found).model_fields.get(key[-1])
    extra = field.json_schema_extra if field else None
    return str(extra["unit"]) if isinstance(extra, dict) else ""


# Files, runs and horizons -----------------------------------------------------------------------


def as_lines(tree: dict[str, Any], key: str = "") -> list[str]:
    """A scenario file's content as lines of dotted keys, which may stand in any order."""
    lines = []
    for name, value in tree.items():
        if isinstance(value, dict) and value:
            lines += as_lines(value, f"{key}{name}.")
        else:
            lines.append(f"{key}{name} = {as_toml(value)}")
    return lines


def as_toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name} = {as_toml(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(as_toml(each) for each in value) + "]"
    return value.isoformat() if isinstance(value, date) else json.dumps(value)


@pytest.mark.parametrize("name", ["standoff", "duel", "cuba1962"])
def test_the_order_of_tables_and_keys_in_a_file_changes_nothing(name: str, tmp_path: Path) -> None:
    tree = tomllib.loads((SCENARIOS / f"{name}.toml").read_text())
    tree["description"] = "short"
    lines = as_lines(tree)
    Random(3).shuffle(lines)
    straight, shuffled = tmp_path / "a" / f"{name}.toml", tmp_path / "b" / f"{name}.toml"
    for file, text in ((straight, as_lines(tree)), (shuffled, lines)):
        file.parent.mkdir()
        file.write_text("\n".join(text), encoding="utf-8")
    one, other = load(straight), load(shuffled)
    assert list(tomllib.loads(shuffled.read_text(encoding="utf-8"))) != list(tree)
    assert one.digest() == other.digest()
    assert not differing(history(one), history(other))
    assert same_rows(rows(one), rows(other))


def test_the_first_runs_of_a_larger_study_are_the_study_of_the_first_runs() -> None:
    small, large = rows(standoff(), runs=100), rows(standoff(), runs=200)
    assert same_rows(small, {name: values[:100] for name, values in large.items()})


def test_a_longer_horizon_keeps_what_happened_before() -> None:
    short, long = history(standoff(), days=20), history(standoff(), days=60)
    assert not differing(short, {name: values[:20] for name, values in long.items()})
    early, late = rows(standoff(), days=20), rows(standoff(), days=60)
    over = early["end_day"] >= 0
    assert over.any()
    assert same_rows({n: x[over] for n, x in early.items()}, {n: x[over] for n, x in late.items()})


def test_a_forced_act_changes_nothing_before_its_day() -> None:
    forced = standoff().replace({"script": [{"day": 12, "actor": standoff().coercer, "signal": "ultimatum"}]})
    plain, changed = history(standoff()), history(forced)
    assert not differing({n: x[:12] for n, x in plain.items()}, {n: x[:12] for n, x in changed.items()})
    assert (changed[f"signal.{standoff().coercer}"][12] == "ultimatum").all()


def test_hardship_so_far_is_only_reported() -> None:
    before, after = history(standoff()), history(standoff().replace({"world.hardship": 100.0}))
    assert differing(before, after) == ["hardship"]
    assert np.allclose(after["hardship"] - before["hardship"], 100.0 - standoff().world.hardship)


def test_deaths_so_far_are_only_reported() -> None:
    before, after = history(standoff()), history(standoff().replace({"world.deaths": 1000.0}))
    assert differing(before, after) == ["deaths"]


def test_the_level_is_only_for_figures() -> None:
    before, after = history(standoff()), history(standoff().replace({"world.level": 9.0}))
    assert differing(before, after) == ["level"]


def test_coercer_and_target_weigh_the_same_things() -> None:
    """There is one form of utility; what differs is data."""
    k = standoff().coefficients
    assert set(type(k.coercer).model_fields) == set(type(k.target).model_fields)


# What can no longer happen ----------------------------------------------------------------------


@cache
def played(**overrides: float) -> Batch:
    """3,000 runs of the standoff over 60 days, with dots in names written as double underscores."""
    changed = {key.replace("__", "."): value for key, value in overrides.items()}
    return Program.of(standoff().replace(changed)).simulate(5, 0, 3000, 60)


def ended(batch: Batch, *outcomes: Outcome) -> int:
    """How many runs came to one of these."""
    return int(np.isin(batch.rows["outcome"], outcomes).sum())


def sent(batch: Batch, actor: str, signal: str) -> float:
    """Share of an actor's days on which it sent a signal."""
    place, rung = standoff().seats.index(actor), standoff().ladder.index(signal)
    return float(batch.tally.signals[:, place, rung].sum() / batch.tally.ongoing.sum())


def misreading(batch: Batch, observer: int) -> float:
    """Mean absolute error of a principal about its rival, over days and runs, in hundredths of resolve."""
    counts = batch.tally.error[observer].sum(axis=0)
    return float(counts @ np.abs(np.arange(301) - 150) / counts.sum())


def test_what_has_no_chance_never_happens() -> None:
    for key, outcome in (("fade_rate", Outcome.deescalation), ("loss_of_control", Outcome.loss_of_control)):
        assert ended(played(), outcome) > 0 == ended(played(**{f"world__{key}": 0.0}), outcome)
    assert played().rows["incidents"].any()
    assert not played(world__incident_rate=0.0).rows["incidents"].any()


def test_without_a_rate_no_decisive_act_is_taken() -> None:
    decisive = (Outcome.exit, Outcome.settlement, Outcome.raid, Outcome.invasion, Outcome.attack)
    assert not ended(played(decisive__rate=0.0), *decisive)


def test_without_fear_and_offers_nobody_fears_or_leaves() -> None:
    assert not ended(played(signals__offer_exit__needs__contact=2.0), Outcome.exit)
    fearless = history(standoff().replace({"coefficients.feeling.fear_days": 0.0}))
    assert not fearless["fear.coercer"].any() and not fearless["fear.target"].any()


# Which way it goes ------------------------------------------------------------------------------


def test_more_audience_cost_means_fewer_walk_backs() -> None:
    for actor in principals():
        shares = [
            sent(played(**{f"actors__{actor}__audience_cost": cost}), actor, "walk_back")
            for cost in (0.1, 0.5, 1.5)
        ]
        assert shares == sorted(shares, reverse=True)
        assert shares[0] > 1.2 * shares[-1]


def test_more_reluctance_means_fewer_raids() -> None:
    raids = [ended(played(signals__raid__reluctance=size), Outcome.raid) for size in (-0.2, 0.0, 0.2, 5.0)]
    assert raids == sorted(raids, reverse=True)
    assert raids[0] > raids[1] > raids[2] > raids[3] == 0


def test_a_higher_rate_means_more_decisive_ends() -> None:
    decisive = (Outcome.exit, Outcome.settlement, Outcome.raid, Outcome.invasion, Outcome.attack)
    ends = [ended(played(decisive__rate=rate), *decisive) for rate in (0.05, 0.1, 0.2)]
    assert ends == sorted(set(ends))


def test_more_immunity_means_more_exits() -> None:
    exits = [ended(played(world__immunity=share), Outcome.exit) for share in (0.0, 0.4, 0.9)]
    assert exits == sorted(set(exits))


def test_a_weaker_target_leaves_more_often() -> None:
    target = standoff().target
    exits = [
        ended(played(**{f"actors__{target}__resolve": resolve}), Outcome.exit) for resolve in (0.3, 0.5, 0.8)
    ]
    assert exits == sorted(set(exits), reverse=True)


def test_a_more_resolute_coercer_goes_to_war_more_often() -> None:
    coercer = standoff().coercer
    wars = [ended(played(**{f"actors__{coercer}__resolve": resolve}), *WARS) for resolve in (0.4, 0.58, 0.75)]
    assert wars == sorted(set(wars))


def test_appetite_means_war() -> None:
    for name in principals():
        wars = [ended(played(**{f"actors__{name}__appetite": size}), *WARS) for size in (-0.1, 0.0, 0.1)]
        assert wars == sorted(set(wars))


def test_worse_first_errors_mean_more_misreading() -> None:
    for observer, name in enumerate(principals()):
        errors = [
            misreading(played(**{f"actors__{name}__prior_error": size}), observer)
            for size in (0.0, 0.1, 0.25)
        ]
        assert errors == sorted(set(errors))


def test_less_fog_means_less_misreading_and_clear_sight_next_to_none() -> None:
    for observer in (0, 1):
        fogged, unfogged, clear = (
            misreading(played(**{key.replace(".", "__"): value for key, value in sight.items()}), observer)
            for sight in ({}, NO_FOG, CLEAR)
        )
        assert clear < 3.0 < unfogged < fogged


def test_suspicion_means_more_war() -> None:
    """As the standoff has it: suspicious capitals see hostility, and complacent ones do not."""
    wars = [
        ended(played(**{f"actors__{name}__suspicion": size for name in principals()}), *WARS)
        for size in (-0.2, 0.0, 0.2)
    ]
    assert wars == sorted(set(wars))


def test_more_scrutiny_means_fewer_strikes_and_no_more_war() -> None:
    sizes = [played(coefficients__coercer__scrutiny=size) for size in (0.0, 0.064, 0.2)]
    strikes = [int(batch.rows["strikes"].sum()) for batch in sizes]
    assert strikes == sorted(set(strikes), reverse=True)
    wars = [ended(batch, *WARS) for batch in sizes]
    assert wars == sorted(wars, reverse=True)


def test_a_spiral_feeds_war() -> None:
    wars = [ended(played(coefficients__choice__spiral=size), *WARS) for size in (0.0, 1.0, 2.0)]
    assert wars == sorted(set(wars))


def test_patience_puts_off_the_end() -> None:
    going = [ended(played(coefficients__going_on__patience=days), Outcome.standoff) for days in (30, 91, 365)]
    assert going == sorted(set(going))


def test_a_line_that_is_dear_to_cross_is_crossed_less_often() -> None:
    raids = [ended(played(coefficients__choice__breach=size), Outcome.raid) for size in (0.5, 1.0, 2.0)]
    assert raids == sorted(set(raids), reverse=True)


def test_deals_that_are_kept_are_struck() -> None:
    deals = [ended(played(coefficients__terms__kept=share), Outcome.settlement) for share in (0.0, 0.28, 0.8)]
    assert deals == sorted(set(deals))


def test_a_higher_rate_means_more_incidents() -> None:
    incidents = [
        int(played(world__incident_rate=rate).rows["incidents"].sum()) for rate in (0.005, 0.01, 0.02)
    ]
    assert incidents == sorted(set(incidents))


def test_livelier_debate_means_wider_resolve() -> None:
    target = standoff().target
    spread = [
        float(played(**{f"actors__{target}__volatility": size}).rows["resolve_target"].astype(float).std())
        for size in (0.0, 0.02, 0.1)
    ]
    assert spread == sorted(set(spread))
