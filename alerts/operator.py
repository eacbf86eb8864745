"""What the operator hears: a source that turns bad and that it has recovered, each once; and mail that nobody takes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlite_utils import Database

from alerts.compose import message_key
from alerts.notice import compose_notice
from db.connection import rows, transaction, value
from db.health.history import note_told, untold
from db.health.model import Transition
from db.health.view import source_health
from db.names import utc
from db.outbox import enqueue
from pipeline.sources import TITLES

_MEANING = {
    "ok": "has recovered",
    "thin": "brings far fewer articles than usual",
    "silent": "has brought nothing new for too long",
    "changed_layout": "seems to have changed its layout",
    "failing": "fails to be crawled",
    "not_crawled": "is not being crawled",
}
_TO_DO = {
    "thin": "Look at the listings: has a section moved, or been given up?",
    "silent": "Open the site: is there news that we do not find?",
    "changed_layout": "Compare the two pages below, and mend the selectors in pipeline/articles or pipeline/listings.",
    "failing": "The runs say why; a site that refuses us is not to be evaded: raise `delay`, or write to it.",
    "not_crawled": "Is `policywire run` running, and is the source in its schedule?",
}
MOST_ROUTES = 20
"""Routes that a mail names; all are on the site."""


def announce_health(db: Database, operator: str, base_url: str, now: datetime) -> list[str]:
    """Put in one mail for each source with changes that nobody was told of; gives those sources.

    The changes are those that `db.health.evaluation.evaluate` has written down. Each is told once: the mail and the
    note of it are one transaction, and the mail's key is made of the change's number.
    """
    by_source: dict[str, list[Transition]] = {}
    with transaction(db):
        for change in untold(db, now):
            by_source.setdefault(change.source, []).append(change)
        for source, changes in by_source.items():
            outbox_id = _enqueue(db, operator, source, changes, base_url, now)
            for change in changes:
                note_told(db, change.id, outbox_id=outbox_id, now=now)
    return list(by_source)


def announce_dead_letters(db: Database, operator: str, now: datetime) -> bool:
    """Put in one mail about the letters that were given up; False where the same ones have been told of already.

    Those to the operator are left out: a mail about them would go the same way.
    """
    dead = list(rows(db, _DEAD, [operator]))
    if not dead:
        return False
    more = f" … and {len(dead) - TOLD} more." if len(dead) > TOLD else ""
    mail = compose_notice(
        f"{len(dead)} {'mail' if len(dead) == 1 else 'mails'} could not be delivered",
        facts=[(letter["recipient"], f"{letter['subject']} ({letter['last_error']})") for letter in dead[:TOLD]],
        paragraphs=(
            f"These mails were given up.{more} What they tell stands in the database; nobody is told again by itself.",
            "When what kept them back is mended, `policywire alerts retry --all` makes them due again.",
        ),
    )
    return enqueue(
        db,
        key=message_key("dead", *(str(letter["id"]) for letter in dead)),
        recipient=operator,
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        due_at=now,
    )


TOLD = 20
"""Dead letters that a mail names, the newest first; all are counted."""

_DEAD = """
SELECT id, recipient, subject, last_error FROM outbox WHERE state = 'dead' AND recipient <> ? ORDER BY id DESC
"""


def _enqueue(
    db: Database, operator: str, source: str, changes: Sequence[Transition], base_url: str, now: datetime
) -> int | None:
    """The mail of what has changed of a source: its own newest change decides the headline, else that of a route."""
    whole = [change for change in changes if not change.route]
    main = (whole or list(changes))[-1]
    routes = {change.route: change for change in changes if change.route}
    health = next((one for one in source_health(db, now=utc(now)) if one["source"] == source), {})
    title = TITLES.get(source, source)
    mail = compose_notice(
        _headline(title, main, len(routes)),
        facts=[
            ("Since", _moment(main.verdict.since or main.at)),
            ("Before", main.before.replace("_", " ")),
            ("Expected", main.verdict.expected),
            ("Found", main.verdict.actual),
            ("Layout", main.verdict.layout),
            ("Selector", main.verdict.selector),
            ("Last good run", _moment(health.get("last_success_at")) or "never"),
            ("Newest article", _moment(health.get("last_article_at")) or "none"),
            ("Articles in 7 days", f"{health.get('articles_7d', 0)} (usual: {health.get('baseline_7d', 0)})"),
            ("Failed runs since", health.get("failures") or None),
        ],
        paragraphs=[
            *(main.verdict.reasons if main.after != "ok" else ()),
            *(_line(change) for change in list(routes.values())[:MOST_ROUTES] if change is not main),
            *([_TO_DO[main.after]] if main.after in _TO_DO else []),
        ],
        links=_links(main, source, base_url.rstrip("/")),
    )
    key = message_key("health", *(str(change.id) for change in changes))
    enqueue(db, key=key, recipient=operator, subject=mail.subject, text=mail.text, html=mail.html, due_at=now)
    return value(db, "SELECT id FROM outbox WHERE key = ? AND recipient = ?", [key, operator])  # type: ignore[no-any-return]


def _headline(title: str, main: Transition, routes: int) -> str:
    if not main.route:
        return f"{title} {_MEANING[main.after]}"
    more = f" (and {routes - 1} more routes)" if routes > 1 else ""
    return f"{title}: {main.route}{more} {_MEANING[main.after]}"


def _line(change: Transition) -> str:
    reasons = "; ".join(change.verdict.reasons)
    return f"{change.route} {_MEANING[change.after]}" + (f": {reasons}" if reasons and change.after != "ok" else "")


def _links(main: Transition, source: str, base_url: str) -> list[tuple[str, str]]:
    links = [("The source on the site", f"{base_url}/sources#{source}")]
    if main.after == "ok":
        return links
    for label, seen in (("Last good page", main.verdict.last_good), ("First bad page", main.verdict.first_bad)):
        if seen is not None:
            links += [(f"{label}, archived", f"{base_url}/archived/{seen.page}")] if seen.page else []
            links.append((label, seen.url))
    return links


def _moment(at: datetime | str | None) -> str | None:
    if at is None:
        return None
    moment = datetime.fromisoformat(at) if isinstance(at, str) else at
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
