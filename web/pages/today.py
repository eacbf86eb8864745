"""The first page in the morning: what is new, what was announced, who reacted, and whether the sources are well."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlite_utils import Database
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from db.accounts.seen import News, Place, Visit, horizon, mark_seen, new_reports, newest, visit_of, what_is_new
from db.connection import rows, value
from db.deciding.queue import queue_length
from db.health.view import source_health
from db.names import utc
from db.review import VOCABULARIES
from db.search import Hits, SearchError, find_policies, find_quotes
from db.weekly import announcements_by_action, quotes_by_role
from web.addresses import Address
from web.charts import chart
from web.desk import Desk
from web.forms import FormError, read_body
from web.labels import day_heading, of_action, since_when
from web.render import desk_of, page
from web.viewer import viewer_of
from web.visits import noting

_ANNOUNCEMENTS = 40
_MOST_NEW = 120
"""New reports on one page; who has been away for longer finds the others under all announcements."""
_BACKGROUND = 6
_EXECUTIVES = 4
_VOICES = 5
_REPORTS_READ = 12
"""Newest reports of an instrument in which people are looked for."""
_NAMED_ACTIONS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One instrument in the news."""

    lead: Mapping[str, Any]
    """The row of `policy_announcements` that is shown."""
    others: tuple[Mapping[str, Any], ...]
    """Further reports of the same instrument on this page."""
    voices: tuple[Mapping[str, Any], ...]
    """Quotes in articles that report it as news, one a speaker, executives first."""
    fresh: str
    """`new`; `new report` where only a further report of it is new; or nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """The stories of one day."""

    date: str
    heading: str
    stories: tuple[Story, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What is new, in one sentence."""

    since: str
    """When the last visit ended, in words; nothing: this is the first."""
    announcements: str
    """`12`, or `1,000+`; nothing: none."""
    actions: tuple[str, ...]
    quotes: str
    executives: str


def today(request: Request) -> Response:
    """Announcements in the news, newest first, 40 reports at a time; `?show=new`: what came since the last visit."""
    desk, viewer = desk_of(request), viewer_of(request).name
    now = desk.clock()
    after = request.query_params.get("after") or None
    with desk.reading() as db:
        visit, end = visit_of(db, viewer, now=now), newest(db)
        only_new = request.query_params.get("show") == "new" and visit.since_at is not None
        if only_new:
            news, after = Hits(rows=new_reports(db, visit, now=now, limit=_MOST_NEW), next=None), None
        else:
            news, after = _news(db, after)
        context: dict[str, Any] = {} if after else _beside(db, now)
        answer = page(
            "today.html",
            here="today",
            heading="Today" if after is None else "Earlier announcements",
            now=utc(now),
            digest=digest(what_is_new(db, visit, now=now), visit, now) if after is None else None,
            days=_by_day(_stories(db, news, visit, now), utc(now)),
            next=news.next,
            earlier=after is not None,
            only_new=only_new,
            shown=end,
            health=source_health(db, now=utc(now)),
            **context,
        )
    answer.background = noting(desk, viewer, visit, now=now, shown=end)
    return answer


async def seen(request: Request) -> Response:
    """Mark as seen all that the page had shown which sent the form."""
    try:
        sent = read_body(await request.body())
        shown = Place(policy=_whole(sent, "policy"), quote=_whole(sent, "quote"))
    except FormError as error:
        raise HTTPException(400, str(error)) from error
    await run_in_threadpool(_mark_seen, desk_of(request), viewer_of(request).name, shown)
    return RedirectResponse("/", 303)


def _mark_seen(desk: Desk, viewer: str, shown: Place) -> None:
    with desk.writing() as db:
        mark_seen(db, viewer, now=desk.clock(), shown=shown)


def _whole(sent: Mapping[str, str], name: str) -> int:
    held = sent.get(name, "")
    if not held.isascii() or not held.isdigit() or len(held) > 18:
        raise FormError(f"The field “{name}” is no number: open Today again and use its button.")
    return int(held)


def digest(news: News, visit: Visit, now: datetime) -> Digest:
    """The news as the sentence at the top."""
    actions = Counter(action for _instrument, action in news.announcements if action != "other")
    more = "+" if news.more else ""
    return Digest(
        since=since_when(visit.since_at, utc(now)) if visit.since_at else "",
        announcements=f"{len(news.announcements):,}{more}" if news.announcements else "",
        actions=tuple(of_action(action, number) for action, number in actions.most_common(_NAMED_ACTIONS)),
        quotes=f"{news.quotes:,}{more}" if news.quotes else "",
        executives=f"{news.executives:,}" if news.executives else "",
    )


