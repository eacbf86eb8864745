"""What pages give lies in Parquet files, each whole or not there, and gives a database what reading the pages would."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.dataset
import pytest

import ingest.shards.files
import ingest.shards.folder
from archive.batch import Stretch
from archive.places import Place, find_places
from archive.records import records_of
from ingest.engines import EngineError
from ingest.engines.here import read_here
from ingest.reading import Batch, PageRead, without_body
from ingest.shards.files import read_batch, write_batch
from ingest.shards.folder import PLAN, Plan, missing_in, plan_for, read_plan, read_shards, shard_of, writing
from pipeline.model import ArchiveRef, Issue, Page
from tests.reread_desk import DAY, archive_of, generated_pages

SMALL = 60_000
"""Bytes of a stretch: half a dozen pages."""


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("archive")
    archive_of(folder, generated_pages(30))
    return folder


@pytest.fixture(scope="module")
def expected(archive: Path) -> Sequence[Batch]:
    return read(Plan(places=tuple(find_places((), archive)), size=SMALL).stretches())


@pytest.fixture
def shards(archive: Path, tmp_path: Path) -> Path:
    """A folder of the archive's shards."""
    written(tmp_path / "shards", find_places((), archive))
    return tmp_path / "shards"


def read(stretches: Iterator[Stretch]) -> Sequence[Batch]:
    return list(read_here(stretches, threading.Event()))


def written(folder: Path, places: Sequence[Place], *, anew: bool = False) -> Sequence[Stretch]:
    """Write what is missing in a folder; gives it."""
    missing = missing_in(folder, plan_for(folder, places, size=SMALL, anew=anew))
    for batch in writing(folder, read_here)(missing, threading.Event()):
        assert (batch.found, batch.unread) == ((), None)
    return missing


def rows(folder: Path, *columns: str) -> list[dict[str, Any]]:
    """What a tool that knows nothing of us finds in a folder."""
    found: list[dict[str, Any]] = pyarrow.dataset.dataset(folder).to_table(columns=list(columns) or None).to_pylist()
    return found


def everything(folder: Path, plan: Plan) -> Sequence[Batch]:
    return list(read_shards(folder, plan)(plan.stretches(), threading.Event()))


# -- one file ----------------------------------------------------------------------------------------------------------


def test_a_batch_comes_back_as_it_was(expected: Sequence[Batch], tmp_path: Path) -> None:
    batch = expected[0]
    page = Page(
        url="https://www.mofcom.gov.cn/a.pdf", source="mofcom", body=b"%PDF", fetched_at=DAY, kind="attachment",
        headers=(("ETag", '"7"'), ("Server", "x")), form="a=1", final_url="https://www.mofcom.gov.cn/b.pdf",
    )  # fmt: skip
    issue = Issue(kind="crashed", source="mofcom", url=page.url, detail="it\nhung", selector="div > p", version="3")
    ref = ArchiveRef(file="mofcom/2026-09-18.warc.gz", offset=7, length=8)
    batch = replace(
        batch,
        found=(
            *batch.found,
            PageRead(ref=ref, page=without_body(page)),
            PageRead(ref=ref, page=without_body(page), issue=issue),
        ),
        damaged=("one", "two"),
    )
    assert any(read.statements and read.statements.policies for read in batch.found)
    assert any(read.statements and read.statements.quotes for read in batch.found)
    write_batch(batch, tmp_path / "a" / "b.parquet")
    assert read_batch(tmp_path / "a" / "b.parquet") == batch


def test_an_empty_batch_is_a_file_too(expected: Sequence[Batch], tmp_path: Path) -> None:
    batch = replace(expected[0], found=(), pages=0, first=None)
    write_batch(batch, tmp_path / "b.parquet")
    assert read_batch(tmp_path / "b.parquet") == batch


