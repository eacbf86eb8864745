"""A source at one moment: what is too little, what is only chance, and what is nobody's fault but ours."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from db.health.baseline import baseline_before, exposure
from db.health.chances import chance_of_at_most, dispersion
from db.health.judging import judge
from db.health.limits import LIMITS
from db.health.model import Day, Observation, PageRead, RunSeen
from db.health.workdays import CHINA, kind_of

ROOT = Path(__file__).resolve().parents[1]
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=CHINA)
"""A Friday; no holiday in the six weeks before it but the Golden Week's end."""
TODAY = NOON.date()


def days(a_day: int, until: date = TODAY, **changes: int) -> tuple[Day, ...]:
    """Seventy days up to today, so many articles on each working day up to `until`, none on days off."""
    found = []
    for back in range(69, -1, -1):
        day = TODAY - timedelta(days=back)
        worked = kind_of(day) == "working" and day <= until
        found.append(Day(day=day, articles=a_day if worked else 0, **changes))
    return tuple(found)


def seen(**changes: object) -> Observation:
    """An hour after a good run."""
    usual = {"now": NOON, "last_good": NOON, "last_begun": NOON, "newest": NOON, "gap_hours": 3.0}
    return Observation(**{**usual, **changes})  # type: ignore[arg-type]


def bad_run(hours_ago: float, reason: str = "finished", *, blocked: bool = False) -> RunSeen:
    at = NOON - timedelta(hours=hours_ago)
    return RunSeen(number=1, state="failed", reason=reason, started_at=at, finished_at=at, blocked=blocked)


# -- chance -----------------------------------------------------------------------------------------------------------


def test_the_chance_of_nothing_is_that_of_the_negative_binomial() -> None:
    # 20 in 10 days, none in 1: (10/11)^20
    assert chance_of_at_most(0, exposure=1, usual=20, usual_exposure=10) == pytest.approx(0.148644, abs=1e-6)
    # 2 or fewer where one success in two is sure: 1/4 + 2/8 + 3/16 of NB(2, 1/2)
    assert chance_of_at_most(2, exposure=5, usual=2, usual_exposure=5) == pytest.approx(0.6875)


@pytest.mark.parametrize(("usual", "exposure_"), [(0, 1.0), (0.5, 1.0), (20, 0.0)])
def test_where_nothing_is_known_nothing_is_unlikely(usual: float, exposure_: float) -> None:
    assert chance_of_at_most(0, exposure=exposure_, usual=usual, usual_exposure=10) == 1.0


def test_counts_that_vary_more_than_poissons_are_more_dispersed() -> None:
    assert dispersion([10, 10, 10], [10, 10, 10], most=6) == 1.0
    assert dispersion([5, 15, 5, 15], [10, 10, 10, 10], most=6) == pytest.approx(10 / 3)
    assert dispersion([0, 90], [45, 45], most=6) == 6


# -- what is usual ----------------------------------------------------------------------------------------------------


def test_a_baseline_counts_working_days_only() -> None:
    usual = baseline_before(days(10), TODAY, LIMITS)
    assert usual is not None
    # 23 October to 19 November: twenty working days
    assert (usual.articles, usual.rate) == (200, 10.0)
    assert usual.expected(date(2026, 11, 21)) == 0.0


def test_a_weekday_that_differs_every_week_is_expected_to_differ_half_as_much() -> None:
    held = tuple(replace(day, articles=30) if day.day.weekday() == 3 else day for day in days(10))
    usual = baseline_before(held, TODAY, LIMITS)
    assert usual is not None
    # the mean of all working days is (16 * 10 + 4 * 30) / 20 = 14; a Thursday's is half way to its own 30
    assert usual.expected(date(2026, 11, 19)) == pytest.approx(22.0, abs=0.6)


def test_days_without_a_crawl_and_days_of_trouble_are_no_baseline() -> None:
    held = [replace(day, crawled=False, articles=0) if day.day >= date(2026, 11, 13) else day for day in days(10)]
    held = [replace(day, troubled=True, articles=0) if day.day.day == 12 else day for day in held]
    usual = baseline_before(held, TODAY, LIMITS)
    assert usual is not None
    assert usual.rate == 10.0


def test_a_source_that_is_new_has_no_baseline() -> None:
    held = [replace(day, crawled=day.day > date(2026, 11, 10)) for day in days(10)]
    assert baseline_before(held, TODAY, LIMITS) is None


def test_what_has_been_thin_for_six_weeks_is_usual() -> None:
    held = [replace(day, troubled=True, articles=2 if day.articles else 0) for day in days(10)]
    usual = baseline_before(held, TODAY, LIMITS)
    assert usual is not None
    assert usual.rate == 2.0


