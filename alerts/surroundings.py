"""What stands around a match in the database: the archived page of its article, what its instrument does to others."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from sqlite_utils import Database

from alerts.subjects import Act
from db.connection import rows
from db.inert import web_address


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Where more is to be found about what a mail tells; empty where there is no such place."""

    page: str
    """The article on the site."""
    url: str = ""
    """The page that it was read from."""
    archived: str = ""
    """That page as it was fetched, on the site."""
    rule: str = ""
    """The rule on the site."""

    def record(self, identity: str) -> str:
        """A statement on the page of its article."""
        return f"{self.page}#{quote(identity)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What was found around the matches of a mail."""

    base_url: str
    rule_id: int = 0
    """0: a rule that is not kept, in a preview."""
    archived: Mapping[str, int] = field(default_factory=dict)
    """By article, the last page that was fetched of it."""
    acts: Mapping[tuple[str, str], tuple[Act, ...]] = field(default_factory=dict)
    """By article and instrument, what the article says that the instrument does to others."""

    def links(self, article: Mapping[str, Any]) -> Links:
        """Of an article (a row with `id` and `url`)."""
        page = self.archived.get(article["id"])
        return Links(
            page=page_of(article["id"], self.base_url),
            url=web_address(article["url"]),
            archived=f"{self._base}/archived/{page}" if page else "",
            rule=self.rule,
        )

    @property
    def rule(self) -> str:
        """The rule's page on the site."""
        return f"{self._base}/rules/{self.rule_id}" if self.rule_id else f"{self._base}/rules"

    def acts_of(self, record: Mapping[str, Any]) -> tuple[Act, ...]:
        """Of an announcement (a row of the public view)."""
        return self.acts.get((record["article_id"], record["instrument_id"] or ""), ())

    @property
    def _base(self) -> str:
        return self.base_url.rstrip("/")


def page_of(article_id: str, base_url: str) -> str:
    """The address of an article on the site."""
    return f"{base_url.rstrip('/')}/articles/{quote(article_id)}"


def find_surroundings(db: Database, articles: Iterable[str], *, base_url: str, rule_id: int) -> Surroundings:
    """What stands around matches in these articles."""
    ids = json.dumps(sorted(set(articles)))
    acts: dict[tuple[str, str], list[Act]] = {}
    for one in rows(db, _ACTS, [ids]):
        found = acts.setdefault((one["article_id"], one["from_id"]), [])
        if len(found) < _MOST_ACTS:
            found.append(
                Act(
                    relation=one["relation"],
                    title=one["title_en"] or one["title"],
                    title_zh=one["title_zh"],
                    number=one["number"],
                )
            )
    return Surroundings(
        base_url=base_url,
        rule_id=rule_id,
        archived={one["article_id"]: one["page"] for one in rows(db, _ARCHIVED, [ids])},
        acts={key: tuple(found) for key, found in acts.items()},
    )


def told_acts(acts: Sequence[Act]) -> str:
    """What an instrument does to others, in one line."""
    return "; ".join(f"{act.relation} {act.number or act.title}" for act in acts)


_MOST_ACTS = 3
_ARCHIVED = """
SELECT article_id, max(id) AS page FROM pages
WHERE article_id IN (SELECT value FROM json_each(?)) AND kind = 'article' AND warc_file IS NOT NULL GROUP BY article_id
"""
_ACTS = """
SELECT r.article_id, f.same_as AS from_id, r.relation, o.title, o.title_en, o.title_zh, o.number
FROM relations AS r JOIN instrument_registry AS f ON f.id = r.from_node
  JOIN instrument_registry AS t ON t.id = r.to_node JOIN instrument_registry AS o ON o.id = t.same_as
WHERE r.article_id IN (SELECT value FROM json_each(?)) AND r.retired_at IS NULL AND f.same_as <> t.same_as
ORDER BY r.article_id, r.id
"""
