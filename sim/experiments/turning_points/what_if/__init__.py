"""What if another signal had been sent: one day of one run, each signal that was possible, common random numbers."""
