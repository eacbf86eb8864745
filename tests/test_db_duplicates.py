"""Versions of one story are grouped and nothing else is, in whatever order they come (`fixtures/duplicates`)."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlite_utils import Database

from db import open_database
from db.connection import rows, value
from db.keeping.duplicates import _CANDIDATES
from db.store import store_article
from pipeline.model import Article, Page, Statements

STORIES: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "fixtures" / "duplicates" / "stories.toml").read_text(encoding="utf-8")
)["stories"]
NOTHING = Statements(quotes=(), policies=(), version="1")
Pairs = set[frozenset[str]]


def address(nth: int) -> str:
    return f"https://www.chinadaily.com.cn/a/202611/18/WS{nth:024x}.html"


def store(db: Database, story: dict[str, Any]) -> str:
    """Store a story; its id there."""
    url = address(story["nth"] if "nth" in story else STORIES.index(story))
    article = Article(
        source="china_daily",
        url=url,
        title=story["title"],
        published=story["published"],
        language=story.get("language", "en"),
        text=story["text"].strip(),
    )
    page = Page(url=url, source="china_daily", body=b"<html>", fetched_at=datetime(2026, 11, 20, tzinfo=UTC))
    pages = [(page, None)]
    return store_article(db, article, pages=pages, statements=NOTHING, parser_version="1", run_id=None).article_id


def grouped(folder: Path, stories: Sequence[dict[str, Any]]) -> Pairs:
    """The pairs that the database calls one story."""
    with open_database(folder / "d.db", mode="create") as db:
        ids = {store(db, story): story["id"] for story in stories}
        assert value(db, "SELECT count(*) FROM articles_latest") == len(stories), "nothing is dropped"
        root = {ids[one["id"]]: one["root"] for one in rows(db, _ROOTS)}
    return {frozenset(pair) for pair in combinations(root, 2) if root[pair[0]] == root[pair[1]]}


_ROOTS = "SELECT id, coalesce(duplicate_of, id) AS root FROM articles_latest"
MEANT: Pairs = {frozenset((a["id"], b["id"])) for a, b in combinations(STORIES, 2) if a["story"] == b["story"]}


@pytest.mark.parametrize("seed", range(4))
def test_versions_of_one_story_are_grouped_and_others_are_not_in_any_order(tmp_path: Path, seed: int) -> None:
    stories = Random(seed).sample(STORIES, len(STORIES))
    found = grouped(tmp_path, stories)
    assert found - MEANT == set(), "what is not one story"
    assert MEANT - found == set(), "what is one story"


def test_the_set_holds_more_that_must_stay_apart_than_that_belongs_together() -> None:
    assert len(MEANT) == 9
    near = [
        ("shares-tuesday", "shares-wednesday"),
        ("zh-notice-ginkgo", "zh-notice-quartz"),
        ("grain-web", "zh-barges-web"),
    ]
    assert all(frozenset(pair) not in MEANT for pair in near)


def test_the_earliest_of_a_story_stands_for_it_whenever_it_comes(tmp_path: Path) -> None:
    ferry = [story for story in STORIES if story["story"] == "ferry"]
    with open_database(tmp_path / "d.db", mode="create") as db:
        ids = {story["id"]: store(db, story) for story in ferry}
        found = {one["id"]: one["duplicate_of"] for one in rows(db, "SELECT id, duplicate_of FROM articles_latest")}
    flash = ids["ferry-flash"]
    assert found == {flash: None, ids["ferry-first"]: flash, ids["ferry-corrected"]: flash}


def test_where_the_first_of_a_story_is_rewritten_the_others_stay_together(tmp_path: Path) -> None:
    flash, *others = sorted((one for one in STORIES if one["story"] == "ferry"), key=lambda one: one["published"])
    with open_database(tmp_path / "d.db", mode="create") as db:
        ids = [store(db, story) for story in (flash, *others)]
        store(db, {**flash, "text": STORIES[2]["text"], "nth": STORIES.index(flash)})
        root = {one["id"]: one["duplicate_of"] for one in rows(db, "SELECT id, duplicate_of FROM articles_latest")}
    assert root == {ids[0]: None, ids[1]: None, ids[2]: ids[1]}


def test_a_story_that_is_rewritten_leaves_its_group(tmp_path: Path) -> None:
    first, second = (story for story in STORIES if story["story"] == "grain")
    other = next(story for story in STORIES if story["id"] == "lamps-web")
    with open_database(tmp_path / "d.db", mode="create") as db:
        store(db, first)
        later = store(db, second)
        assert value(db, "SELECT count(*) FROM articles WHERE duplicate_of IS NOT NULL") == 1
        url = address(STORIES.index(second))
        page = Page(url=url, source="china_daily", body=b"<html>", fetched_at=datetime(2026, 11, 21, tzinfo=UTC))
        rewritten = Article(
            source="china_daily",
            url=url,
            title=other["title"],
            published=second["published"],
            text=other["text"].strip(),
        )
        pages = [(page, None)]
        store_article(db, rewritten, pages=pages, statements=NOTHING, parser_version="1", run_id=None)
        assert value(db, "SELECT duplicate_of FROM articles WHERE id = ?", [later]) is None


def test_a_run_of_words_that_every_story_has_is_looked_for_in_the_days_around_alone(tmp_path: Path) -> None:
    with open_database(tmp_path / "d.db", mode="create") as db:
        wanted = {f"mark_{nth}": nth for nth in range(16)}
        named = {"begin": 100, "title": "t", "source": "s", "language": "en", "id": "a", "most": 200}
        days = {"from": "2026-11-17T00:00:00Z", "to": "2026-11-23T00:00:00Z"}
        days |= {"from_day": "2026-11-17", "to_day": "2026-11-23"}
        plan = [step["detail"] for step in rows(db, f"EXPLAIN QUERY PLAN {_CANDIDATES}", {**wanted, **named, **days})]
    assert any("lead_marks USING PRIMARY KEY (mark=? AND day>? AND day<?)" in step for step in plan), plan
    assert any("articles_by_title (title_key=? AND source=? AND sort_at>? AND sort_at<?)" in step for step in plan), (
        plan
    )


def test_a_story_whose_time_is_corrected_is_looked_for_among_those_of_its_new_day(tmp_path: Path) -> None:
    story = next(one for one in STORIES if one.get("language", "en") == "en")
    with open_database(tmp_path / "d.db", mode="create") as db:
        first = store(db, {**story, "nth": 900})
        store(db, {**story, "nth": 900, "published": "2026-03-01T09:00:00+08:00", "text": story["text"] + " More."})
        days = {one["day"] for one in rows(db, "SELECT day FROM lead_marks WHERE article_id = ?", [first])}
        assert days == {"2026-03-01"}
        copy = store(db, {**story, "nth": 901, "published": "2026-03-02T09:00:00+08:00"})
        assert value(db, "SELECT duplicate_of FROM articles WHERE id = ?", [copy]) == first
