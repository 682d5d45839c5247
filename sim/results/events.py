"""The event log of a study: what each actor sent on each day of the first runs, and what it believed, felt and held.

A row a run, day and actor, in that order; a run has rows up to the day on which it ended. The runs are played again by
the batch engine, whose whole state is kept, a few at a time: each such piece is a group of rows of the Parquet file, so
that memory does not grow with the runs, and the bytes do not depend on who computes or in how many goes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compute.files import cleared
from sim.engines.batch.engine import Program
from sim.results.rows import COMPRESSION
from sim.rules import choose, draws, perceive
from sim.scenario.scenario import Scenario
from sim.schema.outcomes import Outcome

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

EVENTS = "events"
"""The table of events, kept in events.parquet."""

MOST_RUNS, MOST_ROWS = 64, 65_536
"""Runs in a piece at most: as many as the batch engine plays at once; and rows, if that is fewer runs."""

States = Mapping[str, NDArray[np.float64]]
Column = NDArray[Any]
Principals = Literal["coercer", "target"]


class About(NamedTuple):
    """A column of the event log: its name, Arrow type, unit ("" if it has none) and what it says."""

    name: str
    type: str
    unit: str
    meaning: str


COLUMNS = (
    About("run", "int64", "", "number of the run, from 0"),
    About("day", "int32", "days", "day of the crisis, from 0"),
    About("date", "date32", "", "the same on the calendar; missing if the scenario has no start"),
    About("actor", "string", "", "who sent the signal"),
    About("role", "string", "", "coercer, target or third"),
    About("signal", "string", "", "what it sent that day; hold if nothing that is seen"),
    About("class", "string", "", "how it was sent: quiet, verbal, material, private or economic"),
    About("hostility", "double", "hostility", "h of the signal, -1 to 1: what it means"),
    About("felt", "double", "hostility", "how hostile the rival felt the day to be, -1 to 1; principals only"),
    About("cameo", "string", "", 'CAMEO event code of the signal; "" if it has none'),
    About("goldstein", "double", "Goldstein", "Goldstein (1992) weight, -10 to 10; missing if the signal has none"),
    About("deaths", "double", "deaths", "killed that day by what the actor sent"),
    About("resolve", "double", "resolve", "θ, 0 to 1: its own, in the evening; this and the next: principals only"),
    About("appetite", "double", "utility", "η: its own liking for force"),
    About("belief", "double", "resolve", "μ: what it believes of its rival's resolve"),
    About("variance", "double", "resolve²", "v: how unsure it is of that"),
    About("appetite_belief", "double", "utility", "what it believes of its rival's appetite"),
    About("appetite_variance", "double", "utility²", "w: how unsure it is of that"),
    About("fear", "double", "share", "ν, 0 to 1: chance, as it sees it, that its rival goes to war soon"),
    About("mood", "double", "hostility", "m, 0 to 1: how hostile it has lately felt its rival to be"),
    About("fatigue", "double", "share", "f, 0 to 1: how far hope is worn out"),
    About("commitment", "double", "commitment", "c, 0 to 1: what it has publicly staked"),
    About("credibility", "double", "credibility", "k, 0 to 1: how far its word is taken"),
    About("posture", "double", "posture", "p, 0 to 1: forces in place"),
    About("stance", "double", "stance", "a, -1 to 1: whose side it is on; third parties only"),
    About("tension", "double", "share", "A, 0 to 1: tension in the evening; this and the next: the same for all actors"),
    About("demand", "double", "share", "d, 0 to 1: share of what is at stake that the coercer demands"),
    About("tender", "double", "share", "o, 0 to 1: share of what is at stake that the target would give"),
    About("incident", "bool", "", "whether there was an incident that day"),
    About("outcome", "string", "", 'on the last day of a run what it came to, else ""'),
)  # fmt: skip
"""The columns, in order. Quantities are those of the evening, after all that happened on the day."""

OF_PRINCIPALS = (
    *("resolve", "appetite", "belief", "variance", "appetite_belief", "appetite_variance", "fear", "mood", "fatigue"),
    *("commitment", "credibility", "posture"),
)  # fmt: skip
OF_THE_WORLD = ("tension", "demand", "tender")


# Pieces --------------------------------------------------------------------------------------


def piece_size(scenario: Scenario) -> int:
    """How many runs are in a group of rows."""
    return max(1, min(MOST_RUNS, MOST_ROWS // (scenario.study.days * len(scenario.actors))))


def events_of(scenario: Scenario, first: int, count: int) -> pa.Table:
    """The events of runs ``first`` to ``first + count - 1`` of a scenario's study plan, with the columns of COLUMNS."""
    import pyarrow as pa

    own, program = scenario.study, Program.of(scenario)
    ends = program.simulate(own.seed, first, count, own.days).rows
    states = program.history(own.seed, first, count, own.days)
    ended = ends["end_day"].astype(np.int64)
    last = np.where(ended < 0, own.days - 1, ended)
    there = np.arange(own.days) <= last[:, None]  # (runs, days)
    whose = [_of_actor(scenario, actor, states, first, there) for actor in scenario.seats]
    run, day = np.nonzero(there)
    shared = _shared(scenario, states, run, day) | {
        "run": run + first,
        "outcome": np.where(day == last[run], _names()[ends["outcome"]][run], ""),
    }
    arrays = {
        about.name: np.repeat(shared[about.name], len(whose))
        if about.name in shared
        else np.column_stack([each[about.name] for each in whose]).ravel()
        for about in COLUMNS
    }
    return pa.table(
        {
            about.name: pa.array(arrays[about.name], getattr(pa, _maker(about))(), from_pandas=True)
            for about in COLUMNS
        }
    )


