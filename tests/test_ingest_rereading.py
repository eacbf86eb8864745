"""The one writer of a reprocess: what belongs to a stretch, up to where a file is done, what is told."""

from __future__ import annotations

import gzip
import random
import threading
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from archive.batch import stretches_of
from archive.places import Place, find_places
from archive.records import records_of
from db import open_database
from db.connection import rows
from ingest.engines.here import read_here
from ingest.rereading import Rereading
from pipeline.model import Page
from tests.demo_desk import column
from tests.reread_desk import DAY, archive_of
from tests.spiders_loopback import story, story_url

REFUSES_3 = """
CREATE TRIGGER refused BEFORE INSERT ON revisions WHEN NEW.title LIKE '%rail 3'
BEGIN SELECT RAISE(ABORT, 'not this one'); END
"""


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    database = open_database(tmp_path / "policywire.db", mode="create")
    yield database
    database.close()


def a_page(number: int, body: bytes | None = None, **more: str) -> Page:
    title = f"Pears by rail {number}"
    return Page(
        url=more.get("url") or story_url("2026-11-18", number),
        source="china_daily",
        body=body or story(title, f'"We ship {number} crates," said Nora Field.').encode(),
        fetched_at=DAY + timedelta(seconds=number),
        kind="attachment" if more.get("url") else "article",
    )


def archived(folder: Path, *pages: Page) -> Place:
    archive_of(folder / "archive", list(pages))
    return find_places((), folder / "archive")[0]


def packed_loosely(place: Place) -> Place:
    """The same file, each record packed again by a library that leaves as it is what does not shrink."""
    path, packed = Path(place.url), b""
    left = path.read_bytes()
    while left:
        member = zlib.decompressobj(wbits=31)
        packed += gzip.compress(member.decompress(left), mtime=0)
        left = member.unused_data
    path.write_bytes(packed)
    return replace(place, size=len(packed))


def read(
    db: Database, place: Place, size: int = 1 << 20, most: int | None = None, whole_archive: bool = True
) -> Rereading:
    """Store so many stretches of a place, all if not said; what is left stays as a killed process would leave it."""
    rereading = Rereading(db=db)
    stretches = list(stretches_of(place, rereading.begin_of(place), size))
    for batch in read_here(stretches[:most], threading.Event()):
        rereading.keep(batch)
    if most is None:
        assert rereading.finish([place], whole_archive=whole_archive)
    return rereading


def titles(db: Database) -> list[str]:
    return column(db, "SELECT title FROM articles_latest ORDER BY id")


@pytest.mark.parametrize("size", [500, 5_000, 1 << 20])
def test_a_record_inside_a_file_that_a_site_serves_is_no_page_of_the_archive(
    tmp_path: Path, db: Database, size: int
) -> None:
    planted = b"".join(records_of(a_page(66, story("Planted", "It never said so.").encode())))
    noise = random.Random(1).randbytes(40_000)
    served = a_page(2, noise + planted + noise, url="https://www.chinadaily.com.cn/files/pears.gz")
    place = packed_loosely(archived(tmp_path, a_page(1), served, a_page(3)))
    assert planted in Path(place.url).read_bytes(), "what does not shrink lies in the archive as it is"
    rereading = read(db, place, size)
    assert sorted(titles(db)) == ["Pears by rail 1", "Pears by rail 3"]
    assert (rereading.pages >= 3, rereading.failures) == (True, [])


