"""What can be taken away from the page: the scenario, its numbers, its drawings, a study."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from sim.app import course, numbers, strips
from sim.app.asked import RESULTS, Asked, kept_studies, plain_number
from sim.app.colours import standing_alone
from sim.app.levers import range_words
from sim.app.live import Answers, last
from sim.errors import BrinkError, StudyError
from sim.schema.plans import MOST_RUNS_A_POINT

STUDY_RUNS = (100, MOST_RUNS_A_POINT)
FILE_WIDTH = 900.0


def as_toml(asked: Asked) -> str:
    """The scenario with its numbers as a file that extends the one it began as."""
    lines = [
        f"# {asked.command()}",
        f"extends = {json.dumps(f'{asked.name}.toml')}",
        f"title = {json.dumps(f'{asked.base.title[:480]}, changed', ensure_ascii=False)}",
        "",
    ]
    if asked.seed is not None:
        lines.append(f"study.seed = {asked.seed}")
    for key, value in asked.settings.items():
        lever = asked.levers[key]
        was = f"was {plain_number(lever.value)}"
        honest = f", honest range {range_words(lever)}" if lever.has_range else ""
        lines.append(f"{key} = {plain_number(value)} # {was}{honest}")
    return "\n".join([*lines, ""])


def as_file(name: str, asked: Asked, answers: Answers) -> str | None:
    """The text of a file of that name: numbers.csv, scenario.toml, days.svg, signals.svg; None for any other."""
    makers: dict[str, Callable[[], str]] = {
        "scenario.toml": lambda: as_toml(asked),
        "numbers.csv": lambda: numbers.as_csv(last(asked, answers)),
        "days.svg": lambda: standing_alone(course.course(last(asked, answers), FILE_WIDTH), asked.command()),
        "signals.svg": lambda: standing_alone(
            strips.strips(last(asked, answers), FILE_WIDTH), asked.command()
        ),
    }
    return makers[name]() if name in makers else None


def runs_of_study(given: object) -> int:
    """How many runs a study is to have. Raises StudyError for anything but a whole number within bounds."""
    text = str(given).replace(",", "").strip()
    least, most = STUDY_RUNS
    if not text.isdecimal() or not text.isascii() or not least <= int(text[:12]) <= most:
        raise StudyError(f"a study from the page has {least:,} to {most:,} runs; for more, use the command")
    return int(text)


def run_study(asked: Asked, runs: int, name: str, progress: Callable[[int, int], None]) -> Path:
    """Run and keep a study of what is shown, as ``brink run`` does; where it lies. Raises BrinkError, Interrupted."""
    from sim.experiments.study.study import run  # here, since pandas takes long to import

    study = run(asked.scenario, runs=runs, name=name or None, out=RESULTS, progress=progress)
    assert study.folder is not None
    return study.folder


def as_html(study: str) -> str:
    """The page of a kept study as one file that can be mailed. Raises BrinkError if there is none of that name."""
    from sim.experiments.study.study import open_study

    if study not in kept_studies():
        raise BrinkError("there is no such study")
    return open_study(Path(RESULTS) / study).html()
