"""Attached files on the site: listed with their state, read on a page of their own, found by search, and harmless."""

from __future__ import annotations

from pathlib import Path

import pytest

from annexes.keeping import keep_annex, settle
from db.connection import value
from demo.files import pdf, xlsx
from pipeline.annexes import read_annex
from pipeline.extract import extract
from pipeline.model import AnnexText, Attachment
from tests.db_samples import Desk
from tests.test_annexes_keeping import DOCUMENT, FIRST, SECOND
from tests.test_policies_annexed import LIST
from tests.web_desk import Reader, site
from web.pages.attachments import portions

EVIL = "<script>alert(1)</script>"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path / "policywire.sqlite")
    stored = desk.store(DOCUMENT, extract(DOCUMENT))
    page, ref = desk.page(FIRST.url, body=pdf(LIST.split("\n\n")), kind="attachment", source="mofcom")
    keep_annex(desk.db, page, ref, read_annex(page.body), run_id=None)
    settle(desk.db, stored.article_id, on_new=None)
    return desk


@pytest.fixture
def reader(desk: Desk) -> Reader:
    return site(desk)


def address(desk: Desk, file: Attachment = FIRST) -> str:
    identity = value(desk.db, "SELECT id FROM attachments WHERE url = ?", [file.url])
    return f"/attachments/{identity}"


def article_address(desk: Desk) -> str:
    identity = value(desk.db, "SELECT id FROM articles")
    return f"/articles/{identity}"


def test_an_article_lists_its_files_with_their_state(desk: Desk, reader: Reader) -> None:
    shown = " ".join(reader.get(article_address(desk)).text.split())
    assert f'<a href="{address(desk)}">{FIRST.name}</a> <span class="quiet" lang="en">PDF, read' in shown
    assert f'{SECOND.name} ↗</a> <span class="quiet" lang="en">file, not fetched yet' in shown


def test_a_file_s_text_stands_on_a_page_of_its_own(desk: Desk, reader: Reader) -> None:
    answer = reader.get(address(desk))
    assert answer.status_code == 200
    assert "<p>1. 贝尔港光学公司（Bellport Optics Inc.）</p>" in answer.text
    assert article_address(desk) in answer.text
    assert reader.get("/attachments/f000").status_code == 404


def test_a_table_is_a_table_and_a_long_one_comes_in_parts(desk: Desk, reader: Reader) -> None:
    body = xlsx([], [[str(number), f"石墨{number}"] for number in range(9000)])
    page, ref = desk.page(SECOND.url, body=body, kind="attachment", source="mofcom")
    keep_annex(desk.db, page, ref, read_annex(body), run_id=None)
    settle(desk.db, str(value(desk.db, "SELECT id FROM articles")), on_new=None)
    first = reader.get(address(desk, SECOND)).text
    assert "<td>0</td><td>石墨0</td>" in first
    assert "Part 1 of 3" in first
    assert "<td>8999</td>" in reader.get(address(desk, SECOND) + "?part=3").text
    for wrong in ("0", "4", "x", "²", "99999999"):
        assert reader.get(f"{address(desk, SECOND)}?part={wrong}").status_code == 404


def test_no_row_is_lost_between_parts() -> None:
    text = "head\n\n" + "\n".join(f"{number}\tx" for number in range(30_000)) + "\n\ntail"
    assert "\n".join(block for part in portions(text) for block in part) == text.replace("\n\n", "\n")
    assert portions("") == []


@pytest.mark.parametrize("query", ["计量", "Silver Creek", "名单"])
def test_the_search_finds_files(desk: Desk, reader: Reader, query: str) -> None:
    shown = reader.get(f"/search?in=attachments&q={query}&kind=pdf&state=read").text
    assert address(desk) in shown
    assert "<mark>" in shown or query == "名单"
    assert address(desk) not in reader.get(f"/search?in=attachments&q={query}&kind=xlsx").text


def test_the_kind_of_an_article_is_a_filter_too(desk: Desk, reader: Reader) -> None:
    assert article_address(desk) in reader.get("/search?in=articles&kind=announcement").text
    assert article_address(desk) not in reader.get("/search?in=articles&kind=opinion").text


def test_what_a_file_says_cannot_act_on_the_page(desk: Desk, reader: Reader) -> None:
    page, ref = desk.page(SECOND.url, body=b"x", kind="attachment", source="mofcom")
    text = AnnexText(kind="xlsx", state="read", text=f"{EVIL}\n\n{EVIL}\t=cmd()\u202e", why=EVIL)
    keep_annex(desk.db, page, ref, text, run_id=None)
    settle(desk.db, str(value(desk.db, "SELECT id FROM articles")), on_new=None)
    for path in (address(desk, SECOND), article_address(desk), "/search?in=attachments&q=script"):
        shown = reader.get(path).text
        assert EVIL not in shown
        assert "&lt;script&gt;" in shown
        assert "\u202e" not in shown
