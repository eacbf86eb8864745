"""How the quote finder looks its vocabulary up: fixed words, cues of an article, nouns that look like cues."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import Article
from pipeline.quotes import find_quotes
from pipeline.quotes.cue_places import find_cues
from pipeline.quotes.tables import alternation
from pipeline.text import places_of_word, words_of

WORDS = st.lists(st.text(alphabet="abc .+(", min_size=1, max_size=6), min_size=1, max_size=12)


@given(words=WORDS, text=st.text(alphabet="abc .+(", max_size=30))
def test_an_alternation_takes_the_longest_word_that_fits(words: list[str], text: str) -> None:
    plain = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    assert re.findall(f"(?:{alternation(words)})", text) == re.findall(f"(?:{plain})", text)


def test_a_shorter_word_is_taken_where_the_longer_one_does_not_end() -> None:
    assert re.fullmatch(rf"(?:{alternation(['vice', 'vice minister'])}) (?:minister)s", "vice ministers")


def test_words_keep_their_hyphens_and_apostrophes() -> None:
    assert words_of("The co-owner's pears, he said.") == {"The", "co-owner's", "pears", "he", "said"}


def test_a_word_inside_a_longer_one_stands_nowhere() -> None:
    text = "said: he said, unsaid, said-so, said"
    assert list(places_of_word("said", text)) == [0, 9, 32]


def test_cues_are_found_whatever_capitals_they_open_with() -> None:
    text = "Noting a shortage, Ren called for pears. She SAID so."
    assert [cue.group() for cue in find_cues(text, 0, len(text))] == ["Noting", "called for", "SAID"]


def test_cues_of_the_next_sentence_are_left_alone() -> None:
    text = "Ren said so. Lu denied it."
    assert [cue.group() for cue in find_cues(text, 0, 12)] == ["said"]


def test_a_noun_after_an_article_reports_nothing() -> None:
    text = (
        "Growers in the report that Pear House printed will get new carts in terms of their claims that carts are old."
    )
    assert find_quotes(Article(source="china_daily", text=text)) == ()


def test_a_surname_that_looks_like_an_article_can_speak() -> None:
    text = "An Rui, head of Pear House Co, came late. An said that carts were old."
    (quote,) = find_quotes(Article(source="china_daily", text=text))
    assert quote.speaker == "An Rui"
