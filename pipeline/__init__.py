"""Page -> article -> statements: pure functions, no I/O."""
