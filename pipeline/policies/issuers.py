"""Public bodies named in a text, by their usual English names; the table is bodies.csv."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from pipeline.patterns import regex
from pipeline.policies.gazetteer import Gazetteer
from pipeline.policies.organs_local import local_offices
from pipeline.policies.tables import rows, several
from pipeline.text import has_chinese


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
def _english() -> Gazetteer[Body]:
    table = bodies()
    names: dict[str, Body] = {}
    for row in rows("bodies"):
        for printed in (row["name"], row["abbreviation"], *several(row["also"]), *_of_region(row)):
            if printed:
                names.setdefault(printed, table[row["name"]])
                if "'" in printed:
                    names.setdefault(printed.replace("'", "’"), table[row["name"]])
    return Gazetteer(names)


def _of_region(row: dict[str, str]) -> Iterator[str]:
    """How else bodies of Hong Kong and Macao are printed: `HKSAR Legislative Council`, `Macao's Executive Council`."""
    forms = _REGIONS.get(row["place"])
    if forms is None or row["kind"] != "local":
        return
    for printed in (row["name"], *several(row["also"])):
        own = _REGION_OF.sub("", _REGION_FIRST.sub("", printed))
        if own[0].isupper() and own not in {"LegCo", "Customs"}:
            yield from (form + own for form in forms)


@cache
def _chinese() -> dict[str, tuple[tuple[str, str], ...]]:
    """First two signs -> (printed name, canonical name), longest first."""
    index: dict[str, list[tuple[str, str]]] = {}
    for row in rows("bodies"):
        for printed in (row["chinese"], *several(row["also_zh"])):
            if printed:
                index.setdefault(printed[:2], []).append((printed, row["name"]))
    return {head: tuple(sorted(pairs, key=lambda pair: -len(pair[0]))) for head, pairs in index.items()}


@cache
def _heads_zh() -> re.Pattern[str]:
    """The signs that a Chinese name of a body begins with."""
    return re.compile(f"[{''.join(sorted({head[0] for head in _chinese()}))}]")


_REGIONS = {
    "Hong Kong": ("Hong Kong ", "Hong Kong's ", "Hong Kong SAR ", "HKSAR ", "HKSAR's "),
    "Macao": ("Macao ", "Macao's ", "Macao SAR "),
}
_REGION_FIRST = regex(r"^(?:Hong Kong(?:['’]s)?|HKSAR|Macao(?:['’]s)?) ")
_REGION_OF = regex(r" of (?:the )?(?:Hong Kong|Macao)(?: Special Administrative Region)?$")
_FOREIGN_BEFORE = regex(r"(?P<land>[A-Z][A-Za-z]*\.?(?: [A-Z][a-z]+){0,2})(?:['’]s?)? $")
_FOREIGN_AFTER = regex(r" of (?:the )?(?P<land>[A-Z][A-Za-z]+(?: [A-Z][a-z]+){0,2})")
_HAN = regex(r"[一-龥]")
# 国务院商务主管部门, 商务部门 and 外交部长 are no mentions of the body whose name they begin with
_NOT_AFTER = ("门", "长", "分主管", "主管")
_SPACED = regex(r"商[ 　]务[ 　]部")


def bodies_in(text: str, start: int, end: int) -> tuple[Mention, ...]:
    """The bodies named in `text[start:end]`, in order, none overlapping; the longest name wins."""
    mentions, starts, ends = _mentions(text)
    return mentions[bisect_left(starts, start) : bisect_right(ends, end)]


@lru_cache(maxsize=16)
def _mentions(text: str) -> tuple[tuple[Mention, ...], list[int], list[int]]:
    """All bodies that the text names, with where they begin and end."""
    found = [_mention(text, start, stop, body) for start, stop, body in _english().find(text)]
    local = [Mention(start, stop, name, "local", place) for start, stop, name, place in local_offices(text)]
    if local:
        found = _longest([*found, *local])
    found = [_office_of(text, mention) for mention in _with_offices(text, found)]
    if has_chinese(text) and _HAN.search(text):
        found = sorted([*found, *_mentions_zh(text)], key=lambda mention: mention.start)
    return tuple(found), [mention.start for mention in found], [mention.end for mention in found]


_OFFICES = regex(r"\b[Gg]eneral [Oo]ffices of (?:the )?$")
_GENERAL_OFFICE = regex(r"\b[Gg]eneral [Oo]ffice of (?:the )?$")
_BRANCH = regex(
    r"\b(?P<place>[A-Z][a-z]+(?: [A-Z][a-z]+)?)(?: (?:provincial|municipal|city))?"
    r" (?P<kind>[Bb]ranch|[Rr]egional [Oo]ffice|[Hh]ead [Oo]ffice|[Oo]ffice|[Bb]ureau) of (?:the )?$"
)
_AND_THE = (" and the ", " and ")


def _with_offices(text: str, found: list[Mention]) -> list[Mention]:
    """`The general offices of the Committee and the Council`: each body's own general office."""
    if "eneral offices of" not in text and "eneral Offices of" not in text:
        return found
    done: list[Mention] = []
    before = False
    for i, mention in enumerate(found):
        lead = _OFFICES.search(text, max(0, mention.start - 28), mention.start)
        joined = before and text[found[i - 1].end : mention.start] in _AND_THE
        before = lead is not None or joined
        name = f"General Office of the {mention.name}"
        start = lead.start() if lead else mention.start
        done.append(Mention(start, mention.end, name, mention.kind, mention.place) if before else mention)
    return done


