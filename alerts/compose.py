"""Text: what an alert says of one article, with the evidence, the links and the reason."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from alerts.dates import day, moment
from alerts.passages import Piece, alone, by_paragraph, in_context
from alerts.rules import Rule
from alerts.sheet import Composed, fitting, render
from alerts.subjects import announcement_subject, quote_subject, with_more
from alerts.surroundings import Links, Surroundings, told_acts
from db.inert import language_of
from db.links.organization_names import body_of
from pipeline.sources import TITLES

MOST_TOLD = 60
"""Statements that one mail shows; a list of tariffs has hundreds, and the link leads to all of them."""
_MOST_EVIDENCE = 3

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
_PLAIN = frozenset({"Issued by", "What it is", "Number", "What it does", "In this article"})
"""Facts that need no label."""
_STATUSES = {"issued": "issued", "draft": "draft, comments sought", "planned": "planned", "repealed": "repealed"}

Told = tuple[Mapping[str, Any], tuple[str, ...]]
"""A row of a public view, and why the rule wants it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """An announcement as a mail shows it."""

    title: str
    facts: tuple[tuple[str, str], ...]
    """Label and value: issuer, number, dates, …; only what is known."""
    summary: str
    """The same in a line."""
    evidence: tuple[tuple[Piece, ...], ...]
    why: tuple[str, ...]
    link: str
    """Its record on the site."""
    links: Links


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
    links: Links


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """Everything that one alert mail holds, ready for the templates."""

    rule: str
    headline: str
    source: str
    published: str
    links: Links
    announcements: tuple[Announcement, ...] = ()
    sayings: tuple[Saying, ...] = ()
    why: tuple[str, ...] = ()
    """Why the article itself matched, where the rule asks for articles."""
    more: int = 0
    """Statements that matched and are not shown."""
    preheader: str = ""
    """What a list of mails shows beside the subject."""
    language: str = "en"


def compose_alert(
    *,
    rule: Rule,
    article: Mapping[str, Any],
    announcements: Sequence[Told],
    quotes: Sequence[Told],
    why: tuple[str, ...],
    around: Surroundings,
) -> Composed:
    """The alert mail for one article (a row of `articles_latest`) and one rule: its statements, rows of the views."""
    ordered = sorted(announcements, key=lambda told: told[0]["salience"] != "news")
    subject, more = _subject(article, ordered, quotes, around)

    def made(most: int) -> Composed:
        shown, said = ordered[:most], quotes[: max(0, most - len(ordered))]
        left = len(ordered) + len(quotes) - len(shown) - len(said)
        return render("alert", with_more(subject, more), _letter(rule, article, shown, said, why, around, left))

    return fitting(made, min(MOST_TOLD, max(1, len(ordered) + len(quotes))))


def _subject(
    article: Mapping[str, Any], announcements: Sequence[Told], quotes: Sequence[Told], around: Surroundings
) -> tuple[str, int]:
    """What the subject says, and of how many statements more."""
    if announcements:
        first = announcements[0][0]
        acts = around.acts_of(first)
        return announcement_subject(first, acts[0] if acts else None), len(announcements) + len(quotes) - 1
    if quotes:
        said = quotes[0][0]
        return quote_subject(said["speaker"], post_of(said), said["text"]), len(quotes) - 1
    return article["title"] or article["url"], 0


