"""The pages below /data: what can be asked, what cannot, what comes out, and in whose frame."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
from pathlib import Path
from urllib.parse import quote as escaped
from urllib.parse import urlencode

import httpx
import pytest

from db.connection import rows, value
from db.outbox import enqueue
from db.views import PUBLIC_VIEWS
from tests.db_samples import NOON, Desk, article, policy, statements
from tests.web_desk import HOME, Reader, filled, site
from tests.web_logins import logged_in, site_with_logins, with_users
from web.data.build import read_queries
from web.data.database import ReadableDatabase
from web.data.tables import READABLE, TABLES

SECRETS = ("users", "sessions", "login_attempts", "outbox", "alert_matches", "viewers", "claims")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return with_users(filled(tmp_path / "policywire.sqlite"))


@pytest.fixture
def reader(desk: Desk) -> Reader:
    return site(desk)


def ask(reader: Reader, sql: str, form: str = "") -> httpx.Response:
    return reader.get(f"/data/policywire{form}?{urlencode({'sql': sql})}")


def test_the_page_lists_the_public_views_and_the_tables_that_are_open(reader: Reader) -> None:
    page = reader.get("/data/policywire").text
    listed = set(re.findall(r'href="/data/policywire/([a-z_]+)"', page))
    assert listed == {*PUBLIC_VIEWS, *TABLES, *read_queries()}
    assert reader.get("/data").headers["location"] == "/data/policywire"
    assert reader.get("/data/").headers["location"] == "/data/policywire"


@pytest.mark.parametrize("name", sorted(READABLE))
def test_every_table_and_view_that_is_listed_can_be_opened_counted_and_asked(reader: Reader, name: str) -> None:
    page = reader.get(f"/data/policywire/{name}")
    assert page.status_code == 200
    assert f"<h1>{name}</h1>" in page.text
    answer = json.loads(ask(reader, f"select count(*) as n from {name}", ".json").text)  # noqa: S608
    assert answer["ok"], answer
    assert answer["rows"][0][0] >= 0


def test_a_table_is_hidden_until_somebody_lists_it(desk: Desk, reader: Reader) -> None:
    there = {one["name"] for one in rows(desk.db, "SELECT name FROM sqlite_master WHERE type = 'table'")}
    hidden = sorted(there - READABLE)
    assert set(SECRETS) <= set(hidden)
    assert any(name.endswith("_fts") for name in hidden)
    for name in hidden:
        assert reader.get(f"/data/policywire/{name}").status_code == 404, name
        assert reader.get(f"/data/policywire/{name}.json").status_code == 404, name
        assert reader.get(f"/data/policywire/{name}/1").status_code in (403, 404), name
        assert ask(reader, f'select * from "{name}"').status_code == 400, name  # noqa: S608


@pytest.mark.parametrize(
    "sql",
    [
        "select password from users",
        "select PASSWORD from USERS",
        "select count(*) from users",
        "select 1 from users",
        "select rowid from users",
        "select u.name from main.users u",
        "with quotes_attributed as (select password from users) select * from quotes_attributed",
        "select * from (select password as text from users) as quotes_attributed",
        "select (select password from users limit 1) from quotes",
        "select title from articles_latest where exists (select 1 from users where name like 'A%')",
        "select id from quotes order by (select password from users)",
        "select id from quotes union select digest from sessions",
        "select * from quotes natural join users",
        "select text from outbox",
        "select * from pragma_table_info('users')",
        "select * from pragma_database_list",
        "explain select * from users",
        "select * from sqlite_dbpage",
        "select * from dbstat",
        "select load_extension('x')",
        "select * from quotes_fts where quotes_fts match 'barges'",
        "select * from quotes_fts_content",
        "with x as (select 1) delete from quotes",
        "with x as (select 1) insert into quotes default values",
        "select writefile('x', 'y')",
    ],
)
def test_sql_reaches_neither_what_is_hidden_nor_the_file(desk: Desk, reader: Reader, sql: str) -> None:
    enqueue(desk.db, key="k", recipient="r@example.org", subject="secret-subject", text="secret-body", due_at=NOON)
    page = ask(reader, sql)
    assert page.status_code == 400
    assert ask(reader, sql, ".json").status_code == 400
    for held in ("$argon2", "secret-", "Vero"):
        assert held not in page.text
    assert value(desk.db, "SELECT count(*) FROM quotes") == 3


@pytest.mark.filterwarnings("ignore:coroutine")  # Datasette's own, that it does not get to
@pytest.mark.parametrize("parameter", ["_where", "_sort", "_facet", "_col"])
def test_no_parameter_of_a_table_reaches_what_is_hidden(reader: Reader, parameter: str) -> None:
    wanted = escaped("(select password from users limit 1) is not null")
    answer = reader.get(f"/data/policywire/quotes_attributed?{parameter}={wanted}")
    assert answer.status_code in (400, 403)
    assert "$argon2" not in answer.text


def test_a_connection_cannot_write_attach_or_open_a_door_for_itself(desk: Desk) -> None:
    connection = ReadableDatabase(None, desk.path).connect()
    for sql in (
        "insert into runs default values",
        "create temp table t (a)",
        "create temp view quotes as select * from users",
        "attach ':memory:' as other",
        "pragma query_only = off",
        "pragma writable_schema = on",
        "vacuum into 'copy.db'",
        "begin immediate",
    ):
        with pytest.raises(sqlite3.DatabaseError, match=r"denied|not authorized|prohibited"):
            connection.execute(sql)
    with pytest.raises(sqlite3.OperationalError):
        ReadableDatabase(None, desk.path).connect(write=True)
    connection.close()


@pytest.mark.parametrize(
    "path",
    [
        "/data/-/databases.json", "/data/-/settings", "/data/-/plugins", "/data/-/actor", "/data/-/static/app.css",
        "/data/-/messages", "/data/-/logout", "/data/_internal", "/data/_memory", "/data/policywire.db",
        "/data/policywire/../-/settings", "/data/policywire%2F..%2F-/settings", "/data/:memory:", "/data/favicon.ico",
        "/data/policywire/quotes.blob", "/data/policywire/quotes.jsono", "/data//", "/data/policywire/",
    ],
)  # fmt: skip
def test_nothing_else_of_datasette_can_be_reached(reader: Reader, path: str) -> None:
    assert reader.get(path).status_code == 404


def test_nothing_can_be_sent_there(reader: Reader) -> None:
    for path in ("/data/policywire", "/data/policywire/quotes", "/data/policywire/machine_against_reviewers"):
        assert reader.post(path, {"sql": "select 1"}).status_code == 405


def test_it_is_for_readers_and_the_cookie_stays_with_us(desk: Desk) -> None:
    closed = site_with_logins(desk)
    assert closed.get("/data/policywire/quotes").headers["location"].startswith("/login?next=%2Fdata")
    browser = logged_in(closed, "Rea")
    page = browser.get("/data/policywire/quotes_attributed")
    assert page.status_code == 200
    assert '<a class="mast-who" href="/account">Rea</a>' in page.text
    assert page.headers["cache-control"] == "private, no-store"
    assert "set-cookie" not in page.headers


@pytest.mark.parametrize(
    "path",
    [
        "/data/policywire",
        "/data/policywire/quotes_attributed?_facet=role&_where=role+is+not+null",
        "/data/policywire/quotes?_size=1",
        "/data/policywire?sql=select+1",
        "/data/policywire?sql=selec",
        "/data/policywire/nothing",
        "/data/policywire/quotes.json",
        "/data/policywire/quotes.csv",
    ],
)
def test_every_answer_carries_our_headers_and_nothing_inline(reader: Reader, path: str) -> None:
    answer = reader.get(path)
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "private, no-cache"
    assert not {"link", "vary", "set-cookie"} & set(answer.headers)
    assert "<style" not in answer.text
    assert " style=" not in answer.text
    assert re.findall(r"<script(?! src=\"/static/site\.js\?v=[0-9a-f]+\" defer></script>)", answer.text) == []
    assert not re.findall(r"href=\"http://127", answer.text)


def test_rows_are_filtered_counted_sorted_and_paged(reader: Reader) -> None:
    page = reader.get("/data/policywire/quotes_attributed?role=official&_facet=language").text
    assert "1 row, where role" in " ".join(page.split())
    assert re.search(r'language=zh">zh</a>\s*<span class="quiet">1</span>', page)
    added = reader.get("/data/policywire/quotes?_filter_column=role&_filter_op=exact&_filter_value=official")
    assert added.headers["location"] == "/data/policywire/quotes?role__exact=official"
    first = reader.get("/data/policywire/quotes_attributed?_size=2").text
    following = re.search(r'class="button" href="([^"]*)"', first)
    assert following is not None
    assert 'class="button"' not in reader.get(following[1].replace("&amp;", "&")).text


def test_ids_and_addresses_lead_on_and_everything_scraped_is_inert(desk: Desk, reader: Reader) -> None:
    text = "A guideline was issued.\u202e <script>alert(1)</script>"
    stored = desk.store(
        article(
            text, url="https://www.chinadaily.com.cn/a/202611/21/WSevil.html", title="<img src=x onerror=alert(2)>"
        ),
        statements(policies=[policy(text, "A guideline was issued.", title="javascript:alert(3)")]),
    )
    page = reader.get("/data/policywire/articles_latest").text
    assert f'<a href="/articles/{stored.article_id}">' in page
    assert "<img" not in page
    assert "<script>alert" not in page
    assert "\u202e" not in page
    assert 'rel="noreferrer noopener external"' in page
    announced = reader.get("/data/policywire/policy_announcements").text
    assert 'href="javascript' not in announced
    spoofed = ask(reader, "select 'https://example.org/\u202emoc' as a, '<b>' as \"<i>\"").text
    assert "\u202e" not in spoofed
    assert "&lt;i&gt;" in spoofed


def test_a_spreadsheet_runs_nothing_of_a_csv(reader: Reader) -> None:
    sql = (
        "select '=1+1' as \"=cmd()\", '+1 x' as b, '-2 y' as c, '@z' as d, char(9) || 'e' as e, char(13) || 'f' as f, "
        "'-3' as g, -4.5 as h, 'a,\"b' || char(10) || '=c' as i, '＝1' as j"
    )
    answer = ask(reader, sql, ".csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    header, row = csv.reader(io.StringIO(answer.text, newline=""))
    assert header[0] == "'=cmd()"
    assert row == ["'=1+1", "'+1 x", "'-2 y", "'@z", "'\te", "'\rf", "-3", "-4.5", 'a,"b\n=c', "'＝1"]
    saved = reader.get("/data/policywire/quotes_attributed.csv?_dl=1")
    assert saved.headers["content-disposition"] == 'attachment; filename="quotes_attributed.csv"'
    assert len(list(csv.DictReader(io.StringIO(saved.text, newline="")))) == 3


def test_a_csv_is_no_page_whatever_is_asked(reader: Reader) -> None:
    traced = reader.get("/data/policywire/quotes.csv?_trace=1&_ttl=9999&_stream=1")
    assert traced.headers["content-type"] == "text/csv; charset=utf-8"
    assert "<textarea" not in traced.text
    assert "max-age" not in traced.headers["cache-control"]


def test_a_question_without_end_is_stopped_and_can_be_mended(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("web.data.build").data.build.SETTINGS, "sql_time_limit_ms", 30)
    endless = "with recursive n (i) as (select 1 union all select i + 1 from n) select max(i) from n"
    answer = ask(reader, endless)
    assert answer.status_code == 400
    assert "took too long" in answer.text
    assert "union all select i + 1" in answer.text


def test_an_answer_is_cut_before_it_fills_the_memory(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.data.database.MOST_BYTES", 10_000)
    sql = "with recursive n (i) as (select 1 union all select i + 1 from n limit 100) select hex(zeroblob(500)) from n"
    answer = json.loads(ask(reader, sql, ".json").text)
    assert (len(answer["rows"]), answer["truncated"]) == (10, True)
    assert "too big" in ask(reader, "select length(zeroblob(5000000))").text


def test_a_mistake_in_sql_is_told_where_it_was_made(reader: Reader) -> None:
    answer = ask(reader, "select nowhere from quotes")
    assert answer.status_code == 400
    assert "no such column: nowhere" in answer.text
    assert ">select nowhere from quotes</textarea>" in answer.text
    assert ask(reader, "drop table quotes").status_code == 400
    assert json.loads(ask(reader, "drop table quotes", ".json").text)["error"] == "Statement must be a SELECT"


def test_a_mistake_of_ours_shows_no_inside(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object) -> None:
        raise RuntimeError("secret inside")

    monkeypatch.setattr("web.data.database.ReadableDatabase.primary_keys", broken)
    answer = reader.get("/data/policywire/quotes")
    assert answer.status_code == 500
    assert "secret" not in answer.text


def test_a_database_that_is_gone_is_told(tmp_path: Path, desk: Desk) -> None:
    reader = site(desk)
    desk.db.close()
    desk.path.unlink()
    answer = reader.get("/data/policywire")
    assert answer.status_code == 503
    assert "does not exist" in answer.text


@pytest.mark.parametrize("name", sorted(read_queries()))
def test_every_question_on_the_page_has_a_name_a_title_and_an_answer(reader: Reader, name: str) -> None:
    query = read_queries()[name]
    assert re.fullmatch(r"[a-z][a-z0-9_]*", name)
    assert name not in READABLE
    assert query["title"]
    assert reader.get(f"/data/policywire/{name}").status_code == 200
    page = reader.get(f"/data/policywire/{name}.json")
    assert json.loads(page.text)["ok"], page.text


def test_what_is_stored_meanwhile_is_seen(desk: Desk, reader: Reader) -> None:
    before = json.loads(ask(reader, "select count(*) from articles", ".json").text)["rows"][0][0]
    desk.store(article("One more story of barges.", url="https://www.chinadaily.com.cn/a/202611/22/WSmore.html"))
    after = json.loads(ask(reader, "select count(*) from articles", ".json").text)["rows"][0][0]
    assert (before, after) == (3, 4)


def test_other_pages_are_answered_while_a_question_is_thought_about(reader: Reader) -> None:
    assert reader.get("/data/policywire/quotes").status_code == 200
    assert reader.ask("HEAD", "/data/policywire/quotes").text == ""
    assert HOME in json.loads(reader.get("/data/policywire/quotes.json?_size=1").text)["next_url"]
