"""What the pages of an instrument, a person and an organization show: whole, a page at a time, along indexes only."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from db.connection import value
from db.links import entities
from db.links.overrides import history
from db.links.suggestions import suggest
from db.links.timeline import timeline
from pipeline.model import PolicyAnnouncement, Quote
from tests.db_samples import CHINESE, Desk, article, ministry, policy, quote, statements

LARGE = (
    "quotes|policies|articles|revisions|instrument_registry|persons|organizations|relations|instrument_reports"
    "|[qparnmot]"
)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Three reports of one announcement, two languages; two posts of one person, who has a Chinese name too."""
    made = Desk(tmp_path / "policywire.sqlite")
    for at, day in enumerate(("18", "19", "20")):
        text = f"The Ministry of Commerce told of barges, report {at}. Barges will pay less, it is said."
        made.store(
            article(text, url=f"https://x.cn/{at}.html", title=None, published=f"2026-11-{day}T09:00:00+08:00"),
            statements([said(text, at)], [told(text, at)]),
        )
    own = policy(
        CHINESE, CHINESE[:12], title="公布对驳船的收费标准", instrument="announcement", number="商务部公告2026年第9号",
        sectors=("驳船",), effective_on="2026-12-01",
    )  # fmt: skip
    spoken = quote(
        CHINESE, "这一做法符合国际惯例", speaker="林樵", role="official", title="新闻发言人", organization="商务部"
    )
    made.store(ministry(), statements([spoken], [own]))
    return made


def said(text: str, at: int) -> Quote:
    post = ("deputy spokesman", "spokesman", "spokesman")[at]
    return quote(
        text,
        "Barges will pay less",
        speaker="Lin Qiao",
        title=post,
        role="official",
        organization="Ministry of Commerce",
    )


def told(text: str, at: int) -> PolicyAnnouncement:
    return policy(
        text, text.partition(".")[0], title=f"charges for barges, report {at}", instrument="announcement",
        number="MOFCOM Announcement No. 9 of 2026", sectors=("barges",), entities=("Quay Lines",),
    )  # fmt: skip


def the(desk: Desk, table: str) -> str:
    return str(value(desk.db, f"SELECT id FROM {table} ORDER BY seq DESC"))  # noqa: S608


def test_an_instrument_is_known_in_both_languages_with_all_that_its_reports_say(desk: Desk) -> None:
    found = entities.instrument(desk.db, the(desk, "instruments"))
    assert found is not None
    assert (found["title_en"], found["title_zh"]) == ("charges for barges, report 0", "公布对驳船的收费标准")
    assert (found["number"], found["official_url"]) == ("商务部公告2026年第9号", ministry().url)
    assert (found["issued_on"], found["effective_on"], found["articles"]) == ("2026-11-18", "2026-12-01", 4)
    assert (found["sectors"], found["entities"]) == (["barges", "驳船"], ["Quay Lines"])


def test_reports_come_a_page_at_a_time_newest_first(desk: Desk) -> None:
    identity = the(desk, "instruments")
    first = entities.reports(desk.db, identity, limit=2)
    rest = entities.reports(desk.db, identity, limit=2, before=(first[-1]["sort_at"], first[-1]["seq"]))
    assert [one["url"] for one in first] == ["https://x.cn/2.html", "https://x.cn/1.html"]
    assert [one["url"] for one in rest] == ["https://x.cn/0.html", ministry().url]


def test_reactions_come_a_page_at_a_time_and_none_twice(desk: Desk) -> None:
    identity = the(desk, "instruments")
    seen: list[str] = []
    before = None
    while page := entities.reactions(desk.db, identity, limit=1, before=before):
        seen += [one["url"] for one in page]
        before = (page[-1]["sort_at"], page[-1]["seq"])
    assert seen == ["https://x.cn/2.html", "https://x.cn/1.html", "https://x.cn/0.html", ministry().url]


def test_a_person_has_names_in_both_scripts_and_posts_over_time(desk: Desk) -> None:
    found = entities.person(desk.db, the(desk, "people"))
    assert found is not None
    assert (found["name"], found["name_zh"], found["quotes"]) == ("Lin Qiao", "林樵", 4)
    assert [(post["title"], post["quotes"]) for post in found["posts"]] == [
        ("spokesman", 2), ("deputy spokesman", 1), ("新闻发言人", 1),
    ]  # fmt: skip
    assert "Chinese name and its spelling" in found["names"][1]["reason"]


def test_an_organization_has_its_people_and_what_it_issued(desk: Desk) -> None:
    identity = the(desk, "organizations_quoted")
    found = entities.organization(desk.db, identity)
    assert found is not None
    assert (found["name"], found["name_zh"], found["quotes"]) == ("Ministry of Commerce", "商务部", 4)
    assert [(one["name"], one["title"]) for one in found["people"]] == [("Lin Qiao", "spokesman")]
    assert [one["number"] for one in entities.issued_by(desk.db, identity)] == ["商务部公告2026年第9号"]
    assert len(entities.quotes_of_organization(desk.db, identity)) == 4


def test_the_official_page_is_found_under_any_spelling_of_its_address(desk: Desk) -> None:
    found = entities.article_at(desk.db, ministry().url.replace("https://", "http://") + "#top")
    assert found is not None
    assert found["title"] == ministry().title
    assert entities.article_at(desk.db, "https://www.mofcom.gov.cn/none.html") is None


def test_an_id_that_nothing_has_gives_nothing(desk: Desk) -> None:
    assert entities.instrument(desk.db, "i" + "0" * 15) is None
    assert entities.person(desk.db, "n" + "0" * 15) is None
    assert entities.organization(desk.db, "o" + "0" * 15) is None
    assert entities.found_as(desk.db, "n" + "0" * 15) is None
    assert timeline(desk.db, "i" + "0" * 15) == []


ASKED: dict[str, tuple[str, Callable[[Database, str], Any]]] = {
    "instrument": ("instruments", entities.instrument),
    "article at an address": ("instruments", lambda db, _identity: entities.article_at(db, ministry().url)),
    "reports": ("instruments", entities.reports),
    "reactions": ("instruments", entities.reactions),
    "timeline": ("instruments", timeline),
    "like instruments": ("instruments", suggest),
    "person": ("people", entities.person),
    "quotes of a person": ("people", entities.quotes_of_person),
    "like persons": ("people", suggest),
    "history": ("people", history),
    "organization": ("organizations_quoted", entities.organization),
    "quotes of an organization": ("organizations_quoted", entities.quotes_of_organization),
    "issued by": ("organizations_quoted", entities.issued_by),
    "like organizations": ("organizations_quoted", suggest),
}


@pytest.mark.parametrize("asked", ASKED)
def test_every_query_goes_along_an_index(desk: Desk, asked: str) -> None:
    table, ask = ASKED[asked]
    identity = the(desk, table)
    ran: list[str] = []
    desk.db.conn.set_trace_callback(ran.append)
    ask(desk.db, identity)
    desk.db.conn.set_trace_callback(None)
    assert ran
    for sql in ran:
        for step in desk.db.conn.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall():
            assert not re.fullmatch(rf"SCAN (?:{LARGE})(?: USING.*)?", step[3]), f"{step[3]}: {sql}"
