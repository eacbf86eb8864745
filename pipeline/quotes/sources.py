"""Find the noun phrase that a reporting verb has as its source, left or right of the verb."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from pipeline.patterns import regex
from pipeline.quotes.beside import openers
from pipeline.quotes.cast import Cast
from pipeline.quotes.phrases import (
    CAPITAL,
    PERSON_RUN,
    bare,
    has_organization_word,
    is_chinese_name,
    is_place,
    last_match,
    possible_name,
    split_run,
    strong_name,
    title_words,
)
from pipeline.quotes.records import Mention, MentionKind
from pipeline.quotes.tables import alternation, names, nouns

WINDOW = 600
"""How far from its verb a source may begin."""

_PRONOUN = regex(r"(?:he|she|they|it|him|her|them|He|She|They|It)$")
_AUXILIARIES = (
    "has|have|had|also|long|then|further|later|recently|previously|once|still|"
    "repeatedly|both|all|earlier|reportedly|"
    "openly|publicly|clearly|strongly|explicitly|specifically|often|generally|widely|"
    "even|now|in turn|as well|themselves|himself|"
    "herself|itself|jointly|unanimously|thus|always|again|increasingly|largely|would|will|does|did|"
    "on Monday|on Tuesday|on Wednesday|on Thursday|on Friday|on Saturday|on Sunday|"
    "frequently|particularly|especially|"
    "first|firmly|broadly|commonly|similarly|pointedly|vividly|proudly|jokingly|candidly|"
    "emphatically|subsequently|likewise|consistently|meanwhile|however"
)
_AUXILIARY = regex(rf"(?: (?:{_AUXILIARIES}))+$")
_AUXILIARY_ENDS = frozenset(words.rpartition(" ")[2] for words in _AUXILIARIES.split("|"))
_BOUNDARY = regex(
    r"(?:^|(?<=[\s(—;\"”]))(?:and|but|while|as|that|when|because|if|which|what|where|"
    r"although|though|since|yet|so|whereas|than|after|before) ",
    re.I,
)
_COMMA = regex(r",(?=[ \"”“\ue000]|$)")
_LEAD = regex(
    r"(?:(?:and|but|while|as|yet|so|however|meanwhile|similarly|also|additionally|moreover|"
    r"instead|likewise|still|overall|indeed|now|then|in addition|for example|for instance|"
    r"earlier|previously|recently|today|therefore|thus|nevertheless|nonetheless|besides|"
    r"furthermore|both|finally|first|second|third|once|according to)\b,? ?)+",
    re.I,
)
_DETERMINED = regex(
    r"(?:the|The|this|This|that|That|its|Its|his|His|her|Her|their|Their|a|A|an|An|these|"
    r"These|those|Those|some|Some|our|another|Another|one|One|many|Many|most|Most|several|"
    r"Several|such|Such|other|Other|two|Two|both|Both|local|Local|(?:[A-Z][\w-]* ){0,3}[A-Z][\w-]*(?:'s|"
    r"’s|(?<=s)'|(?<=s)’)) "
)
_PREPOSITION = (
    r"(?:of|on|for|at|from|in|with|to|by|about|under|across|against|who|that|which|including|"
    r"released|published|issued|jointly|specializing|attending|familiar|close|interviewed|"
    r"surveyed|participating|based|focused|focusing|conducted|entitled|titled|prepared|compiled|dated|submitted|representing)"
)


@dataclass(frozen=True, slots=True, eq=False)
class _Heads:
    """The nouns of one class as heads of a noun phrase, after some words and before its end or a preposition."""

    before: str
    """The words that may stand before the head."""
    first: frozenset[str]
    """The first word of every noun: a phrase without any of them is not tried."""
    nouns: tuple[str, ...]

    def match(self, phrase: str, words: frozenset[str]) -> re.Match[str] | None:
        """The phrase up to its head, where it has one; `words` are its words in small letters."""
        return None if self.first.isdisjoint(words) else _head_pattern(self).match(phrase)


@cache
def _head_pattern(heads: _Heads) -> re.Pattern[str]:
    after = rf"(?= {_PREPOSITION}\b| \(|,|$| \d{{4}}\b| (?:last|this|earlier) )"
    return re.compile(rf"{heads.before}(?P<head>{alternation(heads.nouns)}){after}", re.I)


def _heads(before: str, words: Iterable[str]) -> _Heads:
    small = tuple(word.lower() for word in words)
    return _Heads(before, frozenset(word.split()[0] for word in small), small)


@cache
def _group_head() -> _Heads:
    return _heads(r"(?:[\w'’&./-]+,? ){0,9}?", nouns("group"))


@cache
def _document_head() -> _Heads:
    return _heads(r"(?:[\w'’&./-]+ ){0,9}?", nouns("document"))


@cache
def _lower_body() -> _Heads:
    small = [word for word in nouns("organization") if word[:1].islower()]
    return _heads(r"(?:[\w'’&./-]+ ){0,7}?", [*small, *nouns("body")])


_NAMED_BODY = regex(
    rf"(?:[\w'’&./-]+ ){{0,8}}?(?P<name>{CAPITAL}(?:(?: (?:of|for|and|on|&|at)(?: the)?)? (?:{CAPITAL}|"
    rf"\d{{4}}))*)(?: \([\w -]{{2,40}}\))?$"
)


def source_before(text: str, floor: int, verb: int, cast: Cast) -> Mention | None:
    """The source that ends just before the verb at `verb`, not reaching left of `floor`."""
    left = text[max(floor, verb - WINDOW) : verb].rstrip()
    base = max(floor, verb - WINDOW)
    if left.rpartition(" ")[2] in _AUXILIARY_ENDS and (auxiliary := _AUXILIARY.search(" " + left)):
        left = left[: max(0, auxiliary.start() - 1)].rstrip() if auxiliary.start() else ""
    if left.endswith("—") and (dash := left.rfind("—", 0, len(left) - 1)) > 0:
        left = left[:dash].rstrip()
        if found := _apposed(left, base, cast):
            return found
    if not left or left.endswith(("'s", "’s")):
        return None
    if left.endswith((',"', ",”")):
        left = left[:-1]
    if left.endswith(","):
        return _apposed(left[:-1], base, cast)
    pieces = _segments(left)
    start, piece = pieces[-1]
    if piece.startswith("and ") and len(pieces) > 1 and (joint := _joint(pieces, base, cast)):
        return joint
    if len(pieces) > 2 and " and " in piece and (listed := _listed_bodies(pieces, base, cast)):
        return listed
    if len(pieces) > 1 and _SOME_OF_WHOM.match(piece):
        return _group_at_end(pieces[-2][1], base + pieces[-2][0], cast)
    found = parse_source(piece, base + start, cast) or _leading_name(piece, base + start, cast)
    if found is None:
        found = _after_boundary(piece, base + start, cast)
    if found is None:
        found = _name_at_end(piece, base + start, cast)
    if found is None and len(pieces) > 1 and piece == "which":
        found = _apposed(left[: left.rfind(",")], base, cast)
        if found is None or found.kind not in ("name", "surname"):
            found = _thing_at_end(pieces[-2][1], base + pieces[-2][0], cast) or found
    if found is None and len(pieces) > 1 and _RELATIVE_LAST.search(piece):
        found = _apposed(left[: left.rfind(",")], base, cast)
    if found is None and len(pieces) > 1 and _RELATIVE_FIRST.match(piece):
        found = _apposed(left[: pieces[-1][0]].rstrip(" ,"), base, cast)
    if found is None and piece.endswith("who") and _RELATIVE_LAST.search(piece):
        found = parse_source(piece[:-4], base + start, cast) or _name_at_end(piece[:-4], base + start, cast)
    return found


_THING_STARTS = regex(r"(?:^|(?<= ))(?:the|an?|its|this|his|her|their|[A-Z0-9][\w&]*)(?= |$)")


def _thing_at_end(piece: str, base: int, cast: Cast) -> Mention | None:
    """The document or body that a relative clause is about: `… is set out in the port plan, which calls for …`."""
    for opening in _THING_STARTS.finditer(piece[-160:]):
        at = max(0, len(piece) - 160) + opening.start()
        found = parse_source(piece[at:], base + at, cast)
        if found is not None and found.kind in ("document", "organization"):
            return found
    return None


_SOME_OF_WHOM = regex(r"(?:many|some|most|all|both|several|few|half) of whom$")


def _group_at_end(piece: str, base: int, cast: Cast) -> Mention | None:
    """The group that closes a clause: `… among growers and farmers, many of whom say`."""
    last = last_match(_LAST_PREPOSITION, piece)
    start = last.end() if last else 0
    phrase = piece[start:]
    if not 0 < len(phrase.split()) < 9:
        return None
    found = parse_source(phrase, base + start, cast)
    kind = found.kind if found is not None else None
    return found if kind == "group" else Mention(kind="group", text=phrase, start=base + start, end=base + len(piece))


_LAST_PREPOSITION = regex(r" (?:among|for|of|by|with|from|to|between|on|in|including|attracted|drew|brought|surveyed) ")
_RELATIVE_LAST = regex(r"\b(?:who|which)$")
_RELATIVE_FIRST = regex(r"(?: ?)(?:who|which)\b")


def _segments(left: str) -> list[tuple[int, str]]:
    """(offset, text) of the pieces between commas."""
    pieces: list[tuple[int, str]] = []
    at = 0
    for match in _COMMA.finditer(left):
        pieces.append((at, left[at : match.start()]))
        at = match.end()
    pieces.append((at, left[at:]))
    return [_stripped(start, piece) for start, piece in pieces]


def _stripped(start: int, piece: str) -> tuple[int, str]:
    inner = piece.lstrip(' "”\ue000')
    return start + len(piece) - len(inner), inner.rstrip()


_AFTER_A_NOUN = regex(
    r"(?:which |who )?(?:(?:was|were|is|are) )?(?:[a-z]+ly )?"
    r"(?:including |[a-z]+(?:ed|wn|de|ld) (?:by|in|on|at|as|with|from) )"
)
"""Says more about the noun before it: `jointly issued by 10 departments`."""


_POST_OF = regex(r"(?:and )?(?:the |an? )?[a-z][\w -]*? (?:at|of|for|with|in) ")


def _left_name(pieces: list[tuple[int, str]], at: int, base: int, cast: Cast) -> Mention | None:
    """The person whose post a piece is: in `Vane, manager at wagon owner Aura Rail,` the second name is a firm's."""
    left = [(start, piece) for start, piece in pieces if start < at]
    if not left or not title_words().search(pieces[len(left)][1]):
        return None
    start, piece = left[-1]
    found = parse_source(piece, base + start, cast) or _name_at_end(piece, base + start, cast)
    return found if found is not None and found.kind in ("name", "surname") else None


