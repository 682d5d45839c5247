"""``python -m sim`` is ``brink``."""

from sim.commands.main import main

main()
