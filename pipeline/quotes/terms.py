"""Marked words inside a report: a term or name that keeps its marks, or the source's own words.

`the "green card" scheme` is a term, and the paraphrase around it stays whole; `is "a bridge to the future"` are words
that somebody is quoted with. What tells them apart is the grammar around the marks (a predicate, a contrast, a name
that follows), how many words there are, and whether other words of the same report are quoted.
"""

from __future__ import annotations

import re

from pipeline.patterns import regex
from pipeline.quotes.attribution import Attribution
from pipeline.quotes.marks import Marked

_STRONG_PREDICATE = regex(
    r"(?:\b(?:is|are|was|were|be|been|being|remain|remains|represents?|represented|amounts? to|"
    r"amounted to|as|as an?|becomes?|became|become an?|is an?|are|was an?|be an?|remained|remains an?|"
    r"as the|is the|are the|be the|will|(?:is|are) like an?|"
    r"(?:is|are) no longer (?:an?|the))) (?:(?:often|now|still|also|already|just|instead|simply|merely|currently|"
    r"truly|really|indeed|always|actually|nothing but) )?[\"“]$"
)
_FOLLOWED_BY_STOP = regex(
    r"[\"”](?: (?:and|or|but|in|on|at|for|to|of|with|by|from|that|which|who|because|"
    r"as|when|while|under|over|among|between|during|amid|through|if|about|after|before|despite|without|rather|instead|"
    r"than|toward|towards|against|since|until|across|within|throughout|an?|is|are|was|were|has|have|will|would|"
    r"can|could|may|should|must|and/or)\b|[,.;:!?)—]|"
    r"$|\n| —| \()"
)
"""What follows words in marks that stand alone: no noun that they would modify."""

_THE_WORD = regex(r"\bthe (?:words?|phrase|expression) [\"“]$")
"""The source's very words, named as such: `He stressed the word “jointly”`."""

_NAME_FOLLOWS = regex(
    r"\b(?:(?:themes?|themed|titled|entitled|named|nicknamed|slogan|motto|nickname|dubbed|so-called|known as|such as|"
    r"searches on|searches for|labell?ed|principle|principle that|adage|proverb|the old saying|keywords?|tagline|"
    r"hashtag|under the name)(?: of| is| was)?,?|"
    r"(?:(?<!is )(?<!are )(?<!was )like|initiative|program|programme|the terms?|the concept))"
    r" (?:an? |the )?[\"“]$"
)
"""Words before a mark that say that a name follows."""

_WHAT_IT_CALLS = regex(
    r"\b(?:what|which|that) (?:he|she|it|they|[A-Z][\w'’.-]+|the [\w-]+|many|some)"
    r"(?: (?:has|have|had|often|also|long)){0,2}"
    r" (?:calls?|called|termed|terms|labels?|labell?ed|dubs|dubbed|"
    r"(?:describes?|described|refers to|referred to|sees|saw) as) (?:an? |the )?[\"“]$"
)
"""The source's own coinage: `what she calls "slow growth"`."""

_CONTRAST_BEFORE = regex(
    r"\b(?:(?:from|beyond) (?:being )?(?:an? )?(?:mere(?:ly)? )?|not (?:merely |just |only |simply )?(?:an? )?)[\"“]$"
)
_CONTRAST_AFTER = regex(r"[\"”](?: [a-z]+){0,2},? (?:to|but|into) (?:an? |rather )?[\"“]")
_RATHER = regex(r"[\"”],? (?:rather than|instead of|, not) ")
_OWN_NOUN = regex(r"(?:^|\W)an? (?:[a-z]+ )?[\"“]$")
_INFINITIVE = regex(r"\b(?:possible|able|unable|want|wants|wanted|aims?|aspires?|need|needs|hopes?) to [\"“]$")
_ADVERB_FIRST = regex(
    r"(?!(?:family|early|only|daily|weekly|monthly|yearly|friendly|elderly|assembly|supply|reply|likely|lively) )"
    r"(?:[a-z]{3,}ly (?!(?:loose|friendly|owned|funded|listed|made)\b)[a-z]+|very|not|so|too|close to|far from|quite|"
    r"extremely|never|always)\b"
)
"""Words that open a predicate or a degree, not a name: `deeply concerned`, `close to over`."""
_STOCK = regex(r"(?:two|three|four|five|six|seven|eight|nine|ten|dual|double|triple|[\d.]+)[ -]\w+(?: \w+)?$", re.I)
"""A counted set phrase: `three red lines`."""


_TITLE = regex(
    r"(?:(?:[A-Z0-9+][\w'’&+-]*|of|the|and|for|in|on|to|from|with|by|at|a|an|or|vs) ){2,14}[A-Z0-9][\w'’&+-]*[,.]?"
)
"""Words in title case: the name of a law, a programme, a work."""


_OFFICIAL = frozenset(
    (
        "new quality productive forces", "moderately loose", "dual circulation", "common prosperity",
        "high-quality development", "high-quality economic development", "ecological civilization",
        "supply-side structural reform", "a community with a shared future", "one country, two systems",
        "artificial intelligence plus", "internet plus", "little giant", "little giants", "silver economy",
        "low-altitude economy", "debut economy", "small but beautiful", "small yard, high fence", "de-risking",
        "decoupling", "overcapacity", "rules-based order", "whole-process people's democracy", "involution",
        "anti-involution", "involution-style competition", "involutionary competition", "dual carbon", "white list",
        "zero-tolerance", "peaceful reunification", "a community with a shared future for mankind",
        "people-to-people exchanges", "two sessions", "trade-in", "dual-carbon", "carbon neutrality",
    )
)  # fmt: skip
"""Official and stock phrases, which a report repeats as terms whoever uses them."""