def _joint(pieces: list[tuple[int, str]], base: int, cast: Cast) -> Mention | None:
    """`Jia Yi, president of X, and Ou Chen, head of Y,`: everybody named, where the pieces are names and posts."""
    if len(pieces) < 2 or not any(piece.startswith("and ") for _, piece in pieces[1:]) or len(pieces) > 16:
        return None
    named: list[Mention] = []
    closed = False
    for start, piece in reversed(pieces):
        found = parse_source(piece, base + start, cast)
        sort = found.kind if found is not None and found.text in (piece, piece.removeprefix("and ").strip()) else None
        if found is not None and sort in ("name", "surname"):
            named.append(found)
            if closed:
                break
            closed = piece.startswith("and ")
            if not closed:
                return None
        elif not (title_words().search(piece) or has_organization_word(piece)) or not _noun_phrase(piece):
            break
    if len(named) < 2:
        return _joint_bodies(pieces, base, cast)
    named.reverse()
    return Mention(
        kind="name", text=" and ".join(found.text for found in named), start=named[0].start, end=named[-1].end
    )


def _listed_bodies(pieces: list[tuple[int, str]], base: int, cast: Cast) -> Mention | None:
    """`Chad, Peru, Sierra Leone and Switzerland`: the last two of the list without a comma between them."""
    start, last = pieces[-1]
    first, _, second = last.partition(" and ")
    if last.startswith("and ") or " and " in second:
        return None
    return _joint_bodies([*pieces[:-1], (start, first), (start + len(first) + 5, f"and {second}")], base, cast)


