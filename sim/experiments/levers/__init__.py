"""What every number of a scenario does, one at a time."""
