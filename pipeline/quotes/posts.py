"""An English post, as printed beside a name, split into the title and the organisation."""

from __future__ import annotations

import re
from functools import cache

from pipeline.quotes.phrases import (
    CAPITAL,
    bare,
    country_prefix,
    has_organization_word,
    is_place,
    last_match,
    title_words,
)
from pipeline.quotes.tables import alternation, nouns

_BODY_PREPOSITION = re.compile(r" (?:at|of|for|with|from|in|to|on|under|by) |(?:'s|’s|s'|s’) (?=[a-z])")
_UNIT = r"(?:department|division|office|section|unit|desk|team|detachment|brigade|squad|police station)"
_INNER_COMMITTEE = (
    r"(?:expert|academic|advisory|technical|assets|professional|speciali[sz]ed|consulting|investment|audit|"
    r"strategy|drafting|working|branch|research|editorial|sub)(?: |-)?(?:committee|panel|group|council|board)"
)
_DEPARTMENT = re.compile(
    r"(?:the |its )?(?:(?:[A-Z][\w-]+ (?:and )?){1,5}(?:Department|Division)\b|"
    r"(?:[\w-]+ )?(?:[Dd]epartment|[Dd]ivision|[Uu]nit|[Ss]ection|[Dd]esk|[Tt]eam)\b|"
    r"(?:[Bb]oard of (?:[Mm]anagement|[Dd]irectors|[Ss]upervisors|[Tt]rustees|[Gg]overnors)|"
    r"(?:[Ss]upervisory|[Mm]anagement|[Ee]xecutive) [Bb]oard)\b|"
    r"(?:General |Press |Foreign Affairs )?(?:Office|Bureau)\b|"
    rf"(?:[a-z][\w-]*,? (?:and )?){{0,5}}(?:{_UNIT}|bureau)\b|"
    rf"(?:[a-z-]+ ){{0,2}}{_INNER_COMMITTEE}\b|(?:[A-Z]\w+ ){{1,3}}police station\b)"
)
_OWN_OFFICE = re.compile(
    r"(?:the )?(?:(?:Research|Information|Legislative Affairs|Counselors') Office of the State Council|"
    r"Office of (?:the )?(?:Central|State|National)\b)"
)
"""Offices that are public bodies by themselves, whatever they belong to."""
_TAIL = re.compile(
    r",? (?:who|which|that|where|told|said|says|while|when|during|on (?:Mon|Tues|Wednes|"
    r"Thurs|Fri|Satur|Sun)day|since|and (?:also )?(?:a|an|the) )\b.*$"
)
_PASSING = re.compile(
    r"^(?:visiting|current|incumbent|newly (?:elected|appointed)) (?!professor|scholar|fellow|lecturer|researcher)"
)
_SPACED_OWNER = re.compile(r"(?<=\w)(['’]) s(?= )")


def split_post(phrase: str) -> tuple[str | None, str | None]:
    """A post into (title, organisation), as printed: `vice-president and chief analyst of IDC China`.

    An internal department stays with the title, the body that follows it is the organisation. Of two posts the
    first counts, unless it is a delegate's seat, an award or a walk of life (`a deputy to the NPC and chairman of …`).
    """
    original, posts = _posts(phrase)
    if (pair := _AND_POST.search(original)) and is_side_post(original[pair.end() :]):
        original = original[: pair.start()] if title_words().search(original[: pair.start()]) else original
    best = _working(posts) or (posts[0] if len(posts) > 1 and is_side_post(posts[0]) else original)
    if best is not posts[0] and (owned := _ITS.search(best)):
        title, body = _one_post(f"{best[: owned.start()]} the {best[owned.end() :]}")
        return title, body if body and body[:1].isupper() else _one_post(posts[0])[1]
    if len(posts) > 1 and best is posts[0] and _one_post(best)[1] is None:
        title, body = _one_post(original)
        return (title, body) if body else (title, _one_post(posts[1])[1] if _SHARED.search(posts[1]) else None)
    return _one_post(best)


def _posts(phrase: str) -> tuple[str, list[str]]:
    """(the phrase, the posts that it joins)."""
    original = _PASSING.sub("", _SPACED_OWNER.sub(r"\1s", phrase.strip(" ,.;")))
    posts = [piece for piece in _SECOND_POST.split(original) if piece]
    if _MINISTER_OF.search(bare(original)):
        posts = [piece for post in posts for piece in _AND_OFFICE.split(post)]
    if posts and is_side_post(posts[0]):
        posts = [piece for post in posts for piece in _each(post)]
    return original, posts


