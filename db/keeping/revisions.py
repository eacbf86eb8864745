"""Revisions of an article: what its text was, and what it is now."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from typing import Any

from sqlite_utils import Database

from db.connection import insert, json_of, row, rows, update, value
from db.finding.fulltext import index_article
from db.keeping.annexes import expect_annexes
from db.keeping.copies import document_key
from db.keeping.differences import Step, difference
from db.keeping.duplicates import group_duplicates, title_key
from db.names import canonical_url, digest, folded, moment_of, utc
from db.statements import Kept, keep_statements
from pipeline.model import ArchiveRef, Article, Outcome, Page, Statements


def add_article(db: Database, identity: str, article: Article, canonical: str, seen_at: str) -> None:
    """The row of an article that is new; its first revision comes after it."""
    insert(
        db,
        "articles",
        {
            "id": identity,
            "source": article.source,
            "canonical_url": canonical,
            "url": article.url,
            "kind": article.kind,
            "language": article.language,
            "sort_at": moment_of(article.published) or seen_at,
            "first_seen_at": seen_at,
            "last_seen_at": seen_at,
        },
    )


def again(
    db: Database,
    identity: str,
    article: Article,
    pages: Sequence[tuple[Page, ArchiveRef | None]],
    statements: Statements,
    parser_version: str,
    run_id: int | None,
) -> tuple[Outcome, int, int, Kept]:
    """A page of an article that is there: gives outcome, revision id and number, and what became of its statements."""
    seen_at = utc(pages[0][0].fetched_at)
    newest = row(
        db, "SELECT r.* FROM articles AS a JOIN revisions AS r ON r.id = a.revision_id WHERE a.id = ?", [identity]
    )
    assert newest is not None, "every article has a revision"
    read_before = _revision_of_page(db, *pages[0])
    if read_before is not None and _brought(db, read_before["id"], pages[0][0]):
        return _reread(db, identity, article, read_before, newest, statements, parser_version)
    content = _content_digest(article)
    if read_before is not None and seen_at < newest["seen_at"]:
        standing = row(db, _STANDING_THEN, [identity, seen_at])
        if standing is not None and standing["digest"] == content:
            return "unchanged", standing["id"], standing["revision"], Kept()
    elif content == newest["digest"]:
        kept = make_newest(db, identity, article, newest["id"], statements, newest["seen_at"], None)
        return "unchanged", newest["id"], newest["revision"], kept
    if seen_at < newest["seen_at"]:
        # a page of the past, found later: it takes its place in the history and leaves the present alone
        same = row(db, "SELECT id, revision FROM revisions WHERE article_id = ? AND digest = ?", [identity, content])
        if same and read_before is None:
            return "unchanged", same["id"], same["revision"], Kept()
        added, _number = add_revision(db, identity, article, None, statements, parser_version, run_id, seen_at)
        return "unchanged", added, _put_in_order(db, identity)[added], Kept()
    steps = difference(newest["text"], article.text)
    revision_id, number = add_revision(db, identity, article, steps, statements, parser_version, run_id, seen_at)
    kept = make_newest(db, identity, article, revision_id, statements, seen_at, _mover(steps))
    return "revised", revision_id, number, kept


def _revision_of_page(db: Database, page: Page, ref: ArchiveRef | None) -> dict[str, Any] | None:
    """The revision that the page with this archive record belongs to, if it was read before."""
    if ref is None:
        return None
    return row(
        db,
        "SELECT r.* FROM pages AS p JOIN revisions AS r ON r.id = p.revision_id "
        "WHERE p.warc_file = ? AND p.warc_offset = ? AND p.canonical_url = ? AND p.fetched_at = ?",
        [ref.file, ref.offset, canonical_url(page.url), utc(page.fetched_at)],
    )


def _reread(
    db: Database,
    identity: str,
    article: Article,
    revision: Mapping[str, Any],
    newest: Mapping[str, Any],
    statements: Statements,
    parser_version: str,
) -> tuple[Outcome, int, int, Kept]:
    """The same archived page with today's parser: its revision is brought up to date, and no other is made.

    The page in the archive is the evidence; the revision is what we read in it.
    """
    if (same := _says_so_before(db, identity, article, revision)) is not None:
        return _joined(db, identity, article, revision, same, statements, newest["id"] == revision["id"])
    columns = {**revision_columns(article), "parser_version": parser_version, "extractor_version": statements.version}
    differing = {name: new for name, new in columns.items() if revision[name] != new}
    if differing:
        update(db, "revisions", "id", revision["id"], differing)
    text_changed = "text" in differing
    if text_changed:
        _renew_differences(db, identity, int(revision["revision"]))
    if revision["id"] != newest["id"]:
        return "unchanged", revision["id"], revision["revision"], Kept()
    moved = _mover(difference(revision["text"], article.text)) if text_changed else None
    kept = make_newest(db, identity, article, revision["id"], statements, newest["seen_at"], moved)
    return "unchanged", revision["id"], revision["revision"], kept


def _brought(db: Database, revision_id: int, page: Page) -> bool:
    """Whether a page was the first that said what the revision says; those after it only said it again."""
    wanted = [revision_id, canonical_url(page.url), utc(page.fetched_at)]
    return not value(db, _PAGE_BEFORE, wanted)


_STANDING_THEN = """
SELECT id, revision, digest FROM revisions WHERE article_id = ? AND seen_at <= ? ORDER BY seen_at DESC, id DESC LIMIT 1
"""
_PAGE_BEFORE = """
SELECT 1 FROM pages
WHERE revision_id = ? AND canonical_url = ? AND fetched_at < ? AND kind = 'article' AND outcome <> 'failed' LIMIT 1
"""


def _says_so_before(
    db: Database, identity: str, article: Article, revision: Mapping[str, Any]
) -> dict[str, Any] | None:
    """The revision just before this one, where that says what the page of this one is read to say now."""
    if revision["revision"] == 1:
        return None
    before = row(
        db, "SELECT * FROM revisions WHERE article_id = ? AND revision = ?", [identity, revision["revision"] - 1]
    )
    return before if before is not None and before["digest"] == _content_digest(article) else None


def _joined(
    db: Database,
    identity: str,
    article: Article,
    revision: Mapping[str, Any],
    same: Mapping[str, Any],
    statements: Statements,
    newest: bool,
) -> tuple[Outcome, int, int, Kept]:
    """Take back a revision that an older parser saw where the page had not changed: all it says stands before it."""
    moved = _mover(difference(revision["text"], same["text"])) if revision["text"] != same["text"] else None
    for table in ("pages", "quotes", "policies"):
        db.conn.execute(
            f"UPDATE {table} SET revision_id = ? WHERE revision_id = ? AND article_id = ?",  # noqa: S608
            [same["id"], revision["id"], identity],
        )
    if newest:
        db.conn.execute("UPDATE articles SET revision_id = ? WHERE id = ?", [same["id"], identity])
    db.conn.execute("DELETE FROM revisions WHERE id = ?", [revision["id"]])
    _put_in_order(db, identity)
    if not newest:
        return "unchanged", same["id"], same["revision"], Kept()
    kept = make_newest(db, identity, article, same["id"], statements, same["seen_at"], moved)
    return "unchanged", same["id"], same["revision"], kept


def _put_in_order(db: Database, identity: str) -> dict[int, int]:
    """Number an article's revisions in the order in which they were seen, each with its difference to the one before.

    Gives the numbers by the revisions' ids.
    """
    held = list(
        rows(db, "SELECT id, text, difference FROM revisions WHERE article_id = ? ORDER BY seen_at, id", [identity])
    )
    db.conn.execute("UPDATE revisions SET revision = -revision WHERE article_id = ?", [identity])
    for number, one in enumerate(held, start=1):
        steps = difference(held[number - 2]["text"], one["text"]) if number > 1 else None
        says = {"revision": number, "difference": None if steps is None else json.dumps(steps, ensure_ascii=False)}
        update(db, "revisions", "id", one["id"], says)
    return {one["id"]: number for number, one in enumerate(held, start=1)}


def _renew_differences(db: Database, identity: str, number: int) -> None:
    """Make the stored differences to and from a revision anew, after its text was read differently."""
    texts = {
        found["revision"]: found
        for found in rows(
            db,
            "SELECT id, revision, text, difference FROM revisions WHERE article_id = ? AND revision BETWEEN ? AND ?",
            [identity, number - 1, number + 1],
        )
    }
    for before, after in ((number - 1, number), (number, number + 1)):
        if before in texts and after in texts and texts[after]["difference"] is not None:
            steps = difference(texts[before]["text"], texts[after]["text"])
            update(db, "revisions", "id", texts[after]["id"], {"difference": json.dumps(steps, ensure_ascii=False)})


def newest_of(db: Database, identity: str) -> tuple[int, int]:
    """Id and number of an article's newest revision."""
    found = row(
        db, "SELECT r.id, r.revision FROM articles AS a JOIN revisions AS r ON r.id = a.revision_id WHERE a.id = ?",
        [identity],
    )  # fmt: skip
    assert found is not None, "every article has a revision"
    return found["id"], found["revision"]


