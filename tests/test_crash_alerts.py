"""Kill -9 while mail is sent: every mail arrives, and one that arrives twice is recognised by its Message-ID."""

from __future__ import annotations

import random
import threading
from collections import Counter
from pathlib import Path

from alerts.deliver import SETTLED_TOGETHER
from demo.sink import MailSink
from tests.demo_desk import DemoDesk, column, set_up, wait_until

SEED = 20260918
KILLS = 8


def _kill_while_sending(desk: DemoDesk, sink: MailSink, chance: random.Random) -> bool:
    """Start sending and kill it after so many mails and milliseconds; False if it was done before."""
    wanted = len(sink.received) + chance.randint(1, 6)
    process = desk.start("alerts", "send")
    wait_until(lambda: len(sink.received) >= wanted or process.poll() is not None)
    threading.Event().wait(chance.uniform(0, 0.01))
    process.kill()
    return process.wait() < 0


def test_every_mail_arrives_though_sending_is_killed_again_and_again(crawled: DemoDesk, tmp_path: Path) -> None:
    print(f"seed of the moments: {SEED}")
    chance = random.Random(SEED)
    with MailSink(tmp_path / "mail") as sink:
        desk = set_up(crawled.folder, None, mail=f'port = {sink.port}\nlease = "1s"')
        with desk.database() as db:
            expected = column(db, "SELECT count(*) FROM outbox")[0]
        kills = 0
        while kills < KILLS:
            # what a dead process had claimed is free again when its lease of a second has run out
            kills += _kill_while_sending(desk, sink, chance)
            assert len(sink.received) < expected, "the mails ran out before the kills did"
        wait_until(lambda: _sent_all(desk), 60)
        received = list(sink.received)
    told = Counter((str(mail.message["Message-ID"]), mail.recipients[0]) for mail in received)
    assert len(told) == expected, "a mail was lost, or a repeat came under another Message-ID"
    assert len({identity for identity, _ in told}) == expected
    contents = {(str(mail.message["Message-ID"]), str(mail.message["Subject"])) for mail in received}
    assert len(contents) == expected, "a repeat said something else"
    most = kills * (SETTLED_TOGETHER + 1)
    print(f"{len(received) - expected} mails of {expected} came twice after {kills} kills")
    assert len(received) - expected <= most, "a killed sender repeats what it had not noted yet, and no more"


def _sent_all(desk: DemoDesk) -> bool:
    assert desk.run("alerts", "send").status == 0
    with desk.database() as db:
        return column(db, "SELECT count(*) FROM outbox WHERE state <> 'sent'") == [0]
