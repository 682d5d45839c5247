"""Coefficients of the equations, one table for each equation's terms.

The letters in brackets are those of MODEL.md. Every size is an assumption unless it says otherwise.
What coercer and target weigh differently stands in two tables of the same fields: there is one form of utility.
"""

from sim.schema.fields import Table, number, table


class Coercer(Table):
    """What enters the coercer's utilities, and how much."""

    leverage_force: float = number(0.55, -5, 5, "leverage", "force in hand, net of the rival's")
    leverage_sanctions: float = number(0.4, -5, 5, "leverage", "sanctions")
    leverage_tempo: float = number(0.2, -5, 5, "leverage", "pace of strikes")
    leverage_support: float = number(-0.3, -5, 5, "leverage", "support for the target")
    leverage_opposition: float = number(0, -5, 5, "leverage", "opposition to the coercer")
    yield_bar: float = number(0.1, -2, 2, "resolve", "how much more it takes to make the rival give way")
    risk_ultimatum: float = number(
        0, 0, 5, "1", "alert while an ultimatum runs, to all that concedes nothing"
    )
    opposition_cost: float = number(0.6, 0, 5, "share", "how opposition makes war dearer")
    backing_relief: float = number(0.3, 0, 1, "share", "how backing makes war cheaper")
    support_cost: float = number(0.3, 0, 5, "share", "how support for the target makes war dearer")
    dual_force: float = number(1, 0, 5, "posture", "own force, in the worth of talking")
    dual_rival_force: float = number(0, 0, 5, "posture", "the rival's force, in the worth of talking")
    dual_commitment: float = number(0.4, 0, 5, "posture", "what was staked, in the worth of talking")
    dual_sanctions: float = number(0, 0, 5, "posture", "sanctions, in the worth of talking")
    lock_in: float = number(
        1, 0, 1, "share", "share of what was staked that is lost if hope is worn out", "Fearon 1994"
    )
    called_cost: float = number(
        0.21, 0, 5, "1/day", "share of what was staked that a called ultimatum costs each day"
    )
    scrutiny: float = number(0.064, 0, 5, "utility", "cost of an act that kills, war included")
    felt_force: float = number(
        0, 0, 2, "hostility", "how far forces at the door are felt as hostility", "Jervis 1978 for the idea"
    )


class Target(Table):
    """The same for the target."""

    leverage_force: float = number(1, -5, 5, "leverage", "force in hand, net of the rival's")
    leverage_sanctions: float = number(0, -5, 5, "leverage", "sanctions")
    leverage_tempo: float = number(0, -5, 5, "leverage", "pace of strikes")
    leverage_support: float = number(0.5, -5, 5, "leverage", "support for the target")
    leverage_opposition: float = number(0.4, -5, 5, "leverage", "opposition to the coercer")
    yield_bar: float = number(-0.4, -2, 2, "resolve", "how much more it takes to make the rival give way")
    risk_ultimatum: float = number(
        0.4, 0, 5, "1", "alert while an ultimatum runs, to all that concedes nothing"
    )
    opposition_cost: float = number(0, 0, 5, "share", "how opposition makes war dearer")
    backing_relief: float = number(0, 0, 1, "share", "how backing makes war cheaper")
    support_cost: float = number(0, 0, 5, "share", "how support for the target makes war dearer")
    dual_force: float = number(0, 0, 5, "posture", "own force, in the worth of talking")
    dual_rival_force: float = number(1, 0, 5, "posture", "the rival's force, in the worth of talking")
    dual_commitment: float = number(0, 0, 5, "posture", "what was staked, in the worth of talking")
    dual_sanctions: float = number(0.4, 0, 5, "posture", "sanctions, in the worth of talking")
    lock_in: float = number(0, 0, 1, "share", "share of what was staked that is lost if hope is worn out")
    called_cost: float = number(
        0, 0, 5, "1/day", "share of what was staked that a called ultimatum costs each day"
    )
    scrutiny: float = number(
        0, 0, 5, "utility", "cost of an ordinary act that kills; an attack has no such cost"
    )
    felt_force: float = number(
        0.65,
        0,
        2,
        "hostility",
        "how far forces at the door are felt as hostility",
        "Jervis 1978 for the idea",
    )


