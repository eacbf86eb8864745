"""Attached files: what articles link to, what was fetched of it, what it says, and what is still to be had.

`annexes` has a row for each file that an article links to, `annex_files` one for each content, by its digest: the same
file behind two addresses, or fetched twice, is read once. Which content an address has is told by its newest page.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from db.connection import insert, row, rows, transaction, update, value
from db.finding.fulltext import index_row
from db.issues import add_issue, close_issues
from db.names import annex_id, body_digest, canonical_url, folded, utc
from pipeline.model import AnnexText, Article, Attachment, DueAnnex, Issue, Known

MOST_LINKED = 500
"""Files of one article that are noted; a page that links to more is no document."""
MOST_TRIES = 5
"""After so many failures in a row a file is left alone until its article says something new."""

UNREADABLE, FAILED = "annex_unreadable", "annex_failed"
"""Kinds of issue: a file that could not be read, and one that could not be fetched."""


def expect_annexes(db: Database, article: str, files: Sequence[Attachment], now: str) -> None:
    """Note what the newest revision of `article` links to; what it no longer links to is marked, never deleted.

    Called in the storing transaction, so that a crawl that is killed before it has fetched them finds them waiting.
    """
    held = {one["canonical_url"]: one for one in rows(db, "SELECT * FROM annexes WHERE article_id = ?", [article])}
    wanted: dict[str, Attachment] = {}
    touched = set()
    for file in files[:MOST_LINKED]:
        wanted.setdefault(canonical_url(file.url), file)
    for position, (canonical, file) in enumerate(wanted.items()):
        says = {"url": file.url, "name": file.name, "position": position, "dropped_at": None}
        before = held.get(canonical)
        if before is None:
            identity = annex_id(article, canonical)
            key = {"id": identity, "article_id": article, "canonical_url": canonical, "first_seen_at": now}
            index_row(db, "annex", insert(db, "annexes", {**key, **says, "state": "due"}))
        elif any(before[name] != new for name, new in says.items()):
            update(db, "annexes", "seq", before["seq"], says)
            index_row(db, "annex", before["seq"])
            touched.add(canonical)
    own = _linked_by_revisions(db, article) if held.keys() - wanted.keys() else set()
    for canonical, before in held.items():
        if canonical not in wanted and before["dropped_at"] is None and canonical in own:  # else a copy links to it
            update(db, "annexes", "seq", before["seq"], {"dropped_at": now})
            index_row(db, "annex", before["seq"])
    if held or wanted:
        _join_files(db, article, anew=touched)


def expect_annexes_of_copy(db: Database, article: str, files: Sequence[Attachment], now: str) -> None:
    """Note files that only another address of an article links to; those of the same name are the same."""
    held = list(rows(db, "SELECT canonical_url, name FROM annexes WHERE article_id = ?", [article]))
    names, addresses = {folded(one["name"]) for one in held}, {one["canonical_url"] for one in held}
    for file in files[: max(0, MOST_LINKED - len(held))]:
        canonical = canonical_url(file.url)
        if folded(file.name) in names or canonical in addresses:
            continue
        names.add(folded(file.name))
        addresses.add(canonical)
        columns = {
            "id": annex_id(article, canonical),
            "article_id": article,
            "canonical_url": canonical,
            "url": file.url,
            "name": file.name,
            "position": len(addresses) - 1,
            "state": "due",
            "first_seen_at": now,
        }
        index_row(db, "annex", insert(db, "annexes", columns))


def _linked_by_revisions(db: Database, article: str) -> set[str]:
    """Addresses of the files that the article's own page has ever linked to."""
    linked = rows(
        db,
        "SELECT DISTINCT json_extract(j.value, '$.url') AS url FROM revisions AS r, json_each(r.attachments) AS j "
        "WHERE r.article_id = ?",
        [article],
    )
    return {canonical_url(one["url"]) for one in linked}


