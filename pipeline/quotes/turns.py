"""Press-conference transcripts: who has the floor, from one label to the next.

A turn opens with the speaker's name and a colon (`He Yadong:`, `[Gao Feng]:`, `【束珏婷】:`) or with `A:`, `答：`;
questions open with an outlet or `Q:`, `问：`. A turn of the spokesperson is one direct quote, over all paragraphs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from pipeline.model import Article
from pipeline.patterns import regex
from pipeline.quotes.chinese_posts import post_and_body
from pipeline.quotes.phrases import is_chinese_name, split_run
from pipeline.quotes.posts import split_post
from pipeline.quotes.records import Candidate, Speaker
from pipeline.quotes.tables import names
from pipeline.text import paragraphs

_COUNT = r"[一二三四五六七八九十\d]{1,3}"
_LABEL = regex(
    rf"(?P<label>(?:{_COUNT} ?[、.．] ?|[（(]{_COUNT}[)）] ?)?(?:问|答)(?:{_COUNT})? ?[:：]|问题{_COUNT} ?[:：]|"
    r"【[^】\n]{1,40}】[:：]?|\[[^\]\n]{1,40}\](?:[:：]|(?= ?[A-Z\u4e00-\u9fff]))|"
    r"(?:(?:Mr|Ms|Mrs|Dr)\. )?[^\s:：\"“”，。,.?？！!][^:：\n\"“”，。,?？！!;；]{0,60}[:：]|A\d*\. |Q\d+\.? )\s*"
)
_NUMBER = rf"(?:[（(]?{_COUNT}[)）、.．]? ?)?"
_ANSWER = regex(
    rf"(?:A\d*|Answer|{_NUMBER}答(?:{_COUNT})?|发言人|新闻发言人|商务部新闻发言人"
    r"|(?:MOFCOM )?spokes(?:person|man|woman))[:：.]?\s*$",
    re.IGNORECASE,
)
_QUESTION = regex(
    rf"(?:Q\d*|Question(?: \d+)?(?: (?:from|by) .*)?|{_NUMBER}问(?:{_COUNT})?|问题{_COUNT}|有记者问|记者问|记者|.*记者"
    r"|.*提问|(?:A )?(?:Reporter|Journalist|Correspondent)(?: (?:from|of|with)\b.*)?"
    r"|.*\b(?:reporter|journalist|correspondent))[:：.]?\s*$",
    re.IGNORECASE,
)
_HOST = regex(r"(?:Host|Moderator|主持人)\s*$", re.I)
_SPOKESPERSON = regex(r"(.*?)(新闻发言人|发言人)")
_OFFICE = regex(r"(商务部)?([^就、，]{2,20}?(?:负责人|司长|发言人))(?:就|谈|解读|答)")
_OFFICE_HEAD = regex(
    r"\b((?:deputy )?(?:head|director|director general|official) of (?:the |MOFCOM(?:'s|’s) )?"
    r"Department of (?:[A-Z]\w+(?:,| and)? ?){1,6}(?<=\w))"
    r"(?= of (?:the )?(?:MOFCOM|Ministry)|,? (?:answered|made|gave|commented|responded|took))"
)
"""The office that answers, as the ministry's page introduces it."""
_NAMED = regex(r"(?:spokes(?:person|man|woman)|Spokes(?:person|man|woman)),? ((?:[A-Z][\w'’]+ ?){2,3})")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Turn:
    label: str
    start: int
    """Where the words begin, after the label."""
    end: int
    answer: bool


def find_turns(article: Article) -> list[Candidate]:
    """The spokesperson's turns of a transcript; empty for a text that is none."""
    if not _may_be_transcript(article):
        return []
    turns = list(_turns(article.text))
    if not any(turn.answer for turn in turns):
        return []
    office = _unnamed_spokesperson(article)
    made = [_candidate(turn, article, office) for turn in turns if turn.answer and turn.end > turn.start]
    posts = {c.speaker.name: c.speaker for c in reversed(made) if c.speaker and c.speaker.title}
    return [replace(c, speaker=_posted(c.speaker, posts)) if c.speaker else c for c in made]


def _posted(speaker: Speaker, posts: dict[str, Speaker]) -> Speaker:
    """The speaker with the post that another label of the same person prints: `王某：` after `商务部部长王某：`."""
    known = posts.get(speaker.name)
    if known is None or speaker.title:
        return speaker
    return replace(speaker, title=known.title, organization=known.organization)


def transcript_span(article: Article) -> tuple[int, int] | None:
    """From the first label to the end: where questions stand too, and what others say in them is no quote."""
    text = article.text
    first = next((start for start, end in paragraphs(text) if _label_at(text, start, end)), None)
    return None if first is None else (first, len(text))


def _may_be_transcript(article: Article) -> bool:
    labels = sum(1 for start, end in paragraphs(article.text) if _label_at(article.text, start, end))
    return labels > 0 and (article.source == "mofcom" or labels > 3)


