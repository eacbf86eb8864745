"""What is new, for whom, as mail."""
