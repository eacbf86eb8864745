"""Decide what one phrase names as a source: a person, a post, a group, a document or a body."""

from __future__ import annotations

import re

from pipeline.patterns import regex
from pipeline.quotes.cast import Cast
from pipeline.quotes.phrases import bare, is_place, last_match, possible_name, title_words
from pipeline.quotes.records import Mention, MentionKind
from pipeline.quotes.source_heads import (
    DETERMINED,
    PREPOSITION,
    document_head,
    group_head,
    is_noun_phrase,
    lower_body_head,
)
from pipeline.quotes.source_names import leading_name, named_body, person_named, somebody_of_firm
from pipeline.quotes.tables import nouns

_PRONOUN = regex(r"(?:he|she|they|it|him|her|them|He|She|They|It)$")

_CONTRACTED = regex(r"(he|she|they|it|He|She|They|It)['’](?:ve|d)$")
_LONG = 9
"""Letters that no pronoun has."""
_LEADS = (
    "and", "but", "while", "as", "yet", "so", "however", "meanwhile", "similarly", "also", "additionally", "moreover",
    "instead", "likewise", "still", "overall", "indeed", "now", "then", "in addition", "for example", "for instance",
    "earlier", "previously", "recently", "today", "therefore", "thus", "nevertheless", "nonetheless", "besides",
    "furthermore", "both", "finally", "first", "second", "third", "once", "according to",
)  # fmt: skip
_LEAD = regex(rf"(?:(?:{'|'.join(_LEADS)})\b,? ?)+", re.I)
_AND_COMPANY = regex(
    r" and (?:his|her) (?:(?:research|own) )?(?:team|colleagues|co-authors|coauthors|co-workers|collaborators|wife|"
    r"husband|family|students|group|partners|staff)$"
)
"""Who goes with a person whose words they are: `Lau and his team said`."""

_OTHERS = regex(r"Others(?= [a-z]+ (?:the|this|that|an?|these|those|such|its|their) )")
"""`Others reject this view, saying …`."""
_LEAD_BEGINS = frozenset(lead[:2] for lead in _LEADS)
"""How the words of a lead begin: where a phrase begins otherwise it has none."""
_DANGLING = (
    " who", " which", " that", " where", " when", " what", " they", " it", " and", " or", " of", " in", " to",
)  # fmt: skip
_ING_FIRST = regex(r"[a-z]+ing (?!companies|experts|firms|groups)")
_NOT_GROUP = frozenset(
    ["alongside", "including", "like", "among", "amid", "given", "urged", "making", "one", "such", "no", "than"]
)
_NOT_FIRST = frozenset(
    ("in", "on", "at", "by", "for", "from", "with", "to", "of", "as", "and", "but", "that", "which",
     "who", "when", "while", "if", "because", "not", "is", "was", "are", "were", "has", "have", "had",
     "be", "been", "being", "it")
)  # fmt: skip
_CROSSHEAD = regex(r"(?:^| )[a-z]+ $")
"""A heading that was glued to the sentence after it: `Saving old orchards Experts warn that …`."""
_CLAUSE_BEFORE = regex(r"(?:^|(?<= ))(?:as|what|where|when|while|because|since) (?!well )")
"""Opens the clause whose subject a group is: `The filing comes as investors expect …`."""
_BEFORE_DOCUMENT = regex(
    r" (?:prominently in|came after|comes after|came as|came before|[Cc]ompared with) (?=the |this |a |its |[A-Z])"
)
"""What stands before a document that a clause follows: `The remarks came after the report called for …`."""

_FIRST_MENTION = regex(r" (?:under|at|of|affiliated with) (?:the )?[A-Z]")
"""Tells which body: `a research institute under Lanhai University`."""
_MEETINGS = frozenset(("meeting", "conference", "session", "symposium", "plenum"))
"""What a body's assembly says stands for the body, also when it is mentioned for the first time."""

_ARTICLE_OF = regex(r"(?:Article|Section|Chapter|Clause) \d+(?: of [^,]{3,80})?")
"""A part of the law that the text is about."""

_ONE_INSIDER = regex(
    r"(?:an?|the|one|its|another) (?:[\w'’-]+ ){0,4}(?:source|insider|organizer|organiser|eyewitness|whistleblower|"
    r"commentator|bystander)(?: (?:close to|familiar with|at|in|with|from|of) [^,]{3,80})?$",
    re.I,
)
"""One person without a name: `a senior industry source`."""


