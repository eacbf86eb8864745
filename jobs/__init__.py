"""What the scheduler runs: commands in process groups of their own, what it does between crawls, crawls asked for."""