def _joint_bodies(pieces: list[tuple[int, str]], base: int, cast: Cast) -> Mention | None:
    """`Norway, the United Kingdom, Chile and Peru`: a list of bodies or countries and nothing else."""
    found = [parse_source(piece, base + start, cast) for start, piece in pieces]
    bodies = [mention for mention in found if mention is not None and mention.kind == "organization"]
    if len(bodies) != len(pieces) or len(bodies) < 3 or any(len(mention.text) > 60 for mention in bodies):
        return None
    names_only = [re.sub(r"^(?:and )?(?:the )?", "", mention.text) for mention in bodies]
    return Mention(kind="organization", text=" and ".join(names_only), start=bodies[0].start, end=bodies[-1].end)


def _apposed(left: str, base: int, cast: Cast) -> Mention | None:
    """The source in `Zhang Yu, chief scientific officer at X,` read from right to left."""
    pieces = _segments(left)
    fallback: Mention | None = None
    if (joint := _joint(pieces, base, cast)) is not None:
        return joint
    post: Mention | None = None
    for start, piece in reversed(pieces[-14:]):
        included = piece.startswith("including ")
        if included:
            start, piece = start + 10, piece[10:]
        if _AFTER_A_NOUN.match(piece):
            continue
        found = (
            parse_source(piece, base + start, cast)
            or _name_at_end(piece, base + start, cast, after_boundary=True)
            or _leading_name(piece, base + start, cast)
        )
        if found is None or (included and found.kind not in ("name", "surname")):
            continue
        if found.kind in ("name", "surname", "pronoun"):
            if _POST_OF.match(piece) and (person := _left_name(pieces, start, base, cast)):
                return person
            return found
        if found.kind == "post":
            post = found
            continue
        described = fallback is not None and fallback.kind == "organization" and fallback.text[:1].islower()
        if fallback is None or (described and found.kind == "organization" and found.text[:1].isupper()):
            fallback = found
    return fallback or post


