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
NO_FOG = {f"fog.{switch}": 0.0 for switch in ("framework", "rhetoric", "strikes", "opacity", "suspicion")}


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


# Fog --------------------------------------------------------------------------------------------


def test_without_fog_everyone_knows_the_resolve_of_the_evening_before() -> None:
    scenario = standoff().replace(NO_FOG)
    seen = history(scenario)
    rivals = {scenario.coercer: "target"} | dict.fromkeys(
        (scenario.target, *scenario.third_parties), "coercer"
    )
    for observer, rival in rivals.items():
        before = np.vstack([seen[f"own_level.{rival}"][:1], seen[f"resolve.{rival}"][:-1]])
        assert np.array_equal(seen[f"belief.{observer}"], before)
        assert not seen[f"variance.{observer}"].any()


def test_without_fog_a_run_is_its_clear_sighted_twin() -> None:
    """However the fog is lifted: for all, observer by observer, or but for suspicion, which alone does nothing."""
    clear = history(standoff().replace(NO_FOG))
    switches = {f"actors.{name}.fog.{key[4:]}": 0.0 for name in standoff().actors for key in NO_FOG}
    assert not differing(clear, history(standoff().replace(switches)))
    assert not differing(clear, history(standoff().replace(NO_FOG | {"fog.suspicion": 1.0})))


def test_without_fog_it_does_not_matter_how_beliefs_would_have_erred() -> None:
    traits = {
        f"actors.{name}.{key}": 0.3 for name in standoff().actors for key in ("prior_error", "suspicion")
    }
    doubts = {
        "belief.variance": 0.2,
        "belief.drift": 0.05,
        "belief.variance_cap": 0.2,
        "world.leak_distortion": 2.0,
    }
    blurs = {
        f"coefficients.perception.{name}": 1.0
        for name in type(standoff().coefficients.perception).model_fields
    }
    clear = standoff().replace(NO_FOG)
    assert not differing(history(clear), history(clear.replace(traits | doubts | blurs)))


def test_only_the_coercers_fog_moves_a_run_until_it_acts_on_it() -> None:
    """On day 0 nobody has yet acted on what the coercer reads: all else is the same at the day's end."""
    lifted = {f"actors.{standoff().coercer}.fog.{key[4:]}": 0.0 for key in NO_FOG if key != "fog.framework"}
    moved = differing(history(standoff(), days=1), history(standoff().replace(lifted), days=1))
    assert set(moved) == {f"belief.{standoff().coercer}", f"variance.{standoff().coercer}", "resolve.coercer"}


# Actors and names -------------------------------------------------------------------------------


def bystander(**traits: Any) -> Scenario:
    return standoff().replace({"actors.bystander": {"role": "third", "seat": 77, "alignment": -0.8} | traits})


def test_a_mute_bystander_changes_nothing_for_the_others() -> None:
    signals = standoff().signals
    all_but_hold = [name for name, s in signals.items() if "third" in s.senders and name != "hold"]
    mute = bystander(forbid=all_but_hold)
    seen = history(mute)
    assert not differing(history(standoff()), seen)
    assert (seen["signal.bystander"] == "hold").all()
    assert same_rows(rows(standoff()) | {"ended_by": np.array(0)}, rows(mute) | {"ended_by": np.array(0)})


def test_a_bystander_without_influence_changes_nothing_for_the_others() -> None:
    seen = history(bystander(influence=0.0))
    assert not differing(history(standoff()), seen)
    assert (seen["signal.bystander"] != "hold").any()