_LETTERED = regex(r"A\d*\. |Q\d+|(?:[IVX]+|\d{1,2}) ?[.、]|[\[一二三四五六七八九十]")
"""How a label may begin that ends without a colon: `A1. `, `Q2 `, `IV.`, `[何某]`, `二、`."""


def _label_at(text: str, start: int, end: int) -> re.Match[str] | None:
    head = text[start : start + 80]
    if not (":" in head or "：" in head or "】" in head or _LETTERED.match(text, start)):
        return None
    if question := _NUMBERED_QUESTION.match(text, start, end):
        return question
    match = _LABEL.match(text, start, min(end, start + 80))
    if match is None:
        return None
    label = _plain(match.group("label"))
    if _ANSWER.match(label) or _QUESTION.match(label) or _HOST.match(label):
        return match
    bracketed = match.group("label")[0] == "【" or (
        match.group("label")[0] == "[" and match.group("label")[-1] in ":："
    )
    alone = end - match.end() < 2
    outlet = _looks_like_outlet(label) and (alone or _ASKS.search(text, match.end(), end) is not None)
    return match if bracketed or _speaker_name(label) or outlet else None


_NUMBERED_QUESTION = regex(
    r"(?P<label>(?:[IVX]+|\d{1,2}) ?[.、](?= ?[^\n]{20,}[?？]$)"
    r"|[一二三四五六七八九十]{1,3}、(?= ?(?!答)[^\n]{8,}[?？]$))"
)
"""A question that opens with a number, and has no label: the answer before it ends."""


def _plain(label: str) -> str:
    bare = label.strip().strip("【】[]:：. ").strip("【】[]")
    return _HONORIFIC.sub("", _ASIDE.sub("", bare))


_HONORIFIC = regex(r"^(?:Mr|Ms|Mrs|Dr)\.? (?=[A-Z])")
_ASIDE = regex(r" ?[(（][^()（）]{2,50}[)）]$")


_ZH_POSTS = r"(?:新闻发言人|发言人|副?部长|部长助理|副?司长|副?局长|副?主任|副?会长|副?总裁|谈判代表|负责人)"
_ZH_POSTED = regex(rf"(?P<post>[\u4e00-\u9fff]{{0,30}}{_ZH_POSTS})(?P<name>[\u4e00-\u9fff]{{2,4}})")
_ZH_CALLED = regex(rf"(?P<name>[\u4e00-\u9fff]{{2,4}}?)(?P<post>{_ZH_POSTS})")
"""`商务部新闻发言人何某：` and `王某部长：`."""


def _speaker_name(label: str) -> str | None:
    words = label.split()
    if is_chinese_name(words):
        return label
    if re.fullmatch(r"[\u4e00-\u9fff]{2,4}", label) and (
        label[:1] in names("surname", "zh") or label[:2] in names("surname", "zh")
    ):
        return label
    posted = _ZH_POSTED.fullmatch(label) or _ZH_CALLED.fullmatch(label)
    if posted and (posted["name"][:1] in names("surname", "zh") or posted["name"][:2] in names("surname", "zh")):
        return posted["name"]
    if len(words) > 2:
        _, name = split_run(" ".join(words[-4:]))
        if name and is_chinese_name(name.split()) and split_post(label[: -len(name)])[0]:
            return name
    return None


_OUTLET = regex(
    r"(?:(?:The )?[A-Z0-9][\w&'’.]*(?: (?:[A-Z0-9][\w&'’.]*|of|and|the|for)){0,6}|[\u4e00-\u9fff\w]{2,20}(?:记者|"
    r"报|社|网|台|电视|广播))"
)


_ASKS = regex(
    r"[?？]|\b(?:[Qq]uestions?|[Cc]omments?|[Bb]rief|[Ii]ntroduce|[Ss]hare|[Tt]ell us|[Ee]laborate|[CcWw]ould you"
    r"|[Pp]lease|[Rr]espon(?:d|se)|[Tt]hank you|[Tt]hanks)\b|请问|谢谢"
)
"""What a question has and a heading inside an answer (`Foreign Trade: exports grew`) has not."""


def _looks_like_outlet(label: str) -> bool:
    return _OUTLET.fullmatch(label) is not None and not re.match(
        r"(?:First|Second|Third|Attachment|Annex|Note|Article)", label
    )


def _turns(text: str) -> Iterator[_Turn]:
    current: tuple[str, int, bool] | None = None
    last = 0
    for start, end in paragraphs(text):
        match = _label_at(text, start, end)
        if match is not None:
            if current:
                yield _Turn(label=current[0], start=current[1], end=last, answer=current[2])
            label = _plain(match.group("label"))
            current = match.group("label").strip(), _words_start(text, match.end(), end), _is_answer(label)
            if not current[2] and (inline := _ANSWER_INSIDE.search(text, match.end(), end)):
                current = inline.group(1), inline.end(), True
        last = end
    if current:
        yield _Turn(label=current[0], start=current[1], end=last, answer=current[2])


