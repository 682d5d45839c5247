"""The world of a crisis: what it is like on day 0, what returns to rest, how luck and fog work."""

from sim.schema.fields import Table, number, whole


class World(Table):
    """The world on day 0, and what is fixed about it."""

    contact: float = number(0.3, 0, 1, "share", "principals in touch")
    framework: float = number(0.15, 0, 1, "share", "working diplomatic channels")
    sanctions: float = number(0.5, 0, 1, "share", "sanctions on the target")
    opposition: float = number(0.1, 0, 1, "share", "opposition to the coercer")
    backing: float = number(0.05, 0, 1, "share", "backing of the coercer")
    support: float = number(0.1, 0, 1, "share", "support for the target")
    access: float = number(0.5, 0, 1, "share", "bases that third parties open to the coercer")
    mediation: float = number(0, 0, 1, "share", "messages that third parties carry")
    guarantee: float = number(0, 0, 1, "share", "how far third parties vouch for a deal")
    asylum: float = number(0, 0, 1, "share", "refuge that third parties offer")
    hardship: float = number(0, 0, 1000, "index", "hardship of civilians so far; reported only")
    deaths: float = number(0, 0, 1e7, "deaths", "killed so far; reported only")
    tempo: float = number(0.25, 0, 2, "strikes/day", "recent pace of strikes")
    tension: float = number(0.45, 0, 1, "share", "A: tension, an average of the recent past")
    level: float = number(5, 0, 10, "rung", "escalation level; for figures only")
    demand: float = number(1, 0, 1, "share", "d: share of what is at stake that the coercer demands")
    tender: float = number(0, 0, 1, "share", "o: share of what is at stake that the target would give")
    readout_share: float = number(0.1, 0, 1, "share", "share of private talk that is made public")
    outreach: float = number(0.5, 0, 1, "share", "0 the coercer's private words are leverage, 1 a probe")
    immunity: float = number(0.4, 0, 1, "share", "safety that an exit offer promises")
    incident_rate: float = number(
        0.01, 0, 0.2, "1/day", "chance of an incident, per unit of forces and tempo"
    )
    loss_of_control: float = number(
        0.0021, 0, 0.2, "1/day", "chance of war that nobody ordered, at full tension and full forces"
    )
    fade_rate: float = number(0.016, 0, 0.5, "1/day", "chance that the crisis ends by itself, at no tension")


class Kept(Table):
    """Share of a quantity's distance from its rest that is kept each day.

    Contact rests at 0, the other shares of the world at their value on day 0; forces, credibility and stance at
    the actor's own on day 0; what was staked, precedent, inconsistency, tempo, tension and level at 0.
    """

    contact: float = number(0.9, 0, 1, "1/day", "share kept")
    framework: float = number(0.98, 0, 1, "1/day", "share kept")
    sanctions: float = number(0.985, 0, 1, "1/day", "share kept: enforcement slackens over months")
    opposition: float = number(0.95, 0, 1, "1/day", "share kept")
    backing: float = number(0.95, 0, 1, "1/day", "share kept")
    support: float = number(0.96, 0, 1, "1/day", "share kept")
    access: float = number(0.98, 0, 1, "1/day", "share kept: leases last months")
    mediation: float = number(0.85, 0, 1, "1/day", "share kept: a message is warm for a week")
    guarantee: float = number(0.97, 0, 1, "1/day", "share kept: about a month")
    asylum: float = number(0.97, 0, 1, "1/day", "share kept: about a month")
    tempo: float = number(0.93, 0, 1, "1/day", "share kept; the rest is the day's strikes")
    tension: float = number(0.93, 0, 1, "1/day", "share kept; the rest is the day's heat")
    level: float = number(0.93, 0, 1, "1/day", "share kept")
    posture: float = number(0.98, 0, 1, "1/day", "share kept: forces cost money and go home")
    commitment: float = number(0.97, 0, 1, "1/day", "share kept of what was publicly staked")
    credibility: float = number(0.985, 0, 1, "1/day", "share kept")
    precedent: float = number(
        0.985, 0, 1, "1/day", "share kept: a line once crossed", "Schelling 1966 for the idea"
    )
    inconsistency: float = number(0.85, 0, 1, "1/day", "share kept; the rest is the day's change of tone")
    terms: float = number(0.99, 0, 1, "1/day", "share kept of what was conceded in bargaining")
    stance: float = number(0.95, 0, 1, "1/day", "share kept of how far a stance has moved")


class Clocks(Table):
    """How long things last."""

    offer: int = whole(14, 1, 3650, "days", "life of an exit offer, from the day after")
    ultimatum: int = whole(7, 1, 3650, "days", "time given by an ultimatum, from the day after")
    called: int = whole(7, 1, 3650, "days", "time in which an unanswered ultimatum is called")


class Decisive(Table):
    """When a capital takes the act that ends the crisis."""

    rate: float = number(
        0.1, 0, 1, "1/day", "ρ: chance a day that the best decisive act is taken up, if far better"
    )
    temperature: float = number(0.06, 0.005, 5, "utility", "τ: how loosely decisive choice follows utility")
    first_strike: float = number(
        0.5, 0, 1, "share", "share of the cost of war that striking first saves the target"
    )


class Belief(Table):
    """How sure observers are of what they believe about a rival's resolve and appetite."""

    drift: float = number(0.0005, 0, 0.1, "resolve²/day", "doubt about resolve that comes back each day")
    variance_cap: float = number(0.06, 0, 0.25, "resolve²", "most doubt about resolve")
    appetite_drift: float = number(
        0.00005, 0, 0.1, "utility²/day", "doubt about appetite that comes back each day"
    )
    appetite_variance_cap: float = number(0.02, 0, 0.25, "utility²", "most doubt about appetite")
    resolve_low: float = number(-0.2, -2, 0, "resolve", "lowest resolve that is believed")
    resolve_high: float = number(1.2, 1, 3, "resolve", "highest resolve that is believed")
    appetite_most: float = number(0.6, 0, 5, "utility", "most appetite, or distaste, that is believed")


class Fog(Table):
    """Switches of what an observer does not know; 0 is off, 1 the full law.

    The first five are fog: evidence that is lost, and made up. ``uncertainty`` is private information: types that
    have to be inferred. All six off is clear sight; uncertainty alone is sight without fog. The last three say what
    the five work on, to tell apart by which route fog acts: off, the five leave that route alone.
    """

    framework: float = number(1, 0, 1, "switch", "no working channels")
    rhetoric: float = number(1, 0, 1, "switch", "public words")
    strikes: float = number(1, 0, 1, "switch", "acts seen, intent guessed")
    opacity: float = number(1, 0, 1, "switch", "private talk without a readout")
    suspicion: float = number(1, 0, 1, "switch", "hostile attribution, or complacency")
    uncertainty: float = number(1, 0, 1, "switch", "resolve and appetite of the rival are private")
    acts: float = number(1, 0, 1, "switch", "fog works on what an act is felt to mean")
    types: float = number(1, 0, 1, "switch", "fog works on beliefs about resolve and appetite")
    sincerity: float = number(1, 0, 1, "switch", "fog works on whether an offer is held to be meant")
