"""What the reader of an English article knows so far: who spoke, who is in focus, what was refused."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.quotes.cast import Cast
from pipeline.quotes.records import Mention, Refused, Speaker


@dataclass(slots=True, kw_only=True)
class Memory:
    """What the reader of the article knows so far."""

    cast: Cast
    text: str = ""
    """The article with the quoted words in place; everything else reads it with them blanked."""
    person: Speaker | None = None
    group: Speaker | None = None
    thing: Speaker | None = None
    """The body or document in focus, as far as sentences are read for it; `thing_in_focus` reads the others."""
    unread: list[tuple[int, int]] = field(default_factory=list)
    """The sentences since then that nobody reports: their subjects are read when `it` asks for one."""
    last: Speaker | None = None
    doing: tuple[int, Speaker | None] = (0, None)
    """Where the last sentence ended that tells what somebody does, and who: the words after it are theirs."""
    groups: dict[str, Speaker] = field(default_factory=dict)
    """Unnamed groups by their noun: `the executives` are the `executives of four chip firms` named before."""
    people: dict[str, Speaker] = field(default_factory=dict)
    """The records of people with a full name, made when first asked for."""
    posts: dict[str, Speaker] = field(default_factory=dict)
    refused: list[Refused] = field(default_factory=list)
    """What was considered and became no quote."""

    def keep(self, speaker: Speaker) -> Speaker:
        """Remember the speaker for later pronouns and continued quotations."""
        plain = speaker.plain()
        if speaker.type == "person":
            self.person = plain
        elif speaker.type == "unnamed":
            self.group = plain
        else:
            self.turn_to(plain)
        self.last = plain
        return speaker

    def turn_to(self, thing: Speaker) -> None:
        """That body or document is in focus, whatever the sentences before it have for a subject."""
        self.thing = thing
        self.unread.clear()


def through(speaker: Speaker | None, mention: Mention) -> Speaker | None:
    """The speaker, if there is one, with the mention noted as the way to it."""
    return speaker.via(mention.text) if speaker else None
