"""What is done once a week: the database is checked and tended, what has served is forgotten; and what that finds."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from db.connection import DatabaseError
from db.crawling.runs import close_lost_runs, finish_run, open_run
from db.tending import Findings, check, forget, merge_full_text, refresh_statistics, shorten_log
from jobs.book import Book
from logs import name_process

MERGING = timedelta(minutes=20)
"""How long the full text is merged at most; what is left is for next week."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """What a week's upkeep came to."""

    findings: Findings
    merged: int
    forgotten: int
    log_left: int
    """Bytes of the write-ahead log that a reader kept from being cut."""

    def __str__(self) -> str:
        said = [*_wrong(self.findings).values()] or ["nothing wrong"]
        if self.findings.unchecked:
            said.append(f"not checked while others write: {', '.join(self.findings.unchecked)}")
        said.append(f"full text merged in {self.merged} steps")
        said.append(f"{self.forgotten} rows forgotten")
        if self.log_left:
            said.append(f"{self.log_left:,} bytes of the log kept by a reader")
        return "; ".join(said)


def weekly_upkeep(db: Database, book: Book, *, now: Callable[[], datetime], stopping: Callable[[], bool]) -> Week:
    """Check and tend the database, note what is found in the book of faults, and the whole as a run `weekly`."""
    began = now()
    close_lost_runs(db, began)
    run = open_run(db, source=None, job="weekly", pid=os.getpid(), now=began)
    name_process(job="weekly", run=run)
    state, said = "failed", "it was ended"
    try:
        findings = check(db, thorough=False)
        note(book, findings, now())
        refresh_statistics(db)
        merged = merge_full_text(db, until=lambda: stopping() or now() - began > MERGING)
        forgotten = forget(db, now())
        log_left, _ = shorten_log(db)
        week = Week(findings=findings, merged=merged, forgotten=forgotten, log_left=log_left)
        state, said = "partial" if _wrong(findings) else "ok", str(week)
    except DatabaseError as error:
        said = str(error)
        raise
    finally:
        finish_run(db, run, state=state, reason=said, now=now())
    return week


def note(book: Book, findings: Findings, now: datetime) -> None:
    """Report what a check found; what it did not find is over."""
    wrong = _wrong(findings)
    for name in ("database_damaged", "references_broken", "search_damaged"):
        if name in wrong:
            book.report(name, wrong[name], now)
        elif name != "search_damaged" or not findings.unchecked:
            book.clear(name, now)


def _wrong(findings: Findings) -> dict[str, str]:
    found = {
        "database_damaged": findings.damaged,
        "references_broken": findings.dangling,
        "search_damaged": findings.search,
    }
    return {name: detail for name, detail in found.items() if detail is not None}
