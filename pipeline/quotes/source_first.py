"""Source before its verb: `Zhang said that …`, `it was reported that …`, `said Tian, who expects …`."""

from __future__ import annotations

import re

from pipeline.patterns import regex
from pipeline.quotes.attribution import DOCUMENTS_ONLY, Attribution, make_attribution, sentence_end, speaks_of
from pipeline.quotes.cast import Cast
from pipeline.quotes.complements import find_complement
from pipeline.quotes.deeds import SHARE, closing_attribution
from pipeline.quotes.participles import subject_of_sentence
from pipeline.quotes.records import Mention
from pipeline.quotes.source_last import read_source_last
from pipeline.quotes.source_left import source_before
from pipeline.quotes.tables import Cue

ABOUT_TO = regex(
    r" (?:(?:is|was|are|were) (?:also )?(?:expected|planning|set|due|scheduled|prepared|poised|about)|planned|plans|"
    r"is going|was going)(?: \w+ly)? to $"
)
"""Words announced before they are spoken: `the mayor was expected to argue that …`."""


PROGRESSIVE = regex(r" (?:is|are|was|were|has been|have been)(?: also| now| still| \w+ly)? $")
"""Before a participle that is the sentence's own verb: `builders are urging …`."""


def read_finite(
    text: str, start: int, end: int, match: re.Match[str], cue: Cue, cast: Cast, found: list[Attribution]
) -> Attribution | None:
    floor = max([start, *(attribution.around[1] for attribution in found if attribution.around[1] <= match.start())])
    verb = match.start()
    if text.startswith(" to ", verb - 4) and (planned := ABOUT_TO.search(text, max(floor, verb - 40), verb)):
        verb = planned.start()
    elif match.group().split()[0].endswith("ing"):
        progressive = PROGRESSIVE.search(text, max(floor, verb - 24), verb)
        verb = progressive.start() if progressive else verb
    mention = source_before(text, floor, verb, cast)
    rule = "source-first"
    if (
        mention is None
        and not cue.takes & {"belief"}
        and cue.lemma != "hope"
        and _IMPERSONAL.search(text, max(floor, match.start() - 30), match.start())
    ):
        mention = Mention(kind="pronoun", text="it", start=match.start(), end=match.start())
        rule = "impersonal"
    if mention is not None and not (
        (verb < match.start() or _agrees(match.group().lower(), cue, mention)) and _fits(text, floor, cue, mention)
    ):
        return None
    if mention is None:
        mention = _relative(text, floor, match.start(), found, cast)
        rule = "relative"
        if mention is None:
            return _coordinated(text, start, end, match, cue, cast, found)
    complement = find_complement(text, match.end(), end, cue) or _as_clause(text, floor, end, match, mention)
    if (
        complement is not None
        and cue.lemma == "find"
        and mention.kind != "document"
        and not _after_that(text, complement)
    ):
        return None
    if complement is not None and cue.lemma == "cite" and mention.kind not in ("name", "surname", "pronoun"):
        complement = complement if " as " in text[slice(*complement)] else None
    if complement is not None and cue.lemma in ("envision", "envisage") and mention.kind == "document":
        return None
    if complement is not None and _OPENS_CONTRAST.fullmatch(text, start, mention.start):
        comma = text.find(", ", *complement)
        complement = (complement[0], comma) if comma > 0 else complement
    if complement is not None and (outer := closing_attribution(text, complement[0], end)):
        if cue.takes & {"weak", "belief", "noun", "noun-as", "noun-to"} and not _after_that(text, complement):
            return None
        complement = complement[0], outer
    if (
        complement is not None
        and "clause" in cue.takes
        and text.startswith("which ", mention.start - 6)
        and _VERB_FIRST.match(text, *complement)
    ):
        complement = mention.start - 6, complement[1]
    if complement is not None and speaks_of(text, complement, cue, mention):
        return make_attribution(
            match, cue, rule, mention, (complement[0], complement[1]), (min(mention.start, match.start()), match.end())
        )
    if (
        rule == "relative"
        or (verb < match.start() and match.group().endswith("ing"))
        or not cue.takes & {"clause", "addressee"}
    ):
        return None
    return read_source_last(text, start, end, match, cue, mention)


_OPENS_CONTRAST = regex(r"(?:(?:But|And|Even) )?(?:[Ww]hile|[Aa]lthough|[Tt]hough|[Ww]hereas) (?:[a-z]+ )?")


_VERB_FIRST = regex(
    r"(?:is|are|was|were|has|have|had|will|would|can|could|may|might|should|must|[a-z]{3,}s|[a-z]{3,}ed) "
)
"""`a boat which pilots said is slow`: the source stands inside the relative clause."""


def _after_that(text: str, complement: tuple[int, int]) -> bool:
    return text[complement[0] - 5 : complement[0]] == "that "


_AS_BEFORE = regex(r"(?:^|[,;.] |(?<!\w))[Aa]s $")


def _as_clause(text: str, floor: int, end: int, match: re.Match[str], mention: Mention) -> tuple[int, int] | None:
    """`As the chamber's latest report notes, …`: the clause after the comma is the report."""
    if not text.startswith(", ", match.end()) or not _AS_BEFORE.search(text, floor, mention.start):
        return None
    return (match.end() + 2, sentence_end(text, end)) if not text[floor : mention.start - 3].strip() else None


