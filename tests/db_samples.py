"""Invented articles, statements and pages for the tests of the database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from db import open_database
from db.store import OnNew, Stored, store_article
from pipeline.model import ArchiveRef, Article, ListingRow, Page, PolicyAnnouncement, Quote, Span, Statements

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)

TEXT = (
    "The Ministry of Commerce issued a guideline on river freight on Nov 18, easing permits for barges.\n\n"
    '"Barges will carry twice the grain next year," said Lin Qiao, chief executive of Weir & Quay Shipping Co Ltd.\n\n'
    "Lin added that the company would hire two hundred deckhands before the spring."
)
CHINESE = (
    "商务部今日发布公告，决定对银杏叶提取物出口实行许可管理。\n\n"
    "商务部新闻发言人表示，这一做法符合国际惯例，不针对任何特定国家。\n\n企业可自公告之日起申请。"
)


def article(text: str = TEXT, **changes: Any) -> Article:
    """An article of the invented paper."""
    values: dict[str, Any] = {
        "source": "china_daily",
        "url": "https://www.chinadaily.com.cn/a/202611/19/WSaaaa0001.html",
        "title": "Barges to get easier permits",
        "authors": ("Wen Jiao",),
        "published": "2026-11-19T09:30:00+08:00",
        "text": text,
    }
    return Article(**{**values, **changes})


def ministry(text: str = CHINESE, **changes: Any) -> Article:
    """A document of the invented ministry."""
    values: dict[str, Any] = {
        "source": "mofcom",
        "url": "https://www.mofcom.gov.cn/zwgk/zcfb/art/2026/art_00000000000000000000000000000001.html",
        "title": "商务部公告2026年第9号 公布对银杏叶提取物实施出口管制",
        "published": "2026-11-18",
        "language": "zh",
        "kind": "announcement",
        "number": "商务部公告2026年第9号",
        "header": (("发布单位", "安全与管制局"),),
        "text": text,
    }
    return Article(**{**values, **changes})


def quote(text: str, words: str, **changes: Any) -> Quote:
    """A quote of `words` where they stand in `text`."""
    start = text.index(words)
    values: dict[str, Any] = {
        "span": Span.cut(text, start, start + len(words)),
        "kind": "direct",
        "cue": "said",
        "speaker": "Lin Qiao",
        "speaker_type": "person",
        "role": "executive",
        "title": "chief executive",
        "organization": "Weir & Quay Shipping Co Ltd",
    }
    return Quote(**{**values, **changes})


def policy(text: str, words: str, **changes: Any) -> PolicyAnnouncement:
    """An announcement whose evidence are `words` in `text`."""
    start = text.index(words)
    values: dict[str, Any] = {
        "title": "guideline on river freight",
        "instrument": "guideline",
        "issuers": ("Ministry of Commerce",),
        "issued_on": "2026-11-18",
        "action": "opening",
        "evidence": (Span.cut(text, start, start + len(words)),),
    }
    return PolicyAnnouncement(**{**values, **changes})


def statements(
    quotes: Iterable[Quote] = (), policies: Iterable[PolicyAnnouncement] = (), version: str = "1"
) -> Statements:
    """What an extractor found."""
    return Statements(quotes=tuple(quotes), policies=tuple(policies), version=version)


def usual(text: str = TEXT, version: str = "1") -> Statements:
    """The two statements of TEXT."""
    return statements(
        [quote(text, "Barges will carry twice the grain next year,")],
        [policy(text, text.partition("\n\n")[0])],
        version,
    )


@dataclass(slots=True)
class Desk:
    """A database, and a clock and an archive that go on by one with each page."""

    path: Path
    db: Database = field(init=False)
    pages: int = 0

    def __post_init__(self) -> None:
        self.db = open_database(self.path, mode="create")

    def page(self, url: str, at: datetime | None = None, **changes: Any) -> tuple[Page, ArchiveRef]:
        """A page fetched from `url`, and its place in the archive."""
        self.pages += 1
        fetched = at or NOON + timedelta(minutes=self.pages)
        page = Page(**{"url": url, "source": "china_daily", "body": b"<html>", "fetched_at": fetched, **changes})
        return page, ArchiveRef(file="china_daily/2026-11-20.warc.gz", offset=self.pages * 1000, length=900)

    def store(
        self,
        one: Article,
        found: Statements | None = None,
        *,
        page: tuple[Page, ArchiveRef] | None = None,
        listed: str | None = None,
        on_new: OnNew | None = None,
        parser_version: str = "p1",
    ) -> Stored:
        """Store an article as a crawl does."""
        assert one.url
        return store_article(
            self.db,
            one,
            pages=[page or self.page(one.url, source=one.source)],
            statements=statements() if found is None else found,
            parser_version=parser_version,
            run_id=None,
            listed=ListingRow(url=one.url, title=one.title or "", published=listed) if listed else None,
            on_new=on_new,
        )
