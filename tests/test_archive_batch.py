"""A batch goes through every archived page, whatever some of them do."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from archive.batch import BatchProgress, reprocess
from archive.warc import Archive
from pipeline.model import ArchiveRef, Page

DAY = datetime(2026, 9, 18, tzinfo=UTC)


def archived(folder: Path, *numbers: int, source: str = "mofcom") -> list[ArchiveRef]:
    with Archive(folder) as archive:
        return [
            archive.append(Page(url=f"https://x.example/{n}", source=source, body=b"%d" % n, fetched_at=DAY))
            for n in numbers
        ]


def test_every_page_is_handled_in_order_with_its_reference(tmp_path: Path) -> None:
    refs = archived(tmp_path, 1, 2, 3)
    seen: list[tuple[ArchiveRef, bytes]] = []
    told: list[BatchProgress] = []
    report = reprocess(
        Archive(tmp_path).paths(), lambda ref, page: seen.append((ref, page.body)), told.append, folder=tmp_path
    )
    assert seen == list(zip(refs, (b"1", b"2", b"3"), strict=True))
    assert (report.files, report.pages, report.failed, report.failures) == (1, 3, 0, ())
    assert [progress.pages for progress in told] == [1, 2, 3]


def test_a_page_that_crashes_the_handler_is_counted_and_the_next_one_follows(tmp_path: Path) -> None:
    archived(tmp_path, 1, 0, 2)
    seen: list[float] = []
    report = reprocess(Archive(tmp_path).paths(), lambda _, page: seen.append(1 / int(page.body)), folder=tmp_path)
    assert seen == [1, 0.5]
    assert (report.pages, report.failed) == (3, 1)
    assert "https://x.example/0" in report.failures[0]
    assert "ZeroDivisionError" in report.failures[0]


def test_a_file_that_cannot_be_read_does_not_keep_the_others_from_being(tmp_path: Path) -> None:
    archived(tmp_path, 1)
    garbage = tmp_path / "mofcom" / "2026-09-17.warc.gz"
    garbage.write_bytes(b"no archive at all")
    missing = tmp_path / "mofcom" / "2026-09-16.warc.gz"
    seen: list[bytes] = []
    report = reprocess(
        [missing, garbage, *Archive(tmp_path).paths("**/*18.warc.gz")], lambda _, page: seen.append(page.body)
    )
    assert seen == [b"1"]
    assert report.files == 3
    assert any("2026-09-16" in line for line in report.failures)
    assert all("\n" not in line for line in report.failures)