def _after_boundary(piece: str, base: int, cast: Cast) -> Mention | None:
    for match in reversed(list(_BOUNDARY.finditer(piece))):
        found = parse_source(piece[match.end() :], base + match.end(), cast)
        if found is not None:
            return found
    dash = max(piece.rfind("— "), piece.rfind("- "), piece.rfind(": "), piece.rfind("; "))
    if dash >= 0:
        return parse_source(piece[dash + 2 :], base + dash + 2, cast)
    return None


def _name_at_end(piece: str, base: int, cast: Cast, *, after_boundary: bool = False) -> Mention | None:
    """A known person's name that closes the piece, whatever stands before it."""
    last = last_match(PERSON_RUN, piece)
    if last is None or last.end() != len(piece):
        word = piece.rpartition(" ")[2]
        if word not in ("they", "he", "she") or word == piece:
            return None
        return Mention(kind="pronoun", text=word, start=base + len(piece) - len(word), end=base + len(piece))
    _, name = split_run(last.group())
    word = name or last.group().split()[-1]
    begin = base + len(piece) - len(word)
    if name and cast.knows(name):
        return Mention(kind="name", text=name, start=begin, end=base + len(piece))
    if not after_boundary and len(last.group().split()) == 1 and word in cast.short and not is_place(word):
        return Mention(kind="surname", text=word, start=begin, end=base + len(piece))
    return None


