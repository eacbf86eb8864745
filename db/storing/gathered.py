"""What the database holds of all that several stories ask for, read by a few questions.

What is decided of one story is noted here too, so that the next one sees it as if it were written.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlite_utils import Database

from db.connection import rows, value
from db.finding.fulltext import A_MINUTE, INDEXES, Kind, place_at
from db.keeping.copies import keys_of_copies
from db.keeping.duplicates import COMPARED, Told, told_by
from db.links.identities import SORTS
from db.links.instrument_links import Question, Report, answers, questions, reports_at
from db.names import utc
from db.storing.prepared import Prepared

Other = tuple[str, str, str, str]
"""An article: id, source, language, time."""


@dataclass(slots=True)
class Gathered:
    """What is there, as far as it matters to the stories it was gathered for."""

    db: Database
    addresses: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Those that lead to an article: its id, and how."""
    records: dict[tuple[str, int], dict[str, Any]] = field(default_factory=dict)
    """Rows of pages, by their places in the archive."""
    troubled: set[str] = field(default_factory=set)
    """Addresses with an open issue."""
    documents: set[tuple[str, str, str]] = field(default_factory=set)
    """Key of a document's number, language, source."""
    files: set[str] = field(default_factory=set)
    """Addresses of attached files that were fetched."""
    ruled: set[str] = field(default_factory=set)
    """Statements that people have put somewhere."""
    titled: dict[tuple[str, str], list[Other]] = field(default_factory=lambda: defaultdict(list))
    """Articles of a title and source, near in time."""
    marked: dict[int, list[Other]] = field(default_factory=lambda: defaultdict(list))
    """Articles that share a run of words, near in time."""
    texts: dict[str, Callable[[], Told]] = field(default_factory=dict)
    """What is compared of them, by id."""
    organizations: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    """What stands for a node, and why."""
    persons: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    called: dict[str, str] = field(default_factory=dict)
    """The name by which an organization or a person is shown."""
    unspelled: set[str] = field(default_factory=set)
    """Persons that nobody was any more: they come back as if they were new."""
    namesakes: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    """Persons with an organization, by spelling."""
    instruments: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Rows of the registry."""
    reported: set[str] = field(default_factory=set)
    """Instruments that stories tell of which are not written yet."""
    _reports: dict[Question, list[Report]] = field(default_factory=dict)
    _told: dict[Question, list[Report]] = field(default_factory=lambda: defaultdict(list))
    """Reports of stories that are not written yet."""
    _places: dict[tuple[Kind, int], int] = field(default_factory=dict)
    _last_revision: int | None = None

    def next_revision(self) -> int:
        """The id that the next revision is given."""
        if self._last_revision is None:
            self._last_revision = value(self.db, "SELECT max(id) FROM revisions") or 0
        self._last_revision += 1
        return self._last_revision

    def place(self, kind: Kind, first: int, count: int = 1) -> int | None:
        """The first of so many free places of the full text in the minute that begins at a place; None: it is full."""
        if (kind, first) not in self._places:
            self.ask_for_places(kind, [first])
        free = self._places[kind, first]
        return free if free + count <= first + A_MINUTE else None

    def ask_for_places(self, kind: Kind, minutes: Sequence[int]) -> None:
        """Ask which places are free in the minutes that begin at these places."""
        last = f"SELECT max(place) FROM {INDEXES[kind].base} WHERE place >= w.value AND place < w.value + {A_MINUTE}"  # noqa: S608
        for first, taken in self.db.conn.execute(f"SELECT w.value, ({last}) FROM json_each(?) AS w", [str(minutes)]):  # noqa: S608
            self._places[kind, first] = first if taken is None else taken + 1

    def take_places(self, kind: Kind, first: int, count: int = 1) -> None:
        """Places that are free no longer."""
        self._places[kind, first] += count

    def reports_at(self, question: Question) -> list[Report]:
        """Reports that a question finds, those of stories that are not written yet among them."""
        if question not in self._reports:
            self._reports[question] = reports_at(self.db, question)
        return [*self._reports[question], *self._told.get(question, ())]

    def keep_silent(self, question: Question) -> None:
        """Note that no report is written which a question finds."""
        self._reports[question] = []

    def add_report(self, report: Report) -> None:
        """Note what a story reports."""
        for question in answers(report):
            self._told[question].append(report)


def gather(db: Database, stories: Sequence[Prepared]) -> Gathered:
    """What is there for these stories, before any of them is stored."""
    found = Gathered(db)
    _ask_for_pages(found, stories)
    fresh = [one for one in stories if one.addresses.keys().isdisjoint(found.addresses)]
    again = [one for one in stories if one.canonical in found.addresses]
    _ask_for_copies(found, fresh)
    _ask_for_places(found, fresh)
    _ask_for_names(found, [*fresh, *again])
    return found


def _ask_for_pages(found: Gathered, stories: Sequence[Prepared]) -> None:
    addresses = json.dumps(sorted({address for one in stories for address in one.addresses}))
    for address, article, how in found.db.conn.execute(_ADDRESSES, [addresses]):
        found.addresses[address] = article, how
    found.troubled = _column(found.db, _TROUBLED, {page["url"] for one in stories for page in one.pages})
    by_file: dict[str, list[int]] = defaultdict(list)
    for one in stories:
        for page in one.pages:
            if page["warc_file"] is not None:
                by_file[page["warc_file"]].append(page["warc_offset"])
    for file, offsets in by_file.items():
        for row in rows(found.db, _RECORDS, [file, json.dumps(offsets)]):
            found.records[file, row["warc_offset"]] = row


_ADDRESSES = (
    "SELECT canonical_url, article_id, reason FROM article_urls WHERE canonical_url IN (SELECT value FROM json_each(?))"
)
_TROUBLED = "SELECT url FROM issues WHERE closed_at IS NULL AND url IN (SELECT value FROM json_each(?))"
_RECORDS = "SELECT * FROM pages WHERE warc_file = ? AND warc_offset IN (SELECT value FROM json_each(?))"


# -- copies and duplicates --------------------------------------------------------------------------------------------


def _ask_for_copies(found: Gathered, stories: Sequence[Prepared]) -> None:
    db = found.db
    keys = {key for one in stories for key in keys_of_copies(one.document)}
    if keys:
        found.documents = set(db.conn.execute(_DOCUMENTS, [json.dumps(sorted(keys))]))
    files = {file for one in stories for file in one.attached}
    found.files = _column(db, _FILES, files)
    if any(one.quotes or one.policies for one in stories) and value(db, _ANY_RULED):
        found.ruled = _column(db, _RULED, {said.id for one in stories for said in (*one.quotes, *one.policies)})
    near: dict[str, Other] = {}
    for title, *other in db.conn.execute(_TITLED, [json.dumps(list(_titles(stories)))]):
        known = _other(near, other)
        if known not in found.titled[title, known[1]]:
            found.titled[title, known[1]].append(known)
    for (source, language), since, until, marks in _windows(stories):
        wanted = {
            "marks": json.dumps(marks), "source": source, "language": language, "from": since, "to": until,
            "from_day": since[:10], "to_day": until[:10],
        }  # fmt: skip
        for mark, *other in db.conn.execute(_MARKED, wanted):
            known = _other(near, other)
            if known not in found.marked[mark]:
                found.marked[mark].append(known)
    compared = {"ids": json.dumps(sorted(near)), "most": COMPARED}
    for identity, *told in db.conn.execute(_TEXTS, compared) if near else ():
        found.texts[identity] = partial(told_by, *told)


def _other(near: dict[str, Other], columns: Iterable[Any]) -> Other:
    identity, source, language, sort_at = columns
    return near.setdefault(identity, (identity, source, language, sort_at))


def _titles(stories: Sequence[Prepared]) -> Iterable[tuple[str, str, str, str]]:
    for one in stories:
        if one.headline is not None:
            since, until = one.near
            # a day more: how near a copy must be is counted in parts of days
            yield one.headline, one.source, _days(since, -1), _days(until, 1)


def _days(moment: str, days: int) -> str:
    return utc(datetime.fromisoformat(moment) + timedelta(days=days))


def _windows(stories: Sequence[Prepared]) -> Iterable[tuple[tuple[str, str], str, str, list[int]]]:
    """Source and language, times and marks: one for all stories of one time, so that each article is met once."""
    by_kind: dict[tuple[str, str], list[tuple[str, str, list[int]]]] = defaultdict(list)
    for one in sorted(stories, key=lambda each: each.sort_at):
        if one.if_new.marks:
            since, until = one.near
            before = by_kind[one.source, one.language]
            if before and since <= before[-1][1]:
                begin, _until, marks = before[-1]
                marks.extend(one.if_new.marks)
                before[-1] = begin, until, marks
            else:
                before.append((since, until, list(one.if_new.marks)))
    for kind, windows in by_kind.items():
        for since, until, marks in windows:
            yield kind, since, until, sorted(set(marks))


_DOCUMENTS = """
SELECT DISTINCT number_key, language, source FROM articles WHERE number_key IN (SELECT value FROM json_each(?))
"""
_FILES = """
SELECT DISTINCT canonical_url FROM pages
WHERE canonical_url IN (SELECT value FROM json_each(?)) AND kind = 'attachment' AND status < 300
"""
_ANY_RULED = "SELECT 1 FROM identity_rulings LIMIT 1"
_RULED = "SELECT a FROM identity_rulings WHERE ruling = 'assigned' AND a IN (SELECT value FROM json_each(?))"

# CROSS JOIN keeps the order of the joins: left to itself SQLite walks all articles of the source
_TITLED = """
SELECT a.title_key, a.id, a.source, a.language, a.sort_at
FROM json_each(?) AS w CROSS JOIN articles AS a
  ON a.title_key = json_extract(w.value, '$[0]') AND a.source = json_extract(w.value, '$[1]')
