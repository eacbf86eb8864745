"""A story of the demo world, its templates and the shapes of their addresses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Any, Final, Literal, get_args

from demo.plain import PLAIN
from pipeline.model import Attachment, Language, PolicyAnnouncement, Quote

Site = str
"""Name of a source; one of `DOMAINS`."""
Template = Literal[
    "today", "content_2013", "print", "no_info", "gallery", "video", "opinion", "chinese", "multipage",
    "announcement", "order", "uel", "english", "english_press", "zh_press", "zh_press_2026", "remarks", "news",
    "shtml_zh", "shtml_en", "aarticle", "portal", "gone",
]  # fmt: skip


TODAY: Final = date(2026, 9, 18)
"""The day on which the demo world stands still."""
BEIJING: Final = timezone(timedelta(hours=8))

DOMAINS: Final[Mapping[str, str]] = {
    "china_daily": "chinadaily.com.cn",
    "mofcom": "mofcom.gov.cn",
    **{name: site.domain for name, site in PLAIN.items()},
}
_WS = r"/a/(?P<year>\d{4})(?P<month>\d{2})/(?P<day>\d{2})/WS(?P<id>[0-9a-f]{24})\.html"
_ART = r"(?:/[A-Za-z0-9]+)+/art/(?P<year>\d{4})/art_[0-9a-f]{32}\.html"
_OLD_ID = r"(?P<year>\d{4})(?P<month>\d{2})/(?P=year)(?P=month)\d{8}"
_SHTML = rf"/article(?:/[a-z]+)+/{_OLD_ID}\.shtml"
_XWFBZT = r"/xwfbzt/(?P<year>\d{4})/swbzklxxwfbh(?P=year)n(?P<month>[1-9]\d?)y(?P<day>[1-9]\d?)r/index\.html"
_CONTENT = r"(?:/[a-z0-9]+){1,2}/(?P<year>\d{4})-(?P<month>\d\d)/(?P<day>\d\d)/content_\d{7,8}\.htm"
_PORTAL = r"/article(?:/[a-z]+)+/(?P<year>\d{4})(?P<month>\d{2})/\d{1,6}\.html"
_AARTICLE = rf"/aarticle(?:/[a-z]+)+/{_OLD_ID}\.html"
PATHS: Final[Mapping[str, tuple[str, ...]]] = {
    "today": (_WS,),
    "content_2013": (_CONTENT,),
    "print": (_WS,),
    "no_info": (_WS,),
    "gallery": (_WS,),
    "video": (_WS,),
    "opinion": (_WS,),
    "chinese": (_WS,),
    "multipage": (_WS,),
    "announcement": (_ART,),
    "order": (_ART,),
    "uel": (_ART,),
    "english": (_ART,),
    "english_press": (_ART,),
    "zh_press": (_ART,),
    "zh_press_2026": (_XWFBZT,),
    "remarks": (_ART,),
    "news": (_ART,),
    "shtml_zh": (_SHTML,),
    "shtml_en": (_SHTML,),
    "aarticle": (_AARTICLE,),
    "portal": (_PORTAL,),
    "gone": (_ART, _SHTML, _AARTICLE, _PORTAL),
    **{site.template: (site.path,) for site in PLAIN.values()},
}
"""The shapes of an address, by template: the eras of the two sites."""
CHINA_DAILY: Final = frozenset(get_args(Template)[:9])
"""The templates of China Daily; the others of `Template` are the ministry's."""
TEMPLATES: Final[Mapping[str, frozenset[str]]] = {
    "china_daily": CHINA_DAILY,
    "mofcom": frozenset(get_args(Template)[9:]),
    **{name: frozenset({site.template}) for name, site in PLAIN.items()},
}
"""The templates of each site."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Annex:
    """The words of an attached file; the file is made of them when it is asked for."""

    path: str
    """As in the attachment."""
    paragraphs: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One page of the demo world and the truth about it."""

    id: str
    site: Site
    template: str
    host: str
    path: str
    title: str
    language: Language
    published: datetime
    text: str
    """All pages' paragraphs, as `Article.text` must be."""
    pages: tuple[tuple[str, ...], ...]
    """Paragraphs, page by page; one page but for stories over several."""
    file: str
    """Where it was read from, for messages."""
    aliases: tuple[str, ...] = ()
    byline: str | None = None
    authors: tuple[str, ...] = ()
    credit: str | None = None
    section: tuple[str, ...] = ()
    listings: tuple[str, ...] = ()
    """Paths on the site's front host (China Daily) or the story's own (MOFCOM), or absolute addresses."""
    updated: datetime | None = None
    number: str | None = None
    header: tuple[tuple[str, str], ...] = ()
    attachments: tuple[Attachment, ...] = ()
    annexes: tuple[Annex, ...] = ()
    """What stands in those attachments of which that matters."""
    captions: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    translations: tuple[str, ...] = ()
    """Addresses of the same document in the other language."""
    editors: tuple[str, ...] = ()
    quotes: tuple[Quote, ...] = ()
    policies: tuple[PolicyAnnouncement, ...] = ()
    edited: Story | None = None
    """What the site makes of it later, if it changes."""

    @property
    def url(self) -> str:
        """The story's own address."""
        return f"https://{self.host}{self.path}"

    @property
    def is_article(self) -> bool:
        """Whether a parser must find an article there."""
        return self.template != "gone"

    def truth(self) -> dict[str, Any]:
        """What must be extracted from it: one line of truth.jsonl."""
        return {
            "id": self.id,
            "url": self.url,
            "source": self.site,
            "title": self.title,
            "byline": self.byline,
            "published": self.published.isoformat(),
            "language": self.language,
            "text": self.text,
            "quotes": [quote.as_record() for quote in self.quotes],
            "policies": [policy.as_record() for policy in self.policies],
        }
