"""Users, their passwords and sessions: what is kept, what ends what, and how often one may try."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from db.accounts.passwords import PasswordError, check_password, hashed, matches, outdated
from db.accounts.sessions import (
    PER_ACCOUNT,
    PER_ACCOUNT_AND_ADDRESS,
    PER_ADDRESS,
    WINDOW,
    TooManyAttempts,
    end_other_sessions,
    log_in,
    open_session,
    session,
    sessions_of,
)
from db.accounts.users import (
    UserError,
    add_user,
    anybody_can_log_in,
    disable,
    enable,
    set_password,
    set_role,
    user_named,
    users,
)
from db.connection import open_database, rows, value
from tests.db_samples import NOON, Desk

SECRET = "seven barges, one lock"
OTHER = "nine lanterns on a quay"
IDLE = timedelta(days=3)
LONGEST = timedelta(days=30)
HERE = "192.0.2.7"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path / "policywire.sqlite")
    add_user(desk.db, "Ana", "reviewer", SECRET, now=NOON, email="ana@example.org")
    return desk


def opened(desk: Desk, name: str = "Ana", **changes: object) -> str:
    given: dict[str, object] = {"longest": LONGEST, "address": HERE, "agent": "Lynx", "now": NOON, **changes}
    return open_session(desk.db, user_named(desk.db, name).id, **given)  # type: ignore[arg-type]


def holds(desk: Desk, token: str, *, after: timedelta = timedelta()) -> bool:
    return session(desk.db, token, idle=IDLE, now=NOON + after) is not None


def attempt(
    desk: Desk, password: str, *, name: str = "Ana", address: str = HERE, after: timedelta = timedelta()
) -> bool:
    return log_in(desk.db, name, password, address=address, now=NOON + after) is not None


def test_neither_password_nor_token_stands_in_the_file(desk: Desk) -> None:
    token = opened(desk)
    attempt(desk, "a guess of some length", name="a password typed as name")
    desk.db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    held = desk.path.read_bytes()
    assert b"$argon2id$" in held
    for secret in (SECRET, token, "a guess of some length", "a password typed as name"):
        assert secret.encode() not in held


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("short", "at least 12 characters, not 5"),
        ("x" * 201, "at most 200"),
        ("abababababababab", "different characters"),
        ("Ana Lin 20261", "not be the name"),
        ("with\x00zero inside", "control character"),
    ],
)
def test_a_poor_password_is_refused_with_what_to_change(password: str, said: str) -> None:
    with pytest.raises(PasswordError, match=said):
        check_password(password, "ana lin")


def test_a_password_is_the_same_however_its_letters_are_composed() -> None:
    assert matches("cafe\u0301 \uff11\uff12 caravan", hashed("caf\u00e9 12 caravan"))
    assert not matches("cafe 12 caravan", hashed("caf\u00e9 12 caravan"))
    assert not matches("anything at all", None)
    assert not matches("anything at all", "no hash")


@pytest.mark.parametrize("name", ["", " ", "\u202eana", "a\x00b", "x" * 61, "---"])
def test_a_name_that_cannot_stand_beside_a_decision_is_refused(desk: Desk, name: str) -> None:
    with pytest.raises(UserError, match="printable characters"):
        add_user(desk.db, name, "reader", SECRET, now=NOON)


@pytest.mark.parametrize("name", ["ana", " ANA ", "\uff21na"])
def test_a_name_is_given_once_in_whatever_letters(desk: Desk, name: str) -> None:
    with pytest.raises(UserError, match="already"):
        add_user(desk.db, name, "reader", SECRET, now=NOON)


def test_a_name_may_be_chinese(desk: Desk) -> None:
    add_user(desk.db, "林巧", "reader", SECRET, now=NOON)
    assert attempt(desk, SECRET, name="林巧")
    assert [one.name for one in users(desk.db)] == ["Ana", "林巧"]


def test_an_address_that_is_none_is_refused(desk: Desk) -> None:
    with pytest.raises(UserError, match="no e-mail address"):
        add_user(desk.db, "Bo", "reader", SECRET, now=NOON, email="bo")


def test_only_the_right_password_of_a_user_who_may_come_lets_in(desk: Desk) -> None:
    assert attempt(desk, SECRET)
    assert attempt(desk, SECRET, name="ana")
    assert not attempt(desk, OTHER)
    assert not attempt(desk, SECRET, name="Bo")
    disable(desk.db, "Ana", now=NOON)
    assert not attempt(desk, SECRET)
    assert not anybody_can_log_in(desk.db)
    enable(desk.db, "Ana")
    assert attempt(desk, SECRET)


def test_a_session_ends_when_it_is_idle_and_at_the_latest_after_its_time(desk: Desk) -> None:
    token = opened(desk)
    assert holds(desk, token, after=IDLE - timedelta(seconds=1))
    assert not holds(desk, token, after=IDLE)
    desk.db.conn.execute("UPDATE sessions SET seen_at = '2099-01-01T00:00:00Z'")
    assert holds(desk, token, after=LONGEST - timedelta(seconds=1))
    assert not holds(desk, token, after=LONGEST)
    assert not holds(desk, token + "x")
    assert not holds(desk, "")


def test_a_session_ends_with_another_password_or_when_its_user_is_disabled(desk: Desk) -> None:
    first = opened(desk)
    set_password(desk.db, "Ana", OTHER, now=NOON)
    assert not holds(desk, first)
    second = opened(desk)
    disable(desk.db, "Ana", now=NOON)
    enable(desk.db, "Ana")
    assert not holds(desk, second)


def test_a_new_session_takes_the_place_of_the_one_before(desk: Desk) -> None:
    first = opened(desk)
    second = opened(desk, instead_of=first)
    assert (holds(desk, first), holds(desk, second)) == (False, True)


def test_the_other_sessions_can_be_ended(desk: Desk) -> None:
    add_user(desk.db, "Bo", "reader", SECRET, now=NOON)
    mine, other, bos = opened(desk), opened(desk), opened(desk, "Bo")
    held = session(desk.db, mine, idle=IDLE, now=NOON)
    assert held is not None
    end_other_sessions(desk.db, held.user_id, held.session_id)
    assert [holds(desk, token) for token in (mine, other, bos)] == [True, False, True]
    assert len(sessions_of(desk.db, held.user_id, idle=IDLE, now=NOON)) == 1


def test_another_role_holds_at_once(desk: Desk) -> None:
    token = opened(desk)
    set_role(desk.db, "Ana", "reader")
    held = session(desk.db, token, idle=IDLE, now=NOON)
    assert held is not None
    assert held.role == "reader"


def test_guesses_from_one_address_are_stopped_and_others_are_not_kept_out(desk: Desk) -> None:
    for _ in range(PER_ACCOUNT_AND_ADDRESS):
        assert not attempt(desk, OTHER)
    with pytest.raises(TooManyAttempts) as stopped:
        attempt(desk, SECRET)
    assert stopped.value.wait == WINDOW
    assert attempt(desk, SECRET, address="192.0.2.8")
    assert attempt(desk, SECRET, after=WINDOW)


def test_an_account_is_guessed_at_no_faster_from_many_addresses(desk: Desk) -> None:
    for n in range(PER_ACCOUNT):
        assert not attempt(desk, OTHER, address=f"198.51.100.{n}")
    with pytest.raises(TooManyAttempts):
        attempt(desk, SECRET, address="203.0.113.9")


def test_an_address_may_not_try_many_accounts_known_or_not(desk: Desk) -> None:
    for n in range(PER_ADDRESS):
        assert not attempt(desk, OTHER, name=f"user {n}")
    with pytest.raises(TooManyAttempts):
        attempt(desk, SECRET)


def test_the_addresses_of_one_ipv6_network_count_as_one(desk: Desk) -> None:
    for n in range(PER_ACCOUNT_AND_ADDRESS):
        assert not attempt(desk, OTHER, address=f"2001:db8:1:2::{n:x}")
    with pytest.raises(TooManyAttempts):
        attempt(desk, SECRET, address="2001:db8:1:2:ffff::1")
    assert attempt(desk, SECRET, address="2001:db8:1:3::1")


def test_the_right_password_strikes_out_the_guesses_before_it(desk: Desk) -> None:
    for _ in range(3):
        for _ in range(PER_ACCOUNT_AND_ADDRESS - 1):
            assert not attempt(desk, OTHER)
        assert attempt(desk, SECRET)
    assert value(desk.db, "SELECT count(*) FROM login_attempts") == 0


def test_a_restart_does_not_give_new_attempts(desk: Desk) -> None:
    for _ in range(PER_ACCOUNT_AND_ADDRESS):
        assert not attempt(desk, OTHER)
    again = open_database(desk.path)
    with pytest.raises(TooManyAttempts):
        log_in(again, "Ana", SECRET, address=HERE, now=NOON)
    again.close()


def test_attempts_that_no_longer_count_are_cleared_away(desk: Desk) -> None:
    assert not attempt(desk, OTHER)
    assert not attempt(desk, OTHER, after=WINDOW)
    assert value(desk.db, "SELECT count(*) FROM login_attempts") == 1


def test_a_hash_of_older_parameters_is_made_anew_when_its_password_is_seen(desk: Desk) -> None:
    old = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(SECRET)
    desk.db.conn.execute("UPDATE users SET password = ?", [old])
    assert outdated(old)
    assert attempt(desk, SECRET)
    kept = value(desk.db, "SELECT password FROM users")
    assert not outdated(kept)
    assert attempt(desk, SECRET)


def test_every_question_of_a_login_goes_through_an_index(desk: Desk) -> None:
    asked: list[str] = []
    desk.db.conn.set_trace_callback(asked.append)
    attempt(desk, SECRET)
    holds(desk, "x")
    desk.db.conn.set_trace_callback(None)
    asked = [sql for sql in asked if sql.lstrip().upper().startswith(("SELECT", "DELETE"))]
    assert len(asked) > 5
    for sql in asked:
        plan = [step["detail"] for step in rows(desk.db, f"EXPLAIN QUERY PLAN {sql}")]
        assert not [step for step in plan if step.startswith("SCAN")], (sql, plan)
