"""Chinese reporting clauses: `王受文表示，…`, `“…，”他说`, `据商务部介绍，…`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import islice
from typing import cast

from pipeline.model import Article, QuoteKind, Role
from pipeline.patterns import regex
from pipeline.quotes.marks import Marked, between, find_marked, masked
from pipeline.quotes.phrases import last_match
from pipeline.quotes.records import Candidate, Refused, Speaker
from pipeline.quotes.tables import alternation, cue_forms, names, nouns
from pipeline.text import paragraphs, split_sentences

_ADVERB = (
    r"(?:还|也|则|又|再次|同时|进一步|特别|明确|一致|均|都|普遍|纷纷|近日|日前|当天|"
    r"今日|今天|\d{1,2}日|在会上|会上|对此|此前|随后|最后|并|共同|高度|郑重|公开)"
)
_HEAD = regex(r"^(?:(?:据此|对此|会上|会议上|期间|其中|同时|此外|另外|不过|但|而|当天|会后|会前)，?)+")
_PRONOUNS = frozenset(["他", "她", "他们", "她们", "其"])
_LEGAL = regex(r"(?:根据|依据|按照|依照)")
_TAIL = regex(r"[。！？；，、\s]+$")


_NOT_A_NAME_OF = "(?<![名简总俗职全通合别统])"
_STRAIGHT = ("认为", "指出", "强调", "呼吁", "敦促", "要求", "建议", "希望", "相信", "预计", "期待", "坦言", "预测")
"""Cues that take their clause without a comma: `专家认为出口将…`."""


@cache
def _cue() -> re.Pattern[str]:
    forms = alternation(cue_forms("zh"))
    return re.compile(
        rf"(?P<adverb>{_ADVERB}{{0,3}}){_NOT_A_NAME_OF}(?P<cue>{forms})(?P<after>，|,|：|:|(?=[“「\"]))"
        rf"|(?P<adverb2>{_ADVERB}{{0,3}})(?P<straight>{alternation(_STRAIGHT)})(?=[\u4e00-\u9fff])"
    )


@cache
def _cue_last() -> re.Pattern[str]:
    return re.compile(rf"(?P<source>[\w·•‧・（）、]{{1,40}}?)(?P<cue>{alternation(cue_forms('zh'))})[。，；！]?$")


@cache
def _titles() -> re.Pattern[str]:
    return re.compile(rf"(?:首席[\u4e00-\u9fff]{{1,4}}官|{alternation(nouns('title', 'zh'))})")


def find_chinese(article: Article, skip: list[tuple[int, int]]) -> tuple[list[Candidate], list[Refused]]:
    """The quotes of a Chinese text, outside the stretches that a transcript already took, and what was refused."""
    text = article.text
    people: dict[str, Speaker] = {}
    if titled := _REPORT_OF_TITLE.search(article.title or ""):
        people["报告"] = Speaker(name=titled.group(1), type="document", chain=("报告",))
    last: Speaker | None = None
    spoken_in = -2
    found: list[Candidate] = []
    refused: list[Refused] = []
    number = -1
    for start, end in paragraphs(text):
        if any(start < stop and begin < end for begin, stop in skip):
            continue
        stretches = list(find_marked(text, start, end))
        blank = masked(text[start:end], [_shift(stretch, -start) for stretch in stretches])
        number += 1
        alone: list[Marked] = []
        for first, stop in split_sentences(blank, 0, len(blank)):
            inside = between(stretches, start + first, start + stop)
            if alone and (owner := _owner_after(blank[first:stop], people, last, text)):
                found += [_direct(stretch, owner[1], "zh-source-after", owner[0]) for stretch in alone]
                last, spoken_in = owner[0], number
            made = list(_sentence(text, blank, start, first, stop, inside, people, last))
            whole = not made and _is_whole(text, inside, start + first, start + stop)
            if made:
                last, spoken_in = made[-1].speaker or last, number
            elif (
                whole
                and not alone
                and last is not None
                and number - spoken_in <= 1
                and not _named_next(blank, stop, people, last, text)
            ):
                made = [_direct(stretch, "", "zh-continued", last) for stretch in inside]
                spoken_in = number
            found += made
            refused += _refused(inside, made)
            alone = inside if whole and not made else []
    taken = {candidate.start for candidate in found}
    return found, [words for words in refused if words.start not in taken]


_REPORT_OF_TITLE = regex(r"(?:发布|公布|出台|推出)《?([^，。《》]{4,40}报告)》?$")
"""The report that a headline says came out: `欧盟发布某某年度报告`."""


def _refused(inside: list[Marked], made: list[Candidate]) -> list[Refused]:
    """The marked words of a sentence that became no quote."""
    starts = {candidate.start for candidate in made}
    reason = "a term or name in marks" if made else "no cue reports the words in marks"
    return [
        Refused(start=stretch.start, end=stretch.end, cue="", rule="zh-marked", reason=reason)
        for stretch in inside
        if stretch.start not in starts
    ]


def _direct(stretch: Marked, cue: str, rule: str, speaker: Speaker) -> Candidate:
    return Candidate(start=stretch.start, end=stretch.end, kind="direct", cue=cue, rule=rule, speaker=speaker)


def _is_whole(text: str, inside: list[Marked], start: int, stop: int) -> bool:
    """Whether the sentence is a quotation and nothing else: `“……。”`."""
    return (
        len(inside) == 1
        and inside[0].start <= start + 1
        and inside[0].end >= stop - 2
        and text[inside[0].end - 1] in "。！？，…"
    )


_ONLY_SOURCE = regex(r"[^，,。！？]{2,60}[。！]?$")


def _owner_after(
    sentence: str, people: dict[str, Speaker], last: Speaker | None, text: str
) -> tuple[Speaker, str] | None:
    """The source and cue of `李大明说。`, which owns the quotation before it."""
    match = _cue_last().match(sentence) if _ONLY_SOURCE.match(sentence) else None
    speaker = _speaker(match.group("source"), people, last, text) if match else None
    return (speaker, match.group("cue")) if match and speaker else None


def _named_next(blank: str, at: int, people: dict[str, Speaker], last: Speaker | None, text: str) -> bool:
    """Whether the sentence that follows a quotation says who spoke it."""
    end = next((match.end() for match in re.finditer(r"[。！\n]", blank[at : at + 64])), 0)
    return bool(end) and _owner_after(blank[at : at + end].strip(), people, last, text) is not None


def _shift(stretch: Marked, by: int) -> Marked:
    return Marked(start=stretch.start + by, end=stretch.end + by, closed=stretch.closed)


def _sentence(
    text: str,
    blank: str,
    base: int,
    first: int,
    stop: int,
    inside: list[Marked],
    people: dict[str, Speaker],
    last: Speaker | None,
) -> Iterator[Candidate]:
    match = _opening_cue(blank, first, stop)
    if match is not None:
        source = re.split(r"[”」\"]", blank[first : match.start("cue" if match.group("cue") else "straight")])[-1]
        speaker = _speaker(source, people, last, text)
        if speaker is not None and (match.group("cue") or _plain_source(speaker)):
            cue = match.group("cue") or match.group("straight")
            ahead = [stretch for stretch in inside if stretch.end <= base + match.start()]
            yield from _spoken(text, ahead, cue, speaker)
            yield from _reported(text, base + match.end(), base + stop, inside, cue, speaker)
            return
    behind = _cue_last().search(_TAIL.sub("", blank[first:stop])[-60:])
    if behind and inside:
        speaker = _speaker(behind.group("source"), people, last, text)
        if speaker is not None:
            for stretch in inside:
                yield Candidate(
                    start=stretch.start,
                    end=stretch.end,
                    kind="direct",
                    cue=behind.group("cue"),
                    rule="zh-source-last",
                    speaker=speaker,
                )


def _opening_cue(blank: str, first: int, stop: int) -> re.Match[str] | None:
    for match in _cue().finditer(blank, first, stop):
        if match.start() - first > 80:
            return None
        if match.start() > first and (match.group("cue") or match.start() - first < 30):
            return match
    return None


def _plain_source(speaker: Speaker) -> bool:
    """Without a comma after the cue only a source that is surely one counts."""
    return speaker.type == "unnamed" or bool(speaker.title) or bool(speaker.chain)


def _reported(
    text: str, start: int, stop: int, inside: list[Marked], cue: str, speaker: Speaker
) -> Iterator[Candidate]:
    spoken = [stretch for stretch in inside if stretch.start >= start and _is_speech(text, stretch, start)]
    if spoken:
        for stretch in spoken:
            closed = stretch.end >= stop - 2 or text[stretch.end + 1 : stretch.end + 2] in "，；。"
            whole = stretch.start <= start + 1 and closed and stretch.end - stretch.start >= 8
            long = text[stretch.end - 1] in "。！？，…" or stretch.end - stretch.start > 12
            kind: QuoteKind = "direct" if whole or long else "partial"
            yield Candidate(start=stretch.start, end=stretch.end, kind=kind, cue=cue, rule="zh-marked", speaker=speaker)
        return
    words = text[start:stop]
    end = start + len(_TAIL.sub("", words))
    if speaker.type == "organization" and _OWN_PLAN.match(words):
        # announcing one's own plans is a deed, not a quote
        return
    if end - start >= 4:
        yield Candidate(start=start, end=end, kind="indirect", cue=cue, rule="zh-source-first", speaker=speaker)


_OWN_PLAN = regex(r"(?:为[^，。]{2,40}，)?(?:将|拟|计划|决定|正)(?:于|在|对|与|会|继续|适时|进一步)?[^。]{2,}")


def _spoken(text: str, stretches: list[Marked], cue: str, speaker: Speaker) -> Iterator[Candidate]:
    """The quoted words before a cue: `“…，”李大明说，“…”`."""
    for stretch in stretches:
        if _is_speech(text, stretch, stretch.end + 9):
            yield Candidate(
                start=stretch.start, end=stretch.end, kind="direct", cue=cue, rule="zh-source-middle", speaker=speaker
            )


def _is_speech(text: str, stretch: Marked, start: int) -> bool:
    opens = stretch.start - 1 <= start + 1
    size = stretch.end - stretch.start
    if (
        size < 9
        and text[stretch.end - 1] not in "。！？，…"
        and re.match(r"[”」\"][\u4e00-\u9fff]", text[stretch.end : stretch.end + 2])
    ):
        return False
    if size > 5 and text[max(0, stretch.start - 3) : stretch.start - 1].endswith(_PREDICATE):
        return True
    return opens or text[stretch.end - 1] in "。！？，…" or stretch.end - stretch.start > 20


_PREDICATE = ("应当", "应该", "必须", "就是", "不是", "正是")
"""What stands after one of these in marks is the source's own predicate."""
_SETTING = regex(
    r"(?:(?:\d{1,2}月)?\d{1,2}日)?(?:在|于|向|对|就|接受)(?!于)[^，。]{1,30}?(?:上|中|时|后|间|里|会|记者|媒体|采访)$"
)
_CITING = regex(r"(?:援引|引用|引述|转引|转述)[^，。]{2,30}$")
"""`伊维拉援引报告称`: the one who cites speaks."""
_ANSWERING = regex(
    r"(?:就此|对此|就[^，。]{2,30}?)(?:发表(?:谈话|声明|讲话|评论)|答记者问|回应|应询|作出回应|答问)(?:时)?$"
)
_DOT = "[·•‧・]"


