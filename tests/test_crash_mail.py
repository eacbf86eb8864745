"""Kill -9 anywhere between storing an article and noting that its mail was sent: nothing lost, nothing half written."""

from __future__ import annotations

from pathlib import Path

from tests.mail_kills import POINTS, run_and_look

SEED = 20261120
KILLS = 22


def test_no_kill_loses_a_match_or_makes_another_mail_of_it(tmp_path: Path) -> None:
    found = run_and_look(tmp_path, kills=KILLS, seed=SEED)
    print(f"seed {SEED}: {dict(found.kills)}; {found.repeats} repeats among {found.mails} mails")
    assert found.problems == []
    assert set(found.kills) >= {"random", *POINTS}
    assert found.mails > found.articles > 0
