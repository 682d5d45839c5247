"""The shape of the code: imports point downward only, and each heavy library has one door."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import sim.commands.main

SIM = Path(sim.commands.main.__file__).parent

# From the top; what is not named here belongs to the studies, and a name that stands in no layer is `sim` itself.
FRONT, STUDIES, ENGINES, RULES, VOCABULARY = range(5)
LAYER = {
    **dict.fromkeys(["", "__main__", "cli", "commands"], FRONT),
    **dict.fromkeys(["batch", "mesa_engine", "plays", "tally"], ENGINES),
    "rules": RULES,
    **dict.fromkeys(
        [
            "actors", "arm_mistakes", "claim", "coefficients", "crisis", "declared", "errors", "mistakes", "register", "remembered", "scenario",
            "scenario_file", "schema", "schema_json", "shown", "signals", "sources", "stopping", "sweep_plan", "toml_file", "vary",
        ],
        VOCABULARY,
    ),
}  # fmt: skip

# Where alone a library may be imported: below sim, by the first part of the module's name.
DOORS = {
    "click": {"cli", "commands", "inclinations"},  # the last can be run by itself
    "rich": {"commands"},
    "mesa": {"mesa_engine"},
    "numba": {"batch"},
    "matplotlib": {"plots"},
}


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Every module of sim: its name below sim, dotted, and its source as a tree."""
    for file in sorted(SIM.rglob("*.py")):
        parts = file.relative_to(SIM).with_suffix("").parts
        yield ".".join(part for part in parts if part != "__init__"), ast.parse(file.read_text())


def imported(tree: ast.AST) -> Iterator[str]:
    """Dotted names that a module imports when it runs, in functions too; not those for type hints alone."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are written in full"
            yield from (f"{node.module}.{name.name}" for name in node.names)
        else:
            yield from imported(node)


def ours(names: Iterator[str]) -> Iterator[str]:
    """Of dotted names, the parts of sim that they lie in: ``rules`` of ``sim.rules.act.weight``."""
    for name in names:
        parts = name.split(".")
        if parts[0] == "sim":
            below = parts[1] if len(parts) > 1 else ""
            is_module = (SIM / below).is_dir() or (SIM / f"{below}.py").is_file()
            yield below if is_module else ""


def layer(part: str) -> int:
    return LAYER.get(part, STUDIES)


def edges() -> Iterator[tuple[str, str, str]]:
    """Who imports what of ours: (module, its part of sim, the part it imports)."""
    for module, tree in modules():
        for part in ours(imported(tree)):
            yield module, module.split(".")[0], part


def test_imports_point_downward_only() -> None:
    upward = [f"{module} imports {to}" for module, here, to in edges() if here and layer(to) < layer(here)]
    assert not upward


def test_the_two_engines_do_not_know_each_other() -> None:
    assert not [module for module, here, to in edges() if {here, to} == {"batch", "mesa_engine"}]


def test_rules_use_nothing_but_rules_vocabulary_and_plain_python() -> None:
    allowed = {"math", "enum", "typing", "collections", "__future__"}
    for module, tree in modules():
        if module.split(".")[0] == "rules":
            others = {name.split(".")[0] for name in imported(tree)} - {"sim"}
            assert others <= allowed, module


def test_the_vocabulary_needs_no_numbers_library() -> None:
    for module, tree in modules():
        if layer(module.split(".")[0]) == VOCABULARY:
            heavy = {name.split(".")[0] for name in imported(tree)} & {"numpy", "pandas", "scipy", "pyarrow"}
            assert not heavy, module


def test_each_heavy_library_has_one_door() -> None:
    for module, tree in modules():
        for name in imported(tree):
            library = name.split(".")[0]
            assert module.split(".")[0] in DOORS.get(library, {module.split(".")[0]}), (
                f"{module} imports {library}"
            )


def test_kernels_are_made_of_nothing_that_their_cache_does_not_know() -> None:
    """Scenarios and errors are for Python, which reads them afresh each time."""
    from sim.engines.batch.compiler import COMPILED

    known = {pattern.partition("/")[0].removesuffix(".py") for pattern in COMPILED}
    for module, here, to in edges():
        if here in known:
            assert to in known | {"scenario", "errors", "plays", "remembered", "sources"}, module


def test_the_product_never_imports_its_tests() -> None:
    for module, tree in modules():
        assert "tests" not in {name.split(".")[0] for name in imported(tree)}, module


def loaded_by(code: str) -> set[str]:
    """Names of the top-level modules that a fresh Python holds after ``code``."""
    script = f"{code}\nimport sys; print(*sorted({{name.partition('.')[0] for name in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(done.stdout.split("\n")[-2].split())


HEAVY = {"numpy", "numba", "mesa", "pandas", "pydantic", "matplotlib", "scipy", "pyarrow", "rich", "networkx"}


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
