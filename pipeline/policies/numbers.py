"""Document numbers, English and Chinese, in the forms that ministries print; normalised to the spec's form.

Forms and examples: sources/mofcom_documents.md, section 2.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from pipeline.patterns import regex
from pipeline.policies.dates import DIGITS
from pipeline.policies.issuers import abbreviation, bodies_in, short_chinese

NumberKind = Literal["announcement", "order", "letter"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """One document number found in a text."""

    start: int
    end: int
    kind: NumberKind
    label: str
    """The word or letters before the digits in the normal form: `公告`, `令`, `Announcement`, `商合函`."""
    no: int
    year: str | None
    issuers: tuple[str, ...] = ()
    """Canonical names of the bodies beside the number; empty where the text names none."""
    printed: tuple[str, ...] = ()
    """Those bodies as the normal form prints them: `商务部`, `MOFCOM`."""
    name: str | None = None
    """The instrument's own name where it stands in brackets after the number."""
    name_span: tuple[int, int] | None = None

    def normal(self, *, printed: tuple[str, ...] = (), year: str | None = None) -> str | None:
        """The spec's form, or None where the year is unknown: `商务部公告2025年第55号`, `MOFCOM Order No. 4 of 2020`.

        `printed` and `year` are what the page supports where the number itself names no body or year.
        """
        at = self.year or year
        if at is None:
            return None
        bodies = self.printed or printed
        if self.kind == "letter":
            return f"{self.label}〔{at}〕{self.no}号"
        if self.label in {"公告", "令"}:
            return f"{' '.join(bodies)}{self.label}{at}年第{self.no}号"
        return f"{' and '.join(bodies)} {self.label} No. {self.no} of {at}".strip()


_YEAR = r"(?:\d{4}|[〇○零一二三四五六七八九]{4})"
_OPEN, _CLOSE = r"[〔\[(（【]", r"[〕\])）】]"
_UEL = "不可靠实体清单工作机制"
_MECHANISM = "Unreliable Entity List Working Mechanism"

# 公告2025年第1号, 公告〔2024〕1号, 令二〇二五年第5号, 公告2025第62号, 第4号令 without a year
_ZH_AFTER = regex(
    rf"(?P<kind>公[ 　]?告|令)[ 　]*{_OPEN}?(?P<year>{_YEAR}){_CLOSE}?[ 　]*年?[ 　]*第?[ 　]*(?P<no>\d{{1,4}})[ 　]*号"
    rf"(?P<more>(?:(?:和|、|及)第?\d{{1,4}}号){{0,8}})"
)
_ZH_BEFORE = regex(
    rf"(?P<year>{_YEAR})[ 　]*年[ 　]*第[ 　]*(?P<no>\d{{1,4}})[ 　]*号"
    rf"(?P<more>(?:(?:和|、|及)(?:{_YEAR}年)?第?\d{{1,4}}号){{0,8}})(?P<kind>公告|令)"
)
_ZH_NO_YEAR = regex(r"(?P<kind>令|公告)第(?P<no>\d{1,4})号|第(?P<no2>\d{1,4})号(?P<kind2>令)")
_ZH_MECHANISM = regex(
    rf"{_UEL}(?:公告)?[ 　]*{_OPEN}?(?P<year>{_YEAR}){_CLOSE}?[ 　]*年?[ 　]*第?[ 　]*(?P<no>\d{{1,4}})[ 　]*号"
    r"(?P<more>(?:(?:和|、|及)第?\d{1,4}号){0,8})"
)
_ZH_LETTER = regex(
    rf"(?P<mark>[国商财税海发工信环建卫食药银证][一-龥]{{0,5}}(?:函|发|办|字|规|税)){_OPEN}(?P<year>\d{{4}}"
    rf"){_CLOSE}第?(?P<no>\d{{1,5}})号"
)
_MORE = regex(rf"(?:(?P<year>{_YEAR})年)?第?(?P<no>\d{{1,4}})号")
_NAME_BEFORE = regex(r"《(?P<name>[^《》]{2,80})》[（(][^（）()《》\n]{0,50}$")
_NAME_AFTER = regex(
    r"[（(](?!以下|下称|简称|详?见|附)《?(?P<name>[^（()）《》]{4,80})》?[)）]"
    r"|(?:公布的|发布的)?《(?P<name2>[^《》]{4,80})》"
)
# 和2019年第24号公告: the list's second number stands after "和" and shares the bodies of the first
_PAIR = regex(rf"(?P<year>{_YEAR})年第(?P<no>\d{{1,4}})号(?=(?:和|、|及){_YEAR}年第\d{{1,4}}号(?:公告|令))")

