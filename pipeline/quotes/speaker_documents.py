"""Which document a mention stands for, and which document or body the next `it` means."""

from __future__ import annotations

from pipeline.patterns import regex
from pipeline.quotes.marks import BLANK
from pipeline.quotes.memory import Memory
from pipeline.quotes.records import Mention, Speaker

_NEW_DOCUMENT = regex(
    r"(?:(?:On|In|Last|This|Earlier) [^,.]{2,40}, )?([Aa]n? (?:[\w'’-]+ ){0,5}?(?:report|plan|guideline|document|"
    r"notice|regulation|circular|survey|study|white paper|blueprint|roadmap|statement|strategy|editorial)"
    r"(?: (?:on|to|for|about) [^,.;:]{3,90}?)?)(?=,? (?:jointly |recently |newly )?(?:issued|released|published|"
    r"unveiled|adopted|took|came|will|was|is|has|by|from)\b)"
)
"""A document that a sentence brings in: `On Friday, a regulation to save water took effect.`"""
_OPENING_DOCUMENT = regex(
    r"((?:The|This|Its) (?:[\w'’-]+ ){0,8}?(?:[Rr]eport|[Pp]lan|[Gg]uidelines?|document|[Nn]otice|[Mm]easures|"
    r"[Rr]egulations?|[Rr]ules|[Ss]urvey|study|[Ww]hite [Pp]aper|[Oo]utlook|draft|circular|blueprint|roadmap|statement|"
    r"[Ii]nitiative|strategy|[Oo]pinions|[Pp]rovisions|editorial)(?: \d{4}(?!\w)| \(\d{4}[^)]{0,6}\))?)"
    r"(?=(?:, [^.;:]{3,90},)? (?:is|was|are|were|has|have|also|will|aims?|outlines?|focus(?:es|ed)?|sets?|lays?|lists?|"
    r"covers?|details?|includes?|contains?|offers?|gives?|makes?|comes?|came|took|takes?|places?|introduc(?:es|ed?)|"
    r"requires?|prohibits?|bans?|supports?|encourages?|specif(?:ies|ied|y)|define[sd]?|[a-z]{3,}ed)\b)"
)


DETERMINERS = ("The ", "This ", "Its ", "A ", "An ", "On ", "In ", "Last ", "Earlier ")
"""What opens a sentence whose subject may be a document."""


def thing_in_focus(memory: Memory, text: str) -> Speaker | None:
    """The body or document that `it` means: the subject of the last sentence that has one."""
    while memory.unread:
        if (subject := _subject(memory, text, *memory.unread.pop())) is not None:
            memory.turn_to(subject)
    return memory.thing


def _subject(memory: Memory, text: str, start: int, end: int) -> Speaker | None:
    """The body or document that is the subject of a sentence which nobody reports."""
    cast = memory.cast
    body = cast.opening_body(text, start, end) or cast.data_owner(start, end) or cast.country_subject(start, end)
    if body is not None:
        return Speaker(name=cast.fullest(body), type="organization")
    return opening_document(memory, text, start, end)


def opening_document(memory: Memory, text: str, start: int, end: int) -> Speaker | None:
    """The document that is the subject of a sentence is what the next `it` means: `The plan has three parts.`"""
    if not text.startswith(DETERMINERS, start):
        return None
    if (opening := _OPENING_DOCUMENT.match(text, start, min(end, start + 160))) is not None:
        mention = Mention(kind="document", text=opening.group(1), start=start, end=opening.end())
        return Speaker(name=document_meant(mention, memory, text), type="document")
    new = _NEW_DOCUMENT.match(text, start, min(end, start + 220))
    return Speaker(name=new.group(1), type="document") if new is not None else None


_OF_A_MAKER = regex(r" (?:(?:recently|jointly|newly) )?(?:released |issued |published |compiled )?(?:by|from) ")
"""`the 2025 report released by the union` is not the report that another body wrote."""


def document_meant(mention: Mention, memory: Memory, text: str) -> str:
    """The full name of the document that the mention stands for, or the mention's own words."""
    if BLANK in mention.text:
        return memory.text[mention.start : mention.end].strip('"“” ,')
    if _OF_A_MAKER.match(text, mention.start + len(mention.text)):
        return mention.text
    return memory.cast.document(mention.text, mention.start, memory.text) or mention.text
