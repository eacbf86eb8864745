"""What an instrument is called and when it was issued: the best that any of its reports says, in either language.

A report counts more the nearer it is to the document: the ministry's own page, then a number, then news of it, then the
earliest. So the summary is the same in whatever order reports come.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlite_utils import Database

from db.connection import json_of, row, rows, update

_MOST_REPORTS = 300
_TITLE = {"en": ("title_en", "title_en_rank"), "zh": ("title_zh", "title_zh_rank")}


def offer(db: Database, identity: str, *, article: str, statement: str, record: Mapping[str, Any]) -> None:
    """Let one report say what it knows of an instrument."""
    held = row(db, "SELECT * FROM instrument_registry WHERE id = ?", [identity])
    page = row(db, _PAGE, [article])
    assert held is not None
    assert page is not None
    changes = better(held, {**page, "id": statement}, record)
    if changes:
        update(db, "instrument_registry", "id", identity, changes)


def summarise(db: Database, identity: str) -> None:
    """Put the summary together anew from the reports that an instrument has now, after it gained or lost some."""
    if changes := _out_of_date(db, identity):
        update(db, "instrument_registry", "id", identity, changes)


def is_up_to_date(db: Database, identity: str) -> bool:
    """Whether an instrument is shown as its reports say it now."""
    return not _out_of_date(db, identity)


def _out_of_date(db: Database, identity: str) -> dict[str, Any]:
    """The columns of a summary that its reports do not bear out, as they should be."""
    shown = row(db, "SELECT * FROM instrument_registry WHERE id = ? AND same_as = id", [identity])
    if shown is None:
        return {}
    held = {"number_key": shown["number_key"], **_EMPTY}
    for report in rows(db, _REPORTS, [identity, _MOST_REPORTS]):
        held.update(better(held, report, {**report, "issuers": json.loads(report["issuers"])}))
    if held["title"] is None:
        return {}
    return {name: held[name] for name in _EMPTY if held[name] != shown[name]}


_EMPTY: Mapping[str, Any] = {
    "title": None, "title_rank": None, "title_en": None, "title_en_rank": None, "title_zh": None,
    "title_zh_rank": None, "number": None, "number_rank": None, "issued_on": None, "effective_on": None,
    "issuers": "[]", "official_url": None, "instrument": "other",
    "lead_issuer": None,
}  # fmt: skip

_PAGE = """
SELECT url, language, kind, sort_at, substr(number_key, instr(number_key, '|')) AS page_number, title_key
FROM articles WHERE id = ?
"""
_REPORTS = """
SELECT p.id, p.title, p.number, p.issuers, p.issued_on, p.effective_on, p.salience, p.instrument, a.url, a.language,
  a.kind, a.sort_at, substr(a.number_key, instr(a.number_key, '|')) AS page_number, a.title_key
FROM policies AS p JOIN articles AS a ON a.id = p.article_id
WHERE p.instrument_id = ? AND p.retired_at IS NULL ORDER BY p.sort_at, p.seq LIMIT ?
"""


def page_of(article: Mapping[str, Any]) -> dict[str, Any]:
    """What of an article's row, with its `url`, counts in a summary, as the database is asked for it."""
    key = article["number_key"]
    number = None if key is None else key[max(0, key.find("|")) :]
    return {name: article[name] for name in ("url", "language", "kind", "sort_at", "title_key")} | {
        "page_number": number
    }


REPORTED = ("title", "number", "issuers", "issued_on", "effective_on", "salience", "instrument")
"""The fields of an announcement that count."""


def better(held: Mapping[str, Any], page: Mapping[str, Any], record: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a summary that this report says better."""
    own = _is_its_own_page(held, page, record)
    rank = "".join(
        str(int(not good))
        for good in (own, record["number"], record["salience"] == "news", record["instrument"] != "other")
    )
    rank += f"|{page['sort_at']}|{page['id']}"
    changes: dict[str, Any] = {}
    title, title_rank = _TITLE[page["language"]]
    for column, of_rank, value in (
        ("title", "title_rank", record["title"]),
        (title, title_rank, record["title"]),
        ("number", "number_rank", record["number"]),
    ):
        if value and rank < (held[of_rank] or "~"):
            changes.update({column: value, of_rank: rank})
    for date in ("issued_on", "effective_on"):
        if record[date] and _exactest(record[date]) < _exactest(held[date] or ""):
            changes[date] = record[date]
    if "title" in changes:
        changes["instrument"] = record["instrument"]
    issuers = json_of(record["issuers"])
    if issuers != held["issuers"] and (-len(record["issuers"]), issuers) < (
        -len(json.loads(held["issuers"])),
        held["issuers"],
    ):
        changes.update(issuers=issuers, lead_issuer=record["issuers"][0])
    if own and (held["official_url"] is None or page["url"] < held["official_url"]):
        changes["official_url"] = page["url"]
    return {name: value for name, value in changes.items() if held[name] != value}


def _exactest(date: str) -> tuple[int, str]:
    """Sorts an ISO prefix before those that say less, and the earlier of two that say as much first."""
    return -len(date), date


def _is_its_own_page(held: Mapping[str, Any], page: Mapping[str, Any], record: Mapping[str, Any]) -> bool:
    """Whether the page is the document itself: it carries its number, or its name where it has none.

    The page prints the body of a number in its own language only: kind, year and number must be the same.
    """
    if record["salience"] != "news":
        return False
    key = held["number_key"] or ""
    if page["page_number"] and key:
        return bool(key.endswith(page["page_number"]))
    return page["kind"] == "announcement" and not record["number"] and not page["page_number"]
