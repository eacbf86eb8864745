"""Log lines: a person's or a machine's, each event on one line with its fields."""

from __future__ import annotations

import json
import logging
import os
import re
import subprocess
import sys
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

import logs
from logs import hide, log_to_stderr, name_process, named
from tests.demo_desk import ROOT, TODAY, DemoDesk

HOSTILE = (
    "Notice\n2026-11-20T02:00:00.000Z ERROR   scheduler: forged\r\x1b[2J\x9b31m\x85\u2028\u202eevil\u200b\udcff\x00\x7f"
)


@pytest.fixture(autouse=True)
def _root_as_before(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    handlers, level = logging.root.handlers[:], logging.root.level
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(logs, "_OF_THE_PROCESS", {})
    monkeypatch.setattr(logs, "_SECRETS", [])
    with warnings.catch_warnings():
        yield
        logging.captureWarnings(False)
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)


def test_a_machine_reads_one_object_a_line(capfd: pytest.CaptureFixture[str]) -> None:
    log_to_stderr("info", "json")
    log = logging.getLogger("archive.warc")
    log.info("page kept", extra={"url": "https://www.mofcom.gov.cn/", "bytes": 7, "odd": object()})
    try:
        raise ValueError("two\nlines")
    except ValueError:
        log.exception("page lost")
    log.debug("not of interest")
    kept, lost = map(json.loads, capfd.readouterr().err.splitlines())
    assert {**kept, "at": ""} == {
        "at": "", "level": "info", "logger": "archive.warc", "message": "page kept",
        "url": "https://www.mofcom.gov.cn/", "bytes": 7,
    }  # fmt: skip
    assert "ValueError: two\nlines" in lost["exception"]


def test_a_person_reads_the_fields_after_the_message(capfd: pytest.CaptureFixture[str]) -> None:
    log_to_stderr("warning", "text")
    logging.getLogger("scheduler").warning("task failed", extra={"task": "deliver"})
    logging.getLogger("scheduler").info("not of interest")
    assert capfd.readouterr().err.rstrip().endswith("WARNING scheduler: task failed task=deliver")


def test_chatty_libraries_are_heard_only_when_something_is_wrong(capfd: pytest.CaptureFixture[str]) -> None:
    log_to_stderr("info", "text")
    logging.getLogger("scrapy.core.engine").info("Crawled 200")
    logging.getLogger("scrapy.core.engine").error("it broke")
    assert [line.rpartition(": ")[2] for line in capfd.readouterr().err.splitlines()] == ["it broke"]


def test_a_whole_crawl_logs_nothing_that_a_machine_cannot_read(crawled: DemoDesk) -> None:
    text = crawled.config.read_text(encoding="utf-8")
    crawled.config.write_text(f'{text}\n[logging]\nformat = "json"\nlevel = "debug"\n', encoding="utf-8")
    done = crawled.run("crawl", "mofcom", "--as-of", TODAY, "--json")
    assert done.lines
    for line in done.lines:
        assert {"at", "level", "logger", "message"} <= set(json.loads(line))


# -- whose line it is -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["text", "json"])
def test_every_line_of_a_task_names_its_job_and_no_other_threads_does(
    capfd: pytest.CaptureFixture[str], form: logs.Form
) -> None:
    log_to_stderr("info", form)
    elsewhere = threading.Thread(target=logging.getLogger("jobs").info, args=["elsewhere"])
    with named(job="crawl", source="mofcom"), named(run=7):
        logging.getLogger("apscheduler.executors").warning("a library's line")
        elsewhere.start()
        elsewhere.join()
    logging.getLogger("jobs").info("afterwards")
    during, other, after = capfd.readouterr().err.splitlines()
    for words in ("mofcom", "crawl", "run", "7"):
        assert words in during
    assert "mofcom" not in other
    assert "mofcom" not in after


