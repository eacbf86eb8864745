"""An English post, as printed beside a name, split into the title and the organisation."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from pipeline.patterns import regex
from pipeline.quotes.phrases import (
    bare,
    country_prefix,
    has_organization_word,
    is_place,
    title_words,
)
from pipeline.quotes.post_bodies import BODY_PREPOSITION, INSTITUTION, at_body
from pipeline.quotes.tables import nouns

_TAIL = regex(
    r",? (?:who|which|that|where|told|said|says|while|when|during|on (?:Mon|Tues|Wednes|"
    r"Thurs|Fri|Satur|Sun)day|since|and (?:also )?(?:a|an|the) )\b.*$"
)
_PASSING = regex(
    r"^(?:visiting|current|incumbent|newly (?:elected|appointed)|"
    r"new(?= (?:\w+ )?(?:minister|president|premier|chairman|CEO|mayor|governor|ambassador|head))) "
    r"(?!professor|scholar|fellow|lecturer|researcher)"
)
_SPACED_OWNER = regex(r"(?<=\w)(['’]) s(?= )")


def split_post(phrase: str) -> tuple[str | None, str | None]:
    """A post into (title, organisation), as printed: `vice-president and chief analyst of IDC China`.

    An internal department stays with the title, the body that follows it is the organisation. Of two posts the
    first counts, unless it is a delegate's seat, an award or a walk of life (`a deputy to the NPC and chairman of …`).
    `An executive` says that somebody has a post and not which: it stays as printed.
    """
    title, body = _split(phrase)
    return ("an executive" if title == "executive" and _SOME_POST.match(phrase) else title), body


_SOME_POST = regex(r"(?:also )?an executive (?:at|of|with|from|in|for) ")


def _split(phrase: str) -> tuple[str | None, str | None]:
    original, posts = _posts(phrase)
    if (pair := _AND_POST.search(original)) and is_side_post(original[pair.end() :]):
        original = original[: pair.start()] if title_words().search(original[: pair.start()]) else original
    best = _working(posts) or (posts[0] if len(posts) > 1 and is_side_post(posts[0]) else original)
    if best is not posts[0] and (owned := _ITS.search(best)):
        title, body = _one_post(f"{best[: owned.start()]} the {best[owned.end() :]}")
        if body and _UNIT.fullmatch(body):
            title, body = f"{title} of the {body.removeprefix('the ')}", None
        return title, body if body and body[:1].isupper() else _one_post(posts[0])[1]
    if len(posts) > 1 and best is posts[0] and _one_post(best)[1] is None:
        title, body = _one_post(original)
        return (title, body) if body else (title, _one_post(posts[1])[1] if _SHARED.search(posts[1]) else None)
    return _one_post(best)


@lru_cache(maxsize=256)
def _posts(phrase: str) -> tuple[str, tuple[str, ...]]:
    """(the phrase, the posts that it joins)."""
    original = phrase.strip(" ,.;")
    if " s " in original:
        original = _SPACED_OWNER.sub(r"\1s", original)
    original = _PASSING.sub("", original)
    joined = " and " in original or " as well as " in original
    posts = [piece for piece in (_SECOND_POST.split(original) if joined else (original,)) if piece]
    if _MINISTER_OF.search(bare(original)):
        posts = [piece for post in posts for piece in _AND_OFFICE.split(post)]
    if posts and is_side_post(posts[0]):
        posts = [piece for post in posts for piece in _each(post)]
    return original, tuple(posts)


def _each(post: str) -> list[str]:
    """The posts joined by a plain `and`; what follows it and is no post belongs to the one before."""
    pieces: list[str] = []
    for piece in _AND_POST.split(post):
        if pieces and not _starts_a_post(piece):
            pieces[-1] += f" and {piece}"
        else:
            pieces.append(piece)
    return pieces


def _working(posts: Iterable[str]) -> str | None:
    return next((piece for piece in posts if not is_side_post(piece) and not _FORMER.match(piece)), None)


def holds_a_seat_only(phrase: str) -> bool:
    """Whether the words name a seat or an award and no working post beside it."""
    posts = _posts(phrase)[1]
    return bool(posts) and is_side_post(posts[0]) and _working(posts) is None


@lru_cache(maxsize=1024)
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
_CAPITAL_OFFICE = regex(
    rf"{_QUALIFIED}(?:Vice[- ])?(?:Deputy )?(?:President|Premier|Prime Minister|Chancellor|King|Queen|Emperor|"
    r"Crown Prince|Pope|Taoiseach|(?:[A-Z][\w-]+ (?:and )?){0,3}Minister|"
    r"(?:Under-)?Secretary of State(?: for [\w ,]+)?)"
)
_STATE_OFFICE = regex(
    rf"{_QUALIFIED}(?:vice[- ])?(?:deputy )?(?:president|premier|prime minister|chancellor|king|queen|emperor|"
    r"crown prince|(?:[\w-]+ (?:and )?){0,3}(?:minister|secretary)|"
    r"secretary of (?:the )?(?:state|defense|war|commerce|treasury|labor|energy|education|agriculture|transportation|"
    r"interior|health(?: and human services)?|homeland security|veterans affairs|housing and urban development))",
    re.I,
)
_SECOND_POST = regex(
    r",? (?:and|as well as)(?: also)? (?=(?:an?|the) )|(?<=[A-Z]\w{3}) and (?=founder|"
    r"co-founder|dean|director|head|professor)|(?<=\w{4}ity) and (?=founder|co-founder)|"
    r",? (?:and|as well as) (?:now|currently|also|concurrently|formerly) "
)
_AND_POST = regex(r",? and (?=[\w-])")
_ITS = regex(r"(?<= of| at) (?:its|the (?:committee|commission|council|company|group|university|institute)(?:'s|’s)) ")
_UNIT = regex(r"[\w ]*\b(?:[Dd]epartment|[Oo]ffice|[Dd]ivision|[Bb]ureau)$")
_AND_OFFICE = regex(r" and (?=[a-z][\w -]{3,40} (?:of|at) (?:the )?[A-Z])")
_FORMER = regex(r"(?:an? |the )?(?:former|formerly|retired|honorary)\b")
_SHARED = regex(r" (?:at|of|with) (?:the )?[A-Z]")
_SIDE_POST = regex(
    r"(?:[\w-]+ )?(?:deputy to (?:the )?|delegate to (?:the )?|member of (?:the |an? |its )?(?:\d+th )?(?=[\w'() -]*\b"
    r"(?:Committee|CPPCC|NPC|Congress|Conference|committee|body|panel|team|board|council|group|Parliament|parliament)\b)|"
    r"(?:national |provincial |municipal )?(?:political advis[eo]r|lawmaker|legislator)\b|"
    r"(?:\d+th )?(?:NPC|CPPCC|National People's Congress)\b[\w ]* (?:deputy|member|delegate)\b|"
    r"(?:[\w' ]+)?\b(?:graduate|postgraduate|native|alumnus|mother|father|resident|laureate|prize-?winner|"
    r"(?:[Pp]rize|[Aa]ward|[Mm]edal) (?:winner|recipient|laureate)|winner of|recipient of)\b|"
    r"entrepreneur in (?:his|her)\b)"
)
_MINISTER_OF = regex(
    r"^(?:(?:[\w-]+ ){0,2}|(?:[\w-]+ ){1,5}and (?:[\w-]+ )?)(?:[Vv]ice[- ])?[Mm]inister (?:of|for) (?!the )"
)
"""A minister's field is part of the post: `Minister of Commerce`, `vice-minister of science and technology`."""
_ENVOY = regex(
    r"(?:[\w-]+ ){0,3}(?:ambassador|permanent representative|envoy|consul[- ]general|high commissioner|"
    r"charge d'affaires) (?:(?:of|for) (?:the )?[A-Z]\w+(?: [A-Z]\w+)* )?(?:to|in|for) ",
    re.I,
)
"""An envoy's two countries are part of the post: `ambassador of Pakistan to China`."""
_COMMISSIONER = regex(
    r"(?:[Hh]igh |[Pp]arliamentary |[Ss]hadow |[Pp]ermanent )?(?:[Cc]ommissioner|"
    r"(?:[Uu]nder-)?[Ss]ecretary(?: of [Ss]tate)?|[Mm]inister of [Ss]tate) for (?!the )(?:(?! of )[\w ,])+$"
)
"""The field of a commissioner or a secretary of state is part of the post too."""
_ONE_OF = regex(r"one of (?:the )?(.{2,60}?(?:'s|’s|s'|s’)) (?:[\w-]+ ){0,3}?(\w+?)s$")
_FIELD_OF_WORK = regex(r"(?:(?:Greater )?China|Asia(?:[- ]Pacific)?|Europe|Africa|APAC|EMEA|ASEAN|India|Japan) ")
"""Regions that a company's post may cover: `China head of Lanhai Bank`."""


