"""Who plays the days: `batch`, compiled, and `mesa`, to be watched; with the same bits."""
