#!/usr/bin/env python3
"""What each job costs as the archive grows: databases of 10,000, 100,000 and 1,000,000 articles, the same work on each.

    python bench/growth.py [--sizes 10000,100000,1000000] [--json] [--keep FILE] [--folder FOLDER]

`demo/grown.py` makes the databases, of shorter stories than a newspaper's (four paragraphs: 12 GB a million), with
three quotes and half an announcement an article. All costs are processor time, system time included: other work on
the machine counts little, waiting for a disk not at all. `costs`: for each job what it costs at each size, and
`exponent`, the slope of a line through them on logarithmic axes (0: the archive's size does not matter, 1: twice the
archive, twice the cost).

- `storing`: a new article, eight a transaction;   `rules`: a thousand watch rules asked of it
- `reprocess`: a stored page read again as by `policywire reprocess`; `reprocess_end`: its look at all groups, once
- `crawl`: `policywire crawl` of four listings with nothing new, the command's start included
- `search`, `review`, `today`, `article`, `instrument`: a page of the site, mean over the same sorts of queries; the
  slowest search is `search_slowest`

`--keep` leaves the largest database there.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import random
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from unittest.mock import patch

import httpx

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

import ingest.rereading  # noqa: E402
from archive.batch import stretches_of  # noqa: E402
from archive.places import find_places  # noqa: E402
from bench.archived import write_archive  # noqa: E402
from bench.crawl import cpu_of_children  # noqa: E402
from bench.loopback import SINCE, TODAY, Running, configuration, running  # noqa: E402
from bench.rules import find_matches, thousand_rules  # noqa: E402
from bench.site import paths_of  # noqa: E402
from db import open_database  # noqa: E402
from db.misread import misread  # noqa: E402
from db.store import Stored, Story, store_articles  # noqa: E402
from demo.generated import NEWEST, Generated  # noqa: E402
from demo.grown import grow  # noqa: E402
from ingest.engines.here import read_here  # noqa: E402
from pipeline.extract import extract  # noqa: E402
from pipeline.model import Article, Page  # noqa: E402
from web.app import make_app  # noqa: E402

SIZES: Final = (10_000, 100_000, 1_000_000)
PARAGRAPHS: Final = 4
FIRST: Final = 1000
"""Stories of which the databases are copies, where the smallest has twice as many."""
TOGETHER: Final = 8
NEW_STORIES: Final = 96
"""Those stored, each source's half; the first transaction is left out of the account."""
REREAD: Final = 160
"""Archived pages that are read again."""
LISTINGS: Final = 4
CRAWLED: Final = 40
SEARCHES: Final = 60
ROUNDS: Final = 2
HOME: Final = "http://127.0.0.1:8350"

SAYS: Final[Mapping[str, tuple[str, str]]] = {
    "storing": ("Storing a new article", "ms an article"),
    "rules": ("A thousand rules asked of a new article", "ms an article"),
    "reprocess": ("Reading a stored page again", "ms a page"),
    "reprocess_end": ("The end of a reprocess: a look at all groups", "s"),
    "crawl": ("A crawl with nothing new", "s"),
    "search": ("Search, a page of hits", "ms"),
    "search_slowest": ("Search, the slowest of all", "ms"),
    "review": ("The review page", "ms"),
    "today": ("The page Today", "ms"),
    "article": ("The page of an article", "ms"),
    "instrument": ("The page of an instrument", "ms"),
}
"""Each job in words, and the unit of its cost, in processor time."""


