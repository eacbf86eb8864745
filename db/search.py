"""Full text over articles, quotes, announcements and attached files, Chinese included, and the queries that users type.

FTS5's unicode61 finds nothing inside a longer Chinese run, and trigram nothing for two characters. So every CJK
character is set apart with an invisible separator when it is indexed, and a Chinese run is asked for as a phrase.
The separator is U+001F: the tokenizer splits at it, it takes one byte, and taking it out gives the text back exactly.
"""

from __future__ import annotations

import base64
import json
import re
import sqlite3
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from string import ascii_letters, digits
from types import MappingProxyType
from typing import Any, Literal

from sqlite_utils import Database

from db.connection import rows, value
from db.pieces import in_pieces

Kind = Literal["article", "quote", "policy", "annex"]
Order = Literal["date", "relevance"]

MARK_START, MARK_END = "\x02", "\x03"
"""What stands around a hit in `snippet`: characters that no text has, so a page can escape first and mark up after."""

_CJK = "\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_EACH_CJK = re.compile(f"([{_CJK}])")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_FULL_WIDTH = {ord(plain) + 0xFEE0: plain for plain in ascii_letters + digits}

TOKENIZER = "unicode61 remove_diacritics 2"
"""That of the migrations' full-text tables."""

MOST_TERMS = 200
MOST_CHARACTERS = 4000
_DEEPEST = 20


class SearchError(ValueError):
    """A query that cannot be understood; says what is wrong and at which character (from 0)."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(f"{message} (at character {position + 1})")
        self.position = position


# -- indexing ---------------------------------------------------------------------------------------------------------


def separate(text: str | None) -> str:
    """`text` as it is indexed: a separator around each CJK character, full-width letters and digits as plain ones."""
    return _EACH_CJK.sub("\x1f\\1\x1f", _CONTROL.sub(" ", text or "").translate(_FULL_WIDTH)).replace(
        "\x1f\x1f", "\x1f"
    )


def rejoin(indexed: str) -> str:
    """The text back from its indexed form."""
    return indexed.replace("\x1f", "")


def index_article(db: Database, seq: int, *, title: str | None, text: str, number: str | None) -> None:
    """Put an article's newest revision into the index, in place of the one before."""
    db.conn.execute(
        "INSERT OR REPLACE INTO articles_fts (rowid, title, text, number) VALUES (?, ?, ?, ?)",
        [seq, separate(title), separate(text), separate(number)],
    )


def index_annex(db: Database, seq: int, *, name: str, text: str) -> None:
    """Put an attached file into the index, in place of what it said before."""
    db.conn.execute(
        "INSERT OR REPLACE INTO annexes_fts (rowid, name, text) VALUES (?, ?, ?)", [seq, separate(name), separate(text)]
    )


def forget_annex(db: Database, seq: int) -> None:
    """Take a file that its article no longer links to out of the index."""
    db.conn.execute("DELETE FROM annexes_fts WHERE rowid = ?", [seq])


def index_statement(db: Database, kind: Literal["quote", "policy"], seq: int, record: Mapping[str, Any]) -> None:
    """Put a statement's record into the index, in place of the one before."""
    if kind == "quote":
        db.conn.execute(
            "INSERT OR REPLACE INTO quotes_fts (rowid, text, speaker, title, organization) VALUES (?, ?, ?, ?, ?)",
            [seq, *(separate(record[name]) for name in ("text", "speaker", "title", "organization"))],
        )
        return
    lists = [" · ".join(record[name]) for name in ("regions", "sectors", "entities")]
    evidence = " … ".join(span["text"] for span in record["evidence"])
    db.conn.execute(
        "INSERT OR REPLACE INTO policies_fts (rowid, title, number, issuers, evidence, regions, sectors, entities) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [seq, *map(separate, (record["title"], record["number"], " · ".join(record["issuers"]), evidence, *lists))],
    )


def forget_statement(db: Database, kind: Literal["quote", "policy"], seq: int) -> None:
    """Take a retired statement out of the index."""
    table = "quotes_fts" if kind == "quote" else "policies_fts"
    db.conn.execute(f"DELETE FROM {table} WHERE rowid = ?", [seq])  # noqa: S608


