"""Who the words before a Chinese cue stand for: names, pronouns, offices, bodies and works."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice

from pipeline.patterns import regex
from pipeline.quotes.chinese_posts import NAME_DOT, chinese_titles, is_name, post_and_body, role_by_post
from pipeline.quotes.phrases import last_match
from pipeline.quotes.records import Speaker
from pipeline.quotes.tables import names, nouns

ADVERB = (
    r"(?:还|也|则|又|再次|同时|进一步|特别|明确|一致|均|都|普遍|纷纷|近日|日前|当天|"
    r"今日|今天|\d{1,2}日|在会上|会上|对此|此前|随后|最后|并|共同|高度|郑重|公开)"
)
_HEAD = regex(r"^(?:(?:据此|对此|会上|会议上|期间|其中|同时|此外|另外|不过|但|而|当天|会后|会前)，?)+")
_PRONOUNS = frozenset(["他", "她", "他们", "她们", "其"])
_LEGAL = regex(r"(?:根据|依据|按照|依照)")
_SETTING = regex(
    r"(?:(?:\d{1,2}月)?\d{1,2}日)?(?:在|于|向|对|就|接受)(?!于)[^，。]{1,30}?(?:上|中|时|后|间|里|会|记者|媒体|采访)$"
)
_CITING = regex(r"(?:援引|引用|引述|转引|转述)[^，。]{2,30}$")
"""`伊维拉援引报告称`: the one who cites speaks."""
_ANSWERING = regex(
    r"(?:就此|对此|就[^，。]{2,30}?)(?:发表(?:谈话|声明|讲话|评论)|答记者问|回应|应询|作出回应|答问)(?:时)?$"
)


def speaker_of(phrase: str, people: dict[str, Speaker], last: Speaker | None, text: str) -> Speaker | None:
    """The speaker that the words before a cue name, or None where they name none."""
    phrase = re.split(r"[，,；;。]", phrase.strip())[-1] if not re.search(r"[，,]$", phrase) else phrase.strip(" ，,")
    phrase = re.split(r"[，,；;。]", phrase)[-1]
    phrase = _CITING.sub("", _HEAD.sub("", phrase))
    phrase = _SETTING.sub("", re.sub(r"^(?:据|但|而|并|同时|有)", "", phrase))
    phrase = _SETTING.sub("", re.sub(rf"(?:{ADVERB})+$", "", phrase))
    phrase = _ANSWERING.sub("", phrase.removesuffix("的"))
    if not phrase or len(phrase) > 60 or _LEGAL.match(phrase):
        return None
    if phrase in _PRONOUNS:
        return last.via(phrase) if last else None
    if work := re.search(r"《([^《》]{2,50})》$", phrase):
        return Speaker(name=_full_work(work.group(1), text), type="document").via(work.group())
    if phrase == "申请人" and (applicant := _applicant(text)):
        return Speaker(name=applicant, type="organization", chain=(phrase,))
    known = _known(phrase, people) or _office_known(phrase, people, text)
    if known is not None:
        return known
    return _two(phrase, people) or _introduced(phrase, people, text) or _new(phrase, people, last)


def _full_work(name: str, text: str) -> str:
    """`《指导意见》` for the document that the text named in full: `《关于……的指导意见》`."""
    return next((full for full in _works(text) if full.endswith(name) and full != name), name)


_MOST_NAMES = 500


@lru_cache(maxsize=2)
def _works(text: str) -> tuple[str, ...]:
    """The titles between 《 and 》, first come first, read once for the whole text."""
    found = islice(re.finditer(r"《([^《》]{1,110})》", text), _MOST_NAMES)
    return tuple(dict.fromkeys(match.group(1) for match in found))


@lru_cache(maxsize=2)
def _dotted_names(text: str) -> tuple[str, ...]:
    """Foreign names with their dots and the letters before them, read once for the whole text."""
    found = islice(re.finditer(rf"[\u4e00-\u9fff]{{1,24}}(?:{NAME_DOT}[\u4e00-\u9fff]{{1,24}})+", text), _MOST_NAMES)
    return tuple(dict.fromkeys(match.group() for match in found))


_APPLICANT = regex(
    r"(?:^|[，。\n日])([\u4e00-\u9fff（）()、]{4,120}?(?:公司|协会|集团|企业))(?:等\d*家企业)?[（(]以下(?:简)?称[“\"]?申请人[”\"]?[)）]"
    r"|收到(?:了)?([\u4e00-\u9fff（）()、]{4,120}?公司)(?:等\d*家企业)?(?:（[^）]{2,30}）)?(?:代表|正式)?[^，。]{0,60}?(?:递交|提交|提起)"
)
"""Who applied for an inquiry, as the ministry's notice names the applicant first."""


