"""Turning points of a crisis: its risk evening by evening, what another signal would have changed, and when one matters.

All compare plays of the same crisis under common random numbers: continued with other luck, or with another act.
"""