def message_key(*parts: str) -> str:
    """The key of an outbox row: equal parts give an equal key, so that a repeat is recognised."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]


def announcement_of(told: Told, text: str, around: Surroundings, query: str | None) -> Announcement:
    """An announcement as a mail shows it; `text` is that of its article."""
    record, why = told
    facts = tuple((label, value) for label, value in _facts(record, around) if value)
    links = around.links({"id": record["article_id"], "url": record["url"]})
    return Announcement(
        title=record["title"],
        facts=facts,
        summary=" · ".join(value if label in _PLAIN else f"{label.lower()} {value}" for label, value in facts),
        evidence=tuple(_evidence(json.loads(record["evidence"])[:_MOST_EVIDENCE], text, query)),
        why=why,
        link=links.record(record["id"]),
        links=links,
    )


def _facts(record: Mapping[str, Any], around: Surroundings) -> Iterator[tuple[str, str | None]]:
    def joined(name: str) -> str:
        return ", ".join(json.loads(record[name]))

    yield "Issued by", ", ".join(_issuer(name, record["language"]) for name in json.loads(record["issuers"]))
    yield "What it is", f"{record['instrument']} · {_ACTIONS[record['action']]} · {_STATUSES[record['status']]}"
    yield "Number", record["number"]
    yield "What it does", told_acts(around.acts_of(record))
    yield "Issued on", day(record["issued_on"])
    yield "In force", day(record["effective_on"])
    yield "Goods and sectors", joined("sectors")
    yield "Where", joined("regions")
    yield "Names", joined("entities")
    yield "In this article", "cited as background" if record["salience"] == "background" else None


def _issuer(name: str, language: str) -> str:
    """The usual English name, and beside it the Chinese one where the article is Chinese."""
    body = body_of(name) if language == "zh" else None
    return f"{body.chinese} ({name})" if body and body.chinese else name


def _evidence(spans: Sequence[Mapping[str, Any]], text: str, query: str | None) -> Iterator[tuple[Piece, ...]]:
    placed = [(span["start"], span["end"]) for span in spans if text[span["start"] : span["end"]] == span["text"]]
    for together in by_paragraph(text, placed):
        yield in_context(text, together, kind="policy", query=query)
    for span in spans:
        if (span["start"], span["end"]) not in placed:
            yield alone(span["text"], kind="policy", query=query)


def sayings_of(quotes: Sequence[Told], links: Links, text: str, query: str | None) -> Iterator[Saying]:
    """The quotes by speaker, speakers in the order of their first words."""
    by_speaker: dict[str, list[Told]] = {}
    for record, why in quotes:
        by_speaker.setdefault(record["speaker"], []).append((record, why))
    for who, said in by_speaker.items():
        yield Saying(
            who=who,
            post=post_of(said[0][0]),
            passages=tuple(_passages([record for record, _why in said], links, text, query)),
            why=tuple(dict.fromkeys(reason for _record, why in said for reason in why)),
            links=links,
        )


def post_of(record: Mapping[str, Any]) -> str:
    """Whoever speaks as what, where."""
    comma = "，" if language_of(f"{record['title'] or ''}{record['organization'] or ''}") != "en" else ", "
    return comma.join(part for part in (record["title"], record["organization"]) if part)


def _passages(records: Sequence[Mapping[str, Any]], links: Links, text: str, query: str | None) -> Iterator[Passage]:
    """The quotes by the paragraph they stand in, so that none is shown twice."""
    first = {record["start"]: record["id"] for record in reversed(records)}
    for together in by_paragraph(text, [(record["start"], record["end"]) for record in records]):
        context = in_context(text, together, kind="quote", query=query)
        yield Passage(context=context, link=links.record(first[together[0][0]]))


def _letter(
    rule: Rule,
    article: Mapping[str, Any],
    announcements: Sequence[Told],
    quotes: Sequence[Told],
    why: tuple[str, ...],
    around: Surroundings,
    more: int,
) -> Letter:
    links = around.links(article)
    sayings = tuple(sayings_of(quotes, links, article["text"], rule.query))
    shown = tuple(announcement_of(told, article["text"], around, rule.query) for told in announcements)
    return Letter(
        rule=rule.name,
        headline=article["title"] or article["url"],
        source=TITLES.get(article["source"], article["source"]),
        published=moment(article["published_at"]),
        links=links,
        announcements=shown,
        sayings=sayings,
        why=why,
        more=more,
        preheader=preheader(shown, sayings) or article["text"][:300],
        language="zh-Hans" if article["language"] == "zh" else "en",
    )


def preheader(announcements: Sequence[Announcement], sayings: Sequence[Saying]) -> str:
    """The first words of evidence that a mail has."""
    said = [pieces for one in announcements for pieces in one.evidence]
    said += [passage.context for one in sayings for passage in one.passages]
    return "".join(piece.text for piece in said[0] if piece.marked) if said else ""