def _beside(db: Database, now: datetime) -> dict[str, Any]:
    """What stands beside the news: charts, the queue, executives, background."""
    day = now.date()
    return {
        "charts": (
            (
                "Announcements a week, by action",
                chart(
                    announcements_by_action(db, VOCABULARIES["policy"]["action"], today=day),
                    name="action",
                    search={"in": "announcements", "salience": "news"},
                ),
            ),
            (
                "Quotes a week, by role",
                chart(
                    quotes_by_role(db, VOCABULARIES["quote"]["role"], today=day), name="role", search={"in": "quotes"}
                ),
            ),
        ),
        "waiting": queue_length(db),
        "executives": executives(db),
        "background": find_policies(db, salience="background", duplicates=False, limit=_BACKGROUND).rows,
    }


def executives(db: Database) -> tuple[Mapping[str, Any], ...]:
    """The newest words of executives, one quote a person."""
    heard: dict[str, Mapping[str, Any]] = {}
    for quote in find_quotes(db, role="executive", duplicates=False, limit=10 * _EXECUTIVES).rows:
        heard.setdefault(quote["person_id"] or quote["speaker"], quote)
    return tuple(heard.values())[:_EXECUTIVES]


def _news(db: Database, after: str | None) -> tuple[Hits, str | None]:
    """A page of the news, and the mark behind which it begins; from the top where the mark is none of ours."""
    try:
        return find_policies(db, salience="news", duplicates=False, limit=_ANNOUNCEMENTS, after=after), after
    except SearchError:
        return find_policies(db, salience="news", duplicates=False, limit=_ANNOUNCEMENTS), None


def _is_new(visit: Visit, now: datetime) -> Callable[[Mapping[str, Any]], bool]:
    since = horizon(visit, now=now)
    return lambda report: (
        visit.since_at is not None and report["seq"] > visit.since.policy and report["sort_at"] >= since
    )


def _stories(db: Database, news: Hits, visit: Visit, now: datetime) -> list[Story]:
    """The reports as stories, one an instrument, in the order in which they came."""
    is_new = _is_new(visit, now)
    grouped: dict[str, list[Mapping[str, Any]]] = {}
    for report in news.rows:
        grouped.setdefault(report["instrument_id"] or report["id"], []).append(report)
    return [
        Story(
            lead=_lead(reports),
            others=_others(reports),
            voices=_voices(db, instrument),
            fresh=_fresh(db, instrument, [one for one in reports if is_new(one)], visit.since.policy),
        )
        for instrument, reports in grouped.items()
    ]


def _fresh(db: Database, instrument: str, reports: list[Mapping[str, Any]], seen: int) -> str:
    """What of a story is new, by its new `reports`: all of it, or a further report of an instrument that was known."""
    if not reports:
        return ""
    return "new report" if value(db, _KNOWN, [instrument, seen]) else "new"


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
    for voice in rows(db, VOICES, {"instrument": instrument, "articles": _REPORTS_READ, "limit": 12 * _VOICES}):
        heard.setdefault(voice["person_id"] or voice["speaker"], voice)
    return tuple(heard.values())[:_VOICES]


def _by_day(found: Iterable[Story], now: str) -> list[Day]:
    def day_of(story: Story) -> str:
        return str(story.lead["published_at"] or story.lead["sort_at"])[:10]

    ordered = sorted(found, key=day_of, reverse=True)
    return [
        Day(date=day, heading=day_heading(day, now), stories=tuple(of_day)) for day, of_day in groupby(ordered, day_of)
    ]


VOICES = """
WITH reported AS (
  SELECT DISTINCT article_id FROM (
    SELECT p.article_id FROM policies AS p INDEXED BY policies_by_instrument
    WHERE p.instrument_id = :instrument AND p.salience = 'news' AND p.retired_at IS NULL
      AND p.review_state <> 'rejected'
    ORDER BY p.sort_at DESC, p.seq DESC LIMIT :articles))
SELECT q.id, q.article_id, q.text, q.kind, q.speaker, q.speaker_type, q.role, q.title, q.organization, q.person_id,
  q.article_title, q.source, q.published_at, q.review_state, q.language
FROM reported CROSS JOIN quotes_attributed AS q ON q.article_id = reported.article_id
WHERE q.duplicate_of IS NULL
ORDER BY CASE q.role WHEN 'executive' THEN 0 WHEN 'official' THEN 1 WHEN 'expert' THEN 2 ELSE 3 END, q.seq
LIMIT :limit
"""
"""Who was quoted in the newest `:articles` reports of an instrument, executives first."""
_KNOWN = "SELECT 1 FROM policies WHERE instrument_id = ? AND seq <= ? AND retired_at IS NULL LIMIT 1"


ADDRESSES = (Address("/", today), Address("/seen", seen, method="POST"))