def is_term(text: str, stretch: Marked, attribution: Attribution) -> bool:
    """A stock phrase in marks, not words that a source is quoted with."""
    words = text[stretch.start : stretch.end]
    count = len(words.split())
    if (any(letter.isdigit() for letter in words) and count < 5) or words.lower().strip(",.").removeprefix(
        "building "
    ) in _OFFICIAL:
        return True
    before = text[max(0, stretch.start - 64) : stretch.start]
    if _WHAT_IT_CALLS.search(before):
        return False
    if _NAME_FOLLOWS.search(before):
        return True
    if _THE_WORD.search(before) or _is_name_given(text, stretch, attribution):
        return False
    if count > 2 and _TITLE.fullmatch(words):
        return True
    after = text[stretch.end : stretch.end + 64]
    if after[1:].startswith(", or "):
        return True
    free = _FOLLOWED_BY_STOP.match(after) is not None
    if count >= 5:
        return False
    if free and (_STRONG_PREDICATE.search(before) or _ADVERB_FIRST.match(words) or _INFINITIVE.search(before)):
        return False
    if _contrasted(text, stretch, before, after):
        return False
    if count < 3 or not free or _STOCK.match(words):
        return True
    own = stretch.start - 1 - attribution.start < 4
    return not own and _NO_ARTICLE.search(before) is not None and _NOUNS_ONLY.fullmatch(words) is not None


_THEME = regex(r"\b(?:themed?|motto|slogan|titled|entitled)\b[^.;?!\"“”]{0,60}[\"“]$")


def is_named(text: str, stretch: Marked) -> bool:
    """Whether the words before the marks announce a name or motto: `under the theme "…"`."""
    return _THEME.search(text, max(0, stretch.start - 90), stretch.start) is not None


_NO_ARTICLE = regex(
    r"(?<!\S)(?<!\bthe )(?<!\ba )(?<!\ban )(?<!\bits )(?<!\bhis )(?<!\bher )(?<!\btheir )"
    r"(?!(?:an?|the|its|his|her|their|this|that|these|our|as|is|are|was|were|be|been|being|remains?|than|not|to|has|have|"
    r"had|will|would|can|could|must|should|may|might|because|but|while|when|if|since|although|become|became|more|very|so|"
    r"like|still|even) )[a-z]+ [\"“]$"
)
_NOUNS_ONLY = regex(
    r"(?!any |no |every |\w+(?:ing|ed) )"
    r"(?:(?!(?:to|is|are|was|will|can|not|with|in|because|that|who|we|it|they|he|she|you)\b|\w+ly\b)[\w'’-]+ ?){3,4}"
)
"""Words without an article, a verb or an adverb: `strengthen "calm water measures"`."""


def _is_name_given(text: str, stretch: Marked, attribution: Attribution) -> bool:
    """What a verb of naming or viewing gives its object: `called the deal a "circus"`, not a word further on."""
    if not attribution.lemma.takes & {"noun-as", "noun-name"}:
        return False
    between = text[attribution.at + len(attribution.cue) : stretch.start - 1]
    if _AS_NAME.search(between):
        return True
    return "noun-name" in attribution.lemma.takes and len(between) < 90 and _FURTHER_ON.search(between) is None


_AS_NAME = regex(r"\bas (?:an? |the |being |both )?(?:[\w-]+ )?$")
_FURTHER_ON = regex(r"\b(?:such as|like|where|which|who|symptom of|form of|kind of|sort of|covering|entire)\b")


def _contrasted(text: str, stretch: Marked, before: str, after: str) -> bool:
    """One image set against another: `from a "factory" to a "laboratory"`, `a "firewall" rather than …`."""
    if _CONTRAST_BEFORE.search(before) and _CONTRAST_AFTER.match(after):
        return True
    if _RATHER.match(after) and _OWN_NOUN.search(before):
        return True
    earlier = re.search(
        r"[\"“]([^\"“”]{2,60})([\"”](?: [a-z]+){0,2},? (?:to|but|into) (?:an? |rather )?[\"“])$", before
    )
    return bool(earlier) and _CONTRAST_BEFORE.search(before[: earlier.start(1)]) is not None if earlier else False


def is_carried_along(text: str, stretch: Marked) -> bool:
    """Whether a short phrase in marks counts as quoted where longer words of the same report are."""
    words = text[stretch.start : stretch.end]
    before = text[max(0, stretch.start - 40) : stretch.start]
    return (
        words[:1].islower()
        and not any(letter.isdigit() for letter in words)
        and _NAME_FOLLOWS.search(before) is None
        and _FOLLOWED_BY_STOP.match(text[stretch.end : stretch.end + 16]) is not None
    )


_SUBJECT_AND_VERB = regex(
    r"(?:[A-Z][\w'’-]*|it|he|she|they|we|I|there|this|that|these|those|the|an?|our|its|their|his|her|no|some|all|many)"
    r"(?: [\w'’,-]+){0,9}? (?:is|are|was|were|has|have|had|will|would|can|could|must|should|may|might|do|does|did|"
    r"isn't|aren't|won't|cannot|can't|don't|doesn't|remains?|needs?|deserves?|belongs?|lies|means)\b"
)


def is_whole_report(text: str, stretch: Marked, attribution: Attribution) -> bool:
    """A clause with subject and verb in marks, and nothing else reported: `said "China is in a transition"`."""
    if attribution.post or "clause" not in attribution.lemma.takes or stretch.start - 1 - attribution.start > 1:
        return False
    words = text[stretch.start : stretch.end]
    return attribution.end - stretch.end < 3 and _SUBJECT_AND_VERB.match(words) is not None
