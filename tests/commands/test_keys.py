"""Keys of numbers are found: `brink keys`, suggestions for half a key, and what a shell completes."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import sim
from sim.commands import main as cli
from sim.commands.completion import SHELLS
from sim.errors import ScenarioError
from sim.scenario.keys import numbers_of


def brink(*words: str) -> Result:
    return CliRunner().invoke(cli.brink, words)


def completed(words: str) -> list[str]:
    """What bash is offered after these words; a blank at the end begins a new one."""
    typed = [*words.split(), *([""] if words.endswith(" ") else [])]
    variables = {"_BRINK_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(len(typed) - 1)}
    told = CliRunner().invoke(cli.brink, env=variables).stdout
    return [line.removeprefix("plain,") for line in told.splitlines() if line]


def test_every_number_that_is_listed_can_be_set_to_both_ends_of_its_range() -> None:
    duel = sim.load("duel")
    found = [each for each in numbers_of(duel) if not each.key.startswith("signals.")]
    assert {each.key for each in found} >= {"actors.north.resolve", "world.framework", "fog.suspicion"}
    ends = [(each.key, end) for each in found[::9] for end in (each.low, each.high) if end is not None]
    for key, end in ends:
        if not key.endswith(".seat"):
            assert duel.replace({key: end})


def test_a_number_is_told_with_value_range_unit_meaning_and_source() -> None:
    told = brink("keys", "standoff", "caracas", "resolve").stdout
    assert told.splitlines()[1].split() == ["actors.caracas.resolve", "0.6", "0", "to", "1", "resolve"]
    assert "what it will bear to prevail" in told
    assert "assumed 0.45 to 0.75: Assumption: let the ultimatum" in " ".join(told.split())
    [first, *_] = json.loads(brink("keys", "standoff", "caracas.resolve", "--json").stdout)
    assert (first["key"], first["value"], first["assumed"]) == ("actors.caracas.resolve", 0.6, [0.45, 0.75])


@pytest.mark.parametrize("words", [("standoff",), ("cuba1962",), ("standoff", "raid"), ("duel", "--all")])
def test_the_table_fits_80_columns(words: tuple[str, ...]) -> None:
    assert max(map(len, brink("keys", *words).stdout.splitlines())) <= 80


def test_a_word_that_no_number_has_is_said() -> None:
    refused = brink("keys", "standoff", "zzz")
    assert refused.exit_code == 2
    assert 'no number has "zzz"' in refused.stderr


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("resolve", "did you mean actors.washington.resolve or actors.caracas.resolve?"),
        ("caracas.resolve", "did you mean actors.caracas.resolve?"),
        ("world.resolve", "did you mean actors.washington.resolve or actors.caracas.resolve?"),
        ("resolv", "did you mean actors.washington.resolve or actors.caracas.resolve?"),
        ("actors.xx.resolve", "there are: washington, caracas, bogota, brasilia, "),
        ("nonsense", "`brink keys SCENARIO` lists every number"),
        ("suspicion", "more end so"),
    ],
)
def test_half_a_key_is_answered_with_whole_ones(key: str, said: str) -> None:
    assert said in brink("check", "standoff", "--set", f"{key}=0.7").stderr
    with pytest.raises(ScenarioError, match=key):
        sim.load("standoff").replace({key: 0.7})


def test_commands_scenarios_results_and_keys_are_completed() -> None:
    for name in ("standoff-1a2b3c4d", ".hidden"):
        Path("results", name).mkdir(parents=True)
        Path("results", name, "manifest.json").touch()
    assert completed("brink pl") == ["play", "plot"]
    assert completed("brink run sta") == ["standoff"]
    assert completed("brink show ") == ["standoff-1a2b3c4d"]
    assert completed("brink run standoff --set actors.caracas.reso") == [
        "actors.caracas.resolve=",
        "actors.caracas.resolve_spread=",
    ]
    assert all("reluctance" in key for key in completed("brink check standoff --set reluct"))
    assert completed("brink run nonsense --set wor") == []


@pytest.mark.parametrize("shell", SHELLS)
def test_each_shell_gets_a_script_that_asks_brink(shell: str) -> None:
    assert "_BRINK_COMPLETE" in brink("completion", shell).stdout
    assert "_BRINK_COMPLETE" not in os.environ