def parse_source(phrase: str, base: int, cast: Cast) -> Mention | None:
    """The source that the whole phrase names, or None where it names none."""
    lead = _LEAD.match(phrase)
    if lead and lead.end() < len(phrase):
        phrase, base = phrase[lead.end() :], base + lead.end()
    phrase = phrase.rstrip(" ,")
    if not phrase or len(phrase) > 240 or _DANGLING.search(phrase):
        return None

    def mention(kind: MentionKind, text: str | None = None) -> Mention:
        return Mention(kind=kind, text=text or phrase, start=base, end=base + len(phrase))

    if _PRONOUN.match(phrase):
        return mention("pronoun")
    if contracted := _CONTRACTED.match(phrase):
        return mention("pronoun", contracted.group(1))
    if (company := _AND_COMPANY.search(phrase)) and (found := _person(phrase[: company.start()], cast)):
        return mention(*found)
    if found := _person(phrase, cast):
        return mention(*found)
    if phrase[:1].islower() and not _DETERMINED.match(phrase) and phrase.split()[0] in _NOT_FIRST:
        return None
    if others := _OTHERS.match(phrase):
        return mention("group", others.group())
    words = frozenset(phrase.lower().replace(",", " ").split())
    group = _group_head().match(phrase, words)
    document = _document_head().match(phrase, words)
    if group and document and document.start("head") < group.start("head"):
        group = None
    if group and _CROSSHEAD.search(phrase, 0, group.start("head")) and phrase[group.start("head")].isupper():
        return parse_source(phrase[group.start("head") :], base + group.start("head"), cast)
    if group and (clause := last_match(_CLAUSE_BEFORE, phrase[: group.start("head")])):
        return parse_source(phrase[clause.end() :], base + clause.end(), cast)
    if group and _noun_phrase(phrase) and phrase.split()[0] not in _NOT_GROUP:
        return mention("group", _group_text(phrase, group.end()))
    post = _post(phrase)
    if post:
        return mention("post", post)
    if document and (cut := last_match(_BEFORE_DOCUMENT, phrase[: document.start("head")])):
        return parse_source(phrase[cut.end() :], base + cut.end(), cast)
    if document and (_DETERMINED.match(phrase) or phrase[:1].isupper()) and _noun_phrase(phrase[: document.end()]):
        return mention("document", _document_text(phrase))
    lower = _lower_body().match(phrase, words)
    if (
        lower
        and _DETERMINED.match(phrase)
        and (
            not phrase.startswith(("a ", "A ", "an ", "An "))
            or _FIRST_MENTION.match(phrase, lower.end("head"))
            or lower.group("head") in _MEETINGS
        )
        and _noun_phrase(phrase)
    ):
        return mention("organization", phrase)
    if _ARTICLE_OF.fullmatch(phrase):
        return mention("document")
    if _ONE_INSIDER.match(phrase):
        return mention("group", _group_text(phrase, len(phrase)))
    if (
        (of_firm := _of_firm().match(phrase))
        and possible_name(of_firm.group(1).split())
        and not is_place(of_firm.group(1))
    ):
        return mention("name", of_firm.group(1))
    return _leading_name(phrase, base, cast) or _named_body(phrase, base, cast) or _doers(phrase, base)


_ARTICLE_OF = regex(r"(?:Article|Section|Chapter|Clause) \d+(?: of [^,]{3,80})?")
"""A part of the law that the text is about."""

_ONE_INSIDER = regex(
    r"(?:an?|the|one|its|another) (?:[\w'’-]+ ){0,4}(?:source|insider|organizer|organiser|eyewitness|whistleblower|"
    r"commentator|bystander)(?: (?:close to|familiar with|at|in|with|from|of) [^,]{3,80})?$",
    re.I,
)
"""One person without a name: `a senior industry source`."""