def parse_source(phrase: str, base: int, cast: Cast) -> Mention | None:
    """The source that the whole phrase names, or None where it names none."""
    lead = _LEAD.match(phrase) if phrase[:2].lower() in _LEAD_BEGINS else None
    if lead and lead.end() < len(phrase):
        phrase, base = phrase[lead.end() :], base + lead.end()
    phrase = phrase.rstrip(" ,")
    if not phrase or len(phrase) > 240 or phrase.endswith(_DANGLING) or _ING_FIRST.match(phrase):
        return None

    def mention(kind: MentionKind, text: str | None = None) -> Mention:
        return Mention(kind=kind, text=text or phrase, start=base, end=base + len(phrase))

    if len(phrase) < _LONG:
        if _PRONOUN.match(phrase):
            return mention("pronoun")
        if contracted := _CONTRACTED.match(phrase):
            return mention("pronoun", contracted.group(1))
    if (
        " and h" in phrase
        and (company := _AND_COMPANY.search(phrase))
        and (found := person_named(phrase[: company.start()], cast))
    ):
        return mention(*found)
    if found := person_named(phrase, cast):
        return mention(*found)
    if phrase[:1].islower() and not DETERMINED.match(phrase) and phrase.split()[0] in _NOT_FIRST:
        return None
    if others := _OTHERS.match(phrase):
        return mention("group", others.group())
    words = frozenset(phrase.lower().replace(",", " ").split())
    group = group_head().match(phrase, words)
    document = document_head().match(phrase, words)
    if group and document and document.start("head") < group.start("head"):
        group = None
    if group and _CROSSHEAD.search(phrase, 0, group.start("head")) and phrase[group.start("head")].isupper():
        return parse_source(phrase[group.start("head") :], base + group.start("head"), cast)
    if group and (clause := last_match(_CLAUSE_BEFORE, phrase[: group.start("head")])):
        return parse_source(phrase[clause.end() :], base + clause.end(), cast)
    if group and is_noun_phrase(phrase) and phrase.split()[0] not in _NOT_GROUP:
        return mention("group", _without_article(phrase))
    post = _post(phrase)
    if post:
        return mention("post", post)
    if document and (cut := last_match(_BEFORE_DOCUMENT, phrase[: document.start("head")])):
        return parse_source(phrase[cut.end() :], base + cut.end(), cast)
    if document and (DETERMINED.match(phrase) or phrase[:1].isupper()) and is_noun_phrase(phrase[: document.end()]):
        return mention("document", _document_text(phrase))
    lower = lower_body_head().match(phrase, words)
    if (
        lower
        and DETERMINED.match(phrase)
        and (
            not phrase.startswith(("a ", "A ", "an ", "An "))
            or _FIRST_MENTION.match(phrase, lower.end("head"))
            or lower.group("head") in _MEETINGS
        )
        and is_noun_phrase(phrase)
    ):
        return mention("organization", phrase)
    if _ARTICLE_OF.fullmatch(phrase):
        return mention("document")
    if _ONE_INSIDER.match(phrase):
        return mention("group", _without_article(phrase))
    if (of_firm := somebody_of_firm(phrase)) and possible_name(of_firm.split()) and not is_place(of_firm):
        return mention("name", of_firm)
    return leading_name(phrase, base, cast) or named_body(phrase, base, cast) or _doers(phrase, base)


def _without_article(phrase: str) -> str:
    return re.sub(r"^(?:the|The) ", "", phrase)


_BEFORE_PREPOSITION = regex(rf" {PREPOSITION} ")

_BY_AGE = regex(r"[Tt]he (?:now )?\d{2}-year-old$")


def _post(phrase: str) -> str | None:
    """`its chief executive`, `a Google spokesperson`: one person without a name."""
    if not DETERMINED.match(phrase):
        return None
    if _BY_AGE.match(phrase) or (phrase[:4] in ("the ", "The ") and phrase.rpartition(" ")[2] in nouns("person")):
        return phrase if is_noun_phrase(phrase) else None
    main = _BEFORE_PREPOSITION.split(bare(phrase), maxsplit=1)[0]
    head = last_match(title_words(), main)
    if head is None or head.end() != len(main) or not is_noun_phrase(main):
        return None
    return phrase


_TIME_INSIDE = regex(
    r"(?<!from)(?<!after)(?<!of)(?<!in)(?<!for) (?:(?:earlier|late|last|this) )+"
    r"(?:week|month|year|spring|summer|autumn|winter)\b(?! by |'|’).*$"
)
_RELEASED = regex(
    r",? (?:(?:recently|jointly|newly|just) )?(?:released|published|issued|unveiled|compiled|submitted|presented|"
    r"delivered|announced)(?: (?:by|to|on|in|at|late|last|this|earlier|recently|today|yesterday)\b.*|"
    r" (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day.*)?$"
)
_MADE_BY = regex(r"[Aa]n? .*? (?:by|in) (?:the )?(?:[\w&'’-]+ ?)+?(?=,|$| (?:on|in|last|this|earlier|late) [A-Zmwy\d])")


def _document_text(phrase: str) -> str:
    """A document without the day of its release; `a report` is known by its maker, `the Pear Report` by its name."""
    phrase = _TIME_INSIDE.sub("", phrase)
    released = _RELEASED.search(phrase)
    if released is None:
        return phrase
    if (
        " by " in released.group()
        and (made := _MADE_BY.match(phrase))
        and not re.search(r"[A-Z]", phrase[1 : released.start()])
    ):
        return made.group()
    return phrase[: released.start()]


_DOERS = regex(
    r"(?:(?:many|some|most|several|local|other|young|older|foreign|Chinese|few|both) )?(?:[a-z-]+ ){0,2}"
    r"(?!numbers|orders|papers|matters|offers|powers|letters|members of|prices|others|factors|sensors|sectors|motors|"
    r"quarters|barriers|borders|centers|drivers of|figures|servers|semiconductors|computers|containers|tankers|events|"
    r"documents|agreements|investments|payments|measurements|developments|improvements|patients|plants|components)"
    r"[a-z]{3,}(?:ers|ors|ists|ants|ians|ents|men|women)$",
    re.I,
)
"""People named by what they do: `freight forwarders`, `villagers`."""
_DOING = ("ers", "ors", "ists", "ants", "ians", "ents", "men")


def _doers(phrase: str, base: int) -> Mention | None:
    if (
        not phrase.lower().endswith(_DOING)
        or not _DOERS.match(phrase)
        or not is_noun_phrase(phrase)
        or phrase.split()[0].lower() in _NOT_FIRST
    ):
        return None
    if len(phrase.split()) > 1 and re.search(r"(?:ing|ed|ly)$", phrase.split()[0]):
        return None
    return Mention(kind="group", text=phrase, start=base, end=base + len(phrase))
