"""A story of which nothing is known: what its rows are, without asking the database for it alone.

Where anything is known that it could touch (its address, a copy, a duplicate, a name that may be another's) it is not
decided here: it is stored by itself (`db.store`), after what was decided before is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import combinations
from operator import itemgetter
from typing import Any

from db.finding.fulltext import Kind, indexed, place_at
from db.keeping.copies import DAYS_APART, DOCUMENTS, keys_of_copies
from db.keeping.duplicates import MOST_CANDIDATES, why_same
from db.keeping.stories import Stored
from db.links.naming import CALL_ORGANIZATION, CALL_PERSON, Node, links_of, shortest
from db.links.person_links import MOST_AT_ONCE, MOST_NAMESAKES, compare_namesakes
from db.names import annex_id, canonical_url, moment_of
from db.storing import pending as sql
from db.storing.gathered import Gathered, Other
from db.storing.pending import Pending
from db.storing.prepared import Prepared
from db.storing.reporting import Reporting, report


def keep_fresh(
    found: Gathered, waiting: Pending, one: Prepared, parser_version: str, run_id: int | None
) -> Stored | None:
    """Decide the rows of a story and let them wait; None, with nothing noted, where it is not wholly new."""
    if not _is_unknown(found, one) or _is_told(found, one):
        return None
    persons = _new_persons(found, one)
    if persons is None:
        return None
    reporting = report(found, one)
    if reporting is None:
        return None
    kinds: tuple[tuple[Kind, int], ...] = (
        ("article", 1), ("annex", len(one.files)), ("quote", len(one.quotes)), ("policy", len(one.policies)),
    )  # fmt: skip
    minute = place_at(one.sort_at)
    places = {kind: found.place(kind, minute, count) for kind, count in kinds if count}
    if None in places.values():
        return None
    for kind, count in kinds:
        if count:
            found.take_places(kind, minute, count)
    at = {kind: place or 0 for kind, place in places.items()}
    revision = found.next_revision()
    _write_article(waiting, one, revision, at["article"], parser_version, run_id)
    _write_files(waiting, one, at.get("annex", 0))
    _write_quotes(found, waiting, one, revision, at.get("quote", 0), persons)
    _write_policies(waiting, one, revision, at.get("policy", 0), reporting)
    _note(found, one, persons, reporting)
    return Stored(article_id=one.id, outcome="new", new=tuple(said.id for said in (*one.quotes, *one.policies)))


def concerns_others(found: Gathered, one: Prepared) -> bool:
    """Whether what is said of a story that waits may be another thing once this one is written: its instrument's title,
    what acts on that, a person's name."""
    names = one.names
    return (
        bool(one.acts)
        or any(report.node in found.instruments for report in one.reports)
        or any(
            named["by_quote"] and found.called.get(node, named["name"]) != named["name"]
            for nodes in (names.organizations, names.persons)
            for node, named in nodes.items()
        )
    )


# -- what may be known ------------------------------------------------------------------------------------------------


def _is_unknown(found: Gathered, one: Prepared) -> bool:
    """Whether neither its addresses nor its number or headline are known, and nothing waits to be told of it."""
    if one.is_doubted or not found.addresses.keys().isdisjoint(one.addresses):
        return False
    for page in one.pages:
        if page["url"] in found.troubled or (page["warc_file"], page["warc_offset"]) in found.records:
            return False
    if any((key, one.language, one.source) in found.documents for key in keys_of_copies(one.document)):
        return False
    if not found.files.isdisjoint(one.attached):
        return False
    if found.ruled and any(said.id in found.ruled for said in (*one.quotes, *one.policies)):
        return False
    if one.kind in DOCUMENTS and one.headline is not None and moment_of(one.published) is not None:
        near = timedelta(days=DAYS_APART, minutes=1)
        at = datetime.fromisoformat(one.sort_at)
        for _id, _source, language, sort_at in found.titled.get((one.headline, one.source), ()):
            if language == one.language and abs(datetime.fromisoformat(sort_at) - at) <= near:
                return False
    return True