@lru_cache(maxsize=2)
def _applicant(text: str) -> str | None:
    found = _APPLICANT.search(text)
    return (found.group(1) or found.group(2)) if found else None


_HAN = regex(r"[\u4e00-\u9fff·•‧・]{2,12}$")
_BEFORE_NAME = regex(r"[\u4e00-\u9fff·•‧・]{0,30}$")
_LINK = regex(r"^.*(?:会见|会谈|举行|出席|主持|邀请|访问|期间|[与同由、日]|通电话)(?=[\u4e00-\u9fff]{2})")


def _introduced(name: str, people: dict[str, Speaker], text: str) -> Speaker | None:
    """A bare name whose post stands before it elsewhere: `商务部长钟山` for `钟山`, foreign names included."""
    if not _HAN.match(name) or chinese_titles().search(name):
        return None
    short, name = name, _in_full(name, text)
    if name != short and name in people:
        return people[name].via(short)
    at = text.find(name)
    for _ in range(5):
        if at < 0:
            return None
        front = _BEFORE_NAME.search(text, max(0, at - 30), at)
        heads = list(chinese_titles().finditer(front.group())) if front else []
        if front and heads and heads[-1].end() == len(front.group()):
            phrase = _LINK.sub("", front.group()[: heads[-1].start()]) + heads[-1].group()
            if chinese_titles().search(phrase):
                post, body = post_and_body(phrase)
                if body is None and "司" in post and "商务部" in text[max(0, at - 60) : at]:
                    body = "商务部"
                return _remember(
                    Speaker(
                        name=name,
                        type="person",
                        role=role_by_post(phrase),
                        title=post,
                        organization=body,
                        chain=(phrase,),
                    ),
                    people,
                )
        at = text.find(name, at + 1)
    return None


def _in_full(name: str, text: str) -> str:
    """A foreign name in full for its last part: `马库斯·艾兴格` for `艾兴格`."""
    if len(name) < 2:
        return name
    for run in _dotted_names(text):
        at = run.find(name)
        if at > 0 and re.match(NAME_DOT, run[at - 1]):
            front = run[:at]
            title = last_match(chinese_titles(), front)
            first = front[title.end() :] if title else front
            return first + name if len(first) < 12 else name
    return name


def _known(phrase: str, people: dict[str, Speaker]) -> Speaker | None:
    if phrase in people:
        return people[phrase]
    for name, speaker in people.items():
        if len(phrase) > 1 and re.search(rf"{NAME_DOT}{re.escape(phrase)}$", name):
            return speaker.via(phrase)
        if phrase == name[: len(phrase)] and phrase in names("surname", "zh"):
            return speaker.via(phrase)
    return None


