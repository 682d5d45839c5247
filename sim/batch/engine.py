"""The batch engine: many runs of one scenario, LANES at a time, compiled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.batch.acting import (
    change_senders,
    change_world,
    count_killed,
    give_precedence,
    look_up_marks,
    strike_luck,
    wind_clocks,
)
from sim.batch.choosing import choose_coercer, choose_target, choose_third_party, draw_choice
from sim.batch.compiler import entry, kernel
from sim.batch.counting import close_rows, count_day, end_day
from sim.batch.lanes import BELIEF, LANES, ROW, SHARED, STATE, VARIANCE, buffer_size
from sim.batch.numbers import Numbers, Tables, actor_order, numbers, tables
from sim.batch.perceiving import adjust_lanes, perceive_lanes, start_lanes
from sim.errors import ScenarioError
from sim.rules import end
from sim.scenario import Scenario
from sim.tally import ROW_TYPES, Batch, Rows, Tally, sampled

ALIVE, PEAK, LEVEL = ROW["alive"], ROW["peak_level"], ROW["level"]
POSTURE_C, COMMITMENT_C = ROW["posture.coercer"], ROW["commitment.coercer"]
POSTURE_T, COMMITMENT_T = ROW["posture.target"], ROW["commitment.target"]
DAY_0 = SHARED[: SHARED.index("offer")]  # the rows that begin as the scenario's world has them
N_DAY_0 = len(DAY_0)
N_STATE = len(STATE)
WHOLE_ROWS = [name for name, kind in ROW_TYPES.items() if not issubclass(kind, np.floating)]
REAL_ROWS = [name for name, kind in ROW_TYPES.items() if issubclass(kind, np.floating)]


@kernel
def reset(s: Any, me_coercer: Any, me_target: Any, world: Any, used: Any) -> None:
    """Day 0 in all lanes; those beyond ``used`` are not counted."""
    for i in range(s.shape[0]):
        s[i] = 0.0
    for q in range(N_DAY_0):
        for l in range(LANES):
            s[q * LANES + l] = world[q]
    for l in range(LANES):
        s[ALIVE + l] = 1.0 if l < used else 0.0
        s[PEAK + l] = world[N_DAY_0 - 1]
        s[POSTURE_C + l] = me_coercer.posture
        s[COMMITMENT_C + l] = me_coercer.commitment
        s[POSTURE_T + l] = me_target.posture
        s[COMMITMENT_T + l] = me_target.commitment


@kernel
def follow_script(s: Any, acts: Any, day: Any, script: Any, needs: Any, least: Any, refused: Any) -> Any:
    """Force the day's scripted signals. True if one cannot be sent: ``refused`` then says which entry, lane and need."""
    for e in range(script.shape[0]):
        if script[e, 0] == day:
            actor, signal = script[e, 1], script[e, 2]
            for l in range(LANES):
                acts[actor * LANES + l] = signal
                for n in range(needs.shape[2]):
                    row = needs[actor, signal, n]
                    if row >= 0 and s[ALIVE + l] > 0.0 and not s[row + l] > least[signal, n]:
                        refused[0], refused[1], refused[2], refused[3] = e, l, n, s[row + l]
                        return True
    return False


@kernel
def record_day(s: Any, acts: Any, actors: Any, out: Any) -> None:
    """Copy the whole state: the rows of STATE, then signal, belief and variance of each actor."""
    for q in range(N_STATE):
        for l in range(LANES):
            out[q, l] = s[q * LANES + l]
    for actor in range(actors):
        for l in range(LANES):
            out[N_STATE + 3 * actor, l] = float(acts[actor * LANES + l])
            out[N_STATE + 3 * actor + 1, l] = s[BELIEF + actor * LANES + l]
            out[N_STATE + 3 * actor + 2, l] = s[VARIANCE + actor * LANES + l]


