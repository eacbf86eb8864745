"""The archive verified a piece a night: every record of closed files, their index, and what the database says of them.

The file that was verified longest ago is next; one that is larger than a night's piece is gone on with in the next.
What is in memory does not grow with a file. `archive verify` does more at once: it also looks for pages without a row.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from sqlite_utils import Database

from archive.entries import entries_of, line_of
from archive.files import day_and_number
from archive.index import Lines, index_of, is_settled
from archive.members import members
from archive.records import DamagedRecord, page_in
from archive.verify import wrong_in
from archive.warc import Archive
from db.crawling.archived import files_with_pages
from db.crawling.verified import (
    Pass,
    Wrong,
    end_pass,
    keep_pass,
    next_file,
    note_files,
    noted_files,
    rows_between,
    set_found,
    set_missing,
    wrong_files,
)
from pipeline.model import ArchiveRef

WINDOW = 500
"""Records that are held against the database at a time."""
KEEP_EVERY = 64 << 20
"""Bytes after which it is noted how far a file is: what a kill costs."""
_END = 1 << 62
_SUM = 1 << 128


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What a night's piece came to."""

    files: int
    """Files that were read to their end."""
    size: int
    """Bytes that were read."""
    wrong: tuple[str, ...]
    """A line for each file of which something is wrong."""
    newly: tuple[str, ...]
    """Names of those that were not known to be."""


def verify_some(
    archive: Archive, db: Database, *, most: int, now: datetime, stopping: Callable[[], bool] = lambda: False
) -> Verified:
    """Verify files, those longest ago first, until `most` bytes are read or all are verified. Only the database is
    written to."""
    before = {found["name"] for found in wrong_files(db)}
    _look_for_files(archive, db, now)
    files = size = 0
    while size < most and not stopping():
        turn = next_file(db, now)
        if turn is None:
            break
        reading = _Reading(archive=archive, db=db, turn=turn, now=now)
        ended = reading.go_on(most - size, stopping)
        size += reading.read
        files += ended
        if not ended and reading.read == 0:
            break  # a record larger than what is left of the night
    wrong = wrong_files(db)
    return Verified(
        files=files,
        size=size,
        wrong=tuple(f"{found['name']}: {found['state']}: {found['detail']}" for found in wrong),
        newly=tuple(found["name"] for found in wrong if found["name"] not in before),
    )


def _look_for_files(archive: Archive, db: Database, now: datetime) -> None:
    """Note new files that are closed, those that have gone, and those that are there again."""
    there = {str(path.relative_to(archive.folder)) for path in archive.paths()}
    today = now.astimezone(UTC).date().isoformat()
    closed = {name for name in there if (day_and_number(name) or ("", 0))[0] < today}
    gone = {name for name in files_with_pages(db) if name not in there}
    note_files(db, sorted(closed | gone))
    for name, state in noted_files(db):
        if name not in there and state != "missing":
            known = "1,000 or more" if len(rows := _some_rows(db, name)) >= 1000 else str(len(rows))
            set_missing(db, name, f"the file is gone, and with it {known} pages that the database knows")
        elif name in there and state == "missing":
            set_found(db, name)


def _some_rows(db: Database, name: str) -> list[object]:
    sql = "SELECT 1 FROM pages WHERE warc_file = ? LIMIT 1000"
    return db.conn.execute(sql, [name]).fetchall()