def due_annexes(
    db: Database, *, source: str, url: str | None = None, changed: bool = False, most: int = 20, limit: int = 200
) -> list[DueAnnex]:
    """What is to be fetched for the article at `url`, or (None) what earlier crawls of `source` left; oldest first.

    Of an article `most` files are fetched. Those that are held are asked for again only where the article has
    `changed`; those that failed, up to MOST_TRIES times. What a crawl kept and was killed before it joined is `kept`.
    """
    identity = None
    if url is not None:
        canonical = canonical_url(url)
        identity = value(db, "SELECT article_id FROM article_urls WHERE canonical_url = ?", [canonical])
        if identity is None:
            return []
    found = rows(
        db,
        _DUE + ("AND x.article_id = :article " if identity else "") + "ORDER BY x.seq LIMIT :limit",
        {
            "source": source, "article": identity, "changed": changed, "most": most, "limit": limit,
            "tries": MOST_TRIES,
        },
    )  # fmt: skip
    return [
        DueAnnex(
            article_id=one["article_id"],
            article_url=one["article_url"],
            url=one["url"],
            name=one["name"],
            known=Known(etag=one["etag"], last_modified=one["last_modified"]) if one["page_id"] else None,
            kept=bool(one["kept"]),
        )
        for one in found
    ]


_DUE = """
SELECT x.article_id, a.url AS article_url, x.url, x.name, x.page_id, p.etag, p.last_modified,
  x.page_id IS NULL AND EXISTS (
    SELECT 1 FROM pages AS q JOIN annex_files AS f ON f.digest = q.digest
    WHERE q.canonical_url = x.canonical_url AND q.kind = 'attachment' AND q.status < 300
      AND q.fetched_at >= x.first_seen_at) AS kept
FROM annexes AS x JOIN articles AS a ON a.id = x.article_id LEFT JOIN pages AS p ON p.id = x.page_id
WHERE x.dropped_at IS NULL AND a.source = :source AND x.position < :most
  AND (x.state = 'due' OR (x.state = 'failed' AND x.attempts < :tries) OR (:changed AND x.state IN ('kept', 'failed')))
"""


def keep_file(
    db: Database, page_id: int, url: str, text: AnnexText, *, source: str, version: str, now: datetime
) -> int:
    """Store what was read in the file of the page with that id, and note it as an issue where it could not be; its id.

    Where the content is known already, what a newer reader made of it takes the place of what is there.
    """
    with transaction(db):
        page = row(db, "SELECT digest, size FROM pages WHERE id = ?", [page_id])
        assert page is not None, "a file is stored after its page"
        columns = {
            "kind": text.kind, "state": text.state, "why": text.why, "text": text.text, "reader_version": version,
            "read_at": utc(now),
        }  # fmt: skip
        known = row(db, "SELECT * FROM annex_files WHERE digest = ?", [page["digest"]])
        if known is None:
            file_id = insert(db, "annex_files", {"digest": page["digest"], "size": page["size"], **columns})
        else:
            file_id = int(known["id"])
            says = ("kind", "state", "why", "text", "reader_version")
            if any(known[name] != columns[name] for name in says):
                update(db, "annex_files", "id", file_id, columns)
                for held in list(rows(db, "SELECT seq FROM annexes WHERE file_id = ?", [file_id])):
                    index_row(db, "annex", held["seq"])
        if text.state == "unreadable":
            detail = f"{text.kind}: {text.why}"
            issue = Issue(kind=UNREADABLE, source=source, url=url, detail=detail, version=version)
            add_issue(db, issue, now=now, page_id=page_id)
        else:
            close_issues(db, url=url, kinds=(UNREADABLE,), reason="the file was read", now=now)
        close_issues(db, url=url, kinds=(FAILED,), reason="the file was fetched", now=now)
        return file_id


def held_text(db: Database, body: bytes, version: str) -> AnnexText | None:
    """What this version of the reader has made of the same content before; None where it must be read (once more)."""
    sql = "SELECT kind, state, text, why FROM annex_files WHERE digest = ? AND reader_version = ? AND state <> ?"
    found = row(db, sql, [body_digest(body), version, "unreadable"])
    return AnnexText(**found) if found else None


