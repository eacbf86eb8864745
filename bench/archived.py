#!/usr/bin/env python3
"""An archive of generated pages, written without a crawl: what `reprocess` reads in the benches.

python bench/archived.py FOLDER [--pages 5000] [--seed 1] [--days 4] [--sites china_daily mofcom]
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from archive.warc import Archive  # noqa: E402
from demo.generated import Generated  # noqa: E402
from demo.story import Site  # noqa: E402
from pipeline.model import Page  # noqa: E402

SITES: tuple[Site, ...] = ("china_daily", "mofcom")
LISTINGS = 40
FIRST_DAY = datetime(2026, 9, 18, tzinfo=UTC)
HEADERS = (("Content-Type", "text/html; charset=utf-8"),)
AT_ONCE = 50
"""Pages that are synced together."""


def write_archive(folder: Path, pages: int, *, seed: int = 1, days: int = 1, sites: Sequence[Site] = SITES) -> None:
    """Archive so many pages of stories, the sources in turns, over so many days' files of each source."""
    made = pages_of(pages, seed=seed, days=days, sites=sites)
    with Archive(folder) as archive:
        while together := list(islice(made, AT_ONCE)):
            archive.append_all(together)


def write_archive_on_all_cores(folder: Path, pages: int, *, seed: int = 1, days: int = 1) -> None:
    """The same, each source by a process of its own."""
    each = [str(pages // len(SITES) + (at < pages % len(SITES))) for at in range(len(SITES))]
    command = [sys.executable, __file__, str(folder), "--seed", str(seed), "--days", str(days)]
    writers = [
        subprocess.Popen([*command, "--pages", count, "--sites", site]) for site, count in zip(SITES, each, strict=True)
    ]
    states = [writer.wait() for writer in writers]
    if any(states):
        raise SystemExit("the archive could not be written")


def pages_of(count: int, *, seed: int, days: int, sites: Sequence[Site]) -> Iterator[Page]:
    """One page of story after story, spread over a year as far as that goes; a story of two pages is left out."""
    generated = Generated(stories=-(-count // len(sites)) * 26 // 24 + 26, listings=LISTINGS, sites=sites, seed=seed)
    made, at = 0, 0
    while made < count:
        site = sites[at % len(sites)]
        story = generated.story(site, at // len(sites))
        at += 1
        if len(story.pages) == 1:
            fetched_at = FIRST_DAY + timedelta(days=made * days // count, seconds=made % 80_000)
            body = generated.answer(story.host, story.path).body
            yield Page(url=story.url, source=site, body=body, headers=HEADERS, fetched_at=fetched_at)
            made += 1


def main() -> int:
    """Write one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pages", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--days", type=int, default=4, help="files of each source")
    parser.add_argument("--sites", nargs="+", default=SITES, choices=SITES)
    given = parser.parse_args()
    write_archive(given.folder, given.pages, seed=given.seed, days=given.days, sites=given.sites)
    return 0


if __name__ == "__main__":
    sys.exit(main())