class _Reading:
    """One file being read, from where it was left."""

    def __init__(self, *, archive: Archive, db: Database, turn: dict[str, object], now: datetime) -> None:
        self.db = db
        self.now = now
        self.name = str(turn["name"])
        self.path = archive.folder / self.name
        self.before = (turn["size"], turn["digest"], turn["verified_at"])
        """Size and digest when it was last good, and when that was."""
        self.at = Pass(**{name: turn[name] for name in Pass.__dataclass_fields__})  # type: ignore[arg-type]
        self.read = 0
        self._window: dict[int, tuple[str, int, int, int]] = {}
        """What records of pages say of themselves, by offset, that are still to be held against the database."""
        self._window_from = self.at.position

    def go_on(self, most: int, stopping: Callable[[], bool]) -> bool:
        """Read at most so many bytes; whether the file has been read to its end."""
        try:
            with self.path.open("rb") as file, self.path.open("rb") as raw:
                size = file.seek(0, os.SEEK_END)
                if size < self.at.position:
                    self._begin_anew()
                ended = self._records(file, raw, size, most, stopping)
                if not ended:
                    self._compare_window(self.at.position)
                    keep_pass(self.db, self.name, self.at)
                    return False
                self._judge_end(size)
        except OSError as error:
            self._wrong("unreadable", f"it cannot be read ({error.strerror or error})")
            size = self.at.position
        end_pass(self.db, self.name, self.at, size=size, now=self.now)
        return True

    def _begin_anew(self) -> None:
        self.at = Pass()
        self._window_from = 0

    def _records(self, file: IO[bytes], raw: IO[bytes], size: int, most: int, stopping: Callable[[], bool]) -> bool:
        kept = self.at.position
        for offset, end, content in members(file, self.at.position):
            if end > size:
                break
            if self.read >= most or stopping():
                return False
            if offset != self.at.position:
                self._wrong("damaged", f"{offset - self.at.position} bytes at {self.at.position} hold no record")
            self._record(offset, end, content)
            self._digest(raw, end)
            if len(self._window) >= WINDOW:
                self._compare_window(end)
            if end - kept >= KEEP_EVERY:
                self._compare_window(end)
                keep_pass(self.db, self.name, self.at)
                kept = end
        return True

    def _record(self, offset: int, end: int, content: bytes) -> None:
        wrong = wrong_in(content)
        if wrong is not None:
            self._wrong("damaged", f"the record at {offset}: {wrong}")
            return
        try:
            page = page_in(content, f"{self.name}:{offset}")
        except DamagedRecord as error:
            self._wrong("damaged", str(error))
            return
        if page is None:
            return
        ref = ArchiveRef(file=self.name, offset=offset, length=end - offset)
        self._window[offset] = (page.url, page.status, len(page.body), ref.length)
        total = int(self.at.lines, 16) + sum(_number(line_of(entry)) for entry in entries_of(page, ref))
        self.at.lines = f"{total % _SUM:x}"

    def _digest(self, raw: IO[bytes], end: int) -> None:
        """Take the bytes up to `end` into the chain, and compare it where the file ended when it was last good."""
        begin, self.at.position = self.at.position, end
        raw.seek(begin)
        digest = hashlib.blake2b(bytes.fromhex(self.at.chain), digest_size=16)
        digest.update(raw.read(end - begin))
        self.at.chain = digest.hexdigest()
        self.read += end - begin
        size, known, day = self.before
        if isinstance(size, int) and begin < size <= end and (end != size or self.at.chain != known):
            self._wrong("changed", f"its first {size} bytes are not what they were on {str(day)[:10]}")

    def _compare_window(self, end: int) -> None:
        """Hold the records since the last time against the rows of the database, both ways."""
        known = rows_between(self.db, self.name, self._window_from, end)
        for offset, held in self._window.items():
            row = known.pop(offset, None)
            if row is not None and held != (row["url"], row["status"], row["size"], row["warc_length"]):
                self._wrong("disagrees", f"the database says other things of the page at {offset} ({row['url']})")
        for offset, row in known.items():
            kind: Wrong = "truncated" if offset >= self.at.position else "damaged"
            self._wrong(kind, f"no whole page at {offset}, where the database has one of {row['url']}")
        self._window.clear()
        self._window_from = end

    def _judge_end(self, size: int) -> None:
        known, _, day = self.before
        if isinstance(known, int) and size < known:
            self._wrong("truncated", f"{size} bytes, where it had {known} on {str(day)[:10]}")
        if self.at.position < size:
            self._wrong("truncated", f"a torn record of {size - self.at.position} bytes at its end")
        self._compare_window(_END)
        if self.at.found is None and is_settled(self.path) and _sum_of_lines(self.path) != int(self.at.lines, 16):
            self._wrong("index", "its index does not agree; `policywire archive index --rebuild` makes it anew")

    def _wrong(self, kind: Wrong, detail: str) -> None:
        if self.at.found is None:
            self.at.found, self.at.found_detail = kind, detail[:500]


def _sum_of_lines(path: Path) -> int:
    with index_of(path).open("rb") as file:
        return sum(_number(line) for line in Lines(file)) % _SUM


def _number(line: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(line, digest_size=16).digest())
