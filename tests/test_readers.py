"""Pages are read in a process of their own, in their order, and one that ends it costs itself only."""

from __future__ import annotations

import asyncio
import os
import pickle
import signal
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest

from pipeline.articles import parse
from pipeline.extract import extract
from pipeline.html import LayoutChanged, PageError
from pipeline.model import Article, Page
from readers.reader import Reader, ReaderDied, ReadingFailed
from readers.wire import LENGTH, frame, unframed
from tests.spiders_loopback import story, story_url


def a_page(number: int, body: str | None = None) -> Page:
    return Page(
        url=story_url("2026-11-18", number),
        source="china_daily",
        body=(body or story(f"Pears by rail {number}", f'"We ship {number} crates," said Nora Field.')).encode(),
        fetched_at=datetime(2026, 11, 18, 9, tzinfo=UTC),
    )


def with_reader(act: Callable[[Reader], Awaitable[None]], seconds: float = 60.0) -> None:
    async def run() -> None:
        reader = Reader(seconds=seconds)
        try:
            await act(reader)
        finally:
            reader.close()
            await asyncio.sleep(0)

    asyncio.run(run())


def test_what_is_read_apart_is_what_is_read_here() -> None:
    async def act(reader: Reader) -> None:
        here = parse(a_page(7))
        assert isinstance(here, Article)
        there = await reader.parse(a_page(7))
        assert there == here
        assert await reader.extract(here) == extract(here)
        assert extract(here).quotes

    with_reader(act)


def test_a_whole_story_is_parsed_and_extracted_from_in_one_reading() -> None:
    async def act(reader: Reader) -> None:
        here = parse(a_page(7))
        assert isinstance(here, Article)
        assert await reader.read(a_page(7)) == (here, extract(here))

    with_reader(act)


def test_a_process_that_was_begun_early_is_the_one_that_is_asked() -> None:
    async def act(reader: Reader) -> None:
        reader.begin()
        begun = reader.pid
        assert begun is not None
        assert (await reader.parse(a_page(3))) == parse(a_page(3))
        assert reader.pid == begun

    with_reader(act)


def test_a_process_that_was_begun_and_never_asked_ends_with_its_reader() -> None:
    reader = Reader()
    reader.begin()
    begun = reader.pid
    assert begun is not None
    reader.close()
    with pytest.raises(ProcessLookupError):
        os.kill(begun, 0)


def test_many_at_once_get_each_its_own_answer() -> None:
    async def act(reader: Reader) -> None:
        found = await asyncio.gather(*(reader.parse(a_page(number)) for number in range(40)))
        assert [one.title for one in found if isinstance(one, Article)] == [f"Pears by rail {n}" for n in range(40)]

    with_reader(act)


def test_a_page_that_gives_no_article_says_so_as_it_does_here() -> None:
    async def act(reader: Reader) -> None:
        shell = a_page(1, "<html><body><div id='lft-art'><h1>Pears</h1></div></body></html>")
        with pytest.raises(PageError) as here:
            parse(shell)
        with pytest.raises(type(here.value)) as there:
            await reader.parse(shell)
        assert (str(there.value), there.value.kind) == (str(here.value), here.value.kind)
        assert isinstance(there.value, LayoutChanged)

    with_reader(act)


def test_what_nobody_expected_is_told_in_one_line_and_the_next_page_is_read() -> None:
    async def act(reader: Reader) -> None:
        article = parse(a_page(2))
        assert isinstance(article, Article)
        with pytest.raises(ReadingFailed, match="AttributeError"):
            await reader.parse(article)  # type: ignore[arg-type] # no page
        assert (await reader.parse(a_page(3))) == parse(a_page(3))

    with_reader(act)


def test_a_page_in_hand_when_the_process_dies_is_lost_and_those_behind_it_are_read_by_another() -> None:
    async def act(reader: Reader) -> None:
        await reader.parse(a_page(1))
        first = reader.pid
        assert first is not None
        os.kill(first, signal.SIGSTOP)
        waiting = [asyncio.ensure_future(reader.parse(a_page(number))) for number in range(2, 6)]
        await asyncio.sleep(0)
        os.kill(first, signal.SIGKILL)
        found = await asyncio.gather(*waiting, return_exceptions=True)
        assert isinstance(found[0], ReaderDied)
        assert [one.title for one in found if isinstance(one, Article)] == [f"Pears by rail {n}" for n in range(3, 6)]
        assert reader.pid != first

    with_reader(act)


def test_a_page_that_takes_too_long_ends_the_process() -> None:
    async def act(reader: Reader) -> None:
        with pytest.raises(ReaderDied, match="longer than 0 seconds"):
            await reader.parse(a_page(1))
        assert reader.pid is None

    with_reader(act, seconds=0.001)


def test_a_reading_that_is_given_up_does_not_leave_its_answer_to_the_next() -> None:
    async def act(reader: Reader) -> None:
        await reader.parse(a_page(1))
        given_up = asyncio.ensure_future(reader.parse(a_page(2)))
        await asyncio.sleep(0)
        given_up.cancel()
        assert (await reader.parse(a_page(3))) == parse(a_page(3))

    with_reader(act)


def test_an_answer_holds_our_values_and_nothing_else() -> None:
    class Evil:
        def __reduce__(self) -> tuple[Callable[[str], int], tuple[str]]:
            return os.system, ("true",)

    for value in (Evil(), os.getcwd, PageError.__mro__[1]):
        with pytest.raises(pickle.UnpicklingError, match="may not hold"):
            unframed(pickle.dumps(value))
    page = a_page(1)
    assert unframed(frame(("parse", (page,)))[LENGTH.size :]) == ("parse", (page,))


def test_a_reader_that_was_never_asked_starts_nothing() -> None:
    async def act(reader: Reader) -> None:
        assert reader.pid is None

    with_reader(act)
