"""What the pages of an instrument, a person and an organization show; every query is bounded and goes along an index.

Lists come newest first, a page at a time: give the `sort_at` and `seq` of the last row as `before` for the next.
Counts stop at `MOST_COUNTED`, so that a ministry with a million quotes costs what a company with ten does.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Literal

from sqlite_utils import Database

from db.connection import row, rows, value
from db.links.identities import nodes_of, resolve
from db.names import canonical_url

MOST_COUNTED = 10_000
"""`10,000+` is all that is said of more."""
MOST_CHARTED = 5000
"""Quotes that a chart counts."""
_MOST_REPORTS_READ = 300
_MOST_POSTS, _MOST_PEOPLE, _MOST_LISTED, _MOST_ENTITIES = 50, 50, 60, 200
Before = tuple[str, int]
"""Time and key of the last row of the page before."""


# -- instruments ------------------------------------------------------------------------------------------------------


def instrument(db: Database, identity: str) -> dict[str, Any] | None:
    """An instrument with what its reports say together; None if there is none of that id, or it stands for another.

    Beside the columns of the registry: `issuers` as a list, `articles` (at most `MOST_COUNTED`), and of the newest
    300 reports `actions`, `statuses`, `regions`, `sectors` and `entities`, the most frequent first.
    """
    found = row(db, "SELECT * FROM instrument_registry WHERE id = ? AND same_as = id", [identity])
    if found is None:
        return None
    reports = list(rows(db, _REPORTS_READ, [identity, _MOST_REPORTS_READ]))
    told: dict[str, dict[str, int]] = {name: {} for name in ("actions", "statuses", "regions", "sectors", "entities")}
    for report in reports:
        for name, values in (
            ("actions", [report["action"]]),
            ("statuses", [report["status"]]),
            *((name, json.loads(report[name])) for name in ("regions", "sectors", "entities")),
        ):
            for one in values:
                told[name][one] = told[name].get(one, 0) + 1
    listed = {
        name: sorted(counts, key=lambda one: -counts[one])[: _MOST_ENTITIES if name == "entities" else _MOST_LISTED]
        for name, counts in told.items()
    }
    counted = value(db, _COUNT_REPORTING, [identity, MOST_COUNTED])
    return {**found, "issuers": json.loads(found["issuers"]), "articles": counted, **listed}


_REPORTS_READ = """
SELECT action, status, regions, sectors, entities FROM policies
WHERE instrument_id = ? AND retired_at IS NULL AND review_state <> 'rejected' ORDER BY sort_at DESC, seq DESC LIMIT ?
"""
_COUNT_REPORTING = """
SELECT count(DISTINCT article_id) FROM (SELECT article_id FROM policies
  WHERE instrument_id = ? AND retired_at IS NULL AND review_state <> 'rejected' LIMIT ?)
"""


def article_at(db: Database, url: str) -> dict[str, Any] | None:
    """Id and title of the article that is read at an address, such as an instrument's official page."""
    return row(db, _ARTICLE_AT, [canonical_url(url)])


_ARTICLE_AT = """
SELECT id, title FROM articles_latest WHERE id = (SELECT article_id FROM article_urls WHERE canonical_url = ?)
"""


def reports(db: Database, identity: str, *, limit: int = 20, before: Before | None = None) -> list[dict[str, Any]]:
    """Rows of `policy_announcements` that tell of an instrument, newest first."""
    return _page(db, "policy_announcements", "instrument_id", identity, limit, before)


def reactions(db: Database, identity: str, *, limit: int = 20, before: Before | None = None) -> list[dict[str, Any]]:
    """Rows of `quotes_attributed` by persons and organizations in articles that report an instrument as news.

    Newest first; documents and unnamed sources react to nothing.
    """
    at, seq = before or ("~", 0)
    wanted = {"id": identity, "at": at, "seq": seq, "limit": limit, "articles": MOST_COUNTED}
    return list(rows(db, _REACTIONS, wanted))


