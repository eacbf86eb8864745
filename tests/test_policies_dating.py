"""English news: dates counted from others, days of effect, and what is said of them later. All sentences invented."""

import pytest

from pipeline.model import Article, PolicyAnnouncement
from pipeline.policies import find_policies
from pipeline.policies.dates import dates_in


def only(text: str, published: str = "2031-03-10") -> PolicyAnnouncement:
    (record,) = find_policies(Article(source="china_daily", text=text, title="", published=published))
    return record


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("three days ago", "2031-03-07"),
        ("two weeks ago", "2031-02"),
        ("three months ago", "2030-12"),
        ("2 years ago", "2029"),
        ("Jan 1 next year", "2032-01-01"),
        ("in March last year", "2030-03"),
        ("July 1 this year", "2031-07-01"),
        ("starting next month", "2031-04"),
        ("on New Year's Day", "2031-01-01"),
        ("next Monday", "2031-03-17"),
        ("at the start of next year", "2032-01"),
        ("at the beginning of last year", "2030-01"),
        ("on National Day", "2030-10-01"),
        ("on Christmas Eve", "2030-12-24"),
        ("on May Day", "2030-05-01"),
    ],
)
def test_a_date_counted_from_the_story(text: str, value: str) -> None:
    assert [when.value for when in dates_in(text, 0, len(text), "2031-03-10")] == [value]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("on March 3, and the same day it", "2031-03-03"),
        ("on March 3, and the following day it", "2031-03-04"),
        ("on March 1, and the previous day it", "2031-02-28"),
        ("in April 2030, and in the same month it", "2030-04"),
    ],
)
def test_a_date_counted_from_the_one_before_it(text: str, value: str) -> None:
    assert [when.value for when in dates_in(text, 0, len(text), "2031-03-10")][-1] == value


def test_many_dates_that_lean_on_each_other_are_read_in_linear_time() -> None:
    text = "In April 2030, " + "the next month, " * 4000
    assert len(dates_in(text, 0, len(text), "2031-03-10")) < 100


@pytest.mark.parametrize(
    ("rest", "effective_on"),
    [
        (", effective immediately.", "2031-03-10"),
        (", which will take effect on July 1.", "2031-07-01"),
        (". It will take effect from Jan 1 next year.", "2032-01-01"),
        (". The regulation takes effect as of the day of its release.", "2031-03-10"),
        (", to be implemented from April 1.", "2031-04-01"),
        (", with trial implementation beginning on April 1.", "2031-04-01"),
        (". Growers hope that it will take effect soon.", None),
        (". Pear sales took effect on July 1.", None),
    ],
)
def test_the_day_of_effect_wherever_it_is_told(rest: str, effective_on: str | None) -> None:
    record = only("The State Council issued a regulation on pears on Monday" + rest)
    assert (record.issued_on, record.effective_on) == ("2031-03-10", effective_on)


def test_a_day_to_come_is_no_day_of_issue() -> None:
    record = only("The State Council said it had approved a plan for pears, with a fair on May 1, 2031.")
    assert record.issued_on is None


@pytest.mark.parametrize(
    ("text", "published", "status"),
    [
        ("The 16th Five-Year Plan (2031-35) will outline how pears are grown.", "2030-12-03", "planned"),
        ("The 16th Five-Year Plan (2031-35) outlines how pears will be grown.", "2031-06-03", "issued"),
        ("The 16th Five-Year Plan (2031-35) outlines how pears are grown.", "2031-01-03", "issued"),
    ],
)
def test_a_five_year_plan_that_will_hold_something_before_it_was_adopted_is_planned(
    text: str, published: str, status: str
) -> None:
    assert only(text, published).status == status


def test_the_edition_of_a_catalog_is_its_year() -> None:
    record = only("To guide growers, Hubei has released the 2031 pear catalog for new growers.")
    assert record.issued_on == "2031"


def test_bare_policies_take_their_examples_into_the_title() -> None:
    record = only("Tianjin has introduced policies such as pear subsidies and ladder support, growers said.")
    assert record.title == "policies such as pear subsidies and ladder support"


def test_the_year_at_the_end_of_an_act_is_its_own() -> None:
    assert only("Growers fear the UK's Pear Safety Act 2023, which bans plums.").issued_on == "2023"


@pytest.mark.parametrize(
    ("rest", "effective_on"),
    [
        (", which will take force at the start of next year.", "2032-01"),
        (", which takes effect 30 days later.", "2031-04-09"),
        (". The regulation will take effect two months after promulgation.", "2031-05-10"),
        (". It will apply from 2033.", "2033"),
        (". The regulation will be enforced starting from April 2.", "2031-04-02"),
        (". The regulation took effect on Sunday.", "2031-03-09"),
        (", which will take effect in the first quarter of next year.", "2032"),
        (". Growers wait for effect of rain for 30 days.", None),
    ],
)
def test_the_day_of_effect_in_words_that_count_it(rest: str, effective_on: str | None) -> None:
    record = only(f"The State Council issued a regulation on pear trees on Monday{rest}")
    assert (record.issued_on, record.effective_on) == ("2031-03-10", effective_on)


def test_a_standard_has_the_day_of_issue_beside_that_of_effect() -> None:
    record = only(
        "The State Post Bureau's new standard on pear parcels, released on March 3, will be effective as of May 1."
    )
    assert (record.issued_on, record.effective_on) == ("2031-03-03", "2031-05-01")


@pytest.mark.parametrize(
    "said", ["said in a statement on Friday that it has", "said on its website on Friday that it has", "has"]
)
def test_what_a_body_says_in_a_statement_is_dated_by_it(said: str) -> None:
    record = only(
        f"The Ministry of Water Resources {said} revised the rules on ponds{', it said on Friday' * (said == 'has')}."
    )
    assert record.issued_on == "2031-03-07"


@pytest.mark.parametrize(
    ("published", "value"),
    [("2031-03-04", "2031-02"), ("2031-01-08", None), ("2031-10-08", "2031"), ("2031-03-20", "2031-03")],
)
def test_last_week_lies_in_the_month_of_its_working_days(published: str, value: str | None) -> None:
    found = dates_in("late last week", 0, 14, published)
    assert [when.value for when in found] == ([value] if value else [])


def test_the_date_that_a_notice_bears_is_that_of_its_issue() -> None:
    record = only(
        "A notice dated March 3 and seen on Friday shows that the Ministry of Finance has raised the fee for pears."
    )
    assert record.issued_on == "2031-03-03"
