"""Arms of a study, and a claim that is put to them: tables of a scenario file."""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args

from pydantic import Field, StringConstraints

from sim.schema.fields import Table, text

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Mark = Literal["assumed", "conditional", "emergent"]
Expect = Literal["higher", "lower", "none"]

Observable = Literal[
    "war",
    "raid",
    "invasion",
    "attack",
    "loss_of_control",
    "limited_force",
    "exit",
    "settlement",
    "deescalation",
    "standoff",
    "miscalculated",
    "prevented",
    "missed_exit",
    "false_exit",
    "wrong_exit",
    "deaths",
    "hardship",
    "days",
    "peak_level",
    "belief_error",
]
"""What is observed of a run beside its clear-sighted twin; :mod:`sim.results.observables` says how."""


NAMES: tuple[Observable, ...] = get_args(Observable)
COMPARED: tuple[Observable, ...] = ("war", "miscalculated", "exit", "settlement")
"""What comparisons tell first: war, war that misreading made, and the other ends before the horizon."""


MOST_ARMS = 64
MOST_VALUES = 32


class Arm(Table):
    """One variant of the scenario. All arms share all luck, run by run."""

    name: Name = Field(description="how it is called in tables and by a claim")
    title: str = text("", "how it is called for people")
    set: dict[str, Any] = Field(
        default_factory=dict, description="what differs from the scenario, in tables like its own"
    )

    @property
    def label(self) -> str:
        """Its title, or else its name as words."""
        return self.title or self.name.replace("_", " ")


class Sweep(Table):
    """Numbers moved together through values, to find where the sign of an effect flips."""

    what: str = text("", "what is moved, in words")
    keys: tuple[str, ...] = Field(
        min_length=1, max_length=8, strict=False, description="dotted keys of numbers that no arm sets"
    )
    values: tuple[float, ...] = Field(
        min_length=2, max_length=MOST_VALUES, strict=False, description="values that all of them take, rising"
    )


class Claim(Table):
    """What somebody says of the crisis, as a difference between arms that can be measured."""

    says: str = Field(min_length=1, max_length=500, description="the claim, as one sentence")
    source: str = text("", "who says it, and where")
    mark: Mark = Field(
        description="how far the model decides the sign: assumed (built in), conditional (built in only given a "
        "number), emergent (not built in)"
    )
    primary: Observable = Field(description="the quantity that the claim is judged by")
    expect: Expect = Field(
        description="what the claim says of it in the second arm of a contrast against the first; none: a finding"
    )
    contrasts: tuple[Annotated[tuple[str, str], Field(strict=False)], ...] = Field(
        (),
        strict=False,
        description="pairs of arms, from and to; the claim is judged by the first pair. Left out: the first two arms",
    )
    beside: dict[Observable, Literal["higher", "lower"]] = Field(
        default_factory=dict,
        description="what the claim says of further quantities; the verdict is then on all of them together",
    )
    also: tuple[Observable, ...] = Field((), strict=False, description="other quantities to report")
    sweep: Sweep | None = Field(None, description="where the sign of the first contrast flips")

    @property
    def quantities(self) -> tuple[Observable, ...]:
        """All that is reported of a contrast: what it is judged by first."""
        return tuple(dict.fromkeys((self.primary, *self.beside, *self.also)))
