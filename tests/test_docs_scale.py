"""What docs/scale.md promises: scrapyd runs our crawl, and archives of two machines become one database."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bench.archived import write_archive
from bench.news_year import Year, table
from db import open_database
from db.connection import rows, value

ROOT = Path(__file__).resolve().parents[1]
RUNNER = ROOT / "deploy" / "scrapyd" / "policywire_runner.py"


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The runner, as scrapyd calls it."""
    path = f"{ROOT}{os.pathsep}{RUNNER.parent}"
    return subprocess.run(
        [sys.executable, "-m", "policywire_runner", *arguments],
        cwd=environment.pop("cwd", ROOT), env={**os.environ, "PYTHONPATH": path, **environment},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_scrapyd_is_told_the_sources() -> None:
    assert run("list", "-s", "LOG_STDOUT=0").stdout.split() == ["china_daily", "mofcom", "state_council"]


def test_a_job_with_an_argument_that_no_crawl_has_ends_before_anything_is_asked() -> None:
    done = run("crawl", "mofcom", "-a", "_job=1", "-a", "sinse=2026-01-01")
    assert done.returncode == 2
    assert done.stderr == "a job has no argument sinse; known are: since, until, section, query\n"


def test_scrapyd_may_ask_for_nothing_else() -> None:
    assert run("shell").returncode == 2


def test_the_options_of_a_job_and_its_configuration_reach_the_crawl_and_its_words_the_log(tmp_path: Path) -> None:
    config = tmp_path / "desk.toml"
    config.write_text('[storage]\ndatabase = "x.db"\narchive = "archive"\n', encoding="utf-8")
    log = tmp_path / "job.log"
    said = ("_job=1", "section=nonsense", "since=2026-09-01")
    job = ("crawl", "mofcom", "-s", f"LOG_FILE={log}", *(part for one in said for part in ("-a", one)))
    done = run(*job, POLICYWIRE_CONFIG=str(config))
    assert done.returncode == 2
    assert "nonsense" in log.read_text(encoding="utf-8")
    assert done.stderr == ""


def test_the_archives_of_two_machines_become_one_database(tmp_path: Path) -> None:
    for machine, source in (("first", "china_daily"), ("second", "mofcom")):
        write_archive(tmp_path / machine, 3, sites=(source,))  # type: ignore[arg-type]
    for source in ("first/china_daily", "second/mofcom"):
        shutil.copytree(tmp_path / source, tmp_path / "desk" / Path(source).name)
    config = tmp_path / "desk.toml"
    config.write_text('[storage]\ndatabase = "desk.db"\narchive = "desk"\n', encoding="utf-8")
    command = [sys.executable, "-m", "cli", "--config", str(config), "reprocess"]
    subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    with open_database(tmp_path / "desk.db", mode="ro") as db:
        stored = {one["source"]: one["n"] for one in rows(db, "SELECT source, count(*) n FROM articles GROUP BY 1")}
        assert stored == {"china_daily": 3, "mofcom": 3}
        assert value(db, "SELECT count(*) FROM outbox") == 0


@pytest.fixture
def results() -> dict[str, dict[str, object]]:
    engines = {"workers_1": {"cpu_ms_per_page": 36.0}}
    return {"scale": {"figures": {"engines": engines}}, "warc": {"figures": {"read_cpu_ms": 0.36}}}


def test_a_news_year_is_a_calculation_anybody_can_redo(results: dict[str, dict[str, object]]) -> None:
    # 10 million pages at 0.36 ms are 1 core hour, 1,000 of ours at 36 ms a hundredth of one
    text = table(results, Year(tib=0.001, pages=10e6, ours=1000, dollars=0.05, gbit=1.0))
    assert "**1 core hours**" in text
    assert "| one machine of 16 | 0.1 | processors | USD 0 | 6.3 | USD 5 |" in text  # 101 core hours over 16 cores


def test_where_the_network_is_slower_it_is_what_bounds(results: dict[str, dict[str, object]]) -> None:
    # 1 TiB over 16 times 0.1 Gbit/s: 8,796 Gbit at 1.6 Gbit/s are 5,498 s
    text = table(results, Year(tib=1, pages=10e6, ours=0, dollars=0.05, gbit=0.1))
    assert "| one machine of 16 | 1.5 | network | USD 1 |" in text


def test_without_results_it_says_what_to_measure() -> None:
    assert table({}) == "*Not measured yet: `python bench/run.py scale warc`.*"