def _each(post: str) -> list[str]:
    """The posts joined by a plain `and`; what follows it and is no post belongs to the one before."""
    pieces: list[str] = []
    for piece in _AND_POST.split(post):
        if pieces and not _starts_a_post(piece):
            pieces[-1] += f" and {piece}"
        else:
            pieces.append(piece)
    return pieces


def _working(posts: list[str]) -> str | None:
    return next((piece for piece in posts if not is_side_post(piece) and not _FORMER.match(piece)), None)


def holds_a_seat_only(phrase: str) -> bool:
    """Whether the words name a seat or an award and no working post beside it."""
    posts = _posts(phrase)[1]
    return bool(posts) and is_side_post(posts[0]) and _working(posts) is None


def is_side_post(phrase: str) -> bool:
    """Whether the words name a seat, an award or a walk of life, which a working post outweighs."""
    return _SIDE_POST.match(bare(phrase)) is not None


def of_a_state(phrase: str) -> bool:
    """Whether the words name an office of state: a country's president, premier or minister, a party's leader."""
    phrase = _PASSING.sub("", bare(phrase))
    nation = country_prefix().match(phrase)
    plain = phrase[nation.end() :] if nation else phrase
    if nation and nation.group() in _REGIONS_OF_CHINA and plain == "Chief Executive":
        return True
    return (_STATE_OFFICE if nation else _CAPITAL_OFFICE).fullmatch(plain) is not None


_REGIONS_OF_CHINA = ("Hong Kong ", "Macao ", "Hong Kong's ", "Macao's ")
_QUALIFIED = r"(?:(?:[Ff]ormer|[Tt]hen|[Aa]cting|[Vv]isiting|[Ii]nterim|[Oo]utgoing|[Ii]ncoming|[Cc]aretaker) )?"
_CAPITAL_OFFICE = re.compile(
    rf"{_QUALIFIED}(?:Vice[- ])?(?:Deputy )?(?:President|Premier|Prime Minister|Chancellor|King|Queen|Emperor|"
    r"Crown Prince|Pope|Taoiseach|(?:[A-Z][\w-]+ (?:and )?){0,3}Minister|"
    r"(?:Under-)?Secretary of State(?: for [\w ,]+)?)"
)
_STATE_OFFICE = re.compile(
    rf"{_QUALIFIED}(?:vice[- ])?(?:deputy )?(?:president|premier|prime minister|chancellor|king|queen|emperor|"
    r"crown prince|(?:[\w-]+ (?:and )?){0,3}(?:minister|secretary)|secretary of state)",
    re.I,
)
_SECOND_POST = re.compile(
    r",? (?:and|as well as)(?: also)? (?=(?:an?|the) )|(?<=[A-Z]\w{3}) and (?=founder|"
    r"co-founder|dean|director|head|professor)|(?<=\w{4}ity) and (?=founder|co-founder)|"
    r",? (?:and|as well as) (?:now|currently|also|concurrently|formerly) "
)
_AND_POST = re.compile(r",? and (?=[\w-])")
_ITS = re.compile(r"(?<= of| at) its ")
_AND_OFFICE = re.compile(r" and (?=[a-z][\w -]{3,40} (?:of|at) (?:the )?[A-Z])")
_FORMER = re.compile(r"(?:an? |the )?(?:former|formerly|retired|honorary)\b")
_SHARED = re.compile(r" (?:at|of|with) (?:the )?[A-Z]")
_SIDE_POST = re.compile(
    r"(?:[\w-]+ )?(?:deputy to (?:the )?|delegate to (?:the )?|member of (?:the |an? |its )?(?:\d+th )?(?=[\w' -]*\b"
    r"(?:Committee|CPPCC|NPC|Congress|Conference|committee|body|panel|team|board|council|group|Parliament|parliament)\b)|"
    r"(?:national |provincial |municipal )?(?:political advis[eo]r|lawmaker|legislator)\b|"
    r"(?:\d+th )?(?:NPC|CPPCC|National People's Congress)\b[\w ]* (?:deputy|member|delegate)\b|"
    r"(?:[\w' ]+)?\b(?:graduate|postgraduate|native|alumnus|mother|father|resident|laureate|prize-?winner|"
    r"(?:[Pp]rize|[Aa]ward|[Mm]edal) (?:winner|recipient|laureate)|winner of|recipient of)\b|"
    r"entrepreneur in (?:his|her)\b)"
)
_MINISTER_OF = re.compile(
    r"^(?:(?:[\w-]+ ){0,2}|(?:[\w-]+ ){1,5}and (?:[\w-]+ )?)(?:[Vv]ice[- ])?[Mm]inister (?:of|for) (?!the )"
)
"""A minister's field is part of the post: `Minister of Commerce`, `vice-minister of science and technology`."""
_ENVOY = re.compile(
    r"(?:[\w-]+ ){0,3}(?:ambassador|permanent representative|envoy|consul[- ]general|high commissioner|"
    r"charge d'affaires) (?:(?:of|for) (?:the )?[A-Z]\w+(?: [A-Z]\w+)* )?(?:to|in|for) ",
    re.I,
)
"""An envoy's two countries are part of the post: `ambassador of Pakistan to China`."""
_COMMISSIONER = re.compile(
    r"(?:[Hh]igh |[Pp]arliamentary |[Ss]hadow |[Pp]ermanent )?(?:[Cc]ommissioner|"
    r"(?:[Uu]nder-)?[Ss]ecretary(?: of [Ss]tate)?|[Mm]inister of [Ss]tate) for (?!the )(?:(?! of )[\w ,])+$"
)
"""The field of a commissioner or a secretary of state is part of the post too."""
_ONE_OF = re.compile(r"one of (?:the )?(.{2,60}?(?:'s|’s|s'|s’)) (?:[\w-]+ ){0,3}?(\w+?)s$")
_FIELD_OF_WORK = re.compile(r"(?:(?:Greater )?China|Asia(?:[- ]Pacific)?|Europe|Africa|APAC|EMEA|ASEAN|India|Japan) ")
"""Regions that a company's post may cover: `China head of Lanhai Bank`."""