def _maker(about: About) -> str:
    """The function of Arrow that makes a type."""
    return {"double": "float64", "bool": "bool_"}.get(about.type, about.type)


def _names() -> Column:
    return np.array([outcome.name for outcome in Outcome], dtype=object)


def _shared(scenario: Scenario, states: States, run: Column, day: Column) -> dict[str, Column]:
    """What is the same for all actors, a value a run and day."""
    start = scenario.start
    dates = [start + timedelta(days=each) if start else None for each in range(scenario.study.days)]
    found = {
        "day": day,
        "date": np.array(dates, dtype=object)[day],
        "incident": states["incident"][day, run] > 0,
    }
    return found | {name: states[name][day, run] for name in OF_THE_WORLD}


def _of_actor(
    scenario: Scenario, actor: str, states: States, first: int, there: NDArray[np.bool_]
) -> dict[str, Column]:
    """What is an actor's own, a value a run and day."""
    run, day = np.nonzero(there)
    role = scenario.actors[actor].role
    sent = states[f"signal.{actor}"][day, run].astype(np.int64)
    nothing = np.full(len(run), np.nan)
    found = {
        "actor": np.full(len(run), actor, dtype=object),
        "role": np.full(len(run), role, dtype=object),
        "stance": states[f"stance.{actor}"][day, run] if role == "third" else nothing,
        "felt": nothing if role == "third" else _felt(scenario, role, states, sent, run, day),
        "deaths": _killed(scenario, actor, sent, run + first, day),
    }
    for name in OF_PRINCIPALS:
        found[name] = nothing if role == "third" else states[f"{name}.{role}"][day, run]
    return found | {name: values[sent] for name, values in _vocabulary(scenario).items()}


def _vocabulary(scenario: Scenario) -> dict[str, Column]:
    """What is so of a signal, by its place on the ladder."""
    signals = [scenario.signals[name] for name in scenario.ladder]
    return {
        "signal": np.array(scenario.ladder, dtype=object),
        "class": np.array([signal.class_ for signal in signals], dtype=object),
        "cameo": np.array([signal.cameo for signal in signals], dtype=object),
        "hostility": np.array([signal.hostility for signal in signals]),
        "goldstein": np.array([np.nan if s.goldstein is None else s.goldstein for s in signals]),
    }


