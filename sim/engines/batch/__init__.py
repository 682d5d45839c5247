"""The compiled engine: many crises side by side, each in a lane."""
