"""Chinese posts: where one ends, which body and role it tells, and what may be the name after it."""

from __future__ import annotations

import re
from functools import cache
from typing import cast

from pipeline.model import Role
from pipeline.patterns import regex
from pipeline.quotes.phrases import last_match
from pipeline.quotes.tables import alternation, names, nouns


@cache
def chinese_titles() -> re.Pattern[str]:
    """Every post of the table as one expression."""
    return re.compile(rf"(?:首席[\u4e00-\u9fff]{{1,4}}官|{alternation(nouns('title', 'zh'))})")


_BODY_END = regex(r".*(?:部|委|局|署|会|院|公司|集团|银行|大学|政府|商会|协会|组织|中心|处|厅|欧盟|世贸组织|联合国)")


def post_and_body(front: str) -> tuple[str, str | None]:
    """Split `商务部副部长兼国际贸易谈判副代表` into post and body."""
    head = chinese_titles().search(front)
    if head is None:
        return front, None
    if head.start() > 1 and front[: head.start()].endswith("司") and not _BODY_END.match(front[: head.start()]):
        # an internal department goes with the post
        return front, None
    if head.group() == "部长" and not front[: head.start()].endswith("部") and len(front) > 3:
        return "部长", front[: head.start() + 1]
    abroad = _abroad(front)
    if abroad is not None:
        return abroad, None
    body = _BODY_END.match(front[: head.start()])
    if body:
        return front[body.end() :], body.group()
    return front[head.start() :], front[: head.start()] or None


def _abroad(front: str) -> str | None:
    """The post of a country's minister or envoy: `荷兰外贸大臣`, `德国驻华大使`; a bare country is no organization."""
    country = next((name for name in nouns("country", "zh") if front.startswith(name)), None)
    if country is None:
        return None
    post = front[len(country) :]
    envoy = re.match(
        r"(?:常)?驻|贸易代表|[\u4e00-\u9fff]{0,10}(?:部长级代表|大臣|首相|总统|总理|国务卿|议员|外长|财长)$", post
    )
    return post if post and envoy and not re.search(r"(?:部|委|局|署|院)(?=[^部委局署院]*$)", post) else None


def role_by_post(front: str) -> Role:
    """The role that a post with its body tells."""
    for kind in ("executive", "expert", "official"):
        if any(
            word in front
            for word in nouns("organization", "zh")
            if len(word) > 1 and nouns("organization", "zh")[word] == kind
        ):
            return kind
    last = last_match(chinese_titles(), front)
    return cast(Role, nouns("title", "zh").get(last.group(), "other")) if last else "other"


NAME_DOT = "[·•‧・]"


def is_name(word: str) -> bool:
    """Whether the characters can be a personal name: a surname first, or foreign syllables with dots."""
    chinese = 2 <= len(word) <= 4 and re.fullmatch(r"[\u4e00-\u9fff]+", word) is not None
    if (
        chinese
        and (word[0] in names("surname", "zh") or word[:2] in names("surname", "zh"))
        and len(word) <= 3 + (word[:2] in names("surname", "zh"))
    ):
        return not re.search(r"[方部局委司会国企]$", word) or (word[-1] in "国会方" and len(word) == 3)
    return bool(re.fullmatch(rf"[\u4e00-\u9fff]{{1,8}}(?:{NAME_DOT}[\u4e00-\u9fff]{{1,8}})+", word)) or (
        chinese and not re.search(r"[方部局委司会国业企们者员府]$", word)
    )
