"""The mail of a digest: matches put together by instrument, copies of a story together, what is news first."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlite_utils import Database

from alerts.compose import Announcement, Saying, announcement_of, post_of, preheader, sayings_of
from alerts.dates import day
from alerts.matching import Match
from alerts.rules import Watch
from alerts.sheet import Composed, fitting, render
from alerts.subjects import announcement_subject, quote_subject, with_more
from alerts.surroundings import Links, Surroundings, find_surroundings
from alerts.week import Week, week_of
from db.connection import rows, value
from pipeline.sources import TITLES

MOST_GROUPS = 30
MOST_QUOTES = 8
"""Of one group; a transcript has a hundred answers, and the link leads to all of them."""


MOST_REPORTS = 12
"""Articles of one group that are named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """An article that a group's matches stand in."""

    headline: str
    source: str
    published: str
    links: Links
    copies: tuple[str, ...]
    """Sources of the same story that matched too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """What belongs together: an instrument with who reacted, or one story."""

    subject: str
    heading: str
    links: Links
    announcement: Announcement | None
    sayings: tuple[Saying, ...]
    more_quotes: int
    reports: tuple[Report, ...]
    more_reports: int
    why: tuple[str, ...]
    """Why the articles themselves matched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestLetter:
    """Everything that a digest holds, ready for the templates."""

    rule: str
    headline: str
    period: str
    links: Links
    """`page` is the rule's history on the site."""
    week: Week | None
    groups: tuple[Group, ...]
    more: int
    """Groups that are left out."""
    preheader: str
    language: str = "en"


def compose_digest(
    db: Database,
    watch: Watch,
    matches: Sequence[Match],
    *,
    due: datetime,
    page: str,
    base_url: str,
    kind: str | None = None,
) -> Composed:
    """The digest of `matches` that is due then; `page` is the rule's history on the site. `matches` is not empty.

    `kind` stands in its head for what kind of digest it is.
    """
    rule = watch.rule
    placed = _placed(db, matches)
    articles = _articles(db, [article for article, _match in placed[0]])
    copies = _copies(articles)
    around = find_surroundings(db, articles, base_url=base_url, rule_id=watch.id)
    chosen: dict[_Key, Group] = {}
    in_order = _in_order(placed[1])[:MOST_GROUPS]
    counts, local = _counts(matches), due.astimezone(ZoneInfo(rule.zone))
    week = week_of(rule, [match.record for match in matches if match.kind == "announcement"], due)

    def made(most: int) -> Composed:
        for key in in_order[:most]:
            if key not in chosen:
                chosen[key] = _group(db, placed[1][key], articles, copies, around, rule.query)
        groups = tuple(chosen[key] for key in in_order[:most])
        letter = DigestLetter(
            rule=rule.name,
            headline=f"{rule.name}: {counts}",
            period=f"{kind or _KIND_OF_DIGEST[rule.frequency]}, {day(local.isoformat())}, {local:%H:%M} {rule.zone}",
            links=Links(page=page, rule=around.rule),
            week=week,
            groups=groups,
            more=len(placed[1]) - len(groups),
            preheader="; ".join(group.subject for group in groups[1:4]) or _said(groups[0]),
        )
        return render("digest", with_more(f"{rule.name}: {groups[0].subject}", len(placed[1]) - 1), letter)

    return fitting(made, len(in_order))


def _said(group: Group) -> str:
    return preheader([group.announcement] if group.announcement else [], group.sayings)


_KIND_OF_DIGEST = {
    "instant": "Found later than it was published",
    "hourly": "Hourly digest",
    "daily": "Daily digest",
    "weekly": "Weekly digest",
}
_Key = tuple[str, str]
_Found = list[tuple[str, Match]]


def _placed(db: Database, matches: Sequence[Match]) -> tuple[_Found, dict[_Key, _Found]]:
    """The matches with their articles, and by group: the instrument, else the story."""
    found: _Found = [(_article_of(match), match) for match in matches]
    news = _instruments(db, {article for article, _match in found})
    groups: dict[_Key, _Found] = {}
    for article, match in found:
        instrument = match.record["instrument_id"] if match.kind == "announcement" else news.get(article)
        story = (match.record["duplicate_of"] or article) if match.kind != "announcement" else match.record["id"]
        key = ("instrument", instrument) if instrument else ("story", story)
        groups.setdefault(key, []).append((article, match))
    return found, groups


def _article_of(match: Match) -> str:
    return str(match.record["id"] if match.kind == "article" else match.record["article_id"])


def _instruments(db: Database, articles: Iterable[str]) -> dict[str, str]:
    """The instrument that each article reports as news first, for those that report one."""
    found: dict[str, str] = {}
    for one in rows(db, _NEWS, [json.dumps(sorted(articles))]):
        found.setdefault(one["article_id"], one["instrument_id"])
    return found


