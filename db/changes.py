"""What a transaction changes of what is known: new, gone and changed field by field, as the public views name it.

Temporary triggers of this connection keep each watched row as it was before it was first written. So the rows of other
stories come with it, such as those whose instrument now goes with another, and what changes nothing costs nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

from sqlite_utils import Database

from db.connection import rows, value
from db.deciding.verdicts import Kind
from db.keeping.records import FIELDS, TABLES, machine_record_of

Sort = Literal["article", "quote", "policy", "attachment", "relation", "instrument", "person", "organization"]
What = Literal["new", "gone", "back", "changed", "reads", "misses", "finds"]
"""`back`: it had gone and counts again. Of the machine alone, beneath what a person has decided: it `reads` a field
differently, it `misses` the statement, it `finds` it again."""

Record = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that has changed."""

    what: What
    kind: Sort
    id: str
    article: str | None
    """Id of the article; None for instruments, persons and organizations."""
    url: str | None
    """The article's address."""
    field: str | None = None
    """Name of the column in the public view; None where the whole has come or gone."""
    old: Any = None
    """Lists as lists. Of what has gone the record as it was, without the text of articles and attached files."""
    new: Any = None
    decided: str | None = None
    """What people have decided of a statement: `accepted`, `corrected` or `rejected`."""


@dataclass(slots=True)
class Watch:
    """Notes what is written on this connection between `begin` and `end`, both within one transaction."""

    db: Database
    _marks: dict[str, int] = field(default_factory=dict)
    """The last row of each table before the transaction."""

    def __post_init__(self) -> None:
        for table, columns in _WATCHED.items():
            for statement in _watching(table, columns):
                self.db.conn.execute(statement)

    def begin(self) -> None:
        """From here on; what an earlier transaction left is forgotten."""
        for table in _WATCHED:
            self.db.conn.execute(f"DELETE FROM was_{table}")  # noqa: S608
            self._marks[table] = value(self.db, f"SELECT max(rowid) FROM {table}") or 0  # noqa: S608

    def end(self) -> list[Change]:
        """What has changed since `begin`: articles first, then their statements, then what those are linked to."""
        was = {table: self._was(table) for table in _WATCHED}
        return [
            *self._articles(was),
            *self._statements("quote", was["quotes"]),
            *self._statements("policy", was["policies"]),
            *self._attachments(was),
            *self._relations(was["relations"]),
            *self._linked("instrument", "instrument_registry", was),
            *self._linked("person", "persons", was),
            *self._linked("organization", "organizations", was),
        ]

    def _was(self, table: str) -> dict[Any, Record]:
        """The rows that were there before and have been written, as they were."""
        mark = self._marks[table]
        return {one["id"]: one for one in rows(self.db, f"SELECT * FROM was_{table} WHERE place <= ?", [mark])}  # noqa: S608

    # -- articles and their files: each stands in two tables

    def _articles(self, was: Mapping[str, Mapping[Any, Record]]) -> Iterator[Change]:
        rewritten = was["revisions"]
        touched = {*was["articles"], *(one["article_id"] for one in rewritten.values())}
        for now in self._now(_ARTICLE, touched, "articles"):
            where: Record = {"kind": "article", "id": now["id"], "article": now["id"], "url": now["url"]}
            if now["seq"] > self._marks["articles"]:
                yield Change(what="new", new=_shown(now, _ARTICLE_FIELDS), **where)
                continue
            old = was["articles"].get(now["id"], now)
            revision = old["revision_id"]
            said = rewritten.get(revision)
            if said is None:
                said = now if revision == now["revision_id"] else next(rows(self.db, _REVISION, [revision]))
            yield from _differences({**said, **{n: old[n] for n in _OF_ARTICLE}}, now, _ARTICLE_FIELDS, where)

    def _attachments(self, was: Mapping[str, Mapping[Any, Record]]) -> Iterator[Change]:
        read_anew = was["annex_files"]
        touched = set(was["annexes"])
        if read_anew:
            touched |= {one["id"] for one in rows(self.db, _OF_FILES, [json.dumps(list(read_anew))])}
        for now in self._now(_ATTACHMENT, touched, "annexes"):
            where: Record = {"kind": "attachment", "id": now["id"], "article": now["article_id"], "url": now["address"]}
            old = was["annexes"].get(now["id"], now)
            file = {name: now[f"file_{name}"] for name in _OF_FILE}
            after = _attachment(now, file)
            if (changed := read_anew.get(old["file_id"])) is not None:
                file = changed
            elif old["file_id"] != now["file_id"]:
                file = next(rows(self.db, _FILE, [old["file_id"]]), dict.fromkeys(_OF_FILE))
            before = _attachment(old, file)
            if now["seq"] > self._marks["annexes"]:
                if now["dropped_at"] is None:
                    yield Change(what="new", new=_shown(after, _ATTACHMENT_FIELDS), **where)
            elif (old["dropped_at"] is None) != (now["dropped_at"] is None):
                yield _came_or_went(now["dropped_at"] is None, before, after, _ATTACHMENT_FIELDS, where)
            elif now["dropped_at"] is None:
                yield from _differences(before, after, _ATTACHMENT_FIELDS, where)

    # -- statements

    def _statements(self, kind: Kind, was: Mapping[str, Record]) -> Iterator[Change]:
        names = _STATEMENT_FIELDS[kind]
        for now in self._now(_STATEMENT[kind], was, TABLES[kind]):
            where: Record = {"kind": kind, "id": now["id"], "article": now["article_id"], "url": now["url"]}
            if now["review_state"] != "open":
                where["decided"] = now["review_state"]
            old = was.get(now["id"])
            if old is None or old["retired_at"]:
                if now["retired_at"] is None:
                    yield Change(what="back" if old else "new", new=_shown(now, names), **where)
            elif now["retired_at"]:
                yield Change(what="gone", old=_shown(old, names), **where)
            else:
                differing = list(_differences(old, now, names, where))
                yield from differing
                yield from _beneath(kind, old, now, where, {(one.field or "", str(one.new)) for one in differing})

    # -- what statements are linked to

    def _relations(self, was: Mapping[int, Record]) -> Iterator[Change]:
        for now in self._now(_RELATION, was, "relations"):
            where: Record = {"kind": "relation", "id": str(now["id"]), "article": now["article_id"], "url": now["url"]}
            old = was.get(now["id"])
            stood, stands = old is not None and not old["retired_at"], not now["retired_at"]
            if stands and not stood:
                yield Change(what="back" if old else "new", new=_shown(now, _RELATION_FIELDS), **where)
            elif old is not None and stood != stands:
                yield Change(what="gone", old=_shown({**now, **old}, _RELATION_FIELDS), **where)
            elif old is not None and stands:
                yield from _differences({**now, **old}, now, _RELATION_FIELDS, where)

    def _linked(self, kind: Sort, table: str, was: Mapping[str, Mapping[Any, Record]]) -> Iterator[Change]:
        """What is known of an instrument, person or organization that stood for itself before and does now."""
        names = _WATCHED[table]
        for old in was[table].values():
            now = next(rows(self.db, f"SELECT * FROM {table} WHERE id = ?", [old["id"]]))  # noqa: S608
            where: Record = {"kind": kind, "id": now["id"], "article": None, "url": None}
            yield from _differences(old, now, names, where)

    def _now(self, sql: str, touched: Iterable[Any], table: str) -> Iterator[Record]:
        """The rows that were touched and those that are new, as they are, in the order in which they were stored."""
        yield from rows(self.db, sql, {"ids": json.dumps(list(touched)), "mark": self._marks[table]})


