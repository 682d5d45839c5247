"""When a signal matters: what it changes, by the day on which it comes."""
