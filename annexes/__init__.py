"""Reads attached files in a process of its own, so that a hostile one costs that process and nothing else."""
