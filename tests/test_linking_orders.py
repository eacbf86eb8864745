"""What is one instrument, person or organization does not hang on the order in which stories and files are stored.

A crawl that was killed goes on with other stories first, several stories share a transaction, and a file may come
before or long after another story: the same records must end in the same groups.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from annexes.keeping import keep_annex, settle
from archive.warc import Archive
from db import open_database
from db.connection import rows
from db.keeping.annexes import articles_linking, held_text, texts_of
from db.linking import regroup_all
from db.store import Story, store_articles
from pipeline.annexes import READER_VERSION
from pipeline.articles import merge, parse
from pipeline.extract import extract
from pipeline.model import AnnexText, ArchiveRef, Article, Page, Statements
from tests.db_samples import Desk, article, policy, statements
from tests.demo_desk import DemoDesk

MOFCOM = "Ministry of Commerce"


@dataclass(slots=True, kw_only=True)
class Records:
    """What the demo's crawl has fetched, read and extracted once."""

    stories: list[tuple[Article, Page]]
    copies: list[tuple[Article, Page]]
    """Other addresses of a story: whichever is stored first gives the article its id, so these are stored last."""
    files: list[tuple[Page, AnnexText]]
    extracted: dict[tuple[str, tuple[str, ...]], Statements]

    def story(self, db: Database, one: Article, page: Page) -> Story:
        texts = texts_of(db, one.attachments)
        key = (str(one.url), texts)
        if key not in self.extracted:
            self.extracted[key] = extract(one, texts)
        return Story(article=one, pages=[(page, None)], statements=self.extracted[key])


@pytest.fixture(scope="module")
def records(undisturbed: DemoDesk) -> Records:
    found = Records(stories=[], copies=[], files=[], extracted={})
    read: dict[str, tuple[Article, Page, bool]] = {}
    with undisturbed.database() as db, Archive(undisturbed.archive) as archive:
        for row in list(rows(db, _PAGES)):
            ref = ArchiveRef(file=row["warc_file"], offset=row["warc_offset"], length=row["warc_length"])
            page = archive.read(ref)
            if row["kind"] == "article":
                one = parse(page)
                assert isinstance(one, Article)
                read[page.url] = one, page, row["outcome"] == "alias"
                continue
            text = held_text(db, page.body, READER_VERSION)
            assert text is not None
            found.files.append((page, text))
    later = {url for one, _page, _copy in read.values() for url in one.next_pages}
    for url, (one, page, copy) in read.items():
        if url not in later:
            rest = [read[following][0] for following in one.next_pages]
            (found.copies if copy else found.stories).append((merge(one, rest) if rest else one, page))
    assert len(found.stories) > 200
    assert len(found.files) >= 10
    return found


_PAGES = """
SELECT kind, outcome, warc_file, warc_offset, warc_length FROM pages
WHERE kind IN ('article', 'attachment') AND outcome <> 'failed' ORDER BY id
"""


def store_in_order(db: Database, records: Records, chance: random.Random) -> None:
    """Store everything, one to eight stories a transaction, and each file at some moment after its story."""
    stories, files = [*records.stories], [*records.files]
    chance.shuffle(stories)
    waiting = [*records.copies, *stories]
    while waiting or files:
        if waiting and (chance.random() < 0.8 or not files):
            together = [waiting.pop() for _ in range(min(len(waiting), chance.choice((1, 1, 2, 8))))]
            told = [records.story(db, one, page) for one, page in together]
            store_articles(db, told, parser_version="1", run_id=None)
            continue
        page, text = chance.choice(files)
        linking = articles_linking(db, page.url)
        if linking or not waiting:
            files.remove((page, text))
            keep_annex(db, page, None, text, run_id=None)
            for identity in linking:
                settle(db, identity, on_new=None)


def stored(path: Path, records: Records, seed: int) -> Database:
    db = open_database(path, mode="create")
    db.conn.execute("PRAGMA synchronous = OFF")
    store_in_order(db, records, random.Random(seed))
    return db


def facts(db: Database) -> dict[str, set[Any]]:
    """Groups and all that stands behind them, and why each statement goes with others."""
    return {
        name: {tuple(found.values()) for found in rows(db, sql)}
        for name, sql in {
            "instruments": "SELECT id, instrument_id, instrument_node, instrument_reason, entities FROM policies "
            "WHERE retired_at IS NULL",
            "people": "SELECT id, person_id, person_reason, organization_id, organization_reason FROM quotes "
            "WHERE retired_at IS NULL",
            "standing": "SELECT id, same_as, same_reason FROM instrument_registry "
            "WHERE id IN (SELECT instrument_node FROM policies WHERE retired_at IS NULL)",
            "same people": "SELECT id, same_as, same_reason FROM persons",
            "same organizations": "SELECT id, same_as, same_reason FROM organizations",
            "edges": "SELECT a, b, article_id, strength, reason FROM identity_edges",
            "reports": "SELECT * FROM instrument_reports",
            "summaries": "SELECT id, title, title_en, title_zh, instrument, number, issued_on, effective_on, issuers, "
            "official_url FROM instrument_registry "
            "WHERE id IN (SELECT instrument_id FROM policies WHERE retired_at IS NULL)",
            "relations": "SELECT article_id, from_node, to_node, relation, on_date FROM relations "
            "WHERE retired_at IS NULL",
        }.items()
    }


