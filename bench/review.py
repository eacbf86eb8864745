#!/usr/bin/env python3
"""How long do thirty review decisions by keyboard take, in a real browser?

    python bench/review.py [--decisions 30] [--database FILE]

`policywire serve`'s application answers over a generated database (or a copy of FILE), Debian's Chromium presses `a`
and, every third time, `2`, each as soon as the next statement is on the screen. Prints one JSON object: `decisions`,
`seconds` from the first key to the last decision stored, `ms_a_decision`, and `stored`, counted in the database.
Exit status 0: as many are stored as keys were pressed.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from db import open_database  # noqa: E402
from db.connection import value  # noqa: E402
from demo.grown import grow  # noqa: E402
from tests.web_browser import chromium, opened, served  # noqa: E402
from web.app import make_app  # noqa: E402

_GONE_ON = "was => document.querySelector('form.review').getAttribute('action') !== was"
_FEW = 500
"""Generated articles: enough for a queue of a thousand."""


def main() -> int:
    """Print the figures; 0 where everything was stored."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--decisions", type=int, default=30)
    parser.add_argument("--database", type=Path, help="take a copy of this file")
    wanted = parser.parse_args()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "policywire.db"
        if wanted.database:
            shutil.copyfile(wanted.database, path)
        else:
            grow(path, articles=_FEW)
        found = measure(path, wanted.decisions)
    print(json.dumps(found))
    return 0 if found["stored"] == wanted.decisions else 1


def measure(path: Path, decisions: int) -> dict[str, float]:
    """The figures of that many decisions over the database at `path`."""
    db = open_database(path)
    before = int(value(db, "SELECT count(*) FROM decisions"))
    with chromium() as browser, served(make_app(path, archive=path.parent)) as home:
        context, _wrong = opened(browser)
        page = context.new_page()
        page.goto(f"{home}/review")
        started = time.perf_counter()
        for n in range(decisions):
            shown = page.locator("form.review").get_attribute("action")
            page.keyboard.press("a" if n % 3 else "2")
            page.wait_for_function(
                "was => document.querySelector('form.review').getAttribute('action') !== was", arg=shown
            )
        page.wait_for_load_state("networkidle")
        seconds = time.perf_counter() - started
        context.close()
    stored = int(value(db, "SELECT count(*) FROM decisions")) - before
    db.conn.close()
    return {
        "decisions": decisions,
        "seconds": round(seconds, 2),
        "ms_a_decision": round(1000 * seconds / decisions, 1),
        "stored": stored,
    }


if __name__ == "__main__":
    raise SystemExit(main())
