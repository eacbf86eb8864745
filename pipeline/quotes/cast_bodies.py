"""Read the bodies that an article names: runs of capitalised words, initials in brackets, local authorities."""

from __future__ import annotations

from functools import cache, lru_cache
from itertools import islice

from pipeline.patterns import regex
from pipeline.quotes.beside import WORD_BACK, openers
from pipeline.quotes.cast import MOST_BODIES, PLACE, POSSESSED, Cast, initials
from pipeline.quotes.phrases import CAPITAL, has_organization_word, is_place, title_words
from pipeline.quotes.tables import nouns
from pipeline.text import places_of_word, words_of

_BODY_RUN = regex(
    rf"{CAPITAL}(?:(?: (?:of|for|and|on|&)(?: the)?|"
    rf" \({CAPITAL}\)(?= (?:Co|Inc|Ltd|Corp|Group|Holdings?|(?:Central|National|Standing) Committee)\b))?"
    rf" {CAPITAL}){{0,12}}"
)
_TWO_BODIES = regex(r" and the (?=[A-Z])")
_ENDS_WITH_DAY = regex(r" (?:on|in|for)(?: the)? [A-Z]\w+$")
_ACRONYM = regex(r" \(([A-Z][A-Za-z&-]{1,9})\)|, or (?:the )?([A-Z][A-Za-z&-]{1,9})[,.]")

_FIRM_WORDS = ("executive", "media")


def read_bodies(text: str, cast: Cast) -> None:
    """Note the bodies with a proper name, the firms that a noun introduces, and the initials in brackets."""
    for match in _BODY_RUN.finditer(text):
        skipped, name = _name_in_run(match.group())
        if not name:
            continue
        start = match.start() + skipped
        firm = company_noun_before(text, start)
        if firm:
            name = POSSESSED.split(name, maxsplit=1)[0]
            cast.firms.add(name)
        known_body = (firm or has_organization_word(name)) and nouns("organization").get(name) not in _FIRM_WORDS
        if known_body:
            two = _TWO_BODIES.search(name)
            if two and has_organization_word(name[: two.start()]) and has_organization_word(name[two.end() :]):
                cast.bodies.append((start, name[: two.start()]))
                start, name = start + two.end(), name[two.end() :]
            cast.bodies.append((start, name))
        if acronym := _ACRONYM.match(text, match.end()):
            short = acronym.group(1) or acronym.group(2)
            owner = POSSESSED.split(name, maxsplit=1)[0]
            name = owner if owner != name and initials(owner) == short else name
            if known_body or initials(name) == short:
                cast.acronyms[short] = name


@lru_cache(maxsize=8192)
def _name_in_run(run: str) -> tuple[int, str]:
    """(letters to skip, body's name) of a run of capitalised words; the name is empty where it is only a place."""
    skipped, name = 0, run
    first, _, rest = name.partition(" ")
    if first in openers() and rest:
        skipped, name = len(first) + 1, rest
    name = name.removesuffix("'s").removesuffix("’s")
    if (day := _ENDS_WITH_DAY.search(name)) and is_place(day.group().rpartition(" ")[2]):
        name = name[: day.start()]
    if (post := title_words().match(name)) and " of " in name[post.end() : post.end() + 4]:
        skipped, name = skipped + post.end() + 4, name[post.end() + 4 :]
    return skipped, "" if is_place(name) else name


_OF_A_PERSON = regex(r"(?<!\w)(?:[Vv]eteran|[Rr]etired|[Ss]easoned|[Rr]enowned|[Yy]oung|[Ff]ormer|[Pp]rominent) $")
"""What only a person is: `veteran trader Marcus Hollen`, where a trader may be a firm too."""


@cache
def _company_nouns() -> frozenset[str]:
    return frozenset(word for word, role in nouns("organization").items() if role == "executive" and word[:1].islower())


def company_noun_before(text: str, start: int) -> bool:
    """Whether the name at `start` follows a noun for a company: `the battery maker Lanhai`."""
    if start < 2 or not text[start - 2].islower():
        return False
    word = text[max(0, start - 30) : start - 1].rpartition(" ")[2]
    if not word.isalpha():
        printed = WORD_BACK.search(word)
        word = printed.group() if printed else ""
    if word not in _company_nouns():
        return False
    at = start - 1 - len(word)
    return not (word in nouns("title") and _OF_A_PERSON.search(text, max(0, at - 16), at))


_LOCAL_FIELD = (
    r"(?:commerce|trade|finance|education|science|technology|industry|information|human|resources|social|security|health|"
    r"culture|tourism|agriculture|rural|affairs|transport|transportation|housing|construction|urban-rural|development|"
    r"ecology|environment|water|statistics|taxation|justice|emergency|management|public|civil|market|supervision|"
    r"regulation|economy|economic|planning|natural|forestry|sports|reform|energy|justice|the|digital|foreign|investment)"
)
_LOCAL_BODY = regex(
    r"(?<![\w'’-])[A-Z][\w'’]*(?: [A-Z][\w'’]*)?(?:'s|’s)? (?:(?:provincial|municipal|city|district|county|regional) )?"
    rf"(?:department|bureau|commission|committee|administration|government|authority)"
    rf"(?: (?:of|for) {_LOCAL_FIELD}(?:(?:,| and|, and)? {_LOCAL_FIELD}(?![\w-])){{0,5}})?(?![\w-])"
)
"""A local body in small letters: `the Huli department of roads, canals and public parks`."""

_LOCAL_HEADS = frozenset(
    ("department", "bureau", "commission", "committee", "administration", "government", "authority")
)
_LOCAL_BEFORE = ("provincial ", "municipal ", "city ", "district ", "county ", "regional ")


def read_local_bodies(text: str, cast: Cast) -> None:
    """Note the offices of a province or city whose names are printed in small letters."""
    found: list[tuple[int, str]] = []
    for head in _LOCAL_HEADS & words_of(text):
        for at in islice(places_of_word(head, text), MOST_BODIES):
            if not (text.startswith((" of ", " for "), at + len(head)) or text.endswith(_LOCAL_BEFORE, 0, at)):
                continue
            match = _LOCAL_BODY.search(text, max(0, at - 45), at + 150)
            if match is None or not match.start() < at < match.end():
                continue
            name = match.group()
            if name.split()[0] not in openers() and (" of " in name or len(name.split()) > 2):
                found.append((match.start(), name))
    if found:
        cast.bodies = sorted([*cast.bodies, *found], key=PLACE)