@pytest.mark.parametrize("seed", range(1, 9))
def test_the_demo_stored_in_any_order_ends_as_the_crawl_does(
    undisturbed: DemoDesk, records: Records, tmp_path: Path, seed: int
) -> None:
    with undisturbed.database() as crawled, closing(stored(tmp_path / "mixed.sqlite", records, seed).conn) as conn:
        got, expected = facts(Database(conn)), facts(crawled)
    assert len(expected["edges"]) > 20
    for name in expected:
        assert got[name] == expected[name], name


def test_nothing_moves_when_groups_are_made_anew_from_any_of_their_names(records: Records, tmp_path: Path) -> None:
    db = stored(tmp_path / "mixed.sqlite", records, 9)
    nodes = [
        found["id"] for name in ("instrument_registry", "persons", "organizations")
        for found in rows(db, f"SELECT id FROM {name}")  # noqa: S608
    ]  # fmt: skip
    assert len(nodes) > 400
    assert [(node, moved) for node in nodes if (moved := regroup_all(db, [node]))] == []


def test_storing_everything_again_changes_nothing(records: Records, tmp_path: Path) -> None:
    db = stored(tmp_path / "mixed.sqlite", records, 10)
    before = facts(db)
    store_articles(db, [records.story(db, *one) for one in records.stories], parser_version="1", run_id=None)
    assert facts(db) == before


# -- by hand ----------------------------------------------------------------------------------------------------------

Told = tuple[dict[str, Any], ...]
"""What one article reports, report by report."""

RULING = {"title": "ruling on river pears", "number": "MOFCOM Announcement No. 7 of 2026", "issued_on": "2026-12-20",
          "instrument": "announcement", "action": "trade_remedy"}  # fmt: skip
RULING_UNNUMBERED = {**RULING, "number": None, "title": "ruling on river pears from the northern orchards"}
BEGINNING = {"title": "an investigation", "number": None, "issued_on": "2026-11", "instrument": "announcement"}
NOTICE = {"title": "notice of filing", "number": "MOFCOM Announcement No. 3 of 2026", "issued_on": "2026-11-05",
          "instrument": "announcement"}  # fmt: skip
NOTICE_WITHOUT_DAY = {**NOTICE, "issued_on": None}
FERRIES = {"title": "Measures for River Ferries and Their Crews", "instrument": "measures"}
FERRIES_DRAFT = {**FERRIES, "status": "draft"}
FERRIES_DRAFT_SAID = {**FERRIES_DRAFT, "title": "Measures for River Ferries and Their Crews (Draft for Comments)"}
FERRIES_DRAFT_ZH = {**FERRIES_DRAFT, "title": "内河渡船及船员管理办法（征求意见稿）"}
BARGES = {"title": "Guideline on Easier Permits for Grain Barges", "instrument": "guideline"}
BARGES_UNDATED = {**BARGES, "issued_on": None}
BARGES_LONG = {**BARGES, "title": "Guideline on Easier Permits for Grain Barges and Pilots", "instrument": "other"}
BARGES_NUMBERED = {**BARGES_LONG, "number": "MOFCOM Order No. 9 of 2026", "instrument": "order"}


def groups(desk: Desk) -> set[frozenset[str]]:
    """Reports that are one instrument, by article and title."""
    together: dict[str, set[str]] = {}
    sql = "SELECT p.instrument_id, a.url, p.title FROM policies AS p JOIN articles AS a ON a.id = p.article_id"
    for found in rows(desk.db, sql):
        together.setdefault(found["instrument_id"], set()).add(f"{found['url']} {found['title']}")
    return {frozenset(group) for group in together.values()}


def store_told(desk: Desk, at: int, told: Sequence[dict[str, Any]]) -> None:
    lines = [f"Report {at} says {place}: a ministry did something with {at * 7} boats." for place in range(len(told))]
    text = "\n\n".join(lines)
    found = [policy(text, line, **one) for line, one in zip(lines, told, strict=True)]
    one = article(text, url=f"https://x.cn/{at}.html", title=f"Boats {at}", published="2026-12-20")
    desk.store(one, statements(policies=found))


@pytest.mark.parametrize(
    "told",
    [
        # cited beside one numbered ruling; a third article says what else goes with that number, or on which day
        ((RULING, BEGINNING), (RULING, NOTICE), (RULING_UNNUMBERED, BEGINNING)),
        ((RULING, BEGINNING), (RULING_UNNUMBERED, NOTICE), (RULING, RULING_UNNUMBERED)),
        ((RULING, BEGINNING), (RULING, NOTICE_WITHOUT_DAY), (NOTICE,)),
        # titles that differ only in what the key leaves out
        ((FERRIES_DRAFT,), (FERRIES_DRAFT_SAID,), (FERRIES_DRAFT_ZH,), (FERRIES,)),
        # a chain: each looks like the next, and a name without a date hangs on one of them
        ((BARGES,), (BARGES_UNDATED,), (BARGES_LONG,), (BARGES_NUMBERED,)),
    ],
    ids=["beside", "beside-unnumbered", "beside-undated", "draft", "chain"],
)
def test_articles_in_every_order_give_the_same_groups(tmp_path: Path, told: tuple[Told, ...]) -> None:
    found = set()
    for place, order in enumerate(permutations(range(len(told)))):
        desk = Desk(tmp_path / f"{place}.sqlite")
        desk.db.conn.execute("PRAGMA synchronous = OFF")
        for _once_and_again in range(2):  # as a file that came later, or a re-reading, stores it
            for at in order:
                store_told(desk, at, told[at])
            edges = frozenset(tuple(one.values()) for one in rows(desk.db, "SELECT * FROM identity_edges"))
            found.add((frozenset(groups(desk)), edges))
        desk.db.conn.close()
    assert len(found) == 1, [sorted(map(sorted, each)) for each, _edges in found]
