#!/usr/bin/env python3
"""Speed of reading beside trafilatura and textacy, and of storing beside a bare executemany, one core each.

    python bench/pipeline.py [--quick] [--json] [--stories 500] [--no-peers | --here]

Pages: the generated site's, of both sources (30 to 50 kB). All seconds are processor seconds, the least of three rounds
(of one where statements are extracted: names are remembered), so that other work on the machine counts little. Keys:
`parse_vs_trafilatura`, trafilatura's seconds (fast) from page to text over ours from page to article, all pages;
`exact`, the part of them of which our body is the manifest's; `pipeline_vs_peers`, trafilatura's and textacy's seconds
over ours from page to statements, English pages (textacy reads no Chinese; it gives quotations only); `store_ratio`,
the seconds of one executemany a table of the same rows into the same schema, all in one transaction, over those of
what a reprocess has its one writer do: unpack what readers send, decide and write it, as many stories a transaction as
it stores, with nothing remembered of them; `prepare_ms`, what making that ready and packing it costs a reader a story;
`store_again_ratio`, as `store_ratio` where all of it is stored already; `store_alone_ratio`, the same rows over
preparing and storing in one process; `store_crawl_ratio`, that of eight a transaction;
`database_kb_per_article`.
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
import time
from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import _lru_cache_wrapper
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sqlite_utils import Database

from bench.peer_runs import run_peer
from bench.peer_scores import plain
from db import open_database
from db.store import Ready, Story, store_articles
from demo.generated import Generated
from demo.story import Site
from ingest.reading import ON_THE_WIRE, PageRead, sent, without_body
from ingest.rereading import MOST
from pipeline.articles import PARSER_VERSION, parse
from pipeline.extract import extract
from pipeline.model import ArchiveRef, Article, Page
from readers.wire import LENGTH, frame, unframed

SITES: tuple[Site, ...] = ("china_daily", "mofcom")
ROUNDS = 3
A_STRETCH = 32
"""Stories that a reader sends together."""
IN_A_CRAWL = 8
"""Stories of one transaction of a crawl (`ingest/storing.py`); a reprocess stores `MOST`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """A page of a story, and what must be read in it."""

    page: Page
    text: str
    english: bool


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="100 stories a source")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--stories", type=int, default=500, help="of each source")
    parser.add_argument("--no-peers", action="store_true", help="our own figures only")
    parser.add_argument("--here", action="store_true", help="trafilatura of this environment, textacy left out")
    options = parser.parse_args()
    inputs = generated(100 if options.quick else options.stories)
    figures = reading(inputs)
    if options.here:
        figures |= beside_trafilatura_here(inputs, figures)
    elif not options.no_peers:
        figures |= beside_peers(inputs, figures)
    figures |= storing(inputs)
    rounded = {name: round(value, 4) for name, value in figures.items()}
    print(json.dumps(rounded) if options.json else "\n".join(f"{name:26} {value}" for name, value in rounded.items()))
    return 0


def generated(stories: int) -> list[Input]:
    """Pages of stories that have only one."""
    site, inputs = Generated(stories=stories, listings=40, sites=SITES), []
    fetched_at = datetime(2026, 9, 18, tzinfo=UTC)
    for source in SITES:
        for number in range(stories):
            story = site.story(source, number)
            if len(story.pages) == 1:
                body = site.answer(story.host, story.path).body
                page = Page(url=story.url, source=source, body=body, fetched_at=fetched_at + timedelta(seconds=number))
                inputs.append(Input(page=page, text=story.text, english=story.language == "en"))
    return inputs


def reading(inputs: Sequence[Input]) -> dict[str, float]:
    """Our own seconds, and how many bodies are exact. The extractor remembers names, so it gets one round."""
    articles = [article_in(one) for one in inputs]
    english = [one for one in inputs if one.english]
    for article in articles[:20]:
        extract(article)
    return {
        "pages": len(inputs),
        "exact": sum(found.text == one.text for found, one in zip(articles, inputs, strict=True)) / len(inputs),
        "parse_ms": 1000 * seconds(lambda: [article_in(one) for one in inputs]) / len(inputs),
        "english_pages": len(english),
        "english_pipeline_ms": 1000 * seconds(lambda: [extract(article_in(one)) for one in english], 1) / len(english),
    }


