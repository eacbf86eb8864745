"""What the machine has missed: a quote or an announcement that a person has found in the text and added.

It is a statement as any other, confirmed from the beginning. The event that adds it has no machine's record; an
extractor that learns to find it takes it over, and where it reads it differently a person is asked.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from db.connection import insert, row, transaction, value
from db.deciding.corrections import ReviewError, checked
from db.deciding.judgements import judge
from db.deciding.verdicts import Kind, Record
from db.finding.fulltext import index_row
from db.keeping.records import FIELDS, JSON_FIELDS, TABLES
from db.names import statement_id, utc
from db.statements import relink

EMPTY: Mapping[Kind, Mapping[str, Any]] = {
    "quote": {
        "text": "", "start": 0, "end": 0, "kind": "indirect", "cue": "said", "speaker": "", "speaker_type": "person",
        "role": "other", "title": None, "organization": None,
    },
    "policy": {
        "title": "", "instrument": "other", "number": None, "issuers": [], "issued_on": None, "effective_on": None,
        "status": "issued", "salience": "news", "action": "other", "regions": [], "sectors": [], "entities": [],
        "evidence": [],
    },
}  # fmt: skip
"""A record of each kind before anything is known of it."""

_LONGEST_WORDS = 4_000


def blank(kind: Kind, words: str) -> Record:
    """The record of a statement about which only its words are known."""
    if kind == "quote":
        return {**EMPTY["quote"], "text": words}
    return {**EMPTY["policy"], "evidence": [{"start": 0, "end": len(words), "text": words}] if words else []}


def add_statement(
    db: Database, article_id: str, kind: Kind, record: Mapping[str, Any], *, reviewer: str, now: datetime
) -> str:
    """Add what the machine has missed to an article's newest revision; gives the statement's id.

    `text` of a quote and `evidence` of an announcement must stand in the article. Raises ReviewError for a value that
    the spec does not allow and for words that are a statement of that kind already, LookupError for no such article.
    """
    with transaction(db):
        article = row(db, _ARTICLE, [article_id])
        if article is None:
            raise LookupError(f"no article {article_id!r}")
        whole = _whole(kind, record, article["text"])
        words = whole["text"] if kind == "quote" else whole["evidence"][0]["text"]
        identity = _free_id(db, kind, article_id, words)
        stored = {
            **{name: _json(held) if name in JSON_FIELDS else held for name, held in whole.items()},
            "id": identity, "article_id": article_id, "revision_id": article["revision_id"],
            "position": int(value(db, _POSITION[kind], [article_id])), "sort_at": article["sort_at"],
            "machine_state": "gone", "review_state": "accepted", "extractor_version": article["extractor_version"],
            "first_seen_at": utc(now), "source": article["source"],
        }  # fmt: skip
        seq = insert(db, TABLES[kind], stored)
        relink(db, [identity])
        index_row(db, kind, seq)
        _tell(db, identity, whole, article["extractor_version"], reviewer, now)
    return identity


def _whole(kind: Kind, record: Mapping[str, Any], text: str) -> Record:
    words = record.get("text") if kind == "quote" else (record.get("evidence") or [""])[0]
    printed = words["text"] if isinstance(words, Mapping) else str(words or "")
    if not printed.strip() or len(printed) > _LONGEST_WORDS:
        name = "text" if kind == "quote" else "evidence"
        raise ReviewError(f"{name}: give the words of the article, 1 to {_LONGEST_WORDS:,} characters")
    held = {name: record[name] for name in FIELDS[kind] if name in record and name not in ("start", "end")}
    given = checked(kind, held, blank(kind, printed), text)
    whole = {**blank(kind, printed), **given}
    if kind == "quote":
        start = text.index(whole["text"])
        whole |= {"start": start, "end": start + len(whole["text"])}
    return whole


def _free_id(db: Database, kind: Kind, article_id: str, words: str) -> str:
    """An id that no statement has; ReviewError where these words are a quote, or were rejected, already.

    One sentence may make two announcements.
    """
    nth = 0
    while True:
        identity = statement_id(kind, article_id, words, nth)
        sql = f"SELECT retired_at, review_state FROM {TABLES[kind]} WHERE id = ?"  # noqa: S608
        there = row(db, sql, [identity])
        if there is None:
            return identity
        if there["retired_at"] is None and (kind == "quote" or there["review_state"] == "rejected"):
            raise ReviewError(f"these words are a statement already: correct {identity} instead")
        nth += 1


def _tell(db: Database, identity: str, record: Record, version: str, reviewer: str, now: datetime) -> None:
    values = {name: held for name, held in record.items() if name not in ("start", "end")}
    insert(
        db,
        "decisions",
        {
            "statement_id": identity, "reviewer": reviewer.strip(), "decided_at": utc(now), "decision": "accept",
            "old_values": "{}", "new_values": _json(values), "machine": "null", "reason": ADDED,
            "extractor_version": version,
        },
    )  # fmt: skip
    insert(db, "additions", {"statement_id": identity, "reviewer": reviewer.strip(), "added_at": utc(now)})
    judge(db, identity)


ADDED = "added by a person"
"""The reason of the event that adds a statement."""


def _json(held: Any) -> str:
    return json.dumps(held, ensure_ascii=False)


_ARTICLE = """
SELECT a.source, a.sort_at, a.revision_id, r.text, r.extractor_version
FROM articles AS a JOIN revisions AS r ON r.id = a.revision_id WHERE a.id = ?
"""

_POSITION: Mapping[Kind, str] = {
    "quote": "SELECT coalesce(max(position), -1) + 1 FROM quotes WHERE article_id = ?",
    "policy": "SELECT coalesce(max(position), -1) + 1 FROM policies WHERE article_id = ?",
}
