"""Templates and text: what an alert says, in plain text and in HTML, with the evidence and the reason.

Everything that comes from a page is hostile: escaped in HTML by the templates, and stripped of control and format
characters (NUL, right-to-left overrides) wherever it goes into a header.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import quote, urlsplit

from alerts.sheet import Composed, render
from pipeline.sources import TITLES

CONTEXT = 280
"""Characters of the surrounding paragraph that are shown on either side of a quote."""

_ACTIONS = {
    "opening": "opening",
    "support": "support",
    "restriction": "restriction",
    "export_control": "export control",
    "trade_remedy": "trade remedy",
    "sanction": "sanction",
    "tariff": "tariff",
    "regulation": "regulation",
    "other": "measure",
}
_STATUSES = {"issued": "issued", "draft": "draft, comments sought", "planned": "planned", "repealed": "repealed"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of text, and whether it is the evidence itself."""

    text: str
    marked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """An announcement as a mail shows it."""

    title: str
    facts: tuple[tuple[str, str], ...]
    """Label and value: issuer, number, dates, …; only what is known."""
    evidence: tuple[str, ...]
    why: tuple[str, ...]
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A paragraph with the words quoted in it, and where to open the first of them."""

    context: tuple[Piece, ...]
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """What one speaker says in the article, as a mail shows it."""

    who: str
    post: str
    passages: tuple[Passage, ...]
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """Everything that one alert mail holds, ready for the templates."""

    rule: str
    headline: str
    source: str
    published: str
    url: str
    page: str
    """The article on the analysts' site."""
    announcements: tuple[Announcement, ...] = ()
    sayings: tuple[Saying, ...] = ()
    why: tuple[str, ...] = ()
    """Why the article itself matched, where the rule asks for articles."""
    preheader: str = ""
    """What a list of mails shows beside the subject."""
    language: str = "en"


def compose_alert(letter: Letter) -> Composed:
    """The alert mail for one article and one rule."""
    return render("alert", _subject(letter), letter)


def message_key(*parts: str) -> str:
    """The key of an outbox row: equal parts give an equal key, so that a repeat is recognised."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]


def letter_for(
    *,
    rule: str,
    article: Mapping[str, Any],
    announcements: Sequence[tuple[Mapping[str, Any], tuple[str, ...]]],
    quotes: Sequence[tuple[Mapping[str, Any], tuple[str, ...]]],
    why: tuple[str, ...],
    base_url: str,
) -> Letter:
    """The letter about `article` (a row of `articles_latest`) and its statements (rows of the public views)."""
    page = page_of(article["id"], base_url)
    return Letter(
        rule=rule,
        headline=article["title"] or article["url"],
        source=TITLES.get(article["source"], article["source"]),
        published=(article["published_at"] or "")[:16].replace("T", " "),
        url=article["url"] if urlsplit(article["url"]).scheme in ("http", "https") else "",
        page=page,
        announcements=tuple(announcement_of(record, reasons, page) for record, reasons in announcements),
        sayings=tuple(sayings_of(quotes, page, article["text"])),
        why=why,
    )


def page_of(article_id: str, base_url: str) -> str:
    """The address of an article on the site."""
    return f"{base_url.rstrip('/')}/articles/{quote(article_id)}"


def announcement_of(record: Mapping[str, Any], why: tuple[str, ...], page: str) -> Announcement:
    """An announcement (a row of the public view) as a mail shows it; `page` is its article on the site."""

    def joined(name: str) -> str:
        return ", ".join(json.loads(record[name]))

    facts = (
        ("Issued by", joined("issuers")),
        ("What it is", f"{record['instrument']} · {_ACTIONS[record['action']]} · {_STATUSES[record['status']]}"),
        ("Number", record["number"]),
        ("Issued on", record["issued_on"]),
        ("In force", record["effective_on"]),
        ("Goods and sectors", joined("sectors")),
        ("Where", joined("regions")),
        ("Names", joined("entities")),
        ("In this article", "cited as background" if record["salience"] == "background" else None),
    )
    return Announcement(
        title=record["title"],
        facts=tuple((label, value) for label, value in facts if value),
        evidence=tuple(span["text"] for span in json.loads(record["evidence"])[:3]),
        why=why,
        link=f"{page}#{quote(record['id'])}",
    )


def sayings_of(quotes: Sequence[tuple[Mapping[str, Any], tuple[str, ...]]], page: str, text: str) -> Iterator[Saying]:
    """The quotes by speaker, speakers in the order of their first words."""
    by_speaker: dict[str, list[tuple[Mapping[str, Any], tuple[str, ...]]]] = {}
    for record, why in quotes:
        by_speaker.setdefault(record["speaker"], []).append((record, why))
    for who, said in by_speaker.items():
        first = said[0][0]
        yield Saying(
            who=who,
            post=", ".join(part for part in (first["title"], first["organization"]) if part),
            passages=tuple(_passages([record for record, _why in said], page, text)),
            why=tuple(dict.fromkeys(reason for _record, why in said for reason in why)),
        )


def _passages(records: Sequence[Mapping[str, Any]], page: str, text: str) -> Iterator[Passage]:
    """The quotes by the paragraph they stand in, so that none is shown twice."""
    ordered = sorted(records, key=lambda record: record["start"])
    for _, together in groupby(ordered, key=lambda record: text.count("\n\n", 0, record["start"])):
        quotes = list(together)
        spans = [(record["start"], record["end"]) for record in quotes]
        yield Passage(context=in_context(text, spans), link=f"{page}#{quote(quotes[0]['id'])}")


def in_context(text: str, spans: Sequence[tuple[int, int]]) -> tuple[Piece, ...]:
    """The stretches `spans` of `text` marked, with what stands around and between them in their paragraph.

    `spans` are in order and do not overlap.
    """
    start, end = spans[0][0], spans[-1][1]
    left = max(text.rfind("\n\n", 0, start) + 2 if "\n\n" in text[:start] else 0, start - CONTEXT)
    stop = text.find("\n\n", end)
    right = min(stop if stop >= 0 else len(text), end + CONTEXT)
    before = _cut_left(text[left:start]) if left and text[left - 1] != "\n" else text[left:start]
    after = _cut_right(text[end:right]) if right < len(text) and text[right] != "\n" else text[end:right]
    pieces = [Piece(text=before)]
    for (begin, until), following in zip(spans, [*(span[0] for span in spans[1:]), end], strict=True):
        pieces += [Piece(text=text[begin:until], marked=True), Piece(text=text[until:following])]
    return tuple(piece for piece in (*pieces, Piece(text=after)) if piece.text)


def _cut_left(text: str) -> str:
    return "… " + re.sub(r"^\w*\W", "", text, count=1)


def _cut_right(text: str) -> str:
    return re.sub(r"\W\w*$", "", text, count=1) + " …"


def _subject(letter: Letter) -> str:
    if letter.announcements:
        first = letter.announcements[0]
        issuer = next((value for label, value in first.facts if label == "Issued by"), "")
        more = f" (+{len(letter.announcements) - 1} more)" if len(letter.announcements) > 1 else ""
        return f"{issuer}: {first.title}{more}" if issuer else f"{first.title}{more}"
    if letter.sayings:
        first_saying = letter.sayings[0]
        words = next((piece.text for piece in first_saying.passages[0].context if piece.marked), "")
        more = f" (+{len(letter.sayings) - 1} more)" if len(letter.sayings) > 1 else ""
        return f"{first_saying.who}{more}: {words}"
    return letter.headline
