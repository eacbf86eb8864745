"""Which articles tell the same story twice: the web version of the evening and the print version of next morning.

Two articles of one source and language, at most three days apart, are one story where their leads are nearly the same,
or where their titles are the same and their leads alike. Nothing is dropped: `duplicate_of` points at the earliest.
Candidates are found by a sketch of the lead (its eight smallest three-word hashes), so the cost of one more article
does not grow with the archive.
"""

from __future__ import annotations

import zlib
from datetime import datetime
from itertools import pairwise

from sqlite_utils import Database

from db.connection import rows, value
from db.names import words_of
from pipeline.model import Article

SAME_LEAD = 0.6
"""Shared words over all words of two leads that make a duplicate, whatever the titles."""

SAME_TITLE = 0.3
"""The same where the titles are equal: a daily column keeps its title and changes its lead."""

_DAYS_APART = 3
_LEAD_WORDS = 60
_MARKS = 8
_SHORTEST_LEAD = 12
_MOST_CANDIDATES = 200


def title_key(title: str | None) -> str | None:
    """The words of a title, folded; None where there are too few to tell anything."""
    words = words_of(title or "")
    return " ".join(words) if len(words) >= 3 else None


def lead_words(text: str) -> list[str]:
    """The first words of a text, folded."""
    return words_of(text[: _LEAD_WORDS * 20])[:_LEAD_WORDS]


def group_duplicates(db: Database, identity: str, article: Article, *, sort_at: str) -> str | None:
    """Mark `identity` and those that tell the same story; gives the earliest of them if it is another one."""
    lead = lead_words(article.text)
    db.conn.execute("DELETE FROM lead_marks WHERE article_id = ?", [identity])
    if len(lead) < _SHORTEST_LEAD:
        return None
    marks = _sketch(lead)
    found = _same_story(db, identity, article, lead, marks, sort_at)
    db.conn.executemany("INSERT INTO lead_marks (mark, article_id) VALUES (?, ?)", [(m, identity) for m in marks])
    members = {identity: "", **found}
    roots = {value(db, "SELECT coalesce(duplicate_of, id) FROM articles WHERE id = ?", [one]) for one in found}
    for root in roots:
        for other in rows(db, _STORY, {"root": root}):
            members.setdefault(other["id"], other["duplicate_reason"] or "")
    if len(members) == 1:
        if value(db, "SELECT duplicate_of FROM articles WHERE id = ?", [identity]):
            db.conn.execute("UPDATE articles SET duplicate_of = NULL, duplicate_reason = NULL WHERE id = ?", [identity])
        return None
    first = min(members, key=lambda one: (value(db, "SELECT sort_at FROM articles WHERE id = ?", [one]), one))
    reason = next(iter(found.values()), "")
    for member, why in members.items():
        db.conn.execute(
            "UPDATE articles SET duplicate_of = :root, duplicate_reason = :why WHERE id = :id",
            {
                "id": member,
                "root": None if member == first else first,
                "why": None if member == first else why or reason,
            },
        )
    return None if identity == first else first


def _same_story(
    db: Database, identity: str, article: Article, lead: list[str], marks: list[int], sort_at: str
) -> dict[str, str]:
    wanted = {
        "id": identity,
        "source": article.source,
        "language": article.language,
        "title": title_key(article.title),
        "most": _MOST_CANDIDATES,
        **{f"mark_{at}": mark for at, mark in enumerate([*marks, *[-1] * (_MARKS - len(marks))])},
    }
    number = value(db, "SELECT number_key FROM articles WHERE id = ?", [identity])
    found: dict[str, str] = {}
    mine = _grams(lead)
    for other in rows(db, _CANDIDATES, wanted):
        if _days_between(other["sort_at"], sort_at) > _DAYS_APART:
            continue
        if number and other["number_key"] and number != other["number_key"]:
            continue  # two documents of one day may share all but the name of the goods
        alike = _likeness(mine, _grams(lead_words(other["text"])))
        same_title = other["title_key"] is not None and other["title_key"] == wanted["title"]
        if alike >= SAME_LEAD or (same_title and alike >= SAME_TITLE):
            found[other["id"]] = f"{'same title, ' if same_title else ''}leads alike ({alike:.2f})"
    return found


def _sketch(lead: list[str]) -> list[int]:
    shingles = {zlib.crc32(" ".join(lead[at : at + 3]).encode()) for at in range(len(lead) - 2)}
    return sorted(shingles)[:_MARKS]


def _likeness(mine: set[str], theirs: set[str]) -> float:
    return len(mine & theirs) / len(mine | theirs) if mine and theirs else 0.0


def _grams(words: list[str]) -> set[str]:
    """The words; of a Chinese text pairs of characters, because single ones are shared by any two texts."""
    if sum(len(word) == 1 for word in words) * 2 > len(words):
        return {a + b for a, b in pairwise(words)}
    return set(words)


def _days_between(a: str, b: str) -> float:
    return abs((datetime.fromisoformat(a) - datetime.fromisoformat(b)).total_seconds()) / 86_400


_STORY = "SELECT id, duplicate_reason FROM articles WHERE id = :root OR duplicate_of = :root"

# CROSS JOIN keeps the order of the joins: left to itself SQLite walks all articles of the source
_CANDIDATES = """
SELECT a.id, a.title_key, a.number_key, a.sort_at, r.text
FROM (
  SELECT article_id AS id FROM lead_marks
  WHERE mark IN (:mark_0, :mark_1, :mark_2, :mark_3, :mark_4, :mark_5, :mark_6, :mark_7)
  UNION
  SELECT id FROM articles WHERE title_key = :title AND source = :source
) AS found
CROSS JOIN articles AS a ON a.id = found.id
CROSS JOIN revisions AS r ON r.id = a.revision_id
WHERE a.id <> :id AND a.source = :source AND a.language = :language
ORDER BY a.sort_at DESC LIMIT :most
"""
