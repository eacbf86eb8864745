"""What a crawl has found and not yet had, and how far it has read each listing: why a killed crawl loses nothing.

The rows of a listing page become owed in the transaction that moves the listing's mark; a story stops being owed in the
transaction that stores or rejects it. Between the two a process may die at any moment: the next one begins with what is
owed and goes on reading at the mark.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlite_utils import Database

from db.connection import row, rows, storable, transaction, value
from db.names import canonical_url, moment_of, utc
from pipeline.model import ListingRow, Mark, Reading, ReadingKey

FIRST_WAIT = timedelta(minutes=5)
"""After a first failure; doubled by each further one."""
LONGEST_WAIT = timedelta(days=1)
PATIENCE = timedelta(days=30)
"""A story that could not be had for so long is given up; a site that is down or blocks us for a week loses nothing."""


def owe(
    db: Database, source: str, found: Iterable[ListingRow], now: datetime, *, rank: int = 0
) -> tuple[ListingRow, ...]:
    """Note stories that are to be fetched; gives those that were not owed already, in their order.

    Those of a lower `rank` are asked for first, then older ones before younger.
    """
    with transaction(db):
        return tuple(each for each in found if _owe(db, source, each, now, rank))


def owed(
    db: Database, source: str, now: datetime, *, after: Mark | None = None, limit: int = 50
) -> list[tuple[Mark, ListingRow]]:
    """Stories of a source that are due to be asked for, each with the mark to go on `after`."""
    rank, sort, url = after or (-1, "", "")
    days = {"now": utc(now), "beyond": utc(now + LONGEST_WAIT)}
    parameters = {"source": source, **days, "rank": rank, "sort": sort, "url": url, "limit": limit}
    return [
        (
            (each["rank"], each["sort_at"], each["canonical_url"]),
            ListingRow(url=each["url"], title=each["title"], published=each["listed_at"]),
        )
        for each in rows(db, _DUE, parameters)
    ]


def is_owed(db: Database, url: str) -> bool:
    """Whether a story is owed, given up or not."""
    return bool(value(db, "SELECT 1 FROM owed WHERE canonical_url = ?", [canonical_url(url)]))


def put_off(db: Database, url: str, why: str, now: datetime) -> bool:
    """Note that a story could not be had now; gives True when it is given up with that."""
    canonical = canonical_url(url)
    with transaction(db):
        found = row(db, "SELECT attempts, found_at, next_attempt_at FROM owed WHERE canonical_url = ?", [canonical])
        if found is None or found["next_attempt_at"] is None:
            return False
        attempts = int(found["attempts"]) + 1
        last = str(found["found_at"]) < utc(now - PATIENCE)
        wait = min(FIRST_WAIT * 2 ** min(attempts - 1, 20), LONGEST_WAIT)
        db.conn.execute(
            "UPDATE owed SET attempts = ?, why = ?, next_attempt_at = ? WHERE canonical_url = ?",
            [attempts, storable(why[:300]), None if last else utc(now + wait), canonical],
        )
    return last


def settle(db: Database, urls: Iterable[str]) -> None:
    """These addresses are owed no longer; called inside the transaction that stores or rejects what they gave."""
    db.conn.executemany("DELETE FROM owed WHERE canonical_url = ?", [(canonical_url(url),) for url in urls])


def reading(db: Database, key: ReadingKey) -> Reading | None:
    """How far a listing was read; None if it never was."""
    found = row(
        db,
        "SELECT mark, pages, oldest, newest FROM readings WHERE source = ? AND url = ? AND since = ? AND until = ?",
        _columns(key),
    )
    return Reading(**found) if found else None


def take_page(
    db: Database, key: ReadingKey, state: Reading, found: Sequence[ListingRow], now: datetime, *, rank: int = 0
) -> tuple[ListingRow, ...]:
    """Owe the rows of a listing page and move the listing's mark to `state`, in one transaction; the newly owed."""
    with transaction(db):
        db.conn.execute(
            "INSERT INTO readings (source, url, since, until, mark, pages, oldest, newest, moved_at) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET mark = excluded.mark, "
            "pages = excluded.pages, oldest = excluded.oldest, newest = excluded.newest, moved_at = excluded.moved_at",
            [*_columns(key), state.mark, state.pages, state.oldest, state.newest, utc(now)],
        )
        return tuple(each for each in found if _owe(db, key.source, each, now, rank))


def finish_reading(db: Database, key: ReadingKey, now: datetime) -> None:
    """Note that the listing was read to where it was to be read.

    What was read back to a date is forgotten, so that the same command reads it anew; a listing that is read up to what
    is known stays noted as whole.
    """
    with transaction(db):
        if key.since or key.until:
            db.conn.execute(
                "DELETE FROM readings WHERE source = ? AND url = ? AND since = ? AND until = ?", _columns(key)
            )
        else:
            db.conn.execute(
                "INSERT INTO readings (source, url, since, until, pages, moved_at) VALUES (?, ?, ?, ?, 0, ?) "
                "ON CONFLICT DO UPDATE SET mark = NULL, pages = 0, oldest = NULL, newest = NULL, "
                "moved_at = excluded.moved_at",
                [*_columns(key), utc(now)],
            )


def _columns(key: ReadingKey) -> list[str]:
    return [
        key.source,
        key.url,
        key.since.isoformat() if key.since else "",
        key.until.isoformat() if key.until else "",
    ]


def _owe(db: Database, source: str, found: ListingRow, now: datetime, rank: int) -> bool:
    canonical = canonical_url(found.url)
    known = row(db, "SELECT listed_at FROM owed WHERE canonical_url = ?", [canonical])
    if known is not None:
        if found.published is not None and found.published > (known["listed_at"] or ""):
            # listed with a later time: whatever was wrong with it, it is worth asking for again
            db.conn.execute(
                "UPDATE owed SET listed_at = ?, attempts = 0, next_attempt_at = coalesce(next_attempt_at, ?) "
                "WHERE canonical_url = ?",
                [found.published, utc(now), canonical],
            )
        return False
    db.conn.execute(
        "INSERT INTO owed (canonical_url, source, url, title, listed_at, rank, sort_at, found_at, next_attempt_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            canonical, source, found.url, storable(found.title), found.published, rank,
            moment_of(found.published) or utc(now), utc(now), utc(now),
        ],
    )  # fmt: skip
    return True


# What lies beyond the longest wait was put off by a clock that was wrong.
_DUE = """
SELECT canonical_url, url, title, listed_at, rank, sort_at FROM owed
WHERE source = :source AND (next_attempt_at <= :now OR next_attempt_at > :beyond)
  AND (rank, sort_at, canonical_url) > (:rank, :sort, :url)
ORDER BY rank, sort_at, canonical_url LIMIT :limit
"""
