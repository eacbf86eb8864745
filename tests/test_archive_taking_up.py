"""What a crawl archived and died before it stored is taken up by the next one: not lost, and not fetched again."""

from __future__ import annotations

import sqlite3
import subprocess
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from archive.warc import Archive
from db.connection import rows
from tests.demo_desk import DemoDesk, column, set_up, wait_until
from tests.spiders_loopback import (
    CD,
    CHINA_DAILY_HOSTS,
    MOFCOM_HOSTS,
    Answer,
    Site,
    listing,
    loopback,
    story,
    story_url,
)
from tests.test_spiders_mofcom import article, article_url, publish

SECTION = "business/economy"
DAY = "2026-11-18"
URLS = tuple(story_url(DAY, number) for number in range(1, 13))
STORED = "SELECT url FROM articles"
RULES = '[[rules]]\nname = "All"\nto = ["desk@example.org"]\nkinds = ["article"]\n'


def desk_for(folder: Path, site: Site, hosts: tuple[str, ...] = CHINA_DAILY_HOSTS) -> DemoDesk:
    lines = "\n".join(f'"{asked}" = "{real}"' for asked, real in site.connect_to(*hosts).items())
    network = f'[network]\ndelay = 0\nca_file = "{site.ca_file}"\n[network.connect_to]\n{lines}\n'
    return set_up(folder, None, rest=network, rules=RULES)


def crawl(desk: DemoDesk) -> subprocess.Popen[bytes]:
    return desk.start("crawl", "china_daily", "--section", SECTION, "--as-of", DAY)


def publish_all(site: Site) -> None:
    page = listing([(url, f"Pears {n}", f"{DAY} {n + 8:02}:00") for n, url in enumerate(URLS)][::-1])
    site.add(f"{CD}/{SECTION}", page)
    for n, url in enumerate(URLS):
        site.add(url, told(n))


def told(number: int) -> str:
    """A story that no other one resembles."""
    words = " ".join(f"{word}{number}" for word in ("orchard", "ladder", "basket", "cider", "frost", "graft") * 6)
    return story(f"Pears {number}", words).replace("The Kestrel Bay customs office published", f"Office {words} sent")


def die_between_archive_and_store(desk: DemoDesk, site: Site, url: str) -> set[str]:
    """Kill -9 a crawl that has archived a story and waits for the database, which is ours since `url` was asked for.

    Gives the stories that are left over: `url`, or one that overtook it.
    """
    held: list[sqlite3.Connection] = []
    before: list[int] = []

    def hold() -> None:
        database = sqlite3.connect(desk.path, isolation_level=None, check_same_thread=False)
        held.append(database)
        others = {one for one in site.stories() if one != url and site.pages[one].status == 200}
        wait_until(lambda: others <= {found[0] for found in database.execute(STORED)}, 120)
        database.execute("BEGIN IMMEDIATE")
        before.append(size_of(desk.archive))

    answer = site.pages[url]
    assert isinstance(answer, Answer)
    answer.before = hold
    process = crawl(desk)
    try:
        wait_until(lambda: process.poll() is not None or bool(before and size_of(desk.archive) > before[0]), 120)
    finally:
        process.kill()
        ended = process.wait()
        answer.before = None
        for database in held:
            database.close()
    assert ended < 0, desk.log
    left = set(archived(desk)) - {found[0] for found in stored(desk)}
    assert left, desk.log
    return left


def size_of(archive: Path) -> int:
    """Bytes of its files."""
    return sum(path.stat().st_size for path in archive.glob("*/*.warc.gz"))


def archived(desk: DemoDesk) -> Counter[str]:
    """How often each story stands in the archive."""
    return Counter(page.url for _, page in Archive(desk.archive).pages() if page.kind == "article")


def stored(desk: DemoDesk) -> set[tuple[Any, ...]]:
    with desk.database() as db:
        return {
            tuple(found.values())
            for found in rows(db, "SELECT a.url, a.listed_at, r.title, r.text FROM articles AS a "
                              "JOIN revisions AS r ON r.article_id = a.id")
        }  # fmt: skip


def mails(desk: DemoDesk) -> list[str]:
    with desk.database() as db:
        return sorted(column(db, "SELECT a.url FROM outbox AS o JOIN articles AS a ON a.id = o.article_id"))


@pytest.mark.parametrize("killed_at", [0, 5, 11])
def test_an_archived_story_is_stored_mailed_and_not_asked_for_again(tmp_path: Path, killed_at: int) -> None:
    with loopback(tmp_path) as site:
        publish_all(site)
        peace = desk_for(tmp_path / "peace", site)
        assert crawl(peace).wait(180) == 0, peace.log
        desk = desk_for(tmp_path / "desk", site)
        site.asked.clear()
        left = die_between_archive_and_store(desk, site, URLS[killed_at])
        asked = Counter(site.asked)
        assert crawl(desk).wait(180) == 0, desk.log
        assert {url: site.asked.count(url) for url in left} == {url: asked[url] for url in left}
    assert archived(desk) == dict.fromkeys(URLS, 1)
    assert {found[0]: found[2:] for found in stored(desk)} == {found[0]: found[2:] for found in stored(peace)}
    assert mails(desk) == mails(peace) == sorted(URLS)


def test_what_waits_to_be_taken_up_is_no_fault(tmp_path: Path) -> None:
    with loopback(tmp_path) as site:
        publish_all(site)
        desk = desk_for(tmp_path / "desk", site)
        die_between_archive_and_store(desk, site, URLS[7])
        assert desk.run("archive", "verify").status == 0
        assert crawl(desk).wait(180) == 0, desk.log
    assert desk.run("archive", "verify").status == 0