# -- the query language -----------------------------------------------------------------------------------------------

_TOKEN = re.compile(
    r"""(?P<space>\s+)
    | (?P<open>[(（]) | (?P<close>[)）])
    | ["“”「」『』＂](?P<phrase>[^"“”「」『』＂]*)["“”「」『』＂](?P<star>\*?)
    | (?P<unclosed>["“”「」『』＂])
    | (?P<word>[^\s()（）"“”「」『』＂]+)""",
    re.VERBOSE,
)
_COLUMN = re.compile(r"^([a-z_]+):(.*)$", re.DOTALL)
_ALNUM = re.compile(r"[^\W_]")


@dataclass(frozen=True, slots=True)
class _Token:
    what: Literal["open", "close", "and", "or", "not", "near", "term"]
    match: str
    at: int


def to_match(query: str, *, columns: Sequence[str] = ()) -> str:
    """A safe FTS5 MATCH expression for a user's query.

    Understood: words (all must occur), `"phrases"` in any quotation marks, `AND`, `OR`, `NOT`, `-word`, brackets,
    `prefix*`, `NEAR(a b, 5)`, and `column:word` for the names in `columns`. A Chinese run is a phrase. Raises
    `SearchError`, which says what is wrong and where; the result never makes SQLite complain.
    """
    return _to_match(query, tuple(columns))


@lru_cache(maxsize=4096)  # a thousand watch rules are asked of every new article
def _to_match(query: str, columns: tuple[str, ...]) -> str:
    if len(query) > MOST_CHARACTERS:
        raise SearchError(f"the query is longer than {MOST_CHARACTERS:,} characters", MOST_CHARACTERS)
    tokens = _tokens(query, columns)
    if sum(token.what == "term" for token in tokens) > MOST_TERMS:
        raise SearchError(f"the query has more than {MOST_TERMS} words", 0)
    if not tokens:
        raise SearchError("the query has no word to look for", 0)
    expression, rest = _either(tokens, 0, 0, len(query))
    if rest < len(tokens):
        raise SearchError("this bracket closes nothing", tokens[rest].at)
    return expression


def _tokens(query: str, columns: Sequence[str]) -> list[_Token]:
    found: list[_Token] = []
    prefix: tuple[str, int] | None = None
    at = 0
    while at < len(query):
        match = _TOKEN.match(query, at)
        assert match is not None, "every character begins a token"
        start, at = at, match.end()
        if match["space"]:
            continue
        if match["unclosed"]:
            raise SearchError("this quotation mark is never closed", start)
        if match["phrase"] is not None:
            if _ALNUM.search(match["phrase"]):
                found.append(_Token("term", _scoped(prefix, _quoted(match["phrase"]) + match["star"]), start))
            prefix = None
        elif match["open"]:
            if prefix:
                raise SearchError(f"`{prefix[0]}:` takes a word or a phrase, no brackets", prefix[1])
            found.append(_Token("open", "(", start))
        elif match["close"]:
            found.append(_Token("close", ")", start))
        elif match["word"].upper() == "NEAR" and query[at : at + 1] == "(":
            near, at = _near(query, start)
            found.append(_Token("near", near, start))
        else:
            prefix = _word(match["word"], start, columns, prefix, found, query[at : at + 1])
    if prefix:
        raise SearchError(f"`{prefix[0]}:` needs a word after it", prefix[1])
    return found


def _word(
    word: str, start: int, columns: Sequence[str], prefix: tuple[str, int] | None, found: list[_Token], following: str
) -> tuple[str, int] | None:
    """Add what a bare word means; gives the column it names for the next term, if it does."""
    if prefix is None and word in ("AND", "OR", "NOT"):
        found.append(_Token(word.lower(), word, start))  # type: ignore[arg-type]
        return None
    if prefix is None and word[0] == "-" and (_ALNUM.search(word) or following):
        found.append(_Token("not", "NOT", start))
        word, start = word[1:], start + 1
    scope = _COLUMN.match(word)
    if scope and scope[1] in columns:
        prefix, word = (scope[1], start), scope[2]
        if not word:
            return prefix
    if not _ALNUM.search(word):
        return None
    star = "*" if word.endswith("*") else ""
    found.append(_Token("term", _scoped(prefix, _quoted(word) + star), start))
    return None


