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


class Actor(Table):
    """What all actors have."""

    title: str = text("", "name in figures and stories")
    seat: int = whole(0, 0, 255, "seat", "keys the actor's luck and the order of effects; one actor a seat")
    temperature: float = number(0.12, 0.005, 5, "utility", "how loosely choice follows utility (logit)")
    suspicion: float = number(0.1, -0.3, 0.3, "resolve", "hostile attribution; complacency where negative")
    prior_error: float = number(0.2, 0, 1, "resolve", "spread of the first belief around the truth")
    inclination: dict[str, Annotated[float, Field(ge=-10, le=10)]] = Field(
        default_factory=dict,
        description="alternative-specific constant of each ordinary signal [utility]; 0 where left out",
    )
    forbid: tuple[str, ...] = Field((), strict=False, description="signals taken away from the actor")
    fog: OwnFog = table()


class Principal(Actor):
    """The coercer or the target."""

    role: Literal["coercer", "target"]
    resolve: float = number(0.6, 0, 1, "resolve", "true willingness to bear the cost of force, on average")
    resolve_spread: float = number(0.12, 0, 0.5, "resolve", "spread of the true resolve between runs")
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
    reciprocity: float = number(0.35, 0, 5, "utility", "pull towards answering in kind")
    posture: float = number(0.3, 0, 1, "posture", "forces in place on day 0")
    commitment: float = number(0.2, 0, 1, "commitment", "publicly staked on day 0")
    reactivity: float = number(
        0.03,
        0,
        1,
        "resolve/day",
        "how fear of the rival hardens",
        "Richardson 1960 for the form; size: assumption",
    )
    recovery: float = number(0.05, 0, 1, "1/day", "pull of the actor's own type")
    volatility: float = number(0.02, 0, 0.5, "resolve/day", "debate inside the capital")


class ThirdParty(Actor):
    """A state that watches the coercer and can call, mediate, oppose, back or aid."""

    role: Literal["third"]
    alignment: float = number(0, -1, 1, "alignment", "-1 the target's side, +1 the coercer's")
    influence: float = number(0.5, 0, 1, "share", "scales the effects of what it sends")


AnyActor = Annotated[Principal | ThirdParty, Field(discriminator="role")]
