"""`make pictures`: what every page of the site and every mail looks like over the demo's database, for the docs.

    python -m demo.pictures [--folder demo-out] [--into docs/img]

One picture a page on a desk by day and one on a phone by night, and of each sort of mail one by day, by night and at
360 pixels; WebP by Debian's Chromium. The clock stands at the demo's own day, so that the same pictures come whenever
it runs.
"""

from __future__ import annotations

import argparse
import base64
import sqlite3
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import uvicorn
from sqlite_utils import Database

from archive.warc import Archive
from db import DatabaseError, open_database
from db.accounts.seen import Place as Seen
from db.accounts.seen import mark_seen
from db.connection import transaction, value
from db.deciding.agreement import draw_sample, next_item, read_second
from db.names import utc
from db.review import Decision, decide
from demo.mails import demo_mails
from demo.world import TODAY
from pipeline.html import decode
from pipeline.model import ArchiveRef
from web.app import make_app
from web.records import Record
from web.viewer import whoever_sits_here

if TYPE_CHECKING:
    from playwright.sync_api import Browser

Fill = Callable[[Database], object]

CHROMIUM = Path("/usr/bin/chromium")
_FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
          "--disable-background-networking", "--disable-component-update", "--disable-sync"]  # fmt: skip
_VIEWS = (("desk", 1280, 860, "light"), ("phone", 390, 800, "dark"))
_MAIL_VIEWS = (("light", 680, 1000, "light"), ("dark", 680, 1000, "dark"), ("phone", 360, 900, "light"))
_QUALITY = 72
LARGEST = 150_000
"""Bytes of a picture; a repository is no album."""
_AT = datetime.combine(TODAY, datetime.min.time(), UTC) + timedelta(hours=8)
_NEW = (24, 40)
"""So many announcements and quotes are new to the reader of the pictures."""


_DECIDED, _READ_TWICE = 120, 40
"""Statements that people have decided about, and of each kind how many a second person has read."""
_REJECTED = "evidence does not say so"
_REFUSALS = ("550 no such user here", "550 no such user here", "552 mailbox is full")
_NTH_STATEMENT = """
SELECT id FROM (SELECT id, seq, 0 AS kind FROM policies UNION ALL SELECT id, seq, 1 FROM quotes)
ORDER BY seq, kind LIMIT 1 OFFSET ?
"""


class Unfit(Exception):
    """A page that cannot be shown; the message is one line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One page."""

    name: str
    """What it is called in a test's report and in the name of its picture."""
    path: str
    """Its address; `{}` stands for what `fill` finds."""
    fill: Fill | None = None
    """What of the database the address asks for."""

    def at(self, db: Database) -> str:
        """The address in a database."""
        return self.path.format(self.fill(db)) if self.fill else self.path


def first(sql: str) -> Fill:
    """The first value that a question finds."""
    return lambda db: value(db, sql)


# of two that say as much the older one, so that the same page is chosen each time
RICHEST = """
SELECT a.id FROM articles AS a
LEFT JOIN policies AS p ON p.article_id = a.id LEFT JOIN quotes AS q ON q.article_id = a.id
GROUP BY a.id ORDER BY count(DISTINCT p.id) * 2 + count(DISTINCT q.id) DESC, a.seq LIMIT 1
"""
REVISED = "SELECT article_id FROM revisions ORDER BY revision DESC, id LIMIT 1"
REPORTED = "SELECT id FROM instruments ORDER BY articles DESC, reactions DESC, seq LIMIT 1"
HEARD = """
SELECT person_id FROM quotes WHERE person_id IS NOT NULL GROUP BY person_id
ORDER BY count(DISTINCT article_id) DESC, count(*) DESC, min(seq) LIMIT 1
"""
SPEAKING = """
SELECT organization_id FROM quotes WHERE organization_id IS NOT NULL GROUP BY organization_id
ORDER BY count(*) DESC, min(seq) LIMIT 1
"""
LISTED = "SELECT id FROM attachments WHERE state = 'read' ORDER BY length(text) DESC, id LIMIT 1"
KEPT = "SELECT max(id) FROM pages WHERE article_id IS NOT NULL AND kind = 'article'"

SHOWN = (
    Place(name="today", path="/"),
    Place(name="search", path="/search?q=出口管制 OR gallium"),
    Place(name="article", path="/articles/{}", fill=first(RICHEST)),
    Place(name="changes", path="/articles/{}/changes", fill=first(REVISED)),
    Place(name="archived", path="/archived/{}", fill=first(KEPT)),
    Place(name="instrument", path="/instruments/{}", fill=first(REPORTED)),
    Place(name="person", path="/people/{}", fill=first(HEARD)),
    Place(name="organization", path="/organizations/{}", fill=first(SPEAKING)),
    Place(name="linking", path="/linking/{}", fill=first(HEARD)),
    Place(name="attachment", path="/attachments/{}", fill=first(LISTED)),
    Place(name="review", path="/review"),
    Place(name="quality", path="/quality"),
    Place(name="rules", path="/rules"),
    Place(name="sources", path="/sources"),
    Place(name="mail", path="/mail"),
    Place(name="export", path="/export"),
    Place(name="data", path="/data/policywire/policy_announcements?_facet=action&_facet=language"),
)
"""The pages that have a picture."""


