#!/usr/bin/env python3
"""Count, on annotated articles, how often records of each sort are right: the tables behind every confidence.

    python bench/calibrate.py SEEN.jsonl … --unseen UNSEEN.jsonl … [--write]

SEEN are articles that the extractor's authors know, UNSEEN ones that nobody has tuned for: how much the sorts differ is
counted on both together, how often a record is right at all on UNSEEN alone, since known text flatters. Prints how well
the confidences then fit UNSEEN; `--write` puts the counts into pipeline/quotes/confidence.csv and
pipeline/policies/confidence.csv.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from demo.check import right_ones  # noqa: E402
from pipeline import policies, quotes  # noqa: E402
from pipeline.extract import read_article  # noqa: E402
from pipeline.policies.confidence import features_of as policy_features  # noqa: E402
from pipeline.quotes.confidence import features_of as quote_features  # noqa: E402

TABLES = {kind: ROOT / "pipeline" / kind / "confidence.csv" for kind in ("quotes", "policies")}
FEATURES = {"quotes": ("source", "words", "rule"), "policies": ("rule", "words", "beside")}
SOURCE = "annotated articles, English and Chinese"
BINS = (0.0, 0.5, 0.7, 0.8, 0.9, 1.01)

Judged = tuple[str, tuple[str, ...], float, bool]
"""Kind of record, the values of its features, its confidence today, whether it is right."""


def main() -> int:
    """Count, print the fit, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("seen", nargs="*", type=Path, help="annotated articles that were tuned for")
    parser.add_argument("--unseen", nargs="*", type=Path, default=[], help="annotated articles that were not")
    parser.add_argument("--write", action="store_true", help="put the counts into the tables")
    arguments = parser.parse_args()
    seen, unseen = list(judged(arguments.seen)), list(judged(arguments.unseen))
    if arguments.write:
        for kind, path in TABLES.items():
            write(path, kind, seen, unseen)
        print("written; run again to see how the new confidences fit")
        return 0
    for name, records in (("seen", seen), ("unseen", unseen)):
        print("\n".join(fit(name, records)))
    return 0


def judged(paths: Iterable[Path]) -> Iterator[Judged]:
    """Every record of the articles in `paths`, with the judgment of their annotations."""
    for path in paths:
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                yield from judged_records(json.loads(line))


def judged_records(truth: Mapping[str, Any]) -> Iterator[Judged]:
    """The records found in one annotated article, of the kinds that are annotated there: `quotes`, `policies`, both."""
    article = read_article(truth)
    found = [("quotes", quote) for quote in quotes.find_quotes(article)]
    found += [("policies", policy) for policy in policies.find_policies(article)]  # type: ignore[misc]
    features = [quote_features(c, article.language) for c in quotes.find_candidates(article)]
    features += [policy_features(c) for c in policies.find_candidates(article)]
    records = [record.as_record() for _kind, record in found]
    split = sum(kind == "quotes" for kind, _record in found)
    whole = {"quotes": [], "policies": [], **truth}
    right = {id(record) for record in right_ones(whole, records[:split], records[split:])}
    for (kind, record), values, printed in zip(found, features, records, strict=True):
        if kind in truth:
            yield kind, values, record.confidence or 0.0, id(printed) in right


def write(path: Path, kind: str, seen: Iterable[Judged], unseen: Iterable[Judged]) -> None:
    """The counts of one kind of record as its table."""
    known, fresh = of_kind(kind, seen), of_kind(kind, unseen)
    rows = [("all", "", *share(known + fresh)), ("unseen", "", *share(fresh))]
    for position, feature in enumerate(FEATURES[kind]):
        counts: dict[str, Counter[bool]] = {}
        for _kind, values, _confidence, right in known + fresh:
            counts.setdefault(values[position], Counter())[right] += 1
        in_order = sorted(counts.items(), key=lambda item: (-item[1].total(), item[0]))
        rows += [(feature, value, count[True], count.total()) for value, count in in_order]
    with path.open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out, lineterminator="\n")
        table.writerow(("feature", "value", "right", "seen", "source"))
        table.writerows((*row, SOURCE) for row in rows)


def of_kind(kind: str, records: Iterable[Judged]) -> list[Judged]:
    """Those records that are quotes, or policies."""
    return [record for record in records if record[0] == kind]


def share(records: list[Judged]) -> tuple[int, int]:
    """(right, all)."""
    return sum(right for *_rest, right in records), len(records)


def fit(name: str, records: list[Judged]) -> Iterator[str]:
    """For each band of confidence: how many records it holds and which share is right."""
    for kind in TABLES:
        for low, high in pairwise(BINS):
            held = [record for record in of_kind(kind, records) if low <= record[2] < high]
            right, number = share(held)
            if number:
                yield f"{name:7} {kind:9} {low:.1f}-{min(high, 1):.1f}  {number:5}  right {right / number:.3f}"


if __name__ == "__main__":
    sys.exit(main())
