"""The same instrument, person and organization across articles. Precision first: a wrong merge is worse than none.

Every link says why it was made. What cannot be linked with others gets an entry of its own, so that an instrument
that only one article reports still has its page.
"""

from __future__ import annotations

import csv
import json
import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib import resources
from itertools import pairwise
from typing import Any

from sqlite_utils import Database

from db.connection import insert, row, rows, update
from db.names import linked_id, words_of

Link = dict[str, str | None]

# -- instruments ------------------------------------------------------------------------------------------------------

_NUMBER_FORMS = (
    # 商务部公告2023年第46号, 商务部 海关总署公告2025年第55号, 商务部令2020年第4号
    re.compile(r"^(?P<body>[^\d〔\[(（]{0,60}?)(?P<kind>公告|令|通告)\s*(?P<year>\d{4})年第?\s*(?P<n>\d{1,4})号$"),
    # 公告2020年第9号 printed with the year first: 商务部2014年第34号公告
    re.compile(r"^(?P<body>[^\d〔\[(（]{0,60}?)(?P<year>\d{4})年第?\s*(?P<n>\d{1,4})号\s*(?P<kind>公告|令|通告)$"),
    # MOFCOM Announcement No. 46 of 2024, Decree No 4 of 2020
    re.compile(
        r"^(?P<body>.{0,120}?)\s*\b(?P<kind>announcement|order|decree)\s*no\.?\s*(?P<n>\d{1,4})\s*(?:of|,|\()\s*(?P<year>\d{4})\)?$",
        re.IGNORECASE,
    ),
)
_NUMBER_KINDS = {
    "公告": "announcement", "通告": "announcement", "announcement": "announcement",
    "令": "order", "order": "order", "decree": "order",
}  # fmt: skip

_TITLE_STOP_WORDS = frozenset(
    {"a", "an", "the", "of", "on", "in", "to", "for", "and", "or", "by", "with", "new", "its", "their", "from", "at",
     "as", "that", "的", "关", "于", "和", "与", "及"}
)  # fmt: skip
_SAME_DAY, _SAME_MONTH = 0.5, 0.8
"""Likeness of two titles that makes one instrument of two announcements by one issuer on one day, in one month.

One title must hold the other besides: two rulings of one day differ in nothing but the name of the goods.
"""
_FEWEST_WORDS = 3


def number_key(number: str | None, lead_issuer: str | None) -> str | None:
    """One key for a document number in either language, `ministry of commerce|announcement|2024|46`; None if none.

    The body is the lead issuer where it is known, because the number prints it in one language only; without one it is
    what the number prints.
    """
    if not number:
        return None
    printed = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", number)).strip()
    printed = re.sub(r"(?<=\d) (?=[年号])|(?<=年) (?=第)|(?<=第) (?=\d)", "", printed)
    for form in _NUMBER_FORMS:
        if found := form.match(printed):
            body = (lead_issuer or found["body"].split(" ")[0]).casefold().strip()
            return f"{body}|{_NUMBER_KINDS[found['kind'].lower()]}|{found['year']}|{int(found['n'])}"
    return "|".join(words_of(printed)) or None


def link_policy(db: Database, *, statement: str, article: str, record: Mapping[str, Any]) -> Link:
    """The instrument of an announcement, found or made: by its number, else by issuer, date and title."""
    lead = record["issuers"][0] if record["issuers"] else None
    number = number_key(record["number"], lead)
    reason = "first report"
    found: str | None = None
    if number:
        known = row(db, "SELECT id FROM instrument_registry WHERE number_key = ?", [number])
        if known:
            found, reason = known["id"], f"same number: {record['number']}"
            _fold_in_reports_without_number(db, found, record, lead)
    if found is None:
        found, alike = _by_issuer_date_title(db, record, lead, number)
        reason = alike or reason
    if found is None:
        found = _add_instrument(db, statement, record, lead, number)
    else:
        _complete_instrument(db, found, record, number)
    if record["salience"] == "news" and number:
        _take_from_official_page(db, found, article, record)
    return {"instrument_id": found, "instrument_reason": reason}