def test_a_bystander_with_influence_does_change_something() -> None:
    assert differing(history(standoff()), history(bystander(influence=1.0)))


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

    (Doubling rounds nothing.) What is counted in utility is what the schema says is.
    """
    document = standoff().document()
    doubled = {}
    for key, declared, value in numbers(document):
        if declared_unit(key).split("/")[0] == "utility" and not declared_unit(key).startswith(
            "utility/(resolve"
        ):
            assert declared.allows(2 * value)
            doubled[".".join(key)] = 2 * value
    for name, actor in standoff().actors.items():
        doubled |= {
            f"actors.{name}.inclination.{signal}": 2 * value for signal, value in actor.inclination.items()
        }
    assert {"decisive.temperature", "world.scrutiny", "signals.aid.interest.aligned"} <= set(doubled)
    assert not differing(history(standoff()), history(standoff().replace(doubled)))


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
    assert list(one.actors[one.coercer].inclination) != list(other.actors[other.coercer].inclination)
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


def test_a_higher_bar_only_turns_standoffs_into_deescalations() -> None:
    low, high = (
        rows(standoff(), 400, 90),
        rows(standoff().replace({"coefficients.ending.deescalation_level": 4.0}), 400, 90),
    )
    moved = low["outcome"] != high["outcome"]
    assert moved.any()
    assert (low["outcome"][moved] == Outcome.standoff).all()
    assert (high["outcome"][moved] == Outcome.deescalation).all()
    assert same_rows(
        {n: x for n, x in low.items() if n != "outcome"}, {n: x for n, x in high.items() if n != "outcome"}
    )


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
    assert (
        ended(played(), Outcome.settlement)
        > 0
        == ended(played(world__settlement_rate=0.0), Outcome.settlement)
    )
    assert (
        ended(played(), Outcome.loss_of_control)
        > 0
        == ended(played(world__loss_of_control=0.0), Outcome.loss_of_control)
    )
    assert played().rows["incidents"].any()
    assert not played(world__incident_rate=0.0).rows["incidents"].any()
    assert played().rows["leaks"].any()
    assert not played(world__leak_rate=0.0).rows["leaks"].any()


def test_without_a_rate_no_decisive_act_is_taken() -> None:
    assert not ended(played(decisive__rate=0.0), Outcome.exit, Outcome.raid, Outcome.invasion, Outcome.attack)


# Which way it goes ------------------------------------------------------------------------------


def test_more_audience_cost_means_fewer_walk_backs() -> None:
    for actor in (standoff().coercer, standoff().target):
        shares = [
            sent(played(**{f"actors__{actor}__audience_cost": cost}), actor, "walk_back")
            for cost in (0.1, 0.5, 1.5)
        ]
        assert shares == sorted(shares, reverse=True)
        assert shares[0] > 1.2 * shares[-1]


def test_more_reluctance_means_fewer_raids() -> None:
    raids = [ended(played(signals__raid__reluctance=size), Outcome.raid) for size in (0.32, 0.42, 0.52, 5.0)]
    assert raids == sorted(raids, reverse=True)
    assert raids[0] > raids[1] > raids[2] > raids[3] == 0


def test_a_higher_rate_means_more_decisive_ends() -> None:
    decisive = (Outcome.exit, Outcome.raid, Outcome.invasion, Outcome.attack)
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


def test_thinner_fog_means_less_misreading() -> None:
    for observer in (0, 1):
        errors = [
            misreading(played(**{key.replace(".", "__"): share for key in NO_FOG}), observer)
            for share in (1.0, 0.5, 0.0)
        ]
        assert errors == sorted(set(errors), reverse=True)
        assert errors[-1] < 3.0 < errors[0]


def test_each_channel_adds_to_misreading() -> None:
    """One channel alone, against clear sight. Suspicion only bends what another channel leaves open."""
    clear = {key.replace(".", "__"): 0.0 for key in NO_FOG}
    for channel in ("framework", "rhetoric", "strikes", "opacity"):
        alone = played(**clear | {f"fog__{channel}": 1.0})
        assert misreading(alone, 0) + misreading(alone, 1) > misreading(played(**clear), 0) + misreading(
            played(**clear), 1
        )


def test_suspicion_means_more_war() -> None:
    """As the standoff has it: suspicious capitals see hostility, and complacent ones do not."""
    wars = [
        ended(played(**{f"actors__{name}__suspicion": size for name in standoff().actors}), *WARS)
        for size in (-0.2, 0.0, 0.2)
    ]
    assert wars == sorted(set(wars))


def test_more_scrutiny_means_fewer_strikes() -> None:
    strikes = [int(played(world__scrutiny=size).rows["strikes"].sum()) for size in (0.0, 0.0008, 0.004)]
    assert strikes == sorted(set(strikes), reverse=True)


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
