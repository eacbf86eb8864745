"""What storing needs to know of a story and need not ask the database for: rows, digests, names, full text.

It may be made in any process, beside what is extracted, and sent to the one that writes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property, partial
from typing import Any, NamedTuple

from db.connection import json_of, storable
from db.deciding.verdicts import Kind, Record, queue_place
from db.finding.fulltext import indexed
from db.keeping.annexes import MOST_LINKED
from db.keeping.copies import document_key
from db.keeping.duplicates import DAYS_APART, Told, title_key, told_by
from db.keeping.pages import addresses_of, page_columns
from db.keeping.records import FIELDS, JSON_FIELDS, evidence_of
from db.keeping.revisions import revision_columns
from db.keeping.stories import Story
from db.links.identities import Edge
from db.links.instrument_links import Report
from db.links.instrument_summary import REPORTED
from db.links.naming import Named, Names, names_in, report_of, spelled
from db.links.relations import columns_of_relation, named_by_number
from db.names import article_id, canonical_url, moment_of, statement_id, utc
from pipeline.model import Article, ArticleKind, Language, PolicyAnnouncement, Quote

REVISION_COLUMNS = (
    "title", "text", "authors", "credit", "section", "language", "kind", "published_at", "updated_at", "number",
    "header", "captions", "attachments", "editors", "links", "translations", "layout", "digest", "text_digest",
)  # fmt: skip
"""What an article says of a revision."""
_TITLE, _TEXT = REVISION_COLUMNS.index("title"), REVISION_COLUMNS.index("text")
_WORDS = (
    "url", "title", "text", "authors", "credit", "section", "published", "updated", "captions", "number", "header",
    "editors", "links", "translations",
)  # fmt: skip


class Said(NamedTuple):
    """A statement as it is stored where the article is new."""

    id: str
    row: tuple[Any, ...]
    """The columns of its kind (`QUOTE_FIELDS`, `POLICY_FIELDS`), then `JUDGED`."""


JUDGED = ("confidence", "queue_rank", "queue_reason")
"""What the machine and the queue make of a statement."""


class Act(NamedTuple):
    """What an announcement does to another one, or to a document that is named by its number."""

    relation: str
    subject: int
    """Which announcement of the article."""
    object: int | None
    columns: dict[str, Any]
    """What the row says beside what it is between."""
    named: dict[str, Any] | None
    """The instrument that the number names."""


class IfNew(NamedTuple):
    """What only a story needs that is new."""

    marks: list[int]
    """The sketch by which stories are found that may be the same."""
    runs: bytes
    """What is compared with them (`Told.packed`)."""
    article: list[str]
    """The article as a row of the full text."""
    quotes: list[list[str]]
    policies: list[list[str]]


@dataclass(kw_only=True)
class Prepared:
    """A story with all that can be said of it beforehand; words are without what SQLite cannot hold."""

    canonical: str
    id: str
    """Of the article, where it is new."""
    url: str
    source: str
    language: Language
    kind: ArticleKind
    published: str | None
    listed: str | None
    """What a listing printed beside the story."""
    is_doubted: bool
    """Whether something does not fit together on the page."""
    version: str
    """Of the extractor."""
    seen_at: str
    sort_at: str
    near: tuple[str, str]
    """The times between which another article may tell the same story."""
    document: str | None
    """Key of the document's number."""
    headline: str | None
    """Key of the title."""
    revision: tuple[Any, ...]
    """What the article says: `REVISION_COLUMNS`."""
    addresses: dict[str, tuple[str, str]]
    pages: list[dict[str, Any]]
    attached: list[str]
    """Canonical addresses of its files."""
    files: list[tuple[str, str, str]]
    """Those that are kept: canonical address, address, name."""
    quotes: list[Said]
    policies: list[Said]
    summaries: list[dict[str, Any]]
    """What of each announcement counts in the summary of its instrument."""
    names: Names
    spelled: list[tuple[str, str]]
    """How the names of persons may be spelled, each spelling with the person's node."""
    reports: list[Report]
    acts: list[Act]
    later: Callable[[], IfNew] | None = field(compare=False, repr=False)
    """Makes what only a new story needs; None where that was made, as it is before it is sent."""

    @property
    def text(self) -> str:
        """The article's."""
        return str(self.revision[_TEXT])

    @cached_property
    def if_new(self) -> IfNew:
        """What only a story needs that is new."""
        assert self.later is not None, "it was made before it was sent"
        return self.later()

    @cached_property
    def told(self) -> Told:
        """What is compared of it."""
        told = told_by(self.revision[_TITLE], self.text, self.document, self.language)
        told.unpack(self.if_new.runs)
        return told

    def __getstate__(self) -> dict[str, Any]:
        """All of it, as nobody can make the rest where it is sent to."""
        return {**vars(self), "if_new": self.if_new, "later": None}


@dataclass(frozen=True, slots=True)
class Ready:
    """A story that was prepared elsewhere."""

    prepared: Prepared
    story: Callable[[], Story]
    """Gives the story itself, where what was prepared is not enough to store it."""


PREPARED = frozenset(
    {(one.__module__, one.__name__) for one in (Prepared, IfNew, Said, Act, Names, Named, Report, Edge)}
)
"""Module and name of the classes that a prepared story is made of, for whoever receives one."""


