"""The full-text index: what is looked for, the values that searches are filtered by, and the order of time.

FTS5's unicode61 finds nothing inside a longer Chinese run, and trigram nothing for two characters. So every CJK
character is set apart with an invisible separator when it is indexed, and a Chinese run is asked for as a phrase.
The separator is U+001F: the tokenizer splits at it, it takes one byte, and taking it out gives the text back exactly.

A row of the index stands at its *place*, a number that grows with the article's time, so that FTS5 gives the newest
hits first without sorting, and a range of time is a range of places. The column `tags` has a word for each value that
can be filtered by, so that FTS5 itself joins words and filters: nothing is read that is not found.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from hashlib import blake2b
from string import ascii_letters, digits
from types import MappingProxyType
from typing import Any, Literal

from sqlite_utils import Database

from db.connection import row, rows, value
from db.names import folded

Kind = Literal["article", "quote", "policy", "annex"]

TOKENIZER = "unicode61 remove_diacritics 2"
"""That of the migrations' full-text tables."""

EVERY = "every"
"""The tag that each row has."""

A_MINUTE = 4096
"""Places of one minute; what comes to more takes those of the next one."""

_BEGINNING = datetime(1, 1, 1, tzinfo=UTC)

_CJK = "\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_CJK_RUN = re.compile(f"([{_CJK}]+)")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_FULL_WIDTH = {ord(plain) + 0xFEE0: plain for plain in ascii_letters + digits}
_WIDE = re.compile(f"[{''.join(map(chr, _FULL_WIDTH))}]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """The index of one kind."""

    table: str
    base: str
    """The table whose rows are indexed; `seq` is its key, `place` where a row stands in the index."""
    view: str
    """The public view of the same rows."""
    columns: tuple[str, ...]
    """What a query looks in; names that it may use."""
    shown: int
    """The column that snippets are cut from."""
    heading: int
    """The column that stands above a snippet."""
    weights: tuple[float, ...]
    """What a hit in each column counts for relevance."""
    filters: Mapping[str, str]
    """Filters that the index knows, and the column of `row` that each is about."""
    links: frozenset[str]
    """Filters by an id, each a column of `base` with an index of its own."""
    row: str
    """Selects what is indexed of the row `:seq`; nothing where it may not be found."""


_ARTICLE = """
SELECT a.place, a.sort_at, r.title, r.text, r.number, a.source, a.language, a.kind, r.authors
FROM articles AS a JOIN revisions AS r ON r.id = a.revision_id WHERE a.seq = :seq
"""
_QUOTE = """
SELECT q.place, q.sort_at, q.text, q.speaker, q.title, q.organization, a.source, a.language, q.kind, q.role,
  q.speaker_type, q.review_state
FROM quotes AS q JOIN articles AS a ON a.id = q.article_id
WHERE q.seq = :seq AND q.retired_at IS NULL AND q.review_state <> 'rejected'
"""
_POLICY = """
SELECT p.place, p.sort_at, p.title, p.number, p.issuers, p.evidence, p.regions, p.sectors, p.entities, a.source,
  a.language, p.instrument, p.action, p.status, p.salience, p.review_state
FROM policies AS p JOIN articles AS a ON a.id = p.article_id
WHERE p.seq = :seq AND p.retired_at IS NULL AND p.review_state <> 'rejected'
"""
_ANNEX = """
SELECT x.place, a.sort_at, x.name, f.text, a.source, a.language, f.kind,
  CASE x.state WHEN 'kept' THEN f.state ELSE x.state END AS state
FROM annexes AS x JOIN articles AS a ON a.id = x.article_id LEFT JOIN annex_files AS f ON f.id = x.file_id
WHERE x.seq = :seq AND x.dropped_at IS NULL
"""


def _same(*names: str) -> dict[str, str]:
    return {name: name for name in names}


INDEXES: Mapping[Kind, Index] = MappingProxyType(
    {
        "article": Index(
            table="articles_fts",
            base="articles",
            view="articles_latest",
            columns=("title", "text", "number"),
            shown=1,
            heading=0,
            weights=(5.0, 1.0, 5.0, 0.0),
            filters={**_same("source", "language", "kind"), "author": "authors"},
            links=frozenset(),
            row=_ARTICLE,
        ),
        "quote": Index(
            table="quotes_fts",
            base="quotes",
            view="quotes_attributed",
            columns=("text", "speaker", "title", "organization"),
            shown=0,
            heading=1,
            weights=(1.0, 2.0, 1.0, 2.0, 0.0),
            filters=_same(
                "source", "language", "kind", "role", "speaker_type", "speaker", "organization", "review_state"
            ),
            links=frozenset({"article_id", "person_id", "organization_id"}),
            row=_QUOTE,
        ),
        "policy": Index(
            table="policies_fts",
            base="policies",
            view="policy_announcements",
            columns=("title", "number", "issuers", "evidence", "regions", "sectors", "entities"),
            shown=3,
            heading=0,
            weights=(5.0, 5.0, 2.0, 1.0, 2.0, 2.0, 2.0, 0.0),
            filters={
                **_same("source", "language", "instrument", "action", "status", "salience", "review_state", "number"),
                **{"issuer": "issuers", "region": "regions", "sector": "sectors", "entity": "entities"},
            },
            links=frozenset({"article_id", "instrument_id"}),
            row=_POLICY,
        ),
        "annex": Index(
            table="annexes_fts",
            base="annexes",
            view="attachments",
            columns=("name", "text"),
            shown=1,
            heading=0,
            weights=(5.0, 1.0, 0.0),
            filters=_same("source", "language", "kind", "state"),
            links=frozenset({"article_id"}),
            row=_ANNEX,
        ),
    }
)
KINDS: Mapping[str, Kind] = MappingProxyType({"a": "article", "q": "quote", "p": "policy", "f": "annex"})
"""By the letter that an id begins with."""

LISTS = frozenset({"authors", "issuers", "regions", "sectors", "entities"})
"""Columns that hold JSON lists of names."""


def separate(text: str | None) -> str:
    """`text` as it is indexed: a separator around each CJK character, full-width letters and digits as plain ones."""
    if not text:
        return ""
    plain = text
    if not plain.replace("\n", " ").isprintable():  # it nearly always is, and the expression looks at each sign
        plain = _CONTROL.sub(" ", plain)
    if plain.isascii():
        return plain
    if _WIDE.search(plain):
        plain = plain.translate(_FULL_WIDTH)
    pieces = _CJK_RUN.split(plain)
    pieces[1::2] = ["\x1f" + "\x1f".join(run) + "\x1f" for run in pieces[1::2]]
    return "".join(pieces)


def rejoin(indexed: str) -> str:
    """The text back from its indexed form."""
    return indexed.replace("\x1f", "")


@lru_cache(maxsize=20_000)
def tag(name: str, held: str) -> str:
    """The word in `tags` for a value of the filter `name`; case, width and white space make no other value."""
    return name.replace("_", "") + blake2b(folded(held).encode("utf-8", "replace"), digest_size=7).hexdigest()


# -- places -----------------------------------------------------------------------------------------------------------


def place_at(moment: str) -> int:
    """The first place of the minute of a UTC time, or of all where it is none; never below 0."""
    try:
        found = datetime.fromisoformat(moment)
    except ValueError:
        return 0
    since = (found if found.tzinfo else found.replace(tzinfo=UTC)) - _BEGINNING
    return max(0, since // timedelta(minutes=1)) * A_MINUTE


def moment_at(place: int) -> datetime:
    """The time of a place, to the minute, aware."""
    return _BEGINNING + timedelta(minutes=place // A_MINUTE)


def free_place(db: Database, base: str, first: int) -> int:
    """The next free place in the minute that begins at `first`, or behind it where that is full."""
    last = value(db, f"SELECT max(place) FROM {base} WHERE place >= ? AND place < ?", [first, first + A_MINUTE])  # noqa: S608
    if last is None or last + 1 < first + A_MINUTE:
        return first if last is None else int(last) + 1
    return int(value(db, _FIRST_GAP.format(base=base), [last]))


_FIRST_GAP = """
SELECT b.place + 1 FROM {base} AS b
WHERE b.place >= ? AND NOT EXISTS (SELECT 1 FROM {base} AS c WHERE c.place = b.place + 1) ORDER BY b.place LIMIT 1
"""


# -- writing ----------------------------------------------------------------------------------------------------------


def index_row(db: Database, kind: Kind, seq: int) -> None:
    """Bring the index to what the row of that kind says now: in place of what it said before, or out of the index.

    Called in the transaction that changes anything the index knows of it.
    """
    index = INDEXES[kind]
    found = row(db, index.row, {"seq": seq})
    before = found["place"] if found else value(db, f"SELECT place FROM {index.base} WHERE seq = ?", [seq])  # noqa: S608
    if before is not None:
        db.conn.execute(f"DELETE FROM {index.table} WHERE rowid = ?", [before])  # noqa: S608
    if found is None:
        place = None
    else:
        first = place_at(found["sort_at"])
        stays = before is not None and first <= before < first + A_MINUTE
        place = before if stays else free_place(db, index.base, first)
        insert_indexed(db, kind, [(place, *indexed(kind, found))])
    if place != before:
        db.conn.execute(f"UPDATE {index.base} SET place = ? WHERE seq = ?", [place, seq])  # noqa: S608


def index_new(db: Database, kind: Kind, seqs: Sequence[int]) -> None:
    """Put rows that were just added, statements of one article, into the index, where a place is looked for once."""
    index = INDEXES[kind]
    added = list(rows(db, _several(index.row), [json.dumps(seqs)])) if seqs else []
    if not added:
        return
    first = place_at(added[0]["sort_at"])
    place = free_place(db, index.base, first)
    if place + len(added) > first + A_MINUTE or any(found["sort_at"] != added[0]["sort_at"] for found in added):
        for found in added:
            index_row(db, kind, found["seq"])
        return
    insert_indexed(db, kind, [(at, *indexed(kind, found)) for at, found in enumerate(added, start=place)])
    places = [(at, found["seq"]) for at, found in enumerate(added, start=place)]
    db.conn.executemany(f"UPDATE {index.base} SET place = ? WHERE seq = ?", places)  # noqa: S608


@cache
def _several(one: str) -> str:
    """An index's `row` for all keys of a JSON list, in its order, each with its key."""
    many = one.replace("SELECT ", "SELECT s.value AS seq, ", 1).replace(".seq = :seq", ".seq = s.value")
    return many.replace("FROM ", "FROM json_each(?) AS s CROSS JOIN ", 1) + "ORDER BY s.key"


def index_article(db: Database, article: str, *, statements: bool = False) -> None:
    """Bring the index to what the newest revision of an article says; `statements`: and to all that hangs on it."""
    seq = value(db, "SELECT seq FROM articles WHERE id = ?", [article])
    index_row(db, "article", seq)
    if statements:
        for kind in ("quote", "policy", "annex"):
            sql = f"SELECT seq FROM {INDEXES[kind].base} WHERE article_id = ? ORDER BY seq"  # noqa: S608
            for (one,) in db.conn.execute(sql, [article]).fetchall():
                index_row(db, kind, one)


def index_everything(db: Database) -> None:
    """Fill the index anew from all rows, in the order of time; for a migration."""
    for kind, index in INDEXES.items():
        db.conn.execute(f"DELETE FROM {index.table}")  # noqa: S608
        db.conn.execute(f"UPDATE {index.base} SET place = NULL")  # noqa: S608
        time = "(SELECT a.sort_at FROM articles AS a WHERE a.id = b.article_id)" if kind == "annex" else "b.sort_at"
        last: int | None = None
        for (seq,) in db.conn.execute(f"SELECT b.seq FROM {index.base} AS b ORDER BY {time}, b.seq").fetchall():  # noqa: S608
            for found in rows(db, index.row, {"seq": seq}):
                first = place_at(found["sort_at"])
                last = first if last is None else max(last + 1, first)
                insert_indexed(db, kind, [(last, *indexed(kind, found))])
                db.conn.execute(f"UPDATE {index.base} SET place = ? WHERE seq = ?", [last, seq])  # noqa: S608


def insert_indexed(db: Database, kind: Kind, added: Sequence[Sequence[Any]]) -> None:
    """Add rows to the index of a kind: the place, then what `indexed` gives."""
    index = INDEXES[kind]
    names, marks = ", ".join(index.columns), ", ".join("?" for _ in index.columns)
    sql = f"INSERT INTO {index.table} (rowid, {names}, tags) VALUES (?, {marks}, ?)"  # noqa: S608
    db.conn.executemany(sql, added)


def indexed(kind: Kind, found: Mapping[str, Any]) -> list[str]:
    """The columns of the index for a row of that kind; lists may be lists, or JSON as the database has them."""
    index = INDEXES[kind]
    return [*(separate(_text(name, found[name])) for name in index.columns), _tags(index, found)]


def _text(name: str, held: Any) -> str | None:
    if name in LISTS:
        return " · ".join(_listed(held))
    if name == "evidence":
        return " … ".join(span["text"] for span in _listed(held))
    return held if held is None else str(held)


def _tags(index: Index, found: Mapping[str, Any]) -> str:
    words = {EVERY: None}
    for name, column in index.filters.items():
        held = found[column]
        for one in _listed(held) if column in LISTS else (held,):
            if one:
                words[tag(name, one)] = None
    return " ".join(words)


def _listed(held: Any) -> Sequence[Any]:
    return json.loads(held) if isinstance(held, str) else held  # type: ignore[no-any-return]
