"""Numbers of a scenario moved through values."""
