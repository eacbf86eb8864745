"""What a crawl writes: pages, articles, revisions and statements, one transaction a page.

An article is known by its canonical address. The same text again is `unchanged`; another text is a new revision with
its difference to the one before; a page from the archive that is read again brings its own revision up to date and
never makes another. Nothing here deletes: a page that vanished is noted, and a statement that went is retired.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlite_utils import Database

from db.connection import joined, row, transaction, value
from db.crawling.runs import close_lost_runs, close_run, finish_run, open_run
from db.issues import NOT_HAD, add_issue, close_issues
from db.keeping.annexes import expect_annexes_of_copy
from db.keeping.copies import Identity, close_settled, identity_of
from db.keeping.pages import add_addresses, known, page_row
from db.keeping.revisions import add_article, add_revision, again, make_newest, newest_of
from db.keeping.stories import TOLD_BEFORE, OnNew, Stored, Story
from db.names import article_id, canonical_url, utc
from db.statements import Kept, keep_statements
from db.storing.fresh import concerns_others, keep_fresh
from db.storing.gathered import gather
from db.storing.pending import Pending
from db.storing.prepared import Ready, prepare, storable_article
from db.storing.read_before import read_again, stored_before
from db.storing.same import keep_same
from pipeline.model import ArchiveRef, Article, Issue, Known, ListingRow, Outcome, Page, Statements

__all__ = [
    "Known", "OnNew", "Ready", "Stored", "Story", "add_issue", "add_page", "close_issues", "close_lost_runs",
    "close_run", "finish_run", "known", "open_run", "reject_page", "store_article", "store_articles",
]  # fmt: skip


_FAILURES = (*NOT_HAD, "layout_changed", "page_gone", "page_moved", "not_an_article", "too_deep", "extractor_failed")

_DOUBTS = ("time_disagrees",)
"""Kinds of `Article.doubts`."""


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
    story = Story(article=article, pages=pages, statements=statements, listed=listed)
    return store_articles(db, [story], parser_version=parser_version, run_id=run_id, on_new=on_new)[0]


def store_articles(
    db: Database,
    stories: Sequence[Story | Ready],
    *,
    parser_version: str,
    run_id: int | None,
    on_new: OnNew | None = None,
) -> list[Stored]:
    """Store several as `store_article` stores one, all in one transaction, or none of them.

    In a transaction that is open already, whoever catches an error has to undo it.

    `on_new` is called of each in their order, when those beside it are written too that change nothing of it.
    """
    prepared = [one.prepared if isinstance(one, Ready) else prepare(one) for one in stories]
    done: list[Stored] = []
    told = 0

    def write() -> None:
        nonlocal told
        waiting.write()
        if on_new is not None:
            for stored in done[told:]:
                if stored.outcome in ("new", "revised") or stored.new or stored.changed:
                    on_new(db, stored)
        told = len(done)

    with joined(db):
        waiting = Pending(db)
        size, left = len(prepared), 0
        while len(done) < len(prepared):
            if not left:
                some = prepared[len(done) : len(done) + size]
                found, left = gather(db, some), len(some)
                before = stored_before(found, read_again(found, some))
            one = prepared[len(done)]
            if on_new is not None and concerns_others(found, one):
                write()
            # of what is settled here, nothing is known any more for a second time
            held = before.pop(one.id, None)
            if held is not None:
                stored = keep_same(found, waiting, held, one, parser_version)
            else:
                stored = keep_fresh(found, waiting, one, parser_version, run_id)
            left -= 1
            if stored is None:
                write()
                unlike = stories[len(done)]
                done.append(_store(db, unlike.story() if isinstance(unlike, Ready) else unlike, parser_version, run_id))
                write()
                # what was gathered may be out of date now, and the next one may be no better
                size, left = 2, 0
                continue
            done.append(stored)
            if not left:
                write()
                size *= 4
    return done


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
            told_before=value(db, TOLD_BEFORE, {"id": identity, "root": newest["duplicate_of"] or identity}),
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
        page_id = page_row(
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
        return page_row(
            db, page, ref, outcome=outcome, run_id=run_id, listed=None, article=None, revision_id=None,
            parser_version=None,
        )  # fmt: skip


# -- one article ------------------------------------------------------------------------------------------------------


def _store(db: Database, story: Story, parser_version: str, run_id: int | None) -> Stored:
    article, pages, statements = storable_article(story.article), story.pages, story.statements
    first = pages[0][0]
    seen_at = utc(first.fetched_at)
    canonical = canonical_url(article.url or first.url)
    identity = identity_of(db, article, canonical, first.fetched_at, run_id)
    outcome: Outcome
    if identity is not None and identity.alias:
        outcome = "alias"
        revision_id, number = newest_of(db, identity.id)
        expect_annexes_of_copy(db, identity.id, article.attachments, seen_at)
        kept = Kept()
    elif identity is not None:
        outcome, revision_id, number, kept = again(db, identity.id, article, pages, statements, parser_version, run_id)
    else:
        identity = Identity(id=article_id(canonical), alias=False)
        add_article(db, identity.id, article, canonical, seen_at)
        outcome = "new"
        revision_id, number = add_revision(db, identity.id, article, None, statements, parser_version, run_id, seen_at)
        kept = make_newest(db, identity.id, article, revision_id, statements, seen_at, None)
    listed_at = story.listed.published if story.listed else None
    held = [
        page_row(
            db, page, ref, outcome=outcome, run_id=run_id, listed=listed_at, article=identity.id,
            revision_id=None if outcome == "alias" else revision_id, parser_version=parser_version,
        )
        for page, ref in pages
    ]  # fmt: skip
    add_addresses(db, identity, article, canonical, [page for page, _ref in pages], seen_at)
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
    told_before = value(db, TOLD_BEFORE, {"id": identity.id, "root": duplicate or identity.id})
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
