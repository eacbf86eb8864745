"""Where the organisation begins and ends in an English post, and which units inside it belong to the title."""

from __future__ import annotations

import re
from functools import cache

from pipeline.patterns import regex
from pipeline.quotes.phrases import CAPITAL, has_organization_word, is_place, last_match, title_words
from pipeline.quotes.tables import alternation, nouns

BODY_PREPOSITION = regex(r" (?:at|of|for|with|from|in|to|on|under|by) |(?:'s|’s|s'|s’) (?=[a-z])")

_UNIT = r"(?:department|division|office|section|unit|desk|team|detachment|brigade|squad|police station)"

_INNER_COMMITTEE = (
    r"(?:expert|academic|advisory|technical|assets|professional|speciali[sz]ed|consulting|investment|audit|"
    r"strategy|drafting|working|branch|research|editorial|sub)(?: |-)?(?:committee|panel|group|council|board)"
)

_DEPARTMENT = regex(
    r"(?:the |its )?(?:(?:[A-Z][\w-]+ (?:and )?){1,5}(?:Department|Division)\b|"
    r"(?:[\w-]+ )?(?:[Dd]epartment|[Dd]ivision|[Uu]nit|[Ss]ection|[Dd]esk|[Tt]eam)\b|"
    r"(?:[Bb]oard of (?:[Mm]anagement|[Dd]irectors|[Ss]upervisors|[Tt]rustees|[Gg]overnors)|"
    r"(?:[Ss]upervisory|[Mm]anagement|[Ee]xecutive) [Bb]oard)\b|"
    r"(?:General |Press |Foreign Affairs )?(?:Office|Bureau)\b|"
    rf"(?:[a-z][\w-]*,? (?:and )?){{0,5}}(?:{_UNIT}|bureau)\b|"
    rf"(?:[a-z-]+ ){{0,2}}{_INNER_COMMITTEE}\b|(?:[A-Z]\w+ ){{1,3}}police station\b)"
)

_OWN_OFFICE = regex(
    r"(?:the )?(?:(?:Research|Information|Legislative Affairs|Counselors') Office of the State Council|"
    r"Office of (?:the )?(?:Central|State|National)\b)"
)
"""Offices that are public bodies by themselves, whatever they belong to."""

_SEAT = regex(r"\b(?:deputy|delegate|lawmaker|legislator|adviser|advisor|senator|representative)$")

_OF_A_THING = regex(r"\b(?:inheritor|author|co-author|coauthor|writer|survivor|victim|collector|fan)$")
"""Whose `of` leads to a thing and not to a body: `an inheritor of Lanhai lacquerware`."""

_AT = regex(r" at (?:the |an? )?")

_POST_END = regex(
    r",? (?:based|studying|focusing|specializing|specialising|covering|responsible|working|overseeing|"
    r"leading|in charge|tracking|who|which|told|while)\b.*$"
)

_NAMED_UNIT = (
    r"[Dd]epartment of .*|[Oo]ffice of .*|[Bb]ureau of .*|[a-z, -]*(?:department|center|centre)|board(?: of [a-z]+)?"
)

_OWNED_UNIT = regex(
    rf"(?:((?:[a-z][\w-]* ){{0,4}}[A-Z][^,]*?)(?:'s|’s|(?<=s)'|(?<=s)’) ({_NAMED_UNIT})|"
    r"([a-z][\w-]*)(?:'s|’s) "
    rf"({_NAMED_UNIT}|[a-z, -]*(?:division|office|section|unit|team)))$"
)

_ACADEMIC = regex(r"\b(?:University|College|Academy|Institute)$")


def _owned_unit(body: str) -> tuple[str, str] | None:
    """(whose, which unit) of `the ministry's Department of Finance`."""
    owned = _OWNED_UNIT.match(body)
    if owned is None:
        return None
    owner, unit = owned.group(1) or owned.group(3), owned.group(2) or owned.group(4)
    if owned.group(3):
        return f"the {owner}", unit
    head = owner.rsplit(" ", 1)[-1]
    if title_words().fullmatch(head) or (unit.endswith(("center", "centre")) and _ACADEMIC.search(owner)):
        return None
    return owner, unit


