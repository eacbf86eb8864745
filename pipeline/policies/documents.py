"""The record of a Chinese document's own page, and of the instruments that the document repeals, amends or executes."""

from __future__ import annotations

import re
from datetime import timedelta

from pipeline.model import Article, Instrument, Status
from pipeline.patterns import regex
from pipeline.policies.actions import action_of, usual_action
from pipeline.policies.candidates import LIMIT, Candidate
from pipeline.policies.cuts import evidence_sentences
from pipeline.policies.dates import dates_in, day_of
from pipeline.policies.entities import entities_of, listed_entities, taxed_companies
from pipeline.policies.instruments import instrument_of_title
from pipeline.policies.issuers import bodies_in
from pipeline.policies.numbers import Number, find_numbers
from pipeline.policies.pages import OwnPage
from pipeline.policies.sectors import regions_zh, sectors_zh

_DRAFT = regex(r"《(?P<name>[^《》]{3,80})》.{0,12}征求意见")
_DECIDES = regex(
    r"决定|现提出|现就有关|公开征求意见|裁定[，,如]|现(?:予)?公布|公布如下|现就|应当立即|不得出口|公告如下"
)
_STRONG_DECIDES = regex(
    r"(?:现)?决定(?:自|将|对|于|调整|优化|继续|延长|终止|暂停|恢复|取消|在|启动|发起"
    r"|不再|不发起|不予|修改|废止|加强|实施)|鉴此[，,]|批准[，,]自|决定[，,]自|作出决定|现将[^。；]{2,40}予以公布|现予(?:以)?公布"
    r"|(?:暂停|停止|恢复|延长|终止)实施"
)
_PROMULGATES = regex(r"现(?:予以|予)?公布[《，,。]|现将[^。；]{2,40}予以公布")
_PROMULGATED_NAME = regex(r"现(?:予以|予)?公布《(?P<name>[^《》]{4,80})》")
_MADE = regex(r"制定(?:本|了)?[^，。；]{0,24}")
_FROM_TODAY = regex(r"(?:自|从)即日起")
_MEASURE = regex(
    r"(?:[一二三四五六七八九十]{1,3}、|（[一二三四五六七八九十]{1,3}）)[^\n]{0,40}?(?:禁止"
    r"|未经许可|不得|免于|无需|停止|特殊情况|处以|取消|不批准|满足|征收|裁定)"
)
_ENTRY = regex(
    r"(?:本(?:公告|通知|决定|令|办法|规定|清单|目录)|[，,]|^|决定|、)自(?P<date>[^，。；]{2,24}?日)(?:\d{1"
    r",2}时\d{1,2}分)?[ 　]?起?[，,]?(?:正式)?(?:实施|施行|执行|生效|实行|优化|调整"
    r"|征收|对|起)|为自(?P<date2>[^，。；]{2,24}?日)起"
)
_ON_ISSUE = regex(r"自(?:本公告|本通知|本决定)?(?:公布|发布|印发|下发|签发)之日起")
_DECIDED_FROM = regex(r"(?:决定|，|,)(?:自|从)(?P<date>\d{4}年\d{1,2}月\d{1,2}日)(?:\d{1,2}时\d{1,2}分)?起")
_DAYS_AFTER = regex(r"自(?:公布|发布|印发)之日起(?P<days>\d{1,3})日后")
_STOPS_TRADE = regex(r"(?:暂停|禁止|停止)[^，。；《》]{1,30}?(?:出口|进口)")
_REPEAL = regex(r"废止|不再适用|停止执行|失效|停止实施")
_CITED_ONLY = regex(r"技术说明|是指|所列条件|所指|定义")
_EXECUTE = regex(r"(?:按照?|依照|依据|参照)《(?P<name>[^《》]{3,60})》[^，。；]{0,12}执行")
_UPDATE = regex(
    r"《(?P<name>[^《》]{3,60})》[^，。；《》]{0,12}(?:予以更新|更新|同步调整|相应调整|同时废止|废止|停止执行|予以修订|同时失效)"
)
_AMEND = regex(r"(?:修改|修订|废止|调整|更新)《(?P<name>[^《》]{3,60})》")
_EXEMPT = regex(r"不属于《(?P<name>[^《》]{3,60})》")
_ISSUED_NUMBER = regex(r"(?:发布|公布|印发|颁布)[^。，；]{0,6}$")


