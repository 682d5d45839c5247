"""Which assumptions the results of a scenario rest on."""
