"""How far a route is gone and what it is called afterwards, without a network."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from pipeline.model import Known, Listing, ListingRow, Page, Reading, RouteReport
from pipeline.shells import is_script_shell, visible_length
from spiders.answers import answer_state
from spiders.options import CrawlOptions
from spiders.routes import Route, RouteLost, Survey, later, needs_fetch, within
from spiders.tally import Tally
from tests.steps import steps

TODAY = date(2026, 11, 20)


def listing(*times: str | None) -> Listing:
    return Listing(
        url="https://x.example/",
        rows=tuple(ListingRow(url=f"https://x.example/{n}", title="t", published=t) for n, t in enumerate(times)),
        layout="t",
    )


def survey(floor: int = 2, age: int | None = None, limit: int = 3, **options: object) -> Survey:
    return Survey(
        route=Route(name="r", url="https://x.example/", floor=floor, max_age_days=age),
        options=CrawlOptions(**options),  # type: ignore[arg-type]
        page_limit=limit,
    )


@pytest.mark.parametrize(
    ("a", "b", "result"),
    [
        ("2026-11-20", "2026-11-19", True),
        ("2026-11-19T08:00+08:00", "2026-11-19", False),
        ("2026-11-19", "2026-11-19T08:00+08:00", False),
        ("2026-11-19T08:01+08:00", "2026-11-19T08:00:30+08:00", True),
        ("2026-11-19T08:00:59+08:00", "2026-11-19T08:00+08:00", False),
        ("2026-12", "2026-11-30", True),
    ],
)
def test_a_time_is_later_as_far_as_both_say(a: str, b: str, result: bool) -> None:
    assert later(a, b) is result


@pytest.mark.parametrize(
    ("listed", "known", "result"),
    [
        ("2026-11-19", None, True),
        (None, None, True),
        ("2026-11-19T09:00", Known(listed="2026-11-19T08:00"), True),
        ("2026-11-19T08:00", Known(listed="2026-11-19T08:00"), False),
        ("2026-11-19T08:00", Known(listed=None), False),
        (None, Known(listed="2026-11-19"), False),
    ],
)
def test_a_story_is_fetched_when_it_is_unknown_or_listed_later(
    listed: str | None, known: Known | None, result: bool
) -> None:
    assert needs_fetch(listed, known) is result


@pytest.mark.parametrize(
    ("listed", "result"),
    [("2026-11-09", False), ("2026-11-10", True), ("2026-11-12T23:59", True), ("2026-11-13T00:01", False),
     ("2026-11", True), (None, True)],
)  # fmt: skip
def test_days_before_since_and_after_until_are_left_out(listed: str | None, result: bool) -> None:
    assert within(listed, CrawlOptions(since=date(2026, 11, 10), until=date(2026, 11, 12))) is result


def test_a_route_with_enough_recent_links_is_ok() -> None:
    one = survey(age=7)
    one.add(listing("2026-11-19", "2026-11-18"), new=2, fresh=True)
    report = one.report(None, TODAY)
    assert (report.state, report.links, report.new, report.detail) == ("ok", 2, 2, None)


def test_too_few_links_are_empty_and_old_links_are_all_old() -> None:
    few = survey()
    few.add(listing("2026-11-19"), new=1, fresh=True)
    assert few.report(None, TODAY).state == "empty"
    old = survey(age=7)
    old.add(listing("2026-11-01", "2026-10-30"), new=0, fresh=False)
    assert old.report(None, TODAY).state == "all_old"
    unasked = survey(floor=0)
    unasked.add(listing(), new=0, fresh=False)
    assert unasked.report(None, TODAY).state == "ok"


def test_a_lost_route_keeps_the_name_of_its_loss() -> None:
    report = survey().report(RouteLost("script_shell", "only scripts"), TODAY)
    assert (report.state, report.detail) == ("script_shell", "only scripts")


def test_without_a_date_a_route_ends_where_nothing_is_new_or_at_the_limit() -> None:
    known = survey()
    known.add(listing("2026-11-19", "2026-11-18"), new=0, fresh=False)
    assert known.over
    long = survey(limit=2)
    for _ in range(2):
        assert not long.over
        long.add(listing("2026-11-19"), new=1, fresh=True)
    assert long.over


def read(one: Survey, number: int, *times: str | None, fresh: bool) -> Reading:
    """Let a survey take page `number` of a listing."""
    page = replace(listing(*times), url=f"https://x.example/{number}")
    state = one.reach(page)
    one.add(page, new=int(fresh), fresh=fresh)
    return state


def test_the_mark_moves_with_the_pages_that_are_taken() -> None:
    one = survey()
    read(one, 1, "2026-11-19T09:00", "2026-11-18", fresh=True)
    state = read(one, 2, "2026-11-17", "2026-11-16", fresh=True)
    assert state == Reading(mark="https://x.example/2", pages=2, oldest="2026-11-16", newest="2026-11-19T09:00")
    assert not one.over


def resumed(
    mark: int, newest: str | None = "2026-11-10", oldest: str | None = "2026-11-06", **options: object
) -> Survey:
    one = survey(limit=9, **options)  # type: ignore[arg-type]
    before = Reading(mark=f"https://x.example/{mark}", pages=mark, newest=newest, oldest=oldest)
    return replace(one, before=before, state=before, joined=False)


def test_an_unfinished_reading_goes_on_after_its_head() -> None:
    one = resumed(5)
    mark = one.state
    assert read(one, 1, "2026-11-20", "2026-11-15", fresh=True) == mark, "the mark stays while the head is read"
    assert not one.head_is_read
    assert read(one, 2, "2026-11-14", "2026-11-09", fresh=True) == mark
    assert one.head_is_read
    assert not one.over
    state = read(one, 5, "2026-11-07", "2026-11-06", fresh=False)
    assert (state.mark, state.newest) == ("https://x.example/5", "2026-11-10")
    assert not one.over, "a page that was read before says nothing of the ones below"
    read(one, 6, "2026-11-05", "2026-11-04", fresh=True)
    assert not one.over
    read(one, 7, "2026-11-03", "2026-11-02", fresh=False)
    assert one.over
    assert one.whole


def test_a_head_that_comes_down_to_the_mark_is_one_reading_with_it() -> None:
    one = resumed(1)
    state = read(one, 1, "2026-11-20", "2026-11-05", fresh=True)
    assert (one.joined, state.mark) == (True, "https://x.example/1")


def test_a_listing_without_times_is_read_past_what_is_known_to_the_limit() -> None:
    one = resumed(3, newest=None, oldest=None)
    for number in range(1, 9):
        read(one, number, None, fresh=False)
        assert not one.head_is_read
        assert not one.over
    read(one, 9, None, fresh=False)
    assert one.over


def test_the_limit_ends_a_first_reading_and_leaves_a_later_one_unfinished() -> None:
    first, again = survey(limit=1), replace(survey(limit=1), before=Reading())
    for one in (first, again):
        read(one, 1, "2026-11-19", fresh=True)
        assert one.over
    assert first.whole
    assert not again.whole


def test_how_much_of_the_days_is_covered_is_told_by_the_page_last_read() -> None:
    one = survey(since=date(2026, 11, 1))
    assert one.covered == 0
    read(one, 1, "2026-11-20", "2026-11-16", fresh=True)
    assert one.covered == pytest.approx(0.2)
    read(one, 2, "2026-11-15", "2026-10-31", fresh=True)
    assert one.covered == 1
    assert survey().covered == 0


def test_with_a_date_a_route_goes_on_past_what_is_known_until_all_rows_are_older() -> None:
    one = survey(limit=2, since=date(2026, 11, 10))
    for _ in range(5):
        one.add(listing("2026-11-19", "2026-11-11"), new=0, fresh=False)
        assert not one.over
    one.add(listing("2026-11-10", "2026-11-09"), new=0, fresh=False)
    assert not one.over
    one.add(listing(None), new=0, fresh=False)
    assert not one.over, "rows without a date say nothing"
    one.add(listing("2026-11-09", "2026-11-08"), new=0, fresh=False)
    assert one.over


def page(status: int = 200, body: str = "") -> Page:
    return Page(url="https://x.example/", source="x", body=body.encode(), status=status, fetched_at=datetime.now(UTC))


@pytest.mark.parametrize(
    ("status", "state"),
    [(200, "fine"), (204, "fine"), (304, "unchanged"), (404, "gone"), (410, "gone"), (403, "blocked"),
     (412, "blocked"), (429, "blocked"), (521, "blocked"), (500, "failed"), (302, "failed"), (400, "failed")],
)  # fmt: skip
def test_an_answer_has_a_state(status: int, state: str) -> None:
    assert answer_state(page(status)) == state


def test_a_page_of_scripts_without_text_is_a_shell_and_a_story_is_not() -> None:
    script = "<script>var a = '" + "x" * 5000 + "';</script>"
    assert is_script_shell(page(body=f"<html><head>{script}</head><body><div id=app></div>{script}</body></html>"))
    assert not is_script_shell(page(body=f"<html><body>{script}<p>{'Pears and plums. ' * 40}</p></body></html>"))
    assert not is_script_shell(page(body="<html><body></body></html>"))


@pytest.mark.parametrize("hostile", ["<script", "<", "<script></script>", "<a ", "<!--", "<style>"])
def test_measuring_visible_text_costs_linear_steps_on_hostile_pages(hostile: str) -> None:
    short, long = (hostile.encode() * (letters // len(hostile)) for letters in (50_000, 200_000))
    visible_length(short)
    assert steps(lambda: visible_length(long)) < 5 * steps(lambda: visible_length(short))


def tally(*states: str, found: int = 0, **counts: int) -> Tally:
    routes = [RouteReport(route=state, state=state, links=5 if state in ("ok", "all_old") else 0) for state in states]  # type: ignore[arg-type]
    return Tally(found=found, routes=routes, outcomes=Counter(counts))


def test_a_run_is_judged_by_what_it_counted() -> None:
    assert tally("ok", "all_old", found=3, new=2, alias=1).state("finished", 0) == "ok"
    assert tally("ok").state("finished", 0) == "ok", "nothing new is no failure"
    assert tally("ok", "empty", found=1, new=1).state("finished", 0) == "partial"
    assert tally("ok", found=2, new=1).state("finished", 0) == "partial", "one story was not heard of again"
    assert tally("ok", found=1, new=1).state("shutdown", 0) == "partial"
    assert tally("ok", found=1, new=1).state("finished", 1) == "partial"
    assert tally("ok", found=1, failed=1).state("finished", 0) == "partial"
    assert tally("blocked", "script_shell").state("finished", 0) == "failed"
    assert tally().state("finished", 0) == "failed"
    assert tally("ok", found=1, new=1).state("sink_failed: no space", 0) == "failed"


@pytest.mark.parametrize(
    ("kind", "state"), [("page_gone", "ok"), ("robots_denied", "ok"), ("layout_changed", "partial")]
)
def test_a_story_that_failed_matters_by_its_kind(kind: str, state: str) -> None:
    one = tally("ok", found=2, new=1)
    one.failures[kind] += 1
    assert one.state("finished", 0) == state