def _is_told(found: Gathered, one: Prepared) -> bool:
    """Whether another article may tell the same story."""
    marks = one.if_new.marks
    if not marks:
        return False
    near: dict[str, Other] = {}
    for mark in marks:
        for other in found.marked.get(mark, ()):
            near[other[0]] = other
    if one.headline is not None:
        for other in found.titled.get((one.headline, one.source), ()):
            near[other[0]] = other
    if not near:
        return False
    since, until = one.near
    candidates = [
        identity
        for identity, source, language, sort_at in near.values()
        if source == one.source and language == one.language and since <= sort_at <= until
    ]
    if len(candidates) > MOST_CANDIDATES:
        return True
    return any(why_same(one.told, found.texts[identity]()) is not None for identity in candidates)


def _new_persons(found: Gathered, one: Prepared) -> list[Node] | None:
    """Persons that are not known; None where one of them, or two posts, may be one person."""
    if one.names.within or not found.unspelled.isdisjoint(one.names.persons):
        return None
    new = [person for node, person in one.names.persons.items() if node not in found.persons]
    by_spelling: dict[str, list[dict[str, Any]]] = {}
    for spelling, each in _with_organization(found, one, new):
        by_spelling.setdefault(spelling, []).append(each)
    rows = sum(len(ours) + len(found.namesakes.get(spelling, ())) for spelling, ours in by_spelling.items())
    if rows > MOST_NAMESAKES:
        return None
    for spelling, ours in by_spelling.items():
        if len(ours) > MOST_AT_ONCE:
            return None
        pairs = [
            *combinations(ours, 2),
            *((mine, other) for mine in ours for other in found.namesakes.get(spelling, ())),
        ]
        if any(next(compare_namesakes(mine, other), None) is not None for mine, other in pairs):
            return None
    return new


def _with_organization(found: Gathered, one: Prepared, new: Sequence[Node]) -> list[tuple[str, dict[str, Any]]]:
    """New persons that have an organization, each with every spelling, as namesakes are compared."""
    told: dict[str, dict[str, Any]] = {}
    for person in new:
        employer = person["organization_id"]
        if employer:
            told[person["id"]] = {
                "id": person["id"],
                "key": person["key"],
                "organization_id": employer,
                "organization": one.names.organizations[employer]["key"],
                "stands_for": found.organizations[employer][0] if employer in found.organizations else employer,
            }
    return [(spelling, told[node]) for spelling, node in one.spelled if node in told]


# -- rows -------------------------------------------------------------------------------------------------------------


def _write_article(
    waiting: Pending, one: Prepared, revision: int, place: int, parser_version: str, run_id: int | None
) -> None:
    rows = waiting.rows
    rows[sql.ARTICLES].append((
        one.id, one.source, one.canonical, one.url, one.kind, one.language, one.document, one.headline,
        one.published, one.sort_at, revision, one.listed or None, one.seen_at, one.seen_at, place,
    ))  # fmt: skip
    rows[sql.ADDRESSES].extend(
        (address, url, one.id, reason, one.seen_at) for address, (url, reason) in one.addresses.items()
    )
    rows[sql.MARKS].extend([(mark, one.sort_at[:10], one.id) for mark in one.if_new.marks])
    rows[sql.REVISIONS].append((revision, one.id, 1, *one.revision, one.seen_at, parser_version, one.version, run_id))
    settled = set()
    for page in one.pages:
        rows[sql.PAGES].append((*_page_columns(page), "new", one.listed, one.id, revision, parser_version, run_id))
        settled |= {page["canonical_url"], *((canonical_url(page["final_url"]),) if page["final_url"] else ())}
    rows[sql.SETTLED].extend((address,) for address in settled)
    waiting.indexed["article"].append((place, *one.if_new.article))


