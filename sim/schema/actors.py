"""Who takes part: two principals and the third parties that watch and join."""

from typing import Annotated, Literal

from pydantic import Field

from sim.schema.fields import Table, number, optional, table, text, whole


class OwnFog(Table):
    """Fog switches of one observer, in place of the scenario's; left out, the scenario's hold."""

    framework: float | None = optional(0, 1, "switch", "no working channels")
    rhetoric: float | None = optional(0, 1, "switch", "public words")
    strikes: float | None = optional(0, 1, "switch", "acts seen, intent guessed")
    opacity: float | None = optional(0, 1, "switch", "private talk without a readout")
    suspicion: float | None = optional(0, 1, "switch", "hostile attribution, or complacency")
    uncertainty: float | None = optional(0, 1, "switch", "resolve and appetite of the rival are private")
    acts: float | None = optional(0, 1, "switch", "fog works on what an act is felt to mean")
    types: float | None = optional(0, 1, "switch", "fog works on beliefs about resolve and appetite")
    sincerity: float | None = optional(0, 1, "switch", "fog works on whether an offer is held to be meant")


class Actor(Table):
    """What all actors have."""

    title: str = text("", "name in figures and stories")
    seat: int = whole(0, 0, 255, "seat", "keys the actor's luck and the order of effects; one actor a seat")
    temperature: float = number(0.12, 0.005, 5, "utility", "T: how loosely choice follows utility (logit)")
    inclination: dict[str, Annotated[float, Field(ge=-10, le=10)]] = Field(
        default_factory=dict,
        description="alternative-specific constant of each ordinary signal [utility]; where left out, its role's habit",
    )
    sends: tuple[str, ...] = Field(
        (),
        strict=False,
        description="ordinary signals it may send beside hold; all that its role may if empty",
    )
    forbid: tuple[str, ...] = Field((), strict=False, description="signals taken away from the actor")


class Principal(Actor):
    """The coercer or the target."""

    role: Literal["coercer", "target"]
    resolve: float = number(0.6, 0, 1, "resolve", "θ: what it will bear to prevail, on average")
    resolve_spread: float = number(0.12, 0, 0.5, "resolve", "spread of the true resolve between runs")
    appetite: float = number(0, -1, 1, "utility", "η: liking for force for its own sake, on average")
    appetite_spread: float = number(0.08, 0, 0.5, "utility", "spread of the true appetite between runs")
    stake: float = number(1, 0, 5, "utility", "worth of prevailing")
    war_cost: float = number(1.6, 0, 10, "utility", "cost of war to one without resolve")
    audience_cost: float = number(
        0.5,
        0,
        5,
        "utility/commitment",
        "price of going back on what was staked",
        "Fearon 1994 for the idea; size: assumption",
    )
    dual_track: float = number(0.2, 0, 2, "utility", "pull towards talking while pressing")
    reciprocity: float = number(0.67, 0, 5, "utility", "pull towards answering in kind")
    capability: float = number(1, 0, 2, "force/posture", "what a unit of its posture is worth; public")
    posture: float = number(0.3, 0, 1, "posture", "p: forces in place on day 0, and where they return to")
    commitment: float = number(0.2, 0, 1, "commitment", "c: publicly staked on day 0")
    credibility: float = number(0.6, 0, 1, "share", "k: how far its word is taken, on day 0 and at rest")
    precedent: float = number(
        0.3,
        0,
        1,
        "rung/10",
        "q: the highest line that it crossed of late, on day 0",
        "Schelling 1966 for the idea; size: assumption",
    )
    mood: float = number(
        0.1, 0, 1, "hostility", "m: how hostile the rival is felt to be, on day 0 and by habit", "assumption"
    )
    recovery: float = number(0.05, 0, 1, "1/day", "pull of the actor's own type")
    volatility: float = number(0.02, 0, 0.5, "resolve/day", "debate inside the capital")
    suspicion: float = number(
        0.1,
        -0.3,
        0.3,
        "hostility",
        "hostile attribution; complacency where negative",
        "Jervis 1976 for the idea",
    )
    prior_error: float = number(0.2, 0, 1, "resolve", "spread of the first belief about the rival's resolve")
    prior_appetite_error: float = number(
        0.08, 0, 1, "utility", "spread of the first belief about the rival's appetite"
    )
    fog: OwnFog = table()


class ThirdParty(Actor):
    """A state that watches, speaks, carries messages, and holds what the principals need."""

    role: Literal["third"]
    stance: float = number(
        0, -1, 1, "stance", "a: -1 the target's side, +1 the coercer's; on day 0 and at rest"
    )
    voice: float = number(0.5, 0, 1, "share", "scales the effects of what it says")
    access: float = number(0.1, 0, 1, "share", "scales the effects of opening and closing bases")
    arms: float = number(0.2, 0, 1, "share", "scales the support that it gives")


AnyActor = Annotated[Principal | ThirdParty, Field(discriminator="role")]
