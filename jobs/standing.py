"""Where faults of the machine and the scheduler's work meet: what waits while one stands, what a task's error shows."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlite_utils import Database

from db import DatabaseError, DatabaseFull, DatabaseLocked, ForeignDatabase, NewerSchema
from jobs.alarm import bars_the_outbox
from jobs.faults import FAULTS
from jobs.watch import Watch

LONGEST = timedelta(seconds=15)
"""Between two looks at whether what waits may begin."""


class Hindered(Exception):
    """A fault stands in the way of a task; it has been noted, and the task is tried again at its next time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What the scheduler stands on, watched."""

    watch: Watch
    stop: threading.Event
    pause: timedelta = LONGEST
    """Between two looks at whether what waits may begin."""
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def look(self) -> None:
        """A round of the watch."""
        self.watch.round(self.now())

    def hindrance(self) -> str | None:
        """Why a crawl would be pointless now; None where nothing stands in its way."""
        return self.watch.hindrance(self.now())

    def first_open(self, opening: Callable[[], Database]) -> Database | None:
        """The database, opened for the first time; None where we are to end before it can be.

        What passes, or worked before, is waited for, noted and told. Raises a DatabaseError where the configuration has
        to be changed.
        """
        while True:
            known = self.watch.book.read().database is not None
            try:
                return opening()
            except DatabaseError as error:
                if known:
                    self.look()
                if isinstance(error, ForeignDatabase | NewerSchema) or not (known or _passes(error)):
                    raise
                self.watch.heard(error, self.now())
            if self.stop.wait(self.pause.total_seconds()):
                return None

    def noting(self, work: Callable[[], object]) -> Callable[[], None]:
        """`work`, but not while the database cannot be used; what its errors show is noted. Both raise Hindered."""

        def noted() -> None:
            for one in self.watch.book.read().standing.values():
                if bars_the_outbox(one):
                    raise Hindered(FAULTS[one.name].means)
            try:
                work()
            except (DatabaseError, sqlite3.Error, OSError) as error:
                if self.watch.heard(error, self.now()):
                    raise Hindered(str(error)) from error
                raise

        return noted


def _passes(error: DatabaseError) -> bool:
    return isinstance(error, DatabaseFull | DatabaseLocked)