def _starts_a_post(piece: str) -> bool:
    """Whether a title stands at most three words into the piece."""
    head = title_words().search(bare(piece))
    return head is not None and head.start() <= 40 and bare(piece)[: head.start()].count(" ") <= 3


_OWNER = regex(r"(.{2,80}?)(?:'s|’s|(?<=s)'|(?<=s)’) (.*)")


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
    if (
        (_STATE_OFFICE.fullmatch(phrase) and " of " in phrase)
        or _MINISTER_OF.search(phrase)
        or _ENVOY.match(phrase)
        or _COMMISSIONER.match(phrase)
    ):
        return _plain_title(phrase), None
    owner = _OWNER.match(phrase[: head.end()])
    if owner and not BODY_PREPOSITION.search(phrase[: head.start()].replace("'s ", "  ").replace("’s ", "  ")):
        return _owned_post(owner.group(1), phrase[owner.start(2) :], original)
    title, body = at_body(phrase, head.end())
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
    if words and not nation.endswith(("'s ", "’s ")) and INSTITUTION.fullmatch(words[0]):
        return True
    return nation.strip() in nouns("country-name") and bool(words) and has_organization_word(f"{nation}{front}".strip())


_BARE_DEPARTMENT = regex(r"(?:the )?(?:[Dd]epartment of [^,]+|(?:[a-z-]+ ){0,6}(?:department|division))")
_BODY_WITHIN = regex(r"((?:[a-z-]+ )+)([A-Z]{2,7}) ([a-z -]+)")
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


