"""Which clauses report: verbs and adjectives of saying, participles, planned words. People and firms are invented."""

from __future__ import annotations

import pytest

from pipeline.model import Article
from pipeline.quotes import find_quotes

PERSON = "Han Meilin, chief engineer at Yuanlu Motors Co"


def reports(text: str) -> list[tuple[str, str]]:
    found = find_quotes(Article(source="china_daily", text=text))
    return [(quote.speaker, quote.span.text) for quote in found]


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("is optimistic that the ferry will pay for itself", "the ferry will pay for itself"),
        ("was worried that spare parts could run out", "spare parts could run out"),
        ("expressed worries that the quay is too short", "the quay is too short"),
        ("cautioned against reading too much into one good month", "against reading too much into one good month"),
        ("urged closer ties between the two yards", "closer ties between the two yards"),
        ("singled out paint as the weakest link", "paint as the weakest link"),
        ("said amid the rush for orders, the yard remains calm", "amid the rush for orders, the yard remains calm"),
    ],
)
def test_adjectives_and_noun_phrases_report(sentence: str, words: str) -> None:
    assert reports(f"{PERSON}, {sentence}.") == [("Han Meilin", words)]


@pytest.mark.parametrize(
    "sentence",
    [
        "ruled in favor of a supplier that used recycled steel",
        "took the ferry as an example of nothing",
        "cited the ferry as an example",
        "has three projects such as the 2021 ferry line",
    ],
)
def test_deeds_and_examples_do_not(sentence: str) -> None:
    assert reports(f"{PERSON}, {sentence}.") == []


def test_it_is_certain_has_no_source() -> None:
    assert reports("It is certain that the bridge will open in spring.") == []


def test_words_announced_before_they_are_spoken() -> None:
    text = f"{PERSON}, arrived late.\n\nHan was expected to argue that night shifts should end."
    assert reports(text) == [("Han Meilin", "night shifts should end")]


def test_a_participle_after_words_that_were_issued() -> None:
    text = "The Ministry of Commerce issued a notice on Friday, highlighting the need for cleaner ports."
    assert reports(text) == [("Ministry of Commerce", "the need for cleaner ports")]


def test_a_participle_after_a_speech() -> None:
    text = f"{PERSON}, left.\n\nHan delivered a speech highlighting the patience of welders."
    assert reports(text) == [("Han Meilin", "the patience of welders")]


def test_a_participle_after_an_attitude() -> None:
    text = "Port managers praised the new cranes, highlighting their low noise at night."
    assert reports(text) == [("Port managers", "their low noise at night")]


def test_a_participle_about_things_is_no_report() -> None:
    assert reports("The new cranes cut noise by half, highlighting the value of patient design.") == []


def test_a_phrase_with_its_own_source() -> None:
    text = "Sales of small vans rose in May, with dealers saying that farmers buy most of them."
    assert reports(text) == [("dealers", "farmers buy most of them")]


def test_a_share_of_people_is_no_source() -> None:
    assert reports("Sales rose in May, with 60 percent of buyers saying that they live on farms.") == []


def test_a_second_verb_of_a_document() -> None:
    text = "The draft sets a limit for noise, and calls on ports to move night traffic inland."
    assert reports(text) == [("The draft", "ports to move night traffic inland")]


def test_encouraging_is_no_word() -> None:
    assert reports("The plan sets a limit for noise, and encourages ports to move night traffic inland.") == []


def test_a_sentence_that_is_reported_as_a_whole() -> None:
    text = f"{PERSON}, left.\n\nBoth yards should share their docks, train welders, and call for calm, Han said."
    assert reports(text) == [
        ("Han Meilin", "Both yards should share their docks, train welders, and call for calm"),
    ]