_EN_KIND = r"(?P<kind>[Aa]nnouncement|[Nn]otice|[Oo]rder|[Dd]ecree|[Cc]ircular)s?"
_EN_NO = r"(?:No|Number|Nos)\.?\s{0,2}(?P<no>\d{1,4})"
_EN_YEAR = r"(?:,?\s{0,2}(?:of|in|\(|,)?\s{0,2}(?P<year>(?:19|20)\d{2})\)?)"
_EN_AFTER = regex(rf"\b{_EN_KIND},?\s{{1,3}}{_EN_NO}{_EN_YEAR}?\b")
_EN_REVERSED = regex(
    rf"\b{_EN_KIND} of (?:the )?(?P<body>[A-Z][^\n.;]{{3,90}}?),? "
    r"(?:(?P<year>(?:19|20)\d{2}),? No\.?\s?(?P<no>\d{1,4})|No\.?\s?(?P<no2>\d{1,4}) of (?P<year2>(?:19|20)\d{2}))"
)
_EN_OF_BODY = regex(r",?\s{0,2}(?:of|by) (?:the )?")
_EN_LATE_YEAR = regex(r",?\s(?:of\s)?((?:19|20)\d{2})\b")
_EN_AND = regex(r",?\s?(?:and\s|,\s)?(?:the\s)?")
_EN_BESIDE = regex(r"(?:['’]s)?,?\s{0,2}(?:and\s|,\s)?(?:the\s)?(?:[Jj]oint\s)?")


def chinese_year(text: str) -> str:
    """`二〇二五` and `2025` as `2025`."""
    return "".join(DIGITS.get(sign, sign) for sign in text)


def find_numbers(text: str, start: int = 0, end: int | None = None) -> list[Number]:
    """Every document number of `text[start:end]` in text order, each with the bodies that the words around it name.

    `公告2023年第27号和第28号` gives two numbers with one place.
    """
    stop = len(text) if end is None else end
    if text.find("No", start, stop) < 0 and text.find("号", start, stop) < 0 and text.find("Number", start, stop) < 0:
        return []
    found = [*_chinese(text, start, stop), *_english(text, start, stop)]
    taken: list[Number] = []
    edge, whole = -1, (-1, -1)
    for number in sorted(found, key=lambda n: (n.start, -n.end)):
        if number.start >= edge or (number.start, number.end) == whole:
            taken.append(number)
            edge, whole = max(edge, number.end), (number.start, number.end)
    return taken


def _chinese(text: str, start: int, end: int) -> Iterator[Number]:
    if text.find("号", start, end) < 0:
        return
    for match in _ZH_MECHANISM.finditer(text, start, end):
        for no, year in _each(match):
            yield _number(text, match, "公告", no, year, (_MECHANISM,), (_UEL,))
    for pattern in (_ZH_AFTER, _ZH_BEFORE, _PAIR):
        for match in pattern.finditer(text, start, end):
            label = "公告" if pattern is _PAIR else match["kind"].replace(" ", "").replace("　", "")
            if label == "令" and text[max(0, match.start() - 1) : match.start()] in {"政", "法", "指", "命"}:
                continue
            issuers, printed = _bodies_before(text, start, match.start())
            for no, year in _each(match):
                yield _number(text, match, label, no, year, issuers, printed)
    for match in _ZH_NO_YEAR.finditer(text, start, end):
        issuers, printed = _bodies_before(text, start, match.start())
        if printed:
            label, no = match["kind"] or match["kind2"], match["no"] or match["no2"]
            yield _number(text, match, label, no, _year_near(text, match.start()), issuers, printed)
    for match in _ZH_LETTER.finditer(text, start, end):
        yield _number(text, match, match["mark"], match["no"], match["year"], (), ())


