"""The same model as a Mesa user would write it, twice, and how fast each is beside the batch engine."""