def take(folder: Path, into: Path) -> list[Path]:
    """Take all pictures of the demo in `folder`; gives what was written. Raises DatabaseError without a demo."""
    from playwright.sync_api import sync_playwright

    into.mkdir(parents=True, exist_ok=True)
    written = []
    with TemporaryDirectory() as place:
        path = Path(place) / "policywire.db"
        _copy(folder / "policywire.db", path)
        with closing(open_database(path, mode="rw")) as db, _served(path, folder / "archive") as home:
            _leave_some_new(db)
            _let_people_decide(db)
            _let_mail_fail(db)
            with (
                sync_playwright() as playwright,
                playwright.chromium.launch(executable_path=str(CHROMIUM), args=_FLAGS) as browser,
            ):
                for page in SHOWN:
                    for view, width, height, scheme in _VIEWS:
                        target = into / f"{page.name}-{view}.webp"
                        target.write_bytes(_picture(browser, home + page.at(db), width, height, scheme))
                        written.append(target)
                for name, mail in demo_mails(db, _AT):
                    sheet = Path(place) / f"{name}.html"
                    sheet.write_text(mail.html, encoding="utf-8")
                    for view, width, height, scheme in _MAIL_VIEWS:
                        target = into / f"mail-{name}-{view}.webp"
                        target.write_bytes(_picture(browser, sheet.as_uri(), width, height, scheme))
                        written.append(target)
    return written


def _copy(held: Path, path: Path) -> None:
    """The demo's database as it stands, so that looking at it leaves no mark in it."""
    with closing(open_database(held, mode="rw")) as db, closing(sqlite3.connect(path)) as copy:
        db.conn.backup(copy)


def _leave_some_new(db: Database) -> None:
    """Sources that were just crawled, and a reader who was last here three days ago."""
    ends = [int(value(db, f"SELECT max(seq) FROM {table}")) for table in ("policies", "quotes")]  # noqa: S608
    shown = Seen(policy=ends[0] - _NEW[0], quote=ends[1] - _NEW[1])
    with transaction(db):  # the demo ran today, and its world is of that day
        db.conn.execute("UPDATE runs SET started_at = :at, finished_at = :at", {"at": utc(_AT - timedelta(hours=1))})
        db.conn.execute("UPDATE articles SET first_seen_at = sort_at")
        db.conn.execute("UPDATE outbox SET created_at = ?", [utc(_AT - timedelta(hours=1))])
    mark_seen(db, whoever_sits_here().name, now=_AT - timedelta(days=3), shown=shown)


def _let_people_decide(db: Database) -> None:
    """Two reviewers' work of the day before: most is accepted, a sample is read by the second."""
    at = _AT - timedelta(days=1)
    ids = [value(db, _NTH_STATEMENT, [number]) for number in range(0, _DECIDED * 3, 3)]
    for number, identity in enumerate(ids):
        rejects = number % 11 == 7
        decision: Decision = "reject" if rejects else "accept"
        decide(db, identity, reviewer="Ana", decision=decision, reason=_REJECTED if rejects else None, now=at)
    draw_sample(db, seed="2026-09-17", size=_READ_TWICE, drawn_by="Ana", now=at)
    while (found := next_item(db, "Ben")) is not None:
        first_said = value(db, "SELECT review_state FROM quotes WHERE id = :id UNION ALL "
                           "SELECT review_state FROM policies WHERE id = :id", {"id": found.seen.id})  # fmt: skip
        rejects = first_said == "rejected" or found.position % 13 == 5
        decision = "reject" if rejects else "accept"
        read_second(db, found, reviewer="Ben", decision=decision, reason=_REJECTED if rejects else None, now=at)


def _let_mail_fail(db: Database) -> None:
    """Three mails that no server took: two to one address that is gone, one to a full mailbox."""
    with transaction(db):
        for identity, error in enumerate(_REFUSALS, start=int(value(db, "SELECT min(id) FROM outbox"))):
            db.conn.execute("UPDATE outbox SET state = 'dead', last_error = ? WHERE id = ?", [error, identity])


@contextmanager
def _served(path: Path, archive: Path) -> Iterator[str]:
    app = make_app(path, archive=archive, clock=lambda: _AT, read_record=_reader(archive))
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", ws="none", lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    until = time.monotonic() + 20
    while not server.started and time.monotonic() < until:
        thread.join(0.02)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(20)


def _reader(archive: Path) -> Callable[[ArchiveRef], Record]:
    kept = Archive(archive)

    def read(ref: ArchiveRef) -> Record:
        page = kept.read(ref)
        return Record(status=page.status, headers=page.headers, size=len(page.body), text=decode(page.body))

    return read


def _picture(browser: Browser, address: str, width: int, height: int, scheme: Any) -> bytes:
    with browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
    ) as context:
        page = context.new_page()
        answer = page.goto(address, wait_until="networkidle")
        if answer is None or not answer.ok:
            raise Unfit(f"{address} answers {answer.status if answer else 'nothing'}")
        screen = context.new_cdp_session(page).send("Page.captureScreenshot", {"format": "webp", "quality": _QUALITY})
        return base64.b64decode(screen["data"])


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--folder", type=Path, default=Path("demo-out"), help="what `policywire demo` made")
    parser.add_argument("--into", type=Path, default=Path("docs/img"), help="folder of the pictures")
    given = parser.parse_args()
    if not CHROMIUM.exists():
        sys.exit(f"pictures: there is no {CHROMIUM}: install Debian's chromium")
    try:
        written = take(given.folder, given.into)
    except (DatabaseError, Unfit) as error:
        sys.exit(f"pictures: {error}")
    for path in written:
        print(f"{path} {path.stat().st_size:,} bytes")
    large = [path.name for path in written if path.stat().st_size > LARGEST]
    sys.exit(f"pictures: larger than {LARGEST:,} bytes: {', '.join(large)}" if large else 0)


if __name__ == "__main__":
    main()
