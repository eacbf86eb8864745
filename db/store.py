"""What a crawl writes: pages, articles, revisions and statements, one transaction a page.

An article is known by its canonical address. The same text again is `unchanged`; another text is a new revision with
its difference to the one before; a page from the archive that is read again brings its own revision up to date and
never makes another. Nothing here deletes: a page that vanished is noted, and a statement that went is retired.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlite_utils import Database

from db.annexes import expect_annexes, expect_annexes_of_copy
from db.connection import insert, row, rows, storable, transaction, update, value
from db.copies import Identity, close_settled, document_key, identity_of
from db.differences import Step, difference
from db.duplicates import group_duplicates, title_key
from db.frontier import settle
from db.fulltext import index_article
from db.issues import NOT_HAD, add_issue, close_issues
from db.names import article_id, body_digest, canonical_url, digest, folded, moment_of, utc
from db.runs import close_lost_runs, close_run, finish_run, open_run
from db.statements import Kept, keep_statements
from pipeline.model import ArchiveRef, Article, Issue, Known, ListingRow, Outcome, Page, Statements

__all__ = [
    "Known", "OnNew", "Stored", "add_issue", "add_page", "close_issues", "close_lost_runs", "close_run", "finish_run",
    "known", "open_run", "reject_page", "store_article",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What storing an article did."""

    article_id: str
    outcome: Outcome
    new: tuple[str, ...] = ()
    """Ids of statements that were not there before, in text order, quotes first."""
    changed: tuple[str, ...] = ()
    """Ids of statements whose record that counts has changed."""
    retired: tuple[str, ...] = ()
    revision: int = 1
    duplicate_of: str | None = None
    """The id of the article of earliest date that tells the same story, where that is another one."""
    completed: tuple[str, ...] = ()
    """Ids of announcements to which a file that came later has added names or goods."""
    told_before: str | None = None
    """The id of an article that tells the same story and was stored before this one, whatever their dates: readers of
    alerts have heard of it."""


_WORDS = (
    "url", "title", "text", "authors", "credit", "section", "published", "updated", "captions", "number", "header",
    "editors", "links", "translations",
)  # fmt: skip

OnNew = Callable[[Database, Stored], None]

_LAST_PAGE = "SELECT listed_at, etag, last_modified FROM pages WHERE canonical_url = ? ORDER BY id DESC LIMIT 1"
_FAILURES = (*NOT_HAD, "layout_changed", "page_gone", "page_moved", "not_an_article", "too_deep", "extractor_failed")

_DOUBTS = ("time_disagrees",)
"""Kinds of `Article.doubts`."""


def known(db: Database, url: str) -> Known | None:
    """What is known of `url`; None if it was never stored or rejected and has to be fetched."""
    canonical = canonical_url(url)
    listed = row(
        db,
        "SELECT a.listed_at FROM article_urls AS u JOIN articles AS a ON a.id = u.article_id WHERE u.canonical_url = ?",
        [canonical],
    )
    page = row(db, _LAST_PAGE, [canonical])
    if page is None:
        return Known(listed=listed["listed_at"], etag=None, last_modified=None) if listed else None
    times = [time for time in (listed and listed["listed_at"], page["listed_at"]) if time]
    return Known(listed=max(times, default=None), etag=page["etag"], last_modified=page["last_modified"])


def store_article(
    db: Database,
    article: Article,
    *,
    pages: Sequence[tuple[Page, ArchiveRef | None]],
    statements: Statements,
    parser_version: str,
    run_id: int | None,
    listed: ListingRow | None = None,
    on_new: OnNew | None = None,
) -> Stored:
    """Store an article, the pages it was read from and what was extracted from it, in one transaction.

    `on_new` is called inside that transaction where there is a new article, revision or statement; what it raises
    rolls everything back. Raises ValueError for an article without address or without pages.
    """
    if not article.url:
        raise ValueError("an article needs its address to be stored")
    if not pages:
        raise ValueError(f"{article.url}: an article needs the pages it was read from")
    words = {name: storable(getattr(article, name)) for name in _WORDS}
    article = replace(article, **words)
    with transaction(db):
        stored = _store(db, article, pages, statements, parser_version, run_id, listed)
        fresh = stored.outcome in ("new", "revised") or stored.new or stored.changed
        if on_new is not None and fresh:
            on_new(db, stored)
    return stored


