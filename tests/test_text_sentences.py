"""Paragraphs and sentences: offsets that stay inside their text."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.text import is_chinese, paragraphs, sentences


def _words(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


def test_abbreviations_do_not_end_a_sentence() -> None:
    assert _words("Mr. Li of Acme Co. Ltd. said no. He left.") == ["Mr. Li of Acme Co. Ltd. said no.", "He left."]


def test_a_single_letter_and_a_short_form_behind_signs_do_not_end_a_sentence() -> None:
    text = "Plan B. Wu of (Pear Co. Ltd) spoke. The rest etc. Followed. It met No. 3 vs. No. 4."

    assert [text[start:end] for start, end in sentences(text)] == [
        "Plan B. Wu of (Pear Co. Ltd) spoke.",
        "The rest etc. Followed.",
        "It met No. 3 vs. No. 4.",
    ]


def test_a_closing_mark_belongs_to_its_sentence() -> None:
    assert _words('"We won." They left.') == ['"We won."', "They left."]


def test_a_sentence_may_open_with_an_accented_capital() -> None:
    assert _words("It ended. Émile spoke.") == ["It ended.", "Émile spoke."]


def test_chinese_sentences_end_at_the_full_stop() -> None:
    assert _words("商务部发布公告。现予公布！") == ["商务部发布公告。", "现予公布！"]


def test_sentences_never_cross_a_paragraph() -> None:
    assert _words("One line\n\nAnother line") == ["One line", "Another line"]


def test_a_chinese_text_is_known_by_its_letters() -> None:
    assert is_chinese("商务部今天发布公告")
    assert not is_chinese("The ministry (商务部) issued a notice on Friday.")


@given(st.text(alphabet="aA.。!？\"”' \n商é…", max_size=200))
def test_sentences_lie_in_order_inside_paragraphs(text: str) -> None:
    spans = list(paragraphs(text))
    last = 0
    for start, end in sentences(text):
        assert last <= start < end
        assert any(first <= start and end <= stop for first, stop in spans)
        last = end


@pytest.mark.parametrize("piece", [".", ". ", "…", '."', " ", "A. ", "。"])
def test_hostile_runs_cost_linear_time(piece: str) -> None:
    started = time.process_time()
    sentences(piece * 200_000)
    assert time.process_time() - started < 5, "a run of one mark must not be read again from each of its places"
