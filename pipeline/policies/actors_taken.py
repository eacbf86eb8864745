"""The authorities found so far in a stretch of text, none of whose words another may take."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.policies.actor import Actor
from pipeline.policies.actors_meant import Meant


@dataclass(slots=True)
class Named:
    """What has been found so far in `text[start:end]`, and which of its words are told for."""

    meant: Meant
    text: str
    start: int
    end: int
    sentence: str
    found: list[Actor]
    taken: list[tuple[int, int]]

    def free(self, first: int, last: int) -> bool:
        """Whether no authority takes a word between these places."""
        return not any(s < last and first < e for s, e in self.taken)

    def add(self, actor: Actor) -> None:
        """One more authority, whose words no other may take."""
        self.found.append(actor)
        self.taken.append((actor.start, actor.end))
