"""Who is who in the demo's world, and how well the links of a database agree: pairs of mentions, right and wrong.

The truth is `identities.toml`, over the stories of the world and the hard cases that only this asks for
(`hard_cases/`). Stories are stored with the records of their truth, so that what is measured is the linking alone.
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Final

from sqlite_utils import Database

from db.connection import rows
from db.store import store_article
from demo.story import Story
from demo.world import FOLDER, load_stories
from pipeline.extract import extract
from pipeline.model import Article, ArticleKind, Page, Statements

HARD_CASES: Final = FOLDER.parent / "hard_cases"
IDENTITIES: Final = FOLDER.parent / "identities.toml"
SORTS: Final = ("instruments", "persons", "organizations")
_KINDS: Final[Mapping[str, ArticleKind]] = {
    "announcement": "announcement", "order": "announcement", "uel": "announcement", "english": "announcement",
    "english_press": "press_conference", "zh_press": "press_conference", "zh_press_2026": "press_conference",
    "remarks": "remarks", "opinion": "opinion",
}  # fmt: skip
_PRESS: Final = frozenset({"mf-en-old-press-2021", "mf-en-press-2016"})
"""Press conferences on pages of another template."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """What one story says of one thing."""

    sort: str
    """One of `SORTS`."""
    story: str
    printed: str
    truth: str
    """What it is: mentions of the same are one."""
    found: str
    """The id that the database has linked it to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Pairs of mentions that are one: in truth, as found, and both."""

    expected: int
    found: int
    right: int
    wrong: tuple[tuple[Mention, Mention], ...]
    """Pairs that were linked and are two."""
    missing: tuple[tuple[Mention, Mention], ...]

    @property
    def precision(self) -> float:
        """Of the pairs found, those that are right."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Of the pairs there are, those that were found."""
        return self.right / self.expected if self.expected else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of both."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def all_stories() -> tuple[Story, ...]:
    """The stories of the world that are articles, and the hard cases."""
    files = [*sorted(FOLDER.rglob("*.toml")), *sorted(HARD_CASES.glob("*.toml"))]
    return tuple(story for story in load_stories(files) if story.is_article)


def store_all(db: Database, stories: Iterable[Story], *, seed: int = 0, extracted: bool = False) -> None:
    """Store the stories with the statements of their truth, in an order that `seed` draws; `extracted`: with ours."""
    order = sorted(stories, key=lambda story: story.id)
    random.Random(seed).shuffle(order)
    for story in order:
        article = _article(story)
        told = (
            extract(article) if extracted else Statements(quotes=story.quotes, policies=story.policies, version="truth")
        )
        page = Page(url=story.url, source=story.site, body=b"<html>", fetched_at=story.published)
        store_article(db, article, pages=[(page, None)], statements=told, parser_version="truth", run_id=None)


def mentions(db: Database, stories: Sequence[Story]) -> Iterator[Mention]:
    """What each story of the truth names, with what the database has linked it to; each name of a story once."""
    truth = _Truth.read(stories)
    for story in stories:
        article = next(rows(db, _ARTICLE, [story.url]), None)
        if article is None:
            continue
        seen: set[tuple[str, str]] = set()
        for one in _of_story(db, truth, story, article["id"]):
            if (one.sort, one.printed) not in seen:
                seen.add((one.sort, one.printed))
                yield one


_ARTICLE = "SELECT article_id AS id FROM article_urls WHERE url = ?"
_QUOTES = "SELECT text, start, person_id, organization_id FROM quotes WHERE article_id = ? AND retired_at IS NULL"
_POLICIES = """
SELECT json_extract(evidence, '$[0].start') AS start, title, instrument_id FROM policies
WHERE article_id = ? AND retired_at IS NULL
"""