def test_damage_between_two_stretches_is_told_once(tmp_path: Path, db: Database) -> None:
    place = archived(tmp_path, *(a_page(number) for number in range(4)))
    with Path(place.url).open("r+b") as file:
        file.seek(place.size // 2)
        file.write(bytes(20))
    for size in (place.size, 700):
        rereading = read(db, place, size)
        assert (rereading.failed, len(rereading.failures)) == (1, 1)
        assert "bytes hold no record" in rereading.failures[0]
    assert len(titles(db)) >= 2


def test_the_mark_moves_with_what_is_stored_and_is_gone_at_the_end(tmp_path: Path, db: Database) -> None:
    place = archived(tmp_path, *(a_page(number) for number in range(9)))
    first = read(db, place, 2000, most=2)
    (mark,) = rows(db, "SELECT * FROM reprocess_marks")
    assert (mark["place"], mark["size"]) == (place.name, place.size)
    assert Rereading(db=db).begin_of(place) == mark["offset"] >= 4000
    second = read(db, place, 2000)
    assert first.pages + second.pages == 9
    assert len(titles(db)) == 9
    assert column(db, "SELECT count(*) FROM reprocess_marks") == [0]


def test_a_mark_of_another_version_or_of_a_file_that_was_replaced_does_not_count(tmp_path: Path, db: Database) -> None:
    place = archived(tmp_path, *(a_page(number) for number in range(9)))
    read(db, place, 2000, most=2)
    shorter = Place(name=place.name, url=place.url, size=place.size - 1)
    longer = Place(name=place.name, url=place.url, size=place.size + 1)
    assert Rereading(db=db).begin_of(longer) == Rereading(db=db).begin_of(place) > 0
    assert Rereading(db=db).begin_of(shorter) == 0
    db.conn.execute("UPDATE reprocess_marks SET version = 'an older one'")
    assert Rereading(db=db).begin_of(place) == 0


def test_a_story_that_waits_for_its_second_page_holds_the_mark(tmp_path: Path, db: Database) -> None:
    first, second = two_pages(1)
    place = archived(tmp_path, a_page(0), first, *(a_page(number) for number in range(2, 7)), second, a_page(8))
    offsets = {page.url: ref for ref, page in _pages(place)}
    read(db, place, 1000, most=6)
    assert column(db, "SELECT offset FROM reprocess_marks") == [offsets[first.url]]
    assert len(titles(db)) >= 2
    read(db, place, 1000)
    text = column(db, "SELECT text FROM articles_latest WHERE url = ?", [first.url])[0]
    assert "second half" in text
    assert len(titles(db)) == 8


def test_one_story_that_cannot_be_stored_takes_none_beside_it_along_and_nothing_is_counted_twice(
    tmp_path: Path, db: Database
) -> None:
    db.conn.execute(REFUSES_3)
    rereading = read(db, archived(tmp_path, *(a_page(number) for number in range(6)), a_page(6, b"no page")))
    assert sorted(titles(db)) == [f"Pears by rail {number}" for number in (0, 1, 2, 4, 5)]
    (line,) = rereading.failures
    assert story_url("2026-11-18", 3) in line
    assert "not this one" in line
    assert (rereading.pages, rereading.failed) == (7, 1)
    assert (rereading.outcomes["new"], rereading.outcomes["failed"]) == (5, 1)


def test_a_story_of_two_pages_is_whole_also_where_its_transaction_is_begun_again(tmp_path: Path, db: Database) -> None:
    db.conn.execute(REFUSES_3)
    first, second = two_pages(1)
    place = archived(tmp_path, a_page(0), first, a_page(2), a_page(4), second, a_page(3))
    (begin,) = [offset for offset, page in _pages(place) if page.url == second.url]
    rereading = read(db, place, begin)
    assert len(titles(db)) == 4
    assert "second half" in column(db, "SELECT text FROM articles_latest WHERE url = ?", [first.url])[0]
    assert (len(rereading.failures), rereading.outcomes["new"]) == (1, 4)


def test_what_cannot_be_read_stays_to_be_read(tmp_path: Path, db: Database) -> None:
    place = archived(tmp_path, a_page(1), a_page(2))
    away = Path(place.url).rename(tmp_path / "away")
    rereading = Rereading(db=db)
    for batch in read_here(stretches_of(place), threading.Event()):
        rereading.keep(batch)
    assert rereading.finish([place]) is False
    assert (rereading.failed, rereading.begin_of(place)) == (1, 0)
    away.rename(place.url)
    read(db, place)
    assert len(titles(db)) == 2


def test_some_files_in_which_nothing_is_read_otherwise_are_not_worth_a_look_at_all_names(
    tmp_path: Path, db: Database
) -> None:
    place = archived(tmp_path, a_page(1), a_page(2))
    read(db, place)
    known = column(db, "SELECT spelling FROM person_spellings")

    def misread() -> None:
        db.conn.execute("INSERT OR IGNORE INTO persons (id, key, name, same_as) VALUES ('n0', 'k', 'Half', 'n0')")
        db.conn.execute("INSERT INTO person_spellings (spelling, person_id) VALUES ('half', 'n0')")

    misread()
    read(db, place, whole_archive=False)
    assert column(db, "SELECT spelling FROM person_spellings") == sorted(["half", *known])
    db.conn.execute("UPDATE quotes SET title = 'another' WHERE article_id = (SELECT min(id) FROM articles)")
    read(db, place, whole_archive=False)
    assert column(db, "SELECT spelling FROM person_spellings") == known
    misread()
    read(db, place)
    assert column(db, "SELECT spelling FROM person_spellings") == known


def two_pages(number: int) -> tuple[Page, Page]:
    """A story that runs over two pages."""
    url = story_url("2026-11-18", number)
    following = url.replace(".html", "_2.html")
    pager = f'<div id="div_currpage"><a class="pagestyle" href="{following}">Next</a></div></body>'
    begin, end = (
        a_page(number, story(f"Pears by rail {number}", said).replace("</body>", pager).encode())
        for said in ("The first half of what growers say.", "The second half of what growers say.")
    )
    return begin, Page(url=following, source="china_daily", body=end.body, fetched_at=end.fetched_at)


def _pages(place: Place) -> Iterator[tuple[int, Page]]:
    from archive.reading import read_pages

    return ((ref.offset, page) for ref, page in read_pages(Path(place.url)))
