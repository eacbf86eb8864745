"""A ministry's own page: whether it is one, its number, issuers and dates, from the header block or the text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.model import Article
from pipeline.patterns import regex
from pipeline.policies.dates import dates_in, printed_day
from pipeline.policies.issuers import abbreviation, bodies_in, chinese_name
from pipeline.policies.numbers import Number, find_numbers
from pipeline.text import is_chinese

_HEADER_LINE = regex(
    r"【(?P<key>发布单位|发布文号|发文字号|发文单位|发布日期|发文日期|成文日期|公布日期"
    r"|实施日期|生效日期|公开类型|索引号|文号|文件名称|主题词|信息名称|分类)】[ 　]*(?P<value>[^\n]{0,120}"
    r")"
)
_REMARKS = regex(
    r"答记者问|新闻发言人|发布会|谈话|座谈|会见|会谈|通电话|记者会|专访|解读|一图读懂"
    r"|[Pp]ress [Cc]onference|[Ss]poke(?:sman|sperson|swoman)"
    r"|[Cc]omments on|[Aa]nswer(?:s|ed) [Qq]uestions|[Hh]ead of|[Mm]inister|[Aa]ttends|[Rr]oundtable|[Qq]&A"
)
_OWN_TITLE = regex(
    r"(?:公告|通知|通告|令|决定|办法|规定|意见|方案|目录|清单)(?:[（(][^（）()]{1,20}[)）])?$"
    r"|^[^，。]{0,40}(?:公告|令)[ 　]*\d{4}年?"
)
_OWN_BODY = regex(
    r"有关(?:事项|规定|事宜|情况)?(?:公告|通知|通告)?如下|(?:公告|通知|通告)如下|本(?:公告|通知|决定|令|办法"
    r"|规定)自|^各省、自治区、直辖市|现(?:予以?)?公布[，,。《]|提出(?:以下|如下)(?:实施|指导)?意见："
    r"|hereby (?:promulgated|announce)|is hereby promulgated|现公布"
)
_ABROAD = regex(
    r"(?:美国?|日本?|欧盟?|英国?|荷兰|德国|法国|加拿大|澳大利亚|韩国?|印度|俄罗斯|新加坡|瑞士|墨西哥|巴西|土耳其|乌克兰"
    r"|意大利|西班牙|挪威|波兰)[一-龥]{0,16}?(?:发布|公布|修订|修改|实施|宣布|更新|调整|出台|推出|将|拟|加强|扩大|对)"
)
"""The headline of a report on another country's measure is no title of a document: `日本修订出口管制法令`."""
_REPORTS = regex(
    r"[^，。《]{1,40}?(?:部|部门|委|局|署|办|会|院|厅|机制)(?:日前|近日|今日|将|联合)*"
    r"(?:印发|发布|出台|推出|解读|介绍|启动|召开|部署|公布|修订)(?!将)"
)
"""The headline of a release, `商务部等9部门印发某方案`, unlike a document's own title."""
_ENGLISH_TITLE = regex(
    r"(?:Announcement|Notice|Circular|Guidelines?|Opinions|Several Measures|Measures|Provisions|Rules|Decision|Order"
    r"|Decree|Catalogue|Joint Announcement|Joint Statement|Joint Declaration)"
    r" (?:of|on|for|to|regarding)\b(?!.{0,200}(?:[Aa]nswer|[Pp]ress|Q&A))"
)
_MASTHEAD = regex(r"(?:^|\n)[ 　]*公[ 　]{0,3}告\s{0,4}(?P<year>\d{4})年[ 　]*第[ 　]*(?P<no>\d{1,4})[ 　]*号(?=\s*\n)")
_OWN_LINE = regex(r"[^。，；]{0,60}")
_SIGNED = regex(
    r"\n(?P<bodies>[^\n。；：]{2,120})\n{1,2}(?:[（(][^\n]{2,20}[)）]\n{1,2})?(?P<date>(?:\d{4}"
    r"|[〇○零一二三四五六七八九]{4})年[^\n]{3,12}日)\s*(?:\n|$)"
)
_SIGNED_END = regex(r"(?:\n\n?(?P<bodies>[^\n。；：]{2,60}(?:\n\n?[^\n。；：]{2,60})?))$")
_EN_DATE_LINE = regex(
    r"(?:^|\n|\s)(?P<date>(?:January|February|March|April|May|June|July|August|September"
    r"|October|November|December) [0-3]?\d, (?:19|20)\d{2})(?=\s*(?:\n|$))"
)
_HISTORY = regex(
    r"(?:^|\n)[ 　]*(?P<line>[（(](?P<date>\d{4}年\d{1,2}月\d{1,2}日)"
    r"[^\n（）()]{2,60}?号(?:令)?(?:公布|发布)[^\n]{0,80}[)）])(?=\s*\n)"
)
_DATE_KEYS = ("发文日期", "发布日期", "成文日期", "公布日期")


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPage:
    """What a document's page says of the document itself."""

    number: Number | None
    normal: str | None
    """The number, normalised."""
    printed: tuple[str, ...]
    """The bodies as a number prints them, to complete numbers in the text that name none."""
    issuers: tuple[str, ...]
    issued_on: str | None
    body_at: int
    """Where the text proper begins, after header lines and masthead."""
    signed: str
    """The signature, for the kinds of instrument that it settles."""
    history: tuple[int, int] | None = None
    """The line under a name that tells its number and day: `（2020年9月19日商务部令第4号公布）`."""


