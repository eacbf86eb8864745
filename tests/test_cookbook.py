"""The cookbook: every query runs on the demo's stories, gives the columns that are shown, and is offered at /data."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from sqlite_utils import Database

from db import open_database
from db.connection import rows
from db.review import decide, undo
from tests.demo_desk import ROOT, DemoDesk, column

TEXT = (ROOT / "docs" / "cookbook.md").read_text(encoding="utf-8")
OFFERED = ROOT / "web" / "data" / "queries.toml"
READ_WHOLE = {
    "machine_against_reviewers": {"SCAN d"},  # every decision is wanted
    "repealed_or_suspended": {"SCAN r USING INDEX relations_by_second"},  # of relations there are few
}
"""Tables that a query reads from end to end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """One query of the cookbook."""

    name: str
    title: str
    purpose: str
    sql: str
    parameters: dict[str, str]
    columns: tuple[str, ...]
    shown: int
    reading: str


def recipes() -> Iterator[Recipe]:
    for section in re.split(r"^## \d+\. ", TEXT, flags=re.MULTILINE)[1:]:
        found = re.fullmatch(
            r"(?P<title>.+)\n\n(?P<purpose>.+)\n\n<!-- (?P<name>\w+) -->\n```sql\n(?P<sql>.+?)\n```\n\n"
            r"(?P<said>.+)\n\n\| (?P<heads>[^\n]+) \|\n\| [^\n]+ \|\n(?P<lines>(?:\|.+\|\n)+)\n(?P<reading>.+)\n*",
            section,
            flags=re.DOTALL,
        )
        assert found, section[:200]
        yield Recipe(
            name=found["name"], title=found["title"], purpose=found["purpose"], sql=found["sql"],
            parameters=dict(re.findall(r"`(\w+)` = `([^`]+)`", found["said"])),
            columns=tuple(found["heads"].split(" | ")), shown=found["lines"].count("\n"), reading=found["reading"],
        )  # fmt: skip


RECIPES = {one.name: one for one in recipes()}


@pytest.fixture(scope="module")
def reviewed(undisturbed: DemoDesk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The demo's stories with two corrections of a reviewer, one of them taken back."""
    desk = undisturbed.copy(tmp_path_factory.mktemp("cookbook") / "desk")
    with desk.database() as db:
        now = datetime.now(UTC)
        for quote in column(db, "SELECT id FROM quotes_attributed WHERE role = 'executive' ORDER BY seq LIMIT 2"):
            decide(db, quote, reviewer="Ana", decision="correct", changes={"role": "expert"}, now=now)
        undo(db, quote, reviewer="Ana", now=now)
    with closing(open_database(desk.path, mode="ro")) as db:
        yield db


def test_there_are_ten_and_each_says_how_to_read_it() -> None:
    assert len(RECIPES) == 10
    for one in RECIPES.values():
        assert one.reading.count(".") >= 2, one.name
        assert one.purpose.endswith("."), one.name


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES)
def test_a_query_gives_lines_with_the_columns_that_are_shown(reviewed: Database, recipe: Recipe) -> None:
    found = list(rows(reviewed, recipe.sql, recipe.parameters))
    assert found
    assert tuple(found[0]) == recipe.columns
    assert not recipe.parameters or len(found) >= recipe.shown


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES)
def test_a_query_reads_no_table_from_end_to_end(reviewed: Database, recipe: Recipe) -> None:
    plan = [str(step["detail"]) for step in rows(reviewed, f"EXPLAIN QUERY PLAN {recipe.sql}", recipe.parameters)]
    made = set(re.findall(r"(\w+) AS \(", recipe.sql)) | {"recent"}
    scans = {
        step for step in plan
        if step.startswith("SCAN") and "VIRTUAL TABLE" not in step and "(subquery" not in step and step[5:] not in made
    }  # fmt: skip
    assert scans == READ_WHOLE.get(recipe.name, set()), plan


def test_a_correction_that_was_taken_back_does_not_count(reviewed: Database) -> None:
    found = list(rows(reviewed, RECIPES["machine_against_reviewers"].sql))
    assert [(one["field"], one["corrections"], one["example"]) for one in found] == [("role", 1, "executive → expert")]


def test_the_page_data_offers_just_these_queries() -> None:
    offered = tomllib.loads(OFFERED.read_text(encoding="utf-8"))["query"]
    assert [(one["name"], one["title"], one["description"], one["sql"].strip()) for one in offered] == [
        (one.name, one.title, one.purpose, one.sql) for one in RECIPES.values()
    ]


def test_every_parameter_is_named_and_used() -> None:
    for one in RECIPES.values():
        assert set(re.findall(r":(\w+)", one.sql)) == set(one.parameters), one.name