def main() -> int:
    """Make, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="articles of each database")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--keep", type=Path, metavar="FILE", help="leave the largest database there")
    parser.add_argument("--folder", type=Path, help="where the databases are made for a while")
    options = parser.parse_args()
    sizes = sorted(int(one) for one in options.sizes.split(","))
    costs: dict[str, list[float]] = {name: [] for name in SAYS}
    megabytes, made = [], []
    with (
        TemporaryDirectory(prefix="policywire-growth-", dir=options.folder) as temporary,
        running(stories=CRAWLED, listings=LISTINGS, sites=("china_daily",), seed=98) as site,
    ):
        for size in sizes:
            folder = Path(temporary) / str(size)
            folder.mkdir()
            path = options.keep if options.keep and size == sizes[-1] else folder / "policywire.db"
            began = time.perf_counter()
            make(path, size, first=min(FIRST, sizes[0] // 2))
            made.append(round(time.perf_counter() - began, 1))
            megabytes.append(round(path.stat().st_size / 1e6, 1))
            for name, cost in measured(path, folder, site):
                costs[name].append(round(cost, 4))
            if path != options.keep:
                path.unlink()
    found = {
        name: {
            "says": says, "unit": f"{unit} of processor time", "values": costs[name],
            "exponent": exponent(sizes, costs[name]),
        }
        for name, (says, unit) in SAYS.items()
    }  # fmt: skip
    record = {"sizes": sizes, "database_mb": megabytes, "made_in_s": made, "costs": found}
    if options.json:
        print(json.dumps(record))
    else:
        print(f"{'articles':44} {'':24} {'  '.join(f'{size:10,}' for size in sizes)}")
        for cost in found.values():
            row = "  ".join(f"{value:10.3f}" for value in cost["values"])
            print(f"{cost['says']:44} {cost['unit']:24} {row}  n^{cost['exponent']}")
    return 0


def make(path: Path, articles: int, first: int = FIRST) -> None:
    """The database of one size, of copies of so many stories."""
    grow(path, articles, first=first, paragraphs=PARAGRAPHS)


def exponent(sizes: Sequence[int], costs: Sequence[float]) -> float:
    """Slope of the line through the points on logarithmic axes."""
    if len(sizes) < 2:
        return 0.0
    found = statistics.linear_regression([math.log(one) for one in sizes], [math.log(max(one, 1e-6)) for one in costs])
    return round(found.slope, 3)


def measured(path: Path, folder: Path, site: Running) -> Iterator[tuple[str, float]]:
    """Each job's cost over one database."""
    yield from pages_of_the_site(path)
    yield from storing(path)
    yield from rereading(path, folder)
    yield "crawl", crawling(path, folder, site)


# -- the site ---------------------------------------------------------------------------------------------------------


def pages_of_the_site(path: Path) -> Iterator[tuple[str, float]]:
    """Milliseconds of the application, without sockets."""
    asked = paths_of(path)
    chance = random.Random(7)
    searches = [one for kind in sorted(asked) if kind.startswith("search") for one in asked[kind]]
    chosen = {
        "search": chance.sample(searches, min(SEARCHES, len(searches))),
        "review": asked["review"][:1],
        "today": asked["today"],
        "article": chance.sample(asked["article"], min(20, len(asked["article"]))),
        "instrument": chance.sample(asked["instrument"], min(20, len(asked["instrument"]))),
    }
    took = asyncio.run(asking(path, chosen))
    for kind, times in took.items():
        yield kind, statistics.mean(times)
    yield "search_slowest", max(took["search"])


async def asking(path: Path, chosen: Mapping[str, Sequence[str]]) -> dict[str, list[float]]:
    """Each page by its kind: the better of some rounds, in ms of processor time."""
    app = make_app(path, archive=path.parent / "archive", clock=lambda: NEWEST)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=True)
    took: dict[str, list[float]] = {}
    async with httpx.AsyncClient(transport=transport, base_url=HOME, follow_redirects=True) as client:
        for kind, paths in chosen.items():
            (await client.get(paths[0])).raise_for_status()
            rounds = ROUNDS if len(paths) > 1 else 5 * ROUNDS
            for one in paths:
                times = []
                for _ in range(rounds):
                    began = time.process_time()
                    (await client.get(one)).raise_for_status()
                    times.append(1000 * (time.process_time() - began))
                took.setdefault(kind, []).append(min(times))
    return took


# -- a new article ----------------------------------------------------------------------------------------------------