def add_revision(
    db: Database,
    identity: str,
    article: Article,
    steps: Sequence[Step] | None,
    statements: Statements,
    parser_version: str,
    run_id: int | None,
    seen_at: str,
) -> tuple[int, int]:
    """A further revision, `steps` away from the one before it; gives its id and number."""
    number = 1 + (value(db, "SELECT max(revision) FROM revisions WHERE article_id = ?", [identity]) or 0)
    revision_id = insert(
        db,
        "revisions",
        {
            "article_id": identity,
            "revision": number,
            **revision_columns(article),
            "difference": None if steps is None else json.dumps(steps, ensure_ascii=False),
            "seen_at": seen_at,
            "parser_version": parser_version,
            "extractor_version": statements.version,
            "run_id": run_id,
        },
    )
    return revision_id, number


def revision_columns(article: Article) -> dict[str, Any]:
    return {
        "title": article.title,
        "text": article.text,
        "authors": json_of(article.authors),
        "credit": article.credit,
        "section": json_of(article.section),
        "language": article.language,
        "kind": article.kind,
        "published_at": article.published,
        "updated_at": article.updated,
        "number": article.number,
        "header": json_of(article.header),
        "captions": json_of(article.captions),
        "attachments": json_of([{"url": file.url, "name": file.name} for file in article.attachments]),
        "editors": json_of(article.editors),
        "links": json_of(article.links),
        "translations": json_of(article.translations),
        "layout": article.layout,
        "digest": _content_digest(article),
        "text_digest": digest(folded(article.text)),
    }


