"""Today knows what a viewer has seen: what is new is counted and marked until a session of reading ends."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from html import unescape
from pathlib import Path

import pytest

from db.accounts.seen import new_reports, visit_of, what_is_new
from db.connection import row, rows, transaction
from db.weekly import announcements_by_action, quotes_by_role
from tests.db_samples import TEXT, Desk, article, policy, quote, statements, usual
from tests.web_desk import NOW, Reader, filled, site
from web.pages.today import VOICES


@dataclass(slots=True)
class Clock:
    """A clock that a test moves."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def later(self, **time: float) -> None:
        self.now += timedelta(**time)


@dataclass(slots=True)
class Morning:
    """A desk, somebody who reads, and a clock."""

    desk: Desk
    clock: Clock = field(default_factory=Clock)
    reader: Reader = field(init=False)

    def __post_init__(self) -> None:
        self.reader = site(self.desk, self.clock)

    def page(self, path: str = "/") -> str:
        answer = self.reader.get(path)
        assert answer.status_code == 200, answer.text
        return answer.text

    def announce(self, name: str, published: str = "2026-11-20T10:00:00+08:00", **changes: object) -> None:
        own_words = " ".join(f"{name.split()[0]}{n}" for n in range(40))
        text = f"A {name} was issued on Nov 20.\n\nIt helps, said Lin Qiao.\n\n{own_words}"
        self.desk.store(
            article(text, url=f"https://www.chinadaily.com.cn/a/{name}.html", title=f"All on the {name}",
                    published=published),
            statements(
                [quote(text, "It helps")],
                [policy(text, f"A {name} was issued on Nov 20.", title=f"the {name}", issued_on=None, **changes)],
            ),
        )  # fmt: skip


@pytest.fixture
def morning(tmp_path: Path) -> Morning:
    return Morning(filled(tmp_path / "policywire.sqlite"))


def digest(page: str) -> str:
    section = page.partition('<section class="digest"')[2].partition("</section>")[0].partition(">")[2]
    return " ".join(unescape(re.sub(r"<form.*</form>|<[^>]+>", "", section, flags=re.DOTALL)).split())


def fresh(page: str) -> dict[str, str]:
    """The marks of what is new, by title."""
    found = {}
    for item in page.split('<article class="item')[1:]:
        mark = re.search(r'class="fresh">([^<]*)<', item)
        title = re.search(r"<h3[^>]*><a[^>]*>([^<]*)<", item)
        assert title
        if mark:
            found[unescape(title[1])] = mark[1]
    return found


