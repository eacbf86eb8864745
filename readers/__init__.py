"""Reads pages in a process of its own: one that breaks or stops the parser or extractor costs that process only."""
