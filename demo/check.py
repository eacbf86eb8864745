"""What came out of the demo against the truth that its authors wrote beside the stories."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from db.connection import row, rows
from db.names import canonical_url

Record = Mapping[str, Any]

Likeness = Callable[[Record, Record], float]

_WORD = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How many were found, how many there are, how many of both agree."""

    expected: int
    found: int
    right: int

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall; 1.0 where there is nothing to find and nothing was found."""
        return 2 * self.right / (self.expected + self.found) if self.expected + self.found else 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """The comparison of a database with a truth file."""

    articles: Score
    """`right`: the stored text is exactly the story's."""
    marked: Score
    indirect: Score
    speakers: Score
    """Of the quotes of both kinds: found, and the speaker is right too."""
    news: Score
    policies: Score
    names: Score
    """Companies, agencies and persons that the announcements found name, most of them in lists and annexes."""
    wrong_texts: tuple[str, ...]
    """Addresses of stories that are missing or whose text is not exact."""


def check(db: Database, truth: Path) -> Check:
    """Compare the newest revision of every article of `truth` (JSON lines) with what the database holds of it.

    Statements of articles that the truth does not know count as found and wrong, but for copies of those that it does.
    """
    sums: dict[str, list[int]] = {name: [0, 0, 0] for name in (*GROUPS, "names")}
    wrong: list[str] = []
    seen: set[str] = set()
    records = [json.loads(line) for line in truth.read_text(encoding="utf-8").splitlines()]
    exact = 0
    for record in records:
        article = row(db, _ARTICLE, [canonical_url(record["url"])])
        if article is None or article["text"] != record["text"]:
            wrong.append(record["url"])
        exact += article is not None and article["text"] == record["text"]
        identity = article["id"] if article else ""
        seen.add(identity)
        quotes, policies = _held(db, "quotes_attributed", identity), _held(db, "policy_announcements", identity)
        decoded = [_decoded(policy) for policy in policies]
        for name, counts in {**compare(record, quotes, decoded), "names": _names(record, decoded)}.items():
            sums[name] = [a + b for a, b in zip(sums[name], counts, strict=True)]
    told = {found["story"] for found in rows(db, _STORIES) if found["id"] in seen}
    copies = {found["id"] for found in rows(db, _STORIES) if found["story"] in told}  # of what was compared already
    for name, view in (("marked", "quotes_attributed"), ("policies", "policy_announcements")):
        sums[name][1] += sum(found["article_id"] not in copies for found in rows(db, _ARTICLES_OF[view]))
    scores = {name: Score(expected=e, found=f, right=r) for name, (e, f, r) in sums.items()}
    texts = Score(expected=len(records), found=len(records) - len(wrong), right=exact)
    return Check(articles=texts, wrong_texts=tuple(wrong), **scores)


GROUPS = ("marked", "indirect", "speakers", "news", "policies")
_STATEMENTS_OF = {
    "quotes_attributed": "SELECT * FROM quotes_attributed WHERE article_id = ? ORDER BY seq",
    "policy_announcements": "SELECT * FROM policy_announcements WHERE article_id = ? ORDER BY seq",
}
_ARTICLES_OF = {
    "quotes_attributed": "SELECT article_id FROM quotes_attributed",
    "policy_announcements": "SELECT article_id FROM policy_announcements",
}
_ARTICLE = """
SELECT l.id, l.text FROM article_urls AS u JOIN articles_latest AS l ON l.id = u.article_id WHERE u.canonical_url = ?
"""


_STORIES = "SELECT id, coalesce(duplicate_of, id) AS story FROM articles_latest"


def _held(db: Database, view: str, article: str) -> list[dict[str, Any]]:
    return list(rows(db, _STATEMENTS_OF[view], [article]))


def _decoded(policy: Record) -> Record:
    return {**policy, **{name: json.loads(policy[name]) for name in ("evidence", "entities")}}


def _names(truth: Record, found: Sequence[Record]) -> tuple[int, int, int]:
    """Names that the announcements of an article list: in the truth, found, and both."""
    pairs = _pairs(truth["policies"], found, _same_policy, 0.5)
    expected = sum(len(policy["entities"]) for policy in truth["policies"])
    held = sum(len(policy["entities"]) for policy in found)
    return expected, held, sum(len({*told["entities"]} & {*one["entities"]}) for told, one in pairs)


