"""Storing many stories in one transaction: asked for together, decided one after the other, written together."""
