"""The command `policywire`."""
