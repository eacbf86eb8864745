"""Report before its source: `…," said Zhang`, `…, Zhang said.`, `…, Zhang was quoted as saying`."""

from __future__ import annotations

import re

from pipeline.patterns import regex
from pipeline.quotes.attribution import FINITE, PLAIN_FINITE, Attribution, clause_start, make_attribution, sentence_end
from pipeline.quotes.cast import Cast
from pipeline.quotes.complements import after_adverbials, find_complement
from pipeline.quotes.records import Mention
from pipeline.quotes.source_left import source_before
from pipeline.quotes.source_right import source_after
from pipeline.quotes.tables import Cue, cue_forms

_QUOTED_PASSIVE = regex(r"\b(?:was|were|is|are|has been) (?:also )?(?:quoted|cited)(?: (?:by|in) [^,.;:]{2,80})? as $")


def read_quoted_passive(
    text: str, start: int, end: int, match: re.Match[str], cue: Cue, cast: Cast
) -> Attribution | None:
    """`…, Ke Yan, a professor at X, was quoted by a newspaper as saying`, and with the report after the verb."""
    if match.group() != "saying":
        return None
    passive = _QUOTED_PASSIVE.search(text, max(start, match.start() - 120), match.start())
    mention = source_before(text, start, passive.start(), cast) if passive else None
    if mention is None:
        return None
    complement = find_complement(text, match.end(), end, cue)
    around = (mention.start, match.end())
    if complement is not None:
        return make_attribution(match, cue, "quoted-as-saying", mention, complement, around)
    before = text[start : mention.start].rstrip()
    if not before or before[-1] not in ',"”?!—…':
        return None
    first = clause_start(text, start, mention.start)
    return make_attribution(
        match, cue, "quoted-as-saying", mention, (first, start + len(before.rstrip(",—"))), around, post=True
    )


def read_inverted(text: str, start: int, end: int, match: re.Match[str], cue: Cue, cast: Cast) -> Attribution | None:
    """`…," said Qian Haomin, co-CEO of X` and `…, said industry experts`."""
    before = text[start : match.start()].rstrip()
    if (
        (cue.takes & {"weak", "addressee"} and cue.lemma != "report")
        or "clause" not in cue.takes
        or not before
        or before[-1] not in ',"”?!—…'
    ):
        return None
    if before.endswith(",") and len(before.split()) < 3 and not before.endswith(('",', "”,")):
        return None
    mention = source_after(text, match.end(), end, cast)
    if mention is None or (mention.kind == "pronoun" and mention.text in ("it", "It")):
        return None
    if cue.lemma == "report" and (mention.kind != "organization" or not before.endswith(",")):
        return None
    if before.endswith(",") and not before.endswith(('",', "”,")) and mention.kind not in ("name", "surname"):
        subject = source_before(text, start, match.start(), cast)
        if subject is not None and subject.kind == "name":
            return None
    return make_attribution(
        match,
        cue,
        "inverted",
        mention,
        (clause_start(text, start, match.start()), start + len(before.rstrip(","))),
        (match.start(), mention.end),
        post=True,
    )


def read_source_last(
    text: str, start: int, end: int, match: re.Match[str], cue: Cue, mention: Mention
) -> Attribution | None:
    """`…, Zhang said.` and `…, he said, so that …`."""
    tail = text[match.end() : end]
    if cue.lemma in ("continue", "add", "agree", "hold") and tail[:1] not in ',."”:;':
        return None
    if cue.lemma in _OWN_DEEDS and tail.startswith(" to ") and '"' not in tail and "“" not in tail:
        return None
    if match.group() in ("report", "reports") and mention.kind in ("name", "surname"):
        return None  # the standfirst names its own writer: `…, Zhang Yu reports.`
    if "belief" in cue.takes and tail[:1] not in ',.;:"”—!?':
        return None
    rest = after_adverbials(text, match.end(), end)
    if not _ends_here(text, rest, end, cue, tail):
        return None
    before = text[start : mention.start].rstrip()
    if before.endswith(", as") and tail[:1] in ",." and "weak" not in cue.takes:
        before = before[:-3]
    if not before or before[-1] not in ',"”?!—…':
        return make_attribution(
            match, cue, "bare", mention, (match.end(), match.end()), (mention.start, match.end()), post=True
        )
    first = clause_start(text, start, mention.start)
    last = start + len(before.rstrip(",—"))
    marked = before.rstrip(",")[-1:] in ('"', "”")
    unlike_words = "weak" in cue.takes and ("noun" in cue.takes or cue.lemma == "hold")
    if unlike_words and not (marked and cue.lemma == "recall") and not (tail[:1] == "." and before[-1] == ","):
        aside = tail[:1] == "," and before[-1] == "," and cue.lemma == "suggest" and mention.kind != "document"
        if not aside or mention.text.lower() == "it":
            return None
    follow = text[rest:end]
    if first >= mention.start and follow.startswith(", "):
        words = (rest + 2, sentence_end(text, end))
        return make_attribution(match, cue, "source-first", mention, words, (mention.start, match.end()))
    middle = _GOES_ON.match(follow)
    if middle and (participle := _ING.match(follow)) and participle.group(1) in cue_forms("en"):
        middle = None
    whole = FINITE.search(text, first, last) is not None and not _is_setting(text, first, last)
    if (
        not middle
        and not whole
        and follow[:2] == ", "
        and text[rest + 2 : rest + 3].isupper()
        and FINITE.search(follow)
    ):
        middle = _ANY_COMMA.match(follow)
    if middle and before.endswith(", which,"):
        first = start + len(before) - len("which,")
    if middle and before.rstrip(",")[-1:] not in ('"', "”") and len(follow) > 12 and FINITE.search(follow):
        return make_attribution(
            match, cue, "middle", mention, (first, sentence_end(text, end)), (mention.start, match.end()), post=True
        )
    if not whole and before.rstrip(",")[-1:] not in ('"', "”"):
        return None
    return make_attribution(match, cue, "source-last", mention, (first, last), (mention.start, match.end()), post=True)


_OWN_DEEDS = frozenset(("pledge", "vow", "agree", "promise", "hope", "continue"))
"""With an infinitive these say what the source will do."""
_SETTING = regex(
    r"(?:In|At|On|For|With|Without|By|From|Under|Over|Through|Throughout|During|Among|Amid|Despite|Compared|Given|"
    r"Based|Unlike|Like|Besides|Beyond|Since|Thanks|Due|To|As for|Instead of|Looking|Speaking|Taking|Across|Within|"
    r"Against)\b[^,]*"
)


def _is_setting(text: str, start: int, end: int) -> bool:
    """A fronted phrase without a verb of its own: `Compared with other ports, he said, …`."""
    phrase = _SETTING.fullmatch(text, start, end)
    return phrase is not None and PLAIN_FINITE.search(text, start, end) is None


_GOES_ON = regex(
    r", (?!when|who|which|after|before|during|while|speaking|commenting|in an|at |and (?:he|she) |pointing|referring|"
    r"calling)(?=[a-z])"
)
_ANY_COMMA = regex(", ")
_ING = regex(r", ([a-z]+ing)\b")


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
