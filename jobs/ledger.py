"""How each job stands, in memory first and in the database as soon as that can be written: a database that is locked,
full or gone keeps nothing from being planned."""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Collection
from contextlib import closing
from dataclasses import dataclass, field

from sqlite_utils import Database

from db import DatabaseError
from db.job_states import JobState, forget_others, save, states

log = logging.getLogger(__name__)

OWN = frozenset({"scheduler", "clock"})
"""Rows that are no jobs."""
_PEACE = 10.0
"""Seconds without a try after the database could not be written."""


@dataclass(slots=True)
class Ledger:
    """The rows of `job_states`; may be used from several threads."""

    open: Callable[[], Database]
    monotonic: Callable[[], float] = time.monotonic
    loaded: bool = False
    _states: dict[str, JobState] = field(default_factory=dict)
    _unsaved: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _saving: bool = False
    _failed_at: float | None = None

    def load(self, names: Collection[str]) -> None:
        """Read what the last scheduler left; rows of jobs that are planned no more go. Raises DatabaseError."""
        with closing(self.open()) as db:
            forget_others(db, {*names, *OWN})
            self._states = {state.name: state for state in states(db)}
        self.loaded = True

    def get(self, name: str) -> JobState:
        """How a job stands."""
        with self._lock:
            return self._states.get(name) or JobState(name=name)

    def put(self, state: JobState) -> JobState:
        """Keep a row, and save it with those that could not be saved before."""
        with self._lock:
            self._states[state.name] = state
            self._unsaved.add(state.name)
        self.save()
        return state

    def save(self) -> None:
        """Write what has not been written yet. What cannot be is tried again with a later row, and holds up no job."""
        while due := self._due():
            try:
                with closing(self.open()) as db:
                    for state in due:
                        save(db, state)
            except (DatabaseError, sqlite3.Error) as error:
                with self._lock:
                    told, self._saving = self._failed_at is not None, False
                    self._failed_at = self.monotonic()
                if not told:
                    log.warning("job states cannot be saved", extra={"waiting": len(due), "why": str(error)})
                return
            except BaseException:
                self._saving = False
                raise
            with self._lock:
                self._saving, self._failed_at = False, None
                self._unsaved -= {state.name for state in due if self._states[state.name] is state}

    def _due(self) -> list[JobState]:
        """What this thread is to write; nothing while another one writes, for that takes it up when it is done."""
        with self._lock:
            if self._saving or (self._failed_at is not None and self.monotonic() - self._failed_at < _PEACE):
                return []
            self._saving = bool(self._unsaved)
            return [self._states[name] for name in self._unsaved]
