"""A look, every minute, at what all stands on: disks, database, archive; and whether a crawl would be pointless."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from config import Config
from db.connection import APPLICATION_ID, explain
from jobs.alarm import Alarm
from jobs.book import Book
from jobs.faults import FAULTS, FULL, READ_ONLY, fault_of
from jobs.holders import end_writers_to_former_files, holder_of_the_write_lock, writers_to_former_files

LOOKED_FOR = frozenset(
    {
        "disk_low", "disk_full", "database_locked", "database_readonly", "database_missing", "database_replaced",
        "database_unusable", "archive_missing", "archive_readonly",
    }
)  # fmt: skip
"""What a look finds, and finds to be over; other faults are reported by whoever meets them."""
MARGIN = 1.1
"""A disk that was low has room again when this much more than the limit is free: no mail for every file."""
WAIT = 5.0
"""Seconds that a look waits for another writer."""
_NEARLY_NOTHING = 1 << 20
"""Bytes that are free on a disk on which SQLite's "disk I/O error" means that it is full."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Looks, and remembers in the book of faults."""

    config: Config
    book: Book
    alarm: Alarm | None = field(default=None)

    def round(self, now: datetime) -> None:
        """Look at everything, note it, tell the operator what is to be told."""
        self.look(now)
        if self.alarm is not None:
            self.alarm.tell(now)

    def look(self, now: datetime) -> dict[str, str]:
        """Look at everything; gives what was found, by the name of the fault."""
        page = self.book.read()
        storage = self.config.storage
        found = dict(self._disks("disk_low" in page.standing))
        archive = dict(_archive(storage.archive, page.archive))
        identity = page.database
        for name, detail in self._database(identity, now):
            found.setdefault(name, detail)
        if "database_missing" not in found:
            identity = identity_of(storage.database) or identity
        if "database_replaced" in page.standing and writers_to_former_files(storage.database):
            found.setdefault("database_replaced", page.standing["database_replaced"].detail)
        found |= archive
        among = LOOKED_FOR if "database_locked" not in found else LOOKED_FOR - {"disk_full", "database_readonly"}
        there = page.archive or storage.archive.is_dir()
        self.book.look(found, among, now, database=identity, archive=there)
        return found

    def hindrance(self, now: datetime) -> str | None:
        """Why a crawl would be pointless now; None where nothing stands in its way."""
        self.look(now)
        standing = [one for one in self.book.read().standing.values() if FAULTS[one.name].stops_crawls]
        return f"{FAULTS[standing[0].name].means}: {standing[0].detail}" if standing else None

    def heard(self, error: BaseException, now: datetime) -> bool:
        """A task has met this error: whether it shows a fault, which is noted."""
        fault = fault_of(error)
        if fault is not None:
            self.book.report(*fault, now)
        return fault is not None

    def _disks(self, was_low: bool) -> Iterator[tuple[str, str]]:
        storage, wanted = self.config.storage, self.config.storage.min_free_mib
        if was_low:
            wanted = int(wanted * MARGIN)
        low = []
        for folder in (storage.database.parent, storage.archive):  # copies see to their own disk
            free = _free(folder)
            if free is not None and free < wanted << 20:
                low.append(f"{folder} has {free >> 20:,} MiB free, {wanted:,} are wanted")
        if low:
            yield "disk_low", "; ".join(dict.fromkeys(low))

    def _database(self, known: str | None, now: datetime) -> Iterator[tuple[str, str]]:
        path = self.config.storage.database
        found = identity_of(path)
        if found is None:
            if known is not None:
                end_writers_to_former_files(path)
                yield "database_missing", f"{path} was there and is not any more"
            return
        if known is not None and found != known:
            end_writers_to_former_files(path)
            for name in ("database_damaged", "references_broken", "search_damaged"):  # that was the other file
                self.book.clear(name, now)
            if "database_missing" not in self.book.read().standing:  # that one is over, and says so
                yield "database_replaced", f"{path} is another file than before"
        try:
            _write_to(path)
        except sqlite3.Error as error:
            yield _meaning(error, path)
        except _NotOurs as error:
            yield "database_unusable", str(error)


class _NotOurs(Exception):
    pass


def _write_to(path: Path) -> None:
    """One small write, which shows what a large one would meet."""
    # not `open_database`: nothing is to be made, migrated or waited for long
    uri = f"file:{quote(str(path.absolute()))}?mode=rw"
    with closing(sqlite3.connect(uri, uri=True, timeout=WAIT, isolation_level=None)) as db:
        if db.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
            raise _NotOurs(f"{path} is no database of policywire")
        db.execute("PRAGMA synchronous = FULL")
        db.execute("BEGIN IMMEDIATE")
        db.execute("INSERT OR REPLACE INTO meta (key, value) VALUES ('looked_at', datetime('now'))")
        db.execute("COMMIT")


def _meaning(error: sqlite3.Error, path: Path) -> tuple[str, str]:
    code = getattr(error, "sqlite_errorname", "")
    if code.startswith(("SQLITE_IOERR", "SQLITE_CANTOPEN", "SQLITE_READONLY")):
        free = _free(path.parent)
        if free is not None and free < _NEARLY_NOTHING:
            return "disk_full", f"the disk of {path} is full"
        if not code.startswith("SQLITE_IOERR") and not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
            return "database_readonly", f"{path} or its folder cannot be written"
    known = fault_of(error)
    if known is None:
        return "database_unusable", str(explain(error, path))
    if known[0] == "database_locked":
        return known[0], f"{path} is held by {holder_of_the_write_lock(path)}"
    return known[0], str(explain(error, path))


def _archive(folder: Path, was_there: bool) -> Iterator[tuple[str, str]]:
    if not folder.is_dir():
        if was_there:
            yield "archive_missing", f"{folder} was there and is not any more"
        return
    probe = folder / ".policywire-probe"
    try:
        with probe.open("wb") as file:
            file.write(b"\0")
        probe.unlink()
    except OSError as error:
        if error.errno in FULL:
            yield "disk_full", f"{folder}: {error.strerror}"
        elif error.errno in READ_ONLY:
            yield "archive_readonly", f"{folder}: {error.strerror}"
        else:
            yield "archive_missing", f"{folder}: {error.strerror}"
    finally:
        with suppress(OSError):
            probe.unlink()


def identity_of(path: Path) -> str | None:
    """What tells a file from another one of the same name; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return f"{found.st_dev}:{found.st_ino}"


def _free(folder: Path) -> int | None:
    """Bytes that are free where the folder is, or is to be."""
    for place in (folder, *folder.absolute().parents):
        try:
            return shutil.disk_usage(place).free
        except OSError:
            continue
    return None
