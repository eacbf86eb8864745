"""Instruments, people and organizations on the site: what their pages show, and merging and splitting by forms."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from db.connection import rows, value
from db.links.identities import resolve
from db.links.overrides import history, merge
from tests.db_samples import NOON, Desk, article, policy, quote, statements
from tests.web_desk import Reader, filled, site


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return filled(tmp_path / "policywire.sqlite")


@pytest.fixture
def reader(desk: Desk) -> Reader:
    return site(desk)


def said(desk: Desk, at: int, words: str = "freight will double", **changes: Any) -> tuple[str, str]:
    """The ids of a quote in an article of its own, and of the person who says it."""
    text = f"Report {at}: {words}."
    stored = desk.store(
        article(
            text,
            url=f"https://www.chinadaily.com.cn/a/202611/0{at % 9 + 1}/WS{at:06}.html",
            title=f"Report {at}",
            published=f"2026-11-{at % 9 + 1:02}T09:30:00+08:00",
        ),
        statements([quote(text, words, **changes)]),
    )
    return stored.new[0], str(value(desk.db, "SELECT person_id FROM quotes WHERE id = ?", [stored.new[0]]))


def instrument_of(desk: Desk, title: str) -> str:
    return str(value(desk.db, "SELECT instrument_id FROM policies WHERE title = ?", [title]))


# -- pages ------------------------------------------------------------------------------------------------------------


def test_an_instrument_shows_its_names_its_dates_and_who_reports_it_in_both_languages(
    desk: Desk, reader: Reader
) -> None:
    page = reader.get(f"/instruments/{instrument_of(desk, 'control of ginkgo extract')}").text
    assert "商务部公告2026年第9号" in page
    assert "2 articles report it" in page
    assert "Ginkgo growers shrug" in page
    assert "cites it as background" in page
    assert "export control" in page


def test_an_instrument_tells_its_life_in_order_with_the_words_that_say_so(desk: Desk, reader: Reader) -> None:
    text = "The ministry issued rules on kelp on Nov 2, 2026. They take effect on Dec 1."
    first = text.partition(". ")[0] + "."
    desk.store(
        article(text, url="https://www.chinadaily.com.cn/a/202611/03/WSkelp.html", title="Kelp rules"),
        statements(
            policies=[
                policy(text, first, title="rules on kelp", issued_on="2026-11-02", effective_on="2026-12-01"),
            ]
        ),
    )
    page = reader.get(f"/instruments/{instrument_of(desk, 'rules on kelp')}").text
    life = page[page.index("Timeline") : page.index('id="reports"')]
    assert life.index("2 Nov 2026") < life.index("1 Dec 2026")
    assert "<strong>issued</strong>" in life
    assert "<strong>in force</strong>" in life
    assert "The ministry issued rules on kelp" in life


def test_reactions_stand_with_the_speaker_role_and_organization(desk: Desk, reader: Reader) -> None:
    page = reader.get(f"/instruments/{instrument_of(desk, 'guideline on river freight')}").text
    reactions = page[page.index('id="reactions"') :]
    assert "Lin Qiao" in reactions
    assert "executive" in reactions
    assert "Weir &amp; Quay Shipping Co Ltd" in reactions


def test_a_person_shows_posts_over_time_and_each_saying_once(desk: Desk, reader: Reader) -> None:
    _, person = said(desk, 1, speaker="Qu Lan", title="chief executive")
    said(desk, 2, speaker="Qu Lan", title="chief executive")
    said(desk, 3, "rates will fall", speaker="Qu Lan", title="chairman")
    page = reader.get(f"/people/{person}").text
    assert page.count("freight will double") == 1
    assert "Report 1" in page
    assert "Report 2" in page
    posts = page[page.index("Posts, as introduced") :]
    assert posts.index("chairman") < posts.index("chief executive")
    assert 'href="/organizations/o' in posts


def test_an_organization_shows_who_speaks_for_it_and_what_it_issued(desk: Desk, reader: Reader) -> None:
    said(desk, 4, speaker="Qu Lan", title="minister", organization="Ministry of Commerce", role="official")
    organization = value(desk.db, "SELECT organization_id FROM quotes WHERE speaker = 'Qu Lan'")
    page = reader.get(f"/organizations/{organization}").text
    assert "Ministry of Commerce" in page
    assert "商务部" in page
    issued = page[page.index("<h2>Issued</h2>") :]
    assert "guideline on river freight" in issued
    assert "Qu Lan" in issued[issued.index("Who speaks for it") :]


def test_a_long_list_goes_on_on_a_page_of_its_own_and_loses_nothing(desk: Desk, reader: Reader) -> None:
    for at in range(35):
        _, person = said(desk, at, f"number {at} is a fine number")
    first = reader.get(f"/people/{person}").text
    onward = first.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0].replace("&amp;", "&")
    second = reader.get(onward.partition("#")[0]).text
    seen = (
        [at for at in range(35) if f"number {at} is" in first],
        [at for at in range(35) if f"number {at} is" in second],
    )
    assert sorted(seen[0] + seen[1]) == list(range(35))
    assert 'rel="next"' not in second


@pytest.mark.parametrize("place", ["/instruments/i0", "/people/n0", "/organizations/o0", "/linking/i0", "/linking/x"])
def test_what_there_is_not_is_not_found(reader: Reader, place: str) -> None:
    assert reader.get(place).status_code == 404


def test_a_page_of_another_sort_is_not_found_under_that_place(desk: Desk, reader: Reader) -> None:
    assert reader.get(f"/people/{instrument_of(desk, 'guideline on river freight')}").status_code == 404


@pytest.mark.parametrize("mark", ["x", "~", "2026~x", "2026-01-01T00:00:00Z~" + "9" * 40, "~~~", "\u202e~1"])
def test_a_place_in_a_list_that_is_none_is_taken_for_its_beginning(desk: Desk, reader: Reader, mark: str) -> None:
    _, person = said(desk, 1)
    answer = reader.get(f"/people/{person}?quotes={mark}")
    assert answer.status_code == 200


# -- merging and splitting --------------------------------------------------------------------------------------------


def test_two_people_are_merged_by_a_form_and_the_old_address_leads_to_the_one(desk: Desk, reader: Reader) -> None:
    (_, one), (_, other) = said(desk, 1, organization="Kelp Board"), said(desk, 2, organization="Tea Board")
    assert one != other
    assert other in reader.get(f"/linking/{one}").text  # offered, with the reason why the machine did not
    answer = reader.post(f"/linking/{one}", {"do": "merge", "other": other, "reason": "the same interview"})
    assert answer.status_code == 303
    assert resolve(desk.db, other) == one
    shown = reader.get(answer.headers["location"]).text
    assert "Merged." in shown
    assert "the same interview" in shown
    moved = reader.get(f"/people/{other}")
    assert (moved.status_code, moved.headers["location"]) == (307, f"/people/{one}")


def test_a_merge_is_undone_by_the_button_beside_it(desk: Desk, reader: Reader) -> None:
    (_, one), (_, other) = said(desk, 1, organization="Kelp Board"), said(desk, 2, organization="Tea Board")
    event = merge(desk.db, one, other, by="ann", now=NOON).event
    answer = reader.post(f"/linking/{one}", {"do": "undo", "event": str(event)})
    assert answer.status_code == 303
    assert resolve(desk.db, other) == other
    assert [held["event"] for held in history(desk.db, one)] == ["merge", "undo"]


def test_what_is_ticked_becomes_another_person(desk: Desk, reader: Reader) -> None:
    (first, one), (_second, same) = said(desk, 1), said(desk, 2, "rates will fall")
    assert one == same
    answer = reader.post(f"/linking/{one}", {"do": "split", "statement": first})
    assert answer.status_code == 303
    people = {row["id"]: row["person_id"] for row in rows(desk.db, "SELECT id, person_id FROM quotes")}
    assert people[first] != one
    assert people[_second] == one


def test_the_address_of_a_page_will_do_for_its_id(desk: Desk, reader: Reader) -> None:
    (_, one), (_, other) = said(desk, 1, organization="Kelp Board"), said(desk, 2, organization="Tea Board")
    reader.post(f"/linking/{one}", {"do": "merge", "other": f"http://127.0.0.1:8350/people/{other}?quotes=x#top"})
    assert resolve(desk.db, other) == one


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"do": "merge", "other": "Lin Qiao"}, "is no id and no address of a page"),
        ({"do": "merge", "other": "o0123456789abcd"}, "is no person"),
        ({"do": "merge", "other": "n0123456789abcd"}, "no person"),
        ({"do": "split"}, "choose at least one"),
        ({"do": "undo", "event": "x"}, "the number of a ruling is missing"),
        ({"do": "dance"}, "one of merge, split, move and undo"),
    ],
)
def test_a_ruling_that_cannot_be_is_refused_in_words_and_changes_nothing(
    desk: Desk, reader: Reader, fields: dict[str, str], says: str
) -> None:
    _, one = said(desk, 1)
    answer = reader.post(f"/linking/{one}", fields)
    assert answer.status_code == 409
    assert says in answer.text
    assert history(desk.db, one) == []


def test_what_was_reported_on_a_chinese_morning_is_told_of_that_day(desk: Desk, reader: Reader) -> None:
    text = "The ministry issued rules on agar."
    desk.store(
        article(text, url="https://www.chinadaily.com.cn/a/202611/05/WSagar.html", title="Agar rules",
                published="2026-11-05T06:30:00+08:00"),
        statements(policies=[policy(text, text, title="rules on agar", issued_on=None)]),
    )  # fmt: skip
    life = reader.get(f"/instruments/{instrument_of(desk, 'rules on agar')}").text.partition('id="reports"')[0]
    assert "5 Nov 2026" in life
    assert "4 Nov 2026" not in life
