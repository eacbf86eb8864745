"""Participles that report: `…, adding that …`, `Noting that …, Sun said …`, `quoted her as saying …`."""

from __future__ import annotations

import re

from pipeline.patterns import regex
from pipeline.quotes.attribution import PLAIN_FINITE, Attribution, make_attribution, speaks_of
from pipeline.quotes.cast import Cast
from pipeline.quotes.complements import find_complement
from pipeline.quotes.cue_places import find_cues
from pipeline.quotes.deeds import absolute_source, closing_attribution, follows_deed_of_words, issuing_verb
from pipeline.quotes.records import Mention
from pipeline.quotes.source_left import source_before
from pipeline.quotes.source_phrases import parse_source
from pipeline.quotes.tables import Cue

_PARTICIPLE_BEFORE = regex(
    r"(?:[,;—–-]|[,”\"]|\b(?:and|while|but|by|as|also|also while|instead|then|when|after|"
    r"before|even))\s*(?:also |further |in turn |and |but |while |instead |specifically |particularly |notably |"
    r"especially |explicitly |repeatedly |jokingly )*$",
    re.I,
)
_NEAR = 100
"""Letters before a participle in which its comma or conjunction stands."""

_SIGNS = frozenset(',;—–-”"')
"""Signs before a participle, of which most have one: it is looked at first."""


def _follows_sign_or_link(before: str) -> bool:
    near = before[-_NEAR:].rstrip()
    return near[-1:] in _SIGNS or _PARTICIPLE_BEFORE.search(before, max(0, len(before) - _NEAR)) is not None


_FRONT = frozenset(("While ", "Although ", "By ", "When ", "In ", "Besides ", "Even while ", "Apart from ", "After "))
_ALSO_DEEDS = frozenset(("emphasize", "emphasise", "stress", "call for", "advocate", "push for"))
"""Companies do these in deeds too: `Makers sell by region, emphasizing small vans`."""


def read_participle(
    text: str, start: int, end: int, match: re.Match[str], cue: Cue, cast: Cast, found: list[Attribution]
) -> Attribution | None:
    """`…, adding that …`, `Noting that …, Sun said …`, `quoted her as saying …`."""
    before = text[start : match.start()]
    opening = not before.strip(' "”“') or before in _FRONT
    stated = _STATEMENT.search(before) if match.group().lower() == "saying" else issuing_verb(before)
    if cue.lemma in ("consider", "think"):
        return None
    if before.endswith(("that while ", "that when ", "that by ")):
        return None
    absolute = None
    if not opening and not stated and not _follows_sign_or_link(before):
        absolute = absolute_source(text, start, match.start(), cast)
        if absolute is None:
            return None
    complement = find_complement(text, match.end(), end, cue)
    if complement is None:
        return None
    if absolute is not None:
        first, owner = absolute
        if "weak" in cue.takes and owner.kind not in ("group", "document") and text[complement[0] - 5 :][:5] != "that ":
            return None
        return make_attribution(match, cue, "absolute", owner, (complement[0], complement[1]), (first, match.end()))
    if opening:
        if before and text[complement[0] - 5 : complement[0]] != "that ":
            return None
        return _fronted(text, start, end, match, cue, cast, complement)
    if not speaks_of(text, complement, cue, None):
        return None
    names = "noun-name" in cue.takes and re.search(r"[\"“]", text[slice(*complement)])
    if (
        "weak" in cue.takes
        and not names
        and not _after_report(text, match.start(), found)
        and not (cue.lemma != "encourage" and follows_deed_of_words(before))
    ):
        return None
    if found and found[-1].rule == "according-to-first" and found[-1].start <= match.start():
        return None
    if cue.lemma == "encourage" and found and (last := found[-1].mention) and last.kind == "document":
        return None
    rule = "participle"
    quoted = re.search(r"\b(?:quoted|cited) (.{3,120}) as $", before)
    mention: Mention | None = None
    if quoted:
        mention = parse_source(quoted.group(1), start + quoted.start(1), cast)
        rule = "quoted-as-saying"
    elif not any(attribution.at < match.start() for attribution in found):
        if closing_attribution(text, match.end(), end):
            return None
        if isinstance(stated, int):
            mention = source_before(text, start, start + stated, cast)
        mention = mention or subject_of_sentence(text, start, match.start(), cast)
        if mention is None:
            return None
        if mention.kind == "group" and cue.lemma in _ALSO_DEEDS and text[complement[0] - 5 : complement[0]] != "that ":
            return None
        rule = "participle-of-subject"
    head = re.search(
        r"[\s,;—\"”]*(?:and |while |but |also |instead |specifically |particularly |notably |especially )*$", before
    )
    cut = start + head.start() if head else match.start()
    return make_attribution(match, cue, rule, mention, (complement[0], complement[1]), (cut, match.end()))


