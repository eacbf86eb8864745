"""Keep every fetched page; read it back in bulk."""
