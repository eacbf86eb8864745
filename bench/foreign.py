#!/usr/bin/env python3
"""How fast files of Common Crawl's kind are filtered for our stories, beside loops that do nothing with a record.

    python bench/foreign.py [--captures 10000] [--rounds 3] [--short] [--json]

A file of invented captures, a request and a response each, pages of 120 kB that pack to about 30 kB, as those of the
news crawl do; one in 500 is a story of ours (of the generated site), which is read and extracted as well. All seconds
are processor seconds of one core, the least of the rounds; the loops take turns. `--short`: 600 captures, one round.

Keys: `records_per_s` and `mb_per_s` (of the packed file) of ours, `fastwarc` and `warcio`, the last two for a loop over
all records that reads nothing of them; `filter_vs_fastwarc`, seconds of the bare fastwarc loop over ours without the
stories; `skipped_cpu_ms`, a page that is passed over, with its request; `memory_mib`, the most that the process took.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from fastwarc.warc import ArchiveIterator  # noqa: E402
from warcio.archiveiterator import ArchiveIterator as WarcioIterator  # noqa: E402

from archive.batch import Hosts, stretches_of  # noqa: E402
from archive.places import find_places  # noqa: E402
from demo.commoncrawl import Capture, other_people, strewn, write_file  # noqa: E402
from demo.generated import Generated  # noqa: E402
from ingest.reading import read_stretch  # noqa: E402
from spiders.source import SOURCES  # noqa: E402

PAGE = 120_000
EVERY = 500


def main() -> int:
    """Make the files, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--captures", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    captures, rounds = (600, 1) if options.short else (options.captures, options.rounds)
    with TemporaryDirectory() as folder:
        found = measure(Path(folder), captures, rounds)
    if options.json:
        print(json.dumps(found))
        return 0
    for name in ("ours", "fastwarc", "warcio"):
        print(f"{name:10} {found['records_per_s'][name]:>10,} records/s {found['mb_per_s'][name]:>8,} MB/s of the file")
    print(f"{found['filter_vs_fastwarc']:.2f} times as fast as a bare fastwarc loop; a page that is passed over takes "
          f"{found['skipped_cpu_ms']:.3f} ms; {found['stories']} stories of {found['records']:,} records were read; "
          f"{found['memory_mib']} MiB at most")  # fmt: skip
    return 0


def measure(folder: Path, captures: int, rounds: int) -> dict[str, Any]:
    """The figures."""
    mixed, others = folder / "mixed.warc.gz", folder / "others.warc.gz"
    mine = stories(captures // EVERY)
    records = write_file(mixed, strewn(mine, other_people(captures, size=PAGE), EVERY))
    others_records = write_file(others, other_people(captures, size=PAGE))
    loops: dict[str, Callable[[], int]] = {
        "ours": lambda: ours(mixed),
        "others": lambda: ours(others),
        "fastwarc": lambda: fastwarc(others),
        "warcio": lambda: warcio(others),
    }
    assert ours(mixed) == len(mine)
    assert fastwarc(others) == warcio(others) == others_records
    least: dict[str, float] = {}
    for _ in range(rounds):
        for name, loop in loops.items():
            began = time.process_time()
            loop()
            least[name] = min(least.get(name, 1e9), time.process_time() - began)
    count = {"ours": records, "fastwarc": others_records, "warcio": others_records}
    size = {"ours": mixed.stat().st_size, "fastwarc": others.stat().st_size, "warcio": others.stat().st_size}
    return {
        "records": records,
        "captures": captures,
        "stories": len(mine),
        "file_mb": round(size["ours"] / 1e6, 1),
        "kb_per_page": round(size["fastwarc"] / captures / 1e3, 1),
        "records_per_s": {name: round(count[name] / least[name]) for name in count},
        "mb_per_s": {name: round(size[name] / least[name] / 1e6) for name in count},
        "filter_vs_fastwarc": round(least["fastwarc"] / least["others"], 2),
        "skipped_cpu_ms": round(1e3 * least["others"] / captures, 4),
        "memory_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def stories(count: int) -> list[Capture]:
    """Stories of the generated site, as somebody else's crawler would have them."""
    site = Generated(stories=max(count, 1), listings=4, sites=("china_daily",))
    found = (site.story("china_daily", number) for number in range(count))
    return [
        Capture(url=f"http://{story.host}{story.path}", body=site.answer(story.host, story.path).body, encoding="gzip")
        for story in found
    ]


def ours(path: Path) -> int:
    """Filter a file as `policywire reprocess` does; how many pages were ours."""
    hosts: Hosts = tuple((host, name) for name, source in SOURCES.items() for host in sorted(source.hosts))
    (place,) = find_places([str(path)], path.parent / "archive")
    return sum(read_stretch(stretch).pages for stretch in stretches_of(place, hosts=hosts))


def fastwarc(path: Path) -> int:
    """A loop over all records that does nothing."""
    with path.open("rb") as file:
        return sum(1 for _ in ArchiveIterator(file, parse_http=False))


def warcio(path: Path) -> int:
    """A loop over all records that does nothing."""
    with path.open("rb") as file:
        return sum(1 for _ in WarcioIterator(file, no_record_parse=True))


if __name__ == "__main__":
    sys.exit(main())
