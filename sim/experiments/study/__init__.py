"""All runs of a scenario, what came of them, and what else is asked of each."""
