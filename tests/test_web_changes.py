"""Any two revisions of an article can be compared: its text word by word, and what stands around it."""

from __future__ import annotations

from html import unescape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.connection import value
from pipeline.model import Attachment
from tests.db_samples import TEXT, Desk, article, usual
from tests.web_desk import Reader, site
from web.changes import Step, between, summary

SECOND = TEXT.replace("two hundred deckhands", "three hundred deckhands")
THIRD = SECOND.replace("before the spring", "before the autumn").replace("easing", "tightening")


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    desk = Desk(tmp_path / "policywire.sqlite")
    desk.store(article(), usual())
    desk.store(article(SECOND, authors=("Wen Jiao", "Lu Fan")), usual(SECOND))
    files = (Attachment(url="https://www.chinadaily.com.cn/a.pdf", name="The permit form"),)
    desk.store(article(THIRD, title="Barges to get harder permits", attachments=files), usual(THIRD))
    return site(desk)


@pytest.fixture
def address(reader: Reader) -> str:
    identity = value(Desk(reader.app.state.desk.database).db, "SELECT id FROM articles")
    return f"/articles/{identity}"


def read(reader: Reader, path: str) -> str:
    answer = reader.get(path)
    assert answer.status_code == 200, answer.text
    return unescape(answer.text)


def test_the_last_change_is_shown_where_none_is_chosen(reader: Reader, address: str) -> None:
    page = read(reader, f"{address}/changes")
    assert "From revision 2 to 3" in page
    assert "<del>spring</del><ins>autumn</ins>" in page
    assert "<ins>three</ins>" not in page


def test_any_two_revisions_can_be_compared(reader: Reader, address: str) -> None:
    page = read(reader, f"{address}/changes?from=1&to=3")
    assert "<del>two</del><ins>three</ins>" in page
    assert "<del>easing</del><ins>tightening</ins>" in page
    assert '<option value="1" selected>' in page
    assert '<option value="3" selected>' in page


def test_the_newer_one_may_stand_first(reader: Reader, address: str) -> None:
    page = read(reader, f"{address}/changes?from=3&to=1")
    assert "<del>three</del><ins>two</ins>" in page


def test_what_stands_around_the_text_is_compared_too(reader: Reader, address: str) -> None:
    page = read(reader, f"{address}/changes?from=1&to=3")
    assert '<del lang="en">Barges to get easier permits</del> <ins lang="en">Barges to get harder permits</ins>' in page
    assert '<ins lang="en">The permit form</ins>' in page
    page = read(reader, f"{address}/changes?from=1&to=2")
    assert '<del lang="en">Wen Jiao</del> <ins lang="en">Wen Jiao; Lu Fan</ins>' in page


def test_one_revision_beside_itself_is_the_same(reader: Reader, address: str) -> None:
    assert "The text is the same, and so is all around it." in read(reader, f"{address}/changes?from=2&to=2")


@pytest.mark.parametrize("asked", ["from=0&to=1", "from=1&to=9", "from=x", "to=-1", f"from={'9' * 30}"])
def test_a_revision_that_there_is_not_is_told(reader: Reader, address: str, asked: str) -> None:
    answer = reader.get(f"{address}/changes?{asked}")
    assert answer.status_code == 404
    assert "revision" in answer.text


def test_an_article_leads_to_the_comparison(reader: Reader, address: str) -> None:
    page = read(reader, address)
    assert f'<form class="choose" action="{address}/changes">' in page
    assert f'href="{address}/changes?from=2&to=3"' in page
    assert 'href="#revisions">3 revisions</a>' in page


# -- the difference ---------------------------------------------------------------------------------------------------


def test_long_stretches_that_stayed_are_counted_and_left_out() -> None:
    same = " ".join(f"word{n}" for n in range(600))
    steps = between(f"old {same} old", f"new {same} new")
    assert [step.what for step in steps] == ["gone", "new", "same", "skipped", "same", "gone", "new"]
    skipped = steps[3].text
    kept = len(steps[2].text) + len(steps[4].text)
    assert skipped == f"{len(same) + 2 - kept:,} characters unchanged"
    assert steps[2].text.endswith(tuple("0123456789")), "cut between words"


@given(st.text(alphabet="ab \n", max_size=60), st.text(alphabet="ab \n", max_size=60))
def test_a_difference_gives_both_texts_back(older: str, newer: str) -> None:
    steps = between(older, newer)
    if older == newer:
        assert steps == []
        return
    assert "".join(step.text for step in steps if step.what != "new") == older
    assert "".join(step.text for step in steps if step.what != "gone") == newer


def test_what_came_and_went_is_counted() -> None:
    steps = [Step(what="same", text="abc"), Step(what="gone", text="d"), Step(what="new", text="efg")]
    assert summary(steps) == "1 character gone, 3 new"


def test_texts_too_long_to_compare_by_word_are_compared_by_paragraph() -> None:
    paragraphs = [f"Paragraph {n} of a very long decree." for n in range(4000)]
    steps = between("\n\n".join(paragraphs), "\n\n".join([*paragraphs[:-1], "The end."]))
    assert [(step.what, step.text) for step in steps] == [("gone", f"{paragraphs[-1]}\n"), ("new", "The end.\n")]
