"""The first page in the morning: what was announced, who was quoted on it, and whether the sources are well."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlite_utils import Database
from starlette.requests import Request
from starlette.responses import Response

from db.connection import rows
from db.health import source_health
from db.names import utc
from db.review import queue_length
from db.search import Hits, SearchError, find_policies, find_quotes
from web.addresses import Address
from web.render import desk_of, page

_ANNOUNCEMENTS = 40
_BACKGROUND = 8
_EXECUTIVES = 6
_VOICES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One instrument in the news."""

    lead: Mapping[str, Any]
    """The row of `policy_announcements` that is shown."""
    others: tuple[Mapping[str, Any], ...]
    """Further reports of the same instrument on this page."""
    voices: tuple[Mapping[str, Any], ...]
    """Quotes in articles that report it as news, one a speaker, executives first."""


def today(request: Request) -> Response:
    """Announcements in the news, newest first, 40 reports at a time."""
    desk = desk_of(request)
    after = request.query_params.get("after") or None
    now = desk.clock()
    with desk.reading() as db:
        try:
            news = find_policies(db, salience="news", duplicates=False, limit=_ANNOUNCEMENTS, after=after)
        except SearchError:
            news, after = find_policies(db, salience="news", duplicates=False, limit=_ANNOUNCEMENTS), None
        return page(
            "today.html",
            here="today",
            heading="Today" if after is None else "Earlier announcements",
            now=utc(now),
            days=_by_day(stories(db, news)),
            next=news.next,
            earlier=after is not None,
            background=()
            if after
            else find_policies(db, salience="background", duplicates=False, limit=_BACKGROUND).rows,
            executives=() if after else executives(db),
            health=source_health(db, now=utc(now)),
            waiting=queue_length(db),
        )


def executives(db: Database) -> tuple[Mapping[str, Any], ...]:
    """The newest words of executives, one quote a person."""
    heard: dict[str, Mapping[str, Any]] = {}
    for quote in find_quotes(db, role="executive", duplicates=False, limit=10 * _EXECUTIVES).rows:
        heard.setdefault(quote["person_id"] or quote["speaker"], quote)
    return tuple(heard.values())[:_EXECUTIVES]


def stories(db: Database, news: Hits) -> list[Story]:
    """The reports as stories, one an instrument, in the order in which they came."""
    grouped: dict[str, list[Mapping[str, Any]]] = {}
    for report in news.rows:
        grouped.setdefault(report["instrument_id"] or report["id"], []).append(report)
    return [
        Story(lead=_lead(reports), others=_others(reports), voices=_voices(db, instrument))
        for instrument, reports in grouped.items()
    ]


def _lead(reports: list[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The report that says most: one with a number before one without, else the newest."""
    return next((report for report in reports if report["number"]), reports[0])


def _others(reports: list[Mapping[str, Any]]) -> tuple[Mapping[str, Any], ...]:
    by_article: dict[str, Mapping[str, Any]] = {}
    for report in reports:
        by_article.setdefault(report["article_id"], report)
    del by_article[_lead(reports)["article_id"]]
    return tuple(by_article.values())


def _voices(db: Database, instrument: str) -> tuple[Mapping[str, Any], ...]:
    heard: dict[str, Mapping[str, Any]] = {}
    for voice in rows(db, VOICES, {"instrument": instrument, "limit": 60}):
        heard.setdefault(voice["person_id"] or voice["speaker"], voice)
    return tuple(heard.values())[:_VOICES]


def _by_day(found: Iterable[Story]) -> list[tuple[str, list[Story]]]:
    def day_of(story: Story) -> str:
        return str(story.lead["published_at"] or story.lead["sort_at"])[:10]

    ordered = sorted(found, key=day_of, reverse=True)
    return [(day, list(of_day)) for day, of_day in groupby(ordered, key=day_of)]


VOICES = """
SELECT q.id, q.article_id, q.text, q.kind, q.speaker, q.speaker_type, q.role, q.title, q.organization, q.person_id,
  q.article_title, q.source, q.published_at, q.review_state, q.language
FROM policy_reactions AS r JOIN quotes_attributed AS q ON q.id = r.quote_id
WHERE r.instrument_id = :instrument AND q.duplicate_of IS NULL
ORDER BY CASE q.role WHEN 'executive' THEN 0 WHEN 'official' THEN 1 WHEN 'expert' THEN 2 ELSE 3 END, q.seq
LIMIT :limit
"""


ADDRESSES = (Address("/", today),)