_TIME_INSIDE = regex(
    r"(?<!from)(?<!after)(?<!of)(?<!in)(?<!for) (?:(?:earlier|late|last|this) )+"
    r"(?:week|month|year|spring|summer|autumn|winter)\b(?! by |'|’).*$"
)
_CROSSHEAD = regex(r"(?:^| )[a-z]+ $")
"""A heading that was glued to the sentence after it: `Saving old orchards Experts warn that …`."""
_CLAUSE_BEFORE = regex(r"(?:^|(?<= ))(?:as|what|where|when|while|because|since) (?!well )")
"""Opens the clause whose subject a group is: `The filing comes as investors expect …`."""
_BEFORE_DOCUMENT = regex(
    r" (?:prominently in|came after|comes after|came as|came before|[Cc]ompared with) (?=the |this |a |its |[A-Z])"
)
"""What stands before a document that a clause follows: `The remarks came after the report called for …`."""
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
        or not _noun_phrase(phrase)
        or phrase.split()[0].lower() in _NOT_FIRST
    ):
        return None
    if len(phrase.split()) > 1 and re.search(r"(?:ing|ed|ly)$", phrase.split()[0]):
        return None
    return Mention(kind="group", text=phrase, start=base, end=base + len(phrase))


_CONTRACTED = regex(r"(he|she|they|it|He|She|They|It)['’](?:ve|d)$")
_AND_COMPANY = regex(
    r" and (?:his|her) (?:(?:research|own) )?(?:team|colleagues|co-authors|coauthors|co-workers|collaborators|wife|"
    r"husband|family|students|group|partners|staff)$"
)
"""Who goes with a person whose words they are: `Lau and his team said`."""


_OTHERS = regex(r"Others(?= [a-z]+ (?:the|this|that|an?|these|those|such|its|their) )")
"""`Others reject this view, saying …`."""
_DANGLING = regex(
    r"(?: (?:who|which|that|where|when|what|they|it|and|or|of|in|to)$)|^[a-z]+ing (?!companies|experts|firms|groups)"
)
_NOT_GROUP = frozenset(
    ["alongside", "including", "like", "among", "amid", "given", "urged", "making", "one", "such", "no", "than"]
)
_NOT_FIRST = frozenset(
    [
        "in",
        "on",
        "at",
        "by",
        "for",
        "from",
        "with",
        "to",
        "of",
        "as",
        "and",
        "but",
        "that",
        "which",
        "who",
        "when",
        "while",
        "if",
        "because",
        "not",
        "is",
        "was",
        "are",
        "were",
        "has",
        "have",
        "had",
        "be",
        "been",
        "being",
        "it",
    ]
)
_VERBISH = regex(
    r" (?:is|are|was|were|has|have|had|will|would|can|could|may|might|should|must|be|been|do|does|did|said|says|that) "
)


_INNER_ARTICLE = regex(
    r" (?<! of )(?<! in )(?<! from )(?<! at )(?<! for )(?<! with )(?<! on )(?<! by )(?<! and )(?<! or )(?<!^ )"
    r"(?:the|a|an|his|her|its|their) "
)


_FIRST_MENTION = regex(r" (?:under|at|of|affiliated with) (?:the )?[A-Z]")
"""Tells which body: `a research institute under Lanhai University`."""
_MEETINGS = frozenset(("meeting", "conference", "session", "symposium", "plenum"))
"""What a body's assembly says stands for the body, also when it is mentioned for the first time."""
_TO_SMALL = regex(r" to (?![A-Z])")


def _noun_phrase(text: str) -> bool:
    """Whether the words hold no finite verb of the closed list, no infinitive and no second noun phrase."""
    if _VERBISH.search(f" {text} ") or (" to " in text and _TO_SMALL.search(text)) or _INNER_ARTICLE.search(text):
        return False
    return not any(word in _REPORTING for word in text.split()[1:])


_REPORTING = frozenset(
    [
        "suggests",
        "suggested",
        "shows",
        "showed",
        "reveals",
        "indicates",
        "heard",
        "gave",
        "made",
        "said",
        "says",
        "expects",
        "expected",
        "believes",
        "told",
        "urged",
        "warned",
        "noted",
        "added",
        "urge",
        "urging",
    ]
)


def _group_text(phrase: str, end: int) -> str:
    return re.sub(r"^(?:the|The) ", "", phrase)


_JOINT_NAME = regex(rf"((?:{CAPITAL} ?){{1,4}}) and ")


