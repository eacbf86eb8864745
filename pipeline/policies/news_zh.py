"""Announcements that Chinese prose reports: news releases, answers to the press, reports on foreign measures.

Grammar: an authority, a verb of issuing or deciding, and what it issued (a number, a name in 《》, a noun of
instruments.csv) or what it does (将…列入…, 对…实施…, 暂停…措施).
"""

from __future__ import annotations

import re

from pipeline.model import Action, Article, Instrument, Salience, Status
from pipeline.patterns import regex
from pipeline.policies.acting_zh import (
    ENTRY,
    FOREIGN_SIDE,
    acting,
    chinese_bodies,
    country_acting,
    date_before,
    entry_day,
    salience_of,
)
from pipeline.policies.actions import action_of, usual_action
from pipeline.policies.candidates import LIMIT, Candidate
from pipeline.policies.context_zh import dated_by_paragraph, in_passing, of_the_page, one_agreement, short_names
from pipeline.policies.cuts import evidence_sentences
from pipeline.policies.dates import When, dates_in, day_of
from pipeline.policies.entities import entities_of
from pipeline.policies.folding_zh import fold_into_topic, fold_same_deeds
from pipeline.policies.instruments import instrument_of_title
from pipeline.policies.issuers import Mention, bodies_in, chinese_name
from pipeline.policies.numbers import Number, find_numbers
from pipeline.policies.sectors import regions_zh, sectors_zh

_ISSUE = regex(
    r"(?:联合)?(?:批复同意|发布|公布|印发|出台|颁布|制定(?:了|出台|并发布)|签署|推出|下发|修订(?:发布)?"
    r"|通过|实施了?(?=《|$)|公布实施|编制了?|起草|宣布|发表)了?"
)
_DO = regex(
    r"(?P<verb>决定|宣布|裁定|将|拟|计划|已|继续|于\d+月\d+日|开始)?(?:自(?P<date>[^，。；]{2,24}?日)起[，,]?)?"
    r"(?P<what>将[^。；？]{2,60}?列入[^，。；？]{2,20}"
    r"|实施(?P<final>对[^，。；？]{2,40}?最终措施)"
    r"|对[^，。；？]{1,50}?(?:提高|上调)[^，。；？]{0,12}?(?:关税|税率)"
    r"|对[^，。；？]{1,50}?(?:实施|采取|启动|发起|作出|加征|征收)[^，。；？]{0,30}?(?:管制"
    r"|管控|制裁|反制(?:措施)?|调查|关税|反倾销税|反补贴税|附加税|附加费|港务费|限制措施|保证金|处理措施)"
    r"|(?:继续)?(?:暂停|停止|中止|取消|恢复)[^，。；？]{0,60}?(?:措施|关税|管制|制裁"
    r"|公告|调查|税率|反倾销税)(?:\d+天|\d+年|[一二三四五六七八九十]+年)?"
    r"|(?:全面)?禁止[^。；？]{4,60}?(?:出口|进口|交易|投资)"
    r"|加强[^，。；？]{2,30}?(?:出口管制|管制)"
    r"|(?:对[^，。；？]{2,40}?)予以豁免|(?:继续)?(?:征收|加征)[^，。；？]{2,40}?(?:关税|反倾销税|反补贴税)"
    r"|(?:延长|调整)[^，。；？]{2,40}?(?:期限|措施|税率)|启用[^，。；？]{2,40}?实施制裁"
    r"|新一轮[^，。；？]{0,12}制裁)"
)
_STANCE = regex(
    r"坚决反对|敦促|希望|呼吁|要求(?:美|欧|日|荷|英|对)方|应当?(?:立即)?(?:停止|纠正"
    r"|撤销|取消)|立即(?:停止|纠正|撤销|取消)|破坏|意欲何为|不应受到|奉劝|停止对"
)
_OWN_SIDE = regex(r"中方|中国政府|我国|我方|我(?=对|将)")
_TOUCHED = regex(r"(?:暂停|停止|中止|延长|废止|取消)[^，。；]{0,30}$")
_BOOK = regex(r"《(?P<name>[^《》]{2,80})》(?P<after>(?:草案|修正案|修订草案|征求意见稿)?)")
_BASIS = regex(r"(?:根据|依据|依照|按照|违反|基于|落实|规避)(?:《[^《》]{2,80}》[、和及]?(?:等)?){0,6}$")
_NOUN_INSIDE = regex(r"公告|通知|办法|条例|规定|清单|目录")
_NOUN_END = regex(
    r"(?P<name>[^，。；、：？,;“”《》]{0,40}?(?P<noun>公告|行政令|通知|负面清单|清单"
    r"|指导意见|意见|行动计划|实施方案|方案|规划|办法|条例|规定|国家标准|若干措施|最终措施"
    r"|禁令|指南))(?=[，。；、：？,;和及并以等后之（(]|$|的)"
)
_DRAFT = regex(r"草案|征求意见|公开征求")
_JUST_NOW = regex(r"(?:近日|日前|今日|今天|昨日|昨天|当天|刚刚)(?=[^。；]{0,60}$)")
_DECIDED = regex(
    r"[,，]?(?:决定|部署)(?P<what>[^，。；,]{4,60})"
    r"|[,，](?:自[^，。；,]{2,20}起[,，]?)?(?P<deed>对[^，。；,]{2,50}?(?:发起|启动|开展|实施|进行|作出|征收|采取|收取)[^，。；,]{2,30}"
    r"|(?:继续)?(?:调整|暂停|停止|取消|恢复|延长)[^，。；,]{4,50})"
)
_LATER = regex(r"以上(?:修订|修改|调整|措施)[^。；]{0,12}自(?:公布|发布)之日起[^。；]{1,8}后")
_WILL_REVISE = regex(r"(?:将|拟)对[^。；]{2,40}(?:修订|修改|调整)")


