"""Public bodies named in a text, by their usual English names; the table is bodies.csv."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from pipeline.policies.tables import rows, several


@dataclass(frozen=True, slots=True)
class Body:
    """A row of bodies.csv as far as rules ask for it."""

    name: str
    abbreviation: str
    chinese: str
    kind: str
    place: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A body named at `start:end`."""

    start: int
    end: int
    name: str
    kind: str
    place: str


@cache
def bodies() -> dict[str, Body]:
    """The table by canonical name."""
    return {
        row["name"]: Body(row["name"], row["abbreviation"], row["chinese"], row["kind"], row["place"])
        for row in rows("bodies")
    }


@cache
def _english() -> dict[str, tuple[tuple[str, str], ...]]:
    """First word -> (printed name, canonical name), longest first."""
    names: dict[str, str] = {}
    for row in rows("bodies"):
        for printed in (row["name"], row["abbreviation"], *several(row["also"])):
            if printed:
                names.setdefault(printed, row["name"])
                if "'" in printed:
                    names.setdefault(printed.replace("'", "’"), row["name"])
    index: dict[str, list[tuple[str, str]]] = {}
    for printed, name in names.items():
        index.setdefault(_FIRST.match(printed)[0], []).append((printed, name))  # type: ignore[index]
    return {word: tuple(sorted(pairs, key=lambda pair: -len(pair[0]))) for word, pairs in index.items()}


@cache
def _chinese() -> dict[str, tuple[tuple[str, str], ...]]:
    """First two signs -> (printed name, canonical name), longest first."""
    index: dict[str, list[tuple[str, str]]] = {}
    for row in rows("bodies"):
        for printed in (row["chinese"], *several(row["also_zh"])):
            if printed:
                index.setdefault(printed[:2], []).append((printed, row["name"]))
    return {head: tuple(sorted(pairs, key=lambda pair: -len(pair[0]))) for head, pairs in index.items()}


_FIRST = re.compile(r"\w+")
_WORD = re.compile(r"[A-Za-z]\w*")
_HAN = re.compile(r"[一-龥]")
# 国务院商务主管部门, 商务部门 and 外交部长 are no mentions of the body whose name they begin with
_NOT_AFTER = ("门", "长", "分主管", "主管")
_SPACED = re.compile(r"商[ 　]务[ 　]部")


@lru_cache(maxsize=4096)
def bodies_in(text: str, start: int, end: int) -> tuple[Mention, ...]:
    """The bodies named in `text[start:end]`, in order, none overlapping; the longest name wins."""
    found: list[Mention] = []
    english, chinese, table = _english(), _chinese(), bodies()
    at = start
    for match in _WORD.finditer(text, start, end):
        if match.start() < at or match[0] not in english:
            continue
        for printed, name in english[match[0]]:
            stop = match.start() + len(printed)
            if stop <= end and text.startswith(printed, match.start()) and not text[stop : stop + 1].isalnum():
                body = table[name]
                found.append(Mention(match.start(), stop, name, body.kind, body.place))
                at = stop
                break
    if _HAN.search(text, start, end):
        at = start
        while at < end - 1:
            for printed, name in chinese.get(text[at : at + 2], ()):
                stop = at + len(printed)
                if stop <= end and text.startswith(printed, at) and not text.startswith(_NOT_AFTER, stop):
                    body = table[name]
                    found.append(Mention(at, stop, name, body.kind, body.place))
                    at = stop - 1
                    break
            at += 1
        for match in _SPACED.finditer(text, start, end):
            found.append(Mention(match.start(), match.end(), "Ministry of Commerce", "central", "China"))
        found.sort(key=lambda mention: mention.start)
    return tuple(found)


def abbreviation(name: str) -> str:
    """`MOFCOM` for `Ministry of Commerce`; the name itself where the table has no abbreviation."""
    body = bodies().get(name)
    return body.abbreviation if body and body.abbreviation else name


def short_chinese(printed: str) -> str:
    """The form that document numbers use: without the country's name and without spaces."""
    plain = printed.replace(" ", "").replace("　", "")
    return plain.removeprefix("中华人民共和国") or plain


def chinese_name(name: str) -> str:
    """The Chinese name of a canonical body, or the name itself."""
    body = bodies().get(name)
    return body.chinese if body and body.chinese else name
