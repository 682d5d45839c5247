"""`python -m docs.site FOLDER`: the pages of the site, for mkdocs to make HTML of (`make site`).

The documents as they lie, a page of all commands from their own help, and a page for every package from its docstrings.
A link to a source file becomes one to the page of its package; a link to a file that the site does not have becomes
plain text, so that mkdocs may be strict about all others.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from posixpath import normpath, relpath

ROOT = Path(__file__).parent.parent
LINK = re.compile(r"(?<!!)\[(?P<text>[^\]]*)\]\((?P<target>[^)\s#]+)(?P<anchor>#[^)\s]*)?\)")
WIDTH = 80  # columns of a command's help
ROLE = re.compile(r":(?:attr|class|data|exc|func|meth|mod):(?=<code>)")


def documents() -> list[Path]:
    """All documents of the repository, the README first."""
    return [
        ROOT / "README.md",
        *sorted({*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")} - {ROOT / "README.md"}),
    ]


def written(folder: Path) -> None:
    """Write all pages into ``folder``, which is made anew."""
    shutil.rmtree(folder, ignore_errors=True)
    own = {path.relative_to(ROOT).as_posix() for path in documents()}
    pages = {name: _linked((ROOT / name).read_text(encoding="utf-8"), name, own) for name in own}
    pages |= {"reference/commands.md": commands(), **dict(packages())}
    for name, text in pages.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    for picture in (ROOT / "docs").glob("*.png"):
        shutil.copyfile(picture, folder / "docs" / picture.name)


def _linked(text: str, name: str, own: set[str]) -> str:
    """A document whose links lead to pages of the site, or are none."""
    home = PurePosixPath(name).parent

    def followed(found: re.Match[str]) -> str:
        target = found["target"]
        if "://" in target or target.startswith("mailto:"):
            return found[0]
        there = normpath(home / target)
        if there in own:
            return found[0]
        page = _page_of(there)
        return f"[{found['text']}]({relpath(page, home)})" if page else found["text"]

    return LINK.sub(followed, text)


def _page_of(source: str) -> str | None:
    """The page that tells of a source file; None if there is none."""
    parts = PurePosixPath(source).parts
    if len(parts) < 2 or parts[0] != "sim" or not (ROOT / "sim" / parts[1] / "__init__.py").exists():
        return None
    return _page(parts[1])


def _page(package: str) -> str:
    return f"reference/packages/{package}.md"


def commands() -> str:
    """A page of all commands: the groups of ``brink --help``, and under each command its own help."""
    from click import Context

    from sim.commands.main import GROUPS, brink

    lines = ["# All commands", "", "What `brink COMMAND --help` says, command by command."]
    for title, group in GROUPS.items():
        lines += ["", f"## {title}"]
        for name in group:
            with Context(brink, info_name="brink") as above:
                command = brink.get_command(above, name)
                assert command is not None
                told = command.get_help(Context(command, above, name, terminal_width=WIDTH))
            lines += ["", f"### brink {name}", "", "```text", told, "```"]
    return "\n".join([*lines, ""])


def packages() -> Iterator[tuple[str, str]]:
    """A page for each package of the program: its modules and all that is public in them."""
    for package in sorted(path.parent for path in (ROOT / "sim").glob("*/__init__.py")):
        modules = [
            ".".join(path.relative_to(ROOT).with_suffix("").parts) for path in sorted(package.rglob("*.py"))
        ]
        blocks = [f"::: {module.removesuffix('.__init__')}" for module in modules]
        yield _page(package.name), "\n\n".join([f"# sim.{package.name}", *blocks, ""])
    yield "reference/sim.md", "# In Python: sim\n\n::: sim\n"


def on_page_content(html: str, **_: object) -> str:
    """For mkdocs: a page without the roles of Sphinx, which docstrings have before the names of things."""
    return ROLE.sub("", html)


if __name__ == "__main__":
    written(Path(sys.argv[1]))
