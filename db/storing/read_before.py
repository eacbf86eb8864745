"""What the database holds of stories that were stored before: all that reading one again would look at."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlite_utils import Database

from db.connection import rows, value
from db.links.instrument_links import report_key, stored_report
from db.names import is_gateway
from db.storing.gathered import Gathered
from db.storing.prepared import Prepared

Row = dict[str, Any]


@dataclass(slots=True, kw_only=True)
class Before:
    """An article as it is stored."""

    article: Row
    revision: Row
    """The newest."""
    quotes: list[Row] = field(default_factory=list)
    """In the order of the text, those that are retired among them."""
    policies: list[Row] = field(default_factory=list)
    relations: list[Row] = field(default_factory=list)
    edges: dict[tuple[str, str], tuple[float, str]] = field(default_factory=dict)
    """What the article alone says of two names: how strongly, and why."""
    reports: dict[str, set[tuple[Any, ...]]] = field(default_factory=dict)
    """What instruments are known to be reported as, by node."""
    first_page: dict[str, str] = field(default_factory=dict)
    """When the first page was fetched that the revision was read from, by address."""
    has_files: bool = False
    is_ruled: bool = False
    """Whether people have put one of its statements elsewhere, or an issue of its copies is open."""
    is_first: bool = False
    """Whether other articles tell the same story."""


def read_again(found: Gathered, stories: Sequence[Prepared]) -> list[Prepared]:
    """Those whose records and addresses are all known, and are their own."""
    return [one for one in stories if _is_known(found, one)]


def _is_known(found: Gathered, one: Prepared) -> bool:
    if found.addresses.get(one.canonical, _NOWHERE)[1] == "same_document" or is_gateway(one.url):
        return False
    if any(found.addresses.get(address, ("", ""))[0] != one.id for address in one.addresses):
        return False
    return all((page["warc_file"], page["warc_offset"]) in found.records for page in one.pages)


_NOWHERE = ("", "same_document")


def stored_before(found: Gathered, stories: Sequence[Prepared]) -> dict[str, Before]:
    """What is stored of each of these, by the article's id."""
    ids = json.dumps(sorted({one.id for one in stories}))
    if not stories:
        return {}
    db = found.db
    articles = {row["id"]: row for row in rows(db, _ARTICLES, [ids])}
    revisions = {row["article_id"]: row for row in rows(db, _REVISIONS, [ids])}
    held = {one: Before(article=row, revision=revisions[one]) for one, row in articles.items() if one in revisions}
    for row in _of(held, rows(db, _QUOTES, [ids])):
        held[row["article_id"]].quotes.append(row)
    for row in _of(held, rows(db, _POLICIES, [ids])):
        held[row["article_id"]].policies.append(row)
    for row in _of(held, rows(db, _RELATIONS, [ids])):
        held[row["article_id"]].relations.append(row)
    for row in _of(held, rows(db, _EDGES, [ids])):
        held[row["article_id"]].edges[row["a"], row["b"]] = row["strength"], row["reason"]
    by_revision = {one.revision["id"]: one for one in held.values()}
    for revision, address, fetched_at in db.conn.execute(_FIRST_PAGES, [json.dumps(sorted(by_revision))]):
        by_revision[revision].first_page[address] = fetched_at
    for (one,) in db.conn.execute(_WITH_FILES, [ids]):
        if one in held:
            held[one].has_files = True
    for (one,) in db.conn.execute(_FIRST, [ids]):
        if one in held:
            held[one].is_first = True
    nodes = {row["instrument_node"] for one in held.values() for row in one.policies}
    reports = _reports(db, nodes)
    ruled = _ruled(db, held.values())
    differ = value(db, _DIFFER) is not None
    for before in held.values():
        before.reports = reports
        before.is_ruled = any(row["id"] in ruled for row in (*before.quotes, *before.policies))
        before.is_ruled |= differ and before.article["number_key"] is not None
    return held


def _of(held: Collection[str], found: Iterator[Row]) -> Iterator[Row]:
    return (row for row in found if row["article_id"] in held)


def _reports(db: Database, nodes: Collection[str | None]) -> dict[str, set[tuple[Any, ...]]]:
    found: dict[str, set[tuple[Any, ...]]] = defaultdict(set)
    wanted = sorted(node for node in nodes if node is not None)
    for row in rows(db, _REPORTS, [json.dumps(wanted)]) if wanted else ():
        found[row["node"]].add(report_key(stored_report(row)))
    return found


def _ruled(db: Database, held: Collection[Before]) -> set[str]:
    if not value(db, "SELECT 1 FROM identity_rulings WHERE ruling = 'assigned' LIMIT 1"):
        return set()
    statements = json.dumps([row["id"] for one in held for row in (*one.quotes, *one.policies)])
    return {one for (one,) in db.conn.execute(_RULED, [statements])}


_ARTICLES = "SELECT * FROM articles WHERE id IN (SELECT value FROM json_each(?))"
_REVISIONS = """
SELECT r.* FROM json_each(?) AS w CROSS JOIN articles AS a ON a.id = w.value CROSS JOIN revisions AS r
  ON r.id = a.revision_id
WHERE r.revision = 1
"""
"""Of stories that were never edited: what a page of the others means hangs on the revisions around it."""
_QUOTES = (
    "SELECT q.* FROM json_each(?) AS w CROSS JOIN quotes AS q ON q.article_id = w.value ORDER BY q.position, q.seq"
)
_POLICIES = """
SELECT p.* FROM json_each(?) AS w CROSS JOIN policies AS p ON p.article_id = w.value ORDER BY p.position, p.seq
"""
_RELATIONS = "SELECT r.* FROM json_each(?) AS w CROSS JOIN relations AS r ON r.article_id = w.value"
_EDGES = (
    "SELECT e.* FROM json_each(?) AS w CROSS JOIN identity_edges AS e ON e.article_id = w.value AND e.article_id <> ''"
)
_FIRST_PAGES = """
SELECT p.revision_id, p.canonical_url, min(p.fetched_at) FROM json_each(?) AS w CROSS JOIN pages AS p
  ON p.revision_id = w.value
WHERE p.kind = 'article' AND p.outcome <> 'failed' GROUP BY p.revision_id, p.canonical_url
"""
_WITH_FILES = "SELECT DISTINCT x.article_id FROM json_each(?) AS w CROSS JOIN annexes AS x ON x.article_id = w.value"
_FIRST = "SELECT DISTINCT a.duplicate_of FROM json_each(?) AS w CROSS JOIN articles AS a ON a.duplicate_of = w.value"
_REPORTS = "SELECT * FROM instrument_reports WHERE node IN (SELECT value FROM json_each(?))"
_RULED = "SELECT a FROM identity_rulings WHERE ruling = 'assigned' AND a IN (SELECT value FROM json_each(?))"
_DIFFER = "SELECT 1 FROM issues WHERE kind = 'copies_differ' AND closed_at IS NULL LIMIT 1"