def test_a_process_that_does_one_thing_says_so_in_each_line_of_each_thread(capfd: pytest.CaptureFixture[str]) -> None:
    log_to_stderr("info", "json")
    name_process(job="crawl", source="mofcom")
    name_process(run=12)
    with named(source="state_council"):
        logging.getLogger("a").info("inner")
    thread = threading.Thread(target=logging.getLogger("b").info, args=["other thread"])
    thread.start()
    thread.join()
    name_process(run=None)
    logging.getLogger("c").info("without")
    inner, other, without = map(json.loads, capfd.readouterr().err.splitlines())
    assert (inner["job"], inner["source"], inner["run"]) == ("crawl", "state_council", 12)
    assert (other["job"], other["source"], other["run"]) == ("crawl", "mofcom", 12)
    assert "run" not in without


def test_each_line_of_a_crawl_names_its_run_and_source_those_of_scrapy_too(crawled: DemoDesk) -> None:
    text = crawled.config.read_text(encoding="utf-8")
    crawled.config.write_text(f'{text}\n[logging]\nformat = "json"\nlevel = "debug"\n', encoding="utf-8")
    lines = [json.loads(line) for line in crawled.run("crawl", "mofcom", "--as-of", TODAY, "--json").lines]
    with crawled.database() as db:
        (run,) = db.conn.execute("SELECT max(id) FROM runs").fetchone()
    assert {(line["job"], line["source"]) for line in lines} == {("crawl", "mofcom")}
    of_the_run = [line for line in lines if "run" in line]
    assert {line["run"] for line in of_the_run} == {run}
    assert {line["logger"].partition(".")[0] for line in of_the_run} >= {"scrapy"}
    assert len(lines) - len(of_the_run) <= 3, "only what is said before the run is opened"
    (said,) = (line for line in lines if line["message"] == "crawl closed")
    assert (said["state"], said["run"]) == ("ok", run)


# -- what is scraped forges nothing -----------------------------------------------------------------------------------


def test_a_hostile_title_forges_no_line_for_a_person(capfd: pytest.CaptureFixture[str]) -> None:
    log_to_stderr("info", "text")
    logging.getLogger("spiders").warning("odd title %s", HOSTILE, extra={"title": HOSTILE, "url": "https://x.cn/?a=b"})
    err = capfd.readouterr().err
    assert len(err.split("\n")) == 2
    assert err.splitlines() == [err.rstrip("\n")], "no other end of a line either"
    assert err.rstrip("\n").isprintable()
    assert "Notice\\n2026-11-20" in err
    assert "\\x1b[2J\\x9b31m\\x85\\u2028\\u202eevil" in err
    assert " url=https://x.cn/?a=b" in err


def test_a_hostile_title_forges_no_line_for_a_machine_and_is_read_back_as_it_was(
    capfd: pytest.CaptureFixture[str],
) -> None:
    log_to_stderr("info", "json")
    logging.getLogger("spiders").warning("odd title %s", HOSTILE, extra={"title": HOSTILE, "level": "forged"})
    (line,) = capfd.readouterr().err.splitlines()
    assert line.isprintable()
    read = json.loads(line)
    assert (read["title"], read["message"]) == (HOSTILE, f"odd title {HOSTILE}")
    assert read["level"] == "warning"


def test_a_value_with_spaces_cannot_pass_for_another_field(capfd: pytest.CaptureFixture[str]) -> None:
    log_to_stderr("info", "text")
    logging.getLogger("a").info("kept", extra={"title": 'x" job=deliver', "empty": ""})
    assert capfd.readouterr().err.rstrip().endswith('kept title="x\\" job=deliver" empty=""')


def test_the_lines_of_a_traceback_cannot_pass_for_lines_of_their_own(capfd: pytest.CaptureFixture[str]) -> None:
    log_to_stderr("info", "text")
    try:
        raise ValueError(HOSTILE)
    except ValueError:
        logging.getLogger("spiders").exception("page lost")
    first, *rest = capfd.readouterr().err.split("\n")[:-1]
    assert re.match(r"\d{4}-\d\d-\d\dT[\d:.]{12}Z ERROR   spiders: page lost$", first)
    assert rest
    assert all(line.startswith("  | ") and line.isprintable() for line in rest)


