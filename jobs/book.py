"""Which faults stand, kept in a small file beside the database: what is wrong with that must not make us forget it.

The file has its full size from the beginning and is written in place, so that a full disk does not hinder it. Where it
can be neither made nor written, a file in the folder for temporary files stands in, and at last this process's memory.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import logging
import os
import stat
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from copy import deepcopy
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from jobs.faults import FAULTS

log = logging.getLogger(__name__)

_SIZE = 16384
_LONGEST = 600
"""Characters of a detail: all faults at once fit into the file."""
FIRST_PAUSE = timedelta(minutes=5)
LONGEST_PAUSE = timedelta(hours=6)
"""Between two log lines, and between two attempts to tell of it."""
APART = timedelta(hours=1)
"""A fault that comes and goes is told of once in this time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A fault that stands, or stood."""

    name: str
    detail: str
    since: str
    over_at: str | None = None
    """When it was over; None while it stands."""
    told_at: str | None = None
    """When the operator was told that it stands."""
    log_at: str
    """When it is logged again."""
    log_pause: float
    """Seconds from one line to the next."""
    tell_at: str
    """When the operator is to be told, or to be told once more where that failed."""
    tell_pause: float = 60.0


@dataclass(slots=True, kw_only=True)
class Page:
    """All that the file holds."""

    edition: int = 0
    database: str | None = None
    """Which file the database was when it was last looked at."""
    archive: bool = False
    """Whether there was an archive."""
    standing: dict[str, Standing] = field(default_factory=dict)
    ended: list[Standing] = field(default_factory=list)
    """Those that are over and of which the operator has still to be told so."""
    last_told: dict[str, str] = field(default_factory=dict)


class Book:
    """The faults of one database; any number of threads and processes may report."""

    def __init__(self, database: Path) -> None:
        name = hashlib.sha256(os.fsencode(database.absolute())).hexdigest()[:16]
        self.places = (
            database.with_name(f"{database.name}.faults"),
            Path(tempfile.gettempdir()) / f"policywire-{os.getuid()}-{name}.faults",
        )
        self._memory = Page()
        self._thread = threading.Lock()

    def read(self) -> Page:
        """What is known now."""
        pages = [self._memory, *(page for page in map(_read, self.places) if page is not None)]
        return max(pages, key=lambda page: page.edition)

    def report(self, name: str, detail: str, now: datetime, *, worse: bool = False) -> None:
        """A fault was seen: logged when it is new, and then at growing intervals. `worse`: it is told of once more."""
        with self._change() as page:
            if worse and name in page.standing and page.standing[name].told_at is not None:
                del page.standing[name]
            _seen(page, name, " ".join(detail.split())[:_LONGEST], now)

    def clear(self, name: str, now: datetime) -> None:
        """A fault is over, if it stood."""
        if name in self.read().standing:
            with self._change() as page:
                _over(page, name, now)

    def look(self, found: dict[str, str], among: frozenset[str], now: datetime, **known: Any) -> None:
        """Take over what a look has found: of the faults that it looks for, those that it did not find are over."""
        page = self.read()
        same = all(getattr(page, name) == value for name, value in known.items())
        if same and not found and not among & page.standing.keys():
            return
        with self._change() as page:
            for name, value in known.items():
                setattr(page, name, value)
            for name, detail in found.items():
                _seen(page, name, " ".join(detail.split())[:_LONGEST], now)
            for name in (among - found.keys()) & page.standing.keys():
                _over(page, name, now)

    def change(self, what: Callable[[Page], None]) -> None:
        """Change what is known otherwise, such as who was told."""
        with self._change() as page:
            what(page)

    @contextmanager
    def _change(self) -> Iterator[Page]:
        with self._thread, _lock(self.places):
            page = deepcopy(self.read())  # others may be reading the one in memory
            yield page
            page.edition += 1
            self._memory = page
            if not any(_write(place, page) for place in self.places):
                log.warning("what is wrong cannot be noted anywhere, and is forgotten at the next start")


def standing_faults(database: Path) -> tuple[Standing, ...]:
    """The faults that stand for this database, oldest first; needs no database."""
    return tuple(sorted(Book(database).read().standing.values(), key=lambda one: (one.since, one.name)))


def _seen(page: Page, name: str, detail: str, now: datetime) -> None:
    known = page.standing.get(name)
    if known is None:
        last = page.last_told.get(name)
        soonest = now + FAULTS[name].patience
        if last is not None:
            soonest = max(soonest, datetime.fromisoformat(last) + APART)
        page.standing[name] = Standing(
            name=name,
            detail=detail,
            since=now.isoformat(),
            log_at=(now + FIRST_PAUSE).isoformat(),
            log_pause=FIRST_PAUSE.total_seconds(),
            tell_at=soonest.isoformat(),
        )
        log.error(FAULTS[name].means, extra={"fault": name, "detail": detail})
        return
    known = replace(known, detail=detail)
    if now >= datetime.fromisoformat(known.log_at):
        pause = min(known.log_pause * 2, LONGEST_PAUSE.total_seconds())
        known = replace(known, log_pause=pause, log_at=(now + timedelta(seconds=pause)).isoformat())
        log.error(FAULTS[name].means, extra={"fault": name, "detail": detail, "since": known.since})
    page.standing[name] = known


def _over(page: Page, name: str, now: datetime) -> None:
    known = page.standing.pop(name)
    log.info(FAULTS[name].over, extra={"fault": name, "since": known.since})
    # one that passed before anybody had to hear of it is no news; one that could not be told of while it stood is
    due = datetime.fromisoformat(known.since) + FAULTS[name].patience
    if known.told_at is not None or (not FAULTS[name].by_mail and now >= due):
        page.ended = [*page.ended, replace(known, over_at=now.isoformat(), tell_at=now.isoformat())][-len(FAULTS) :]


# -- the file ---------------------------------------------------------------------------------------------------------


def _open(place: Path, flags: int) -> int:
    handle = os.open(place, flags | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    found = os.fstat(handle)
    shared = place.parent == Path(tempfile.gettempdir())  # anybody may have put it there
    if not stat.S_ISREG(found.st_mode) or (shared and found.st_uid != os.getuid()):
        os.close(handle)
        raise PermissionError(f"{place} is not ours")
    return handle


def _read(place: Path) -> Page | None:
    try:
        handle = _open(place, os.O_RDONLY)
    except OSError:
        return None
    try:
        held = json.loads(os.pread(handle, _SIZE, 0) or b"{}")
        held["standing"] = {name: Standing(**one) for name, one in held["standing"].items() if name in FAULTS}
        held["ended"] = [Standing(**one) for one in held["ended"] if one["name"] in FAULTS]
        return Page(**held)
    except (ValueError, KeyError, TypeError, AttributeError, OSError):
        return None  # torn by a power cut, or of another version
    finally:
        os.close(handle)


def _write(place: Path, page: Page) -> bool:
    body = json.dumps(asdict(page), ensure_ascii=True).encode().ljust(_SIZE)
    try:
        handle = _open(place, os.O_RDWR | os.O_CREAT)
    except OSError:
        return False
    try:
        os.pwrite(handle, body, 0)
        os.fsync(handle)
    except OSError:
        return False
    finally:
        os.close(handle)
    return True


@contextmanager
def _lock(places: tuple[Path, ...]) -> Iterator[None]:
    """Other processes wait; where no file can be opened there is nothing to share with them."""
    handle = -1
    for place in places:
        with suppress(OSError):
            handle = _open(place, os.O_RDWR | os.O_CREAT)
            fcntl.flock(handle, fcntl.LOCK_EX)
            break
    try:
        yield
    finally:
        if handle >= 0:
            os.close(handle)
