"""The model is compiled before work begins: once, said, and where Ctrl-C can stop it."""

from __future__ import annotations

import resource

from sim.compute.scheduler import Announce
from sim.scenario.scenario import Scenario

LEAST_ADDRESSES = 1_500_000_000
"""Bytes of addresses that the compiler needs (on two cores; most are never touched): with fewer it aborts, or waits for ever."""


def ready(scenario: Scenario, announce: Announce | None = None) -> None:
    """Compile the model in this thread if that is to be done; ``announce`` is told. Threads find all imported.

    Raises MemoryError if this process may not have as much as that takes (``ulimit -v``).
    """
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    if 0 <= limit < LEAST_ADDRESSES:
        raise MemoryError(f"{limit:,} bytes of addresses")
    from sim.engines.batch.compiler import is_compiled
    from sim.engines.batch.engine import Program

    program = Program.of(scenario)
    if not is_compiled():
        if announce:
            announce("Compiling the model; this happens once and takes about 20 seconds.")
        program.compile()
