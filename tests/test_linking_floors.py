"""How well links agree with the demo's truth is held by floors, in whatever order its stories are stored."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.linking import FLOORS
from db import open_database
from db.connection import rows
from demo.identities import SORTS, Mention, agreement, all_stories, mentions, store_all

Standing = dict[str, str]


def linked(path: Path, seed: int) -> tuple[list[Mention], list[Standing]]:
    """The mentions of all stories, stored in the order of `seed`; and what stands for every node of each sort."""
    stories = all_stories()
    db = open_database(path, mode="create")
    db.conn.execute("PRAGMA synchronous = OFF")
    store_all(db, stories, seed=seed)
    found = list(mentions(db, stories))
    tables = ("instrument_registry", "persons", "organizations")
    standing = [{one["id"]: one["same_as"] for one in rows(db, f"SELECT id, same_as FROM {name}")} for name in tables]  # noqa: S608
    db.conn.close()
    return found, standing


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Mention], list[Standing]]:
    return linked(tmp_path_factory.mktemp("linking") / "first.sqlite", 1)


@pytest.mark.parametrize("sort", SORTS)
def test_pairs_agree_with_the_truth(first: tuple[list[Mention], list[Standing]], sort: str) -> None:
    found = agreement(first[0], sort)
    precision, f1 = FLOORS[sort]
    assert found.expected >= 100
    assert found.precision >= precision, [f"{a.story} {a.printed} - {b.story} {b.printed}" for a, b in found.wrong]
    assert found.f1 >= f1, [f"{a.story} {a.printed} - {b.story} {b.printed}" for a, b in found.missing]


def test_the_order_of_storing_does_not_matter(first: tuple[list[Mention], list[Standing]], tmp_path: Path) -> None:
    again, standing = linked(tmp_path / "again.sqlite", 2)
    assert standing == first[1]
    assert again == first[0]
