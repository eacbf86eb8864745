#!/usr/bin/env python3
"""Pages a second of `policywire crawl` beside a bare Scrapy spider that saves the same pages, in one run; and memory.

    python bench/crawl.py [--quick] [--json] [--rounds 3] [--stories 2000] [--memory-pages 20000] [--no-memory]
        [--no-rates] [--per-host 8]

A generated site (China Daily's and the ministry's markup, pages of 30 to 50 kB) is served over TLS on loopback by a
process of its own; politeness is off for both, several requests are under way at a time. A first crawl of each source,
which does not count, has the site make its pages: from then on it only sends them. The two crawls take turns, each a
process from its start to its end, each with an empty folder. Policywire's archives (synced), parses, extracts
and stores (SQLite); the bare one is described in bench/peers/bare_spider.py.

Keys: `ratio_vs_bare` (all pages over all seconds), `pages_per_second` and `bare_pages_per_second`, the same for each
source with the processor time a page (the site's not counted) and `*_cpu_ratio`, theirs over ours; `memory_growth`:
the highest resident memory (crawl and its workers) while the second half of `memory_pages` pages was stored, over
that of the first half, less one; `rss_mb`.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from loopback import ROOT, SINCE, TODAY, Running, configuration, running

from demo.generated import sections
from demo.story import Site

SITES: tuple[Site, ...] = ("china_daily", "mofcom")
LISTINGS = 40
SAMPLE_SECONDS = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Crawled:
    """One crawl."""

    pages: int
    seconds: float
    cpu: float
    """Seconds of processor time, workers included, the site's not."""
    samples: tuple[tuple[int, float], ...] = ()
    """Pages stored so far and resident MiB, again and again."""


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="one round of 400 stories a source, 2,000 pages of memory")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--stories", type=int, default=2000, help="of each source and round")
    parser.add_argument("--memory-pages", type=int, default=20_000)
    parser.add_argument("--no-memory", action="store_true")
    parser.add_argument("--no-rates", action="store_true")
    parser.add_argument("--per-host", type=int, default=8, help="requests to one host under way at a time, for both")
    options = parser.parse_args()
    if options.quick:
        options.rounds, options.stories, options.memory_pages = 1, 400, 2000
    figures: dict[str, float] = {"per_host": options.per_host}
    if not options.no_rates:
        figures |= rates(options.rounds, options.stories, options.per_host)
    if not options.no_memory:
        figures |= memory(options.memory_pages, options.per_host)
    rounded = {name: round(value, 4) for name, value in figures.items()}
    print(json.dumps(rounded) if options.json else "\n".join(f"{name:36} {value}" for name, value in rounded.items()))
    return 0


def rates(rounds: int, stories: int, per_host: int) -> dict[str, float]:
    """Both crawls of both sources in turns."""
    crawls: dict[tuple[str, Site], list[Crawled]] = {}
    with running(stories=stories, listings=LISTINGS, sites=SITES, remember=True) as site:
        for source in SITES:
            with TemporaryDirectory(prefix="policywire-bench-") as folder:
                bare(Path(folder), site, source, per_host)
        for _ in range(rounds):
            for source in SITES:
                for name, crawl in (("bare", bare), ("ours", ours)):
                    with TemporaryDirectory(prefix="policywire-bench-") as folder:
                        done = crawl(Path(folder), site, source, per_host)
                    if done.pages < stories:
                        raise SystemExit(f"{name} crawl of {source}: {done.pages} pages of at least {stories}")
                    crawls.setdefault((name, source), []).append(done)
    figures = {}
    for source in SITES:
        figures[f"{source}_pages_per_second"] = rate(crawls["ours", source])
        figures[f"{source}_bare_pages_per_second"] = rate(crawls["bare", source])
        figures[f"{source}_ratio_vs_bare"] = rate(crawls["ours", source]) / rate(crawls["bare", source])
        figures[f"{source}_cpu_ms_per_page"] = cpu_ms(crawls["ours", source])
        figures[f"{source}_bare_cpu_ms_per_page"] = cpu_ms(crawls["bare", source])
        figures[f"{source}_cpu_ratio"] = cpu_ms(crawls["bare", source]) / cpu_ms(crawls["ours", source])
    own, peer = (rate(one for source in SITES for one in crawls[name, source]) for name in ("ours", "bare"))
    return {"ratio_vs_bare": own / peer, "pages_per_second": own, "bare_pages_per_second": peer, **figures}