def _near(query: str, start: int) -> tuple[str, int]:
    end = query.find(")", start)
    if end < 0:
        raise SearchError("NEAR( is never closed", start)
    inner = re.fullmatch(r"([^,]*)(?:,\s*(\d{1,3})\s*)?", query[start + 5 : end])
    if inner is None:
        raise SearchError("NEAR takes words and a distance: NEAR(export licence, 5)", start)
    printed = [phrase or word for phrase, word in re.findall(r'"([^"]*)"|([^\s"]+)', inner[1])]
    terms = [_quoted(term) for term in printed if _ALNUM.search(term)]
    if len(terms) < 2:
        raise SearchError("NEAR needs at least two words", start)
    return f"NEAR({' '.join(terms)}, {inner[2] or 10})", end + 1


def _quoted(text: str) -> str:
    return '"' + separate(text.replace('"', " ")).strip("\x1f ") + '"'


def _scoped(prefix: tuple[str, int] | None, term: str) -> str:
    return f"{prefix[0]} : {term}" if prefix else term


def _either(tokens: list[_Token], at: int, depth: int, end: int) -> tuple[str, int]:
    parts = []
    while True:
        part, at = _both(tokens, at, depth, end)
        parts.append(part)
        if at >= len(tokens) or tokens[at].what != "or":
            return " OR ".join(parts), at
        at += 1


def _both(tokens: list[_Token], at: int, depth: int, end: int) -> tuple[str, int]:
    wanted: list[str] = []
    unwanted: list[str] = []
    while at < len(tokens) and tokens[at].what not in ("or", "close"):
        token = tokens[at]
        if token.what == "and":
            if not wanted and not unwanted:
                raise SearchError("AND needs a word before it", token.at)
            at += 1
            if at < len(tokens) and tokens[at].what == "and":
                raise SearchError("AND needs a word after it", token.at)
            if at >= len(tokens) or tokens[at].what in ("or", "close"):
                raise SearchError("AND needs a word after it", token.at)
            continue
        if token.what == "not":
            part, at = _one(tokens, at + 1, depth, token.at, "NOT needs a word after it")
            unwanted.append(part)
        else:
            part, at = _one(tokens, at, depth, token.at, "a word is missing here")
            wanted.append(part)
    where = tokens[at].at if at < len(tokens) else end
    if not wanted:
        if unwanted:
            raise SearchError("NOT only takes away: it needs a word to look for beside it", where)
        raise SearchError("a word is missing here", where)
    expression = " AND ".join(wanted)
    if len(wanted) > 1 and unwanted:
        expression = f"({expression})"
    for part in unwanted:
        expression = f"({expression}) NOT {part}"
    return (f"({expression})" if len(wanted) + len(unwanted) > 1 else expression), at


def _one(tokens: list[_Token], at: int, depth: int, before: int, missing: str) -> tuple[str, int]:
    if at >= len(tokens) or tokens[at].what not in ("open", "term", "near"):
        raise SearchError(missing, tokens[at].at if at < len(tokens) else before)
    token = tokens[at]
    if token.what != "open":
        return token.match, at + 1
    if depth >= _DEEPEST:
        raise SearchError(f"brackets go more than {_DEEPEST} deep", token.at)
    expression, at = _either(tokens, at + 1, depth + 1, token.at)
    if at >= len(tokens):
        raise SearchError("this bracket is never closed", token.at)
    return f"({expression})", at + 1


# -- finding ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Hits:
    """One page of what was found."""

    rows: tuple[Mapping[str, Any], ...]
    """The columns of the public view, and `snippet`: text with MARK_START and MARK_END around what was looked for."""
    next: str | None
    """Give it as `after` for the next page; None on the last one."""


