"""What an English reporting verb reports after it: clause with or without `that`, noun phrase, `… to`, `… as`."""

from __future__ import annotations

import re

from pipeline.patterns import regex
from pipeline.quotes.attribution import FINITE, sentence_end
from pipeline.quotes.tables import Cue

_DAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"

_MONTH = r"(?:Jan|Feb|March|April|May|June|July|Aug|Sept|Oct|Nov|Dec)\w*\.?(?: \d{1,2})?(?:, \d{4})?"

_ADVERBIAL = regex(
    rf" (?:(?:on|late|last|this|earlier|early|in) )?(?:{_DAY}|{_MONTH}|week|month|year|"
    rf"earlier|recently|today|yesterday|again|too|also|as well|clearly|online|publicly)(?: (?:morning|"
    rf"afternoon|evening|night))?(?=[ ,.:;]|$)"
    rf"|,? (?:in|at|during|on|after|via|through|to|when|while|following|from|upon|before|"
    rf"with|by|of) (?:[^,.;:\"“”]|\.(?=\w)){{1,140}}?(?:, (?:19|20)\d\d)?(?=,? that |[,.;:\"“”]|"
    rf" (?:it|he|she|they|the company|there) (?:is|was|will|has|had|would|plans|expects|hopes|believes)|$)"
)

_DAY_ONLY = regex(
    rf" (?:(?:on|late|last|this|earlier|early|in) )?(?:{_DAY}|{_MONTH}|week|month|year|"
    rf"earlier|recently|today|yesterday|again)(?: (?:morning|afternoon|evening|night))?(?=[ ,.:;]|"
    rf"$)"
)

_IN_A_STATEMENT = regex(
    r",? in (?:an?|its|his|her|their|the)(?: [\w-]+){0,3} (?:statement|interview|report|"
    r"note|speech|article|letter|email|post|release|document|study|survey|paper|announcement|"
    r"filing|exclusive interview|research note)"
    r"(?: (?:on|with|released|published|issued|to)(?: [A-Z][\w']*| on| in| [a-z]+day){1,4})?"
)


def after_adverbials(text: str, at: int, end: int) -> int:
    while match := _ADVERBIAL.match(text, at, end):
        if match.end() == at:
            break
        at = match.end()
    return at


_RULED_THAT = regex(rf"(?: (?:on )?{_DAY}| last \w+)? that ")
_NOUN_FRAMES = frozenset(
    ("noun", "noun-to", "noun-of", "noun-as", "noun-name", "noun-figure", "noun-for", "noun-reason", "noun-noun")
)


def find_complement(text: str, at: int, end: int, cue: Cue) -> tuple[int, int] | None:
    """The words that the verb reports after it, or None where it has none."""
    stop = sentence_end(text, end)
    told = False
    if cue.lemma == "rule" and not _RULED_THAT.match(text, at, stop):
        return None
    if "addressee" in cue.takes:
        past = _past_addressee(text, at, stop)
        told, at = past > at, past
    that = _that(text, at, stop, cue)
    ground = text.find(", citing ", at, stop)
    stop = ground if ground > 0 else stop
    if that is not None:
        return (that, stop) if stop - that > 1 else None
    if "weak" in cue.takes and not cue.takes & _NOUN_FRAMES:
        return None
    begin = _past_short_adverbial(text, at, stop)
    if "noun" in cue.takes and (held := _UNTIL_THE_NEED.match(text, begin, stop)):
        begin = held.end()
    follow = text[begin:stop]
    if cue.takes & {"clause", "addressee"}:
        if opened := _OPENED.match(follow):
            return begin + opened.start("mark"), stop
        if follow.startswith(": "):
            return begin + 2, stop
    if not follow.startswith(" ") or len(follow) < 4:
        return None
    begin += 1
    if "noun" in cue.takes and _has_one(_DEEDS, follow) and (deed := _OWN_DEED.search(text, begin, stop)):
        stop = deed.start()
    if told and re.match(r"(?:the|its|it|he|she|they|there|an?|this|[A-Z]\w+) ", follow[1:]) and FINITE.search(follow):
        return begin, stop
    return _by_frame(text, begin, stop, cue)


_OWN_DEED = regex(
    r",? (?:and )?(?:vow|pledg|promis|agree)(?:ing|ed) (?:to|not to) |"
    r", (?:exchanging|thanking|inviting|congratulating) "
)
"""What the source will do or did besides: `stressed the need for calm, vowing to …`."""
_DEEDS = ("vow", "pledg", "promis", "agree", "exchanging", "thanking", "inviting", "congratulating")


def _has_one(parts: tuple[str, ...], text: str) -> bool:
    return any(part in text for part in parts)


_OPENED = regex(r"[:,]? ?(?P<mark>[\"“])")


def _that(text: str, at: int, stop: int, cue: Cue) -> int | None:
    if not cue.takes & {"clause", "addressee"}:
        return None
    if text.startswith((" that ", " that, "), at):
        return at + 6
    probe = at
    while match := _ADVERBIAL.match(text, probe, stop):
        probe = match.end()
        if match.end() == match.start():
            return None
        if (hit := _LATE_THAT.match(text, probe, stop)) and not _THAT_OF_NOUN.search(text, at, probe):
            return hit.end()
    hit = _THAT_PAST_COMMAS.match(text, at, stop)
    return hit.end() if hit else None


