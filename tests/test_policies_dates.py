"""Dates resolve against the article's own date, and claim no more than the text supports."""

import pytest

from pipeline.policies.dates import dates_in


def values(text: str, published: str | None, *, future: bool = False) -> list[str]:
    return [when.value for when in dates_in(text, 0, len(text), published, future=future)]


@pytest.mark.parametrize(
    ("text", "published", "expected"),
    [
        ("issued on Nov 21 to", "2024-11-28 10:21", "2024-11-21"),
        ("issued on November 21, 2023,", "2024-11-28", "2023-11-21"),
        ("issued on 21 November 2023", "2024-11-28", "2023-11-21"),
        ("In September, the ministry", "2024-11-28T10:21:00+08:00", "2024-09"),
        ("said on Thursday", "2024-11-28", "2024-11-28"),
        ("said on Friday", "2024-11-28", "2024-11-22"),
        ("since last August", "2026-07-07", "2025-08"),
        ("issued on Dec 30", "2026-01-02", "2025-12-30"),
        ("late last week ordered", "2019-05-23", "2019-05"),
        ("released last month", "2026-01-15", "2025-12"),
        ("earlier this year", "2026-03-13", "2026"),
        ("at the beginning of the year Pudong", "2026-01-09", "2026-01"),
        ("in late 2025, eight", "2026-05-18", "2025"),
        ("negative list 2021 edition", "2024-11-28", "2021"),
        ("2025年11月3日", None, "2025-11-03"),
        ("今年4月，中国", "2025-10-09", "2025-04"),
        ("去年发布", "2025-10-09", "2024"),
        ("10月9日，商务部", "2025-10-12", "2025-10-09"),
        ("12月30日，商务部", "2025-01-02", "2024-12-30"),
        ("二〇〇八年七月三日", None, "2008-07-03"),
        ("昨日", "2025-03-01", "2025-02-28"),
    ],
)
def test_a_printed_date_as_an_iso_prefix(text: str, published: str | None, expected: str) -> None:
    assert values(text, published) == [expected]


@pytest.mark.parametrize(
    "text", ["on Thursday", "on Nov 21", "in September", "10月9日", "last month", "yesterday", "今年"]
)
def test_without_the_article_s_date_nothing_is_guessed(text: str) -> None:
    assert values(text, None) == []


@pytest.mark.parametrize("text", ["on Thursday", "yesterday"])
def test_a_month_alone_supports_no_day(text: str) -> None:
    assert values(text, "2025-02") == []


def test_an_effective_date_may_lie_ahead() -> None:
    assert values("take effect on Jan 1", "2024-12-10", future=True) == ["2025-01-01"]
    assert values("take effect on Jan 1", "2024-12-10") == ["2024-01-01"]


def test_a_second_day_of_the_same_month_is_a_date_too() -> None:
    assert values("于2025年4月4日和9日", "2025-05-14") == ["2025-04-04", "2025-04-09"]


@pytest.mark.parametrize(
    "text", ["may 2 be", "2,000 companies", "the plan (2026-30)", "by 1/3", "3.14 percent", "Marching on"]
)
def test_other_figures_are_no_dates(text: str) -> None:
    assert values(text, "2026-03-01") == []


def test_impossible_days_fall_back_to_what_is_possible() -> None:
    assert values("2025年2月30日", None) == ["2025-02"]
    assert values("2025年13月", None) == ["2025"]