def _attachment(link: Record, file: Record) -> Record:
    """What the view `attachments` says of a link to a file and what was read in it."""
    state = file["state"] if link["state"] == "kept" else link["state"]
    why = file["why"] if link["why"] is None else link["why"]
    shown = {"url": link["url"], "name": link["name"], "kind": file["kind"], "text": file["text"]}
    return {**shown, "state": state, "why": why}


def _differences(
    old: Mapping[str, Any], now: Mapping[str, Any], names: Iterable[str], where: Record
) -> Iterator[Change]:
    for name in names:
        if old[name] != now[name]:
            what = _plain(name, old[name]), _plain(name, now[name])
            yield Change(what="changed", field=name, old=what[0], new=what[1], **where)


def _beneath(kind: Kind, old: Record, now: Record, where: Record, told: set[tuple[str, str]]) -> Iterator[Change]:
    """What the machine now says of a statement that people have decided about, where their word hides it."""
    if now["review_state"] == "open":
        return
    missed, misses = old["machine_state"] == "gone", now["machine_state"] == "gone"
    if missed != misses:
        yield Change(what="misses" if misses else "finds", **where)
    if misses:
        return
    before, after = machine_record_of(kind, old), machine_record_of(kind, now)
    for name in FIELDS[kind]:
        if before.get(name) != after.get(name) and (name, str(after.get(name))) not in told:
            yield Change(what="reads", field=name, old=before.get(name), new=after.get(name), **where)


def _came_or_went(came: bool, old: Record, now: Record, names: Iterable[str], where: Record) -> Change:
    if came:
        return Change(what="back", new=_shown(now, names), **where)
    return Change(what="gone", old=_shown(old, names), **where)


def _shown(record: Mapping[str, Any], names: Iterable[str]) -> Record:
    """A record without what it has nothing of, and without the text of an article or file, which is long."""
    whole = "speaker" in record
    return {
        name: _plain(name, record[name])
        for name in names
        if record[name] not in (None, "[]") and (name != "text" or whole)
    }


def _plain(name: str, held: Any) -> Any:
    return json.loads(held) if name in _LISTS and held is not None else held


# -- what is watched --------------------------------------------------------------------------------------------------

