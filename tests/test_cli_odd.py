"""Odd places, locales and patterns: what is asked for is done or refused in one line, and nothing else is hurt."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from demo.site import DemoSite
from spiders.source import SOURCES
from tests.demo_desk import ROOT, TODAY, DemoDesk, Done, set_up
from tests.test_cli_errors import told

Policywire = Callable[..., Done]


def _run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "cli", *arguments], cwd=ROOT, capture_output=True, env={**os.environ, **environment}
    )


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "gbk"])
def test_data_is_utf_8_in_every_locale(undisturbed: DemoDesk, encoding: str) -> None:
    done = _run("--config", str(undisturbed.config), "export", "policy_announcements", PYTHONIOENCODING=encoding)
    assert (done.returncode, done.stderr) == (0, b"")
    assert "商务部" in done.stdout.decode("utf-8")


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="the machine has no /dev/full")
@pytest.mark.parametrize("arguments", [("export", "source_health"), ("export", "articles_latest"), ("status",)])
def test_a_full_disk_behind_standard_output_is_told_in_one_line(
    undisturbed: DemoDesk, arguments: tuple[str, ...]
) -> None:
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, "-m", "cli", "--config", str(undisturbed.config), *arguments]
        done = subprocess.run(command, cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.stderr == "policywire: standard output cannot be written (No space left on device); make room\n"
    assert done.returncode == 2


def test_an_export_into_a_pipe_or_through_a_link_keeps_both(
    policywire: Policywire, undisturbed: DemoDesk, tmp_path: Path
) -> None:
    config = str(undisturbed.config)
    read, write = os.pipe()
    assert policywire("--config", config, "export", "source_health", "--output", f"/dev/fd/{write}").status == 0
    os.close(write)
    with os.fdopen(read, "rb") as piped:
        through_pipe = piped.read()
    link, target = tmp_path / "link.csv", tmp_path / "target.csv"
    link.symlink_to(target)
    assert policywire("--config", config, "export", "source_health", "--output", link).status == 0
    assert link.is_symlink()
    assert target.read_bytes() == through_pipe != b""


@pytest.mark.parametrize("pattern", ["a**b", "/", "~nobody-of-that-name/x"])
def test_a_pattern_that_is_none_is_told(policywire: Policywire, undisturbed: DemoDesk, pattern: str) -> None:
    told(policywire("--config", str(undisturbed.config), "reprocess", "--warc", pattern), "no pattern for files")


def test_folders_that_a_pattern_meets_are_passed_over(policywire: Policywire, crawled: DemoDesk) -> None:
    done = policywire("--config", str(crawled.config), "reprocess", "--warc", f"{crawled.folder}/archive/**/*")
    assert (done.status, done.err.count("cannot read")) == (0, 0)
    assert done.out.startswith(f"{len(SOURCES)} files")


def test_a_query_leaves_the_configured_sections_alone(demo_site: DemoSite, tmp_path: Path) -> None:
    desk = set_up(tmp_path, demo_site)
    chosen = '[sources.china_daily]\nsections = ["business/tech"]\n'
    desk.config.write_text(desk.config.read_text(encoding="utf-8") + chosen, encoding="utf-8")
    asked = ["crawl", "china_daily", "--query", "gallium", "--as-of", TODAY, "--json"]
    done = _run("--config", str(desk.config), *asked)
    assert [route["route"] for route in json.loads(done.stdout)["routes"]] == ["search"]
