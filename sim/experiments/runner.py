"""Answer a question: compute what is missing, make tables, page and figures, keep them in a folder."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import cached_property, partial
from html import escape
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, Self, TypedDict

from sim.compute.experiment import Experiment, Piece, fingerprint, merged
from sim.compute.fingerprints import counts_digest, presentation_digest
from sim.compute.journal import Journal, packed
from sim.compute.scheduler import Announce, Progress, carried_out
from sim.engines.warm_up import ready
from sim.errors import BrinkError, Interrupted, StoreError, StudyError
from sim.experiments.catalogue import question_class
from sim.experiments.question import OfMany, Question, Stage, Tables
from sim.reports.html import html, table_in
from sim.reports.page import composed, literal
from sim.results import store
from sim.results.folder import (
    COUNTS,
    FIGURE,
    PAGE,
    TABLE,
    Kept,
    digest_of,
    kept_in,
    named_folder,
    parquet,
    pieces_of,
)
from sim.scenario.changes import in_json
from sim.scenario.files import rebuilt
from sim.text import printable

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Means:
    """Who computes, and who is told.

    executor: as for :func:`sim.run`; results do not depend on it
    progress: told units done and units in all, of the stage at work
    announce: told what takes a while
    begin:    told each stage as it begins
    """

    executor: Executor | str | None = None
    progress: Progress | None = None
    announce: Announce | None = None
    begin: Callable[[Stage], None] | None = None


ALL: Final = "all"
Drawing = bool | Literal["all"]
"""Which figures are drawn: those that are drawn unasked, none, or all."""

THEN = ", then "
PICTURE = re.compile(r"!\[(?P<title>[^\]]*)\]\((?P<file>[^)]+)\)")

THREADS = Means()
"""Threads of this process, and nobody is told."""


class Keeping(TypedDict, total=False):
    """What :func:`answer` takes besides a question: who computes it, and whether and where the answer is kept."""

    means: Means
    out: str | Path
    name: str | None
    save: bool
    replace: bool
    figures: Drawing


@dataclass(frozen=True)
class Answer:
    """What a question came to. Tables are pandas DataFrames, as :attr:`question` describes them.

    folder: where it is kept, or None
    """

    question: Question
    tables: Tables
    folder: Path | None = None

    @classmethod
    def opened(cls, question: Question, kept: Kept) -> Self:
        """The answer that a folder has."""
        return cls(question, kept.tables(), kept.folder)

    @property
    def kind(self) -> str:
        """What was asked: "sweep", "levers", …"""
        return self.question.kind

    def table(self, name: str | None = None) -> pd.DataFrame:
        """A table by its name; the first if none is given. Raises StudyError if there is none of that name."""
        return self.tables[_known("table", name, self.tables)]

    def plot(self, name: str | None = None) -> Figure:
        """A figure by its name, drawn now; the first if none is given. Raises StudyError if there is none."""
        return self._figures[_known("figure", name, self._figures)]()

    @property
    def figures(self) -> tuple[str, ...]:
        """Names of the figures that there are."""
        return tuple(self._figures)

    def report(self) -> str:
        """The page of text, in Markdown: what was changed, the answer in a box, then what it rests on."""
        question, tables = self.question, self.tables
        page, box = question.page(tables), question.box(tables)
        pictures = [f"{name}{FIGURE}" for name in self.figures]
        if not box:
            return noted(composed(page, (), pictures), question.changed)
        changed = (map(literal, words.split(": ", 1)) for words in question.changed)
        return composed(page, [*((head, f"{said}.") for head, said in changed), *box], pictures)

    def html(self, figures: bool = True) -> str:
        """The page as one HTML file that can be mailed, with the figures that it names drawn into it."""
        page = self.report()
        if not figures:
            return html(page, {})
        from sim.figures.mailed import mailed  # matplotlib takes half a second to import

        named = [name for name in self.figures if f"]({name}{FIGURE})" in page]
        return html(page, {f"{name}{FIGURE}": mailed(self.plot(name)) for name in named})

    def brief(self) -> str:
        """What a terminal shows of it; below its first lines, what was changed in its scenarios."""
        return noted(self.question.brief(self.tables), self.question.changed)

    def to_json(self) -> dict[str, Any]:
        """The answer as plain values, as ``--json`` prints it."""
        folder = str(self.folder) if self.folder else None
        changed = in_json(self.question.among)
        return {"folder": folder, "changed": changed, **self.question.to_json(self.tables)}

    @property
    def look_first(self) -> str:
        """What a reader of its folder opens first, of what is there: "differences.png, then report.md"."""
        named = self.question.look_first.split(THEN)
        return THEN.join(name for name in named if self.folder and (self.folder / name).is_file())

    @cached_property
    def _figures(self) -> Mapping[str, Callable[[], Figure]]:
        return self.question.figures(self.tables)

    def __repr__(self) -> str:
        where = f" in {self.folder}/" if self.folder else ""
        return f"<{self.kind} of {self.question.subject}: {', '.join(self.tables)}{where}>"

    def _repr_html_(self) -> str:
        """For a notebook: what it is, what was changed, and its headline table, or what a terminal shows."""
        notes = "".join(f"<p>{escape(each)}</p>" for each in self.question.changed)
        return f"<p><b>{escape(repr(self))}</b></p>{notes}{table_in(self.headline())}"

    def headline(self) -> str:
        """What holds the table that says the answer, in Markdown; or what a terminal shows where there is none."""
        return self.question.brief(self.tables)


def noted(text: str, notes: Sequence[str]) -> str:
    """The text with lines put in below its first paragraph; of a page in Markdown, each a paragraph below its heading."""
    if not notes:
        return text
    first, _, rest = text.partition("\n\n")
    page = first.startswith("#")
    return "\n\n".join([first, *map(literal, notes), rest] if page else ["\n".join([first, *notes]), rest])


def _known(noun: str, name: str | None, there: Mapping[str, Any]) -> str:
    """The name, or the first there is. Raises StudyError if it is none of them."""
    found = next(iter(there), None) if name is None else name
    if found is None or found not in there:
        what = f"no {noun}" if found is None else f'no {noun} "{found}"'
        raise StudyError(f"there is {what}; there are: {', '.join(there) or 'none'}")
    return found


def answer(
    question: Question,
    *,
    means: Means = THREADS,
    out: str | Path = "results",
    name: str | None = None,
    save: bool = True,
    replace: bool = False,
    figures: Drawing = True,
) -> Answer:
    """Answer a question and keep the answer under ``out``, unless ``save`` is False.

    ``replace``: it may take the place of another result of that name. ``figures``: whether to draw, "all" of them or
    those that are drawn unasked.

    The same question again is read, not computed; one that was stopped goes on; one whose page or figures are drawn
    otherwise by now is drawn again from its counts. Raises StudyError and StoreError for mistakes of the caller's,
    Interrupted if stopped from the keyboard, Unfinished if some units failed again and again.
    """
    identity = digest_of(question.identity())
    folder = folder_of(question, out, name) if save else None
    try:
        if folder is None:
            return _class_of(question)(question, question.tables(dict(computed(question, means)[0])))
        with store.locked(folder):
            return _kept(
                question, means, kept_in(folder, question.kind, identity, replace=replace), identity, figures
            )
    except KeyboardInterrupt:
        raise Interrupted from None


def folder_of(question: Question, out: str | Path, name: str | None) -> Path:
    """Where an answer is kept: ``out``/NAME-HASH8 unless it is named. Raises StudyError for a name that is none."""
    plain = f"{question.name}-{digest_of(question.identity())[:8]}"
    return named_folder(out, plain if name is None else name)


def _kept(question: Question, means: Means, kept: Kept, identity: str, figures: Drawing) -> Answer:
    if kept.manifest and kept.is_whole(question.scenario.changed, partial(to_draw, question, figures)):
        store.tidy(kept.folder)
        return _class_of(question).opened(question, kept)
    try:
        counts, notes = computed(question, means, kept)
    except OSError as error:
        raise StoreError(
            f"{error.filename or kept.folder}: cannot be written or read ({error.strerror or error}); what is done is kept"
        ) from None
    found = _class_of(question)(question, question.tables(counts), kept.folder)
    files: dict[str, bytes | Path] = {f"{name}{COUNTS}": packed(piece) for name, piece in counts.items()}
    store.write(kept.folder, files | files_of(found, figures), manifest_for(found, identity, notes))
    store.tidy(kept.folder)
    return found


def to_draw(question: Question, figures: Drawing, there: Sequence[str]) -> list[str]:
    """Those of the figures that are drawn unasked, or all or none of them."""
    if figures == ALL:
        return list(there)
    return [name for name in there if name not in question.on_demand] if figures else []


def files_of(found: Answer, figures: Drawing, announce: Announce | None = None) -> dict[str, bytes | Path]:
    """Tables, page and figures of an answer as files; ``announce`` is told when figures are drawn."""
    drawn = to_draw(found.question, figures, found.figures)
    files: dict[str, bytes | Path] = {
        f"{name}{TABLE}": parquet(table) for name, table in found.tables.items()
    }
    if drawn:
        from sim.figures.style import encoded  # matplotlib takes half a second to import

        if announce:
            announce("Drawing the figures.")
        files |= {f"{name}{FIGURE}": encoded(found.plot(name), "png") for name in drawn}
    files[PAGE] = page_beside(found, files)
    return files


def page_beside(found: Answer, files: Collection[str]) -> bytes:
    """The page of an answer as it lies beside these files: a picture that is not among them is said not to be drawn."""

    def there_or_told(picture: re.Match[str]) -> str:
        return (
            picture[0]
            if picture["file"] in files
            else f"*{picture['title']}: not drawn; `brink plot NAME --figure {Path(picture['file']).stem}` draws it.*"
        )

    return PICTURE.sub(there_or_told, found.report()).encode()


def manifest_for(found: Answer, identity: str, notes: Mapping[str, Any]) -> dict[str, Any]:
    """What the folder says of itself."""
    question = found.question
    return {
        "what": question.kind,
        "name": found.folder.name if found.folder else question.name,
        "scenario": question.scenario.name,
        "title": question.scenario.title,
        "identity": identity,
        "asked": question.asked(),
        "document": question.scenario.document(),
        "changed": question.scenario.changed,
        "changes": list(question.changed),
        **_documents(question),
        "stages": dict(notes),
        "tables": list(found.tables),
        "figures": list(found.figures),
        "sources": counts_digest(),
        "presentation": presentation_digest(),
    }


def _documents(question: Question) -> dict[str, Any]:
    """All scenarios in order, if there are several: name in the question, own name, document, what was changed in it."""
    if not isinstance(question, OfMany):
        return {}
    every = question.scenarios.items()
    return {"scenarios": [[name, own.name, own.document(), own.changed] for name, own in every]}


def computed(
    question: Question, means: Means, kept: Kept | None = None, done: Mapping[str, Piece] | None = None
) -> tuple[dict[str, Piece], dict[str, dict[str, Any]]]:
    """What each stage came to, by name, and what the manifest says of each: its units and its identity.

    ``done``: what some stages came to already.
    """
    counts: dict[str, Piece] = {}
    notes: dict[str, dict[str, Any]] = {}
    stages = question.stages()
    stage = next(stages, None)
    while stage is not None:
        there = (done or {}).get(stage.name)
        counts[stage.name] = piece = carry(stage, means, kept, question) if there is None else there
        notes[stage.name] = {"units": stage.experiment.units, "identity": fingerprint(stage.experiment)}
        try:
            stage = stages.send(piece)
        except StopIteration:
            stage = None
    return counts, notes


def carry(stage: Stage, means: Means, kept: Kept | None, question: Question) -> Piece:
    """What a stage came to: counts that are kept are taken, what is missing is computed and journaled."""
    experiment, identity = stage.experiment, fingerprint(stage.experiment)
    base = kept.counts(stage.name, identity, experiment.units) if kept else None
    first = base[0] if base else 0
    if means.begin:
        means.begin(stage)
    if first < experiment.units:
        ready(question.scenario, means.announce)
    pieces = pieces_from(experiment, stage.name, kept.folder if kept else None, means, first)
    return merged(chain([base[1]] if base else [], pieces))


def pieces_from(experiment: Experiment, name: str, folder: Path | None, means: Means, first: int = 0) -> Any:
    """Pieces of an experiment from unit ``first`` on; with a folder, they are journaled beside it."""
    identity = fingerprint(experiment)
    journal = Journal(pieces_of(folder) / f"{name}-{identity[:8]}", identity) if folder else None
    return carried_out(
        experiment,
        executor=means.executor,
        journal=journal,
        progress=means.progress,
        announce=means.announce,
        first=first,
    )


def open_answer(name: str | Path, results: str | Path = "results") -> Answer | None:
    """The answer that is kept in a folder, or under that name in the results folder; None if there is none.

    Raises StoreError if a file of it is not as it was written.
    """
    for folder in (Path(name), Path(results) / name):
        manifest = store.read_manifest(folder)
        if manifest is None:
            continue
        for file in store.damaged(folder, manifest):
            raise StoreError(
                f"{folder / file}: is not as it was written; run the same {manifest['what']} again"
            )
        return opened(Kept(folder, manifest))
    return None


def _class_of(question: Question) -> type[Answer]:
    """What answers a question, in memory and in a folder."""
    return question.answer_class or Answer


def opened(kept: Kept) -> Answer:
    """The answer that a folder has, whatever was asked.

    Raises StoreError for a manifest that tells of no question, or of another than it was the answer to.
    """
    try:
        question = _question_of(kept.manifest)
        found = _class_of(question).opened(question, kept)
        identity = digest_of(question.identity())
    except (BrinkError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise StoreError(
            f"{kept.folder / store.MANIFEST}: does not say what can be asked ({printable(str(error))})"
        ) from None
    if kept.manifest.get("sources") == counts_digest() and identity != kept.manifest["identity"]:
        raise StoreError(f"{kept.folder / store.MANIFEST}: says another question than was answered")
    return found


def _question_of(manifest: Mapping[str, Any]) -> Question:
    """The question that a manifest tells of."""
    scenario = rebuilt(manifest["document"], manifest["scenario"], manifest.get("changed"))
    several = {
        name: rebuilt(tables, own, *more) for name, own, tables, *more in manifest.get("scenarios", ())
    }
    more = {"scenarios": several} if several else {}
    return question_class(manifest["what"]).again(scenario, manifest["asked"], **more)
