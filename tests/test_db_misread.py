"""What a worse extractor took things for joins nothing and is shown nowhere, once nobody says it any more."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from db.connection import rows, value
from db.links.identities import resolve
from db.misread import forget, misread
from tests.db_samples import Desk, article, policy, quote, statements

RULING = {"title": "ruling on river pears", "number": "MOFCOM Announcement No. 7 of 2026", "issued_on": "2026-11-18",
          "instrument": "announcement"}  # fmt: skip


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "policywire.db")


def tell(desk: Desk, at: int, *, quotes: tuple[dict[str, Any], ...] = (), policies: tuple[dict[str, Any], ...] = (),
         again: bool = False) -> list[str]:  # fmt: skip
    """Store story `at`, or its page once more; gives the ids of its current statements."""
    lines = [f"Report {at} says {place}: somebody did something with {at * 7} boats." for place in range(4)]
    text = "\n\n".join(lines)
    found = statements(
        [quote(text, line, **one) for line, one in zip(lines, quotes, strict=False)],
        [policy(text, line, **one) for line, one in zip(lines, policies, strict=False)],
    )
    desk.pages = at
    url = f"https://x.cn/{at}.html"
    one = article(text, url=url, title=f"Boats {at}", published="2026-11-20")
    identity = desk.store(one, found, page=desk.page(url)).article_id
    sql = "SELECT id FROM {} WHERE article_id = ? AND retired_at IS NULL ORDER BY position"
    return [row["id"] for table in ("quotes", "policies") for row in rows(desk.db, sql.format(table), [identity])]


def tidy(desk: Desk) -> int:
    """Forget all that is misread; gives how many pieces there were."""
    pieces = 0
    for piece in misread(desk.db):
        forget(desk.db, piece)
        pieces += 1
    return pieces


def instrument(desk: Desk, statement: str) -> dict[str, Any]:
    sql = "SELECT i.* FROM instruments AS i JOIN policies AS p ON p.instrument_id = i.id WHERE p.id = ?"
    return next(rows(desk.db, sql, [statement]))


def test_what_is_read_right_leaves_nothing_to_forget(desk: Desk) -> None:
    tell(desk, 1, policies=(RULING,), quotes=({},))
    tell(desk, 2, policies=(RULING,), quotes=({"speaker": "Qiao Lin"},))
    assert tidy(desk) == 0


def test_a_date_that_no_report_gives_any_more_is_shown_no_more(desk: Desk) -> None:
    tell(desk, 1, policies=({**RULING, "effective_on": "2025-01-01", "issued_on": "2026-01-01"},))
    (found,) = tell(desk, 1, policies=(RULING,))
    tidy(desk)
    assert (instrument(desk, found)["effective_on"], instrument(desk, found)["issued_on"]) == (None, "2026-11-18")
    assert [one["issued_on"] for one in rows(desk.db, "SELECT issued_on FROM instrument_reports")] == ["2026-11-18"]
    assert tidy(desk) == 0


def test_two_instruments_that_only_a_wrong_date_joined_come_apart(desk: Desk) -> None:
    unnumbered = {**RULING, "number": None, "title": "ruling on river pears from the northern orchards"}
    tell(desk, 1, policies=({**RULING, "title": unnumbered["title"]},))
    (other,) = tell(desk, 2, policies=({**unnumbered, "issued_on": "2026-10-05"},))
    (first,) = tell(desk, 1, policies=({**RULING, "title": unnumbered["title"], "issued_on": "2026-10-05"},))
    assert instrument(desk, first)["id"] == instrument(desk, other)["id"]
    tell(desk, 1, policies=({**RULING, "title": unnumbered["title"]},))
    tidy(desk)
    assert instrument(desk, first)["id"] != instrument(desk, other)["id"]
    assert tidy(desk) == 0


def test_two_people_whom_only_a_half_name_joined_are_two_again(desk: Desk) -> None:
    chinese = {"speaker": "林樵", "organization": "河口航运公司", "role": "other"}
    shipping = {"speaker": "Lin Qiao", "organization": "Weir Shipping Holdings"}
    tell(desk, 1, quotes=(shipping,))
    (right,) = tell(desk, 1, quotes=({**shipping, "organization": "Weir & Quay Shipping Co Ltd"},))
    assert value(desk.db, "SELECT count(*) FROM person_spellings") == 2
    assert tidy(desk) == 1
    assert value(desk.db, "SELECT count(*) FROM person_spellings") == 1
    tell(desk, 2, quotes=(chinese,))
    person = value(desk.db, "SELECT person_id FROM quotes WHERE id = ?", [right])
    assert resolve(desk.db, person) == person
    assert tidy(desk) == 0


def test_a_name_that_was_forgotten_is_known_again_when_it_is_said_again(desk: Desk) -> None:
    official = {"organization": "Ministry of Commerce", "role": "official"}
    tell(desk, 1, quotes=({**official, "speaker": "Lin Qiao"},))
    tell(desk, 1)
    assert tidy(desk) == 1
    tell(desk, 2, quotes=({**official, "speaker": "林樵"},))
    tell(desk, 1, quotes=({**official, "speaker": "Lin Qiao"},))
    people = {one["person_id"] for one in rows(desk.db, "SELECT person_id FROM quotes_attributed")}
    assert len(people) == 1, "a Chinese name and its spelling in one organization"
    assert tidy(desk) == 0


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
def test_an_organization_is_called_by_the_shortest_name_whichever_story_came_first(
    desk: Desk, order: tuple[int, int]
) -> None:
    called = {1: "Norwegian shipowner Nordvik Marine AS", 2: "Nordvik Marine AS"}
    for at in order:
        tell(desk, at, quotes=({"organization": called[at]},))
    names = {one["name"] for one in rows(desk.db, "SELECT name FROM organizations_quoted")}
    assert names == {"Nordvik Marine AS"}
    tell(desk, 2)
    tidy(desk)
    names = {one["name"] for one in rows(desk.db, "SELECT name FROM organizations_quoted")}
    assert names == {"Norwegian shipowner Nordvik Marine AS"}, "the other one is said nowhere now"


def test_posts_that_an_article_no_longer_names_join_nobody(desk: Desk) -> None:
    both = ({"organization": "Weir Shipping"}, {"organization": "Quay Harbours"})
    tell(desk, 1, quotes=both)
    assert len({one["person_id"] for one in rows(desk.db, "SELECT person_id FROM quotes")}) == 1
    tell(desk, 2, quotes=both[:1])
    (other,) = tell(desk, 3, quotes=both[1:])
    (first, *_rest) = tell(desk, 2, quotes=both[:1])
    tell(desk, 1)
    tidy(desk)
    sql = "SELECT person_id FROM quotes WHERE id = ?"
    assert value(desk.db, sql, [first]) != value(desk.db, sql, [other])


def test_an_instrument_cited_beside_a_number_that_was_misread_is_joined_no_more(desk: Desk) -> None:
    beginning = {"title": "an investigation", "number": None, "issued_on": "2026-11", "instrument": "announcement"}
    notice = {"title": "notice of filing", "number": "MOFCOM Announcement No. 3 of 2026", "issued_on": "2026-11-05",
              "instrument": "announcement"}  # fmt: skip
    _, first = tell(desk, 1, policies=(RULING, beginning))
    _, second = tell(desk, 2, policies=(RULING, notice))
    assert instrument(desk, first)["id"] == instrument(desk, second)["id"]
    other = {**RULING, "number": "MOFCOM Announcement No. 9 of 2026"}
    ruling, first = tell(desk, 1, policies=(other, beginning))
    tidy(desk)
    assert instrument(desk, first)["id"] != instrument(desk, second)["id"]
    assert instrument(desk, ruling)["number"] == other["number"]
    assert tidy(desk) == 0
