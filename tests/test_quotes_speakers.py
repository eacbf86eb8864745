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
