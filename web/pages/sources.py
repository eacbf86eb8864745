"""How the sources are doing, what the last runs did, what waits for somebody to look at; a crawl to be run now."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from sqlite_utils import Database
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from db.bounded import COUNT_TO
from db.connection import value
from db.crawling.requests import ask_for_crawl, last_requests, running_crawls
from db.crawling.routes import issues_before, last_crawls, owed_of, routes_of, runs_before
from db.health.days import days_with_expected
from db.health.history import state_of, states_of_routes, transitions_of
from db.health.view import source_health
from db.issues import close_issue
from db.names import utc
from db.numbering import gap_lines
from db.status import needs_a_person
from pipeline.sources import TITLES
from web.addresses import Address
from web.days import day_chart
from web.forms import FormError, read_body
from web.render import desk_of, page
from web.viewer import viewer_of

_RUNS, _MORE_RUNS = 12, 50
_ISSUES, _MORE_ISSUES = 10, 50
_DAYS, _CHANGES = 28, 12
_UNHEARD = timedelta(seconds=30)
"""A request that nobody has taken up for so long: nobody runs crawls."""
_CURSOR = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ),(\d{1,18})")
_LONGEST_REASON = 500


def sources(request: Request) -> Response:
    """Health by source and route, what needs a person, leads, the newest runs and open issues."""
    desk = desk_of(request)
    now = desk.clock()
    with desk.reading() as db:
        health = source_health(db, now=utc(now))
        seen = {one["source"] for one in health}
        names = [one["source"] for one in health] + [name for name in TITLES if name not in seen]
        runs = runs_before(db, limit=_RUNS + 1)
        issues = issues_before(db, limit=_ISSUES + 1)
        return page(
            "sources.html",
            here="sources",
            heading="Sources",
            now=utc(now),
            sources=_cards(db, names, {one["source"]: one for one in health}, now),
            needs_a_person=needs_a_person(db, health, now),
            leads=gap_lines(db, since=now.year - 1),
            runs=_timed(runs[:_RUNS]),
            routes=routes_of(db, [run["id"] for run in runs[:_RUNS]]),
            older=_address("/sources/runs", before=runs[_RUNS - 1]["id"]) if len(runs) > _RUNS else None,
            issues=issues[:_ISSUES],
            more_issues=len(issues) > _ISSUES,
            may_close=viewer_of(request).may("reviewer"),
            may_run=viewer_of(request).may("admin"),
            count_to=COUNT_TO,
        )


def runs(request: Request) -> Response:
    """Runs of all sources, or of one, page by page."""
    source = _source(request)
    before = request.query_params.get("before", "")
    at = int(before) if re.fullmatch(r"[0-9]{1,18}", before) else None
    with desk_of(request).reading() as db:
        found = runs_before(db, before=at, source=source, limit=_MORE_RUNS + 1)
        shown = found[:_MORE_RUNS]
        return page(
            "runs.html",
            here="sources",
            heading="Runs",
            source=source,
            known=TITLES,
            runs=_timed(shown),
            routes=routes_of(db, [run["id"] for run in shown]),
            first=at is None,
            older=_address("/sources/runs", source=source, before=shown[-1]["id"]) if len(found) > len(shown) else None,
        )


def issues(request: Request) -> Response:
    """Open issues, or closed ones, of all sources or of one, page by page."""
    source = _source(request)
    closed = request.query_params.get("closed") == "1"
    cursor = _CURSOR.fullmatch(request.query_params.get("before", ""))
    before = (cursor[1], int(cursor[2])) if cursor else None
    with desk_of(request).reading() as db:
        found = issues_before(db, closed=closed, source=source, before=before, limit=_MORE_ISSUES + 1)
    shown = found[:_MORE_ISSUES]
    last = f"{shown[-1]['closed_at' if closed else 'last_seen_at']},{shown[-1]['id']}" if shown else None
    given = {"source": source, "closed": "1" if closed else None}
    return page(
        "issues.html",
        here="sources",
        heading="Closed issues" if closed else "Open issues",
        source=source,
        known=TITLES,
        closed=closed,
        issues=shown,
        first=before is None,
        older=_address("/sources/issues", **given, before=last) if len(found) > len(shown) else None,
        may_close=viewer_of(request).may("reviewer"),
    )


async def run_now(request: Request) -> Response:
    """Ask for a crawl of the source, which `policywire run` or `serve` takes up; nothing where one runs already."""
    source = request.path_params["source"]
    if source not in TITLES:
        raise HTTPException(404, "There is no such source.")
    await run_in_threadpool(_ask, request, source)
    return RedirectResponse(f"/sources#{source}", 303)


async def close(request: Request) -> Response:
    """Close an issue by hand; a reason must be given."""
    try:
        entered = read_body(await request.body())
    except FormError as error:
        raise HTTPException(400, str(error)) from error
    reason = " ".join(entered.get("reason", "").split())[:_LONGEST_REASON]
    if not reason:
        raise HTTPException(400, "Say why the issue is closed: whoever sees it again will want to know.")
    number = request.path_params["id"]
    if not re.fullmatch(r"[0-9]{1,18}", number):
        raise HTTPException(404, "There is no such issue.")
    if not await run_in_threadpool(_close, request, int(number), reason):
        raise HTTPException(404, "There is no such open issue: it may have been closed in the meantime.")
    return RedirectResponse("/sources/issues", 303)


def healthz(request: Request) -> Response:
    """`{"status": "ok"}` while the database can be read; else the error page's status, 503."""
    with desk_of(request).reading() as db:
        value(db, "SELECT count(*) FROM _sqlite_migrations")
    return JSONResponse({"status": "ok"})


