"""The probability of wars too rare to be counted."""