def _each(match: re.Match[str]) -> Iterator[tuple[str, str]]:
    year = chinese_year(match["year"])
    yield match["no"], year
    more = match.groupdict().get("more") or ""
    for extra in _MORE.finditer(more):
        year = chinese_year(extra["year"]) if extra["year"] else year
        yield extra["no"], year


def _number(
    text: str,
    match: re.Match[str],
    label: str,
    no: str,
    year: str | None,
    issuers: tuple[str, ...],
    printed: tuple[str, ...],
) -> Number:
    before = _NAME_BEFORE.search(text, max(0, match.start() - 140), match.start())
    after = before or _NAME_AFTER.match(text, match.end(), min(len(text), match.end() + 100))
    group = "name" if after and (before or after["name"]) else "name2"
    kind: NumberKind = {"公告": "announcement", "令": "order"}.get(label, "letter")  # type: ignore[assignment]
    return Number(
        start=match.start(), end=match.end(), kind=kind, label=label, no=int(no), year=year, issuers=issuers,
        printed=printed,
        name=after[group] if after else None, name_span=after.span(group) if after else None,
    )  # fmt: skip


_JOINT = regex(r"[ 　、，,和及与会同联合发布]{0,6}")


def _bodies_before(text: str, floor: int, at: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The run of bodies that ends right before `at`: canonical names and printed short forms, in order."""
    run: list[tuple[str, str]] = []
    edge = at
    for body in reversed(bodies_in(text, max(floor, at - 120), at)):
        if _JOINT.fullmatch(text, body.end, edge) is None:
            break
        run.insert(0, (body.name, short_chinese(text[body.start : body.end])))
        edge = body.start
    run = list(dict(run).items())
    return tuple(name for name, _ in run), tuple(short for _, short in run)


_ANY_YEAR = regex(rf"({_YEAR})年")


def _year_near(text: str, at: int) -> str | None:
    years = _ANY_YEAR.findall(text, max(0, at - 40), min(len(text), at + 40))
    return chinese_year(years[-1]) if years else None


def _english(text: str, start: int, end: int) -> Iterator[Number]:
    for match in _EN_REVERSED.finditer(text, start, end):
        named = {body.name: text[body.start : body.end] for body in bodies_in(text, *match.span("body"))}
        if named:
            yield _english_number(match, match.end(), match["year"] or match["year2"], named)
    for match in _EN_AFTER.finditer(text, start, end):
        edge = match.start()
        bodies, stop = _bodies_after(text, match.end(), end)
        if not bodies:
            bodies, edge = _bodies_before_english(text, start, match.start())
            stop = match.end()
        late = _EN_LATE_YEAR.match(text, stop, stop + 12) if match["year"] is None else None
        yield replace(_english_number(match, stop, late[1] if late else match["year"], bodies), start=edge)


def _english_number(match: re.Match[str], end: int, year: str | None, bodies: dict[str, str]) -> Number:
    label = match["kind"].capitalize()
    return Number(
        start=match.start(), end=end, kind="order" if label in {"Order", "Decree"} else "announcement", label=label,
        no=int(match["no"] or match.groupdict()["no2"]), year=year, issuers=tuple(bodies),
        printed=tuple(words if words.isupper() else abbreviation(body) for body, words in bodies.items()),
    )  # fmt: skip


def _bodies_after(text: str, at: int, end: int) -> tuple[dict[str, str], int]:
    """Canonical names of the bodies after a number, each with its printed form, and where the last one ends."""
    lead = _EN_OF_BODY.match(text, at, min(end, at + 20))
    if lead is None:
        return {}, at
    found: dict[str, str] = {}
    edge = lead.end()
    for body in bodies_in(text, lead.end(), min(end, at + 220)):
        if _EN_AND.fullmatch(text, edge, body.start) is None:
            break
        found.setdefault(body.name, text[body.start : body.end])
        edge = body.end
    return found, edge if found else at


def _bodies_before_english(text: str, floor: int, at: int) -> tuple[dict[str, str], int]:
    found: list[tuple[str, str]] = []
    edge = at
    for body in reversed(bodies_in(text, max(floor, at - 160), at)):
        if _EN_BESIDE.fullmatch(text, body.end, edge) is None:
            break
        found.insert(0, (body.name, text[body.start : body.end]))
        edge = body.start
    return dict(found), edge
