"""Chinese prose: a measure told as a deed, `中方决定将…列入…`, `英国外交部宣布新一轮涉俄制裁`."""

from __future__ import annotations

import re

from pipeline.model import Article, Instrument
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
from pipeline.policies.actions import action_of
from pipeline.policies.candidates import Candidate
from pipeline.policies.dates import When, dates_in
from pipeline.policies.entities import entities_of
from pipeline.policies.issuers import Mention
from pipeline.policies.reports_zh import BASIS, OWN_SIDE, STANCE
from pipeline.policies.sectors import regions_zh, sectors_zh

DO = regex(
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


def deed(
    article: Article, start: int, end: int, bodies: tuple[Mention, ...], dates: list[When], *, question: bool
) -> Candidate | None:
    """A measure told as a deed: `中方决定将…列入…`, `英国外交部宣布新一轮涉俄制裁`."""
    text = article.text
    match = None
    for match in DO.finditer(text, start, end):
        if not BASIS.search(text[start : match.start("what")]):
            break
    if match is None:
        return None
    before = text[start : match.start("what")]
    own = OWN_SIDE.search(before) or re.search(r"我(?=多家|国)", before)
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
    stance = STANCE.search(text, start, end)
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
