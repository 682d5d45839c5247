"""Brink: simulated crises, and how much of their risk is misreading."""
