"""What must hold for every text: spans that slice, never overlap, and come out the same."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.model import Article
from pipeline.quotes import explain_quotes, find_quotes
from pipeline.quotes.tables import cue_forms, nouns

PIECES = [
    "Li Wen, head of Xinya Co, said ",
    "he said",
    '"',
    "“",
    "”",
    ". ",
    ", ",
    "that ",
    "according to ",
    "the ministry ",
    "adding that ",
    "prices fell",
    "\n\n",
    "He Lan: ",
    "答：",
    "林可表示，",
    "「",
    "」",
    "who expects ",
    "and ",
    "A",
    "'",
    "…",
    "described it as ",
    "The report noted ",
    "—",
    "(",
    ")",
    "5%",
    "said ",
    "told China Daily ",
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


@settings(max_examples=150, deadline=None)
@given(text=TEXTS, language=st.sampled_from(["en", "zh"]), source=st.sampled_from(["china_daily", "mofcom"]))
def test_quotes_lie_in_order_and_never_overlap(text: str, language: str, source: str) -> None:
    article = Article(source=source, text=text, language=language)  # type: ignore[arg-type]
    found = find_quotes(article)
    last = 0
    for quote in found:
        assert last <= quote.span.start < quote.span.end <= len(text)
        assert text[quote.span.start : quote.span.end] == quote.span.text
        assert quote.speaker
        last = quote.span.end
    assert find_quotes(article) == found


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_any_unicode_text_is_read_without_an_error(text: str) -> None:
    find_quotes(Article(source="mofcom", text=text))
    find_quotes(Article(source="mofcom", text=text, language="zh"))


def test_importing_the_finder_reads_no_table() -> None:
    code = "import pipeline.quotes, pipeline.quotes.tables as t; assert t._nouns.cache_info().currsize == 0"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).resolve().parents[1])


def test_every_row_of_vocabulary_says_where_it_comes_from() -> None:
    folder = Path(__file__).resolve().parents[1] / "pipeline" / "quotes"
    for table in ("cues.csv", "nouns.csv", "names.csv"):
        lines = (folder / table).read_text(encoding="utf-8").splitlines()
        assert lines[0].endswith("source")
        assert len(set(lines)) == len(lines), f"{table} holds a row twice"
        assert all(line.rsplit(",", 1)[-1].strip() for line in lines[1:]), f"{table} has a row without source"


def test_verbs_are_inflected_and_irregular_ones_listed() -> None:
    forms = cue_forms("en")
    assert {"said", "noted", "replies", "stressing", "called for", "told"} <= forms.keys()
    assert nouns("title")["CEO"] == "executive"


SEED = Path(__file__).resolve().parents[1].parent / "shared" / "gold" / "seed.jsonl"


@pytest.mark.skipif(not SEED.exists(), reason="the worked example lies outside the repository")
def test_the_worked_example_of_the_spec_is_exact() -> None:
    line = json.loads(SEED.read_text(encoding="utf-8").splitlines()[0])
    found = find_quotes(Article(source="china_daily", text=line["text"]))
    fields = ("kind", "speaker", "speaker_type", "role", "organization")
    assert [[quote.as_record()[name] for name in fields] for quote in found] == [
        [quote[name] for name in fields] for quote in line["quotes"]
    ]
    for quote, gold in zip(found, line["quotes"], strict=True):
        assert (quote.title or "") in (gold["title"] or "")
        assert quote.span.text.startswith(gold["text"][:40])


def test_confidence_is_a_probability_and_a_name_beats_a_pronoun() -> None:
    text = (
        "Han Meilin, head of Yuanlu Motors Co, said the line is ready. She said it is late.\n\n"
        "The notice highlights lower fees."
    )
    named, pronoun, document = find_quotes(Article(source="china_daily", text=text))
    assert all(quote.confidence is not None and 0 < quote.confidence < 1 for quote in (named, pronoun, document))
    assert (named.confidence or 0) > (pronoun.confidence or 0) > (document.confidence or 0)


def test_what_was_dropped_says_why() -> None:
    text = 'Han Meilin, head of Yuanlu Motors Co, said the "smart line" plan is ready. A "green wall" stands there.'
    found, dropped = explain_quotes(Article(source="china_daily", text=text))
    assert [quote.kind for quote in found] == ["indirect"]
    assert {(drop.span.text, drop.reason) for drop in dropped} == {
        ("smart line", "a term or stock phrase in marks"),
        ("green wall", "no cue reports the words in marks"),
    }
    assert found == find_quotes(Article(source="china_daily", text=text))
