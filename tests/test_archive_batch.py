"""Stretches of WARC files: each record belongs to one of them, wherever the cuts fall."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.batch import read_page, records_in, stretches_of, tapered
from archive.places import find_places
from archive.records import ArchiveError
from archive.warc import Archive
from pipeline.model import ArchiveRef, Page

DAY = datetime(2026, 9, 18, tzinfo=UTC)


def archived(folder: Path, *numbers: int) -> list[ArchiveRef]:
    with Archive(folder) as archive:
        return [
            archive.append(Page(url=f"https://x.example/{n}", source="mofcom", body=b"%d" % n, fetched_at=DAY))
            for n in numbers
        ]


@pytest.mark.parametrize("size", [1, 7, 100, 333, 1000, 1 << 20])
def test_a_record_belongs_to_one_stretch_however_long_they_are(tmp_path: Path, size: int) -> None:
    refs = archived(tmp_path, *range(9))
    (place,) = find_places((), tmp_path)
    found = [ref for stretch in stretches_of(place, size=size) for ref, _ in records_in(stretch)]
    assert len(set(found)) == len(found)
    assert [ref for ref in found if ref in refs] == refs


def test_the_last_stretches_are_cut_into_pieces_that_hold_the_same_records(tmp_path: Path) -> None:
    refs = archived(tmp_path, *range(9))
    (place,) = find_places((), tmp_path)
    whole = list(stretches_of(place, size=place.size // 8))
    pieces = list(tapered(whole))
    assert pieces[: len(whole) - 3] == whole[:-3]
    assert len(pieces) > len(whole) + 6
    assert [piece.start for piece in pieces] == [0, *(piece.end for piece in pieces[:-1])]
    assert pieces[-1].end == place.size
    found = [ref for piece in pieces for ref, _ in records_in(piece)]
    assert [ref for ref in found if ref in refs] == refs
    assert list(tapered([])) == []


def test_stretches_begin_where_one_goes_on(tmp_path: Path) -> None:
    refs = archived(tmp_path, 1, 2, 3)
    (place,) = find_places((), tmp_path)
    found = [ref for stretch in stretches_of(place, start=refs[1].offset) for ref, _ in records_in(stretch)]
    assert (found[0], refs[2] in found) == (refs[1], True)


def test_a_page_is_read_again_by_its_place(tmp_path: Path) -> None:
    refs = archived(tmp_path, 1, 2)
    (place,) = find_places((), tmp_path)
    assert read_page(place, refs[1]).body == b"2"
    with pytest.raises(ArchiveError, match="holds no page at 3"):
        read_page(place, ArchiveRef(file=place.name, offset=3, length=1))


def test_files_are_named_as_the_archive_has_them_and_each_once(tmp_path: Path) -> None:
    archived(tmp_path / "archive", 1)
    (tmp_path / "link").symlink_to(tmp_path / "archive")
    patterns = [f"{tmp_path}/archive/*/*.warc.gz", f"{tmp_path}/archive/mofcom/*.warc.gz"]
    assert [place.name for place in find_places(patterns, tmp_path / "archive")] == ["mofcom/2026-09-18.warc.gz"]
    (linked,) = find_places([f"{tmp_path}/link/*/*.gz"], tmp_path / "archive")
    assert linked.name == "mofcom/2026-09-18.warc.gz"


def test_a_file_that_has_gone_is_told(tmp_path: Path) -> None:
    archived(tmp_path, 1)
    (place,) = find_places((), tmp_path)
    Path(place.url).unlink()
    with pytest.raises(ArchiveError, match=r"cannot read .*2026-09-18"):
        list(records_in(next(stretches_of(place))))
