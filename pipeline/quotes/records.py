"""What the quote finder passes between its steps: mentions of sources, speakers, candidates with their reasons."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from pipeline.model import QuoteKind, Role, SpeakerType

MentionKind = Literal["name", "surname", "pronoun", "post", "organization", "group", "document"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A noun phrase that stands for a source, as the sentence prints it."""

    kind: MentionKind
    text: str
    start: int
    end: int
    title: str | None = None
    organization: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Who a quote belongs to, resolved over the whole article."""

    name: str
    type: SpeakerType
    role: Role | None = None
    title: str | None = None
    organization: str | None = None
    chain: tuple[str, ...] = ()
    """How the name was found: the mention that the sentence prints, then what it stands for."""

    notes: tuple[str, ...] = ()
    """Who else was considered."""

    def via(self, mention: str) -> Speaker:
        """The same speaker, reached through one more mention."""
        return self if mention == self.name else self._with((mention, *self.chain), self.notes)

    def plain(self) -> Speaker:
        """The same speaker, without the way that led there."""
        return self._with((), ()) if self.chain or self.notes else self

    def _with(self, chain: tuple[str, ...], notes: tuple[str, ...]) -> Speaker:
        return Speaker(
            name=self.name, type=self.type, role=self.role, title=self.title, organization=self.organization,
            chain=chain, notes=notes,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A quote with the reasons why it was taken for one."""

    start: int
    end: int
    kind: QuoteKind
    cue: str
    rule: str
    """Name of the grammar rule that found it."""
    speaker: Speaker | None = None
    notes: tuple[str, ...] = field(default=())
    """What was considered and dropped on the way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Words that looked like a quote and were not taken for one."""

    start: int
    end: int
    cue: str
    rule: str
    reason: str
    chain: tuple[str, ...] = ()
