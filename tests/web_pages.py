"""Every page of the site, for the tests and pictures that go through all of them: add a page here when it is made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlite_utils import Database

from db.connection import value

Fill = Callable[[Database], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One page."""

    name: str
    """What it is called in a test's report and in the name of its picture."""
    path: str
    """Its address; `{}` stands for what `fill` finds."""
    fill: Fill | None = None
    """What of the database the address asks for."""

    def at(self, db: Database) -> str:
        """The address in a database."""
        return self.path.format(self.fill(db)) if self.fill else self.path


def first(sql: str) -> Fill:
    """The first value that a question finds."""
    return lambda db: value(db, sql)


# the article that says most; of two that say as much the older one
RICHEST = """
SELECT a.id FROM articles AS a
LEFT JOIN policies AS p ON p.article_id = a.id LEFT JOIN quotes AS q ON q.article_id = a.id
GROUP BY a.id ORDER BY count(DISTINCT p.id) * 2 + count(DISTINCT q.id) DESC, a.seq LIMIT 1
"""
REVISED = "SELECT article_id FROM revisions ORDER BY revision DESC, id LIMIT 1"
REPORTED = "SELECT id FROM instruments ORDER BY articles DESC, reactions DESC, seq LIMIT 1"
HEARD = """
SELECT person_id FROM quotes WHERE person_id IS NOT NULL GROUP BY person_id
ORDER BY count(DISTINCT article_id) DESC, count(*) DESC, min(seq) LIMIT 1
"""
SPEAKING = """
SELECT organization_id FROM quotes WHERE organization_id IS NOT NULL GROUP BY organization_id
ORDER BY count(*) DESC, min(seq) LIMIT 1
"""
KEPT = "SELECT max(id) FROM pages WHERE article_id IS NOT NULL AND kind = 'article'"

PAGES = (
    Place(name="today", path="/"),
    Place(name="search", path="/search?q=出口"),
    Place(name="search-quotes", path="/search?in=quotes&role=executive"),
    Place(name="search-nothing", path="/search?in=articles&q=nothing"),
    Place(name="article", path="/articles/{}", fill=first(RICHEST)),
    Place(name="changes", path="/articles/{}/changes", fill=first(REVISED)),
    Place(name="archived", path="/archived/{}", fill=first(KEPT)),
    Place(name="instrument", path="/instruments/{}", fill=first(REPORTED)),
    Place(name="person", path="/people/{}", fill=first(HEARD)),
    Place(name="review", path="/review"),
    Place(name="sources", path="/sources"),
    Place(name="export", path="/export"),
    Place(name="rules", path="/rules"),
    Place(name="rule-new", path="/rules/new"),
    Place(name="organization", path="/organizations/{}", fill=first(SPEAKING)),
    Place(name="keys", path="/keys"),
    Place(name="error", path="/nowhere"),
)
