"""What a crawl of a generated site has found and stored, against the site's manifest."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

from sqlite_utils import Database

from db.connection import rows
from demo.generated import Generated

TOLD = 10
"""Addresses that a comparison names of each kind; all are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The figures of one source."""

    source: str
    stories: int
    """In the manifest."""
    discovered: int
    """Of these, fetched."""
    stored: int
    """Of these, stored with the manifest's title and text."""
    duplicates: int
    """Articles beyond one a story, and stories that were taken for the same as another."""
    strangers: int
    """Articles that are in no manifest."""
    missing: tuple[str, ...]
    """The first stories that are not stored as they should be."""

    @property
    def complete(self) -> bool:
        """Whether everything is there once."""
        return self.stored == self.stories and not self.duplicates and not self.strangers

    def as_record(self) -> dict[str, Any]:
        """For printing."""
        return asdict(self)


def compare(db: Database, generated: Generated) -> list[Comparison]:
    """One comparison a source, in the order of the generated sites."""
    wanted = list(generated.manifest())
    return [_compare(db, site, [one for one in wanted if one["source"] == site]) for site in generated.sites]


def _compare(db: Database, source: str, wanted: list[dict[str, Any]]) -> Comparison:
    owner = {url: one["url"] for one in wanted for url in (one["url"], *one["aliases"])}
    fetched = {
        owner.get(page["url"])
        for page in rows(db, "SELECT url FROM pages WHERE source = ? AND kind = 'article'", [source])
    }
    articles: Counter[str | None] = Counter()
    grouped = 0
    said: dict[str | None, tuple[str, str]] = {}
    for article in rows(db, "SELECT url, title, text, duplicate_of FROM articles_latest WHERE source = ?", [source]):
        story = owner.get(article["url"])
        articles[story] += 1
        grouped += article["duplicate_of"] is not None
        said[story] = (article["title"], hashlib.sha256(article["text"].encode()).hexdigest())
    missing = [one["url"] for one in wanted if said.get(one["url"]) != (one["title"], one["sha256"])]
    return Comparison(
        source=source,
        stories=len(wanted),
        discovered=sum(one["url"] in fetched for one in wanted),
        stored=len(wanted) - len(missing),
        duplicates=grouped + sum(count - 1 for story, count in articles.items() if story is not None),
        strangers=articles[None],
        missing=tuple(missing[:TOLD]),
    )