def _office_of(text: str, mention: Mention) -> Mention:
    """`The Sample branch of the bank`, `the general office of the Sample government`: none of the whole body."""
    if not text[max(0, mention.start - 7) : mention.start].endswith(("of ", "of the ")):
        return mention
    branch = _BRANCH.search(text, max(0, mention.start - 60), mention.start) if mention.kind == "central" else None
    if branch is not None:
        name = f"{branch['place']} {branch['kind'].title()} of the {mention.name}"
        return Mention(branch.start(), mention.end, name, "local", branch["place"])
    general = _GENERAL_OFFICE.search(text, max(0, mention.start - 24), mention.start)
    if general is not None and mention.kind == "local" and mention.name.endswith("overnment"):
        return Mention(general.start(), mention.end, f"General Office of {mention.name}", "local", mention.place)
    return mention


def _longest(mentions: list[Mention]) -> list[Mention]:
    """Those of them that no longer one overlaps which begins before its end, in order."""
    kept: list[Mention] = []
    for mention in sorted(mentions, key=lambda m: (m.start, -m.end)):
        if not kept or mention.start >= kept[-1].end:
            kept.append(mention)
        elif mention.end - mention.start > kept[-1].end - kept[-1].start:
            kept[-1] = mention
    return kept


def _mention(text: str, start: int, stop: int, body: Body) -> Mention:
    """What an English name stands for; a Chinese body's name with another country beside it is that country's body.

    `Japan's Ministry of Finance` and `the Ministry of Education of Singapore` are none of China's.
    """
    if body.kind == "central" and body.place == "China":
        before = _FOREIGN_BEFORE.search(text, max(0, start - 40), start)
        after = _FOREIGN_AFTER.match(text, stop, min(len(text), stop + 60))
        lands = lands_by_name()
        for match, first, last in ((before, before.start() if before else 0, stop), (after, start, 0)):
            land = lands.get(match["land"]) or lands.get(match["land"].split()[-1]) if match else None
            if match is None or land is None:
                continue
            whole = body.name.startswith("Ministry of ") and _in_full(body.name, text[start:stop])
            name = f"{body.name} of {land}" if whole else land
            edge = last or match.end()
            known = bodies().get(name)
            return Mention(first, edge, name, known.kind if known else "foreign", land)
    return Mention(start, stop, body.name, body.kind, body.place)


@cache
def _in_full(name: str, printed: str) -> bool:
    """Whether what is printed has every word of a ministry's name: another land's `industry ministry` is no MIIT."""
    words = {word.strip(",").lower() for word in name.split()} - {"of", "and", "the"}
    return words <= {word.strip(",").lower() for word in printed.split()}


@cache
def lands_by_name() -> dict[str, str]:
    """Printed names and adjectives of foreign countries -> the country: `Japanese` -> `Japan`."""
    return {
        printed: row["name"]
        for row in rows("places")
        if row["kind"] in {"country", "bloc"}
        for printed in (row["name"], *several(row["also"]))
    }


def _mentions_zh(text: str) -> Iterator[Mention]:
    chinese, table = _chinese(), bodies()
    at = 0
    for match in _heads_zh().finditer(text):
        start = match.start()
        if start < at:
            continue
        for printed, name in chinese.get(text[start : start + 2], ()):
            stop = start + len(printed)
            if text.startswith(printed, start) and not text.startswith(_NOT_AFTER, stop):
                body = table[name]
                yield Mention(start, stop, name, body.kind, body.place)
                at = stop
                break
    for match in _SPACED.finditer(text):
        yield Mention(match.start(), match.end(), "Ministry of Commerce", "central", "China")


def country_of(mention: Mention) -> str:
    """Who acts where `the Japanese government` does: the country; every other body under its own name."""
    return mention.place if mention.kind == "government" and mention.place != "China" else mention.name


@cache
def acting(name: str) -> str:
    """The country for the name of its government, every other name as it is."""
    body = bodies().get(name)
    return body.place if body and body.kind == "government" and body.place != "China" else name


@cache
def place_of(name: str) -> str | None:
    """The place of a body or of a country that acts under its own name; None for a name that the tables lack."""
    body = bodies().get(name)
    if body is not None:
        return body.place
    return name if name in lands_by_name().values() else None


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