def own_record(article: Article, page: OwnPage) -> Candidate:
    """The news record for the document that the page is."""
    text, title = article.text, article.title or _name_above(article.text, page)
    spans = [span for span in evidence_sentences(text) if span[0] >= page.body_at or span[1] > page.body_at]
    decisions = _decisions(text, spans)
    lead = text[decisions[0][0] : decisions[0][1]] if decisions else (text[slice(*spans[0])] if spans else title)
    name = _promulgated(title, page, text) or _own_title(title, page) or _phrase(lead)
    effective, entry = _effective(text, spans, decisions, page.issued_on)
    entities = listed_entities(text) or taxed_companies(text) or entities_of(lead)
    record = Candidate(
        rule="own page",
        trigger=page.normal or name,
        title=name,
        instrument=_kind(page, title, text),
        head="公告",
        number=page.normal,
        issuers=page.issuers or _named_bodies(lead),
        issued_on=page.issued_on,
        effective_on=effective,
        action=action_of(f"{name} {title}", lead, text[page.body_at : page.body_at + 600]),
        regions=regions_zh(f"{title}\n{lead}"),
        sectors=sectors_zh(title, lead, text),
        entities=entities,
        strength=3,
        reason="the page is the document",
    )
    if "负面清单" in name:
        record.action = "restriction"
    if record.action in {"other", "regulation"} and _STOPS_TRADE.search(f"{name}\n{lead}"):
        record.action = "restriction"
    if record.action == "other":
        noun = instrument_of_title(name)
        record.action = usual_action(noun.instrument if noun else record.instrument, named=True)
    if page.history:
        record.add_evidence(page.history, *[s for s in spans if _MADE.search(text, s[0], s[1])][:1])
    record.add_evidence(*[s for s in spans if _PROMULGATES.search(text, s[0], s[1])][:1])
    record.add_evidence(*decisions[:3])
    measures = [s for s in spans if _MEASURE.match(text, s[0], s[1])]
    record.add_evidence(*measures[:3])
    if entry:
        record.add_evidence(entry)
    if not record.evidence and spans:
        record.add_evidence(next((s for s in spans if not text[: s[1]].endswith(("：", ":"))), spans[0]))
    draft = _DRAFT.search(title)
    if draft:
        noun = instrument_of_title(draft["name"])
        record.title, record.status = draft["name"], "draft"
        record.instrument = noun.instrument if noun else record.instrument
    return record


def _name_above(text: str, page: OwnPage) -> str:
    """The name that stands above its history line, on a page without a headline of its own."""
    above = text[: page.history[0]].strip().splitlines() if page.history else []
    return above[-1].strip() if above and len(above[-1]) < 80 else ""


def cited_records(article: Article, page: OwnPage, own: Candidate) -> list[Candidate]:
    """Background records for the other instruments of the page."""
    text = article.text
    found: list[Candidate] = []
    for start, end in evidence_sentences(text):
        if start < page.body_at and end <= page.body_at:
            continue
        if len(found) >= LIMIT:
            break
        sentence = text[start:end]
        for number in find_numbers(text, start, end):
            candidate = _numbered(text, start, end, number, page, own)
            if candidate is not None:
                found.append(candidate)
        known = {c.title for c in found} | {n.name for n in find_numbers(text, start, end) if n.name}
        found.extend(_earlier(text, start, end, page, own))
        found.extend(_named(text, start, end, sentence, own, known))
    return found


def _numbered(text: str, start: int, end: int, number: Number, page: OwnPage, own: Candidate) -> Candidate | None:
    normal = number.normal(printed=page.printed)
    if normal is None or normal == own.number or (number.kind == "letter" and number.name is None):
        return None
    sentence = text[start:end]
    lead = sentence[max(0, number.start - start - 100) : number.start - start]
    repealed = _REPEAL.search(sentence, max(0, number.end - start)) or re.search(
        r"废止《[^》]*》[（(][^）)]{0,50}$", lead
    )
    status: Status = "repealed" if repealed else "issued"
    noun = instrument_of_title(number.name) if number.name else None
    instrument: Instrument = "notice" if number.kind == "letter" else number.kind
    if noun and noun.noun not in {"决定", "措施", "公告"}:
        instrument = noun.instrument
    own_name = number.name and (noun is not None or number.name.startswith(("关于", "决定", "公布")))
    name = number.name if number.name and own_name else text[_printed_start(text, start, number) : number.end]
    candidate = Candidate(
        rule="repealed" if status == "repealed" else "cited by number",
        trigger=text[number.start : number.end],
        title=name,
        instrument=instrument,
        head="公告" if number.kind == "announcement" else "令",
        number=normal,
        issuers=number.issuers or _authors(number.name or "") or page.issuers,
        status=status,
        salience="background",
        strength=3,
        reason="named with its number as the measure in question",
    )
    before = [w for w in dates_in(text, start, number.start, page.issued_on) if len(w.value) == 10]
    candidate.issued_on = number.year
    if (
        before
        and _ISSUED_NUMBER.search(text[start : _printed_start(text, start, number)])
        and before[-1].value[:4] == number.year
    ):
        candidate.issued_on = before[-1].value
        entry = _ENTRY.search(text, number.end, end)
        if entry:
            after = dates_in(text, entry.start(), entry.end(), page.issued_on)
            candidate.effective_on = after[0].value if after else None
    listed = _LISTED_ON.match(sentence)
    if listed and candidate.issued_on == number.year:
        day = dates_in(text, start, start + listed.end("date"), page.issued_on)
        candidate.issued_on = day[-1].value if day and day[-1].value[:4] == number.year else candidate.issued_on
        candidate.entities = entities_of(sentence)
    candidate.action = action_of(sentence, own.title)
    if candidate.action in {"other", "regulation"}:
        candidate.action = own.action
    candidate.regions = regions_zh(sentence)
    candidate.sectors = sectors_zh("", sentence, sentence)
    candidate.add_evidence((start, end))
    if _CITED_ONLY.search(sentence) and status != "repealed":
        candidate.drop("only says what a term means")
    return candidate


