"""The model is compiled before work begins: once, said, and where Ctrl-C can stop it."""

from __future__ import annotations

from sim.compute.scheduler import Announce
from sim.scenario.scenario import Scenario


def ready(scenario: Scenario, announce: Announce | None = None) -> None:
    """Compile the model in this thread if that is to be done; ``announce`` is told. Threads find all imported."""
    from sim.engines.batch.compiler import is_compiled
    from sim.engines.batch.engine import Program

    program = Program.of(scenario)
    if not is_compiled():
        if announce:
            announce("Compiling the model; this happens once and takes about 20 seconds.")
        program.compile()
