"""A database that an older, worse program made is, read again, what a fresh one of the same archive would be."""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

import annexes.keeping
import ingest.reading
import ingest.rereading
from db.connection import rows
from db.deciding.queue import queue
from db.review import decide
from db.views import PUBLIC_VIEWS
from pipeline.extract import extract
from pipeline.model import ArchiveRef, Article, Page, Span, Statements
from tests.db_samples import NOON, TEXT, Desk, article, policy, quote, statements
from tests.demo_desk import DemoDesk, Done, set_up

Policywire = Callable[..., Done]
Views = dict[str, list[dict[str, Any]]]
NO_FACT = {"seq", "extractor_version"}
"""Columns that say when and by what a row was written."""


def views(db: Database, *but: str) -> Views:
    """Every row of the public views, in an order that hangs on what they say."""
    found = {}
    for name in PUBLIC_VIEWS.keys() - {"source_health"}:
        dropped = NO_FACT | set(but) | ({"id"} if name == "instrument_relations" else set())
        kept = [{column: held for column, held in row.items() if column not in dropped}
                for row in rows(db, f"SELECT * FROM {name}")]  # fmt: skip # noqa: S608
        found[name] = sorted(kept, key=repr)
    return found


def tables(db: Database) -> dict[str, list[str]]:
    """Every row of every table but the runs."""
    names = [one["name"] for one in rows(db, "SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {name: sorted(map(repr, db.conn.execute(f'SELECT * FROM "{name}"'))) for name in names if name != "runs"}  # noqa: S608


# -- an older extractor -----------------------------------------------------------------------------------------------


def older(found: Statements, one: Article) -> Statements:
    """What a worse extractor would have made of an article: some of it lost, cut, or taken for something else."""

    def chance(words: str) -> Callable[[float], bool]:
        drawn = random.Random(zlib.crc32(f"{one.url} {words}".encode()))
        return lambda share: drawn.random() < share

    quotes, policies = [], []
    for said in found.quotes:
        happens = chance(said.span.text)
        if happens(0.2):
            continue
        changes: dict[str, Any] = {}
        if happens(0.2) and len(said.span.text) > 20:
            changes["span"] = Span.cut(one.text, said.span.start + 3, said.span.end)
        if happens(0.2):
            changes["speaker"] = said.speaker[:-1] or said.speaker
        if happens(0.2) and said.organization:
            changes["organization"] = f"{said.organization} Holdings"
        quotes.append(replace(said, **changes))
    for told in found.policies:
        happens = chance(told.title)
        if happens(0.2):
            continue
        changes = {name: value for name, value in (
            ("number", None), ("issued_on", "2026-01-01"), ("issuers", ()), ("title", f"the {told.title[:20]}"),
            ("effective_on", "2025-01-01"), ("status", "draft"),
        ) if happens(0.2)}  # fmt: skip
        policies.append(replace(told, **changes))
    return Statements(quotes=tuple(quotes), policies=tuple(policies), version="0")


def extracted_by(monkeypatch: pytest.MonkeyPatch, extractor: Callable[..., Statements]) -> None:
    for module in (ingest.reading, ingest.rereading, annexes.keeping):
        monkeypatch.setattr(module, "extract", extractor)


def by_their_words(found: Views) -> dict[Any, dict[str, Any]]:
    """Statements by where they stand and what they say."""
    quotes = {(row["article_id"], row["start"], row["end"]): row for row in found["quotes_attributed"]}
    policies = {(row["article_id"], row["evidence"], row["title"], row["number"]): row
                for row in found["policy_announcements"]}  # fmt: skip
    return quotes | policies


def under_fresh_ids(got: Views, fresh: Views) -> tuple[Views, dict[str, str]]:
    """`got` with the ids of a fresh database where a statement keeps an older one; gives those, too."""
    mine, theirs = by_their_words(got), by_their_words(fresh)
    assert mine.keys() == theirs.keys()
    ids = {mine[key]["id"]: theirs[key]["id"] for key in mine if mine[key]["id"] != theirs[key]["id"]}
    # an instrument that nothing but one statement tells of is named by that
    known = {row["id"] for row in fresh["instruments"]}
    ids |= {row["instrument_id"]: theirs[key]["instrument_id"] for key, row in mine.items()
            if row.get("instrument_id", "") not in known | {""}}  # fmt: skip
    renamed = {
        name: sorted(({column: ids.get(held, held) if column.endswith("id") else held for column, held in row.items()}
                      for row in found), key=repr)
        for name, found in got.items()
    }  # fmt: skip
    return renamed, ids


def test_what_an_older_extractor_stored_becomes_what_a_fresh_database_holds(
    policywire: Policywire, undisturbed: DemoDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desks = []
    for name in ("fresh", "old"):
        desk = set_up(tmp_path / name, None)
        desk.archive.symlink_to(undisturbed.archive)
        desks.append(desk)
    fresh, old = desks
    with monkeypatch.context() as patched:
        extracted_by(patched, lambda one, files=(): older(extract(one, files), one))
        assert policywire("--config", old.config, "reprocess").status == 0
    with old.database() as db:
        before = {row["id"]: row["text"] for row in rows(db, "SELECT id, text FROM quotes")}
        confirmed, rejected = [row["id"] for row in rows(db, "SELECT id FROM quotes WHERE kind = 'direct' LIMIT 2")]
    for desk in (fresh, old):
        assert policywire("--config", desk.config, "reprocess").status == 0
    with fresh.database() as expected, old.database() as db:
        wanted = views(expected)
        got, renamed = under_fresh_ids(views(db), wanted)
        for name, found in wanted.items():
            assert got[name] == found, name
        now = {row["id"]: row["text"] for row in rows(db, "SELECT id, text FROM quotes WHERE retired_at IS NULL")}
        assert all(before[one] != now[one] for one in renamed if one[:1] == "q"), "an id stays while its words stand"
        whole = tables(db)
        decide(db, confirmed, reviewer="wen", decision="accept", now=NOON)
        decide(db, rejected, reviewer="wen", decision="reject", reason="no quote", now=NOON)
        decided = tables(db)
    done = policywire("--config", old.config, "reprocess")
    assert done.out.endswith("nothing has changed\n")
    with old.database() as db:
        assert tables(db) == decided, "a further run writes nothing"
        assert whole.keys() == decided.keys()
        states = {row["id"]: row["review_state"] for row in rows(db, "SELECT id, review_state FROM quotes")}
        assert (states[confirmed], states[rejected]) == ("accepted", "rejected")
        assert not {confirmed, rejected} & {row["id"] for row in queue(db, limit=1000)}


# -- an older parser, and a story that was edited ---------------------------------------------------------------------

GOODS = ("grain", "coal", "tea")
Fetched = tuple[str, int, str]
"""What a page said at one fetching: goods, visitors counted, and the section above it."""


def read_by(parser: str, at: int, fetched: Fetched) -> Article:
    goods, visitors, section = fetched
    text = TEXT.replace("grain", "goods" if parser == "blind" else goods)
    if parser == "noisy" or (parser == "sometimes noisy" and at % 2):
        text += f"\n\nSeen {visitors} times."
    return article(text, section=(section,))


def store_history(desk: Desk, history: Sequence[Fetched], parser: str) -> None:
    """What was fetched hour by hour, from several files, as one parser reads it."""
    for at, fetched in enumerate(history):
        one = read_by(parser, at, fetched)
        page = Page(url=str(one.url), source=one.source, body=b"", fetched_at=NOON + timedelta(hours=at))
        ref = ArchiveRef(file=f"china_daily/{at // 2}.warc.gz", offset=at * 100, length=90)
        lead = one.text.partition("\n\n")[0]
        words = one.text[one.text.index("Barges will") : one.text.index(" said Lin") - 1]
        found = statements([quote(one.text, words)], [policy(one.text, lead)])
        desk.store(one, found, page=(page, ref), parser_version=parser)


@pytest.mark.parametrize("parser", ["noisy", "blind", "sometimes noisy"])
def test_the_history_of_a_story_is_that_of_its_pages_whatever_an_older_parser_saw(tmp_path: Path, parser: str) -> None:
    drawn = random.Random(7)
    seen = "SELECT revision, text, section, difference, seen_at, digest FROM revisions ORDER BY revision"
    for turn in range(10):
        history = [
            (drawn.choice(GOODS), drawn.randint(0, 2), drawn.choice("xy")) for _ in range(drawn.randint(1, 5))
        ]  # fmt: skip
        fresh, old = Desk(tmp_path / f"fresh{turn}.db"), Desk(tmp_path / f"old{turn}.db")
        for desk in (fresh, old):
            desk.db.conn.execute("PRAGMA synchronous = OFF")
        store_history(fresh, history, "right")
        store_history(old, history, parser)
        store_history(old, history, "right")
        assert list(rows(old.db, seen)) == list(rows(fresh.db, seen)), history
        expected = views(fresh.db, "first_seen_at")
        assert under_fresh_ids(views(old.db, "first_seen_at"), expected)[0] == expected, history
        before = tables(old.db)
        store_history(old, history, "right")
        assert tables(old.db) == before, history
        fresh.db.conn.close()
        old.db.conn.close()