def is_describer(word: str) -> bool:
    """Whether a word before a post tells of its holder or the field, capital or not: `Renowned`, `Cybersecurity`."""
    return word.lower() in nouns("describer")


_RANKS = regex(
    r"(.*?) ?((?:(?:Division|Country|Regional|Managing|Executive|Deputy|Assistant|Associate|Chief|Senior|Acting|Global|"
    r"National|Vice|Rotating|Honorary|Program|Project|Founding|General|Principal|Lead|Distinguished|Emeritus) ?)+)$"
)
"""Words before a capital post that grade it: `World Bank Division Director`."""
_PRIZED = regex(r"(?:[A-Z]\w+ )*(?:[A-Z]\w+-winning|award-winning|prize-winning) ")


_HOME_BEFORE = regex(r"(?:^| )[A-Z][\w]+(?: [A-Z]\w+)?-(?:based|born) ")
_PLAIN_BODIES = frozenset(("ministry", "commission", "company", "government", "bureau", "administration", "embassy"))


def _front_body(before: str, head: str) -> tuple[str | None, str]:
    """Split what stands before a post's noun into (organisation, words that belong to the title)."""
    before = _HOME_BEFORE.sub(" ", before).strip()
    before = _PRIZED.sub("", before + " ").strip()
    if before in _PLAIN_BODIES:
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


_YEARS = regex(r"^(?:\d{2}-year-old |local )")
_BASED = regex(r"^[A-Z][\w]+(?: [A-Z]\w+)?-(?:based|born) ")


def _plain_title(title: str) -> str:
    """The title without age, nationality and residence in front of it."""
    title = bare(title)
    title = _BASED.sub("", _YEARS.sub("", title))
    match = country_prefix().match(title)
    if match and not match.group().startswith("former "):
        title = title[match.end() :]
    return title.strip(" ,")
