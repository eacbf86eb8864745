#!/usr/bin/env python3
"""Send many due mails as the job does, and as a bare smtplib loop does, to one sink over one connection each.

    python bench/mail.py [--mails 10000] [--rounds 3] [--no-pipelining]

The sink is aiosmtpd in a process of its own. Ours is the whole way: claim, compose, send, settle, on a real database
file with synchronous=FULL. The bare loop sends the same mails, composed beforehand and held in memory, and keeps no
account of them. Rounds take turns, whoever begins.

Prints one JSON object: mails a second of either (medians), `ratio_vs_smtplib`, the peak growth of memory in a run of
ours, and what a run did. Exit status 0: the ratio is at least 0.8, all mails arrived once, memory stood still.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import smtplib
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sqlite_utils import Database

from alerts.deliver import Delivery, deliver
from alerts.envelope import compose_mail
from alerts.smtp import Server
from db import open_database
from db.connection import transaction
from db.outbox import claim, enqueue

LEAST_RATIO = 0.8
MOST_GROWTH = 48.0
"""MiB by which a run of any length may grow: the page cache of SQLite is 32 of them."""
_TEXT = (
    "Ministry of Commerce: notice {n} on permits for barges\n\nIssued by: Ministry of Commerce 商务部\n"
    "Evidence: The ministry issued notice {n} on river freight, easing permits for barges and their crews.\n\n"
    + "Why: issuers is Ministry of Commerce; sectors is river freight\n"
    * 6
)
_ROW = "<tr><td style='padding:4px 8px;color:#555'>{label}</td><td style='padding:4px 8px'>{n} 商务部</td></tr>"
_HTML = (
    "<html><body><table style='font-family:sans-serif'>"
    + "".join(
        _ROW.replace("{label}", label) for label in ("Issued by", "Number", "In force", "Goods", "Where", "Why") * 6
    )
    + "</table></body></html>"
)


def main() -> int:
    """Fill, send, compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mails", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--no-pipelining", action="store_true", help="the sink does not offer it")
    options = parser.parse_args()
    ours: list[float] = []
    bare: list[float] = []
    growth: list[float] = []
    wrong = 0
    with (
        TemporaryDirectory(prefix="policywire-mail-") as folder,
        sink(pipelining=not options.no_pipelining) as (port, asked),
    ):
        for number in range(options.rounds):
            for who in ("ours", "bare") if number % 2 == 0 else ("bare", "ours"):
                path = Path(folder) / f"{number}-{who}.db"
                with closing(open_database(path, mode="create")) as db:
                    fill(db, options.mails)
                    if who == "ours":
                        seconds, grown, done = send_ours(db, port)
                        ours.append(options.mails / seconds)
                        growth.append(grown)
                        wrong += done.sent != options.mails
                    else:
                        bare.append(options.mails / send_bare(db, port, options.mails))
                asked.send("count")
                wrong += asked.recv() != (options.mails, options.mails)
                path.unlink()
    ratio = median(ours) / median(bare)
    found = {
        "ok": ratio >= LEAST_RATIO and not wrong and max(growth) <= MOST_GROWTH,
        "mails": options.mails,
        "pipelining": not options.no_pipelining,
        "ours_per_second": round(median(ours)),
        "smtplib_per_second": round(median(bare)),
        "ratio_vs_smtplib": round(ratio, 2),
        "ratios_by_round": [round(a / b, 2) for a, b in zip(ours, bare, strict=True)],
        "peak_growth_mib": round(max(growth), 1),
        "rounds_with_a_mail_lost_or_twice": wrong,
        "load": [round(one, 1) for one in os.getloadavg()],
    }
    print(json.dumps(found, indent=1))
    return 0 if found["ok"] else 1


def fill(db: Database, mails: int) -> None:
    """Put so many mails into the outbox, all due."""
    now = datetime.now(UTC) - timedelta(minutes=1)
    with transaction(db):
        for n in range(mails):
            enqueue(
                db, key=f"{n:032x}", recipient=f"reader{n % 500}@example.org", rule="Barges",
                subject=f"Ministry of Commerce: notice {n} on permits for barges 商务部",
                text=_TEXT.replace("{n}", str(n)), html=_HTML.replace("{n}", str(n)), due_at=now,
            )  # fmt: skip


def server_at(port: int) -> Server:
    """The sink, as the configuration would name it."""
    return Server(host="127.0.0.1", port=port, security="none", sender="policywire <wire@desk.example.org>")


def send_ours(db: Database, port: int) -> tuple[float, float, Delivery]:
    """Seconds, MiB of growth at its peak, and what the run did."""
    before = memory("VmRSS")
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak counts from here
    began = time.perf_counter()
    done = deliver(
        db,
        server_at(port),
        None,
        now=lambda: datetime.now(UTC),
        lease=timedelta(minutes=5),
        give_up_after=timedelta(days=3),
    )
    return time.perf_counter() - began, memory("VmHWM") - before, done


def send_bare(db: Database, port: int, mails: int) -> float:
    """Seconds that smtplib takes for the same mails, composed beforehand."""
    now = datetime.now(UTC)
    letterhead = server_at(port).letterhead
    written = [
        (row.recipient, compose_mail(row, letterhead, now))
        for row in claim(db, now=now, lease=timedelta(minutes=5), limit=mails)
    ]
    began = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", port) as connection:
        for recipient, content in written:
            connection.sendmail("wire@desk.example.org", [recipient], content, ["body=8bitmime"])
    return time.perf_counter() - began


def memory(name: str) -> float:
    """`VmRSS` or `VmHWM` of this process in MiB."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) / 1024


@contextmanager
def sink(*, pipelining: bool) -> Iterator[tuple[int, Connection]]:
    """A mail server in a process of its own; it tells how many mails it got, and how many different ones."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(there, pipelining), daemon=True)
    process.start()
    try:
        yield here.recv(), here
    finally:
        here.send("end")
        process.join(10)


def _serve(asked: Connection, pipelining: bool) -> None:
    from aiosmtpd.controller import Controller

    class Taking:
        def __init__(self) -> None:
            self.seen: list[int] = []

        async def handle_EHLO(self, server: Any, session: Any, envelope: Any, host: str, said: list[str]) -> list[str]:
            session.host_name = host
            return [*said[:-1], "250-PIPELINING", said[-1]] if pipelining else said

        async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
            head = envelope.content.partition(b"Message-ID: ")[2]
            self.seen.append(hash(head.partition(b"\r\n")[0]))
            return "250 OK"

    import socket

    bound = socket.create_server(("127.0.0.1", 0))

    class Here(Controller):
        async def _create_server(self) -> Any:
            return await self.loop.create_server(self._factory_invoker, sock=bound)

    taking = Taking()
    controller = Here(taking, hostname="127.0.0.1", port=bound.getsockname()[1])
    controller.start()
    asked.send(bound.getsockname()[1])
    while asked.recv() == "count":
        asked.send((len(taking.seen), len(set(taking.seen))))
        taking.seen.clear()
    controller.stop()


if __name__ == "__main__":
    sys.exit(main())
