"""What is found and not yet had: nothing is lost between two transactions, nothing is asked for without end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from db import open_database
from db.connection import rows, value
from db.crawling.frontier import finish_reading, is_owed, owe, owed, put_off, reading, settle, take_page
from db.crawling.visits import due_visits, keep_listing, kept_listing, note_visit
from db.issues import add_issue
from db.status import read_status
from db.store import reject_page
from pipeline.model import ArchiveRef, Issue, ListingRow, Page, Reading, ReadingKey
from tests.db_samples import NOON, Desk, article, usual

SECTION = "https://www.chinadaily.com.cn/business/economy"
KEY = ReadingKey(source="china_daily", url=SECTION)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with open_database(tmp_path / "policywire.sqlite", mode="create") as opened:
        yield opened


def listed(number: int, published: str | None = "2026-11-19 08:00") -> ListingRow:
    return ListingRow(
        url=f"https://www.chinadaily.com.cn/a/{number}.html", title=f"Pears {number}", published=published
    )


def due(db: Database, minutes: int = 0) -> list[str]:
    return [row.title for _, row in owed(db, "china_daily", NOON + timedelta(minutes=minutes))]


def test_what_is_owed_comes_back_oldest_first_and_once(db: Database) -> None:
    found = [listed(3, "2026-11-20 09:00"), listed(1, "2026-11-18"), listed(2, "2026-11-19 10:00")]
    assert owe(db, "china_daily", found, NOON) == tuple(found)
    assert owe(db, "china_daily", found, NOON) == ()
    assert due(db) == ["Pears 1", "Pears 2", "Pears 3"]
    assert owed(db, "mofcom", NOON) == []


def test_what_a_route_of_lower_rank_showed_comes_back_first(db: Database) -> None:
    owe(db, "china_daily", [listed(1, "2026-11-18")], NOON, rank=1)
    take_page(db, KEY, Reading(mark=SECTION, pages=1), [listed(2, "2026-11-20")], NOON, rank=0)
    assert due(db) == ["Pears 2", "Pears 1"]


def test_the_same_address_with_another_scheme_is_owed_once(db: Database) -> None:
    owe(db, "china_daily", [listed(1)], NOON)
    plain = ListingRow(url="http://www.chinadaily.com.cn/a/1.html#top", title="Pears", published=None)
    assert owe(db, "china_daily", [plain], NOON) == ()
    assert is_owed(db, plain.url)


def test_an_address_that_a_listing_prints_plainly_is_settled_as_it_was_asked_for(db: Database) -> None:
    row = ListingRow(url="https://www.chinadaily.com.cn/a/pears and \u68a8/|1.html", title="Pears", published=None)
    owe(db, "china_daily", [row], NOON)
    settle(db, ["https://www.chinadaily.com.cn/a/pears%20and%20%E6%A2%A8/%7C1.html"])
    assert not is_owed(db, row.url)


def test_a_clock_that_was_years_ahead_holds_nothing_up(db: Database) -> None:
    wrong = NOON + timedelta(days=2000)
    owe(db, "china_daily", [listed(1), listed(2)], wrong)
    put_off(db, listed(2).url, "no answer", wrong)
    assert [row.title for _, row in owed(db, "china_daily", NOON)] == ["Pears 1", "Pears 2"]


def test_what_is_owed_is_read_in_portions(db: Database) -> None:
    owe(db, "china_daily", [listed(number) for number in range(5)], NOON)
    titles, mark = [], None
    while portion := owed(db, "china_daily", NOON, after=mark, limit=2):
        titles += [row.title for _, row in portion]
        mark = portion[-1][0]
    assert titles == [f"Pears {number}" for number in range(5)]


def test_a_failure_puts_a_story_off_for_longer_each_time_but_a_day_at_most(db: Database) -> None:
    owe(db, "china_daily", [listed(1)], NOON)
    for attempt, minutes in enumerate((5, 10, 20, 40)):
        assert not put_off(db, listed(1).url, "status 502", NOON)
        assert due(db, minutes - 1) == [], attempt
        assert due(db, minutes) == ["Pears 1"], attempt
    for _ in range(30):
        put_off(db, listed(1).url, "status 502", NOON)
    assert due(db, 24 * 60) == ["Pears 1"]


def test_a_story_that_fails_for_a_month_is_given_up_until_it_is_listed_anew(db: Database) -> None:
    owe(db, "china_daily", [listed(1)], NOON)
    later = NOON + timedelta(days=31)
    assert put_off(db, listed(1).url, "status 502", later)
    assert owed(db, "china_daily", later + timedelta(days=99)) == []
    counts = read_status(db, later).counts
    assert (counts["owed"], counts["given up"]) == (0, 1)
    assert owe(db, "china_daily", [listed(1)], later) == (), "the same row says nothing new"
    owe(db, "china_daily", [listed(1, "2026-12-20 10:00")], later)
    assert [row.published for _, row in owed(db, "china_daily", later)] == ["2026-12-20 10:00"]


def test_a_story_that_nobody_owes_is_not_put_off(db: Database) -> None:
    assert not put_off(db, listed(1).url, "status 502", NOON)
    assert value(db, "SELECT count(*) FROM owed") == 0


def test_storing_a_story_settles_it(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "policywire.sqlite")
    one = article()
    assert one.url is not None
    owe(desk.db, "china_daily", [ListingRow(url=one.url, title="Pears")], NOON)
    desk.store(one, usual())
    assert not is_owed(desk.db, one.url)


def test_a_page_is_taken_with_its_mark_or_not_at_all(db: Database) -> None:
    state = Reading(mark=SECTION, pages=1, oldest="2026-11-18", newest="2026-11-19")
    assert take_page(db, KEY, state, [listed(1)], NOON) == (listed(1),)
    assert reading(db, KEY) == state
    broken = ListingRow(url="https://[broken", title="No address")
    with pytest.raises(ValueError, match="Invalid IPv6"):
        take_page(db, KEY, Reading(mark=f"{SECTION}/page_2.html", pages=2), [listed(2), broken], NOON)
    assert reading(db, KEY) == state
    assert due(db) == ["Pears 1"]


def test_a_listing_read_to_what_is_known_is_whole_and_one_read_to_a_date_is_forgotten(db: Database) -> None:
    back = ReadingKey(source="china_daily", url=SECTION, since=date(2026, 1, 1))
    for key in (KEY, back):
        assert reading(db, key) is None
        take_page(db, key, Reading(mark=SECTION, pages=1), [], NOON)
        finish_reading(db, key, NOON)
    assert reading(db, KEY) == Reading(mark=None, pages=0, oldest=None)
    assert reading(db, back) is None


def test_a_story_is_visited_at_growing_intervals_inside_the_window(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "policywire.sqlite")
    url = "https://www.chinadaily.com.cn/a/202611/19/WSaaaa0001.html"
    desk.store(article(url=url, published="2026-11-20T12:00:00+08:00"), usual(), page=desk.page(url, NOON))

    def is_due(hours: float) -> bool:
        found = due_visits(desk.db, "china_daily", NOON + timedelta(hours=hours), window=timedelta(days=7))
        return [row.url for row in found] == [url]

    assert not is_due(5.9)
    for hours in (6, 12, 24, 48, 96):
        assert not is_due(hours - 0.1), hours
        assert is_due(hours), hours
        at = NOON + timedelta(hours=hours)
        note_visit(desk.db, Page(url=url, source="china_daily", body=b"", fetched_at=at, status=304))
    assert not is_due(7 * 24 + 1), "it has left the window"


def test_a_story_that_is_gone_is_not_visited(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "policywire.sqlite")
    one = article(published="2026-11-20T12:00:00+08:00")
    desk.store(one, usual())
    assert one.url is not None
    missing = Issue(kind="page_gone", source="china_daily", url=one.url, detail="status 404")
    reject_page(desk.db, *desk.page(one.url, NOON + timedelta(hours=7), status=404), missing, run_id=None)
    for hours in (8, 30, 90):
        at = NOON + timedelta(hours=hours)
        assert due_visits(desk.db, "china_daily", at, window=timedelta(days=7)) == []


@pytest.mark.parametrize("kind", ["timeout", "blocked", "host_paused", "redirect_loop", "given_up"])
@pytest.mark.parametrize("then", ["stored", "unchanged", "gone"])
def test_what_kept_a_story_from_being_had_is_over_when_the_site_answers(tmp_path: Path, kind: str, then: str) -> None:
    desk = Desk(tmp_path / "policywire.sqlite")
    one = article(published="2026-11-20T12:00:00+08:00")
    assert one.url is not None
    add_issue(desk.db, Issue(kind=kind, source="china_daily", url=one.url, detail="no answer"), now=NOON)
    if then == "stored":
        desk.store(one, usual(), page=desk.page(one.url))
    elif then == "unchanged":
        note_visit(desk.db, Page(url=one.url, source="china_daily", body=b"", fetched_at=NOON, status=304))
    else:
        gone = Issue(kind="page_gone", source="china_daily", url=one.url, detail="status 404")
        reject_page(desk.db, *desk.page(one.url, status=404), gone, run_id=None)
    left = rows(desk.db, "SELECT kind FROM issues WHERE closed_at IS NULL")
    assert [each["kind"] for each in left] == (["page_gone"] if then == "gone" else [])


def test_a_look_that_gave_no_article_counts_as_one(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "policywire.sqlite")
    one = article(published="2026-11-20T12:00:00+08:00")
    desk.store(one, usual(), page=desk.page(one.url, NOON))
    changed = Issue(kind="layout_changed", source="china_daily", url=one.url, detail="no text", selector="#Content")
    reject_page(desk.db, *desk.page(one.url, NOON + timedelta(hours=7)), changed, run_id=None)

    def is_due(hours: float) -> bool:
        return bool(due_visits(desk.db, "china_daily", NOON + timedelta(hours=hours), window=timedelta(days=7)))

    assert not is_due(7.1), "it would be asked for by every crawl"
    assert not is_due(13.9)
    assert is_due(14.1)


def test_the_last_copy_of_a_listing_is_remembered(db: Database) -> None:
    page = Page(url=SECTION, source="china_daily", body=b"rows", fetched_at=NOON, kind="listing")
    assert kept_listing(db, SECTION) is None
    for offset in (10, 400):
        ref = ArchiveRef(file="china_daily/2026-11-20.warc.gz", offset=offset, length=99)
        keep_listing(db, page, ref)
        assert kept_listing(db, SECTION) == ref
