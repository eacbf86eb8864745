"""What a rule found, before it is decided whether it becomes a record: with the reason, so that it can be explained."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.model import Action, Instrument, Salience, Status

LIMIT = 400
"""No article reports more candidates; beyond it a text is no article, and reading stops so that time stays linear."""
_MOST_EVIDENCE = 8


@dataclass(slots=True, kw_only=True)
class Candidate:
    """One possible announcement. Mutable while an article is read, never handed out of this folder."""

    rule: str
    """Name of the rule that made it: `issued`, `named`, `own page`, `repealed` …"""
    trigger: str
    """The words that set the rule off, as printed."""
    title: str
    instrument: Instrument
    head: str = ""
    """The noun that names the instrument, lower case: `guideline`, `公告`."""
    number: str | None = None
    issuers: tuple[str, ...] = ()
    actor: str | None = None
    """Who is said to act, as printed, also where that is no body of the table: `China`, `authorities`."""
    issued_on: str | None = None
    effective_on: str | None = None
    status: Status = "issued"
    salience: Salience = "news"
    action: Action = "other"
    occasion: bool = False
    """Whether its date is that of the occasion it was told at, or the year in its name: no day of its own."""
    usual: bool = False
    """Whether no word told the action and it is what an instrument of the kind usually does."""
    regions: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    evidence: list[tuple[int, int]] = field(default_factory=list)
    """Offsets of sentences, best first."""
    strength: int = 1
    """How surely the words name an instrument: 3 by a number or a name of its own, 2 by a noun, 1 by a phrase."""
    possessed: bool = False
    """Whether it was printed with `the` or `its`: an instrument that was spoken of before."""
    beside: bool = False
    """Whether it stands beside another under one verb, `a plan and a program`: two of one kind are two."""
    kept: bool = True
    reason: str = ""
    """Why it was kept or dropped."""

    def drop(self, reason: str) -> None:
        """Leave it out of the records, and say why."""
        self.kept = False
        self.reason = reason

    def add_evidence(self, *spans: tuple[int, int]) -> None:
        """Add sentences that are not there yet, after those that are."""
        for span in spans:
            if len(self.evidence) < _MOST_EVIDENCE and span not in self.evidence:
                self.evidence.append(span)
