"""Whoever reads the archive, the database is the same to the last row: this process, others, a cluster, or shards."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from db.connection import rows
from tests.dask_cluster import machines
from tests.demo_desk import DemoDesk, Done, column, set_up
from tests.reread_desk import archive_of, generated_pages

Policywire = Callable[..., Done]

_OF_THE_RUN = {"runs", "reprocess_marks", "_sqlite_migrations", "reprocess_changes"}
"""Tables that tell when something was done, and by whom."""
_LAYOUT = ("_fts_data", "_fts_idx")
"""Ends of tables in which the full text's index lies in pieces, as it was written."""


def every_row(db: Database) -> dict[str, list[tuple[Any, ...]]]:
    tables = rows(db, "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'")
    names = [row["name"] for row in tables if row["name"] not in _OF_THE_RUN and not row["name"].endswith(_LAYOUT)]
    return {
        name: sorted((tuple(row.values()) for row in rows(db, f'SELECT * FROM "{name}"')), key=repr)  # noqa: S608
        for name in names
    }


@pytest.fixture
def reread(policywire: Policywire, undisturbed: DemoDesk, tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """Reads the demo's archive into an empty database, and gives its rows."""

    def run(name: str, *options: str) -> dict[str, Any]:
        desk = set_up(tmp_path / name, None)
        desk.archive.symlink_to(undisturbed.archive)
        done = policywire("--config", desk.config, "reprocess", *options)
        assert done.status == 0, done.err
        with desk.database() as db:
            return every_row(db)

    return run


def test_every_engine_makes_the_same_database(
    reread: Callable[..., dict[str, Any]], policywire: Policywire, undisturbed: DemoDesk, tmp_path: Path
) -> None:
    expected = reread("here")
    for table in ("articles", "quotes", "policies", "issues", "pages", "annexes", "article_urls", "persons"):
        assert expected[table], table
    assert reread("beside", "--workers", "2") == expected
    shards = str(tmp_path / "shards")
    with machines(tmp_path / "cluster") as cluster:
        cluster.start_worker()
        cluster.start_worker()
        assert reread("cluster", "--dask", cluster.address) == expected
        done = policywire(
            "--config", undisturbed.config, "reprocess", "--dask", cluster.address, "--to", "parquet", shards
        )
    assert (done.status, done.err) == (0, "")
    assert f"written to {shards}" in done.out
    assert reread("loaded", "--from", shards) == expected


def test_a_cluster_of_this_machine_needs_no_address(policywire: Policywire, tmp_path: Path) -> None:
    desk = set_up(tmp_path / "local", None)
    archive_of(desk.archive, generated_pages(4))
    done = policywire("--config", desk.config, "reprocess", "--dask", "local", "--workers", "1")
    assert (done.status, done.err) == (0, "")
    with desk.database() as db:
        assert column(db, "SELECT count(*) FROM articles") == [8]


def test_options_that_contradict_each_other_are_refused(
    policywire: Policywire, undisturbed: DemoDesk, tmp_path: Path
) -> None:
    for options, said in (
        (("--from", "x", "--workers", "2"), "--from reads no archive: leave out --workers"),
        (("--from", "x", "--to", "parquet", "y"), "--from reads no archive: leave out --to"),
        (("--from", str(tmp_path / "x")), "is no folder of shards: `policywire reprocess --to parquet"),
        (("--to", "parquet", "y", "--dry-run"), "--to changes no database: leave out --dry-run"),
        (("--to", "parquet", "s3://bucket/x"), "give the path of a folder; workers elsewhere must have it too"),
        (("--dask", "tcp://127.0.0.1:1", "--workers", "2"), "--workers is for --dask local"),
        (("--dask", "here"), "--dask here: give `local`, or a scheduler's address such as tcp://host:8786"),
    ):
        done = policywire("--config", undisturbed.config, "reprocess", *options)
        assert (done.status, len(done.lines)) == (2, 1), done.err
        assert said in done.err
