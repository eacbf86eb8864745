"""What can be wrong with the machine under us, by name: what it means, what a person does, and what waits meanwhile."""

from __future__ import annotations

import errno
import sqlite3
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType

from db.connection import (
    DatabaseDamaged,
    DatabaseError,
    DatabaseFull,
    DatabaseLocked,
    DatabaseMissing,
    DatabaseReadOnly,
    explain,
)

AT_ONCE = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that can be wrong; docs/upkeep.md has them all."""

    means: str
    """As a headline: what is the matter."""
    to_do: str
    """What a person does about it."""
    over: str
    """As a headline: that it is over."""
    stops_crawls: bool = False
    """Whether a crawl would be pointless, or do harm: none is begun until it is over."""
    patience: timedelta = AT_ONCE
    """How long it stands before the operator hears of it."""
    by_mail: bool = True
    """False where no mail can tell of it while it stands: the operator hears once it is over."""


FAULTS = MappingProxyType(
    {
        "disk_full": Fault(
            means="a disk is full",
            to_do="Make room: nothing can be stored. Crawls go on by themselves once there is.",
            over="the disk can be written again",
            stops_crawls=True,
        ),
        "disk_low": Fault(
            means="a disk is nearly full",
            to_do="Make room, or move what grows to another disk. No crawl is begun until there is room again.",
            over="the disk has room again",
            stops_crawls=True,
        ),
        "database_locked": Fault(
            means="the database is held by another process",
            to_do="End the process that is named, or the session that somebody left open in it.",
            over="the database is free again",
            stops_crawls=True,
            patience=timedelta(minutes=2),
        ),
        "database_readonly": Fault(
            means="the database cannot be written",
            to_do="Look at the permissions of the file and its folder, and whether the disk is mounted read-only.",
            over="the database can be written again",
            stops_crawls=True,
        ),
        "database_missing": Fault(
            means="the database has gone",
            to_do="Restore the newest copy (docs/upkeep.md). None is made anew unless `policywire crawl` is run.",
            over="there is a database again",
            stops_crawls=True,
        ),
        "database_replaced": Fault(
            means="the database was replaced by another file",
            to_do="Nothing, if it was restored: crawls that wrote to the old file were ended. Else ask who did it.",
            over="the new database is in use",
        ),
        "database_damaged": Fault(
            means="the database is damaged",
            to_do="Restore the newest copy (docs/upkeep.md). `policywire upkeep check` looks again.",
            over="the database is whole",
            stops_crawls=True,
        ),
        "database_unusable": Fault(
            means="the database cannot be used",
            to_do="The detail says why; `policywire status` says the same and ends with status 2 until it is mended.",
            over="the database can be used again",
            stops_crawls=True,
        ),
        "references_broken": Fault(
            means="rows of the database point at rows that are not there",
            to_do="Nothing is lost by waiting; the detail names a row. `policywire upkeep check` looks again.",
            over="all rows of the database point at rows",
        ),
        "search_damaged": Fault(
            means="the full-text index does not agree with what is stored",
            to_do="Stop the scheduler and run `policywire upkeep search`: it is made anew from the rows.",
            over="the full-text index agrees with what is stored",
        ),
        "archive_missing": Fault(
            means="the folder of the archive has gone",
            to_do="Mount or restore it. To go on without the pages that were in it, make an empty folder in its place.",
            over="the folder of the archive is there again",
            stops_crawls=True,
        ),
        "archive_readonly": Fault(
            means="the archive cannot be written",
            to_do="Look at owner and permissions of the folder, and whether the disk is mounted read-only.",
            over="the archive can be written again",
            stops_crawls=True,
        ),
        "archive_damaged": Fault(
            means="files of the archive are missing or damaged",
            to_do="Restore the files that are named from the mirror; `policywire upkeep archive` looks again.",
            over="the archive is whole",
        ),
        "mail_unusable": Fault(
            means="the mail server could not be used",
            to_do="Look at [mail] in the configuration, the password and the server's log. Mails wait.",
            over="the mail server can be used again",
            patience=timedelta(minutes=10),
            by_mail=False,
        ),
        "clock_jumped": Fault(
            means="the clock of the machine was set",
            to_do="See that the time is kept by NTP; what was due meanwhile is caught up once.",
            over="the clock has gone evenly",
        ),
        "job_stuck": Fault(
            means="a job of the scheduler has been at work for too long",
            to_do="The detail says which. It is not begun again until it ends; restart the scheduler if it does not.",
            over="no job is stuck any more",
        ),
        "backup_failed": Fault(
            means="the nightly copy was not made",
            to_do="The detail says why; `policywire upkeep backup` makes one now. Earlier copies are as they were.",
            over="the nightly copy was made",
        ),
        "upkeep_failed": Fault(
            means="the upkeep did not come to its end",
            to_do="The detail says which, and why; it is tried again at its next time, or by `policywire upkeep`.",
            over="the upkeep came to its end",
        ),
    }
)

FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
READ_ONLY = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})


def fault_of(error: BaseException) -> tuple[str, str] | None:
    """The fault that an error of a task shows, and its detail in one line; None for any other error."""
    if isinstance(error, sqlite3.Error):
        error = explain(error, "the database")
    if isinstance(error, OSError):
        return ("disk_full", f"{error.filename or 'a file'}: {error.strerror}") if error.errno in FULL else None
    for kind, name in _KINDS:
        if isinstance(error, kind):
            return name, str(error)
    return None


_KINDS: tuple[tuple[type[DatabaseError], str], ...] = (
    (DatabaseFull, "disk_full"),
    (DatabaseLocked, "database_locked"),
    (DatabaseReadOnly, "database_readonly"),
    (DatabaseDamaged, "database_damaged"),
    (DatabaseMissing, "database_missing"),
)
