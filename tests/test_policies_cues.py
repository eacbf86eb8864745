"""Questions to a sentence: has it one of these words? Each word knows which of them it answers."""

import pytest

from pipeline.policies import cues
from pipeline.policies.sentence import Sentence

TRADE, STANDS, RULE = cues.cues("trade"), cues.cues("effect force"), cues.cues("rule")
PEARS = cues.cues_telling(lambda word: word.startswith("pear"))


def sentence(printed: str) -> Sentence:
    return Sentence(printed, 0, len(printed), None)


def test_a_sentence_answers_for_whole_words_of_its_own() -> None:
    asked = Sentence("A rule. The trade-in rules took effect.", 8, 39, None)
    assert asked.has(TRADE)
    assert asked.cues & STANDS
    assert not asked.has(RULE)


def test_letters_beyond_ascii_and_capitals_make_no_difference() -> None:
    assert sentence("Cafés: RULE of Trade").has(RULE)


def test_a_question_may_be_what_a_word_looks_like() -> None:
    assert sentence("New pearling rights").has(PEARS)
    assert not sentence("A spear").has(PEARS)


def test_the_words_of_a_table_are_read_when_the_first_sentence_is() -> None:
    read: list[str] = []

    def table() -> list[str]:
        read.append("table")
        return ["orchards"]

    question = cues.cues(table)
    assert read == []
    assert sentence("Orchards bloom").has(question)
    assert not sentence("Ponds freeze").has(question)
    assert read == ["table"]


def test_words_that_are_too_many_to_be_remembered_answer_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cues, "_REMEMBERED", 0)
    question = cues.cues("quinces")
    assert [sentence("Quinces and pearbrandy").has(one) for one in (question, PEARS, RULE)] == [True, True, False]
