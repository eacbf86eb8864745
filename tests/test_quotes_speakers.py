"""Who is meant: surnames between given names, posts named later, short forms of bodies and names of documents."""

from __future__ import annotations

import pytest

from pipeline.model import Article
from pipeline.quotes import find_quotes


def speakers(text: str) -> list[str | None]:
    return [quote.speaker for quote in find_quotes(Article(source="china_daily", text=text))]


@pytest.mark.parametrize(
    ("full", "short"),
    [
        ("Doreen Chong Mei-fan", "Chong"),
        ("Prof Edmund Lo Kin-wah", "Lo"),
        ("Felicity Zhang Ruolan", "Zhang"),
        ("Pablo Corrales Ibarra", "Corrales"),
        ("Peter K.L. Chang", "Chang"),
    ],
)
def test_a_surname_between_given_names_is_the_person(full: str, short: str) -> None:
    name = full.removeprefix("Prof ")
    text = f"{full}, director of the Pear Institute, said pears are ripe. The harvest was late, {short} said."
    assert speakers(text) == [name, name]


def test_the_fuller_print_of_a_name_wins() -> None:
    text = (
        "Zhang Ruolan, a law professor at Huli University, said courts are slow.\n\n"
        'Felicity Zhang Ruolan will speak again in May. "Judges need time," Zhang said.'
    )
    assert speakers(text) == ["Felicity Zhang Ruolan"] * 2


def test_two_people_who_share_a_surname_stay_two() -> None:
    text = "Li Wei, a baker, said bread is dear. Li Weidong, a miller, said flour is dear."
    assert speakers(text) == ["Li Wei", "Li Weidong"]


_MEASURES = "Interim Measures for the Keeping of Pears"
_COLD = "Guidelines for Storing Pears in Cold Rooms 2.0"
_FIVE_YEARS = "15th Five-Year Plan (2026-30)"


@pytest.mark.parametrize(
    ("introduced", "mention", "name"),
    [
        (f"The {_MEASURES} took effect", "The regulation", _MEASURES),
        ("Huli published the Pear Trade Outlook 2026 on Friday", "The report", "Pear Trade Outlook 2026"),
        ("A report by fruit consultancy Lanhai came out", "The report", "report by fruit consultancy Lanhai"),
        (f'The "{_COLD}" came out', "The document", _COLD),
        ("A white paper on pear exports, released on Monday, is long", "The paper", "white paper on pear exports"),
        ("The bank's May 2026 global market report is out", "The report", "May 2026 global market report"),
        (f"It is part of the {_FIVE_YEARS}", "The five-year plan", _FIVE_YEARS),
    ],
)
def test_a_document_is_called_by_its_fullest_name(introduced: str, mention: str, name: str) -> None:
    assert speakers(f"{introduced}. {mention} said growers need cold rooms.") == [name]


@pytest.mark.parametrize(
    ("introduced", "mention"),
    [
        ("The Government Work Report came out in March. A new survey asked 900 growers", "the survey"),
        ("The National Orchard Strategy is ten years old. Huli has an action plan", "the plan"),
        ('Huli runs a "One Pear" plan', "the plan"),
        ("The Pear Trade Outlook came out in May. The 2025 report released by Lanhai Bank is older", "the survey"),
    ],
)
def test_another_document_lends_no_name(introduced: str, mention: str) -> None:
    assert speakers(f"{introduced}. Growers need cold rooms, {mention} said.") == [mention]


def test_a_document_is_named_right_after_it_was_introduced() -> None:
    text = (
        "Huli will train 900 growers, according to a government document released on Monday.\n\n"
        "The 18-point plan, titled Action Plan for Training Young Growers, was approved in April."
    )
    assert speakers(text) == ["Action Plan for Training Young Growers"]


def test_the_day_of_release_is_no_part_of_a_name() -> None:
    assert speakers("Pears sell well, according to the Pear Trade Outlook 2026 released on Tuesday.") == [
        "the Pear Trade Outlook 2026"
    ]