def _starts_a_post(piece: str) -> bool:
    """Whether a title stands at most three words into the piece."""
    head = title_words().search(bare(piece))
    return head is not None and head.start() <= 40 and bare(piece)[: head.start()].count(" ") <= 3


def _one_post(original: str) -> tuple[str | None, str | None]:
    if (several := _ONE_OF.match(original)) and title_words().fullmatch(several.group(2)):
        owned = has_organization_word(several.group(1))
        original = f"{several.group(1)} {several.group(2)}" if owned else f"an {several.group(2)}"
    phrase = _TAIL.sub("", bare(original))
    head = title_words().search(phrase)
    if head is None:
        return None, None
    field, first = "", head.start()
    nation = country_prefix().match(phrase)
    if (
        nation
        and not nation.group().startswith("former ")
        and not _of_its_name(nation.group(), phrase[nation.end() : first])
    ):
        field = nation.group() if _FIELD_OF_WORK.fullmatch(nation.group()) else ""
        phrase = phrase[nation.end() :]
        head = title_words().search(phrase) or head
    if _MINISTER_OF.search(phrase) or _ENVOY.match(phrase) or _COMMISSIONER.match(phrase):
        return _plain_title(phrase), None
    owner = re.match(r"(.{2,80}?)(?:'s|’s|(?<=s)'|(?<=s)’) (.*)", phrase[: head.end()])
    if owner and not _BODY_PREPOSITION.search(phrase[: head.start()].replace("'s ", "  ").replace("’s ", "  ")):
        return _owned_post(owner.group(1), phrase[owner.start(2) :], original)
    title, body = _at_body(phrase, head.end())
    if title[: head.start()].endswith("-"):
        return _plain_title(title), body
    front, kept = _front_body(title[: head.start()], head.group())
    if front and front.islower() and front.startswith("the ") and (body or " of " in title):
        kept = front[4:] + " "
        front = None
    if body and _BARE_DEPARTMENT.fullmatch(body):
        title, body = f"{title} of the {body.removeprefix('the ')}", None
    plain = _plain_title(kept + title[head.start() :])
    if body and front and front[:1].isupper() and not has_organization_word(front):
        plain = f"{front} {plain}"
    if field and body:
        return field + plain, body
    if not (body or front) and (within := _BODY_WITHIN.fullmatch(plain)) and has_organization_word(within.group(2)):
        return within.group(1) + within.group(3), within.group(2)
    return plain, body or front


