"""What an article's statements name, by their own words: instruments, persons and organizations as nodes.

Nothing here asks the database: a node is made of the statement alone, so it is the same in whatever order articles are
stored (`db/links/identities.py`).
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from db.links.identities import BY_HAND, Edge
from db.links.instrument_links import Report
from db.links.instrument_names import FEWEST_WORDS, is_draft, name_key, number_key
from db.links.organization_names import body_of, organization_key, public_body, shown_organization
from db.links.person_links import edges_within_article, former_organizations, ministers_body
from db.links.person_names import person_key, shown_name, spellings
from db.names import linked_id
from pipeline.sources import TITLES

Link = dict[str, str | None]
Linked = tuple[str, Mapping[str, Any]]
"""A statement's id and the record of it that counts."""
Node = dict[str, Any]


# -- instruments ------------------------------------------------------------------------------------------------------


def report_of(statement: str, record: Mapping[str, Any]) -> Report:
    """What an announcement says its instrument is."""
    lead = record["issuers"][0] if record["issuers"] else ""
    number = number_key(record["number"], lead)
    title = record["title"][:300]
    name = name_key(title)
    draft = is_draft(title, record["status"])
    issued = record["issued_on"] or ""
    # named by what it is where that is enough, so that the id does not hang on which report came first
    told = f"{lead}|{issued or None}|{record['instrument']}|{name}" + ("|draft" if draft else "")
    telling = lead and len(name.split()) >= FEWEST_WORDS
    return Report(
        node=linked_id("i", number or (told if telling else statement)),
        lead=lead, issued_on=issued, title=title, name=name, instrument=record["instrument"], draft=draft,
        numbered=number is not None,
    )  # fmt: skip


def instrument_of(report: Report, record: Mapping[str, Any]) -> Node:
    """The node of an instrument that is reported for the first time."""
    return {
        "id": report.node,
        "number_key": number_key(record["number"], report.lead),
        "lead_issuer": report.lead or None,
        "issued_on": record["issued_on"],
        "name_key": report.name,
        "instrument": record["instrument"],
        "number": record["number"],
        "title": record["title"],
        "issuers": json.dumps(record["issuers"], ensure_ascii=False),
    }


def instrument_reason(record: Mapping[str, Any]) -> str:
    """Why, where no other name of the instrument is known: the same whichever report came first."""
    return f"same number: {record['number']}" if record["number"] else "same issuer, date and title"


# -- persons and organizations ----------------------------------------------------------------------------------------


@dataclass(slots=True, kw_only=True)
class _Naming:
    """What one quote names, as far as it is known yet."""

    statement: str
    record: Mapping[str, Any]
    organization: str | None = None
    """Node of the organization that it names."""
    name: str | None = None
    employer: str | None = None
    """Node of the organization that the person speaks for, where that is not said beside the name."""
    person: str | None = None


class Named(NamedTuple):
    """What one quote names."""

    statement: str
    organization: str | None
    """Node of the organization that it names."""
    employer: str | None
    """Node of the organization that the person speaks for."""
    person: str | None


class Names(NamedTuple):
    """What the quotes of one article name."""

    organizations: dict[str, Node]
    persons: dict[str, Node]
    named: list[Named]
    within: list[Edge]
    """Persons that the article itself says are one."""


OfPage = Callable[[], tuple[str, str] | None]
"""Gives source and kind of the article; asked only where it matters."""


def names_in(article: str, text: str, records: Sequence[Linked], page: OfPage) -> Names:
    """The persons and organizations that the quotes of an article name."""
    organizations: dict[str, Node] = {}
    persons: dict[str, Node] = {}
    named = [_named(organizations, statement, record) for statement, record in records]
    _fill_in_employers(organizations, named, page)
    for one in named:
        if one.name:
            one.person = _add_person(persons, one.name, one.employer, article, one.record["speaker"])
    within = _posts_held(organizations, persons, text, article, named)
    return Names(
        organizations=organizations,
        persons=persons,
        named=[Named(one.statement, one.organization, one.employer, one.person) for one in named],
        within=within,
    )