def test_a_file_is_there_whole_or_not_at_all(
    expected: Sequence[Batch], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(ingest.shards.files.os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_batch(expected[0], tmp_path / "b.parquet")
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_shard_is_named_with_what_to_do(expected: Sequence[Batch], tmp_path: Path) -> None:
    path = tmp_path / "b.parquet"
    write_batch(expected[0], path)
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(EngineError, match=r"b\.parquet is no shard, or a damaged one .*: delete it and write it anew"):
        read_batch(path)


def test_a_statement_that_is_not_in_its_text_is_not_believed(expected: Sequence[Batch], tmp_path: Path) -> None:
    path = tmp_path / "b.parquet"
    write_batch(expected[0], path)
    table = pyarrow.parquet.read_table(path)
    texts = ["" if text is not None else None for text in table["text"].to_pylist()]
    column = table.schema.get_field_index("text")
    pyarrow.parquet.write_table(table.set_column(column, "text", pyarrow.array(texts)), path)
    with pytest.raises(EngineError, match=r"is no shard, or a damaged one \(span"):
        read_batch(path)


# -- a folder ----------------------------------------------------------------------------------------------------------


def test_a_folder_gives_what_reading_the_archive_gives(shards: Path, archive: Path, expected: Sequence[Batch]) -> None:
    assert len(expected) >= 8
    assert everything(shards, read_plan(shards, archive)) == expected


def test_a_tool_that_knows_nothing_of_us_finds_each_page_once_with_our_public_fields(
    shards: Path, archive: Path, expected: Sequence[Batch]
) -> None:
    found = rows(shards, "warc_file", "warc_offset", "url", "title", "published", "text", "quotes", "policies")
    pages = [(one["warc_file"], one["warc_offset"]) for one in found]
    reads = [read for batch in expected for read in batch.found]
    assert sorted(pages) == sorted((read.ref.file, read.ref.offset) for read in reads)
    assert {one["text"] for one in found} == {read.article.text for read in reads if read.article}
    quote = next(one for row in found for one in row["quotes"] or ())
    assert {"text", "start", "end", "kind", "cue", "speaker", "speaker_type", "role", "title", "organization"} <= set(
        quote
    )
    for row in found:
        for one in row["quotes"] or ():
            assert row["text"][one["start"] : one["end"]] == one["text"]


def test_whoever_was_stopped_goes_on_with_what_is_missing(shards: Path, archive: Path) -> None:
    places = find_places((), archive)
    before = rows(shards)
    gone = shard_of(shards, places[0], SMALL)
    gone.unlink()
    with pytest.raises(EngineError, match=r"lacks 1 of \d+ shards: `policywire reprocess --to parquet .* writes those"):
        read_plan(shards, archive)
    (stretch,) = written(shards, places)
    assert (stretch.place, stretch.start) == (places[0], SMALL)
    assert rows(shards) == before
    assert written(shards, places) == []


def test_a_file_that_has_grown_is_one_shard_written_again_and_new_ones(
    shards: Path, archive: Path, tmp_path: Path
) -> None:
    pages = generated_pages(40)
    shutil.copytree(archive, tmp_path / "grown")
    known = {page.url for page in generated_pages(30)}
    for page in pages:
        if page.url not in known:
            with (tmp_path / "grown" / page.source / f"{DAY.date()}.warc.gz").open("ab") as file:
                file.writelines(records_of(page))
    places = find_places((), tmp_path / "grown")
    ends = {place.name: place.size for place in find_places((), archive)}
    again = written(shards, places)
    for place in places:
        starts = [stretch.start for stretch in again if stretch.place == place]
        assert starts == list(range(ends[place.name] // SMALL * SMALL, place.size, SMALL))
    assert sorted(one["page_url"] for one in rows(shards, "page_url")) == sorted(page.url for page in pages)


def test_a_file_that_has_become_shorter_leaves_no_shard_behind(shards: Path, tmp_path: Path) -> None:
    pages = generated_pages(10)
    archive_of(tmp_path / "shorter", pages)
    written(shards, find_places((), tmp_path / "shorter"), anew=True)
    assert sorted(one["page_url"] for one in rows(shards, "page_url")) == sorted(page.url for page in pages)


def test_shards_of_another_version_are_refused_and_written_anew_when_asked(
    shards: Path, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (ingest.shards.files, ingest.shards.folder):
        monkeypatch.setattr(module, "VERSION", "9")
    places = find_places((), archive)
    with pytest.raises(EngineError, match=r"another version of policywire \(.*, not 9\): .* --anew` writes them anew"):
        plan_for(shards, places, size=SMALL)
    with pytest.raises(EngineError, match="another version"):
        read_plan(shards, archive)
    plan = Plan(places=tuple(places), size=SMALL)
    assert written(shards, places, anew=True) == list(plan.stretches())


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path, archive: Path) -> None:
    (tmp_path / "thesis.txt").touch()
    with pytest.raises(EngineError, match="is no folder of shards: give one that is empty"):
        plan_for(tmp_path, find_places((), archive))
    with pytest.raises(EngineError, match="is no folder of shards: `policywire reprocess --to parquet"):
        read_plan(tmp_path, archive)
    (tmp_path / PLAN).write_text("{}", encoding="utf-8")
    with pytest.raises(EngineError, match=r"_policywire\.json cannot be read"):
        read_plan(tmp_path, archive)


def test_shards_lie_in_their_folder_whatever_a_file_is_called(tmp_path: Path) -> None:
    for name in ("../../etc/x.warc.gz", "s3://crawl/../x.warc.gz", "https://x.example/.hidden/_x?a=../b", "a\\b/c*"):
        path = shard_of(tmp_path, Place(name=name, url=name, size=1), 0)
        assert path.resolve().is_relative_to(tmp_path), name
        assert not any(part.startswith((".", "_")) for part in path.relative_to(tmp_path).parts), name
        assert ".." not in path.parts


def test_reading_begins_in_the_middle_of_a_shard_where_a_mark_stands(archive: Path) -> None:
    place = find_places((), archive)[0]
    plan = Plan(places=(place,), size=SMALL)
    found = list(plan.stretches_from(place, SMALL + 500))
    assert (found[0].start, found[0].end, found[1].start) == (SMALL + 500, 2 * SMALL, 2 * SMALL)
    assert list(plan.stretches_from(place, 0)) == list(plan.stretches())