_ANSWER_INSIDE = regex(r"(?<=[。？！?!])[”\"]? ?(答 ?[:：]|A ?[:：]) ?")
"""An answer in the paragraph of its question: `问：……？ 答：……`."""


def _words_start(text: str, at: int, end: int) -> int:
    if at < end:
        return at
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def _is_answer(label: str) -> bool:
    if _ANSWER.match(label) or _HOST.match(label):
        return True
    return not _QUESTION.match(label) and _speaker_name(label) is not None


def _candidate(turn: _Turn, article: Article, office: Speaker) -> Candidate:
    end = turn.end
    while end > turn.start and article.text[end - 1].isspace():
        end -= 1
    return Candidate(
        start=turn.start,
        end=end,
        kind="direct",
        cue=turn.label,
        rule="turn",
        speaker=_speaker(_plain(turn.label), office, article.text),
    )


def _speaker(label: str, office: Speaker, text: str) -> Speaker:
    if _HOST.match(label):
        return Speaker(name=label, type="unnamed")
    if not _ANSWER.match(label):
        return _named(label, text)
    return office


def _introduced(name: str, text: str) -> tuple[str | None, str | None]:
    """Post and body of a person who speaks under the bare name, from where the host presents the person."""
    at = text.find(name)
    for _ in range(5):
        if at < 0:
            return None, None
        after = _POST_AFTER.match(text, at + len(name), at + len(name) + 160)
        if after:
            return after["post"], after["body"]
        before = _POST_BEFORE.search(text, max(0, at - 24), at)
        if before:
            return before["post"], before["body"]
        at = text.find(name, at + 1)
    return None, None


_POST_AFTER = regex(
    r", (?P<post>(?:[Dd]eputy |[Vv]ice[- ]|[Aa]ssistant )?(?:[Dd]irector|[Hh]ead|[Mm]inister|[Rr]epresentative)"
    r"(?:[ -][Gg]eneral)? of (?:the )?(?!Ministry|MOFCOM)[A-Z]\w+(?: (?:of|for|and|the|on|[A-Z]\w+)){0,9}?)"
    r"(?: of (?:the )?(?P<body>MOFCOM|Ministry of Commerce))?(?=[,.;:]| (?:to|who|will|here)\b)"
)
_POST_BEFORE = regex(r"(?P<body>商务部)(?P<post>[\u4e00-\u9fff]{2,12}(?:司长|局长|主任|部长|部长助理|发言人|代表))$")


def _named(label: str, text: str) -> Speaker:
    title: str | None
    name = _speaker_name(label) or label
    post = (label.removesuffix(name) if label.endswith(name) else label.removeprefix(name)).strip()
    if post and re.match(r"[\u4e00-\u9fff]", post):
        title, body = post_and_body(post)
    elif post:
        body = _body_of_post(post) or split_post(post)[1]
        post = re.sub(r"^(?:MOFCOM|Ministry of Commerce)(?:['’]s)? (?=[A-Z])", "", post)
        title = re.sub(r" (?:of|for) (?:the )?(?:MOFCOM|Ministry of Commerce)$", "", post)
    else:
        title, body = _introduced(name, text) if len(name) > 1 else (None, None)
    return Speaker(name=name, type="person", role="official", title=title, organization=body, chain=(label,))


_MINISTER_OF = regex(r"(?:Vice |Deputy |Assistant )?Minister of (?P<field>[A-Z]\w+)$")


def _body_of_post(post: str) -> str | None:
    minister = _MINISTER_OF.match(post)
    return f"Ministry of {minister['field']}" if minister else None


def _unnamed_spokesperson(article: Article) -> Speaker:
    title = article.title or ""
    if article.language == "zh":
        found = _OFFICE.search(title) or _SPOKESPERSON.search(title)
        if found and found.re == _OFFICE and "发言人" not in found.group(2):
            body, post = found.group(1) or "", found.group(2)
            return Speaker(name=f"{body}{post}", type="person", role="official", title=post, organization=body or None)
        return Speaker(
            name="商务部新闻发言人", type="person", role="official", title="新闻发言人", organization="商务部"
        )
    named = _NAMED.search(article.text)
    if named and is_chinese_name(named.group(1).split()):
        return Speaker(
            name=named.group(1).strip(),
            type="person",
            role="official",
            title="spokesman",
            organization="Ministry of Commerce",
        )
    if office := _OFFICE_HEAD.search(article.text):
        post = office.group(1)
        short = "MOFCOM" in post or article.text.startswith(" of MOFCOM", office.end())
        body = "MOFCOM" if short else "Ministry of Commerce"
        return Speaker(name=post, type="person", role="official", title=post, organization=body)
    head = re.match(
        r"(?:(?:MOFCOM|Ministry of Commerce)(?:'s|’s)? )?(Head of .*?)(?: of MOFCOM| Answer| on | Comment)", title
    )
    post = head.group(1) if head else "spokesperson"
    return Speaker(
        name=f"{post} of MOFCOM" if head else f"MOFCOM {post}",
        type="person",
        role="official",
        title=post,
        organization="MOFCOM",
    )