_STATEMENT = regex(
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
    if text.endswith("while ", 0, at) and last.lemma.takes & {"noun", "noun-to"}:
        return True
    if last.post:
        return (
            re.fullmatch(r"[^,;]{0,60}[,\"”;]* ?(?:and |while |also |specifically )?", text[last.around[1] : at])
            is not None
        )
    of_a_thing = "noun" in last.lemma.takes and "bare" not in last.lemma.takes
    return last.rule == "source-first" and of_a_thing and text[last.start - 5 : last.start] != "that "


def _fronted(
    text: str, start: int, end: int, match: re.Match[str], cue: Cue, cast: Cast, complement: tuple[int, int]
) -> Attribution | None:
    """`Noting that …, Sun Xuegong, director of …, said`: the report ends before the subject of the main verb."""
    for verb in find_cues(text, complement[0], end):
        if verb.group().lower().split()[0].endswith("ing"):
            continue
        mention = source_before(text, complement[0], verb.start(), cast)
        if mention is not None and mention.kind in ("name", "surname", "pronoun", "organization", "group"):
            stop = text.rfind(",", complement[0], mention.start + 1)
            if stop > complement[0]:
                return make_attribution(match, cue, "fronted", mention, (complement[0], stop), (match.start(), stop))
    return None


_SUBORDINATE = regex(
    r"(?:While|As|Although|Though|After|Before|When|If|Since|Because|Despite|Under|"
    r"In|At|On|During|With|By|For|To|From) "
)
"""Opens a fronted clause or setting, whose nouns are not the subject of the sentence."""

_MAIN_VERB = regex(
    PLAIN_FINITE.pattern
    + r"|\b(?!based|listed|owned|released|issued)[a-z]{3,}ed (?=(?:in|at|on|to|into|the|an?|its|their|for)\b)"
)


_FIRST_WORDS = regex(
    r"(?:[Tt]he )?(?:(?!(?:The|He|She|They|It) )[A-Z][\w'’-]*(?: of| and)? ?){1,6}|"
    r"(?:[Tt]he|[Hh]e|[Ss]he|[Tt]hey|[Ii]t)(?: [a-z]+){0,3}"
)
_ISSUED_BY = regex(
    r" (?:(?:jointly|newly|recently) )?(?:issued|released|published|unveiled|adopted|signed) "
    r"(?:in|on|by|at|last|this|earlier) "
)


_COMMUNITY = regex(r" (?:community|industry|sector|side|delegation|public|press|economy)$")
_ADVERB_LAST = regex(r"(?: (?:also|then|now|still|further|later|recently|already|even))+$")
_OWNED_NOUN = regex(
    r"(?P<body>(?:[A-Z][\w-]* ){0,2}[A-Z][\w-]*(?:'s|’s)(?: [a-z][\w-]*){1,4}?) (?:has|is|was|had|also|will|"
    r"wants?|aims?|remains?|sees?|views?|faces?|needs?|[a-z]{2,}ed)\b"
)
"""`China's top financial regulator`, whose first word is not the subject."""


def subject_of_sentence(text: str, start: int, limit: int, cast: Cast) -> Mention | None:
    """The person, body or document that opens the sentence, past a fronted adverbial."""
    pieces = re.split(r", ", text[start:limit])
    at = start
    if not _SUBORDINATE.match(text, start) and (person := cast.subject(text, start, limit)) is not None:
        return Mention(kind="name", text=person.name, start=start, end=start + len(pieces[0]))
    for piece in pieces[:4]:
        if len(pieces) > 1 and _SUBORDINATE.match(piece):
            at += len(piece) + 2
            continue
        verb = _MAIN_VERB.search(piece)
        head = _ADVERB_LAST.sub("", piece[: verb.start()].rstrip()) if verb else piece
        whole = parse_source(head, at, cast) if 0 < len(head) < 120 else None
        if whole is None and (modified := _ISSUED_BY.search(piece)):
            whole = parse_source(piece[: modified.start()], at, cast)
        if whole is not None and whole.kind in ("name", "surname", "organization", "document", "group"):
            return whole
        for name in _FIRST_WORDS.finditer(piece[:120]):
            phrase = name.group().strip()
            if _MAIN_VERB.search(piece, 0, name.start()):
                break
            if owned := _OWNED_NOUN.match(piece, name.start()):
                whole = parse_source(owned.group("body"), at + name.start(), cast)
                if whole is None and _COMMUNITY.search(owned.group("body")):
                    begin = at + name.start()
                    whole = Mention(kind="group", text=owned.group("body"), start=begin, end=at + owned.end("body"))
                if whole is not None:
                    return whole
            for size in range(len(phrase.split()), 0, -1):
                words = " ".join(phrase.split()[:size])
                mention = parse_source(words, at + name.start(), cast)
                if mention is not None and (mention.kind != "post"):
                    return mention
            break
        at += len(piece) + 2
    return None
