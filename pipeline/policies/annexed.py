"""What an announcement's annexes list: the companies and persons it names, and the goods it applies to.

The grammar is that of the lists printed below an announcement's signature (`entities.py`), and of tables: a line a
row, cells parted by tabs. A list counts as one of names or of goods when most of its items are such; running text with
a company in it (the reasons of a ruling, a form to fill in) is none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.model import PolicyAnnouncement
from pipeline.patterns import regex
from pipeline.policies.entities import bare_name, is_entity

MOST_ENTITIES = 300
MOST_GOODS = 100
MOST_TEXT = 2_000_000
"""Characters of all annexes of an announcement that lists are looked for in; that takes a second."""
_MOST = 0.6
"""Share of a list's items, or a column's cells, that must be names or codes for it to count as such."""

_ITEM = regex(r"[ 　]*(?P<no>\d{1,3})[ 　]*[.．、)）](?!\d)[ 　]*(?P<words>.{2,160})")
_LATIN_NAME = regex(r"^[^（()）。；;：:，,\d]{2,30}[（(][A-Za-z][A-Za-z .,&'’-]{2,80}[)）]$")
_ENGLISH_NAME = regex(
    r"^[A-Z0-9][^。；;：:\t]{2,100}?\b(?:Inc|LLC|Ltd|Limited|Corp|Corporation|Co|Company|Companies|Group|GmbH|AG|S\.?A|B\.?V"
    r"|N\.?V|PLC|LP|University|Institute|Laborator(?:y|ies)|Agency|Administration|Center|Centre|Association|Foundation"
    r"|Systems|Technologies|Industries|Holdings)\.?$"
)
_PLAIN_NAME = regex(r"^(?:[一-龥·A-Za-z0-9]{2,20}|[A-Z0-9][\w.&'’-]*(?: [A-Z0-9&][\w.&'’-]*){1,6})$")
"""What stands between names in a list of names is one, though nothing at its end says so: `KVL Electronic Warfare`."""
_RATE = regex(r"^(?P<name>.{3,60}?)[ 　]+\d{1,3}(?:\.\d+)?[ 　]?%$")
_CODE = regex(r"^(?:ex ?)?\d{4}(?:\.?\d{2}){1,3}$|^[0-9][A-E]\d{3}(?:\.[a-z0-9.]{1,12})?$")
"""A code of the tariff (`3818.0019`, `3818001900`) or of a control list (`1C350.a`)."""
_LINE_WITH_CODE = regex(
    r"^(?:[（(]?[\d一二三四五六七八九十]{1,3}[)）.．、][ 　]*)?(?P<name>[^\n（()）：:，,；;。]{2,40}?)[ 　]*"
    r"[（(](?:参考)?(?:海关)?(?:商品|税则|税号|编码|HS|CAS|[Rr]eference)[^（()）]{0,30}?\d{4}[^（()）]{0,120}[)）]"
)
"""`1. 高纯石墨（参考海关商品编号：3801100030）`."""
_CODE_FIRST = regex(
    r"^(?P<code>\d{8,10}|\d{4}\.\d{2,4}(?:\.\d{2})?|[0-9][A-E]\d{3}(?:\.[a-z0-9.]{1,12})?)[ 　]+(?P<name>\D.{1,60})$"
)
_NAME_HEAD = regex(
    r"实体|企业|公司|单位|生产商|出口商|供应商|机构|[Ee]ntit|[Cc]ompan|[Ee]xporter|[Pp]roducer|[Mm]anufacturer"
)
_GOODS_HEAD = regex(
    r"(?:商品|货品|货物|产品|物项|品目|技术)?名称|[Dd]escription|[Gg]oods|[Pp]roduct|[Ii]tem(?! ?[Nn]o)|[Cc]ommodit"
)
_CODE_HEAD = regex(r"编[号码]|税[则号]|代码|[Cc]ode|HS")
_REST = regex(r"^(?:其他|所有其他|其它|合计|小计|备注|(?:[Aa]ll )?[Oo]thers?\b|[Tt]otal\b|[Nn]otes?\b)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """What the annexes of one announcement list, each once, as printed."""

    entities: tuple[str, ...] = ()
    goods: tuple[str, ...] = ()


def with_annexes(found: Sequence[PolicyAnnouncement], texts: Sequence[str]) -> tuple[PolicyAnnouncement, ...]:
    """The announcements of a page, the page's own one with what its annexes list.

    Names go to `entities`, goods to `sectors`, after those that the page itself prints.
    """
    at = next((at for at, one in enumerate(found) if one.why is not None and one.why.rule == "own page"), None)
    if at is None or not texts:
        return tuple(found)
    listed = lists_in(texts)
    own = replace(
        found[at],
        entities=_joined(found[at].entities, listed.entities),
        sectors=_joined(found[at].sectors, listed.goods),
    )
    return (*found[:at], own, *found[at + 1 :])


def _joined(printed: tuple[str, ...], listed: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*printed, *listed)))


def lists_in(texts: Iterable[str]) -> Listed:
    """The names and goods that the annexes list, in their order, up to MOST_ENTITIES and MOST_GOODS."""
    entities: dict[str, None] = {}
    goods: dict[str, None] = {}
    left = MOST_TEXT
    for text in texts:
        text, left = text[:left], max(0, left - len(text))
        for block in _blocks(text):
            if len(entities) < MOST_ENTITIES:
                entities.update(dict.fromkeys(_names(block)))
            if len(goods) < MOST_GOODS:
                goods.update(dict.fromkeys(_goods(block)))
    return Listed(entities=tuple(entities)[:MOST_ENTITIES], goods=tuple(goods)[:MOST_GOODS])


def _blocks(text: str) -> Iterator[list[str]]:
    """Tables, and numbered lists whatever stands around them: the lines of each."""
    items: list[str] = []
    number = 0
    for paragraph in text.split("\n\n"):
        lines = paragraph.split("\n")
        if any("\t" in line for line in lines):
            yield from ([items] if items else [])
            items, number = [], 0
            yield lines
            continue
        for line in lines:
            item = _ITEM.fullmatch(line)
            if item is None or int(item["no"]) != number + 1:
                yield from ([items] if items else [])
                items, number = [], 0
            if item is not None:
                items.append(line)
                number = int(item["no"])
            elif line.strip():
                yield [line]
    if items:
        yield items


def _names(block: Sequence[str]) -> list[str]:
    if any("\t" in line for line in block):
        return [_name(cell) for cell in _cells(block, _NAME_HEAD, _is_name) if _is_name(cell)]
    items = [item["words"] for line in block if (item := _ITEM.fullmatch(line)) and not _REST.match(item["words"])]
    if len(items) < 2 or sum(map(_is_name, items)) < _MOST * len(items):
        return []
    return [_name(words) for words in items if _is_name(words) or _PLAIN_NAME.match(_name(words))]


def _is_name(words: str) -> bool:
    words = _without_rate(words.strip())
    name = bare_name(words)
    if _REST.match(name) or len(name) > 100:
        return False
    return (is_entity(name) and len(name) <= 40) or bool(_ENGLISH_NAME.match(name) or _LATIN_NAME.match(words))


def _name(words: str) -> str:
    return bare_name(_without_rate(words.strip()))


def _without_rate(words: str) -> str:
    rate = _RATE.match(words)
    return rate["name"] if rate else words


def _goods(block: Sequence[str]) -> list[str]:
    if not any("\t" in line for line in block):
        with_code = (_LINE_WITH_CODE.match(line) or _CODE_FIRST.match(line) for line in block)
        return [found["name"].strip(" 　") for found in with_code if found]
    rows = [line.split("\t") for line in block]
    coded = _column(rows, _CODE_HEAD, _is_code)
    if coded is None:
        return []
    names = [row for row in rows if len(row) > coded and _is_code(row[coded])]
    column = _headed(rows, _GOODS_HEAD)
    found = []
    for row in names:
        cell = row[column] if column is not None and column < len(row) else _longest(row, coded)
        name = cell.strip(" 　；;。.")
        if 2 <= len(name) <= 80 and not _REST.match(name) and not name.isdigit():
            found.append(name)
    return found


def _is_code(cell: str) -> bool:
    return bool(_CODE.match(cell.strip()))


def _longest(row: Sequence[str], coded: int) -> str:
    return max((cell for at, cell in enumerate(row) if at != coded), key=len, default="")


def _cells(block: Sequence[str], head: re.Pattern[str], holds: Callable[[str], bool]) -> list[str]:
    rows = [line.split("\t") for line in block]
    column = _column(rows, head, holds)
    return [row[column] for row in rows if len(row) > column] if column is not None else []


def _column(rows: Sequence[Sequence[str]], head: re.Pattern[str], holds: Callable[[str], bool]) -> int | None:
    """The column of which most cells hold what is wanted: the one that its head names, else one with two or more."""
    named = _headed(rows, head)
    order: list[int] = [*([named] if named is not None else []), *range(max(map(len, rows), default=0))]
    for column in order:
        cells = [row[column] for row in rows if len(row) > column and row[column].strip()]
        body = [cell for cell in cells if not _REST.match(cell)]
        body = body[1:] if len(body) > 1 and not holds(body[0]) else body
        held = sum(map(holds, body))
        if body and held >= _MOST * len(body) and (held > 1 or column == named):
            return column
    return None


def _headed(rows: Sequence[Sequence[str]], head: re.Pattern[str]) -> int | None:
    """The column whose head, in one of the first rows, is such a word."""
    for row in rows[:4]:
        for column, cell in enumerate(row):
            if len(cell) <= 20 and len(row) > 1 and head.search(cell):
                return column
    return None
