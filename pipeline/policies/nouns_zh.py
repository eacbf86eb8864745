"""Chinese prose: a noun for instruments after a verb of issuing, `发布公告,决定…`."""

from __future__ import annotations

import re

from pipeline.model import Article, Instrument
from pipeline.patterns import regex
from pipeline.policies.acting_zh import acting, chinese_bodies, date_before, entry_day, salience_of
from pipeline.policies.actions import action_of
from pipeline.policies.candidates import Candidate
from pipeline.policies.dates import When
from pipeline.policies.entities import entities_of
from pipeline.policies.instruments import instrument_of_title
from pipeline.policies.issuers import Mention
from pipeline.policies.numbers import find_numbers
from pipeline.policies.reports_zh import ISSUE, JUST_NOW, OWN_SIDE, STANCE, is_topic, of_these_days
from pipeline.policies.sectors import regions_zh, sectors_zh

_NOUN_END = regex(
    r"(?P<name>[^，。；、：？,;“”《》]{0,40}?(?P<noun>公告|行政令|通知|负面清单|清单"
    r"|指导意见|意见|行动计划|实施方案|方案|规划|办法|条例|规定|国家标准|若干措施|最终措施"
    r"|禁令|指南))(?=[，。；、：？,;和及并以等后之（(]|$|的)"
)
_DECIDED = regex(
    r"[,，]?(?:决定|部署)(?P<what>[^，。；,]{4,60})"
    r"|[,，](?:自[^，。；,]{2,20}起[,，]?)?(?P<deed>对[^，。；,]{2,50}?(?:发起|启动|开展|实施|进行|作出|征收|采取|收取)[^，。；,]{2,30}"
    r"|(?:继续)?(?:调整|暂停|停止|取消|恢复|延长)[^，。；,]{4,50})"
)


def bare_nouns(
    article: Article, start: int, end: int, bodies: tuple[Mention, ...], dates: list[When]
) -> list[Candidate]:
    """`商务部于2019年7月29日发布公告,决定…`, `荷兰政府9月30日发布行政令`, `公布新版全国和自贸试验区负面清单`."""
    text = article.text
    found = []
    for verb in ISSUE.finditer(text, start, end):
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
            and not OWN_SIDE.search(text, start, verb.start())
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
            if not day and JUST_NOW.search(text, start, verb.start()) and issuers
            else salience_of(issued, article.published)
            if day and (is_topic(article, match["noun"]) or of_these_days(issuers, issued, article.published))
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
        if STANCE.search(text, start, verb.start()):
            candidate.drop("a stance, not a measure")
        found.append(candidate)
    return found


def _pointer(start: int, end: int, trigger: str, name: str) -> Candidate:
    candidate = Candidate(
        rule="pointer", trigger=trigger, title=name, instrument="announcement", evidence=[(start, end)]
    )
    candidate.drop("names several announcements at once; serves as their evidence")
    return candidate
