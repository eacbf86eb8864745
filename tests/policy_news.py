"""What is found in a piece of invented news, as if a paper had printed it on one and the same day."""

from __future__ import annotations

from pipeline.model import Article, PolicyAnnouncement
from pipeline.policies import find_policies


def read(text: str, published: str = "2031-11-28 10:21") -> tuple[PolicyAnnouncement, ...]:
    return find_policies(Article(source="china_daily", text=text, title="", published=published))


def only(text: str) -> PolicyAnnouncement:
    (record,) = read(text)
    return record
