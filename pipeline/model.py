"""Every value that crosses a folder: pages, articles, statements, reports.

Shapes only. All values are frozen; offsets are Unicode code points into `Article.text`; times are
aware datetimes; dates that a page prints are ISO 8601 prefixes (`2026`, `2026-03`, `2026-03-01` or
`2026-03-01T09:30:00+08:00`), because a page often supports no more than a month.
The fields of `Quote` and `PolicyAnnouncement` are defined in the project's extraction spec.
"""

from __future__ import annotations

from dataclasses import InitVar, dataclass, field
from datetime import date, datetime
from typing import Any, Literal

Language = Literal["en", "zh"]
PageKind = Literal["article", "listing", "search", "feed", "robots", "attachment"]
ArticleKind = Literal["news", "opinion", "gallery", "video", "announcement", "press_conference", "remarks"]
QuoteKind = Literal["direct", "partial", "indirect"]
SpeakerType = Literal["person", "organization", "document", "unnamed"]
Role = Literal["executive", "official", "expert", "other"]
Instrument = Literal[
    "law", "regulation", "order", "announcement", "notice", "measures", "guideline", "plan", "list",
    "decision", "statement", "agreement", "standard", "pilot", "other",
]  # fmt: skip
Status = Literal["issued", "draft", "planned", "repealed"]
Salience = Literal["news", "background"]
Action = Literal[
    "opening", "support", "restriction", "export_control", "trade_remedy", "sanction", "tariff", "regulation", "other"
]  # fmt: skip
Relation = Literal["amends", "repeals", "suspends", "resumes", "extends", "implements", "interprets", "reviews"]
Outcome = Literal["new", "revised", "unchanged", "alias", "failed"]
RunState = Literal["ok", "partial", "failed"]
RouteState = Literal[
    "ok", "empty", "all_old", "blocked", "script_shell", "failed", "redirected_edition", "fallback", "dates_unheeded",
    "no_hits", "days_missing",
]  # fmt: skip
"""How a way of discovery went; docs/crawling.md says what each means and what to do about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One fetched response, as it came over the wire after content decoding."""

    url: str
    """The address that was asked for; where a redirect led is `final_url`."""
    source: str
    """Name of the source in `spiders.source.SOURCES`, e.g. `china_daily`."""
    body: bytes
    fetched_at: datetime
    """Aware, UTC."""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    final_url: str | None = None
    kind: PageKind = "article"
    form: str | None = None
    """What was posted to get it, as `a=1&b=2`: `url` then ends in `#` and the form. None: it was asked for by GET."""
    sent: tuple[tuple[str, str], ...] = field(default=(), compare=False, repr=False)
    """The headers that it was asked for with; the archive keeps them, and does not give them back."""
    digest: str | None = None
    """Of the body, as the database notes it, where the body itself was left behind."""
    size: int | None = None
    """Bytes of the body that was left behind."""

    def header(self, name: str) -> str | None:
        """The first header of that name, case-insensitive, or None."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveRef:
    """Where a page lies in the archive: file name relative to the archive folder, byte offset, byte length."""

    file: str
    offset: int
    length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that an article links to as its annex."""

    url: str
    name: str


