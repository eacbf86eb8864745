"""One document at several addresses is one article; what differs in more than its surroundings stays two."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from db.connection import rows, value
from pipeline.model import Article, Attachment
from tests.db_samples import CHINESE, Desk, ministry

ANNEX = Attachment(url="https://www.mofcom.gov.cn/dl/file/1.pdf", name="附件：银杏叶提取物清单.pdf")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "policywire.sqlite")


def copy(text: str = CHINESE, **changes: Any) -> Article:
    """The document of `ministry` as another site of the ministry shows it."""
    url = "http://exportcontrol.mofcom.gov.cn/article/zcfg/gnzcfg/zcfggzqd/202611/1184.html"
    return ministry(text, **{"url": url, **changes})


def issues(desk: Desk) -> list[str]:
    return [issue["kind"] for issue in rows(desk.db, "SELECT kind FROM issues")]


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(copy(header=()), id="no header block"),
        pytest.param(copy(header=(("发布单位", "条约法律司"),)), id="another department in the header block"),
        pytest.param(copy(number="中华人民共和国商务部公告2026年第9号"), id="the ministry's full name"),
        pytest.param(copy(number="公告2026年第9号"), id="a number without a body"),
        pytest.param(copy(number="商务部公告 2026 年第 9 号"), id="blanks in the number"),
        pytest.param(copy(CHINESE.replace("\n\n", "\n\n\u3000\u3000 ")), id="ideographic blanks"),
        pytest.param(copy(CHINESE.replace("\n\n", "")), id="one paragraph"),
        pytest.param(copy(CHINESE.replace("，", ",")), id="narrow commas"),
        pytest.param(
            copy(f"商务部公告2026年第9号\n\n公布对银杏叶提取物实施出口管制\n\n{CHINESE}"), id="headline repeated"
        ),
        pytest.param(copy(f"【发布单位】安全与管制局\n\n来源：商务部\n\n{CHINESE}"), id="header lines in the text"),
        pytest.param(copy(f"{CHINESE}\n\n责任编辑：李青\n\n[打印] [关闭窗口]"), id="editor and tools below"),
        pytest.param(copy(f"{CHINESE}\n\n附件：银杏叶提取物清单"), id="a list of annexes"),
        pytest.param(copy(f"{CHINESE}\n\n附件\n\n1. 清单.pdf（120KB）\n\n2. 说明.docx"), id="files by name"),
        pytest.param(
            copy(f"{CHINESE}\n\n清单", attachments=(Attachment(url="http://x.mofcom.gov.cn/1.pdf", name="清单.pdf"),)),
            id="a file's name without its ending",
        ),
    ],
)
def test_copies_that_differ_in_their_surroundings_are_one_article(desk: Desk, other: Article) -> None:
    first = desk.store(ministry())
    stored = desk.store(other)
    assert (stored.outcome, stored.article_id) == ("alias", first.article_id)
    assert issues(desk) == []
    assert value(desk.db, "SELECT text FROM articles_latest") == CHINESE


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(CHINESE.replace("银杏叶", "银杏果"), id="another word"),
        pytest.param(CHINESE + "\n\n本公告自12月1日起施行。", id="a sentence more"),
        pytest.param(CHINESE + "\n\n1. 甲公司\n\n2. 乙公司", id="names"),
        pytest.param(CHINESE.replace("表示", "1.5%表示"), id="a figure"),
    ],
)
def test_copies_that_differ_stay_apart_and_a_person_is_told(desk: Desk, text: str) -> None:
    desk.store(ministry())
    assert desk.store(copy(text)).outcome == "new"
    assert issues(desk) == ["copies_differ"]


def test_copies_that_come_to_say_the_same_need_no_person(desk: Desk) -> None:
    desk.store(ministry())
    desk.store(copy(CHINESE + "另有补充。"))
    desk.store(copy(CHINESE + "另有补充。"))
    assert value(desk.db, "SELECT count(*) FROM issues WHERE closed_at IS NULL") == 1
    assert desk.store(ministry(CHINESE + "另有补充。")).outcome == "revised"
    assert value(desk.db, "SELECT closed_reason FROM issues") == "the copies say the same now"


def test_a_number_without_a_body_that_is_another_bodys_needs_no_person(desk: Desk) -> None:
    desk.store(copy("不可靠实体清单工作机制今日公布名单。", number="公告2026年第9号"))
    assert desk.store(ministry()).outcome == "new"
    assert issues(desk) == []


def remarks(on: str, text: str = CHINESE, **changes: Any) -> Article:
    title = "商务部新闻发言人就调整清单措施答记者问"
    url = f"https://www.mofcom.gov.cn/xwfb/xwfyrth/art/2026/art_{on.replace('-', ''):>032}.html"
    said = {"title": title, "kind": "remarks", "number": None, "header": (), "published": on, "url": url}
    return ministry(text, **{**said, **changes})


def test_one_text_under_one_headline_is_one_article_though_it_has_no_number(desk: Desk) -> None:
    first = desk.store(remarks("2026-08-12"))
    bureau = "https://aqygzj.mofcom.gov.cn/zhxx/art/2026/art_00000000000000000000000000000077.html"
    stored = desk.store(remarks("2026-08-13", url=bureau))
    assert (stored.outcome, stored.article_id) == ("alias", first.article_id)


def test_one_headline_on_two_occasions_is_two_articles(desk: Desk) -> None:
    desk.store(remarks("2026-08-12"))
    more = remarks("2026-08-13", text=CHINESE + "另有补充。", url="https://www.mofcom.gov.cn/x")
    assert desk.store(more).outcome == "new"
    assert desk.store(remarks("2026-11-05")).outcome == "new", "the same words, months later"
    assert issues(desk) == [], "only a number says that two texts should be one"


def test_a_copy_that_has_lost_its_number_is_found_by_its_headline(desk: Desk) -> None:
    desk.store(ministry())
    assert desk.store(copy(number=None, header=())).outcome == "alias"


def test_another_language_is_another_article(desk: Desk) -> None:
    desk.store(ministry())
    english = copy("Exports are licensed.", language="en", number="MOFCOM Announcement No. 9 of 2026", title="Licences")
    assert desk.store(english).outcome == "new"
    assert issues(desk) == []


def test_the_traditional_script_gateway_is_the_page_behind_it(desk: Desk) -> None:
    first = desk.store(ministry())
    behind = (ministry().url or "").removeprefix("https://")
    gateway = copy("商務部今日發布公告。", url=f"http://big5.mofcom.gov.cn/gate/big5/{behind}")
    stored = desk.store(gateway)
    assert (stored.outcome, stored.article_id) == ("alias", first.article_id)
    assert value(desk.db, "SELECT count(*) FROM revisions") == 1


def test_http_and_https_are_one_address(desk: Desk) -> None:
    first = desk.store(ministry())
    stored = desk.store(ministry(url=(ministry().url or "").replace("https:", "http:")))
    assert (stored.outcome, stored.article_id) == ("unchanged", first.article_id)


def test_the_files_of_a_copy_are_the_documents_too(desk: Desk) -> None:
    desk.store(ministry())
    again = Attachment(url="https://exportcontrol.mofcom.gov.cn/dl/1.pdf", name=ANNEX.name)
    other = Attachment(url="https://exportcontrol.mofcom.gov.cn/dl/2.pdf", name="附件2.pdf")
    desk.store(copy(attachments=(ANNEX,)))
    desk.store(copy(attachments=(again, other), url="https://www.mofcom.gov.cn/b/art_02.html"))
    desk.store(ministry(title="商务部公告2026年第9号"))
    held = [file["url"] for file in rows(desk.db, "SELECT url FROM attachments ORDER BY position")]
    assert held == [ANNEX.url, other.url], "the same name is the same file, and the page's own list does not drop them"


def test_a_file_that_the_page_itself_no_longer_links_to_is_dropped(desk: Desk) -> None:
    desk.store(ministry(attachments=(ANNEX,)))
    desk.store(ministry())
    assert list(rows(desk.db, "SELECT url FROM attachments")) == []
    assert json.loads(value(desk.db, "SELECT attachments FROM articles_latest")) == []


def test_thousands_of_listed_annexes_make_no_difference(desk: Desk) -> None:
    text = CHINESE + "\n\n" + "\n\n".join(f"附件{n % 90}：清单" for n in range(4000))
    desk.store(ministry(text))
    assert desk.store(copy(CHINESE)).outcome == "alias"
