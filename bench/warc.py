"""How fast the archive takes pages and gives them back, of the size of a news page: `python bench/warc.py [--json]`.

Pages a second, and milliseconds of the processor a page, which is what remains when the disk is fast or the machine is
busy. An append waits for the disk; nothing else here does.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from archive.find import closest
from archive.index import make
from archive.verify import check_file
from archive.warc import Archive
from pipeline.model import Page

DAY = datetime(2026, 9, 18, tzinfo=UTC)
WORDS = 2_200
"""Of eight or nine letters: a page of 17 kB that packs to about half, as a news page does."""
LOOK_UPS = 500


def page(number: int, bodies: list[bytes]) -> Page:
    """An invented page."""
    return Page(
        url=f"https://www.chinadaily.com.cn/a/202609/18/WS{number:024x}.html",
        source="china_daily",
        body=bodies[number % len(bodies)],
        fetched_at=DAY + timedelta(seconds=number % 86_000),
        headers=(("Content-Type", "text/html; charset=utf-8"), ("ETag", '"abc"')),
        sent=(("User-Agent", "policywire/0.1"),),
    )


def measure(name: str, count: int, act: Callable[[], object]) -> dict[str, float]:
    """Do it, and how fast it went."""
    wall, cpu = time.perf_counter(), time.process_time()
    act()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return {f"{name}_per_second": round(count / wall), f"{name}_cpu_ms": round(1000 * cpu / count, 4)}


def main() -> None:
    """Measure in a temporary folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=4_000)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    pages = options.pages
    chance = random.Random(1)
    words = [f"{chance.getrandbits(28):x}" for _ in range(3_000)]
    bodies = [f"<p>{' '.join(chance.choices(words, k=WORDS))}</p>".encode() for _ in range(50)]
    with tempfile.TemporaryDirectory() as folder:
        archive = Archive(Path(folder))

        def append() -> None:
            with archive:
                for number in range(pages):
                    archive.append(page(number, bodies))

        def look_up() -> None:
            for _ in range(LOOK_UPS):
                found = closest(archive, page(chance.randrange(pages), bodies).url)
                assert found is not None
                archive.read(found.ref)

        figures = measure("append", pages, append)
        (file,) = archive.paths()
        figures["kb_a_page"] = round(file.stat().st_size / pages / 1000, 1)
        figures |= measure("read", pages, lambda: sum(1 for _ in archive.pages()))
        figures |= measure("verify", pages, lambda: sum(1 for _ in check_file(file, archive.folder, [])))
        figures |= measure("index", pages, lambda: make(file, archive.folder, anew=True))
        figures |= measure("look_up", LOOK_UPS, look_up)
    figures["rss_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    print(json.dumps(figures) if options.json else "\n".join(f"{name:22} {value:,}" for name, value in figures.items()))


if __name__ == "__main__":
    main()