_THAT_OF_NOUN = regex(
    r"\b(?:reports|fact|belief|hopes?|concerns?|view|idea|news|claims?|evidence|assurances?|understanding|conviction|"
    r"principle|condition|rumou?rs|speculation|fears?|criticism|notion|premise)$"
)
"""`vowed to act after reports that …`: the clause belongs to the noun before it."""
_LATE_THAT = regex(r",? that ")

_THAT_PAST_COMMAS = regex(
    r", (?:for example|for instance|however|meanwhile|in [^,]{3,60}|at [^,]{3,60}|on [^,]{3,60}|"
    r"among [^,]{3,60}|as [^,]{3,60}), that "
)

_WHILE_DOING = regex(r" (?:while|when|after|before|by|upon|in) [a-z]+ing [^,;:\"“”]{3,200}?(?=[;.]|$)")


def _past_short_adverbial(text: str, at: int, stop: int) -> int:
    while match := (
        _DAY_ONLY.match(text, at, stop) or _IN_A_STATEMENT.match(text, at, stop) or _WHILE_DOING.match(text, at, stop)
    ):
        at = match.end()
    comma = _TO_THE_MARK.match(text, at, stop)
    return comma.end() if comma and not _WORK_NOUN.search(comma.group()) else at


_UNTIL_THE_NEED = regex(
    r" (?:during|at|in|on) [^,.;:\"“”]{3,80}?(?= the (?:need|importance|role|value|significance|necessity|urgency) )"
)
_TO_THE_MARK = regex(
    r" (?:in|at|during|on|to|about|regarding|of|after|before|when) [^,.;:\"“”]{2,100}?(?=: ?[\"“]|, [\"“])"
)

_WORK_NOUN = regex(r"\b(?:publication|analysis|article|book|paper|essay|study|report|column|speech|commentary)$")


def _past_addressee(text: str, at: int, stop: int) -> int:
    match = re.compile(
        r" (?:reporters|journalists|the media|media|China Daily|Xinhua(?: News Agency)?|"
        r"a (?:press|news) (?:conference|briefing)|the [A-Z]\w+(?: [A-Z]\w+)*|(?:the )?[A-Z][\w']+(?: [A-Z][\w']+){0,3}"
        r"(?: (?:newspaper|magazine|television|News|radio|host|anchor|reporters|journalists)(?: [A-Z]\w+){0,2})?|"
        r"him|her|them|us|me|(?:an? |the )?[a-z]+(?: [a-z]+)?(?= that ))"
    ).match(text, at, stop)
    return match.end() if match else at


_NOT_COMPLEMENT = regex(
    r"(?!(?:about|over|at least) (?:half\b|\d|least|two-thirds|a third)|at least )"
    r"(?:to|not to|of|at|on|by|from|for|with|about|against|into|over|in|as|and|or|but|upon|through|after|before|than|"
    r"during|amid|via|under|following|without|among|between|ahead|alongside|while|when)\b"
)

_NO_OBJECT = regex(r"(?:is|are|was|were|has|have|had|will|would|of|and|or|for|in|to|by|at|on)\b")

_MARKED = regex(r"[\"“]")


def _by_frame(text: str, begin: int, stop: int, cue: Cue) -> tuple[int, int] | None:
    """The complement by what the verb takes: clause without `that`, noun phrase, `… to`, `… as`."""
    phrase = text[begin:stop]
    takes = cue.takes
    if "against" in takes and (hit := re.match(r"(?:against|of|about) ", phrase)):
        return (begin if hit.group().startswith("against") else begin + hit.end()), stop
    if "noun-as" in takes:
        framed = _as_frame(text, begin, stop, cue)
        if framed is None and cue.lemma == "see" and text.startswith("sees", begin - 5) and _PROSPECT.match(phrase):
            return begin, stop
        if framed is None and "noun-reason" in takes and _REASON.match(phrase) and not _EXAMPLE.search(phrase):
            return begin, stop
        return framed
    if "noun-noun" in takes and _CALLED.match(phrase):
        return begin, stop
    if "noun-name" in takes:
        return (begin, stop) if _MARKED.search(phrase) and not _NO_OBJECT.match(phrase) else None
    if "noun-to" in takes and re.match(r".{2,160}? to [\w\"“]", phrase) and not _NOT_COMPLEMENT.match(phrase):
        return begin, stop
    if "noun-of" in takes and re.match(r".{2,160}? of \w", phrase) and not _NOT_COMPLEMENT.match(phrase):
        return begin, stop
    if "noun-for" in takes and _FOR.match(phrase) and not _NOT_COMPLEMENT.match(phrase):
        return begin, stop
    if "noun" in takes and not _NOT_COMPLEMENT.match(phrase):
        return begin, stop
    if "noun-figure" in takes and _FIGURE.match(phrase):
        return begin, stop
    if cue.lemma != "ask" and re.match(r"(?:how|why|what|whether),? ", phrase):
        return begin, stop
    if "bare" in takes and not _NOT_COMPLEMENT.match(phrase):
        if cue.lemma in _OFTEN_WITH_NOUN and not _MARKED.search(phrase):
            return (begin, stop) if _PLAIN_CLAUSE.match(phrase) else None
        if FINITE.search(phrase) or _MARKED.search(phrase):
            return begin, stop
    if (
        "bare" in takes
        and re.match(r"(?:in|for|with|by|as|on|at|after|over|under|during|amid|among|when|while|without) ", phrase)
        and _LATER_CLAUSE.search(phrase)
    ):
        return begin, stop
    return None


