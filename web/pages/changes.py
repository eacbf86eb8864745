"""What changed between any two revisions of an article: its text word by word, and the fields around it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from db.connection import row, rows
from web.addresses import Address
from web.changes import between, summary
from web.labels import listed, moment, words
from web.render import desk_of, page

_MOST_REVISIONS = 200
_FIELDS = ("title", "authors", "credit", "published_at", "updated_at", "number", "header", "captions", "attachments",
           "editors", "kind", "language", "section")  # fmt: skip
_LISTS = frozenset({"authors", "header", "captions", "attachments", "editors", "section"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field that is not the same in both revisions."""

    label: str
    older: str
    newer: str


def changes(request: Request) -> Response:
    """`?from=1&to=3`; without them the last change. 404 where there is no such article or revision."""
    identity = request.path_params["id"]
    with desk_of(request).reading() as db:
        revisions = list(rows(db, _REVISIONS, [identity, _MOST_REVISIONS]))
        if not revisions:
            raise HTTPException(404, "There is no such article.")
        newest = revisions[0]["revision"]
        older = _asked(request, "from", max(1, newest - 1))
        newer = _asked(request, "to", newest)
        before, after = _revision(db, identity, older), _revision(db, identity, newer)
        steps = between(before["text"], after["text"])
        return page(
            "changes.html",
            heading=f"From revision {older} to {newer}",
            id=identity,
            url=revisions[0]["url"],
            revisions=revisions,
            older=before,
            newer=after,
            fields=_fields(before, after),
            steps=steps,
            said=summary(steps),
        )


def _asked(request: Request, name: str, usual: int) -> int:
    asked = request.query_params.get(name, "")
    if not asked:
        return usual
    if not asked.isascii() or not asked.isdigit() or len(asked) > 9:
        raise HTTPException(404, f"“{asked[:20]}” is no revision: give ?from= and ?to= a number each.")
    return int(asked)


def _revision(db: Database, identity: str, number: int) -> Mapping[str, Any]:
    found = row(db, "SELECT * FROM revisions WHERE article_id = ? AND revision = ?", [identity, number])
    if found is None:
        raise HTTPException(404, f"There is no revision {number} of this article.")
    return found


def _fields(older: Mapping[str, Any], newer: Mapping[str, Any]) -> list[Field]:
    return [
        Field(label=words(name), older=_shown(name, older[name]), newer=_shown(name, newer[name]))
        for name in _FIELDS
        if older[name] != newer[name]
    ]


def _shown(name: str, held: str | None) -> str:
    if name not in _LISTS:
        return moment(held) if name.endswith("_at") else held or ""
    if name == "attachments":
        return "; ".join(str(one.get("name") or one.get("url") or "") for one in listed(held))
    if name == "header":
        return "; ".join(f"{label}: {text}" for label, text in listed(held))
    return "; ".join(str(one) for one in listed(held))


_REVISIONS = """
SELECT r.revision, r.seen_at, a.url FROM revisions AS r JOIN articles AS a ON a.id = r.article_id
WHERE r.article_id = ? ORDER BY r.revision DESC LIMIT ?
"""

ADDRESSES = (Address("/articles/{id}/changes", changes),)