def reported_records(article: Article) -> list[Candidate]:
    """Candidates of a page that reports, in text order; several of one instrument are still apart."""
    text = article.text
    found: list[Candidate] = []
    for start, end in evidence_sentences(text):
        if len(found) >= LIMIT:
            break
        sentence = text[start:end]
        found.extend(in_passing(article, start, end))
        if _ISSUE.search(sentence) is None and _DO.search(sentence) is None and "《" not in sentence:
            continue
        found.extend(_sentence(article, start, end))
    short_names(found)
    one_agreement(found)
    dated_by_paragraph(article, found)
    for candidate in found:
        if candidate.action == "other":
            candidate.action = usual_action(candidate.instrument, named=candidate.strength == 3)
    found = fold_into_topic(article, found)
    fold_same_deeds(article, found)
    of_the_page(found)
    return found


def _sentence(article: Article, start: int, end: int) -> list[Candidate]:
    text = article.text
    sentence = text[start:end]
    found: list[Candidate] = []
    numbers = find_numbers(text, start, end)
    bodies = bodies_in(text, start, end)
    dates = dates_in(text, start, end, article.published)
    edge, touched = start, None
    for number in numbers:
        verb = _TOUCHED.search(text[start : number.start])
        # `暂停第1号……，第2号……`: the verb goes on to the next number of the list
        touched = verb[0] if verb else touched if not _ISSUE.search(text, edge, number.start) else None
        found.append(_numbered(article, start, end, number, bodies, dates, touched))
        edge = number.end
    for match in _BOOK.finditer(text, start, end):
        if any(n.name_span and n.name_span[0] <= match.start("name") < n.name_span[1] for n in numbers):
            continue
        candidate = _book(article, start, end, match, bodies, dates)
        if candidate is not None:
            found.append(candidate)
    question = sentence.rstrip().endswith(("？", "?"))
    if not any(c.kept and c.salience == "news" for c in found):
        found.extend(_bare_noun(article, start, end, bodies, dates))
    if not found or not any(c.kept and c.rule in {"number issued", "noun issued"} for c in found):
        done = _done(article, start, end, bodies, dates, question=question)
        if done is not None:
            found.append(done)
    return found


