"""Fixed words of a table are found whole, with their plural, and not inside other words."""

from __future__ import annotations

import pytest

from pipeline.quotes.fixed_words import FixedWords

WORDS = FixedWords(["bank", "Pear Bank of Huli", "Inc.", "& Co", "Moody's"], endings=("", "s", "es"))
NO_ENDINGS = FixedWords(["bank"])


@pytest.mark.parametrize(
    "phrase",
    [
        "the bank",
        "two banks",
        "Pear Bank of Huli said",
        "Lanhai Inc.",
        "Wu & Co",
        "Moody's",
        "bank, and others",
        "bank's",
    ],
)
def test_a_word_of_the_table_stands_in_the_phrase(phrase: str) -> None:
    assert WORDS.stand_in(phrase)


@pytest.mark.parametrize(
    "phrase",
    [
        "the embankment",
        "a pear-bank",
        "bank-owned pears",
        "o'bank",
        "Pear Bank of Hulian",
        "Inc",
        "Wu & Company",
        "",
        "’bank",
    ],
)
def test_a_part_of_a_longer_word_does_not_count(phrase: str) -> None:
    assert not WORDS.stand_in(phrase)


def test_a_plural_counts_only_where_the_words_may_have_one() -> None:
    assert NO_ENDINGS.stand_in("the bank")
    assert not NO_ENDINGS.stand_in("the banks")