SEARCH_COLUMNS: Mapping[Kind, tuple[str, ...]] = MappingProxyType(
    {
        "article": ("title", "text", "number"),
        "quote": ("text", "speaker", "title", "organization"),
        "policy": ("title", "number", "issuers", "evidence", "regions", "sectors", "entities"),
        "annex": ("name", "text"),
    }
)
_VIEWS = MappingProxyType(
    {
        "article": "articles_latest",
        "quote": "quotes_attributed",
        "policy": "policy_announcements",
        "annex": "attachments",
    }
)
_INDEXES = MappingProxyType(
    {"article": "articles_fts", "quote": "quotes_fts", "policy": "policies_fts", "annex": "annexes_fts"}
)
_BASE_TABLES = MappingProxyType({"article": "articles", "quote": "quotes", "policy": "policies", "annex": "annexes"})
_SNIPPET_COLUMN = MappingProxyType({"article": 1, "quote": 0, "policy": 3, "annex": 1})
_KINDS: Mapping[str, Kind] = MappingProxyType({"a": "article", "q": "quote", "p": "policy", "f": "annex"})
"""By the letter that an id begins with."""
_EQUALITY_FILTERS: Mapping[Kind, frozenset[str]] = MappingProxyType(
    {
        "article": frozenset({"source", "language", "kind"}),
        "quote": frozenset(
            {"source", "language", "kind", "role", "speaker_type", "person_id", "organization_id", "organization",
             "review_state", "article_id"}
        ),
        "policy": frozenset(
            {"source", "language", "instrument", "action", "status", "salience", "review_state", "instrument_id",
             "number", "article_id"}
        ),
        "annex": frozenset({"source", "language", "kind", "state", "article_id"}),
    }
)  # fmt: skip
_LIST_FILTERS: Mapping[Kind, Mapping[str, str]] = MappingProxyType(
    {
        "article": MappingProxyType({"author": "authors"}),
        "quote": MappingProxyType({}),
        "policy": MappingProxyType(
            {"issuer": "issuers", "region": "regions", "sector": "sectors", "entity": "entities"}
        ),
        "annex": MappingProxyType({}),
    }
)


def find_articles(db: Database, query: str | None = None, **options: Any) -> Hits:
    """Articles, newest first. Filters: source, language, kind, author; options as for `find`."""
    return find(db, "article", query, **options)


def find_quotes(db: Database, query: str | None = None, **options: Any) -> Hits:
    """Quotes, newest article first. Filters: source, language, kind, role, speaker_type, person_id, organization_id,
    organization, review_state, article_id; options as for `find`."""
    return find(db, "quote", query, **options)


def find_policies(db: Database, query: str | None = None, **options: Any) -> Hits:
    """Announcements, newest article first. Filters: source, language, instrument, action, status, salience,
    review_state, instrument_id, number, article_id, issuer, region, sector, entity; options as for `find`."""
    return find(db, "policy", query, **options)


def find_annexes(db: Database, query: str | None = None, **options: Any) -> Hits:
    """Attached files, newest article first. Filters: source, language, kind, state, article_id; options as for
    `find`."""
    return find(db, "annex", query, **options)


