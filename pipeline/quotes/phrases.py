"""English noun phrases that name a source: what sort of source, and a post split into title and organisation."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from pipeline.quotes.tables import alternation, names, nouns

_UPPER = "[A-ZÀ-ÖØ-ÞĀŁŚŠŽČ]"
_AFTER_UPPER = rf"(?:\.(?:{_UPPER}\.){{0,2}}|[\w'’\-]*)"
CAPITAL = _UPPER + _AFTER_UPPER
"""A capitalised word or up to three initials; what opens with a class of letters is searched fast."""
PARTICLE = r"(?:de|van|der|den|von|bin|al|el|da|dos|del|di|la|le|ten|ter|zu|y|bint|ibn)"
_RUN = rf"{_UPPER}(?<![\w'’\-].){_AFTER_UPPER}(?: (?:{PARTICLE} ){{0,2}}{CAPITAL})"
PERSON_RUN = re.compile(_RUN + "{0,7}")
NAME_RUN = re.compile(_RUN + "{1,7}")
"""A run of at least two capitalised words, as a full name is."""
_SYLLABLE = r"(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?[aeiouü]{1,3}(?:ng|n|r)?"
_GIVEN_PINYIN = re.compile(rf"{_SYLLABLE}(?:['’-]?{_SYLLABLE}){{0,2}}$", re.I)
_HONORIFIC = re.compile(
    r"(?:(?:Mr|Ms|Mrs|Dr|Prof|Sir|Madam|Madame|Miss|Admiral|"
    r"(?<!Attorney )(?<!Consul )(?<!Director )(?<!Secretary )(?<!Governor )(?<!Inspector )General|Colonel|Captain|"
    r"Major|Lieutenant|Lord|Lady|Dame|Baroness)\.? )"
)
_ARTICLE = re.compile(
    r"(?:the|a|an|one|another|whose|its|his|her|their|our|who is|who was|who serves as|"
    r"who also serves as|also|then|currently|now) ",
    re.I,
)
_AGE = re.compile(r"\d{2}(?:-year-old)?,? ?")
_BODY_PREPOSITION = re.compile(r" (?:at|of|for|with|from|in|to|on|under|by) |(?:'s|’s|s'|s’) (?=[a-z])")
_DEPARTMENT = re.compile(
    r"(?:the |its )?(?:[\w-]+ )?(?:department|division|office|bureau|unit|section|desk|team)\b", re.I
)
_TAIL = re.compile(
    r",? (?:who|which|that|where|told|said|says|while|when|during|on (?:Mon|Tues|Wednes|"
    r"Thurs|Fri|Satur|Sun)day|and (?:also )?(?:a|an|the) )\b.*$"
)


def last_match(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """The last of the pattern's matches in the text."""
    last = None
    for found in pattern.finditer(text):
        last = found
    return last


@cache
def title_words() -> re.Pattern[str]:
    """Every post of the table as one expression, plural and capital forms included, longest first."""
    return re.compile(rf"(?<![\w'’])(?:{alternation(map(str.lower, nouns('title')))})(?![\w’'-]|\.\w)", re.I)


@cache
def _organization_words() -> re.Pattern[str]:
    return re.compile(
        rf"(?<![\w’'-])(?:{alternation(nouns('organization'))}|{alternation(nouns('company'))})(?:s|es)?(?![\w-])"
    )


@cache
def _place_words() -> frozenset[str]:
    return frozenset(nouns("country")) | frozenset(nouns("place")) | frozenset(nouns("time"))


@cache
def _country_prefix() -> re.Pattern[str]:
    words = alternation([*nouns("country"), *nouns("region-adjective")])
    return re.compile(rf"(?:former |the |veteran |prominent |senior )?(?:{words})(?:'s|’s)? ")


@lru_cache(maxsize=8192)
def has_organization_word(text: str) -> bool:
    """Whether the phrase holds a company suffix, an institution noun or a well-known name."""
    return bool(_organization_words().search(text))


@cache
def _body_nouns() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w’'-])(?:{alternation(nouns('organization'))})(?![\w-])")


def has_body_noun(text: str) -> bool:
    """Whether the phrase holds a suffix or institution noun; a firm's name may be a surname too (`Roche`)."""
    return bool(_body_nouns().search(text))


