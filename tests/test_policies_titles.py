"""English news: the title is the shortest phrase that names the measure. All sentences invented."""

import pytest

from pipeline.model import Article
from pipeline.policies import find_policies
from tests.policy_news import only


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (
            "A guideline issued in March by the Ministry of Commerce and four other bodies made pears a priority.",
            "A guideline issued in March by the Ministry of Commerce and four other bodies",
        ),
        (
            "Under a municipal notice released in June 2030 by the Shanghai municipal government, shops close.",
            "a municipal notice released in June 2030 by the Shanghai municipal government",
        ),
        (
            "On Monday, a guideline issued by the Ministry of Commerce made pears a priority.",
            "a guideline",
        ),
        (
            "A guideline on pear trees issued in March by the Ministry of Commerce made them a priority.",
            "A guideline on pear trees",
        ),
    ],
)
def test_who_issued_it_names_a_bare_noun_that_is_only_context(text: str, title: str) -> None:
    assert only(text).title == title


def test_a_paper_that_ministers_sign_ends_before_the_meeting() -> None:
    text = "Ministers from Austria and Poland signed a joint declaration in Vienna in a meeting on pears on Friday."
    assert only(text).title == "a joint declaration"


def test_a_deed_ends_before_what_it_is_to_spur() -> None:
    text = "Authorities extend pear subsidies to spur production and sales."
    assert [
        record.title
        for record in find_policies(Article(source="china_daily", text=text, title="", published="2031-11-28"))
    ] in (["extend pear subsidies"], [])


@pytest.mark.parametrize(
    ("rest", "title"),
    [
        ("a notice on Tuesday banning the sale of pears.", "a notice on Tuesday banning the sale of pears"),
        ("a regulation on Sunday on handling pears.", "a regulation on Sunday on handling pears"),
        (
            "rules late last month requiring growers to wear hats.",
            "rules late last month requiring growers to wear hats",
        ),
        ("a circular on March 3 that bans pear carts.", "a circular on March 3 that bans pear carts"),
        ("a guideline on Tuesday for public comment.", "a guideline"),
        ("a notice on Tuesday in Huli.", "a notice"),
        ("a regulation on pear carts and is counting them.", "a regulation on pear carts"),
    ],
)
def test_a_date_between_a_noun_and_its_purpose_breaks_no_title(rest: str, title: str) -> None:
    text = f"The State Council issued {rest}"
    (record,) = find_policies(Article(source="china_daily", text=text, title="", published="2031-03-10"))
    assert record.title == title


@pytest.mark.parametrize("day", ["Dec. 31, 2037", "Dec 31, 2037", "Sept. 1"])
def test_neither_the_point_nor_the_comma_of_a_date_ends_a_title(day: str) -> None:
    text = f"China will extend tariff exemptions for 23 kinds of pears until {day}, the Ministry of Commerce said."
    assert only(text).title == f"extend tariff exemptions for 23 kinds of pears until {day}"
