"""Exports of the site: every table and search as a file, ended when its reader goes away, cut off where he stalls."""

from __future__ import annotations

import csv
import io
import json
import socket
import threading
import zipfile
from collections.abc import Generator
from pathlib import Path

import anyio
import httpx
import pytest
import uvicorn
from python_calamine import CalamineWorkbook
from starlette.types import Message

from db import open_database
from db.export import Selection, rows_of
from db.formats import FORMATS
from db.views import PUBLIC_VIEWS
from tests.db_samples import Desk
from tests.web_desk import NOW, Reader, filled, site
from web import download
from web.desk import Desk as Behind
from web.download import Download, Ended
from web.pages.export import TABLES

Scope = dict[str, object]
SCOPE: Scope = {"type": "http", "method": "GET", "path": "/export/x.csv"}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return filled(tmp_path / "policywire.sqlite")


@pytest.fixture
def reader(desk: Desk) -> Reader:
    return site(desk)


def table(answer: httpx.Response) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.text, newline="")))


def test_the_page_offers_every_table_in_every_format(reader: Reader) -> None:
    assert set(TABLES) == set(PUBLIC_VIEWS)
    page = reader.get("/export").text
    for view in PUBLIC_VIEWS:
        for form in FORMATS:
            assert f'href="/export/{view}.{form}"' in page


@pytest.mark.parametrize("view", PUBLIC_VIEWS)
@pytest.mark.parametrize("form", FORMATS)
def test_every_table_comes_as_a_file_that_says_its_name_and_type(reader: Reader, view: str, form: str) -> None:
    answer = reader.get(f"/export/{view}.{form}")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == f'attachment; filename="{view}-2026-11-20.{form}"'
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "content-length" not in answer.headers
    magic = {"csv": b"", "jsonl": b"", "parquet": b"PAR1", "xlsx": b"PK"}
    assert answer.content.startswith(magic[form])


def test_a_search_is_exported_with_the_parameters_of_its_page(reader: Reader) -> None:
    found = table(reader.get("/search/export?q=ginkgo+OR+银杏叶&in=announcements&action=export_control&salience=news"))
    assert [one["title"] for one in found] == ["对银杏叶提取物实施出口管制的公告"]
    lines = reader.get("/search/export?in=quotes&role=executive&since=2026-11-20&format=jsonl").text.splitlines()
    assert [json.loads(line)["text"] for line in lines] == ["We sell at home anyway,"]


def test_the_form_leads_to_the_files_own_address(reader: Reader) -> None:
    answer = reader.get("/export/file?table=articles_latest&format=csv&q=%E5%87%BA%E5%8F%A3&since=&language=zh&bom=1")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/export/articles_latest.csv?q=%E5%87%BA%E5%8F%A3&language=zh&bom=1"
    found = reader.get(answer.headers["location"])
    assert found.content.startswith(b"\xef\xbb\xbfid,")
    assert len(found.content.splitlines()) > 1


def test_a_packed_file_has_its_manifest_beside_it(reader: Reader) -> None:
    with zipfile.ZipFile(io.BytesIO(reader.get("/export/instruments.csv?zip=1").content)) as packed:
        assert packed.namelist() == ["instruments.csv", "manifest.json"]
        about = json.loads(packed.read("manifest.json"))
    assert (about["table"], about["rows"], about["exported_at"]) == ("instruments", 2, "2026-11-20T05:00:00Z")


def test_a_workbook_says_what_was_asked(reader: Reader) -> None:
    made = reader.get("/search/export?q=barges&in=articles&format=xlsx").content
    about = CalamineWorkbook.from_filelike(io.BytesIO(made)).get_sheet_by_name("About").to_python()
    assert ["query", "barges"] in about


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("/export/outbox.csv", 404, "There are tables articles_latest"),
        ("/export/instruments.exe", 404, "each as csv, jsonl, parquet, xlsx"),
        ("/export/instruments.csv?colour=red", 400, "instruments has no column"),
        ("/export/articles_latest.csv?colour=red", 400, "no filter"),
        ("/export/instruments.xlsx?q=barges", 400, "instruments takes no query"),
        ("/export/articles_latest.csv?since=May", 400, "no date such as 2026-03-01"),
        ("/export/articles_latest.parquet?q=%22a", 400, "never closed"),
        ("/export/file?table=outbox&format=csv", 400, "Choose one of the tables"),
        ("/search/export?format=exe", 400, "there are csv, jsonl, parquet, xlsx"),
        ("/search/export?in=quotes&role=king", 400, "is no role"),
        ("/search/export?in=articles&q=%28", 400, "cannot be understood"),
        ("/search/export?q=barges", 400, "Say what to take along: in=announcements"),
    ],
)
def test_what_cannot_be_exported_is_told_on_a_page(reader: Reader, address: str, status: int, said: str) -> None:
    answer = reader.get(address)
    assert answer.status_code == status
    assert said in answer.text
    assert "content-disposition" not in answer.headers