def lose_annex(db: Database, due: DueAnnex, why: str, *, for_good: bool) -> None:
    """Note that a file could not be fetched: `for_good` where asking again is of no use, else it is tried again."""
    canonical = canonical_url(due.url)
    with transaction(db):
        db.conn.execute(
            "UPDATE annexes SET state = CASE WHEN file_id IS NULL THEN :state ELSE 'kept' END, why = :why, "
            "attempts = attempts + 1 WHERE article_id = :article AND canonical_url = :url",
            {
                "state": "refused" if for_good else "failed", "why": why[:300], "article": due.article_id,
                "url": canonical,
            },
        )  # fmt: skip
        lost = value(
            db, "SELECT seq FROM annexes WHERE article_id = ? AND canonical_url = ?", [due.article_id, canonical]
        )
        if lost is not None:
            index_row(db, "annex", lost)


def settle_annexes(db: Database, article: str) -> bool:
    """Join the files that were fetched to the article's rows; whether what its files say may have changed."""
    with transaction(db):
        return _join_files(db, article)


def _join_files(db: Database, article: str, anew: Collection[str] = ()) -> bool:
    joined = False
    for held in list(rows(db, "SELECT * FROM annexes WHERE article_id = ? AND dropped_at IS NULL", [article])):
        newest = row(db, _NEWEST_FILE, [held["canonical_url"]])
        if newest is None:
            continue
        columns = {
            "state": "kept", "why": None, "attempts": 0, "page_id": newest["page_id"], "file_id": newest["file_id"],
            "fetched_at": newest["fetched_at"],
        }  # fmt: skip
        if any(held[name] != new for name, new in columns.items()):
            update(db, "annexes", "seq", held["seq"], columns)
            index_row(db, "annex", held["seq"])
        if held["file_id"] != newest["file_id"] or held["canonical_url"] in anew:
            joined = True
    return joined


_NEWEST_FILE = """
SELECT p.id AS page_id, p.fetched_at, f.id AS file_id, f.state, f.text
FROM pages AS p JOIN annex_files AS f ON f.digest = p.digest
WHERE p.canonical_url = ? AND p.kind = 'attachment' AND p.status < 300
ORDER BY p.fetched_at DESC, p.id DESC LIMIT 1
"""


def texts_of(db: Database, files: Iterable[Attachment]) -> tuple[str, ...]:
    """The texts of those of `files` that were read, in their order."""
    found = (row(db, _NEWEST_FILE, [canonical_url(file.url)]) for file in list(files)[:MOST_LINKED])
    return tuple(one["text"] for one in found if one is not None and one["state"] == "read")


def articles_linking(db: Database, url: str) -> list[str]:
    """Ids of the articles that link to the file at `url` now."""
    sql = "SELECT article_id FROM annexes WHERE canonical_url = ? AND dropped_at IS NULL ORDER BY seq"
    return [one["article_id"] for one in rows(db, sql, [canonical_url(url)])]


def article_as_stored(db: Database, identity: str) -> Article:
    """The newest revision of an article as the parser gave it, as far as extraction looks at it."""
    found = row(
        db,
        "SELECT r.*, a.source, a.url FROM articles AS a JOIN revisions AS r ON r.id = a.revision_id WHERE a.id = ?",
        [identity],
    )
    assert found is not None, "every article has a revision"
    return Article(
        source=found["source"],
        url=found["url"],
        text=found["text"],
        title=found["title"],
        authors=_strings(found["authors"]),
        credit=found["credit"],
        section=_strings(found["section"]),
        language=found["language"],
        published=found["published_at"],
        updated=found["updated_at"],
        captions=_strings(found["captions"]),
        attachments=tuple(Attachment(url=one["url"], name=one["name"]) for one in json.loads(found["attachments"])),
        number=found["number"],
        header=tuple((name, said) for name, said in json.loads(found["header"])),
        editors=_strings(found["editors"]),
        kind=found["kind"],
        layout=found["layout"],
        links=_strings(found["links"]),
        translations=_strings(found["translations"]),
    )


def _strings(held: Any) -> tuple[str, ...]:
    return tuple(json.loads(held))
