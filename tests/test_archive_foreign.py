"""WARC files that others wrote: which records are ours, and the page that our own crawl would have archived."""

from __future__ import annotations

import gzip
import tracemalloc
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from archive.batch import Hosts, page_of, records_in, stretches_of
from archive.foreign import LARGEST, Sieve
from archive.places import find_places
from archive.records import ArchiveError, DamagedRecord, records_of
from demo.commoncrawl import Capture, in_chunks, member, other_people, packed, record_of, strewn, write_file
from pipeline.model import Page

STORY = "https://www.chinadaily.com.cn/a/202611/03/WS6909aaaaa310c4deea5ef001.html"
OTHER_STORY = "https://www.chinadaily.com.cn/a/202611/03/WS6909aaaaa310c4deea5ef002.html"
HOSTS: Hosts = (("www.chinadaily.com.cn", "china_daily"), ("english.mofcom.gov.cn", "mofcom"))
BODY = (
    "<!DOCTYPE html><html><body><h1>An invented story</h1>" + "<p>Nothing happened. 无事</p>" * 400 + "</body></html>"
).encode()


def capture(url: str = STORY, body: bytes = BODY, **more: Any) -> Capture:
    return Capture(url=url, body=body, **more)


def read(path: Path, size: int = 1 << 20, hosts: Hosts = HOSTS) -> tuple[list[Page], Counter[str], list[str]]:
    """The pages of a file, what was passed over and why, and what is damaged."""
    pages, skipped, damaged = [], Counter[str](), []
    (place,) = find_places([str(path)], path.parent / "archive")
    for stretch in stretches_of(place, size=size, hosts=hosts):
        sieve = Sieve(hosts=dict(stretch.hosts))
        for ref, content in records_in(stretch, judge=sieve):
            found = page_of(ref, content, sieve) if content else None
            if isinstance(found, DamagedRecord):
                damaged.append(str(found))
            elif found is not None:
                pages.append(found)
        skipped.update(sieve.skipped)
    return pages, skipped, damaged


def read_one(folder: Path, *captures: Capture) -> tuple[list[Page], Counter[str], list[str]]:
    write_file(folder / "news.warc.gz", captures)
    return read(folder / "news.warc.gz")


# -- which are ours ---------------------------------------------------------------------------------------------------


def test_our_stories_are_found_among_other_people_s(tmp_path: Path) -> None:
    mine = [capture(), capture("http://english.mofcom.gov.cn/article/newsrelease/202611/20261103000001.shtml")]
    write_file(tmp_path / "news.warc.gz", strewn(mine, other_people(100, size=4000), 30))
    pages, skipped, damaged = read(tmp_path / "news.warc.gz")
    assert [(page.source, page.url) for page in pages] == [
        ("china_daily", STORY),
        ("mofcom", "https://english.mofcom.gov.cn/article/newsrelease/202611/20261103000001.shtml"),
    ]
    assert skipped == {"of other hosts": 100}
    assert damaged == []


