"""Stories stored together give the same database, row for row, as stored one after the other.

Most stories are new in every respect: their rows are decided without asking the database for each of them, and written
together (`db/storing/`). The rest is stored alone. Whichever way a story goes, nothing may differ.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlite_utils import Database

from db import open_database, store
from db.connection import rows
from db.store import Ready, Stored, Story, store_articles
from db.storing.prepared import PREPARED, prepare
from demo.generated import Generated
from demo.story import Site
from pipeline.articles import parse
from pipeline.extract import extract
from pipeline.model import (
    ArchiveRef,
    Article,
    Attachment,
    Doubt,
    InstrumentRelation,
    ListingRow,
    Page,
    Span,
)
from readers.wire import packed, unframed
from tests.db_samples import CHINESE, TEXT, Desk, article, ministry, policy, quote, statements, usual
from tests.watching import rule, watching

SITES: tuple[Site, ...] = ("china_daily", "mofcom")
RULES = (
    rule(name="every announcement"),
    rule(name="all", kinds=("announcement", "quote", "article"), to=("desk@example.org", "reader@example.org")),
    rule(name="by the day", kinds=("quote",), query="said OR ministry", frequency="daily"),
)
FETCHED = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def stories() -> list[Story]:
    """Of all sorts: with files, copies, duplicates, namesakes and edits among them, and many of them read once more."""
    chance = random.Random(3)
    made = [*generated(), *invented()]
    varied = [one for story in made for one in variants(story) if chance.random() < 0.3]
    return [*made, *varied]


def generated() -> Iterator[Story]:
    site = Generated(stories=24, listings=2, sites=SITES)
    for source in SITES:
        for number in range(24):
            story = site.story(source, number)
            if len(story.pages) == 1:
                body = site.answer(story.host, story.path).body
                page = Page(url=story.url, source=source, body=body, fetched_at=FETCHED + timedelta(minutes=number))
                one = parse(page)
                assert isinstance(one, Article)
                ref = ArchiveRef(file=f"{source}.warc.gz", offset=10_000 * number, length=100)
                yield Story(article=one, pages=[(page, ref)], statements=extract(one))


def invented() -> Iterator[Story]:
    barges = "The rule for barges, in force since May, was eased by the Ministry of Transport on Nov 18, it said."
    for number, (one, said) in enumerate([
        (article(), usual()),
        (article(text=f"{TEXT}\n\n{barges}"), usual(f"{TEXT}\n\n{barges}")),
        (article(title="Barges told again", published="2026-11-20"), usual()),
        (article(published=None, text=barges), statements([], [policy(barges, barges)])),
        (article(text=barges), statements([], [policy(barges, barges, issuers=("Ministry of Transport",))])),
        (ministry(), statements([], [policy(CHINESE, CHINESE[:20], number="商务部公告2026年第9号")])),
        (ministry(title="另一题目的公告", number=None), statements()),
        (article(title="Lone \ud800 half", text=f"{barges} \udc00"), statements()),
        (article(text=TEXT.replace("Weir & Quay Shipping Co Ltd", "Weir & Quay Shipping Group")), statements([
            quote(TEXT, "Barges will carry twice the grain next year,", organization="Shanghai Weir & Quay Shipping"),
            quote(TEXT, "the company would hire two hundred deckhands", organization="Weir & Quay Shipping Group"),
        ])),
    ]):  # fmt: skip
        url = f"https://www.chinadaily.com.cn/a/202611/19/WSbbbb{number:04}.html"
        if one.source == "mofcom":
            url = f"https://www.mofcom.gov.cn/zwgk/zcfb/art/2026/art_{number:032}.html"
        page = Page(url=url, source=one.source, body=b"<html>", fetched_at=FETCHED + timedelta(hours=number))
        ref = ArchiveRef(file="invented.warc.gz", offset=1000 * number, length=100)
        yield Story(article=replace(one, url=url), pages=[(page, ref)], statements=said)


def variants(story: Story) -> Iterator[Story]:
    """The same story again, in another way each time."""
    one, said = story.article, story.statements
    page, ref = story.pages[0]
    assert one.url
    later = replace(page, fetched_at=page.fetched_at + timedelta(days=1))
    yield story
    yield replace(story, pages=[(later, None)])
    yield replace(story, statements=replace(said, version="2"))
    yield replace(story, statements=replace(said, version="3", quotes=said.quotes[1:]))
    yield replace(story, statements=replace(said, policies=said.policies[:-1], relations=()))
    yield replace(story, article=replace(one, section=("Elsewhere",)))
    yield replace(story, article=replace(one, text=f"{one.text} It was updated."), pages=[(later, None)])
    earlier = replace(page, fetched_at=page.fetched_at - timedelta(days=1))
    yield replace(story, article=replace(one, text=f"{one.text} Draft."), pages=[(earlier, None)])
    yield replace(story, listed=ListingRow(url=one.url, title="as listed", published="2026-11-21"))
    yield replace(story, article=replace(one, doubts=(Doubt(kind="time_disagrees", detail="by an hour"),)))
    other = one.url.replace(".html", "9.html")
    elsewhere = replace(page, url=other)
    yield replace(story, article=replace(one, url=other), pages=[(elsewhere, None), (later, None)])
    yield replace(story, article=replace(one, url=other, title="Told anew"), pages=[(elsewhere, ref)])
    file = Attachment(url="https://www.mofcom.gov.cn/files/9.pdf", name="附件1")
    again = replace(one, url=other.replace("9.html", "8.html"), attachments=(file, file))
    yield replace(story, article=again, pages=[(page, None)])
    if said.policies:
        evidence = said.policies[0].evidence[0]
        span = Span(start=evidence.start, end=evidence.end, text=evidence.text, source=one.text)
        acts = InstrumentRelation(
            relation="amends", subject=0, object=None, evidence=span, number="MOFCOM Announcement No. 7 of 2020",
            issuers=("Ministry of Commerce",),
        )  # fmt: skip
        yield replace(story, article=again, pages=[(page, None)], statements=replace(said, relations=(acts,)))


def stored(
    path: Path, stories: Sequence[Story | Ready], sizes: Sequence[int], chance: random.Random, *, watched: bool = False
) -> dict[str, list[str]]:
    """Everything that the database holds after the stories were stored, and what was told of each.

    Where it is watched, mails about them are among it.
    """
    told: list[str] = []
    desk = Desk(path)
    on_new = watching(desk, *RULES) if watched else None
    with closing(desk.db) as db:
        db.conn.execute("PRAGMA synchronous = OFF")
        at = 0
        while at < len(stories):
            size = chance.choice(sizes)
            told += map(
                repr, store_articles(db, stories[at : at + size], parser_version="p", run_id=None, on_new=on_new)
            )
            at += size
        return {**held(db), "told": told}


def held(db: Database) -> dict[str, list[str]]:
    """All rows of all tables, those of the full text included."""
    tables = [found["name"] for found in rows(db, "SELECT name FROM sqlite_master WHERE type = 'table'")]
    own = [name for name in tables if "_fts_" not in name and not name.startswith(("_", "sqlite"))]
    for name in own:
        if name.endswith("_fts"):
            db.conn.execute(f"INSERT INTO {name} ({name}) VALUES ('integrity-check')")  # noqa: S608
    selected = {name: f"SELECT {'rowid, ' if name.endswith('_fts') else ''}* FROM {name}" for name in own}  # noqa: S608
    return {name: sorted(repr(tuple(found.values())) for found in rows(db, sql)) for name, sql in selected.items()}


@pytest.mark.parametrize("seed", range(3))
def test_any_order_and_any_number_together_give_the_same_rows(
    tmp_path: Path, stories: list[Story], monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    chance = random.Random(seed)
    shuffled = chance.sample(stories, len(stories))
    together = stored(tmp_path / "together.db", shuffled, [1, 3, 8, 64], chance)
    with monkeypatch.context() as patch:
        patch.setattr(store, "keep_fresh", lambda *_: None)
        patch.setattr(store, "keep_same", lambda *_: None)
        alone = stored(tmp_path / "alone.db", shuffled, [1], chance)
    for table, rows_alone in alone.items():
        assert together[table] == rows_alone, table
    assert len(alone["articles"]) > 60
    assert all(len(alone[table]) > 1 for table in ("relations", "annexes", "identity_edges", "issues"))
    assert any("duplicate_of='a" in line for line in alone["told"])


def test_what_was_prepared_elsewhere_gives_the_same_rows(tmp_path: Path, stories: list[Story]) -> None:
    chance = random.Random(5)
    shuffled = chance.sample(stories, len(stories))
    came = unframed(packed([prepare(story) for story in shuffled]), PREPARED)
    ready = [Ready(one, partial(replace, story)) for one, story in zip(came, shuffled, strict=True)]
    here = stored(tmp_path / "here.db", shuffled, [64], chance)
    there = stored(tmp_path / "there.db", ready, [64], chance)
    for table, rows_here in here.items():
        assert there[table] == rows_here, table


@pytest.mark.parametrize("seed", range(2))
def test_what_is_told_of_them_by_mail_is_the_same_too(
    tmp_path: Path, stories: list[Story], monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    chance = random.Random(10 + seed)
    shuffled = chance.sample(stories, len(stories))
    together = stored(tmp_path / "together.db", shuffled, [3, 8], chance, watched=True)
    with monkeypatch.context() as patch:
        patch.setattr(store, "keep_fresh", lambda *_: None)
        patch.setattr(store, "keep_same", lambda *_: None)
        alone = stored(tmp_path / "alone.db", shuffled, [1], chance, watched=True)
    for table, rows_alone in alone.items():
        assert together[table] == rows_alone, table
    assert len(alone["outbox"]) > 60
    assert len(alone["alert_matches"]) > len(alone["outbox"])


def test_most_stories_are_decided_together_and_so_are_those_that_are_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = list(generated())
    again = [replace(story, statements=replace(story.statements, version="better")) for story in first]
    alone: list[str] = []
    by_itself = store._store

    def counted(db: Database, story: Story, parser_version: str, run_id: int | None) -> Stored:
        alone.append(story.article.url or "")
        return by_itself(db, story, parser_version, run_id)

    monkeypatch.setattr(store, "_store", counted)
    told = stored(tmp_path / "a.db", [*first, *again], [40], random.Random(0))["told"]
    assert len(alone) <= 2
    assert sum("outcome='unchanged'" in line for line in told) == len(again)


def test_stories_are_told_of_in_their_order_when_those_beside_them_are_written_too(tmp_path: Path) -> None:
    """What is asked for of a new story, such as the watch rules, finds it."""
    seen: list[tuple[str, int, int]] = []

    def look(db: Database, one: Stored) -> None:
        (found,) = rows(db, "SELECT count(*) AS articles, max(seq) AS last FROM articles")
        (own,) = rows(db, "SELECT seq FROM articles WHERE id = ?", [one.article_id])
        (indexed,) = rows(db, "SELECT count(*) AS n FROM articles_fts")
        assert indexed["n"] == found["articles"]
        seen.append((one.article_id, own["seq"], found["last"]))

    fresh = list(generated())[:20]
    with closing(open_database(tmp_path / "a.db", mode="create")) as db:
        done = store_articles(db, fresh, parser_version="p", run_id=None, on_new=look)
    assert [identity for identity, _own, _last in seen] == [one.article_id for one in done]
    assert all(own <= last for _identity, own, last in seen)
    assert len({last for _identity, _own, last in seen}) < len(seen) / 2


@pytest.mark.parametrize(
    ("asked", "first", "second"),
    [
        ("SELECT title FROM instruments", {"title": "rule on barges"}, {"title": "Measures for Barges with Grain"}),
        (
            "SELECT name FROM organizations",
            {"organization": "Weir & Quay Shipping Co., Ltd"},
            {"organization": "Weir & Quay Shipping"},
        ),
    ],
)
def test_who_is_told_of_a_story_finds_what_was_known_before_the_next_one(
    tmp_path: Path, asked: str, first: dict[str, str], second: dict[str, str]
) -> None:
    """An instrument's title or a company's name may be another one by what a story says that is stored beside it."""

    def seen(path: Path, together: int) -> list[object]:
        found: list[object] = []

        def look(db: Database, _one: Stored) -> None:
            found.append([tuple(row.values()) for row in rows(db, asked)])

        with closing(open_database(path, mode="create")) as db:
            for at in range(0, 2, together):
                store_articles(db, told[at : at + together], parser_version="p", run_id=None, on_new=look)
        return found

    told = []
    for number, said in enumerate((first, second)):
        text = (
            f"The rule number {number} is told here. Barges wait {number} days, said Lin Qiao.{' So it is.' * number}"
        )
        url = f"https://www.chinadaily.com.cn/a/202611/19/WScccc{number:04}.html"
        quotes = [quote(text, f"Barges wait {number} days", organization=said.get("organization", "Weir & Quay"))]
        announced = policy(
            text, f"The rule number {number}", title=said.get("title", "x"), number="商务部公告2026年第9号"
        )
        page = Page(url=url, source="china_daily", body=b"<html>", fetched_at=FETCHED + timedelta(hours=number))
        one = article(text=text, title=f"Story {number}", url=url)
        told.append(Story(article=one, pages=[(page, None)], statements=statements(quotes, [announced])))
    alone, together = seen(tmp_path / "alone.db", 1), seen(tmp_path / "together.db", 2)
    assert together == alone
    assert alone[0] != alone[1]


def test_a_story_that_cannot_be_stored_takes_back_those_beside_it(tmp_path: Path) -> None:
    def refuse(_db: Database, one: Stored) -> None:
        if one.new:
            raise RuntimeError("told to refuse")

    told = list(invented())
    with closing(open_database(tmp_path / "a.db", mode="create")) as db:
        with pytest.raises(RuntimeError):
            store_articles(db, [told[7], told[0]], parser_version="p", run_id=None, on_new=refuse)
        assert not any(held(db)[table] for table in ("articles", "pages", "quotes", "articles_fts"))
        store_articles(db, [told[7], told[0]], parser_version="p", run_id=None)
        assert len(held(db)["articles"]) == 2
