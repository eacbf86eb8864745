"""The archive keeps what it says it keeps: across kills, writers, damage and other people's tools."""

from __future__ import annotations

import gzip
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from archive.members import last_whole_member
from archive.warc import Archive, ArchiveError, DamagedRecord, read_pages
from pipeline.model import ArchiveRef, Page

NOON = datetime(2026, 9, 18, 12, 0, 0, 123456, tzinfo=UTC)
NAME = "china_daily/2026-09-18.warc.gz"


def page(number: int = 1, body: bytes = b"<p>Pears.</p>", **rest: object) -> Page:
    fields: dict[str, object] = {
        "url": f"https://www.chinadaily.com.cn/a/{number}.html",
        "source": "china_daily",
        "body": body,
        "fetched_at": NOON,
        "headers": (("Content-Type", "text/html"), ("X-Twice", "1"), ("X-Twice", "2")),
    }
    return Page(**{**fields, **rest})  # type: ignore[arg-type]


def valid_for_warcio(path: Path) -> bool:
    class Arguments:
        inputs = [str(path)]  # noqa: RUF012
        verbose = False

    checker = Checker(Arguments())
    checker.process_all()
    return checker.exit_value == 0


def test_a_page_comes_back_as_it_was(tmp_path: Path) -> None:
    kept = [
        page(1),
        page(2, kind="listing", status=404),
        page(3, final_url="https://global.chinadaily.com.cn/a/3.html"),
        page(4, b'{"content": []}', kind="search", headers=(("Content-Type", "application/json"),)),
        page(5, b"", status=599),
        page(6, "商务部公告".encode()),
        page(7, final_url="https://www.chinadaily.com.cn/a/7.html"),
        page(8, bytes(range(256)) * 40),
        page(9, url="http://portal.mofcom.gov.cn/list#page=2&column=1", form="page=2&column=1"),
        page(
            9,
            url="http://portal.mofcom.gov.cn/list#page=2",
            form="page=2",
            final_url="https://portal.mofcom.gov.cn/list",
        ),
    ]
    with Archive(tmp_path) as archive:
        refs = [archive.append(one) for one in kept]
        assert [archive.read(ref) for ref in refs] == kept


def test_streaming_gives_the_same_pages_and_references_as_appending(tmp_path: Path) -> None:
    with Archive(tmp_path) as archive:
        kept = [(archive.append(one), one) for one in (page(n, b"x" * n * 1000) for n in range(1, 6))]
        assert list(archive.pages()) == kept
        assert list(archive.pages("mofcom/*.warc.gz")) == []


def test_a_body_that_came_packed_is_kept_unpacked_with_its_true_length(tmp_path: Path) -> None:
    packed = (("Content-Encoding", "gzip"), ("Content-Length", "7"), ("Transfer-Encoding", "chunked"), ("A", "b"))
    with Archive(tmp_path) as archive:
        ref = archive.append(page(body=b"unpacked body", headers=packed))
        assert archive.read(ref).headers == (("A", "b"),)
    with (tmp_path / NAME).open("rb") as file:
        response = next(record for record in ArchiveIterator(file) if record.rec_type == "response")
        assert response.http_headers.get_header("Content-Length") == "13"
        assert response.http_headers.get_header("Content-Encoding") is None
        assert response.content_stream().read() == b"unpacked body"


def test_other_tools_find_the_file_valid_with_a_request_for_each_response(tmp_path: Path) -> None:
    with Archive(tmp_path) as archive:
        for number in range(3):
            archive.append(page(number))
    path = tmp_path / NAME
    assert valid_for_warcio(path)
    with path.open("rb") as file:
        records = [
            (record.rec_type, record.rec_headers.get_header("WARC-Target-URI")) for record in ArchiveIterator(file)
        ]
    url = "https://www.chinadaily.com.cn/a/{}.html".format
    assert records == [("warcinfo", None)] + [(kind, url(n)) for n in range(3) for kind in ("response", "request")]


def test_a_posted_form_stands_in_the_request_record(tmp_path: Path) -> None:
    with Archive(tmp_path) as archive:
        archive.append(page(url="http://portal.mofcom.gov.cn/list#page=2&column=1", form="page=2&column=1"))
    assert valid_for_warcio(tmp_path / NAME)
    with (tmp_path / NAME).open("rb") as file:
        records = [
            (record.rec_headers.get_header("WARC-Target-URI"), record.http_headers.statusline, record.raw_stream.read())
            for record in ArchiveIterator(file)
            if record.rec_type == "request"
        ]
        assert records == [("http://portal.mofcom.gov.cn/list", "/list HTTP/1.1", b"page=2&column=1")]


