"""A day's pages go into as many files as its size asks for, and are read in the order in which they were written."""

from __future__ import annotations

import multiprocessing
import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from archive.files import in_order, lies_between
from archive.warc import Archive
from pipeline.model import Page
from tests.demo_desk import DemoDesk

NOON = datetime(2026, 9, 18, 12, tzinfo=UTC)
FULL = 20_000


def page(number: int, size: int = 7_000, at: datetime = NOON) -> Page:
    return Page(url=f"https://x.example/{number}", source="mofcom", body=os.urandom(size), fetched_at=at)


def names(folder: Path) -> list[str]:
    return [path.name for path in Archive(folder).paths()]


def test_a_file_that_is_full_is_followed_by_the_days_next_one(tmp_path: Path) -> None:
    kept = [page(n) for n in range(8)]
    with Archive(tmp_path, rotate=FULL) as archive:
        refs = [archive.append(one) for one in kept]
        assert [ref.file for ref in refs] == (
            ["mofcom/2026-09-18.warc.gz"] * 3
            + ["mofcom/2026-09-18-2.warc.gz"] * 3
            + ["mofcom/2026-09-18-3.warc.gz"] * 2
        )
        assert [archive.read(ref) for ref in refs] == kept
        assert list(archive.pages()) == list(zip(refs, kept, strict=True))


def test_the_tenth_file_of_a_day_is_read_after_the_ninth(tmp_path: Path) -> None:
    kept = [page(n, FULL) for n in range(11)] + [page(11, at=NOON + timedelta(days=1))]
    with Archive(tmp_path, rotate=FULL) as archive:
        for one in kept:
            archive.append(one)
    assert names(tmp_path)[0] == "2026-09-18.warc.gz"
    assert names(tmp_path)[9:] == ["2026-09-18-10.warc.gz", "2026-09-18-11.warc.gz", "2026-09-19.warc.gz"]
    assert [one for _, one in Archive(tmp_path).pages()] == kept


def test_a_later_process_goes_on_in_the_newest_file_and_begins_another_when_that_is_full(tmp_path: Path) -> None:
    for number in range(5):
        with Archive(tmp_path, rotate=FULL) as archive:
            archive.append(page(number, 12_000))
    assert names(tmp_path) == ["2026-09-18.warc.gz", "2026-09-18-2.warc.gz", "2026-09-18-3.warc.gz"]
    assert [one.url[-1] for _, one in Archive(tmp_path).pages()] == ["0", "1", "2", "3", "4"]


def test_a_lower_limit_ends_the_file_and_a_higher_one_reopens_none(tmp_path: Path) -> None:
    for number, rotate in enumerate((1 << 30, 1, 1 << 30, 1)):
        with Archive(tmp_path, rotate=rotate) as archive:
            archive.append(page(number))
    assert names(tmp_path) == ["2026-09-18.warc.gz", "2026-09-18-2.warc.gz", "2026-09-18-3.warc.gz"]
    assert [one.url[-1] for _, one in Archive(tmp_path).pages()] == ["0", "1", "2", "3"]


def write_many(folder: Path, writer: int) -> None:
    with Archive(folder, rotate=FULL) as archive:
        for number in range(25):
            archive.append(page(writer * 100 + number, 3_000))


def test_several_writers_fill_the_same_files_and_lose_nothing(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=write_many, args=(tmp_path, number)) for number in (1, 2, 3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
        assert writer.exitcode == 0
    read = [int(one.url.rpartition("/")[2]) for _, one in Archive(tmp_path).pages()]
    assert sorted(read) == [writer * 100 + number for writer in (1, 2, 3) for number in range(25)]
    for writer_number in (1, 2, 3):
        mine = [number for number in read if number // 100 == writer_number]
        assert mine == sorted(mine), "a page that was written later is read later"
    sizes = [path.stat().st_size for path in Archive(tmp_path).paths()]
    assert all(size >= FULL for size in sizes[:-1]), "only the last file has room"


def test_files_of_other_names_come_too_and_each_folder_for_itself() -> None:
    given = [
        "b/2026-09-18.warc.gz",
        "a/2026-09-18-2.warc.gz",
        "a/2026-09-18.warc.gz",
        "a/2026-09-17-3.warc.gz",
        "a/x.gz",
    ]
    assert [str(path) for path in in_order(map(Path, given))] == [
        "a/2026-09-17-3.warc.gz", "a/2026-09-18.warc.gz", "a/2026-09-18-2.warc.gz", "a/x.gz", "b/2026-09-18.warc.gz",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("since", "until", "held"),
    [
        (None, None, True),
        (date(2026, 9, 18), None, True),
        (date(2026, 9, 19), None, False),
        (None, date(2026, 9, 18), True),
        (None, date(2026, 9, 17), False),
    ],
)
def test_a_files_name_tells_whether_it_can_hold_pages_of_a_day(
    since: date | None, until: date | None, held: bool
) -> None:
    assert lies_between("mofcom/2026-09-18-4.warc.gz", since, until) is held
    assert lies_between("mofcom/other.warc.gz", since, until)


def test_the_limit_stands_in_the_configuration(tmp_path: Path) -> None:
    from config import load_config

    desk = DemoDesk(folder=tmp_path)
    desk.config.write_text('[storage]\narchive = "kept"\nrotate_mib = 7\n')
    storage = load_config(desk.config).storage
    assert (storage.rotate_mib, storage.archive) == (7, tmp_path / "kept")