def _of_its_name(nation: str, front: str) -> bool:
    """Whether a nation belongs to the name of the body before a post: `European Commission President`."""
    words = re.sub(r"^Central ", "", front).split()
    if len(words) == 1 and words[0][:1].isupper() and has_organization_word(words[0]):
        return True
    if words and not nation.endswith(("'s ", "’s ")) and _INSTITUTION.fullmatch(words[0]):
        return True
    return nation.strip() in nouns("country-name") and bool(words) and has_organization_word(f"{nation}{front}".strip())


_SEAT = re.compile(r"\b(?:deputy|delegate|lawmaker|legislator|adviser|advisor|senator|representative)$")
_OF_A_THING = re.compile(r"\b(?:inheritor|author|co-author|coauthor|writer|survivor|victim|collector|fan)$")
"""Whose `of` leads to a thing and not to a body: `an inheritor of Lanhai lacquerware`."""
_BARE_DEPARTMENT = re.compile(r"(?:the )?(?:[Dd]epartment of [^,]+|(?:[a-z-]+ ){0,6}(?:department|division))")
_BODY_WITHIN = re.compile(r"((?:[a-z-]+ )+)([A-Z]{2,7}) ([a-z -]+)")
"""`chief NBS statistician`: the body stands inside the title."""


def _owned_post(owner: str, post: str, original: str) -> tuple[str, str | None]:
    body = None if owner in nouns("country") else owner
    if original[:4].lower() == "the " and owner[:1].islower():
        body = f"the {owner}"
    inner = re.match(r"(.*?) (?:at|of) (?:the )?([A-Z].*)", post)
    if inner and has_organization_word(inner.group(2)):
        return _plain_title(inner.group(1)), inner.group(2)
    covered = _FIELD_OF_WORK.match(post) if body else None
    return (covered.group() if covered else "") + _plain_title(post), body


_AT = re.compile(r" at (?:the |an? )?")
_POST_END = re.compile(
    r",? (?:based|focusing|specializing|specialising|covering|responsible|working|overseeing|"
    r"leading|in charge|tracking|who|which|told|while)\b.*$"
)
_NAMED_UNIT = r"[Dd]epartment of .*|[Oo]ffice of .*|[Bb]ureau of .*|[a-z, -]*(?:department|center|centre)"
_OWNED_UNIT = re.compile(
    rf"(?:((?:[a-z][\w-]* ){{0,4}}[A-Z][^,]*?)(?:'s|’s|(?<=s)'|(?<=s)’) ({_NAMED_UNIT})|"
    r"([a-z][\w-]*)(?:'s|’s) "
    rf"({_NAMED_UNIT}|[a-z, -]*(?:division|office|section|unit|team)))$"
)
_ACADEMIC = re.compile(r"\b(?:University|College|Academy|Institute)$")


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


def _at_body(phrase: str, after: int) -> tuple[str, str | None]:
    """Cut the phrase at the preposition that the body follows: the first `at`, else the first that a body fits."""
    phrase_end = _POST_END.search(phrase, after)
    if phrase_end and " at " not in phrase_end.group() and " with " not in phrase_end.group():
        phrase = phrase[: phrase_end.start()]
    elif phrase_end:
        return (
            _at_body(phrase[: phrase_end.start()] + phrase[phrase.find(" at ", phrase_end.start()) :], after)
            if " at " in phrase_end.group()
            else (phrase[: phrase_end.start()], None)
        )
    for match in _BODY_PREPOSITION.finditer(phrase, after):
        if match.group()[0] in "'’s":
            continue
        rest = phrase[match.end() :]
        body = re.sub(r"^(?:the|an?|its|his|her) ", "", rest)
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
        if match.group() == " in " and (is_place(re.split(r"[,.]| of ", body)[0]) or _IN_PLACE.fullmatch(rest)):
            continue
        if match.group() == " of " and _OF_A_THING.search(phrase, 0, match.start()) and not has_organization_word(body):
            break
        if _names_a_body(rest, match.group().strip()):
            if _HOME.search(re.split(r",| in ", body)[0]) and (
                match.group().strip() in ("from", "in") or _is_lay(phrase[: match.start()])
            ):
                return phrase[: match.start()], None
            return phrase[: match.start()], _one_body(_with_article(rest, body))
    return re.sub(r" (?:in|from|based in) (?:the )?[A-Z][\w' -]*$", _unplaced, phrase), None


