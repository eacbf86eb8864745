"""Short phrases in marks: which are a term of the trade, which are the source's own words. All texts are invented."""

from __future__ import annotations

import pytest

from pipeline.model import Article
from pipeline.quotes import find_quotes

PERSON = "Han Meilin, chief engineer at Yuanlu Motors Co"


def kinds(text: str) -> list[tuple[str, str]]:
    found = find_quotes(Article(source="china_daily", text=text))
    return [(quote.kind, quote.span.text) for quote in found]


@pytest.mark.parametrize(
    ("report", "own"),
    [
        ('the line is already "humming" in three shifts', "humming"),
        ('buyers remain "deeply attached" to their old vans', "deeply attached"),
        ('the village is turning from a "quiet corner" to a "loud workshop"', "quiet corner"),
        ('he wants to "start from zero."', "start from zero."),
        ('suppliers regard each order as a small "rehearsal dinner" rather than a contract', "rehearsal dinner"),
        ('the plant, which he calls a "second home", will grow', "second home"),
    ],
)
def test_a_predicate_a_contrast_or_a_coinage_is_quoted(report: str, own: str) -> None:
    assert ("partial", own) in kinds(f"{PERSON}, said {report}")


@pytest.mark.parametrize(
    "report",
    [
        'the county will set up a "green counter" window for farmers',
        'drivers are greeted with remarks like "you are far too slow"',
        'the town has kept its "four clean streams" since 2019',
        'the firm joined the initiative "Rivers Without Borders" in May',
        'crews share a "family spirit" that few plants have',
    ],
)
def test_a_term_or_name_keeps_its_marks_inside_the_paraphrase(report: str) -> None:
    assert kinds(f"{PERSON}, said {report}.") == [("indirect", report)]


def test_a_short_phrase_counts_where_longer_words_of_the_report_are_quoted() -> None:
    text = f'{PERSON}, said the yard will be a "meeting point" for "everyone who has ever repaired an engine at home".'
    assert [words for _, words in kinds(text)] == ["meeting point", "everyone who has ever repaired an engine at home"]


def test_words_that_close_the_paragraph_stand_alone() -> None:
    text = f'{PERSON}, said the test drive was a bit of "pure clumsy luck."\n\nThe plant opened in May.'
    assert ("partial", "pure clumsy luck.") in kinds(text)


@pytest.mark.parametrize(
    ("report", "own"),
    [
        ('the city will strengthen "calm river measures" in winter', None),
        ('anglers stay away because "they never liked bells"', "they never liked bells"),
        ('the ferries have "made a quiet difference"', "made a quiet difference"),
    ],
)
def test_bare_nouns_are_a_term_and_a_clause_is_not(report: str, own: str | None) -> None:
    found = [words for kind, words in kinds(f"{PERSON}, said {report}.") if kind == "partial"]
    assert found == ([own] if own else [])


def test_words_in_title_case_are_a_name() -> None:
    assert kinds(f'{PERSON}, proposed a "Calm Rivers for All Act" in May.') == [
        ("indirect", 'a "Calm Rivers for All Act" in May')
    ]


def test_an_official_phrase_is_a_term_where_a_coined_one_is_quoted() -> None:
    official = 'wharves with "new quality productive forces" filled the map'
    assert kinds(f"{PERSON}, said {official}.") == [("indirect", official)]
    assert ("partial", "quiet harbor club") in kinds(f'{PERSON}, said the yard is like a "quiet harbor club".')
