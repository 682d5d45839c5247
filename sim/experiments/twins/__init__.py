"""Every run beside its clear-sighted twin: how much of the risk is misreading, whose, and where they part."""
