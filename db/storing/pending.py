"""Rows that wait to be written: one statement of SQL a table, in an order that references allow."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from sqlite_utils import Database

from db.connection import insertion
from db.finding.fulltext import Kind, insert_indexed
from db.keeping.records import POLICY_FIELDS, QUOTE_FIELDS
from db.links.naming import CALL_ORGANIZATION, CALL_PERSON, LINK_COLUMNS
from db.storing.prepared import JUDGED, REVISION_COLUMNS

SUMMARY = (
    "title", "title_rank", "title_en", "title_en_rank", "title_zh", "title_zh_rank", "number", "number_rank",
    "issued_on", "effective_on", "issuers", "official_url", "instrument", "lead_issuer",
)  # fmt: skip
"""What reports say of an instrument."""
REGISTRY = ("id", "same_as", "number_key", "name_key", *SUMMARY)
_COMMON = (
    "article_id", "revision_id", "sort_at", "extractor_version", "source", "first_seen_at", "id", "position", "place",
)  # fmt: skip

ARTICLES = insertion(
    "articles",
    (
        "id", "source", "canonical_url", "url", "kind", "language", "number_key", "title_key", "published_at",
        "sort_at", "revision_id", "listed_at", "first_seen_at", "last_seen_at", "place",
    ),
)  # fmt: skip
ADDRESSES = insertion("article_urls", ("canonical_url", "url", "article_id", "reason", "first_seen_at"))
MARKS = insertion("lead_marks", ("mark", "day", "article_id"))
REVISIONS = insertion(
    "revisions",
    ("id", "article_id", "revision", *REVISION_COLUMNS, "seen_at", "parser_version", "extractor_version", "run_id"),
)
PAGE_COLUMNS = (
    "url", "canonical_url", "final_url", "source", "kind", "status", "fetched_at", "digest", "size", "etag",
    "last_modified", "warc_file", "warc_offset", "warc_length",
)  # fmt: skip
PAGES = insertion(
    "pages", (*PAGE_COLUMNS, "outcome", "listed_at", "article_id", "revision_id", "parser_version", "run_id")
)
SETTLED = "DELETE FROM owed WHERE canonical_url = ?"
ANNEXES = insertion(
    "annexes",
    ("id", "article_id", "canonical_url", "first_seen_at", "url", "name", "position", "state", "place"),
)
ORGANIZATIONS = insertion("organizations", ("id", "key", "name", "name_zh", "same_as"))
PERSONS = insertion("persons", ("id", "key", "name", "organization_id", "same_as"))
SPELLINGS = insertion("person_spellings", ("spelling", "person_id"))
QUOTES = insertion("quotes", (*_COMMON, *QUOTE_FIELDS, *JUDGED, *LINK_COLUMNS))
INSTRUMENTS = insertion("instrument_registry", REGISTRY)
SUMMARIES = f"UPDATE instrument_registry SET {', '.join(f'{name} = ?' for name in SUMMARY)} WHERE id = ?"  # noqa: S608
REPORTS = insertion(
    "instrument_reports", ("node", "lead", "issued_on", "name_key", "title", "instrument", "draft", "numbered")
)
POLICIES = insertion(
    "policies",
    (*_COMMON, *POLICY_FIELDS, *JUDGED, "instrument_id", "instrument_node", "instrument_reason"),
)
RELATIONS = insertion(
    "relations",
    ("article_id", "from_node", "to_node", "relation", "on_date", "start", "end", "text", "first_seen_at"),
)
REVISIONS_AGAIN = "UPDATE revisions SET parser_version = ?, extractor_version = ? WHERE id = ?"
PAGES_AGAIN = "UPDATE pages SET parser_version = ? WHERE id = ?"
QUOTES_AGAIN = "UPDATE quotes SET extractor_version = ?, confidence = ? WHERE seq = ?"
POLICIES_AGAIN = "UPDATE policies SET extractor_version = ?, confidence = ? WHERE seq = ?"
_ORDER = (
    ARTICLES, ADDRESSES, MARKS, REVISIONS, PAGES, SETTLED, ANNEXES, ORGANIZATIONS, PERSONS, SPELLINGS,
    CALL_ORGANIZATION, CALL_PERSON, QUOTES,
    INSTRUMENTS, SUMMARIES, REPORTS, POLICIES, RELATIONS,
    REVISIONS_AGAIN, PAGES_AGAIN, QUOTES_AGAIN, POLICIES_AGAIN,
)  # fmt: skip
_SORTED = frozenset({MARKS, SPELLINGS, REPORTS})
"""Tables without a key of their own that says what came first."""


@dataclass(slots=True)
class Pending:
    """What is decided and not yet written."""

    db: Database
    rows: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))
    """By statement of SQL."""
    indexed: dict[Kind, list[tuple[Any, ...]]] = field(default_factory=lambda: defaultdict(list))
    """Of the full text, each with its place first."""

    def write(self) -> None:
        """Write everything."""
        for sql in _ORDER:
            if waiting := self.rows.pop(sql, None):
                self.db.conn.executemany(sql, sorted(waiting) if sql in _SORTED else waiting)
        for kind, added in self.indexed.items():
            # a row that comes before the last one would make the full text write out what it has gathered
            insert_indexed(self.db, kind, sorted(added, key=itemgetter(0)))
        self.indexed.clear()
