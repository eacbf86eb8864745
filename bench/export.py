#!/usr/bin/env python3
"""Export a large view in every format; how long does it take, and does memory stay flat?

    python bench/export.py --database FILE [--view quotes_attributed] [--rows 1000000]

Each format is written by a process of its own, to nowhere. Prints one JSON object a format: `rows`, `seconds`,
`bytes`, and `rss_mib` when a tenth of the rows was read and at the end (for XLSX and Parquet when the file is whole).
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from db import open_database  # noqa: E402
from db.export import Selection, columns_of, manifest, rows_of  # noqa: E402
from db.formats import FORMATS, pieces_of  # noqa: E402


def main() -> int:
    """Export, measure, print."""
    reader = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    reader.add_argument("--database", type=Path, required=True)
    reader.add_argument("--view", default="quotes_attributed")
    reader.add_argument("--rows", type=int, default=1_000_000)
    reader.add_argument("--format", dest="form", choices=FORMATS)
    given = reader.parse_args()
    if given.form is None:
        for form in FORMATS:
            subprocess.run([sys.executable, *sys.argv, "--format", form], check=True)
        return 0
    print(json.dumps(measured(given.database, given.view, given.rows, given.form)), flush=True)
    return 0


def measured(database: Path, view: str, count: int, form: Any) -> dict[str, Any]:
    """The figures of one export."""
    seen: list[float] = []

    def watched(found: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        for at, one in enumerate(found):
            if at == count // 10:
                seen.append(rss())
            yield one

    began = time.monotonic()
    selection = Selection(view=view)
    with closing(open_database(database, mode="ro")) as db, closing(rows_of(db, selection)) as found:
        columns, about = columns_of(db, view), manifest(db, selection, at=datetime.now(UTC))
        size = sum(len(piece) for piece in pieces_of(watched(islice(found, count)), columns, form, about))
    return {
        "format": form,
        "rows": count,
        "seconds": round(time.monotonic() - began, 1),
        "bytes": size,
        "rss_mib": [*seen, rss()],
    }


def rss() -> float:
    """The most memory that this process has had, in MiB."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


if __name__ == "__main__":
    raise SystemExit(main())