# What the surroundings of a story say (breadcrumb, related addresses, the parser's layout) makes no revision.
_SURROUNDINGS = {
    "section": (),
    "links": (),
    "translations": (),
    "next_pages": (),
    "layout": "",
    "id": None,
    "url": None,
}


def _content_digest(article: Article) -> str:
    said = (f"{name}={_SURROUNDINGS.get(name, getattr(article, name))!r}" for name in _FIELDS)
    return digest(f"Article({', '.join(said)})")


_FIELDS = tuple(field.name for field in fields(Article) if field.repr)


def make_newest(
    db: Database,
    identity: str,
    article: Article,
    revision_id: int,
    statements: Statements,
    seen_at: str,
    moved: Callable[[int], int] | None,
) -> Kept:
    """Let the article stand as `article` says: its row, its full text, its story group and its statements."""
    before = row(db, "SELECT * FROM articles WHERE id = ?", [identity])
    assert before is not None
    expect_annexes(db, identity, article.attachments, seen_at)
    sort_at = moment_of(article.published) or before["first_seen_at"]
    columns = {
        "revision_id": revision_id,
        "kind": article.kind,
        "language": article.language,
        "number_key": document_key(article),
        "title_key": title_key(article.title),
        "published_at": article.published,
        "sort_at": sort_at,
    }
    if any(before[name] != new for name, new in columns.items()) or moved:
        update(db, "articles", "id", identity, columns)
        index_article(db, identity)
        group_duplicates(db, identity, article, sort_at=sort_at)
    if sort_at != before["sort_at"]:
        db.conn.execute("UPDATE quotes SET sort_at = ? WHERE article_id = ?", [sort_at, identity])
        db.conn.execute("UPDATE policies SET sort_at = ? WHERE article_id = ?", [sort_at, identity])
    if (sort_at, article.language) != (before["sort_at"], before["language"]):
        index_article(db, identity, statements=True)
    db.conn.execute(
        "UPDATE revisions SET extractor_version = :version WHERE id = :id AND extractor_version <> :version",
        {"version": statements.version, "id": revision_id},
    )
    return keep_statements(
        db,
        article=identity,
        revision_id=revision_id,
        text=article.text,
        statements=statements,
        now=seen_at,
        sort_at=sort_at,
        moved=moved,
    )


def _mover(steps: Sequence[Step]) -> Callable[[int], int]:
    """A function that takes an offset of the older text to the newer one; inside what was taken out, to its place."""
    olds, shifts, ends = [0], [0], [0]
    old = new = 0
    for what, size in steps:
        length = size if isinstance(size, int) else len(size)
        if what == "+":
            new += length
            continue
        olds.append(old)
        shifts.append(new)
        ends.append(new + length if what == "=" else new)
        old += length
        new += length if what == "=" else 0
    olds.append(old)
    shifts.append(new)
    ends.append(new)

    def moved(offset: int) -> int:
        at = bisect_right(olds, offset) - 1
        return min(shifts[at] + offset - olds[at], ends[at])

    return moved