_OF_ARTICLE = ("url", "duplicate_of", "gone_at")
_OF_REVISION = (
    "title", "authors", "credit", "section", "language", "published_at", "updated_at", "text", "kind", "number",
    "captions", "attachments", "editors", "layout", "revision",
)  # fmt: skip
_ARTICLE_FIELDS = (*_OF_ARTICLE, *_OF_REVISION)
_STATEMENT_FIELDS: Mapping[Kind, tuple[str, ...]] = MappingProxyType(
    {
        "quote": (*FIELDS["quote"], "person_id", "organization_id", "confidence", "review_state"),
        "policy": (*FIELDS["policy"], "instrument_id", "confidence", "review_state"),
    }
)
_OF_FILE = ("kind", "state", "why", "text")
_ATTACHMENT_FIELDS = ("url", "name", "kind", "state", "why", "text")
_RELATION_FIELDS = ("relation", "from_node", "to_node", "on_date", "start", "end", "text")
_LISTS = frozenset(
    {
        "authors",
        "section",
        "captions",
        "attachments",
        "editors",
        "issuers",
        "regions",
        "sectors",
        "entities",
        "evidence",
    }
)
_BENEATH = ("machine", "machine_state", "retired_at")

_WATCHED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "articles": (*_OF_ARTICLE, "revision_id"),
        "revisions": _OF_REVISION,
        "quotes": (*_STATEMENT_FIELDS["quote"], *_BENEATH),
        "policies": (*_STATEMENT_FIELDS["policy"], *_BENEATH),
        "annexes": ("url", "name", "state", "why", "file_id", "dropped_at"),
        "annex_files": _OF_FILE,
        "relations": ("on_date", "start", "end", "text", "retired_at"),
        "instrument_registry": (
            "number", "title", "issuers", "issued_on", "effective_on", "official_url", "instrument", "title_en",
            "title_zh", "same_as",
        ),
        "persons": ("name", "same_as"),
        "organizations": ("name", "name_zh", "same_as"),
    }
)  # fmt: skip
"""Columns of each table whose change is told; their names, and those of the tables, come from here alone."""


def _watching(table: str, columns: Iterable[str]) -> Iterator[str]:
    """The SQL that keeps rows of a table as they were before they were first written."""
    kept = {"id": "id", "place": "rowid", **{name: name for name in columns}}
    if table == "revisions":
        kept["article_id"] = "article_id"
    names = ", ".join(f'"{name}"' for name in kept)
    olds = ", ".join(f'OLD."{name}"' for name in kept.values())
    written = ", ".join(f'"{name}"' for name in columns)
    differs = " OR ".join(f'OLD."{name}" IS NOT NEW."{name}"' for name in columns)
    keep = (
        f"BEGIN INSERT INTO was_{table} ({names}) SELECT {olds} "  # noqa: S608
        f"WHERE NOT EXISTS (SELECT 1 FROM was_{table} WHERE id = OLD.id); END"
    )
    yield f"CREATE TEMP TABLE IF NOT EXISTS was_{table} ({names}, PRIMARY KEY (id))"
    yield (
        f"CREATE TEMP TRIGGER IF NOT EXISTS watch_{table} AFTER UPDATE OF {written} ON main.{table} "
        f"WHEN {differs} {keep}"
    )
    if table == "revisions":
        yield f"CREATE TEMP TRIGGER IF NOT EXISTS watch_dropped_{table} BEFORE DELETE ON main.{table} {keep}"


_REVISION = "SELECT * FROM revisions WHERE id = ?"
_FILE = "SELECT kind, state, why, text FROM annex_files WHERE id = ?"
_OF_FILES = "SELECT id FROM annexes WHERE file_id IN (SELECT value FROM json_each(?))"
_TOUCHED = "{0}.id IN (SELECT value FROM json_each(:ids)) OR {0}.{1} > :mark ORDER BY {0}.{1}"
_ARTICLE = (
    "SELECT a.*, r.title, r.authors, r.credit, r.section, r.updated_at, r.text, r.number, r.captions, r.attachments, "  # noqa: S608
    "r.editors, r.layout, r.revision, r.published_at FROM articles AS a JOIN revisions AS r ON r.id = a.revision_id "
    "WHERE " + _TOUCHED.format("a", "seq")
)
_STATEMENT: Mapping[Kind, str] = MappingProxyType(
    {
        kind: f"SELECT s.*, a.url FROM {table} AS s JOIN articles AS a ON a.id = s.article_id WHERE "  # noqa: S608
        + _TOUCHED.format("s", "seq")
        for kind, table in TABLES.items()
    }
)
_RELATION = (
    "SELECT s.*, a.url FROM relations AS s JOIN articles AS a ON a.id = s.article_id "  # noqa: S608
    "WHERE " + _TOUCHED.format("s", "id")
)
_ATTACHMENT = (
    "SELECT x.*, a.url AS address, f.kind AS file_kind, f.text AS file_text, f.state AS file_state, "
    "f.why AS file_why "
    "FROM annexes AS x JOIN articles AS a ON a.id = x.article_id LEFT JOIN annex_files AS f ON f.id = x.file_id "
    "WHERE " + _TOUCHED.format("x", "seq")
)
