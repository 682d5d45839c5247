"""Studies of several scenarios side by side."""