def _is_lay(title: str) -> bool:
    """Whether a title is a walk of life: a resident of a district has no organisation by it."""
    head = last_match(title_words(), title)
    return head is not None and nouns("title").get(head.group().lower()) == "other"


def _unplaced(match: re.Match[str]) -> str:
    """Nothing where the words only say where somebody lives."""
    place = re.sub(r"^ (?:in|from|based in) (?:the )?", "", match.group())
    return "" if is_place(place) or _HOME.search(place) or _REGION.fullmatch(place) else match.group()


_HOME = re.compile(
    r"\b(?:province|region|county|prefecture|village|town|township|city|district|subdistrict|community|neighborhood|"
    r"state|Republic|Province|County|Village|Township|District|Islands?)(?: of [A-Z]\w+)?$"
)
"""Where people come from; a farmer of a region has no organisation by it."""
_REGION = re.compile(
    r"(?:(?:North|South|East|West|Northeast|Northwest|Southeast|Southwest|Central|Northern|Southern|"
    r"Eastern|Western)(?:ern)? )?[A-Z]\w+"
)
_IN_PLACE = re.compile(
    r"(?:the )?(?:(?:North|South|East|West|Northeast|Northwest|Southeast|Southwest|Central)(?:ern)? "
    r"(?:China|Asia|Africa|Europe|America)|(?:his|her|their) \w+)(?: .*)?"
)


def _with_article(rest: str, body: str) -> str:
    """`the city's pine nut association`, `a tech company in Changsha` keep their article, names lose it."""
    return (
        rest
        if (re.match(r"(?:the|its|his|her) [a-z]+(?:'s|’s)? ?", rest) and not re.search(r"[A-Z]", body))
        or re.match(r"the [a-z]+(?:'s|’s) ", rest)
        else body
    )


_INSTITUTION = re.compile(
    r"\b(?:University|College|Institute|Academy|School|Faculty|Laboratory|Center|Centre|Association|"
    r"Bureau|Ministry|Administration|Commission|Committee|Council|Chamber|Federation|"
    r"Society|Foundation)\b"
)


def _is_institution(body: str) -> bool:
    return bool(_INSTITUTION.search(body)) and not body.startswith("Department")


_COMMITTEE = re.compile(rf"(?:the |its )?(?:[a-z-]+ ){{0,2}}{_INNER_COMMITTEE}\b")
_UNIT_LINKS = re.compile(r"(?:,| at| of| under| in| within) (?:the )?(?=[A-Z])")
_COMMITTEE_LINKS = re.compile(r" (?:at|of|for|under|in|within) (?:the )?(?=[A-Z])")


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


_CAMEL = re.compile(r"[a-z]+[A-Z][\w.]*(?: [A-Z]\w*)*")
_SMALL = re.compile(r"[a-z][\w.-]{3,}(?: [A-Z]\w+)?")


def _names_a_body(rest: str, preposition: str = "") -> bool:
    body = re.sub(r"^(?:the|an?|its|his|her|their) ", "", rest)
    first = re.split(r" (?:at|of|for|in|on|and) |, ", body)[0]
    if _CAMEL.fullmatch(first):
        return True
    if preposition == "at" and rest == body and _SMALL.fullmatch(body) and not has_organization_word(body):
        return True
    if re.match(r"[A-Z0-9]", body):
        return not (is_place(first) and not has_organization_word(body)) or first in nouns("place")
    if re.fullmatch(rf"(?:[\w-]+ ){{0,7}}{CAPITAL}(?: (?:{CAPITAL}|of|and|&))*", first) and not body.startswith(
        ("about", "more")
    ):
        return True
    return has_organization_word(first) or bool(
        re.match(r"(?:city|company|firm|group|province|ministry)(?:'s|’s) ", body)
    )


_DANGLING = re.compile(r"(?: (?:for|of|and|at|in|the|&))+$")
_LOWER_AND = re.compile(r"(?:^| )(?:[A-Z][\w&.'’-]*|\([A-Z][\w-]*\)) and (?=[a-z])")
_FOR_REGION = re.compile(r" (?:for (?:the )?(?:[A-Z][\w-]+ ){1,4}(?:region|market)|to [A-Z]\w+)$")
_IN_SOMEWHERE = re.compile(
    r" (?:in|from) (?:the )?(?:(?:city|town|province|county) of )?[A-Z](?:(?! (?:at|under|of) )[\w ,'’-])+$"
)


