"""Simulated crises beside the historical record: which of its figures the model comes near, and which it misses."""
