"""The archive is verified a piece a night: what is missing, cut, changed or known otherwise is named with its file."""

from __future__ import annotations

import gzip
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.index import index_of
from archive.records import records_of
from archive.warc import Archive
from db.connection import rows, value
from ingest.verifying import Verified, verify_some
from jobs.book import Book, standing_faults
from jobs.verifying import verify_archive
from pipeline.model import Page
from tests.db_samples import Desk, article
from tests.small_disk import read_only

DAY = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
NIGHT = datetime(2026, 11, 20, 20, 30, tzinfo=UTC)
DAYS, PAGES = 3, 6


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Three days of six stories each, archived and stored."""
    desk = Desk(tmp_path / "policywire.db")
    with Archive(tmp_path / "archive") as archive:
        for day in range(DAYS):
            for number in range(PAGES):
                url = f"https://www.chinadaily.com.cn/a/202611/{16 + day}/WSaaaa{day}{number:03}.html"
                body = f"<html>{day} {number} {'barges ' * 300}".encode()
                at = DAY + timedelta(days=day, minutes=number)
                page = Page(url=url, source="china_daily", body=body, fetched_at=at, status=200)
                desk.store(article(url=url), page=(page, archive.append(page)))
    return desk


def _archive(desk: Desk) -> Archive:
    return Archive(desk.path.parent / "archive")


def _file(desk: Desk, day: int = 0) -> Path:
    return desk.path.parent / "archive" / "china_daily" / f"2026-11-{16 + day}.warc.gz"


def _verify(desk: Desk, night: int = 0, most: int = 1 << 30) -> Verified:
    return verify_some(_archive(desk), desk.db, most=most, now=NIGHT + timedelta(days=night))


def _states(desk: Desk) -> dict[str, str]:
    found = rows(desk.db, "SELECT name, state FROM archive_files ORDER BY name")
    return {each["name"].removeprefix("china_daily/").removesuffix(".warc.gz"): each["state"] for each in found}


ALL_WELL = {"2026-11-16": "ok", "2026-11-17": "ok", "2026-11-18": "ok"}


def test_a_healthy_archive_is_verified_to_its_end_and_nothing_is_wrong(desk: Desk) -> None:
    done = _verify(desk)
    assert (done.files, done.wrong, done.newly) == (DAYS, (), ())
    assert done.size == sum(_file(desk, day).stat().st_size for day in range(DAYS))
    assert _states(desk) == ALL_WELL
    assert _verify(desk, 1).files == DAYS, "and again the next night"


def test_the_file_of_the_day_is_left_for_the_next_night(desk: Desk) -> None:
    evening = datetime(2026, 11, 18, 20, 30, tzinfo=UTC)
    assert verify_some(_archive(desk), desk.db, most=1 << 30, now=evening).files == 2
    assert "2026-11-18" not in _states(desk)


def test_a_night_reads_no_more_than_its_piece_and_the_next_one_goes_on(desk: Desk) -> None:
    size = _file(desk).stat().st_size
    read = files = nights = 0
    while files < DAYS:
        done = _verify(desk, nights, most=size // 3)
        assert 0 < done.size <= size // 3 + 2000
        assert done.wrong == ()
        read, files, nights = read + done.size, files + done.files, nights + 1
    whole = sum(_file(desk, day).stat().st_size for day in range(DAYS))
    assert whole <= read <= whole + size // 3, "nothing was read twice, but by what was left of the last night"
    assert nights > 6
    assert _states(desk) == ALL_WELL


def test_the_file_verified_longest_ago_is_next(desk: Desk) -> None:
    _verify(desk)
    desk.db.conn.execute("UPDATE archive_files SET verified_at = '2026-01-01T00:00:00Z' WHERE name GLOB '*-17*'")
    _verify(desk, 1, most=_file(desk, 1).stat().st_size)
    newest = "SELECT name FROM archive_files ORDER BY verified_at DESC LIMIT 1"
    assert value(desk.db, newest) == "china_daily/2026-11-17.warc.gz"


def test_a_stop_costs_nothing_that_was_read(desk: Desk) -> None:
    asked = iter([False] * 5 + [True] * 100)
    done = verify_some(_archive(desk), desk.db, most=1 << 30, now=NIGHT, stopping=lambda: next(asked))
    assert done.files == 0
    assert value(desk.db, "SELECT position FROM archive_files WHERE position > 0") == done.size > 0
    assert _verify(desk, 1).size == sum(_file(desk, day).stat().st_size for day in range(DAYS)) - done.size


def test_a_deleted_file_is_named_with_the_pages_that_are_gone_with_it_and_its_return_is_noticed(desk: Desk) -> None:
    _verify(desk)
    aside = desk.path.parent / "aside.gz"
    _file(desk).rename(aside)
    (line,) = _verify(desk, 1).wrong
    assert line == (
        "china_daily/2026-11-16.warc.gz: missing: the file is gone, and with it 6 pages that the database knows"
    )
    assert _verify(desk, 2).newly == (), "it was known to be"
    aside.rename(_file(desk))
    assert _verify(desk, 3).wrong == ()
    assert _states(desk) == ALL_WELL


def test_a_deleted_folder_of_a_source_is_found_without_ever_having_been_verified(desk: Desk) -> None:
    shutil.rmtree(_file(desk).parent)
    assert [line.split(": ")[1] for line in _verify(desk).wrong] == ["missing"] * DAYS


def _records(desk: Desk) -> list[tuple[int, int]]:
    found = rows(desk.db, "SELECT warc_offset, warc_length FROM pages WHERE warc_file GLOB '*-16*' ORDER BY 1")
    return [(each["warc_offset"], each["warc_length"]) for each in found]


@pytest.mark.parametrize("verified_before", [True, False])
@pytest.mark.parametrize("whole_records", [True, False])
def test_a_file_that_was_cut_is_named(desk: Desk, verified_before: bool, whole_records: bool) -> None:
    if verified_before:
        _verify(desk)
    at = _records(desk)[4][0]
    with _file(desk).open("rb+") as file:
        file.truncate(at if whole_records else at + 100)
    (line,) = _verify(desk, 1).wrong
    assert line.startswith("china_daily/2026-11-16.warc.gz: truncated: ")


def test_a_body_that_is_not_what_was_written_is_named_with_its_place(desk: Desk) -> None:
    path = _file(desk)
    body = path.read_bytes()
    offset, length = _records(desk)[2]
    record = gzip.decompress(body[offset : offset + length]).replace(b"barges ", b"badges ", 1)
    path.write_bytes(body[:offset] + gzip.compress(record) + body[offset + length :])
    (line,) = _verify(desk).wrong
    assert (
        line == f"china_daily/2026-11-16.warc.gz: damaged: the record at {offset}: the record is not what was written"
    )


def test_bytes_that_are_no_record_are_named_and_the_rest_is_read_on(desk: Desk) -> None:
    offset, length = _records(desk)[1]
    with _file(desk).open("rb+") as file:
        file.seek(offset)
        file.write(b"\0" * length)
    done = _verify(desk)
    assert done.wrong[0].startswith("china_daily/2026-11-16.warc.gz: damaged: ")
    assert done.files == DAYS


def test_another_file_of_good_records_in_the_place_of_one_is_noticed(desk: Desk) -> None:
    _verify(desk)
    path = _file(desk)
    at = [offset for offset, _ in _records(desk)]
    body = path.read_bytes()
    url = "https://www.chinadaily.com.cn/other.html"
    page = Page(url=url, source="china_daily", body=b"<html>other", fetched_at=DAY, status=200)
    path.write_bytes(body[: at[0]] + body[at[0] : at[1]] + b"".join(records_of(page)) + body[at[1] :])
    (line,) = _verify(desk, 1).wrong
    assert line.startswith("china_daily/2026-11-16.warc.gz: changed: its first ")
    assert line.endswith("bytes are not what they were on 2026-11-20")


def test_a_file_that_a_late_page_was_added_to_is_the_same_file(desk: Desk) -> None:
    _verify(desk)
    url = "https://www.chinadaily.com.cn/a/202611/16/WSaaaa9999.html"
    with Archive(desk.path.parent / "archive") as archive:
        archive.append(Page(url=url, source="china_daily", body=b"<html>late", fetched_at=DAY, status=200))
    assert _verify(desk, 1).wrong == ()


def test_a_row_that_says_other_things_than_its_record_is_named(desk: Desk) -> None:
    desk.db.conn.execute("UPDATE pages SET size = size + 1 WHERE url GLOB '*WSaaaa1003*'")
    (line,) = _verify(desk).wrong
    assert line.startswith("china_daily/2026-11-17.warc.gz: disagrees: the database says other things of the page at ")


def test_an_index_that_does_not_agree_is_named_and_one_made_anew_agrees(desk: Desk) -> None:
    index = index_of(_file(desk))
    lines = index.read_bytes()
    index.write_bytes(lines.replace(b"WSaaaa0003", b"WSaaaa0008"))
    (line,) = _verify(desk).wrong
    assert ": index: " in line
    index.write_bytes(lines)
    assert _verify(desk, 1).wrong == ()
    index.unlink()
    assert _verify(desk, 2).wrong == (), "one that is missing is made anew when it is needed"


def test_nothing_of_the_archive_is_written(desk: Desk) -> None:
    with read_only(desk.path.parent / "archive"):
        assert _verify(desk).wrong == ()


def test_what_is_wrong_is_a_fault_that_grows_and_ends(desk: Desk) -> None:
    book = Book(desk.path)

    def night(number: int) -> list[str]:
        now = NIGHT + timedelta(days=number)
        verify_archive(_archive(desk), desk.db, book, most=1 << 30, now=now, stopping=lambda: False)
        return [f"{one.since[8:10]} {one.detail}" for one in standing_faults(desk.path)]

    assert night(0) == []
    for day in (0, 1):
        _file(desk, day).rename(desk.path.parent / f"{day}.gz")
        (fault,) = night(1 + 2 * day)
        assert fault.count("missing") == day + 1
        book.change(lambda page: None)
        assert night(2 + 2 * day) == [fault], "the same is no news"
    for day in (0, 1):
        (desk.path.parent / f"{day}.gz").rename(_file(desk, day))
    assert night(5) == []
    assert [run["state"] for run in rows(desk.db, "SELECT state FROM runs WHERE job = 'verify' ORDER BY id")] == [
        "ok", "partial", "partial", "partial", "partial", "ok",
    ]  # fmt: skip


def test_memory_does_not_grow_with_a_file(tmp_path: Path) -> None:
    """Forty times as many bytes of bodies as may be in memory."""
    code = (
        "import random, resource, sys\n"
        "from datetime import UTC, datetime\n"
        "from pathlib import Path\n"
        "from archive.warc import Archive\n"
        "from db import open_database\n"
        "from ingest.verifying import verify_some\n"
        "from pipeline.model import Page\n"
        "folder = Path(sys.argv[1])\n"
        "at = datetime(2026, 11, 16, tzinfo=UTC)\n"
        "with Archive(folder / 'archive') as archive:\n"
        "    for start in range(0, 600, 10):\n"
        "        archive.append_all([Page(url=f'https://x.cn/{n}', source='x', body=random.randbytes(2000000),\n"
        "            fetched_at=at, status=200) for n in range(start, start + 10)][:int(sys.argv[2])])\n"
        "db = open_database(folder / 'p.db', mode='create')\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "done = verify_some(Archive(folder / 'archive'), db, most=1 << 40, now=datetime(2026, 11, 20, tzinfo=UTC))\n"
        "assert (done.files, done.wrong) == (1, ()), done\n"
        "print(done.size, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)"
    )
    command = [sys.executable, "-c", code, str(tmp_path), "3"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[1])
    size, grown = map(int, done.stdout.split())
    assert size > 300 << 20
    assert grown < 40 << 10, f"{grown} KiB more than before"
