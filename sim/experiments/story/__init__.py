"""One run told day by day, in plain English: each sentence states a fact of that run.

The run is not stored. It is played again by the Mesa engine from the scenario, the seed and its number.
"""
