"""Numba for the batch engine: the rules compiled as they stand, and a cache that never serves old ones."""

from __future__ import annotations

import atexit
import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numba
import numpy
from numba.core import config
from numba.extending import register_jitable

import sim.rules.act
import sim.rules.adjust
import sim.rules.chance
import sim.rules.choose
import sim.rules.draws
import sim.rules.end
import sim.rules.infer
import sim.rules.measure
import sim.rules.perceive
import sim.rules.portable  # noqa: F401  (importing the rules fills RULES)
from sim.compute.fingerprints import digest_of_files, matched
from sim.rules import RULES

F = TypeVar("F", bound=Callable[..., object])

# All that kernels are made from: the rules, the loops, and the tables whose fields and constants they name.
# A test holds that these modules take nothing else of the package but what is read before a kernel is called.
COMPILED = (
    "rules/*.py",
    "engines/batch/*.py",
    "engines/tally.py",
    "schema/actors.py",
    "schema/coefficients.py",
    "schema/fields.py",
    "schema/outcomes.py",
    "schema/signals.py",
    "schema/world.py",
)

# No fast-math: it would let the compiler reorder sums. Division by zero gives inf, as on the CPU, since a
# check in the lane loops would keep them from being vectorised.
OPTIONS = {"error_model": "numpy", "nogil": True}

# Nobody calls a rule or a kernel from Python or C once compiled: without the wrappers for that, compiling
# takes two thirds of the time.
INNER = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}


for function in RULES:
    register_jitable(error_model="numpy", forceinline=True, **INNER)(function)


@cache
def cache_folder() -> str:
    """Where compiled kernels are kept: a folder for each state of their sources, "" if there is no safe place.

    Numba looks only at the file that holds a kernel to tell whether its cache is still good; the rules are
    in other files. A folder named by the sources of all of them, and by the versions of numba and NumPy,
    makes an old kernel impossible to find. What numba reads there are pickles, which can run anything: so the folder
    must be this user's alone. If no lasting one is, kernels are kept until this process ends.
    """
    versions = f"{digest_of_files(matched(COMPILED))} numba {numba.__version__} numpy {numpy.__version__}"
    state = hashlib.sha256(versions.encode()).hexdigest()[:16]
    home = os.environ.get("BRINK_CACHE") or os.environ.get("XDG_CACHE_HOME")
    base = Path(home) if home else Path.home() / ".cache"
    for parent in (base / "brink", Path(tempfile.gettempdir()) / f"brink-{os.getuid()}"):
        folder = parent / f"kernels-{state}"
        if is_private(parent) and is_private(folder):
            return str(folder)
    return _until_exit()


def is_private(folder: Path) -> bool:
    """Whether a folder, made if it does not exist, belongs to this user and is closed to all others (mode 0700)."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        about = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(about.st_mode) and about.st_uid == os.getuid() and not about.st_mode & 0o077


def _until_exit() -> str:
    """A new folder of this user's alone, removed when the process ends; "" if none can be made."""
    try:
        folder = tempfile.mkdtemp(prefix="brink-")
    except OSError:
        return ""
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


ENTRIES: list[Any] = []
"""The functions that Python calls, as numba has them."""


def is_compiled() -> bool:
    """Whether the cache has what this copy of the package calls.

    Numba keeps a folder for each place that a package lies at, and throws away what is older than the file.
    """
    return all(_is_kept(each) for each in ENTRIES)


def _is_kept(entry_: Any) -> bool:
    folder = entry_.stats.cache_path
    source = Path(entry_.py_func.__code__.co_filename).stat().st_mtime
    return bool(folder) and any(index.stat().st_mtime >= source for index in Path(folder).glob("*.nbi"))


def kernel(function: F) -> F:
    """Compile a loop over lanes; it is called from other kernels only."""
    compiled: F = numba.njit(**OPTIONS, **INNER)(function)
    return compiled


def entry(function: F) -> F:
    """Compile a function that Python calls, and keep it in the cache."""
    before = config.CACHE_DIR
    config.CACHE_DIR = cache_folder()
    try:
        compiled: F = numba.njit(cache=bool(config.CACHE_DIR), **OPTIONS)(function)
    finally:
        config.CACHE_DIR = before
    if not config.DISABLE_JIT:
        ENTRIES.append(compiled)
    return compiled
