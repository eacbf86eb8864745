"""`policywire archive`: what is kept is listed, printed and checked, and what is wrong is named."""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from archive.find import list_entries
from archive.index import index_of
from archive.warc import Archive
from db.connection import rows
from pipeline.model import ArchiveRef
from tests.demo_desk import ROOT, DemoDesk, Done, column

Policywire = Callable[..., Done]
HOST = "https://www.chinadaily.com.cn/"


@pytest.fixture
def ask(policywire: Policywire, crawled: DemoDesk) -> Callable[..., Done]:
    return lambda *arguments: policywire("--config", crawled.config, "archive", *arguments)


@pytest.fixture
def story(crawled: DemoDesk) -> dict[str, Any]:
    """A page row of a story that was stored."""
    with crawled.database() as db:
        return next(rows(db, "SELECT * FROM pages WHERE outcome = 'new' AND source = 'mofcom' ORDER BY id LIMIT 1"))


def test_a_healthy_archive_is_found_to_be_so(ask: Callable[..., Done], crawled: DemoDesk) -> None:
    done = ask("verify")
    assert (done.status, done.err) == (0, ""), done.out
    pages = sum(1 for _ in Archive(crawled.archive).pages())
    assert done.out.endswith("all is well\n")
    assert f" {pages} pages" in done.out


def bare(url: str) -> str:
    """The address without scheme and fragment: a redirect from http to https is found under one key."""
    return url.partition("://")[2].partition("#")[0]


def test_listing_shows_every_page_once_in_the_order_of_fetching(ask: Callable[..., Done], crawled: DemoDesk) -> None:
    pages = list(Archive(crawled.archive).pages())
    told = [json.loads(line) for line in ask("ls", "--json").out.splitlines()]
    whole = [(one["file"], one["offset"]) for one in told if one["redirect"] is None]
    assert whole == [(ref.file, ref.offset) for ref, _ in pages]
    asked = {url for _, page in pages for url in (page.url, page.final_url) if url}
    assert {bare(one["url"]) for one in told} == {bare(url) for url in asked}
    lines = ask("ls", HOST, "--source", "china_daily").out.splitlines()
    assert lines
    assert all(HOST in line and "china_daily/" in line and line.isprintable() for line in lines)
    assert ask("ls", "--since", "2100-01-01").out == ""


def test_a_page_is_printed_as_it_came(ask: Callable[..., Done], crawled: DemoDesk, story: dict[str, Any]) -> None:
    ref = ArchiveRef(file=story["warc_file"], offset=story["warc_offset"], length=story["warc_length"])
    page = Archive(crawled.archive).read(ref)
    assert ask("cat", story["url"]).out.encode() == page.body
    head, _, body = ask("cat", story["url"], "--headers").out.encode().partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert f"Content-Length: {len(page.body)}".encode() in head
    assert body == page.body
    day, moment = page.fetched_at.strftime("%Y-%m-%d"), page.fetched_at.strftime("%Y%m%d%H%M%S")
    assert ask("cat", story["url"], "--at", day).out == ask("cat", story["url"], "--at", moment).out
    assert ask("cat", story["url"], "--at", moment).out.encode() == page.body


def test_a_page_that_is_not_there_is_one_line_and_status_1(ask: Callable[..., Done], story: dict[str, Any]) -> None:
    done = ask("cat", "https://www.mofcom.gov.cn/nothing\x1b[2J")
    assert (done.status, done.out) == (1, "")
    assert "no copy of https://www.mofcom.gov.cn/nothing?[2J in the archive" in done.err
    done = ask("cat", story["url"], "--at", "2001-01-01")
    assert done.status == 1
    assert "up to 2001-01-01" in done.err
    assert "the newest is of 20" in done.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("cat", "https://x.example/", "--at", "yesterday"), "--at 'yesterday' is no time"),
        (("ls", "--source", "nobody"), "nothing of 'nobody'; it has: china_daily"),
        (("verify", "--source", "../.."), "nothing of '../..'"),
    ],
)
def test_what_cannot_be_asked_is_one_line(ask: Callable[..., Done], arguments: tuple[str, ...], said: str) -> None:
    done = ask(*arguments)
    assert done.status == 2
    assert said in done.err
    assert len(done.lines) == 1


def test_without_an_archive_it_says_what_to_do(policywire: Policywire, tmp_path: Path) -> None:
    (tmp_path / "policywire.toml").write_text('[storage]\narchive = "nowhere"\n')
    for command in (("ls",), ("verify",), ("cat", "https://x.example/")):
        done = policywire("--config", tmp_path / "policywire.toml", "archive", *command)
        assert done.status == 2
        assert "there is no archive at" in done.err


