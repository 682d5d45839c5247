"""Estimators that know nothing of crises."""
