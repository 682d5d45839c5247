"""Choose, in lanes: the great decisions of a principal, war, exit and terms, each against going on."""

from __future__ import annotations

from typing import Any

from sim.engines.batch.choice import signal_at
from sim.engines.batch.compiler import kernel
from sim.engines.batch.lanes import LANES, ROW, row, two_rows
from sim.engines.batch.logit import apply_needs
from sim.engines.batch.parameters import DECISIONS
from sim.rules import choose

IMPOSSIBLE = choose.IMPOSSIBLE
EXIT, TERMS, ASSAULT = (DECISIONS.index(name) for name in ("exit", "terms", "assault"))

FRAMEWORK, SUPPORT, ACCESS = ROW["framework"], ROW["support"], ROW["access"]
MEDIATION, GUARANTEE, ASYLUM = ROW["mediation"], ROW["guarantee"], ROW["asylum"]
DEMAND, TENDER = ROW["demand"], ROW["tender"]
RESOLVE, APPETITE, COMMITMENT, PRECEDENT, VARIANCE, CHANCE, TEMPTED = (
    ROW[f"{name}.me"]
    for name in ("resolve", "appetite", "commitment", "precedent", "variance", "chance", "tempted")
)
RIVAL_CREDIBILITY = ROW["credibility.rival"]
OWN_FORCE, RIVAL_FORCE, FIRM, COST = (ROW[name] for name in ("own_force", "rival_force", "firm", "cost"))
WAITING, WAITING_TOLD, WINNING, TRIAL = (
    ROW[name] for name in ("waiting", "waiting_told", "winning", "trial")
)
DECISIVE_UTILITY, DECISIVE_ACT = ROW["decisive_utility"], ROW["decisive_act"]
CHOSEN, SECOND_DRAW = ROW["chosen"], ROW["second_draw"]


@kernel
def weigh_winning(s: Any, k: Any) -> None:
    """Chance that an assault succeeds."""
    for l in range(LANES):
        sure = choose.certainty(k.slope, 1.0, s[VARIANCE + l])
        s[WINNING + l] = choose.winning_chance(
            k, s[OWN_FORCE + l], s[RIVAL_FORCE + l], s[ACCESS + l], s[SUPPORT + l], s[FIRM + l], sure
        )


@kernel
def weigh_assault(s: Any, out: Any, k: Any, choice: Any, my: Any, me: Any, signal: Any) -> None:
    """Utility of a raid or an invasion; against going on, with what a bit more resolve would add."""
    war = two_rows(s, out)
    for l in range(LANES):
        winning, cost = s[WINNING + l], s[COST + l]
        burdened = choose.burden(k, signal, s[FIRM + l], s[SUPPORT + l])
        utility = choose.assault_utility(
            choice, my, signal, me, s[RESOLVE + l], s[APPETITE + l], winning, cost, burdened, s[PRECEDENT + l]
        )
        told = choose.assault_telling(signal, me, winning, cost, burdened)
        s[TRIAL + l] = utility
        war[l] = utility - s[WAITING + l]
        war[LANES + l] = told - s[WAITING_TOLD + l]


@kernel
def weigh_preempt(s: Any, out: Any, choice: Any, signal: Any, first_strike: Any) -> None:
    """Utility of striking first; against going on, with what a bit more resolve would add."""
    war = two_rows(s, out)
    for l in range(LANES):
        cost = s[COST + l]
        utility = choose.preempt_utility(
            choice, signal, s[RESOLVE + l], s[APPETITE + l], cost, first_strike, s[PRECEDENT + l]
        )
        s[TRIAL + l] = utility
        war[l] = utility - s[WAITING + l]
        war[LANES + l] = choose.preempt_telling(cost, first_strike) - s[WAITING_TOLD + l]


