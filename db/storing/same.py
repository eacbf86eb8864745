"""A story that is read again from the archive and says what it said: little more than versions is to be written.

What is compared is all that `db.store` looks at. Where anything else differs, or a person has decided something, the
story is not settled here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from db.connection import value
from db.deciding.verdicts import Kind
from db.keeping.records import FIELDS
from db.keeping.stories import TOLD_BEFORE, Stored
from db.links.instrument_links import cited_beside, report_key
from db.links.instrument_summary import better, page_of
from db.links.naming import instrument_reason, links_of, shortest
from db.names import canonical_url, moment_of
from db.storing import pending as sql
from db.storing.gathered import Gathered
from db.storing.pending import Pending
from db.storing.prepared import JUDGED, REVISION_COLUMNS, Prepared, Said
from db.storing.read_before import Before, Row

Links = Sequence[dict[str, Any]]
_CONFIDENCE = JUDGED.index("confidence") - len(JUDGED)
"""Where it stands in the row of a statement."""


def keep_same(found: Gathered, waiting: Pending, held: Before, one: Prepared, parser_version: str) -> Stored | None:
    """Let the little wait that is to be written; None, with nothing noted, where the story says anything else."""
    if not (_is_its_page(found, held, one) and _is_its_row(held, one) and _says_the_same(held, one)):
        return None
    quoted, reported = _quoted(found, held, one), _reported(found, held, one)
    if quoted is None or reported is None or not _same_relations(found, held, one):
        return None
    quotes, policies = _standing(held.quotes), _standing(held.policies)
    if not _same("quote", held, one.quotes, quotes, quoted) or not _same(
        "policy", held, one.policies, policies, reported
    ):
        return None
    _write(found, waiting, held, one, parser_version)
    _write_versions(waiting, sql.QUOTES_AGAIN, one, one.quotes, quotes)
    _write_versions(waiting, sql.POLICIES_AGAIN, one, one.policies, policies)
    article = held.article
    told_before = None
    if held.is_first or article["duplicate_of"]:
        root = article["duplicate_of"] or one.id
        told_before = value(found.db, TOLD_BEFORE, {"id": one.id, "root": root})
    return Stored(
        article_id=one.id, outcome="unchanged", revision=held.revision["revision"],
        duplicate_of=article["duplicate_of"], told_before=told_before,
    )  # fmt: skip


# -- the page and what it says ----------------------------------------------------------------------------------------


def _is_its_page(found: Gathered, held: Before, one: Prepared) -> bool:
    """Whether its records are those that the only revision was first read from."""
    if held.revision["revision"] > 1 or held.first_page.get(one.pages[0]["canonical_url"], "") < one.seen_at:
        return False
    if one.is_doubted or any(page["url"] in found.troubled for page in one.pages):
        return False
    for page in one.pages:
        row = found.records.get((page["warc_file"], page["warc_offset"]))
        if (
            row is None
            or row["outcome"] == "failed"
            or (row["article_id"], row["revision_id"]) != (one.id, held.revision["id"])
        ):
            return False
        if any(row[name] != said for name, said in page.items()):
            return False
    return True


def _is_its_row(held: Before, one: Prepared) -> bool:
    """Whether the row of the article would stay as it is."""
    row = held.article
    if held.has_files or one.attached or held.is_ruled or (one.listed or "") > (row["listed_at"] or ""):
        return False
    if row["first_seen_at"] > one.seen_at or row["last_seen_at"] < one.seen_at:
        return False
    if row["gone_at"] is not None and row["gone_at"] < one.seen_at:
        return False
    wanted = {
        "source": one.source, "kind": one.kind, "language": one.language, "number_key": one.document,
        "title_key": one.headline, "published_at": one.published,
        "sort_at": moment_of(one.published) or row["first_seen_at"],
    }  # fmt: skip
    return all(row[name] == said for name, said in wanted.items())


def _says_the_same(held: Before, one: Prepared) -> bool:
    return all(held.revision[name] == said for name, said in zip(REVISION_COLUMNS, one.revision, strict=True))


# -- statements and what they are linked to ---------------------------------------------------------------------------


def _standing(rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if row["retired_at"] is None]


def _same(kind: Kind, held: Before, said: Sequence[Said], rows: Sequence[Row], links: Links) -> bool:
    """Whether the statements that stand are those that were read now, one by one."""
    if len(said) != len(rows):
        return False
    for position, (one, row, link) in enumerate(zip(said, rows, links, strict=True)):
        if row["id"] != one.id or row["review_state"] != "open" or row["machine_state"] != "same":
            return False
        if row["machine"] is not None or row["position"] != position or row["sort_at"] != held.article["sort_at"]:
            return False
        if row["revision_id"] != held.revision["id"]:
            return False
        columns = zip((*FIELDS[kind], *JUDGED), one.row, strict=True)
        if any(row[name] != said_now for name, said_now in columns if name != "confidence"):
            return False
        if any(row[name] != to for name, to in link.items()):
            return False
    return True


def _quoted(found: Gathered, held: Before, one: Prepared) -> Links | None:
    """What its quotes are linked to; None where a name or an edge is new, or goes."""
    names = one.names
    within: dict[tuple[str, str], tuple[float, str]] = {}
    for edge in names.within:
        a, b = sorted((edge.a, edge.b))
        within[a, b] = edge.strength, edge.reason
    if within != held.edges or not found.unspelled.isdisjoint(names.persons):
        return None
    for nodes, known in ((names.organizations, found.organizations), (names.persons, found.persons)):
        for node, named in nodes.items():
            if node not in known:
                return None
            if named["by_quote"] and shortest(named["name"]) < shortest(found.called[node]):
                return None
    return links_of(names.named, {}, found.persons, found.organizations)


def _reported(found: Gathered, held: Before, one: Prepared) -> Links | None:
    """What its announcements are linked to; None where a report is new or goes, or an instrument would say more."""
    nodes = [told.node for told in one.reports]
    for told in one.reports:
        if told.node not in found.instruments or report_key(told) not in held.reports.get(told.node, ()):
            return None
    gone = {row["instrument_node"] for row in held.policies} - set(nodes)
    if any(held.reports.get(node) for node in gone):
        return None
    numbered = [told.node for told in one.reports if told.numbered]
    if len(nodes) > 1 and numbered:
        if not found.reported.isdisjoint(numbered):
            return None
        if next(cited_beside(found.db, one.id, one.reports), None) is not None:
            return None
    page = page_of(held.article)
    links = []
    for said, record, told in zip(one.policies, one.summaries, one.reports, strict=True):
        node = found.instruments[told.node]
        if better(found.instruments[node["same_as"]], {**page, "id": said.id}, record):
            return None
        reason = node["same_reason"] or instrument_reason(record)
        links.append({"instrument_id": node["same_as"], "instrument_node": told.node, "instrument_reason": reason})
    return links


def _same_relations(found: Gathered, held: Before, one: Prepared) -> bool:
    nodes = [told.node for told in one.reports]
    wanted: dict[tuple[str, str, str], dict[str, Any]] = {}
    for act in one.acts:
        named = act.named
        if named and named["id"] not in found.instruments:
            return False
        first = nodes[act.subject]
        other = nodes[act.object] if act.object is not None else named["id"] if named else None
        if other and first != other:
            wanted.setdefault((first, other, act.relation), act.columns)
    stored = {(row["from_node"], row["to_node"], row["relation"]): row for row in _standing(held.relations)}
    if stored.keys() != wanted.keys():
        return False
    return all(stored[key][name] == said for key, columns in wanted.items() for name, said in columns.items())


# -- what is written --------------------------------------------------------------------------------------------------


def _write(found: Gathered, waiting: Pending, held: Before, one: Prepared, parser_version: str) -> None:
    version = one.version
    if (held.revision["parser_version"], held.revision["extractor_version"]) != (parser_version, version):
        waiting.rows[sql.REVISIONS_AGAIN].append((parser_version, version, held.revision["id"]))
    for page in one.pages:
        row = found.records[page["warc_file"], page["warc_offset"]]
        if row["parser_version"] != parser_version:
            waiting.rows[sql.PAGES_AGAIN].append((parser_version, row["id"]))
            row["parser_version"] = parser_version
        addresses = {page["canonical_url"]}
        if page["final_url"]:
            addresses.add(canonical_url(page["final_url"]))
        waiting.rows[sql.SETTLED].extend((address,) for address in addresses)


def _write_versions(waiting: Pending, again: str, one: Prepared, said: Sequence[Said], rows: Sequence[Row]) -> None:
    version = one.version
    waiting.rows[again].extend(
        (version, each.row[_CONFIDENCE], row["seq"])
        for each, row in zip(said, rows, strict=True)
        if (row["extractor_version"], row["confidence"]) != (version, each.row[_CONFIDENCE])
    )