def find(
    db: Database,
    kind: Kind,
    query: str | None = None,
    /,
    *,
    since: str | None = None,
    until: str | None = None,
    duplicates: bool = True,
    order: Order = "date",
    limit: int = 20,
    after: str | None = None,
    **filters: str | Sequence[str] | None,
) -> Hits:
    """One page of articles, quotes, announcements or attached files.

    `since` and `until` are ISO prefixes of the article's time in UTC, `until` included; `duplicates=False` leaves out
    articles that repeat another; a filter takes one value or several of which one must hold. Raises `SearchError` for
    a query that cannot be understood and ValueError for a filter that there is not.
    """
    conditions, parameters = _conditions(kind, since, until, duplicates, filters)
    if query and query.strip():
        conditions.append(f"{_INDEXES[kind]} MATCH :query")
        parameters["query"] = to_match(query, columns=SEARCH_COLUMNS[kind])
        tables = [f"{_INDEXES[kind]} AS f JOIN {_VIEWS[kind]} AS v ON v.seq = f.rowid"]
        snippet = f"snippet({_INDEXES[kind]}, {_SNIPPET_COLUMN[kind]}, :mark, :unmark, '…', 40)"
    else:
        tables = [f"{_VIEWS[kind]} AS v"]
        snippet = "NULL"
        order = "date"
    by_rank = order == "relevance"
    sort = "f.rank" if by_rank else "v.sort_at"
    if after:
        first, seq = _read_cursor(after, by_rank)
        conditions.append(f"({sort}, v.seq) {'>' if by_rank else '<'} (:after_first, :after_seq)")
        parameters.update(after_first=first, after_seq=seq)
    direction = "" if by_rank else " DESC"
    sql = " ".join(
        [
            "SELECT v.*,", snippet, "AS snippet,", sort, "AS _sort",
            "FROM", *tables,
            "WHERE", " AND ".join(conditions) or "1",
            "ORDER BY", f"{sort}{direction}, v.seq{direction}",
            "LIMIT :limit",
        ]
    )  # fmt: skip
    parameters.update(limit=max(1, min(limit, 1000)) + 1, mark=MARK_START, unmark=MARK_END)
    try:
        found = list(rows(db, sql, parameters))
    except sqlite3.OperationalError as error:
        if "fts5" in str(error) or "MATCH" in str(error):
            raise SearchError("the query cannot be understood", 0) from error
        raise
    page, more = found[: parameters["limit"] - 1], len(found) == parameters["limit"]
    following = _cursor(page[-1]["_sort"], page[-1]["seq"]) if more else None
    return Hits(rows=tuple(_shown(hit) for hit in page), next=following)


def iterate(
    db: Database,
    kind: Kind,
    query: str | None = None,
    /,
    *,
    since: str | None = None,
    until: str | None = None,
    duplicates: bool = True,
    **filters: str | Sequence[str] | None,
) -> Generator[dict[str, Any], None, None]:
    """All that `find` has on all its pages, as rows of the public view in the order of storing; for exports.

    Read in pieces (`db.pieces`): what is stored meanwhile is left out, what changes meanwhile is given as it stands
    when its piece is read. Raises what `find` raises, before the first row.
    """
    conditions, parameters = _conditions(kind, since, until, duplicates, filters)
    table = _BASE_TABLES[kind]
    if query and query.strip():
        index = _INDEXES[kind]
        parameters["query"] = to_match(query, columns=SEARCH_COLUMNS[kind])
        driver = f"{index} AS k"
        key = "k.rowid"
        conditions.append(f"{index} MATCH :query")
    else:
        driver, key = f"{table} AS k", "k.seq"
    parameters["last"] = value(db, f"SELECT max(seq) FROM {table}") or 0  # noqa: S608
    # CROSS JOIN: whatever the filters are, rows come by key, so that the next piece begins where this one ends
    sql = " ".join(
        [
            "SELECT v.* FROM", driver, "CROSS JOIN", _VIEWS[kind], "AS v",
            "WHERE", " AND ".join([f"{key} > :after", f"{key} <= :last", f"v.seq = {key}", *conditions]),
            "ORDER BY", key,
        ]
    )  # fmt: skip
    return in_pieces(db, sql, parameters, key="seq")


def _shown(hit: dict[str, Any]) -> Mapping[str, Any]:
    hit.pop("_sort")
    if hit["snippet"] is not None:
        hit["snippet"] = rejoin(hit["snippet"])
    return hit


