"""Who answers for what a sentence tells without an agent: `…, the ministry said`, `…, according to the bureau`.

A passive leaves out who acts. Where an authority itself reports it, the measure is the authority's own or one it
speaks for.
"""

from __future__ import annotations

from pipeline.patterns import regex
from pipeline.policies.actor import Actor
from pipeline.policies.cues import cues
from pipeline.policies.reading import Reader
from pipeline.policies.sentence import Sentence

_REPORTS = cues("said according announced ruled decided confirmed")
_SAID_BY = regex(r", said(?: the| its| China['’]s| local)?$")
_ENDS = regex(r"['’]?s?(?: (?:on|in|at|late|earlier|last|this|during) [^;.]{0,70})?[.\"”]{0,2}$")
_LED_TO = regex(
    r"(?:\baccording to|, announced by|\baccording to (?:an? |the )?(?:[\w-]+ ){0,3}?(?:notice|announcement|circular"
    r"|statement|document|guideline|notification)s?"
    r"(?: (?:jointly )?(?:issued|released|published|made public)(?: on \w+| last \w+)?)?"
    r" (?:by|from|of|on the website of))(?: the| its| China['’]s| local)?$"
)
_SAYS = regex(
    r"(?:,? which [^,]{3,60},| spokes(?:man|woman|person) (?:[A-Z][\w-]+ ){1,3}?| official (?:[A-Z][\w-]+ ){1,3}?)?"
    r" ?(?:has |have |also |jointly )*(?:said|announced|ruled|decided|confirmed)\b"
)
_CLAUSE_AFTER = regex(r"[^.;]{0,90}\.?[\"”]?$")
_BY_KIND = regex(
    r", (?P<who>(?:the|its|local|city|provincial|municipal|customs|tax) (?:[a-z-]+ ){0,4}?(?:departments?|bureau"
    r"|commission|administration"
    r"|watchdog|regulators?|agency|committee|office|center)|(?:the |local |city |provincial |municipal )?officials)"
    r" (?:announced|(?:has |have )?(?:ruled|decided)|said in an? (?:[\w-]+ ){0,2}(?:notice|circular|announcement"
    r"|statement))"
    r"\b[^,;]{0,60}[.\"”]{0,2}$"
    r"|, said (?P<by>(?:the|its) (?:[a-z-]+ ){0,4}?(?:department|bureau|commission|administration|watchdog|regulator"
    r"|administrative committee))"
    r"[^,;]{0,40}[.\"”]{0,2}$"
    r"|, according to (?P<cited>(?:the|its) (?:[\w'’-]+ ){0,4}?(?:department|bureau|commission|administration"
    r"|watchdog|regulator"
    r"|authorities|administrative committee))[.\"”]{0,2}$"
)
"""An authority named by its kind only: what it announces or rules, and not what it says."""
_LIST = regex(r"(?:,|,? and| as well as) (?:the )?")


def answering(reader: Reader, sentence: Sentence) -> Actor | None:
    """The authority that reports the sentence at its end, or that `according to` names; None where none does."""
    if not sentence.cues & _REPORTS:
        return None
    start, end = sentence.span
    text = reader.text
    actors = reader.actors.actors(start, end)
    for i, actor in enumerate(actors):
        if actor.name.lower() == "we" or actor.name in {"China", "the country", "the nation"}:
            continue
        before = text[max(start, actor.start - 110) : actor.start].rstrip()
        if _LED_TO.search(before) or (_SAID_BY.search(before) and _ENDS.match(text, actor.end, end)):
            return _with_next(text, actors, i)
        if not (_ENDS_MAIN.search(before) or (i > 0 and _LIST.fullmatch(text, actors[i - 1].end, actor.start))):
            continue
        says = _SAYS.match(text, actor.end, end)
        if says is not None and _CLAUSE_AFTER.match(text, says.end(), end):
            return reader.actors.subject(start, says.end() - len(says[0].rsplit(" ", 1)[-1])) or actor
    kind = _BY_KIND.search(sentence.printed)
    if kind is None:
        return None
    who = str(kind.lastgroup)
    return Actor((), kind[who], start + kind.start(who), start + kind.end(who))


def _with_next(text: str, actors: list[Actor], i: int) -> Actor:
    """`according to the ministry and the bureau`: both."""
    first = actors[i]
    names, edge = list(first.issuers), first.end
    for other in actors[i + 1 :]:
        if not _LIST.fullmatch(text, edge, other.start):
            break
        names += [name for name in other.issuers if name not in names]
        edge = other.end
    return Actor(tuple(names), first.name, first.start, edge)


_ENDS_MAIN = regex(r",[\"”]?(?: (?:the|its|local|China['’]s))?$|, (?:the )?(?:[A-Z][\w&'’-]+ ){1,6}and(?: the)?$")
