#!/usr/bin/env python3
"""Ask the site of a large archive what analysts ask, while a crawl writes into it; how long do the pages take?

    python bench/site.py [--articles 1000000] [--readers 50] [--quick] [--database FILE]

`policywire serve` runs in a process of its own over a generated database (`demo/grown.py`: 3 quotes and half an
announcement an article), another process stores articles, and `--readers` people read at the same time, each a page a
second. Prints one JSON object: `p50_ms`, `p95_ms` and `errors` over all pages, the same for each kind of page, what was
stored meanwhile, and the figures of one reader alone. `--quick` takes 100,000 articles. `--database` keeps the
generated file there and takes it if it is there already. Exit status 0: no error.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from db import open_database  # noqa: E402
from db.store import store_article  # noqa: E402
from demo.generated import NEWEST, Generated  # noqa: E402
from demo.grown import grow  # noqa: E402
from pipeline.extract import extract  # noqa: E402
from pipeline.model import Article, Page  # noqa: E402

PAUSE = 1.0
"""Seconds that a reader looks at a page."""
ROUNDS = 20
"""Pages that each reader asks for."""
WRITES_A_SECOND = 5
"""Articles that the crawl stores; a polite crawl of two sites stores one."""

WORDS = (
    "export", "permits", "公告", "出口", "稀土", '"export control" OR 出口管制', "licence -steel", "gallium", "subsid*",
    "commerce AND tariff", "商务部", "Mianyang", "electric vehicles", "adds capacity", "investment", "许可管理",
)  # fmt: skip
FILTERS = (
    "", "source=mofcom", "source=china_daily&language=en", "language=zh", "action=export_control", "salience=news",
    "instrument=notice", "since=2026-01-01&until=2026-06-30", "sort=relevance", "review_state=open",
)  # fmt: skip
QUOTE_FILTERS = (
    "",
    "role=executive",
    "role=official&language=zh",
    "role=expert",
    "sort=relevance",
    "source=china_daily",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One page that was asked for."""

    kind: str
    path: str
    milliseconds: float
    error: str | None