class Choice(Table):
    """What both principals weigh in an ordinary signal."""

    rival_force: float = number(1, 0, 5, "share", "the rival's force, taken off one's own in leverage")
    yield_slope: float = number(6, 0, 50, "1/resolve", "steepness of the chance that the rival gives way")
    risk_slope: float = number(6, 0, 50, "1", "steepness of the war risk")
    risk_hostility: float = number(0.6, 0, 5, "1", "of the signal's hostility, in the war risk")
    risk_firmness: float = number(0.3, 0, 5, "1/resolve", "of the rival's resolve as believed")
    risk_fear: float = number(0.72, 0, 5, "1", "of fear that the rival goes to war")
    risk_force: float = number(
        0.5, 0, 5, "1/force", "of the rival's force", "Sechser & Fuhrmann 2017 for the idea"
    )
    risk_bar: float = number(1, -2, 5, "1", "threshold of the war risk")
    given_up: float = number(
        1.75, 0, 10, "1/concession", "share of the stake given up by a concession; tells of resolve"
    )
    bluff: float = number(
        0.5,
        0,
        1,
        "share",
        "chance that an ultimatum that is resisted gets called",
        "Fearon 1997 for the idea",
    )
    mediation_opening: float = number(0.15, 0, 5, "utility", "what mediation adds to the worth of talking")
    spiral: float = number(
        1.6,
        0,
        5,
        "utility/hostility²",
        "how a bad mood makes hostile signals worth more",
        "Richardson 1960; Jervis 1976",
    )
    echo: float = number(
        0.8, 0, 2, "share", "share of the rival's last hostility that answering in kind returns"
    )
    inertia: float = number(0.35, 0, 5, "utility", "pull towards going on as the day before")
    breach: float = number(
        1, 0, 5, "utility", "price of a rung above all that was done of late", "Schelling 1966 for the idea"
    )
    relish_of_words: float = number(
        0.5,
        0,
        1,
        "share",
        "of an act's relish, that hostile words or sanctions have to a sender bent on force",
    )


class GoingOn(Table):
    """What going on is worth, which war, exit and terms are weighed against."""

    hope_slope: float = number(1.9, 0, 50, "1/resolve", "steepness of the hope that it comes one's way")
    patience: float = number(91, 1, 3650, "days", "in which hope falls to 37 %")
    relief: float = number(
        0.7, 0, 1, "share", "of fatigue, left on a day on which the rival concedes something"
    )


class Assault(Table):
    """What a raid or an invasion is thought to achieve and to cost."""

    slope: float = number(5, 0, 50, "1/resolve", "steepness of the chance to win")
    rival_force: float = number(0.75, 0, 5, "share", "how the rival's force lowers it")
    access: float = number(0.3, 0, 5, "force", "how bases of third parties raise it")
    access_rest: float = number(0.5, 0, 1, "share", "access that neither raises nor lowers it")
    support: float = number(0.3, 0, 5, "force", "how support for the target lowers it")
    edge: float = number(0.6, -2, 2, "force", "advantage of who starts")
    resisted_support: float = number(0.5, 0, 5, "share", "how support for the target makes resistance dearer")


class Exit(Table):
    """What leaving is worth to the target."""

    safety: float = number(0.57, 0, 5, "utility", "a safe exit")
    betrayal: float = number(0.1, 0, 5, "utility", "an exit that is not kept to; taken off")
    pride: float = number(0.062, 0, 5, "utility/(resolve·stake)", "what is given up; taken off")
    asylum: float = number(0.4, 0, 1, "share", "what asylum adds to the safety that is promised")


class Terms(Table):
    """What a deal on the terms of the day is worth, and how terms move."""

    kept: float = number(
        0.28,
        0,
        1,
        "share",
        "chance that a deal without channels is kept",
        "Fearon 1995, Powell 2006 for the idea",
    )
    guarantee: float = number(0.5, 0, 1, "share", "what a guarantee adds to it", "Walter 1997 for the idea")
    give: float = number(0.8, 0, 5, "1/concession", "share of the gap that a concession moves one's terms")
    private: float = number(0.5, 0, 1, "share", "of that, by a concession in private")


