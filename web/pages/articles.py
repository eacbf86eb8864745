"""An article as it was read: its text with every statement marked, the records beside it, and where it comes from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlite_utils import Database
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from db.connection import row, rows
from web.addresses import Address
from web.changes import Step, told
from web.labels import listed
from web.marks import Marked, mark_up
from web.render import desk_of, page

_REVISIONS = 20
_COPIES = 12


def article(request: Request) -> Response:
    """One article; 404 if there is none of that id."""
    identity = request.path_params["id"]
    with desk_of(request).reading() as db:
        found = row(db, "SELECT * FROM articles_latest WHERE id = ?", [identity])
        if found is None:
            raise HTTPException(404, "There is no such article.")
        records = _records(db, identity)
        revisions = list(rows(db, _REVISIONS_OF, [identity, _REVISIONS + 1]))
        newest = revisions[0]
        context: dict[str, Any] = {
            "article": found,
            "header": listed(newest["header"]),
            "retired": _retired(db, identity),
            "revisions": _with_differences(revisions),
            "same_story": list(rows(db, _SAME_STORY, {"id": identity, "root": found["duplicate_of"] or identity})),
            "translations": _translations(db, identity, listed(newest["translations"])),
            "addresses": list(rows(db, _ADDRESSES, [identity])),
            "files": list(rows(db, _FILES, [identity])),
            "copies": list(rows(db, _ARCHIVED, [identity, _COPIES])),
        }
        paragraphs = mark_up(found["text"], [marked(record) for record in records])
        placed = {one for paragraph in paragraphs for one in paragraph.statements}
        return page(
            "article.html",
            heading=found["title"] or found["url"],
            paragraphs=paragraphs,
            records={record["id"]: record for record in records},
            counts={kind: sum(record["what"] == kind for record in records) for kind in ("policy", "quote")},
            unplaced=[record for record in records if record["id"] not in placed],
            **context,
        )


def marked(record: Mapping[str, Any]) -> Marked:
    """Where a statement is marked in its article."""
    if record["what"] == "quote":
        spans = [(record["start"], record["end"])]
    else:
        spans = [(span["start"], span["end"]) for span in record["evidence"]]
    return Marked(id=record["id"], kind=record["what"], number=record["n"], spans=tuple(spans))


def _records(db: Database, identity: str) -> list[dict[str, Any]]:
    """The article's statements in text order, numbered from 1; lists as lists."""
    found = [
        {**record, "what": "policy", **{name: listed(record[name]) for name in _LISTS}}
        for record in rows(db, "SELECT * FROM policy_announcements WHERE article_id = ?", [identity])
    ]
    found += [
        {**record, "what": "quote"}
        for record in rows(db, "SELECT * FROM quotes_attributed WHERE article_id = ?", [identity])
    ]
    found.sort(key=lambda one: (one["start"] if one["what"] == "quote" else one["evidence"][0]["start"], one["id"]))
    return [{**record, "n": at} for at, record in enumerate(found, start=1)]


_LISTS = ("issuers", "regions", "sectors", "entities", "evidence")


def _retired(db: Database, identity: str) -> list[dict[str, Any]]:
    """What no longer counts: an old mail may still point at it, so it keeps its place on the page."""
    return list(rows(db, _NO_LONGER, {"article": identity}))


def _with_differences(revisions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Revisions, newest first, each with what changed in its text since the one before."""
    return [
        {**revision, "changes": _changes(revision, before)}
        for revision, before in zip(revisions, [*revisions[1:], None], strict=True)
    ][:_REVISIONS]


def _changes(revision: Mapping[str, Any], before: Mapping[str, Any] | None) -> list[Step]:
    if before is None or not revision["difference"]:
        return []
    return told(before["text"], json.loads(revision["difference"]))


def _translations(db: Database, identity: str, addresses: list[Any]) -> list[dict[str, Any]]:
    """The same article in the other language: ours where it is held, else its address."""
    found = list(rows(db, _POINTING_HERE, {"id": identity}))
    known = {one["url"] for one in found}
    for address in addresses[:10]:
        held = row(db, _BY_ADDRESS, [address])
        if held and held["id"] not in {one["id"] for one in found}:
            found.append(held)
        elif held is None and address not in known:
            found.append({"id": None, "url": address, "title": None, "language": None})
    return [one for one in found if one["id"] != identity]


_REVISIONS_OF = "SELECT * FROM revisions WHERE article_id = ? ORDER BY revision DESC LIMIT ?"
_SAME_STORY = """
SELECT a.id, a.url, a.source, a.published_at, a.duplicate_of, a.duplicate_reason, r.title, r.language
FROM articles AS a JOIN revisions AS r ON r.id = a.revision_id
WHERE (a.id = :root OR a.duplicate_of = :root) AND a.id <> :id ORDER BY a.sort_at, a.id LIMIT 50
"""
_ADDRESSES = "SELECT url, reason FROM article_urls WHERE article_id = ? AND reason <> 'primary' ORDER BY url LIMIT 50"
_FILES = """
SELECT id, url, name, kind, state, why FROM attachments WHERE article_id = ? ORDER BY position LIMIT 50
"""
_ARCHIVED = """
SELECT id, fetched_at, status, outcome FROM pages
WHERE article_id = ? AND kind = 'article' AND warc_file IS NOT NULL ORDER BY id DESC LIMIT ?
"""
_BY_ADDRESS = """
SELECT a.id, a.url, r.title, r.language FROM articles AS a JOIN revisions AS r ON r.id = a.revision_id
WHERE a.id = (SELECT article_id FROM article_urls WHERE canonical_url = ?)
"""
_POINTING_HERE = """
SELECT a.id, a.url, r.title, r.language
FROM article_urls AS u JOIN articles AS a ON a.id = u.article_id JOIN revisions AS r ON r.id = a.revision_id
WHERE u.canonical_url IN (
  SELECT j.value FROM articles AS self JOIN revisions AS mine ON mine.id = self.revision_id,
    json_each(mine.translations) AS j WHERE self.id = :id
)
"""
_NO_LONGER = """
SELECT id, 'policy' AS what, title AS words, review_state, retired_at, retired_reason,
  (SELECT reason FROM decisions WHERE statement_id = p.id AND decision = 'reject' ORDER BY id DESC LIMIT 1) AS why
FROM policies AS p WHERE article_id = :article AND (retired_at IS NOT NULL OR review_state = 'rejected')
UNION ALL
SELECT id, 'quote', text, review_state, retired_at, retired_reason,
  (SELECT reason FROM decisions WHERE statement_id = q.id AND decision = 'reject' ORDER BY id DESC LIMIT 1)
FROM quotes AS q WHERE article_id = :article AND (retired_at IS NOT NULL OR review_state = 'rejected')
ORDER BY 2, 3 LIMIT 200
"""


ADDRESSES = (Address("/articles/{id}", article),)
