"""Viewpoint phrases: `According to X, …` and `…, according to X`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from pipeline.patterns import regex
from pipeline.quotes.attribution import FINITE, Attribution, clause_start, make_attribution, sentence_end
from pipeline.quotes.cast import Cast
from pipeline.quotes.cue_places import MOST_CUES, viewpoints
from pipeline.quotes.marks import BLANK
from pipeline.quotes.phrases import is_place, title_words
from pipeline.quotes.records import Mention, MentionKind
from pipeline.quotes.source_phrases import parse_source
from pipeline.quotes.source_right import source_after
from pipeline.quotes.tables import Cue, cue_forms, nouns

_LEGAL = regex(
    r"(?:Articles? \d|Section \d|the (?:relevant )?(?:provisions?|laws?|regulations?|"
    r"Law|Regulations|Rules|requirements?|Provisions|Measures|Trade Act)\b|law\b|(?:relevant|"
    r"related|applicable|Chinese|WTO|its|their|local) (?:\w+ )?(?:laws?|rules?|regulations?)|"
    r"the (?:\w+ )?(?:needs|situation|principle|order|scale|type|size|conditions?|wishes)|"
    r"different|(?:their|his|her)\b(?![.,;])|whether|how|what|plan\b|schedule)"
)

_DATA_FROM = regex(
    r"(?:[a-z]+ )*(?:data|statistics|figures|estimates?|information|numbers|calculations|forecasts?|stats)"
    r"(?:(?: (?:recently|jointly|newly|just|previously))?(?: (?:released|issued|published|"
    r"provided|compiled|collected|disclosed|unveiled|announced))?(?: (?:on|last|this) [A-Za-z]+(?: "
    r"\d+)?)? (?:by|from|of|at)) "
)


def read_viewpoints(text: str, start: int, end: int, cast: Cast) -> Iterator[Attribution]:
    """`according to X`, at the end or the beginning of its sentence."""
    for match in islice(viewpoints().finditer(text, start, end), MOST_CUES):
        at = match.end()
        if _LEGAL.match(text, at) or re.match(
            r"(?!the draft|draft)[^,.]{0,60}\b[Rr]egulations|[^,.]{0,60}\bLaw\b", text[at:end]
        ):
            continue
        cue = cue_forms("en")[match.group().strip().lower()]
        opening = not text[start : match.start()].strip(' "“”')
        if opening:
            yield from _according_first(text, start, end, match, cue, cast)
        else:
            yield from _according_last(text, start, end, match, cue, cast)


_MARKED_WORK = regex(rf"(?:the |its |a )?(?:[a-z]+ ){{0,3}}([\"“]{BLANK}+,?[\"”])")
"""A document named by its title in marks."""


def _viewpoint_source(text: str, at: int, limit: int, cast: Cast) -> Mention | None:
    if work := _MARKED_WORK.match(text, at, limit):
        return Mention(kind="document", text=work.group(1), start=work.start(1), end=work.end(1))
    data = _DATA_FROM.match(text, at, limit)
    first = data.end() if data else at
    mention = source_after(text, first, limit, cast)
    if mention is not None:
        return _owner_of_data(mention) if mention.kind == "document" else mention
    phrase = re.split(r"[,.;\"“”](?:\s|$)", text[first:limit])[0].strip()
    named = re.match(r"(?:the |an? )?(.*?(?:[A-Z]).*)", phrase)
    if named and parse_source(phrase, first, cast):
        return parse_source(phrase, first, cast)
    owner = re.match(r"((?:the )?[A-Z][\w ]+?)(?:'s|’s) ", phrase)
    if owner and (found := parse_source(owner.group(1), first, cast)):
        return found
    if not phrase or len(phrase) > 160:
        return None
    kind: MentionKind = (
        "document"
        if re.search(
            r"\b(?:report|data|survey|study|plan|guideline|document|statement|statistics|notice|"
            r"schedule|index|rules|paper|release|circular|website|figures|policy|measures|agreement|"
            r"ranking|poll|review|outlook|bulletin|communique|list)\b",
            phrase,
        )
        else "group"
    )
    if _EVENT.fullmatch(phrase) or _SITE.fullmatch(phrase):
        kind = "organization"
    mention = Mention(
        kind=kind,
        text=re.sub(r"^the ", "", phrase) if kind == "group" else phrase,
        start=first,
        end=first + len(phrase),
    )
    return _owner_of_data(mention)


_EVENT = regex(r"the (?:[a-z-]+ )?(?:forum|summit|expo|dialogue|symposium|congress|exhibition|fair)")
_SITE = regex(r"[A-Z0-9][\w-]*\.(?:com|cn|net|org|ai)")
_OWN_DATA = regex(
    r"(?:the |official |latest |recent |preliminary )*(?P<owner>(?:the )?(?:company|firm|group|bank)|its|"
    r"[A-Z][\w&]*(?: [A-Z][\w&]*){0,4})(?:'s|’s)?(?: [a-z]+)? (?:data|figures|statistics|estimates|"
    r"forecasts?|calculations|analysis|research)(?: for \d{4}| in \d{4})?$"
)


def _owner_of_data(mention: Mention) -> Mention:
    """`company data`, `official APEC statistics`, `its analysis`: the body whose they are."""
    owned = _OWN_DATA.match(mention.text)
    owner = owned.group("owner") if owned else None
    if owner is None or is_place(owner) or owner in nouns("region-adjective") or owner in nouns("country"):
        return mention
    if owner == "its":
        return Mention(kind="pronoun", text="it", start=mention.start, end=mention.end)
    plain = owner[:1].islower() and not owner.startswith("the ")
    name = f"the {owner}" if plain else owner
    return Mention(kind="organization", text=name, start=mention.start, end=mention.end)


def _according_last(
    text: str, start: int, end: int, match: re.Match[str], cue: Cue, cast: Cast
) -> Iterator[Attribution]:
    mention = _viewpoint_source(text, match.end(), end, cast)
    before = text[start : match.start()].rstrip()
    if mention is None or not before:
        return
    if before[-1].isalpha() and mention.kind in ("group", "document") and _RULE_OF_ACTION.match(text, match.end(), end):
        return
    if before[-1] not in ',"”—' and not re.search(r"[\"”.,] *$", before) and len(before.split()) < 6:
        return
    first = clause_start(text, start, match.start())
    if before[-1] == "," and not FINITE.search(text, start, match.start()):
        comma = _end_of_source(text, match.end(), end)
        source = _viewpoint_source(text, match.end(), comma, cast) if comma else None
        if comma and source:
            words = (start, sentence_end(text, end))
            yield make_attribution(match, cue, "middle", source, words, (match.start(), comma), post=True)
            return
    yield make_attribution(
        match,
        cue,
        "according-to-last",
        mention,
        (first, start + len(before.rstrip(",—- "))),
        (match.start(), mention.end),
        post=True,
    )


_RULE_OF_ACTION = regex(
    r"(?:[a-z-]+ )*(?:strategy|welfare|demand|standards?|criteria|priority|priorities|rules?|age|size|price|merit|"
    r"ability|performance|interests?|requirements?|guidance|principles?|procedures?|circumstances|local conditions|"
    r"preferences?)\b"
)
"""`funds are paid according to local demand`: how something is done, not who says so."""


def _according_first(
    text: str, start: int, end: int, match: re.Match[str], cue: Cue, cast: Cast
) -> Iterator[Attribution]:
    comma = _end_of_source(text, match.end(), end)
    if comma is None:
        return
    mention = _viewpoint_source(text, match.end(), comma, cast)
    if mention is None:
        return
    yield make_attribution(
        match, cue, "according-to-first", mention, (comma + 2, sentence_end(text, end)), (match.start(), comma + 1)
    )


def _end_of_source(text: str, at: int, end: int) -> int | None:
    """The comma after a fronted source, past its apposition."""
    commas = [match.start() for match in re.compile(r",(?= )").finditer(text, at, min(end, at + 500))]
    if not commas:
        return None
    first = commas[0]
    if len(commas) > 1 and (
        title_words().match(text, first + 2, commas[1])
        or re.match(
            r", (?:(?:released|issued|published|unveiled|adopted) (?:by|in|on|last|this|earlier) |"
            r"an? |the [\w-]+(?:'s|’s) |the (?:country|nation|world|city|largest|top|leading|main|state|official|"
            r"industry|national|central)|one of |which |who |also |chief|director|head|president|"
            r"founder|vice|deputy|chairman|CEO|professor|senior)",
            text[first : first + 24],
        )
    ):
        if len(commas) > 2 and re.match(r", (?:19|20)\d\d,", text[commas[1] : commas[1] + 7]):
            del commas[1]
        segment = text[first + 2 : commas[1]]
        if _HAS_A_VERB.match(segment):
            return first
        if not re.search(r"\b(?:will|would|has|have|had|is|are|was|were|can|could|may)\b", segment) or re.match(
            r"(?:which|who)", segment
        ):
            return _past_places(text, commas)
    return first


_HAS_A_VERB = regex(r"(?:an?|the) [\w'’ -]*? [a-z]{3,}(?<!['’])s (?:\d|the |an? |more |less |about |up |only )")
"""The report itself, and no apposition (`a chemist at X`): `a grower earns 31 yuan`."""
_PLACES = regex(r"[A-Z][\w-]+(?: [A-Z][\w-]+){0,2}(?: and (?:the )?[A-Z][\w-]+(?: [A-Z][\w-]+){0,2})?")


def _past_places(text: str, commas: list[int]) -> int:
    """The comma after an apposition that ends with a list of places: `head of X in Asia, Europe and Africa, …`."""
    index = 1
    while index + 1 < len(commas) and _PLACES.fullmatch(text, commas[index] + 2, commas[index + 1]):
        index += 1
    return commas[index]
