"""One tab of the page: what it asks for, what it was told, and the painting that follows the hand."""

from __future__ import annotations

import asyncio
import os
import traceback
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field, replace
from time import monotonic
from typing import Any

from sim.app import fragments
from sim.app.asked import Asked, parsed, picked
from sim.app.course import readings, run_line
from sim.app.keep import run_study, runs_of_study
from sim.app.live import Answers, View, views
from sim.app.moves import moves
from sim.errors import BrinkError, Interrupted, StudyError, Unfinished
from sim.schema.outcomes import Outcome
from sim.text import printable

A_MOVE = 0.4  # seconds between two reports of what is at work
REST = 0.15  # seconds without a change, after which more than the first runs are played
WIDTHS = (280.0, 1_600.0)
USUAL_WIDTH = 760.0
Message = Mapping[str, Any]
Say = Callable[[dict[str, Any]], Coroutine[Any, Any, None]]


@dataclass
class Shared:
    """What all tabs of a server share."""

    answers: Answers = field(default_factory=Answers)
    studying: bool = False


@dataclass
class Study:
    """A study at work: how far it has come is said a few times a second; ``stopped`` ends it after its next piece."""

    runs: int
    loop: asyncio.AbstractEventLoop
    say: Say
    stopped: bool = False
    said: float = 0.0

    def progress(self, done: int, n: int) -> None:
        """Called by the thread that computes."""
        if self.stopped:
            raise KeyboardInterrupt
        if monotonic() - self.said > A_MOVE:
            self.said = monotonic()
            html = {"study": fragments.fragment("progress", done=done, n=n)}
            asyncio.run_coroutine_threadsafe(self.say({"html": html}), self.loop)