@cache
def new_stories() -> tuple[Story, ...]:
    """Extracted stories that no grown database holds."""
    generated = Generated(stories=NEW_STORIES, listings=LISTINGS, seed=99)
    found = []
    for at in range(NEW_STORIES):
        made = generated.story("china_daily" if at % 2 else "mofcom", at)
        article = Article(
            source=made.site, url=f"{made.url}?new", title=made.title, language=made.language, authors=made.authors,
            published=made.published.isoformat(), text=made.text, number=made.number,
        )  # fmt: skip
        page = Page(
            url=f"{made.url}?new", source=made.site, body=b"<html></html>", fetched_at=datetime(2026, 9, 18, tzinfo=UTC)
        )
        found.append(Story(article=article, pages=[(page, None)], statements=extract(article)))
    return tuple(found)


@dataclass(slots=True)
class Asked:
    """What the rules took, article by article."""

    compiled: Any
    now: datetime
    took: list[float] = field(default_factory=list)

    def __call__(self, db: Any, stored: Stored) -> None:
        began = time.process_time()
        find_matches(db, stored, self.compiled, self.now)
        self.took.append(1000 * (time.process_time() - began))


def storing(path: Path) -> Iterator[tuple[str, float]]:
    """A new article stored, and the rules asked of it in the same transaction."""
    stories = new_stories()
    asked = Asked(compiled=thousand_rules([one.article for one in stories]), now=datetime(2026, 9, 18, 12, tzinfo=UTC))
    times = []
    with closing(open_database(path)) as db:
        for at in range(0, len(stories), TOGETHER):
            before, began = sum(asked.took), time.process_time()
            store_articles(db, stories[at : at + TOGETHER], parser_version="1", run_id=None, on_new=asked)
            spent = 1000 * (time.process_time() - began)
            times.append((spent - (sum(asked.took) - before)) / TOGETHER)
    yield "storing", statistics.median(times[1:])
    yield "rules", statistics.median(asked.took[TOGETHER:])


# -- commands ---------------------------------------------------------------------------------------------------------


def rereading(path: Path, folder: Path) -> Iterator[tuple[str, float]]:
    """Stored pages read again, as `policywire reprocess` does in one process, and the look at all groups at its end."""
    archive = folder.parent / "archive"
    if not archive.exists():
        # a story of the ministry has the same address whatever the seed, and so its id may be that of a copy
        write_archive(archive, REREAD, seed=97, sites=("china_daily",))
    stretches = [one for place in find_places((), archive) for one in stretches_of(place)]
    took = []
    with closing(open_database(path)) as db, patch.object(ingest.rereading, "misread", return_value=iter(())):
        for _ in range(1 + ROUNDS):  # the first round stores what the others know
            reader = ingest.rereading.Rereading(db=db)
            began = time.process_time()
            for batch in read_here(stretches, threading.Event()):
                reader.keep(batch)
            reader.finish(())
            took.append(1000 * (time.process_time() - began) / REREAD)
    yield "reprocess", min(took[1:])
    with closing(open_database(path)) as db:
        began = time.process_time()
        for _ in misread(db):
            pass
        yield "reprocess_end", time.process_time() - began


def crawling(path: Path, folder: Path, site: Running) -> float:
    """Seconds of `policywire crawl` when everything is known."""
    config = folder / "crawl.toml"
    written = configuration(site, "china_daily", LISTINGS)
    config.write_text(written.replace('"policywire.db"', f'"{path.absolute()}"'), encoding="utf-8")
    arguments = ("crawl", "china_daily", "--as-of", TODAY, "--quiet")
    spent(config, *arguments, "--since", SINCE)
    return min(spent(config, *arguments) for _ in range(ROUNDS))


def spent(config: Path, *arguments: str) -> float:
    """Processor seconds of a command and of what it starts."""
    before = cpu_of_children()
    command = [sys.executable, "-m", "cli", "--config", str(config), *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"policywire {' '.join(arguments)}: status {done.returncode}: {done.stderr[-500:]}")
    return cpu_of_children() - before


if __name__ == "__main__":
    sys.exit(main())
