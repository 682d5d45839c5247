"""The tests: what Brink promises, claim by claim."""