def agreement(found: Iterable[Mention], sort: str) -> Agreement:
    """How the links of one sort agree with the truth, over all pairs of mentions of different stories."""
    of_sort = [one for one in found if one.sort == sort]
    pairs = [(a, b) for a, b in combinations(of_sort, 2) if a.story != b.story]
    linked = [(a, b) for a, b in pairs if a.found == b.found]
    one_thing = [(a, b) for a, b in pairs if a.truth == b.truth]
    return Agreement(
        expected=len(one_thing),
        found=len(linked),
        right=sum(a.truth == b.truth for a, b in linked),
        wrong=tuple((a, b) for a, b in linked if a.truth != b.truth),
        missing=tuple((a, b) for a, b in one_thing if a.found != b.found),
    )


# -- the truth --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Truth:
    instruments: Mapping[tuple[str, int], str]
    """By story and the number of the announcement in it."""
    persons: Mapping[str, str]
    organizations: Mapping[str, str]
    nobody: frozenset[str]

    @classmethod
    def read(cls, stories: Sequence[Story], file: Path = IDENTITIES) -> _Truth:
        """The file, every reference checked; ValueError for one that names no announcement."""
        raw = tomllib.loads(file.read_text(encoding="utf-8"))
        counts = {story.id: len(story.policies) for story in stories}
        instruments: dict[tuple[str, int], str] = {}
        for group in raw["instrument"]:
            for report in group["reports"]:
                story, _, mark = report.partition(" p")
                if not mark.isdigit() or not 1 <= int(mark) <= counts.get(story, 0):
                    raise ValueError(f"{file.name}: {report!r} of {group['key']!r} is no announcement of a story")
                instruments[story, int(mark) - 1] = group["key"]
        names = {
            sort: {name: group["key"] for group in raw[sort] for name in group["names"]}
            for sort in ("person", "organization")
        }
        nobody = frozenset(raw["nobody"]) | frozenset(raw["no_organizations"])
        return cls(instruments, names["person"], names["organization"], nobody)

    def person(self, name: str, organization: str | None) -> str:
        """The key of a person by name, or by name and organization where several bear it."""
        return self.persons.get(f"{name} | {organization or ''}".strip(), self.persons.get(name, name))


def _of_story(db: Database, truth: _Truth, story: Story, article: str) -> Iterator[Mention]:
    policies = {(found["start"], found["title"]): found for found in rows(db, _POLICIES, [article])}
    for at, policy in enumerate(story.policies):
        found = policies.get((policy.evidence[0].start, policy.title))
        if found:
            key = truth.instruments.get((story.id, at), f"{story.id} {at}")
            yield Mention(
                sort="instruments", story=story.id, printed=f"p{at + 1} {policy.title}", truth=key,
                found=found["instrument_id"],
            )  # fmt: skip
    quotes = {(found["start"], found["text"]): found for found in rows(db, _QUOTES, [article])}
    for quote in story.quotes:
        found = quotes.get((quote.span.start, quote.span.text))
        if not found:
            continue
        several = " and " in quote.speaker
        if quote.speaker_type == "person" and quote.speaker not in truth.nobody and not several:
            key = truth.person(quote.speaker, quote.organization)
            linked = found["person_id"] or f"none {story.id} {quote.speaker}"
            yield Mention(sort="persons", story=story.id, printed=quote.speaker, truth=key, found=linked)
        organization = quote.speaker if quote.speaker_type == "organization" else quote.organization
        if organization and organization not in truth.nobody:
            linked = found["organization_id"] or f"none {story.id} {organization}"
            yield Mention(
                sort="organizations", story=story.id, printed=organization,
                truth=truth.organizations.get(organization, organization), found=linked,
            )  # fmt: skip


def _article(story: Story) -> Article:
    return Article(
        source=story.site, url=story.url, title=story.title, authors=story.authors, credit=story.credit,
        section=story.section, language=story.language, published=story.published.isoformat(), number=story.number,
        header=story.header, text=story.text, translations=story.translations,
        kind="press_conference" if story.id in _PRESS else _KINDS.get(story.template, "news"),
    )  # fmt: skip