def refresh_statements(db: Database, identity: str, statements: Statements, *, on_new: OnNew | None = None) -> Stored:
    """Bring the statements of a stored article to what was extracted now that one of its files was read.

    The text is the same, so ids stay. `on_new` is called as by `store_article`, with what changed as `completed`.
    """
    with transaction(db):
        newest = row(db, _NEWEST_REVISION, [identity])
        assert newest is not None, "every article has a revision"
        kept = keep_statements(
            db,
            article=identity,
            revision_id=newest["id"],
            text=newest["text"],
            statements=statements,
            now=newest["seen_at"],
            sort_at=newest["sort_at"],
            moved=None,
        )
        stored = Stored(
            article_id=identity,
            outcome="unchanged",
            new=kept.new,
            changed=kept.changed,
            completed=kept.changed,
            retired=kept.retired,
            revision=newest["revision"],
            duplicate_of=newest["duplicate_of"],
            told_before=value(db, _TOLD_BEFORE, {"id": identity, "root": newest["duplicate_of"] or identity}),
        )
        if on_new is not None and (kept.new or kept.changed):
            on_new(db, stored)
    return stored


_NEWEST_REVISION = """
SELECT r.id, r.text, r.seen_at, r.revision, a.sort_at, a.duplicate_of
FROM articles AS a JOIN revisions AS r ON r.id = a.revision_id WHERE a.id = ?
"""


def reject_page(
    db: Database,
    page: Page,
    ref: ArchiveRef | None,
    issue: Issue,
    *,
    run_id: int | None,
    listed: ListingRow | None = None,
    parser_version: str | None = None,
) -> int:
    """Note a page that gave no article, and why; from now on its address is known. Gives the issue's id.

    Where the issue is `page_gone` and the address is an article's, the article is marked as gone and keeps all it has.
    """
    with transaction(db):
        identity = value(db, "SELECT article_id FROM article_urls WHERE canonical_url = ?", [canonical_url(page.url)])
        page_id = _add_page(
            db, page, ref, outcome="failed", run_id=run_id, listed=listed.published if listed else None,
            article=identity, revision_id=None, parser_version=parser_version or issue.version,
        )  # fmt: skip
        if identity and issue.kind == "page_gone":
            db.conn.execute(
                "UPDATE articles SET gone_at = coalesce(gone_at, ?) WHERE id = ?", [utc(page.fetched_at), identity]
            )
        over = tuple(kind for kind in NOT_HAD if kind != issue.kind)
        close_issues(db, url=page.url, kinds=over, reason=f"the site answered: {issue.kind}", now=page.fetched_at)
        return add_issue(db, issue, run_id=run_id, now=page.fetched_at, page_id=page_id)


def add_page(db: Database, page: Page, ref: ArchiveRef | None, *, run_id: int | None, outcome: str = "read") -> int:
    """Note a page that is no article and no failure, such as a listing; gives its id."""
    with transaction(db):
        return _add_page(
            db, page, ref, outcome=outcome, run_id=run_id, listed=None, article=None, revision_id=None,
            parser_version=None,
        )  # fmt: skip


# -- one article ------------------------------------------------------------------------------------------------------


def _store(
    db: Database,
    article: Article,
    pages: Sequence[tuple[Page, ArchiveRef | None]],
    statements: Statements,
    parser_version: str,
    run_id: int | None,
    listed: ListingRow | None,
) -> Stored:
    first = pages[0][0]
    seen_at = utc(first.fetched_at)
    canonical = canonical_url(article.url or first.url)
    identity = identity_of(db, article, canonical, first.fetched_at, run_id)
    outcome: Outcome
    if identity is not None and identity.alias:
        outcome = "alias"
        revision_id, number = _newest(db, identity.id)
        expect_annexes_of_copy(db, identity.id, article.attachments, seen_at)
        kept = Kept()
    elif identity is not None:
        outcome, revision_id, number, kept = _again(db, identity.id, article, pages, statements, parser_version, run_id)
    else:
        identity = Identity(id=article_id(canonical), alias=False)
        _add_article(db, identity.id, article, canonical, seen_at)
        outcome = "new"
        revision_id, number = _add_revision(db, identity.id, article, None, statements, parser_version, run_id, seen_at)
        kept = _make_newest(db, identity.id, article, revision_id, statements, seen_at, None)
    listed_at = listed.published if listed else None
    held = [
        _add_page(
            db, page, ref, outcome=outcome, run_id=run_id, listed=listed_at, article=identity.id,
            revision_id=None if outcome == "alias" else revision_id, parser_version=parser_version,
        )
        for page, ref in pages
    ]  # fmt: skip
    _add_addresses(db, identity, article, canonical, [page for page, _ref in pages], seen_at)
    db.conn.execute(
        "UPDATE articles SET last_seen_at = max(last_seen_at, :seen), gone_at = CASE WHEN gone_at < :seen THEN NULL "
        "ELSE gone_at END, first_seen_at = min(first_seen_at, :seen), "
        "listed_at = CASE WHEN :listed > coalesce(listed_at, '') THEN :listed ELSE listed_at END WHERE id = :id",
        {"seen": seen_at, "listed": listed_at, "id": identity.id},
    )
    for page, _ref in pages:
        close_issues(db, url=page.url, kinds=_FAILURES, reason="the page was read", now=first.fetched_at)
    _tell_doubts(db, article, first, held[0], run_id)
    if outcome in ("revised", "unchanged"):
        close_settled(db, article, identity.id, first.fetched_at)
    duplicate = value(db, "SELECT duplicate_of FROM articles WHERE id = ?", [identity.id])
    told_before = value(db, _TOLD_BEFORE, {"id": identity.id, "root": duplicate or identity.id})
    return Stored(
        article_id=identity.id,
        outcome=outcome,
        new=kept.new,
        changed=kept.changed,
        retired=kept.retired,
        revision=number,
        duplicate_of=duplicate,
        told_before=told_before,
    )


