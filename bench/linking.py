"""How well instruments, persons and organizations are linked on the demo's truth: pairs of mentions.

    python bench/linking.py [--extracted] [--seed N] [--show]

Prints one JSON object: of each sort precision, recall and F1 over all pairs of mentions in different stories, and the
pairs behind them. `--extracted` links what our extractor finds instead of the truth's records; `--show` prints the
pairs that are wrong or missing. Exit status 1 if a figure of instruments or persons is below its floor.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from db import open_database
from demo.identities import SORTS, agreement, all_stories, mentions, store_all

FLOORS = {"instruments": (0.99, 0.95), "persons": (0.99, 0.95), "organizations": (0.99, 0.9)}
"""Precision and F1 that must not be gone below."""


def main() -> int:
    """Measure, print, and judge."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--extracted", action="store_true", help="link what our extractor finds")
    parser.add_argument("--seed", type=int, default=0, help="the order in which stories are stored")
    parser.add_argument("--show", action="store_true", help="print the pairs that are wrong or missing")
    options = parser.parse_args()
    stories = all_stories()
    with tempfile.TemporaryDirectory() as folder:
        db = open_database(Path(folder) / "linking.sqlite", mode="create")
        store_all(db, stories, seed=options.seed, extracted=options.extracted)
        found = list(mentions(db, stories))
    figures: dict[str, object] = {}
    low = False
    for sort in SORTS:
        one = agreement(found, sort)
        figures[sort] = {
            "mentions": sum(mention.sort == sort for mention in found), "pairs": one.expected, "found": one.found,
            "precision": round(one.precision, 4), "recall": round(one.recall, 4), "f1": round(one.f1, 4),
        }  # fmt: skip
        precision, f1 = FLOORS[sort]
        low = low or one.precision < precision or one.f1 < f1
        if options.show:
            for name, pairs in (("wrong", one.wrong), ("missing", one.missing)):
                for a, b in pairs:
                    print(f"{sort} {name}: {a.story} {a.printed!r} — {b.story} {b.printed!r}", file=sys.stderr)
    print(json.dumps(figures))
    return int(low and not options.extracted)


if __name__ == "__main__":
    sys.exit(main())
