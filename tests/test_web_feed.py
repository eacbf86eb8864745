"""The feed of a search is valid Atom (RFC 4287): required elements, ids that stay, text and never markup of others."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from lxml import etree

from db.connection import value
from tests.db_samples import TEXT, Desk, article, statements
from tests.db_samples import quote as quoted
from tests.web_desk import FIRST, HOME, NOW, Reader, filled, site
from tests.web_logins import logged_in, site_with_logins, with_users

ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = "</title><script>alert(1)</script> \u202e&amp; \x00\x0b ]]> \ud83d javascript:alert(1)"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return filled(tmp_path / "policywire.sqlite")


@pytest.fixture
def reader(desk: Desk) -> Reader:
    return site(desk)


def feed(reader: Reader, address: str) -> etree._Element:
    answer = reader.get(address)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("application/atom+xml")
    return etree.fromstring(answer.content, etree.XMLParser(resolve_entities=False, no_network=True))


def said(element: etree._Element, name: str) -> str:
    (found,) = element.findall(ATOM + name)
    return str(found.text)


def alternate(element: etree._Element) -> str:
    return str(element.xpath("string(a:link[@rel='alternate']/@href)", namespaces={"a": ATOM[1:-1]}))


ADDRESSES = (
    "/search.atom",
    "/search.atom?q=ginkgo&in=announcements&action=export_control",
    "/search.atom?in=quotes&role=executive",
    f"/search.atom?in=articles&q={quote('出口')}",
    "/search.atom?in=attachments",
    "/search.atom?in=articles&q=nothing",
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_feed_and_entries_have_what_the_standard_requires(reader: Reader, address: str) -> None:
    root = feed(reader, address)
    assert root.tag == ATOM + "feed"
    entries = root.findall(ATOM + "entry")
    for element in (root, *entries):
        assert said(element, "title")
        assert re.fullmatch(r"tag:policywire,2026:[!-~]+", said(element, "id"))
        assert datetime.fromisoformat(said(element, "updated")).tzinfo is not None
        assert alternate(element).startswith(HOME + "/")
    for entry in entries:
        assert entry.findtext(f"{ATOM}author/{ATOM}name")
        assert said(entry, "summary")
        assert datetime.fromisoformat(said(entry, "published")).tzinfo is not None
    assert len({said(entry, "id") for entry in entries}) == len(entries)


def test_the_feed_says_where_it_is_and_which_page_it_is_of(reader: Reader) -> None:
    root = feed(reader, "/search.atom?action=export_control&q=ginkgo&in=announcements")
    assert root.xpath("string(a:link[@rel='self']/@href)", namespaces={"a": ATOM[1:-1]}) == (
        f"{HOME}/search.atom?q=ginkgo&in=announcements&action=export_control"
    )
    assert alternate(root) == f"{HOME}/search?q=ginkgo&in=announcements&action=export_control"
    assert "ginkgo · export_control" in said(root, "title")
    page = reader.get("/search?q=ginkgo&in=announcements&action=export_control").text
    assert (
        '<link rel="alternate" type="application/atom+xml" title="This search as a feed" '
        'href="/search.atom?q=ginkgo&amp;in=announcements&amp;action=export_control">' in page
    )


def test_a_feed_behind_logins_is_for_readers_and_names_the_address_that_people_type(desk: Desk) -> None:
    closed = site_with_logins(with_users(desk), base_url="http://desk.example.org/")
    asked = closed.get("/search.atom?q=ginkgo")
    assert (asked.status_code, asked.headers["location"].partition("?")[0]) == (303, "/login")
    root = feed(logged_in(closed, "Rea"), "/search.atom?q=ginkgo")
    assert alternate(root) == "http://desk.example.org/search?q=ginkgo"


def test_an_entry_carries_its_evidence_and_leads_to_it(desk: Desk, reader: Reader) -> None:
    (entry,) = feed(reader, "/search.atom?in=announcements&q=barges").findall(ATOM + "entry")
    found = value(desk.db, "SELECT id FROM policy_announcements WHERE instrument = 'guideline'")
    home = value(desk.db, "SELECT article_id FROM policy_announcements WHERE instrument = 'guideline'")
    assert said(entry, "id") == f"tag:policywire,2026:{found}"
    assert alternate(entry) == f"{HOME}/articles/{home}#{found}"
    assert FIRST in said(entry, "summary")
    assert "Ministry of Commerce" in said(entry, "summary")
    assert [one.get("term") for one in entry.findall(ATOM + "category")] == [
        "opening", "guideline", "Ministry of Commerce",
    ]  # fmt: skip


def test_an_entry_keeps_its_id_when_it_is_asked_for_later_and_otherwise(desk: Desk, reader: Reader) -> None:
    later = site(desk, clock=lambda: NOW + timedelta(days=30))
    before, after = (
        {said(entry, "id") for entry in feed(asked, f"/search.atom?in=quotes{more}").findall(ATOM + "entry")}
        for asked, more in ((reader, ""), (later, "&role=executive"))
    )
    assert after
    assert after <= before


def test_the_newest_of_all_kinds_come_first_and_no_more_than_fifty(desk: Desk, reader: Reader) -> None:
    for at in range(60):
        url = f"https://www.chinadaily.com.cn/a/202611/21/WS{at:04}.html"
        desk.store(article(f"Copper {at}.", url=url, title=f"Copper {at}", published=f"2026-11-21T10:{at:02}:00+08:00"))
    entries = feed(reader, "/search.atom").findall(ATOM + "entry")
    assert len(entries) == 50
    published = [said(entry, "published") for entry in entries]
    assert published == sorted(published, reverse=True)
    assert said(entries[0], "title") == "Copper 59"


def test_hostile_words_are_text_in_the_feed(desk: Desk, reader: Reader) -> None:
    text = f"{HOSTILE} {TEXT}"
    desk.store(
        article(text, url="https://x.cn/hostile.html", title=HOSTILE * 50),
        statements([quoted(text, "Barges will carry", speaker=HOSTILE, organization=HOSTILE)]),
    )
    for address in ("/search.atom?in=articles", "/search.atom?in=quotes", f"/search.atom?q={quote('alert')}"):
        answer = reader.get(address)
        assert b"<script>" not in answer.content
        root = feed(reader, address)
        assert {element.tag for element in root.iter()} <= {
            ATOM + name
            for name in (
                "feed", "title", "subtitle", "id", "updated", "link", "generator", "entry", "published", "author",
                "name", "category", "summary",
            )
        }  # fmt: skip
        assert "\u202e" not in answer.text


def test_a_query_that_cannot_be_understood_has_no_feed(reader: Reader) -> None:
    answer = reader.get("/search.atom?q=(")
    assert answer.status_code == 400
    assert "a word is missing here" in answer.text
