"""A database of any size: a few thousand generated stories, extracted and stored, and shifted copies of all their rows.

A copy is a week older than the one after it, has ids, addresses and words in its titles of its own, and shares its
people and organizations with its neighbours; those that the first stories name often are shared by all, and so are the
runs of words that stand in many of them. What a column needs follows from its name, so that tables that are added to
the schema are copied like the rest.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache, partial
from hashlib import blake2b
from pathlib import Path
from types import MappingProxyType
from typing import Final

from sqlite_utils import Database

from db import open_database
from db.crawling.runs import close_run, open_run
from db.finding.fulltext import A_MINUTE
from db.keeping.annexes import keep_file, settle_annexes
from db.store import add_page, store_article
from demo.generated import NEWEST, Generated
from demo.story import Site, Story
from pipeline.extract import extract
from pipeline.model import AnnexText, ArchiveRef, Article, Attachment, CrawlReport, Page, RouteReport, Statements

QUOTES, POLICIES = 3.0, 0.5
"""Quotes and announcements an article, on average."""

_SITES: Final[tuple[Site, ...]] = ("china_daily", "mofcom")
PARAGRAPHS: Final = 8
"""Of a story that are kept: the archive's size in bytes matters less than its rows."""
_NEIGHBOURS: Final = 20
"""Copies that share people and organizations."""
_OFTEN: Final = 8
"""Quotes in the first stories from which a person or organization is everybody's."""
_COMMON: Final = 50
"""A run of words that stands in one of so many stories is a way to say things: every copy has it."""
_DAYS_APART: Final = 7
_ANNEX_EVERY: Final = 20
_PLACES_A_DAY: Final = 24 * 60 * A_MINUTE
_SHELVES: Final = 64
"""Parts of a minute's places, for the rows of copies that say the same minute."""
_AT_ONCE: Final = 10
"""Copies in one transaction."""
_NOT_COPIED: Final = frozenset(
    {"_sqlite_migrations", "meta", "sqlite_sequence", "outbox", "alert_matches", "identity_edges"}
)
_PEOPLES: Final = frozenset({"persons", "organizations", "person_spellings"})
"""Tables of people and organizations, whose rows neighbours share."""

_SHARED: Final = frozenset({"person_id", "organization_id", "person_node", "organization_node"})
_OF_THE_COPY: Final = frozenset({"id", "duplicate_of", "same_as", "node", "instrument_node", "from_node", "to_node"})
_URLS: Final = frozenset({"url", "canonical_url", "final_url"})
_KEYS: Final = frozenset({"key", "number_key", "title_key", "name_key", "digest", "text_digest", "warc_file"})
_REFERENCES: Final = frozenset({"seq", "revision_id", "page_id", "run_id", "file_id"})
_TITLED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "revisions": "seq_of_article",
        "articles_fts": "seq_at_place",
        "instrument_registry": "seq",
        "policies": "seq",
        "policies_fts": "seq_at_place",
    }
)
"""Tables with a title of whose copies each gets a word of its own, and the number that chooses it."""


def grow(path: Path, articles: int, *, first: int = 2000, seed: int = 1, paragraphs: int = PARAGRAPHS) -> None:
    """Make a database of about `articles` articles at `path`, by copies of `first` stories of so many paragraphs;
    FileExistsError if there is one."""
    if path.exists():
        raise FileExistsError(f"{path} is there already")
    seedbed = path.with_suffix(".first")
    seedbed.unlink(missing_ok=True)
    _store_first(seedbed, min(first, articles), seed, paragraphs)
    copies = max(1, round(articles / min(first, articles)))
    grown = open_database(path, mode="create")
    try:
        _copy_all(grown, seedbed, copies)
    finally:
        grown.conn.close()
    seedbed.unlink()


# -- the first stories ------------------------------------------------------------------------------------------------


