"""The commands one by one: what goes in, what comes out, and which exit status says how it went."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from urllib.request import urlopen

import pyarrow.parquet
import pytest
import trustme

import db
from db.connection import value
from db.views import PUBLIC_VIEWS
from demo.site import DemoSite
from spiders.source import SOURCES
from tests.demo_desk import ROOT, TODAY, DemoDesk, Done, column, set_up, wait_until
from tests.smtp_loopback import PASSWORD, USER, postbox
from tests.spiders_loopback import listing, rows, story, story_url

Policywire = Callable[..., Done]
SPEC = ROOT.parent / "shared" / "spec"
STORY = (
    "The Ministry of Commerce issued a guideline on river freight on Nov 18, easing permits for barges.\n\n"
    '"Barges will carry twice the grain next year," said Lin Qiao, chief executive of Weir & Quay Shipping Co Ltd.\n'
)
HEAD = [sys.executable, "-m", "cli"]


# -- parse -------------------------------------------------------------------------------------------------------------


def test_a_saved_story_is_printed_as_json(policywire: Policywire, tmp_path: Path) -> None:
    page = tmp_path / "story.html"
    page.write_text(story("Pears by rail"), encoding="utf-8")
    done = policywire("parse", page, "--url", story_url("2026-11-18", 1))
    record = json.loads(done.out)
    assert (done.status, done.err) == (0, "")
    wanted = (
        "url source title authors credit section published updated language text captions attachments number layout"
    )
    assert set(wanted.split()) <= set(record)
    assert (record["title"], record["authors"]) == ("Pears by rail", ["Nora Field"])


def test_a_page_can_come_on_standard_input(policywire: Policywire) -> None:
    given = story("Pears by rail").encode()
    assert json.loads(policywire("parse", "-", "--url", story_url("2026-11-18", 1), given=given).out)["title"]


def test_a_listing_gives_its_rows_and_where_it_goes_on(policywire: Policywire) -> None:
    page = listing(rows("2026-11-18", 1, 12), "https://www.chinadaily.com.cn/business/economy/page_2.html")
    url = "https://www.chinadaily.com.cn/business/economy"
    record = json.loads(policywire("parse", "-", "--url", url, given=page.encode()).out)
    assert len(record["rows"]) == 12
    assert record["next_page"].endswith("/business/economy/page_2.html")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "found no HTML"),
        (b"\x00\xff" * 5000, "selector"),
        (b"<html><body><p>hello", "selector"),
        (b"<html><body>" + b"<div>" * 200_000, "too deep"),
        (b"<html>" + b"<p>pears</p>" * 2_600_000, "too large"),
        ("<html><body><h1>出口管制</h1>".encode("gbk"), "selector"),
    ],
    ids=["empty", "garbage", "truncated", "nested", "30 MB", "wrong encoding"],
)
@pytest.mark.parametrize(
    "url", [story_url("2026-11-18", 1), "https://www.mofcom.gov.cn/zwgk/zcfb/art/2026/art_0123456789abcdef0123456789abcdef.html"]
)  # fmt: skip
def test_a_page_that_is_no_article_names_what_is_missing(
    policywire: Policywire, url: str, body: bytes, said: str
) -> None:
    done = policywire("parse", "-", "--url", url, given=body)
    assert (done.status, done.out, len(done.lines)) == (1, "", 1)
    assert url in done.err
    assert said in done.err


# -- extract -----------------------------------------------------------------------------------------------------------


def test_a_text_file_is_one_article(policywire: Policywire, tmp_path: Path) -> None:
    file = tmp_path / "barges.txt"
    file.write_text(STORY, encoding="utf-8")
    done = policywire("extract", file, "--published", "2026-11-19")
    record = json.loads(done.out)
    assert (done.status, record["id"]) == (0, "barges")
    assert [quote["speaker"] for quote in record["quotes"]] == ["Lin Qiao"]
    assert [policy["issued_on"] for policy in record["policies"]] == ["2026-11-18"]


def test_what_stands_beside_a_text_file_is_heeded(policywire: Policywire, tmp_path: Path) -> None:
    file = tmp_path / "barges.txt"
    file.write_text(STORY, encoding="utf-8")
    file.with_suffix(".meta.json").write_text('{"id": "b-1", "published": "2025-11-19", "url": null, "more": [1]}')
    record = json.loads(policywire("extract", file).out)
    assert record["id"] == "b-1"
    assert [policy["issued_on"] for policy in record["policies"]] == ["2025-11-18"]
    file.with_suffix(".meta.json").write_text("{")
    done = policywire("extract", file)
    assert (done.status, len(done.lines)) == (2, 1)
    assert "barges.meta.json" in done.err


def test_json_lines_come_out_in_the_order_they_came_in(policywire: Policywire) -> None:
    lines = [json.dumps({"id": f"n{number}", "text": STORY}) for number in range(30)]
    done = policywire("extract", "-", given="\n".join(lines).encode())
    assert [json.loads(line)["id"] for line in done.out.splitlines()] == [f"n{number}" for number in range(30)]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("not json", "is no JSON object"),
        ("[1]", "is no JSON object but list"),
        ('{"text": "x"}', "id"),
        ('{"id": "x"}', "text"),
        ('{"id": "x", "text": 5}', "text"),
        ('{"id": "x", "text": "y", "published": "2026-13-45"}', "published"),
        ('{"id": "x", "text": "y", "published": "2026-11-20 25:00"}', "published"),
        ("[" * 100_000, "is no JSON object"),
    ],
    ids=["words", "list", "no id", "no text", "number", "no such day", "no such hour", "deep"],
)
def test_a_line_that_is_no_article_is_told_in_its_place(policywire: Policywire, line: str, said: str) -> None:
    good = json.dumps({"id": "good", "text": STORY})
    done = policywire("extract", "--format", "jsonl", "-", given=f"{line}\n\n{good}\n".encode())
    first, second = map(json.loads, done.out.splitlines())
    assert said in first["error"]
    assert (second["id"], len(second["quotes"]), done.status, done.err) == ("good", 1, 1, "")


def test_half_a_surrogate_pair_ends_no_stream(policywire: Policywire) -> None:
    given = b'{"id": "a\\ud800", "text": "\\ud800 \\"Pears,\\" said Lin Qiao."}\n{"id": "b", "text": "x"}\n'
    done = policywire("extract", "-", given=given)
    assert [json.loads(line)["id"] for line in done.out.splitlines()] == ["a\ud800", "b"]


def test_each_article_is_answered_before_the_next_is_read() -> None:
    with subprocess.Popen(
        [*HEAD, "extract", "-"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        for number in range(3):
            child.stdin.write(json.dumps({"id": str(number), "text": STORY}) + "\n")
            child.stdin.flush()
            assert json.loads(child.stdout.readline())["id"] == str(number)
        child.stdin.close()
        assert child.wait(30) == 0


def test_nothing_in_gives_nothing_out(policywire: Policywire) -> None:
    assert policywire("extract", "-", given=b"\n") == Done(status=0, out="", err="")


def test_a_byte_order_mark_hides_no_json(policywire: Policywire) -> None:
    given = "\ufeff" + json.dumps({"id": "only", "text": STORY})
    assert json.loads(policywire("extract", "-", given=given.encode()).out)["id"] == "only"


def test_a_reader_who_goes_away_is_no_error_worth_a_traceback(tmp_path: Path) -> None:
    file = tmp_path / "many.jsonl"
    file.write_text("".join(json.dumps({"id": str(n), "text": STORY}) + "\n" for n in range(2000)))
    with subprocess.Popen(
        [*HEAD, "extract", str(file)], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        child.stdout.readline()
        child.stdout.close()
        assert child.stderr.read() == b""
        assert child.wait(30) == 1


@pytest.mark.skipif(not SPEC.exists(), reason="the specification is not beside the project")
def test_the_worked_example_of_the_specification(policywire: Policywire) -> None:
    record = json.loads(policywire("extract", SPEC / "examples" / "cgt.txt").out)
    juventas = ("Lyu Lulu", "CEO", "Tianjin-based Juventas Cell Therapy Ltd")
    vcanbio = ("Zhang Yu", "chief scientific officer", "Vcanbio Cell & Gene Engineering Corp")
    neukio = ("Chen Li", "an executive", "Shanghai-based cell therapy company Neukio Biotherapeutics")
    merck = ("Tao Juhong", "an executive", "Merck Life Science (Shanghai) Co Ltd")
    assert [(q["kind"], (q["speaker"], q["title"], q["organization"])) for q in record["quotes"]] == [
        ("indirect", ("industry experts", None, None)), ("indirect", ("the guideline", None, None)),
        ("partial", juventas), ("indirect", juventas), ("indirect", vcanbio), ("direct", vcanbio),
        ("indirect", neukio), ("direct", neukio), ("indirect", neukio), ("direct", neukio),
        ("indirect", merck), ("direct", merck),
    ]  # fmt: skip
    assert {(p["instrument"], p["issued_on"], p["salience"], p["action"]) for p in record["policies"]} == {
        ("guideline", "2024-11-21", "news", "opening"),
        ("statement", "2024-09", "background", "opening"),
        ("list", "2021", "background", "restriction"),
    }


# -- looking at a database ---------------------------------------------------------------------------------------------


def test_the_status_is_for_people_and_for_machines(policywire: Policywire, undisturbed: DemoDesk) -> None:
    done = policywire("--config", undisturbed.config, "status")
    for part in ("china_daily", "mofcom", "Last runs", "Review queue", "Outbox", "Open issues", "Needs a person"):
        assert part in done.out
    found = json.loads(policywire("--config", undisturbed.config, "status", "--json").out)
    assert found["counts"]["articles"] > 200
    assert [source["source"] for source in found["sources"]] == list(SOURCES)
    assert done.status == (1 if found["needs_a_person"] else 0)


def test_a_gap_in_the_numbers_is_a_lead_in_the_status(policywire: Policywire, undisturbed: DemoDesk) -> None:
    done = policywire("--config", undisturbed.config, "status")
    assert "Leads\n  商务部公告 2026: no document 34 between 33 of 2026-08-20 and 35 of 2026-08-2" in done.out


def test_what_needs_a_person_is_told_by_the_exit_status(policywire: Policywire, crawled: DemoDesk) -> None:
    with crawled.database() as base:
        base.conn.execute("UPDATE outbox SET state = 'dead' WHERE id = 1")
    done = policywire("--config", crawled.config, "status")
    assert done.status == 1
    assert "1 mail could not be delivered" in done.out


@pytest.mark.parametrize("view", PUBLIC_VIEWS)
def test_every_public_view_can_be_exported(policywire: Policywire, undisturbed: DemoDesk, view: str) -> None:
    as_csv = policywire("--config", undisturbed.config, "export", view)
    as_json = policywire("--config", undisturbed.config, "export", view, "--format", "json")
    table = list(csv.DictReader(io.StringIO(as_csv.out, newline="")))
    lines = [json.loads(line) for line in as_json.out.splitlines()]
    assert (as_csv.status, as_json.status) == (0, 0)
    assert len(table) == len(lines)
    assert not lines or list(table[0]) == list(lines[0])


def test_an_export_to_a_file_is_whole_or_not_there(
    policywire: Policywire, undisturbed: DemoDesk, tmp_path: Path
) -> None:
    file = tmp_path / "quotes.csv"
    assert policywire("--config", undisturbed.config, "export", "executive_quotes", "--output", file).status == 0
    with file.open(encoding="utf-8", newline="") as found:
        assert {row["role"] for row in csv.DictReader(found)} == {"executive"}
    assert [path.name for path in tmp_path.iterdir()] == ["quotes.csv"]


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet", "xlsx"])
def test_a_search_is_exported_with_a_manifest(
    policywire: Policywire, undisturbed: DemoDesk, tmp_path: Path, form: str
) -> None:
    file, beside = tmp_path / f"found.{form}", tmp_path / "found.json"
    done = policywire(
        "--config", undisturbed.config, "export", "policy_announcements", "--query", "出口", "--filter",
        "action=export_control", "--filter", "language=zh", "--since", "2026", "--format", form, "--output", file,
        "--manifest", beside,
    )  # fmt: skip
    assert (done.status, done.err) == (0, "")
    about = json.loads(beside.read_text(encoding="utf-8"))
    with undisturbed.database() as base:
        wanted = value(
            base,
            "SELECT count(*) FROM policy_announcements WHERE title || issuers || evidence || sectors || entities "
            "LIKE '%出口%' AND action = 'export_control' AND language = 'zh' AND sort_at >= '2026'",
        )
    assert about["rows"] == wanted > 0
    assert (about["query"], about["format"]) == ("出口", form)
    assert about["filters"] == {"action": ["export_control"], "language": ["zh"]}
    if form == "parquet":
        assert pyarrow.parquet.read_metadata(file).num_rows == wanted


def test_a_table_that_is_no_text_is_kept_off_a_terminal(undisturbed: DemoDesk) -> None:
    ours, theirs = os.openpty()
    done = subprocess.run(
        [*HEAD, "--config", str(undisturbed.config), "export", "articles_latest", "--format", "xlsx"],
        cwd=ROOT, stdout=theirs, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    os.close(theirs)
    os.close(ours)
    assert (done.returncode, done.stderr) == (2, "policywire: xlsx is no text: give a file with --output, or a pipe\n")


def test_an_export_whose_reader_goes_away_says_nothing(crawled: DemoDesk) -> None:
    with subprocess.Popen(
        [*HEAD, "--config", str(crawled.config), "export", "quotes_attributed"],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as child:  # fmt: skip
        assert child.stdout is not None
        assert child.stderr is not None
        child.stdout.close()
        assert child.stderr.read() == b""
        assert child.wait(30) == 1


def test_a_backup_opens_and_has_every_row(policywire: Policywire, undisturbed: DemoDesk, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    done = policywire("--config", undisturbed.config, "backup", copy)
    assert (done.status, "checked" in done.out) == (0, True)
    with undisturbed.database() as base, sqlite3.connect(copy) as copied:
        for table in ("articles", "quotes", "policies", "outbox", "pages"):
            sql = f"SELECT count(*) FROM {table}"  # noqa: S608
            assert copied.execute(sql).fetchone()[0] == column(base, sql)[0] > 0
    copied.close()
    again = policywire("--config", undisturbed.config, "backup", copy)
    assert (again.status, len(again.lines), "--force" in again.err) == (2, 1, True)
    assert policywire("--config", undisturbed.config, "backup", copy, "--force").status == 0


def test_the_site_answers_on_loopback_until_it_is_told_to_stop(undisturbed: DemoDesk) -> None:
    with subprocess.Popen(
        undisturbed.command("serve", "--port", "0"), cwd=ROOT, stderr=subprocess.PIPE, text=True
    ) as child:
        assert child.stderr is not None
        found = re.match(r"http://127\.0\.0\.1:\d+/", child.stderr.readline())
        assert found
        with urlopen(found[0], timeout=30) as answer:
            assert answer.status == 200
        child.send_signal(signal.SIGTERM)
        assert child.wait(30) in (0, -signal.SIGTERM)
        assert "Traceback" not in child.stderr.read()


# -- alerts ------------------------------------------------------------------------------------------------------------


def test_a_preview_counts_what_would_have_been_sent(policywire: Policywire, undisturbed: DemoDesk) -> None:
    done = policywire("--config", undisturbed.config, "alerts", "preview", "Export controls", "--days", "3650")
    with undisturbed.database() as base:
        told = "SELECT count(DISTINCT target_id) FROM alert_matches WHERE rule = 'Export controls'"
        matches = column(base, told)[0]
    assert done.status == 0
    assert done.out.count("\n    because action is ") == matches > 0
    assert done.out.splitlines()[-1].startswith(f"{matches} matches in ")


def test_sending_says_how_it_went(policywire: Policywire, crawled: DemoDesk) -> None:
    with postbox() as box:
        set_up(crawled.folder, None, mail=f"port = {box.port}")
        box.to_recipient = ["550 gone"]
        done = policywire("--config", crawled.config, "alerts", "send")
        assert (done.status, done.out) == (1, f"{len(box.messages)} sent, 0 postponed, 1 given up\n")
        assert policywire("--config", crawled.config, "alerts", "send").out == "0 sent, 0 postponed, 0 given up\n"
    assert len(set(box.ids)) == len(box.ids) > 50


def test_what_was_given_up_can_be_sent_again(policywire: Policywire, crawled: DemoDesk) -> None:
    with crawled.database() as base:
        base.conn.execute("UPDATE outbox SET state = 'dead', last_error = '550 no such user' WHERE id IN (1, 2)")
    done = policywire("--config", crawled.config, "alerts", "retry", "1")
    assert done.status == 0
    assert "550 no such user" in done.out
    assert "1 due again" in done.out

    unknown = policywire("--config", crawled.config, "alerts", "retry", "1")
    assert unknown.status == 2
    assert unknown.err.startswith("policywire: no dead letter 1;")
    listed = policywire("--config", crawled.config, "alerts", "retry")
    assert listed.out.splitlines()[0].startswith("2 to ")
    assert listed.out.splitlines()[1].startswith("name some by their numbers")
    assert "1 due again" in policywire("--config", crawled.config, "alerts", "retry", "--all").out
    assert policywire("--config", crawled.config, "alerts", "retry").out == "no dead letters\n"
    assert policywire("--config", crawled.config, "alerts", "retry", "1", "--all").status == 2
    with crawled.database() as base:
        assert base.conn.execute("SELECT count(*) FROM outbox WHERE state = 'dead'").fetchone() == (0,)


def test_a_server_that_cannot_be_used_is_told(policywire: Policywire, crawled: DemoDesk) -> None:
    set_up(crawled.folder, None, mail="port = 9")
    done = policywire("--config", crawled.config, "alerts", "send")
    assert done.status == 1
    assert "policywire: mail server: 127.0.0.1:9" in done.err
    assert "Traceback" not in done.err


def test_a_wrong_password_is_told_and_not_shown(
    policywire: Policywire, crawled: DemoDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(crawled.folder / "mail-ca.pem"))
    with postbox(login=True, authority=authority) as box:
        mail = f'port = {box.port}\nusername = "{USER}"\nsecurity = "starttls"\nca_file = "mail-ca.pem"'
        set_up(crawled.folder, None, mail=mail, rest='[logging]\nlevel = "debug"')
        monkeypatch.setenv("POLICYWIRE_SMTP_PASSWORD", "wrong-canary-99")
        done = policywire("--config", crawled.config, "alerts", "test", "reader@example.org")
        assert (done.status, len(done.lines)) == (2, 1)
        sent = policywire("--config", crawled.config, "alerts", "send")
        assert sent.status == 1
        assert "535" in sent.err
        assert "wrong-canary-99" not in done.err + done.out + sent.err + sent.out
        monkeypatch.setenv("POLICYWIRE_SMTP_PASSWORD", PASSWORD)
        assert policywire("--config", crawled.config, "alerts", "test", "reader@example.org").status == 0
    assert [message["To"] for message in box.messages] == ["reader@example.org"]
    for path in crawled.folder.iterdir():
        assert path.is_dir() or (b"canary" not in path.read_bytes())


# -- crawl -------------------------------------------------------------------------------------------------------------


def test_a_second_crawl_finds_nothing_new(crawled: DemoDesk) -> None:
    report = crawled.crawl("china_daily")
    assert (report["state"], report["new"], report["revised"], report["articles_fetched"]) == ("ok", 0, 0, 0)


def test_a_terminal_sees_how_far_a_crawl_is(demo_site: DemoSite, tmp_path: Path) -> None:
    desk = set_up(tmp_path, demo_site)
    mine, theirs = pty.openpty()
    command = desk.command("crawl", "china_daily", "--section", "business/money", "--as-of", TODAY)
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=theirs) as child:
        os.close(theirs)
        shown = b""
        with suppress(OSError):  # which is how a terminal ends
            while read := os.read(mine, 4096):
                shown += read
        os.close(mine)
        assert child.wait(60) == 0
    assert b"china_daily" in shown
    assert b"new " in shown
    assert b"Traceback" not in shown


def test_all_sources_are_crawled_when_none_is_named_and_end_with_their_parent(
    crawled: DemoDesk, tmp_path: Path
) -> None:
    with (tmp_path / "out").open("wb") as out:
        child = subprocess.Popen(crawled.command("crawl", "--json"), cwd=ROOT, stdout=out, stderr=out)

    def running() -> list[int]:
        with crawled.database() as base:
            return column(base, "SELECT pid FROM runs WHERE state = 'running'")

    wait_until(lambda: bool(running()) or child.poll() is not None)
    crawls = running()
    assert crawls
    child.terminate()
    assert child.wait(30) > 0, "not all that was asked for was done"
    assert not [pid for pid in crawls if _alive(pid)]
    crawled.run("status")
    assert running() == [], "one that was ended before it could say so is closed by the next who looks"


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_database_is_made_with_its_folder(policywire: Policywire, tmp_path: Path) -> None:
    desk = set_up(tmp_path / "desk", None)
    desk.archive.mkdir()
    (desk.archive / "mofcom").mkdir()
    (desk.archive / "mofcom" / "2026-11-20.warc.gz").write_bytes(b"")
    done = policywire("--config", desk.config, "reprocess")
    assert (done.status, done.out) == (0, "1 files, 0 pages: nothing to read\n")
    db.open_database(desk.path).close()
