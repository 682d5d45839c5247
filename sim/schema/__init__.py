"""What a scenario can say: every number with its unit, range and source; signals; outcomes."""
