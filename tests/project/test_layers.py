"""The shape of the code: packages import downward only and never in a circle, and each heavy library has one door."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import sim
import sim.commands.main
from sim.engines.batch.compiler import COMPILED

SIM = Path(sim.__file__).parent

# What lies at the top beside the packages, and whom every module may import.
ANYBODY = {"errors", "text"}
TOP = {"", "__main__", *ANYBODY}
MOST_AT_THE_TOP = 5

# Who may import whom, beside itself and what anybody may.
MAY_IMPORT: Mapping[str, set[str]] = {
    "schema": set(),
    "scenario": {"schema"},
    "rules": {"schema"},
    "compute": set(),
    "engines": {"rules", "scenario", "compute", "schema"},
    "statistics": {"compute"},
    "results": {"engines", "statistics", "scenario", "schema", "compute", "rules"},
    "reports": {"results", "statistics", "scenario", "schema", "compute"},
    "figures": {"reports", "results", "statistics", "scenario", "schema", "compute"},
    "terminal": {"compute", "scenario", "reports", "schema", "engines"},
    "experiments": {
        "terminal", "figures", "reports", "results", "statistics", "engines", "compute", "rules", "scenario", "schema",
    },
    "app": {
        "experiments", "terminal", "figures", "reports", "results", "statistics", "engines", "compute", "rules",
        "scenario", "schema",
    },
    "commands": {
        "app", "experiments", "terminal", "figures", "reports", "results", "statistics", "engines", "compute", "rules",
        "scenario", "schema",
    },
}  # fmt: skip

COMMANDS = ("commands/*.py", "experiments/**/command.py")

# Where alone a library may be imported when the program runs.
DOORS: Mapping[str, tuple[str, ...]] = {
    "mesa": ("engines/mesa/*.py",),
    "numba": ("engines/batch/*.py",),
    "matplotlib": ("figures/*.py",),
    "click": (
        *COMMANDS,
        "terminal/*.py",
        "experiments/asking.py",  # what all of those commands do
    ),
    "rich": ("commands/*.py", "terminal/*.py"),
    "markdown_it": ("reports/html.py",),
    "networkx": (),
    "SALib": ("statistics/*.py",),
    "distributed": ("compute/*.py",),
    "starlette": ("app/*.py",),
    "uvicorn": ("app/*.py",),
    "jinja2": ("app/*.py",),
}
# Where a library may be named besides, for a type in a signature.
NAMED: Mapping[str, tuple[str, ...]] = {"matplotlib": ("experiments/**/figures.py",)}

# Why alone a function may import: names begin with these, or the module is one of those.
LATE_LIBRARIES: Mapping[str, str] = {
    "sim.figures": "matplotlib takes longer to import than a small study to run",
    "sim.engines.batch": "numba takes long to import",
    "sim.engines.mesa": "mesa takes long to import",
    "pandas": "its import is a fifth of a second",
    "pyarrow": "its import is a tenth of a second",
    "scipy": "its import is a tenth of a second",
    "dask": "only one executor needs it",
    "distributed": "only one executor needs it",
    "multiprocessing": "only one executor needs it",
    "concurrent.futures": "only one executor needs it",
    "markdown_it": "only a page that is mailed needs it",
    "sim.experiments.rare.splitting": "numba takes long to import",
    "sim.results.events": "pyarrow and numba take long to import",
    "rich": "only a terminal needs it",
}
LATE_MODULES: Mapping[str, str] = {
    "commands/*.py": "brink --help and completion import every command, and need nothing that a command does",
    "experiments/**/command.py": "the same",
    "experiments/asking.py": "what those commands do",
    "terminal/*.py": "options of those commands",
    "app/*.py": "the page is an extra",
    "__main__.py": "Ctrl-C is answered before anything else is imported",
    "text.py": "everybody imports it, few need all of it",
}


# What there is --------------------------------------------------------------------------------


@cache
def modules() -> dict[str, Path]:
    """Every module of sim: its dotted name below sim, and its file. The name of sim itself is empty."""
    found = {}
    for file in sorted(SIM.rglob("*.py")):
        parts = file.relative_to(SIM).with_suffix("").parts
        found[".".join(part for part in parts if part != "__init__")] = file
    return found


@cache
def tree(module: str) -> ast.Module:
    return ast.parse(modules()[module].read_text(encoding="utf-8"))


def imported(node: ast.AST) -> Iterator[str]:
    """Dotted names that a module imports when it runs, in functions too; not those for type hints alone."""
    for each in ast.iter_child_nodes(node):
        if isinstance(each, ast.If) and ast.unparse(each.test) == "TYPE_CHECKING":
            for other in each.orelse:
                yield from imported(other)
        elif isinstance(each, ast.Import):
            yield from (name.name for name in each.names)
        elif isinstance(each, ast.ImportFrom):
            assert each.level == 0, "imports are written in full"
            yield from (f"{each.module}.{name.name}" for name in each.names)
        else:
            yield from imported(each)


def ours(name: str) -> str | None:
    """The module of sim that a dotted name is of or lies in: ``rules.act`` of ``sim.rules.act.weight``."""
    head, *below = name.split(".")
    if head != "sim":
        return None
    while below and ".".join(below) not in modules():
        below.pop()
    return ".".join(below)


def package(module: str) -> str:
    return module.split(".")[0]


@cache
def graph() -> dict[str, set[str]]:
    """Which modules of sim each of them imports."""
    return {
        module: {to for name in imported(tree(module)) if (to := ours(name)) is not None} - {module}
        for module in modules()
    }


def libraries(module: str) -> set[str]:
    """First parts of all names that a module imports."""
    return {name.split(".")[0] for name in imported(tree(module))}


def lies_in(module: str, patterns: tuple[str, ...]) -> bool:
    return any(modules()[module] in SIM.glob(pattern) for pattern in patterns)


# Who knows whom -------------------------------------------------------------------------------


def test_every_module_lies_in_a_package_of_the_table() -> None:
    assert {package(module) for module in modules()} == TOP | MAY_IMPORT.keys()


def test_few_files_lie_at_the_top() -> None:
    assert len(list(SIM.glob("*.py"))) <= MOST_AT_THE_TOP


def test_packages_import_what_they_may() -> None:
    wrong = [
        f"{module} imports {to}"
        for module, found in graph().items()
        for to in found
        if package(module) in MAY_IMPORT
        and package(to) not in {package(module)} | ANYBODY | MAY_IMPORT[package(module)]
    ]
    assert not wrong


def test_what_anybody_may_import_imports_nothing_above_it() -> None:
    assert not [module for module in ANYBODY if graph()[module] - ANYBODY]


def test_what_packages_may_import_has_no_circle() -> None:
    tuple(TopologicalSorter(MAY_IMPORT).static_order())


def circle(edges: Mapping[str, set[str]]) -> list[str]:
    """Modules that import each other in a circle, the first again at the end; empty if there are none."""
    try:
        tuple(TopologicalSorter(edges).static_order())
    except CycleError as error:
        found: list[str] = error.args[1]
        return found[::-1]
    return []


def test_no_modules_import_each_other_in_a_circle() -> None:
    assert not circle(graph())


def test_a_circle_is_found() -> None:
    edges = {"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"a"}}
    assert circle(edges) in (["b", "c", "b"], ["c", "b", "c"])


def test_an_import_in_a_function_counts_and_one_for_types_does_not() -> None:
    source = (
        "import one\n"
        "if TYPE_CHECKING:\n    import two\n"
        "def called():\n    from three import four\n"
        "class C:\n    def m(self):\n        if self:\n            import five.six\n"
    )
    assert list(imported(ast.parse(source))) == ["one", "three.four", "five.six"]


def test_an_imported_name_is_traced_to_its_module() -> None:
    assert ours("sim.rules.act.weight") == "rules.act"
    assert ours("sim.rules.act") == "rules.act"
    assert ours("sim.load") == ""
    assert ours("numpy.linalg") is None


def imported_late(module: str) -> set[str]:
    """Modules whose import stands in a function of a module."""
    functions = (
        each for each in ast.walk(tree(module)) if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    found = set()
    for each in (part for function in functions for part in ast.walk(function)):
        if isinstance(each, ast.Import):
            found |= {name.name for name in each.names}
        elif isinstance(each, ast.ImportFrom):
            found.add(str(each.module))
    return found


def test_a_function_imports_only_for_a_reason_that_is_written_down() -> None:
    without = {
        f"{module}: {name}"
        for module in modules()
        if not lies_in(module, tuple(LATE_MODULES))
        for name in imported_late(module)
        if not f"{name}.".startswith(tuple(f"{heavy}." for heavy in LATE_LIBRARIES))
    }
    assert not without


def test_every_reason_for_a_late_import_is_needed() -> None:
    late = {name for module in modules() for name in imported_late(module)}
    assert {
        heavy for heavy in LATE_LIBRARIES if any(f"{name}.".startswith(f"{heavy}.") for name in late)
    } == set(LATE_LIBRARIES)
    assert all(any(imported_late(m) for m in modules() if lies_in(m, (pattern,))) for pattern in LATE_MODULES)


def test_the_two_engines_do_not_know_each_other() -> None:
    engines = ("engines.batch", "engines.mesa")
    for here, other in (engines, engines[::-1]):
        for module, found in graph().items():
            if module.startswith(here):
                assert not [to for to in found if to.startswith(other)], module


def test_rules_use_nothing_but_rules_vocabulary_and_plain_python() -> None:
    allowed = {"math", "enum", "typing", "collections", "__future__", "sim"}
    for module in modules():
        if package(module) == "rules":
            assert libraries(module) <= allowed, module


def test_the_vocabulary_needs_no_numbers_library() -> None:
    for module in modules():
        if package(module) in {"schema", "scenario", *ANYBODY}:
            assert not libraries(module) & {"numpy", "pandas", "scipy", "pyarrow"}, module


def test_kernels_are_made_of_nothing_that_their_cache_does_not_know() -> None:
    """Scenarios and errors are for Python, which reads them afresh each time."""
    read_in_python = {
        "errors",
        "scenario.scenario",
        "scenario.memo",
        "engines.branches",
        "compute.fingerprints",
    }
    known = {module for module in modules() if lies_in(module, COMPILED)}
    assert known > {"rules.act", "engines.batch.engine", "engines.tally", "schema.signals"}
    for module in known:
        assert graph()[module] <= known | read_in_python, module


def test_the_product_never_imports_its_tests() -> None:
    assert not [module for module in modules() if libraries(module) & {"tests", "docs"}]


# Heavy libraries ------------------------------------------------------------------------------


@pytest.mark.parametrize("library", DOORS)
def test_each_heavy_library_has_one_door(library: str) -> None:
    doors = DOORS[library] + NAMED.get(library, ())
    assert not [each for each in modules() if library in libraries(each) and not lies_in(each, doors)]


def test_every_door_is_one() -> None:
    for patterns in (*DOORS.values(), *NAMED.values()):
        assert all(list(SIM.glob(pattern)) for pattern in patterns)


@pytest.mark.parametrize("library", NAMED)
def test_where_a_library_is_but_named_its_names_stand_in_signatures_alone(library: str) -> None:
    for module in modules():
        if lies_in(module, NAMED[library]):
            names = {
                alias.asname or alias.name
                for node in ast.walk(tree(module))
                if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == library
                for alias in node.names
            }
            called = {
                node.func.id
                for node in ast.walk(tree(module))
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            }
            assert not names & called, module
            assert not [name for name in imported(tree(module)) if name == library], module


def loaded_by(code: str) -> set[str]:
    """Names of the top-level modules that a fresh Python holds after ``code``."""
    script = f"{code}\nimport sys; print(*sorted({{name.partition('.')[0] for name in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(done.stdout.split("\n")[-2].split())


HEAVY = {
    "numpy",
    "numba",
    "mesa",
    "pandas",
    "pydantic",
    "matplotlib",
    "scipy",
    "pyarrow",
    "rich",
    "networkx",
    "markdown_it",
}


def test_help_loads_nothing_heavy() -> None:
    command = "from sim.commands.main import brink\ntry: brink.main(['--help'])\nexcept SystemExit: pass"
    loaded = loaded_by(command)
    assert "click" in loaded
    assert not loaded & HEAVY


def test_help_of_each_command_loads_nothing_heavy() -> None:
    calls = "\n".join(
        f"try: brink.main(['{name}', '--help'])\nexcept SystemExit: pass"
        for name in sim.commands.main.COMMANDS
    )
    assert not loaded_by(f"from sim.commands.main import brink\n{calls}") & HEAVY


def test_check_loads_pydantic_and_nothing_heavier() -> None:
    command = "from sim.commands.main import brink\ntry: brink.main(['check', 'scenarios/standoff.toml'])\nexcept SystemExit: pass"
    assert loaded_by(command) & HEAVY == {"pydantic"}


def test_sim_itself_loads_nothing_heavy() -> None:
    assert not loaded_by("import sim") & HEAVY
