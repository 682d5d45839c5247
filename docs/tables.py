"""Tables made from the code itself: every field of the schema, the vocabulary, outcomes, draws, what tests hold."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from types import NoneType
from typing import Any, get_args

from pydantic.fields import FieldInfo

from docs.marked import rows
from sim.results.observables import OBSERVED
from sim.rules import draws
from sim.scenario.lookup import NOT_IN_FILES, Declared, plain
from sim.scenario.outcome_words import outcome_words
from sim.scenario.tables import ScenarioTables
from sim.schema import actors, coefficients, fields, plans, signals
from sim.schema import claims as claim
from sim.schema import world as crisis
from sim.schema.fields import Table
from sim.schema.outcomes import TITLES, WARS, Outcome, OutcomeWords
from sim.schema.signals import Signal, ladder, shipped_vocabulary

TESTS = Path(__file__).parent.parent / "tests"
HEAD = ("key", "meaning", "unit", "default", "range", "source")
EFFECTS = ("posture", "commitment", *signals.WORLD_EFFECTS, "deaths")
ROLES = ("coercer", "target")  # what they weigh differently is told side by side
KINDS = {float: "number", int: "whole number", str: "text", bool: "true or false"}

# What the schema itself says nothing about, for it is plain there.
PLAIN = {
    "role": "its part in the crisis",
    "signals": "the vocabulary, a table a signal; what ships, unless changed or added to",
    "actors": "who takes part, a table an actor",
    "value": "what the study is run with",
    "low": "how low it could honestly be; the value if left out",
    "high": "how high it could honestly be; the value if left out",
}

# Where the fields of each table are keyed, in the order of the document.
PLACES: dict[str, tuple[tuple[str, type[Table]], ...]] = {
    "study": (("study", plans.StudyPlan),),
    "world": (("world", crisis.World),),
    "time": (("kept", crisis.Kept), ("clocks", crisis.Clocks)),
    "decisive": (("decisive", crisis.Decisive),),
    "belief": (("belief", crisis.Belief), ("fog", crisis.Fog)),
    "actors": (("actors.NAME", actors.Actor), ("actors.NAME.fog", actors.OwnFog)),
    "principals": (("actors.NAME", actors.Principal),),
    "third-parties": (("actors.NAME", actors.ThirdParty),),
    "signals": (("signals.NAME", Signal), ("signals.NAME.reaction", signals.Reaction)),
    "coefficients": tuple(
        (f"coefficients.{name}", field.annotation)
        for name, field in coefficients.Coefficients.model_fields.items()
        if isinstance(field.annotation, type) and name not in ROLES
    ),
    "file": (
        ("", ScenarioTables),
        ("script[]", plans.Scripted),
        ("outcomes.NAME", OutcomeWords),
        ("KEY", fields.Assumption),
    ),
    "arms": (("arms[]", claim.Arm),),
    "claim": (("claim", claim.Claim), ("claim.sweep", claim.Sweep)),
    "sweep": (("sweep", plans.SweepPlan),),
}


def tables() -> dict[str, str]:
    """Every table of the documents that needs no simulation, by its name."""
    found = {f"schema-{name}": _schema(name) for name in PLACES}
    return found | {
        "schema-roles": _roles(),
        "vocabulary": _vocabulary(),
        "effects": _effects(),
        "reactions": _reactions(),
        "outcomes": _outcomes(),
        "observables": _observables(),
        "draws": _draws(),
        "promises": _promises(),
    }


# The schema -----------------------------------------------------------------------------------


def _schema(name: str) -> str:
    return rows(HEAD, [line for where, kind in PLACES[name] for line in _fields(where, kind)])


def _fields(where: str, kind: type[Table]) -> Iterator[tuple[str, ...]]:
    """A row for each field that a table adds to what it is made from, but for tables inside it."""
    known = {name for base in kind.__bases__ for name in getattr(base, "model_fields", {})}
    for name, field in kind.model_fields.items():
        if name in known or _is_table(field) or (kind is ScenarioTables and name in NOT_IN_FILES):
            continue
        key = ".".join(part for part in (where, field.alias or name) if part)
        yield (f"`{key}`", field.description or PLAIN[name], *_about(field))


def _roles() -> str:
    """A row for each field that coercer and target both have, with the defaults of both."""
    body = []
    for name, field in coefficients.Coercer.model_fields.items():
        unit, default, allowed, source = _about(field)
        other = _default(coefficients.Target.model_fields[name])
        key = f"`coefficients.ROLE.{name}`"
        body.append((key, str(field.description), unit, default, other, allowed, source))
    return rows(("key", "meaning", "unit", "coercer", "target", "range", "source"), body)


def _is_table(field: FieldInfo) -> bool:
    return isinstance(field.annotation, type) and issubclass(field.annotation, Table)


def _about(field: FieldInfo) -> tuple[str, str, str, str]:
    """Unit, default, range and source."""
    extra: Any = field.json_schema_extra or {}
    limits = {
        name: limit
        for each in field.metadata
        for name in ("ge", "le")
        if (limit := getattr(each, name, None)) is not None
    }
    allowed = (
        f"{_grouped(limits['ge'])} to {_grouped(limits['le'])}"
        if len(limits) == 2
        else _kind(field.annotation)
    )
    return extra.get("unit", ""), _default(field), allowed, extra.get("source", "")


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "must be given"
    value = field.get_default(call_default_factory=True, validated_data={})
    if value is None or value in ("", (), {}):
        return "none" if value is None else ""
    return (
        str(value).lower()
        if isinstance(value, bool)
        else _grouped(value)
        if isinstance(value, int | float)
        else str(value)
    )


def _grouped(value: float) -> str:
    """A number in full, long ones with their thousands apart."""
    return f"{int(value):,}" if abs(value) >= 1e5 else plain(value)


def _kind(annotation: Any) -> str:
    """What may stand for a field that is no number with a range."""
    if annotation in KINDS:
        return KINDS[annotation]
    options = [each for each in get_args(annotation) if each not in (NoneType, ..., "")]
    if options and all(isinstance(each, str) for each in options):
        return ", ".join(options)
    if (
        len(options) == 1
        and isinstance(options[0], type)
        and issubclass(options[0], Table)
        and NoneType in get_args(annotation)
    ):
        return "table"
    name = Declared(annotation).kind
    return {dict: "table", tuple: "list"}.get(getattr(name, "__origin__", name), "date" if options else "")


# The vocabulary -------------------------------------------------------------------------------


def _shipped() -> dict[str, Signal]:
    vocabulary = {name: Signal.model_validate(table) for name, table in shipped_vocabulary().items()}
    return {name: vocabulary[name] for name in ladder(vocabulary)}


def _vocabulary() -> str:
    head = (
        "signal",
        "sent by",
        "class",
        "rung",
        "hostility",
        "pressure",
        "concession",
        "cost",
        "CAMEO",
        "Goldstein",
    )
    body = [
        (
            f"`{name}`", ", ".join(s.senders), s.class_, str(s.rung), plain(s.hostility), _none(s.pressure), _none(s.concession),
            _none(s.cost), s.cameo, "" if s.goldstein is None else plain(s.goldstein),
        )
        for name, s in _shipped().items()
    ]  # fmt: skip
    return rows(head, body)


def _effects() -> str:
    body = []
    for name, s in _shipped().items():
        moved = [f"{quantity} {value:+g}" for quantity in EFFECTS if (value := getattr(s, quantity))]
        needs = [f"{quantity} > {plain(least)}" for quantity, least in s.needs.items()]
        marks = [f"starts the {s.opens} clock"] * bool(s.opens) + ["is force"] * s.force
        marks += ["speaks out"] * s.speaks + ["takes sides"] * s.sided
        if s.decisive:
            marks.append(
                f"ends the crisis: {s.ends} (weighed as {s.decisive}, precedence {s.precedence}{_weights(s)})"
            )
        if moved or needs or marks:
            body.append((f"`{name}`", ", ".join(needs), ", ".join(moved), "; ".join(marks)))
    return rows(("signal", "needs", "adds", "and"), body)


def _weights(s: Signal) -> str:
    told = (
        ("prize", s.prize),
        ("certain cost", s.cost_certain),
        ("cost if resisted", s.cost_resisted),
        ("reluctance", s.reluctance),
    )
    return "".join(f", {name} {plain(value)}" for name, value in told if value)


def _reactions() -> str:
    """A row for each signal to which events move third parties."""
    terms = tuple(signals.Reaction.model_fields)
    told = [
        (name, tuple(_none(getattr(s.reaction, term)) for term in terms)) for name, s in _shipped().items()
    ]
    return rows(
        ("signal", *(f"`{term}`" for term in terms)),
        [(f"`{name}`", *cells) for name, cells in told if any(cells)],
    )


def _none(value: float) -> str:
    return plain(value) if value else ""


# Codes ----------------------------------------------------------------------------------------


def _outcomes() -> str:
    meaning = outcome_words()
    body = [
        (
            str(int(outcome)),
            f"`{outcome.name}`",
            TITLES[outcome.name],
            "yes" if outcome in WARS else "no",
            meaning[outcome.name].definition,
        )
        for outcome in Outcome
    ]
    return rows(("code", "name", "in tables", "war", "definition"), body)


def _observables() -> str:
    body = [
        (f"`{name}`", about.title, "share of runs" if about.share else about.unit, about.definition)
        for name, about in OBSERVED.items()
    ]
    return rows(("name", "in tables", "unit", "definition"), body)


def _draws() -> str:
    text = Path(draws.__file__).read_text(encoding="utf-8").split("FIRST_DAY")[0]
    purposes = re.findall(r"^([A-Z]+) = (\d+)  # (?:.+: )?\((.+)\)$", text, re.MULTILINE)
    assert len(purposes) == len(re.findall(r"^[A-Z]+ = \d+", text, re.MULTILINE)), "a purpose is not told"
    return rows(
        ("code", "purpose", "two draws for"), [(code, name.lower(), told) for name, code, told in purposes]
    )


def _promises() -> str:
    """What each file of tests holds, in its own first sentence."""
    body = []
    for path in sorted(TESTS.rglob("test_*.py")):
        told = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        where = path.relative_to(TESTS.parent).as_posix()
        body.append((" ".join(told.split("\n\n")[0].split()), f"[`{where}`](../{where})"))
    return rows(("what is held", "where"), body)