def test_the_headers_that_a_page_was_asked_for_with_stand_in_the_request_record(tmp_path: Path) -> None:
    sent = (("User-Agent", "policywire/0.1 (+desk@example.org)"), ("If-None-Match", '"a"\r\nX: y'), ("Host", "evil"))
    with Archive(tmp_path) as archive:
        archive.append(page(sent=sent))
    assert valid_for_warcio(tmp_path / NAME)
    with (tmp_path / NAME).open("rb") as file:
        headers = [record.http_headers.headers for record in ArchiveIterator(file) if record.rec_type == "request"]
    assert headers == [[("Host", "www.chinadaily.com.cn"), ("User-Agent", sent[0][1]), ("If-None-Match", '"a" X: y')]]


def test_other_tools_find_every_sort_of_page_valid_and_copy_it(tmp_path: Path) -> None:
    packed = (("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked"), ("Content-Type", "text/html"))
    kept = [
        page(1, headers=packed),
        page(2, final_url="https://global.chinadaily.com.cn/a/2.html"),
        page(3, status=404),
        page(4, bytes(range(256)) * 300, kind="attachment", headers=(("Content-Type", "application/pdf"),)),
        page(5, b""),
        page(6, status=599, headers=()),
        page(7, "商务部公告".encode("gb18030"), headers=(("Content-Type", "text/html; charset=gb2312"),)),
        page(8, b"WARC/1.1\r\nContent-Length: 3\r\n\r\nabc\r\n\r\n\x1f\x8b\x08"),
    ]
    with Archive(tmp_path, rotate=1500) as archive:
        for one in kept:
            archive.append(one)
        paths = archive.paths()
    assert len(paths) > 2
    warcio = Path(sys.executable).with_name("warcio")
    for path in paths:
        assert valid_for_warcio(path)
        copy = path.with_name("copy.warc.gz")
        subprocess.run([str(warcio), "recompress", str(path), str(copy)], capture_output=True, check=True)
        assert valid_for_warcio(copy)
        assert [one for _, one in read_pages(copy)] == [one for _, one in read_pages(path)]
        copy.unlink()


def test_each_source_and_day_has_its_own_file(tmp_path: Path) -> None:
    with Archive(tmp_path) as archive:
        archive.append(page())
        archive.append(page(fetched_at=NOON + timedelta(days=1)))
        archive.append(page(source="mofcom"))
        late_in_beijing = datetime.fromisoformat("2026-09-19T03:00:00+08:00")
        assert archive.append(page(fetched_at=late_in_beijing)).file == NAME
        assert [str(path.relative_to(tmp_path)) for path in archive.paths()] == [
            NAME,
            "china_daily/2026-09-19.warc.gz",
            "mofcom/2026-09-18.warc.gz",
        ]


def test_it_goes_on_in_the_file_of_an_earlier_process(tmp_path: Path) -> None:
    with Archive(tmp_path) as archive:
        first = archive.append(page(1))
    with Archive(tmp_path) as archive:
        second = archive.append(page(2))
        assert [ref for ref, _ in archive.pages()] == [first, second]
    assert valid_for_warcio(tmp_path / NAME)


@pytest.mark.parametrize("cut", [1, 30, 200, 400])
def test_a_torn_tail_is_cut_off_and_put_aside(tmp_path: Path, cut: int) -> None:
    path = tmp_path / NAME
    with Archive(tmp_path) as archive:
        kept = [archive.append(page(n)) for n in range(2)]
        before = path.stat().st_size
        archive.append(page(9, os.urandom(2000)))
    torn = path.read_bytes()[: before + cut]
    path.write_bytes(torn)
    assert [ref for ref, _ in read_pages(path, tmp_path)] == kept, "a reader passes over a tail not yet mended"
    with Archive(tmp_path) as archive:
        kept.append(archive.append(page(3)))
        assert [ref for ref, _ in archive.pages()] == kept
    assert Path(f"{path}.torn").read_bytes() == torn[before:]
    assert valid_for_warcio(path)


def test_a_response_that_is_whole_survives_when_its_request_record_is_torn(tmp_path: Path) -> None:
    path = tmp_path / NAME
    with Archive(tmp_path) as archive:
        ref = archive.append(page(1))
    path.write_bytes(path.read_bytes()[: ref.offset + ref.length + 40])
    with Archive(tmp_path) as archive:
        archive.append(page(2))
        assert [one.url[-6:] for _, one in archive.pages()] == ["1.html", "2.html"]
    assert valid_for_warcio(path)


