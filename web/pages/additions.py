"""Adding what the machine has missed: words of an article become a quote or an announcement."""

from __future__ import annotations

from collections.abc import Mapping

from sqlite_utils import Database
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from db.connection import row
from db.deciding.additions import add_statement, blank
from db.deciding.known import names_in_article
from db.deciding.verdicts import Kind
from db.review import Reviewed, ReviewError
from web.addresses import Address
from web.forms import changes, fields, posted
from web.render import desk_of, page
from web.viewer import viewer_of

_LONGEST_WORDS = 4_000


def add_page(request: Request) -> Response:
    """The form for a statement of an article, with the words that were selected in it."""
    given = request.query_params
    kind: Kind = "policy" if given.get("kind") == "policy" else "quote"
    words = " ".join(given.get("words", "").split())[:_LONGEST_WORDS].strip("\"'“”「」 ")
    with desk_of(request).reading() as db:
        return _form(db, given.get("article", ""), kind, words)


async def add(request: Request) -> Response:
    """Store the statement and show it; the form again, with the reason, where that cannot be."""
    return await run_in_threadpool(_add, request, await posted(request))


def _add(request: Request, entered: Mapping[str, str]) -> Response:
    desk, article = desk_of(request), entered.get("article", "")
    kind: Kind = "policy" if entered.get("statement") == "policy" else "quote"
    empty = _empty(kind, article, "")
    record = {**empty.record, **changes(empty, entered)}
    try:
        with desk.writing() as db:
            added = add_statement(db, article, kind, record, reviewer=viewer_of(request).name, now=desk.clock())
    except LookupError as error:
        raise HTTPException(404, "There is no such article.") from error
    except ReviewError as error:
        with desk.reading() as db:
            return _form(db, article, kind, "", entered=entered, trouble=f"{str(error)[:1].upper()}{str(error)[1:]}.")
    return RedirectResponse(f"/review/{added}", 303)


def _form(
    db: Database,
    article_id: str,
    kind: Kind,
    words: str,
    *,
    entered: Mapping[str, str] | None = None,
    trouble: str = "",
) -> Response:
    article = row(db, _ARTICLE, [article_id])
    if article is None:
        raise HTTPException(404, "There is no such article.")
    return page(
        "add.html",
        status=422 if trouble else 200,
        here="review",
        heading="Add what is missing",
        article=article,
        kind=kind,
        words_given=words,
        fields=fields(_empty(kind, article_id, words), entered),
        known=names_in_article(db, article_id),
        trouble=trouble,
    )


def _empty(kind: Kind, article_id: str, words: str) -> Reviewed:
    record = blank(kind, words)
    return Reviewed(
        id="", kind=kind, article_id=article_id, record=record, machine=record, review_state="open",
        machine_state="same", reason=None, last_decision=0, retired=False, extractor_version="", confidence=None,
    )  # fmt: skip


_ARTICLE = """
SELECT a.id, a.source, a.published_at, a.url, r.title, r.text, r.language
FROM articles AS a JOIN revisions AS r ON r.id = a.revision_id WHERE a.id = ?
"""


ADDRESSES = (
    Address("/review/add", add_page, role="reviewer"),
    Address("/review/add", add, role="reviewer", method="POST"),
)