_OFTEN_WITH_NOUN = frozenset(
    (
        "acknowledge", "admit", "assert", "explain", "feel", "find", "indicate", "maintain",
        "express hope", "express the hope", "voice hope",
    )
)  # fmt: skip
"""Verbs that take a thing as well; what they report without `that` must be a clause beyond doubt."""
_PLAIN_CLAUSE = regex(
    r"(?:(?!(?:which|who|that|whose|where)\b)[^\s,;:]+ ){1,10}?(?:is|are|was|were|has|have|had|will|would|"
    r"can|could|may|might|should|must|do|does|did|cannot|isn't|aren't|won't|can't|doesn't|don't|remains?|needs?)\b|"
    r"(?:it|he|she|they|there|this|we|I)(?:'s|’s|'re|’re)? [a-z]+"
)


_CALLED = regex(
    r"(?:it|this|that|them|him|her|these|the (?:[\w'’-]+ ){0,4}?[\w'’-]+|[A-Z]\w+(?: [A-Z]\w+){0,3}) "
    r"(?:an?|the|one of) [\w-]"
)
"""`called the deal a milestone`, `calling it the best season yet`."""
_FOR = regex(r".{2,120}? (?:for|on) \w")
_FIGURE = regex(
    r"(?!(?:such|that|which|were|was|are|include|in|and) )(?:[\w'’.-]+ ){0,6}?(?:growth|increase|decline|rise|drop|"
    r"gain|fall|expansion|contraction|inflation|sales|revenue|output|exports|imports|prices|GDP|deficit|surplus|deliveries|"
    r"demand|rate)\b[^,;]{0,60}?\d"
)
_LATER_CLAUSE = regex(
    r", .*\b(?:is|are|was|were|has|have|had|will|would|can|could|may|should|must|remains?|continues?|needs?)\b"
)
_WHOLE_VIEW = frozenset(
    (
        "see",
        "view",
        "regard",
        "cite",
        "interpret",
        "identify",
        "single out",
        "frame",
        "blast",
        "slam",
        "dismiss",
        "tout",
    )
)
"""With these the thing viewed belongs to the report: `the probe as a pretext`."""
_PROSPECT = regex(
    r"(?!(?:it|him|her|them|this|that|its|his|their) )(?:[\w'’-]+ ){0,4}?(?:potential|opportunit(?:y|ies)|prospects?|"
    r"room|upside|value|momentum|scope|demand|growth|risks?|challenges?) (?:for|in|to|of|from|as|on)\b|"
    r"(?:[\w'’-]+ ){1,4}(?:increasingly|steadily|gradually|rising|growing|falling|expanding|slowing|climbing|reaching|"
    r"recovering|accelerating|shifting|becoming|seeking) "
)
"""What an analyst sees: `sees huge potential in …`, `sees exports growing …`."""
_REASON = regex(
    r"(?![^,;]{0,60}\b(?:sources?|data|reports?|statistics|figures|people|officials|media|provider|agency|study|survey|"
    r"statement|document|newspaper|research|analysts|experts|estimates|numbers|example|case|poem|line|proverb|goal|"
    r"law|article|plan|outline|guideline|policy|strategy|history|experience)\b)"
    r"(?:(?:the|a|an|its|his|her|their) )?[a-z][\w-]* [\w-]"
)
"""What somebody cites as a ground: `cited strong demand for …`; not where the words come from."""
_SUCH = regex(r"\bsuch [\w ]{1,40}$")
_EXAMPLE = regex(r" as (?:an? )?(?:good |typical |prime |vivid )?examples?\b(?! of)")


def _as_frame(text: str, begin: int, stop: int, cue: Cue) -> tuple[int, int] | None:
    phrase = text[begin:stop]
    if phrase.startswith("as "):
        return begin + 3, stop
    hit = re.match(
        r"(.{1,200}?)(?<! even)(?<! just)(?<! such)(?<! well)(?<! far)(?<! much)(?<! many) as (?!well )", phrase
    )
    if (
        hit is None
        or _SUCH.search(hit.group(1))
        or (cue.lemma not in ("cite", "dismiss") and "," in hit.group(1))
        or (cue.lemma == "cite" and _EXAMPLE.match(phrase, hit.end(1)))
        or (cue.lemma == "see" and text.endswith("saw ", 0, begin))
    ):
        return None
    if cue.lemma in _WHOLE_VIEW:
        return begin, stop
    after = begin + hit.end()
    return after, stop
