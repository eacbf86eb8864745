"""One statement as a reviewer sees it: its evidence in context, its fields, and what has been decided so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlite_utils import Database
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from db.connection import row
from db.deciding.known import names_in_article
from db.deciding.queue import claim_of, queue_length, rules_that_matched
from db.review import AlreadyDecided, Reviewed, ReviewError, added_by, history, record_before, statement
from pipeline.sources import TITLES
from web.forms import changes, digest, expected_in, fields, readings
from web.labels import moment, words
from web.marks import Marked, Paragraph, around
from web.places import Place
from web.render import desk_of, page
from web.viewer import viewer_of

REASONS = {
    "policy": (
        "no policy announcement", "a company's own plan", "the same as another statement", "evidence does not say so",
    ),
    "quote": ("no quote", "words of the reporter", "the same as another statement", "cut wrongly"),
}  # fmt: skip
"""Reasons that come up again and again, one key each; any other is typed."""


def seen_or_404(db: Database, identity: str) -> Reviewed:
    """The statement; HTTPException 404 if there is none of that id."""
    try:
        return statement(db, identity)
    except LookupError as error:
        raise HTTPException(404, "There is no such statement.") from error


def name_of(seen: Reviewed) -> str:
    """What a statement is called: the instrument, or who speaks."""
    return str(seen.record["title"] if seen.kind == "policy" else seen.record["speaker"])


def item_page(
    request: Request,
    db: Database,
    seen: Reviewed,
    *,
    place: Place,
    done: Mapping[str, Any] | None = None,
    upcoming: Sequence[Mapping[str, Any]] = (),
    refused: ReviewError | None = None,
    entered: Mapping[str, str] | None = None,
) -> Response:
    """The form of a statement; `refused` says why what was `entered` in it could not be stored."""
    events = history(db, seen.id)
    conflict = isinstance(refused, AlreadyDecided)
    since = [event for event in events if event["id"] > expected_in(entered or {})] if conflict else []
    kept = _kept(seen, entered or {}, since) if conflict else entered
    theirs = {name: event["reviewer"] for event in since for name in event["new_values"]}
    reviewer, claim = viewer_of(request).name, claim_of(db, seen.id, now=desk_of(request).clock())
    article = article_of(db, seen)
    return page(
        "review.html",
        status=200 if refused is None else 409 if conflict else 422,
        here="review",
        heading="Review",
        seen=seen,
        mark=digest(seen),
        name=name_of(seen),
        article=article,
        paragraphs=evidence_in_context(seen, article["text"]),
        fields=fields(seen, kept),
        theirs={field: theirs.get(field) if kept and field in kept else None for field in seen.record},
        readings=readings(seen),
        known=names_in_article(db, seen.article_id),
        reasons=REASONS[seen.kind],
        reason=(entered or {}).get("reason", ""),
        events=events,
        waiting=queue_length(db, place.wanted),
        trouble=_trouble(refused, since),
        lost=[(words(name), (entered or {})[name]) for name in changes(seen, entered or {})]
        if conflict and not since
        else [],
        added_by=added_by(db, seen.id),
        claim=claim if claim and claim.reviewer != reviewer else None,
        place=place,
        sources=sorted(TITLES),
        rules=rules_that_matched(db),
        next_address=place.behind(seen.id),
        skip_address=place.without(seen.id).address(),
        done=done,
        upcoming=upcoming,
    )


def article_of(db: Database, seen: Reviewed) -> Mapping[str, Any]:
    """What the form says about the article, and the text that the statement's offsets count in."""
    article = row(db, _ARTICLE, {"statement": seen.id, "article": seen.article_id})
    if article is None:
        raise HTTPException(404, "The article of this statement is gone.")
    return article


def evidence_in_context(seen: Reviewed, text: str) -> tuple[Paragraph, ...]:
    """The paragraphs that hold the evidence, marked, with their neighbours."""
    spans = [seen.record] if seen.kind == "quote" else seen.record["evidence"]
    places = tuple((span["start"], span["end"]) for span in spans)
    return around(text, Marked(id=seen.id, kind=seen.kind, number=1, spans=places))


def _kept(seen: Reviewed, entered: Mapping[str, str], since: Sequence[Mapping[str, Any]]) -> Mapping[str, str]:
    """What the reviewer had entered, without the fields that were left as they were shown then.

    Where the machine has read the statement anew nobody knows what was shown: nothing is kept in the form.
    """
    if not since:
        return {}
    shown_then = replace(seen, record=record_before(dict(seen.record), since))
    return {name: entered[name] for name in changes(shown_then, entered)}


def _trouble(refused: ReviewError | None, since: Sequence[Mapping[str, Any]]) -> str:
    if refused is None:
        return ""
    if since:
        event = since[-1]
        named = [words(name) for name in event["new_values"]] if event["decision"] == "correct" else []
        what = f"{event['decision']}{': ' if named else ''}{', '.join(named)}"
        return (
            f"{event['reviewer']} has decided ({what}) in the meantime, on {moment(event['decided_at'])}. "
            "Nothing of yours was stored; what you had entered stands in the form. Look again."
        )
    message = str(refused)
    return message[:1].upper() + message[1:] + "."


_ARTICLE = """
SELECT a.id, a.url, a.source, a.published_at, newest.title, newest.language,
  (SELECT text FROM revisions WHERE id = coalesce(
    (SELECT revision_id FROM quotes WHERE id = :statement), (SELECT revision_id FROM policies WHERE id = :statement)
  )) AS text
FROM articles AS a JOIN revisions AS newest ON newest.id = a.revision_id WHERE a.id = :article
"""
