"""Which reports tell of one instrument: by number, else by issuer, date and title, in one language or two.

Precision first: what only looks alike stays apart. Two numbers, two days, two editions, a draft and what became of it
are never one.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Literal, NamedTuple

from sqlite_utils import Database

from db.connection import rows
from db.links.identities import Conflict, Edge
from db.links.instrument_names import (
    by_character,
    edition_of,
    has_editions,
    holds,
    is_standing,
    key_likeness,
    same_in_translation,
)
from db.links.organization_names import body_of

_SAME_DAY, _SAME_DAY_ZH, _SAME_MONTH, _TRANSLATED, _WHATEVER_SORT = 0.5, 0.3, 0.8, 0.7, 0.75
"""Likeness of two titles that makes one instrument of two announcements by one issuer on one day, in one month, and of
two titles in two languages on one day; of Chinese titles of one day, too, that call it a list and a notice. A Chinese
title must hold the other sign for sign, so that less likeness is enough."""
_WORDS_OF_A_NAME, _WORDS_WITHOUT_ISSUER, _WORDS_WITHOUT_DATE = 4, 6, 5
MOST = 400
"""Reports of one issuer and day that a new one is compared with."""


class Report(NamedTuple):
    """What one statement says an instrument is."""

    node: str
    lead: str
    """Lead issuer; empty if none is named."""
    issued_on: str
    """ISO prefix; empty if no date is told."""
    title: str
    name: str
    """`db.links.instrument_names.name_key` of the title."""
    instrument: str
    draft: bool
    numbered: bool


def add_reports(db: Database, reports: Iterable[Report]) -> list[Report]:
    """Note what is reported; gives the reports that are new."""
    fresh = []
    for report in reports:
        cursor = db.conn.execute(
            "INSERT OR IGNORE INTO instrument_reports "
            "(node, lead, issued_on, name_key, title, instrument, draft, numbered) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [report.node, report.lead, report.issued_on, report.name, report.title, report.instrument, report.draft,
             report.numbered],
        )  # fmt: skip
        if cursor.rowcount:
            fresh.append(report)
    return fresh


def stored_report(found: Mapping[str, Any]) -> Report:
    """A row of `instrument_reports`."""
    return Report(
        node=found["node"], lead=found["lead"], issued_on=found["issued_on"], title=found["title"],
        name=found["name_key"], instrument=found["instrument"], draft=bool(found["draft"]),
        numbered=bool(found["numbered"]),
    )  # fmt: skip


def report_key(report: Report) -> tuple[str, str, str, bool, str, str]:
    """What tells the reports of one node apart, in the order of the key of `instrument_reports`."""
    return report.name, report.issued_on, report.instrument, report.draft, report.lead, report.title


def edges_of(db: Database, report: Report) -> Iterator[Edge]:
    """What else the report may tell of, among all that is known."""
    seen: set[Report] = set()
    for question in questions(report):
        for other in reports_at(db, question):
            if other.node == report.node or other in seen:
                continue
            seen.add(other)
            compared = compare(report, other)
            if compared is not None:
                yield Edge(report.node, other.node, *compared)


Question = tuple[Literal["standing", "name", "day", "month"], str, str]
"""Where to look for reports: the same name of a standing law, the same name and lead issuer; that issuer's day, or any
day of its month."""


def questions(report: Report) -> Iterator[Question]:
    """Where to look: the same name; the same day; the month, where either tells no more."""
    if is_standing(report.name):
        yield "standing", report.name, ""
    yield "name", report.name, report.lead
    if not report.lead or not report.issued_on:
        return
    yield "day", report.lead, report.issued_on
    if len(report.issued_on) == 10:
        yield "day", report.lead, report.issued_on[:7]
    elif len(report.issued_on) == 7:
        yield "month", report.lead, report.issued_on


def answers(report: Report) -> Iterator[Question]:
    """The questions that a report is found by."""
    yield "standing", report.name, ""
    yield "name", report.name, report.lead
    yield "day", report.lead, report.issued_on
    if len(report.issued_on) > 7:
        yield "month", report.lead, report.issued_on[:7]


def reports_at(db: Database, question: Question) -> list[Report]:
    """The reports that a question finds, at most `MOST`."""
    which, one, other = question
    return [stored_report(found) for found in rows(db, _ASK[which], {"one": one, "other": other, "most": MOST})]


_ASK = {
    "standing": "SELECT * FROM instrument_reports WHERE name_key = :one LIMIT :most",
    "name": "SELECT * FROM instrument_reports WHERE name_key = :one AND lead = :other LIMIT :most",
    "day": "SELECT * FROM instrument_reports WHERE lead = :one AND issued_on = :other LIMIT :most",
    "month": "SELECT * FROM instrument_reports WHERE lead = :one AND issued_on > :other AND issued_on < :other || '~' "
    "LIMIT :most",
}


def cited_beside(db: Database, article: str, reports: Sequence[Report]) -> Iterator[tuple[Report, dict[str, Any]]]:
    """What other articles that cite an instrument by the same number say of the same issuer's month, as stored.

    Which articles are asked hangs on the number alone, not on what is linked yet, and what they say on nothing but
    their own words: so it is the same whichever of two comes first.
    """
    numbered = [report.node for report in reports if report.numbered]
    for report in reports:
        known = [node for node in numbered if node != report.node]
        if not known or not report.lead or len(report.issued_on) < 7:
            continue
        wanted = {
            "known": json.dumps(known), "lead": report.lead, "month": report.issued_on[:7], "node": report.node,
            "article": article,
        }  # fmt: skip
        for found in rows(db, _BESIDE, wanted):
            yield report, found


_BESIDE = """
SELECT DISTINCT beside.instrument_node, beside.issuers, beside.issued_on, beside.instrument, beside.title,
  beside.status, beside.number
