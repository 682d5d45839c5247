"""The batch engine: many runs of one scenario, LANES at a time, compiled."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.engines.batch.choice import (
    choose_ordinary,
    draw_choice,
    look_out,
    reach_out,
    weigh_classes,
    weigh_signals,
)
from sim.engines.batch.compiler import entry, kernel
from sim.engines.batch.decisions import settle, weigh_decisions
from sim.engines.batch.effects import (
    agree,
    change_world,
    count_killed,
    give_precedence,
    hear,
    heat,
    look_up_marks,
    move_terms,
    strike_luck,
    sum_effects,
    turn,
    wind_clocks,
)
from sim.engines.batch.hazards import (
    note_chances,
    note_errors,
    note_menace,
    note_true_chances,
    note_urges,
    see_truly,
    someone_fights,
    weigh_control,
    weigh_war,
)
from sim.engines.batch.inference import expect_signals, fear_war
from sim.engines.batch.lanes import (
    LANES,
    OWN_SIZE,
    ROW,
    SHARED,
    STANCE,
    STATE,
    buffer_size,
    places,
    put_back,
    take_part,
)
from sim.engines.batch.parameters import MARK, Numbers, Tables, actor_order, numbers, tables
from sim.engines.batch.perception import (
    adjust_lanes,
    draw_reading,
    feel,
    fog_at,
    learn_appetite,
    learn_resolve,
    let_through,
    start_lanes,
)
from sim.engines.batch.senders import change_senders
from sim.engines.batch.tallying import close_rows, count_day, count_signals, end_day
from sim.engines.batch.third import choose_third_party
from sim.engines.branches import Plays
from sim.engines.tally import ROW_TYPES, Batch, Rows, Tally, sampled
from sim.errors import ScenarioError
from sim.rules import choose, draws, end
from sim.scenario.memo import remembered
from sim.scenario.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd


TRUNK = draws.TRUNK
GROUP = 32  # blocks that close ranks together
NEVER = 2**31  # a day that does not come
NOTHING = 255  # what a run that has ended sends
ALIVE, PEAK, LEVEL, HAZARD = ROW["alive"], ROW["peak_level"], ROW["level"], ROW["hazard"]
DAY_0 = SHARED[: SHARED.index("offer")]  # the rows that begin as the scenario's world has them
N_DAY_0 = len(DAY_0)
POSTURE, COMMITMENT, CREDIBILITY, PRECEDENT, MOOD = (
    ROW[f"{name}.me"] for name in ("posture", "commitment", "credibility", "precedent", "mood")
)
STATE_ROWS = tuple(ROW[name] for name in STATE)
N_STATE = len(STATE)
N_LASTING = ROW["reach"] // LANES  # the rows before those that every day begins anew
NEEDED = ROW | {"contact": ROW["reach"]}  # the row that each need is read in
CHANCE, TEMPTED = ROW["chance.coercer"], ROW["tempted.coercer"]  # the target's are OWN_SIZE further
OUTCOME_MARK = MARK["outcome"]
WHOLE_ROWS = [name for name, kind in ROW_TYPES.items() if not issubclass(kind, np.floating)]
REAL_ROWS = [name for name, kind in ROW_TYPES.items() if issubclass(kind, np.floating)]


@kernel
def reset(s: Any, world: Any, stances: Any, used: Any) -> None:
    """Day 0 in all lanes; those beyond ``used`` are not counted."""
    for i in range(s.shape[0]):
        s[i] = 0.0
    for q in range(N_DAY_0):
        for l in range(LANES):
            s[q * LANES + l] = world[q]
    for actor in range(stances.shape[0]):
        for l in range(LANES):
            s[STANCE + actor * LANES + l] = stances[actor]
    for l in range(LANES):
        s[ALIVE + l] = 1.0 if l < used else 0.0
        s[PEAK + l] = s[LEVEL + l]


@kernel
def take_home(s: Any, role: Any, me: Any) -> None:
    """What a principal is like on day 0, but for its types and beliefs."""
    take_part(s, role)
    for l in range(LANES):
        s[POSTURE + l] = me.posture
        s[COMMITMENT + l] = me.commitment
        s[CREDIBILITY + l] = me.credibility
        s[PRECEDENT + l] = me.precedent
        s[MOOD + l] = me.mood
    put_back(s, role)


@kernel
def take_over(branches: Any, since: Any, rows: Any, day: Any, luck: Any) -> None:
    """The branch of luck that each lane is on today."""
    for l in range(LANES):
        luck[l] = TRUNK
        for fork in range(branches.shape[1]):
            luck[l] = branches[rows[l], fork] if day >= since[rows[l], fork] else luck[l]


@kernel
def move_in(
    every: Any, runs_of: Any, rows_of: Any, old: Any, at: Any, block: Any, l: Any, actors: Any
) -> None:
    """Let a run go on in another lane: what the next day depends on, and what is counted of it."""
    source, goal = every[old], every[block]
    for q in range(N_LASTING):
        goal[q * LANES + l] = source[q * LANES + at]
    for actor in range(actors):
        goal[STANCE + actor * LANES + l] = source[STANCE + actor * LANES + at]
    runs_of[block, l] = runs_of[old, at]
    rows_of[block, l] = rows_of[old, at]


@kernel
def close_ranks(every: Any, runs_of: Any, rows_of: Any, playing: Any, alive: Any, actors: Any) -> Any:
    """Empty as many blocks as the runs still going can spare, from the last; gives how many are left.

    A lane in which the run has ended takes over a run of a block that is emptied. What comes of a run does not
    depend on the lane that it is played in.
    """
    left = (alive + LANES - 1) // LANES
    block, l = 0, 0
    for old in range(left, playing):
        for at in range(LANES):
            if every[old, ALIVE + at] > 0.0:
                while every[block, ALIVE + l] > 0.0:
                    block, l = (block, l + 1) if l < LANES - 1 else (block + 1, 0)
                move_in(every, runs_of, rows_of, old, at, block, l, actors)
    return left


@kernel
def unmet(s: Any, l: Any, needs: Any, least: Any) -> Any:
    """The first need of a signal that is not met in a lane, -1 if none."""
    for n in range(needs.shape[0]):
        if needs[n] >= 0 and not s[needs[n] + l] > least[n]:
            return n
    return -1


@kernel
def follow_script(
    s: Any, acts: Any, rows: Any, day: Any, script: Any, needs: Any, least: Any, marks: Any, refused: Any
) -> Any:
    """Force the day's scripted signals, or those of them that can be sent where the script leaves it at that.

    True if one that must be sent cannot be: ``refused`` then says which entry, play and need.
    """
    for e in range(script.shape[0]):
        if script[e, 0] == day:
            actor, signal, if_possible = script[e, 1], script[e, 2], script[e, 3]
            for l in range(LANES):
                missing = unmet(s, l, needs[actor, signal], least[signal])
                if missing >= 0 and if_possible == 0 and s[ALIVE + l] > 0.0:
                    refused[0], refused[1], refused[2] = e, rows[l], missing
                    refused[3] = s[needs[actor, signal, missing] + l]
                    return True
                if missing < 0:
                    acts[actor * LANES + l] = signal
                    if actor < 2:
                        s[TEMPTED + actor * OWN_SIZE + l] = signal
                        s[CHANCE + actor * OWN_SIZE + l] = (
                            1.0 if marks[actor, OUTCOME_MARK, signal] > 0.0 else 0.0
                        )
    return False


@kernel
def note_menaces(s: Any, at: Any, k: Any, decisive: Any, decision: Any) -> None:
    """How likely each principal goes to war, on its own numbers of this morning: what the other should fear."""
    for role in range(2):
        wars = at.wars + role * at.signals
        note_menace(s, wars, role, k.decisive, k.feeling.fear_days, decisive[role], decision)


@kernel
def choose_truly(
    s: Any, at: Any, role: Any, k: Any, my: Any, me: Any, rival: Any, signals: Any, decisive: Any, decision: Any,
    needs: Any, least: Any, hold: Any,
) -> None:  # fmt: skip
    """Let a principal weigh its decisive acts again as if it saw truly; the rows of those who have a place stay."""
    take_part(s, role)
    see_truly(s, role)
    look_out(s, k.choice, k.going_on, my, me, rival)
    weigh_decisions(
        s, at.wars + 2 * at.signals, role, k, my, me, signals, decisive, decision, needs, least, 0.0, hold
    )


@kernel
def record_signals(s: Any, acts: Any, out: Any, rows: Any) -> None:
    """What each actor sent today in the lanes that are still going."""
    for actor in range(out.shape[0]):
        for l in range(LANES):
            if s[ALIVE + l] > 0.0:
                out[actor, rows[l]] = acts[actor * LANES + l]


@kernel
def record_hazard(s: Any, out: Any, rows: Any) -> None:
    """The summed chances of war to the end of today in the lanes that are still going."""
    for l in range(LANES):
        if s[ALIVE + l] > 0.0:
            out[rows[l]] = s[HAZARD + l]


@kernel
def record_day(s: Any, acts: Any, actors: Any, out: Any) -> None:
    """Copy the whole state: the rows of STATE, then signal and stance of each actor."""
    for q in range(N_STATE):
        for l in range(LANES):
            out[q, l] = s[STATE_ROWS[q] + l]
    for actor in range(actors):
        for l in range(LANES):
            out[N_STATE + 2 * actor, l] = float(acts[actor * LANES + l])
            out[N_STATE + 2 * actor + 1, l] = s[STANCE + actor * LANES + l]


@entry
def run_blocks(
    seed: Any, runs: Any, branches: Any, since: Any, count: Any, days: Any, lifted: Any, k: Any, world: Any, hold: Any,
    at: Any,
    signals: Any, reactions: Any, costs: Any, marks: Any, yields: Any, risks: Any, classes: Any, class_of: Any,
    touched: Any, effects: Any, deaths: Any, certain: Any, speaks: Any, repertoire: Any, forced: Any,
    decisive: Any, decision: Any, inclination: Any, needs: Any, least: Any, fogs: Any, no_fog: Any, temperatures: Any,
    stances: Any, seats: Any, in_seat_order: Any, kept: Any, rests: Any, script: Any,
    whole: Any, real: Any, ongoing: Any, level: Any, error: Any, ended: Any, sent: Any, sums: Any,
    history: Any, signals_sent: Any, chances: Any, errors: Any, hazards: Any, refused: Any, size: Any,
) -> Any:  # fmt: skip
    """Play ``count`` runs, GROUP blocks at a time; False if a script cannot be followed.

    Blocks of a group play the same day one after another, and close ranks as runs end.

    ``runs``, ``branches`` and ``since`` are as in :class:`sim.engines.branches.Plays`, padded to whole blocks; all fog
    lifts in the evening of day ``lifted``. What is recorded if its array is not empty: the whole ``history``,
    the ``signals_sent`` (days, actors, runs), the ``chances`` (2, runs) of the wars that were chosen, the
    ``errors`` (2, 3, runs) as in :class:`Record`, and the ``hazards`` (days, runs) summed to each day.
    """
    actors = seats.shape[0]
    every = np.empty((GROUP, size))
    acts = np.empty(actors * LANES, np.int64)
    luck = np.empty(LANES, np.int64)
    runs_of, rows_of = np.empty((GROUP, LANES), np.int64), np.empty((GROUP, LANES), np.int64)
    place = np.empty(2, np.int64)
    my, me = (k.coercer, k.target), (k.me_coercer, k.me_target)
    capabilities = (k.me_coercer.capability, k.me_target.capability)
    for p in range(actors):
        if in_seat_order[p] < 2:
            place[in_seat_order[p]] = p
    blocks = (count + LANES - 1) // LANES
    for first in range(0, blocks, GROUP):
        playing = min(GROUP, blocks - first)
        for block in range(playing):
            start = (first + block) * LANES
            s, run = every[block], runs_of[block]
            for l in range(LANES):
                rows_of[block, l] = start + l
                run[l] = runs[start + l]
            reset(s, world, stances, count - start)
            for role in range(2):
                take_home(s, role, me[role])
            start_lanes(s, k.adjustment, me, fogs, seats, seed, run)
        for day in range(days):
            morning = no_fog if day > lifted else fogs
            evening = no_fog if day >= lifted else fogs
            alive = 0
            for block in range(playing):
                s, run, rows = every[block], runs_of[block], rows_of[block]
                take_over(branches, since, rows, day, luck)
                reach_out(s)
                for role in range(2):
                    weighed, wars = at.weighed + role * at.signals, at.wars + role * at.signals
                    draw_choice(s, seed, run, luck, day, seats[role])
                    take_part(s, role)
                    look_out(s, k.choice, k.going_on, my[role], me[role], me[1 - role])
                    weigh_classes(s, at, k.choice, my[role], yields[role], risks[role], classes[role])
                    more = weigh_signals(
                        s, at, weighed, k.choice, my[role], me[role], signals[role], class_of[role], repertoire[role],
                        inclination[role],
                    )  # fmt: skip
                    weigh_signals(
                        s, at, more, k.choice, my[role], me[role], signals[role], class_of[role], forced[role],
                        inclination[role],
                    )  # fmt: skip
                    choose_ordinary(
                        s, at, weighed, repertoire[role], needs[role], least, 1.0 / me[role].temperature
                    )
                    weigh_decisions(
                        s, wars, role, k, my[role], me[role], signals[role], decisive[role], decision, needs[role], least,
                        choose.opaque(fog_at(morning, role)), hold,
                    )  # fmt: skip
                    settle(s, acts, role)
                    put_back(s, role)
                if errors.shape[2] > 0:
                    note_urges(s, marks, errors, rows)
                    note_menaces(s, at, k, decisive, decision)
                    for role in range(2):
                        choose_truly(
                            s, at, role, k, my[role], me[role], me[1 - role], signals[role], decisive[role], decision,
                            needs[role], least, hold,
                        )  # fmt: skip
                        note_errors(s, marks, role, errors, rows)
                for actor in range(2, actors):
                    draw_choice(s, seed, run, luck, day, seats[actor])
                    choose_third_party(
                        s, acts, at, actor, k.reacting, reactions, costs, repertoire[actor], inclination[actor],
                        needs[actor], least, temperatures[actor],
                    )  # fmt: skip
                if follow_script(s, acts, rows, day, script, needs, least, marks, refused):
                    return False
                weigh_war(s, marks)
                give_precedence(acts, marks, hold)
                if chances.shape[1] > 0 and someone_fights(s, acts, marks):
                    note_chances(s, acts, marks, chances, rows)
                    note_menaces(s, at, k, decisive, decision)
                    for role in range(2):
                        choose_truly(
                            s, at, role, k, my[role], me[role], me[1 - role], signals[role], decisive[role], decision,
                            needs[role], least, hold,
                        )  # fmt: skip
                        note_true_chances(s, acts, marks, role, chances, rows)
                look_up_marks(s, acts, marks)
                agree(s)
                count_killed(s, acts, deaths, certain, in_seat_order, seats, seed, run, luck, day)
                wind_clocks(s, k.clocks)
                sum_effects(s, acts, touched, effects, in_seat_order)
                change_world(s, kept, rests, k.kept.tempo, k.conduct.tempo_cap)
                move_terms(s, k.kept.terms)
                hear(s, acts, speaks, actors)
                for actor in range(2, actors):
                    turn(s, actor, k.conduct, k.kept.stance, stances[actor])
                change_senders(s, k.kept, k.conduct, k.going_on, me)
                heat(s, k.conduct, k.kept)
                strike_luck(s, k.chance, k.world, capabilities[0], capabilities[1], seed, run, luck, day)
                weigh_control(s, k.chance, k.world, capabilities[0], capabilities[1])
                for role in range(2):
                    rival, fog = 1 - role, fog_at(evening, role)
                    sharpness, suspicion = 1.0 / me[rival].temperature, me[role].suspicion
                    take_part(s, role)
                    draw_reading(s, seed, run, luck, day, seats[role], seats[rival])
                    let_through(s, rival, k.perception, fog, k.world.readout_share)
                    expect_signals(
                        s, acts, at, rival, signals[rival], repertoire[rival], forced[rival], sharpness
                    )
                    learn_resolve(s, rival, k.perception, fog, k.belief, sharpness)
                    learn_appetite(s, rival, k.perception, fog, k.belief, suspicion, sharpness)
                    feel(s, rival, k.feeling, fog, suspicion, my[role].felt_force, capabilities[rival])
                    fear_war(
                        s, at.wars + rival * at.signals, k.decisive.rate, k.feeling.fear_days, 1.0 / k.decisive.temperature,
                        decisive[rival], decision,
                    )  # fmt: skip
                    put_back(s, role)
                adjust_lanes(s, k.adjustment, me)
                end_day(s, k.chance)
                count_signals(s)
                count_day(s, acts, day, in_seat_order, ongoing, level, error, sent, sums)
                if signals_sent.shape[0] > 0:
                    record_signals(s, acts, signals_sent[day], rows)
                if hazards.shape[0] > 0:
                    record_hazard(s, hazards[day], rows)
                if history.shape[0] > 0:
                    record_day(s, acts, actors, history[first + block, day])
                alive += close_rows(s, day, day == days - 1, rows, place[0], place[1], whole, real, ended)
            if history.shape[0] == 0:
                playing = close_ranks(every, runs_of, rows_of, playing, alive, actors)
    return True


@dataclass(frozen=True)
class Record:
    """A batch, and what is kept of its days.

    signals: (days, actors, runs) uint8, place on the ladder, 255 once the run has ended; actors as in
             :func:`sim.engines.batch.parameters.actor_order`
    chances: (2, runs) of each run that ended in a war which a principal chose, the chance that day that it
             would: as it saw its rival, and as it would have been had it seen truly; else no number
    errors:  (2, 3, runs) of coercer and target, summed over the mornings of a run: the chance that it would start
             war that day; how much of it its errors had added, and how much they had taken off, beside the chance
             had it seen truly at that moment. As it would choose by itself, whatever a script orders
    hazards: (days, runs) chances of war summed to the end of each day; 0 after the run has ended
    history: (blocks, days, quantities, lanes) the whole state, for :meth:`Program.states`
    """

    batch: Batch
    signals: NDArray[np.uint8]
    chances: NDArray[np.float64]
    errors: NDArray[np.float64]
    hazards: NDArray[np.float64]
    history: NDArray[np.float64]


@dataclass(frozen=True)
class Program:
    """A scenario made ready for the compiled engine; may be shared between threads."""

    scenario: Scenario
    numbers: Numbers
    tables: Tables
    world: NDArray[np.float64]

    @classmethod
    def of(cls, scenario: Scenario) -> Program:
        """The program of a scenario; made once for the same one."""
        return _program(scenario)

    def seeing_clearly(self) -> Program:
        """The program of the clear-sighted twin (:func:`sim.scenario.counterfactual.clear_sighted`), which differs in the fog alone."""
        return replace(self, tables=self.tables._replace(fogs=self.tables.no_fog))

    def compile(self) -> None:
        """Compile the kernels in this thread, which Ctrl-C can stop; without it, the first call does."""
        self.simulate(0, 0, 1, 1)

    def simulate(self, seed: int, first: int, count: int, days: int) -> Batch:
        """Runs ``first`` to ``first + count - 1``: their rows, and their tally.

        Raises ScenarioError if a script asks for a signal that cannot be sent on its day.
        """
        return self.play(Plays.of(first, count), seed, days)

    def play(self, plays: Plays, seed: int, days: int, lifted: int | None = None) -> Batch:
        """:meth:`simulate` of any list of plays; if a day is given, all fog lifts in its evening."""
        return self._play(plays, seed, days, lifted).batch

    def record(self, plays: Plays, seed: int, days: int, lifted: int | None = None) -> Record:
        """:meth:`play`, with what every actor sent, how likely each war was that a principal chose, and errors."""
        return self._play(plays, seed, days, lifted, signals=True, chances=True, errors=True)

    def hazards(self, plays: Plays, seed: int, days: int) -> Record:
        """:meth:`play`, with the chances of war summed to each day."""
        return self._play(plays, seed, days, None, hazards=True)

    def history(self, seed: int, first: int, count: int, days: int) -> dict[str, NDArray[np.float64]]:
        """The whole state at the end of each day: (days, count) float64 by name; goes on after an end.

        Rows of the standard Mesa model's ``state()``; a run that has ended is simulated on as if it had not.
        """
        return self.states(Plays.of(first, count), seed, days)

    def states(
        self, plays: Plays, seed: int, days: int, lifted: int | None = None
    ) -> dict[str, NDArray[np.float64]]:
        """:meth:`history` of any list of plays."""
        raw = self._play(plays, seed, days, lifted, history=True).history
        by_run = raw.transpose(1, 2, 0, 3).reshape(days, raw.shape[2], -1)[:, :, : len(plays)]
        names = [*STATE]
        for actor in actor_order(self.scenario):
            names += [f"signal.{actor}", f"stance.{actor}"]
        principals = {f"stance.{self.scenario.coercer}", f"stance.{self.scenario.target}"}
        return {name: by_run[:, index] for index, name in enumerate(names) if name not in principals}

    def levels(self, seed: int, count: int, days: int) -> pd.DataFrame:
        """Run, day and level of the first runs; a run that has ended goes on reading 10 or 0."""
        batch = self.simulate(seed, 0, count, days)
        level = self.history(seed, 0, count, days)["level"].T.copy()
        ends = zip(batch.rows["end_day"], batch.rows["outcome"], strict=True)
        for run, (day, outcome) in enumerate(ends):
            if day >= 0:
                level[run, day:] = end.level_after(0.0, float(outcome))
        return sampled(level)

    def _play(
        self,
        plays: Plays,
        seed: int,
        days: int,
        lifted: int | None,
        signals: bool = False,
        chances: bool = False,
        errors: bool = False,
        hazards: bool = False,
        history: bool = False,
    ) -> Record:
        actors, t, count = len(self.scenario.actors), self.tables, len(plays)
        tally = Tally.empty(self.scenario, days)
        whole = np.zeros((len(WHOLE_ROWS), count), np.int64)
        real = np.zeros((len(REAL_ROWS), count))
        whole_blocks = plays.padded(LANES)
        states = np.zeros((len(whole_blocks) // LANES if history else 0, days, N_STATE + 2 * actors, LANES))
        sent = np.full((days if signals else 0, actors, count), NOTHING, np.uint8)
        odds = np.full((2, count if chances else 0), np.nan)
        urges = np.zeros((2, 3, count if errors else 0))
        dangers = np.zeros((days if hazards else 0, count))
        refused = np.zeros(4)
        done = run_blocks(
            seed, whole_blocks.runs, whole_blocks.branches, whole_blocks.since, count, days,
            NEVER if lifted is None else lifted, self.numbers, self.world, self.scenario.ladder.index("hold"),
            places(len(self.scenario.signals)), *t, whole, real, tally.ongoing, tally.level, tally.error,
            tally.ended, tally.signals, tally.sums, states, sent, odds, urges, dangers, refused, buffer_size(len(self.scenario.signals)),
        )  # fmt: skip
        if not done:
            raise self._first_refusal(plays, seed, days, lifted, refused)
        rows: Rows = {name: whole[i].astype(ROW_TYPES[name]) for i, name in enumerate(WHOLE_ROWS)}
        rows |= {name: real[i] for i, name in enumerate(REAL_ROWS)}
        first = int(plays.runs[0]) if count else 0
        batch = Batch(first, count, {name: rows[name] for name in ROW_TYPES}, tally)
        return Record(batch, sent, odds, urges, dangers, states)

    def _first_refusal(
        self, plays: Plays, seed: int, days: int, lifted: int | None, refused: NDArray[np.float64]
    ) -> ScenarioError:
        """The refusal of the first play, whatever day it comes on: lanes meet theirs day by day."""
        place = int(refused[1])
        block = place - place % LANES
        for before in (*range(place - place % (GROUP * LANES), block, LANES), *range(block, place)):
            try:
                self.play(plays.part(before, LANES if before < block else 1), seed, days, lifted)
            except ScenarioError as error:
                return error
        entry_ = self.tables.script[int(refused[0])]
        actor = actor_order(self.scenario)[int(entry_[1])]
        signal = self.scenario.ladder[int(entry_[2])]
        quantity = list(self.scenario.signals[signal].needs)[int(refused[2])]
        run = int(plays.runs[place])
        return self.scenario.cannot_send(int(entry_[0]), actor, signal, quantity, float(refused[3]), run)


@remembered
def _program(scenario: Scenario) -> Program:
    world = np.array([getattr(scenario.world, name) for name in DAY_0], dtype=np.float64)
    return Program(scenario, numbers(scenario), tables(scenario, NEEDED), world)