def _felt(
    scenario: Scenario, role: Principals, states: States, sent: Column, run: Column, day: Column
) -> NDArray[np.float64]:
    """How hostile the rival of a principal felt its days to be: equations (32) and (35), on the evening's state."""
    rival: Principals = "target" if role == "coercer" else "coercer"
    fog, k = scenario.fog_of(rival), scenario.coefficients
    suspicion = scenario.principal(rival).suspicion
    signals = [scenario.signals[name] for name in scenario.ladder]
    tempo, framework, mediation, incident = (
        states[name][day, run].tolist() for name in ("tempo", "framework", "mediation", "incident")
    )
    inconsistency = states[f"inconsistency.{role}"][day, run].tolist()
    found = np.empty(len(sent))
    for i, place in enumerate(sent.tolist()):
        signal = signals[place]
        known = choose.read_out(k.perception, scenario.world.readout_share, mediation[i])
        loss = perceive.lost(k.perception, fog, signal.kind, tempo[i], inconsistency[i], known)
        through = perceive.evidence(k.perception, fog, framework[i], loss)
        found[i] = perceive.felt(k.feeling, fog, signal.hostility, through, suspicion, incident[i] > 0.0)
    return found


def _killed(scenario: Scenario, actor: str, sent: Column, run: Column, day: Column) -> NDArray[np.float64]:
    """Killed by what an actor sent: the mean for certain by an act of war, else the day's draw."""
    seed, seat = scenario.study.seed, scenario.actors[actor].seat
    signals = [scenario.signals[name] for name in scenario.ladder]
    found = np.zeros(len(sent))
    for i in np.flatnonzero(np.array([signal.deaths for signal in signals])[sent]).tolist():
        signal = signals[sent[i]]
        draw, _ = draws.uniforms(seed, int(run[i]), int(day[i]), seat, draws.DEATHS, 0, draws.TRUNK)
        found[i] = signal.deaths if signal.decisive else draws.poisson(signal.deaths, draw)
    return found


# Files ---------------------------------------------------------------------------------------


def pieces(scenario: Scenario, runs: int, first: int = 0) -> Iterator[pa.Table]:
    """The events of the first ``runs`` runs, a piece at a time, from run ``first`` on, with which a piece begins."""
    size = piece_size(scenario)
    for begin in range(first, runs, size):
        yield events_of(scenario, begin, min(size, runs - begin))


def events_table(scenario: Scenario, runs: int) -> pd.DataFrame:
    """The events of the first ``runs`` runs in memory."""
    import pyarrow as pa

    table: pd.DataFrame = pa.concat_tables(pieces(scenario, runs)).to_pandas()
    return table


def write_events(path: Path, scenario: Scenario, runs: int, old: Path | None = None, there: int = 0) -> Path:
    """Write the events of the first ``runs`` runs; what file ``old`` has of its ``there`` runs is not computed again."""
    path.parent.mkdir(parents=True, exist_ok=True)
    writer: Any = None
    with cleared(path).open("xb") as file:
        try:
            for piece in _old_and_new(scenario, runs, old, there):
                writer = writer or _writer(file, piece)
                writer.write_table(piece.combine_chunks(), row_group_size=len(piece))
            writer.close()
        finally:
            if writer is not None and writer.is_open:  # what went wrong first is what is told
                with suppress(OSError):
                    writer.close()
                writer.is_open = False
    return path


def _writer(file: Any, piece: pa.Table) -> Any:
    import pyarrow.parquet as pq

    return pq.ParquetWriter(file, piece.schema, compression=COMPRESSION)


def _old_and_new(scenario: Scenario, runs: int, old: Path | None, there: int) -> Iterator[pa.Table]:
    """The pieces: those of the old file that are whole, then new ones."""
    import pyarrow.parquet as pq

    size = piece_size(scenario)
    whole = min(there, runs) // size if old else 0
    if old and whole:
        with pq.ParquetFile(old) as file:
            for group in range(whole):
                yield file.read_row_group(group)
    yield from pieces(scenario, runs, whole * size)
