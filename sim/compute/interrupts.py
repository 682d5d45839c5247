"""Ctrl-C is heard even where it is raised in vain: Python drops an exception in some callbacks, as while importing."""

from __future__ import annotations

import signal
import sys
from types import FrameType
from typing import NoReturn

_asked: list[int] = []


def listen() -> None:
    """From now on, remember that Ctrl-C was pressed in this process, and raise KeyboardInterrupt as ever."""
    signal.signal(signal.SIGINT, _heard)
    tell = sys.unraisablehook

    def tell_all_but_that(dropped: sys.UnraisableHookArgs) -> None:
        if not issubclass(dropped.exc_type, KeyboardInterrupt):
            tell(dropped)

    sys.unraisablehook = tell_all_but_that


def heed() -> None:
    """Raise KeyboardInterrupt if Ctrl-C was pressed before and came to nothing. Work calls this between pieces."""
    if _asked:
        raise KeyboardInterrupt


def _heard(number: int, _: FrameType | None) -> NoReturn:
    _asked.append(number)
    raise KeyboardInterrupt