def test_only_working_hours_are_waited_for() -> None:
    usual = baseline_before(days(10), TODAY, LIMITS)
    assert usual is not None
    friday, monday = datetime(2026, 11, 13, 18, 0, tzinfo=CHINA), datetime(2026, 11, 16, 13, 30, tzinfo=CHINA)
    assert exposure(usual, friday, monday, LIMITS) == pytest.approx(0.5)


# -- silence ----------------------------------------------------------------------------------------------------------


def silent_after(a_day: int) -> float:
    """Working days after which a source that brings so many a day is silent."""
    last = datetime(2026, 10, 30, 18, 0, tzinfo=CHINA)
    for half in range(1, 60):
        now = datetime(2026, 11, 2, 9, 0, tzinfo=CHINA) + timedelta(days=half // 2, hours=9 * (half % 2) / 2)
        at = seen(now=now, last_good=now, last_begun=now, newest=last, days=days(a_day, until=last.date()))
        if judge(at, LIMITS).state == "silent":
            usual = baseline_before(at.days, last.date(), LIMITS)
            assert usual is not None
            return exposure(usual, last, now, LIMITS)
    return 99.0


@pytest.mark.parametrize(("a_day", "least", "most"), [(100, 0.5, 0.5), (30, 0.5, 1.0), (3, 3.0, 5.0), (1, 9.0, 15.0)])
def test_how_long_a_silence_must_be_depends_on_what_is_usual(a_day: int, least: float, most: float) -> None:
    assert least <= silent_after(a_day) <= most


def test_a_weekend_is_no_silence() -> None:
    sunday, friday = datetime(2026, 11, 15, 23, 0, tzinfo=CHINA), datetime(2026, 11, 13, 18, 0, tzinfo=CHINA)
    at = seen(now=sunday, last_good=sunday, last_begun=sunday, newest=friday, days=days(100)[:-5])
    assert judge(at, LIMITS).state == "ok"


def test_nothing_is_silent_that_we_have_not_asked() -> None:
    asked = NOON - timedelta(days=2)
    at = seen(
        last_good=asked, last_begun=NOON - timedelta(hours=1), newest=asked - timedelta(minutes=5), days=days(100)
    )
    assert judge(at, LIMITS).state == "ok"


def test_a_silence_ends_with_what_comes_and_not_with_forgetting() -> None:
    at = seen(newest=None, days=days(0))
    assert judge(at, LIMITS).state == "ok"
    assert judge(at, LIMITS, "silent").state == "silent"


# -- thin -------------------------------------------------------------------------------------------------------------


def thinned(usual: int, now: int, working_days: int) -> Observation:
    """A source that has brought fewer for so many working days, today not begun."""
    held, left = list(days(usual)), working_days
    held[-1] = replace(held[-1], articles=0)
    for at in range(len(held) - 2, -1, -1):
        if held[at].articles and left:
            held[at], left = replace(held[at], articles=now), left - 1
    morning = NOON.replace(hour=8)
    return seen(days=tuple(held), now=morning, last_good=morning, newest=morning)


def test_a_fifth_of_the_usual_is_thin_after_a_few_days() -> None:
    # the window of three working days is yesterday, the day before, and today, of which nothing is over
    verdict = judge(thinned(50, 10, 2), LIMITS)
    assert (verdict.state, verdict.actual, verdict.expected) == ("thin", 20, 100.0)
    assert verdict.reasons == ("20 articles in 2.0 working days, where 100 were to be expected",)


def test_half_of_the_usual_is_not_thin() -> None:
    assert judge(thinned(50, 25, 10), LIMITS).state == "ok"


def test_a_few_of_a_few_is_chance() -> None:
    assert judge(thinned(2, 0, 2), LIMITS).state == "ok"


def test_what_is_thin_stays_so_until_well_above_the_threshold() -> None:
    at = thinned(50, 25, 5)
    assert judge(at, LIMITS, "thin").state == "thin"
    assert judge(thinned(50, 35, 5), LIMITS, "thin").state == "ok"


def test_after_an_outage_a_week_is_not_judged_by_its_first_day() -> None:
    at = thinned(50, 0, 3)
    assert judge(replace(at, well_from=NOON - timedelta(hours=20)), LIMITS).state == "ok"


# -- layouts and yield ------------------------------------------------------------------------------------------------


def pages(*failed: bool, shape: str = "www.example.cn/a") -> tuple[PageRead, ...]:
    """Pages, the newest first."""
    return tuple(
        PageRead(
            page=100 - at, url=f"https://{shape}/{100 - at}", shape=shape, layout=None if bad else "2020",
            selector="#Content" if bad else None, failed=bad,
        )
        for at, bad in enumerate(failed)
    )  # fmt: skip


def test_most_of_the_newest_pages_unread_is_a_changed_layout_with_its_selector_and_pages() -> None:
    verdict = judge(seen(pages=pages(*[True] * 6, *[False] * 20)), LIMITS)
    assert (verdict.state, verdict.layout, verdict.selector) == ("changed_layout", "2020", "#Content")
    assert verdict.last_good is not None
    assert verdict.first_bad is not None
    assert (verdict.first_bad.page, verdict.last_good.page) == (95, 94)
    assert "6 of the last 26 pages of www.example.cn/a (layout 2020) could not be read: #Content" in verdict.reasons


@pytest.mark.parametrize("failed", [[True] * 4 + [False] * 6, [True] * 4, [False, True] * 4 + [False] * 4])
def test_a_few_odd_pages_are_no_changed_layout(failed: list[bool]) -> None:
    assert judge(seen(pages=pages(*failed)), LIMITS).state == "ok"


def test_another_kind_of_page_does_not_hide_one_that_changed() -> None:
    other = pages(*[False] * 40, shape="www.example.cn/gallery")
    assert judge(seen(pages=(*other, *pages(*[True] * 8))), LIMITS).state == "changed_layout"


def test_a_changed_layout_is_mended_when_the_newest_pages_are_read() -> None:
    mended = seen(pages=pages(*[False] * 5, *[True] * 20))
    assert judge(mended, LIMITS, "changed_layout").state == "ok"
    assert judge(seen(pages=pages(*[False] * 4, *[True] * 20)), LIMITS, "changed_layout").state == "changed_layout"


def test_articles_without_quotes_where_there_were_many_are_a_changed_layout() -> None:
    held = [replace(day, quotes=2 * day.articles) for day in days(20)]
    held[-2:] = [replace(day, quotes=0) for day in held[-2:]]
    verdict = judge(seen(days=tuple(held)), LIMITS)
    assert verdict.state == "changed_layout"
    assert verdict.reasons[0] == "0 quotes in 40 articles, where 80 were to be expected"


def test_a_source_that_never_had_quotes_lacks_none() -> None:
    assert judge(seen(days=days(20)), LIMITS).state == "ok"


# -- runs -------------------------------------------------------------------------------------------------------------


def test_one_failed_run_is_not_a_failing_source_and_two_within_minutes_are_not_either() -> None:
    assert judge(seen(bad_runs=(bad_run(3),)), LIMITS).state == "ok"
    assert judge(seen(bad_runs=(bad_run(0.1), bad_run(0.3))), LIMITS).state == "ok"
    assert judge(seen(bad_runs=(bad_run(0.1), bad_run(3))), LIMITS).state == "failing"


def test_a_site_that_refuses_us_is_named_so() -> None:
    verdict = judge(seen(bad_runs=(bad_run(0, blocked=True), bad_run(3, blocked=True))), LIMITS)
    assert verdict.state == "failing"
    assert "refused (403, 429 or a challenge)" in verdict.reasons[0]


def test_a_source_that_has_never_been_had_fails_at_once() -> None:
    assert judge(seen(last_good=None, newest=None, bad_runs=(bad_run(0),)), LIMITS).state == "failing"


@pytest.mark.parametrize(
    ("gap", "hours", "state"),
    [
        (3.0, 9, "ok"), (3.0, 10, "not_crawled"), (0.5, 5, "ok"), (0.5, 7, "not_crawled"), (None, 40, "ok"),
        (None, 50, "not_crawled"), (168.0, 400, "ok"),
    ],
)  # fmt: skip
def test_nobody_crawling_is_our_fault_and_measured_by_the_usual_rhythm(gap: float, hours: int, state: str) -> None:
    begun = NOON - timedelta(hours=hours)
    verdict = judge(seen(gap_hours=gap, last_begun=begun, last_good=begun, newest=begun), LIMITS)
    assert verdict.state == state
    assert not verdict.reasons or "the fault is ours" in verdict.reasons[0]


def test_the_worst_counts_and_the_others_are_its_further_reasons() -> None:
    at = replace(thinned(50, 0, 5), bad_runs=(bad_run(5), bad_run(6)))
    verdict = judge(at, LIMITS)
    assert verdict.state == "failing"
    assert len(verdict.reasons) == 2
    assert "articles in" in verdict.reasons[1]


# -- documentation ----------------------------------------------------------------------------------------------------


def test_every_limit_stands_in_the_documentation_with_its_reason() -> None:
    table = tomllib.loads((ROOT / "db" / "health" / "limits.toml").read_text(encoding="utf-8"))
    page = (ROOT / "docs" / "health.md").read_text(encoding="utf-8")
    missing = [name for name, held in table.items() if f"| `{name}` | {held['value']} | {held['why']} |" not in page]
    assert missing == []