def spelled(persons: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """How the names of these persons may be spelled, each spelling with the person's id."""
    return [(spelling, one["id"]) for one in persons for spelling in spellings(one["key"].partition("|")[0])]


def links_of(
    named: Sequence[Named], assigned: Mapping[tuple[str, str], str], people: Standing, bodies: Standing
) -> list[Link]:
    """Who stands behind each quote, and why; `assigned` says where people have put statements."""
    links: list[Link] = []
    for one in named:
        person = assigned.get((one.statement, "n"), one.person)
        organization = assigned.get((one.statement, "o"), one.organization)
        to_person: _To = _NOBODY
        if person:
            stands, why = people[person]
            usual = "same name and organization" if one.employer else "name within this article"
            to_person = stands, person, BY_HAND if person != one.person else why or usual
        to_organization: _To = _NOBODY
        if organization:
            stands, why = bodies[organization]
            usual = "name without form of company"
            to_organization = stands, organization, BY_HAND if organization != one.organization else why or usual
        links.append(dict(zip(LINK_COLUMNS, to_person + to_organization, strict=True)))
    return links


_To = tuple[str | None, str | None, str | None]
_NOBODY: _To = (None, None, None)
LINK_COLUMNS = (
    "person_id", "person_node", "person_reason", "organization_id", "organization_node", "organization_reason",
)  # fmt: skip
Standing = Mapping[str, tuple[str, str | None]]
"""What stands for a node, and why."""


def _named(organizations: dict[str, Node], statement: str, record: Mapping[str, Any]) -> _Naming:
    one = _Naming(statement=statement, record=record)
    kind = record["speaker_type"]
    printed = record["speaker"] if kind == "organization" else record["organization"]
    if printed:
        one.organization = one.employer = _add_organization(organizations, printed)
    if kind == "person":
        one.name = person_key(record["speaker"])
    return one


def shortest(name: str) -> tuple[int, str]:
    """Sorts the names that quotes print a node by: it is shown by the shortest, whichever came first."""
    return len(name), name


# an organization or a person that a quote names is shown by the shortest name that any quote prints
CALL_ORGANIZATION = """
UPDATE organizations SET name = :name, name_zh = :name_zh
WHERE id = :id AND (length(name), name) > (length(:name), :name)
"""
CALL_PERSON = "UPDATE persons SET name = :name WHERE id = :id AND (length(name), name) > (length(:name), :name)"


def _add_named(nodes: dict[str, Node], one: Node) -> None:
    held = nodes.setdefault(one["id"], one)
    if one["by_quote"] and (not held["by_quote"] or shortest(one["name"]) < shortest(held["name"])):
        nodes[one["id"]] = one


def _add_organization(organizations: dict[str, Node], printed: str, *, by_quote: bool = True) -> str | None:
    key = organization_key(printed)
    if not key:
        return None
    found = linked_id("o", key)
    name, name_zh = shown_organization(printed)
    one = {"id": found, "key": key, "name": name, "name_zh": name_zh, "by_quote": by_quote}
    _add_named(organizations, one)
    return found


def _add_person(
    persons: dict[str, Node], name: str, employer: str | None, article: str, speaker: str, *, by_quote: bool = True
) -> str:
    # without an organization nothing tells two people of one name apart: such a person lives in one article
    key = f"{name}|{employer or article}"
    found = linked_id("n", key)
    one = {"id": found, "key": key, "name": shown_name(speaker), "organization_id": employer, "by_quote": by_quote}
    _add_named(persons, one)
    return found


def _fill_in_employers(organizations: dict[str, Node], named: Sequence[_Naming], page: OfPage) -> None:
    """For whom those speak of whom the quote does not say it: their post, the same name elsewhere in the article, the
    ministry on whose own page a single official answers."""
    employers: dict[str, set[str]] = defaultdict(set)
    for one in named:
        if one.name and not one.employer:
            ministry = public_body(ministers_body(one.record["title"]) or "")
            one.employer = _add_organization(organizations, ministry) if ministry else None
        if one.name and one.employer:
            employers[one.name].add(one.employer)
    without = [one for one in named if one.name and not one.employer]
    for one in without:
        if len(known := employers[one.name or ""]) == 1:
            (one.employer,) = known
    left = [one for one in without if not one.employer and one.record["role"] == "official"]
    if not left or len({one.name for one in left}) > 1:
        return
    found = page()
    if found is None or found[1] not in ("press_conference", "remarks"):
        return
    host = TITLES.get(found[0], "")
    if (body := body_of(host)) is not None and body.name.startswith("Ministry"):
        for one in left:
            one.employer = _add_organization(organizations, host)


def _posts_held(
    organizations: dict[str, Node],
    persons: dict[str, Node],
    text: str,
    article: str,
    named: Sequence[_Naming],
) -> list[Edge]:
    """One person by two posts in one article, or by a post that the text says was held before."""
    posts: dict[str, dict[str, str]] = defaultdict(dict)
    printed: dict[str, str] = {}
    for one in named:
        if one.name and one.person and one.employer:
            posts[one.name][one.employer] = one.person
            printed[shown_name(one.record["speaker"])] = one.name
    for speaker, organization in former_organizations(text, printed):
        employer = _add_organization(organizations, organization, by_quote=False)
        if employer:
            person = _add_person(persons, printed[speaker], employer, article, speaker, by_quote=False)
            posts[printed[speaker]][employer] = person
    return list(edges_within_article(posts))