@pytest.mark.parametrize("size", [1000, 4096, 30_000])
def test_every_record_is_judged_once_wherever_the_stretches_end(tmp_path: Path, size: int) -> None:
    write_file(tmp_path / "news.warc.gz", strewn([capture()] * 3, other_people(40, size=9000), 10))
    pages, skipped, damaged = read(tmp_path / "news.warc.gz", size=size)
    assert (len(pages), skipped, damaged) == (3, {"of other hosts": 40}, [])


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"url": "https://www.chinadaily.com.cn/business/economy"}, "no story's address"),
        ({"url": STORY.replace("www.", "regional.")}, "of regional.chinadaily.com.cn, which no source lists"),
        ({"url": STORY.replace(".cn/", ".cn:8080/")}, "of other ports"),
        ({"url": "dns:www.chinadaily.com.cn"}, "without a web address"),
        ({"status": "404 Not Found"}, "answered 404"),
        ({"status": "301 Moved Permanently", "headers": {"Location": OTHER_STORY}}, "answered 301"),
        ({"media": "application/pdf"}, "no HTML"),
        ({"kind": "revisit"}, "revisit records"),
        ({"kind": "resource"}, "resource records"),
        ({"fields": {"WARC-Truncated": "length"}, "cut": 500}, "cut short"),
        ({"cut": 500}, "cut short"),
        ({"cut": 90, "encoding": "gzip"}, "cut short"),
        ({"cut": 30, "encoding": "br"}, "cut short"),
        ({"cut": 5000, "chunked": True}, "cut short"),
        ({"headers": {"Content-Encoding": "compress"}, "body": b"\x1f\x9d"}, "packed in a way not known"),
        ({"headers": {"Content-Encoding": "gzip"}, "body": b"no gzip"}, "not packed as its header says"),
        ({"body": b"<p>" * (LARGEST // 3)}, "too large"),
        ({"body": b"<p>" + b" " * (20 << 20), "encoding": "gzip"}, "too large"),
        ({"body": b"<p>" + b" " * (20 << 20), "encoding": "br"}, "too large"),
    ],
)
def test_what_is_passed_over_is_counted_by_why(tmp_path: Path, more: dict[str, Any], why: str) -> None:
    pages, skipped, damaged = read_one(tmp_path, capture(**{"url": STORY, **more}), capture(OTHER_STORY))
    assert [page.url for page in pages] == [OTHER_STORY]
    assert (skipped, damaged) == ({why: 1}, [])


def test_a_host_that_looks_like_ours_is_another(tmp_path: Path) -> None:
    path = STORY.partition("cn/")[2]
    for url in (
        f"https://www.chinadaily.com.cn.evil.example/{path}",
        f"https://www.chinadaily.com.cn@evil.example/{path}",
        f"https://evil.example/{STORY}",
    ):
        pages, _, _ = read_one(tmp_path, capture(url))
        assert pages == [], url


def test_without_hosts_nothing_of_others_is_read_and_our_own_is(tmp_path: Path) -> None:
    own = Page(url=STORY, source="china_daily", body=BODY, fetched_at=datetime(2026, 11, 3, tzinfo=UTC))
    (tmp_path / "mixed.warc.gz").write_bytes(member(record_of(capture(OTHER_STORY))) + b"".join(records_of(own)))
    pages, skipped, _ = read(tmp_path / "mixed.warc.gz", hosts=())
    assert [page.url for page in pages] == [STORY]
    assert sum(skipped.values()) == 1


# -- what becomes of them ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        STORY, STORY.replace("https", "http"), STORY.replace("www.", ""), STORY.replace(".cn/", ".cn:443/"),
        STORY.replace("https", "http").replace(".cn/", ".cn:80/"), STORY.replace("www.chinadaily", "WWW.ChinaDaily"),
        STORY + "#top", f"<{STORY}>",
    ],
)  # fmt: skip
def test_an_address_is_written_as_our_crawl_writes_it(tmp_path: Path, address: str) -> None:
    pages, _, _ = read_one(tmp_path, capture(address))
    assert [page.url for page in pages] == [STORY]


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"encoding": "gzip"},
        {"encoding": "deflate"},
        {"encoding": "br"},
        {"chunked": True},
        {"chunked": True, "encoding": "gzip"},
        {"chunked": True, "encoding": "br"},
        {"headers": {"Content-Encoding": "gzip", "Content-Length": "99"}},  # unpacked, and the headers left
        {"headers": {"Transfer-Encoding": "chunked"}},
        {"headers": {"X-Crawl-Content-Encoding": "br", "X-Crawl-Content-Length": "77"}},
        {"headers": {"Content-Encoding": "identity"}},
        {"headers": {"Content-Length": "999999"}},  # wrong, and the page is whole
        {"headers": {"Content-Length": "-1"}},
        {"fields": {"WARC-Truncated": "time"}},  # so it says, and yet the page is whole
        {"digests": False},
        {"media": None},
        {"version": "1.1"},
    ],
)
def test_a_body_is_unpacked_however_the_crawler_left_it(tmp_path: Path, more: dict[str, Any]) -> None:
    pages, skipped, damaged = read_one(tmp_path, capture(**more))
    assert (skipped, damaged) == ({}, [])
    assert [page.body for page in pages] == [BODY]


def test_the_headers_that_the_unpacked_body_makes_untrue_are_left_out(tmp_path: Path) -> None:
    (page,), _, _ = read_one(tmp_path, capture(encoding="gzip", headers={"ETag": '"x"'}))
    assert page.headers == (("Content-Type", "text/html; charset=utf-8"), ("ETag", '"x"'))
    assert (page.kind, page.status, page.final_url) == ("article", 200, None)


