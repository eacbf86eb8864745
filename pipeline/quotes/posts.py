"""An English post, as printed beside a name, split into the title and the organisation."""

from __future__ import annotations

import re
from functools import cache

from pipeline.quotes.phrases import CAPITAL, bare, country_prefix, has_organization_word, is_place, title_words
from pipeline.quotes.tables import alternation, nouns

_BODY_PREPOSITION = re.compile(r" (?:at|of|for|with|from|in|to|on|under|by) |(?:'s|’s|s'|s’) (?=[a-z])")
_DEPARTMENT = re.compile(
    r"(?:the |its )?(?:[\w-]+ )?(?:department|division|office|bureau|unit|section|desk|team)\b", re.I
)
_TAIL = re.compile(
    r",? (?:who|which|that|where|told|said|says|while|when|during|on (?:Mon|Tues|Wednes|"
    r"Thurs|Fri|Satur|Sun)day|and (?:also )?(?:a|an|the) )\b.*$"
)


def split_post(phrase: str) -> tuple[str | None, str | None]:
    """A post into (title, organisation), as printed: `vice-president and chief analyst of IDC China`.

    An internal department stays with the title, the body that follows it is the organisation. Of two posts the
    first counts, unless it is a delegate's seat or a walk of life (`a deputy to the NPC and an academician at …`).
    """
    original = phrase.strip(" ,.;")
    posts = [piece for piece in _SECOND_POST.split(original) if piece]
    best = next((piece for piece in posts if not _SIDE_POST.match(bare(piece))), original)
    if len(posts) > 1 and best is posts[0] and _one_post(best)[1] is None:
        best = original
    return _one_post(best)


_SECOND_POST = re.compile(
    r",? (?:and|as well as)(?: also)? (?=(?:an?|the) )|(?<=[A-Z]\w{3}) and (?=founder|"
    r"co-founder|dean|director|head|professor)|(?<=\w{4}ity) and (?=founder|co-founder)"
)
_SIDE_POST = re.compile(
    r"(?:[\w-]+ )?(?:deputy to|delegate to|member of the (?:\d+th )?(?:National Committee|"
    r"CPPCC|Chinese People's)|national (?:political adviser|lawmaker)|"
    r"(?:[\w' ]+)?\b(?:graduate|postgraduate|native|alumnus|mother|father|resident)\b)"
)


_MINISTER_OF = re.compile(r"^(?:[\w-]+ ){0,2}[Mm]inister (?:of|for) (?!the )")
"""A minister's field is part of the post: `Minister of Commerce`, `vice-minister of science and technology`."""


def _one_post(original: str) -> tuple[str | None, str | None]:
    phrase = _TAIL.sub("", bare(original))
    head = title_words().search(phrase)
    if head is None:
        return None, None
    nation = country_prefix().match(phrase)
    if nation and not nation.group().startswith("former "):
        phrase = phrase[nation.end() :]
        head = title_words().search(phrase) or head
    if _MINISTER_OF.search(phrase):
        return _plain_title(phrase), None
    owner = re.match(r"(.{2,80}?)(?:'s|’s|(?<=s)'|(?<=s)’) (.*)", phrase[: head.end()])
    if owner and not _BODY_PREPOSITION.search(phrase[: head.start()].replace("'s ", "  ").replace("’s ", "  ")):
        return _owned_post(owner.group(1), phrase[owner.start(2) :], original)
    title, body = _at_body(phrase, head.end())
    front, kept = _front_body(title[: head.start()], head.group())
    return _plain_title(kept + title[head.start() :]), body or front


def _owned_post(owner: str, post: str, original: str) -> tuple[str, str | None]:
    body = None if owner in nouns("country") else owner
    if original[:4].lower() == "the " and owner[:1].islower():
        body = f"the {owner}"
    inner = re.match(r"(.*?) (?:at|of) (?:the )?([A-Z].*)", post)
    if inner and has_organization_word(inner.group(2)):
        return _plain_title(inner.group(1)), inner.group(2)
    return _plain_title(post), body


_AT = re.compile(r" at (?:the |an? )?")
_POST_END = re.compile(
    r",? (?:based|focusing|specializing|specialising|covering|responsible|working|overseeing|"
    r"leading|in charge|tracking|who|which|told|while)\b.*$"
)


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
        later = _AT.search(phrase, match.end())
        if (
            later
            and match.group().strip() != "at"
            and _names_a_body(phrase[later.end() :])
            and not _is_institution(body[: later.start() - match.end()])
        ):
            return phrase[: later.start()], _one_body(phrase[later.end() :])
        if owner := re.match(
            r"([A-Z][^,]*?|ministry|commission|administration|bureau|company|group|bank|university)(?:'s|’s) "
            r"([Dd]epartment of .*|[Oo]ffice of .*|[Bb]ureau of .*|[a-z ]*department)$",
            body,
        ):
            whose = owner.group(1) if owner.group(1)[:1].isupper() else f"the {owner.group(1)}"
            return f"{phrase[: match.start()]} of the {owner.group(2)}", whose
        if _DEPARTMENT.match(body) and (inner := _body_after_department(phrase, match.end())):
            return inner
        if match.group() == " in " and is_place(re.split(r"[,.]| of ", body)[0]):
            continue
        if _names_a_body(rest):
            return phrase[: match.start()], _one_body(_with_article(rest, body))
    return phrase, None


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