def _two(phrase: str, people: dict[str, Speaker]) -> Speaker | None:
    """Two who speak together, `某会主席葛某、会长毕某`: one speaker, the second of the body of the first."""
    for sign in "、和与及":
        left, found, right = phrase.partition(sign)
        first = _one_of_two(left, people) if found else None
        second = _one_of_two(right, people) if first else None
        if first is None or second is None:
            continue
        posts = dict.fromkeys(post for post in (first.title, second.title) if post)
        joint = Speaker(
            name=f"{first.name} and {second.name}", type="person", role=first.role, title="、".join(posts) or None,
            organization=first.organization, chain=(phrase,),
        )  # fmt: skip
        return _remember(joint, people)
    return None


def _one_of_two(words: str, people: dict[str, Speaker]) -> Speaker | None:
    if words in people and people[words].type == "person":
        return people[words]
    title = last_match(chinese_titles(), words)
    name = words[title.end() :] if title else ""
    if title is None or not is_name(name):
        return None
    post, body = post_and_body(words[: title.end()])
    return _remember(
        Speaker(name=name, type="person", role=role_by_post(words[: title.end()]), title=post, organization=body),
        people,
    )


_SHORT_OFFICES = frozenset(["发言人", "新闻发言人", "该发言人", "负责人", "有关负责人", "相关负责人"])


def _office_known(phrase: str, people: dict[str, Speaker], text: str) -> Speaker | None:
    """`发言人` for the spokesperson named with the ministry before."""
    if phrase not in _SHORT_OFFICES:
        return None
    office = phrase.removeprefix("该").removeprefix("有关").removeprefix("相关")
    for name, speaker in reversed(people.items()):
        if name.endswith(office) or (speaker.title or "").endswith(office):
            return speaker.via(phrase)
    if office.endswith("发言人") and "商务部新闻发言人" in text:
        return _remember(_office("商务部新闻发言人", "新闻发言人", "商务部"), people).via(phrase)
    return None


_NO_SOURCE = regex(r"记者|提问|网友问|主持人$")


def _new(phrase: str, people: dict[str, Speaker], last: Speaker | None) -> Speaker | None:
    if _NO_SOURCE.search(phrase):
        return None
    if phrase.endswith(("专家", "学者", "分析师", "分析人士")) and len(phrase) <= 8 and not phrase.startswith("首席"):
        return Speaker(name=phrase, type="unnamed")
    title = last_match(chinese_titles(), phrase)
    if title is not None:
        name = phrase[title.end() :].strip("、 ")
        front = phrase[: title.end()]
        post, body = post_and_body(front)
        if name and is_name(name):
            return _remember(
                Speaker(name=name, type="person", role=role_by_post(front), title=post, organization=body), people
            )
        if not name:
            if phrase.startswith(("该", "这位", "上述")) and last:
                return last.via(phrase)
            return _remember(_office(phrase, post, body), people)
    if phrase.endswith(tuple(nouns("group", "zh"))):
        return Speaker(name=phrase, type="unnamed")
    if phrase.endswith(tuple(nouns("document", "zh"))):
        return Speaker(name=phrase, type="document")
    if re.search(r"(?:名|其|此|这|该|者|何|一是|二是|三是|第.)$", phrase) or "据悉" in phrase:
        return None
    if phrase in ("中方", "美方", "欧方", "日方", "双方", "商务部") or phrase.endswith(
        tuple(nouns("organization", "zh"))
    ):
        return Speaker(name=phrase, type="organization")
    return _remember(Speaker(name=phrase, type="person", role="other"), people) if is_name(phrase) else None


def _office(phrase: str, post: str, body: str | None) -> Speaker:
    """`商务部新闻发言人`, `某司负责人`: an office that speaks without a name is a person by its title."""
    return Speaker(
        name=phrase,
        type="person" if body or post != phrase else "unnamed",
        role=role_by_post(phrase) if body or post != phrase else None,
        title=post if body or post != phrase else None,
        organization=body,
    )


_MOST_PEOPLE = 300


def _remember(speaker: Speaker, people: dict[str, Speaker]) -> Speaker:
    if len(people) < _MOST_PEOPLE:
        people[speaker.name] = speaker
    return speaker
