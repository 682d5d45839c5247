"""``python -m sim`` is ``brink``."""

from __future__ import annotations

from typing import NoReturn


def main() -> NoReturn:
    """Run ``brink`` with the arguments of this process."""
    from sim.compute import interrupts  # the very first, so that Ctrl-C is met in plain words from here on

    interrupts.leave_at_once()
    from sim.commands.main import main as begun  # takes a tenth of a second to import

    begun()


if __name__ == "__main__":
    main()