def compare(
    truth: Record, found_quotes: Sequence[Record], found_policies: Sequence[Record]
) -> dict[str, tuple[int, int, int]]:
    """How many are in the truth of one article, were found, and agree: by group (`marked`, `indirect`, `speakers`,
    `news`, `policies`). Records have the fields of the extraction spec."""
    quotes, policies = truth["quotes"], truth["policies"]
    result: dict[str, tuple[int, int, int]] = {}
    with_speaker = 0
    for name, expected, held, pairs in _paired_quotes(quotes, found_quotes):
        result[name] = (len(expected), len(held), len(pairs))
        with_speaker += sum(_same_speaker(a, b) for a, b in pairs)
    result["speakers"] = (len(quotes), len(found_quotes), with_speaker)
    for name, wanted in (("news", ("news",)), ("policies", ("news", "background"))):
        expected = [policy for policy in policies if policy["salience"] in wanted]
        of_them = [policy for policy in found_policies if policy["salience"] in wanted]
        result[name] = (len(expected), len(of_them), len(_pairs(expected, of_them, _same_policy, 0.5)))
    return result


def right_ones(truth: Record, found_quotes: Sequence[Record], found_policies: Sequence[Record]) -> list[Record]:
    """The found records of one article that the truth confirms: a quote's words, kind and speaker, a policy."""
    quotes = [
        found
        for _name, _expected, _held, pairs in _paired_quotes(truth["quotes"], found_quotes)
        for told, found in pairs
        if _same_speaker(told, found)
    ]
    return quotes + [found for _told, found in _pairs(truth["policies"], found_policies, _same_policy, 0.5)]


def _paired_quotes(
    expected: Sequence[Record], found: Sequence[Record]
) -> Iterator[tuple[str, Sequence[Record], Sequence[Record], list[tuple[Record, Record]]]]:
    for name, kinds, floor in (("marked", ("direct", "partial"), 0.8), ("indirect", ("indirect",), 0.5)):
        told = [quote for quote in expected if quote["kind"] in kinds]
        held = [quote for quote in found if quote["kind"] in kinds]
        yield name, told, held, _pairs(told, held, _overlap, floor)


def _same_speaker(a: Record, b: Record) -> bool:
    return _words(a["speaker"]) == _words(b["speaker"])


def _pairs(
    expected: Sequence[Record], found: Sequence[Record], likeness: Likeness, floor: float
) -> list[tuple[Record, Record]]:
    """One-to-one pairs, the likest first."""
    candidates = sorted(
        ((likeness(a, b), i, j) for i, a in enumerate(expected) for j, b in enumerate(found)),
        key=lambda candidate: (-candidate[0], candidate[1], candidate[2]),
    )
    left, right, pairs = set[int](), set[int](), []
    for value, i, j in candidates:
        if value >= floor and i not in left and j not in right:
            left.add(i)
            right.add(j)
            pairs.append((expected[i], found[j]))
    return pairs


def _overlap(a: Record, b: Record) -> float:
    """Shared length over joint length of two spans."""
    shared: int = max(0, min(a["end"], b["end"]) - max(a["start"], b["start"]))
    joint: int = a["end"] - a["start"] + b["end"] - b["start"] - shared
    return shared / max(1, joint)


def _same_policy(a: Record, b: Record) -> float:
    """Whether two records are the same instrument: its evidence meets, and its number, or name or kind, agrees."""
    if not any(x["start"] < y["end"] and y["start"] < x["end"] for x in a["evidence"] for y in b["evidence"]):
        return 0.0
    if a["number"] and a["number"] == b["number"]:
        return 1.0
    mine, theirs = set(_words(a["title"])), set(_words(b["title"]))
    shared = 2 * len(mine & theirs) / max(1, len(mine) + len(theirs))
    return 0.4 * int(a["instrument"] == b["instrument"]) + 0.5 * shared


def _words(text: str | None) -> list[str]:
    return _WORD.findall((text or "").casefold())


def check_lines(result: Check) -> Iterable[tuple[str, Score]]:
    """The rows of the comparison, for a table."""
    return (
        ("articles, text exact to the letter", result.articles),
        ("quotes in quotation marks", result.marked),
        ("quotes without marks", result.indirect),
        ("all quotes, speaker right too", result.speakers),
        ("announcements that are news", result.news),
        ("all announcements", result.policies),
        ("names that announcements list", result.names),
    )
