"""Which nightly copies stay, and what is never touched."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from jobs.rotation import Keep, clear_unfinished, copies_in, copy_name, days_to_keep, rotate

USUAL = Keep(daily=7, weekly=4, monthly=12)


def _nights(first: str, many: int) -> list[date]:
    begin = date.fromisoformat(first)
    return [begin + timedelta(days=n) for n in range(many)]


def test_after_a_year_of_nights_seven_days_four_mondays_and_twelve_firsts_are_kept() -> None:
    kept = sorted(days_to_keep(_nights("2025-10-01", 414), USUAL))  # the last one is 2026-11-18, a Wednesday
    mondays = ["2026-10-26", "2026-11-02", "2026-11-09", "2026-11-16"]
    firsts = [f"2025-12-01 2026-{'-01 2026-'.join(f'{month:02}' for month in range(1, 12))}-01".split()]
    week = [f"2026-11-{day}" for day in range(12, 19)]
    assert kept == sorted({date.fromisoformat(day) for day in (*mondays, *firsts[0], *week)})


def test_a_copy_that_is_kept_for_a_month_was_never_thrown_away_before() -> None:
    there: set[date] = set()
    for night in _nights("2024-02-01", 800):
        there = days_to_keep({*there, night}, USUAL)
    assert there == days_to_keep(_nights("2024-02-01", 800), USUAL)


def test_nights_without_a_copy_age_nothing() -> None:
    early = _nights("2026-01-01", 3)
    assert days_to_keep(early, Keep(daily=3, weekly=0, monthly=0)) == set(early)
    late = date(2026, 11, 18)
    assert days_to_keep([*early, late], Keep(daily=1, weekly=0, monthly=2)) == {early[0], late}


def test_the_only_copy_stays_whatever_is_asked() -> None:
    assert days_to_keep([date(2020, 2, 2)], Keep(daily=0, weekly=0, monthly=0)) == {date(2020, 2, 2)}


def test_what_is_not_named_by_us_or_no_file_is_left_alone(tmp_path: Path) -> None:
    elsewhere = tmp_path.parent / "precious.db"
    elsewhere.write_text("precious")
    foreign = (
        "policywire-2020-01-01.db.gz", "policywire-2020-01-32.db", "policywire.db", "xpolicywire-2020-01-01.db",
        "policywire-2020-01-01.db.bak", "policywire-20200101.db", "notes.txt",
    )  # fmt: skip
    for name in foreign:
        (tmp_path / name).write_text("not ours")
    (tmp_path / "policywire-2020-01-03.db").symlink_to(elsewhere)
    (tmp_path / "policywire-2020-01-04.db").mkdir()
    for day in _nights("2020-02-03", 3):
        (tmp_path / copy_name(day)).write_text("ours")
    gone = rotate(tmp_path, Keep(daily=1, weekly=0, monthly=0))
    assert [path.name for path in gone] == ["policywire-2020-02-03.db", "policywire-2020-02-04.db"]
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {*foreign, "policywire-2020-01-03.db", "policywire-2020-01-04.db", "policywire-2020-02-05.db"}
    assert list(copies_in(tmp_path)) == [date(2020, 2, 5)]
    assert elsewhere.read_text() == "precious"


def test_what_a_killed_copy_left_is_cleared_and_nothing_else(tmp_path: Path) -> None:
    ours = (".policywire-2026-01-01.db.0a1b2c3d.unfinished", ".policywire-2026-01-01.db.0a1b2c3d.unfinished-wal")
    others = (
        ".policywire-2026-01-01.db.unfinished",
        "x.unfinished",
        ".policywire-2026-01-01.db.0a1b2c3d.unfinished.txt",
    )
    for name in (*ours, *others):
        (tmp_path / name).write_text("half")
    (tmp_path / ".policywire-restore-test").mkdir()
    (tmp_path / ".policywire-restore-test" / "restored.db").write_text("half")
    clear_unfinished(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(others)