def article_in(one: Input) -> Article:
    """The article of a page."""
    found = parse(one.page)
    assert isinstance(found, Article)
    return found


def seconds(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Processor seconds of the fastest round."""
    found = []
    for _ in range(rounds):
        gc.collect()
        gc.freeze()  # nobody is charged for looking through what the bench itself holds
        began = time.process_time()
        work()
        found.append(time.process_time() - began)
        gc.unfreeze()
    return min(found)


def beside_peers(inputs: Sequence[Input], ours: dict[str, float]) -> dict[str, float]:
    """The same pages through trafilatura, and the English texts that it finds through textacy."""
    pages = [page_item(one) for one in inputs]
    parsed = run_peer("trafilatura/text", pages, rounds=ROUNDS).answers
    texts = [
        {"id": page["id"], "language": "en", "text": parsed[page["id"]].get("text", "")}
        for page in pages if page["language"] == "en"
    ]  # fmt: skip
    quoted = run_peer("textacy/quotes", texts).answers
    trafilatura_ms = 1000 * sum(one["seconds"] for one in parsed.values()) / len(pages)
    peers_s = sum(parsed[text["id"]]["seconds"] + quoted[text["id"]]["seconds"] for text in texts)
    exact = [plain(parsed[one.page.url].get("text")) == plain(one.text) for one in inputs]
    return {
        "trafilatura_ms": trafilatura_ms,
        "trafilatura_exact": sum(exact) / len(exact),
        "parse_vs_trafilatura": trafilatura_ms / ours["parse_ms"],
        "peers_ms": 1000 * peers_s / len(texts),
        "pipeline_vs_peers": 1000 * peers_s / len(texts) / ours["english_pipeline_ms"],
    }


def page_item(one: Input) -> dict[str, Any]:
    """A page as the peers' adapters get it."""
    body = b64encode(one.page.body).decode()
    return {"id": one.page.url, "url": one.page.url, "language": "en" if one.english else "zh", "body": body}


def beside_trafilatura_here(inputs: Sequence[Input], ours: dict[str, float]) -> dict[str, float]:
    """The same pages through the trafilatura that tests install: no environment is made, nothing is fetched."""
    from trafilatura import extract as text_in

    bodies = [one.page.body.decode() for one in inputs]
    text_in(bodies[0], fast=True, include_comments=False)
    took = seconds(lambda: [text_in(body, fast=True, include_comments=False) for body in bodies])
    milliseconds = 1000 * took / len(inputs)
    return {"trafilatura_ms": milliseconds, "parse_vs_trafilatura": milliseconds / ours["parse_ms"]}


def storing(inputs: Sequence[Input]) -> dict[str, float]:
    """Our storing beside bare inserts of the rows that it makes."""
    reads = [read_of(one, number) for number, one in enumerate(inputs)]
    stories = [read.story() for read in reads]
    ours, alone, crawl, again, bare, prepared = [], [], [], [], [], []
    size = 0
    for _ in range(ROUNDS):
        with TemporaryDirectory(prefix="policywire-bench-") as folder:
            db = open_database(Path(folder) / "ours.db", mode="create")
            forget()
            frames: list[bytes] = []
            prepared.append(seconds(lambda frames=frames: frames.extend(sending(reads)), rounds=1))  # type: ignore[misc]
            forget()
            ours.append(seconds(lambda db=db, frames=frames: store_sent(db, frames), rounds=1))  # type: ignore[misc]
            forget()
            again.append(seconds(lambda db=db, frames=frames: store_sent(db, frames), rounds=1))  # type: ignore[misc]
            size = int(
                db.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size").fetchone()[0]
            )
            other = open_database(Path(folder) / "bare.db", mode="create")
            rows = rows_added(db, other)
            bare.append(seconds(lambda db=other, rows=rows: insert(db, rows), rounds=1))  # type: ignore[misc]
            eight = open_database(Path(folder) / "eight.db", mode="create")
            forget()
            crawl.append(seconds(lambda db=eight: store(db, stories, IN_A_CRAWL), rounds=1))  # type: ignore[misc]
            single = open_database(Path(folder) / "alone.db", mode="create")
            forget()
            alone.append(seconds(lambda db=single: store(db, stories, MOST), rounds=1))  # type: ignore[misc]
            for each in (db, other, eight, single):
                each.close()
    return {
        "prepare_ms": 1000 * min(prepared) / len(stories),
        "store_ms": 1000 * min(ours) / len(stories),
        "bare_store_ms": 1000 * min(bare) / len(stories),
        "store_ratio": min(bare) / min(ours),
        "store_alone_ratio": min(bare) / min(alone),
        "store_crawl_ratio": min(bare) / min(crawl),
        "store_again_ratio": min(bare) / min(again),
        "database_kb_per_article": size / 1000 / len(stories),
    }


def read_of(one: Input, number: int) -> PageRead:
    """What a reader makes of a page."""
    article = article_in(one)
    ref = ArchiveRef(file="pages.warc.gz", offset=10_000 * number, length=10_000)
    return PageRead(ref=ref, page=without_body(one.page), article=article, statements=extract(article))


def sending(reads: Sequence[PageRead]) -> list[bytes]:
    """What readers send: a frame a stretch."""
    return [frame([sent(one) for one in reads[at : at + A_STRETCH]]) for at in range(0, len(reads), A_STRETCH)]


def store_sent(db: Database, frames: Sequence[bytes]) -> None:
    """Unpack the frames and store what they hold, so many a transaction as a reprocess."""
    came: list[Ready] = []
    for one in frames:
        came += [Ready(one.prepared, one.story) for one in unframed(one[LENGTH.size :], ON_THE_WIRE)]
        while len(came) >= MOST or (came and one is frames[-1]):
            store_articles(db, came[:MOST], parser_version=PARSER_VERSION, run_id=None)
            del came[:MOST]


_SIZE = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"


def store(db: Database, stories: Sequence[Story], together: int) -> None:
    """All of them, so many a transaction."""
    for at in range(0, len(stories), together):
        store_articles(db, stories[at : at + together], parser_version=PARSER_VERSION, run_id=None)


def forget() -> None:
    """Let nothing be remembered of stories that were stored before; tables that are read once stay."""
    for held in gc.get_objects():
        if isinstance(held, _lru_cache_wrapper) and held.cache_info().maxsize is not None:
            held.cache_clear()


def rows_added(db: Database, empty: Database) -> dict[str, list[tuple[Any, ...]]]:
    """For each INSERT the rows of a database that an empty one has not, those of the full text included."""
    sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%\\_fts\\_%' ESCAPE '\\'"
    found = {}
    for (table,) in db.execute(sql).fetchall():
        key = "rowid, " if table.endswith("_fts") else ""
        rows = db.execute(f'SELECT {key}* FROM "{table}"').fetchall()  # noqa: S608 - names of our own schema
        if rows and not empty.execute(f'SELECT 1 FROM "{table}" LIMIT 1').fetchall():  # noqa: S608
            names = key + ", ".join(
                f'"{column[1]}"' for column in db.execute(f'PRAGMA table_info("{table}")').fetchall()
            )
            marks = ", ".join("?" * len(rows[0]))
            found[f'INSERT INTO "{table}" ({names}) VALUES ({marks})'] = rows  # noqa: S608
    return found


def insert(db: Database, rows: dict[str, list[tuple[Any, ...]]]) -> None:
    """All rows in one transaction, references unchecked."""
    db.execute("PRAGMA foreign_keys = OFF")
    db.execute("BEGIN IMMEDIATE")
    for sql, values in rows.items():
        db.conn.executemany(sql, values)
    db.execute("COMMIT")


if __name__ == "__main__":
    sys.exit(main())