def _conditions(
    kind: Kind, since: str | None, until: str | None, duplicates: bool, filters: Mapping[str, Any]
) -> tuple[list[str], dict[str, Any]]:
    conditions: list[str] = []
    parameters: dict[str, Any] = {}
    if since:
        conditions.append("v.sort_at >= :since")
        parameters["since"] = since
    if until:
        conditions.append("v.sort_at < :until")
        parameters["until"] = until + "\x7f"
    if not duplicates:
        conditions.append("v.duplicate_of IS NULL")
    for name, wanted in filters.items():
        if wanted is None:
            continue
        values = [wanted] if isinstance(wanted, str) else list(wanted)
        marks = ", ".join(f":{name}_{at}" for at in range(len(values)))
        parameters.update({f"{name}_{at}": one for at, one in enumerate(values)})
        if name in _EQUALITY_FILTERS[kind]:
            conditions.append(f"v.{name} IN ({marks})")
        elif name in _LIST_FILTERS[kind]:
            column = _LIST_FILTERS[kind][name]
            conditions.append(f"EXISTS (SELECT 1 FROM json_each(v.{column}) WHERE value IN ({marks}))")  # noqa: S608
        else:
            allowed = ", ".join(sorted(_EQUALITY_FILTERS[kind] | set(_LIST_FILTERS[kind])))
            raise ValueError(f"no filter {name!r}: there are {allowed}")
    return conditions, parameters


def _cursor(first: Any, seq: int) -> str:
    return base64.urlsafe_b64encode(json.dumps([first, seq]).encode()).decode().rstrip("=")


def _read_cursor(cursor: str, by_rank: bool) -> tuple[Any, int]:
    try:
        first, seq = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError:
        first = seq = None
    if not isinstance(seq, int) or not isinstance(first, (int, float) if by_rank else str):
        raise SearchError("this is no mark of a page of results", 0)
    return first, seq


def matches(db: Database, target: str, query: str) -> bool:
    """Whether the article or statement with the id `target` matches `query`, as it is stored now; for watch rules."""
    kind = _KINDS[target[0]]
    seq = value(db, f"SELECT seq FROM {_BASE_TABLES[kind]} WHERE id = ?", [target])  # noqa: S608
    if seq is None:
        return False
    index = _INDEXES[kind]
    expression = to_match(query, columns=SEARCH_COLUMNS[kind])
    found = value(db, f"SELECT 1 FROM {index} WHERE {index} MATCH ? AND rowid = ?", [expression, seq])  # noqa: S608
    return found is not None


@contextmanager
def probing(db: Database, target: str) -> Iterator[Callable[[str], bool]]:
    """A question to ask of one article or statement many times: does it match this query?

    The same answers as `matches`, from a full-text table in memory that holds nothing else: a thousand rules take
    milliseconds, however large the archive is.
    """
    kind = _KINDS[target[0]]
    columns = SEARCH_COLUMNS[kind]
    names, marks = ", ".join(columns), ", ".join("?" for _ in columns)
    held = db.conn.execute(
        f"SELECT {names} FROM {_INDEXES[kind]} "  # noqa: S608
        f"WHERE rowid = (SELECT seq FROM {_BASE_TABLES[kind]} WHERE id = ?)",
        [target],
    ).fetchone()
    with closing(sqlite3.connect(":memory:")) as small:
        small.execute(f"CREATE VIRTUAL TABLE one USING fts5 ({names}, tokenize = '{TOKENIZER}')")
        if held is not None:
            small.execute(f"INSERT INTO one VALUES ({marks})", held)  # noqa: S608

        def asked(query: str) -> bool:
            expression = to_match(query, columns=columns)
            return small.execute("SELECT 1 FROM one WHERE one MATCH ?", [expression]).fetchone() is not None

        yield asked


def highlight(db: Database, target: str, query: str) -> str | None:
    """The text of an article or statement with marks around what `query` asks for; None where it does not match."""
    kind = _KINDS[target[0]]
    index = _INDEXES[kind]
    expression = to_match(query, columns=SEARCH_COLUMNS[kind])
    found = value(
        db,
        f"SELECT highlight({index}, {_SNIPPET_COLUMN[kind]}, ?, ?) FROM {index} "  # noqa: S608
        f"WHERE {index} MATCH ? AND rowid = (SELECT seq FROM {_BASE_TABLES[kind]} WHERE id = ?)",
        [MARK_START, MARK_END, expression, target],
    )
    return None if found is None else rejoin(found)