def own_page(article: Article) -> OwnPage | None:
    """The page as a document, or None where it reports on something else."""
    text, title = article.text, article.title or ""
    header = dict(article.header)
    body_at = 0
    for match in _HEADER_LINE.finditer(text, 0, 1500):
        if match.start() > body_at + 4:
            break
        header.setdefault(match["key"], match["value"].strip())
        body_at = match.end()
    if not header and not _is_document(text, title):
        return None
    number = _own_number(article.number or header.get("发文字号") or header.get("发布文号") or "", title, text, body_at)
    history = _HISTORY.search(text, body_at, body_at + 300) if number is None else None
    if history:
        number = next(iter(find_numbers(text, *history.span())), None)
    signature = _SIGNED.search(text, max(0, body_at - 1))
    signed = signature["bodies"] if signature else ""
    published = _header_date(header) or _signed_date(text, signature) or _history_date(text, history)
    published = published or article.published
    issuers = _issuers(number, title, text, signed, header)
    year = (published or "")[:4] or None
    printed = number.printed if number and number.printed else _printed(issuers, chinese=is_chinese(text))
    return OwnPage(
        number=number,
        normal=number.normal(printed=printed, year=year) if number else None,
        printed=printed,
        issuers=issuers,
        issued_on=printed_day(published),
        body_at=body_at,
        signed=signed,
        history=history.span("line") if history else None,
    )


def _is_document(text: str, title: str) -> bool:
    if _ENGLISH_TITLE.match(title):
        return True
    if _REMARKS.search(title) or _ABROAD.match(title) or (_REPORTS.match(title) and not find_numbers(title)):
        return False
    head = text[:400]
    if _ANY_SPEECH.search(head):
        return False
    if _OWN_TITLE.search(title) or _OWN_BODY.search(text[:6000]):
        return True
    if not title and _signed_by_bodies(text):
        return True
    numbers = find_numbers(title) or [n for n in find_numbers(head, 0, min(len(head), 120)) if n.start < 15]
    return bool(numbers) and "http" not in head


def _signed_by_bodies(text: str) -> bool:
    """Whether the text ends with nothing but the names of bodies and a day."""
    signature = _SIGNED.search(text, max(0, len(text) - 200))
    return signature is not None and bool(_mention_texts(signature["bodies"])) and "新闻" not in signature["bodies"]


_ANY_SPEECH = regex(r"记者问：|^问：|\n答：|^\s*Q\d?[.:]|\nA\d?[.:]|said|表示[,，]")


