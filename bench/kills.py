#!/usr/bin/env python3
"""Kill -9 a crawl of a generated site again and again at random moments, run it to the end, look for what is lost.

    python bench/kills.py [--kills 50] [--stories 2500] [--listings 20] [--seed 1] [--source SOURCE] [--folder FOLDER]

Prints one JSON object: `kills` that met a running crawl, stories `stored` of those in the manifest, `missing`,
`duplicates`, revisions that nobody published (`revisions_too_many`), `stories_archived_twice` (fetched again though the
archive had them), damaged records of the archive, warcio's own check, open issues. Exit status 0: nothing was lost,
nothing is there twice, the archive is whole.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from loopback import ROOT, SINCE, TODAY, configuration, running

from archive.warc import Archive, read_pages
from db import open_database
from db.connection import rows, value
from demo.generated import Generated
from demo.story import Site
from demo.volume import compare

LONGEST = 6.0
"""Seconds after its start within which a crawl is killed; about two of them it needs to begin."""
SITES: tuple[Site, ...] = ("china_daily", "mofcom")


def main() -> int:
    """Kill, crawl, look."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--stories", type=int, default=2500)
    parser.add_argument("--listings", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1, help="of the moments")
    parser.add_argument("--source", choices=SITES, default="china_daily")
    parser.add_argument("--folder", type=Path, help="keep database and archive there")
    options = parser.parse_args()
    source: Site = options.source
    with TemporaryDirectory(prefix="policywire-kills-") as temporary:
        folder = options.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        with running(stories=options.stories, listings=options.listings, sites=(source,)) as site:
            config = folder / "policywire.toml"
            config.write_text(configuration(site, source, options.listings), encoding="utf-8")
            command = [sys.executable, "-m", "cli", "--config", str(config), "crawl", source]
            command += ["--since", SINCE, "--as-of", TODAY, "--json"]
            chance = random.Random(options.seed)
            kills, began = 0, time.monotonic()
            with (folder / "log.txt").open("ab") as log:
                while kills < options.kills:
                    if not killed(command, chance.uniform(0.0, LONGEST), log.fileno()):
                        break  # it came to its end before
                    kills += 1
                done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=log, check=False)
            seconds = time.monotonic() - began
        report = json.loads(done.stdout)
        found = {"seed": options.seed, "kills": kills, "seconds": round(seconds), "last_crawl": report["state"]}
        generated = Generated(stories=options.stories, listings=options.listings, sites=(source,))
        found |= look(folder, generated)
    ok = report["state"] == "ok" and not any(
        found[name]
        for name in ("missing", "duplicates", "revisions_too_many", "stories_archived_twice", "damaged", "warcio_check")
    )
    print(json.dumps({"ok": ok, **found}, ensure_ascii=False, indent=1))
    return 0 if ok else 1


def killed(command: list[str], after: float, log: int) -> bool:
    """Start a crawl and kill it, and all that it started, after so many seconds; False if it had ended before."""
    process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, start_new_session=True)
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        return process.wait() < 0
    return False


def look(folder: Path, generated: Generated) -> dict[str, Any]:
    """What database and archive hold, beside what they should."""
    with closing(open_database(folder / "policywire.db", mode="rw")) as db:
        (compared,) = compare(db, generated)
        revisions = value(db, "SELECT count(*) FROM (SELECT 1 FROM revisions GROUP BY article_id HAVING count(*) > 1)")
        issues = {
            each["kind"]: each["n"]
            for each in rows(db, "SELECT kind, count(*) AS n FROM issues WHERE closed_at IS NULL GROUP BY kind")
        }
        integrity = value(db, "PRAGMA integrity_check")
        runs = {each["state"]: each["n"] for each in rows(db, "SELECT state, count(*) AS n FROM runs GROUP BY state")}
    archive = Archive(folder / "archive")
    damaged: list[str] = []
    asked = Counter(
        page.url
        for path in archive.paths()
        for _, page in read_pages(path, archive.folder, damaged)
        if page.kind == "article" and page.status == 200
    )
    twice = [url for url, times in asked.items() if times > 1]
    warcio = Path(sys.executable).with_name("warcio")
    checked = subprocess.run([str(warcio), "check", *map(str, archive.paths())], capture_output=True, check=False)
    return {
        **compared.as_record(),
        "revisions_too_many": revisions,
        "stories_archived": len(asked),
        "stories_archived_twice": len(twice),
        "damaged": damaged[:5],
        "warcio_check": checked.stdout.decode()[:300] if checked.returncode else "",
        "integrity": integrity,
        "open_issues": issues,
        "runs": runs,
    }


if __name__ == "__main__":
    sys.exit(main())