@pytest.mark.parametrize(
    "date", ["2026-11-03T06:30:00Z", "2026-11-03T06:30:00.000000000Z", "2026-11-03T14:30:00+08:00"]
)
def test_a_page_was_fetched_when_its_record_says(tmp_path: Path, date: str) -> None:
    (page,), _, _ = read_one(tmp_path, capture(fields={"WARC-Date": date}))
    assert page.fetched_at == datetime(2026, 11, 3, 6, 30, tzinfo=UTC)


# -- damage and malice ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"WARC-Block-Digest": "sha1:AAAA"}, "the record is not what was written"),
        ({"WARC-Date": "yesterday"}, "is no date"),
        ({"Content-Length": "99999"}, "bytes where 99999 were written"),
        ({"Content-Length": "many"}, "no length or address"),
    ],
)
def test_a_damaged_record_is_told_and_the_next_is_read(tmp_path: Path, fields: dict[str, str], told: str) -> None:
    pages, _, damaged = read_one(tmp_path, capture(fields=fields), capture(OTHER_STORY))
    assert [page.url for page in pages] == [OTHER_STORY]
    assert [told in line for line in damaged] == [True]


def test_a_record_inside_another_one_is_not_taken_for_one(tmp_path: Path) -> None:
    forged = member(record_of(capture()))
    others = capture("https://evil.example/x.warc.gz", body=b"\0" * 10 + forged, media="application/gzip")
    for packing in (True, False):
        write_file(tmp_path / "news.warc", [others, capture(OTHER_STORY)], packing=packing)
        pages, _, _ = read(tmp_path / "news.warc")
        assert [page.url for page in pages] == [OTHER_STORY]


@pytest.mark.parametrize("length", ["100", "99999999999999999", "true"])
def test_memory_is_bounded_whatever_a_record_says_of_its_length(tmp_path: Path, length: str) -> None:
    bomb = b"<p>" + b"\0" * (80 << 20)
    for url in (STORY, "https://evil.example/"):
        fields = {} if length == "true" else {"Content-Length": length}
        record = record_of(capture(url, bomb, digests=False, fields=fields))
        (tmp_path / "news.warc.gz").write_bytes(member(record) + member(record_of(capture(OTHER_STORY))))
        del record
        tracemalloc.start()
        pages, _, _ = read(tmp_path / "news.warc.gz")
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert [page.url for page in pages] == [OTHER_STORY]
        assert peak < 40 << 20


# -- other kinds of file ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [500, 5000, 1 << 20])
def test_a_file_that_is_not_packed_is_read_as_well(tmp_path: Path, size: int) -> None:
    captures = strewn([capture(), capture(OTHER_STORY, encoding="gzip")], other_people(20, size=3000), 7)
    write_file(tmp_path / "news.warc", captures, packing=False)
    pages, skipped, damaged = read(tmp_path / "news.warc", size=size)
    assert [page.url for page in pages] == [STORY, OTHER_STORY]
    assert (skipped, damaged) == ({"of other hosts": 20}, [])


def test_a_file_that_was_packed_as_a_whole_is_refused(tmp_path: Path) -> None:
    write_file(tmp_path / "news.warc", [capture(), capture(OTHER_STORY)], packing=False)
    (tmp_path / "whole.warc.gz").write_bytes(gzip.compress((tmp_path / "news.warc").read_bytes()))
    with pytest.raises(ArchiveError, match="packed as a whole and not record by record; `warcio recompress`"):
        read(tmp_path / "whole.warc.gz")


def test_a_file_that_is_packed_by_zstd_is_refused(tmp_path: Path) -> None:
    (tmp_path / "news.warc.zst").write_bytes(b"\x28\xb5\x2f\xfd" + bytes(100))
    with pytest.raises(ArchiveError, match="packed by zstd"):
        read(tmp_path / "news.warc.zst")


def test_the_maker_writes_what_it_says() -> None:
    """The helpers above stand on these."""
    assert in_chunks(b"abc", 2) == b"2\r\nab\r\n1\r\nc\r\n0\r\n\r\n"
    assert gzip.decompress(packed(b"abc", "gzip")) == b"abc"
    assert gzip.decompress(member(b"abc")) == b"abc"
