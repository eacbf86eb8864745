"""Watch rules in words: what one asks for, when it sends, what a change of it changed, how a mail fared."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from alerts.rules import FILTERS, NEVER_QUIET, Rule, rule_of
from alerts.when import next_due
from db.rules import StoredRule, Version
from web.labels import moment, source_name, words

LABELS: Mapping[str, str] = {
    "name": "Name",
    "to": "Recipients",
    "query": "Words",
    "kinds": "Tells of",
    "sources": "Sources",
    "languages": "Languages",
    "instruments": "Kinds of document",
    "actions": "What it does",
    "issuers": "Issuers",
    "statuses": "Status",
    "salience": "Reported as",
    "roles": "Roles",
    "organizations": "Organizations",
    "speakers": "Speakers",
    "regions": "Regions",
    "sectors": "Goods and sectors",
    "entities": "Companies, agencies, persons",
    "minimum_confidence": "Least confidence",
    "reviewed_only": "Reviewed only",
    "frequency": "How often",
    "at": "Time",
    "weekday": "Weekday",
    "zone": "Time zone",
    "quiet": "Quiet hours",
    "paused": "Paused",
    "resumes_on": "Works again from",
}
"""What a reader sees for the fields of a rule."""

DAYS = {
    "mon": "Monday",
    "tue": "Tuesday",
    "wed": "Wednesday",
    "thu": "Thursday",
    "fri": "Friday",
    "sat": "Saturday",
    "sun": "Sunday",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A rule as pages show it."""

    id: int
    name: str
    owner: str
    configured: bool
    """It stands in the configuration file and is not changed here."""
    rule: Rule
    asks: tuple[tuple[str, str], ...]
    """Label and value of each condition."""
    when: str
    works: bool
    version: int


def shown(stored: StoredRule, now: datetime) -> Shown:
    """The rule in words."""
    rule = rule_of(stored.settings)
    return Shown(
        id=stored.id,
        name=rule.name,
        owner=stored.owner,
        configured=stored.origin == "configuration",
        rule=rule,
        asks=tuple(asks(rule)),
        when=when(rule),
        works=rule.works(now),
        version=stored.version,
    )


def asks(rule: Rule) -> Iterator[tuple[str, str]]:
    """What a rule asks for: label and value of each condition that is set."""
    yield LABELS["kinds"], ", ".join(f"{kind}s" for kind in rule.kinds)
    if rule.query is not None:
        yield LABELS["query"], rule.query
    for condition in FILTERS:
        if getattr(rule, condition.field):
            yield LABELS[condition.field], in_words(condition.field, getattr(rule, condition.field))
    if rule.minimum_confidence is not None:
        yield LABELS["minimum_confidence"], f"{rule.minimum_confidence:g}"
    if rule.reviewed_only:
        yield LABELS["reviewed_only"], "told when a person has accepted or corrected it"


def when(rule: Rule) -> str:
    """How often a rule sends, at what time, and when it does not."""
    quiet = f", not from {rule.quiet.replace('-', ' to ')}" if rule.quiet not in (None, NEVER_QUIET) else ""
    return _how_often(rule) + quiet


def _how_often(rule: Rule) -> str:
    if rule.frequency == "daily":
        return f"daily at {rule.at} ({rule.zone})"
    if rule.frequency == "weekly":
        return f"{DAYS[rule.weekday]}s at {rule.at} ({rule.zone})"
    return "hourly" if rule.frequency == "hourly" else "at once"


def due(rule: Rule, now: datetime) -> str:
    """When the rule's next digest is due, on its own clock."""
    local = next_due(rule, now).astimezone(ZoneInfo(rule.zone))
    return f"{moment(local.strftime('%Y-%m-%dT%H:%M'))} {rule.zone}"