class Reacting(Table):
    """What third parties measure events against."""

    chorus_rest: float = number(0.1, 0, 1, "share", "share that speaks out on an ordinary day")
    tension_rest: float = number(0.4, 0, 1, "share", "tension of an ordinary day")
    alarm_rest: float = number(0.1, 0, 1, "share", "fear of the target on an ordinary day")
    contact: float = number(
        0.2, 0, 1, "share", "of a principal's, what a third party's call does for contact"
    )


class Perception(Table):
    """How much of the evidence in a signal is lost on its way, and what is made up in its place.

    After Katagiri & Min (2018) acts weigh most and public words least.
    """

    framework_loss: float = number(0.4, 0, 1, "share", "lost of every signal without working channels")
    rhetoric_loss: float = number(0.5, 0, 1, "share", "lost of public words")
    inconsistency_loss: float = number(0.8, 0, 5, "1/hostility", "more, of a sender that contradicts itself")
    strikes_loss: float = number(0.25, 0, 1, "share", "lost of acts")
    tempo_loss: float = number(0.3, 0, 5, "day/strike", "more, for the pace of strikes")
    opacity_loss: float = number(0.6, 0, 1, "share", "lost of private words of which nothing is read out")
    economic_loss: float = number(0.2, 0, 1, "share", "lost of economic signals")
    most_loss: float = number(0.9, 0, 1, "share", "most that is lost of words or acts")
    mediation_readout: float = number(
        0.5, 0, 1, "share", "of private talk that is not read out, known where messages are carried"
    )
    made_up: float = number(1, 0, 2, "share", "vividness of what is made up, beside the real thing")
    suspicion: float = number(0.6, 0, 5, "utility/hostility", "appetite that suspicion makes up")


class Feeling(Table):
    """Mood: how hostile the rival is felt to be; and fear that it goes to war."""

    gain: float = number(0.05, 0, 1, "1/day", "weight of the day's hostility")
    decay: float = number(0.06, 0, 1, "1/day", "share of a mood that passes each day")
    suspicion: float = number(0.6, 0, 5, "1", "hostility that suspicion makes up where evidence is lost")
    incident: float = number(
        0.8, -1, 1, "hostility", "least hostility that is felt on the day of an incident"
    )
    fear_days: float = number(30, 0, 3650, "days", "how far ahead fear looks")


class Conduct(Table):
    """How acts change their sender and the world."""

    tempo_cap: float = number(2, 0, 2, "strikes/day", "most strikes that count for a day's pace")
    retreat_credibility: float = number(
        0.3, 0, 1, "1/commitment", "credibility lost by a public retreat from what was staked"
    )
    force_credibility: float = number(
        0.3, 0, 1, "share", "of the credibility missing, gained by force on land"
    )
    bluff_credibility: float = number(0.5, 0, 1, "share", "of credibility, kept when an ultimatum lapses")
    bluff_commitment: float = number(0.5, 0, 1, "share", "of what was staked, kept when an ultimatum lapses")
    blood: float = number(0.5, 0, 1, "share", "heat of a day on which somebody is killed")
    stance_shift: float = number(
        0.03, 0, 1, "stance", "how far killing turns third parties away from who kills"
    )


class Adjustment(Table):
    """How resolve moves from day to day."""

    resolve_low: float = number(0.02, 0, 0.5, "resolve", "lowest resolve")
    resolve_high: float = number(0.98, 0.5, 1, "resolve", "highest resolve")


class Chance(Table):
    """What nobody chose."""

    incident_force: float = number(
        4, 0, 20, "1/force²", "forces of both sides at close quarters, in incidents"
    )
    control_force: float = number(4, 0, 20, "1/force²", "the same, in losing control")
    control_deaths: float = number(100, 0, 1e6, "deaths", "killed when control is lost")
    control_hardship: float = number(2, 0, 100, "index", "hardship when control is lost")
    fade_tension: float = number(
        0.36, 0.01, 1, "share", "tension above which a crisis does not end by itself"
    )


class Coefficients(Table):
    """All coefficients, by equation."""

    coercer: Coercer = table()
    target: Target = table()
    choice: Choice = table()
    going_on: GoingOn = table()
    assault: Assault = table()
    exit: Exit = table()
    terms: Terms = table()
    reacting: Reacting = table()
    perception: Perception = table()
    feeling: Feeling = table()
    conduct: Conduct = table()
    adjustment: Adjustment = table()
    chance: Chance = table()
