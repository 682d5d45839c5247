"""Counted pairs as tables: shares with intervals, paired differences, the day and the act on which pairs part."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.compute.experiment import Piece
from sim.experiments.twins.counts import (
    ACTS,
    CELLS,
    ERROR_SCALE,
    ERRORS,
    REGRET_LEAST,
    REGRET_STEP,
    SCALE,
    SIGHTS,
    STRUCTURAL,
    WAR_CODES,
    Counts,
)
from sim.results.study import ends_of
from sim.scenario.scenario import Scenario
from sim.schema.outcomes import HEADLINES, WAR_NAMES, Outcome
from sim.statistics.differences import Difference, cell_bounds, mean, paired_proportions, variance_saved
from sim.statistics.proportions import Estimate, proportion

FOG_CELLS = ("made", "both", "prevented", "peace")
"""War in fog and in no unfogged run, in both, in the unfogged run alone, in neither."""
SPLIT = ("structural", "private", "misperception")
EXITS = ("kept", "missed", "false", "none")
NET = (*HEADLINES, *WAR_NAMES)
SIDES = ("target", "coercer", "both")
NEVER = -1  # the day of parting of a pair that does not part
ENDED = "ended"
Row = dict[str, Any]
Floats = NDArray[np.float64]


def tables_of(planned: Scenario, piece: Piece) -> dict[str, pd.DataFrame]:
    """The tables of a study's twins.

    twins:        quantity, item, count, n, value, low, high. Shares of all pairs: ``cell`` (miscalculated,
                  structural, prevented, peace) and ``exit`` (kept, missed, false, none); of structural wars:
                  ``structural`` (same, hastened, delayed, another). Paired differences, run less twin:
                  ``net``; by which P(war) changes if that side alone, or both, see clearly: ``one_sided``.
                  ``bound`` (low, high) of the miscalculated cell however luck were shared; ``saved``, how
                  many times as many runs independent seeds would need for each net; ``regret``, its mean by act.
                  The run beside its unfogged twin: ``fog_cell`` (made, both, prevented, peace by fog) and
                  ``fog_bound``. ``pattern``: sights in which there is war, joined by + ("none"). ``reroll``:
                  of wars, those whose re-roll is no war, and ``of_wars``, those which are miscalculated.
    split:        end, part, count, n, value, low, high: shares in each of SIGHTS, and their exact split
                  (structural + private + misperception = fogged, in every run)
    errors:       role, part, n, value, low, high: chance that a principal starts war, summed over the mornings
                  of a run; what its errors added on the day, and what they had taken_off
    parting:      cell, day, count: pairs whose histories first differ on that day, -1 for never
    parting_acts: cell, actor, signal, twin_signal, count: what was sent on that day and what the twin sent
    regret:       act, low_edge, high_edge, count
    """
    return {
        "twins": pd.DataFrame(_rows(piece)),
        "split": pd.DataFrame(_split(piece["sights"])),
        "errors": pd.DataFrame(_errors(piece)),
        "parting": _parting(planned, piece),
        "parting_acts": _parting_acts(planned, piece),
        "regret": _regret(piece),
    }


def _rows(piece: Piece) -> Iterator[Row]:
    joint: Counts = piece["sights"].sum(axis=1)
    n = int(joint.sum())
    for name, count in zip(CELLS, _four(joint, WAR_CODES), strict=True):
        yield _share("cell", name, proportion(count, n))
    for name, count in zip(EXITS, _exits(joint), strict=True):
        yield _share("exit", name, proportion(count, n))
    yield from _by_fog(piece)
    both = int(piece["structural"].sum())
    for name, count in zip(STRUCTURAL, piece["structural"].tolist(), strict=True):
        yield (
            _share("structural", name, proportion(count, both))
            if both
            else _number("structural", name, 0, np.nan)
        )
    for name in NET:
        codes = tuple(int(Outcome[end]) for end in ends_of(name))
        gained, _, lost, _ = _four(joint, codes)
        yield _difference("net", name, paired_proportions(gained, lost, n))
        count, twin = _margins(joint, codes)
        saved = variance_saved(gained, lost, count, twin, n)
        yield _number("saved", name, n, np.nan if saved is None else saved)
    wars, true_wars = _margins(joint, WAR_CODES)
    for name, value in zip(("low", "high"), cell_bounds(wars, true_wars, n), strict=True):
        yield _number("bound", name, n, value)
    for name, seeing in zip(SIDES, (piece["target"], piece["coercer"], joint), strict=True):
        gained, _, lost, _ = _four(seeing, WAR_CODES)
        yield _difference("one_sided", name, paired_proportions(lost, gained, n))
    for place, act in enumerate(ACTS):
        count = int(piece["regret"][place].sum())
        if count:
            total, squares = int(piece["regret_sum"][place]), int(piece["regret_squares"][place])
            found = mean(total, squares, count, scale=1 / SCALE)
            yield _difference("regret", act.name, found) | {"count": count}


def _by_fog(piece: Piece) -> Iterator[Row]:
    """War in the run beside war in its unfogged twin, in all three sights, and with other luck."""
    sights: Counts = piece["sights"]
    fog, n = sights.sum(axis=2), int(sights.sum())
    for name, count in zip(FOG_CELLS, _four(fog, WAR_CODES), strict=True):
        yield _share("fog_cell", name, proportion(count, n))
    wars, unfogged_wars = _margins(fog, WAR_CODES)
    for name, value in zip(("low", "high"), cell_bounds(wars, unfogged_wars, n), strict=True):
        yield _number("fog_bound", name, n, value)
    for pattern in product((True, False), repeat=len(SIGHTS)):
        name = "+".join(sight for sight, war in zip(SIGHTS, pattern, strict=True) if war) or "none"
        masks = [_is_war() == war for war in pattern]
        yield _share("pattern", name, proportion(int(sights[np.ix_(*masks)].sum()), n))
    spared, again, _, _ = _four(piece["reroll"], WAR_CODES)
    miscalculated = _four(sights.sum(axis=1), WAR_CODES)[0]
    for name, count in (("reroll", spared), ("of_wars", miscalculated)):
        yield (
            _share(name, "no war", proportion(count, spared + again))
            if spared + again
            else _number(name, "no war", 0, np.nan)
        )


def _is_war() -> NDArray[np.bool_]:
    return np.isin(np.arange(len(Outcome)), WAR_CODES)


def _split(sights: Counts) -> Iterator[Row]:
    """Each end's share in three sights, and what private information and misperception change, run by run."""
    n = int(sights.sum())
    fog, inferred = sights.sum(axis=2), sights.sum(axis=0)
    for name in NET:
        codes = tuple(int(Outcome[end]) for end in ends_of(name))
        fogged, unfogged = _margins(fog, codes)
        clear = _margins(inferred, codes)[1]
        shares = zip((*SIGHTS, SPLIT[0]), (fogged, unfogged, clear, clear), strict=True)
        for part, count in shares:
            yield _part(name, _share("", part, proportion(count, n)))
        for part, joint in zip(SPLIT[1:], (inferred, fog), strict=True):
            gained, _, lost, _ = _four(joint, codes)
            yield _part(name, _difference("", part, paired_proportions(gained, lost, n)))