AnnexState = Literal["read", "no_text", "unreadable"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnexText:
    """What a reader made of an attached file."""

    kind: str
    """What the file is by its content: `pdf`, `docx`, `doc`, `xlsx`, `xls`, `ofd`, `zip`, `text`, or why it is none."""
    state: AnnexState
    text: str = ""
    """Paragraphs and tables with a blank line between; a table is one line a row, its cells parted by tabs."""
    why: str | None = None
    """Why there is no text, or what of it is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What a page says, without the page: the body and what stands around it."""

    source: str
    text: str
    """Paragraphs joined by one blank line, white space folded; empty for a page that has only pictures."""
    id: str | None = None
    """The caller's name for it, given back unchanged; the store makes its own ids from `url`."""
    url: str | None = None
    title: str | None = None
    authors: tuple[str, ...] = ()
    credit: str | None = None
    """The outlet the article is credited to, as printed: `China Daily`, `Xinhua`, `商务部新闻办公室`."""
    section: tuple[str, ...] = ()
    language: Language = "en"
    published: str | None = None
    """ISO prefix: when the article first appeared."""
    updated: str | None = None
    """ISO prefix: the last edit that the page prints."""
    captions: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    number: str | None = None
    """A ministry page's own document number as printed in its header block, e.g. `商务部公告2025年第1号`."""
    header: tuple[tuple[str, str], ...] = ()
    """The header block of a ministry page: (`发布单位`, `安全与管制局`), …"""
    editors: tuple[str, ...] = ()
    """Responsible (web) editors; never authors."""
    kind: ArticleKind = "news"
    layout: str = "text"
    """Name of the dated layout that parsed the page; `text` when there was no page."""
    next_pages: tuple[str, ...] = ()
    """Addresses of pages 2…n of the same story, in order."""
    links: tuple[str, ...] = ()
    """Addresses in the body that may hold the instrument the article is about, the likeliest first."""
    translations: tuple[str, ...] = ()
    """Addresses of the same article in the other language."""
    doubts: tuple[Doubt, ...] = ()
    """What the page says against itself; each becomes an issue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """Something on a page that does not fit together, though an article was read from it."""

    kind: str
    """The kind of its issue: `time_disagrees`."""
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One page of a listing: what it links to and where it goes on."""

    url: str
    rows: tuple[ListingRow, ...]
    layout: str
    title: str | None = None
    next_page: str | None = None
    pages: int | None = None
    """How many pages the listing says it has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingRow:
    """One link of a listing."""

    url: str
    title: str
    published: str | None = None
    """ISO prefix, as the listing prints it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of an article's text. Made from the text it lies in, and checked against it."""

    start: int
    end: int
    text: str
    source: InitVar[str]

    def __post_init__(self, source: str) -> None:
        if self.start < 0 or source[self.start : self.end] != self.text:
            raise ValueError(f"span {self.start}:{self.end} is not {self.text[:60]!r}")

    @classmethod
    def cut(cls, source: str, start: int, end: int) -> Span:
        """The span `source[start:end]`."""
        return cls(start=start, end=end, text=source[start:end], source=source)


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """Why a statement was made, or was not; what `policywire extract --explain` prints."""

    rule: str
    """Name of the rule that found it."""
    cue: str
    """The words that set the rule off, as printed."""
    chain: tuple[str, ...] = ()
    """How speaker or issuer was found: the words that the sentence prints, then what they stand for."""
    notes: tuple[str, ...] = ()
    """What was considered and dropped on the way."""

    def as_record(self) -> dict[str, Any]:
        """Ready for JSON."""
        return {"rule": self.rule, "cue": self.cue, "chain": list(self.chain), "notes": list(self.notes)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """A candidate that became no statement."""

    span: Span
    kind: Literal["quote", "policy"]
    why: Why
    reason: str
    """Why it was dropped, in one line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """One stretch of reported speech or writing with a source."""

    span: Span
    """The words reported, quotation marks left out."""
    kind: QuoteKind
    cue: str
    """The word that reports, as printed: `said`, `according to`, `表示`."""
    speaker: str
    """Fullest form of the source's name in the article."""
    speaker_type: SpeakerType
    role: Role | None = None
    """For persons only."""
    title: str | None = None
    organization: str | None = None
    confidence: float | None = None
    """How probable it is that the record is right, 0 to 1, calibrated on annotated articles; None: not known."""
    why: Why | None = field(default=None, compare=False, repr=False)

    def as_record(self) -> dict[str, Any]:
        """The fields of the extraction spec, flat, ready for JSON."""
        return {
            "text": self.span.text,
            "start": self.span.start,
            "end": self.span.end,
            "kind": self.kind,
            "cue": self.cue,
            "speaker": self.speaker,
            "speaker_type": self.speaker_type,
            "role": self.role,
            "title": self.title,
            "organization": self.organization,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyAnnouncement:
    """One instrument or official measure that an article reports."""

    title: str
    instrument: Instrument
    evidence: tuple[Span, ...]
    """The sentences that say so, best first; never empty."""
    number: str | None = None
    issuers: tuple[str, ...] = ()
    """Usual English names, lead body first."""
    issued_on: str | None = None
    """ISO prefix."""
    effective_on: str | None = None
    """ISO prefix."""
    status: Status = "issued"
    salience: Salience = "news"
    action: Action = "other"
    regions: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    confidence: float | None = None
    """How probable it is that the record is right, 0 to 1, calibrated on annotated articles; None: not known."""
    why: Why | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        if not self.evidence:
            raise ValueError(f"policy announcement {self.title[:60]!r} has no evidence")

    def as_record(self) -> dict[str, Any]:
        """The fields of the extraction spec, ready for JSON."""
        return {
            "title": self.title,
            "instrument": self.instrument,
            "number": self.number,
            "issuers": list(self.issuers),
            "issued_on": self.issued_on,
            "effective_on": self.effective_on,
            "status": self.status,
            "salience": self.salience,
            "action": self.action,
            "regions": list(self.regions),
            "sectors": list(self.sectors),
            "entities": list(self.entities),
            "evidence": [{"start": e.start, "end": e.end, "text": e.text} for e in self.evidence],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class InstrumentRelation:
    """What one announcement of an article does to another, or to a document that the article names by number."""

    relation: Relation
    subject: int
    """Which of the article's announcements acts, by its place in `Statements.policies`."""
    object: int | None
    """Which of them it acts on; None: the document of `number`."""
    evidence: Span
    """The sentence that says so."""
    number: str | None = None
    """Number of the document that it acts on, normalised, where it is printed."""
    issuers: tuple[str, ...] = ()
    """Whose number that is."""
    on_date: str | None = None
    """ISO date from which it does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statements:
    """All that was extracted from one article, in text order."""

    quotes: tuple[Quote, ...]
    policies: tuple[PolicyAnnouncement, ...]
    version: str
    """The extractor's version."""
    relations: tuple[InstrumentRelation, ...] = ()
    """What the announcements do to each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """Something that a person should look at; the job went on without it."""

    kind: str
    """`layout_changed`, `page_gone`, `fetch_failed`, `robots_denied`, `too_large`, `listing_empty`, …"""
    source: str
    url: str
    detail: str
    selector: str | None = None
    version: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is already held of an address, so that a crawl need not fetch it again."""

    listed: str | None = None
    """ISO prefix: the time that a listing printed beside it when it was last fetched."""
    etag: str | None = None
    last_modified: str | None = None


Mark = tuple[int, str, str]
"""Where a portion of what is owed ended: rank, time, address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingKey:
    """One listing as it is read: up to what is known, or over a span of days."""

    source: str
    url: str
    """Where the listing begins."""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How far a listing has been read, kept so that a crawl which was cut short goes on there."""

    mark: str | None = None
    """Address of the last page whose rows were all taken; None: the listing was read as far as it was to be."""
    pages: int = 0
    """Pages read so far."""
    oldest: str | None = None
    """The earliest time, an ISO prefix, that a page so far printed beside a row."""
    newest: str | None = None
    """The latest time that the listing's first page printed when the reading began."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DueAnnex:
    """An attached file that is to be fetched."""

    article_id: str
    article_url: str
    url: str
    name: str
    known: Known | None
    """Of the copy that is held, where there is one."""
    kept: bool = False
    """Whether it was fetched for this article already and only waits to be joined to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlProgress:
    """How far a crawl is, for a display; told after every page."""

    source: str
    listings: int
    """Listing pages read."""
    found: int
    """Stories that are to be fetched, as far as the listings were read."""
    fetched: int
    new: int
    revised: int
    unchanged: int
    failed: int
    bytes_received: int
    url: str
    """The page just done."""
    covered: float | None = None
    """Which share of the days asked for has been read, 0 to 1; None where no day was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteReport:
    """How one way of discovery went: a listing, a search, a feed."""

    route: str
    state: RouteState
    links: int = 0
    new: int = 0
    detail: str | None = None
    url: str | None = None
    """Where it begins: its issues are noted there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlReport:
    """What one crawl of one source did, judged by its own figures and never by an exit code."""

    source: str
    started_at: datetime
    finished_at: datetime
    state: RunState
    reason: str
    """Why the crawl ended: `finished`, `shutdown`, `timeout` …"""
    listings: int = 0
    articles_fetched: int = 0
    new: int = 0
    revised: int = 0
    unchanged: int = 0
    failed: int = 0
    bytes_received: int = 0
    errors: int = 0
    """Errors logged and exceptions swallowed on the way."""
    routes: tuple[RouteReport, ...] = field(default=())


class SinkFailed(Exception):
    """The sink could not keep a page or an issue: its disk is full, or somebody else holds the database."""
