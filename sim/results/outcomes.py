"""What runs cost by how they ended: counted so that no row a run is needed, and as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.compute.experiment import Piece
from sim.engines.tally import Rows
from sim.scenario.scenario import Scenario
from sim.schema.outcomes import Outcome

if TYPE_CHECKING:
    import pandas as pd


Whole = NDArray[np.int64]
FRACTION = 256.0  # sums are in 256ths
EXACT = 2048  # deaths below are counted one by one, those above to one part in a thousand
OCTAVES = 16  # doublings above that are told apart: up to 134 million deaths
HALF = EXACT // 2
BINS = EXACT + OCTAVES * HALF
COUNTS = ("outcomes", "limited_force", "deaths", "hardship", "killed")


def harm_counts(rows: Rows, scenario: Scenario) -> Piece:
    """Whole-number counts of a batch's rows, by outcome (8 of them, first axis).

    outcomes: (8,) runs; limited_force: (1,) runs that saw it; deaths and hardship: (8,) sums in 256ths;
    killed: (8, BINS) how many runs had how many deaths beyond :func:`certain`, by bin of :func:`death_bin`.
    """
    outcome = rows["outcome"].astype(np.int64)
    kinds = len(Outcome)
    killed = death_bin(rows["deaths"].astype(np.float64) - certain(scenario)[outcome])
    found = {
        "outcomes": np.bincount(outcome, minlength=kinds),
        "limited_force": np.array([np.count_nonzero(rows["limited_force"])]),
        "deaths": _sums(outcome, rows["deaths"]),
        "hardship": _sums(outcome, rows["hardship"]),
        "killed": np.bincount(outcome * BINS + killed, minlength=kinds * BINS).reshape(kinds, BINS),
    }
    return {name: found[name].astype(np.int64) for name in COUNTS}


def certain(scenario: Scenario) -> NDArray[np.float64]:
    """(8,) The least deaths by the end of a run of each outcome: those before day 0, and those that the end brings."""
    least = np.full(len(Outcome), scenario.world.deaths)
    for outcome in Outcome:
        brought = [s.deaths for s in scenario.signals.values() if s.decisive and s.ends == outcome.name]
        least[outcome] += min(brought, default=0.0)
    least[Outcome.loss_of_control] += scenario.coefficients.chance.control_deaths
    return least


def _sums(outcome: Whole, values: NDArray[Any]) -> Whole:
    sums = np.zeros(len(Outcome), np.int64)
    np.add.at(sums, outcome, np.rint(values.astype(np.float64) * FRACTION).astype(np.int64))
    return sums


def death_bin(deaths: NDArray[np.float64]) -> Whole:
    """Bin of a number of deaths: itself below EXACT, then HALF bins to each doubling; 0..BINS-1."""
    whole = np.clip(np.rint(deaths), 0, EXACT * 2**OCTAVES - 1).astype(np.int64)
    octave = np.maximum(0, np.frexp(whole.astype(np.float64))[1] - EXACT.bit_length() + 1)
    return np.asarray(np.where(octave > 0, EXACT + (octave - 1) * HALF + (whole >> octave) - HALF, whole))


def least_deaths(bin_: int) -> int:
    """The least number of deaths that a bin counts: the number itself below EXACT."""
    if bin_ < EXACT:
        return bin_
    octave, place = divmod(bin_ - EXACT, HALF)
    return (HALF + place) << (octave + 1)


def harm_table(counts: Piece, scenario: Scenario) -> pd.DataFrame:
    """A row for each outcome that occurred: outcome, runs, deaths_mean, deaths_q05, deaths_q95, hardship_mean.

    Deaths by the end of the run, those before day 0 among them. Quantiles are values that occurred (the 5 %
    one rounded down, the 95 % one up); where more than 2,048 died beyond those that are certain, to one part in
    a thousand of these.
    """
    import pandas as pd  # here, since workers do without

    least = certain(scenario)
    found = []
    for outcome in Outcome:
        runs = int(counts["outcomes"][outcome])
        if not runs:
            continue
        below = counts["killed"][outcome].cumsum()
        low, high = (int(np.searchsorted(below, place, side="right")) for place in _places(runs))
        found.append(
            {
                "outcome": outcome.name,
                "runs": runs,
                "deaths_mean": int(counts["deaths"][outcome]) / FRACTION / runs,
                "deaths_q05": float(least[outcome]) + least_deaths(low),
                "deaths_q95": float(least[outcome]) + least_deaths(high),
                "hardship_mean": int(counts["hardship"][outcome]) / FRACTION / runs,
            }
        )
    return pd.DataFrame(found)


def _places(runs: int) -> tuple[int, int]:
    """Places, from 0, of the 5 % and the 95 % quantile among so many values in order, outward to a value."""
    return 5 * (runs - 1) // 100, -(-95 * (runs - 1) // 100)


def counted(counts: Piece) -> dict[str, int]:
    """How many runs were of each outcome, and how many saw limited force."""
    found = {outcome.name: int(counts["outcomes"][outcome]) for outcome in Outcome}
    return found | {"limited_force": int(counts["limited_force"][0])}
