"""Log lines: a person's or a machine's, each event on one line with its fields."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest

from logs import log_to_stderr
from tests.demo_desk import TODAY, DemoDesk


@pytest.fixture(autouse=True)
def _root_as_before() -> Iterator[None]:
    handlers, level = logging.root.handlers[:], logging.root.level
    yield
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
