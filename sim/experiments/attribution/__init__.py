"""How much each channel of fog adds to the risk of war: Shapley values over all subsets of the channels."""
