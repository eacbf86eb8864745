"""What is known: one SQLite file."""