def _person(phrase: str, cast: Cast) -> tuple[MentionKind, str] | None:
    run = last_match(PERSON_RUN, phrase)
    if run is None or run.end() != len(phrase):
        return None
    words = run.group().split()
    if len(words) == 2 and words[0] in openers() and words[1] in cast.short and not is_chinese_name(words):
        words = words[1:]
    _, name = split_run(" ".join(words))
    if name and cast.knows(name):
        joint = _JOINT_NAME.match(phrase)
        if joint and cast.knows(joint.group(1).strip()):
            return "name", f"{joint.group(1).strip()} and {name}"
        return "name", name
    if (
        name
        and run.group() == phrase
        and words[0] not in openers()
        and (strong_name(name.split()) or possible_name(name.split()))
        and not is_place(name)
    ):
        return ("organization", phrase) if _body_named(cast, phrase) else ("name", name)
    for size in (2, 3):
        if len(words) > size and cast.knows(known := " ".join(words[-size:])):
            return "name", known
    last = words[-1]
    if last in cast.short and (
        len(words) == 1 or title_words().search(phrase) or words[0] in ("Mr", "Ms", "Mrs", "Dr")
    ):
        joint = re.match(r"([A-Z]\w+) and ([A-Z]\w+)$", phrase)
        if joint and joint.group(1) in cast.short:
            return "surname", phrase
        if phrase == last or title_words().search(phrase) or words[0] in ("Mr", "Ms", "Mrs", "Dr"):
            return "surname", last
    if len(words) == 2 and words[0] in _ADDRESS and run.group() == phrase:
        return "surname", last
    if phrase == last and phrase in names("surname") and phrase not in openers():
        return "surname", phrase
    return None


_ADDRESS = frozenset(("Professor", "Prof", "Dr", "Mr", "Ms", "Mrs", "Academician"))


def _body_named(cast: Cast, name: str) -> bool:
    return any(body == name for _, body in cast.bodies)


_BEFORE_PREPOSITION = regex(rf" {_PREPOSITION} ")


_BY_AGE = regex(r"[Tt]he (?:now )?\d{2}-year-old$")


def _post(phrase: str) -> str | None:
    """`its chief executive`, `a Google spokesperson`: one person without a name."""
    if not _DETERMINED.match(phrase):
        return None
    if _BY_AGE.match(phrase) or (phrase[:4] in ("the ", "The ") and phrase.rpartition(" ")[2] in nouns("person")):
        return phrase if _noun_phrase(phrase) else None
    main = _BEFORE_PREPOSITION.split(bare(phrase), maxsplit=1)[0]
    head = last_match(title_words(), main)
    if head is None or head.end() != len(main) or not _noun_phrase(main):
        return None
    return phrase


_PLACED = regex(r"((?:[Tt]he )?[A-Z][^,]{2,80}?) (?:in|from) (?:the )?[A-Z][\w'’ -]{2,60}$")


def _ordinary(name: str, cast: Cast) -> bool:
    """A word that is capital only because it opens the sentence: `History reminds us that …`."""
    if name in nouns("thing") or re.fullmatch(
        r"[A-Z][a-z]+(?:-[a-z]+|tions|sions|ments|osals|ities|isms|nesses)", name
    ):
        return True
    return cast.prints_small(name)


@cache
def _of_firm() -> re.Pattern[str]:
    """Somebody of a well-known firm: `Jonas Huld of NVIDIA`."""
    return re.compile(rf"({CAPITAL} {CAPITAL}) (?:of|at|from) (?:{alternation(nouns('company'))})$")


_IN_NAMES = frozenset(("All", "One", "First", "Next", "New", "Now", "Every"))
"""Words that open sentences, and names of firms inside them: `a forecast from All Pears`."""
_SMALL_FIRST = regex(r"(?<!\S)[a-z]{1,2}[A-Z][A-Za-z]+ $")
"""`iPear Research`, whose first letter is small."""