def _by_issuer_date_title(
    db: Database, record: Mapping[str, Any], lead: str | None, number: str | None, *, without_number: bool = False
) -> tuple[str | None, str | None]:
    issued = record["issued_on"]
    name = name_key(record["title"])
    if not lead:
        return None, None
    best: tuple[float, str, str] | None = None
    # dates agree where one is a prefix of the other: a day's month and year, a month's days
    printed = (issued or "?")[:10]
    wanted = {"lead": lead, "from": printed, "to": printed + "~", "month": printed[:7], "name": name}
    for other in rows(db, _LIKE_INSTRUMENTS, wanted):
        if other["number_key"] and (without_number or (number and other["number_key"] != number)):
            continue
        known_as = name_key(other["title"])
        likeness = _likeness(name, known_as)
        same_day = bool(issued) and len(issued) >= 10 and issued[:10] == (other["issued_on"] or "")[:10]
        if name == known_as and len(name.split()) >= 4 and _dates_agree(issued, other["issued_on"]):
            why = f"same issuer and title: {other['title']}"
            likeness = 1.0
        elif not _holds(name, known_as):
            continue
        elif same_day and likeness >= _SAME_DAY and _same_sort(record["instrument"], other["instrument"]):
            why = f"same issuer and day, titles alike ({likeness:.2f}): {other['title']}"
        elif likeness >= _SAME_MONTH and _dates_agree(issued, other["issued_on"]) and issued and other["issued_on"]:
            why = f"same issuer and month, titles alike ({likeness:.2f}): {other['title']}"
        else:
            continue
        if best is None or (likeness, other["id"]) > best[:2]:
            best = (likeness, other["id"], why)
    return (best[1], best[2]) if best else (None, None)


_LIKE_INSTRUMENTS = """
WITH likely AS (
  SELECT id FROM instrument_registry WHERE lead_issuer = :lead AND issued_on >= :from AND issued_on < :to
  UNION SELECT id FROM instrument_registry WHERE lead_issuer = :lead AND issued_on = :month
  UNION SELECT id FROM instrument_registry WHERE lead_issuer = :lead AND name_key = :name
)
SELECT id, number_key, title, issued_on, instrument FROM instrument_registry WHERE id IN likely
UNION
SELECT i.id, i.number_key, p.title, i.issued_on, p.instrument
FROM instrument_registry AS i JOIN policies AS p ON p.instrument_id = i.id
WHERE i.id IN likely AND p.retired_at IS NULL
ORDER BY 1 LIMIT 500
"""
"""What an instrument may be by issuer and date, under every title that it has been reported with."""


def _fold_in_reports_without_number(db: Database, found: str, record: Mapping[str, Any], lead: str | None) -> None:
    """A report of the numbered instrument under a title that others had it under before anybody told them apart.

    So it does not matter whether the page with the number or the report without one is stored first.
    """
    while True:
        twin, why = _by_issuer_date_title(db, record, lead, None, without_number=True)
        if twin is None:
            return
        db.conn.execute(
            "UPDATE policies SET instrument_id = ?, instrument_reason = ? WHERE instrument_id = ?", [found, why, twin]
        )
        db.conn.execute("DELETE FROM instrument_registry WHERE id = ?", [twin])


def _same_sort(a: str, b: str) -> bool:
    """Whether two kinds of instrument may be one: a story that tells the measure without its document says `other`."""
    return a == b or "other" in (a, b)


def _dates_agree(a: str | None, b: str | None) -> bool:
    """Whether the shorter of two ISO prefixes begins the longer; an unknown date agrees with any."""
    if not a or not b:
        return True
    a, b = a[:10], b[:10]
    return a.startswith(b) or b.startswith(a)


