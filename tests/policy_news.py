"""What is found in a piece of invented news, as if a paper had printed it on one and the same day."""

from __future__ import annotations

from pipeline.model import Article, PolicyAnnouncement
from pipeline.policies import find_policies


def read(
    text: str, title: str = "", published: str | None = "2031-11-28 10:21", source: str = "china_daily"
) -> tuple[PolicyAnnouncement, ...]:
    return find_policies(Article(source=source, text=text, title=title, published=published))


def only(
    text: str, title: str = "", published: str | None = "2031-11-28 10:21", source: str = "china_daily"
) -> PolicyAnnouncement:
    (record,) = read(text, title, published, source)
    return record
