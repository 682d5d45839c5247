"""What made a result is named: an edit of any source changes the digest of what it makes, of counts or of what is shown."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from importlib import import_module
from inspect import getattr_static, isabstract, isclass
from pathlib import Path
from typing import Any

import pytest

from sim.compute import fingerprints
from sim.compute.fingerprints import (
    NEITHER,
    PACKAGE,
    PRESENTATION,
    counting,
    counts_digest,
    matched,
    presentation_digest,
)
from tests.project.test_layers import graph, modules


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the package, of which the digests are while the test runs."""
    copy = tmp_path / "copy" / "sim"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(fingerprints, "PACKAGE", copy)
    yield copy
    forget()


def forget() -> None:
    counts_digest.cache_clear()
    presentation_digest.cache_clear()


def digests() -> tuple[str, str]:
    """Those of counts and of what is shown, as the files are now."""
    forget()
    return counts_digest(), presentation_digest()


def sources(package: Path) -> list[Path]:
    return sorted([*package.rglob("*.py"), *package.rglob("*.toml")])


# Edits ----------------------------------------------------------------------------------------


def test_an_edit_of_any_source_changes_the_digest_of_what_it_makes(copied: Path) -> None:
    before = digests()
    neither = matched(NEITHER)
    shows = matched(PRESENTATION) - neither
    assert len(sources(copied)) > 100
    for file in sources(copied):
        text = file.read_bytes()
        file.write_bytes(text + b"\n# edited\n")
        counts, shown = digests()
        file.write_bytes(text)
        assert (counts != before[0]) == (file not in shows | neither), file
        assert (shown != before[1]) == (file in shows), file
    assert digests() == before


def test_a_new_file_makes_counts_unless_it_is_listed(copied: Path) -> None:
    before = digests()
    (copied / "rules" / "new.py").write_text("")
    counts, shown = digests()
    assert counts != before[0]
    assert shown == before[1]


def test_a_file_of_another_name_is_another_source(copied: Path) -> None:
    before = digests()
    for file in ("rules/act.py", "figures/style.py"):
        (copied / file).rename((copied / file).with_name("other.py"))
    assert all(old != new for old, new in zip(before, digests(), strict=True))


# What is listed -------------------------------------------------------------------------------


@pytest.mark.parametrize("pattern", [*PRESENTATION, *NEITHER])
def test_what_is_listed_has_a_reason_and_is_there(pattern: str) -> None:
    assert len((PRESENTATION | NEITHER)[pattern].split()) > 2  # type: ignore[operator]
    assert matched([pattern])


# What counts are made with --------------------------------------------------------------------


def is_experiment(kind: Any) -> bool:
    """Whether it is a class that can compute units of work."""
    return (
        isclass(kind)
        and callable(getattr_static(kind, "compute", None))
        and isinstance(getattr_static(kind, "units", None), property)
        and not isabstract(kind)
    )


def experiments() -> dict[str, set[str]]:
    """Classes of experiments by the module that defines them, of all that can be asked."""
    found: dict[str, set[str]] = {}
    for module in modules():
        if module.startswith("experiments."):
            home = import_module(f"sim.{module}")
            names = {
                name
                for name, kind in vars(home).items()
                if is_experiment(kind) and kind.__module__ == home.__name__
            }
            if names:
                found[module] = names
    return found


def reached(module: str) -> dict[str, str]:
    """All modules that are loaded for one, each with that by which it was reached: imported ones, and packages."""
    by = {module: ""}
    todo = [module]
    while todo:
        here = todo.pop()
        for each in graph()[here]:
            parts = each.split(".")
            for there in (".".join(parts[:deep]) for deep in range(len(parts), 0, -1)):
                if there not in by:
                    by[there] = here
                    todo.append(there)
    return by


def path(module: str, by: dict[str, str]) -> str:
    """How a module was reached: 'this <- that <- the first'."""
    steps = [module]
    while by[steps[-1]]:
        steps.append(by[steps[-1]])
    return " <- ".join(steps)


def test_every_question_that_computes_is_found() -> None:
    found = {name for names in experiments().values() for name in names}
    assert found >= {"Simulation", "ArmsExperiment", "Attribution", "Pairs", "Hazards", "PairedScenarios"}
    assert found >= {"Continuations", "Alternatives", "OnDays"}


def test_how_a_module_is_reached_is_told() -> None:
    by = reached("experiments.study.simulation")
    assert {
        "rules.act",
        "engines.batch.engine",
        "schema.signals",
        "schema",
        "compute.experiment",
    } <= by.keys()
    assert path("rules.act", by).startswith("rules.act <- ")
    assert path("rules.act", by).endswith(" <- experiments.study.simulation")


def test_nothing_that_computes_counts_is_left_out_of_their_digest() -> None:
    counts, files = counting(), modules()
    wrong = {
        path(module, by)
        for home in experiments()
        for by in (reached(home),)
        for module in by
        if files[module] not in counts
    }
    assert not wrong
