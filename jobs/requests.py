"""Crawls that are asked for on the site: taken up within a second, each run in a thread of its own."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlite_utils import Database

from db import DatabaseError
from db.crawling.requests import Ending, Request, take_request
from jobs.desk import Desk
from jobs.supervise import supervise
from jobs.watch import identity_of

log = logging.getLogger(__name__)

REQUESTS_EVERY = 1.0
"""Seconds between two looks at what is asked for on the site."""
UNREADABLE_EVERY = 15.0
"""Seconds of peace where they cannot be read."""
_REFUSED = 2
"""Exit status of a command that could not begin, such as a crawl beside another of its source."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedCrawl:
    """How a crawl that was asked for is run."""

    command: Sequence[str]
    timeout: timedelta


def heed_requests(desk: Desk, crawl_of: Callable[[str], AskedCrawl | str], *, patience: timedelta) -> None:
    """Run the crawls that are asked for on the site, each in a thread of its own, until `desk.stop` is set.

    `crawl_of(source)` says how, or why not. With `patience` another process gets the first chance to take one up.
    """
    crawls: list[threading.Thread] = []
    db: Database | None = None
    opened: str | None = None
    while not desk.stop.wait(REQUESTS_EVERY):
        try:
            now_at = identity_of(desk.config.storage.database)
            if db is not None and now_at != opened:  # another file, or none, stands where the open one was
                db.close()
                db = None
            if db is None:
                db, opened = desk.open(), now_at
            request = take_request(db, now=datetime.now(UTC), patience=patience)
        except (DatabaseError, sqlite3.Error):
            # locked, full, moved away for a moment: the request stands, and is looked for again; the watch tells of it
            log.debug("requests cannot be read", exc_info=True)
            desk.stop.wait(UNREADABLE_EVERY)
            continue
        if request is None:
            continue
        crawl = crawl_of(request.source)
        if isinstance(crawl, str):
            desk.end_request(request, "refused", crawl)
            continue
        crawls = [one for one in crawls if one.is_alive()]
        crawls.append(threading.Thread(target=_asked, args=(desk, request, crawl), name=f"asked-{request.source}"))
        crawls[-1].start()
    for one in crawls:
        one.join()
    if db is not None:
        db.close()


def _asked(desk: Desk, request: Request, crawl: AskedCrawl) -> None:
    log.info("crawl started", extra={"source": request.source, "asked": request.id})
    ended: Ending = "lost"
    detail: str | None = "it could not be started; the log says why"
    try:
        report = supervise(crawl.command, crawl.timeout, desk.stop)
        ended, detail = report.ended, None
        if report.returncode == _REFUSED:
            ended, detail = "refused", "it could not begin; the log says why"
        desk.after_crawl(request.source, report)
    except (OSError, DatabaseError):
        log.exception("crawl could not be run", extra={"source": request.source, "asked": request.id})
    finally:
        desk.end_request(request, ended, detail)
    log.info("crawl ended", extra={"source": request.source, "ended": ended, "asked": request.id})
