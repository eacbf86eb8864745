"""How peers are scored, on cases counted by hand."""

from __future__ import annotations

from typing import Any

import pytest

from bench.peer_inputs import PageTruth
from bench.peer_scores import common, in_part, names, page_figures, plain, quote_figures, same_order

ALL = ("text", "title", "published", "authors")


def page(text: str, **more: Any) -> PageTruth:
    told = {"title": "Pears are late", "days": frozenset({"2026-09-01", "2026-09-03"}), "authors": ("Wu Jing",)}
    return PageTruth(item={"id": "a"}, text=text, **told | more)


def quote(text: str, words: str, kind: str = "direct", speaker: str = "Wu Jing") -> dict[str, Any]:
    start = text.index(words)
    return {"start": start, "end": start + len(words), "kind": kind, "speaker": speaker, "text": words}


def test_white_space_and_the_headline_before_the_body_are_held_against_nobody() -> None:
    found = {"text": "Pears  are late\nThey will\ncome.", "title": " Pears are late", "published": "2026-09-03T10:00"}
    figures = page_figures([page("They will come.")], [{**found, "authors": ["WU Jing"]}], ALL)
    assert figures == {"exact": 1, "body": 1, "title": 1, "date": 1, "authors": 1}
    assert (
        page_figures([page("Pears are late, all say.")], [{"text": "Pears are late, all say."}], ["text"])["exact"] == 1
    )


def test_what_is_not_claimed_is_not_measured() -> None:
    assert set(page_figures([page("Pears.")], [{"text": "Pears."}], ("text",))) == {"exact", "body"}


def test_a_page_that_could_not_be_read_counts_as_one_in_which_nothing_was_found() -> None:
    pages = [page("Pears."), page("Plums.")]
    figures = page_figures(pages, [{"error": "timeout"}, {"text": "Plums.", "title": "Pears are late"}], ALL)
    assert figures == {"exact": 0.5, "body": 0.5, "title": 0.5, "date": 0, "authors": 0}


def test_authors_of_a_page_that_names_none_are_counted_apart() -> None:
    pages = [page("Pears.", authors=()), page("Plums.", authors=()), page("Figs.", authors=("Wu Jing", "Li Lan"))]
    answers = [{"authors": ["Lin Duo"]}, {"authors": [""]}, {"authors": ["Li Lan", "Wu Jing"]}]
    figures = page_figures(pages, answers, ("authors",))
    assert figures == {"authors": 1, "authors_made_up": 0.5}


@pytest.mark.parametrize(
    ("one", "other", "length"),
    [("a b c d", "a c d", 3), ("a b", "b a", 1), ("a b", "", 0), ("a a b a", "a b b a a", 3), ("x", "x", 1)],
)
def test_the_longest_common_subsequence(one: str, other: str, length: int) -> None:
    assert common(one.split(), other.split()) == length
    assert common(other.split(), one.split()) == length


def test_the_order_of_words_counts_and_chinese_goes_by_characters() -> None:
    assert same_order("Pears are late.", "Pears are late") == 1
    assert same_order("one two three four", "three four") == pytest.approx(2 * 2 / 6)
    assert same_order("梨子来迟", "来迟") == pytest.approx(2 * 2 / 6)
    assert same_order("", "") == 1
    assert plain(" a b\n c") == "abc"


TEXT = (
    'He called it "a late gift" and smiled. "Pears will come," Wu Jing said. "All of them." Prices will rise, she said.'
)
TOLD = {
    "quotes": [
        quote(TEXT, "a late gift", "partial"),
        quote(TEXT, "Pears will come,"),
        quote(TEXT, "All of them."),
        quote(TEXT, "Prices will rise", "indirect"),
    ]
}


def test_a_partial_quote_that_is_found_by_one_who_gives_direct_ones_is_neither_right_nor_wrong() -> None:
    found = [quote(TEXT, "a late gift"), quote(TEXT, "Pears will come", speaker="Wu"), quote(TEXT, "and smiled")]
    figures = quote_figures([TOLD], [{"quotes": found}], ("direct",))
    assert figures == {"quotes": 2, "direct": 2 * 1 / (2 + 2), "speaker": 0, "speaker_part": 1}


def test_all_kinds_for_one_who_claims_them() -> None:
    found = [*TOLD["quotes"][:2], quote(TEXT, "Prices will rise", "indirect", "she")]
    figures = quote_figures([TOLD], [{"quotes": found}], ("direct", "partial", "indirect"))
    assert figures["direct"] == 0.6667
    assert figures["marked"] == pytest.approx(4 / 5)
    assert figures["indirect"] == 1
    assert figures["speaker"] == 1


def test_words_that_overlap_too_little_are_another_quote() -> None:
    figures = quote_figures([TOLD], [{"quotes": [quote(TEXT, "Pears")]}], ("direct",))
    assert figures["direct"] == 0
    assert quote_figures([TOLD], [{"error": "timeout"}], ("direct",))["direct"] == 0


def test_a_quote_is_found_once_only() -> None:
    twice = [quote(TEXT, "Pears will come,"), quote(TEXT, "Pears will come")]
    assert quote_figures([TOLD], [{"quotes": twice}], ("direct",))["direct"] == 2 * 1 / (2 + 2)


def test_speakers_in_full_and_in_part() -> None:
    assert names("The Ministry of Commerce") == names("Ministry of Commerce")
    assert names("Dr. Wu Jing") == ["wu", "jing"]
    assert in_part("Wu Jing", "Wu")
    assert in_part("Wu Jing", "Wu Jing, head of Huli Pears")
    assert in_part("吴静", "吴")
    assert not in_part("Wu Jing", "she")
    assert not in_part("Wu Jing", "Wuhan")
    assert not in_part("Wu Jing", "")
