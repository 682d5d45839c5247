"""What runs came to: observables, curves, outcomes, rows; the folders in which they are kept."""