def test_asking_for_the_headers_makes_no_file(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.pages.export.pieces_of", None)
    answer = reader.ask("HEAD", "/export/articles_latest.csv")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"


# -- while it is sent -------------------------------------------------------------------------------------------------


class Endless:
    """A file without end, which notes when it is left off."""

    def __init__(self) -> None:
        self.left_off = threading.Event()

    def __call__(self, ended: Ended) -> Generator[bytes, None, None]:
        try:
            while not ended():
                yield b"x" * 65_536
        finally:
            self.left_off.set()


async def never(_message: Message | None = None) -> Message:
    await anyio.sleep_forever()
    raise AssertionError


def test_a_reader_who_goes_away_ends_it() -> None:
    endless = Endless()
    server = uvicorn.Server(
        uvicorn.Config(
            Download(endless, name="x.csv", media_type="text/csv"), port=0, log_level="error", lifespan="off"
        )
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        thread.join(0.02)
    with socket.create_connection(server.servers[0].sockets[0].getsockname()[:2]) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert client.recv(12) == b"HTTP/1.1 200"
        assert not endless.left_off.is_set()
    assert endless.left_off.wait(10)
    server.should_exit = True
    thread.join(10)


def test_a_reader_who_stalls_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "LONGEST", 0.05)
    endless = Endless()
    anyio.run(Download(endless, name="x.csv", media_type="text/csv"), SCOPE, never, never)
    assert endless.left_off.is_set()


def test_a_question_in_progress_is_broken_off_when_the_reader_goes(desk: Desk) -> None:
    asked = threading.Event()

    def slow(ended: Ended) -> Generator[bytes, None, None]:
        with Behind(database=desk.path, archive=desk.path.parent).streaming(ended) as db:
            asked.set()
            db.conn.execute("WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT count(*) FROM c")
        yield b""

    async def gone_when_asked() -> Message:
        await anyio.to_thread.run_sync(asked.wait)
        return {"type": "http.disconnect"}

    anyio.run(Download(slow, name="x.csv", media_type="text/csv"), SCOPE, gone_when_asked, never)
    assert asked.is_set()


def test_more_than_a_few_at_once_are_asked_to_come_again(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "_free", threading.BoundedSemaphore(1))
    assert reader.get("/export/instruments.csv").status_code == 200
    download._free.acquire()
    answer = reader.get("/export/instruments.csv")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
    download._free.release()
    assert reader.get("/export/instruments.csv").status_code == 200


def test_an_export_that_goes_wrong_gives_its_place_back(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "_free", threading.BoundedSemaphore(1))
    for _ in range(3):
        assert reader.get("/export/instruments.csv?colour=red").status_code == 400
    assert reader.get("/export/instruments.csv").status_code == 200


def test_an_export_is_not_held_to_the_limit_of_the_pages(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.desk.SLOWEST", -1.0)
    monkeypatch.setattr("web.desk._STEPS_BETWEEN_LOOKS", 1)
    reader = site(desk)
    assert reader.get("/sources").status_code == 503
    assert len(table(reader.get("/export/articles_latest.csv"))) == 3


def test_a_writer_is_not_kept_from_tidying_up_by_a_reader_who_pauses(desk: Desk) -> None:
    with Behind(database=desk.path, archive=desk.path.parent, clock=lambda: NOW).streaming(lambda: False) as db:
        stream = rows_of(db, Selection(view="articles_latest"))
        next(stream)
        writer = open_database(desk.path)
        writer.conn.execute("UPDATE articles SET gone_at = NULL")
        assert writer.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[:2] == (0, 0)
        writer.conn.close()
        stream.close()
