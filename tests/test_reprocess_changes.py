"""What a reprocess tells of what it changes, and what it would change: the same, and nothing else is written."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from db.connection import rows
from db.review import decide
from tests.db_samples import NOON
from tests.demo_desk import DemoDesk, Done, set_up

Policywire = Callable[..., Done]


def dump(path: Path) -> dict[str, list[str]]:
    """Every row of every table."""
    with closing(sqlite3.connect(path)) as conn:
        names = [name for (name,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: sorted(map(repr, conn.execute(f'SELECT * FROM "{name}"'))) for name in names}  # noqa: S608


def misread(desk: DemoDesk) -> dict[str, str]:
    """Let the database hold what a worse extractor would have read, some of it confirmed or corrected by people.

    The quotes are of five articles, and the same ones in whichever order a crawl stored them.
    """
    with desk.database() as db:
        direct = "SELECT *, min(id) FROM quotes WHERE kind = 'direct' AND person_id IS NOT NULL GROUP BY article_id"
        lost, half, corrected, confirmed, invented = list(rows(db, f"{direct} ORDER BY article_id"))[:5]
        db.conn.execute("DELETE FROM quotes_fts WHERE rowid = ?", [lost["place"]])
        db.conn.execute("DELETE FROM quotes WHERE id = ?", [lost["id"]])
        db.conn.execute("UPDATE quotes SET speaker = 'Half' WHERE id IN (?, ?)", [half["id"], corrected["id"]])
        decide(db, corrected["id"], reviewer="wen", decision="correct", changes={"cue": "whispered"}, now=NOON)
        decide(db, confirmed["id"], reviewer="wen", decision="accept", now=NOON)
        policy = next(rows(db, "SELECT * FROM policies ORDER BY id"))
        db.conn.execute("UPDATE policies SET effective_on = '2020-01-01' WHERE id = ?", [policy["id"]])
        db.conn.execute("UPDATE revisions SET title = 'Half a tit' WHERE article_id = ?", [invented["article_id"]])
        return {"lost": lost["id"], "half": half["id"], "corrected": corrected["id"], "policy": policy["id"],
                "article": invented["article_id"]}  # fmt: skip


def lines_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def worse(undisturbed: DemoDesk, tmp_path_factory: pytest.TempPathFactory) -> tuple[DemoDesk, dict[str, str]]:
    desk = undisturbed.copy(tmp_path_factory.mktemp("worse"))
    return desk, misread(desk)


@pytest.fixture
def desk(worse: tuple[DemoDesk, dict[str, str]], tmp_path: Path) -> DemoDesk:
    return worse[0].copy(tmp_path / "desk")


def test_a_dry_run_tells_what_the_run_then_does_and_writes_nothing(
    policywire: Policywire, desk: DemoDesk, worse: tuple[DemoDesk, dict[str, str]]
) -> None:
    ids = worse[1]
    before, files = dump(desk.path), sorted(path.name for path in desk.folder.iterdir())
    tried = policywire("--config", desk.config, "reprocess", "--dry-run", "--report", desk.folder / "tried.jsonl")
    assert tried.status == 0, tried.err
    assert dump(desk.path) == before
    new = {path.name for path in desk.folder.iterdir()} - set(files)
    assert new <= {"tried.jsonl", "policywire.db.reprocess.lock", "policywire.db-wal", "policywire.db-shm"}
    done = policywire("--config", desk.config, "reprocess", "--report", desk.folder / "done.jsonl")
    assert done.status == 0, done.err
    assert tried.out.replace("tried on a copy: nothing is written\n", "") == done.out
    found = lines_of(desk.folder / "done.jsonl")
    assert lines_of(desk.folder / "tried.jsonl") == found
    told = {(one["id"], one["what"], one["field"]) for one in found}
    assert told >= {
        (ids["lost"], "new", None), (ids["half"], "changed", "speaker"), (ids["corrected"], "changed", "speaker"),
        (ids["policy"], "changed", "effective_on"), (ids["article"], "changed", "title"),
    }  # fmt: skip
    assert {one["decided"] for one in found if one["id"] == ids["corrected"]} == {"corrected"}
    again = policywire("--config", desk.config, "reprocess", "--report", desk.folder / "again.jsonl")
    assert again.out.endswith("nothing has changed\n")
    assert lines_of(desk.folder / "again.jsonl") == []


def test_the_table_counts_by_kind_and_field_and_shows_what_became_of_what(
    policywire: Policywire, desk: DemoDesk
) -> None:
    said = policywire("--config", desk.config, "reprocess", "--dry-run").out.splitlines()
    assert "  quotes: 1 new" in said
    speaker = next(at for at, line in enumerate(said) if line.split() == ["2", "speaker"])
    assert "Half → " in said[speaker + 1]
    assert "https://" in said[speaker + 1]
    effective = next(at for at, line in enumerate(said) if line.split() == ["1", "effective_on"])
    assert "2020-01-01 → " in said[effective + 1]
    decided = said.index("of what people have decided about:")
    assert said[decided + 1].split(maxsplit=1)[1] == "corrected, and a field that nobody has corrected has changed"


def test_a_program_is_told_the_same_as_json(policywire: Policywire, desk: DemoDesk) -> None:
    done = policywire("--config", desk.config, "reprocess", "--dry-run", "--json")
    told = json.loads(done.out)
    assert told["dry_run"] is True
    counts = {(one["kind"], one["what"], one["field"]): one["count"] for one in told["changes"]}
    assert (counts["quote", "new", None], counts["quote", "changed", "speaker"]) == (1, 2)
    assert {"decided": "corrected", "what": "changed", "count": 2} in told["decided"], "the speaker, and who that is"


def test_a_dry_run_without_a_database_makes_none_and_tells_what_the_run_does(
    policywire: Policywire, undisturbed: DemoDesk, tmp_path: Path
) -> None:
    again = set_up(tmp_path / "again", None)
    again.archive.symlink_to(undisturbed.archive)
    before = sorted(path.name for path in again.folder.iterdir())
    tried = policywire("--config", again.config, "reprocess", "--dry-run", "--report", tmp_path / "tried.jsonl")
    assert tried.status == 0, tried.err
    assert sorted(path.name for path in again.folder.iterdir()) == before
    done = policywire("--config", again.config, "reprocess", "--report", tmp_path / "done.jsonl")
    assert done.out == tried.out.replace("tried on a copy: nothing is written\n", "")
    found = lines_of(tmp_path / "done.jsonl")
    assert found == lines_of(tmp_path / "tried.jsonl")
    with again.database() as db:
        articles = {one["id"] for one in rows(db, "SELECT id FROM articles")}
    assert {one["id"] for one in found if (one["kind"], one["what"]) == ("article", "new")} == articles


def test_a_report_that_cannot_be_written_is_refused_before_anything_is_read(
    policywire: Policywire, desk: DemoDesk
) -> None:
    done = policywire("--config", desk.config, "reprocess", "--report", desk.folder / "none" / "changes.jsonl")
    assert done.status == 2
    assert len(done.lines) == 1
    assert "--report" in done.err
    assert "there is no folder" in done.err
