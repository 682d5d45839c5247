"""Questions that are asked of scenarios, one folder each, and the runner that answers them."""
