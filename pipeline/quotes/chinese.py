"""Chinese reporting clauses: `王受文表示，…`, `“…，”他说`, `据商务部介绍，…`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from pipeline.model import Article, QuoteKind
from pipeline.patterns import regex
from pipeline.quotes.chinese_speakers import ADVERB, speaker_of
from pipeline.quotes.marks import Marked, between, find_marked, masked
from pipeline.quotes.records import Candidate, Refused, Speaker
from pipeline.quotes.tables import alternation, cue_forms
from pipeline.text import paragraphs, split_sentences

_TAIL = regex(r"[。！？；，、\s]+$")

_NOT_A_NAME_OF = "(?<![名简总俗职全通合别统])"
_STRAIGHT = ("认为", "指出", "强调", "呼吁", "敦促", "要求", "建议", "希望", "相信", "预计", "期待", "坦言", "预测")
"""Cues that take their clause without a comma: `专家认为出口将…`."""


@cache
def _cue() -> re.Pattern[str]:
    forms = alternation(cue_forms("zh"))
    return re.compile(
        rf"(?P<adverb>{ADVERB}{{0,3}}){_NOT_A_NAME_OF}(?P<cue>{forms})(?P<after>，|,|：|:|(?=[“「\"]))"
        rf"|(?P<adverb2>{ADVERB}{{0,3}})(?P<straight>{alternation(_STRAIGHT)})(?=[\u4e00-\u9fff])"
    )


@cache
def _cue_last() -> re.Pattern[str]:
    return re.compile(rf"(?P<source>[\w·•‧・（）、]{{1,40}}?)(?P<cue>{alternation(cue_forms('zh'))})[。，；！]?$")


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
    speaker = speaker_of(match.group("source"), people, last, text) if match else None
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
        speaker = speaker_of(source, people, last, text)
        if speaker is not None and (match.group("cue") or _plain_source(speaker)):
            cue = match.group("cue") or match.group("straight")
            ahead = [stretch for stretch in inside if stretch.end <= base + match.start()]
            yield from _spoken(text, ahead, cue, speaker)
            yield from _reported(text, base + match.end(), base + stop, inside, cue, speaker)
            return
    behind = _cue_last().search(_TAIL.sub("", blank[first:stop])[-60:])
    if behind and inside:
        speaker = speaker_of(behind.group("source"), people, last, text)
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