def prepare(story: Story) -> Prepared:
    """All that can be said of a story without the database; ValueError where it has no address or no page."""
    if not story.article.url:
        raise ValueError("an article needs its address to be stored")
    if not story.pages:
        raise ValueError(f"{story.article.url}: an article needs the pages it was read from")
    article = storable_article(story.article)
    url = article.url or ""
    pages = [page for page, _ref in story.pages]
    canonical = canonical_url(url)
    identity = article_id(canonical)
    seen_at = utc(pages[0].fetched_at)
    sort_at = moment_of(article.published) or seen_at
    at = datetime.fromisoformat(sort_at)
    document = document_key(article)
    quoted = _records(story.statements.quotes)
    announced = _records(story.statements.policies)
    quotes = _said("quote", identity, quoted, story.statements.quotes)
    policies = _said("policy", identity, announced, story.statements.policies)
    revision = revision_columns(article)
    revision["attachments"] = storable(revision["attachments"])
    names = names_in(
        identity, article.text, [(said.id, record) for said, record in zip(quotes, quoted, strict=True)],
        lambda: (article.source, article.kind),
    )  # fmt: skip
    return Prepared(
        canonical=canonical,
        id=identity,
        url=url,
        source=article.source,
        language=article.language,
        kind=article.kind,
        published=article.published,
        listed=story.listed.published if story.listed else None,
        is_doubted=bool(article.doubts),
        version=story.statements.version,
        seen_at=seen_at,
        sort_at=sort_at,
        near=(utc(at - DAYS_APART), utc(at + DAYS_APART)),
        document=document,
        headline=title_key(article.title),
        revision=tuple(revision[name] for name in REVISION_COLUMNS),
        addresses=addresses_of(article, canonical, pages, alias=False),
        pages=[storable(page_columns(page, ref)) for page, ref in story.pages],
        attached=[canonical_url(file.url) for file in article.attachments],
        files=_files(article),
        quotes=quotes,
        policies=policies,
        summaries=[{name: record[name] for name in REPORTED} for record in announced],
        names=names,
        spelled=spelled(names.persons.values()),
        reports=[report_of(said.id, record) for said, record in zip(policies, announced, strict=True)],
        acts=[
            Act(one.relation, one.subject, one.object, columns_of_relation(one), named_by_number(one))
            for one in story.statements.relations
        ],
        later=partial(_if_new, article, document, revision, quoted, announced),
    )


def _if_new(
    article: Article,
    document: str | None,
    revision: Mapping[str, Any],
    quoted: Sequence[Record],
    announced: Sequence[Record],
) -> IfNew:
    told = told_by(article.title, article.text, document, article.language)
    around = {"source": article.source, "language": article.language, "review_state": "open"}
    return IfNew(
        marks=told.marks(),
        runs=told.packed(),
        article=indexed("article", {**revision, "source": article.source, "authors": article.authors}),
        quotes=[indexed("quote", {**record, **around}) for record in quoted],
        policies=[indexed("policy", {**record, **around}) for record in announced],
    )


def _files(article: Article) -> list[tuple[str, str, str]]:
    wanted: dict[str, tuple[str, str, str]] = {}
    for file in article.attachments[:MOST_LINKED]:
        canonical = canonical_url(file.url)
        wanted.setdefault(canonical, (canonical, storable(file.url), storable(file.name)))
    return list(wanted.values())


def storable_article(article: Article) -> Article:
    """The article without what SQLite cannot hold."""
    words = [getattr(article, name) for name in _WORDS]
    return article if is_storable(words) else replace(article, **storable(dict(zip(_WORDS, words, strict=True))))


def is_storable(held: Sequence[Any]) -> bool:
    """Whether SQLite can hold all of it, as it nearly always can: one look in place of one at each word."""
    try:
        "".join(_strings(held)).encode()
    except UnicodeEncodeError:
        return False
    return True


def _strings(held: Iterable[Any]) -> Iterator[str]:
    for one in held:
        if isinstance(one, str):
            yield one
        elif one and isinstance(one, (tuple, list)):
            yield from _strings(one)
        elif one and isinstance(one, dict):
            yield from _strings(one.values())


def _records(statements: Sequence[Quote | PolicyAnnouncement]) -> list[Record]:
    records: list[Record] = [one.as_record() for one in statements]
    return records if is_storable(records) else storable(records)


def _said(
    kind: Kind, article: str, records: Sequence[Record], statements: Sequence[Quote | PolicyAnnouncement]
) -> list[Said]:
    """The statements of one kind."""
    nth: dict[str, int] = defaultdict(int)
    made = []
    for one, record in zip(statements, records, strict=True):
        evidence = evidence_of(kind, record)
        identity = statement_id(kind, article, evidence, nth[evidence])
        nth[evidence] += 1
        columns = stored_columns(record) | {"confidence": one.confidence, **queue_place(kind, record, "open", "same")}
        made.append(Said(identity, tuple(columns[name] for name in (*FIELDS[kind], *JUDGED))))
    return made


def stored_columns(record: Mapping[str, Any]) -> dict[str, Any]:
    """A record as the columns of its row, lists as JSON."""
    return {name: json_of(held) if name in JSON_FIELDS else held for name, held in record.items()}
