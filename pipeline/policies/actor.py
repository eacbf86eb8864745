"""A public authority as subject or agent of an English verb."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """A public authority as subject or agent."""

    issuers: tuple[str, ...]
    """Empty for `China`, `authorities` and the like."""
    name: str
    """As printed, or what it was resolved to."""
    start: int
    end: int