class Tab:
    """One connection. ``say`` sends a message: ``html`` by place, and what else the page is to know."""

    def __init__(self, say: Say, shared: Shared) -> None:
        self.say, self.shared = say, shared
        self.asked: Asked = picked("standoff")
        self.width = USUAL_WIDTH
        self.version = 0
        self.view: View | None = None
        self._changed = asyncio.Event()
        self._painting = asyncio.Lock()
        self._moving: asyncio.Task[None] | None = None
        self._study: Study | None = None

    # What the page asks for ------------------------------------------------------------------

    async def hear(self, message: Message) -> None:
        """Do what a message asks; a mistake is told in words."""
        do = getattr(self, f"do_{message.get('do')}", None)
        if do is None:
            return
        await self._told(do(message))

    async def _told(self, doing: Awaitable[None]) -> None:
        """Do it; what goes wrong is said on the page, which goes on."""
        try:
            await doing
        except BrinkError as error:
            await self.say({"notices": [str(error)]})
        except Exception as error:
            if os.environ.get("BRINK_DEBUG"):
                traceback.print_exception(error)
            await self.say(
                {"notices": [f"A bug in Brink ({type(error).__name__}: {printable(str(error))[:200]})."]}
            )

    async def do_open(self, message: Message) -> None:
        """The page has opened, or come back: all of it, for its address."""
        self._measure(message)
        self.asked, told = await asyncio.to_thread(parsed, str(message.get("address", "")))
        await self._ask(self.asked, whole=True, told=told)

    async def do_set(self, message: Message) -> None:
        """A slider moved: the page has its number already."""
        await self._ask(self.asked.setting(str(message.get("key")), _number(message.get("value"))))

    async def do_undo(self, message: Message) -> None:
        """One number back to the scenario's own."""
        key = str(message.get("key"))
        lever = self.asked.levers.get(key)
        if lever:
            shown = (*self.asked.added, key)
            await self._ask(replace(self.asked.setting(key, lever.value), added=shown), levers=True)

    async def do_reset(self, _: Message) -> None:
        """All numbers back, and nothing else to compare with."""
        await self._ask(picked(self.asked.name), whole=True)

    async def do_scenario(self, message: Message) -> None:
        """Another scenario."""
        await self._ask(picked(str(message.get("value"))), whole=True)

    async def do_baseline(self, message: Message) -> None:
        """Another baseline."""
        after = replace(self.asked, baseline=str(message.get("value", ""))[:200])
        await asyncio.to_thread(lambda: after.before)
        await self._ask(after)

    async def do_preset(self, message: Message) -> None:
        """A ready-made change, by its place in the list; or none."""
        found, place = self.asked.presets, str(message.get("value"))
        asked = replace(self.asked, settings={})
        if place.isdecimal() and int(place) < len(found):
            asked = asked.taking(found[int(place)])
        await self._ask(asked, levers=True)

    async def do_add(self, message: Message) -> None:
        """One more slider."""
        key = str(message.get("value"))
        if key in self.asked.levers:
            await self._ask(replace(self.asked, added=(*self.asked.added, key)), levers=True)

    async def do_run(self, message: Message) -> None:
        """Another run on top."""
        step = 1 if str(message.get("step")) == "1" else -1
        self.asked = replace(self.asked, run=(self.asked.run + step) % self.asked.runs)
        await self._paint()

    async def do_width(self, message: Message) -> None:
        """The page has become wider or narrower."""
        self._measure(message)
        await self._paint()

    async def do_moves(self, message: Message) -> None:
        """What moves war most has been opened, or closed."""
        self._stop_moving()
        if message.get("open"):
            self._moving = asyncio.create_task(self._move(self.asked, self.version))

    def _stop_moving(self) -> None:
        if self._moving:
            self._moving.cancel()
            self._moving = None

    async def _move(self, asked: Asked, version: int) -> None:
        """Try number after number once all that is asked for is painted; whatever the hand does stops it."""
        found, said = moves(asked, lambda: self.version != version), 0.0
        while (state := await asyncio.to_thread(next, found, None)) is not None:
            if monotonic() - said > A_MOVE or state[1] == state[2]:
                said = monotonic()
                await self.say({"html": {"moves": fragments.moves(asked, *state)}})

    async def do_study(self, message: Message) -> None:
        """Run what is shown as a study, and keep it."""
        if self.shared.studying:
            raise StudyError("a study is being run from this page already")
        runs, name = runs_of_study(message.get("runs")), str(message.get("name") or "").strip()[:40]
        self._study, self.shared.studying = Study(runs, asyncio.get_running_loop(), self.say), True
        asyncio.create_task(self._run_study(self._study, self.asked, name))  # noqa: RUF006 — ends by itself

    async def do_stop_study(self, _: Message) -> None:
        """Let the study be; what is done of it is kept."""
        if self._study:
            self._study.stopped = True

    async def _run_study(self, study: Study, asked: Asked, name: str) -> None:
        kept = None
        try:
            kept = await asyncio.to_thread(run_study, asked, study.runs, name, study.progress)
        except (BrinkError, Unfinished) as error:
            await self.say({"notices": [str(error)]})
        except Interrupted:
            pass
        finally:
            self.shared.studying = False
        html = {"study": fragments.study(asked, kept=kept, stopped=study.stopped and kept is None)}
        await self.say({"html": html | {"choices": fragments.choices(self.asked)}})

    def _measure(self, message: Message) -> None:
        self.width = min(WIDTHS[1], max(WIDTHS[0], _number(message.get("width"), USUAL_WIDTH)))

    async def _ask(
        self, asked: Asked, whole: bool = False, levers: bool = False, told: list[str] | None = None
    ) -> None:
        """Ask for something else; the sliders are drawn again only if the page does not know them."""
        asked.scenario  # noqa: B018 — refuses numbers that contradict each other
        self.asked = asked
        html = {"links": fragments.links(asked)}
        if whole:
            html |= {"choices": fragments.choices(asked), "study": fragments.study(asked)}
        if whole or levers:
            html |= {"levers": fragments.levers(asked)}
        await self.say(
            {"html": html, "address": asked.address(), "notices": told or [], "title": asked.base.title}
        )
        self.version += 1
        self._changed.set()

    # What it is told -------------------------------------------------------------------------

    async def keep_painting(self) -> None:
        """Paint whatever is asked for, the newest first: the first runs always, more when the hand rests."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            await self._told(self._answer(self.asked, self.version))

    async def _answer(self, asked: Asked, version: int) -> None:
        found = views(asked, self.shared.answers, lambda: self.version != version)
        while (view := await asyncio.to_thread(next, found, None)) is not None:
            first = self.view is None or self.view.asked is not asked
            self.view = view
            await self._paint()
            if first and await self._moved_within(REST):
                return

    async def _moved_within(self, seconds: float) -> bool:
        try:
            await asyncio.wait_for(self._changed.wait(), seconds)
        except TimeoutError:
            return False
        return True

    async def _paint(self) -> None:
        """Tell the page all that is known now: first what is looked at first. One at a time, lest an older one come last."""
        async with self._painting:
            view = self.view
            if view is None:
                return
            view = replace(view, asked=replace(view.asked, run=self.asked.run))
            await self.say(await asyncio.to_thread(_first_look, view, self.width))
            await self.say(await asyncio.to_thread(_second_look, view, self.width))


def _first_look(view: View, width: float) -> dict[str, Any]:
    answer, run = view.answer, view.asked.run
    drawn = None
    if run < answer.runs:
        outcome = Outcome(int(answer.outcome[run]))
        drawn = run_line(answer.scenario, run, outcome, int(answer.end_day[run]))
    html = {"cards": fragments.cards(view), "course": fragments.course(view, width, drawn)}
    more = "" if view.whole else " · more to come"
    if view.hurried and view.whole:
        more = " · all that was asked for would take too long"
    spent = f"engine {1000 * view.engine:,.0f} ms" if view.engine > 0.001 else "known already"
    status = f"{answer.runs:,} runs · {spent} · seed {answer.scenario.study.seed}{more}"
    return {
        "html": html,
        "status": status,
        "readings": readings(view),
        "whole": view.whole,
        "runs": answer.runs,
    }


def _second_look(view: View, width: float) -> dict[str, Any]:
    return {"html": {"signals": fragments.signals(view, width), "table": fragments.table(view)}}


def _number(given: Any, otherwise: float = 0.0) -> float:
    """A finite number from a message, or something else."""
    number = float(given) if isinstance(given, int | float) else otherwise
    return number if number - number == 0 else otherwise
