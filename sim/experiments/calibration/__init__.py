"""Numbers of a scenario solved from what is on record."""
