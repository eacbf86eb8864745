"""A search as an Atom feed (RFC 4287): the newest hits, each with its evidence, under ids that never change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from db.names import utc
from db.search import Hits
from web.inert import cut, inert
from web.labels import listed, source_name, words
from web.searching import Asked

ATOM = "http://www.w3.org/2005/Atom"
_TAG = "tag:policywire,2026:"
"""RFC 4151: what stands behind it is the id of the row, which is the same at every address of the site."""
_LONGEST = 2_000

register_namespace("", ATOM)


def feed_of(asked: Asked, groups: Iterable[tuple[str, Hits]], *, base: str, now: datetime, most: int) -> bytes:
    """The feed as XML in UTF-8. `base` is the address of the site, without a slash at the end."""
    hits = [(tab, hit) for tab, found in groups for hit in found.rows]
    hits.sort(key=lambda one: str(one[1]["sort_at"]), reverse=True)
    newest = hits[:most]
    root = Element(f"{{{ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": "en"})
    _text(root, "title", f"policywire: {_named(asked)}")
    _text(root, "subtitle", "Extracted by machine from the pages named; the newest first.")
    _text(root, "id", f"{_TAG}{asked.address()}")
    _text(root, "updated", max((_seen(hit) for _tab, hit in newest), default=utc(now)))
    _link(root, "self", base + asked.address("/search.atom"), "application/atom+xml")
    _link(root, "alternate", base + asked.address(), "text/html")
    _text(root, "generator", "policywire")
    for tab, hit in newest:
        _entry(root, tab, hit, base)
    made: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return made


def _entry(root: Element, tab: str, hit: Mapping[str, Any], base: str) -> None:
    entry = SubElement(root, f"{{{ATOM}}}entry")
    _text(entry, "title", _title(tab, hit))
    _text(entry, "id", f"{_TAG}{hit['id']}")
    _text(entry, "published", str(hit["sort_at"]))
    _text(entry, "updated", _seen(hit))
    author = SubElement(entry, f"{{{ATOM}}}author")
    _text(author, "name", source_name(hit["source"]))
    _link(entry, "alternate", base + _address(tab, hit), "text/html")
    for term in _terms(tab, hit):
        SubElement(entry, f"{{{ATOM}}}category", {"term": inert(cut(term))})
    _text(entry, "summary", "\n\n".join(_summary(tab, hit)))


def _title(tab: str, hit: Mapping[str, Any]) -> str:
    if tab == "quotes":
        return f"{cut(hit['speaker'], 120)}: {cut(hit['text'], 160)}"
    return cut(hit["name"] if tab == "attachments" else hit["title"]) or cut(hit["url"])


def _address(tab: str, hit: Mapping[str, Any]) -> str:
    if tab == "articles":
        return f"/articles/{hit['id']}"
    if tab == "attachments":
        return f"/attachments/{hit['id']}"
    return f"/articles/{hit['article_id']}#{hit['id']}"


def _terms(tab: str, hit: Mapping[str, Any]) -> Sequence[str]:
    if tab == "announcements":
        return [words(hit["action"]), words(hit["instrument"]), *listed(hit["issuers"])[:10]]
    return [words(hit["role"])] if tab == "quotes" and hit["role"] else []


def _summary(tab: str, hit: Mapping[str, Any]) -> Iterable[str]:
    """The evidence, and where it stands."""
    if tab == "announcements":
        facts = [", ".join(listed(hit["issuers"])), hit["number"], hit["issued_on"] and f"issued {hit['issued_on']}"]
        yield " · ".join(cut(str(fact)) for fact in facts if fact) or words(hit["action"])
        for span in listed(hit["evidence"])[:3]:
            yield cut(span["text"], _LONGEST)
    elif tab == "quotes":
        yield f"“{cut(hit['text'], _LONGEST)}”"
        yield ", ".join(cut(one) for one in (hit["speaker"], hit["title"], hit["organization"]) if one)
    else:
        yield cut(hit["text"], 500)
    if tab in ("announcements", "quotes", "attachments"):
        yield f"{source_name(hit['source'])}: {cut(hit['article_title'])}"


def _seen(hit: Mapping[str, Any]) -> str:
    return str(hit["first_seen_at"])


def _named(asked: Asked) -> str:
    chosen = [value for _name, value in asked.parameters() if _name not in ("in", "sort")]
    return cut(" · ".join(chosen), 200) or "everything new"


def _text(parent: Element, name: str, said: str) -> None:
    SubElement(parent, f"{{{ATOM}}}{name}").text = inert(said)


def _link(parent: Element, rel: str, href: str, kind: str) -> None:
    SubElement(parent, f"{{{ATOM}}}link", {"rel": rel, "type": kind, "href": href})