def _speaker(phrase: str, people: dict[str, Speaker], last: Speaker | None, text: str) -> Speaker | None:
    phrase = re.split(r"[，,；;。]", phrase.strip())[-1] if not re.search(r"[，,]$", phrase) else phrase.strip(" ，,")
    phrase = re.split(r"[，,；;。]", phrase)[-1]
    phrase = _CITING.sub("", _HEAD.sub("", phrase))
    phrase = _SETTING.sub("", re.sub(r"^(?:据|但|而|并|同时|有)", "", phrase))
    phrase = _SETTING.sub("", re.sub(rf"(?:{_ADVERB})+$", "", phrase))
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


_APPLICANT = regex(
    r"(?:^|[，。\n日])([\u4e00-\u9fff（）()、]{4,120}?(?:公司|协会|集团|企业))(?:等\d*家企业)?[（(]以下(?:简)?称[“\"]?申请人[”\"]?[)）]"
    r"|收到(?:了)?([\u4e00-\u9fff（）()、]{4,120}?公司)(?:等\d*家企业)?(?:（[^）]{2,30}）)?(?:代表|正式)?[^，。]{0,60}?(?:递交|提交|提起)"
)
"""Who applied for an inquiry, as the ministry's notice names the applicant first."""


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
    found = islice(re.finditer(rf"[\u4e00-\u9fff]{{1,24}}(?:{_DOT}[\u4e00-\u9fff]{{1,24}})+", text), _MOST_NAMES)
    return tuple(dict.fromkeys(match.group() for match in found))


