"""The observed engine: one crisis as a Mesa model, to be watched, stepped and changed by hand.

Importing Mesa 3.3 sets the start method of multiprocessing to "spawn" for the whole program; what was
set before is put back here, so that a notebook's own pools are not changed behind its back.
"""

from __future__ import annotations

import multiprocessing

_before = multiprocessing.get_start_method(allow_none=True)

import mesa  # noqa: E402, F401  (imported for that side effect, to undo it)

multiprocessing.set_start_method(_before, force=True)