@kernel
def weigh_exit(s: Any, k: Any, perception: Any, world: Any, me: Any, signal: Any, opacity: Any) -> None:
    """Utility of accepting the exit that was offered."""
    for l in range(LANES):
        known = choose.read_out(perception, world.readout_share, s[MEDIATION + l])
        sincere = choose.sincerity(world.outreach, s[RIVAL_CREDIBILITY + l], opacity, known)
        s[TRIAL + l] = choose.exit_utility(
            k, signal, me, s[RESOLVE + l], world.immunity, s[ASYLUM + l], sincere
        )


@kernel
def weigh_terms(s: Any, k: Any, me: Any, signal: Any, by_coercer: Any) -> None:
    """Utility of accepting the terms of the day."""
    for l in range(LANES):
        keeping = choose.kept_chance(k, s[FRAMEWORK + l], s[GUARANTEE + l])
        share = s[TENDER + l] if by_coercer else 1.0 - s[DEMAND + l]
        s[TRIAL + l] = choose.terms_utility(signal, me, s[RESOLVE + l], share, keeping, s[COMMITMENT + l])


@kernel
def rule_out_war(s: Any, out: Any) -> None:
    """An act that is impossible is impossible as a war too."""
    advantage = row(s, out)
    for l in range(LANES):
        advantage[l] = advantage[l] if s[TRIAL + l] > IMPOSSIBLE else IMPOSSIBLE


@kernel
def forget_decisive(s: Any, hold: Any) -> None:
    """Begin: nothing is possible."""
    for l in range(LANES):
        s[DECISIVE_UTILITY + l] = IMPOSSIBLE
        s[DECISIVE_ACT + l] = hold


@kernel
def keep_decisive(s: Any, act: Any) -> None:
    """Keep the decisive act if it is the best so far."""
    for l in range(LANES):
        better = s[TRIAL + l] > s[DECISIVE_UTILITY + l]
        s[DECISIVE_ACT + l] = act if better else s[DECISIVE_ACT + l]
        s[DECISIVE_UTILITY + l] = s[TRIAL + l] if better else s[DECISIVE_UTILITY + l]


@kernel
def weigh_decisions(
    s: Any, wars: Any, role: Any, k: Any, my: Any, me: Any, signals: Any, decisive: Any, decision: Any, needs: Any,
    least: Any, opacity: Any, hold: Any,
) -> None:  # fmt: skip
    """A principal's best decisive act, the chance that it takes it today, and each war against going on."""
    forget_decisive(s, float(hold))
    weigh_winning(s, k.assault)
    n = 0
    while decisive[n] >= 0:
        act, out = decisive[n], wars + 2 * n * LANES
        signal = signal_at(signals, act)
        if decision[act] == EXIT:
            weigh_exit(s, k.exit, k.perception, k.world, me, signal, opacity)
        elif decision[act] == TERMS:
            weigh_terms(s, k.terms, me, signal, role == 0)
        elif decision[act] == ASSAULT:
            weigh_assault(s, out, k.assault, k.choice, my, me, signal)
        else:
            weigh_preempt(s, out, k.choice, signal, k.decisive.first_strike)
        apply_needs(s, TRIAL, needs[act], least[act])
        if decision[act] >= ASSAULT:
            rule_out_war(s, out)
        keep_decisive(s, float(act))
        n += 1
    weigh_temptation(s, k.decisive)


@kernel
def weigh_temptation(s: Any, k: Any) -> None:
    """Chance that the best decisive act is taken today."""
    sharpness = 1.0 / k.temperature
    for l in range(LANES):
        s[CHANCE + l] = choose.decisive_chance(k.rate, s[DECISIVE_UTILITY + l], s[WAITING + l], sharpness)
        s[TEMPTED + l] = s[DECISIVE_ACT + l]


@kernel
def settle(s: Any, acts: Any, role: Any) -> None:
    """A principal's signal: the decisive act if the day's luck takes it up, else the ordinary one."""
    for l in range(LANES):
        act = s[DECISIVE_ACT + l] if s[SECOND_DRAW + l] < s[CHANCE + l] else s[CHOSEN + l]
        acts[role * LANES + l] = int(act)