_page_columns = itemgetter(*sql.PAGE_COLUMNS)


def _write_files(waiting: Pending, one: Prepared, first: int) -> None:
    around = {"text": None, "source": one.source, "language": one.language, "kind": None}
    for position, (canonical, url, name) in enumerate(one.files):
        identity, place = annex_id(one.id, canonical), first + position
        row = (identity, one.id, canonical, one.seen_at, url, name, position, "due", place)
        waiting.rows[sql.ANNEXES].append(row)
        waiting.indexed["annex"].append((place, *indexed("annex", {**around, "name": name, "state": "due"})))


def _write_quotes(
    found: Gathered, waiting: Pending, one: Prepared, revision: int, first: int, persons: Sequence[Node]
) -> None:
    names = one.names
    for organization in names.organizations.values():
        if organization["id"] not in found.organizations:
            row = tuple(organization[name] for name in ("id", "key", "name", "name_zh"))
            waiting.rows[sql.ORGANIZATIONS].append((*row, organization["id"]))
            found.organizations[organization["id"]] = organization["id"], None
    new = {person["id"] for person in persons}
    waiting.rows[sql.SPELLINGS].extend(each for each in one.spelled if each[1] in new)
    for person in persons:
        row = tuple(person[name] for name in ("id", "key", "name", "organization_id"))
        waiting.rows[sql.PERSONS].append((*row, person["id"]))
    for call, nodes in ((CALL_ORGANIZATION, names.organizations), (CALL_PERSON, names.persons)):
        for node, named in nodes.items():
            if named["by_quote"] and found.called.setdefault(node, named["name"]) != named["name"]:
                waiting.rows[call].append(named)
                found.called[node] = min(named["name"], found.called[node], key=shortest)
    standing = {node: found.persons.get(node, (node, None)) for node in names.persons}
    links = links_of(names.named, {}, standing, found.organizations)
    common = _common(one, revision)
    waiting.rows[sql.QUOTES].extend(
        [
            (*common, said.id, at, first + at, *said.row, *link.values())
            for at, (said, link) in enumerate(zip(one.quotes, links, strict=True))
        ]
    )
    waiting.indexed["quote"].extend([(first + at, *words) for at, words in enumerate(one.if_new.quotes)])


def _write_policies(waiting: Pending, one: Prepared, revision: int, first: int, reporting: Reporting) -> None:
    common = _common(one, revision)
    waiting.rows[sql.POLICIES].extend(
        [
            (*common, said.id, at, first + at, *said.row, *link)
            for at, (said, link) in enumerate(zip(one.policies, reporting.links, strict=True))
        ]
    )
    waiting.indexed["policy"].extend([(first + at, *words) for at, words in enumerate(one.if_new.policies)])
    reporting.write(waiting, one)


def _common(one: Prepared, revision: int) -> tuple[Any, ...]:
    """The columns that all statements of a story share."""
    return one.id, revision, one.sort_at, one.version, one.source, one.seen_at


# -- for the stories that follow --------------------------------------------------------------------------------------


def _note(found: Gathered, one: Prepared, persons: Sequence[Node], reporting: Reporting) -> None:
    found.addresses |= {address: (one.id, how) for address, (_url, how) in one.addresses.items()}
    found.records |= {(page["warc_file"], page["warc_offset"]): page for page in one.pages if page["warc_file"]}
    if one.document is not None:
        found.documents.add((one.document, one.language, one.source))
    other = (one.id, one.source, one.language, one.sort_at)
    if one.headline is not None:
        found.titled[one.headline, one.source].append(other)
    for mark in one.if_new.marks:
        found.marked[mark].append(other)
    found.texts[one.id] = lambda: one.told
    for spelling, each in _with_organization(found, one, persons):
        found.namesakes[spelling].append(each)
    found.persons |= {person["id"]: (person["id"], None) for person in persons}
    reporting.note(found)