def _numbered(
    article: Article,
    start: int,
    end: int,
    number: Number,
    bodies: tuple[Mention, ...],
    dates: list[When],
    touched: str | None,
) -> Candidate:
    """`touched`: the verb that suspends or ends what the number names, with the words up to the number."""
    text = article.text
    sentence = text[start:end]
    issuers = number.issuers or acting(text, start, number.start, bodies)
    printed = number.printed or tuple(chinese_name(name) for name in issuers)
    if not printed and "商务部" in f"{article.title or ''}{article.source}":
        issuers, printed = ("Ministry of Commerce",), ("商务部",)
    before = [w for w in dates if w.end <= number.start and not text.startswith(("起", "公告起"), w.end)]
    issued = next((w.value for w in reversed(before) if w.value[:4] == number.year), number.year)
    noun = instrument_of_title(number.name) if number.name else None
    instrument: Instrument = number.kind if number.kind != "letter" else "notice"
    if noun and instrument in {"order", "notice"}:
        instrument = noun.instrument
    name_start, name_end = number.start, number.end
    day = re.search(r"\d{1,2}月\d{1,2}日公告[（(]$", text[max(start, number.start - 14) : number.start])
    if day:
        name_start, name_end = number.start - len(day[0]), min(end, number.end + 1)
    status: Status = "issued"
    if touched and touched.startswith(("停止", "废止", "取消")):
        status = "repealed"
    what = re.search(r"公布(?P<what>对[^，。；]{6,60}?(?:裁定|决定|调查|措施))", sentence)
    candidate = Candidate(
        rule="number issued",
        trigger=text[number.start : number.end],
        title=number.name or (what["what"] if what else text[name_start:name_end]),
        instrument=instrument,
        head="公告" if number.kind == "announcement" else "令",
        number=number.normal(printed=printed, year=issued[:4] if issued else None),
        issuers=issuers,
        issued_on=issued,
        effective_on=entry_day(text, number.end, end, article.published) if not touched else None,
        status=status,
        salience="background" if touched else salience_of(issued, article.published),
        action=action_of(sentence),
        regions=regions_zh(sentence),
        sectors=sectors_zh(what["what"] if what else "", sentence, sentence),
        entities=entities_of(sentence),
        evidence=[(start, end)],
        strength=3,
        reason="has a document number",
    )
    if touched:
        candidate.rule = "number touched"
    if re.search(r"详见[^，。；]{0,20}$", text[start : number.start]):
        candidate.salience = "background"
    return candidate


def _book(
    article: Article, start: int, end: int, match: re.Match[str], bodies: tuple[Mention, ...], dates: list[When]
) -> Candidate | None:
    text, name = article.text, match["name"]
    noun = instrument_of_title(name)
    before = text[max(start, match.start() - 400) : match.start()]
    after = text[match.end() : min(end, match.end() + 24)]
    if len(name) < 4 and (name[:2] in {"条例", "办法", "规定", "意见", "通知", "方案"} or name[-1] not in "令法"):
        # 《办法》 stands for the full name above
        return None
    drafted = match["after"] != "" or re.search(r"修订[^，。；]{0,3}$", before) is not None
    if noun is None and drafted and (inside := _NOUN_INSIDE.findall(name)):
        noun = instrument_of_title(inside[-1])
    if (noun is None and not drafted) or _BASIS.search(before) or re.search(r"(?:简称|以下称|下称)[“]?$", before):
        return None
    kind: Instrument = noun.instrument if noun else "other"
    verb = None
    for verb in _ISSUE.finditer(before, max(0, len(before) - 90)):  # noqa: B007 - the last one counts
        pass
    near = verb is not None and len(before) - verb.end() <= 60 and not re.search(r"[。；]", before[verb.end() :])
    listed = re.search(r"列入[^，。；]{0,4}$", before) is not None
    invoked = re.search(r"(?:引用|援引|启用)[^，。；]{0,24}$", before) is not None
    amended = re.search(r"(?:修订|修改|调整|更新|部分修订)[^，。；《》]{0,6}$", before) is not None
    asks = re.search(r"^[^，。；]{0,4}(?:公开)?(?:征求意见|草案)|^征求", after) is not None or (
        re.search(r"就$", before) is not None and "征求意见" in after
    )
    passive = re.match(r"[^，。；《》]{0,10}(?:正式)?(?:实施|施行|生效|发布|印发|公布|出台|废止)", after) is not None
    if not (near or listed or amended or asks or passive):
        return None
    if invoked or (re.search(r"要求|(?:根据|按照|依据)[^，。；]{0,24}$", before[-26:]) and not (amended or asks)):
        return None
    cue = verb[0] if verb is not None and near else after[:6]
    status: Status = "draft" if asks or _DRAFT.search(name + match["after"]) else "issued"
    if amended and _report(article) and (_LATER.search(text, end) or _WILL_REVISE.search(text, 0, start)):
        status = "planned" if status == "issued" else status
    if status == "issued" and (
        re.search(r"(?:抓紧|正在|将|拟|研究)[^，。；]{0,4}(?:修订|制定|起草|修改)[^，。；]{0,4}$", before)
        or cue == "起草"
    ):
        status = "planned"
    if re.match(r"[^，。；]{0,6}(?:废止|失效)", after):
        status = "repealed"
    issuers = acting(text, start, match.start(), bodies)
    issued = date_before(text, start, match.start(), dates) if (near or listed) else None
    return Candidate(
        rule="name issued" if near or asks else "name listed" if listed else "name amended",
        trigger=cue or "修订",
        title=name,
        instrument=kind,
        head=noun.noun if noun else "",
        issuers=issuers or (() if before.endswith(("颁布的", "公布的")) else _foreign_author(article, start, before)),
        issued_on=issued or (_page_date(article, start) if amended else None),
        effective_on=entry_day(text, match.end(), end, article.published),
        status=status,
        salience="news"
        if near and issued is None and status != "planned" and _JUST_NOW.search(before, max(0, len(before) - 90))
        else _book_salience(article, listed, amended, issued, start),
        action=_book_action(article, name, text[start:end], amended=amended),
        regions=(),
        sectors=sectors_zh("", text[start:end], ""),
        evidence=[(start, end)],
        strength=3,
        reason="has a name of its own",
    )


