"""The ministry's notices in English: legal bases are no sources, and `the Applicant` is who the notice calls so."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from pipeline.model import Article
from pipeline.patterns import regex
from pipeline.quotes.records import Candidate, Speaker

_NOTICE = regex(r"\b(?:Announcement|Order|Decree|Notice|Circular)\b,?(?: of [^.\n]{3,80}?)?,? (?:\d{4} )?No\.? ?\d")
_BASES = frozenset(["according to", "in accordance with", "pursuant to", "in line with"])
_DEFINED = regex(
    r" ?\((?:hereinafter|hereafter)[^()“”\"]{0,40}[“\"]?(?:the )?"
    r"(?P<short>[Aa]pplicants?|[Pp]etitioners?|[Aa]pplying [Pp]arty)[”\"]?\)"
)
_SUFFIXES = (
    "Ltd.", "Ltd", "Limited", "Inc.", "Inc", "Corp.", "Corporation", "Co.", "Company", "Group", "Association",
)  # fmt: skip
_MORE = regex(
    r"(?<=[a-z.]), (?:and )?(?=[A-Z])|(?:" + "|".join(f"(?<={re.escape(end)})" for end in _SUFFIXES) + ") and (?=[A-Z])"
)
_LONGEST_LIST = 600
_FIRM = regex(r"(?:Ltd|Limited|Inc|Corp|Corporation|Co|Company|Group|Association|Chamber|Council|Union)\.?$")


def is_notice(article: Article) -> bool:
    """Whether the page is a document with a number of its own."""
    if article.source != "mofcom":
        return False
    return _NOTICE.search(f"{article.title or ''}\n{article.text[:160]}") is not None


def settle_notice(article: Article, found: Iterable[Candidate]) -> list[Candidate]:
    """The quotes of a notice: without `according to` a law or a result, and with the applicant's name."""
    applicant = _applicant(article.text)
    return [
        replace(candidate, speaker=applicant) if applicant and _is_applicant(candidate) else candidate
        for candidate in found
        if candidate.cue.lower() not in _BASES
    ]


_CALLED = regex(r"(?:[Tt]he )?(?:[Aa]pplicant|[Pp]etitioner)s?")


def _is_applicant(candidate: Candidate) -> bool:
    speaker = candidate.speaker
    return speaker is not None and _CALLED.fullmatch(speaker.name) is not None


def _applicant(text: str) -> Speaker | None:
    """`A Co., Ltd. and B Co., Ltd. (hereinafter referred to as the Applicants)`: who they are, by their names."""
    defined = _DEFINED.search(text)
    if defined is None:
        return None
    line = text.rfind("\n", 0, defined.start()) + 1
    listed = text[max(line, defined.start() - _LONGEST_LIST) : defined.start()]
    names = [name.strip(" ,") for name in _MORE.split(_joined(listed))]
    firms = [_bare(name.replace("\u0001", ",")) for name in names if _FIRM.search(name.strip(" ,"))]
    if not firms:
        return None
    return Speaker(name=" and ".join(firms), type="organization", chain=(defined["short"],))


def _joined(names: str) -> str:
    """`Co., Ltd.` kept whole."""
    return re.sub(r"(Co\.?|Company|Inc\.?|Corp\.?|Group), (?=Ltd|Limited|Inc|LLC)", "\\1\u0001 ", names)


_LEAD = regex(r"^(?:.*?\b(?:submitted by|filed by|from|by|of) (?=[A-Z])|On [A-Z][a-z]+ \d{1,2}, \d{4}, )")


def _bare(name: str) -> str:
    return _LEAD.sub("", name)
