"""Actors of a user's own in place of the standard ones: which are allowed, whether they travel, what they depend on."""

from __future__ import annotations

import hashlib
import inspect
import pickle
import sys
from collections.abc import Mapping
from pathlib import Path

from sim.engines.mesa.actor import Actor
from sim.errors import StudyError
from sim.scenario.scenario import Scenario
from sim.text import suggestion

OwnActors = Mapping[str, type[Actor]]
"""Subclasses of the standard agents, by the names of the actors that they play."""

OURS = "sim."


def check(scenario: Scenario, actors: OwnActors) -> None:
    """Raise StudyError for an actor that is not there, and for a class that cannot play it."""
    for name, kind in actors.items():
        if name not in scenario.actors:
            raise StudyError(
                f"actors: there is no {name} in {scenario.name}{suggestion(name, scenario.actors)}"
            )
        role = scenario.actors[name].role
        if not (isinstance(kind, type) and issubclass(kind, Actor) and kind.role == role):
            told = kind.__name__ if isinstance(kind, type) else repr(kind)
            raise StudyError(f'actors: {name} has the role "{role}", and {told} is no class of such an agent')


def travel(actors: OwnActors) -> bool:
    """Whether other processes can import the classes; not those of a notebook or inside a function."""
    homes = {kind.__module__ for kind in actors.values()}
    if "__main__" in homes and not hasattr(sys.modules["__main__"], "__file__"):
        return False
    try:
        pickle.dumps(dict(actors))
    except (pickle.PicklingError, AttributeError):
        return False
    return True


def identity(actors: OwnActors) -> tuple[tuple[str, str, str], ...]:
    """Of each actor: its name, its class, and the SHA-256 of all sources outside Brink and Mesa that the class has.

    The source of a class is the whole file of its module, so that functions beside it count too; of a class in a
    notebook, the class alone. Raises StudyError for a class whose source is unknown.
    """
    found = ((name, f"{kind.__module__}.{kind.__qualname__}", _digest(kind)) for name, kind in actors.items())
    return tuple(sorted(found))


def _digest(kind: type) -> str:
    digest = hashlib.sha256()
    for each in kind.__mro__:
        if not each.__module__.startswith((OURS, "mesa.", "abc", "builtins")):
            digest.update(_source(each))
    return digest.hexdigest()


def _source(kind: type) -> bytes:
    file = getattr(sys.modules.get(kind.__module__), "__file__", None)
    try:
        return Path(file).read_bytes() if file else inspect.getsource(kind).encode()
    except (OSError, TypeError):
        raise StudyError(
            f"actors: the source of {kind.__name__} is unknown, so that its runs cannot be told from others'; "
            "put the class into a file"
        ) from None
