"""Names that are known already, offered to a person who types one: issuers, people, organizations and posts.

What other statements of the same article say comes first, then what begins with the words typed. Every question reads
a piece of an index, or the newest few thousand statements.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Literal, get_args

from sqlite_utils import Database

from db.connection import rows

Field = Literal["issuers", "speaker", "organization", "title"]
FIELDS: tuple[Field, ...] = get_args(Field)
"""The fields for which names can be offered; `title` is a person's post."""

NEWEST = 2_000
"""How many of the newest statements are looked through for posts and issuers."""

_LAST = "\U0010ffff"


def names_in_article(db: Database, article_id: str, *, limit: int = 20) -> Mapping[Field, tuple[str, ...]]:
    """The names that the other statements of an article hold, by field, the most frequent first."""
    found: dict[Field, Counter[str]] = {field: Counter() for field in FIELDS}
    for one in rows(db, _QUOTES_OF_ARTICLE, [article_id]):
        for field in ("speaker", "organization", "title"):
            if one[field]:
                found[field][one[field]] += 1
    for one in rows(db, _POLICIES_OF_ARTICLE, [article_id]):
        found["issuers"].update(json.loads(one["issuers"]))
    return {field: tuple(name for name, _times in held.most_common(limit)) for field, held in found.items()}


def names_like(db: Database, field: Field, typed: str, *, limit: int = 12) -> tuple[str, ...]:
    """Known names that begin with what was typed, then known names in which a word does; upper and lower case alike."""
    typed = " ".join(typed.split())[:100]
    if not typed:
        return ()
    if field in _BY_NAME:
        found = rows(db, _BY_NAME[field], {"from": typed, "to": typed + _LAST, "limit": limit})
        return tuple(one["name"] for one in found)
    return _those_with(_frequent(db, field), typed, limit)


def _frequent(db: Database, field: Field) -> Iterable[str]:
    """The names that the newest statements hold, the most frequent first."""
    counted: Counter[str] = Counter()
    for one in rows(db, _NEWEST[field], {"limit": NEWEST}):
        counted.update(json.loads(one["held"]) if field == "issuers" else [one["held"]])
    return (name for name, _times in counted.most_common())


def _those_with(names: Iterable[str], typed: str, limit: int) -> tuple[str, ...]:
    wanted = typed.casefold()
    first: list[str] = []
    then: list[str] = []
    for name in names:
        folded = name.casefold()
        if folded.startswith(wanted):
            first.append(name)
        elif f" {wanted}" in folded or (not wanted.isascii() and wanted in folded):
            then.append(name)
    return tuple([*first, *then][:limit])


_QUOTES_OF_ARTICLE = "SELECT speaker, organization, title FROM quotes WHERE article_id = ? ORDER BY start LIMIT 500"
_POLICIES_OF_ARTICLE = "SELECT issuers FROM policies WHERE article_id = ? ORDER BY position LIMIT 200"

_BY_NAME: Mapping[Field, str] = MappingProxyType(
    {
        "speaker": """
SELECT DISTINCT name FROM persons
WHERE name >= :from COLLATE NOCASE AND name < :to COLLATE NOCASE ORDER BY name COLLATE NOCASE LIMIT :limit
""",
        "organization": """
SELECT DISTINCT name FROM organizations
WHERE name >= :from COLLATE NOCASE AND name < :to COLLATE NOCASE ORDER BY name COLLATE NOCASE LIMIT :limit
""",
    }
)

_NEWEST: Mapping[Any, str] = MappingProxyType(
    {
        "issuers": "SELECT issuers AS held FROM policies WHERE retired_at IS NULL ORDER BY sort_at DESC LIMIT :limit",
        "title": "SELECT title AS held FROM (SELECT title FROM quotes WHERE retired_at IS NULL "
        "ORDER BY sort_at DESC LIMIT :limit) WHERE title IS NOT NULL",
    }
)
