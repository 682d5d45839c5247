"""Every question that can be asked, one line each: what it is called, where it is, what it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from sim.errors import StudyError

if TYPE_CHECKING:
    from sim.experiments.question import Question


@dataclass(frozen=True)
class Entry:
    """``home``: the package that has ``question.QUESTION`` and, if it is a command, ``command.command``.

    ``about`` is the line of ``brink --help``; ``command`` the name of the command if that is not the kind, None if
    there is no command.
    """

    home: str
    about: str
    command: str | None = ""


CATALOGUE: Mapping[str, Entry] = {
    "study": Entry(
        "sim.experiments.study", "Run scenarios many times: shares, curves and figures.", command="run"
    ),
    "claims": Entry("sim.experiments.claims", "Put what people say of the crisis to the test."),
    "diff": Entry("sim.experiments.diff", "Say what differs between two scenarios, and what follows."),
    "twins": Entry("sim.experiments.twins", "Say how much of the risk of war is misreading.", command=None),
    "attribution": Entry(
        "sim.experiments.attribution", "Say how much each channel of fog adds.", command=None
    ),
    "rare": Entry("sim.experiments.rare", "Say how likely a war is that is too rare to count.", command=None),
    "sweep": Entry("sim.experiments.sweep", "Move numbers of a scenario through values."),
    "levers": Entry("sim.experiments.levers", "Say what every number does, one at a time."),
    "sensitivity": Entry("sim.experiments.sensitivity", "Say which assumptions matter most."),
    "comparison": Entry("sim.experiments.arms", "Compare scenarios under common luck.", command=None),
    "risk": Entry(
        "sim.experiments.turning_points.risk",
        "Say how likely war was on each evening of a run.",
        command=None,
    ),
    "closest": Entry(
        "sim.experiments.turning_points.closest",
        "Find the run at peace that came closest to war.",
        command=None,
    ),
    "whatif": Entry(
        "sim.experiments.turning_points.what_if", "Say what each other signal of one day would have changed."
    ),
    "windows": Entry(
        "sim.experiments.turning_points.windows", "Say when a signal matters, by the day on which it comes."
    ),
    "history": Entry("sim.experiments.history", "Lay the model beside the historical record."),
    "batch": Entry("sim.experiments.overview", "Put studies side by side.", command=None),
}
"""By kind, which is the name of the command too where there is one."""


def commands() -> dict[str, Entry]:
    """The questions that are commands, by the names of the commands."""
    return {each.command or kind: each for kind, each in CATALOGUE.items() if each.command is not None}


def question_class(kind: str) -> type[Question]:
    """The class of a kind of question. Raises StudyError if there is no such kind."""
    if kind not in CATALOGUE:
        raise StudyError(f'there is no question "{kind}"; known: {", ".join(CATALOGUE)}')
    found: type[Question] = import_module(f"{CATALOGUE[kind].home}.question").QUESTION
    return found