@lru_cache(maxsize=2)
def _applicant(text: str) -> str | None:
    found = _APPLICANT.search(text)
    return (found.group(1) or found.group(2)) if found else None


_HAN = regex(r"[\u4e00-\u9fff·•‧・]{2,12}$")
_BEFORE_NAME = regex(r"[\u4e00-\u9fff·•‧・]{0,30}$")
_LINK = regex(r"^.*(?:会见|会谈|举行|出席|主持|邀请|访问|期间|[与同由、日]|通电话)(?=[\u4e00-\u9fff]{2})")


def _introduced(name: str, people: dict[str, Speaker], text: str) -> Speaker | None:
    """A bare name whose post stands before it elsewhere: `商务部长钟山` for `钟山`, foreign names included."""
    if not _HAN.match(name) or _titles().search(name):
        return None
    short, name = name, _in_full(name, text)
    if name != short and name in people:
        return people[name].via(short)
    at = text.find(name)
    for _ in range(5):
        if at < 0:
            return None
        front = _BEFORE_NAME.search(text, max(0, at - 30), at)
        heads = list(_titles().finditer(front.group())) if front else []
        if front and heads and heads[-1].end() == len(front.group()):
            phrase = _LINK.sub("", front.group()[: heads[-1].start()]) + heads[-1].group()
            if _titles().search(phrase):
                post, body = post_and_body(phrase)
                if body is None and "司" in post and "商务部" in text[max(0, at - 60) : at]:
                    body = "商务部"
                return _remember(
                    Speaker(
                        name=name, type="person", role=_role(phrase), title=post, organization=body, chain=(phrase,)
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
        if at > 0 and re.match(_DOT, run[at - 1]):
            front = run[:at]
            title = last_match(_titles(), front)
            first = front[title.end() :] if title else front
            return first + name if len(first) < 12 else name
    return name


def _known(phrase: str, people: dict[str, Speaker]) -> Speaker | None:
    if phrase in people:
        return people[phrase]
    for name, speaker in people.items():
        if len(phrase) > 1 and re.search(rf"{_DOT}{re.escape(phrase)}$", name):
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
    title = last_match(_titles(), words)
    name = words[title.end() :] if title else ""
    if title is None or not _is_name(name):
        return None
    post, body = post_and_body(words[: title.end()])
    return _remember(
        Speaker(name=name, type="person", role=_role(words[: title.end()]), title=post, organization=body), people
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
    title = last_match(_titles(), phrase)
    if title is not None:
        name = phrase[title.end() :].strip("、 ")
        front = phrase[: title.end()]
        post, body = post_and_body(front)
        if name and _is_name(name):
            return _remember(
                Speaker(name=name, type="person", role=_role(front), title=post, organization=body), people
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
    return _remember(Speaker(name=phrase, type="person", role="other"), people) if _is_name(phrase) else None


def _office(phrase: str, post: str, body: str | None) -> Speaker:
    """`商务部新闻发言人`, `某司负责人`: an office that speaks without a name is a person by its title."""
    return Speaker(
        name=phrase,
        type="person" if body or post != phrase else "unnamed",
        role=_role(phrase) if body or post != phrase else None,
        title=post if body or post != phrase else None,
        organization=body,
    )


_MOST_PEOPLE = 300


def _remember(speaker: Speaker, people: dict[str, Speaker]) -> Speaker:
    if len(people) < _MOST_PEOPLE:
        people[speaker.name] = speaker
    return speaker


def _is_name(word: str) -> bool:
    chinese = 2 <= len(word) <= 4 and re.fullmatch(r"[\u4e00-\u9fff]+", word) is not None
    if (
        chinese
        and (word[0] in names("surname", "zh") or word[:2] in names("surname", "zh"))
        and len(word) <= 3 + (word[:2] in names("surname", "zh"))
    ):
        return not re.search(r"[方部局委司会国企]$", word) or (word[-1] in "国会方" and len(word) == 3)
    return bool(re.fullmatch(rf"[\u4e00-\u9fff]{{1,8}}(?:{_DOT}[\u4e00-\u9fff]{{1,8}})+", word)) or (
        chinese and not re.search(r"[方部局委司会国业企们者员府]$", word)
    )


_BODY_END = regex(r".*(?:部|委|局|署|会|院|公司|集团|银行|大学|政府|商会|协会|组织|中心|处|厅|欧盟|世贸组织|联合国)")


def post_and_body(front: str) -> tuple[str, str | None]:
    """Split `商务部副部长兼国际贸易谈判副代表` into post and body."""
    head = _titles().search(front)
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


def _role(front: str) -> Role:
    for kind in ("executive", "expert", "official"):
        if any(
            word in front
            for word in nouns("organization", "zh")
            if len(word) > 1 and nouns("organization", "zh")[word] == kind
        ):
            return kind
    last = last_match(_titles(), front)
    return cast(Role, nouns("title", "zh").get(last.group(), "other")) if last else "other"