_NEWS = """
SELECT article_id, instrument_id FROM policies
WHERE article_id IN (SELECT value FROM json_each(?)) AND +salience = 'news' AND instrument_id IS NOT NULL
  AND retired_at IS NULL AND review_state <> 'rejected' ORDER BY article_id, position
"""
# without the texts: a week may bring thousands of articles, and few of their texts are shown
_ARTICLES = """
SELECT id, title, url, source, published_at, sort_at, duplicate_of FROM articles_latest
WHERE id IN (SELECT value FROM json_each(?))
"""


def _articles(db: Database, ids: Iterable[str]) -> dict[str, Mapping[str, Any]]:
    return {one["id"]: one for one in rows(db, _ARTICLES, [json.dumps(sorted(set(ids)))])}


def _copies(articles: Mapping[str, Mapping[str, Any]]) -> dict[str, list[str]]:
    """By the root of a story, its articles in the order of their dates."""
    found: dict[str, list[str]] = {}
    for one in sorted(articles.values(), key=lambda one: (one["duplicate_of"] is not None, one["sort_at"], one["id"])):
        found.setdefault(one["duplicate_of"] or one["id"], []).append(one["id"])
    return found


def _in_order(groups: Mapping[_Key, _Found]) -> list[_Key]:
    """News announcements before other announcements before the rest; the newest first among each."""

    def newest(key: _Key) -> str:
        return max(str(match.record["sort_at"]) for _article, match in groups[key])

    def rank(key: _Key) -> int:
        salience = {match.record["salience"] for _article, match in groups[key] if match.kind == "announcement"}
        return 0 if "news" in salience else 1 if salience else 2

    return sorted(sorted(groups, key=newest, reverse=True), key=rank)


def _group(
    db: Database,
    found: _Found,
    articles: Mapping[str, Mapping[str, Any]],
    copies: Mapping[str, Sequence[str]],
    around: Surroundings,
    query: str | None,
) -> Group:
    announced = sorted(
        (match for _article, match in found if match.kind == "announcement"),
        key=lambda match: (match.record["salience"] != "news", match.record["sort_at"], match.record["seq"]),
    )
    ids = dict.fromkeys(article for article, _match in found)
    roots = dict.fromkeys(articles[one]["duplicate_of"] or one for one in ids)
    # of a story that is there in several copies, each says the same: the first one speaks
    speaking = {next(one for one in copies[root] if one in ids) for root in roots}
    first = articles[next(one for one in ids if one in speaking)]
    sayings: list[Saying] = []
    quoted = [match for article, match in found if article in speaking and match.kind == "quote"]
    for one in speaking:
        quotes = [(match.record, match.why) for match in quoted[:MOST_QUOTES] if match.record["article_id"] == one]
        if quotes:
            sayings += sayings_of(quotes, around.links(articles[one]), _text(db, one), query)
    head = announced[0] if announced else None
    return Group(
        subject=_subject(head, quoted, first, around),
        heading=first["title"] or first["url"],
        links=around.links(first),
        announcement=announcement_of((head.record, head.why), _text(db, head.record["article_id"]), around, query)
        if head
        else None,
        sayings=tuple(sayings),
        more_quotes=max(0, len(quoted) - MOST_QUOTES),
        reports=tuple(_report(root, ids, articles, copies, around) for root in list(roots)[:MOST_REPORTS]),
        more_reports=max(0, len(roots) - MOST_REPORTS),
        why=next((match.why for _article, match in found if match.kind == "article"), ()),
    )


def _text(db: Database, article: str) -> str:
    return str(value(db, "SELECT text FROM articles_latest WHERE id = ?", [article]))


def _subject(head: Match | None, quoted: Sequence[Match], first: Mapping[str, Any], around: Surroundings) -> str:
    if head is not None:
        acts = around.acts_of(head.record)
        return announcement_subject(head.record, acts[0] if acts else None)
    if quoted:
        record = quoted[0].record
        return quote_subject(record["speaker"], post_of(record), record["text"])
    return str(first["title"] or first["url"])


def _report(
    root: str,
    ids: Mapping[str, None],
    articles: Mapping[str, Mapping[str, Any]],
    copies: Mapping[str, Sequence[str]],
    around: Surroundings,
) -> Report:
    first, *others = (articles[one] for one in copies[root] if one in ids)
    return Report(
        headline=first["title"] or first["url"],
        source=TITLES.get(first["source"], first["source"]),
        published=day((first["published_at"] or "")[:10]),
        links=around.links(first),
        copies=tuple(TITLES.get(one["source"], one["source"]) for one in others),
    )


def _counts(matches: Sequence[Match]) -> str:
    found = {}
    for kind in ("announcement", "quote", "article"):
        if number := sum(match.kind == kind for match in matches):
            found[kind] = f"{number:,} {kind}{'' if number == 1 else 's'}"
    return ", ".join(found.values())