def test_a_page_is_not_quoted_in_full(capfd: pytest.CaptureFixture[str]) -> None:
    log_to_stderr("info", "text")
    logging.getLogger("a").info("x" * 100_000, extra={"text": "y" * 100_000})
    assert len(capfd.readouterr().err) < 7_000


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_secret_is_hidden_in_message_field_and_traceback(capfd: pytest.CaptureFixture[str], form: logs.Form) -> None:
    log_to_stderr("info", form)
    hide("canary-1", "canary-1-and-more", None, "")
    with named(to="canary-1"):
        try:
            raise ValueError("no answer from https://ping.example.org/canary-1-and-more")
        except ValueError:
            logging.getLogger("httpx").exception("asked %s", "canary-1", extra={"url": "canary-1-and-more"})
    err = capfd.readouterr().err
    assert "canary" not in err
    assert "and-more" not in err
    assert err.count("[hidden]") >= 4


# -- where lines come from and go to ----------------------------------------------------------------------------------


def child(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, env={**os.environ, **environment}
    )


def test_warnings_and_what_ends_the_process_or_a_thread_are_lines_too() -> None:
    done = child(
        "import logs, threading, warnings\n"
        "logs.log_to_stderr('info', 'json')\n"
        "warnings.warn('old way')\n"
        "def broken(): raise ValueError('in a thread')\n"
        "thread = threading.Thread(target=broken, name='asked-mofcom')\n"
        "thread.start(); thread.join()\n"
        "raise ValueError('at the end')\n"
    )
    warned, thread, ended = map(json.loads, done.stderr.splitlines())
    assert "old way" in warned["message"]
    assert ("in a thread" in thread["exception"], thread["thread_name"]) == (True, "asked-mofcom")
    assert ("at the end" in ended["exception"], ended["level"], done.returncode) == (True, "critical", 1)


def test_what_twisted_finds_broken_is_a_line_like_any_other() -> None:
    done = child(
        "import logs\n"
        "logs.log_to_stderr('info', 'json')\n"
        "from twisted.python import log\n"
        "log.PythonLoggingObserver('twisted').start()  # as Scrapy does\n"
        "from spiders.crawl import _leave_the_log_to_python\n"
        "_leave_the_log_to_python()\n"
        "log.err(ValueError('a protocol broke'))\n"
    )
    (line,) = map(json.loads, done.stderr.splitlines())
    assert (line["logger"], line["level"], "a protocol broke" in line["message"]) == ("twisted", "critical", True)


def test_a_crawl_of_the_scheduler_says_nothing_but_log_lines(crawled: DemoDesk) -> None:
    done = crawled.run("crawl", "mofcom", "--as-of", TODAY, "--quiet")
    assert (done.status, done.out) == (0, "")
    assert "crawl closed job=crawl source=mofcom run=" in done.err


def test_the_journal_is_told_how_bad_it_is_on_each_line(tmp_path: Path) -> None:
    log = tmp_path / "journal"
    code = (
        "import logs, logging, os\n"
        "there = os.fstat(2)\n"
        "os.environ['JOURNAL_STREAM'] = f'{there.st_dev}:{there.st_ino}'\n"
        "logs.log_to_stderr('info', 'text')\n"
        "logging.info('well')\n"
        "try: 1 / 0\n"
        "except ZeroDivisionError: logging.exception('bad')\n"
    )
    with log.open("w") as stream:
        subprocess.run([sys.executable, "-c", code], cwd=ROOT, stderr=stream, check=True)
    well, bad, *rest = log.read_text().splitlines()
    assert well.startswith("<6>2")
    assert bad.startswith("<3>2")
    assert rest
    assert all(line.startswith("<3>  | ") for line in rest)
    assert child("import logs, logging; logs.log_to_stderr('info', 'text'); logging.info('x')").stderr.startswith("2")