# the articles first, newest first: an instrument is told of in far fewer than have quotes
_REACTIONS = """
SELECT q.* FROM (SELECT DISTINCT p.article_id, p.sort_at FROM policies AS p
    WHERE p.instrument_id = :id AND +p.salience = 'news' AND p.retired_at IS NULL AND p.review_state <> 'rejected'
      AND p.sort_at <= :at ORDER BY p.sort_at DESC LIMIT :articles) AS told
  CROSS JOIN quotes_attributed AS q ON q.article_id = told.article_id
WHERE q.speaker_type IN ('person', 'organization') AND (q.sort_at, -q.seq) < (:at, -:seq)
ORDER BY told.sort_at DESC, q.seq LIMIT :limit
"""


# -- persons ----------------------------------------------------------------------------------------------------------


def person(db: Database, identity: str) -> dict[str, Any] | None:
    """A person with `names` (each with its organization and why it is the same person), `posts` and `quotes`.

    None if there is none of that id, or it stands for another (`db.links.identities.resolve`). A post has
    `organization_id`, `organization`, `title`, `first_at`, `last_at` and `quotes`; the newest comes first.
    """
    found = row(db, _PERSON, [identity])
    if found is None:
        return None
    ids = json.dumps(nodes_of(db, identity))
    names = list(rows(db, _NAMES_OF_PERSON, [ids, _MOST_LISTED]))
    posts = list(rows(db, _POSTS, [identity, MOST_COUNTED, _MOST_POSTS]))
    counted = _count(db, "person_id", identity)
    return {**found, "names": names, "posts": posts, "quotes": counted}


_PERSON = """
SELECT p.id, p.name, p.seq, (SELECT m.name FROM persons AS m
    WHERE m.same_as = p.id AND m.name GLOB '*[一-鿿]*' ORDER BY m.id LIMIT 1) AS name_zh
FROM persons AS p WHERE p.id = ? AND p.same_as = p.id
"""
_NAMES_OF_PERSON = """
SELECT p.id, p.name, o.same_as AS organization_id, o.name AS organization, p.same_reason AS reason
FROM persons AS p LEFT JOIN organizations AS o ON o.id = p.organization_id
WHERE p.id IN (SELECT value FROM json_each(?)) ORDER BY p.id <> p.same_as, p.name, p.id LIMIT ?
"""
_POSTS = """
SELECT held.organization_id, o.name AS organization, held.title, min(held.sort_at) AS first_at,
  max(held.sort_at) AS last_at,
  count(*) AS quotes
FROM (SELECT organization_id, title, sort_at FROM quotes
    WHERE person_id = ? AND retired_at IS NULL AND review_state <> 'rejected' ORDER BY sort_at DESC LIMIT ?) AS held
  LEFT JOIN organizations AS o ON o.id = held.organization_id
WHERE held.organization_id IS NOT NULL OR held.title IS NOT NULL
GROUP BY held.organization_id, held.title ORDER BY last_at DESC, first_at DESC LIMIT ?
"""


def quotes_of_person(
    db: Database, identity: str, *, limit: int = 20, before: Before | None = None
) -> list[dict[str, Any]]:
    """Rows of `quotes_attributed` of a person, newest first."""
    return _page(db, "quotes_attributed", "person_id", identity, limit, before)


# -- organizations ----------------------------------------------------------------------------------------------------


def organization(db: Database, identity: str) -> dict[str, Any] | None:
    """An organization with `names`, `people` (those known to speak for it), `quotes` and what it `issued` lately.

    None if there is none of that id, or it stands for another. `people` have `id`, `name`, `title` of their newest
    quote and `last_at`, the last heard first; `issued` are rows of `instruments`, newest first, of which the
    organization is the lead issuer.
    """
    found = row(db, _ORGANIZATION, [identity])
    if found is None:
        return None
    ids = json.dumps(nodes_of(db, identity))
    names = list(rows(db, _NAMES_OF_ORGANIZATION, [ids, _MOST_LISTED]))
    people = list(rows(db, _PEOPLE, {"ids": ids, "most": _MOST_PEOPLE}))
    return {**found, "names": names, "people": people, "quotes": _count(db, "organization_id", identity)}