def _book_action(article: Article, name: str, sentence: str, *, amended: bool) -> Action:
    """What it does; an order that a page on export control tells the changes of is that, whatever its name."""
    found = action_of(name, sentence)
    if amended and found in {"other", "regulation"} and _report(article):
        around = action_of(article.title or "", article.text[:300])
        return around if around == "export_control" else found
    return "regulation" if found == "other" and name.endswith("令") else found


def _report(article: Article) -> bool:
    """Whether the page reports other bodies' measures, and neither answers the press nor tells of a meeting."""
    return not re.search(r"答记者问|发言人|发布会|座谈|会见|会谈|通电话", article.title or "") and not re.search(
        r"记者问|答：|表示[,，]|发布会", article.text[:600]
    )


def _book_salience(article: Article, listed: bool, amended: bool, issued: str | None, start: int) -> Salience:
    if _report(article) and (amended or (not listed and issued is None and start < 200)):
        return "news"
    return "background" if listed or issued is None else salience_of(issued, article.published)


def _foreign_author(article: Article, start: int, before: str) -> tuple[str, ...]:
    """On a page that reports a foreign ministry's changes, the ministry named first is the author of all of them."""
    if not _report(article) or _OWN_SIDE.search(before):
        return ()
    foreign = [m.name for m in bodies_in(article.text, 0, min(start, 600)) if m.kind in {"foreign", "supranational"}]
    return (foreign[0],) if foreign else ()


def _page_date(article: Article, start: int) -> str | None:
    if not _report(article):
        return None
    dates = [w.value for w in dates_in(article.text, 0, min(start, 200), article.published) if len(w.value) == 10]
    return dates[0] if dates else None


def _bare_noun(
    article: Article, start: int, end: int, bodies: tuple[Mention, ...], dates: list[When]
) -> list[Candidate]:
    """`商务部于2019年7月29日发布公告,决定…`, `荷兰政府9月30日发布行政令`, `公布新版全国和自贸试验区负面清单`."""
    text = article.text
    found = []
    for verb in _ISSUE.finditer(text, start, end):
        match = _NOUN_END.match(text, verb.end(), min(end, verb.end() + 60))
        if match is not None and find_numbers(text, match.end(), min(end, match.end() + 40)):
            continue
        if (
            match is None
            or re.search(r"^(?:相关|有关|该|上述|以下|如下)|反馈意见$|(?:相关|有关)(?:公告|通知|规定)$", match["name"])
            or "《" in match[0]
            or re.search(r"\d+号", match[0])
        ):
            continue
        issuers = acting(text, start, verb.start(), bodies)
        if (
            not issuers
            and not _OWN_SIDE.search(text, start, verb.start())
            and match["noun"] in {"措施", "清单", "公告", "规定"}
        ):
            continue
        if re.search(r"[两二三四五六\d]+项", match["name"]) and len(match["name"]) < 60 and match["noun"] == "公告":
            # 发布两项…公告: the page names them one by one below
            found.append(_pointer(start, end, verb[0], match["name"]))
            continue
        noun = instrument_of_title(match["noun"])
        instrument: Instrument = noun.instrument if noun else "other"
        told = _DECIDED.search(text, match.end(), end)
        decides = (told["what"] or told["deed"]) if told else None
        issued = date_before(text, start, verb.start(), dates)
        day = issued is not None
        candidate = Candidate(
            rule="noun issued",
            trigger=verb[0],
            title=(decides or match["name"]).strip("了的 "),
            instrument=instrument,
            head=match["noun"],
            issuers=issuers,
            issued_on=issued,
            effective_on=entry_day(text, match.end(), end, article.published),
            salience="news"
            if not day and _JUST_NOW.search(text, start, verb.start()) and issuers
            else salience_of(issued, article.published)
            if day and (_is_topic(article, match["noun"]) or _of_these_days(issuers, issued, article.published))
            else "background",
            action=action_of(decides or match["name"], text[start:end]),
            regions=regions_zh(text[start:end]),
            sectors=sectors_zh("", text[start:end], ""),
            entities=entities_of(text[start:end]),
            evidence=[(start, end)],
            strength=2,
            reason="a noun for instruments after a verb of issuing",
        )
        if candidate.action == "other" and match["noun"] in {"行政令", "禁令"} and not chinese_bodies(issuers):
            candidate.action = "restriction"
        if _STANCE.search(text, start, verb.start()):
            candidate.drop("a stance, not a measure")
        found.append(candidate)
    return found


