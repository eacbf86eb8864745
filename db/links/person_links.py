"""Which names are one person, and which are one organization, where the names themselves do not say so.

A name alone proves nothing: the same name is a link only where the organization is the same too, or one article says
that one person holds both posts.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

from sqlite_utils import Database

from db.connection import rows
from db.links.identities import Conflict, Edge
from db.links.organization_names import differs_by_place, sound_alike
from db.links.person_names import is_chinese

_ONE_ORGANIZATION, _SPELLED, _SOUNDS, _BY_PLACE, _BOTH_POSTS = 1.0, 0.9, 0.85, 0.8, 0.75
_HAN = re.compile(r"[\u3400-\u9fff]")
MOST_NAMESAKES = 1000
MOST_AT_ONCE = 200
"""New ones of one name that are compared with their namesakes; no honest article brings so many."""
_MOST_POSTS = 5
"""Organizations of one name in one article; a page that names more lists members, or lies."""


def edges_among_namesakes(db: Database, persons: Collection[str]) -> Iterator[Edge]:
    """The edges between these persons and those whose names may be spelled alike, and between their organizations."""
    ids = json.dumps(sorted(persons))
    wanted = [found["spelling"] for found in rows(db, _SPELLINGS_OF, [ids])]
    if not wanted:
        return
    by_spelling: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for found in rows(db, _NAMESAKES, [json.dumps(wanted), MOST_NAMESAKES * len(wanted)]):
        by_spelling[found["spelling"]].append(found)
    for namesakes in by_spelling.values():
        ours = [one for one in namesakes if one["id"] in persons]
        if len(ours) > MOST_AT_ONCE:
            continue
        for one in ours:
            for other in namesakes:
                if other["id"] not in persons or one["id"] < other["id"]:
                    yield from compare_namesakes(one, other)


_SPELLINGS_OF = """
SELECT DISTINCT spelling FROM person_spellings WHERE person_id IN (SELECT value FROM json_each(?)) ORDER BY 1
"""
_NAMESAKES = """
SELECT s.spelling, p.id, p.key, o.id AS organization_id, o.key AS organization, o.same_as AS stands_for
FROM person_spellings AS s JOIN persons AS p ON p.id = s.person_id JOIN organizations AS o ON o.id = p.organization_id
WHERE s.spelling IN (SELECT value FROM json_each(?)) ORDER BY s.spelling, p.id LIMIT ?
"""


def compare_namesakes(one: Mapping[str, Any], other: Mapping[str, Any]) -> Iterator[Edge]:
    """Edges between two persons of one spelling who have an organization each."""
    name, namesake = one["key"].partition("|")[0], other["key"].partition("|")[0]
    organizations = one["organization"], other["organization"]
    same_organization = one["stands_for"] == other["stands_for"]
    if name == namesake:
        if same_organization:
            yield Edge(one["id"], other["id"], _ONE_ORGANIZATION, f"same name, and the organizations are one: {name}")
        elif not any(_HAN.search(key) for key in organizations) and differs_by_place(*organizations):
            why = f"same person, and the names of the organizations differ only by a place or group: {name}"
            yield Edge(one["id"], other["id"], _BY_PLACE, why)
            yield Edge(one["organization_id"], other["organization_id"], _BY_PLACE, why)
        return
    if is_chinese(name) == is_chinese(namesake):
        return
    both = ", ".join(sorted((name, namesake), key=is_chinese, reverse=True))
    if same_organization:
        yield Edge(one["id"], other["id"], _SPELLED, f"Chinese name and its spelling, same organization: {both}")
        return
    chinese = [key for key in organizations if _HAN.search(key)]
    if len(chinese) != 1:
        return
    english = organizations[1] if organizations[0] == chinese[0] else organizations[0]
    if sound_alike(chinese[0], english):
        why = f"Chinese name and its spelling, in organizations whose names sound alike: {both}"
        yield Edge(one["id"], other["id"], _SOUNDS, why)
        yield Edge(one["organization_id"], other["organization_id"], _SOUNDS, why)


def edges_within_article(posts: Mapping[str, Mapping[str, str]]) -> Iterator[Edge]:
    """Edges of persons whom one article names with several organizations: name → organization → node."""
    for name, by_organization in posts.items():
        if len(by_organization) > _MOST_POSTS:
            continue
        for (_o, one), (_p, other) in combinations(sorted(by_organization.items()), 2):
            yield Edge(one, other, _BOTH_POSTS, f"one article names {name} with both organizations")


def person_conflicts(db: Database, nodes: Sequence[str]) -> Conflict:
    """Two names in one script are two people; an edge between them says otherwise for those two only."""
    return _by_script(_keys(db, "SELECT id, key FROM persons WHERE id IN (SELECT value FROM json_each(?))", nodes))


def organization_conflicts(db: Database, nodes: Sequence[str]) -> Conflict:
    """Two names in one script are two organizations."""
    sql = "SELECT id, key FROM organizations WHERE id IN (SELECT value FROM json_each(?))"
    return _by_script(_keys(db, sql, nodes))


def _keys(db: Database, sql: str, nodes: Sequence[str]) -> dict[str, str]:
    return {found["id"]: found["key"].partition("|")[0] for found in rows(db, sql, [json.dumps(list(nodes))])}


def _by_script(keys: Mapping[str, str]) -> Conflict:
    def conflict(a: str, b: str) -> bool:
        mine, theirs = keys.get(a, ""), keys.get(b, "")
        return mine != theirs and bool(_HAN.search(mine)) == bool(_HAN.search(theirs))

    return conflict


# -- who somebody speaks for ------------------------------------------------------------------------------------------

_MINISTER = re.compile(r"\bminister (?:of|for) (?P<what>[A-Z][A-Za-z, ]+)", re.IGNORECASE)
_FORMER = re.compile(
    r",? (?:who (?:was|served as|had been) |(?:a |the )?former(?:ly)? |previously |once )"
    r"(?:(?:a|an|the|its) )?(?:[a-z][\w'’-]*[ ,]+){0,9}?(?:of|at|with|for) (?:the )?"
    r"(?P<organization>[A-Z][\w&'’.-]*(?: (?:[A-Z][\w&'’.-]*|&|of|and|for|the))*)"
)


def ministers_body(title: str | None) -> str | None:
    """`Ministry of Commerce` for the post `Vice Minister of Commerce`; None where a post names no ministry."""
    found = _MINISTER.search(title or "")
    return f"Ministry of {found['what'].strip()}" if found else None


def former_organizations(text: str, names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """(name, organization) for each post that the text says one of `names` held before."""
    if "former" not in text and "previously" not in text and "who was" not in text and "served as" not in text:
        return
    for name in names:
        if not name.isascii() or len(name) > 60:
            continue
        at = text.find(name)
        while at >= 0:
            found = _FORMER.match(text, at + len(name))
            if found is not None:
                yield name, found["organization"].rstrip(".,")
            at = text.find(name, found.end() if found is not None else at + 1)
