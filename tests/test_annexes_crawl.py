"""A crawl with attached files: fetched after their story, archived before they are read, and never in its way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from archive.warc import Archive
from db.connection import row, rows
from demo.files import pdf
from demo.routes import Answer, Routes
from demo.site import DemoSite
from demo.world import load_world
from pipeline.model import Attachment
from tests.annex_files import drawn_pdf
from tests.demo_desk import DemoDesk, column, set_up

STORY = next(story for story in load_world() if story.id == "mf-44-annexed-list")
LIST = STORY.attachments[0]
NAMES = (
    '["贝尔港光学公司", "银溪计量有限公司", "霍洛克声呐系统公司", "北桅船舶研究所", "韦斯特法尔导航集团", '
    '"欧登堡阻尼材料公司"]'
)


class Files(Routes):
    """One document, whose files answer as a test wants."""

    given: dict[str, Answer]

    def answer(self, host: str, target: str) -> Answer:
        return self.given.get(target) or super().answer(host, target)


@pytest.fixture
def files() -> Files:
    closed = Attachment(url="/private/closed.pdf", name="closed.pdf")
    names = ("bomb.pdf", "gone.pdf", "busy.pdf", "large.pdf", "page.pdf")
    more = tuple(Attachment(url=f"/dl/file/{name}", name=name) for name in names)
    elsewhere = Attachment(url="https://files.example.org/list.pdf", name="elsewhere.pdf")
    served = Files([replace(STORY, attachments=(*more, elsewhere, closed, LIST))])
    served.given = {
        "/dl/file/bomb.pdf": Answer(body=drawn_pdf(b"/X Do " * 100), kind="application/pdf"),
        "/dl/file/gone.pdf": Answer(body=b"<html>404", status=404),
        "/dl/file/busy.pdf": Answer(body=b"later", status=503),
        "/dl/file/large.pdf": Answer(body=pdf(["x"]) + b"\n" * 2**20, kind="application/pdf"),
        "/dl/file/page.pdf": Answer(body=b"<html><body>Please log in", kind="application/pdf"),
    }
    return served


@pytest.fixture
def site(files: Files) -> Iterator[DemoSite]:
    with DemoSite(served=files) as running:
        yield running


def desk_at(folder: Path, site: DemoSite, network: str = "") -> DemoDesk:
    desk = set_up(folder, site)
    config = desk.config.read_text(encoding="utf-8").replace("[network]\n", f"[network]\n{network}", 1)
    desk.config.write_text(config, encoding="utf-8")
    return desk


def states(desk: DemoDesk) -> dict[str, tuple[str, str | None]]:
    with desk.database() as db:
        found = rows(db, "SELECT name, state, why FROM attachments WHERE article_url LIKE '%' || ? ORDER BY position",
                     [STORY.path])  # fmt: skip
        return {one["name"]: (one["state"], one["why"]) for one in found}


def names_listed(desk: DemoDesk) -> str:
    with desk.database() as db:
        found = row(db, "SELECT entities FROM policy_announcements WHERE number = ?", [STORY.number])
    assert found is not None
    return str(found["entities"])


def asked(site: DemoSite) -> list[str]:
    return [request.path for request in site.requests if request.path.startswith("/dl/")]


def test_every_file_of_the_demo_is_read_and_archived_as_what_it_is(crawled: DemoDesk) -> None:
    with crawled.database() as db:
        held = list(rows(db, "SELECT url, state, warc_file, warc_offset FROM attachments"))
        assert {one["state"] for one in held} == {"read"}
        assert column(db, "SELECT kind FROM pages WHERE url LIKE '%/dl/file/%' GROUP BY kind") == ["attachment"]
    with Archive(crawled.archive) as archive:
        archived = [page.url for _ref, page in archive.pages() if page.kind == "attachment"]
    assert sorted(archived) == sorted({one["url"] for one in held}), "each was fetched once"
    assert names_listed(crawled) == NAMES


def test_a_second_crawl_asks_for_no_file(crawled: DemoDesk, demo_site: DemoSite) -> None:
    before = len(asked(demo_site))
    assert crawled.crawl("mofcom")["state"] == "ok"
    assert len(asked(demo_site)) == before


def test_bad_files_are_named_and_stand_in_nobody_s_way(site: DemoSite, tmp_path: Path) -> None:
    desk = desk_at(tmp_path / "desk", site, "max_attachment_mib = 1\n")
    report = desk.crawl("mofcom")
    assert (report["state"], report["errors"]) == ("ok", 0)
    found = states(desk)
    assert found["bomb.pdf"] == (
        "unreadable", "its reader was ended by SIGABRT, as happens when it needs too much memory"
    )  # fmt: skip
    assert found["gone.pdf"] == ("failed", "fetch_failed: status 404")
    assert found["busy.pdf"] == ("failed", "fetch_failed: status 503")
    assert found["large.pdf"][0] == "refused"
    assert "too_large" in str(found["large.pdf"][1])
    assert found["page.pdf"] == ("unreadable", "a web page stands where the file should be")
    assert found["elsewhere.pdf"][0] == "refused"
    assert found["closed.pdf"] == (
        "refused", "robots_denied: robots.txt forbids https://www.mofcom.gov.cn/private/closed.pdf"
    )  # fmt: skip
    assert found[LIST.name] == ("read", None)
    assert names_listed(desk) == NAMES
    with desk.database() as db:
        sql = "SELECT outcome FROM pages WHERE kind = 'attachment' AND warc_file IS NOT NULL GROUP BY outcome"
        assert column(db, sql) == ["failed", "read"], "what was answered instead of a file is archived and noted too"
    assert not any("example.org" in request.host or "/private/" in request.path for request in site.requests)
    with desk.database() as db:
        told = {(one["kind"], one["url"].rpartition("/")[2]) for one in rows(db, "SELECT kind, url FROM issues")}
    assert {(kind, name) for kind, name in told if kind.startswith("annex_")} == {
        ("annex_unreadable", "bomb.pdf"), ("annex_unreadable", "page.pdf"), ("annex_failed", "gone.pdf"),
        ("annex_failed", "busy.pdf"), ("annex_failed", "large.pdf"), ("annex_failed", "closed.pdf"),
    }  # fmt: skip


def test_what_failed_is_asked_for_again_by_the_next_crawl_and_its_issue_closed(
    files: Files, site: DemoSite, tmp_path: Path
) -> None:
    desk = desk_at(tmp_path / "desk", site, "max_attachment_mib = 1\n")
    desk.crawl("mofcom")
    files.given["/dl/file/busy.pdf"] = Answer(body=pdf(["商务部"]), kind="application/pdf")
    site.clear_log()
    desk.crawl("mofcom")
    assert sorted(set(asked(site))) == ["/dl/file/busy.pdf", "/dl/file/gone.pdf"]
    assert states(desk)["busy.pdf"] == ("read", None)
    with desk.database() as db:
        assert column(db, "SELECT closed_reason FROM issues WHERE url LIKE '%busy.pdf'") == ["the file was fetched"]


def test_files_that_a_crawl_left_are_fetched_by_the_next_one(site: DemoSite, tmp_path: Path) -> None:
    desk = desk_at(tmp_path / "desk", site, "max_attachments = 0\n")
    desk.crawl("mofcom")
    assert asked(site) == []
    assert states(desk)[LIST.name] == ("due", None)
    assert names_listed(desk) == "[]"
    desk.config.write_text(desk.config.read_text(encoding="utf-8").replace("max_attachments = 0\n", ""), "utf-8")
    desk.crawl("mofcom")
    assert states(desk)[LIST.name] == ("read", None)
    assert names_listed(desk) == NAMES


def test_no_more_files_of_an_article_are_fetched_than_allowed(site: DemoSite, tmp_path: Path) -> None:
    desk = desk_at(tmp_path / "desk", site, "max_attachments = 1\n")
    desk.crawl("mofcom")
    assert set(asked(site)) == {LIST.url}
    assert states(desk)["busy.pdf"] == ("due", None)