def test_it_is_taken_up_even_when_no_listing_shows_it_any_more(tmp_path: Path) -> None:
    with loopback(tmp_path) as site:
        publish_all(site)
        desk = desk_for(tmp_path / "desk", site)
        left = die_between_archive_and_store(desk, site, URLS[1])
        rest = [(story_url(DAY, 20 + n), f"Plums {n}", f"{DAY} 12:{n:02}") for n in range(12)]
        site.add(f"{CD}/{SECTION}", listing(rest[::-1]))
        for url, title, _ in rest:
            site.add(url, story(title, f"{title} are ripe."))
        for url in left:
            del site.pages[url]
        assert crawl(desk).wait(180) == 0, desk.log
    assert left <= {found[0] for found in stored(desk)}


def test_a_second_death_loses_nothing_either(tmp_path: Path) -> None:
    with loopback(tmp_path) as site:
        publish_all(site)
        desk = desk_for(tmp_path / "desk", site)
        die_between_archive_and_store(desk, site, URLS[0])
        die_between_archive_and_store(desk, site, URLS[7])
        assert crawl(desk).wait(180) == 0, desk.log
    assert archived(desk) == dict.fromkeys(URLS, 1)
    assert {found[0] for found in stored(desk)} == set(URLS)
    assert mails(desk) == sorted(URLS)


def test_of_a_story_of_two_pages_only_the_one_that_is_missing_is_fetched(tmp_path: Path) -> None:
    first, second = URLS[0], URLS[0].replace(".html", "_2.html")
    with loopback(tmp_path) as site:
        site.add(f"{CD}/{SECTION}", listing([(first, "Pears", f"{DAY} 09:00")]))
        pager = f'<div id="div_currpage"><span>1</span><a href="{second}">2</a><a href="{second}">Next</a></div>'
        site.add(first, story("Pears", "The first half.").replace("</div></div></body>", f"{pager}</div></div></body>"))
        desk = desk_for(tmp_path / "desk", site)
        process = crawl(desk)
        site.pages[second] = Answer(b"", before=process.kill)
        process.wait()
        assert second in site.asked, desk.log
        site.add(second, story("Pears", "The second half."))
        crawl(desk).wait(180)
        assert site.asked.count(first) == 1
    (found,) = stored(desk)
    assert "The first half." in found[3]
    assert "The second half." in found[3]


def test_of_a_story_that_leads_on_only_what_it_leads_to_is_fetched(tmp_path: Path) -> None:
    target = article_url("/zcfb/zgdwjjmywg", 777)
    with loopback(tmp_path) as site:
        publish(site)
        leading = article_url("/xwfb/rcxwfb", 7)
        site.add(leading, article("关于说明（7）", f'<a href="{target}">商务部公告</a>'))
        desk = desk_for(tmp_path / "desk", site, MOFCOM_HOSTS)
        command = ("crawl", "mofcom", "--section", "rcxwfb", "--as-of", DAY)
        process = desk.start(*command)
        site.pages[target] = Answer(b"", before=process.kill)
        process.wait()
        assert target in site.asked, desk.log
        site.add(target, article("商务部公告2026年第77号", "第77号公告只谈梨子。"))
        assert desk.start(*command).wait(180) == 0, desk.log
        assert site.asked.count(leading) == 1
    assert {leading, target} <= {found[0] for found in stored(desk)}


def test_a_crawl_after_one_that_ended_well_reads_nothing_of_the_archive(tmp_path: Path) -> None:
    with loopback(tmp_path) as site:
        publish_all(site)
        desk = desk_for(tmp_path / "desk", site)
        assert crawl(desk).wait(180) == 0, desk.log
        with desk.database() as db:
            mark = next(rows(db, "SELECT * FROM archive_marks"))
        file = desk.archive / mark["warc_file"]
        with file.open("r+b") as archive:  # whoever reads what lies before the mark falls over it
            archive.write(b"\x00" * 500)
        assert crawl(desk).wait(180) == 0, desk.log
    assert "taken up" not in desk.log


def test_an_old_archive_beside_a_new_database_is_not_taken_for_news(tmp_path: Path) -> None:
    with loopback(tmp_path) as site:
        publish_all(site)
        desk = desk_for(tmp_path / "desk", site)
        assert crawl(desk).wait(180) == 0, desk.log
        for path in desk.folder.glob("policywire.db*"):
            path.unlink()
        site.add(f"{CD}/{SECTION}", listing([(URLS[2], "Pears 2", f"{DAY} 10:00")]))
        crawl(desk).wait(180)
    assert mails(desk) == [URLS[2]], "only what the listing shows now"


def test_what_a_dead_crawl_left_before_there_were_marks_is_found_behind_the_last_page_that_is_known(
    tmp_path: Path,
) -> None:
    with loopback(tmp_path) as site:
        publish_all(site)
        desk = desk_for(tmp_path / "desk", site)
        die_between_archive_and_store(desk, site, URLS[1])
        with closing(sqlite3.connect(desk.path, isolation_level=None)) as database:
            database.execute("DELETE FROM archive_marks")
        assert crawl(desk).wait(180) == 0, desk.log
    assert archived(desk) == dict.fromkeys(URLS, 1)


def test_an_answer_that_said_nothing_is_asked_for_again(tmp_path: Path) -> None:
    with loopback(tmp_path) as site:
        publish_all(site)
        site.add(URLS[0], "try later", status=503)
        desk = desk_for(tmp_path / "desk", site)
        die_between_archive_and_store(desk, site, URLS[1])
        site.add(URLS[0], told(0))
        crawl(desk).wait(180)
    assert {found[0] for found in stored(desk)} == set(URLS)