def _own_number(printed: str, title: str, text: str, body_at: int) -> Number | None:
    for source in (printed, title):
        found = find_numbers(source)
        # a number after 关于 is that of the instrument the document is about
        if found and "关于" not in source[: found[0].start]:
            return found[0]
    head = text[body_at : body_at + 200]
    masthead = _MASTHEAD.search(head)
    if masthead:
        found = find_numbers(head, masthead.start(), masthead.end())
        if found:
            return found[0]
    if english := _EN_MASTHEAD.match(head):
        year = english["year"] or english["year2"]
        return _masthead_number(english, year)
    lines = [
        n
        for n in find_numbers(head)
        if _OWN_LINE.fullmatch(head[head.rfind("\n", 0, n.start) + 1 : n.start]) and "\n" in head[n.end : n.end + 3]
    ]
    return lines[0] if lines else None


_EN_MASTHEAD = regex(
    r"\s*(?P<kind>Order|Decree|Announcement) of (?:the )?(?P<bodies>[A-Z][^\n]{4,200}?)\s*\n\s*"
    r"(?:No\.? ?(?P<no>\d{1,4})(?:(?: of|,)? ?(?P<year>\d{4}))?|(?P<year2>\d{4}),? No\.? ?(?P<no2>\d{1,4}))\s*(?:\n|$)"
)
"""`Order of the Ministry of Commerce` on one line and `No. 37` on the next."""


def _masthead_number(match: re.Match[str], year: str | None) -> Number | None:
    names = {m.name: abbreviation(m.name) for m in bodies_in(match["bodies"], 0, len(match["bodies"]))}
    if not names:
        return None
    return Number(
        start=match.start("kind"),
        end=match.end(),
        kind="announcement" if match["kind"] == "Announcement" else "order",
        label=match["kind"],
        no=int(match["no"] or match["no2"]),
        year=year,
        issuers=tuple(names),
        printed=tuple(names.values()),
    )


def _issuers(number: Number | None, title: str, text: str, signed: str, header: dict[str, str]) -> tuple[str, ...]:
    if number and number.issuers:
        return number.issuers
    lead = re.split(r"关于|公布|公告|令", title, maxsplit=1)[0] if title else ""
    # 商务部等9部门 names one of the nine; the signature names all
    sources = (signed, _tail(text), lead) if _SEVERAL.search(lead) else (lead, signed, _tail(text))
    for source in sources:
        found = tuple(dict.fromkeys(m.name for m in bodies_in(source, 0, len(source))))
        if found:
            return found
    # 发布单位 is often the drafting bureau, so it only serves where it names a body of the table
    unit = header.get("发布单位", "")
    return tuple(dict.fromkeys(m.name for m in bodies_in(unit, 0, len(unit))))


_SEVERAL = regex(r"等[ 　]?(?:\d+|[一二三四五六七八九十两]+)[ 　]?个?(?:部门|部委|单位|机关|家)")


def _tail(text: str) -> str:
    """The last lines where they hold nothing but bodies: `公安部 商务部 …`."""
    match = _SIGNED_END.search(text, max(0, len(text) - 160))
    if match is None:
        return ""
    words = re.sub(r"[ 　\n、]", "", match["bodies"])
    named = "".join(text for text in _mention_texts(match["bodies"]))
    return match["bodies"] if words and len(named.replace(" ", "")) >= len(words) * 0.6 else ""


def _mention_texts(text: str) -> list[str]:
    return [text[m.start : m.end] for m in bodies_in(text, 0, len(text))]


def _printed(issuers: tuple[str, ...], *, chinese: bool) -> tuple[str, ...]:
    return tuple(chinese_name(i) if chinese else abbreviation(i) for i in issuers)


def _header_date(header: dict[str, str]) -> str | None:
    for key in _DATE_KEYS:
        value = header.get(key)
        if value:
            match = re.match(r"(\d{4})[-年/.](\d{1,2})[-月/.](\d{1,2})", value)
            if match:
                return f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}"
    return None


def _signed_date(text: str, signature: re.Match[str] | None) -> str | None:
    if signature:
        found = dates_in(text, signature.start("date"), signature.end("date"), None)
        return found[0].value if found else None
    english = _EN_DATE_LINE.search(text)
    if english:
        found = dates_in(text, english.start("date"), english.end("date"), None)
        return found[0].value if found else None
    return None


def _history_date(text: str, history: re.Match[str] | None) -> str | None:
    found = dates_in(text, *history.span("date"), None) if history else []
    return found[0].value if found else None
