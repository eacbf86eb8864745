#!/usr/bin/env python3
"""The generated site in a process of its own, for the benches.

with running(stories=5000, listings=40) as site: …        from a bench
python bench/loopback.py --stories 5000 --listings 40      by hand: prints where it is, ends with its standard input
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from demo.generated import Generated, sections  # noqa: E402
from demo.site import DemoSite, Served  # noqa: E402
from demo.story import Site  # noqa: E402
from spiders.source import SOURCES  # noqa: E402

TODAY = "2026-09-18"
"""The day on which the generated listings are fresh."""
SINCE = "2026-01-01"
"""Before the oldest generated story."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """Where a running site is."""

    connect_to: Mapping[str, str]
    ca_file: str


class Remembering:
    """A site that makes each page once: what a measured crawl asks for need not be made beside it."""

    def __init__(self, served: Served) -> None:
        self.served = served
        self.hosts = served.hosts
        self.answer = cache(served.answer)

    def changed(self) -> Served:
        """The same after the site has edited its stories."""
        return Remembering(self.served.changed())


@contextmanager
def running(
    *, stories: int, listings: int, sites: tuple[Site, ...], seed: int = 1, remember: bool = False
) -> Iterator[Running]:
    """The site, until the block is left; it can `remember` what it has made, some 40 kB a story."""
    command = [sys.executable, __file__, "--stories", str(stories), "--listings", str(listings), "--sites", *sites]
    command += ["--seed", str(seed), *(["--remember"] if remember else [])]
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert server.stdin is not None
    assert server.stdout is not None
    try:
        told = json.loads(server.stdout.readline())
        yield Running(**told)
    finally:
        server.stdin.close()
        server.wait()
        server.stdout.close()


def configuration(site: Running, source: Site, listings: int, per_host: int = 1) -> str:
    """A policywire.toml that reaches the site without a delay and names its listings of that source."""
    chosen = sections(source, listings)
    known = {section.name for section in SOURCES[source].sections}
    lines = ["[network]", "delay = 0", f"per_host = {per_host}", f'ca_file = "{site.ca_file}"', "[network.connect_to]"]
    lines += [f'"{asked}" = "{real}"' for asked, real in site.connect_to.items()]
    lines += [f"[sources.{source}]", f"sections = {json.dumps([section.name for section in chosen])}"]
    for section in chosen:
        if section.name not in known:
            lines += [f"[[sources.{source}.extra]]", f'name = "{section.name}"', f'url = "{section.url}"']
    lines += [
        "[storage]",
        'database = "policywire.db"',
        'archive = "archive"',
        "[logging]",
        'level = "warning"',
        "[quality]",
        "oracle_every = 0",
    ]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Serve until standard input ends."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stories", type=int, default=5000, help="of each source")
    parser.add_argument("--listings", type=int, default=40, help="of each source")
    parser.add_argument("--seed", type=int, default=1, help="of the stories")
    parser.add_argument("--sites", nargs="+", default=["china_daily", "mofcom"])
    parser.add_argument("--remember", action="store_true", help="make each page once and keep it in memory")
    options = parser.parse_args()
    generated = Generated(stories=options.stories, listings=options.listings, sites=options.sites, seed=options.seed)
    with DemoSite(served=Remembering(generated) if options.remember else generated) as site:
        print(json.dumps({"connect_to": dict(site.connect_to), "ca_file": str(site.ca_file)}), flush=True)
        sys.stdin.read()
    return 0


if __name__ == "__main__":
    sys.exit(main())