def _body_after_department(phrase: str, start: int) -> tuple[str, str] | None:
    for match in re.finditer(r" (?:at|of|under|in) (?:the )?(?=[A-Z])", phrase[start:]):
        body = phrase[start + match.end() :]
        head = re.split(r" (?:at|of the|under) ", body)[0]
        if has_organization_word(head) and not _DEPARTMENT.match(body):
            return phrase[: start + match.start()], _one_body(body)
    return None


def _names_a_body(rest: str) -> bool:
    body = re.sub(r"^(?:the|an?|its|his|her|their) ", "", rest)
    first = re.split(r" (?:at|of|for|in|on|and) |, ", body)[0]
    if re.match(r"[A-Z0-9]", body):
        return not (is_place(first) and not has_organization_word(body)) or first in nouns("place")
    if re.fullmatch(rf"(?:[\w-]+ ){{0,7}}{CAPITAL}(?: (?:{CAPITAL}|of|and|&))*", first) and not body.startswith(
        ("about", "more")
    ):
        return True
    return has_organization_word(first) or bool(
        re.match(r"(?:city|company|firm|group|province|ministry)(?:'s|’s) ", body)
    )


def _one_body(body: str) -> str:
    """The body itself, without the clause, place or second post that follows it."""
    body = re.split(r", (?=an? |the |which |who |[a-z])", body)[0]
    nation = re.match(r"([A-Z][\w ]+?)(?:'s|’s) (?=[A-Z])", body)
    if nation and nation.group(1) in nouns("country"):
        body = body[nation.end() :]
    body = _POST_END.sub("", body)
    second = _next_post().search(body)
    if second:
        body = body[: second.start()]
    if (
        not re.search(r"\(.*\)", body)
        and (has_organization_word(body.split(" in ")[0]) or body[:1].isupper())
        and not body[:1].islower()
    ):
        body = re.sub(r" in (?:the )?[A-Z][\w ,]+$", "", body)
    return body.strip(" ,.")


@cache
def _next_post() -> re.Pattern[str]:
    return re.compile(rf" and (?:an? |the |also )?(?:{alternation(nouns('title'))}|[Ee]meritus|honorary|former)\b")


def is_describer(word: str) -> bool:
    """Whether a word before a post tells of its holder or the field, capital or not: `Renowned`, `Cybersecurity`."""
    return word.lower() in nouns("describer")


def _front_body(before: str, head: str) -> tuple[str | None, str]:
    """Split what stands before a post's noun into (organisation, words that belong to the title)."""
    before = re.sub(r"(?:^| )[A-Z][\w]+(?: [A-Z]\w+)?-(?:based|born) ", " ", before).strip()
    if re.fullmatch(r"(?:ministry|commission|company|government|bureau|administration|embassy)", before):
        return f"the {before}", ""
    if not before:
        return None, ""
    first, _, rest = before.partition(" ")
    proper = rest[:1].isupper() and not country_prefix().match(rest + " ")
    if first[:1].isupper() and not proper and is_describer(first):
        body, kept = _front_body(rest, head)
        return body, f"{first} {kept}"
    former = "former " if re.match(r"former ", before) else ""
    plain = country_prefix().sub("", before + " ", count=1).strip()
    if plain == before:
        former = ""
    match = re.match(r"((?:[a-z][\w-]* )*(?:[A-Z0-9][\w&.'’-]*(?: (?:and|of|&|for) (?=[A-Z])| )?)+)(.*)", plain + " ")
    if match is None or not match.group(1).strip():
        return None, (former + plain + " ") if plain else former
    body, kept = match.group(1).strip(), match.group(2).strip()
    minister = head[:1].isupper() and nouns("title").get(head.lower(), "") in ("official", "") and not kept
    if minister and not has_organization_word(body) and len(body.split()) < 3:
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


_YEARS = re.compile(r"^\d{2}-year-old ")
_BASED = re.compile(r"^[A-Z][\w]+(?: [A-Z]\w+)?-(?:based|born) ")


def _plain_title(title: str) -> str:
    """The title without age, nationality and residence in front of it."""
    title = bare(title)
    title = _BASED.sub("", _YEARS.sub("", title))
    match = country_prefix().match(title)
    if match and not match.group().startswith("former "):
        title = title[match.end() :]
    return title.strip(" ,")
