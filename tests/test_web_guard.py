"""What every request must pass and every answer carries."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from starlette.routing import Mount, Route

from db.connection import value
from tests.db_samples import Desk, article
from tests.web_desk import HOME, Reader, filled, form_of, site
from web.app import make_app
from web.guard import BY_ONE_CLICK, LARGEST_BODY

PATHS = (
    "/",
    "/search",
    "/search?q=(",
    "/articles/a0",
    "/review",
    "/sources",
    "/healthz",
    "/static/site.css",
    "/nowhere",
)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return filled(tmp_path / "policywire.sqlite")


@pytest.fixture
def reader(desk: Desk) -> Reader:
    return site(desk)


def routes(reader: Reader) -> list[str]:
    """An address of every route of the application."""
    found = []
    for route in reader.app.routes:
        assert isinstance(route, Route | Mount)
        found.append(route.path.replace("{id}", "q000000000000000") + ("/site.css" if isinstance(route, Mount) else ""))
    assert len(found) > 8
    return found


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_the_headers(reader: Reader, path: str) -> None:
    headers = reader.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "script-src 'self';" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-frame-options"] == "DENY"


def test_pages_are_asked_for_anew_and_the_style_sheet_is_kept(reader: Reader) -> None:
    page = reader.get("/")
    sheet = page.text.partition('rel="stylesheet" href="')[2].partition('"')[0]
    assert page.headers["cache-control"] == "private, no-cache"
    assert "immutable" in reader.get(sheet).headers["cache-control"]
    assert "immutable" not in reader.get("/static/site.css").headers["cache-control"]


def test_no_page_holds_script_or_style_of_its_own_or_asks_elsewhere(reader: Reader) -> None:
    for path in PATHS:
        page = reader.get(path).text
        scripts = page.split("<script")[1:]
        assert len(scripts) <= 1
        assert all(one.startswith(' src="/static/site.js?v=') and " defer></script>" in one for one in scripts)
        assert "<style" not in page
        assert " style=" not in page
        assert 'src="http' not in page


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "http://127.0.0.1:9", "http://127.0.0.1", "null", "x", None]
)
def test_every_route_refuses_a_post_from_elsewhere(reader: Reader, origin: str | None) -> None:
    for path in routes(reader):
        for method in ("POST", "PUT", "DELETE", "PATCH"):
            if path.startswith(BY_ONE_CLICK) and method == "POST":
                continue  # mail programs send it, with a token: tests/test_web_unsubscribe.py
            answer = reader.ask(method, path, headers={"origin": origin} if origin else {})
            assert (path, method, answer.status_code) == (path, method, 403)
            assert "content-security-policy" in answer.headers


def test_a_browser_that_hides_the_origin_is_known_by_what_it_says_of_the_site(desk: Desk, reader: Reader) -> None:
    identity = value(desk.db, "SELECT id FROM quotes LIMIT 1")
    headers = {"origin": "null", "content-type": "application/x-www-form-urlencoded"}
    here = reader.ask("POST", f"/review/{identity}", headers={**headers, "sec-fetch-site": "same-origin"})
    elsewhere = reader.ask("POST", f"/review/{identity}", headers={**headers, "sec-fetch-site": "cross-site"})
    assert (here.status_code, elsewhere.status_code) == (422, 403)


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example:80", "192.168.0.7", "", "[::1", "localhost@evil"]
)
def test_a_name_that_is_not_loopback_is_refused(reader: Reader, host: str) -> None:
    answer = reader.ask("GET", "/", headers={"host": host})
    assert answer.status_code == 400
    assert "guideline" not in answer.text


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "LOCALHOST:1", "[::1]:8000"])
def test_loopback_names_are_welcome(reader: Reader, host: str) -> None:
    assert reader.ask("GET", "/healthz", headers={"host": host}).status_code == 200


def test_a_form_that_is_too_large_is_refused(reader: Reader) -> None:
    answer = reader.ask("POST", "/review/q0", headers={"origin": HOME}, body=b"a=" + b"x" * LARGEST_BODY)
    assert answer.status_code == 413


def test_a_form_that_is_none_is_refused(desk: Desk, reader: Reader) -> None:
    identity = value(desk.db, "SELECT id FROM quotes LIMIT 1")
    path = f"/review/{identity}"
    as_json = reader.ask("POST", path, headers={"origin": HOME, "content-type": "application/json"}, body=b"{}")
    too_many = reader.post(path, {f"f{n}": "1" for n in range(200)})
    form = {"origin": HOME, "content-type": "application/x-www-form-urlencoded"}
    no_text = reader.ask("POST", path, headers=form, body=b"\xff\xfe=1")
    assert (as_json.status_code, too_many.status_code, no_text.status_code) == (415, 400, 400)


def test_a_post_to_a_page_that_takes_none_is_not_allowed(reader: Reader) -> None:
    assert reader.post("/search", {}).status_code == 405


def test_a_database_that_is_missing_is_told_with_503(tmp_path: Path) -> None:
    reader = Reader(make_app(tmp_path / "none.sqlite", archive=tmp_path))
    answer = reader.get("/")
    assert answer.status_code == 503
    assert "policywire crawl" in answer.text
    assert reader.get("/healthz").status_code == 503
    assert reader.get("/static/site.css").status_code == 200


def test_a_database_that_is_none_is_told_with_503(tmp_path: Path) -> None:
    path = tmp_path / "text.sqlite"
    path.write_text("no database " * 1000)
    answer = Reader(make_app(path, archive=tmp_path)).get("/")
    assert answer.status_code == 503
    assert "not a SQLite database" in answer.text


def test_a_decision_that_cannot_be_written_is_told_with_503(
    desk: Desk, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.desk.SLOWEST", 0.05)
    identity = value(desk.db, "SELECT id FROM quotes LIMIT 1")
    form = {**form_of(reader.get(f"/review/{identity}").text), "reviewer": "Ana", "decision": "accept"}
    writer = sqlite3.connect(desk.path, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    try:
        assert reader.get("/").status_code == 200
        answer = reader.post(f"/review/{identity}", form)
    finally:
        writer.close()
    assert answer.status_code == 503
    assert "locked by another process" in answer.text
    assert value(desk.db, "SELECT count(*) FROM decisions") == 0


def test_readers_are_not_disturbed_while_a_crawl_writes(desk: Desk, reader: Reader) -> None:
    paths = ["/", "/search?q=出口", "/review", "/sources"] * 6
    with ThreadPoolExecutor(max_workers=6) as pool:
        asked = [pool.submit(Reader(reader.app).get, path) for path in paths]
        for n in range(30):
            desk.store(
                article(f"Story {n} of a long night.", url=f"https://www.chinadaily.com.cn/a/202611/02/W{n}.html")
            )
        answers = [one.result() for one in asked]
    assert {answer.status_code for answer in answers} == {200}


def test_a_question_that_takes_too_long_is_given_up(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.desk.SLOWEST", -1.0)
    monkeypatch.setattr("web.desk._STEPS_BETWEEN_LOOKS", 1)
    answer = reader.get("/")
    assert answer.status_code == 503
    assert "ask for less" in answer.text


def test_a_mistake_of_ours_shows_no_inside(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object, **_options: object) -> None:
        raise RuntimeError("secret inside")

    monkeypatch.setattr("web.pages.sources.source_health", broken)
    answer = reader.get("/sources")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
