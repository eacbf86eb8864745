"""Whoever reads the stretches of an archive gives the same, in their order, whatever becomes of the processes."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from weakref import WeakSet

import pytest

import ingest.engines.here
from archive.batch import Stretch, stretches_of
from archive.places import Place, find_places
from ingest.engines import Engine
from ingest.engines.here import read_here
from ingest.engines.processes import read_beside
from ingest.reading import Batch
from pipeline.model import Page
from tests.demo_desk import wait_until
from tests.reread_desk import DAY, archive_of, generated_pages, opened, readers_of
from tests.spiders_loopback import story, story_url

SMALL = 60_000
"""Bytes of a stretch: half a dozen pages."""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    folder = tmp_path_factory.mktemp("archive")
    archive_of(folder, [page for page in generated_pages(60) if page.source == "china_daily"])
    return find_places((), folder)[0]


def batches(engine: Engine, place: Place, size: int = SMALL) -> list[Batch]:
    with closing(engine(stretches_of(place, size=size), threading.Event())) as found:
        return opened(found)


def workers() -> list[int]:
    """The processes that read for this one."""
    return readers_of(os.getpid())


def test_processes_give_what_this_one_gives_in_the_same_order(place: Place) -> None:
    here = batches(read_here, place)
    assert len(here) > 8
    assert sum(len(batch.found) for batch in here) == 62
    assert all(
        read.statements for batch in here for read in batch.found if read.article and not read.article.next_pages
    )
    assert batches(read_beside(2), place) == here


def test_what_comes_back_is_small(place: Place) -> None:
    found = [read for batch in batches(read_here, place) for read in batch.found]
    assert {read.page.body for read in found} == {b""}
    assert all(read.page.digest and read.page.size for read in found)


def test_one_that_is_killed_loses_nothing(place: Place) -> None:
    here = batches(read_here, place)
    found = []
    with closing(read_beside(2)(stretches_of(place, size=SMALL), threading.Event())) as coming:
        for batch in coming:
            found.append(batch)
            if len(found) in (1, 4):
                os.kill(min(workers()), signal.SIGKILL)
    assert opened(found) == here


def test_no_process_is_left_when_reading_ends_early(place: Place) -> None:
    with closing(read_beside(2)(stretches_of(place, size=SMALL), threading.Event())) as coming:
        next(coming)
        pids = workers()
        assert pids
    assert not workers()
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


@pytest.mark.parametrize("engine", [read_here, read_beside(1)], ids=["here", "beside"])
def test_whoever_is_told_to_stop_stops_after_the_batch_in_hand(place: Place, engine: Engine) -> None:
    stop = threading.Event()
    found = []
    with closing(engine(stretches_of(place, size=SMALL), stop)) as coming:
        for batch in coming:
            found.append(batch)
            stop.set()
    assert len(found) == 1


@pytest.mark.parametrize("engine", [read_here, read_beside(1)], ids=["here", "beside"])
def test_a_file_that_has_gone_is_told_and_the_next_one_is_read(place: Place, engine: Engine, tmp_path: Path) -> None:
    gone = Place(name="gone.warc.gz", url=str(tmp_path / "gone.warc.gz"), size=10)
    stretches = [Stretch(place=gone, start=0, end=10), *stretches_of(place)]
    with closing(engine(stretches, threading.Event())) as coming:
        first, second, *_ = coming
    assert "cannot read" in str(first.unread)
    assert "gone.warc.gz" in str(first.unread)
    assert (second.unread, second.found != ()) == (None, True)


# -- pages that end whoever reads them ---------------------------------------------------------------------------------


@pytest.fixture
def long_page(tmp_path: Path) -> tuple[Place, int]:
    """Nine pages, of which the fifth takes seconds to read; its offset."""
    pages = [a_page(number) for number in range(9)]
    said = " ".join(
        f'"We ship {n} crates of pears," said Nora Field, who grows them in row {n}.' for n in range(30_000)
    )
    pages[4] = a_page(4, said)
    offsets = archive_of(tmp_path, pages)
    return find_places((), tmp_path)[0], offsets[pages[4].url]


def a_page(number: int, said: str = '"We ship crates," said Nora Field.') -> Page:
    body = story(f"Pears by rail {number}", said).encode()
    return Page(url=story_url("2026-11-18", number), source="china_daily", body=body, fetched_at=DAY)


def crashed_in(found: list[Batch]) -> Iterator[tuple[int, str]]:
    for read in (read for batch in found for read in batch.found):
        if read.issue is not None and read.issue.kind == "crashed":
            yield read.ref.offset, read.issue.detail


def test_a_page_that_takes_too_long_is_named_and_the_others_are_read(long_page: tuple[Place, int]) -> None:
    place, offset = long_page
    found = batches(read_beside(1, seconds=2), place, 1 << 20)
    assert list(crashed_in(found)) == [(offset, "reading took longer than 2 seconds of processor time")]
    assert sum(read.article is not None for batch in found for read in batch.found) == 8
    assert [batch.unread for batch in found] == [None] * len(found)


def test_a_page_that_takes_too_long_is_given_up_in_this_process_too(
    long_page: tuple[Place, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    place, offset = long_page
    monkeypatch.setattr(ingest.engines.here, "SECONDS", 1.0)
    found = batches(read_here, place, 1 << 20)
    assert list(crashed_in(found)) == [(offset, "reading took longer than 1 seconds of processor time")]
    assert sum(read.article is not None for batch in found for read in batch.found) == 8
    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)


def test_a_page_is_given_up_though_the_moment_comes_while_an_object_goes(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(stretch: Stretch, watch: Callable[[int], None]) -> Batch:
        watch(stretch.start)
        known: WeakSet[Callable[[], None]] = WeakSet()
        for _ in range(2_000_000):  # a second or more
            known.add(lambda: None)
        return Batch(stretch=stretch)

    monkeypatch.setattr(ingest.engines.here, "SECONDS", 0.02)
    monkeypatch.setattr(ingest.engines.here, "read_stretch", busy)
    found = batches(read_here, place)
    assert len(found) > 8
    assert {batch.unread for batch in found} == {"reading took longer than 0.02 seconds of processor time"}


def test_a_page_of_which_two_processes_die_is_named_and_the_others_are_read(long_page: tuple[Place, int]) -> None:
    place, offset = long_page
    killed: list[int] = []

    def reading_it() -> list[int]:
        return [pid for pid in workers() if pid not in killed and at_of(pid) == offset]

    def kill() -> None:
        for _ in range(2):
            wait_until(lambda: bool(reading_it()))
            killed.extend(reading_it())
            os.kill(killed[-1], signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    found = batches(read_beside(1), place, 1 << 20)
    killer.join()
    assert list(crashed_in(found)) == [(offset, "the reading process ended with status -9")]
    assert sum(read.article is not None for batch in found for read in batch.found) == 8


def at_of(pid: int) -> int:
    """Where the record begins that a process is at, as it has noted in the file of eight bytes that it was given."""
    try:
        files = [each for each in Path(f"/proc/{pid}/fd").iterdir() if each.is_file() and each.stat().st_size == 8]
        return int.from_bytes(files[0].read_bytes(), "big", signed=True) if files else -1
    except OSError:
        return -1