def _named(text: str, start: int, end: int, sentence: str, own: Candidate, known: set[str]) -> list[Candidate]:
    found = []
    for pattern, rule in ((_EXECUTE, "executes"), (_UPDATE, "updates"), (_AMEND, "amends"), (_EXEMPT, "exempts from")):
        for match in pattern.finditer(sentence):
            name = match["name"]
            noun = instrument_of_title(name)
            if noun is None or name in known or name == own.title:
                continue
            candidate = Candidate(
                rule=rule,
                trigger=match[0],
                title=name,
                instrument=noun.instrument,
                head=noun.noun,
                status="repealed" if _REPEAL.search(match[0]) else "issued",
                salience="background",
                action=action_of(name, sentence),
                sectors=sectors_zh(name, sentence, sentence),
                evidence=[(start, end)],
                strength=3,
                reason=f"the page {rule} it",
            )
            if candidate.action in {"other", "regulation"}:
                candidate.action = own.action
            if noun.noun == "法" and rule == "executes":
                candidate.drop("a legal basis")
            found.append(candidate)
    return found


def _earlier(text: str, start: int, end: int, page: OwnPage, own: Candidate) -> list[Candidate]:
    """`决定于2月4日将甲公司列入不可靠实体清单`: what was decided before, when the page adds to it."""
    match = _LISTED_BEFORE.search(text, start, end) if text.find("列入", start, end) >= 0 else None
    today = day_of(page.issued_on) if match else None
    if match is None or today is None or find_numbers(text, start, end):
        return []
    when = dates_in(text, match.start("date"), match.end("date"), page.issued_on)
    day = day_of(when[-1].value) if when else None
    if day is None or (today - day).days < 1:
        return []
    return [
        Candidate(
            rule="decided before",
            trigger=match["date"],
            title=match["what"],
            instrument="list",
            issuers=page.issuers,
            issued_on=when[-1].value,
            salience="background",
            action=action_of(match["what"], own.title),
            regions=regions_zh(match["what"]),
            entities=entities_of(text[start:end]),
            evidence=[(start, end)],
            strength=2,
            reason="a listing of an earlier day",
        )
    ]


_LISTED_BEFORE = regex(
    r"(?:于|[，,])(?P<date>\d{4}年\d{1,2}月\d{1,2}日)[，,]?(?P<what>(?:已)?将[^。；]{2,160}?列入[^，。；]{2,16}?(?:清单|名单))"
)
_LISTED_ON = regex(r"[^，。；]{0,6}?(?P<date>\d{4}年\d{1,2}月\d{1,2}日)[，,][^。；]{2,260}?列入[^，。；]{2,20}[，,（(]")


def _authors(name: str) -> tuple[str, ...]:
    """The bodies before 关于 in a document's own name: `商务部 海关总署关于……的通知`."""
    head, about, _ = name.partition("关于")
    return tuple(dict.fromkeys(m.name for m in bodies_in(head, 0, len(head)))) if about else ()


def _promulgated(title: str, page: OwnPage, text: str) -> str | None:
    """The name of what an order promulgates, where its page is titled with the number alone."""
    if page.number is None or page.number.kind != "order" or _NUMBER_PREFIX.sub("", title).strip(" 　"):
        return None
    match = _PROMULGATED_NAME.search(text, page.body_at)
    return match["name"] if match else None


def _printed_start(text: str, start: int, number: Number) -> int:
    """Where the printed reference begins: with the bodies before a number whose kind comes first."""
    if not number.printed or text[number.start : number.start + 1].isdigit():
        return number.start
    at = number.start
    for short in reversed(number.printed):
        place = text.rfind(short, max(start, at - 40), at)
        at = place if place >= 0 else at
    return at


