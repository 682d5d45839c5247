"""All that is wrong with the arms of a scenario, and with the sweep of its claim."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from sim.scenario.assumptions import Mistake, Tree, merged, number_mistake, taken_out
from sim.scenario.lookup import NOT_IN_FILES, declared_at
from sim.scenario.tables import ScenarioTables
from sim.scenario.validation import checked
from sim.schema.claims import MOST_ARMS
from sim.text import Key, shown

NOT_IN_ARMS = (
    "extends",
    "title",
    "description",
    "start",
    "study",
    "rates",
    "arms",
    "claim",
    "sweep",
    *NOT_IN_FILES,
)
"""Keys of a scenario that all its arms share: what is shown, how often it is run, what is compared."""


def arm_mistakes(tree: Tree, name: str, told: Collection[Mistake]) -> list[Mistake]:
    """All mistakes that the arms of these tables make, but those that the base makes already (``told``)."""
    base = {key: found for key, found in tree.items() if key not in ("arms", "claim")}
    mistakes: list[Mistake] = []
    for index, over in _sets(tree):
        at: Key = ("arms", index, "set")
        allowed = {key: found for key, found in over.items() if key not in NOT_IN_ARMS}
        mistakes += [
            ((*at, key), "is not for an arm to set: all arms share it") for key in over.keys() - allowed
        ]
        bare, register, wrong = taken_out(merged(base, allowed))
        found = wrong + checked(ScenarioTables, bare, name, register)[1] if allowed else []
        mistakes += [((*at, *key), words) for key, words in found if (key, words) not in told]
    return mistakes + list(_sweep_mistakes(tree))


def _sets(tree: Tree) -> Iterator[tuple[int, Tree]]:
    """Number and overrides of each arm that has the right shape; the others are told of elsewhere."""
    arms = tree.get("arms")
    for index, arm in enumerate(arms[:MOST_ARMS] if isinstance(arms, list | tuple) else ()):
        if isinstance(arm, dict) and isinstance(arm.get("set"), dict):
            yield index, arm["set"]


def _sweep_mistakes(tree: Tree) -> Iterator[Mistake]:
    claim = tree.get("claim")
    sweep = claim.get("sweep") if isinstance(claim, dict) else None
    keys, values = (sweep.get("keys"), sweep.get("values")) if isinstance(sweep, dict) else (None, None)
    if not isinstance(keys, list | tuple) or not isinstance(values, list | tuple):
        return
    for number, key in enumerate(keys):
        at: Key = ("claim", "sweep", "keys", number)
        if not isinstance(key, str):
            continue
        here = declared_at(tuple(key.split(".")), tree)
        if not here.is_number:
            yield at, f"is {shown(key)}, which is no number of this scenario"
            continue
        setting = next((index for index, over in _sets(tree) if sets(over, key)), None)
        if setting is not None:
            yield at, f"is {shown(key)}, which arms[{setting}] sets, so that a sweep cannot"
        for place, value in enumerate(values):
            if words := number_mistake(value, here):
                yield ("claim", "sweep", "values", place), f"{words}, for {key}"


def sets(over: Tree, key: str) -> bool:
    """Whether tables say anything of a dotted key."""
    at: Any = over
    for part in key.split("."):
        if not isinstance(at, dict) or part not in at:
            return False
        at = at[part]
    return True
