"""The documents, and what in them is made by the program: `python -m docs` fills it in again."""

from pathlib import Path

# The scenarios that come with Brink. A checkout may hold a user's own beside them, which no document or test is about.
SHIPPED = tuple(
    Path(__file__).parent.parent / "scenarios" / f"{name}.toml"
    for name in ("calm", "cuba1962", "duel", "standoff", "tense")
)
