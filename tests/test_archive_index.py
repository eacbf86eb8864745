"""A page is found by its address and time, whatever became of the index on the way."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest

from archive import appender
from archive.entries import line_of
from archive.find import closest, end_of, entries_from, entries_in, list_entries
from archive.index import Lines, index_of, is_settled, make
from archive.surt import surt
from archive.warc import Archive
from pipeline.model import Page

NOON = datetime(2026, 9, 18, 12, 0, 0, 123456, tzinfo=UTC)
NAME = "mofcom/2026-09-18.warc.gz"
ALL = (b"", b"\xff")

# keys as the Internet Archive's own package `surt` 0.3.1 gives them
KEYS = {
    "https://www.chinadaily.com.cn/a/202609/14/WS66e3.html": "cn,com,chinadaily)/a/202609/14/ws66e3.html",
    "http://www.mofcom.gov.cn/": "cn,gov,mofcom)/",
    "https://www.mofcom.gov.cn": "cn,gov,mofcom)/",
    "http://WWW2.Example.com:80/A/../b/./c//d/": "com,example)/b/c/d",
    "https://example.com:443/x?b=2&a=1#frag": "com,example)/x?a=1&b=2",
    "https://example.com:8443/x?": "com,example:8443)/x",
    "http://example.com/?foo&bar=": "com,example)/?bar=&foo",
    "https://x.cn/list?json=%7B%22pageNo%22%3A2%7D": 'cn,x)/list?json={"pageno":2}',
    "https://x.cn/%E5%95%86%E5%8A%A1?q=商": "cn,x)/%e5%95%86%e5%8a%a1?q=%e5%95%86",
    "https://x.cn/a%20b%2520c": "cn,x)/a%20b%20c",
    "https://x.cn/p?jsessionid=0123456789abcdef0123456789abcdef&a=1": "cn,x)/p?a=1",
    "http://x.cn/(a(0123456789abcdefghijklmn))/page.aspx?x=1": "cn,x)/page.aspx?x=1",
    "http://x.cn/../a": "cn,x)/../a",
    "http://x.cn/a/..": "cn,x)/",
    "http://user:pass@x.cn/a": "cn,x)/a",
    "https://例子.cn/a": "cn,xn--fsqu00a)/a",
    "https://www.x.cn./a": "cn,x)/a",
    "https://x.cn/a?x=%26&y=%3D": "cn,x)/a?&x=&y==",
    "x.cn/a": "cn,x)/a",
    "https://x.cn/a#b?c": "cn,x)/a",
    "https://x.cn/%zz%4": "cn,x)/%25zz%254",
    "https://x.cn/a?%23x=1": "cn,x)/a?%23x=1",
}


@pytest.mark.parametrize("url", KEYS)
def test_an_address_has_the_key_that_other_tools_look_for(url: str) -> None:
    assert surt(url) == KEYS[url]


def page(number: int, at: datetime = NOON, body: bytes = b"<p>Pears.</p>", **rest: object) -> Page:
    fields: dict[str, object] = {
        "url": f"https://x.example/{number}",
        "source": "mofcom",
        "body": body,
        "fetched_at": at,
        "headers": (("Content-Type", "text/html; charset=utf-8"),),
    }
    return Page(**{**fields, **rest})  # type: ignore[arg-type]


def keep(folder: Path, *pages: Page, rotate: int = 1 << 30) -> None:
    with Archive(folder, rotate=rotate) as archive:
        for one in pages:
            archive.append(one)


def found(folder: Path, number: int) -> Page | None:
    archive = Archive(folder)
    entry = closest(archive, f"https://x.example/{number}")
    return archive.read(entry.ref) if entry is not None else None


def lines_of(warc: Path) -> list[bytes]:
    return [line for line in index_of(warc).read_bytes().splitlines(keepends=True) if not line.startswith(b"!meta ")]


def test_a_line_has_the_fields_of_cdxj_and_points_where_another_tool_finds_the_record(tmp_path: Path) -> None:
    keep(tmp_path, page(2, status=404), page(1, kind="listing"))
    command = [str(Path(sys.executable).with_name("warcio")), "index", str(tmp_path / NAME), "-f"]
    fields = "offset,length,warc-type,warc-target-uri,http:status,warc-payload-digest"
    theirs = subprocess.run([*command, fields], capture_output=True, text=True, check=True).stdout.splitlines()
    records = {told["warc-target-uri"]: told for told in map(json.loads, theirs) if told["warc-type"] == "response"}
    lines = lines_of(tmp_path / NAME)
    assert [line.split(b" ")[:2] for line in lines] == [
        [b"example,x)/1", b"20260918120000"],
        [b"example,x)/2", b"20260918120000"],
    ]
    for line in lines:
        said = json.loads(line.split(b" ", 2)[2])
        record = records[said["url"]]
        assert (said["offset"], said["length"]) == (record["offset"], record["length"])
        assert (said["status"], said["digest"]) == (record["http:status"], record["warc-payload-digest"])
        assert (said["mime"], said["filename"], said["size"]) == ("text/html", NAME, "13")


def test_an_address_that_was_redirected_is_found_as_the_one_that_it_led_to(tmp_path: Path) -> None:
    keep(tmp_path, page(1, final_url="https://y.example/one"), page(2, final_url="https://x.example/2/"))
    archive = Archive(tmp_path)
    asked, had = closest(archive, "https://x.example/1"), closest(archive, "https://y.example/one")
    assert asked is not None
    assert had is not None
    assert asked.ref == had.ref
    assert (asked.redirect, had.redirect) == ("https://y.example/one", None)
    assert len(lines_of(tmp_path / NAME)) == 3, "one key is one line"


def test_answers_to_posted_forms_are_told_apart(tmp_path: Path) -> None:
    forms = ["page=1&column=a", "page=2&column=a"]
    keep(tmp_path, *(page(1, url=f"https://x.example/list#{f}", form=f, body=f.encode()) for f in forms), page(2))
    archive = Archive(tmp_path)
    for form in forms:
        entry = closest(archive, f"https://x.example/list#{form}")
        assert entry is not None
        assert archive.read(entry.ref).body == form.encode()
        # as cdxj-indexer --post-append makes it
        said = b"example,x)/list?__wb_method=post&column=a&page=%s 20260918120000 " % form[5:6].encode()
        assert line_of(entry).startswith(said)
        assert json.loads(line_of(entry).split(b" ", 2)[2])["url"] == "https://x.example/list"
    assert closest(archive, "https://x.example/list") is None
    assert closest(archive, "https://x.example/2#top") is not None


def test_the_newest_copy_is_found_and_the_newest_up_to_a_time(tmp_path: Path) -> None:
    times = [NOON, NOON + timedelta(seconds=5), NOON + timedelta(days=2)]
    keep(tmp_path, *(page(1, at, str(at).encode()) for at in times), page(2, times[2] + timedelta(days=3)))
    archive = Archive(tmp_path)

    def at(moment: datetime | None) -> bytes | None:
        entry = closest(archive, "http://x.example/1#top", moment)
        return archive.read(entry.ref).body if entry is not None else None

    assert at(None) == str(times[2]).encode()
    assert at(times[0]) == str(times[0]).encode()
    assert at(times[1] - timedelta(seconds=1)) == str(times[0]).encode()
    assert at(times[1] + timedelta(hours=20)) == str(times[1]).encode()
    assert at(times[0] - timedelta(seconds=1)) is None
    assert at(times[0] - timedelta(days=9)) is None
    assert closest(archive, "https://x.example/3") is None


def test_copies_are_listed_by_prefix_source_and_day_in_the_order_of_fetching(tmp_path: Path) -> None:
    kept = [
        page(9), page(1), page(10, NOON + timedelta(days=1)), page(5, url="https://x.example/a/5"),
        page(6, url="https://x.example/ab/6"), page(7, url="https://x.example/a", source="china_daily"),
    ]  # fmt: skip
    keep(tmp_path, *kept, rotate=1)

    def listed(**which: object) -> list[str]:
        entries = list_entries(Archive(tmp_path), **which)  # type: ignore[arg-type]
        return [entry.url.removeprefix("https://x.example/") for entry in entries]

    assert listed() == ["a", "9", "1", "a/5", "ab/6", "10"]
    assert listed(prefix="https://x.example/1") == ["1", "10"]
    assert listed(prefix="x.example/a/") == ["a", "a/5"]
    assert listed(prefix="x.example/a") == ["a", "a/5", "ab/6"]
    assert listed(prefix="https://x.example/") == listed(prefix="x.example") == listed()
    assert listed(prefix="https://y.example/") == []
    assert listed(source="china_daily") == ["a"]
    assert listed(since=date(2026, 9, 19)) == ["10"]
    assert listed(until=date(2026, 9, 18), source="mofcom") == ["9", "1", "a/5", "ab/6"]


def test_the_index_of_a_file_that_was_closed_is_sorted(tmp_path: Path) -> None:
    keep(tmp_path, *(page(n) for n in (5, 3, 11, 1)))
    keep(tmp_path, page(4), page(2))
    lines = lines_of(tmp_path / NAME)
    assert lines == sorted(lines)
    assert len(lines) == 6
    assert is_settled(tmp_path / NAME)


def test_lines_are_sorted_in_while_a_crawl_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(appender, "SETTLE", 4)
    with Archive(tmp_path) as archive:
        for number in (8, 6, 4, 2, 7, 5):
            archive.append(page(number))
        assert [line.split(b" ")[0][-1:] for line in lines_of(tmp_path / NAME)] == [b"2", b"4", b"6", b"7", b"8", b"5"]
        assert all(found(tmp_path, number) for number in (2, 4, 5, 6, 7, 8))


def test_searching_finds_what_looking_through_finds(tmp_path: Path) -> None:
    numbers = [n * 7 % 100 for n in range(100)]
    keep(tmp_path, *(page(n) for n in numbers))
    lines = lines_of(tmp_path / NAME)
    with index_of(tmp_path / NAME).open("rb") as file:
        for low in range(0, 100, 3):
            for high in (low, low + 1, low + 30, 100):
                bounds = f"example,x)/{low} ".encode(), f"example,x)/{high} ".encode()
                assert list(Lines(file, *bounds)) == [ln for ln in lines if bounds[0] <= ln < bounds[1]]


DAMAGE = {
    "gone": lambda index: index.unlink(),
    "empty": lambda index: index.write_bytes(b""),
    "torn in a line": lambda index: os.truncate(index, index.stat().st_size - 40),
    "torn in the middle": lambda index: os.truncate(index, index.stat().st_size // 2),
    "torn at the head": lambda index: os.truncate(index, 10),
    "zeros at the end": lambda index: index.write_bytes(index.read_bytes() + b"\0" * 300),
    "of a longer file": lambda index: index.write_bytes(
        index.read_bytes().replace(b'"covers": ', b'"covers": 9', 1)
    ),
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("closed", [True, False], ids=["after a crawl", "after one that died"])
def test_an_index_that_was_lost_or_torn_is_made_again(tmp_path: Path, damage: str, closed: bool) -> None:
    folder = tmp_path / "kept"
    with Archive(tmp_path / "open") as archive:
        for number in range(6):
            archive.append(page(number))
        if closed:
            archive.close()
        shutil.copytree(archive.folder, folder)
    DAMAGE[damage](index_of(folder / NAME))
    keep(folder, page(6))
    lines = lines_of(folder / NAME)
    assert [line.split(b" ")[0][-1:] for line in lines] == [b"%d" % number for number in range(7)]
    assert lines[:6] == lines_of(tmp_path / "open" / NAME)
    assert is_settled(folder / NAME)


def test_an_index_that_is_taken_away_while_a_crawl_goes_on_is_made_again(tmp_path: Path) -> None:
    with Archive(tmp_path) as archive:
        for number in range(4):
            archive.append(page(number))
        index_of(tmp_path / NAME).unlink()
        for number in range(4, 8):
            archive.append(page(number))
    assert len(lines_of(tmp_path / NAME)) == 8


@pytest.mark.parametrize("damage", ["gone", "empty", "torn in a line", "torn in the middle", "zeros at the end"])
def test_what_the_index_lacks_is_found_in_the_records_without_writing(tmp_path: Path, damage: str) -> None:
    with Archive(tmp_path) as archive:
        for number in range(6):
            archive.append(page(number))
        DAMAGE[damage](index_of(tmp_path / NAME))
        before = sorted((path, path.stat().st_mtime_ns) for path in tmp_path.rglob("*"))
        assert [found(tmp_path, number) for number in range(7)] == [*map(page, range(6)), None]
        assert {entry.url for entry in list_entries(Archive(tmp_path))} == {page(n).url for n in range(6)}
        assert sorted((path, path.stat().st_mtime_ns) for path in tmp_path.rglob("*")) == before


def test_an_index_can_be_made_anew_from_the_records(tmp_path: Path) -> None:
    keep(tmp_path, *(page(n) for n in range(6)))
    whole = index_of(tmp_path / NAME).read_bytes()
    index_of(tmp_path / NAME).write_bytes(whole.replace(b"404", b"200").replace(b"x)/3 ", b"x)/4 "))
    make(tmp_path / NAME, tmp_path, anew=True)
    assert index_of(tmp_path / NAME).read_bytes() == whole


def test_to_open_a_file_again_reads_its_last_record_and_not_those_before(tmp_path: Path) -> None:
    keep(tmp_path, *(page(n) for n in range(6)))
    with (tmp_path / NAME).open("r+b") as file:
        file.write(b"\0" * 900)  # whoever begins at the beginning finds no record there
    before = index_of(tmp_path / NAME).read_bytes()
    with Archive(tmp_path) as archive:
        archive.append(page(6))
        assert index_of(tmp_path / NAME).read_bytes().startswith(before)
    with (tmp_path / NAME).open("ab") as file:
        file.write(b"torn")
    keep(tmp_path, page(7))
    assert [line.split(b" ")[0][-1:] for line in lines_of(tmp_path / NAME)] == [b"%d" % n for n in range(8)]


def test_an_index_that_knows_of_more_than_there_is_misleads_nobody(tmp_path: Path) -> None:
    keep(tmp_path, *(page(n) for n in range(6)))
    os.truncate(tmp_path / NAME, (tmp_path / NAME).stat().st_size // 2)
    keep(tmp_path, *(page(n, body=os.urandom(3000)) for n in range(6, 9)))
    kept = [one.url for _, one in Archive(tmp_path).pages()]
    assert kept[-3:] == [page(n).url for n in range(6, 9)]
    assert [entry.url for entry in list_entries(Archive(tmp_path))] == kept
    assert is_settled(tmp_path / NAME)


def test_a_damaged_line_costs_time_and_no_page(tmp_path: Path) -> None:
    keep(tmp_path, *(page(n) for n in range(6)))
    index = index_of(tmp_path / NAME)
    index.write_bytes(index.read_bytes().replace(b'"offset"', b'"0ffset"', 3))
    assert [found(tmp_path, number) for number in range(6)] == [page(n) for n in range(6)]
    assert [entry.url for entry in list_entries(Archive(tmp_path))] == [page(n).url for n in range(6)]


def test_pages_are_found_from_a_place_on(tmp_path: Path) -> None:
    kept = [page(n, NOON + timedelta(days=n // 4)) for n in (3, 1, 2, 0, 5, 4)]
    kept[1] = page(1, final_url="https://y.example/1")
    keep(tmp_path, *kept)
    archive = Archive(tmp_path)
    refs = [ref for ref, _ in archive.pages()]
    place = refs[0].file, refs[0].offset + refs[0].length
    assert [entry.ref for entry in entries_from(archive, "mofcom", "", 0)] == refs
    assert [entry.ref for entry in entries_from(archive, "mofcom", *place)] == refs[1:]
    assert [entry.ref for entry in entries_from(archive, "mofcom", refs[-1].file, 0)] == refs[4:]
    assert list(entries_from(archive, "mofcom", *end_of(archive, "mofcom"))) == []
    index_of(tmp_path / refs[0].file).unlink()
    assert [entry.ref for entry in entries_from(archive, "mofcom", *place)] == refs[1:]


def test_a_disk_without_room_for_the_index_costs_no_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Archive(tmp_path) as archive:
        archive.append(page(1))

        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as patched:
            patched.setattr("archive.index.add", full)
            patched.setattr("archive.index.catch_up", full)
            archive.append(page(2))
            archive.append(page(3))
        archive.append(page(4))
        assert [found(tmp_path, number) for number in (1, 2, 3, 4)] == [page(n) for n in (1, 2, 3, 4)]
    assert len(lines_of(tmp_path / NAME)) == 4


def test_two_writers_keep_one_index(tmp_path: Path) -> None:
    with Archive(tmp_path) as first, Archive(tmp_path) as second:
        for number in range(0, 10, 2):
            first.append(page(number))
            second.append(page(number + 1))
    lines = lines_of(tmp_path / NAME)
    assert len(lines) == 10
    assert lines == sorted(lines)
    assert is_settled(tmp_path / NAME)


KILLED = """
import os, sys
from pathlib import Path
from datetime import UTC, datetime
from archive import appender
from archive.warc import Archive
from pipeline.model import Page
appender.SETTLE = 3
with Archive(Path(sys.argv[1])) as archive:
    for number in range(10**6):
        archive.append(Page(url=f"https://x.example/{number}", source="mofcom", body=os.urandom(9000),
                            final_url=f"https://y.example/{number}", fetched_at=datetime(2026, 9, 17, tzinfo=UTC)))
        print(number, flush=True)
