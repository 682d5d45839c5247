"""Two scenarios side by side: which numbers differ, and what follows."""