def shown(page: str) -> Mapping[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(policy|quote)" value="(\d+)"', page))


def test_the_first_visit_marks_nothing_and_says_what_will_come(morning: Morning) -> None:
    page = morning.page()
    assert digest(page).startswith("This is your first visit.")
    assert fresh(page) == {}


def test_what_came_since_the_last_session_is_counted_and_marked(morning: Morning) -> None:
    morning.page()
    morning.clock.later(hours=20)
    morning.announce("ginseng rule", action="export_control")
    morning.announce("silk plan", action="support")
    page = morning.page()
    assert digest(page) == (
        "2 announcements since Friday, 05:00 UTC: 1 of support, 1 export control · 2 quotes, 2 by executives."
    )
    assert fresh(page) == {"the ginseng rule": "new", "the silk plan": "new"}


def test_the_news_stays_new_while_somebody_reads_and_is_old_when_they_come_back(morning: Morning) -> None:
    morning.page()
    morning.clock.later(hours=20)
    morning.announce("silk plan")
    for _ in range(4):
        assert list(fresh(morning.page())) == ["the silk plan"]
        morning.clock.later(minutes=25)
    morning.clock.later(minutes=31)
    page = morning.page()
    assert digest(page) == "Nothing new since 02:15 UTC."
    assert fresh(page) == {}


@pytest.mark.parametrize("path", ["/articles/{}", "/articles/{}/changes", "/search?q=barges", "/sources"])
def test_reading_any_page_keeps_a_session_going(morning: Morning, path: str) -> None:
    identity = row(morning.desk.db, "SELECT id FROM articles")
    assert identity is not None
    morning.page()
    morning.clock.later(hours=20)
    morning.announce("silk plan")
    morning.page()
    for _ in range(3):
        morning.clock.later(minutes=20)
        morning.page(path.format(identity["id"]))
    assert list(fresh(morning.page())) == ["the silk plan"]


def test_who_comes_by_a_mail_still_finds_what_is_new(morning: Morning) -> None:
    identity = row(morning.desk.db, "SELECT id FROM articles")
    assert identity is not None
    morning.page()
    morning.clock.later(hours=20)
    morning.announce("silk plan")
    morning.page(f"/articles/{identity['id']}")
    morning.clock.later(minutes=5)
    assert list(fresh(morning.page())) == ["the silk plan"]


def test_marking_all_as_seen_leaves_what_came_after_the_page(morning: Morning) -> None:
    morning.page()
    morning.clock.later(hours=20)
    morning.announce("silk plan")
    form = shown(morning.page())
    morning.announce("ginseng rule")
    answer = morning.reader.post("/seen", form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert list(fresh(morning.page())) == ["the ginseng rule"]


@pytest.mark.parametrize("sent", ["", "x", "-1", "9" * 30, "²"])
def test_a_form_that_is_none_of_ours_marks_nothing(morning: Morning, sent: str) -> None:
    answer = morning.reader.post("/seen", {"policy": sent, "quote": "1"})
    assert answer.status_code == 400
    assert "“policy” is no number" in answer.text


def test_nobody_sees_the_future_by_a_number_that_is_too_high(morning: Morning) -> None:
    morning.page()
    morning.reader.post("/seen", {"policy": "999999999", "quote": "999999999"})
    morning.announce("silk plan")
    assert list(fresh(morning.page())) == ["the silk plan"]


def test_a_back_catalogue_that_is_read_in_one_night_is_no_news(morning: Morning) -> None:
    morning.page()
    morning.clock.later(hours=20)
    morning.announce("salt decree", published="2015-03-01T09:00:00+08:00")
    page = morning.page()
    assert digest(page) == "Nothing new since Friday, 05:00 UTC."
    assert fresh(page) == {}


def test_a_further_report_of_a_known_instrument_is_told_as_such(morning: Morning) -> None:
    morning.page()
    morning.clock.later(hours=20)
    again = "Barge owners cheered the guideline on river freight that the Ministry of Commerce issued on Nov 18."
    morning.desk.store(
        article(again, url="https://www.chinadaily.com.cn/a/WSaaaa0003.html", title="Barge owners cheer"),
        statements(policies=[policy(again, again)]),
    )
    assert fresh(morning.page()) == {"guideline on river freight": "new report"}
    assert fresh(morning.page("/?show=new")) == {"guideline on river freight": "new report"}


def test_only_what_is_new_can_be_shown(morning: Morning) -> None:
    morning.page()
    morning.clock.later(hours=20)
    morning.announce("silk plan")
    assert 'href="/?show=new"' in morning.page()
    page = morning.page("/?show=new")
    assert list(fresh(page)) == ["the silk plan"]
    assert "guideline on river freight" not in page.partition('<div class="beside">')[0]


def test_each_viewer_has_a_mark_of_their_own(morning: Morning) -> None:
    morning.page()
    morning.clock.later(hours=20)
    morning.announce("silk plan")
    other = visit_of(morning.desk.db, "somebody else", now=morning.clock.now)
    assert what_is_new(morning.desk.db, other, now=morning.clock.now).announcements == ()


def test_a_database_that_somebody_writes_to_keeps_no_reader_waiting(morning: Morning) -> None:
    with transaction(morning.desk.db):
        assert digest(morning.page()).startswith("This is your first visit.")


def test_a_story_tells_what_the_page_told_before(morning: Morning) -> None:
    page = morning.page()
    for expected in ("Ministry of Commerce", "issued <time", "Reactions", "Lin Qiao", TEXT.partition("\n\n")[0]):
        assert expected in page


# -- charts -----------------------------------------------------------------------------------------------------------


def test_a_bar_counts_what_its_search_finds(morning: Morning) -> None:
    for name in ("silk", "tea", "salt"):
        morning.announce(f"{name} plan", action="support")
    found = re.findall(r'<td class="n"><a href="(/search\?[^"]*)">(\d+)</a>', morning.page())
    assert len(found) >= 4
    for address, number in found:
        assert morning.page(unescape(address)).count('<article class="story">') == int(number), address


def test_weeks_begin_on_monday_and_the_last_one_is_this_week(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "policywire.sqlite")
    desk.store(article(published="2026-11-16T08:00:00+08:00"), usual())  # Monday in China and in UTC
    later = article(url="https://www.chinadaily.com.cn/a/2.html", published="2026-11-15T23:00:00+08:00", title="Sunday")
    desk.store(later, usual())
    weekly = announcements_by_action(desk.db, ("opening", "sanction"), today=date(2026, 11, 22))
    assert (weekly.mondays[0], weekly.mondays[-1]) == (date(2026, 8, 31), date(2026, 11, 16))
    assert weekly.counts["opening"][-2:] == (1, 1)
    assert sum(weekly.counts["sanction"]) == 0


def plans(desk: Desk, ask: Callable[[], object]) -> list[str]:
    """How SQLite goes about the questions that `ask` asks."""
    asked: list[str] = []
    desk.db.conn.set_trace_callback(asked.append)
    ask()
    desk.db.conn.set_trace_callback(None)
    return [
        " | ".join(str(step[3]) for step in desk.db.conn.execute(f"EXPLAIN QUERY PLAN {sql}"))
        for sql in asked
        if not sql.startswith("--")
    ]


def test_twelve_weeks_are_counted_in_the_index_alone(morning: Morning) -> None:
    db = morning.desk.db
    (by_action,) = plans(morning.desk, lambda: announcements_by_action(db, ("opening",), today=NOW.date()))
    (by_role,) = plans(morning.desk, lambda: quotes_by_role(db, ("executive",), today=NOW.date()))
    assert "SEARCH p USING INDEX policies_weekly" in by_action.replace("COVERING ", "")
    assert "SEARCH q USING INDEX quotes_by_role" in by_role.replace("COVERING ", "")


def test_what_is_new_is_read_along_the_time_and_never_from_all(morning: Morning) -> None:
    db, now = morning.desk.db, NOW
    visit = replace(visit_of(db, "Ana", now=now), since_at="2026-11-18T09:00:00Z")
    found = plans(morning.desk, lambda: what_is_new(db, visit, now=now))
    found += plans(morning.desk, lambda: new_reports(db, visit, now=now, limit=10))
    found += plans(morning.desk, lambda: list(rows(db, VOICES, {"instrument": "i", "articles": 5, "limit": 5})))
    assert len(found) == 4
    for plan in found:
        steps = plan.split(" | ")
        assert [step for step in steps if re.match(r"SCAN (p|q|a|r|policies|quotes|articles|revisions)\b", step)] == []
    assert "policies_by_salience (salience=? AND sort_at>?" in found[0]
    assert "quotes_by_time (sort_at>?" in found[1]