def at_body(phrase: str, after: int) -> tuple[str, str | None]:
    """Cut the phrase at the preposition that the body follows: the first `at`, else the first that a body fits."""
    phrase_end = _POST_END.search(phrase, after)
    if phrase_end and " at " not in phrase_end.group() and " with " not in phrase_end.group():
        phrase = phrase[: phrase_end.start()]
    elif phrase_end:
        return (
            at_body(phrase[: phrase_end.start()] + phrase[phrase.find(" at ", phrase_end.start()) :], after)
            if " at " in phrase_end.group()
            else (phrase[: phrase_end.start()], None)
        )
    for match in BODY_PREPOSITION.finditer(phrase, after):
        if match.group()[0] in "'’s":
            continue
        rest = phrase[match.end() :]
        body = _DETERMINER.sub("", rest)
        if _OWN_OFFICE.match(body):
            return phrase[: match.start()], _one_body(body)
        later = _AT.search(phrase, match.end())
        if (
            later
            and match.group().strip() != "at"
            and _names_a_body(phrase[later.end() :])
            and (match.group() == " in " or not _is_institution(body[: later.start() - match.end()]))
        ):
            return phrase[: later.start()], _one_body(phrase[later.end() :])
        if owned := _owned_unit(body):
            return f"{phrase[: match.start()]} of the {owned[1]}", owned[0]
        if _DEPARTMENT.match(body) and (inner := _body_after_department(phrase, match.end())):
            return inner
        if match.group() == " from " and _SEAT.search(phrase, 0, match.start()) and not has_organization_word(body):
            continue
        if match.group() == " in " and body[:1].isupper() and not has_organization_word(body):
            continue
        if match.group() == " in " and (is_place(_PLACE_ENDS.split(body, maxsplit=1)[0]) or _IN_PLACE.fullmatch(rest)):
            continue
        if match.group() == " of " and _OF_A_THING.search(phrase, 0, match.start()) and not has_organization_word(body):
            break
        if _names_a_body(rest, match.group().strip()):
            if _HOME.search(body.partition(",")[0].partition(" in ")[0]) and (
                match.group().strip() in ("from", "in") or _is_lay(phrase[: match.start()])
            ):
                return phrase[: match.start()], None
            return phrase[: match.start()], _one_body(_with_article(rest, body))
    return _PLACED_LAST.sub(_unplaced, phrase), None


_DETERMINER = regex(r"^(?:the|an?|its|his|her) ")
_PLACE_ENDS = regex(r"[,.]| (?:of|for|at|with) ")
_PLACED_LAST = regex(r" (?:in|from|based in) (?:the )?[A-Z][\w' -]*$")


def _is_lay(title: str) -> bool:
    """Whether a title is a walk of life: a resident of a district has no organisation by it."""
    head = last_match(title_words(), title)
    return head is not None and nouns("title").get(head.group().lower()) == "other"


def _unplaced(match: re.Match[str]) -> str:
    """Nothing where the words only say where somebody lives."""
    place = re.sub(r"^ (?:in|from|based in) (?:the )?", "", match.group())
    return "" if is_place(place) or _HOME.search(place) or _REGION.fullmatch(place) else match.group()


_HOME = regex(
    r"\b(?:province|region|county|prefecture|village|town|township|city|district|subdistrict|community|neighborhood|"
    r"state|Republic|Province|County|Village|Township|District|Islands?)(?: of [A-Z]\w+)?$"
)
"""Where people come from; a farmer of a region has no organisation by it."""

_REGION = regex(
    r"(?:(?:North|South|East|West|Northeast|Northwest|Southeast|Southwest|Central|Northern|Southern|"
    r"Eastern|Western)(?:ern)? )?[A-Z]\w+"
)

_IN_PLACE = regex(
    r"(?:the )?(?:(?:North|South|East|West|Northeast|Northwest|Southeast|Southwest|Central)(?:ern)? "
    r"(?:China|Asia|Africa|Europe|America)|(?:his|her|their) \w+)(?: .*)?"
)


def _with_article(rest: str, body: str) -> str:
    """`the city's pine nut association`, `a tech company in Changsha` keep their article, names lose it."""
    return (
        rest
        if (_SMALL_AFTER_ARTICLE.match(rest) and not _CAPITAL_LETTER.search(body)) or _SMALL_OWNER.match(rest)
        else body
    )


_SMALL_AFTER_ARTICLE = regex(r"(?:the|its|his|her) [a-z]+(?:'s|’s)? ?")
_SMALL_OWNER = regex(r"the [a-z]+(?:'s|’s) ")
_CAPITAL_LETTER = regex(r"[A-Z]")


INSTITUTION = regex(
    r"\b(?:University|College|Institute|Academy|School|Faculty|Laboratory|Center|Centre|Association|"
    r"Bureau|Ministry|Administration|Commission|Committee|Council|Chamber|Federation|"
    r"Society|Foundation)\b"
)


def _is_institution(body: str) -> bool:
    return bool(INSTITUTION.search(body)) and not body.startswith("Department")


_COMMITTEE = regex(rf"(?:the |its )?(?:[a-z-]+ ){{0,2}}{_INNER_COMMITTEE}\b")

_UNIT_LINKS = regex(r"(?:,| at| of| under| in| within) (?:the )?(?=[A-Z])")

_COMMITTEE_LINKS = regex(r" (?:at|of|for|under|in|within) (?:the )?(?=[A-Z])")


