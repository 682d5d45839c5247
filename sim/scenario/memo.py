"""What was made of a scenario is kept for a while: scenarios never change, so the same one gives the same."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import RLock
from typing import Any, TypeVar

T = TypeVar("T")
MOST = 256  # scenarios for which each function remembers


def remembered(make: Callable[..., T]) -> Callable[..., T]:
    """The function, remembering what it gave for its last arguments; scenarios among them count as the objects they are.

    Whatever else it is given must be hashable.
    """
    made: OrderedDict[tuple[Hashable, ...], tuple[tuple[Any, ...], T]] = OrderedDict()
    lock = RLock()  # held while something is made: threads that ask for the same wait for it

    def found(*given: Any, **named: Any) -> T:
        every = (*given, *named.values())
        key = (*named, *(each if isinstance(each, str | tuple | int | None) else id(each) for each in every))
        with lock:
            if key in made:
                made.move_to_end(key)
                return made[key][1]
            fresh = make(*given, **named)
            made[key] = every, fresh  # holding what was given keeps its id from being given to another
            while len(made) > MOST:
                made.popitem(last=False)
        return fresh

    return found