def _tell_doubts(db: Database, article: Article, page: Page, page_id: int, run_id: int | None) -> None:
    """An issue for each thing that does not fit together on the page; those that no longer stand are closed."""
    doubted = {doubt.kind for doubt in article.doubts}
    over = tuple(kind for kind in _DOUBTS if kind not in doubted)
    close_issues(db, url=page.url, kinds=over, reason="the page agrees with itself", now=page.fetched_at)
    for doubt in article.doubts:
        issue = Issue(kind=doubt.kind, source=article.source, url=page.url, detail=doubt.detail)
        add_issue(db, issue, run_id=run_id, now=page.fetched_at, page_id=page_id)


_TOLD_BEFORE = """
SELECT id FROM articles WHERE (id = :root OR duplicate_of = :root) AND seq < (SELECT seq FROM articles WHERE id = :id)
ORDER BY seq LIMIT 1
"""


def _add_article(db: Database, identity: str, article: Article, canonical: str, seen_at: str) -> None:
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


def _again(
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
    if read_before is not None:
        return _reread(db, identity, article, read_before, newest, statements, parser_version)
    content = _content_digest(article)
    if content == newest["digest"]:
        kept = _make_newest(db, identity, article, newest["id"], statements, newest["seen_at"], None)
        return "unchanged", newest["id"], newest["revision"], kept
    if seen_at < newest["seen_at"]:
        # a page of the past, found later: it takes its place in the history and leaves the present alone
        same = row(db, "SELECT id, revision FROM revisions WHERE article_id = ? AND digest = ?", [identity, content])
        if same:
            return "unchanged", same["id"], same["revision"], Kept()
        added = _add_revision(db, identity, article, None, statements, parser_version, run_id, seen_at)
        return "unchanged", *added, Kept()
    steps = difference(newest["text"], article.text)
    revision_id, number = _add_revision(db, identity, article, steps, statements, parser_version, run_id, seen_at)
    kept = _make_newest(db, identity, article, revision_id, statements, seen_at, _mover(steps))
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
    columns = {**_revision_columns(article), "parser_version": parser_version, "extractor_version": statements.version}
    differing = {name: new for name, new in columns.items() if revision[name] != new}
    if differing:
        update(db, "revisions", "id", revision["id"], differing)
    text_changed = "text" in differing
    if text_changed:
        _renew_differences(db, identity, int(revision["revision"]))
    if revision["id"] != newest["id"]:
        return "unchanged", revision["id"], revision["revision"], Kept()
    moved = _mover(difference(revision["text"], article.text)) if text_changed else None
    kept = _make_newest(db, identity, article, revision["id"], statements, newest["seen_at"], moved)
    return "unchanged", revision["id"], revision["revision"], kept


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


def _newest(db: Database, identity: str) -> tuple[int, int]:
    found = row(
        db, "SELECT r.id, r.revision FROM articles AS a JOIN revisions AS r ON r.id = a.revision_id WHERE a.id = ?",
        [identity],
    )  # fmt: skip
    assert found is not None, "every article has a revision"
    return found["id"], found["revision"]


def _add_revision(
    db: Database,
    identity: str,
    article: Article,
    steps: Sequence[Step] | None,
    statements: Statements,
    parser_version: str,
    run_id: int | None,
    seen_at: str,
) -> tuple[int, int]:
    number = 1 + (value(db, "SELECT max(revision) FROM revisions WHERE article_id = ?", [identity]) or 0)
    revision_id = insert(
        db,
        "revisions",
        {
            "article_id": identity,
            "revision": number,
            **_revision_columns(article),
            "difference": None if steps is None else json.dumps(steps, ensure_ascii=False),
            "seen_at": seen_at,
            "parser_version": parser_version,
            "extractor_version": statements.version,
            "run_id": run_id,
        },
    )
    return revision_id, number


def _revision_columns(article: Article) -> dict[str, Any]:
    return {
        "title": article.title,
        "text": article.text,
        "authors": _json(article.authors),
        "credit": article.credit,
        "section": _json(article.section),
        "language": article.language,
        "kind": article.kind,
        "published_at": article.published,
        "updated_at": article.updated,
        "number": article.number,
        "header": _json(article.header),
        "captions": _json(article.captions),
        "attachments": _json([{"url": file.url, "name": file.name} for file in article.attachments]),
        "editors": _json(article.editors),
        "links": _json(article.links),
        "translations": _json(article.translations),
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
    return digest(repr(replace(article, **_SURROUNDINGS)))  # type: ignore[arg-type]


def _make_newest(
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


# -- pages and addresses ----------------------------------------------------------------------------------------------


def _add_page(
    db: Database,
    page: Page,
    ref: ArchiveRef | None,
    *,
    outcome: str,
    run_id: int | None,
    listed: str | None,
    article: str | None,
    revision_id: int | None,
    parser_version: str | None,
) -> int:
    columns = {
        "url": page.url,
        "canonical_url": canonical_url(page.url),
        "final_url": page.final_url,
        "source": page.source,
        "kind": page.kind,
        "status": page.status,
        "fetched_at": utc(page.fetched_at),
        "digest": body_digest(page.body),
        "size": len(page.body),
        "etag": page.header("ETag"),
        "last_modified": page.header("Last-Modified"),
        "warc_file": ref.file if ref else None,
        "warc_offset": ref.offset if ref else None,
        "warc_length": ref.length if ref else None,
        "outcome": outcome,
        "listed_at": listed,
        "article_id": article,
        "revision_id": revision_id,
        "parser_version": parser_version,
        "run_id": run_id,
    }
    settle(db, [url for url in (page.url, page.final_url) if url])
    before = ref and row(db, "SELECT * FROM pages WHERE warc_file = ? AND warc_offset = ?", [ref.file, ref.offset])
    if before and (before["canonical_url"], before["fetched_at"]) != (columns["canonical_url"], columns["fetched_at"]):
        # the archive was deleted and its file begun anew: of the page that lay there only this row is left
        lost = {"warc_file": None, "warc_offset": None, "warc_length": None}
        update(db, "pages", "id", before["id"], lost)
        before = None
    if not before:
        return insert(db, "pages", columns)
    # read again from the archive: what the crawl itself said of the page stays, and so does what it once gave
    kept = {"listed_at", "run_id"}
    if outcome == "failed":
        kept |= {"article_id", "revision_id"}
    elif before["outcome"] != "failed":
        kept.add("outcome")
    update(db, "pages", "id", before["id"], {name: new for name, new in columns.items() if name not in kept})
    return int(before["id"])


def _add_addresses(
    db: Database, identity: Identity, article: Article, canonical: str, pages: Sequence[Page], seen_at: str
) -> None:
    """Every address that leads to the article: its own, those that redirected to it, and its further pages."""
    addresses: dict[str, tuple[str, str]] = {
        canonical: (article.url or "", "same_document" if identity.alias else "primary")
    }
    for at, page in enumerate(pages):
        for url in (page.url, page.final_url):
            if url:
                reason = "same_document" if identity.alias else "part" if at else "redirect"
                addresses.setdefault(canonical_url(url), (url, reason))
    for address, (url, reason) in addresses.items():
        db.conn.execute(
            "INSERT OR IGNORE INTO article_urls (canonical_url, url, article_id, reason, first_seen_at) "
            "VALUES (?, ?, ?, ?, ?)",
            [address, url, identity.id, reason, seen_at],
        )


def _json(found: Any) -> str:
    return json.dumps(found, ensure_ascii=False)
