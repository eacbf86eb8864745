"""The analysts' site."""