def in_words(field: str, held: Any) -> str:
    """The value of a field of a rule as text."""
    if field == "sources":
        return ", ".join(source_name(one) for one in held)
    closed = {condition.field for condition in FILTERS if condition.values} | {"kinds"}
    if isinstance(held, (list, tuple)):
        return ", ".join(words(one) if field in closed else str(one) for one in held)
    if isinstance(held, bool):
        return "yes" if held else "no"
    if field == "weekday":
        return DAYS.get(str(held), str(held))
    return "" if held is None else str(held)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One change of a rule, with what it changed."""

    change: str
    by: str
    at: str
    changed: tuple[tuple[str, str, str], ...]
    """Label, before, after."""


def edits(versions: Sequence[Version]) -> list[Edit]:
    """The changes of a rule, newest first, as `db.rules.versions` gives them."""
    befores = [*versions[1:], None]
    return [
        Edit(
            change=version.change,
            by=version.changed_by,
            at=version.changed_at,
            changed=tuple(_changed(before, version)) if before is not None else (),
        )
        for version, before in zip(versions, befores, strict=True)
    ]


def _changed(before: Version, after: Version) -> Iterator[tuple[str, str, str]]:
    old, new = rule_of(before.settings), rule_of(after.settings)
    for field, label in LABELS.items():
        if getattr(old, field) != getattr(new, field):
            yield label, in_words(field, getattr(old, field)), in_words(field, getattr(new, field))


# -- what was sent ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One match of a mail."""

    kind: str
    headline: str
    said: str
    """Of a quote: the words."""
    address: str
    """On the site."""
    article: str
    source: str
    published: str | None
    why: tuple[str, ...]
    matched_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A mail with what it told, or matches of which no mail tells."""

    recipient: str
    subject: str
    state: str
    """`sent`, `due`, `claimed`, `dead`, `waits` or `dropped`."""
    fared: str
    """The same in a line of words."""
    at: str
    matches: tuple[Told, ...]


def sent_mails(found: Sequence[Mapping[str, Any]], rule: Rule, now: datetime) -> list[Sent]:
    """Rows of `db.matches.sent` put together by the mail that tells of them, in their order."""
    together: dict[tuple[Any, ...], list[Mapping[str, Any]]] = {}
    for one in found:
        together.setdefault((one["recipient"], one["outbox_id"], one["dropped"]), []).append(one)
    return [
        Sent(
            recipient=first["recipient"],
            subject=first["subject"] or "",
            state=_state(first),
            fared=_fared(first, rule, now),
            at=first["sent_at"] or first["due_at"] or first["matched_at"],
            matches=tuple(_told(one) for one in matches),
        )
        for matches in together.values()
        for first in matches[:1]
    ]


def _state(one: Mapping[str, Any]) -> str:
    if one["outbox_id"] is None:
        return "dropped" if one["dropped"] else "waits"
    return str(one["state"])


def _fared(one: Mapping[str, Any], rule: Rule, now: datetime) -> str:
    tries = f" after {one['attempts']} tries" if (one["attempts"] or 0) > 1 else ""
    match _state(one):
        case "dropped":
            return f"not sent: {one['dropped'] or one['last_error']}"
        case "waits" if one["late"] and rule.works(now):
            return f"waits to be told in one mail with others: {one['late']}"
        case "waits":
            return (
                f"waits for the digest of {due(rule, now)}" if rule.works(now) else "waits until the rule works again"
            )
        case "sent":
            return f"taken by the mail server {moment(one['sent_at'])}{tries}"
        case "claimed":
            return "is being sent"
        case "dead":
            return f"given up{tries}: {one['last_error']}"
    if one["last_error"]:
        return f"tried {one['attempts']} times, again {moment(one['next_attempt_at'])}: {one['last_error']}"
    return f"goes out {moment(one['next_attempt_at'])}"


def _told(one: Mapping[str, Any]) -> Told:
    anchor = "" if one["kind"] == "article" else f"#{one['target_id']}"
    article = one["article_title"] or one["article_url"] or ""
    return Told(
        kind="announcement" if one["kind"] == "policy" else one["kind"],
        headline=one["said_title"] or article,
        said=one["said"] or "",
        address=f"/articles/{one['article_id']}{anchor}",
        article=article,
        source=one["source"] or "",
        published=one["published_at"],
        why=tuple(json.loads(one["why"]).get("reasons", ())),
        matched_at=one["matched_at"],
    )
