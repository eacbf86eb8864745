"""What storing needs to know of a story and need not ask the database for: rows, digests, names, full text.

It may be made in any process, beside what is extracted, and sent to the one that writes.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from db.connection import storable
from db.deciding.verdicts import Kind, Record, queue_place
from db.finding.fulltext import indexed
from db.keeping.copies import document_key
from db.keeping.duplicates import Told, title_key, told_by
from db.keeping.pages import addresses_of, page_columns
from db.keeping.records import JSON_FIELDS, evidence_of
from db.keeping.revisions import revision_columns
from db.keeping.stories import Story
from db.links.instrument_links import Report
from db.links.naming import Names, names_in, report_of, spelled
from db.links.relations import named_by_number
from db.names import article_id, canonical_url, moment_of, statement_id, utc
from pipeline.model import Article, PolicyAnnouncement, Quote

_WORDS = (
    "url", "title", "text", "authors", "credit", "section", "published", "updated", "captions", "number", "header",
    "editors", "links", "translations",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Said:
    """A statement as it is stored where the article is new."""

    id: str
    record: Record
    """The fields of the extraction spec, lists as lists."""
    columns: dict[str, Any]
    """The same as the columns of its row, with its confidence and its place in the queue."""
    kind: Kind
    around: Mapping[str, Any]
    """What the full text knows of the article beside it."""

    @cached_property
    def indexed(self) -> list[str]:
        """The statement as a row of the full text."""
        return indexed(self.kind, {**self.record, **self.around})

    def row(self, fields: Sequence[str]) -> tuple[Any, ...]:
        """The columns of these fields, then confidence and place in the queue."""
        return tuple(self.columns[name] for name in (*fields, "confidence", "queue_rank", "queue_reason"))


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """A story with all that can be said of it beforehand."""

    story: Story
    """Its words without what SQLite cannot hold."""
    canonical: str
    id: str
    """Of the article, where it is new."""
    seen_at: str
    sort_at: str
    document: str | None
    """Key of the document's number."""
    headline: str | None
    """Key of the title."""
    revision: dict[str, Any]
    """The columns that the article says."""
    addresses: dict[str, tuple[str, str]]
    pages: list[dict[str, Any]]
    quotes: list[Said]
    policies: list[Said]
    names: Names
    spelled: list[tuple[str, str]]
    """How the names of persons may be spelled, each spelling with the person's node."""
    reports: list[Report]
    acted_on: list[dict[str, Any] | None]
    """For each relation the instrument that it names by its number."""

    @property
    def article(self) -> Article:
        """The article, as it is stored."""
        return self.story.article

    # what only a story needs that is new is made when it is asked for

    @cached_property
    def told(self) -> Told:
        """What is compared of it."""
        return told_by(self.article.title, self.article.text, self.document, self.article.language)

    @cached_property
    def marks(self) -> list[int]:
        """The sketch by which candidates are found."""
        return self.told.marks()

    @cached_property
    def indexed(self) -> list[str]:
        """The article as a row of the full text."""
        return indexed("article", {**self.revision, "source": self.article.source, "authors": self.article.authors})


def prepare(story: Story) -> Prepared:
    """All that can be said of a story without the database; ValueError where it has no address or no page."""
    if not story.article.url:
        raise ValueError("an article needs its address to be stored")
    if not story.pages:
        raise ValueError(f"{story.article.url}: an article needs the pages it was read from")
    article = _storable(story.article)
    pages = [page for page, _ref in story.pages]
    canonical = canonical_url(article.url or "")
    identity = article_id(canonical)
    seen_at = utc(pages[0].fetched_at)
    document = document_key(article)
    quotes = _said("quote", identity, article, story.statements.quotes)
    policies = _said("policy", identity, article, story.statements.policies)
    revision = revision_columns(article)
    revision["attachments"] = storable(revision["attachments"])
    names = names_in(
        identity, article.text, [(one.id, one.record) for one in quotes], lambda: (article.source, article.kind)
    )
    return Prepared(
        story=replace(story, article=article),
        canonical=canonical,
        id=identity,
        seen_at=seen_at,
        sort_at=moment_of(article.published) or seen_at,
        document=document,
        headline=title_key(article.title),
        revision=revision,
        addresses=addresses_of(article, canonical, pages, alias=False),
        pages=[storable(page_columns(page, ref)) for page, ref in story.pages],
        quotes=quotes,
        policies=policies,
        names=names,
        spelled=spelled(names.persons.values()),
        reports=[report_of(one.id, one.record) for one in policies],
        acted_on=[named_by_number(relation) for relation in story.statements.relations],
    )


def _storable(article: Article) -> Article:
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


def _said(kind: Kind, article: str, told: Article, found: Sequence[Quote] | Sequence[PolicyAnnouncement]) -> list[Said]:
    """The statements of one kind."""
    nth: dict[str, int] = defaultdict(int)
    around = {"source": told.source, "language": told.language, "review_state": "open"}
    made = []
    statements: Sequence[Quote | PolicyAnnouncement] = found
    records: list[Record] = [one.as_record() for one in statements]
    if not is_storable(records):
        records = storable(records)
    for one, record in zip(statements, records, strict=True):
        evidence = evidence_of(kind, record)
        identity = statement_id(kind, article, evidence, nth[evidence])
        nth[evidence] += 1
        columns = stored_columns(record) | {"confidence": one.confidence, **queue_place(kind, record, "open", "same")}
        made.append(Said(id=identity, record=record, columns=columns, kind=kind, around=around))
    return made


def stored_columns(record: Mapping[str, Any]) -> dict[str, Any]:
    """A record as the columns of its row, lists as JSON."""
    return {name: (json_of(held) if held else "[]") if name in JSON_FIELDS else held for name, held in record.items()}


json_of = json.JSONEncoder(ensure_ascii=False).encode
