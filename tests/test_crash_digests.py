"""Kill -9 while digests are put together and sent: each reader has each digest, none of them twice under two names."""

from __future__ import annotations

import random
import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from alerts.deliver import SETTLED_TOGETHER
from db.connection import rows, value
from db.matches import add_match
from db.rules import add_rule
from demo.sink import MailSink
from tests.db_samples import Desk, article, usual
from tests.demo_desk import DemoDesk, column, set_up, wait_until

SEED = 20261120
RULES = 40
READERS = ("ana@example.org", "bo@example.org")
KILLS = 5


def filled(folder: Path, port: int) -> DemoDesk:
    """A desk on which matches of two days ago wait for the digests of many rules."""
    made = set_up(folder, None, mail=f'port = {port}\nlease = "1s"', rules="")
    desk = Desk(made.path)
    stored = desk.store(article(), usual())
    then = datetime.now(UTC) - timedelta(days=2)
    for number in range(RULES):
        settings = {"name": f"rule {number}", "to": list(READERS), "frequency": "hourly" if number % 2 else "daily"}
        rule = add_rule(desk.db, settings, owner="ana", by="ana", now=then)
        for reader in READERS:
            add_match(
                desk.db, rule_id=rule, rule=f"rule {number}", kind="policy", target_id=stored.new[1],
                article_id=stored.article_id, recipient=reader, why=("it says barges",), now=then,
            )  # fmt: skip
    desk.db.close()
    return made


def test_every_digest_is_sent_though_putting_it_together_is_killed_again_and_again(tmp_path: Path) -> None:
    print(f"seed of the moments: {SEED}")
    chance = random.Random(SEED)
    with MailSink(tmp_path / "mail") as sink:
        desk = filled(tmp_path / "desk", sink.port)
        with desk.database() as db:
            for _ in range(KILLS):
                there = value(db, "SELECT count(*) FROM outbox") + len(sink.received)
                wanted = there + chance.randint(1, 25)
                process = desk.start("alerts", "send")
                wait_until(
                    lambda wanted=wanted, process=process: (  # type: ignore[misc]
                        value(db, "SELECT count(*) FROM outbox") + len(sink.received) >= wanted
                        or process.poll() is not None
                    )
                )
                threading.Event().wait(chance.uniform(0, 0.01))
                process.kill()
                process.wait()
            half_told = "SELECT count(*) FROM alert_matches WHERE outbox_id IS NOT NULL"
            assert value(db, half_told) == value(db, "SELECT count(*) FROM outbox"), (
                "a match and its mail land together"
            )
        wait_until(lambda: _sent_all(desk), 60)
        received = list(sink.received)
    with desk.database() as db:
        made = Counter((mail["rule"], mail["recipient"]) for mail in rows(db, "SELECT rule, recipient FROM outbox"))
        assert column(db, "SELECT id FROM alert_matches WHERE outbox_id IS NULL") == []
    assert set(made.values()) == {1}
    assert len(made) == RULES * len(READERS)
    told = {(str(mail.message["Message-ID"]), mail.recipients[0]) for mail in received}
    assert len(told) == RULES * len(READERS), "a digest was lost, or a repeat came under another Message-ID"
    assert len(received) - len(told) <= KILLS * SETTLED_TOGETHER


def _sent_all(desk: DemoDesk) -> bool:
    assert desk.run("alerts", "send").status == 0
    with desk.database() as db:
        return column(db, "SELECT count(*) FROM outbox WHERE state <> 'sent'") == [0]