def rate(crawls: Iterable[Crawled]) -> float:
    """Pages a second over all of them."""
    crawls = list(crawls)
    return sum(one.pages for one in crawls) / sum(one.seconds for one in crawls)


def cpu_ms(crawls: list[Crawled]) -> float:
    """Processor milliseconds a page."""
    return 1000 * sum(one.cpu for one in crawls) / sum(one.pages for one in crawls)


def memory(pages: int, per_host: int) -> dict[str, float]:
    """One long crawl, watched."""
    source: Site = "china_daily"
    with (
        TemporaryDirectory(prefix="policywire-bench-") as folder,
        running(stories=pages * 25 // 26, listings=LISTINGS, sites=(source,)) as site,  # one story in 25 has two pages
    ):
        done = ours(Path(folder), site, source, per_host)
    stored = done.samples[-1][0]
    first = max(mib for pages, mib in done.samples if pages <= stored / 2)
    second = max(mib for pages, mib in done.samples if pages > stored / 2)
    return {"memory_growth": second / first - 1, "memory_pages": stored, "rss_mb": second, "rss_mb_first_half": first}


def ours(folder: Path, site: Running, source: Site, per_host: int) -> Crawled:
    """The real command with a configuration file."""
    config = folder / "policywire.toml"
    config.write_text(configuration(site, source, LISTINGS, per_host=per_host), encoding="utf-8")
    command = [sys.executable, "-m", "cli", "--config", str(config), "crawl", source]
    command += ["--since", SINCE, "--as-of", TODAY, "--json"]
    began, before = time.perf_counter(), cpu_of_children()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
    samples = []
    while process.poll() is None:
        samples.append((stored_pages(folder), resident(process.pid)))
        time.sleep(SAMPLE_SECONDS)
    seconds, cpu = time.perf_counter() - began, cpu_of_children() - before
    assert process.stdout is not None
    with process.stdout as out:
        report: dict[str, Any] = json.loads(out.read())
    if report["state"] != "ok":
        raise SystemExit(f"crawl of {source}: {report['state']} ({report['reason']}): {report}")
    return Crawled(pages=stored_pages(folder) + report["listings"], seconds=seconds, cpu=cpu, samples=tuple(samples))


def bare(folder: Path, site: Running, source: Site, per_host: int) -> Crawled:
    """The bare spider on the same listings."""
    saved = folder / "pages"
    saved.mkdir()
    told = {
        "source": source,
        "start": [section.url.format(year=TODAY[:4]) for section in sections(source, LISTINGS)],
        "folder": str(saved),
        "connect_to": dict(site.connect_to),
        "ca_file": site.ca_file,
        "per_host": per_host,
    }
    command = [sys.executable, str(ROOT / "bench" / "peers" / "bare_spider.py"), json.dumps(told)]
    began, before = time.perf_counter(), cpu_of_children()
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    seconds, cpu = time.perf_counter() - began, cpu_of_children() - before
    return Crawled(pages=json.loads(done.stdout)["pages"], seconds=seconds, cpu=cpu)


def cpu_of_children() -> float:
    """Processor seconds of all processes that we have waited for, and of those that they have."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def stored_pages(folder: Path) -> int:
    """Story pages in the database so far."""
    path = folder / "policywire.db"
    if not path.exists():
        return 0
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)) as db:
            return int(db.execute("SELECT coalesce(max(id), 0) FROM pages").fetchone()[0])
    except sqlite3.OperationalError:  # the schema is being made
        return 0


def resident(pid: int) -> float:
    """MiB of a process and its children."""
    total = 0.0
    for one in (pid, *children(pid)):
        try:
            total += int(Path(f"/proc/{one}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
        except (OSError, IndexError):  # it has just ended
            continue
    return total


def children(pid: int) -> list[int]:
    """Ids of the processes that a process has started, in whichever of its threads."""
    found = []
    for told in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += [int(one) for one in told.read_text().split()]
        except OSError:  # the thread, or the process, has just ended
            continue
    return found


if __name__ == "__main__":
    sys.exit(main())
