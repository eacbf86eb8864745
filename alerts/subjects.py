"""What a mail's subject says: who does what to what, from the fields of a record and tables of words, never guessed.

A sentence is made where the fields and the shape of the title allow it; else the title stands after the issuer, as it
is. A Chinese title makes a Chinese sentence.
"""

from __future__ import annotations

import csv
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from alerts.sheet import one_line
from db.links.organization_names import body_of

LONGEST = 120
"""Characters of a subject; a Chinese one counts as two."""
_LONGEST_NAME = 60
_LONGEST_POST = 45
_MOST_GOODS = 3

_WORDS = Path(__file__).parent / "wording"
_CHINESE = re.compile("[\u3400-\u9fff\uf900-\ufaff]")
_WORD = re.compile(r"[^\W\d_]+")
_NAMED_ZH = re.compile(r"(?P<who>[^《》，。：]{2,30}?)(?P<what>关于.+)")
"""`商务部办公厅关于…的通知`"""
_ARTICLE = re.compile(r"(?:An?|The) (?=[a-z])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What the instrument of an announcement does to another one."""

    relation: str
    title: str
    """The other's title, as it is best known."""
    title_zh: str | None = None
    number: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Issuer:
    english: str
    chinese: str
    printed: tuple[str, ...]
    """As a title may begin with it."""


def announcement_subject(record: Mapping[str, Any], act: Act | None = None) -> str:
    """What an announcement (a row of the public view) does: `MOFCOM suspends Announcement No. 3 of 2026`.

    `act` is what it does to another instrument, where an article says so; a title that says more than its number goes
    before it, and so do goods before what is repealed at the same time.
    """
    title = _plain(record["title"])
    zh = is_chinese(title)
    issuers = [_issuer(_plain(name)) for name in json.loads(record["issuers"])]
    who = (_together_zh if zh else _together)([one.chinese if zh else one.english for one in issuers])
    if not who:
        return f"{title[:1].upper()}{title[1:]}"
    if record["salience"] == "background":
        title = _without(title, issuers)
        return f"{who}：{title}（背景）" if zh else f"{who}: {title} (background)"
    language = "zh" if zh else "en"
    said = _said_zh(record, title, issuers) if zh else _said(record, title, issuers)
    if act is not None and (sentence := _sentence(language, "relation", act.relation)):
        aside = act.relation == "repeals" and json.loads(record["sectors"])
        if not said or (_is_bare(title, issuers, language) and not aside):
            return sentence[0].format(issuer=who, other=_other(act, issuers, zh))
    return said.format(issuer=who) if said else f"{who}：{title}" if zh else f"{who}: {title}"


def quote_subject(speaker: str, post: str, words: str) -> str:
    """Who says what: `Lin Qiao (chief executive, Weir & Quay): "Barges will carry twice the grain"`."""
    speaker, post = shortened(speaker[:1000], _LONGEST_NAME), shortened(post[:1000], _LONGEST_POST)
    words = _plain(words).rstrip(",，")
    if is_chinese(words or speaker):
        return f"{speaker}（{post}）：“{words}”" if post else f"{speaker}：“{words}”"
    return f'{speaker} ({post}): "{words}"' if post else f'{speaker}: "{words}"'


def with_more(subject: str, more: int) -> str:
    """A subject, cut to its length, that says of how much more the mail tells."""
    tail = "" if not more else f"（另有{more}条）" if is_chinese(subject) else f" (+{more} more)"
    return shortened(subject, LONGEST - _width(tail)) + tail


def shortened(text: str, width: int) -> str:
    """`text` in one line of at most so many columns, cut between words; a Chinese character takes two columns.

    A quotation that is cut is closed, and no character loses its accent.
    """
    text = one_line(text, len(text) + 1)
    if _width(text) <= width:
        return text
    closing = next((mark for opening, mark in (('"', '"'), ("“", "”")) if opening in text and text[-1] == mark), "")
    left, end = width - 1 - _width(closing), 0
    for end, character in enumerate(text):  # noqa: B007
        left -= _columns(character)
        if left < 0:
            break
    while end and unicodedata.category(text[end]).startswith("M"):
        end -= 1
    cut = text[:end]
    if _WORD.match(text[end]) and not _CHINESE.match(text[end]) and " " in cut:
        cut = cut[: cut.rindex(" ")] if not _CHINESE.match(cut[-1:]) else cut
    return cut.rstrip(" ,;:，；：、-–(（") + "…" + closing


def is_chinese(text: str) -> bool:
    """Whether Chinese characters carry a line."""
    return len(_CHINESE.findall(text)) * 4 > len(text)


def _said(record: Mapping[str, Any], title: str, issuers: Sequence[_Issuer]) -> str:
    """The sentence of an English title with `{issuer}` left open; empty where none can be made."""
    if _is_bare(title, issuers, "en"):
        return _of_action(record, _without(title, issuers), "en")
    first, _space, rest = title.partition(" ")
    says = _openings("en").get(first.casefold())
    if says:
        return _open(f"{says} {rest}") if record["status"] == "issued" else ""
    if record["status"] == "planned" and first == "to":  # a plan that is told as a deed
        return _open(f"plans {title}")
    if not (first[:1].isupper() or first[:1].isdigit() or first in _nouns("en", "first")):
        return ""
    held = _sentence("en", "status", record["status"]) or _sentence("en", "instrument", record["instrument"])
    thing = _ARTICLE.sub(lambda found: found[0].lower(), _without_maker(title, issuers), count=1)
    return _filled(held[0], title=thing) if held else ""


def _said_zh(record: Mapping[str, Any], title: str, issuers: Sequence[_Issuer]) -> str:
    if _is_bare(title, issuers, "zh"):
        return _of_action(record, _without(title, issuers), "zh")
    named = _NAMED_ZH.match(title)
    if named and named["who"].startswith(tuple(name for one in issuers for name in one.printed if name)):
        return _braced(f"{named['who'].replace(' ', '、')}发布{named['what']}")
    title = _without(title, issuers)
    deed = title.startswith(tuple(_openings("zh")))
    document = title.startswith(("关于", "《")) or title.endswith(tuple(_nouns("zh", "last")))
    status = _sentence("zh", "status", record["status"])
    if status:
        if record["status"] == "planned" and deed and not document:
            return _open_zh(f"计划{title}")
        if record["status"] == "draft":
            title = title.replace("（征求意见稿）", "")
        return _filled(status[0], title=title) if document or record["status"] != "planned" else ""
    if deed:
        return _filled(_sentence("zh", "deed", "")[0], title=title)
    return _filled(_sentence("zh", "document", "")[0], title=title) if document else ""


def _of_action(record: Mapping[str, Any], title: str, language: str) -> str:
    """The sentence for a title that is a number: what is done, to which goods or to whom."""
    held = _sentence(language, "action", record["action"])
    status = _sentence(language, "status", record["status"])
    if status:
        return _filled(status[0], title=title)
    if not held:
        held = _sentence(language, "instrument", record["instrument"]) or _sentence(language, "document", "")
        return _filled(held[0], title=title) if held else ""
    goods, names = (_listed(record[name], language) for name in ("sectors", "entities"))
    wanted = {"goods": goods, "names": names}
    whole, without = held
    if all(wanted[name] for name in wanted if f"{{{name}}}" in whole):
        return _filled(whole, title=title, **wanted)
    return _filled(without or whole, title=title, **wanted)


def _other(act: Act, issuers: Sequence[_Issuer], zh: bool) -> str:
    number, title = _plain(act.number or ""), _plain((act.title_zh if zh else None) or act.title)
    if number and is_chinese(number) == zh:
        return _without(number, issuers)
    return title or number


def _open(rest: str) -> str:
    return f"{{issuer}} {_braced(rest)}"


def _open_zh(rest: str) -> str:
    return f"{{issuer}}{_braced(rest)}"


def _filled(sentence: str, **values: str) -> str:
    """A sentence of the table with everything but its issuer."""
    return sentence.format(issuer="{issuer}", **{name: _braced(value) for name, value in values.items()})


def _braced(value: str) -> str:
    return value.replace("{", "{{").replace("}", "}}")


def _is_bare(title: str, issuers: Sequence[_Issuer], language: str) -> bool:
    """Whether a title says no more than a number does: `Announcement No 41 of 2026`."""
    rest = _without(title, issuers)
    if not any(character.isdigit() for character in rest):
        return False
    bare = _nouns(language, "bare")
    if language == "zh":
        for word in bare:
            rest = rest.replace(word, "")
        return not _WORD.search(rest)
    return all(word.casefold() in bare for word in _WORD.findall(rest))


def _without(title: str, issuers: Iterable[_Issuer]) -> str:
    """A title without the issuer that it begins with."""
    for one in issuers:
        for name in one.printed:
            if name and title.casefold().startswith(name.casefold()) and len(title) > len(name):
                return re.sub(r"^['’]s\s+|^\s+", "", title[len(name) :])
    return title


def _without_maker(title: str, issuers: Sequence[_Issuer]) -> str:
    """`Circular on Transit Trade` for `Circular of the State Council on Transit Trade`: who acts is said before."""
    title = _without(title, issuers)
    names = "|".join(re.escape(name) for one in issuers for name in one.printed if name.isascii() and name)
    return re.sub(
        rf" of (?:the )?(?:{names})(?:(?:,| and|, and) (?:the )?(?:{names}))*(?= on | for )", "", title, count=1
    )


def _listed(held: str, language: str) -> str:
    found = [_plain(one) for one in json.loads(held)]
    if not found:
        return ""
    if language == "zh":
        return "、".join(found[:_MOST_GOODS]) + ("等" if len(found) > _MOST_GOODS else "")
    return _and(found[:_MOST_GOODS] if len(found) <= _MOST_GOODS else [*found[: _MOST_GOODS - 1], "others"])


def _together(names: Sequence[str]) -> str:
    """`with`, for `and` would want another form of every verb."""
    if len(names) < 2:
        return "".join(names)
    return f"{names[0]} with {names[1] if len(names) == 2 else f'{len(names) - 1} others'}"


def _together_zh(names: Sequence[str]) -> str:
    return "、".join(names) if len(names) < 3 else f"{names[0]}等{len(names)}部门"


def _and(names: Sequence[str]) -> str:
    return " and ".join(([", ".join(names[:-1])] if len(names) > 1 else []) + list(names[-1:]))


def _issuer(name: str) -> _Issuer:
    body = body_of(name)
    known = _issuers().get(name)
    chinese = known["chinese"] if known else body.chinese if body and body.chinese else name
    return _Issuer(
        english=shortened(known["english"] if known else name, _LONGEST_NAME),
        chinese=shortened(chinese, _LONGEST_NAME),
        printed=tuple(
            dict.fromkeys(
                (name, body.chinese if body else "", body.abbreviation if body else "", chinese,
                 *((known["english"],) if known else ()))
            )
        ),
    )  # fmt: skip


def _plain(text: str) -> str:
    """One line, however long."""
    return one_line(text[:2000], 1000)


def _width(text: str) -> int:
    return sum(map(_columns, text))


def _columns(character: str) -> int:
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


# -- the tables --------------------------------------------------------------------------------------------------------


@cache
def _rows(table: str) -> tuple[dict[str, str], ...]:
    with (_WORDS / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def _sentence(language: str, field: str, value: str) -> tuple[str, str]:
    """The sentence of a value, and the one for where what it names is not known; empty where the table has none."""
    found = [(row["sentence"], row["without"]) for row in _rows("sentences")
             if (row["language"], row["field"], row["value"]) == (language, field, value)]  # fmt: skip
    return found[0] if found else ()  # type: ignore[return-value]


@cache
def _openings(language: str) -> Mapping[str, str]:
    return {row["word"]: row["says"] for row in _rows("openings") if row["language"] == language}


@cache
def _nouns(language: str, place: str) -> frozenset[str]:
    return frozenset(row["word"] for row in _rows("nouns") if (row["language"], row["place"]) == (language, place))


@cache
def _issuers() -> Mapping[str, Mapping[str, str]]:
    return {row["name"]: row for row in _rows("issuers")}