def main() -> int:
    """Generate, serve, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--quick", action="store_true", help="100,000 articles")
    parser.add_argument("--database", type=Path, help="keep the generated database there, and take it from there")
    parser.add_argument("--slowest", type=int, default=0, metavar="N", help="print the N slowest pages too")
    parser.add_argument("--write", type=Path, metavar="FILE", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.write:
        return write(options.write)
    articles = 100_000 if options.quick else options.articles
    with TemporaryDirectory(prefix="policywire-site-") as temporary:
        database = (options.database or Path(temporary) / "grown.db").absolute()
        began = time.perf_counter()
        if not database.exists():
            grow(database, articles)
        made = time.perf_counter() - began
        paths = paths_of(database)
        with serving(database, Path(temporary)) as home:
            asyncio.run(read(home, [one[:1] for one in paths.values()], kinds=list(paths), readers=1, seed=0))
            pool = list(paths.values())
            alone = asyncio.run(read(home, pool, kinds=list(paths), readers=1, seed=1, rounds=100, pause=0.0))
            with writing(database) as writer:
                together = asyncio.run(read(home, pool, kinds=list(paths), readers=options.readers, seed=2))
            stored = int(writer.result or 0)
        counts = counted(database)
    record = {
        **figures(together),
        "readers": options.readers,
        "rows": counts,
        "stored_meanwhile": stored,
        "pages": {kind: figures([one for one in together if one.kind == kind]) for kind in paths},
        "one_reader": figures(alone),
        "generated_in_s": round(made, 1),
        "first_errors": [f"{one.path}: {one.error}" for one in together if one.error][:5],
    }
    if options.slowest:
        slow = sorted((*alone, *together), key=lambda one: -one.milliseconds)[: options.slowest]
        record["slowest"] = [f"{one.milliseconds:.0f} ms {one.path}" for one in slow]
    print(json.dumps(record, ensure_ascii=False, indent=1))
    return 1 if record["errors"] else 0


def figures(asked: Sequence[Asked]) -> dict[str, Any]:
    """Median, 95th percentile and errors of some pages."""
    times = [one.milliseconds for one in asked] or [0.0]
    p95 = quantiles(times, n=20)[-1] if len(times) > 1 else times[0]
    return {
        "p50_ms": round(median(times), 1),
        "p95_ms": round(p95, 1),
        "errors": sum(one.error is not None for one in asked),
        "asked": len(asked),
    }


def paths_of(database: Path) -> dict[str, list[str]]:
    """What can be asked for, by kind of page; ids are drawn from the whole archive."""
    random = Random(3)
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:

        def drawn(table: str, column: str = "id", count: int = 200) -> list[str]:
            first, last = connection.execute(f"SELECT min(seq), max(seq) FROM {table}").fetchone()  # noqa: S608
            sql = f"SELECT {column} FROM {table} WHERE seq >= ? AND {column} IS NOT NULL ORDER BY seq LIMIT 1"  # noqa: S608
            found = (connection.execute(sql, [random.randint(first, last)]).fetchone() for _ in range(count))
            return [one[0] for one in found if one]

        return {
            "today": ["/"],
            "search announcements": _searches("announcements", FILTERS),
            "search quotes": _searches("quotes", QUOTE_FILTERS),
            "search articles": _searches("articles", ("", "source=mofcom", "language=zh", "sort=relevance")),
            "instrument": [f"/instruments/{one}" for one in drawn("policies", "instrument_id")],
            "person": [f"/people/{one}" for one in drawn("quotes", "person_id")],
            "article": [f"/articles/{one}" for one in drawn("articles")],
            "review": ["/review", *(f"/review/{one}" for one in drawn("policies"))],
        }


def _searches(tab: str, filters: Sequence[str]) -> list[str]:
    words = [httpx.QueryParams({"q": word, "in": tab}) for word in WORDS] + [httpx.QueryParams({"in": tab})]
    return [f"/search?{word}{'&' if one else ''}{one}" for word in words for one in filters]


async def read(
    home: str, paths: Sequence[Sequence[str]], *, kinds: Sequence[str], readers: int, seed: int,
    rounds: int = ROUNDS, pause: float = PAUSE,
) -> list[Asked]:  # fmt: skip
    """Let `readers` people ask for `rounds` pages each, every kind as often as the other, `pause` seconds apart."""
    asked: list[Asked] = []

    async def one_reader(number: int, client: httpx.AsyncClient) -> None:
        random = Random(f"{seed} {number}")
        await asyncio.sleep(random.random() * pause)
        for at in range(rounds):
            chosen = (number + at) % len(kinds)
            path = random.choice(paths[chosen])
            began = time.perf_counter()
            error = None
            try:
                answer = await client.get(path)
                if answer.status_code != 200:
                    error = f"status {answer.status_code}: {answer.text[:200]!r}"
            except httpx.HTTPError as failed:
                error = repr(failed)
            spent = time.perf_counter() - began
            asked.append(Asked(kind=kinds[chosen], path=path, milliseconds=spent * 1000, error=error))
            await asyncio.sleep(max(0.0, pause * (0.5 + random.random()) - spent))

    limits = httpx.Limits(max_connections=readers)
    async with httpx.AsyncClient(base_url=home, timeout=30, limits=limits, follow_redirects=True) as client:
        await asyncio.gather(*(one_reader(number, client) for number in range(readers)))
    return asked


# -- processes --------------------------------------------------------------------------------------------------------


@contextmanager
def serving(database: Path, folder: Path) -> Iterator[str]:
    """`policywire serve` over the database, until the block is left."""
    config = folder / "policywire.toml"
    config.write_text(f'[storage]\ndatabase = "{database}"\narchive = "{folder / "archive"}"\n', encoding="utf-8")
    command = [sys.executable, "-m", "cli", "--config", str(config), "serve", "--port", "0"]
    server = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)
    assert server.stderr is not None
    try:
        address = server.stderr.readline().split()
        if not address or not address[0].startswith("http"):
            raise SystemExit(f"the site did not start: {' '.join(address)}")
        yield address[0].rstrip("/")
    finally:
        server.terminate()
        server.communicate()


@dataclass(slots=True)
class Writer:
    """What the writing process said when it ended."""

    result: str = ""


@contextmanager
def writing(database: Path) -> Iterator[Writer]:
    """A process that stores articles until the block is left."""
    command = [sys.executable, __file__, "--write", str(database)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    writer = Writer()
    try:
        yield writer
    finally:
        writer.result = process.communicate("")[0]


def write(database: Path) -> int:
    """Store new articles, each in a transaction of its own, until standard input ends; print how many."""
    import threading

    ended = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
    generated = Generated(stories=100_000, listings=40, seed=int(time.time()))
    stored = 0
    with closing(open_database(database)) as db:
        while not ended.wait(1 / WRITES_A_SECOND):
            story = generated.story("china_daily" if stored % 2 else "mofcom", stored)
            article = Article(
                source=story.site, url=f"https://x{generated.seed}.{story.url.removeprefix('https://')}",
                title=story.title, language=story.language, published=story.published.isoformat(), text=story.text,
            )  # fmt: skip
            assert article.url is not None
            page = Page(url=article.url, source=article.source, body=b"<html></html>", fetched_at=NEWEST)
            store_article(
                db, article, pages=[(page, None)], statements=extract(article), parser_version="1", run_id=None
            )
            stored += 1
    print(stored)
    return 0


def counted(database: Path) -> Counter[str]:
    """How many rows of each sort."""
    found: Counter[str] = Counter()
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        for table in ("articles", "quotes", "policies"):
            found[table] = connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608
    return found


if __name__ == "__main__":
    sys.exit(main())
