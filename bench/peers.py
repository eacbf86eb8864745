#!/usr/bin/env python3
"""Our parsers and our extractor beside generic ones: how right, how fast, how large, on the same inputs.

    python bench/peers.py [--quick] [--json] [--only NAME…]

Each reader is an adapter of bench/peers, ours too; theirs run in environments of their own (bench/.peers, made on first
use), without network. Pages: the demo's written stories, generated ones as long as real ones, and one real page where
../shared is there. Articles: the demo's and, from ../shared, real ones annotated by hand. English and Chinese apart.
docs/peers.md says how things are scored and how a peer is added.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.peer_inputs import (
    PageTruth,
    demo_articles,
    demo_pages,
    generated_pages,
    gold_articles,
    real_pages,
    redesigned_pages,
    warming_articles,
)
from bench.peer_runs import Adapter, Answer, Run, adapters, run_peer
from bench.peer_scores import page_figures, quote_figures
from bench.peer_tables import page_table, quote_table

LANGUAGES = ("en", "zh")
ANNOTATIONS = ("quotes", "policies")


def main() -> int:
    """Run every reader, print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="20 generated stories a source, each page timed once")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="adapters: goose3, trafilatura/fast")
    options = parser.parse_args()
    known = adapters()
    chosen = [one for one in known if not options.only or {one.name, one.environment} & {*options.only}]
    if not chosen:
        parser.error(f"--only: no adapter has that name; there are: {', '.join(one.name for one in known)}")
    figures = measured(chosen, stories=20 if options.quick else 50, rounds=1 if options.quick else 2)
    print(json.dumps(figures) if options.json else f"{page_table(figures)}\n\n{quote_table(figures)}")
    return 0


def measured(chosen: Sequence[Adapter], *, stories: int, rounds: int) -> dict[str, Any]:
    """The figures of all readers, and over how many pages and articles they go."""
    pages = {
        "demo": demo_pages(),
        "generated": generated_pages(stories),
        "real": real_pages(),
        "redesigned": redesigned_pages(),
    }
    articles = {"demo": demo_articles(), "gold": gold_articles()}
    return {
        "pages": {name: counted([page.item for page in found]) for name, found in pages.items() if found},
        "articles": {name: counted(found) for name, found in articles.items() if found},
        "readers": {
            one.name: read_pages(one, pages, rounds) if one.task == "pages" else read_articles(one, articles)
            for one in chosen
        },
    }


def counted(items: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """How many of each language."""
    return {language: sum(item["language"] == language for item in items) for language in LANGUAGES}


def read_pages(adapter: Adapter, sets: Mapping[str, Sequence[PageTruth]], rounds: int) -> dict[str, Any]:
    """What is found of a reader of pages."""
    run = run_peer(adapter.name, [page.item for found in sets.values() for page in found], rounds=rounds)
    figures: dict[str, Any] = {}
    for name, found in sets.items():
        for language in LANGUAGES:
            if part := [page for page in found if page.item["language"] == language]:
                answers = [run.answers[page.item["id"]] for page in part]
                scores = page_figures(part, answers, adapter.fields) | costs(answers)
                empty = sum(not answer.get("text") for answer in answers)
                figures.setdefault(name, {})[language] = scores | {"empty": empty}
    return of_run(adapter, run) | {"sets": figures}


def read_articles(adapter: Adapter, sets: Mapping[str, Sequence[dict[str, Any]]]) -> dict[str, Any]:
    """What is found of a reader of quotes, in the languages that it reads.

    Each article is read once: ours remembers names, so that a second reading of the same text would be no reading.
    """
    items = [
        {name: value for name, value in article.items() if name not in ANNOTATIONS}
        for found in sets.values() for article in found if article["language"] in adapter.languages
    ]  # fmt: skip
    warm = [article for article in warming_articles() if article["language"] in adapter.languages]
    run = run_peer(adapter.name, items, warm=warm)
    figures: dict[str, Any] = {}
    for name, found in sets.items():
        for language in adapter.languages:
            if part := [article for article in found if article["language"] == language]:
                answers = [run.answers[article["id"]] for article in part]
                scores = quote_figures(part, answers, adapter.kinds) if adapter.kinds else {}
                figures.setdefault(name, {})[language] = scores | costs(answers)
    return of_run(adapter, run) | {"sets": figures}


def costs(answers: Sequence[Answer]) -> dict[str, Any]:
    """Processor milliseconds an item, of those that were timed, and how many could not be read."""
    seconds = [answer["seconds"] for answer in answers if "seconds" in answer]
    return {
        "ms": round(1000 * sum(seconds) / max(1, len(seconds)), 3),
        "failed": sum("error" in answer for answer in answers),
        "errors": sorted({answer["error"].partition(":")[0] for answer in answers if "error" in answer}),
    }


def of_run(adapter: Adapter, run: Run) -> dict[str, Any]:
    """What belongs to the reader as a whole."""
    return {
        "title": adapter.title,
        "task": adapter.task,
        "settings": adapter.settings,
        "versions": run.versions,
        "load_s": round(run.load_s, 2),
        "peak_mb": round(run.peak_mb),
        "network": run.network,
    }


if __name__ == "__main__":
    sys.exit(main())
