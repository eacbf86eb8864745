"""When a story first appeared: id, address and printed time weighed; what disagrees is told, not settled in silence."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from db import open_database
from db.connection import rows
from db.store import store_article
from pipeline.articles import merge, parse
from pipeline.articles.publication import weigh
from pipeline.model import Article, Page, Statements
from pipeline.times import BEIJING
from tests.spiders_loopback import story

DAY = "2026-11-18"
MADE = datetime(2026, 11, 18, 9, 31, tzinfo=BEIJING)
MIGRATED = datetime(2017, 11, 23, 14, 2, tzinfo=BEIJING)


def at(clock: str, day: str = DAY) -> str:
    return f"{day}T{clock}:00+08:00"


@pytest.mark.parametrize(
    ("made", "published", "updated", "result"),
    [
        (MADE, None, at("09:30"), at("09:30")),  # the id is made within a minute
        (MADE, None, at("15:20"), at("09:31")),  # edited in the afternoon
        (MADE, None, at("08:11", "2026-11-22"), at("09:31")),  # edited four days later
        (MADE, None, at("07:48"), at("07:48")),  # typed in two hours after it was dated
        (MADE, at("09:15"), None, at("09:15")),  # a page that says published
        (MADE, None, DAY, DAY),  # no more precise than printed
        (MADE, None, None, at("09:31")),  # no info line
        (None, None, None, DAY),  # an old address
        (None, None, at("15:20", "2026-11-19"), DAY),  # the same, edited on the next day
        (datetime(2026, 11, 17, 23, 58, tzinfo=BEIJING), None, at("00:04"), at("00:04")),  # made before midnight
        (datetime(2026, 11, 19, 8, 0, tzinfo=BEIJING), None, at("07:30"), at("07:30")),  # dated a day back
    ],
)
def test_what_the_site_usually_does_is_no_disagreement(
    made: datetime | None, published: str | None, updated: str | None, result: str
) -> None:
    found = weigh(day=DAY, made=made, published=published, updated=updated)
    assert (found.published, found.doubt) == (result, None)


def test_a_migrated_story_is_of_the_day_of_its_address() -> None:
    printed = weigh(day="2014-04-03", made=MIGRATED, published=None, updated=at("08:07", "2014-04-03"))
    assert (printed.published, printed.doubt) == (at("08:07", "2014-04-03"), None)
    silent = weigh(day="2014-04-03", made=MIGRATED, published=None, updated=None)
    assert (silent.published, silent.doubt) == ("2014-04-03", None)
    touched = weigh(day="2014-04-03", made=MIGRATED, published=None, updated=at("14:02", "2017-11-23"))
    assert (touched.published, touched.doubt) == ("2014-04-03", None)


@pytest.mark.parametrize(
    ("made", "published", "updated", "result", "says"),
    [
        (MADE, None, at("09:30", "2026-10-18"), at("09:31"), "prints 2026-10-18 09:30, before the 2026-11-18"),
        (None, None, at("09:30", "2026-10-18"), DAY, "prints 2026-10-18 09:30, before the 2026-11-18"),
        (None, "2026-11-20", None, DAY, "says published 2026-11-20, after the 2026-11-18"),
        (
            datetime(2026, 11, 3, tzinfo=BEIJING),
            None,
            at("09:30"),
            at("09:30"),
            "made at 2026-11-03 00:00, days before",
        ),
    ],
)
def test_any_other_disagreement_is_told_and_the_day_of_the_address_counts(
    made: datetime | None, published: str | None, updated: str | None, result: str, says: str
) -> None:
    found = weigh(day=DAY, made=made, published=published, updated=updated)
    assert found.published == result
    assert says in (found.doubt or "")


def test_without_a_day_in_the_address_the_earlier_time_counts() -> None:
    edited = weigh(day=None, made=MADE, published=None, updated=at("15:20"))
    assert (edited.published, edited.doubt) == (at("09:31"), None)
    apart = weigh(day=None, made=MADE, published=None, updated=at("15:20", "2014-04-03"))
    assert apart.published == at("15:20", "2014-04-03")
    assert "the address has no day" in (apart.doubt or "")


def page(updated: str) -> Page:
    """A story whose id was made on 2026-11-18 at 09:31."""
    url = f"https://www.chinadaily.com.cn/a/202611/18/WS{int(MADE.timestamp()):08x}a310d6866eb2c2bb.html"
    fetched = datetime(2026, 11, 18, 12, tzinfo=UTC)
    return Page(url=url, source="china_daily", body=story("Pears", updated=updated).encode(), fetched_at=fetched)


def test_a_disagreement_is_an_issue_until_the_page_agrees_again(tmp_path: Path) -> None:
    nothing = Statements(quotes=(), policies=(), version="1")

    def stored(updated: str) -> list[str]:
        article = parse(page(updated))
        assert isinstance(article, Article)
        assert [doubt.kind for doubt in merge(article, []).doubts] == [doubt.kind for doubt in article.doubts]
        pages = [(page(updated), None)]
        store_article(db, article, pages=pages, statements=nothing, parser_version="1", run_id=None)
        return [found["kind"] for found in rows(db, "SELECT kind FROM issues WHERE closed_at IS NULL")]

    with open_database(tmp_path / "d.db", mode="create") as db:
        assert stored("2026-09-18 09:30") == ["time_disagrees"]
        assert stored("2026-09-18 09:30") == ["time_disagrees"]
        assert stored("2026-11-18 09:30") == []