def _ask(request: Request, source: str) -> None:
    desk = desk_of(request)
    with desk.writing() as db:
        ask_for_crawl(db, source, by=viewer_of(request).name, now=desk.clock())


def _close(request: Request, number: int, reason: str) -> bool:
    desk = desk_of(request)
    with desk.writing() as db:
        return close_issue(db, number, by=viewer_of(request).name, reason=reason, now=desk.clock())


def _cards(
    db: Database, names: Sequence[str], health: Mapping[str, dict[str, Any]], now: datetime
) -> list[dict[str, Any]]:
    """What is shown of each source, those that were never crawled too."""
    crawls = last_crawls(db, names)
    routes = routes_of(db, [crawl["id"] for crawl in crawls.values()])
    asked, running = last_requests(db), running_crawls(db)
    return [
        {
            "name": name,
            "health": health.get(name),
            "owed": owed_of(db, name),
            "chart": day_chart(*days_with_expected(db, name, now, days=_DAYS)),
            "standing": state_of(db, name),
            "changes": transitions_of(db, name, limit=_CHANGES),
            "standings": states_of_routes(db, name),
            "crawl": crawls.get(name),
            "routes": routes.get(crawls[name]["id"], []) if name in crawls else [],
            "running": running.get(name),
            "request": _request(asked.get(name), now),
        }
        for name in names
    ]


def _request(found: dict[str, Any] | None, now: datetime) -> dict[str, Any] | None:
    """The newest request, with what became of it in a word: `waiting`, `unheard`, `taken`, or how it ended."""
    if found is None:
        return None
    if found["ended"]:
        state = found["ended"]
    elif found["taken_at"]:
        state = "taken"
    else:
        state = "unheard" if found["asked_at"] < utc(now - _UNHEARD) else "waiting"
    return {**found, "state": state}


def _timed(runs: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The runs with how long they took, in words."""
    return [{**run, "took": _took(run["started_at"], run["finished_at"])} for run in runs]


def _took(started: str, finished: str | None) -> str:
    if finished is None:
        return ""
    seconds = int((datetime.fromisoformat(finished) - datetime.fromisoformat(started)).total_seconds())
    if seconds < 100:
        return f"{seconds} s"
    return f"{round(seconds / 60)} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"


def _source(request: Request) -> str | None:
    given = request.query_params.get("source", "")
    if given and given not in TITLES:
        raise HTTPException(404, "There is no such source.")
    return given or None


def _address(path: str, **parameters: Any) -> str:
    given = {name: held for name, held in parameters.items() if held is not None}
    return f"{path}?{urlencode(given)}" if given else path


ADDRESSES = (
    Address("/sources", sources),
    Address("/sources/runs", runs),
    Address("/sources/issues", issues),
    Address("/sources/issues/{id}/close", close, role="reviewer", method="POST"),
    Address("/sources/{source}/run", run_now, role="admin", method="POST"),
    Address("/healthz", healthz, role="anyone"),
)
