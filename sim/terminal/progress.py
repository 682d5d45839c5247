"""What a running study shows: a bar on a terminal, nothing anywhere else."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True)
class Live:
    """What a study calls while it runs; None where nothing is shown."""

    progress: Callable[[int, int], None] | None = None
    announce: Callable[[str], None] | None = None
    clear: Callable[[], None] = lambda: None
    rename: Callable[[str], None] = lambda title: None


@contextmanager
def live(title: str, runs: int, quiet: bool) -> Iterator[Live]:
    """A bar with speed and time left on stderr, if that is a terminal and ``quiet`` is off."""
    if quiet or not sys.stderr.isatty():
        yield Live()
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn
    from rich.table import Column
    from rich.text import Text

    from sim.terminal.cost import duration

    class Pace(ProgressColumn):
        """Runs, or whatever is counted, per second, and how long the rest will take."""

        def render(self, task: Task) -> Text:
            speed = task.finished_speed or task.speed
            if not speed:
                return Text("")
            left = f", {duration(task.remaining / speed)} left" if task.remaining else ""
            return Text(f"{speed:,.0f} a second{left}")

    line = Column(no_wrap=True, overflow="ellipsis")
    bar = Progress(
        TextColumn("{task.description}", table_column=line),
        BarColumn(bar_width=None, table_column=Column(ratio=1)),
        TextColumn("{task.completed:,.0f} of {task.total:,.0f}", table_column=line),
        Pace(table_column=line),
        console=Console(stderr=True),
        transient=True,
        expand=True,
    )
    try:
        with bar:
            task = bar.add_task(escape(title), total=runs)
            yield Live(
                progress=lambda done, every: bar.update(task, completed=done, total=every),
                announce=lambda line: bar.console.print(line, markup=False, highlight=False),
                clear=bar.stop,
                rename=lambda title: bar.update(task, description=escape(title), completed=0),
            )
    finally:
        bar.console.show_cursor()  # Ctrl-C while the bar is being put up leaves it hidden
