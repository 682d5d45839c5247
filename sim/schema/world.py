"""The world of a crisis: what it is like on day 0, what decays, how luck and fog work."""

from sim.schema.fields import Table, number, whole


class World(Table):
    """The world on day 0, and what is fixed about it."""

    contact: float = number(0.3, 0, 1, "share", "principals in touch")
    framework: float = number(0.15, 0, 1, "share", "working diplomatic channels")
    trust: float = number(0.3, 0, 1, "share", "trust in the coercer's word")
    progress: float = number(0, 0, 1, "share", "progress of talks")
    sanctions: float = number(0.5, 0, 1, "share", "sanctions on the target")
    opposition: float = number(0.1, 0, 1, "share", "opposition to the coercer")
    backing: float = number(0.05, 0, 1, "share", "backing of the coercer")
    support: float = number(0.1, 0, 1, "share", "support for the target")
    hardship: float = number(0, 0, 1000, "index", "hardship of civilians so far; reported only")
    deaths: float = number(0, 0, 1e7, "deaths", "killed so far; reported, and brings scrutiny")
    tempo: float = number(0.25, 0, 2, "strikes/day", "recent pace of strikes")
    level: float = number(5, 0, 10, "rung", "escalation level")
    readout_share: float = number(0.1, 0, 1, "share", "share of private talk that is made public")
    outreach: float = number(0.5, 0, 1, "share", "0 the coercer's private words are leverage, 1 a probe")
    immunity: float = number(0.4, 0, 1, "share", "safety that an exit offer promises")
    scrutiny: float = number(
        0.0008, 0, 0.1, "utility/death", "what each death so far adds to the cost of killing"
    )
    settlement_rate: float = number(0.05, 0, 1, "1/day", "chance of settlement at full progress")
    incident_rate: float = number(
        0.01, 0, 0.2, "1/day", "chance of an incident, per unit of forces and tempo"
    )
    loss_of_control: float = number(
        0.002, 0, 0.2, "1/(day·rung)", "chance of war by loss of control, per rung above the threshold"
    )
    leak_rate: float = number(0.05, 0, 1, "1/signal", "chance that a private signal of the coercer leaks")
    leak_distortion: float = number(0.3, 0, 2, "hostility", "how far a leak bends what was said")


class Kept(Table):
    """Share of a quantity kept each day; framework and trust decay toward day 0's value, the rest toward 0."""

    contact: float = number(0.9, 0, 1, "1/day", "share kept")
    framework: float = number(0.98, 0, 1, "1/day", "share kept")
    trust: float = number(0.98, 0, 1, "1/day", "share kept")
    progress: float = number(0.97, 0, 1, "1/day", "share kept")
    sanctions: float = number(1, 0, 1, "1/day", "share kept")
    opposition: float = number(0.99, 0, 1, "1/day", "share kept")
    backing: float = number(0.99, 0, 1, "1/day", "share kept")
    support: float = number(0.99, 0, 1, "1/day", "share kept")
    tempo: float = number(0.93, 0, 1, "1/day", "share kept; the rest is the day's strikes")
    level: float = number(0.93, 0, 1, "1/day", "share kept")
    commitment: float = number(0.97, 0, 1, "1/day", "share kept of what was publicly staked")
    inconsistency: float = number(0.85, 0, 1, "1/day", "share kept; the rest is the day's change of tone")


class Clocks(Table):
    """How long things last."""

    offer: int = whole(14, 1, 3650, "days", "life of an exit offer, from the day after")
    ultimatum: int = whole(7, 1, 3650, "days", "time given by an ultimatum, from the day after")
    called: int = whole(7, 1, 3650, "days", "time in which an unanswered ultimatum is called")
    concession: int = whole(
        7, 1, 3650, "days", "time in which a concession counts as recent, its day included"
    )


class Decisive(Table):
    """When a capital takes the act that ends the crisis."""

    rate: float = number(
        0.1, 0, 1, "1/day", "ρ: chance a day that the best decisive act is taken up, if far better"
    )
    temperature: float = number(0.05, 0.005, 5, "utility", "τ_d: how loosely decisive choice follows utility")
    first_strike: float = number(
        0.5, 0, 1, "share", "share of the cost of war that striking first saves the target"
    )


class Belief(Table):
    """How sure observers are of what they believe."""

    variance: float = number(0.04, 0, 0.25, "resolve²", "variance of the first belief")
    drift: float = number(0.004, 0, 0.1, "resolve²/day", "doubt that comes back each day")
    variance_cap: float = number(0.06, 0, 0.25, "resolve²", "most doubt possible")


class Fog(Table):
    """Switches of the five channels of fog, for all observers; 0 is off, 1 the full law."""

    framework: float = number(1, 0, 1, "switch", "no working channels")
    rhetoric: float = number(1, 0, 1, "switch", "public words")
    strikes: float = number(1, 0, 1, "switch", "acts seen, intent guessed")
    opacity: float = number(1, 0, 1, "switch", "private talk without a readout")
    suspicion: float = number(1, 0, 1, "switch", "hostile attribution, or complacency")
