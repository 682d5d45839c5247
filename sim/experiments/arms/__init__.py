"""Arms compared under common random numbers: whole scenarios, or the arms of one scenario."""