FROM (SELECT p.article_id FROM instrument_registry AS n JOIN policies AS p ON p.instrument_id = n.same_as
  WHERE n.id IN (SELECT value FROM json_each(:known)) AND p.instrument_node = n.id AND p.retired_at IS NULL
    AND p.article_id <> :article LIMIT 300) AS known
  CROSS JOIN policies AS beside ON beside.article_id = known.article_id AND beside.retired_at IS NULL
WHERE json_extract(beside.issuers, '$[0]') = :lead AND substr(beside.issued_on, 1, 7) = :month
  AND beside.instrument_node <> :node
ORDER BY beside.instrument_node, beside.title LIMIT 20
"""


def beside_the_same(one: Report, other: Report) -> Edge | None:
    """An edge between two that are cited beside the same numbered instrument, of one issuer and date.

    `An anti-dumping investigation in December` in one report of a ruling is the announcement of Dec 5 in another.
    """
    if not dates_agree(one.issued_on, other.issued_on) or (one.numbered and other.numbered):
        return None
    if not _same_sort(one.instrument, other.instrument) or one.draft != other.draft:
        return None
    first = min(one.title, other.title)
    return Edge(one.node, other.node, 0.55, f"{BESIDE}: {first}")


BESIDE = "same issuer and date, cited beside the same instrument"
"""How the reason of such an edge begins."""


def compare(one: Report, other: Report) -> tuple[float, str] | None:
    """How surely two reports tell of one instrument, 0 to 1, and why; None where that would be a guess."""
    if one.draft != other.draft or (one.numbered and other.numbered):
        return None
    if one.lead != other.lead and not (is_standing(one.name) and one.name == other.name):
        return None
    if not _editions_agree(one.title, other.title) or not dates_agree(one.issued_on, other.issued_on):
        return None
    same_day = len(one.issued_on) >= 10 and one.issued_on == other.issued_on
    first = min(one.title, other.title)
    if one.name == other.name:
        return _same_title(one, other, first)
    if not one.lead or not one.issued_on or not other.issued_on:
        return None
    if same_day and _is_mechanism(one.lead):
        return 0.6, f"same day, of a body that announces one thing at a time: {first}"
    if is_standing(one.name) or is_standing(other.name):
        return None
    if by_character(one.name) != by_character(other.name):
        zh, en = (one, other) if by_character(one.name) else (other, one)
        score = same_in_translation(zh.title, en.title) if same_day else 0.0
        if score < _TRANSLATED or not _same_sort(one.instrument, other.instrument):
            return None
        return 0.5 + 0.3 * score, f"same issuer and day, title in translation ({score:.2f}): {first}"
    if not holds(one.name, other.name):
        return None
    likeness = key_likeness(one.name, other.name)
    if not _same_sort(one.instrument, other.instrument) and not (by_character(one.name) and likeness >= _WHATEVER_SORT):
        return None
    if same_day and likeness >= (_SAME_DAY_ZH if by_character(one.name) else _SAME_DAY):
        return 0.6 + 0.3 * likeness, f"same issuer and day, titles alike ({likeness:.2f}): {first}"
    if likeness >= _SAME_MONTH:
        return 0.5 + 0.3 * likeness, f"same issuer and month, titles alike ({likeness:.2f}): {first}"
    return None


def _same_title(one: Report, other: Report, first: str) -> tuple[float, str] | None:
    if is_standing(one.name):
        if has_editions(one.name) and not (one.issued_on and other.issued_on):
            return None
        return 0.9, f"a standing law or list: {first}"
    words = len(one.name.split())
    if words < _WORDS_OF_A_NAME:
        return None
    if not one.lead and (words < _WORDS_WITHOUT_ISSUER or one.instrument != other.instrument):
        return None
    if bool(one.issued_on) != bool(other.issued_on):
        # a later story names the document without its day
        return (0.7, f"same issuer and title: {first}") if words >= _WORDS_WITHOUT_DATE and one.lead else None
    return 1.0, f"same issuer and title: {first}"


@cache
def _is_mechanism(lead: str) -> bool:
    """Whether a body has one purpose only, such as the working mechanism of the unreliable entity list."""
    body = body_of(lead)
    return body is not None and body.kind == "mechanism"


def _same_sort(a: str, b: str) -> bool:
    """Whether two kinds of instrument may be one: a story that tells the measure without its document says `other`.

    A page headed 公告 or 令 is an announcement or order whatever it contains.
    """
    return a == b or bool({"other", "announcement", "order"} & {a, b})


def dates_agree(a: str, b: str) -> bool:
    """Whether the shorter of two ISO prefixes begins the longer; an unknown date agrees with any."""
    a, b = a[:10], b[:10]
    return a.startswith(b) or b.startswith(a)


def _editions_agree(a: str, b: str) -> bool:
    mine, theirs = edition_of(a), edition_of(b)
    return not mine or not theirs or mine == theirs


def conflicts(db: Database, nodes: Sequence[str]) -> Conflict:
    """Numbers, exact days and drafts that keep instruments apart."""
    ids = json.dumps(list(nodes))
    numbers = {
        found["id"]: found["number_key"]
        for found in rows(
            db, "SELECT id, number_key FROM instrument_registry WHERE id IN (SELECT value FROM json_each(?))", [ids]
        )
    }
    days: dict[str, set[str]] = defaultdict(set)
    drafts: dict[str, set[int]] = defaultdict(set)
    told = rows(
        db,
        "SELECT DISTINCT node, issued_on, draft FROM instrument_reports "
        "WHERE node IN (SELECT value FROM json_each(?)) LIMIT 10000",
        [ids],
    )
    for found in told:
        drafts[found["node"]].add(found["draft"])
        if found["issued_on"]:
            days[found["node"]].add(found["issued_on"][:10])

    def conflict(a: str, b: str) -> bool:
        if numbers.get(a) and numbers.get(b):
            return True
        if days[a] and days[b] and not any(dates_agree(mine, theirs) for mine in days[a] for theirs in days[b]):
            return True
        return bool(drafts[a] and drafts[b] and not drafts[a] & drafts[b])

    return conflict