@entry
def run_blocks(
    seed: Any, first: Any, count: Any, days: Any, k: Any, world: Any, hold: Any,
    signals: Any, interests: Any, marks: Any, effects: Any, active: Any, deaths: Any, certain: Any, repertoire: Any,
    decisive: Any, decision: Any, inclination: Any, needs: Any, least: Any, fogs: Any, observers: Any, seats: Any,
    in_seat_order: Any, kept: Any, rests: Any, script: Any,
    whole: Any, real: Any, ongoing: Any, level: Any, error: Any, ended: Any, sent: Any, sums: Any,
    history: Any, refused: Any, size: Any,
) -> Any:  # fmt: skip
    """Play runs ``first`` to ``first + count - 1``, block by block; False if a script cannot be followed."""
    actors = seats.shape[0]
    s = np.empty(size)
    acts = np.empty(actors * LANES, np.int64)
    place = np.empty(2, np.int64)
    setting = (k.world.outreach, fogs[1, 3], k.world.readout_share, k.world.immunity)
    for p in range(actors):
        if in_seat_order[p] < 2:
            place[in_seat_order[p]] = p
    for block in range((count + LANES - 1) // LANES):
        row = block * LANES
        run = first + row
        reset(s, k.me_coercer, k.me_target, world, count - row)
        start_lanes(
            s, k.adjustment, k.me_coercer, k.me_target, k.world.framework, k.belief.variance, fogs, observers, seats,
            seed, run,
        )  # fmt: skip
        for day in range(days):
            draw_choice(s, seed, run, day, seats[0])
            choose_coercer(
                s, acts, k.coercer, k.assault, k.me_coercer, signals[0], repertoire[0], decisive[0], inclination[0],
                needs[0], least, observers[0, 2], k.decisive, k.shared.echo, k.world.scrutiny,
            )  # fmt: skip
            draw_choice(s, seed, run, day, seats[1])
            choose_target(
                s, acts, k.target, k.exit, k.me_target, signals[1], repertoire[1], decisive[1], decision, inclination[1],
                needs[1], least, observers[1, 2], k.decisive, k.shared.echo, setting,
            )  # fmt: skip
            for actor in range(2, actors):
                draw_choice(s, seed, run, day, seats[actor])
                choose_third_party(
                    s, acts, actor, signals[1], interests, repertoire[actor], inclination[actor], needs[actor], least,
                    observers[actor, 2], observers[actor, 3],
                )  # fmt: skip
            if follow_script(s, acts, day, script, needs, least, refused):
                refused[1] += run
                return False
            give_precedence(acts, marks, hold)
            look_up_marks(s, acts, marks)
            count_killed(s, acts, deaths, certain, in_seat_order, seats, seed, run, day)
            wind_clocks(s, k.clocks)
            change_world(
                s, acts, effects, active, in_seat_order, kept, rests, k.kept.tempo, k.conduct.tempo_cap
            )
            change_senders(s, k.kept, k.conduct.bluff_commitment)
            strike_luck(s, k.chance, k.world, seed, run, day)
            perceive_lanes(
                s,
                k.perception,
                k.belief,
                k.world.readout_share,
                k.world.leak_distortion,
                fogs,
                observers,
                seats,
                seed,
                run,
                day,
            )
            adjust_lanes(s, k.adjustment, k.me_coercer, k.me_target)
            last = day == days - 1
            end_day(s, k.chance, k.ending.deescalation_level, last)
            count_day(s, acts, day, in_seat_order, ongoing, level, error, sent, sums)
            if history.shape[0] > 0:
                record_day(s, acts, actors, history[block, day])
            alive = close_rows(s, day, last, row, place[0], place[1], whole, real, ended)
            if alive == 0 and history.shape[0] == 0:
                break
    return True


@dataclass(frozen=True)
class Program:
    """A scenario made ready for the compiled engine; may be shared between threads."""

    scenario: Scenario
    numbers: Numbers
    tables: Tables
    world: NDArray[np.float64]

    @classmethod
    def of(cls, scenario: Scenario) -> Program:
        """The program of a scenario."""
        world = np.array([getattr(scenario.world, name) for name in DAY_0], dtype=np.float64)
        return cls(scenario, numbers(scenario), tables(scenario, ROW), world)

    def compile(self) -> None:
        """Compile the kernels in this thread, which Ctrl-C can stop; without it, the first call does."""
        self.simulate(0, 0, 1, 1)

    def simulate(self, seed: int, first: int, count: int, days: int) -> Batch:
        """Runs ``first`` to ``first + count - 1``: their rows, and their tally.

        Raises ScenarioError if a script asks for a signal that cannot be sent on its day.
        """
        batch, _ = self._play(seed, first, count, days, keep=False)
        return batch

    def history(self, seed: int, first: int, count: int, days: int) -> dict[str, NDArray[np.float64]]:
        """The whole state at the end of each day: (days, count) float64 by name; goes on after an end.

        Rows of the standard Mesa model's ``state()``; a run that has ended is simulated on as if it had not.
        """
        _, raw = self._play(seed, first, count, days, keep=True)
        by_run = raw.transpose(1, 2, 0, 3).reshape(days, raw.shape[2], -1)[:, :, :count]
        names = [*STATE]
        for actor in actor_order(self.scenario):
            names += [f"signal.{actor}", f"belief.{actor}", f"variance.{actor}"]
        return {name: by_run[:, index] for index, name in enumerate(names)}

    def levels(self, seed: int, count: int, days: int) -> pd.DataFrame:
        """Run, day and level of the first runs; a run that has ended goes on reading 10 or 0."""
        batch, _ = self._play(seed, 0, count, days, keep=False)
        level = self.history(seed, 0, count, days)["level"].T.copy()
        ends = zip(batch.rows["end_day"], batch.rows["outcome"], strict=True)
        for run, (day, outcome) in enumerate(ends):
            if day >= 0:
                level[run, day:] = end.level_after(0.0, float(outcome))
        return sampled(level)

    def _play(
        self, seed: int, first: int, count: int, days: int, keep: bool
    ) -> tuple[Batch, NDArray[np.float64]]:
        actors, t = len(self.scenario.actors), self.tables
        tally = Tally.empty(self.scenario, days)
        whole = np.zeros((len(WHOLE_ROWS), count), np.int64)
        real = np.zeros((len(REAL_ROWS), count))
        blocks = -(-count // LANES) if keep else 0
        history = np.zeros((blocks, days, N_STATE + 3 * actors, LANES))
        refused = np.zeros(4)
        hold = self.scenario.ladder.index("hold")
        done = run_blocks(
            seed, first, count, days, self.numbers, self.world, hold, *t, whole, real, tally.ongoing, tally.level, tally.error,
            tally.ended, tally.signals, tally.sums, history, refused, buffer_size(len(self.scenario.signals)),
        )  # fmt: skip
        if not done:
            raise self._first_refusal(seed, first, days, refused)
        rows: Rows = {name: whole[i].astype(ROW_TYPES[name]) for i, name in enumerate(WHOLE_ROWS)}
        rows |= {name: real[i] for i, name in enumerate(REAL_ROWS)}
        return Batch(first, count, {name: rows[name] for name in ROW_TYPES}, tally), history

    def _first_refusal(self, seed: int, first: int, days: int, refused: NDArray[np.float64]) -> ScenarioError:
        """The refusal of the lowest run, whatever day it comes on: lanes meet theirs day by day."""
        run = int(refused[1])
        for lower in range(run - (run - first) % LANES, run):
            try:
                self.simulate(seed, lower, 1, days)
            except ScenarioError as error:
                return error
        entry_ = self.tables.script[int(refused[0])]
        actor = actor_order(self.scenario)[int(entry_[1])]
        signal = self.scenario.ladder[int(entry_[2])]
        quantity = list(self.scenario.signals[signal].needs)[int(refused[2])]
        return self.scenario.cannot_send(int(entry_[0]), actor, signal, quantity, float(refused[3]), run)