WHERE a.sort_at BETWEEN json_extract(w.value, '$[2]') AND json_extract(w.value, '$[3]')
"""
_MARKED = """
SELECT m.mark, a.id, a.source, a.language, a.sort_at
FROM lead_marks AS m CROSS JOIN articles AS a ON a.id = m.article_id
WHERE m.mark IN (SELECT value FROM json_each(:marks)) AND m.day BETWEEN :from_day AND :to_day
  AND a.source = :source AND a.language = :language AND a.sort_at BETWEEN :from AND :to
"""
_TEXTS = """
SELECT a.id, r.title, substr(r.text, 1, :most), a.number_key, a.language
FROM articles AS a CROSS JOIN revisions AS r ON r.id = a.revision_id
WHERE a.id IN (SELECT value FROM json_each(:ids))
"""


def _ask_for_places(found: Gathered, stories: Sequence[Prepared]) -> None:
    minutes: dict[Kind, set[int]] = defaultdict(set)
    for one in stories:
        minute = place_at(one.sort_at)
        minutes["article"].add(minute)
        if one.quotes:
            minutes["quote"].add(minute)
        if one.policies:
            minutes["policy"].add(minute)
    for kind, asked in minutes.items():
        found.ask_for_places(kind, sorted(asked))


# -- names ------------------------------------------------------------------------------------------------------------


def _ask_for_names(found: Gathered, stories: Sequence[Prepared]) -> None:
    db = found.db
    found.organizations = _standing(found, "o", {node for one in stories for node in one.names.organizations})
    found.persons = _standing(found, "n", {node for one in stories for node in one.names.persons})
    found.unspelled = found.persons.keys() - _column(db, _SPELLED_OUT, found.persons.keys())
    new = {
        spelling
        for one in stories
        for spelling, node in one.spelled
        if node not in found.persons and one.names.persons[node]["organization_id"]
    }
    for same in rows(db, _NAMESAKES, [json.dumps(sorted(new))]) if new else ():
        found.namesakes[same["spelling"]].append(same)
    _ask_for_reports(found, {question for one in stories for told in one.reports for question in questions(told)})
    nodes = {report.node for one in stories for report in one.reports}
    nodes |= {act.named["id"] for one in stories for act in one.acts if act.named}
    if nodes:
        _ask_for_instruments(found, nodes)


def _ask_for_reports(found: Gathered, asked: Collection[Question]) -> None:
    """Note of what nobody has reported anything: most of it, and each question by itself costs more."""
    for sql, sorts in ((_NAMED, ("standing", "name")), (_OF_A_DAY, ("day",))):
        wanted = sorted({question for question in asked if question[0] in sorts})
        for (at,) in found.db.conn.execute(sql, [json.dumps(wanted)]) if wanted else ():
            found.keep_silent(wanted[at])


_NAMED = """
SELECT w.key FROM json_each(?) AS w
WHERE NOT EXISTS (SELECT 1 FROM instrument_reports WHERE name_key = json_extract(w.value, '$[1]'))
"""
_OF_A_DAY = """
SELECT w.key FROM json_each(?) AS w WHERE NOT EXISTS (SELECT 1 FROM instrument_reports
  WHERE lead = json_extract(w.value, '$[1]') AND issued_on = json_extract(w.value, '$[2]'))
