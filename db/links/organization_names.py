"""Names of organizations: one key for a name with and without place, description and form of company, in two languages.

Public bodies have the key of their usual English name, whatever name or language is printed; the table is the
extractor's (`pipeline/policies/bodies.csv`).
"""

from __future__ import annotations

import csv
import re
import unicodedata
from functools import cache, lru_cache
from importlib import resources

from db.links.person_names import LONGEST_NAME, spellings
from db.names import words_of
from pipeline.policies.issuers import Body, bodies
from pipeline.policies.organs import organ_of
from pipeline.policies.places import places_in
from pipeline.policies.tables import rows, several

_BASED = re.compile(r"^(?:the\s+)?\S+(?:\s\S+)?-(?:based|headquartered)\s+", re.IGNORECASE)
_OUR_LAND = re.compile(r"^(?:the )?(?:China['’]s|Chinese|PRC) (?=[A-Z])|^(?:the )?People['’]s Republic of China['’]s ")
_THE = re.compile(r"^the\s+", re.IGNORECASE)
_DESCRIBED = re.compile(r"^(?P<before>(?:[A-Z][\w'’-]*\s+){0,3})(?P<what>(?:[a-z][\w'’-]*\s+)+)(?P<name>[A-Z0-9].*)$")
_LINKS = frozenset({"of", "for", "and", "at", "in", "on", "the", "de", "la", "to", "with", "under", "by", "von", "van"})
_HAN = re.compile(r"[\u3400-\u9fff]")
_LATIN_WORD = re.compile(r"[a-z]+")
_SHORTEST_BRAND = 4


@lru_cache(maxsize=8192)
def organization_key(printed: str) -> str:
    """The name folded, without place (`Shanghai-based`), description before the name, and form of company.

    Empty for a description that holds no name.
    """
    name = unicodedata.normalize("NFKC", printed).strip()[:LONGEST_NAME]
    known = public_body(name)
    if known:
        return " ".join(words_of(known))
    name = _without_description(_BASED.sub("", name))
    name = _THE.sub("", name)
    if name == name.lower() and not _HAN.search(name):
        return ""  # `provincial department of commerce` is another one in every province
    words = words_of(name)
    suffixes, longest = _suffixes()
    size = longest
    while size:
        if len(words) > size and tuple(words[-size:]) in suffixes:
            words, size = words[:-size], longest
        else:
            size -= 1
    return " ".join(words)


def shown_organization(printed: str) -> tuple[str, str | None]:
    """The name as it is shown, and in Chinese where that is known: a public body's usual ones, another's as printed."""
    name = public_body(unicodedata.normalize("NFKC", printed).strip()[:LONGEST_NAME])
    if name:
        body = body_of(name)
        own = printed if _HAN.search(printed) else None
        return name, (body.chinese or own) if body else own
    return printed[:LONGEST_NAME], printed[:LONGEST_NAME] if _HAN.search(printed) else None


@lru_cache(maxsize=8192)
def public_body(name: str) -> str | None:
    """The usual English name of the public body that is called exactly `name`, in English or Chinese; None if none."""
    plain = _THE.sub("", _OUR_LAND.sub("", name)).replace("’", "'").strip()
    found = _bodies().get(plain)
    if found:
        return found
    if not _HAN.match(name):
        return None
    whole = name.replace(" ", "")
    place = next(iter(places_in(whole, 0, len(whole))), None)
    if place is None or place.start:
        return None
    return _local_body(whole, place.name, place.kind, place.end)


def body_of(name: str) -> Body | None:
    """The row of a public body by its usual English name."""
    return bodies().get(name)


def _local_body(whole: str, place: str, kind: str, end: int) -> str | None:
    """`天津市商务局` as `Tianjin Municipal Bureau of Commerce`, by the nouns of the table's own local bodies."""
    named = places_in(whole, 0, len(whole))[0]
    organ = organ_of(whole, named, len(whole))
    if organ is not None and organ[1] == len(whole):
        return organ[0]
    level, rest = _level(whole[end:], kind)
    office = _OFFICES.get(rest)
    return f"{place} {level} {office}" if office and level else None


def _level(rest: str, kind: str) -> tuple[str | None, str]:
    for sign, level in (("省", "Provincial"), ("市", "Municipal"), ("区", "District"), ("县", "County")):
        if rest.startswith(sign):
            return level, rest[1:]
    return ("Provincial" if kind == "province" else "Municipal" if kind in ("city", "municipality") else None), rest


