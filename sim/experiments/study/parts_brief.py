"""What a study has besides its odds, in a few plain lines each."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sim.experiments.arms.report import _arms
from sim.experiments.attribution.report import _attribution
from sim.experiments.rare.report import _rare
from sim.experiments.twins.report import _twins

if TYPE_CHECKING:
    from sim.experiments.study.study import Study


def besides(study: Study) -> str:
    """The study's parts in words, a paragraph each; nothing if it has none."""
    paragraphs = ["\n".join(_precision(study))] if study.stopped else []
    paragraphs += ["\n".join(TOLD[name](study)) for name in study.parts if name in TOLD]
    return "".join(f"\n\n{paragraph}" for paragraph in paragraphs)


def _precision(study: Study) -> list[str]:
    """'Known as well as was asked, at n = 23,171: war 20.5 % (20.0 to 21.0).'"""
    from sim.reports.numbers import words
    from sim.schema.outcomes import TITLES

    assert study.stopped
    known = [f"{TITLES[name]} {words(found)}" for name, found in study.stopped.estimates().items()]
    return [f"Known as well as was asked, at n = {study.runs:,}: {', '.join(known)}."]


TOLD: dict[str, Callable[[Study], list[str]]] = {
    "rare": _rare,
    "twins": _twins,
    "attribution": _attribution,
    "arms": _arms,
}