_PEOPLE_OR_DOCUMENTS = frozenset(("identify", "frame", "single out"))

_PEOPLE_ONLY = frozenset(("recall", "compare", "hint at", "worry", "bet", "interpret"))

_SAID_THEY = ("said they", "say they", "saying they", "said that they")

_TEMPORAL = regex(r"(?:Before|After|When|Until|Once|If) (?:the )?")


def _fits(text: str, floor: int, cue: Cue, mention: Mention) -> bool:
    """Whether that sort of source can have said that sort of verb."""
    if SHARE.match(text, max(floor, mention.start)) or (
        text.find(" of ", max(floor, mention.start - 40), mention.start) >= 0
        and any(
            share.end() == mention.start
            for share in SHARE.finditer(text, max(floor, mention.start - 40), mention.start)
        )
    ):
        return False
    if (
        mention.kind == "pronoun"
        and text.endswith(_SAID_THEY, floor, mention.end)
        and SHARE.search(text, floor, mention.start)
    ):
        return False
    if _TEMPORAL.fullmatch(text, floor, mention.start):
        return False
    if cue.lemma in DOCUMENTS_ONLY:
        return mention.kind in ("document", "organization")
    if cue.lemma in _PEOPLE_OR_DOCUMENTS:
        return mention.kind not in ("organization", "group") and mention.text.lower() != "it"
    if cue.lemma == "rule" and mention.kind == "document":
        return False
    if cue.lemma.startswith("be "):
        return mention.kind != "document" and mention.text.lower() != "it"
    if cue.lemma in _PEOPLE_ONLY:
        return mention.kind in ("name", "surname", "pronoun", "post", "group") and mention.text.lower() != "it"
    return True


_ONE_WORD = regex(r"[\w'’-]+")

_AND_VERB = regex(r",? (?:and|but)(?: also| then| further| later| has| have)? $")


def _coordinated(
    text: str, start: int, end: int, match: re.Match[str], cue: Cue, cast: Cast, found: list[Attribution]
) -> Attribution | None:
    """A second verb of the same subject: `She spoke highly of it, and said that …`."""
    conjunction = _AND_VERB.search(text, max(start, match.start() - 20), match.start())
    if conjunction is None or match.group().lower() == cue.lemma:
        return None
    if not cue.takes & {"clause", "addressee", "noun", "noun-as", "noun-name", "noun-to"}:
        return None
    earlier = [attribution for attribution in found if attribution.at < match.start()]
    goes_on = "but" in conjunction.group() and "belief" in cue.takes
    if cue.takes & {"weak", "belief"} and not cue.takes & {"noun-as", "noun-name"} and earlier and not goes_on:
        return None
    if cue.lemma == "encourage" or (cue.lemma in DOCUMENTS_ONLY and earlier):
        return None
    complement = find_complement(text, match.end(), end, cue)
    if complement is None or (
        not cue.takes & {"clause", "addressee", "noun", "noun-to"} and not re.search(r"[\"“]", text[slice(*complement)])
    ):
        return None
    if earlier and text[complement[0] - 5 : complement[0]] != "that " and _ONE_WORD.fullmatch(text, *complement):
        return None
    mention = None
    if not earlier:
        mention = subject_of_sentence(text, start, match.start(), cast)
        if mention is not None and cue.lemma in DOCUMENTS_ONLY and mention.kind != "document":
            return None
        if mention is None or mention.kind == "post" or (mention.kind == "document" and "weak" in cue.takes):
            return None
    return make_attribution(
        match, cue, "participle", mention, (complement[0], complement[1]), (conjunction.start(), match.end())
    )


_SAME_PAST = frozenset(("forecast", "put it", "read", "quip", "bet"))


def _agrees(form: str, cue: Cue, mention: Mention) -> bool:
    """The base form needs a plural source: in `a market report by X` the word is a noun."""
    if form != cue.lemma or cue.lemma in _SAME_PAST:
        return True
    if mention.kind == "document" and re.match(
        r"(?:[Tt]he |[Ii]ts )?(?:[\w-]+ ){0,3}[a-z]+[^s\W]s\b(?! [a-z]+s\b)", mention.text
    ):
        return True
    return mention.kind == "group" or " and " in mention.text or mention.text.lower() in ("they", "we", "i", "you")


_IMPERSONAL = regex(r"(?<!\w)[Ii]t (?:was|is|has been) (?:also |further )?$")


def _relative(text: str, floor: int, verb: int, found: list[Attribution], cast: Cast) -> Mention | None:
    """`said Tian, who expects …`: the source of the clause just before."""
    left = text[floor:verb].rstrip()
    if "who" not in left[-80:] or not _WHO.search(left[-80:]):
        return None
    earlier = [attribution for attribution in found if attribution.at < verb and attribution.mention is not None]
    if earlier and earlier[-1].around[1] >= floor - 2 and len(left) < 160:
        return earlier[-1].mention
    return None


_WHO = regex(r"\bwho(?: also| further| has| had)*$")
