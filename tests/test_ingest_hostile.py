"""A crawl goes on whatever a site serves: a page that gives no article becomes an issue, and no traceback is seen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from archive.warc import Archive
from db.connection import rows
from tests.demo_desk import DemoDesk, Done, column, set_up
from tests.spiders_loopback import CD, CHINA_DAILY_HOSTS, Answer, loopback, story
from tests.spiders_loopback import listing as listing_page
from tests.spiders_loopback import rows as listing_rows

DAY = "2026-11-18"
WHOLE = story("Pears by rail").encode()
HOSTILE: dict[str, tuple[bytes, dict[str, Any], str | None]] = {
    "empty": (b"", {}, "unreadable"),
    "garbage": (bytes(range(256)) * 400, {}, "layout_changed"),
    "truncated": (WHOLE[: WHOLE.index(b'<div class="info">')], {}, "layout_changed"),
    "cut off": (WHOLE, {"cut": 200}, "fetch_failed"),
    "30 MB": (b"<html><body><div id='Content'>" + b"<p>pears</p>" * 2_600_000, {}, "too_large"),
    "nested": (b"<html><body>" + b"<div>" * 200_000 + b"<h1>deep</h1>", {}, "too_deep"),
    "wrong encoding": (story("Pears 出口 by rail").encode("gb18030"), {}, None),
    "wrong header": (WHOLE, {"headers": {"Content-Type": "text/html; charset=x-no-such"}}, None),
    "no header": (WHOLE, {"headers": {}}, None),
    "NUL": (WHOLE.replace(b"Growers", b"Gro\x00wers"), {}, None),
    "an image": (b"\x89PNG\r\n\x1a\n" + b"\x00" * 500, {"headers": {"Content-Type": "image/png"}}, "layout_changed"),
    "JSON": (b'{"code": 500}', {"headers": {"Content-Type": "application/json"}}, "layout_changed"),
    "server error": (b"oops", {"status": 500}, "fetch_failed"),
    "not found": (b"gone", {"status": 404}, "page_gone"),
}
"""Body, what else the server answers with, and the kind of issue; None: an article comes out of it."""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[DemoDesk, Done, dict[str, str]]]:
    """A desk after a crawl of a section in which every second story is hostile; the log, and where each stands."""
    folder = tmp_path_factory.mktemp("hostile")
    with loopback(folder) as site:
        listed = listing_rows(DAY, 1, 2 * len(HOSTILE))
        for url, title, _ in listed:
            # a text of its own for each, so that none is taken for the print version of another
            site.add(url, story(title, " ".join(f"{title.replace(' ', '')}w{n}" for n in range(30))))
        places = dict(zip(HOSTILE, (row[0] for row in listed[::2]), strict=True))
        for name, (body, rest, _) in HOSTILE.items():
            site.pages[places[name]] = Answer(body, **rest)
        site.add(f"{CD}/business/economy", listing_page(listed))
        site.add(f"{CD}/robots.txt", "User-agent: *\n", headers={"Content-Type": "text/plain"})
        made = set_up(folder / "desk", None, rest=_network(site.connect_to(*CHINA_DAILY_HOSTS), site.ca_file))
        yield made, made.run("crawl", "china_daily", "--section", "business/economy", "--as-of", DAY), places


def _network(connect_to: dict[str, str], ca_file: Path) -> str:
    lines = "\n".join(f'"{asked}" = "{real}"' for asked, real in connect_to.items())
    return f'[network]\ndelay = 0\nca_file = "{ca_file}"\n[network.connect_to]\n{lines}\n'


def test_every_good_story_is_stored_all_the_same(desk: tuple[DemoDesk, Done, dict[str, str]]) -> None:
    made, done, places = desk
    with made.database() as db:
        stored = set(column(db, "SELECT url FROM articles"))
    good = {row[0] for row in listing_rows(DAY, 1, 2 * len(HOSTILE))} - set(places.values())
    assert good <= stored, done.err


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_page_is_an_article_or_an_issue(desk: tuple[DemoDesk, Done, dict[str, str]], name: str) -> None:
    made, _, places = desk
    kind = HOSTILE[name][2]
    with made.database() as db:
        stored = column(db, "SELECT count(*) FROM articles WHERE url = ?", [places[name]])[0]
        issues = column(db, "SELECT kind FROM issues WHERE url = ?", [places[name]])
    assert (stored, issues) == ((1, []) if kind is None else (0, [kind]))


def test_the_user_sees_what_failed_and_no_traceback(desk: tuple[DemoDesk, Done, dict[str, str]]) -> None:
    _, done, _ = desk
    assert done.status == 1, "some of it needs a person"
    assert "Traceback" not in done.err
    failed = sum(kind is not None for _, _, kind in HOSTILE.values())
    assert f"{failed} failed" in done.out


def test_what_came_is_in_the_archive_whatever_it_was(desk: tuple[DemoDesk, Done, dict[str, str]]) -> None:
    made, _, places = desk
    kept = {page.url: page.body for _, page in Archive(made.archive).pages()}
    for name, (body, _, kind) in HOSTILE.items():
        if kind not in ("too_large", "fetch_failed"):
            assert kept[places[name]] == body, name


def test_the_issue_of_a_page_names_what_the_parser_looked_for(desk: tuple[DemoDesk, Done, dict[str, str]]) -> None:
    made, _, places = desk
    with made.database() as db:
        found = next(rows(db, "SELECT * FROM issues WHERE url = ?", [places["garbage"]]))
    assert found["selector"]
    assert found["page_id"]


def test_wrong_encoding_harms_no_more_than_the_words_in_it(desk: tuple[DemoDesk, Done, dict[str, str]]) -> None:
    made, _, places = desk
    with made.database() as db:
        found = next(rows(db, "SELECT * FROM articles_latest WHERE url = ?", [places["wrong encoding"]]))
    assert found["title"].startswith("Pears ")
    assert "Growers said the rule helps them." in found["text"]