"""


@pytest.mark.parametrize("moment", [1, 3, 7, 12])
def test_after_kill_9_every_page_that_was_kept_is_found_and_the_next_day_mends_the_file(
    tmp_path: Path, moment: int
) -> None:
    process = subprocess.Popen([sys.executable, "-c", KILLED, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    confirmed = [int(process.stdout.readline()) for _ in range(moment)]
    process.send_signal(signal.SIGKILL)
    confirmed += [int(line) for line in process.stdout.read().split()]
    process.wait()
    process.stdout.close()
    yesterday = tmp_path / "mofcom" / "2026-09-17.warc.gz"
    with yesterday.open("ab") as file:
        file.write(b"\x1f\x8b\x08 torn")
    assert all(closest(Archive(tmp_path), f"https://{host}.example/{n}") for n in confirmed for host in "xy")
    keep(tmp_path, page(1))
    assert is_settled(yesterday)
    pages = [one for _, one in Archive(tmp_path).pages("mofcom/2026-09-17*")]
    kept = {name for one in pages for name in (one.url, one.final_url)}
    entries = list(entries_in(yesterday, tmp_path, *ALL))
    assert {entry.url for entry in entries} == kept
    assert len(entries) == len(kept) >= 2 * len(confirmed)


def test_what_a_page_says_of_itself_breaks_no_line(tmp_path: Path) -> None:
    evil = page(1, url="https://x.example/a b\u2028c\x85", headers=(("Content-Type", 'a"b\\\x07\x1b[2J/x; y'),))
    keep(tmp_path, evil, page(2))
    lines = lines_of(tmp_path / NAME)
    assert len(lines) == 2
    assert all(line.isascii() and line.count(b"\n") == 1 for line in lines)
    (entry,) = [e for e in list_entries(Archive(tmp_path)) if e.url != page(2).url]
    assert line_of(entry) in lines
    assert list(BytesIO(b"".join(lines))) == lines