def _pointer(start: int, end: int, trigger: str, name: str) -> Candidate:
    candidate = Candidate(
        rule="pointer", trigger=trigger, title=name, instrument="announcement", evidence=[(start, end)]
    )
    candidate.drop("names several announcements at once; serves as their evidence")
    return candidate


def _is_topic(article: Article, noun: str) -> bool:
    return noun in (article.title or "") or "新闻发言人" not in (article.title or "")


def _of_these_days(issuers: tuple[str, ...], issued: str | None, published: str | None) -> bool:
    """A Chinese body's own announcement of the page's day or the two before it is what the page is about."""
    first, last = day_of(issued), day_of(published)
    return bool(issuers) and chinese_bodies(issuers) and bool(first and last and 0 <= (last - first).days <= 2)


def _done(
    article: Article, start: int, end: int, bodies: tuple[Mention, ...], dates: list[When], *, question: bool
) -> Candidate | None:
    """A measure told as a deed: `中方决定将…列入…`, `英国外交部宣布新一轮涉俄制裁`."""
    text = article.text
    match = None
    for match in _DO.finditer(text, start, end):
        if not _BASIS.search(text[start : match.start("what")]):
            break
    if match is None:
        return None
    before = text[start : match.start("what")]
    own = _OWN_SIDE.search(before) or re.search(r"我(?=多家|国)", before)
    issuers = acting(text, start, match.start("what"), bodies)
    if issuers and not chinese_bodies(issuers):
        own = None
    foreign = not own and FOREIGN_SIDE.search(before) is not None
    if not own and not issuers and not match["verb"] and match["date"] is None:
        return None
    if (
        not own
        and not issuers
        and not foreign
        and match["date"] is None
        and not (match["verb"] or "").startswith(("决定", "宣布"))
    ):
        return None
    issued = date_before(text, start, match.start("what"), dates)
    effective = None
    if match["date"]:
        when = dates_in(text, match.start("date"), match.end("date"), article.published, future=True)
        effective = when[0].value if when else None
        issued = None if issued == effective else issued
    elif before_day := ENTRY.search(before):
        effective = entry_day(text, start + before_day.start(), end, article.published)
    what = match["final"] or match["what"]
    if match["final"] and match["verb"] == "开始":
        issued, effective = None, issued
    instrument: Instrument = "decision"
    if "列入" in what or "不可靠实体清单" in what or "启用" in what:
        instrument = "list"
    elif (
        (issuers and not own and not re.search(r"决定|裁定", before))
        or "调查" in what
        or ("管制" in what and not re.search("决定", before[-12:] + match[0][:4]))
    ):
        instrument = "other"
    candidate = Candidate(
        rule="measure taken",
        trigger=match["verb"] or what[:4],
        title=what,
        instrument=instrument,
        head="措施",
        issuers=issuers,
        actor="foreign" if foreign or (issuers and not own and not chinese_bodies(issuers)) else "own",
        issued_on=issued,
        effective_on=effective,
        action=action_of(what, text[start:end]),
        regions=regions_zh(what) or regions_zh(text[start:end]),
        sectors=sectors_zh("", what, ""),
        entities=entities_of(text[start:end]),
        evidence=[(start, end)],
        strength=1,
        reason="an authority takes a measure",
    )
    if foreign and not issuers:
        candidate.issuers = country_acting(text, start, match.start("what"))
    candidate.salience = salience_of(issued, article.published) if issued else "news"
    if match["final"]:
        candidate.instrument = "other"
        candidate.salience = "background" if candidate.actor == "foreign" else candidate.salience
    if match["verb"] in {"拟", "计划"}:
        candidate.status = "planned"
    if candidate.actor == "foreign" and candidate.action == "other":
        candidate.action = "restriction"
    stance = _STANCE.search(text, start, end)
    if (
        stance
        and (stance.start() < match.start("what") or not issued)
        and not (own and match["verb"] in {"决定", "宣布"})
    ):
        candidate.drop("a stance, not a measure")
    announced = bool(issuers) and match["verb"] in {"宣布", "决定"} and not foreign
    if question and candidate.kept and not issued and instrument != "list" and not announced:
        candidate.drop("only a question")
    return candidate