_ORGANIZATION = """
SELECT o.id, o.name, o.seq, coalesce(o.name_zh, (SELECT m.name_zh FROM organizations AS m
    WHERE m.same_as = o.id AND m.name_zh IS NOT NULL ORDER BY m.id LIMIT 1)) AS name_zh
FROM organizations AS o WHERE o.id = ? AND o.same_as = o.id
"""
_NAMES_OF_ORGANIZATION = """
SELECT id, name, name_zh, same_reason AS reason FROM organizations
WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id <> same_as, name, id LIMIT ?
"""
_PEOPLE = """
WITH speaking AS (SELECT DISTINCT same_as AS id FROM persons
  WHERE organization_id IN (SELECT value FROM json_each(:ids)) LIMIT :most)
SELECT p.id, p.name, q.title, q.role, q.sort_at AS last_at
FROM speaking JOIN persons AS p ON p.id = speaking.id
  JOIN quotes AS q ON q.seq = (SELECT n.seq FROM quotes AS n
    WHERE n.person_id = p.id AND n.retired_at IS NULL AND n.review_state <> 'rejected'
    ORDER BY n.sort_at DESC, n.seq DESC LIMIT 1)
ORDER BY q.sort_at DESC, p.id
"""


def quotes_of_organization(
    db: Database, identity: str, *, limit: int = 20, before: Before | None = None
) -> list[dict[str, Any]]:
    """Rows of `quotes_attributed` of an organization and of those who speak for it, newest first."""
    return _page(db, "quotes_attributed", "organization_id", identity, limit, before)


def issued_by(db: Database, identity: str, *, limit: int = 20, before: str | None = None) -> list[dict[str, Any]]:
    """Instruments whose lead issuer is an organization, newest first; `before` is the `issued_on` of the last row.

    Each has `id`, `title`, `title_en`, `title_zh`, `number`, `instrument`, `issued_on`.
    """
    names = [found["name"] for found in rows(db, _NAMES_OF_ORGANIZATION, [json.dumps(nodes_of(db, identity)), 20])]
    listed = [
        found
        for name in dict.fromkeys(names)
        for found in rows(db, _ISSUED, {"name": name, "before": before or "~", "limit": limit})
    ]
    return sorted(listed, key=lambda found: (found["issued_on"], found["id"]), reverse=True)[:limit]


_ISSUED = """
SELECT i.id, i.title, i.title_en, i.title_zh, i.number, i.instrument, i.issued_on
FROM instrument_registry AS i INDEXED BY instruments_by_lead
WHERE i.lead_issuer = :name AND i.issued_on < :before AND i.same_as = i.id AND i.title_rank IS NOT NULL
ORDER BY i.issued_on DESC LIMIT :limit
"""


# -- shared -----------------------------------------------------------------------------------------------------------


def found_as(db: Database, identity: str) -> tuple[str, bool] | None:
    """The id that stands for an id now, and whether it is another; None where there never was one of that id."""
    standing = resolve(db, identity)
    return None if standing is None else (standing, standing != identity)


def _page(
    db: Database, view: str, column: str, identity: str, limit: int, before: Before | None
) -> list[dict[str, Any]]:
    at, seq = before or ("~", 0)
    wanted: Mapping[str, Any] = {"id": identity, "at": at, "seq": seq, "limit": limit}
    sql = (
        f"SELECT * FROM {view} WHERE {column} = :id AND (sort_at, seq) < (:at, :seq) "  # noqa: S608
        "ORDER BY sort_at DESC, seq DESC LIMIT :limit"
    )
    return list(rows(db, sql, wanted))


def _count(db: Database, column: str, identity: str) -> int:
    sql = (
        f"SELECT count(*) FROM (SELECT 1 FROM quotes WHERE {column} = ? "  # noqa: S608
        "AND retired_at IS NULL AND review_state <> 'rejected' LIMIT ?)"
    )
    return int(value(db, sql, [identity, MOST_COUNTED]))


def quotes_by_month(
    db: Database, column: Literal["person_id", "organization_id"], identity: str
) -> list[tuple[str, int]]:
    """How many of the newest `MOST_CHARTED` quotes fall in each month (`2026-03`) that has any, the earliest first."""
    sql = (
        f"SELECT substr(sort_at, 1, 7) AS month, count(*) AS n FROM (SELECT sort_at FROM quotes WHERE {column} = ? "  # noqa: S608
        "AND retired_at IS NULL AND review_state <> 'rejected' ORDER BY sort_at DESC LIMIT ?) GROUP BY 1 ORDER BY 1"
    )
    return [(found["month"], found["n"]) for found in rows(db, sql, [identity, MOST_CHARTED])]