KILLED = """
import os, sys
from pathlib import Path
from datetime import UTC, datetime
from archive.warc import Archive
from pipeline.model import Page
with Archive(Path(sys.argv[1])) as archive:
    for number in range(10**6):
        body = os.urandom(60_000)
        archive.append(Page(url=f"https://www.chinadaily.com.cn/{number}", source="china_daily", body=body,
                            fetched_at=datetime(2026, 9, 18, tzinfo=UTC)))
        print(number, flush=True)
"""


def test_what_append_returned_for_is_there_after_kill_9(tmp_path: Path) -> None:
    for moment in (1, 4, 9):
        process = subprocess.Popen(
            [sys.executable, "-c", KILLED, str(tmp_path / str(moment))], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        confirmed = [int(process.stdout.readline()) for _ in range(moment)]
        process.send_signal(signal.SIGKILL)
        confirmed += [int(line) for line in process.stdout.read().split()]
        process.wait()
        process.stdout.close()
        with Archive(tmp_path / str(moment)) as archive:
            archive.append(page(1))
            numbers = [one.url.rsplit("/", 1)[1] for _, one in archive.pages()]
        assert numbers[: len(confirmed)] == [str(number) for number in confirmed]
        assert len(confirmed) + 1 <= len(numbers) <= len(confirmed) + 2, "at most one more was whole but not confirmed"
        assert valid_for_warcio(tmp_path / str(moment) / NAME)


def write_many(folder: Path, writer: int) -> None:
    with Archive(folder) as archive:
        for number in range(25):
            archive.append(page(writer * 100 + number, os.urandom(3000)))


def test_two_writers_do_not_mix_their_records(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=write_many, args=(tmp_path, number)) for number in (1, 2, 3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
        assert writer.exitcode == 0
    with Archive(tmp_path) as archive:
        assert len(list(archive.pages())) == 75
    assert valid_for_warcio(tmp_path / NAME)
    assert not Path(f"{tmp_path / NAME}.torn").exists()


def test_a_writer_mends_what_another_one_tore_meanwhile(tmp_path: Path) -> None:
    path = tmp_path / NAME
    with Archive(tmp_path) as archive:
        archive.append(page(1))
        with path.open("ab") as other:
            other.write(gzip.compress(b"WARC/1.1 half a rec")[:-6])
        archive.append(page(2))
        assert len(list(archive.pages())) == 2
    assert valid_for_warcio(path)


def test_pages_that_come_after_the_archive_was_deleted_are_kept(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    with Archive(folder) as archive:
        archive.append(page(1))
        shutil.rmtree(folder)
        refs = [archive.append(page(number)) for number in (2, 3)]
        (folder / NAME).rename(folder / "moved.warc.gz")
    assert [archive.read(replace(ref, file="moved.warc.gz")) for ref in refs] == [page(2), page(3)]
    assert valid_for_warcio(folder / "moved.warc.gz")


def test_damage_in_the_middle_costs_one_record_and_never_the_ones_after_it(tmp_path: Path) -> None:
    path = tmp_path / NAME
    with Archive(tmp_path) as archive:
        refs = [archive.append(page(n)) for n in range(3)]
    data = bytearray(path.read_bytes())
    data[refs[1].offset + 20 : refs[1].offset + 30] = b"\xff" * 10
    path.write_bytes(bytes(data))
    with Archive(tmp_path) as archive:
        refs.append(archive.append(page(3)))
        damaged: list[str] = []
        assert [ref for ref, _ in read_pages(path, tmp_path, damaged)] == [refs[0], refs[2], refs[3]]
        assert f"at {refs[1].offset}" in damaged[0]
        assert archive.read(refs[2]) == page(2)
    assert not Path(f"{path}.torn").exists()


def test_a_full_disk_leaves_no_half_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.pwrite
    with Archive(tmp_path) as archive:
        archive.append(page(1))

        def full(file: int, data: bytes, offset: int) -> int:
            if len(data) > 100:
                return real(file, data[:100], offset)
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "pwrite", full)
        with pytest.raises(ArchiveError, match=r"2026-09-18\.warc\.gz.*No space"):
            archive.append(page(2, os.urandom(150)))
        monkeypatch.undo()
        archive.append(page(3))
        assert [one.url[-6:] for _, one in archive.pages()] == ["1.html", "3.html"]


def test_a_changed_body_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / NAME
    with Archive(tmp_path) as archive:
        first = archive.append(page(1))
        archive.append(page(2, b"<p>Apples.</p>"))
        third = archive.append(page(3))
        data = path.read_bytes()
        member = gzip.decompress(data[first.offset : first.offset + first.length]).replace(b"Pears", b"Plums")
        changed = gzip.compress(member)
        path.write_bytes(data[: first.offset] + changed + data[first.offset + first.length :])
        with pytest.raises(DamagedRecord, match="not what was written"):
            archive.read(ArchiveRef(file=NAME, offset=first.offset, length=len(changed)))
        with pytest.raises(DamagedRecord):
            list(archive.pages())
        damaged: list[str] = []
        assert [one.url[-6:] for _, one in read_pages(path, tmp_path, damaged)] == ["2.html", "3.html"]
        assert len(damaged) == 1
        assert NAME in damaged[0]
        assert third.file == NAME


@pytest.mark.parametrize(
    "ref",
    [
        ArchiveRef(file="../outside.warc.gz", offset=0, length=10),
        ArchiveRef(file="/etc/hostname", offset=0, length=10),
        ArchiveRef(file="china_daily/1999-01-01.warc.gz", offset=0, length=10),
        ArchiveRef(file=NAME, offset=3, length=200),
        ArchiveRef(file=NAME, offset=10**9, length=200),
    ],
)
def test_a_reference_that_leads_nowhere_says_so(tmp_path: Path, ref: ArchiveRef) -> None:
    with Archive(tmp_path) as archive:
        archive.append(page(1))
        with pytest.raises(ArchiveError):
            archive.read(ref)


def test_line_breaks_in_scraped_headers_cannot_forge_fields(tmp_path: Path) -> None:
    evil = page(1, headers=(("X-Note", "a\r\nWARC-Target-URI: https://evil.example/\r\n\r\nbody"),))
    with Archive(tmp_path) as archive:
        back = archive.read(archive.append(evil))
    assert back.url == evil.url
    assert back.body == evil.body


@pytest.mark.parametrize("source", ["", "../x", "a/b", "."])
def test_a_source_that_cannot_name_a_folder_is_refused(tmp_path: Path, source: str) -> None:
    with Archive(tmp_path) as archive, pytest.raises(ArchiveError):
        archive.append(page(source=source))


def test_the_end_of_the_last_whole_member_is_found_wherever_the_file_ends(tmp_path: Path) -> None:
    members = [gzip.compress(b"WARC/1.1" + bytes([n]) * 500) for n in range(4)]
    whole = b"".join(members)
    ends = [sum(map(len, members[:n])) for n in range(5)]
    path = tmp_path / "members"
    for length in range(len(whole) + 1):
        path.write_bytes(whole[:length])
        with path.open("rb") as file:
            assert last_whole_member(file) == max(end for end in ends if end <= length)


def test_pages_that_are_written_together_are_synced_once_and_lie_in_their_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    real = os.fsync
    pages = [page(number) for number in range(5)]
    with Archive(tmp_path) as archive:
        archive.append(page(9))
        monkeypatch.setattr(os, "fsync", lambda file: (synced.append(file), real(file)))
        refs = archive.append_all(pages)
        assert len(synced) == 1
        assert [archive.read(ref) for ref in refs] == pages
        assert [one for _, one in archive.pages()][1:] == pages
    assert valid_for_warcio(tmp_path / NAME)


def test_pages_that_are_written_together_fill_one_file_after_the_other(tmp_path: Path) -> None:
    pages = [page(number, os.urandom(3000)) for number in range(7)]
    with Archive(tmp_path, rotate=5000) as archive:
        refs = archive.append_all(pages)
        assert [archive.read(ref) for ref in refs] == pages
        assert [path.name for path in archive.paths()] == [
            "2026-09-18.warc.gz", "2026-09-18-2.warc.gz", "2026-09-18-3.warc.gz", "2026-09-18-4.warc.gz"
        ]  # fmt: skip
    for path in archive.paths():
        assert valid_for_warcio(path)


def test_of_pages_that_are_written_together_a_full_disk_keeps_all_or_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.pwrite
    with Archive(tmp_path) as archive:
        archive.append(page(1))

        def full(file: int, data: bytes, offset: int) -> int:
            if len(data) > 2000:
                return real(file, data[:2000], offset)
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "pwrite", full)
        with pytest.raises(ArchiveError, match="No space"):
            archive.append_all([page(number, os.urandom(900)) for number in (2, 3, 4)])
        monkeypatch.undo()
        archive.append(page(5))
        assert [one.url[-6:] for _, one in archive.pages()] == ["1.html", "5.html"]
