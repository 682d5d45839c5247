"""TODO."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd

from sim.errors import StoreError, StudyError
from sim.results import store
from sim.results.rows import COMPRESSION, arrow
from sim.scenario.scenario import Scenario

Tables = dict[str, pd.DataFrame]
KINDS = ("sweep", "levers", "sensitivity", "comparison", "batch")
SUFFIX = ".parquet"


@dataclass(frozen=True)
class Findings:
    """What an analysis came to: tables by name, a page of text, and figures as the bytes of PNG files."""

    what: str
    name: str
    tables: Tables
    text: str = ""
    figures: Mapping[str, bytes] = field(default_factory=dict)
    folder: Path | None = None


@dataclass(frozen=True)
class Place:
    """Where an analysis is kept, and all that its results depend on."""

    folder: Path
    what: str
    name: str
    identity: Mapping[str, Any]

    @classmethod
    def of(
        cls, what: str, scenario: Scenario, identity: Mapping[str, Any], out: str | Path, name: str | None
    ) -> Place:
        """``out``/NAME-WHAT-HASH8, or ``out``/``name``; StudyError for a name that is none for a folder."""
        if name is None:
            name = f"{scenario.name}-{what}-{digest_of(identity)[:8]}"
        return cls(named_folder(out, name), what, name, identity)

    def read(self) -> Findings | None:
        """What is kept there, if it is this analysis and whole; None if the place is free, or some of it damaged.

        Raises StoreError if anything else is there.
        """
        folder, manifest = self.folder, manifest_of(self.folder)
        if manifest is None:
            if folder.is_symlink() or (
                folder.exists() and not (folder.is_dir() and not any(folder.iterdir()))
            ):
                raise StoreError(
                    f"{folder}: exists and is no {self.what} of Brink's; move it away or choose another --name"
                )
            return None
        if manifest["what"] != self.what or manifest["identity"] != digest_of(self.identity):
            raise StoreError(f"{folder}: holds another {manifest['what']}; choose another --name")
        return None if store.damaged(folder, manifest) else findings_in(folder, manifest)

    def write(self, found: Findings, scenario: Scenario) -> Findings:
        """Keep it; raises StoreError, and leaves what was there."""
        files = {f"{name}{SUFFIX}": parquet(table) for name, table in found.tables.items()}
        files |= {"report.md": found.text.encode(), **found.figures}
        manifest = {
            "what": self.what,
            "about": f"a {self.what} of the scenario, not a study: no odds of one scenario are kept here",
            "name": self.name,
            "scenario": scenario.name,
            "title": scenario.title,
            "identity": digest_of(self.identity),
            "asked": json.loads(json.dumps(self.identity)),
            "document": scenario.document(),
            "tables": list(found.tables),
        }
        store.write(self.folder, files, manifest)
        return replace(found, folder=self.folder)


def manifest_of(folder: Path) -> dict[str, Any] | None:
    """The manifest of an analysis; None if the folder holds none, or its manifest is not whole."""
    try:
        manifest = json.loads((folder / store.MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    whole = isinstance(manifest, dict) and manifest.keys() >= {"what", "identity", "files", "tables"}
    return manifest if whole and manifest["what"] in KINDS else None


def list_analyses(results: str | Path = "results") -> list[dict[str, Any]]:
    """Manifests of the sweeps, levers, … in a results folder, by folder name, each with its ``folder``."""
    found = ((folder, manifest_of(folder)) for folder in store.folders(results))
    return [manifest | {"folder": str(folder)} for folder, manifest in found if manifest]


def digest_of(identity: Mapping[str, Any]) -> str:
    """SHA-256 of plain JSON with sorted keys."""
    return hashlib.sha256(json.dumps(identity, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def parquet(table: pd.DataFrame) -> bytes:
    """A table as the bytes of a Parquet file, the same for the same table."""
    import pyarrow.parquet as pq

    buffer = BytesIO()
    pq.write_table(arrow(table), buffer, compression=COMPRESSION)
    return buffer.getvalue()


def pieces_of(folder: Path) -> Path:
    """Where the journals of a study are kept while it is at work."""
    return store.beside(folder, store.PIECES)


def findings_in(folder: Path, manifest: Mapping[str, Any]) -> Findings:
    """What is kept in a folder with this manifest; its files are taken as they are."""
    tables = {name: pd.read_parquet(folder / f"{name}{SUFFIX}") for name in manifest["tables"]}
    pictures = {file: (folder / file).read_bytes() for file in manifest["files"] if file.endswith(".png")}
    text = (folder / "report.md").read_text(encoding="utf-8")
    return Findings(manifest["what"], manifest["name"], tables, text, pictures, folder)


def named_folder(out: str | Path, name: str) -> Path:
    """``out``/``name``. Raises StudyError for a name that is none for a folder."""
    if (
        not name
        or name.startswith(".")
        or len(name) > 100
        or not all(c.isalnum() or c in "-_." for c in name)
    ):
        raise StudyError(f'--name "{name}": use letters, digits, - and _, at most 100')
    return Path(out) / name