def _decisions(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    strong = [s for s in spans if _STRONG_DECIDES.search(text, s[0], s[1])]
    # a sentence that tells of an earlier announcement decides nothing here
    strong = [s for s in strong if not re.search(r"发布\d{4}年第\d+号公告", text[s[0] : s[1]])] or strong
    return strong or [s for s in spans if _DECIDES.search(text, s[0], s[1])][:2]


def _effective(
    text: str, spans: list[tuple[int, int]], decisions: list[tuple[int, int]], issued_on: str | None
) -> tuple[str | None, tuple[int, int] | None]:
    for span in reversed(spans):
        sentence = text[span[0] : span[1]]
        if not re.search(r"现予?公布|予以公布|本(?:公告|通知|决定|令|办法|规定|清单|目录)", sentence):
            continue
        later = _DAYS_AFTER.search(sentence)
        day = day_of(issued_on) if later else None
        if later and day:
            return (day + timedelta(days=int(later["days"]))).isoformat(), span
        if _ON_ISSUE.search(sentence) or _FROM_TODAY.search(sentence):
            return issued_on, span
        match = _ENTRY.search(text, span[0], span[1])
        if match:
            found = dates_in(text, match.start(), match.end(), issued_on, future=True)
            if found:
                return found[0].value, span
    for span in decisions:
        if _FROM_TODAY.search(text, *span):
            return issued_on, None
        match = _DECIDED_FROM.search(text, span[0], span[1])
        if match:
            found = dates_in(text, match.start(), match.end(), issued_on, future=True)
            if found:
                return found[0].value, None
    return None, None


def _kind(page: OwnPage, title: str, text: str) -> Instrument:
    if page.number and page.number.kind != "letter" and page.history is None:
        return page.number.kind
    bare = re.sub(r"[（(][^（）()]*[)）]$", "", title)
    noun = instrument_of_title(bare)
    headed = re.search(r"公告如下|本公告|通知如下|本通知", text)
    brought = None if title or headed else _BROUGHT.search(text)
    if brought:
        noun = instrument_of_title(next(words for words in brought.groupdict().values() if words))
    if noun:
        return noun.instrument
    if re.search(r"提出(?:以下|如下)(?:实施|指导)?意见", text[:2000]):
        return "guideline"
    if re.search(r"通知如下|本通知|^各省、自治区", text):
        return "notice"
    if re.search(r"公告如下|本公告", text):
        return "announcement"
    return "decision" if "决定" in text[:600] else "other"


_NUMBER_PREFIX = regex(
    r"^.{0,60}?(?:公告|令)[ 　]*〔?(?:\d{4}|[〇○零一二三四五六七八九]{4})〕?年?[ 　]*第?[ 　]*\d{1,4}[ 　]*号[ 　:：]*"
)


def _own_title(title: str, page: OwnPage) -> str:
    rest = (title if "关于" in title.split("号", 1)[0] else _NUMBER_PREFIX.sub("", title)).strip(" 　")
    return rest or title or ""


def _phrase(sentence: str) -> str:
    """What was decided: the words after 决定 and its date, or what is brought, up to the next stop."""
    for pattern in (_DECIDED_WHAT, _BROUGHT, _FROM_THEN, _ABOUT):
        match = pattern.search(sentence)
        if match:
            return next(words for words in match.groupdict().values() if words).strip()
    return re.split(r"[。；]", sentence)[0][:60]


_DECIDED_WHAT = regex(r"决定(?:自[^，。]{2,24}?起(?!至)[，,]?|自[^，。]{2,30}[，,])?(?P<what>(?!自)[^，。；：]{4,60})")
_BROUGHT = regex(
    r"现(?:予以|予)?公布《(?P<what>[^《》]{4,80})》"
    r"|(?:制定|修订)了?《(?P<what2>[^《》]{4,80})》[，,]现(?:予以|予)?公布"
    r"|现将调整后的《(?P<what3>[^《》]{4,80})》|《(?P<what4>[^《》]{4,80})》(?:（[^（）]{2,20}）)?已经"
)
_FROM_THEN = regex(r"自[^，。]{2,30}[，,](?P<what>(?:暂停|停止|恢复|延长|终止|调整|取消|对)[^，。；]{4,80})")
_ABOUT = regex(r"现就(?:做好)?(?P<what>[^，。；]{4,50}?)(?:公告|通知|规定|通告)?如下")


def _named_bodies(sentence: str) -> tuple[str, ...]:
    decide = sentence.find("决定")
    found = [
        m
        for m in bodies_in(sentence, 0, decide if decide > 0 else 0)
        if sentence[max(0, m.start - 1) : m.start] != "经"
    ]
    names = [m.name for m in found if not re.match(r"[^，。]{0,6}批准", sentence[m.end :])]
    return tuple(dict.fromkeys(names))