"""


def _ask_for_instruments(found: Gathered, nodes: Collection[str]) -> None:
    for each in rows(found.db, _INSTRUMENTS, [json.dumps(sorted(nodes))]):
        found.instruments[each["id"]] = each
    heads = {each["same_as"] for each in found.instruments.values()} - found.instruments.keys()
    for each in rows(found.db, _INSTRUMENTS, [json.dumps(sorted(heads))]) if heads else ():
        found.instruments[each["id"]] = each


def _standing(found: Gathered, letter: str, nodes: Collection[str]) -> dict[str, tuple[str, str | None]]:
    """What stands for each of these nodes, and why; those that are not there are left out."""
    if not nodes:
        return {}
    table = SORTS[letter].nodes
    sql = f"SELECT id, same_as, same_reason, name FROM {table} WHERE id IN (SELECT value FROM json_each(?))"  # noqa: S608
    held = found.db.conn.execute(sql, [json.dumps(sorted(nodes))]).fetchall()
    found.called |= {node: name for node, _stands, _why, name in held}
    return {node: (stands, why) for node, stands, why, _name in held}


_SPELLED_OUT = "SELECT person_id FROM person_spellings WHERE person_id IN (SELECT value FROM json_each(?))"
_NAMESAKES = """
SELECT s.spelling, p.id, p.key, o.id AS organization_id, o.key AS organization, o.same_as AS stands_for
FROM person_spellings AS s JOIN persons AS p ON p.id = s.person_id JOIN organizations AS o ON o.id = p.organization_id
WHERE s.spelling IN (SELECT value FROM json_each(?)) ORDER BY s.spelling, p.id
"""
_INSTRUMENTS = "SELECT * FROM instrument_registry WHERE id IN (SELECT value FROM json_each(?))"


def _column(db: Database, sql: str, wanted: Collection[str]) -> set[str]:
    if not wanted:
        return set()
    return {found for (found,) in db.conn.execute(sql, [json.dumps(sorted(wanted))])}
