"""Small changes to a program, one at a time: each is a bug that a test should notice."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
TENTH_MORE = 1.1


@dataclass(frozen=True)
class Mutant:
    """A program with one change. ``name``: where, what was there, and what is there now."""

    name: str
    whole: str
    place: int

    @property
    def source(self) -> str:
        """The changed program."""
        tree = ast.parse(self.whole)
        target = list(ast.walk(tree))[self.place]
        changed = _changed(target)
        assert changed is not None
        target.__class__ = changed.__class__  # in its place, whoever holds it
        target.__dict__.clear()
        target.__dict__.update(changed.__dict__)
        return ast.unparse(ast.fix_missing_locations(tree))


def mutants(source: str) -> Iterator[Mutant]:
    """Every program that differs from ``source`` by one change of a condition, an operator or a number."""
    tree = ast.parse(source)
    homes = _homes(tree)
    for place, node in enumerate(ast.walk(tree)):
        changed = _changed(node)
        if changed is None:
            continue
        told = f"{homes.get(node, 'module')}: {ast.unparse(node)} -> {ast.unparse(changed)}"
        yield Mutant(told, source, place)


def _homes(tree: ast.Module) -> dict[ast.AST, str]:
    """The function or class that each part of a program stands in."""
    homes: dict[ast.AST, str] = {}
    for home in ast.walk(tree):
        if isinstance(home, ast.FunctionDef | ast.ClassDef):
            homes |= dict.fromkeys(ast.walk(home), home.name)
    return homes


def _changed(node: ast.AST) -> ast.AST | None:
    """The node, changed; None if there is nothing to change in it."""
    new = copy.deepcopy(node)
    if isinstance(new, ast.Compare) and type(new.ops[0]) in COMPARISONS:
        new.ops[0] = COMPARISONS[type(new.ops[0])]()
    elif isinstance(new, ast.BinOp) and type(new.op) in OPERATORS:
        new.op = OPERATORS[type(new.op)]()
    elif isinstance(new, ast.BoolOp):
        new.op = ast.Or() if isinstance(new.op, ast.And) else ast.And()
    elif isinstance(new, ast.UnaryOp) and isinstance(new.op, ast.Not | ast.USub):
        return new.operand
    elif isinstance(new, ast.IfExp):
        new.body, new.orelse = new.orelse, new.body
    elif isinstance(new, ast.Constant) and isinstance(new.value, int | float) and type(new.value) is not bool:
        new.value = new.value + 1 if isinstance(new.value, int) else new.value * TENTH_MORE + (not new.value)
    elif isinstance(new, ast.Constant) and isinstance(new.value, bool):
        new.value = not new.value
    else:
        return None
    return new
