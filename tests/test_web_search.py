"""Search as analysts use it: every search has an address, facets set and unset filters, nothing found is helped on."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlsplit

import pytest

from db.connection import value
from tests.db_samples import CHINESE, Desk, article, ministry, policy, statements
from tests.web_desk import Reader, filled, site


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return filled(tmp_path / "policywire.sqlite")


@pytest.fixture
def reader(desk: Desk) -> Reader:
    return site(desk)


def read(reader: Reader, path: str) -> str:
    answer = reader.get(path)
    assert answer.status_code == 200, answer.text
    return answer.text


def link(page: str, label: str) -> str:
    """The address behind the link with that label or `aria-label`."""
    for attributes, inside in re.findall(r"<a ([^>]*)>(.*?)</a>", page, re.DOTALL):
        named = re.search(r'aria-label="([^"]*)"', attributes)
        said = unescape(named[1] if named else re.sub(r"<[^>]*>", "", inside)).strip()
        if said == label:
            return unescape(re.search(r'href="([^"]*)"', attributes)[1])  # type: ignore[index]
    raise AssertionError(f"no link {label!r}")


def facet(page: str, name: str) -> str:
    return page.partition(f'aria-labelledby="facet-{name}"')[2].partition("</section>")[0]


# -- kinds and counts -------------------------------------------------------------------------------------------------


def test_without_a_kind_the_best_of_each_is_shown_with_counts(reader: Reader) -> None:
    page = read(reader, "/search?q=" + quote("出口"))
    assert re.findall(r'<h2 id="of-(\w+)">', page) == ["announcements", "articles"]
    assert 'Announcements <span class="count">1</span>' in page
    assert 'Attachments <span class="count">0</span>' in page
    assert page.count("<mark>出口</mark>") >= 2


def test_a_filter_that_only_one_kind_has_leads_to_that_kind(reader: Reader) -> None:
    assert 'aria-current="page">Quotes' in read(reader, "/search?role=executive")
    assert 'aria-current="page">Announcements' in read(reader, "/search?action=opening")
    assert 'aria-current="page">All' in read(reader, "/search?source=mofcom")


def test_the_number_of_hits_is_told_in_words(reader: Reader) -> None:
    assert "3 announcements" in read(reader, "/search?in=announcements")
    assert "1 article<" in read(reader, "/search?in=articles&q=deckhands")
    assert "0 quotes" in read(reader, "/search?in=quotes&q=zinc")


def test_more_hits_than_are_counted_are_told_as_that(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.pages.search.COUNTED", 2)
    assert "2+ announcements" in read(reader, "/search?in=announcements")


# -- addresses --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "/search?in=announcements&issuer=Ministry+of+Commerce&action=opening&q=barges&action=export_control",
        "/search?action=export_control&action=opening&issuer=Ministry+of+Commerce&in=announcements&q=barges",
    ],
)
def test_one_search_has_one_address_whatever_the_order_it_was_asked_in(reader: Reader, address: str) -> None:
    canonical = re.search(r'rel="canonical" href="([^"]*)"', read(reader, address))
    assert canonical is not None
    names = [name for name, _value in parse_qsl(urlsplit(unescape(canonical[1])).query)]
    assert names == ["q", "in", "action", "action", "issuer"]


def test_a_form_with_empty_fields_leads_to_the_address_without_them(reader: Reader) -> None:
    answer = reader.get("/search?q=barges&in=quotes&since=&until=&role=executive")
    assert (answer.status_code, answer.headers["location"]) == (303, "/search?q=barges&in=quotes&role=executive")


def test_several_values_of_one_filter_are_alternatives(reader: Reader) -> None:
    page = read(reader, "/search?in=announcements&instrument=guideline&instrument=announcement")
    assert "3 announcements" in page
    assert "2 announcements" in read(reader, "/search?in=announcements&instrument=announcement")


def test_pages_lead_both_ways(desk: Desk, reader: Reader) -> None:
    for n in range(60):
        url = f"https://www.chinadaily.com.cn/a/202611/01/WS{n:04}.html"
        desk.store(article(f"Story {n} of the flood.", url=url, title=f"Flood {n}"))
    first = read(reader, "/search?in=articles&q=flood")
    assert "60 articles" in first
    assert 'rel="prev"' not in first
    second = read(reader, link(first, "Older"))
    third = read(reader, link(second, "Older"))
    assert 'rel="next"' not in third
    assert read(reader, link(third, "Newer")).count("<article") == 25
    again = read(reader, link(second, "Newer"))
    assert re.findall(r"/articles/a\w+", again) == re.findall(r"/articles/a\w+", first)
    best = read(reader, "/search?in=articles&q=flood&sort=relevance")
    assert read(reader, link(read(reader, link(best, "More")), "Better")).count("<article") == 25


# -- facets -----------------------------------------------------------------------------------------------------------


def test_facets_count_the_values_and_set_the_filter(reader: Reader) -> None:
    page = read(reader, "/search?in=announcements")
    assert re.search(r'export control</a> <span class="count">2</span>', facet(page, "action"))
    assert re.search(r'opening</a> <span class="count">1</span>', facet(page, "action"))
    narrowed = read(reader, link(facet(page, "action"), "opening"))
    assert "1 announcement<" in narrowed
    assert "guideline on river freight" in narrowed


def test_a_facet_that_is_set_offers_its_other_values_and_can_be_unset(reader: Reader) -> None:
    page = read(reader, "/search?in=announcements&action=opening")
    assert "export control</a>" in facet(page, "action")
    both = link(facet(page, "action"), "export control")
    assert both == "/search?in=announcements&action=opening&action=export_control"
    assert link(facet(page, "action"), "opening") == "/search?in=announcements"
    assert link(page, "Take away action: opening") == "/search?in=announcements"


def test_years_and_months_are_a_facet(desk: Desk, reader: Reader) -> None:
    for at, published in enumerate(["2024-05-01", "2024-05-31T23:00:00+08:00", "2024-07-02", "2025-01-01"]):
        desk.store(article(f"Zinc {at}.", url=f"https://x.cn/{at}.html", title=f"Zinc {at}", published=published))
    page = read(reader, "/search?in=articles&q=zinc")
    years = facet(page, "date")
    assert re.findall(r'>(\d{4})</a> <span class="count">(\d+)', years) == [("2025", "1"), ("2024", "3")]
    of_year = read(reader, link(years, "2024"))
    assert "3 articles" in of_year
    assert re.findall(r'>(\w+ \d{4})</a> <span class="count">(\d+)', facet(of_year, "date")) == [
        ("July 2024", "1"), ("May 2024", "2"),
    ]  # fmt: skip
    of_month = read(reader, link(facet(of_year, "date"), "May 2024"))
    assert "2 articles" in of_month
    assert link(facet(of_month, "date"), "all years") == "/search?q=zinc&in=articles"


def test_a_name_is_one_value_however_it_is_spelt(desk: Desk, reader: Reader) -> None:
    text = "Another guideline on river freight came on Nov 19."
    desk.store(
        article(text, url="https://x.cn/9.html", title="Another", published="2026-11-20"),
        statements(policies=[policy(text, text, issuers=("ministry of  commerce",), title="another guideline")]),
    )
    page = read(reader, "/search?in=announcements&issuer=MINISTRY+OF+COMMERCE")
    assert "4 announcements" in page
    assert re.search(r'Ministry of Commerce</a> <span class="count">4</span>', facet(page, "issuer"))


def test_facets_of_many_hits_are_of_the_newest_and_say_so(
    desk: Desk, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.narrowing.SAMPLED", 2)
    assert "Counts are of the newest 2" in read(reader, "/search?in=announcements")


def test_a_filter_by_an_id_is_told_by_name(desk: Desk, reader: Reader) -> None:
    person = str(value(desk.db, "SELECT person_id FROM quotes WHERE speaker = 'Lin Qiao'"))
    page = read(reader, f"/search?person_id={person}")
    assert "2 quotes" in page
    assert link(page, "Take away person: Lin Qiao") == "/search?in=quotes"


# -- words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["公告", "出口", "ＧＩＮＫＧＯ", "ginkgo", "GINKGO", "許可管理", "“ginkgo extract”"])
def test_two_characters_full_width_capitals_and_traditional_characters_are_found(reader: Reader, words: str) -> None:
    page = read(reader, f"/search?q={quote(words)}")
    assert "<mark>" in page


def test_the_title_is_marked_too(reader: Reader) -> None:
    assert "Barges to get easier <mark>permits</mark>" in read(reader, "/search?in=articles&q=permits")


def test_the_hits_of_several_documents_stand_newest_first_or_best_first(desk: Desk, reader: Reader) -> None:
    for at, (text, title, published) in enumerate([("镓。", "甲", "2026-11-19"), ("甲。", "镓镓", "2020-11-18")]):
        url = f"https://www.mofcom.gov.cn/{at}.html"
        desk.store(ministry(text, url=url, title=title, number=None, published=published))
    by_date = read(reader, f"/search?in=articles&q={quote('镓')}")
    assert by_date.index(">甲<") < by_date.index("<mark>镓</mark>")
    best = read(reader, link(by_date, "best match"))
    assert best.index("<mark>镓</mark>") < best.index(">甲<")


# -- nothing found ----------------------------------------------------------------------------------------------------


def test_where_nothing_is_found_looser_filters_and_other_kinds_are_offered(reader: Reader) -> None:
    page = read(reader, "/search?q=barges&in=announcements&action=sanction&since=2031")
    assert "Nothing was found" in page
    assert read(reader, link(page, "without any filter")).count("<article") == 1
    beside = read(reader, "/search?q=deckhands&in=announcements")
    assert link(beside, "1 article") == "/search?q=deckhands&in=articles"


def test_where_words_are_not_found_together_any_of_them_is_offered(reader: Reader) -> None:
    page = read(reader, "/search?in=articles&q=barges+zinc")
    assert "barges OR zinc" in dict(parse_qsl(urlsplit(link(page, "with any of the words")).query))["q"]
    assert "with words that begin with gink" in read(reader, "/search?in=articles&q=ginkgos")


# -- hostile ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/search?q=" + "a" * 60_000, 400),
        ("/search?q=" + quote("商" * 6_000), 400),
        ("/search?in=articles&q=barges&after=nonsense", 400),
        ("/search?in=articles&after=99999999999999999999999999", 400),
        ("/search?in=articles&q=barges&sort=relevance&after=-5", 400),
        ("/search?in=articles&before=%00", 400),
        ("/search?in=<script>", 200),
        ("/search?colour=red&x[]=1", 200),
        ("/search?action=" + "&action=".join(f"a{n}" for n in range(500)), 200),
        ("/search?in=announcements&issuer=" + "&issuer=".join(f"a{n}" for n in range(500)), 200),
        ("/search?in=quotes&person_id=n'--", 200),
        ("/search?in=quotes&person_id=n0123456789abcdef", 200),
        ("/search?since=2026-13-01&until=9999-12-31", 200),
        ("/search?q=%ED%A0%80%00", 400),
        ("/search?q=%3Cscript%3Ealert(1)%3C/script%3E", 200),
        ("/search.atom?q=(", 400),
    ],
)
def test_odd_addresses_are_answered_shortly_and_inertly(reader: Reader, address: str, status: int) -> None:
    answer = reader.get(address)
    assert answer.status_code == status
    assert len(answer.content) < 300_000
    assert "<script>" not in answer.text


def test_what_is_too_much_is_told(reader: Reader) -> None:
    page = read(reader, "/search?in=announcements&issuer=" + "&issuer=".join(f"a{n}" for n in range(30)))
    assert "only the first 20 values" in page
    assert "is no person" in read(reader, "/search?in=quotes&person_id=me")


# -- watching and taking along ----------------------------------------------------------------------------------------


def test_a_search_can_be_watched_fed_and_taken_along_with_its_own_parameters(reader: Reader) -> None:
    given = "q=ginkgo&in=announcements&action=export_control&issuer=Ministry+of+Commerce&since=2026"
    page = read(reader, f"/search?{given}")
    assert link(page, "Watch this") == f"/rules/new?{given}"
    assert link(page, "Feed") == f"/search.atom?{given}"
    assert link(page, "CSV") == f"/search/export?{given}&format=csv"
    assert reader.get(link(page, "CSV")).status_code == 200


def test_words_of_both_languages_are_one_search(reader: Reader) -> None:
    page = read(reader, f"/search?in=articles&q={quote('ginkgo OR 银杏叶')}")
    assert "2 articles" in page
    assert CHINESE[:6] in re.sub(r"</?mark>", "", page)
