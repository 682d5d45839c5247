"""Every run beside its clear-sighted twin: how much of the risk is misreading, whose, and where they part.

The twin is the same run, with the same luck, in which all see each other truly (:func:`sim.scenario.counterfactual.clear_sighted`).
War in the run and none in its twin is miscalculated war.
"""

from __future__ import annotations

from sim.experiments.twins.question import PART

__all__ = ["PART"]
