"""Which articles tell the same story twice: web and print version, an edition's copy, a flash and what became of it.

Two articles of one source and language, at most three days apart, are one story where they share most of what the
shorter one says, word for word: quotes and facts stay when title, lead and order are new. Stories in one wording with
other figures (closing prices, results) are not, nor are documents whose titles differ. Nothing is dropped:
`duplicate_of` points at the earliest. Candidates are found by a sketch of the text (its sixteen smallest hashes of runs
of words) among those of the same days, for a run that a source prints again and again is in the sketch of many: so the
cost of one more article does not grow with the archive.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Any
from zlib import crc32

from sqlite_utils import Database

from db.connection import rows, value
from db.names import utc, words_of
from pipeline.model import Article

SAME_TEXT = 0.45
"""Share of the shorter text's runs of words that the longer one has too, which makes a duplicate by itself. Versions of
one story have 0.5 to 0.95 of them, two writers' stories of one event below 0.2, the next day's story below 0.4."""
SAME_EVENT = 0.35
"""The same where the leads are as much alike as this, too."""
SAME_TITLE = 0.3
"""The same where the titles are equal and the leads as much alike as this: a daily column changes its lead."""
SAME_COPY = 0.9
"""From here on other figures are corrections."""
SAME_FIGURES = 0.5
"""Share of figures that two versions of a story must have in common, where both have at least `_FIGURES`."""

DAYS_APART = timedelta(days=3)
_LEAD_WORDS = 60
_TEXT_WORDS = 400
COMPARED = 8 * _TEXT_WORDS
"""Characters of a text that are looked at."""
_RUN = {"en": 4, "zh": 8}
"""Words, or Chinese characters, of a run."""
_MARKS = 16
_SHORTEST = 9
"""Runs of a text that is compared at all: of about a dozen words."""
_FIGURES = 3
MOST_CANDIDATES = 200

_FIGURE = re.compile(r"\d+(?:[.,:]\d+)*")
_DOCUMENT = re.compile(r"(?:公告|通告|通知|决定|令|办法|规定)$")
"""Ends of the titles of documents: two of a day may share all but the name of the goods."""


@dataclass(slots=True)
class Told:
    """What of a text is compared."""

    title: str
    key: str | None
    """Of the title."""
    number: str | None
    begin: str
    language: str
    _runs: frozenset[int] | None = None
    _lead: frozenset[str] | None = None
    _figures: frozenset[str] | None = None

    @property
    def runs(self) -> frozenset[int]:
        """Hashes of its runs of words: of two that are not the same, one pair in four thousand million has one hash."""
        if self._runs is None:
            self.unpack(_packed_runs(self.begin, self.language))
        assert self._runs is not None
        return self._runs

    def packed(self) -> bytes:
        """The same, to be sent."""
        return _pack(self.runs)

    def unpack(self, runs: bytes) -> None:
        """Take it from what was sent."""
        if self._runs is None:
            self._runs = frozenset(struct.unpack(f"<{len(runs) // 4}I", runs))

    @property
    def lead(self) -> frozenset[str]:
        """Of a Chinese text pairs of characters, because single ones are shared by any two texts."""
        if self._lead is None:
            first = words_of(self.begin)[:_LEAD_WORDS]
            self._lead = frozenset(map("".join, pairwise(first)) if self.language == "zh" else first)
        return self._lead

    @property
    def figures(self) -> frozenset[str]:
        if self._figures is None:
            self._figures = frozenset(_FIGURE.findall(self.begin))
        return self._figures

    def marks(self) -> list[int]:
        """The sketch by which candidates are found; none where too little is said to compare anything."""
        if len(self.runs) < _SHORTEST:
            return []
        # the smallest sixteen are nearly always among those below three times their share
        least = 3 * _MARKS * 2**32 // len(self.runs)
        small = sorted([mark for mark in self.runs if mark < least])
        return (small if len(small) >= _MARKS else sorted(self.runs))[:_MARKS]


@lru_cache(maxsize=2048)
def _packed_runs(begin: str, language: str) -> bytes:
    """Kept for more texts than the rest is: it is a tenth as large as the numbers themselves, and most of the work."""
    words = words_of(begin)[:_TEXT_WORDS]
    length = min(_RUN[language], len(words))
    if not length:
        return b""
    runs = "\n".join(map(" ".join, zip(*(words[at:] for at in range(length)), strict=False)))
    return _pack(set(map(crc32, runs.encode().split(b"\n"))))


def _pack(runs: Collection[int]) -> bytes:
    return struct.pack(f"<{len(runs)}I", *runs)


@lru_cache(maxsize=512)
def _told(title: str | None, begin: str, number: str | None, language: str) -> Told:
    return Told(title or "", title_key(title), number, begin, language)


def told_by(title: str | None, text: str, number: str | None, language: str) -> Told:
    """What is compared of a text; in a crawl the stories of a few days are compared again and again."""
    return _told(title, text[:COMPARED], number, language)


def title_key(title: str | None) -> str | None:
    """The words of a title, folded; None where there are too few to tell anything."""
    words = words_of(title or "")
    return " ".join(words) if len(words) >= 3 else None


def group_duplicates(db: Database, identity: str, article: Article, *, sort_at: str) -> str | None:
    """Mark `identity` and those that tell the same story; gives the earliest of them if it is another one."""
    number = value(db, "SELECT number_key FROM articles WHERE id = ?", [identity])
    told = told_by(article.title, article.text, number, article.language)
    db.conn.execute("DELETE FROM lead_marks WHERE article_id = ?", [identity])
    marks = told.marks()
    if not marks:
        _leave(db, identity, {})
        return None
    found = _same_story(db, identity, article, told, marks, sort_at)
    values = [(mark, sort_at[:10], identity) for mark in marks]
    db.conn.executemany("INSERT INTO lead_marks (mark, day, article_id) VALUES (?, ?, ?)", values)
    _leave(db, identity, found)
    if not found:
        return None
    members = {identity: "", **found}
    roots = {value(db, "SELECT coalesce(duplicate_of, id) FROM articles WHERE id = ?", [one]) for one in found}
    for root in roots:
        for other in rows(db, _STORY, {"root": root}):
            members.setdefault(other["id"], other["duplicate_reason"] or "")
    first = _group(db, members, next(iter(found.values()), ""))
    return None if identity == first else first


def _leave(db: Database, identity: str, found: Mapping[str, str]) -> None:
    """Take an article out of a story that it no longer tells; the others stay together under their earliest."""
    rest = {one["id"]: one["duplicate_reason"] or "" for one in rows(db, _COPIES, [identity])}
    if rest and not rest.keys() & found.keys():
        _group(db, rest, "")
    if value(db, "SELECT duplicate_of FROM articles WHERE id = ?", [identity]) is not None:
        # a write that touches a foreign key makes the full text flush, whether it changes anything or not
        db.conn.execute("UPDATE articles SET duplicate_of = NULL, duplicate_reason = NULL WHERE id = ?", [identity])


def _group(db: Database, members: Mapping[str, str], reason: str) -> str:
    """Let all members point at the earliest, each with why it is there, or `reason`; gives the earliest."""
    first = min(members, key=lambda one: (value(db, "SELECT sort_at FROM articles WHERE id = ?", [one]), one))
    for member, why in members.items():
        db.conn.execute(
            "UPDATE articles SET duplicate_of = :root, duplicate_reason = :why WHERE id = :id",
            {
                "id": member,
                "root": None if member == first else first,
                "why": None if member == first else why or reason,
            },
        )
    return first


def _same_story(
    db: Database, identity: str, article: Article, mine: Told, marks: list[int], sort_at: str
) -> dict[str, str]:
    """The ids of articles that tell the same story, with why."""
    at = datetime.fromisoformat(sort_at)
    wanted = {
        "id": identity,
        "source": article.source,
        "language": article.language,
        "title": mine.key,
        "from": utc(at - DAYS_APART),
        "to": utc(at + DAYS_APART),
        "from_day": utc(at - DAYS_APART)[:10],
        "to_day": utc(at + DAYS_APART)[:10],
        "most": MOST_CANDIDATES,
        "begin": COMPARED,
        **{f"mark_{nth}": mark for nth, mark in enumerate([*marks, *[-1] * (_MARKS - len(marks))])},
    }
    found: dict[str, str] = {}
    for other in rows(db, _CANDIDATES, wanted):
        theirs = told_by(other["title"], other["text"], other["number_key"], article.language)
        if (why := why_same(mine, theirs)) is not None:
            found[other["id"]] = why
    return found


def why_same(a: Told, b: Told) -> str | None:
    """Why two texts tell the same story; None if they do not."""
    same_title = a.key is not None and a.key == b.key
    if a.number and b.number and a.number != b.number:
        return None
    if not same_title and _DOCUMENT.search(a.title) and _DOCUMENT.search(b.title):
        return None
    text = _shared(a.runs, b.runs)
    if text < SAME_TITLE:  # the least that any way to be the same asks for; most candidates end here
        return None
    if text < SAME_COPY and min(len(a.figures), len(b.figures)) >= _FIGURES:
        figures = _shared(a.figures, b.figures)
        if figures < SAME_FIGURES or (figures < 1.0 and _of_a_series(a, b)):
            return None
    lead = _shared(a.lead, b.lead, of_both=True)
    if (
        text >= SAME_TEXT
        or (text >= SAME_EVENT and lead >= SAME_EVENT)
        or (same_title and text >= SAME_TITLE and lead >= SAME_TITLE)
    ):
        return f"{'same title, ' if same_title else ''}texts alike ({text:.2f}), leads alike ({lead:.2f})"
    return None


def _of_a_series(a: Told, b: Told) -> bool:
    """Whether two titles are one wording about two things: `Price of glass falls`, `Price of tiles falls`."""
    ours, theirs = set(words_of(a.title)), set(words_of(b.title))
    return 2 * len(ours & theirs) >= max(len(ours), len(theirs)) and bool(ours - theirs) and bool(theirs - ours)


def _shared(a: frozenset[Any], b: frozenset[Any], *, of_both: bool = False) -> float:
    """How much two sets share, as a part of the smaller one or of both together."""
    whole = len(a | b) if of_both else min(len(a), len(b))
    return len(a & b) / whole if whole else 0.0


_COPIES = "SELECT id, duplicate_reason FROM articles WHERE duplicate_of = ?"
_STORY = "SELECT id, duplicate_reason FROM articles WHERE id = :root OR duplicate_of = :root"

# CROSS JOIN keeps the order of the joins: left to itself SQLite walks all articles of the source
_CANDIDATES = """
SELECT a.id, a.number_key, r.title, substr(r.text, 1, :begin) AS text
FROM (
  SELECT article_id AS id FROM lead_marks
  WHERE mark IN (:mark_0, :mark_1, :mark_2, :mark_3, :mark_4, :mark_5, :mark_6, :mark_7, :mark_8, :mark_9, :mark_10,
    :mark_11, :mark_12, :mark_13, :mark_14, :mark_15)
    AND day BETWEEN :from_day AND :to_day
  UNION
  SELECT id FROM articles WHERE title_key = :title AND source = :source AND sort_at BETWEEN :from AND :to
) AS found
CROSS JOIN articles AS a ON a.id = found.id
CROSS JOIN revisions AS r ON r.id = a.revision_id
WHERE a.id <> :id AND a.source = :source AND a.language = :language AND a.sort_at BETWEEN :from AND :to
ORDER BY a.sort_at DESC LIMIT :most
"""