def _part(end: str, row: Row) -> Row:
    return {"end": end, "part": row["item"]} | {
        name: row[name] for name in ("count", "n", "value", "low", "high")
    }


def _errors(piece: Piece) -> Iterator[Row]:
    """Per run and principal: the summed chance of war, and what error added to it and took off it."""
    n = int(piece["sights"].sum())
    for place, role in enumerate(("coercer", "target")):
        for part, name in enumerate(ERRORS):
            sums = int(piece["errors"][place, part]), int(piece["error_squares"][place, part])
            found = mean(*sums, n, scale=1 / ERROR_SCALE)
            ends = {each: getattr(found, each) for each in ("n", "value", "low", "high")}
            yield {"role": role, "part": name} | ends


def _four(joint: Counts, codes: tuple[int, ...]) -> tuple[int, int, int, int]:
    """Pairs with one of these outcomes in the run only, in both, in the twin only, in neither."""
    here = np.isin(np.arange(len(joint)), codes)
    masks = (here[:, None] & ~here, here[:, None] & here, ~here[:, None] & here, ~here[:, None] & ~here)
    only, both, twin, neither = (int(joint[mask].sum()) for mask in masks)
    return only, both, twin, neither


def _exits(joint: Counts) -> tuple[int, int, int, int]:
    false, kept, missed, none = _four(joint, (int(Outcome.exit),))
    return kept, missed, false, none


def _margins(joint: Counts, codes: tuple[int, ...]) -> tuple[int, int]:
    """How many runs, and how many twins, had one of these outcomes."""
    only, both, twin, _ = _four(joint, codes)
    return only + both, twin + both


def _share(quantity: str, item: str, estimate: Estimate) -> Row:
    return _row(quantity, item, estimate.count, estimate.n, estimate.rate, estimate.low, estimate.high)


def _difference(quantity: str, item: str, difference: Difference) -> Row:
    n = difference.n
    return _row(quantity, item, n, n, difference.value, difference.low, difference.high)


def _number(quantity: str, item: str, n: int, value: float) -> Row:
    """A number without an interval."""
    return _row(quantity, item, n, n, value, value, value)


def _row(quantity: str, item: str, count: int, n: int, value: float, low: float, high: float) -> Row:
    return {
        "quantity": quantity, "item": item, "count": count, "n": n, "value": value, "low": low, "high": high
    }  # fmt: skip


def _parting(planned: Scenario, piece: Piece) -> pd.DataFrame:
    counts: Counts = piece["parting_day"]
    cell, day = np.nonzero(counts)
    days = planned.study.days
    return pd.DataFrame(
        {
            "cell": np.array(CELLS, dtype=object)[cell],
            "day": np.where(day == days, NEVER, day).astype(np.int16),
            "count": counts[cell, day],
        }
    )


def _parting_acts(planned: Scenario, piece: Piece) -> pd.DataFrame:
    counts: Counts = piece["parting_act"]
    cell, actor, here, there = np.nonzero(counts)
    names = np.array([*planned.ladder, ENDED], dtype=object)
    found = pd.DataFrame(
        {
            "cell": np.array(CELLS, dtype=object)[cell],
            "actor": np.array(planned.seats, dtype=object)[actor],
            "signal": names[here],
            "twin_signal": names[there],
            "count": counts[cell, actor, here, there],
        }
    )
    order = ["cell", "count", "actor", "signal", "twin_signal"]
    return found.sort_values(order, ascending=[True, False, True, True, True], ignore_index=True)


def _regret(piece: Piece) -> pd.DataFrame:
    counts: Counts = piece["regret"]
    act, place = np.nonzero(counts)
    low = REGRET_LEAST + REGRET_STEP * place
    return pd.DataFrame(
        {
            "act": np.array([each.name for each in ACTS], dtype=object)[act],
            "low_edge": low.round(10),
            "high_edge": (low + REGRET_STEP).round(10),
            "count": counts[act, place],
        }
    )