def _store_first(path: Path, count: int, seed: int, paragraphs: int) -> None:
    db = open_database(path, mode="create")
    db.conn.execute("PRAGMA synchronous = OFF")
    generated = Generated(stories=-(-count // len(_SITES)), listings=40, seed=seed)
    runs = {site: open_run(db, source=site, job="crawl", pid=1, now=NEWEST) for site in _SITES}
    quotes = policies = 0.0
    for at in range(count):
        site = _SITES[at % len(_SITES)]
        # the oldest is stored first, as a crawl of years does
        story = generated.story(site, generated.count - 1 - at // len(_SITES))
        article = _article(story, at, paragraphs)
        found = extract(article)
        quotes, policies = quotes + QUOTES, policies + POLICIES
        told = found.quotes[: int(quotes)], found.policies[: int(policies)]
        quotes, policies = quotes - len(told[0]), policies - len(told[1])
        _store(db, article, Statements(quotes=told[0], policies=told[1], version=found.version), at, runs[site])
    for site, run in runs.items():
        _close(db, run, site, count // len(_SITES))
    db.conn.close()


def _article(story: Story, at: int, paragraphs: int) -> Article:
    annex = Attachment(url=f"https://{story.host}/files/{story.id}.txt", name=f"附件 {at}.txt")
    return Article(
        source=story.site,
        url=story.url,
        title=story.title,
        authors=story.authors,
        credit=story.credit,
        section=story.section,
        language=story.language,
        published=story.published.isoformat(),
        number=story.number,
        header=story.header,
        text="\n\n".join(story.text.split("\n\n")[:paragraphs]),
        attachments=() if at % _ANNEX_EVERY else (annex,),
    )


def _store(db: Database, article: Article, found: Statements, at: int, run: int) -> None:
    assert article.url is not None
    made = partial(Page, source=article.source, body=b"<html></html>", fetched_at=NEWEST)
    ref = ArchiveRef(file=f"{article.source}/first.warc.gz", offset=at * 2000, length=900)
    stored = store_article(
        db, article, pages=[(made(url=article.url), ref)], statements=found, parser_version="1", run_id=run
    )
    for file in article.attachments:
        page = made(url=file.url, kind="attachment", body=file.url.encode())
        kept = add_page(db, page, ArchiveRef(file=ref.file, offset=ref.offset + 1000, length=900), run_id=run)
        read = AnnexText(kind="text", state="read", text=article.text)
        keep_file(db, kept, file.url, read, source=article.source, version="1", now=NEWEST)
        settle_annexes(db, stored.article_id)


def _close(db: Database, run: int, site: Site, count: int) -> None:
    routes = (RouteReport(route="listings", state="ok", links=count, new=count),)
    report = CrawlReport(
        source=site, started_at=NEWEST, finished_at=NEWEST + timedelta(minutes=9), state="ok", reason="finished",
        articles_fetched=count, new=count, routes=routes,
    )  # fmt: skip
    close_run(db, run, report)


# -- copies -----------------------------------------------------------------------------------------------------------


def _copy_all(db: Database, seedbed: Path, copies: int) -> None:
    connection = db.conn
    connection.execute("ATTACH ? AS first", [str(seedbed)])
    for pragma in ("synchronous = OFF", "foreign_keys = OFF", "cache_size = -1500000", "wal_autocheckpoint = 50000"):
        connection.execute(f"PRAGMA main.{pragma}" if "cache" in pragma else f"PRAGMA {pragma}")
    connection.create_function("moved", 2, _moved, deterministic=True)
    connection.create_function("its_word", 2, _its_word, deterministic=True)
    connection.execute("CREATE TEMP TABLE everybodys (id TEXT PRIMARY KEY)")
    for column in sorted(_SHARED):
        connection.execute(
            f"INSERT OR IGNORE INTO everybodys SELECT {column} FROM first.quotes "  # noqa: S608
            f"WHERE {column} IS NOT NULL GROUP BY 1 HAVING count(*) >= ?",
            [_OFTEN],
        )
    connection.execute("CREATE TEMP TABLE common_marks (mark INTEGER PRIMARY KEY)")
    connection.execute(
        "INSERT INTO common_marks SELECT mark FROM first.lead_marks GROUP BY 1 "
        "HAVING count(*) >= max(2, (SELECT count(*) FROM first.articles) / ?)",
        [_COMMON],
    )
    step = _step(connection)
    statements = list(_statements(connection))
    for at in range(copies):
        if at % _AT_ONCE == 0:
            connection.execute("BEGIN IMMEDIATE")
        given = {
            "days": (copies - 1 - at) * _DAYS_APART, "tag": f"{at:03x}", "offset": at * step, "at": at,
            "neighbours": f"{at // _NEIGHBOURS:03x}",
        }  # fmt: skip
        for table, sql in statements:
            # neighbours have the same people; the first of them brings them
            if table not in _PEOPLES or at % _NEIGHBOURS == 0:
                connection.execute(sql, given)
        if at % _AT_ONCE == _AT_ONCE - 1 or at == copies - 1:
            connection.execute("COMMIT")
    connection.execute("DETACH first")
    connection.execute("ANALYZE")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _tables(connection: sqlite3.Connection) -> list[str]:
    """The tables that hold rows of their own; a full-text table after all others."""
    found = connection.execute("SELECT name, sql FROM first.sqlite_master WHERE type = 'table'").fetchall()
    virtual = [name for name, sql in found if sql and sql.startswith("CREATE VIRTUAL")]
    shadows = tuple(f"{name}_" for name in virtual)
    plain = [name for name, _ in found if name not in virtual and not name.startswith(shadows)]
    return [name for name in (*plain, *virtual) if name not in _NOT_COPIED]


def _step(connection: sqlite3.Connection) -> int:
    """What lies between the numbers of one copy and the next: more than any table has rows."""
    names = ("articles", "revisions", "pages", "quotes", "policies", "persons", "annex_files")
    largest = [connection.execute(f"SELECT max(rowid) FROM first.{name}").fetchone()[0] for name in names]  # noqa: S608
    return int(10 ** len(str(max(one or 0 for one in largest))))


def _statements(connection: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    for table in _tables(connection):
        columns = [(row[1], row[2]) for row in connection.execute(f"PRAGMA first.table_info({table})")]
        if table.endswith("_fts"):
            columns.insert(0, ("rowid", "INTEGER"))
        chosen = ", ".join(_copied(table, name, kind) for name, kind in columns)
        names = ", ".join(f'"{name}"' for name, _ in columns)
        # what counts by day meets the counts of other copies: `n` of both is added up
        upsert = " WHERE 1 ON CONFLICT DO UPDATE SET n = n + excluded.n" if ("n", "INTEGER") in columns else ""
        verb = "INSERT OR IGNORE INTO" if table in _PEOPLES else "INSERT INTO"
        yield table, f"{verb} main.{table} ({names}) SELECT {chosen} FROM first.{table} AS t{upsert}"  # noqa: S608


def _copied(table: str, name: str, kind: str) -> str:
    """What a column of a copy holds, as SQL."""
    column = f't."{name}"'
    if table in ("persons", "organizations") and name in ("seq", "id", "key"):
        often = "t.id IN (SELECT id FROM everybodys)"
        other = {"seq": f"{column} + :offset", "id": _own(column, ":neighbours"), "key": f"{column} || '#' || :at"}[
            name
        ]
        return f"CASE WHEN {often} THEN {column} ELSE {other} END"
    if name in _SHARED or (name == "same_as" and table in _PEOPLES):
        often = f"{column} IN (SELECT id FROM everybodys)"  # noqa: S608
        return f"CASE WHEN {often} THEN {column} ELSE {_own(column, ':neighbours')} END"
    if name == "place" or (name == "rowid" and table.endswith("_fts")):
        return f"{column} - :days * {_PLACES_A_DAY} + :at % {_SHELVES} * {A_MINUTE // _SHELVES}"
    if name == "mark":
        return f"iif({column} IN (SELECT mark FROM common_marks), {column}, {column} + :offset)"  # noqa: S608
    if name in _REFERENCES or (name == "id" and kind == "INTEGER"):
        return f"{column} + :offset"
    if name in _OF_THE_COPY or (name.endswith("_id") and kind == "TEXT"):
        return _own(column, ":tag")
    if name.endswith(("_at", "_on")) or name == "day":
        return f"moved({column}, :days)"
    if name in _URLS:
        return f"{column} || '?copy=' || :at"
    if name in _KEYS:
        return f"{column} || '#' || :at"
    if name == "title" and table in _TITLED:
        chooser = _TITLED[table]
        # one word for an article's title and its full text, whatever the number of its revision or its place
        number = {
            "seq": "seq",
            "seq_of_article": "(SELECT seq FROM first.articles WHERE id = t.article_id)",
            "seq_at_place": f"(SELECT seq FROM first.{table.removesuffix('_fts')} WHERE place = t.rowid)",  # noqa: S608
        }[chooser]
        return f"{column} || ' ' || its_word(:at, {number})"
    return column


def _own(column: str, tag: str) -> str:
    return f"substr({column}, 1, 1) || {tag} || substr({column}, 5)"


def _moved(printed: str | None, days: int) -> str | None:
    """A time or day as printed, some days earlier; a month or a year stays."""
    if printed is None or len(printed) < 10:
        return printed
    return _earlier(printed[:10], days) + printed[10:]


@lru_cache(maxsize=100_000)
def _earlier(day: str, days: int) -> str:
    return (date.fromisoformat(day) - timedelta(days=days)).isoformat()


def _its_word(at: int, number: int) -> str:
    """A pronounceable word; a few come often, most are rare, as names are."""
    drawn = int.from_bytes(blake2b(f"{at} {number}".encode(), digest_size=6).digest(), "big") / 2**48
    rank = int(1.0 / (drawn + 1e-5))
    letters = "bdfgklmnprstvz", "aeiou"
    word = ""
    while rank or not word:
        rank, rest = divmod(rank, 70)
        word += letters[0][rest % 14] + letters[1][rest // 14]
    return word.capitalize()
