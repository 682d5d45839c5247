"""Coefficients of the equations, one table for each equation's terms.

The letters in brackets are those of MODEL.md. Every size is an assumption unless it says otherwise.
"""

from sim.schema.fields import Table, number, table


class Coercer(Table):
    """What the coercer expects of a signal: yield of the target, risk of war, worth of dual track."""

    leverage_posture: float = number(0.55, 0, 5, "leverage", "forces in place")
    leverage_sanctions: float = number(0.4, 0, 5, "leverage", "sanctions")
    leverage_tempo: float = number(0.2, 0, 5, "leverage", "pace of strikes")
    leverage_support: float = number(0.3, 0, 5, "leverage", "support for the target; taken off")
    yield_slope: float = number(6, 0, 50, "1/resolve", "steepness of the yield")
    yield_bar: float = number(0.15, -2, 2, "resolve", "how much more it takes to make the target yield")
    risk_slope: float = number(6, 0, 50, "1", "steepness of the war risk")
    risk_hostility: float = number(0.6, 0, 5, "1", "of the signal's hostility")
    risk_belief: float = number(0.5, 0, 5, "1/resolve", "of the rival's resolve as believed")
    risk_posture: float = number(0.25, 0, 5, "1/posture", "of both sides' forces")
    risk_bar: float = number(1, -2, 5, "1", "threshold")
    opposition_cost: float = number(0.6, 0, 5, "share", "how opposition makes war dearer")
    backing_relief: float = number(0.3, 0, 1, "share", "how backing makes war cheaper")
    dual_commitment: float = number(0.3, 0, 5, "posture", "what was staked, in the worth of talking")
    dual_progress: float = number(0.5, 0, 1, "share", "how progress makes talking less of an extra")


class Target(Table):
    """What the target expects of a signal."""

    leverage_posture: float = number(0.5, 0, 5, "leverage", "forces in place")
    leverage_support: float = number(0.5, 0, 5, "leverage", "support for the target")
    leverage_opposition: float = number(0.4, 0, 5, "leverage", "opposition to the coercer")
    yield_slope: float = number(5, 0, 50, "1/resolve", "steepness of the yield")
    yield_bar: float = number(-0.1, -2, 2, "resolve", "how much more it takes to make the coercer relent")
    risk_slope: float = number(6, 0, 50, "1", "steepness of the war risk")
    risk_hostility: float = number(0.6, 0, 5, "1", "of the signal's hostility")
    risk_belief: float = number(0.6, 0, 5, "1/resolve", "of the rival's resolve as believed")
    risk_posture: float = number(0.25, 0, 5, "1/posture", "of both sides' forces")
    risk_ultimatum: float = number(0.15, 0, 5, "1", "of an ultimatum that is running")
    risk_bar: float = number(1, -2, 5, "1", "threshold")
    dual_sanctions: float = number(0.4, 0, 5, "posture", "sanctions, in the worth of talking")


class Assault(Table):
    """What the coercer expects of a raid or an invasion."""

    slope: float = number(5, 0, 50, "1/resolve", "steepness of the chance to win")
    support: float = number(0.3, 0, 5, "posture", "how support for the target lowers it")
    edge: float = number(0.15, -2, 2, "posture", "advantage of who starts")
    opposition_cost: float = number(0.5, 0, 5, "share", "how opposition makes it dearer")
    backing_relief: float = number(0.3, 0, 1, "share", "how backing makes it cheaper")
    progress_loss: float = number(0.4, 0, 5, "utility", "talks thrown away")


class Exit(Table):
    """What leaving is worth to the target."""

    safety: float = number(0.3, 0, 5, "utility", "a safe exit")
    betrayal: float = number(0.15, 0, 5, "utility", "an exit that is not kept to; taken off")
    pride: float = number(0.15, 0, 5, "utility/(resolve·stake)", "what is given up; taken off")


class Shared(Table):
    """Terms that both principals weigh."""

    echo: float = number(
        0.8, 0, 2, "share", "share of the rival's last hostility that answering in kind returns"
    )


class Perception(Table):
    """How appearance replaces intent (blur Λ) and how much noise (ς) each channel adds.

    After Katagiri & Min (2018), who find acts believed more than private words and these more than public
    ones, acts have the least noise; public words have more of it than private ones once their sender has
    contradicted itself enough (at these sizes, an inconsistency above 0.28), and more appearance always.
    """

    framework_blur: float = number(0.25, 0, 1, "share", "Λ without working channels")
    framework_noise: float = number(0.2, 0, 1, "resolve", "ς without working channels")
    economic_blur: float = number(0.2, 0, 1, "share", "Λ more for an economic signal")
    economic_noise: float = number(0.1, 0, 1, "resolve", "ς more for an economic signal")
    quiet_noise: float = number(0.5, 0, 2, "resolve", "ς of a quiet day without working channels")
    rhetoric_blur: float = number(0.4, 0, 1, "share", "Λ of public words")
    rhetoric_noise: float = number(0.12, 0, 1, "resolve", "ς of public words")
    inconsistency_noise: float = number(0.8, 0, 5, "resolve", "ς more for a sender that contradicts itself")
    strikes_blur: float = number(0.45, 0, 1, "share", "Λ of acts")
    strikes_noise: float = number(0.06, 0, 1, "resolve", "ς of acts")
    tempo_noise: float = number(0.3, 0, 5, "resolve·day/strike", "ς more for the pace of strikes")
    opacity_blur: float = number(0.15, 0, 1, "share", "Λ of private words")
    opacity_noise: float = number(0.38, 0, 1, "resolve", "ς of private words")
    incident_appearance: float = number(0.9, 0, 1, "resolve", "what an incident looks like")
    incident_blur: float = number(0.3, 0, 1, "share", "Λ more on the day of an incident")
    bluff_appearance: float = number(0.5, 0, 1, "resolve", "what an ultimatum that lapses looks like")
    bluff_blur: float = number(0.3, 0, 1, "share", "Λ more on the day that it lapses")


class Conduct(Table):
    """How acts change their sender and the world."""

    tempo_cap: float = number(2, 0, 2, "strikes/day", "most strikes that count for a day's pace")
    bluff_commitment: float = number(0.5, 0, 1, "share", "what was staked, kept when an ultimatum lapses")


class Adjustment(Table):
    """How resolve moves from day to day."""

    fear_threshold: float = number(0.55, 0, 1, "resolve", "resolve of the rival beyond which fear hardens")
    talks_softening: float = number(0.01, 0, 1, "resolve/day", "how full progress softens")
    resolve_low: float = number(0.02, 0, 0.5, "resolve", "lowest resolve")
    resolve_high: float = number(0.98, 0.5, 1, "resolve", "highest resolve")


class Chance(Table):
    """What nobody chose."""

    incident_posture: float = number(
        4, 0, 20, "1/posture²", "forces of both sides at close quarters, in incidents"
    )
    control_level: float = number(5, 0, 10, "rung", "level above which control can be lost")
    control_deaths: float = number(100, 0, 1e6, "deaths", "killed when control is lost")
    control_hardship: float = number(2, 0, 100, "index", "hardship when control is lost")


class Ending(Table):
    """What the horizon finds."""

    deescalation_level: float = number(
        2, 0, 10, "rung", "level below which a standoff counts as de-escalated"
    )


class Coefficients(Table):
    """All coefficients, by equation."""

    coercer: Coercer = table()
    target: Target = table()
    assault: Assault = table()
    exit: Exit = table()
    shared: Shared = table()
    perception: Perception = table()
    conduct: Conduct = table()
    adjustment: Adjustment = table()
    chance: Chance = table()
    ending: Ending = table()
