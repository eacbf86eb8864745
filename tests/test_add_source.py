"""A source is one module that finds its stories, one that reads its pages, and one line: an invented one is added.

It is added to a copy of the project, of which nothing else is changed.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.demo_desk import DemoDesk, column, set_up
from tests.spiders_loopback import Site, loopback

ROOT = Path(__file__).resolve().parents[1]
FILES = Path(__file__).parent / "fixtures" / "new_source"
NOTICES = "http://harbor.example/notices"
RULE = '[[rules]]\nname = "All notices"\nto = ["desk@example.org"]\nsources = ["harbor_office"]\n'


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is packaged of the project, with the new source in it."""
    folder = tmp_path_factory.mktemp("project")
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    for name in settings["tool"]["hatch"]["build"]["targets"]["wheel"]["only-include"]:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, folder / name)
    shutil.copy(FILES / "spider.py", folder / "spiders" / "harbor_office.py")
    shutil.copy(FILES / "article.py", folder / "pipeline" / "articles" / "harbor_office.py")
    registry = folder / "pipeline" / "sources.py"
    lines = registry.read_text(encoding="utf-8").rstrip()
    assert lines.endswith("}")
    registry.write_text(lines.removesuffix("}") + '    "harbor_office": "Harbor Office",\n}\n', encoding="utf-8")
    return folder


def run(project: Path, desk: DemoDesk, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    """One command of the project with the new source."""
    return subprocess.run(
        [sys.executable, "-P", "-W", "error", "-m", "cli", "--config", str(desk.config), *arguments],
        cwd=desk.folder,
        env={**os.environ, "PYTHONPATH": str(project)},
        input=given,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


TEXTS = {
    1: ("a circular on mooring ropes", "Ropes that are older than ten years are to be burned before the winter."),
    2: ("rules on lanterns at piers", "Each pier shows two green lanterns from dusk, and a red one while fog lasts."),
    3: ("a plan for the ferry fleet", "Four wooden ferries will be sold, and the crews move to the steamers."),
}


def notice(number: int) -> str:
    document, text = TEXTS[number]
    return (
        f"<html><body><h1>Notice {number}</h1><time>2026-11-{number + 9} 10:00</time><main class='notice'>"
        f"<p>The Ministry of Transport issued {document} on Monday.</p><p>{text}</p>"
        f'<p>"{document.capitalize()} was due," said Ada Quill, director of the harbor office.</p></main></body></html>'
    )


def publish(site: Site) -> None:
    links = "".join(f"<li><a href='2026/{number}.html'>Notice {number}</a></li>" for number in (3, 2, 1))
    site.add(f"{NOTICES}/", f"<html><body><ol class='notices'>{links}</ol></body></html>")
    for number in (1, 2, 3):
        site.add(f"{NOTICES}/2026/{number}.html", notice(number))


def test_a_new_source_is_crawled_read_searched_and_mailed(project: Path, tmp_path: Path) -> None:
    with loopback(tmp_path) as site:
        publish(site)
        lines = "\n".join(f'"{asked}" = "{real}"' for asked, real in site.connect_to("harbor.example").items())
        network = f"[network]\ndelay = 0\n[network.connect_to]\n{lines}\n"
        desk = set_up(tmp_path / "desk", None, rest=network, rules=RULE)
        crawled = run(project, desk, "crawl", "harbor_office", "--json")
        again = run(project, desk, "crawl", "harbor_office", "--json")
    assert crawled.returncode == 0, crawled.stdout + crawled.stderr
    report = json.loads(crawled.stdout)
    assert (report["state"], report["new"]) == ("ok", 3)
    assert (json.loads(again.stdout)["new"], json.loads(again.stdout)["articles_fetched"]) == (0, 0)
    assert {url.partition("://")[2].partition("/")[0] for url in site.asked} == {"harbor.example"}
    with desk.database() as db:
        assert column(db, "SELECT title FROM articles_latest ORDER BY title") == ["Notice 1", "Notice 2", "Notice 3"]
        assert set(column(db, "SELECT source FROM articles_latest")) == {"harbor_office"}
        assert set(column(db, "SELECT issuers FROM policy_announcements")) == {'["Ministry of Transport"]'}
        assert set(column(db, "SELECT speaker FROM quotes_attributed")) == {"Ada Quill"}
        assert column(db, "SELECT source FROM source_health") == ["harbor_office"]
        assert column(db, "SELECT count(*) FROM outbox") == [3]
        assert all("Harbor Office" in text for text in column(db, "SELECT text FROM outbox"))


def test_a_saved_page_of_a_new_source_is_parsed(project: Path, tmp_path: Path) -> None:
    desk = set_up(tmp_path, None)
    done = run(project, desk, "parse", "-", "--url", f"{NOTICES}/2026/2.html", given=notice(2))
    assert done.returncode == 0, done.stderr
    parsed = json.loads(done.stdout)
    assert (parsed["source"], parsed["title"], parsed["layout"]) == ("harbor_office", "Notice 2", "notice_2026")
    listed = run(
        project, desk, "parse", "-", "--url", f"{NOTICES}/", given="<ol class=notices><li><a href=1.html>A</a></ol>"
    )
    assert "1.html" in listed.stdout


def test_without_its_line_a_source_does_not_exist(tmp_path: Path) -> None:
    done = run(ROOT, set_up(tmp_path, None), "crawl", "harbor_office")
    assert done.returncode == 2
    assert "unknown source 'harbor_office'; known are: china_daily, mofcom, state_council" in done.stderr


def test_nothing_else_of_the_project_names_the_third_source() -> None:
    """What it took: its line, its two modules; its data; and the settings' example, which names every table."""
    parts = ("alerts", "annexes", "archive", "bench", "cli", "db", "ingest", "jobs", "pipeline", "spiders", "web")
    files = [
        path for part in parts for path in (ROOT / part).rglob("*") if path.suffix in (".py", ".j2", ".html", ".csv")
    ]
    files += [ROOT / name for name in ("config.py", "logs.py", "scheduler.py")]
    named = [
        path
        for path in files
        if "state_council" in path.read_text("utf-8") or "english.www.gov" in path.read_text("utf-8")
    ]
    assert sorted(str(path.relative_to(ROOT)) for path in named) == [
        "pipeline/articles/state_council.py",
        "pipeline/sources.py",
        "spiders/state_council.py",
    ]


def test_the_page_on_adding_a_source_says_how_long_the_modules_are() -> None:
    page = (ROOT / "docs" / "add-a-source.md").read_text("utf-8")
    told = {name: int(lines) for name, lines in re.findall(r"^\| `([a-z_/]+\.py)` \| (\d+) \|", page, re.MULTILINE)}
    modules = ["spiders/state_council.py", "pipeline/articles/state_council.py"]
    assert {name: told[name] for name in modules} == {
        name: len((ROOT / name).read_text("utf-8").splitlines()) for name in modules
    }
    assert sum(told[name] for name in modules) <= 200
