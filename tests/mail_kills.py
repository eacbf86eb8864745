"""Storing, composing and sending that is killed again and again: for a test, and for bench/mail_kills.py.

    python tests/mail_kills.py FOLDER PORT KILLS SEED

One process loads the program once and forks a victim for each round, so that hundreds of real kills take a minute. A
victim stores some invented articles, puts in the digests that are due and sends what is due; it is killed by SIGKILL
at a random moment, or kills itself when it comes to a named point for a chosen time. The program knows nothing of it.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from sqlite_utils import Database

import alerts.deliver
from alerts.announce import make_hook
from alerts.deliver import deliver
from alerts.digest import send_due
from alerts.rules import Rule, settings_of
from alerts.smtp import Line, Server
from db import open_database
from db.connection import rows, value
from db.rules import add_rule
from db.store import store_article
from demo.sink import MailSink, Received
from pipeline.model import ArchiveRef, Article, Page, PolicyAnnouncement, Span, Statements

POINTS = {"stored": 4, "claimed": 1, "handed over": 6, "before settling": 2, "settled": 1}
"""Named points, and for how many times at most they are come to before the kill: after an article's commit, after a
claim, after a mail went out and before its answer is read, before and after what was taken is noted."""
READERS = ("ana@example.org", "ben@example.org")
LEASE = timedelta(seconds=1)
ROOT = Path(__file__).resolve().parents[1]
_EACH_ROUND = 4
"""Articles that a victim stores before it sends, if it lives."""


@dataclass(slots=True, kw_only=True)
class Found:
    """What the kills did."""

    kills: dict[str, int] = field(default_factory=dict)
    """By the point at which they struck; `random` for any moment, `missed` where the victim had ended before."""
    articles: int = 0
    matches: int = 0
    mails: int = 0
    """Different Message-IDs that arrived."""
    repeats: int = 0
    problems: list[str] = field(default_factory=list)
    """What must not be: a match without its mail, a mail lost or half written, a repeat under another Message-ID."""


def kill_again_and_again(folder: Path, port: int, kills: int, seed: int) -> Counter[str]:
    """Kill so many victims, every other one at a named point, and send what is left; gives at which points."""
    path = folder / "policywire.db"
    with closing(open_database(path, mode="create")) as db:
        for name, frequency in (("At once", "instant"), ("Every hour", "hourly")):
            rule = Rule(name=name, to=READERS, frequency=frequency)  # type: ignore[arg-type] # of a closed tuple
            add_rule(db, settings_of(rule), owner="ana", by="ana", now=datetime.now(UTC))
    chance = random.Random(seed)
    done: Counter[str] = Counter()
    while sum(done.values()) - done["missed"] < kills:
        number = sum(done.values())
        point = list(POINTS)[number // 2 % len(POINTS)] if number % 2 else None
        times = chance.randint(1, POINTS[point]) if point else 0
        victim = os.fork()
        if victim == 0:
            _die_in_the_end(path, port, point, times)
        if point is None:
            time.sleep(chance.uniform(0.0, 0.12))
            with suppress(ProcessLookupError):
                os.kill(victim, signal.SIGKILL)
        _pid, status = os.waitpid(victim, 0)
        struck = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        done[(point or "random") if struck else "missed"] += 1
    for hours in count(3):  # each hour has one digest
        with closing(open_database(path)) as db:
            _send(db, port, later=timedelta(hours=hours))
            left = value(db, "SELECT count(*) FROM outbox WHERE state <> 'sent'")
            if not left and not value(db, "SELECT count(*) FROM alert_matches WHERE outbox_id IS NULL"):
                break
    return done


def _die_in_the_end(path: Path, port: int, point: str | None, times: int) -> None:
    """The victim: never returns."""
    status = 1
    try:
        _lay_in_wait(point, times)
        with closing(open_database(path)) as db:
            first = int(value(db, "SELECT count(*) FROM articles"))
            hook = make_hook("http://127.0.0.1:8350")
            for number in range(first, first + _EACH_ROUND):
                _store(db, number, hook)
                _reached("stored")
            # a digest of an hour is due two hours later: some rounds are so late
            _send(db, port, later=timedelta(hours=2) if first // _EACH_ROUND % 3 == 0 else timedelta())
        status = 0
    finally:
        os._exit(status)


def _send(db: Database, port: int, *, later: timedelta) -> None:
    now = datetime.now(UTC) + later
    send_due(db, now, base_url="http://127.0.0.1:8350")
    server = Server(host="127.0.0.1", port=port, security="none", sender="wire@desk.example.org")
    began = time.monotonic()

    def clock() -> datetime:
        return now + timedelta(seconds=time.monotonic() - began)

    deliver(db, server, None, now=clock, lease=LEASE, give_up_after=timedelta(days=3))


_waiting: dict[str, int] = {}


def _reached(point: str) -> None:
    """Die here, if it is the point and the time for it."""
    if point in _waiting:
        _waiting[point] -= 1
        if _waiting[point] <= 0:
            os.kill(os.getpid(), signal.SIGKILL)


def _lay_in_wait(point: str | None, times: int) -> None:
    """Put the named points into the program, in this process only."""
    if point is None:
        return
    _waiting[point] = times
    claim, settle_all, hand_over = alerts.deliver.claim, alerts.deliver.settle_all, Line.hand_over

    def claiming(*given: Any, **named: Any) -> Any:
        found = claim(*given, **named)
        if found:
            _reached("claimed")
        return found

    def settling(*given: Any, **named: Any) -> None:
        _reached("before settling")
        settle_all(*given, **named)
        _reached("settled")

    def handing(line: Line, letter: Any, following: Any = None, meanwhile: Callable[[], None] = lambda: None) -> Any:
        def also() -> None:
            _reached("handed over")
            meanwhile()

        return hand_over(line, letter, following, also)

    alerts.deliver.claim = claiming
    alerts.deliver.settle_all = settling
    Line.hand_over = handing  # type: ignore[method-assign]


_SYLLABLES = ("ba", "lo", "ren", "ti", "mu", "sak", "vo", "pel", "dri", "gan", "ne", "ku", "for", "lis", "wem", "zo")


def _store(db: Database, number: int, hook: Any) -> None:
    chance = random.Random(number)  # no two stories may have much in common: the second would be a copy

    def words(count: int) -> str:
        return " ".join("".join(chance.choices(_SYLLABLES, k=3)) for _ in range(count))

    goods = words(2)
    text = f"{words(3).capitalize()}: a notice on {goods} was issued, {words(6)}.\n\n{words(30).capitalize()}."
    evidence = text.partition("\n\n")[0]
    url = f"https://www.chinadaily.com.cn/a/202611/19/WS{number:08d}.html"
    announced = PolicyAnnouncement(
        title=f"notice {number} on {goods}",
        instrument="notice",
        issuers=("Ministry of Commerce",),
        issued_on="2026-11-18",
        action="regulation",
        evidence=(Span.cut(text, 0, len(evidence)),),
    )
    now = datetime.now(UTC)
    store_article(
        db,
        Article(
            source="china_daily",
            url=url,
            title=f"{goods.capitalize()} {number}",
            published="2026-11-19T09:30:00+08:00",
            text=text,
        ),
        pages=[
            (
                Page(url=url, source="china_daily", body=b"<html>", fetched_at=now),
                ArchiveRef(file="china_daily/2026-11-20.warc.gz", offset=number * 1000, length=900),
            )
        ],
        statements=Statements(quotes=(), policies=(announced,), version="1"),
        parser_version="1",
        run_id=None,
        on_new=hook,
    )


def run_and_look(folder: Path, *, kills: int, seed: int) -> Found:
    """Kill from a process that has one thread and may fork; then compare what arrived with what was stored."""
    with MailSink(folder / "mail") as sink:
        command = [sys.executable, __file__, str(folder), str(sink.port), str(kills), str(seed)]
        path = os.pathsep.join((str(ROOT), os.environ.get("PYTHONPATH", "")))
        done = subprocess.run(command, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": path}, check=True)
        found = look(folder, sink.received)
    found.kills = json.loads(done.stdout)
    return found


def look(folder: Path, received: Sequence[Received]) -> Found:
    """What must hold after the last mail."""
    found = Found()
    said: dict[str, set[tuple[str, str]]] = {}
    for mail in received:
        body = mail.message.get_body(("plain",))
        words = body.get_content() if body is not None else ""
        said.setdefault(str(mail.message["Message-ID"]), set()).add((str(mail.message["Subject"]), words))
    found.mails, found.repeats = len(said), len(received) - len(said)
    found.problems += [f"{one} said two things" for one, words in said.items() if len(words) > 1]
    with closing(open_database(folder / "policywire.db")) as db:
        found.articles = value(db, "SELECT count(*) FROM articles")
        found.matches = value(db, "SELECT count(*) FROM alert_matches")
        statements = value(db, "SELECT count(*) FROM policies")
        if statements != found.articles:
            found.problems.append(f"{found.articles} articles with {statements} statements")
        wanted = statements * len(READERS) * 2
        if found.matches != wanted:
            found.problems.append(f"{found.matches} matches where there must be {wanted}")
        untold = value(db, _UNTOLD)
        if untold:
            found.problems.append(f"{untold} matches whose mail was not sent")
        outbox = value(db, "SELECT count(*) FROM outbox")
        if outbox != found.mails:
            found.problems.append(f"{outbox} mails in the outbox, {found.mails} arrived")
        told = Counter(
            (one["recipient"], one["rule_id"], one["target_id"]) for one in rows(db, "SELECT * FROM alert_matches")
        )
        found.problems += [f"{one} is there {times} times" for one, times in told.items() if times > 1]
        if (checked := value(db, "PRAGMA integrity_check")) != "ok" or value(db, "PRAGMA foreign_key_check"):
            found.problems.append(f"the database: {checked}")
    return found


_UNTOLD = """
SELECT count(*) FROM alert_matches AS m LEFT JOIN outbox AS o ON o.id = m.outbox_id
WHERE m.dropped IS NULL AND o.state IS NOT 'sent'
"""


if __name__ == "__main__":
    folder, *numbers = sys.argv[1:]
    print(json.dumps(kill_again_and_again(Path(folder), *map(int, numbers))))