def _body_after_department(phrase: str, start: int) -> tuple[str, str] | None:
    fallback = None
    links = _COMMITTEE_LINKS if _COMMITTEE.match(phrase, start) else _UNIT_LINKS
    if unit := _DEPARTMENT.match(phrase, start):
        start = unit.end()
    for match in links.finditer(phrase[start:]):
        body = phrase[start + match.end() :]
        head = re.split(r" (?:at|of the|under) |, | and (?=[a-z])", body)[0]
        if not has_organization_word(head) or _DEPARTMENT.match(body):
            continue
        found = phrase[: start + match.start()], _one_body(body)
        if has_organization_word(re.split(r" (?:of|for) ", head)[0].rsplit(" ", 1)[-1]):
            return found
        fallback = fallback or found
    return fallback


_THE_FIRM = regex(
    r"the (?:[\w-]+ )?(?:group|fund|exchange|airline|automaker|carmaker|chipmaker|giant|startup|lender|insurer|"
    r"retailer|chain|maker|regulator|watchdog|embassy|chamber|lab|base)"
)
"""A body that the article has named before: `president of the group`."""
_CAMEL = regex(r"[a-z]+[A-Z][\w.]*(?: [A-Z]\w*)*")

_SMALL = regex(r"[a-z][\w.-]{3,}(?: [A-Z]\w+)?")


def _names_a_body(rest: str, preposition: str = "") -> bool:
    body = _ANY_DETERMINER.sub("", rest)
    first = _NAME_ENDS.split(body, maxsplit=1)[0]
    if _CAMEL.fullmatch(first) or _THE_FIRM.fullmatch(rest):
        return True
    if preposition == "at" and rest == body and _SMALL.fullmatch(body) and not has_organization_word(body):
        return True
    if "A" <= body[:1] <= "Z" or "0" <= body[:1] <= "9":
        return not (is_place(first) and not has_organization_word(body)) or first in nouns("place")
    if _NAME_WITHIN.fullmatch(first) and not body.startswith(("about", "more")):
        return True
    return has_organization_word(first) or _PLAIN_OWNER.match(body) is not None


_ANY_DETERMINER = regex(r"^(?:the|an?|its|his|her|their) ")
_NAME_ENDS = regex(r" (?:at|of|for|in|on|and) |, ")
_NAME_WITHIN = regex(rf"(?:[\w-]+ ){{0,7}}{CAPITAL}(?: (?:{CAPITAL}|of|and|&))*")
_PLAIN_OWNER = regex(r"(?:city|company|firm|group|province|ministry)(?:'s|’s) ")


_DANGLING = regex(r"(?: (?:for|of|and|at|in|the|&))+$")

_LOWER_AND = regex(r"(?:^| )(?:[A-Z][\w&.'’-]*|\([A-Z][\w-]*\)) and (?=[a-z])")

_FOR_REGION = regex(r" (?:for (?:the )?(?:[A-Z][\w-]+ ){1,4}(?:region|market)|to [A-Z]\w+)$")

_IN_SOMEWHERE = regex(
    r" (?:in|from) (?:the )?(?:(?:city|town|province|county) of )?[A-Z](?:(?! (?:at|under|of) )[\w ,'’-])+$"
)


_CLAUSE_AFTER = regex(r", (?=an? |the |which |who |[a-z])")
_NATION_BEFORE = regex(r"([A-Z][\w ]+?)(?:'s|’s) (?=[A-Z\d])")
_BRACKETED = regex(r"\(.*\)")


def _one_body(body: str) -> str:
    """The body itself, without the clause, place or second post that follows it."""
    body = _CLAUSE_AFTER.split(body, maxsplit=1)[0]
    nation = _NATION_BEFORE.match(body)
    if nation and nation.group(1) in nouns("country"):
        body = body[nation.end() :]
    body = _POST_END.sub("", body)
    second = _next_post().search(body)
    if second:
        body = body[: second.start()]
    if body[:1].isupper() and (more := _LOWER_AND.search(body)):
        body = body[: more.end() - 5]
    if (
        not _BRACKETED.search(body)
        and (has_organization_word(body.split(" in ")[0]) or body[:1].isupper())
        and not body[:1].islower()
    ):
        body = _FOR_REGION.sub("", _IN_SOMEWHERE.sub("", body))
    return _DANGLING.sub("", body).strip(" ,.")


@cache
def _next_post() -> re.Pattern[str]:
    return re.compile(
        rf" and (?:an? |the |also )?(?:{alternation(nouns('title'))}|[Ee]meritus|honorary|former)\b|"
        r" and (?:[A-Z][\w-]* ){1,3}(?:Chair|President|Director|Professor|Ambassador|Fellow|Dean|Chairman)\b"
    )