def _named_body(phrase: str, base: int, cast: Cast) -> Mention | None:
    placed = _PLACED.match(phrase)
    if placed and has_organization_word(placed.group(1)):
        phrase = placed.group(1)
    match = _NAMED_BODY.match(phrase)
    if match is None or not _noun_phrase(phrase):
        return None
    name = match.group("name")
    if match.start("name") == 0 and name == phrase and " " not in name and _ordinary(name, cast):
        return None
    first, _, rest = name.partition(" ")
    if first in openers() and not (rest and first in _IN_NAMES and base > 1 and cast.text[base - 2].isalpha()):
        if not rest:
            return None
        name = rest
    front = phrase[: match.start("name")]
    if small := _SMALL_FIRST.search(front):
        name, front = small.group() + name, front[: small.start()]
    if front and not (
        _DETERMINED.match(front) or has_organization_word(front) or front[:1].isupper() or is_place(front.strip())
    ):
        return None
    if front and re.search(r"\b(?:in|at|of|on|by|to|for|from|with|as|during|under|is|was|are)\b", front):
        return None
    if name in ("We", "I", "You", "Our", "My", "PRNewswire", "Q", "A", "AI", "IT", "EV", "GDP"):
        return None
    if any(word in nouns("time") for word in name.split()) or (
        name.endswith("ly") and not name.endswith(("Daily", "Weekly", "Monthly", "Quarterly"))
    ):
        return None
    if name in nouns("time") or name in nouns("place") or name.isdigit():
        return None
    return Mention(kind="organization", text=name, start=base, end=base + len(phrase))


_STOP_RIGHT = regex(
    r"[.!?](?=\s|$)|[;:\"“”—]|\n| - |, (?:adding|noting|saying|stressing|citing|explaining|"
    r"emphasizing|warning|pointing|referring|calling|urging|describing|predicting|highlighting|"
    r"echoing|while|but|as|when|after|during|speaking|in|at|and (?:added|said|that|called)|"
    r"commenting|who (?!is|was|serves|also|has been|heads|leads|founded))\b|"
    r" (?:in|via|through) (?:an?|his|her|its|their|the|one|another)(?: [\w-]+){0,4} (?:statement|"
    r"message|interview|interviews|report|note|post|speech|article|video|letter|email|"
    r"press release|remarks|commentary|blog|study|signed article|announcement|column|"
    r"briefing|paper|social media)\b|"
    r" (?:at|during|on the sidelines of|in response to|after|following|while|when|before|"
    r"as|upon|adding|regarding|concerning|ahead of|commenting) (?!the (?:University|"
    r"Chinese|Institute|Center|Department|School|Academy|National|Ministry|Beijing|Shanghai))"
    r"(?=(?:the|an?|his|her|its|this|last|digesting|meeting|speaking|being|asked|attending|"
    r"presenting|delivering|visiting|commenting|[a-z]+ing)\b)(?! [\w-]+-based)|"
    r" (?:on|last|this|earlier|late|early) (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun|Jan|"
    r"Feb|March|April|May|June|July|Aug|Sept|Oct|Nov|Dec|week|month|year|this)\w*|, on |"
    r", (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
)


def source_after(text: str, start: int, end: int, cast: Cast) -> Mention | None:
    """The source that follows an inverted verb or `according to`, with its appositions; `end` is the unit's end."""
    while start < end and text[start] == " ":
        start += 1
    stop = _STOP_RIGHT.search(text, start, min(end, start + WINDOW))
    limit = stop.start() if stop else min(end, start + WINDOW)
    pieces = _segments(text[start:limit])
    offset, piece = pieces[0]
    found = parse_source(piece, start + offset, cast) or _leading_name(piece, start + offset, cast)
    if found is None:
        return None
    return Mention(kind=found.kind, text=found.text, start=start, end=limit)


_AFTER_NAME = regex(rf"$| (?:\(|{_PREPOSITION} )")


def _leading_name(piece: str, base: int, cast: Cast) -> Mention | None:
    match = PERSON_RUN.match(piece)
    if match is None or not _AFTER_NAME.match(piece, match.end()):
        return None
    _, name = split_run(match.group())
    if cast.knows(name):
        return Mention(kind="name", text=name, start=base, end=base + len(piece))
    if match.group() in cast.short and not is_place(match.group()):
        return Mention(kind="surname", text=match.group(), start=base, end=base + match.end())
    return None