_OFFICES = {
    "商务局": "Bureau of Commerce", "商务厅": "Department of Commerce", "商务委员会": "Commission of Commerce",
    "商务委": "Commission of Commerce", "财政局": "Bureau of Finance", "财政厅": "Department of Finance",
    "发展和改革委员会": "Development and Reform Commission", "发展改革委": "Development and Reform Commission",
    "发改委": "Development and Reform Commission", "工业和信息化局": "Bureau of Industry and Information Technology",
    "工业和信息化厅": "Department of Industry and Information Technology",
    "经济和信息化委员会": "Commission of Economy and Informatization",
    "经信委": "Commission of Economy and Informatization", "科学技术局": "Bureau of Science and Technology",
    "科学技术厅": "Department of Science and Technology", "交通运输局": "Bureau of Transport",
    "交通运输厅": "Department of Transport", "人民政府": "People's Government",
}  # fmt: skip
"""Offices that provinces and cities share, as news prose calls them in English."""


@cache
def _bodies() -> dict[str, str]:
    """Printed names -> usual English names. Descriptions (`the industry ministry`) may be any land's: left out."""
    found: dict[str, str] = {}
    for row in rows("bodies"):
        for printed in (
            row["name"],
            row["abbreviation"],
            *several(row["also"]),
            row["chinese"],
            *several(row["also_zh"]),
        ):
            if printed and (printed[0].isupper() or _HAN.match(printed)):
                found.setdefault(_THE.sub("", printed), row["name"])
    return found


def _without_description(name: str) -> str:
    """`Norwegian shipowner Nordvik Marine` as `Nordvik Marine`: a trade before the name, and whose it is."""
    found = _DESCRIBED.match(name)
    if found is None:
        return name
    what = found["what"].split()
    if what[-1] not in _trades() and not (not found["before"] and not _LINKS & set(what)):
        return name
    return name if _LINKS & set(what) else found["name"]


@cache
def _trades() -> frozenset[str]:
    with resources.files("db.links").joinpath("organization_descriptions.csv").open(encoding="utf-8") as lines:
        return frozenset(line["noun"] for line in csv.DictReader(lines))


@cache
def _suffixes() -> tuple[frozenset[tuple[str, ...]], int]:
    """The forms of company as words, and how many words the longest has."""
    with resources.files("db.links").joinpath("organization_suffixes.csv").open(encoding="utf-8") as lines:
        found = frozenset(tuple(words_of(line["suffix"])) for line in csv.DictReader(lines))
    return found, max(map(len, found))


# -- two names of one organization ------------------------------------------------------------------------------------


def sound_alike(chinese: str, english: str) -> bool:
    """Whether a Chinese and an English key share a name that only sounds: `合肥岚越` and `hefei lanyue semiconductor`.

    Every word of the English key that could be the sound of Chinese characters is looked for among them; one besides
    places must be there, and a place that is named must not be missing.
    """
    heard = "".join(spellings(sign)[0] for sign in chinese.split() if _HAN.match(sign))
    ends = _edges(chinese)
    words = [word for word in english.split() if len(word) >= _SHORTEST_BRAND and _LATIN_WORD.fullmatch(word)]
    brands = [word for word in words if word not in _places() and _stands(word, heard, ends)]
    return any(len(word) > _SHORTEST_BRAND for word in brands)


def _edges(chinese: str) -> frozenset[int]:
    """Where characters begin and end in the sound of the key."""
    at, found = 0, {0}
    for sign in chinese.split():
        if _HAN.match(sign):
            at += len(spellings(sign)[0])
            found.add(at)
    return frozenset(found)


def _stands(word: str, heard: str, edges: frozenset[int]) -> bool:
    """Whether the word is the sound of two or more whole characters."""
    at = heard.find(word)
    while at >= 0:
        inside = sum(at < edge < at + len(word) for edge in edges)
        if at in edges and at + len(word) in edges and inside:
            return True
        at = heard.find(word, at + 1)
    return False


@cache
def _places() -> frozenset[str]:
    """Words of names of places."""
    return frozenset(word for row in rows("places") for word in words_of(f"{row['name']} {row['also']}"))


def differs_by_place(one: str, other: str) -> bool:
    """Whether two English keys differ only in places before the name or a `group` or `holdings` behind it."""
    mine, theirs = one.split(), other.split()
    if len(mine) > len(theirs):
        mine, theirs = theirs, mine
    for at in range(len(theirs) - len(mine) + 1):
        if theirs[at : at + len(mine)] == mine:
            before, after = theirs[:at], theirs[at + len(mine) :]
            telling = [word for word in mine if word not in _places()]
            return bool(telling) and set(before) <= _places() and set(after) <= {"group", "holding", "holdings"}
    return False