def _add_instrument(
    db: Database, statement: str, record: Mapping[str, Any], lead: str | None, number: str | None
) -> str:
    name = name_key(record["title"])
    # named by what it is where that is enough, so that the id does not hang on which report came first
    telling = lead and len(name.split()) >= _FEWEST_WORDS
    found = linked_id(
        "i", number or (f"{lead}|{record['issued_on']}|{record['instrument']}|{name}" if telling else statement)
    )
    known = row(db, "SELECT id FROM instrument_registry WHERE id = ?", [found])
    if known is None:
        insert(
            db,
            "instrument_registry",
            {
                "id": found,
                "number_key": number,
                "lead_issuer": lead,
                "issued_on": record["issued_on"],
                "name_key": name,
                "instrument": record["instrument"],
                "number": record["number"],
                "title": record["title"],
                "issuers": json.dumps(record["issuers"], ensure_ascii=False),
            },
        )
    return found


def _complete_instrument(db: Database, found: str, record: Mapping[str, Any], number: str | None) -> None:
    """Fill in what earlier reports did not say; the day of issue replaces a mere month or year of it."""
    known = row(db, "SELECT * FROM instrument_registry WHERE id = ?", [found])
    assert known is not None
    changes: dict[str, Any] = {}
    if number and not known["number_key"]:
        changes.update(number_key=number, number=record["number"])
    issued = record["issued_on"]
    if issued and len(issued) > len(known["issued_on"] or "") and _dates_agree(issued, known["issued_on"]):
        changes["issued_on"] = issued
    if len(record["issuers"]) > len(json.loads(known["issuers"])):
        changes["issuers"] = json.dumps(record["issuers"], ensure_ascii=False)
    if changes:
        update(db, "instrument_registry", "id", found, changes)


def _take_from_official_page(db: Database, found: str, article: str, record: Mapping[str, Any]) -> None:
    """A ministry page that carries the instrument's own number is the instrument itself: its name and number stand."""
    db.conn.execute(
        "UPDATE instrument_registry SET title = :title, number = :number, "
        "official_url = (SELECT url FROM articles WHERE id = :article) "
        "WHERE id = :id AND official_url IS NULL AND EXISTS "
        # the page prints the body in its own language only: kind, year and number must be the same
        "(SELECT 1 FROM articles AS a WHERE a.id = :article AND substr(a.number_key, instr(a.number_key, '|')) = "
        "substr(instrument_registry.number_key, instr(instrument_registry.number_key, '|')))",
        {"id": found, "article": article, "title": record["title"], "number": record["number"]},
    )


@lru_cache(maxsize=4096)
def name_key(title: str) -> str:
    """The words of a title that tell it from others, in order."""
    return " ".join(word for word in words_of(title) if word not in _TITLE_STOP_WORDS)


def title_likeness(a: str, b: str) -> float:
    """How alike two titles are, 0 to 1: shared words over all words, Chinese by pairs of characters."""
    return _likeness(name_key(a), name_key(b))


def _likeness(a: str, b: str) -> float:
    mine, theirs = _grams(a), _grams(b)
    return len(mine & theirs) / len(mine | theirs) if mine and theirs else 0.0


def _holds(a: str, b: str) -> bool:
    """Whether one of two titles says all that the other says; of Chinese pairs a few may differ at the joints."""
    shorter, longer = sorted((_grams(a), _grams(b)), key=len)
    if len(shorter) < _FEWEST_WORDS:
        return False
    return len(shorter & longer) >= (0.75 * len(shorter) if _by_character(a) else len(shorter))


@lru_cache(maxsize=4096)
def _by_character(key: str) -> bool:
    words = key.split()
    return sum(len(word) == 1 for word in words) * 2 > len(words)


@lru_cache(maxsize=4096)  # what an issuer publishes in a month is compared with each other again and again
def _grams(key: str) -> frozenset[str]:
    words = key.split()
    if _by_character(key):
        return frozenset(a + b for a, b in pairwise(words))
    return frozenset(words)


