"""English reporting clauses: verb, source, and which words of the sentence are reported."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import islice

from pipeline.quotes.cast import Cast
from pipeline.quotes.marks import BLANK
from pipeline.quotes.records import Mention, MentionKind
from pipeline.quotes.sources import parse_source, source_after, source_before
from pipeline.quotes.tables import Cue, alternation, cue_forms
from pipeline.text import places_of, places_of_word, words_of

_DAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_MONTH = r"(?:Jan|Feb|March|April|May|June|July|Aug|Sept|Oct|Nov|Dec)\w*\.?(?: \d{1,2})?(?:, \d{4})?"
_ADVERBIAL = re.compile(
    rf" (?:(?:on|late|last|this|earlier|early|in) )?(?:{_DAY}|{_MONTH}|week|month|year|"
    rf"earlier|recently|today|yesterday|again|too|also|as well|clearly)(?: (?:morning|"
    rf"afternoon|evening|night))?(?=[ ,.:;]|$)"
    rf"|,? (?:in|at|during|on|after|via|through|to|when|while|following|from|upon|before|"
    rf"with|by|of) [^,.;:\"“”]{{1,140}}?(?:, (?:19|20)\d\d)?(?=,? that |[,.;:\"“”]| (?:it|he|she|they|the company|"
    rf"there) (?:is|was|will|has|had|would|plans|expects|hopes|believes)|$)"
)
_DAY_ONLY = re.compile(
    rf" (?:(?:on|late|last|this|earlier|early|in) )?(?:{_DAY}|{_MONTH}|week|month|year|"
    rf"earlier|recently|today|yesterday|again)(?: (?:morning|afternoon|evening|night))?(?=[ ,.:;]|"
    rf"$)"
)
_IN_A_STATEMENT = re.compile(
    r",? in (?:an?|its|his|her|their|the)(?: [\w-]+){0,3} (?:statement|interview|report|"
    r"note|speech|article|letter|email|post|release|document|study|survey|paper|announcement|"
    r"filing|exclusive interview|research note)"
    r"(?: (?:on|with|released|published|issued|to)(?: [A-Z][\w']*| on| in| [a-z]+day){1,4})?"
)
_PARTICIPLE_BEFORE = re.compile(
    r"(?:[,;—–-]|[,”\"]|\b(?:and|while|but|by|as|also|also while|instead|then|when|after|"
    r"before|even))\s*(?:also |further |in turn |and |but |while |instead )*$",
    re.I,
)
_LEGAL = re.compile(
    r"(?:Articles? \d|Section \d|the (?:relevant )?(?:provisions?|laws?|regulations?|"
    r"Law|Regulations|Rules|requirements?|Provisions|Measures|Trade Act)\b|law\b|(?:relevant|"
    r"related|applicable|Chinese|WTO|its|their|local) (?:\w+ )?(?:laws?|rules?|regulations?)|"
    r"the (?:\w+ )?(?:needs|situation|principle|order|scale|type|size|conditions?|wishes)|"
    r"their|different|his|her|whether|how|what|plan\b|schedule)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """One reporting clause: its cue, its source, and the stretch of the sentence that it reports."""

    cue: str
    lemma: Cue
    at: int
    rule: str
    mention: Mention | None
    """None: the source of the clause before (`…, adding that …`)."""
    start: int
    end: int
    """The reported words, `start == end` where the sentence holds none."""
    around: tuple[int, int]
    """The whole clause, so that two clauses do not claim the same words."""
    post: bool = False
    """Whether the report stands before its verb."""


def _spellings(word: str) -> tuple[str, str, str]:
    return word, word.capitalize(), word.upper()


@cache
def _by_first_word() -> dict[str, list[str]]:
    """The first word of every cue, as it may be printed, to all cues that begin with it."""
    forms: dict[str, list[str]] = {}
    for form, cue in cue_forms("en").items():
        if "source" not in cue.takes:
            first = form.split()[0]
            for printed in _spellings(first):
                forms.setdefault(printed, []).append(form)
    return forms


@cache
def _first_words() -> frozenset[str]:
    return frozenset(_by_first_word())


@cache
def _cues_from(first: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{alternation(_by_first_word()[first])})(?![\w'’-])", re.I)


@lru_cache(maxsize=2)
def _cue_places(text: str) -> list[tuple[int, str]]:
    """Where first words of cues stand in the whole text, found once for all its sentences.

    The words that the text has at all are looked up, and only those few of them that open a cue are searched for.
    """
    present = _first_words() & words_of(text)
    return sorted((at, word) for word in present for at in places_of_word(word, text))


def _find_cues(text: str, start: int, end: int) -> list[re.Match[str]]:
    places = _cue_places(text)
    found: list[re.Match[str]] = []
    for index in range(bisect_left(places, (start, "")), len(places)):
        at, word = places[index]
        if at >= end or len(found) == _MOST_CUES:
            break
        if match := _cues_from(word).match(text, at, end):
            found.append(match)
    return found


@cache
def _viewpoint_forms() -> tuple[str, ...]:
    return tuple(form for form, cue in cue_forms("en").items() if "source" in cue.takes)


@cache
def _viewpoints() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{alternation(_viewpoint_forms())}) ", re.I)


@lru_cache(maxsize=2)
def _viewpoint_starts(text: str) -> list[int]:
    """Where viewpoint phrases may stand in the whole text, found once for all its sentences."""
    words = words_of(text)
    present = [form[1:] for form in _viewpoint_forms() if not words.isdisjoint(_spellings(form.split()[0]))]
    return sorted(at - 1 for form in present for at in places_of(form, text))


def _has_viewpoint(text: str, start: int, end: int) -> bool:
    known = _viewpoint_starts(text)
    index = bisect_left(known, start)
    return index < len(known) and known[index] < end


_MOST_CUES = 40
"""Cues that are read in one sentence; real ones have fewer than ten."""


def find_attributions(text: str, start: int, end: int, cast: Cast) -> list[Attribution]:
    """The reporting clauses of one sentence, left to right; `text` has quoted words blanked."""
    found = list(_according(text, start, end, cast)) if _has_viewpoint(text, start, end) else []
    cues = _find_cues(text, start, end)
    if not cues and not found:
        return found
    for match in cues:
        attribution = _read(text, start, end, match, cast, found)
        if attribution is None:
            continue
        found.append(attribution)
    found.sort(key=lambda attribution: attribution.at)
    return _trimmed(text, [attribution for attribution in found if not _inside_viewpoint(attribution, found)])


def _inside_viewpoint(attribution: Attribution, found: list[Attribution]) -> bool:
    """Part of what `according to X` reports: `The plan points to growth, according to Kong Yi`."""
    if attribution.post or attribution.mention is None or not attribution.lemma.takes & {"weak", "noun"}:
        return False
    return any(
        outer.rule == "according-to-last" and outer.start <= attribution.around[0] and attribution.end > outer.at
        for outer in found
    )


def _trimmed(text: str, found: list[Attribution]) -> list[Attribution]:
    """A report that stands after its verb ends where the next reporting clause of the sentence begins.

    A source inside the reported words (`Sun said he expects …`) is part of them.
    """
    out: list[Attribution] = []
    for attribution in found:
        for index, earlier in enumerate(out):
            if earlier.post or not earlier.start <= attribution.around[0] < earlier.end:
                continue
            if attribution.mention is None or attribution.rule in ("relative", "participle"):
                out[index] = replace(earlier, end=attribution.around[0])
            elif not attribution.post and (cut := _next_main_clause(text, earlier.start, attribution)):
                out[index] = replace(earlier, end=cut)
            else:
                break
        else:
            out.append(attribution)
    return out


_CONJUNCTION = re.compile(
    r"(?:[,;] (?:and|while|but|whereas|as|yet|though|although|even though)|;| while| whereas| but)[ ]?(?:[a-z]+ ){0,1}$"
)


def _next_main_clause(text: str, start: int, attribution: Attribution) -> int | None:
    """Where a report ends because another source has the word: `A said X, while B said Y`; None inside X."""
    assert attribution.mention is not None
    match = _CONJUNCTION.search(text, start, attribution.mention.start)
    return match.start() if match else None


def _made(
    match: re.Match[str],
    cue: Cue,
    rule: str,
    mention: Mention | None,
    reported: tuple[int, int],
    around: tuple[int, int],
    *,
    post: bool = False,
) -> Attribution:
    return Attribution(
        cue=match.group().strip(), lemma=cue, at=match.start(), rule=rule, mention=mention, start=reported[0],
        end=reported[1], around=around, post=post,
    )  # fmt: skip


def _read(
    text: str, start: int, end: int, match: re.Match[str], cast: Cast, found: list[Attribution]
) -> Attribution | None:
    form = match.group().lower()
    if match.group() != form and match.start() > start + 1:
        return None
    if text.endswith(_NO_VERB_AFTER, start, match.start()) or text[start : match.start()] in _NO_VERB_FIRST:
        return None
    if form.endswith("ed") and text.startswith((" by ", "-"), match.end()):
        return None
    cue = cue_forms("en")[form]
    if (
        form == cue.lemma
        and cue.lemma not in _SAID_IN_FUTURE
        and _MODAL.search(text, max(start, match.start() - 8), match.start())
    ):
        return None
    if passive := _quoted_passive(text, start, end, match, cue, cast):
        return passive
    if form.split()[0].endswith("ing"):
        return _participle(text, start, end, match, cue, cast, found)
    return _inverted(text, start, end, match, cue, cast) or _finite(text, start, end, match, cue, cast, found)


_NO_VERB_AFTER = (" the ", " a ", " an ", " your ", " our ", " its ", " their ", " of ", " in ")
_NO_VERB_FIRST = frozenset(("The ", "A ", "Your ", "Our ", "Its ", "Their ", "Of ", "In "))
"""After an article, a possessive or one of these prepositions the word is a noun: `the report`, `in terms`."""
_MODAL = re.compile(r"(?<!\w)(?:will|can|could|may|might|must|to) $")
_SAID_IN_FUTURE = frozenset(("say", "argue", "think", "believe", "expect"))
_QUOTED_PASSIVE = re.compile(
    r"\b(?:was|were|is|are|has been) (?:also )?(?:quoted|cited)(?: (?:by|in) [^,.;:]{2,80})? as $"
)


def _quoted_passive(text: str, start: int, end: int, match: re.Match[str], cue: Cue, cast: Cast) -> Attribution | None:
    """`…, Ke Yan, a professor at X, was quoted by a newspaper as saying`, and with the report after the verb."""
    if match.group() != "saying":
        return None
    passive = _QUOTED_PASSIVE.search(text, max(start, match.start() - 120), match.start())
    mention = source_before(text, start, passive.start(), cast) if passive else None
    if mention is None:
        return None
    complement = _complement(text, match.end(), end, cue)
    around = (mention.start, match.end())
    if complement is not None:
        return _made(match, cue, "quoted-as-saying", mention, complement, around)
    before = text[start : mention.start].rstrip()
    if not before or before[-1] not in ',"”?!—…':
        return None
    first = _clause_start(text, start, mention.start)
    return _made(match, cue, "quoted-as-saying", mention, (first, start + len(before.rstrip(",—"))), around, post=True)


def _inverted(text: str, start: int, end: int, match: re.Match[str], cue: Cue, cast: Cast) -> Attribution | None:
    """`…," said Qian Haomin, co-CEO of X` and `…, said industry experts`."""
    before = text[start : match.start()].rstrip()
    if cue.takes & {"weak", "addressee"} or "clause" not in cue.takes or not before or before[-1] not in ',"”?!—…':
        return None
    if before.endswith(",") and len(before.split()) < 3 and not before.endswith(('",', "”,")):
        return None
    mention = source_after(text, match.end(), end, cast)
    if mention is None or (mention.kind == "pronoun" and mention.text in ("it", "It")):
        return None
    if before.endswith(",") and not before.endswith(('",', "”,")) and mention.kind not in ("name", "surname"):
        subject = source_before(text, start, match.start(), cast)
        if subject is not None and subject.kind == "name":
            return None
    return _made(
        match,
        cue,
        "inverted",
        mention,
        (_clause_start(text, start, match.start()), start + len(before.rstrip(","))),
        (match.start(), mention.end),
        post=True,
    )


def _clause_start(text: str, start: int, end: int) -> int:
    """Past a connective that opens the sentence (`For instance, …`)."""
    lead = _OPENING.match(text, start, end)
    start = lead.end() if lead else start
    setting = _SETTING.match(text, start, end)
    return setting.end() if setting else start


_SETTING = re.compile(r"As [^,;:\"“”]{3,120}? (?:is|are) (?:\w+ ){0,2}\w+ing [^,;:\"“”]{3,200}, (?=\w)")
"""The writer's circumstance before somebody's report: `As China is opening up, exports will grow, experts said`."""


_OPENING = re.compile(
    r"(?:(?:For (?:instance|example)|However|Meanwhile|Moreover|Furthermore|In addition|"
    r"Additionally|Besides|Similarly|But|And|Yet|Also|Overall|Therefore|Still|Nevertheless|"
    r"In fact|Indeed|Specifically|Notably),? )+"
)


def _finite(
    text: str, start: int, end: int, match: re.Match[str], cue: Cue, cast: Cast, found: list[Attribution]
) -> Attribution | None:
    floor = max([start, *(attribution.around[1] for attribution in found if attribution.around[1] <= match.start())])
    mention = source_before(text, floor, match.start(), cast)
    rule = "source-first"
    if (
        mention is None
        and not cue.takes & {"belief"}
        and cue.lemma != "hope"
        and _IMPERSONAL.search(text, max(floor, match.start() - 30), match.start())
    ):
        mention = Mention(kind="pronoun", text="it", start=match.start(), end=match.start())
        rule = "impersonal"
    if mention is not None and not (_agrees(match.group().lower(), cue, mention) and _fits(text, floor, cue, mention)):
        return None
    if mention is None:
        mention = _relative(text, floor, match.start(), found, cast)
        rule = "relative"
        if mention is None:
            return _coordinated(text, start, end, match, cue, cast, found)
    complement = _complement(text, match.end(), end, cue) or _as_clause(text, floor, end, match, mention)
    if complement is not None and _speaks_of(text, complement, cue, mention):
        return _made(
            match, cue, rule, mention, (complement[0], complement[1]), (min(mention.start, match.start()), match.end())
        )
    if rule == "relative" or not cue.takes & {"clause", "addressee"}:
        return None
    return _source_last(text, start, end, match, cue, mention)


_AS_BEFORE = re.compile(r"(?:^|[,;.] |(?<!\w))[Aa]s $")


def _as_clause(text: str, floor: int, end: int, match: re.Match[str], mention: Mention) -> tuple[int, int] | None:
    """`As the chamber's latest report notes, …`: the clause after the comma is the report."""
    if not text.startswith(", ", match.end()) or not _AS_BEFORE.search(text, floor, mention.start):
        return None
    return (match.end() + 2, _sentence_end(text, end)) if not text[floor : mention.start - 3].strip() else None


_DOCUMENTS_ONLY = frozenset(("find", "read"))
_PEOPLE_ONLY = frozenset(("recall", "compare", "hint at", "worry", "bet", "be convinced", "be confident", "interpret"))
_SHARE = re.compile(
    r"(?:[Tt]he |[Aa] )?(?:(?:[Nn]early|[Aa]bout|[Oo]ver|[Mm]ore than|[Aa]lmost|[Aa]round|[Ss]ome|[Aa]pproximately) )?"
    r"(?:(?:half|[\d.]+ percent|proportion|share|percentage|number|two-thirds|one-third|a third|three-quarters) of|"
    r"one in \w+) "
)
"""A counted part of a survey's respondents: what it says is the survey's figure."""


_TEMPORAL = re.compile(r"(?:Before|After|When|Until|Once|If) (?:the )?")


def _fits(text: str, floor: int, cue: Cue, mention: Mention) -> bool:
    """Whether that sort of source can have said that sort of verb."""
    if _SHARE.match(text, max(floor, mention.start)) or (
        text.find(" of ", max(floor, mention.start - 40), mention.start) >= 0
        and any(
            share.end() == mention.start
            for share in _SHARE.finditer(text, max(floor, mention.start - 40), mention.start)
        )
    ):
        return False
    if _TEMPORAL.fullmatch(text, floor, mention.start):
        return False
    if cue.lemma in _DOCUMENTS_ONLY:
        return mention.kind in ("document", "organization")
    if cue.lemma in _PEOPLE_ONLY:
        return mention.kind in ("name", "surname", "pronoun", "post", "group") and mention.text.lower() != "it"
    return True


_ADDED_TO = re.compile(r"[^;:\"“”]{2,200}? (?:to|from|into) (?:its|the|their|an?) ")


def _speaks_of(text: str, complement: tuple[int, int], cue: Cue, mention: Mention | None) -> bool:
    """`X Corp added three firms to its list` and `added more than 100 stores` are deeds, no words."""
    if cue.lemma != "add" or text[complement[0] - 5 : complement[0]] == "that ":
        return True
    first = _PLAIN_FINITE.search(text, *complement)
    deed = _ADDED_TO.match(text, *complement)
    if deed and (first is None or first.start() > deed.end() - 3):
        return False
    if first is not None or (mention is None and _SHORT_CLAUSE.match(text, *complement)):
        return True
    return mention is not None and mention.kind in ("name", "surname", "pronoun", "post", "group")


_SHORT_CLAUSE = re.compile(
    r"(?:he|she|it|they|this|these|(?:the|its|their) (?:[\w'’-]+ ){0,2}?[\w'’-]+) [a-z]+(?:ed|[^s]s)\b"
)
_PLAIN_FINITE = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|would|can|could|may|might|should|must|do|does|did|cannot)\b"
)

_AND_VERB = re.compile(r",? (?:and|but)(?: also| then| further| later| has| have)? $")


def _coordinated(
    text: str, start: int, end: int, match: re.Match[str], cue: Cue, cast: Cast, found: list[Attribution]
) -> Attribution | None:
    """A second verb of the same subject: `She spoke highly of it, and said that …`."""
    conjunction = _AND_VERB.search(text, max(start, match.start() - 20), match.start())
    if conjunction is None or match.group().lower() == cue.lemma:
        return None
    if not cue.takes & {"clause", "addressee", "noun", "noun-as", "noun-name"}:
        return None
    earlier = [attribution for attribution in found if attribution.at < match.start()]
    if cue.takes & {"weak", "belief"} and not cue.takes & {"noun-as", "noun-name"} and earlier:
        return None
    if cue.lemma in _DOCUMENTS_ONLY:
        return None
    complement = _complement(text, match.end(), end, cue)
    if complement is None or (
        not cue.takes & {"clause", "addressee", "noun"} and not re.search(r"[\"“]", text[slice(*complement)])
    ):
        return None
    mention = None
    if not earlier:
        mention = _subject_of_sentence(text, start, match.start(), cast)
        if mention is None or mention.kind not in ("name", "surname", "pronoun", "organization"):
            return None
    return _made(match, cue, "participle", mention, (complement[0], complement[1]), (conjunction.start(), match.end()))


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


_IMPERSONAL = re.compile(r"(?<!\w)[Ii]t (?:was|is|has been) (?:also |further )?$")


def _relative(text: str, floor: int, verb: int, found: list[Attribution], cast: Cast) -> Mention | None:
    """`said Tian, who expects …`: the source of the clause just before."""
    left = text[floor:verb].rstrip()
    if not _WHO.search(left[-80:]):
        return None
    earlier = [attribution for attribution in found if attribution.at < verb and attribution.mention is not None]
    if earlier and earlier[-1].around[1] >= floor - 2 and len(left) < 160:
        return earlier[-1].mention
    return None


_WHO = re.compile(r"\bwho(?: also| further| has| had)*$")


def _source_last(
    text: str, start: int, end: int, match: re.Match[str], cue: Cue, mention: Mention
) -> Attribution | None:
    """`…, Zhang said.` and `…, he said, so that …`."""
    tail = text[match.end() : end]
    if cue.lemma in ("continue", "add", "agree", "hold") and tail[:1] not in ',."”:;':
        return None
    rest = _after_adverbials(text, match.end(), end)
    if not _ends_here(text, rest, end, cue, tail):
        return None
    before = text[start : mention.start].rstrip()
    if not before or before[-1] not in ',"”?!—…':
        return _made(match, cue, "bare", mention, (match.end(), match.end()), (mention.start, match.end()), post=True)
    first = _clause_start(text, start, mention.start)
    last = start + len(before.rstrip(",—"))
    if "weak" in cue.takes and ("noun" in cue.takes or cue.lemma == "hold"):
        return None
    follow = text[rest:end]
    middle = re.match(
        r", (?!adding|noting|citing|saying|stressing|pointing|referring|calling|urging|when|"
        r"who|which|after|before|during|while|describing|highlighting|emphasizing|explaining|"
        r"warning|predicting|in an|at |speaking|commenting|and (?:he|she) )(?=[a-z])",
        follow,
    )
    whole = _FINITE.search(text, first, last) is not None
    if (
        not middle
        and not whole
        and follow[:2] == ", "
        and text[rest + 2 : rest + 3].isupper()
        and _FINITE.search(follow)
    ):
        middle = re.match(", ", follow)
    if middle and before.rstrip(",")[-1:] not in ('"', "”") and len(follow) > 12 and _FINITE.search(follow):
        return _made(
            match, cue, "middle", mention, (first, _sentence_end(text, end)), (mention.start, match.end()), post=True
        )
    if not whole and not re.search(r"[\"”]$", before.rstrip(",")):
        return None
    return _made(match, cue, "source-last", mention, (first, last), (mention.start, match.end()), post=True)


def _ends_here(text: str, rest: int, end: int, cue: Cue, tail: str) -> bool:
    if rest >= end or text[rest] in '.,;:!?"”—)':
        return True
    if "addressee" in cue.takes:
        return True
    return bool(
        re.match(
            r" (?:in|at|during|on|to|when|while|after|before|via|following|as|upon|through) ",
            text[rest : rest + 12],
        )
    )


def _after_adverbials(text: str, at: int, end: int) -> int:
    while match := _ADVERBIAL.match(text, at, end):
        if match.end() == at:
            break
        at = match.end()
    return at


def _sentence_end(text: str, end: int) -> int:
    stop = end
    while stop > 0 and text[stop - 1] in " .!?…":
        stop -= 1
    return stop


def _complement(text: str, at: int, end: int, cue: Cue) -> tuple[int, int] | None:
    """The words that the verb reports after it, or None where it has none."""
    stop = _sentence_end(text, end)
    told = False
    if "addressee" in cue.takes:
        past = _past_addressee(text, at, stop)
        told, at = past > at, past
    that = _that(text, at, stop, cue)
    if that is not None:
        return (that, stop) if stop - that > 1 else None
    if "weak" in cue.takes and not cue.takes & {"noun", "noun-to", "noun-of", "noun-as", "noun-name"}:
        return None
    begin = _past_short_adverbial(text, at, stop)
    follow = text[begin:stop]
    if cue.takes & {"clause", "addressee"}:
        if opened := _OPENED.match(follow):
            return begin + opened.start("mark"), stop
        if follow.startswith(": "):
            return begin + 2, stop
    if not follow.startswith(" ") or len(follow) < 4:
        return None
    begin += 1
    if told and re.match(r"(?:the|its|it|he|she|they|there|an?|this|[A-Z]\w+) ", follow[1:]) and _FINITE.search(follow):
        return begin, stop
    return _by_frame(text, begin, stop, cue)


_OPENED = re.compile(r"[:,]? ?(?P<mark>[\"“])")


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
        if hit := _LATE_THAT.match(text, probe, stop):
            return hit.end()
    hit = _THAT_PAST_COMMAS.match(text, at, stop)
    return hit.end() if hit else None


_LATE_THAT = re.compile(r",? that ")
_THAT_PAST_COMMAS = re.compile(
    r", (?:for example|for instance|however|meanwhile|in [^,]{3,60}|at [^,]{3,60}|on [^,]{3,60}|"
    r"among [^,]{3,60}|as [^,]{3,60}), that "
)


_WHILE_DOING = re.compile(r" (?:while|when|after|before|by|upon|in) [a-z]+ing [^,;:\"“”]{3,200}?(?=[;.]|$)")


def _past_short_adverbial(text: str, at: int, stop: int) -> int:
    while match := (
        _DAY_ONLY.match(text, at, stop) or _IN_A_STATEMENT.match(text, at, stop) or _WHILE_DOING.match(text, at, stop)
    ):
        at = match.end()
    comma = _TO_THE_MARK.match(text, at, stop)
    return comma.end() if comma and not _WORK_NOUN.search(comma.group()) else at


_TO_THE_MARK = re.compile(r" (?:in|at|during|on|to) [^,.;:\"“”]{2,100}?(?=: ?[\"“]|, [\"“])")
_WORK_NOUN = re.compile(r"\b(?:publication|analysis|article|book|paper|essay|study|report|column|speech|commentary)$")


def _past_addressee(text: str, at: int, stop: int) -> int:
    match = re.compile(
        r" (?:reporters|journalists|the media|media|China Daily|Xinhua(?: News Agency)?|"
        r"a (?:press|news) (?:conference|briefing)|the [A-Z]\w+(?: [A-Z]\w+)*|(?:the )?[A-Z][\w']+(?: [A-Z][\w']+){0,3}"
        r"(?: (?:newspaper|magazine|television|News|radio|host|anchor|reporters|journalists)(?: [A-Z]\w+){0,2})?|"
        r"him|her|them|us|me|(?:an? |the )?[a-z]+(?: [a-z]+)?(?= that ))"
    ).match(text, at, stop)
    return match.end() if match else at


_NOT_COMPLEMENT = re.compile(
    r"(?!(?:about|over|at least) (?:half\b|\d|least|two-thirds|a third)|at least )"
    r"(?:to|not to|of|at|on|by|from|for|with|about|against|into|over|in|as|and|or|but|upon|through|after|before|than|"
    r"during|amid|via|under|following|without|among|between|ahead|alongside|while|when)\b"
)
_NO_OBJECT = re.compile(r"(?:is|are|was|were|has|have|had|will|would|of|and|or|for|in|to|by|at|on)\b")
_MARKED = re.compile(r"[\"“]")
_FINITE = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|would|can|could|may|might|should|must|do|"
    r"does|did|isn't|aren't|won't|cannot|can't|doesn't|don't|need|needs|remain|remains|"
    r"continue|continues|'s|’s)\b|\b[a-z]{3,}(?:s|ed)\b|"
    r"(?<= )(?:began|became|broke|brought|built|came|chose|drew|drove|fell|felt|flew|found|gave|got|grew|held|hid|kept|"
    r"knew|laid|led|left|lost|made|meant|met|paid|ran|rose|sank|saw|sent|shook|shrank|sold|sought|spent|spoke|stood|"
    r"struck|taught|thought|threw|took|understood|went|withdrew|won|wrote)\b"
)
"""A finite verb by its form; a clause without `that` has one."""


def _by_frame(text: str, begin: int, stop: int, cue: Cue) -> tuple[int, int] | None:
    """The complement by what the verb takes: clause without `that`, noun phrase, `… to`, `… as`."""
    phrase = text[begin:stop]
    takes = cue.takes
    if "against" in takes and (hit := re.match(r"(?:against|of|about) ", phrase)):
        return (begin if hit.group().startswith("against") else begin + hit.end()), stop
    if "noun-as" in takes:
        return _as_frame(text, begin, stop, cue)
    if "noun-name" in takes:
        return (begin, stop) if _MARKED.search(phrase) and not _NO_OBJECT.match(phrase) else None
    if "noun-to" in takes and re.match(r".{2,160}? to \w", phrase) and not _NOT_COMPLEMENT.match(phrase):
        return begin, stop
    if "noun-of" in takes and re.match(r".{2,160}? of \w", phrase) and not _NOT_COMPLEMENT.match(phrase):
        return begin, stop
    if "noun" in takes and not _NOT_COMPLEMENT.match(phrase):
        return begin, stop
    if re.match(r"(?:how|why|what|whether),? ", phrase):
        return begin, stop
    if "bare" in takes and not _NOT_COMPLEMENT.match(phrase) and (_FINITE.search(phrase) or _MARKED.search(phrase)):
        return begin, stop
    if (
        "bare" in takes
        and re.match(r"(?:in|for|with|by|as|on|at|after|over|under|during|amid|among|when|while|without) ", phrase)
        and re.search(r", .*\b(?:is|are|was|were|has|have|had|will|would|can|could|may|should|must)\b", phrase)
    ):
        return begin, stop
    return None


def _as_frame(text: str, begin: int, stop: int, cue: Cue) -> tuple[int, int] | None:
    phrase = text[begin:stop]
    if phrase.startswith("as "):
        return begin + 3, stop
    hit = re.match(
        r"(.{1,200}?)(?<! even)(?<! just)(?<! such)(?<! well)(?<! far)(?<! much)(?<! many) as (?!well )", phrase
    )
    if (
        hit is None
        or (cue.lemma != "cite" and "," in hit.group(1))
        or (cue.lemma == "see" and text.endswith("saw ", 0, begin))
    ):
        return None
    if cue.lemma in ("see", "view", "regard", "cite", "interpret"):
        return begin, stop
    after = begin + hit.end()
    return after, stop


def _participle(
    text: str, start: int, end: int, match: re.Match[str], cue: Cue, cast: Cast, found: list[Attribution]
) -> Attribution | None:
    """`…, adding that …`, `Noting that …, Sun said …`, `quoted her as saying …`."""
    before = text[start : match.start()]
    opening = not before.strip(' "”“')
    stated = match.group().lower() == "saying" and _STATEMENT.search(before)
    if cue.lemma == "consider":
        return None
    if before.endswith(("that while ", "that when ", "that by ")):
        return None
    if not opening and not stated and not _PARTICIPLE_BEFORE.search(before):
        return None
    complement = _complement(text, match.end(), end, cue)
    if complement is None:
        return None
    if opening:
        return _fronted(text, start, end, match, cue, cast, complement)
    if not _speaks_of(text, complement, cue, None):
        return None
    names = "noun-name" in cue.takes and re.search(r"[\"“]", text[slice(*complement)])
    if "weak" in cue.takes and not names and not _after_report(text, match.start(), found):
        return None
    rule = "participle"
    quoted = re.search(r"\b(?:quoted|cited) (.{3,120}) as $", before)
    mention: Mention | None = None
    if quoted:
        mention = parse_source(quoted.group(1), start + quoted.start(1), cast)
        rule = "quoted-as-saying"
    elif not any(attribution.at < match.start() for attribution in found):
        mention = _subject_of_sentence(text, start, match.start(), cast)
        if mention is None:
            return None
        rule = "participle-of-subject"
    head = re.search(r"[\s,;—\"”]*(?:and |while |but |also |instead )*$", before)
    cut = start + head.start() if head else match.start()
    return _made(match, cue, rule, mention, (complement[0], complement[1]), (cut, match.end()))


_STATEMENT = re.compile(
    r"\b(?:statement|letter|post|message|report|notice|article|announcement|release|"
    r"note|document|email|notification)s?\b[^,.;:]{0,80} $"
)


def _after_report(text: str, at: int, found: list[Attribution]) -> bool:
    """Whether the words before a participle that things can govern too (`highlighting`) end a reporting clause.

    After `…," he said` the participle is his; inside a reported clause it belongs to what the clause is about.
    """
    earlier = [attribution for attribution in found if attribution.at < at]
    if not earlier:
        return False
    last = earlier[-1]
    if last.rule.startswith("according"):
        return False
    if last.post:
        return (
            re.fullmatch(r"[^,;]{0,60}[,\"”;]* ?(?:and |while |also |specifically )?", text[last.around[1] : at])
            is not None
        )
    return last.rule == "source-first" and "noun" in last.lemma.takes and "clause" not in last.lemma.takes


def _fronted(
    text: str, start: int, end: int, match: re.Match[str], cue: Cue, cast: Cast, complement: tuple[int, int]
) -> Attribution | None:
    """`Noting that …, Sun Xuegong, director of …, said`: the report ends before the subject of the main verb."""
    for verb in _find_cues(text, complement[0], end):
        if verb.group().lower().split()[0].endswith("ing"):
            continue
        mention = source_before(text, complement[0], verb.start(), cast)
        if mention is not None and mention.kind in ("name", "surname", "pronoun", "organization", "group"):
            stop = text.rfind(",", complement[0], mention.start + 1)
            if stop > complement[0]:
                return _made(match, cue, "fronted", mention, (complement[0], stop), (match.start(), stop))
    return None


_SUBORDINATE = re.compile(
    r"(?:While|As|Although|Though|After|Before|When|If|Since|Because|Despite|Under|"
    r"In|At|On|During|With|By|For|To|From) "
)
"""Opens a fronted clause or setting, whose nouns are not the subject of the sentence."""


_MAIN_VERB = re.compile(
    _PLAIN_FINITE.pattern
    + r"|\b(?!based|listed|owned|released|issued)[a-z]{3,}ed (?=(?:in|at|on|to|into|the|an?|its|their|for)\b)"
)


def _subject_of_sentence(text: str, start: int, limit: int, cast: Cast) -> Mention | None:
    """The person, body or document that opens the sentence, past a fronted adverbial."""
    pieces = re.split(r", ", text[start:limit])
    at = start
    for piece in pieces[:4]:
        if len(pieces) > 1 and _SUBORDINATE.match(piece):
            at += len(piece) + 2
            continue
        verb = _MAIN_VERB.search(piece)
        head = piece[: verb.start()].rstrip() if verb else piece
        whole = parse_source(head, at, cast) if 0 < len(head) < 120 else None
        if whole is not None and whole.kind in ("name", "surname", "organization", "document", "group"):
            return whole
        for name in re.finditer(
            r"(?:[Tt]he )?(?:[A-Z][\w'’-]*(?: of| and)? ?){1,6}|(?:[Tt]he|[Hh]e|[Ss]he|[Tt]hey|[Ii]t)(?: [a-z]+){0,3}",
            piece[:120],
        ):
            phrase = name.group().strip()
            for size in range(len(phrase.split()), 0, -1):
                words = " ".join(phrase.split()[:size])
                mention = parse_source(words, at + name.start(), cast)
                if mention is not None and (mention.kind != "post"):
                    return mention
            break
        at += len(piece) + 2
    return None


_DATA_FROM = re.compile(
    r"(?:(?:the|its|a|an|official|latest|recent|preliminary|new|statistics|statistical|"
    r"data|figures|estimates?|information|numbers?|calculations?|forecasts?|[a-z]+) )*(?:data|"
    r"statistics|figures|estimates?|information|numbers|calculations|forecasts?|stats)"
    r"(?:(?: (?:recently|jointly|newly|just|previously))?(?: (?:released|issued|published|"
    r"provided|compiled|collected|disclosed|unveiled|announced))?(?: (?:on|last|this) [A-Za-z]+(?: "
    r"\d+)?)? (?:by|from|of|at)) "
)


def _according(text: str, start: int, end: int, cast: Cast) -> Iterator[Attribution]:
    """`according to X`, at the end or the beginning of its sentence."""
    for match in islice(_viewpoints().finditer(text, start, end), _MOST_CUES):
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


_MARKED_WORK = re.compile(rf"(?:the |its |a )?(?:[a-z]+ ){{0,3}}([\"“]{BLANK}+,?[\"”])")
"""A document named by its title in marks."""


def _viewpoint_source(text: str, at: int, limit: int, cast: Cast) -> Mention | None:
    if work := _MARKED_WORK.match(text, at, limit):
        return Mention(kind="document", text=work.group(1), start=work.start(1), end=work.end(1))
    data = _DATA_FROM.match(text, at, limit)
    first = data.end() if data else at
    mention = source_after(text, first, limit, cast)
    if mention is not None:
        return mention
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
    return Mention(
        kind=kind,
        text=re.sub(r"^the ", "", phrase) if kind == "group" else phrase,
        start=first,
        end=first + len(phrase),
    )


def _according_last(
    text: str, start: int, end: int, match: re.Match[str], cue: Cue, cast: Cast
) -> Iterator[Attribution]:
    mention = _viewpoint_source(text, match.end(), end, cast)
    before = text[start : match.start()].rstrip()
    if mention is None or not before:
        return
    if before[-1] not in ',"”—' and not re.search(r"[\"”.,] *$", before) and len(before.split()) < 6:
        return
    first = _clause_start(text, start, match.start())
    yield _made(
        match,
        cue,
        "according-to-last",
        mention,
        (first, start + len(before.rstrip(",—- "))),
        (match.start(), mention.end),
        post=True,
    )


def _according_first(
    text: str, start: int, end: int, match: re.Match[str], cue: Cue, cast: Cast
) -> Iterator[Attribution]:
    comma = _end_of_source(text, match.end(), end)
    if comma is None:
        return
    mention = _viewpoint_source(text, match.end(), comma, cast)
    if mention is None:
        return
    yield _made(
        match, cue, "according-to-first", mention, (comma + 2, _sentence_end(text, end)), (match.start(), comma + 1)
    )


def _end_of_source(text: str, at: int, end: int) -> int | None:
    """The comma after a fronted source, past its apposition."""
    commas = [match.start() for match in re.compile(r",(?= )").finditer(text, at, min(end, at + 500))]
    if not commas:
        return None
    first = commas[0]
    if len(commas) > 1 and re.match(
        r", (?:(?:released|issued|published|unveiled|adopted) (?:by|in|on|last|this|earlier) |"
        r"an? |the (?:country|nation|world|city|largest|top|leading|main|state|official|"
        r"industry|national|central)|one of |which |who |also |chief|director|head|president|"
        r"founder|vice|deputy|chairman|CEO|professor|senior)",
        text[first : first + 24],
    ):
        if len(commas) > 2 and re.match(r", (?:19|20)\d\d,", text[commas[1] : commas[1] + 7]):
            del commas[1]
        segment = text[first + 2 : commas[1]]
        if not re.search(r"\b(?:will|would|has|have|had|is|are|was|were|can|could|may)\b", segment) or re.match(
            r"(?:which|who)", segment
        ):
            return commas[1]
    return first
