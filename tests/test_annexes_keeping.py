"""Attached files in the database: what waits, what was read once, what they add to the announcement they belong to."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from alerts.rules import Rule
from annexes.keeping import AnnexSink, keep_annex, rejoin_annex, settle, text_of
from db import open_database
from db.connection import row, rows, value
from db.keeping.annexes import MOST_TRIES, due_annexes
from db.review import decide
from db.search import find_annexes, highlight
from db.store import Stored
from demo.files import docx, pdf, xlsx
from pipeline.annexes import READER_VERSION, read_annex
from pipeline.extract import extract
from pipeline.model import AnnexText, ArchiveRef, Attachment, Page
from tests.db_samples import NOON, Desk, ministry
from tests.test_policies_annexed import GOODS, LIST, NAMES, PAGE
from tests.watching import watching

FIRST = Attachment(url="https://www.mofcom.gov.cn/dl/file/one.pdf", name="附件1：名单.pdf")
SECOND = Attachment(url="https://www.mofcom.gov.cn/dl/file/two.xlsx", name="附件2：清单.xlsx")
DOCUMENT = ministry(
    PAGE, title="商务部公告2026年第9号 公布将3家实体列入出口管制管控名单", attachments=(FIRST, SECOND)
)  # fmt: skip


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "policywire.sqlite")


def sink(desk: Desk, **changes: object) -> AnnexSink:
    return AnnexSink(**{"db": desk.db, "source": "mofcom", **changes})  # type: ignore[arg-type]


def fetched(desk: Desk, file: Attachment, body: bytes, **changes: object) -> tuple[Page, ArchiveRef]:
    return desk.page(file.url, body=body, kind="attachment", source="mofcom", **changes)


def had(desk: Desk, file: Attachment, body: bytes) -> None:
    page, ref = fetched(desk, file, body)
    keep_annex(desk.db, page, ref, read_annex(body), run_id=None)


def own(desk: Desk) -> dict[str, object]:
    found = row(desk.db, "SELECT * FROM policy_announcements WHERE salience = 'news'")
    assert found is not None
    return found


def test_what_a_story_links_to_waits_from_the_transaction_that_stores_it(desk: Desk) -> None:
    desk.store(DOCUMENT, extract(DOCUMENT))
    assert [(due.url, due.known) for due in sink(desk).due(DOCUMENT.url, changed=False)] == [
        (FIRST.url, None), (SECOND.url, None)
    ]  # fmt: skip
    assert [due.url for due in sink(desk).due(None, changed=False)] == [FIRST.url, SECOND.url]
    assert [due.url for due in sink(desk, most=1).due(None, changed=False)] == [FIRST.url]
    assert due_annexes(desk.db, source="china_daily") == []
    assert [found["state"] for found in rows(desk.db, "SELECT state FROM attachments ORDER BY seq")] == ["due", "due"]


def test_a_file_that_was_kept_and_not_joined_before_a_kill_is_not_fetched_again(desk: Desk) -> None:
    stored = desk.store(DOCUMENT, extract(DOCUMENT))
    had(desk, FIRST, pdf(LIST.split("\n\n")))
    assert [(due.url, due.kept) for due in sink(desk).due(None, changed=False)] == [
        (FIRST.url, True), (SECOND.url, False)
    ]  # fmt: skip
    settle(desk.db, stored.article_id, on_new=None)
    assert [(due.url, due.kept) for due in sink(desk).due(None, changed=False)] == [(SECOND.url, False)]
    changed = sink(desk).due(DOCUMENT.url, changed=True)
    assert [(due.url, due.kept) for due in changed] == [(FIRST.url, False), (SECOND.url, False)]


def test_a_file_that_comes_later_completes_the_announcement_and_keeps_its_id(desk: Desk) -> None:
    stored = desk.store(DOCUMENT, extract(DOCUMENT))
    before = own(desk)
    had(desk, FIRST, pdf(LIST.split("\n\n")))
    had(desk, SECOND, xlsx([], [line.split("\t") for line in GOODS.split("\n\n")[1].split("\n")]))
    settled = settle(desk.db, stored.article_id, on_new=None)
    after = own(desk)
    assert settled is not None
    assert settled.completed == (before["id"],) == (after["id"],)
    assert after["entities"] == '["贝尔港光学公司", "银溪计量有限公司", "霍利斯·格兰特"]'
    assert "高纯石墨" in str(after["sectors"])
    assert after["evidence"] == before["evidence"]
    assert settle(desk.db, stored.article_id, on_new=None) is None, "nothing has changed since"
    assert sink(desk).due(None, changed=False) == []


def test_the_story_stored_again_keeps_what_its_files_gave(desk: Desk) -> None:
    stored = desk.store(DOCUMENT, extract(DOCUMENT))
    had(desk, FIRST, pdf(LIST.split("\n\n")))
    settle(desk.db, stored.article_id, on_new=None)
    again = desk.store(DOCUMENT, extract(DOCUMENT, [LIST]))
    assert (again.outcome, again.changed) == ("unchanged", ())


def test_a_watch_rule_on_a_name_in_an_annex_mails_once(desk: Desk) -> None:
    rule = Rule(name="Bellport", to=("desk@example.org",), entities=("银溪计量",))
    hook = watching(desk, rule)
    stored = desk.store(DOCUMENT, extract(DOCUMENT), on_new=hook)
    assert value(desk.db, "SELECT count(*) FROM outbox") == 0
    had(desk, FIRST, pdf(LIST.split("\n\n")))
    settle(desk.db, stored.article_id, on_new=hook)
    assert value(desk.db, "SELECT count(*) FROM outbox") == 1
    had(desk, SECOND, docx(["1. 第四家计量公司", "2. 第五家光学公司"]))
    settle(desk.db, stored.article_id, on_new=hook)
    assert "第五家光学公司" in str(own(desk)["entities"])
    assert value(desk.db, "SELECT count(*) FROM outbox") == 1


def test_a_person_s_correction_stands_when_a_file_comes_later(desk: Desk) -> None:
    stored = desk.store(DOCUMENT, extract(DOCUMENT))
    decide(desk.db, str(own(desk)["id"]), reviewer="lu", decision="correct", changes={"entities": ["甲公司"]}, now=NOON)
    had(desk, FIRST, pdf(LIST.split("\n\n")))
    settle(desk.db, stored.article_id, on_new=None)
    assert own(desk)["entities"] == '["甲公司"]'


def test_the_same_content_is_read_once_wherever_it_lies(desk: Desk) -> None:
    desk.store(DOCUMENT, extract(DOCUMENT))
    body = pdf(LIST.split("\n\n"))
    page, ref = fetched(desk, FIRST, body)
    assert sink(desk).held(page) is None
    sink(desk).keep(page, ref, sink(desk).read(page))
    other, other_ref = fetched(desk, SECOND, body)
    held = sink(desk).held(other)
    assert held == read_annex(body)
    assert held is not None
    sink(desk).keep(other, other_ref, held)
    assert value(desk.db, "SELECT count(*) FROM annex_files") == 1


def test_a_file_that_another_article_brought_is_not_fetched_again(desk: Desk) -> None:
    stored = desk.store(DOCUMENT, extract(DOCUMENT))
    had(desk, FIRST, pdf(LIST.split("\n\n")))
    settle(desk.db, stored.article_id, on_new=None)
    other = replace(DOCUMENT, url="https://www.mofcom.gov.cn/b/art/2026/art_00000000000000000000000000000002.html",
                    number="商务部公告2026年第10号", attachments=(FIRST,))  # fmt: skip
    desk.store(other, extract(other))
    assert sink(desk).due(other.url, changed=True) == due_annexes(desk.db, source="mofcom", url=other.url, changed=True)
    assert sink(desk).due(other.url, changed=False) == []


def test_a_revised_story_has_its_files_asked_for_again_with_what_is_known_of_them(desk: Desk) -> None:
    stored = desk.store(DOCUMENT, extract(DOCUMENT))
    page, ref = fetched(desk, FIRST, pdf(["一"]), headers=(("ETag", '"7"'),))
    keep_annex(desk.db, page, ref, read_annex(page.body), run_id=None)
    settle(desk.db, stored.article_id, on_new=None)
    due = sink(desk).due(DOCUMENT.url, changed=True)
    assert [(one.url, one.known and one.known.etag) for one in due] == [(FIRST.url, '"7"'), (SECOND.url, None)]


def test_a_failed_file_is_tried_again_a_few_times_and_a_refused_one_never(desk: Desk) -> None:
    desk.store(DOCUMENT, extract(DOCUMENT))
    first, second = sink(desk).due(None, changed=False)
    sink(desk).lose(second, "not a host of this source", for_good=True)
    for _ in range(MOST_TRIES):
        assert [due.url for due in sink(desk).due(None, changed=False)] == [FIRST.url]
        sink(desk).lose(first, "status 503", for_good=False)
    assert sink(desk).due(None, changed=False) == []
    assert [(r["state"], r["why"]) for r in rows(desk.db, "SELECT state, why FROM attachments ORDER BY seq")] == [
        ("failed", "status 503"), ("refused", "not a host of this source")
    ]  # fmt: skip
    assert [due.url for due in sink(desk).due(DOCUMENT.url, changed=True)] == [FIRST.url]


def test_an_unreadable_file_is_an_issue_until_a_reader_can(desk: Desk) -> None:
    stored = desk.store(DOCUMENT, extract(DOCUMENT))
    page, ref = fetched(desk, FIRST, pdf(LIST.split("\n\n")))
    keep_annex(desk.db, page, ref, AnnexText(kind="pdf", state="unreadable", why="damaged: x"), run_id=None)
    settle(desk.db, stored.article_id, on_new=None)
    issue = row(desk.db, "SELECT * FROM issues")
    assert issue is not None
    assert (issue["kind"], issue["url"], issue["detail"], issue["version"]) == (
        "annex_unreadable", FIRST.url, "pdf: damaged: x", READER_VERSION
    )  # fmt: skip
    rejoin_annex(desk.db, page, ref, text_of(desk.db, page))
    assert value(desk.db, "SELECT closed_at FROM issues") is not None
    assert own(desk)["entities"] == '["贝尔港光学公司", "银溪计量有限公司", "霍利斯·格兰特"]'


def test_what_a_newer_copy_says_takes_the_place_of_the_older(desk: Desk) -> None:
    stored = desk.store(DOCUMENT, extract(DOCUMENT))
    had(desk, FIRST, pdf(["1. 贝尔港光学公司", "2. 银溪计量有限公司"]))
    settle(desk.db, stored.article_id, on_new=None)
    had(desk, FIRST, pdf(["1. 贝尔港光学公司", "2. 灰石精密公司"]))
    settle(desk.db, stored.article_id, on_new=None)
    assert own(desk)["entities"] == '["贝尔港光学公司", "灰石精密公司"]'
    assert [hit["id"] for hit in find_annexes(desk.db, "银溪").rows] == []
    old, ref = desk.page(
        FIRST.url, NOON - timedelta(days=9), body=pdf(["旧"]), kind="attachment", source="mofcom"
    )  # fmt: skip
    rejoin_annex(desk.db, old, ref, text_of(desk.db, old))
    assert own(desk)["entities"] == '["贝尔港光学公司", "灰石精密公司"]', "an old copy found later changes nothing"


def test_a_file_that_is_no_longer_linked_goes_from_view_and_search_but_not_from_the_table(desk: Desk) -> None:
    stored = desk.store(DOCUMENT, extract(DOCUMENT))
    had(desk, FIRST, pdf(LIST.split("\n\n")))
    settle(desk.db, stored.article_id, on_new=None)
    less = replace(DOCUMENT, attachments=(SECOND,))
    assert desk.store(less, extract(less)).outcome == "revised"
    assert [found["url"] for found in rows(desk.db, "SELECT url FROM attachments")] == [SECOND.url]
    assert find_annexes(desk.db, "贝尔港").rows == ()
    assert value(desk.db, "SELECT count(*) FROM annexes") == 2
    assert desk.store(DOCUMENT, extract(DOCUMENT, [LIST])).outcome == "revised"
    assert len(find_annexes(desk.db, "贝尔港").rows) == 1


def test_words_in_a_file_are_found_in_chinese_and_in_english_and_marked(desk: Desk) -> None:
    stored = desk.store(DOCUMENT, extract(DOCUMENT))
    had(desk, FIRST, pdf(LIST.split("\n\n")))
    settle(desk.db, stored.article_id, on_new=None)
    for query in ("计量", "Silver Creek", "name:名单"):
        [hit] = find_annexes(desk.db, query, source="mofcom", kind="pdf").rows
        assert (hit["article_id"], hit["name"]) == (stored.article_id, FIRST.name)
    assert "\x02贝尔港\x03光学公司" in str(highlight(desk.db, str(hit["id"]), "贝尔港"))


def test_an_archived_file_that_comes_before_its_article_is_found_by_its_address(desk: Desk) -> None:
    page, ref = fetched(desk, FIRST, pdf(LIST.split("\n\n")))
    assert rejoin_annex(desk.db, page, ref, text_of(desk.db, page)) == []
    found = desk.store(DOCUMENT, extract(DOCUMENT, [LIST]))
    assert isinstance(found, Stored)
    assert value(desk.db, "SELECT state FROM attachments WHERE url = ?", [FIRST.url]) == "read"
    assert own(desk)["entities"] == f'["{NAMES[0]}", "{NAMES[1]}", "{NAMES[2]}"]'


def test_articles_that_were_stored_before_there_were_annexes_have_theirs_fetched(desk: Desk) -> None:
    desk.store(DOCUMENT, extract(DOCUMENT))
    desk.db.execute("DELETE FROM annexes")
    desk.db.execute("DELETE FROM _sqlite_migrations WHERE name = '0006_annexes_of_stored_articles'")
    desk.db.close()
    with closing(open_database(desk.path)) as again:
        assert [due.url for due in due_annexes(again, source="mofcom")] == [FIRST.url, SECOND.url]
