"""Chinese prose: an instrument with a name in 《》 that is issued, listed, amended or up for comment."""

from __future__ import annotations

import re

from pipeline.model import Action, Article, Instrument, Salience, Status
from pipeline.patterns import regex
from pipeline.policies.acting_zh import acting, date_before, entry_day, salience_of
from pipeline.policies.actions import action_of
from pipeline.policies.candidates import Candidate
from pipeline.policies.dates import When
from pipeline.policies.instruments import instrument_of_title
from pipeline.policies.issuers import Mention
from pipeline.policies.reports_zh import BASIS, ISSUE, JUST_NOW, foreign_author, is_report, page_date
from pipeline.policies.sectors import sectors_zh

_NOUN_INSIDE = regex(r"公告|通知|办法|条例|规定|清单|目录")
_DRAFT = regex(r"草案|征求意见|公开征求")
_LATER = regex(r"以上(?:修订|修改|调整|措施)[^。；]{0,12}自(?:公布|发布)之日起[^。；]{1,8}后")
_WILL_REVISE = regex(r"(?:将|拟)对[^。；]{2,40}(?:修订|修改|调整)")


def named_in_marks(
    article: Article, start: int, end: int, match: re.Match[str], bodies: tuple[Mention, ...], dates: list[When]
) -> Candidate | None:
    """The instrument that one pair of 《》 names, if the sentence issues, lists or changes it."""
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
    if (noun is None and not drafted) or BASIS.search(before) or re.search(r"(?:简称|以下称|下称)[“]?$", before):
        return None
    kind: Instrument = noun.instrument if noun else "other"
    verb = None
    for verb in ISSUE.finditer(before, max(0, len(before) - 90)):  # noqa: B007 - the last one counts
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
    if amended and is_report(article) and (_LATER.search(text, end) or _WILL_REVISE.search(text, 0, start)):
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
        issuers=issuers or (() if before.endswith(("颁布的", "公布的")) else foreign_author(article, start, before)),
        issued_on=issued or (page_date(article, start) if amended else None),
        effective_on=entry_day(text, match.end(), end, article.published),
        status=status,
        salience="news"
        if near and issued is None and status != "planned" and JUST_NOW.search(before, max(0, len(before) - 90))
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
    if amended and found in {"other", "regulation"} and is_report(article):
        around = action_of(article.title or "", article.text[:300])
        return around if around == "export_control" else found
    return "regulation" if found == "other" and name.endswith("令") else found


def _book_salience(article: Article, listed: bool, amended: bool, issued: str | None, start: int) -> Salience:
    if is_report(article) and (amended or (not listed and issued is None and start < 200)):
        return "news"
    return "background" if listed or issued is None else salience_of(issued, article.published)
