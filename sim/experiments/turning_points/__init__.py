"""Where a crisis turned: its risk day by day, what another signal would have changed, and when one matters most.

All of it is the same crisis gone on with other luck, or with another act, and compared under common luck.
"""
