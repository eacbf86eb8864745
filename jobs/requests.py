"""Crawls that are asked for on the site: taken up within a second, each run in a thread of its own."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import cast

from sqlite_utils import Database

from config import Job
from db import DatabaseError
from db.crawling.requests import Ending, Request, take_request
from jobs.crawls import limits_of, reason
from jobs.desk import Desk
from jobs.leash import NOT_STARTED
from jobs.supervise import ChildReport, supervise
from jobs.watch import identity_of

log = logging.getLogger(__name__)

REQUESTS_EVERY = 1.0
"""Seconds between two looks at what is asked for on the site."""
LONGEST_PAUSE = 15.0
"""Seconds to which that grows while the database cannot be used."""
_REFUSED = 2
"""Exit status of a command that could not begin, such as a crawl beside another of its source."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedCrawl:
    """How a crawl that was asked for is run."""

    command: Sequence[str]
    job: Job
    """Its limits."""


def heed_requests(desk: Desk, crawl_of: Callable[[str], AskedCrawl | str], *, patience: timedelta) -> None:
    """Run the crawls that are asked for on the site, each in a thread of its own, until `desk.stop` is set.

    `crawl_of(source)` says how, or why not. With `patience` another process gets the first chance to take one up.
    """
    crawls: list[threading.Thread] = []
    db: Database | None = None
    opened: str | None = None
    pause = REQUESTS_EVERY
    while not desk.stop.wait(pause):
        try:
            now_at = identity_of(desk.config.storage.database)
            if db is not None and now_at != opened:  # another file, or none, stands where the open one was
                db.close()
                db = None
            if db is None:
                db, opened = desk.open(), now_at
            request = take_request(db, now=datetime.now(UTC), patience=patience)
        except (DatabaseError, sqlite3.Error) as error:
            # locked, full, moved away for a moment: the request stands, and is looked for again; the watch tells of it
            log.debug("requests cannot be read", extra={"why": str(error)})
            pause = min(pause * 2, LONGEST_PAUSE)
            continue
        pause = REQUESTS_EVERY
        if request is None:
            continue
        crawl = crawl_of(request.source)
        if isinstance(crawl, str):
            _end(desk, request, "refused", crawl)
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
    database = desk.config.storage.database
    ended: Ending = "lost"
    detail: str | None = "it could not be started; the log says why"
    try:
        report = supervise(crawl.command, limits_of(crawl.job, database), desk.stop, desk=str(database.resolve()))
        ended, detail = _ending(report, crawl.job)
        desk.close_lost()
        desk.judge_sources()
    except (OSError, DatabaseError, sqlite3.Error) as error:
        log.warning("what a crawl leaves cannot be put in order", extra={"asked": request.id, "why": str(error)})
    finally:
        _end(desk, request, ended, detail)
    log.info("crawl ended", extra={"source": request.source, "ended": ended, "asked": request.id})


def _ending(report: ChildReport, job: Job) -> tuple[Ending, str | None]:
    """How a crawl ended in the words of a request, which has fewer of them."""
    if report.returncode == _REFUSED:
        return "refused", "it could not begin; the log says why"
    if report.returncode == NOT_STARTED:
        return "lost", "it could not be started; the log says why"
    if report.ended in ("done", "timeout", "stopped"):
        return cast("Ending", report.ended), None
    return "lost", reason(report, job)


def _end(desk: Desk, request: Request, ended: Ending, detail: str | None) -> None:
    """Write down how a request ended; a database that cannot be written is waited for until the program ends."""
    pause = REQUESTS_EVERY
    while True:
        try:
            return desk.end_request(request, ended, detail)
        except (DatabaseError, sqlite3.Error) as error:
            log.warning("how a request ended cannot be noted", extra={"asked": request.id, "why": str(error)})
        if desk.stop.wait(pause):
            return None  # the next program finds that we are gone
        pause = min(pause * 2, LONGEST_PAUSE)
