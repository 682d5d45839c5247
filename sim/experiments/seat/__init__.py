"""A seat at the table: a person plays one capital or several, day by day; the model plays the others.

A game is a seed, the number of a run and a list of signals (:mod:`~sim.experiments.seat.game`), so it can be played
again; as a scenario, it is one in which those signals are scripted, so all that is asked of a run can be asked of it.
"""
