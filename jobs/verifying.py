"""A night's piece of the archive, verified: what is found stands as a fault, and the whole as a run `verify`."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime

from sqlite_utils import Database

from archive.warc import Archive
from db.connection import DatabaseError
from db.crawling.runs import close_lost_runs, finish_run, open_run
from ingest.verifying import Verified, verify_some
from jobs.book import Book
from logs import name_process

_TOLD = 5
"""Files that the fault names; all are counted."""


def verify_archive(
    archive: Archive, db: Database, book: Book, *, most: int, now: datetime, stopping: Callable[[], bool]
) -> Verified:
    """Verify at most so many bytes. A file that turns wrong is told of once more, where others were wrong before."""
    close_lost_runs(db, now)
    run = open_run(db, source=None, job="verify", pid=os.getpid(), now=now)
    name_process(job="verify", run=run)
    state, said = "failed", "it was ended"
    try:
        done = verify_some(archive, db, most=most, now=now, stopping=stopping)
        state = "partial" if done.wrong else "ok"
        said = f"{done.files} files, {done.size:,} bytes; {len(done.wrong)} files are wrong"
    except DatabaseError as error:
        said = str(error)
        raise
    finally:
        finish_run(db, run, state=state, reason=said, now=datetime.now(now.tzinfo))
    if done.wrong:
        more = f" … and {len(done.wrong) - _TOLD} more" if len(done.wrong) > _TOLD else ""
        book.report("archive_damaged", "; ".join(done.wrong[:_TOLD]) + more, now, worse=bool(done.newly))
    else:
        book.clear("archive_damaged", now)
    return done
