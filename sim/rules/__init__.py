"""The rules of a day, each written once: small pure functions of numbers.

A rule is plain Python. The Mesa engine calls it as it stands; the batch engine has numba compile the
very same function. So a rule uses only + - × ÷, √, comparisons, whole-number arithmetic and other
rules, which give the same bits in CPython and in compiled code on every CPU. It draws no luck: draws
come in as arguments. It keeps no state and has no defaults. A number in brackets at the beginning of a
docstring is that of the equation in MODEL.md.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

RULES: list[Callable[..., object]] = []
F = TypeVar("F", bound=Callable[..., object])


def rule(function: F) -> F:
    """Mark a function as a rule, which the batch engine compiles; it is left as it is."""
    RULES.append(function)
    return function
