#!/usr/bin/env python3
"""Crawl a generated site of 5,000 stories and 40 listings a source with the real command; compare with its manifest.

    python bench/volume.py [--stories 5000] [--listings 40] [--quick] [--folder FOLDER]

Prints one JSON object: for each source `stories`, `discovered`, `stored` (title and text as in the manifest),
`duplicates`, `strangers`, the first `missing`; the crawl's own state, seconds and peak memory. Exit status 0:
everything was found, stored, and is there once.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from loopback import ROOT, SINCE, TODAY, Running, configuration, running

from db import open_database
from demo.generated import Generated
from demo.story import Site
from demo.volume import compare

SITES: tuple[Site, ...] = ("china_daily", "mofcom")


def main() -> int:
    """Crawl, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stories", type=int, default=5000, help="of each source")
    parser.add_argument("--listings", type=int, default=40, help="of each source")
    parser.add_argument("--quick", action="store_true", help="400 stories over 12 listings")
    parser.add_argument("--folder", type=Path, help="keep database and archive there")
    options = parser.parse_args()
    stories, listings = (400, 12) if options.quick else (options.stories, options.listings)
    with TemporaryDirectory(prefix="policywire-volume-") as temporary:
        folder = options.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        with running(stories=stories, listings=listings, sites=SITES) as site:
            crawls = {source: crawl(folder, site, source, listings) for source in SITES}
        generated = Generated(stories=stories, listings=listings)
        with closing(open_database(folder / "policywire.db", mode="rw")) as db:
            found = compare(db, generated)
    sources = {one.source: {**one.as_record(), **crawls[one.source]} for one in found}
    ok = all(one.complete for one in found) and all(crawl["state"] == "ok" for crawl in crawls.values())
    print(json.dumps({"ok": ok, "listings": listings, "sources": sources}, ensure_ascii=False, indent=1))
    return 0 if ok else 1


def crawl(folder: Path, site: Running, source: Site, listings: int) -> dict[str, Any]:
    """One crawl by the command in a process of its own; its state, what it took, what it said of its listings."""
    config = folder / f"{source}.toml"
    config.write_text(configuration(site, source, listings), encoding="utf-8")
    command = [sys.executable, "-m", "cli", "--config", str(config), "crawl", source]
    command += ["--since", SINCE, "--as-of", TODAY, "--json"]
    began = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
    assert process.stdout is not None
    out = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    process.stdout.close()
    process.returncode = os.waitstatus_to_exitcode(status)
    if not out:
        raise SystemExit(f"the crawl of {source} gave no report (status {process.returncode})")
    report = json.loads(out)
    return {
        "state": report["state"],
        "reason": report["reason"],
        "listing_pages": report["listings"],
        "routes_not_ok": [route["route"] for route in report["routes"] if route["state"] != "ok"],
        "seconds": round(seconds, 1),
        "peak_mb": round(usage.ru_maxrss / 1024, 1),
    }


if __name__ == "__main__":
    sys.exit(main())