def damage_record(desk: DemoDesk, row: dict[str, Any]) -> str:
    with (desk.archive / row["warc_file"]).open("r+b") as file:
        file.seek(row["warc_offset"] + row["warc_length"] // 2)
        file.write(b"\x00" * 30)
    return f"{row['warc_file']}:{row['warc_offset']}"


def change_record(desk: DemoDesk, row: dict[str, Any]) -> str:
    path = desk.archive / row["warc_file"]
    data, begin, end = path.read_bytes(), row["warc_offset"], row["warc_offset"] + row["warc_length"]
    member = gzip.decompress(data[begin:end])
    path.write_bytes(data[:begin] + gzip.compress(member[:-30] + b"!" + member[-29:]) + data[end:])
    return f"{row['warc_file']}:{begin}: the record is not what was written"


def take_file(desk: DemoDesk, row: dict[str, Any]) -> str:
    (desk.archive / row["warc_file"]).unlink()
    return f"{row['warc_file']} is missing"


def forget_row(desk: DemoDesk, row: dict[str, Any]) -> str:
    with desk.database() as db:
        db.conn.execute("UPDATE issues SET page_id = NULL WHERE page_id = ?", [row["id"]])
        db.conn.execute("DELETE FROM pages WHERE id = ?", [row["id"]])
        db.conn.commit()
    return f"{row['warc_file']}:{row['warc_offset']}: the database does not know this page"


def move_row(desk: DemoDesk, row: dict[str, Any]) -> str:
    with desk.database() as db:
        db.conn.execute("UPDATE pages SET warc_offset = warc_offset + 1 WHERE id = ?", [row["id"]])
        db.conn.commit()
    return f"{row['warc_file']}:{row['warc_offset'] + 1}: no whole page, but the database has one of {row['url']}"


def change_row(desk: DemoDesk, row: dict[str, Any]) -> str:
    with desk.database() as db:
        db.conn.execute("UPDATE pages SET size = 7 WHERE id = ?", [row["id"]])
        db.conn.commit()
    return f"{row['warc_file']}:{row['warc_offset']}: size is {row['size']}, but 7 in the database"


def tear_tail(desk: DemoDesk, row: dict[str, Any]) -> str:
    path = desk.archive / row["warc_file"]
    size = path.stat().st_size
    with path.open("ab") as file:
        file.write(b"\x1f\x8b\x08torn")
    return f"{row['warc_file']}:{size}: a torn record of 7 bytes"


def change_index(desk: DemoDesk, row: dict[str, Any]) -> str:
    index = index_of(desk.archive / row["warc_file"])
    index.write_bytes(index.read_bytes().replace(b'"status": "200"', b'"status": "201"', 1))
    return f"{index}: lacks 1 of "


def take_index(desk: DemoDesk, row: dict[str, Any]) -> str:
    index_of(desk.archive / row["warc_file"]).unlink()
    return f"{index_of(Path(row['warc_file'])).name} beside"


@pytest.mark.parametrize(
    "harm",
    [
        damage_record, change_record, take_file, forget_row, move_row, change_row, tear_tail, change_index, take_index,
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_and_gives_status_1(
    ask: Callable[..., Done], crawled: DemoDesk, story: dict[str, Any], harm: Callable[[DemoDesk, dict[str, Any]], str]
) -> None:
    said = harm(crawled, story)
    done = ask("verify", "--source", "mofcom")
    assert done.status == 1
    assert any(said in line for line in done.out.splitlines()), done.out
    assert ask("verify", "--source", "china_daily").status == 0


def test_indexes_that_are_wrong_are_made_anew(
    ask: Callable[..., Done], crawled: DemoDesk, story: dict[str, Any]
) -> None:
    change_index(crawled, story)
    assert ask("index").out == f"0 of {len(Archive(crawled.archive).paths())} indexes made\n"
    assert ask("index", "--rebuild", "--source", "mofcom").out == "1 of 1 indexes made\n"
    assert ask("verify").status == 0


def test_status_names_a_file_that_is_gone(policywire: Policywire, crawled: DemoDesk, story: dict[str, Any]) -> None:
    take_file(crawled, story)
    done = policywire("--config", crawled.config, "status")
    assert done.status == 1
    assert f"  {story['warc_file']} of the archive {crawled.archive} missing" in done.out
    shutil.rmtree(crawled.archive)
    done = policywire("--config", crawled.config, "status")
    assert sum("missing" in line for line in done.out.splitlines()) == 1, "one line, however many files"
    assert " files, the first china_daily/" in done.out


def test_an_archive_that_cannot_be_written_is_read_all_the_same(crawled: DemoDesk) -> None:
    next(crawled.archive.rglob("*.cdxj")).unlink()
    before = sorted((path, path.stat().st_mtime_ns) for path in crawled.archive.rglob("*"))
    for path in [*crawled.archive.rglob("*"), crawled.archive]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    url = next(list_entries(Archive(crawled.archive))).url
    for arguments in (["ls"], ["cat", url]):
        done = crawled.run("archive", *arguments)
        assert done.status == 0, done.err
        assert done.out
    assert sorted((path, path.stat().st_mtime_ns) for path in crawled.archive.rglob("*")) == before


@pytest.mark.parametrize("command", ["ls", "cat"])
def test_a_reader_who_leaves_hears_nothing(crawled: DemoDesk, command: str) -> None:
    url = max((entry.size, entry.url) for entry in list_entries(Archive(crawled.archive)))[1]
    given = " ".join(crawled.command("archive", command, *([url] if command == "cat" else [])))
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {given} | head -c 1"], cwd=ROOT, capture_output=True, timeout=120
    )
    assert len(done.stdout) == 1
    assert done.stderr == b""


def test_looking_into_the_archive_loads_no_crawler_and_no_database() -> None:
    code = (
        "import sys, cli, archive.find\n"
        "heavy = {'scrapy', 'twisted', 'starlette', 'sqlite_utils', 'apscheduler', 'db', 'web', 'spiders'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_database_and_the_archive_agree_on_every_story(crawled: DemoDesk) -> None:
    with crawled.database() as db:
        known = set(column(db, "SELECT url FROM pages WHERE kind = 'article' AND status = 200"))
    kept = {p.url for _, p in Archive(crawled.archive).pages() if p.kind == "article" and p.status == 200}
    assert kept == known
