"""Ctrl-C, and whatever else asks a command to end: one plain line, also where Python would drop the exception.

Before any work the process just ends. Later KeyboardInterrupt is raised, once, so that what is open is closed; Python
drops it in some callbacks, as while importing, hence :func:`heed`.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

HOW_TO_GO_ON = "Stopped. Nothing half-written is left: run the same command again to go on."
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
OF_TERMINALS = (signal.SIGINT, signal.SIGHUP)
PATIENCE = 3  # times that one must ask until nothing is waited for any more
SHOW_CURSOR = "\r\x1b[?25h"

_asked: list[int] = []
_held = False


def leave_at_once() -> None:
    """From now on, end this process without ado when asked to: nothing is at work yet."""
    _answer(_leave)


def listen() -> None:
    """From now on, remember that this process was asked to end, and raise KeyboardInterrupt the first time."""
    _answer(_heard)
    tell = sys.unraisablehook

    def tell_all_but_that(dropped: sys.UnraisableHookArgs) -> None:
        if not issubclass(dropped.exc_type, KeyboardInterrupt | MemoryError):
            tell(dropped)

    sys.unraisablehook = tell_all_but_that


def heed() -> None:
    """Raise KeyboardInterrupt if one was asked to end and that came to nothing. Work calls this between pieces."""
    if _asked:
        raise KeyboardInterrupt


@contextmanager
def held() -> Iterator[None]:
    """What begins here is begun to its end; whoever asked meanwhile is heard then."""
    global _held
    _held = True
    try:
        yield
    finally:
        _held = False
    heed()


@contextmanager
def unreached() -> Iterator[None]:
    """Processes begun here are not told when a terminal ends its own: they go when their parent goes."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, OF_TERMINALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def asked() -> int | None:
    """The signal by which this process was asked to end first; None if it was not."""
    return _asked[0] if _asked else None


def ignore() -> None:
    """From now on, go on to the end whatever is asked: it is a moment away."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def _answer(handler: signal._HANDLER) -> None:
    for number in SIGNALS:
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # which `nohup` asked for
            signal.signal(number, handler)


def _heard(number: int, frame: FrameType | None) -> None:
    _asked.append(number)
    if len(_asked) >= PATIENCE:
        _leave(_asked[0], frame)
    if len(_asked) == 1 and not _held:
        raise KeyboardInterrupt


def _leave(number: int, _: FrameType | None) -> None:
    """End this process here and now, as a crash would: the next command puts in order what lies open."""
    ignore()
    line = f"{SHOW_CURSOR if os.isatty(2) else ''}{HOW_TO_GO_ON}\n"
    with suppress(OSError):  # there may be nobody left to tell
        os.write(2, line.encode())
    os._exit(128 + number)