@lru_cache(maxsize=8192)
def is_place(text: str) -> bool:
    """Whether the phrase is nothing but countries, cities and days."""
    return text in _place_words() or all(word in _place_words() for word in text.split())


def is_pinyin(word: str) -> bool:
    """Whether a word can be a given name in Hanyu Pinyin."""
    return _GIVEN_PINYIN.match(word) is not None


def is_chinese_name(words: list[str]) -> bool:
    """Surname and given name in Hanyu Pinyin, surname first: `Zhang Yu`, `Ouyang Minggao`, `Lan Fo'an`."""
    return (
        2 <= len(words) <= 3
        and words[0] in names("surname")
        and all(_GIVEN_PINYIN.match(word) is not None for word in words[1:])
        and not is_place(" ".join(words))
        and not is_place(" ".join(words[1:]))
        and not any(word in _place_words() for word in words[1:])
    )


def strong_name(words: list[str]) -> bool:
    """A personal name by its own words: Pinyin, or a given name first."""
    if len(words) == 2 and words[1] in names("given") and words[0] not in _place_words() and words[0].isalpha():
        return is_chinese_name(words) or words[0] in names("given")
    return is_chinese_name(words) or (2 <= len(words) <= 5 and words[0].split("-")[0] in names("given"))


def possible_name(words: list[str]) -> bool:
    """Two to five capitalised words that are no body, place or day."""
    return (
        2 <= len(words) <= 5
        and not has_organization_word(" ".join(words))
        and words[-1] not in nouns("thing")
        and not any(word in _place_words() for word in words)
        and all(len(word) > 1 for word in words[-1:])
        and not any(word.isupper() and len(word.strip(".")) > 1 for word in words)
        and not any(word.endswith(("'s", "’s", "-based", "-backed", "-listed", "-led")) for word in words)
    )


@lru_cache(maxsize=8192)
def split_run(run: str) -> tuple[str, str]:
    """(what stands before, personal name) of a run of capitalised words: `Premier Li Qiang` gives its two halves.

    The name is empty when the run's end cannot be one.
    """
    words = run.split()
    if len(words) < 2:
        return run, ""
    for size in (2, 3):
        tail = words[-size:]
        if len(words) > size and is_chinese_name(tail) and (size == 3 or not is_chinese_name(words[-3:])):
            if len(words) > size and words[-size - 1] in names("given") and words[-size - 1] not in names("surname"):
                size += 1
            return " ".join(words[:-size]), " ".join(words[-size:])
    last_title = last_match(title_words(), run)
    cut = last_title.end() if last_title else 0
    cut = _past_honorific(run, cut)
    cut += _places_at(run, cut)
    name = run[cut:].strip().split()
    if strong_name(name) or possible_name(name):
        return run[:cut].strip(), " ".join(name)
    return run, ""


def _past_honorific(run: str, cut: int) -> int:
    match = last_match(_HONORIFIC, run[cut:])
    return cut + match.end() if match else cut


def is_honorific(front: str) -> bool:
    """Whether the words before a name end with a form of address or a rank: `Admiral`, `Dr`."""
    return bool(front) and any(match.end() > len(front) for match in _HONORIFIC.finditer(front + " "))


def _places_at(run: str, cut: int) -> int:
    match = _country_prefix().match(run[cut:].lstrip())
    return len(run[cut:]) - len(run[cut:].lstrip()) + match.end() if match else 0


def bare(phrase: str) -> str:
    """The phrase without article, age and outer punctuation."""
    phrase = phrase.strip(" ,.;:—-")
    while match := (_ARTICLE.match(phrase) or _AGE.match(phrase)):
        phrase = phrase[match.end() :]
    return phrase.strip(" ,")


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
    nation = _country_prefix().match(phrase)
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
    proper = rest[:1].isupper() and not _country_prefix().match(rest + " ")
    if first[:1].isupper() and not proper and is_describer(first):
        body, kept = _front_body(rest, head)
        return body, f"{first} {kept}"
    former = "former " if re.match(r"former ", before) else ""
    plain = _country_prefix().sub("", before + " ", count=1).strip()
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
    match = _country_prefix().match(title)
    if match and not match.group().startswith("former "):
        title = title[match.end() :]
    return title.strip(" ,")
