#!/usr/bin/env python3
"""What a thousand watch rules cost at a new article, and the preview of one over a filled database.

    python bench/rules.py [--quick] [--json] [--database FILE]

Stories of `demo/generated.py` are extracted and stored one after the other, with 1,000 rules in the database: a third
ask by filters alone, a third by words, a third by both. Processor time. Keys: `ms_1000_rules` (median over the
stories: the rules asked of everything that is new in one, without the mails), `p95_ms_1000_rules`, `ms_all_match` (a
thousand that all want everything), `ms_compile` (after a rule has changed), `statements` and `matches` (of a story,
on average). With --database, `preview_ms` is the time of the slowest of a few previews over that file, which is only
read.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from alerts.matching import compile_rules, find_matches  # noqa: E402
from alerts.preview import preview  # noqa: E402
from alerts.rules import FILTERS, Rule, Watch, settings_of, watch_of  # noqa: E402
from db import open_database  # noqa: E402
from db.connection import value  # noqa: E402
from db.rules import add_rule, rules_in_service  # noqa: E402
from db.store import Stored, store_article  # noqa: E402
from demo.generated import Generated  # noqa: E402
from pipeline.extract import extract  # noqa: E402
from pipeline.model import Article, Page  # noqa: E402

RULES = 1000
NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer stories; under 30 s")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--database", type=Path, help="a filled database to make previews over")
    arguments = parser.parse_args()
    figures = matching(60 if arguments.quick else 300)
    if arguments.database:
        figures["preview_ms"] = previewing(arguments.database)
    rounded = {name: round(figure, 3) for name, figure in figures.items()}
    print(
        json.dumps(rounded) if arguments.json else "\n".join(f"{name:20} {figure}" for name, figure in rounded.items())
    )
    return 0


def matching(stories: int) -> dict[str, float]:
    """Store so many stories and ask the rules of each."""
    articles = [_article(number) for number in range(stories)]
    words = sorted({word for one in articles for word in one.text.split() if word.isalpha() and len(word) > 4})
    chance = random.Random(20261120)
    with tempfile.TemporaryDirectory() as folder, closing(open_database(Path(folder) / "x.db", mode="create")) as db:
        for number in range(RULES):
            add_rule(db, settings_of(_rule(number, words, chance)), owner="bench", by="bench", now=NOW)
        watches = [watch_of(one) for one in rules_in_service(db)]
        began = time.process_time()
        compiled = compile_rules(watches)
        compiling = time.process_time() - began
        all_kinds = Rule(name="all", to=("a@example.org",), kinds=("announcement", "quote", "article"))
        every = compile_rules([Watch(id=number, rule=all_kinds) for number in range(RULES)])
        took: list[float] = []
        took_all: list[float] = []
        matches = 0

        def ask(_db: Any, stored: Stored) -> None:
            nonlocal matches
            began = time.process_time()
            matches += len(find_matches(db, stored, compiled, NOW))
            took.append(time.process_time() - began)
            began = time.process_time()
            find_matches(db, stored, every, NOW)
            took_all.append(time.process_time() - began)

        for one in articles:
            _store(db, one, ask)
        statements = value(db, "SELECT (SELECT count(*) FROM quotes) + (SELECT count(*) FROM policies)")
    return {
        "ms_1000_rules": 1000 * statistics.median(took),
        "p95_ms_1000_rules": 1000 * statistics.quantiles(took, n=20)[-1],
        "ms_all_match": 1000 * statistics.median(took_all),
        "ms_compile": 1000 * compiling,
        "statements": statements / stories,
        "matches": matches / stories,
    }


def previewing(database: Path) -> float:
    """Milliseconds of the slowest of a few previews, each the better of two."""
    slowest = 0.0
    with closing(open_database(database, mode="ro")) as db:
        newest = value(db, "SELECT max(sort_at) FROM articles")
        now = datetime.fromisoformat(newest)
        for values in _PREVIEWS:
            took = []
            for _ in range(2):
                began = time.perf_counter()
                preview(db, Rule(name="x", to=("a@example.org",), **values), now)
                took.append(time.perf_counter() - began)
            print(f"{1000 * min(took):8.0f} ms  {values}", file=sys.stderr)
            slowest = max(slowest, min(took))
    return 1000 * slowest


_PREVIEWS: Sequence[dict[str, Any]] = (
    {"actions": ("export_control",)},
    {"query": "export OR 出口"},
    {"query": "gallium", "kinds": ("announcement", "quote", "article")},
    {"kinds": ("quote",), "roles": ("executive",)},
    {"kinds": ("quote",), "organizations": ("no such company",)},
    {"kinds": ("article",), "frequency": "daily"},
    {"regions": ("nowhere at all",)},
)


def thousand_rules(articles: Sequence[Article]) -> Any:
    """As many compiled rules as a desk may have, with words of these articles; they stand in no database."""
    words = sorted({word for one in articles for word in one.text.split() if word.isalpha() and len(word) > 4})
    chance = random.Random(20261120)
    return compile_rules([Watch(id=number, rule=_rule(number, words, chance)) for number in range(RULES)])


def _article(number: int) -> Article:
    generated = _GENERATED.story("china_daily" if number % 3 else "mofcom", number)
    return Article(
        source=generated.site,
        url=generated.url,
        title=generated.title,
        language=generated.language,
        published=generated.published.isoformat(),
        text=generated.text,
    )


_GENERATED = Generated(stories=1000, listings=10, seed=7)


def _store(db: Any, article: Article, ask: Any) -> None:
    page = Page(url=article.url or "", source=article.source, body=b"<html>", fetched_at=NOW)
    store_article(
        db,
        article,
        pages=[(page, None)],
        statements=extract(article),
        parser_version="1",
        run_id=None,
        on_new=ask,
    )


def _rule(number: int, words: Sequence[str], chance: random.Random) -> Rule:
    """One of a thousand that people might have: by filters, by words, by both."""
    kind = chance.choice((("announcement",), ("quote",), ("announcement", "quote"), ("article",)))
    values: dict[str, Any] = {"name": f"rule {number}", "to": ("a@example.org",), "kinds": kind}
    if number % 3 != 1:
        usable = [one for one in FILTERS if set(one.kinds) & set(kind)]
        for condition in chance.sample(usable, min(2, len(usable))):
            held = chance.sample(condition.values, 1) if condition.values else [chance.choice(words).title()]
            values[condition.field] = tuple(held)
    if number % 3 != 0:
        first, second, third = chance.sample(words, 3)
        values["query"] = chance.choice(
            (f"{first} {second}", f'"{first} {second}" OR {third}*', f"({first} OR {second}) -{third}", "出口管制 许可")
        )
    return Rule(**values)


if __name__ == "__main__":
    raise SystemExit(main())
