"""Which body a short name or a description stands for: `the company`, `the bureau`, `the country's top planner`."""

from __future__ import annotations

import re

from pipeline.patterns import regex
from pipeline.quotes.cast import Cast
from pipeline.quotes.memory import Memory
from pipeline.quotes.phrases import is_place
from pipeline.quotes.records import Mention
from pipeline.quotes.roles import role_of
from pipeline.quotes.speaker_documents import thing_in_focus
from pipeline.quotes.tables import described_bodies

BODY_WORD = regex(
    r"\b(ministry|commission|administration|bureau|department|company|firm|group|bank|"
    r"committee|council|association|institute|center|society|hospital|school|college|museum|embassy|laboratory|"
    r"foundation|alliance|league|secretariat|think tank|body|newspaper|network|institution|"
    r"academy|university|chamber|agency|organization|federation|court|carmaker|automaker|"
    r"chipmaker|startup|brand|authority|fund|union|forum|office|regulator|watchdog|platform|lender|retailer|"
    r"airline|insurer|brokerage|consultancy|giant|manufacturer|producer|operator|developer|exchange|"
    r"lab|library|theater|theatre|club|centre|corporation|cooperative|campus|orchestra|zoo|park|port|airport)$",
    re.I,
)
COMPANY_WORDS = frozenset(
    (
        "company",
        "firm",
        "carmaker",
        "automaker",
        "chipmaker",
        "startup",
        "brand",
        "group",
        "bank",
        "platform",
        "lender",
        "retailer",
        "airline",
        "insurer",
        "brokerage",
        "consultancy",
        "giant",
        "manufacturer",
        "producer",
        "operator",
        "developer",
    )
)
_REGULATORS = frozenset(("regulator", "watchdog", "authority"))
_LIKE = {
    "association": frozenset(("association", "society", "federation", "chamber", "alliance", "union", "council")),
    "society": frozenset(("society", "association")),
    "institute": frozenset(("institute", "institution", "academy", "center")),
    "institution": frozenset(("institution", "institute", "university", "academy", "bank", "college")),
    "center": frozenset(("center", "centre", "institute")),
    "school": frozenset(("school", "college", "academy")),
    "college": frozenset(("college", "school", "university")),
    "organization": frozenset(("organization", "organisation", "association", "federation", "union", "foundation")),
    "agency": frozenset(("agency", "administration", "authority")),
    "think tank": frozenset(("institute", "institution", "center", "forum", "academy")),
    "body": frozenset(("association", "federation", "council", "commission", "committee", "chamber", "union")),
    "newspaper": frozenset(("times", "daily", "post", "journal", "guardian", "telegraph", "herald", "newspaper")),
    "group": frozenset(("group", "alliance", "coalition", "association")),
    "court": frozenset(("court", "tribunal")),
}
"""The nouns that may stand for a body whose name has another one: `the association` for a society."""


def full_body(mention: Mention, memory: Memory, text: str) -> str:
    """The full name of the body that a short name or a description stands for at its place in the article."""
    cast = memory.cast
    name = re.sub(r"^(?:the|The|this|its) ", "", mention.text)
    if (meeting := _A_MEETING.fullmatch(name)) is not None:
        word = meeting.group(1)
        hosted = cast.host(mention.start) if word in ("meeting", "session", "conference") else None
        thing = thing_in_focus(memory, text)
        same = thing.name if thing is not None and _NAMED_MEETING.search(thing.name) else None
        event = cast.event(word, mention.start) or same
        return hosted or event or cast.event("conference", mention.start) or mention.text
    name = re.sub(r"(?:'s|’s| \([A-Z][\w&-]*\))$", "", name)
    full = cast.fullest(name)
    if full != name:
        return full
    if " and " in name and (parts := _JOINED.split(name)) and all(part[:1].isupper() for part in parts):
        return " and ".join(re.sub(r"^the ", "", part) for part in parts)
    if (described := described_body(mention.text, cast)) is not None:
        return described
    name = _BASED.sub("", name)
    word = BODY_WORD.search(name) if _SHORT_BODY.fullmatch(name) else None
    if word:
        noun = word.group(1).lower()
        known = cast.body(noun, mention.start)
        if noun in COMPANY_WORDS:
            known = cast.firm_nearby(mention.start) or known or cast.firm_in_subject(mention.start)
            if known is None:
                known = _body_in_focus(memory, text)
                known = None if known and _no_firm(known) else known
            known = known or cast.main_company(mention.start)
            known = known if known and _of_that_sort(name, known, cast) else None
        if known is None and noun in ("organization", "union"):
            known = _body_in_focus(memory, text)
        if known is None and noun in _REGULATORS and " " not in name:
            known = cast.authority(mention.start)
        if known is None and noun in _LIKE:
            known = cast.body_like(_LIKE[noun], mention.start)
        return cast.fullest(known) if known else mention.text
    return mention.text if mention.text[:4] == "the " and is_place(name) is False and name[:1].islower() else name


def _body_in_focus(memory: Memory, text: str) -> str | None:
    thing = thing_in_focus(memory, text)
    return thing.name if thing is not None and thing.type == "organization" else None


def _no_firm(name: str) -> bool:
    return role_of(None, name) == "official" or is_place(name) or name[:4] in ("the ", "The ")


_ANY_SORT = frozenset(
    ("tech", "technology", "same", "parent", "whole", "giant", "local", "private", "public", "listed", "big", "small",
     "young", "new", "entire", "multinational", "international", "global", "foreign", "domestic", "leading")
)  # fmt: skip


def _of_that_sort(mention: str, name: str, cast: Cast) -> bool:
    """Whether `the streaming company` may be that firm, or the article has called it another sort of company."""
    sort, _, noun = mention.rpartition(" ")
    if not sort or sort in _ANY_SORT or noun not in ("company", "firm", "group", "platform"):
        return True
    own = [_SORT_BEFORE.search(cast.text, max(0, start - 60), start) for start, body in cast.bodies if body == name]
    return all(match is None or sort in match.group() for match in own)


_SORT_BEFORE = regex(r"[a-z-]+ (?:company|firm|group|platform|provider|maker|agency|consultancy) $")
_NAMED_MEETING = regex(r"[A-Z]\w+ (?:Meeting|Session|Conference|Forum|Congress|Summit)$")
_A_MEETING = regex(
    r"(?:[a-z-]+ )?(meeting|session|conference|forum|summit|expo|congress|dialogue|symposium|exhibition|fair)"
)
_WHOSE = regex(r"(?:(?:(?:[Tt]he )?(?:country|nation)|China|[Ii]ts?)(?:'s|’s)? |[Tt]he |Chinese |China |[Ii]ts )+")


def described_body(text: str, cast: Cast) -> str | None:
    """The Chinese state body that `the country's top economic regulator` is, where the article names it."""
    whose = _WHOSE.match(text)
    name = described_bodies().get(text[whose.end() :] if whose else text)
    if name is None:
        return None
    return next((body for _, body in cast.bodies if body.startswith(name)), None)


_JOINED = regex(r", and |, | and ")
_BASED = regex(r"^[A-Z][\w-]*(?: [A-Z][\w-]*)?-(?:based|listed|headquartered) (?=(?:[a-z-]+ ){0,2}[a-z]+$)")
_SHORT_BODY = regex(r"(?:[a-z][\w-]*[ -]){0,2}[a-z]+")
