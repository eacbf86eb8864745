"""Pages and articles in the database: one address, one article; what changes is a revision; nothing is lost."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from db.connection import row, rows, value
from db.keeping.differences import rebuild
from db.names import canonical_url
from db.store import Stored, add_page, known, reject_page, store_article
from pipeline.model import Issue
from tests.db_samples import CHINESE, NOON, TEXT, Desk, article, ministry, policy, quote, statements, usual


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "policywire.sqlite")


def count(db: Database, table: str) -> int:
    return int(value(db, f"SELECT count(*) FROM {table}"))  # noqa: S608


@pytest.mark.parametrize(
    ("printed", "canonical"),
    [
        ("http://WWW.ChinaDaily.com.cn/a/WS1.html", "https://www.chinadaily.com.cn/a/WS1.html"),
        ("https://www.chinadaily.com.cn:443/a/WS1.html#top", "https://www.chinadaily.com.cn/a/WS1.html"),
        ("https://www.chinadaily.com.cn/a/WS1.html?from=singlemessage", "https://www.chinadaily.com.cn/a/WS1.html"),
        ("http://a.gov.cn/list?b=2&a=1&utm_source=x", "https://a.gov.cn/list?a=1&b=2"),
        (
            "http://big5.mofcom.gov.cn/gate/big5/english.mofcom.gov.cn/article/1.shtml",
            "https://english.mofcom.gov.cn/article/1.shtml",
        ),
        ("http://127.0.0.1:8080/a//b.html", "https://127.0.0.1:8080/a/b.html"),
        ("http://a.gov.cn/\u68a8 1.pdf", "https://a.gov.cn/%E6%A2%A81.pdf"),
        ("http://a.gov.cn/%E6%A2%A8%201.pdf", "https://a.gov.cn/%E6%A2%A81.pdf"),
    ],
)
def test_addresses_of_one_page_are_one_address(printed: str, canonical: str) -> None:
    assert canonical_url(printed) == canonical


def test_a_new_article_is_stored_with_its_page_statements_and_full_record(desk: Desk) -> None:
    stored = desk.store(article(), usual(), listed="2026-11-19T09:30:00+08:00")

    assert stored.outcome == "new"
    assert [one[0] for one in stored.new] == ["q", "p"]
    found = row(desk.db, "SELECT * FROM articles_latest")
    assert found is not None
    assert found["id"] == stored.article_id
    assert found["text"] == TEXT
    assert json.loads(found["authors"]) == ["Wen Jiao"]
    assert found["sort_at"] == "2026-11-19T01:30:00Z"
    page = row(desk.db, "SELECT * FROM pages")
    assert page is not None
    assert (page["warc_offset"], page["outcome"], page["article_id"]) == (1000, "new", stored.article_id)


def test_the_same_page_again_adds_a_page_row_and_nothing_else(desk: Desk) -> None:
    first = desk.store(article(), usual(), listed="2026-11-19")
    again = desk.store(article(), usual(), listed="2026-11-20")

    assert (again.outcome, again.new, again.article_id) == ("unchanged", (), first.article_id)
    assert [count(desk.db, t) for t in ("articles", "revisions", "quotes", "policies", "pages")] == [1, 1, 1, 1, 2]
    held = known(desk.db, "http://www.chinadaily.com.cn/a/202611/19/WSaaaa0001.html")
    assert held is not None
    assert held.listed == "2026-11-20"


def test_a_changed_story_gets_a_revision_with_the_words_that_changed(desk: Desk) -> None:
    desk.store(article(), usual())
    edited = TEXT.replace("two hundred deckhands", "three hundred deckhands and cooks")
    stored = desk.store(article(edited), usual(edited))

    assert (stored.outcome, stored.revision, stored.new, stored.retired) == ("revised", 2, (), ())
    texts = [found["text"] for found in rows(desk.db, "SELECT text FROM revisions ORDER BY revision")]
    assert texts == [TEXT, edited]
    steps = json.loads(value(desk.db, "SELECT difference FROM revisions WHERE revision = 2"))
    assert rebuild(TEXT, steps) == edited
    assert [step for step in steps if step[0] != "="] == [["-", "two"], ["+", "three"], ["+", " and cooks"]]


def test_a_story_that_goes_back_to_its_first_text_is_a_third_revision(desk: Desk) -> None:
    desk.store(article(), usual())
    desk.store(article(TEXT + " More."), usual())
    assert desk.store(article(), usual()).revision == 3


def test_another_breadcrumb_is_no_revision_but_another_author_is(desk: Desk) -> None:
    desk.store(article())
    assert desk.store(article(section=("Business",), layout="2024")).outcome == "unchanged"
    assert desk.store(article(authors=("Wen Jiao", "Qu Yi"))).outcome == "revised"


def test_an_archived_page_read_again_brings_its_own_revision_up_to_date(desk: Desk) -> None:
    page = desk.page("https://www.chinadaily.com.cn/a/202611/19/WSaaaa0001.html")
    wrong = "Share this!\n\n" + TEXT
    first = desk.store(article(wrong), statements(), page=page)
    later = TEXT + "\n\nThe story was updated."
    desk.store(article(later), usual(later))

    again = desk.store(article(), usual(), page=page, parser_version="p2")

    assert again.outcome == "unchanged"
    assert again.article_id == first.article_id
    found = list(rows(desk.db, "SELECT text, parser_version, difference FROM revisions ORDER BY revision"))
    assert [one["text"] for one in found] == [TEXT, later]
    assert found[0]["parser_version"] == "p2"
    assert rebuild(TEXT, json.loads(found[1]["difference"])) == later
    assert count(desk.db, "pages") == 2
    assert value(desk.db, "SELECT text FROM articles_latest") == later


def test_a_page_in_a_file_that_was_begun_anew_is_not_the_one_that_lay_there_before(desk: Desk) -> None:
    one, other = (f"https://www.chinadaily.com.cn/a/202611/19/WSaaaa000{number}.html" for number in (1, 2))
    _, ref = first = desk.page(one)
    desk.store(article(url=one), page=first)
    desk.store(article(url=other))
    later = TEXT + "\n\nThe story was updated."
    said = desk.store(article(later, url=other), page=(desk.page(other)[0], ref))

    assert said.outcome == "revised"
    texts = "SELECT text FROM revisions JOIN articles AS a ON a.id = article_id WHERE a.url = ? ORDER BY revision"
    assert [each["text"] for each in rows(desk.db, texts, [one])] == [TEXT]
    assert [each["text"] for each in rows(desk.db, texts, [other])] == [TEXT, later]
    held = rows(desk.db, "SELECT url, warc_offset FROM pages ORDER BY id")
    assert [(each["url"], each["warc_offset"]) for each in held] == [(one, None), (other, 2000), (other, ref.offset)]


def test_reading_the_whole_archive_again_changes_nothing(desk: Desk) -> None:
    pages = [desk.page("https://www.chinadaily.com.cn/a/202611/19/WSaaaa0001.html") for _ in range(2)]
    stories = [article(), article(TEXT + "\n\nMore.")]
    for page, story in zip(pages, stories, strict=True):
        desk.store(story, usual(story.text), page=page)
    before = list(desk.db.conn.iterdump())
    for page, story in zip(pages, stories, strict=True):
        desk.store(story, usual(story.text), page=page)
    assert list(desk.db.conn.iterdump()) == before


def test_an_older_page_that_turns_up_later_joins_the_history_and_not_the_present(desk: Desk) -> None:
    desk.store(article(), usual())
    url = article().url or ""
    old = desk.page(url, at=NOON - timedelta(days=1))
    stored = desk.store(article("An early draft.\n\n" + TEXT), usual(), page=old)

    assert (stored.outcome, stored.new) == ("unchanged", ())
    assert value(desk.db, "SELECT text FROM articles_latest") == TEXT
    assert count(desk.db, "revisions") == 2
    assert value(desk.db, "SELECT first_seen_at FROM articles") == "2026-11-19T04:00:00Z"


def test_the_same_document_at_another_address_is_an_alias(desk: Desk) -> None:
    first = desk.store(ministry(), statements(policies=[policy(CHINESE, "商务部今日发布公告")]))
    spaced = CHINESE.replace("，", "， ").replace("商务部", "商务部 ")
    copy = ministry(spaced, url="http://aqygzj.mofcom.gov.cn/flzc/art/2026/art_02.html")
    stored = desk.store(copy, statements())

    assert (stored.outcome, stored.article_id, stored.retired) == ("alias", first.article_id, ())
    assert count(desk.db, "articles") == 1
    assert known(desk.db, copy.url or "") is not None
    assert [r["reason"] for r in rows(desk.db, "SELECT reason FROM article_urls ORDER BY rowid")] == [
        "primary",
        "same_document",
    ]
    assert desk.store(copy).outcome == "alias"


def test_copies_that_differ_stay_apart_and_a_person_is_told(desk: Desk) -> None:
    first = desk.store(ministry())
    stored = desk.store(ministry(CHINESE + "另有补充。", url="https://www.mofcom.gov.cn/b/art_02.html"))

    assert stored.outcome == "new"
    assert stored.article_id != first.article_id
    issue = row(desk.db, "SELECT * FROM issues")
    assert issue is not None
    assert issue["kind"] == "copies_differ"
    assert issue["url"] == "https://www.mofcom.gov.cn/b/art_02.html"


def test_an_alias_that_goes_its_own_way_becomes_an_article(desk: Desk) -> None:
    desk.store(ministry())
    copy = ministry(url="https://www.mofcom.gov.cn/b/art_02.html")
    assert desk.store(copy).outcome == "alias"
    assert desk.store(replace(copy, text=CHINESE + "更正。")).outcome == "new"
    assert value(desk.db, "SELECT kind FROM issues") == "copies_differ"


def test_print_and_web_version_are_one_story_and_both_are_kept(desk: Desk) -> None:
    printed = TEXT.replace("easing permits for barges", "easing the permits for barges").replace(
        "Lin added", "Lin said"
    )
    late = article(
        printed,
        url="https://www.chinadaily.com.cn/a/202611/20/WSaaaa0002.html",
        title="Ministry smooths the way for grain barges",
        published="2026-11-20",
    )
    later = desk.store(late)
    earlier = desk.store(article())

    assert (earlier.duplicate_of, earlier.told_before) == (None, later.article_id)
    assert later.told_before is None
    duplicate = row(desk.db, "SELECT duplicate_of, duplicate_reason FROM articles WHERE id = ?", [later.article_id])
    assert duplicate is not None
    assert duplicate["duplicate_of"] == earlier.article_id
    assert "alike" in duplicate["duplicate_reason"]
    assert count(desk.db, "articles_latest") == 2


def test_a_daily_column_under_one_title_is_no_duplicate(desk: Desk) -> None:
    desk.store(article())
    tomorrow = (
        "Copper fell in Shanghai on Thursday while tea from Fujian was steady and cotton was quoted a shade higher."
    )
    stored = desk.store(article(tomorrow, url="https://www.chinadaily.com.cn/a/202611/20/WSaaaa0003.html"))
    assert stored.duplicate_of is None


def test_the_same_words_a_month_later_are_no_duplicate(desk: Desk) -> None:
    desk.store(article())
    late = article(url="https://www.chinadaily.com.cn/a/202612/20/WSaaaa0004.html", published="2026-12-20")
    assert desk.store(late).duplicate_of is None


def test_a_page_that_gave_no_article_is_an_issue_and_known_from_then_on(desk: Desk) -> None:
    url = "https://www.chinadaily.com.cn/a/202611/19/WSbroken.html"
    issue = Issue(kind="layout_changed", source="china_daily", url=url, detail="no #Content", selector="#Content")
    for _ in range(2):
        page, ref = desk.page(url, headers=(("ETag", '"7"'),))
        reject_page(desk.db, page, ref, issue, run_id=None)

    held = known(desk.db, url)
    assert held is not None
    assert held.etag == '"7"'
    found = list(rows(desk.db, "SELECT kind, selector, times, closed_at FROM issues"))
    assert found == [{"kind": "layout_changed", "selector": "#Content", "times": 2, "closed_at": None}]
    assert count(desk.db, "pages") == 2

    desk.store(article(url=url), page=(page, ref))
    assert value(desk.db, "SELECT closed_reason FROM issues") == "the page was read"


def test_a_page_that_a_later_parser_fails_on_too_is_the_same_issue(desk: Desk) -> None:
    url = "https://www.chinadaily.com.cn/a/202611/19/WSbroken.html"
    page, ref = desk.page(url)
    for version in ("1", "2"):
        issue = Issue(kind="layout_changed", source="china_daily", url=url, detail="none", version=version)
        reject_page(desk.db, page, ref, issue, run_id=None)
    assert list(rows(desk.db, "SELECT version, times FROM issues")) == [{"version": "2", "times": 1}]


def test_a_page_that_vanished_deletes_nothing_and_one_that_returns_is_back(desk: Desk) -> None:
    stored = desk.store(article(), usual())
    page, ref = desk.page(article().url or "", status=404)
    gone = Issue(kind="page_gone", source="china_daily", url=page.url, detail="status 404")
    reject_page(desk.db, page, ref, gone, run_id=None)

    found = row(desk.db, "SELECT gone_at, text FROM articles_latest WHERE id = ?", [stored.article_id])
    assert found == {"gone_at": "2026-11-20T04:02:00Z", "text": TEXT}
    assert count(desk.db, "quotes_attributed") == 1

    desk.store(article(), usual())
    assert value(desk.db, "SELECT gone_at FROM articles") is None


def test_an_address_that_was_never_seen_is_not_known(desk: Desk) -> None:
    assert known(desk.db, "https://www.chinadaily.com.cn/a/1.html") is None


def test_addresses_that_redirected_and_further_pages_lead_to_the_article(desk: Desk) -> None:
    one = article()
    moved = desk.page("http://www.chinadaily.com.cn/old.htm", final_url=one.url)
    second = desk.page("https://www.chinadaily.com.cn/a/202611/19/WSaaaa0001_2.html")
    store_article(desk.db, one, pages=[moved, second], statements=usual(), parser_version="p1", run_id=None)

    reasons = {found["url"]: found["reason"] for found in rows(desk.db, "SELECT url, reason FROM article_urls")}
    assert reasons == {one.url: "primary", moved[0].url: "redirect", second[0].url: "part"}
    assert known(desk.db, second[0].url) is not None


def test_what_on_new_raises_rolls_the_whole_page_back(desk: Desk) -> None:
    def fails(_db: Database, _stored: Stored) -> None:
        raise RuntimeError("no room in the outbox")

    with pytest.raises(RuntimeError):
        desk.store(article(), usual(), on_new=fails)
    assert [count(desk.db, t) for t in ("articles", "pages", "quotes", "articles_fts")] == [0, 0, 0, 0]


def test_on_new_sees_the_stored_rows_and_is_not_called_for_what_is_known(desk: Desk) -> None:
    seen: list[tuple[Stored, int]] = []

    def note(db: Database, stored: Stored) -> None:
        assert db.conn.in_transaction
        seen.append((stored, count(db, "quotes_attributed")))

    first = desk.store(article(), usual(), on_new=note)
    desk.store(article(), usual(), on_new=note)
    assert seen == [(first, 1)]


def test_a_listing_page_can_be_noted(desk: Desk) -> None:
    page, ref = desk.page("https://www.chinadaily.com.cn/business/", kind="listing")
    add_page(desk.db, page, ref, run_id=None)
    assert row(desk.db, "SELECT kind, outcome FROM pages") == {"kind": "listing", "outcome": "read"}


def test_an_article_without_address_or_pages_is_refused(desk: Desk) -> None:
    with pytest.raises(ValueError, match="address"):
        store_article(desk.db, article(url=None), pages=[], statements=statements(), parser_version="1", run_id=None)
    with pytest.raises(ValueError, match="pages"):
        store_article(desk.db, article(), pages=[], statements=statements(), parser_version="1", run_id=None)


def test_half_a_surrogate_pair_is_replaced_in_its_place(desk: Desk) -> None:
    text = "Prices \ud83d rose, said the 商务部."
    said = quote(text, "Prices \ud83d rose", speaker="Lin \ud83d", organization="\udc00 Board")
    one = article(text, title="\ud83d rose today again", number="商务部\ud83d公告2026年第1号", authors=("\udfff",))
    desk.store(one, statements([said], [policy(text, text, number=one.number)]))
    assert value(desk.db, "SELECT text FROM articles_latest") == text.replace("\ud83d", "\ufffd")


def test_hostile_text_is_stored_as_it_is(desk: Desk) -> None:
    hostile = "A\x00B \u202eevil\ufffe " + "=cmd()" * 50 + "\n\n" + "<script>'; DROP TABLE articles; --"
    stored = desk.store(article(hostile, title="x" * 100_000))
    found = row(desk.db, "SELECT text, length(title) AS n FROM articles_latest WHERE id = ?", [stored.article_id])
    assert found == {"text": hostile, "n": 100_000}


def public_rows(desk: Desk) -> dict[str, list[str]]:
    """What analysts see, without what tells the order of storing: integer keys, and which report came first."""
    views = ("articles_latest", "quotes_attributed", "policy_announcements", "instruments", "policy_reactions")
    return {
        view: sorted(
            repr([held for name, held in found.items() if name not in ("seq", "instrument_reason")])
            for found in rows(desk.db, f"SELECT * FROM {view}")  # noqa: S608
        )
        for view in views
    }


def test_reading_the_archive_again_gives_the_database_that_a_fresh_crawl_would(tmp_path: Path) -> None:
    """Two stories, a revision, a print version and an alias; then a better parser and a better extractor."""

    printed = "https://www.chinadaily.com.cn/a/202611/20/WSaaaa0002.html"
    copy = "https://www.mofcom.gov.cn/b/art_02.html"
    fetched = [
        article("Share!\n\n" + TEXT),
        article("Share!\n\n" + TEXT + "\n\nMore."),
        article("Share!\n\n" + TEXT, url=printed, published="2026-11-20"),
        ministry(),
        ministry(url=copy),
        article("Share!\n\n" + TEXT + "\n\nMore."),
    ]
    old, fresh = Desk(tmp_path / "old.sqlite"), Desk(tmp_path / "fresh.sqlite")
    pages = [old.page(one.url or "", source=one.source) for one in fetched]

    def crawl(desk: Desk, version: str) -> None:
        for one, page in zip(fetched, pages, strict=True):
            text = one.text if version == "1" else one.text.removeprefix("Share!\n\n")
            found = usual(text, version) if one.source == "china_daily" else statements(version=version)
            if version == "2" and one.source == "china_daily":
                better = replace(found.quotes[0], title="president")
                found = replace(found, quotes=(better,))
            desk.store(replace(one, text=text), found, page=page, parser_version=version)

    crawl(old, "1")
    crawl(old, "2")
    crawl(fresh, "2")

    assert public_rows(old)["articles_latest"]
    for view, held in public_rows(old).items():
        assert held == public_rows(fresh)[view], view
