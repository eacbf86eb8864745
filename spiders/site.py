"""What a site's own module says: where its listings stand, how polite to be, and how its stories are found.

Nothing here needs Scrapy, so that a list of the sources costs none: the crawl (`spiders.spider`) is handed to a
`Discovery` as the `Crawl` that fetches for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal, Protocol
from urllib.parse import urlsplit

from pipeline.html import LayoutChanged, PageError, PageGone
from pipeline.listings import parse_listing
from pipeline.model import Article, Issue, Language, Listing, Page, PageKind, RouteState
from pipeline.shells import is_script_shell
from spiders.options import CrawlOptions
from spiders.routes import Route, RouteLost

SectionKind = Literal["listing", "column", "feed", "form"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One listing of a source: where it stands and what it must hold to be believed."""

    name: str
    """What `--section` calls it: `business/economy`, `rcxwfb`."""
    url: str
    """First page; `{year}` stands for a year, one listing a year. Of a `form` what is posted stands behind a `#`."""
    floor: int
    """How many links the first page must have; fewer is the state `empty`."""
    kind: SectionKind = "listing"
    """`listing`: rows stand in the page; `column`: the page may be a shell whose rows come from a list endpoint;
    `form`: an endpoint that answers to POST."""
    language: Language = "en"
    default: bool = False
    max_age_days: int | None = None
    """When the newest link is older than this, the listing counts as standing still; None: it may be old."""
    spare_for: str | None = None
    """The sections that tell the same, by what their names begin with: where one is fine, this may be old or dead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One site, or a family of sites under one owner."""

    name: str
    discovery: type[Discovery]
    """How its stories are found."""
    domain: str
    """What all its hosts are, or lie below; the configuration may add hosts there and nowhere else."""
    hosts: frozenset[str]
    """Every host that may be contacted for it, exactly; no other is, by redirect or link."""
    sections: tuple[Section, ...]
    delay: float
    """Seconds between two requests to one host, before randomisation."""
    every: timedelta = timedelta(hours=1)
    """How often it is crawled where the configuration plans no jobs."""
    searchable: bool = False
    page_limit: int = 10
    """Listing pages a section when neither a date nor a number of pages is given."""
    robots_agent: str = "policywire"
    """The name that robots.txt may address us by."""

    @property
    def languages(self) -> tuple[Language, ...]:
        """The languages of its sections, in order of first use."""
        return tuple(dict.fromkeys(section.language for section in self.sections))

    def chosen(self, names: tuple[str, ...]) -> tuple[Section, ...]:
        """The named sections, or the default ones when there is no name; ValueError names an unknown one."""
        if not names:
            return tuple(section for section in self.sections if section.default)
        by_name = {section.name: section for section in self.sections}
        if unknown := [name for name in names if name not in by_name]:
            raise ValueError(f"{self.name} has no section {unknown[0]!r}; it has: {', '.join(by_name)}")
        return tuple(by_name[name] for name in dict.fromkeys(names))

    def owns(self, host: str) -> bool:
        """Whether a host is the source's domain or lies below it."""
        return host == self.domain or host.endswith(f".{self.domain}")

    def with_section(self, section: Section) -> Source:
        """The source with one more section and its host; ValueError says why it cannot have it."""
        if section.name in (known.name for known in self.sections):
            raise ValueError(f"name: {self.name} has a section {section.name!r} already")
        try:
            parts = urlsplit(section.url)
            plain = parts.scheme in ("http", "https") and parts.port is None and "@" not in parts.netloc
        except ValueError:
            plain = False
        host = (parts.hostname or "") if plain else ""
        if not host or not self.owns(host):
            raise ValueError(f"url: must be http(s)://HOST/… with a host of {self.domain}, not {section.url!r}")
        return replace(self, sections=(*self.sections, section), hosts=self.hosts | {host})


class Crawl(Protocol):
    """What a discovery may ask of the crawl that it works for."""

    async def listing(
        self, url: str, kind: PageKind = "listing", headers: dict[str, str] | None = None, *, posted: bool = False
    ) -> Page:
        """A page of a listing, archived, answered with status 200; raises RouteLost.

        `posted`: what stands behind the `#` of the address is a form, to be sent by POST.
        """

    def note(self, issue: Issue) -> None:
        """Record something that a person should know."""


class Discovery:
    """How the stories of a site are found; this one goes the chosen sections, page by page.

    A site that needs more overrides a method: MOFCOM's columns are shells, China Daily has a search.
    """

    def __init__(self, source: Source, options: CrawlOptions, crawl: Crawl) -> None:
        self.source = source
        self.options = options
        self.crawl = crawl
        self.remarks: defaultdict[str, dict[RouteState, str]] = defaultdict(dict)
        """What was seen of a route, by its name, that its report is to name beside its rows."""

    def routes(self) -> Sequence[Route]:
        """The ways to find stories, in the order they are gone."""
        return [Route.of(section) for section in self.source.chosen(self.options.sections)]

    def listings(self, route: Route, at: str | None = None) -> AsyncGenerator[Listing]:
        """The pages of a route's listing, first one first, or from the one at that address on; raises RouteLost."""
        return self.pages_from(at or route.url, route.kind)

    def leads(self, article: Article) -> Sequence[str]:
        """Addresses in a story that are worth one more request."""
        return ()

    def look_at(self, page: Page) -> None:
        """See whether a listing page shows something else that a person should know."""

    # -- for those that override -------------------------------------------------------------------------------

    async def pages_from(
        self,
        url: str | None,
        kind: PageKind,
        headers: dict[str, str] | None = None,
        *,
        after: str | None = None,
        posted: bool = False,
    ) -> AsyncGenerator[Listing]:
        """A listing and the pages that it names as the next, to the last; `after` is a page already read before it.

        A pager that promises one page too many ends the listing; one that leads back to rows already seen is lost.
        """
        links: set[str] = set()
        asked = {after}
        while url is not None and url not in asked:
            asked.add(url)
            try:
                page = await self.crawl.listing(url, kind, headers, posted=posted)
                listing = self.read_listing(page)
            except RouteLost as lost:
                if lost.gone and links:
                    return
                raise
            self.look_at(page)
            rows = {row.url for row in listing.rows}
            if rows and rows <= links:
                raise RouteLost("failed", f"{url} gives the rows of the pages before it")
            links |= rows
            yield listing
            url = listing.next_page

    def read_listing(self, page: Page) -> Listing:
        """Parse a page of a listing; raises RouteLost with the state that it shows."""
        try:
            return parse_listing(page)
        except PageError as error:
            raise _route_lost(page, error) from error


def _route_lost(page: Page, error: PageError) -> RouteLost:
    """What a listing page that cannot be read means for its route."""
    if is_script_shell(page):
        return RouteLost("script_shell", f"{page.url} holds scripts and no rows")
    if isinstance(error, LayoutChanged):
        return RouteLost("empty", f"{page.url}: {error.detail}")
    return RouteLost("failed", f"{page.url}: {error.detail}", gone=isinstance(error, PageGone))