def _one_body(body: str) -> str:
    """The body itself, without the clause, place or second post that follows it."""
    body = re.split(r", (?=an? |the |which |who |[a-z])", body)[0]
    nation = re.match(r"([A-Z][\w ]+?)(?:'s|’s) (?=[A-Z\d])", body)
    if nation and nation.group(1) in nouns("country"):
        body = body[nation.end() :]
    body = _POST_END.sub("", body)
    second = _next_post().search(body)
    if second:
        body = body[: second.start()]
    if body[:1].isupper() and (more := _LOWER_AND.search(body)):
        body = body[: more.end() - 5]
    if (
        not re.search(r"\(.*\)", body)
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


def is_describer(word: str) -> bool:
    """Whether a word before a post tells of its holder or the field, capital or not: `Renowned`, `Cybersecurity`."""
    return word.lower() in nouns("describer")


_RANKS = re.compile(
    r"(.*?) ?((?:(?:Division|Country|Regional|Managing|Executive|Deputy|Assistant|Associate|Chief|Senior|Acting|Global|"
    r"National|Vice|Rotating|Honorary|Program|Project|Founding|General|Principal|Lead|Distinguished|Emeritus) ?)+)$"
)
"""Words before a capital post that grade it: `World Bank Division Director`."""
_PRIZED = re.compile(r"(?:[A-Z]\w+ )*(?:[A-Z]\w+-winning|award-winning|prize-winning) ")


def _front_body(before: str, head: str) -> tuple[str | None, str]:
    """Split what stands before a post's noun into (organisation, words that belong to the title)."""
    before = re.sub(r"(?:^| )[A-Z][\w]+(?: [A-Z]\w+)?-(?:based|born) ", " ", before).strip()
    before = _PRIZED.sub("", before + " ").strip()
    if re.fullmatch(r"(?:ministry|commission|company|government|bureau|administration|embassy)", before):
        return f"the {before}", ""
    if not before:
        return None, ""
    first, _, rest = before.partition(" ")
    proper = rest[:1].isupper() and not country_prefix().match(rest + " ")
    if (first[:1].isupper() or rest) and not proper and is_describer(first):
        body, kept = _front_body(rest, head)
        return body, f"{first} {kept}"
    former = "former " if re.match(r"former ", before) else ""
    nation = country_prefix().match(before + " ")
    plain = before
    if nation and not _of_its_name(nation.group(), before[nation.end() :]):
        plain = before[nation.end() :].strip()
    if plain == before:
        former = ""
    match = re.match(r"((?:[a-z][\w-]* )*(?:[A-Z0-9][\w&.'’-]*(?: (?:and|of|&|for) (?=[A-Z])| )?)+)(.*)", plain + " ")
    if match is None or not match.group(1).strip():
        return None, (former + plain + " ") if plain else former
    body, kept = match.group(1).strip(), match.group(2).strip()
    if head[:1].isupper() and not kept and (graded := _RANKS.match(body)) and has_organization_word(graded.group(1)):
        body, kept = graded.group(1), graded.group(2).strip()
    if nouns("title").get(head.lower()) == "other" and not has_organization_word(body):
        return None, f"{former}{plain} "
    joint = 2 if head in ("Secretary", "Minister", "Commissioner") else 0
    minister = head[:1].isupper() and nouns("title").get(head.lower(), "") in ("official", "") and not kept
    if minister and not has_organization_word(body) and len(re.sub(r" (?:and|&) ", " ", body).split()) < 3 + joint:
        return (None, "") if body in nouns("place") else (None, former + body + " ")
    if (
        has_organization_word(body)
        or (not is_place(body) and head[:1].islower())
        or head.isupper()
        or len(body.split()) > 1
        or not is_place(body)
    ):
        return (body if not is_place(body) else None), (kept + " " if kept else "")
    return None, (kept + " " if kept else "")


_YEARS = re.compile(r"^(?:\d{2}-year-old |local )")
_BASED = re.compile(r"^[A-Z][\w]+(?: [A-Z]\w+)?-(?:based|born) ")


def _plain_title(title: str) -> str:
    """The title without age, nationality and residence in front of it."""
    title = bare(title)
    title = _BASED.sub("", _YEARS.sub("", title))
    match = country_prefix().match(title)
    if match and not match.group().startswith("former "):
        title = title[match.end() :]
    return title.strip(" ,")