# -- persons and organizations ----------------------------------------------------------------------------------------

_HONORIFIC = re.compile(r"^(?:(?:mr|ms|mrs|miss|dr|prof|professor|sir|madam)\.?\s+)+", re.IGNORECASE)
_BASED = re.compile(r"^(?:the\s+)?\S+(?:\s\S+)?-(?:based|headquartered)\s+", re.IGNORECASE)
_SEVERAL = re.compile(r"\s(?:and|&)\s|、|,", re.IGNORECASE)
_LONGEST_NAME = 200


def link_quote(db: Database, *, article: str, record: Mapping[str, Any]) -> Link:
    """The person and the organization behind a quote, found or made."""
    links: Link = {"person_id": None, "person_reason": None, "organization_id": None, "organization_reason": None}
    if record["organization"]:
        links.update(_link_organization(db, record["organization"]))
    if record["speaker_type"] == "organization":
        links.update(_link_organization(db, record["speaker"]))
    if record["speaker_type"] == "person":
        links.update(_link_person(db, article, record["speaker"], links["organization_id"]))
    return links


def _link_organization(db: Database, printed: str) -> Link:
    key = organization_key(printed)
    if not key:
        return {}
    found = linked_id("o", key)
    db.conn.execute(
        "INSERT OR IGNORE INTO organizations (id, key, name) VALUES (?, ?, ?)", [found, key, printed[:_LONGEST_NAME]]
    )
    return {"organization_id": found, "organization_reason": f"name without form of company: {key}"}


def _link_person(db: Database, article: str, speaker: str, organization: str | None) -> Link:
    name = person_key(speaker)
    if name is None:
        return {}
    # without an organization nothing tells two people of one name apart: such a person lives in one article
    key = f"{name}|{organization or article}"
    found = linked_id("n", key)
    db.conn.execute(
        "INSERT OR IGNORE INTO persons (id, key, name, organization_id) VALUES (?, ?, ?, ?)",
        [found, key, _HONORIFIC.sub("", speaker)[:_LONGEST_NAME], organization],
    )
    reason = "same name and organization" if organization else "name within this article"
    return {"person_id": found, "person_reason": reason}


@lru_cache(maxsize=4096)
def person_key(speaker: str) -> str | None:
    """The name folded, without honorifics and hyphens; None for several people or a surname alone."""
    name = _HONORIFIC.sub("", unicodedata.normalize("NFKC", speaker).strip()[:_LONGEST_NAME])
    if not name or _SEVERAL.search(name):
        return None
    words = words_of(re.sub(r"[-‐‑·.'’]", "", name))
    if len(words) < 2:
        return None
    return "".join(words) if all(len(word) == 1 for word in words) else " ".join(words)


@lru_cache(maxsize=4096)
def organization_key(printed: str) -> str:
    """The name folded, without place (`Shanghai-based`), description before the name, and form of company."""
    name = _BASED.sub("", unicodedata.normalize("NFKC", printed).strip()[:_LONGEST_NAME])
    pieces = name.split()
    described = next((at for at, piece in enumerate(pieces) if piece[:1].isupper()), 0)
    if all(piece[:1].islower() for piece in pieces[:described]):
        pieces = pieces[described:]
    words = words_of(" ".join(pieces).removeprefix("The ").removeprefix("the "))
    suffixes, longest = _suffixes()
    size = longest
    while size:
        if len(words) > size and tuple(words[-size:]) in suffixes:
            words, size = words[:-size], longest
        else:
            size -= 1
    return " ".join(words)


@cache
def _suffixes() -> tuple[frozenset[tuple[str, ...]], int]:
    """The forms of company as words, and how many words the longest has."""
    with resources.files("db").joinpath("organization_suffixes.csv").open(encoding="utf-8") as lines:
        found = frozenset(tuple(words_of(line["suffix"])) for line in csv.DictReader(lines))
    return found, max(map(len, found))
