"""Pages in WARC files that others wrote, such as Common Crawl's: which are ours, and how their bodies were packed.

Judged first by the head of a record, before the rest of it is inflated: by type, host, shape of the address, status and
media type. What is wanted becomes the page that our own crawl would have archived: its address with the host as a
source lists it, its body decoded. Whoever cut a record short says so in various ways; half a page is no page.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlsplit

from archive.bodies import CutShort, Unpackable, unpacked
from archive.members import MOST
from archive.records import SOURCE, UNTRUE, DamagedRecord
from archive.verify import agrees
from pipeline.html import MAX_BYTES, NotAnArticle
from pipeline.model import Page
from pipeline.sites import site_of, sites

OTHER = "of other hosts"
LARGEST = MAX_BYTES + (1 << 16)
"""Bytes of a record with its heads; our parsers read no page that is larger."""
HEADERS = 200
"""HTTP headers that are kept."""
LONGEST_HEAD = 1 << 16

_BLOCK = b"\r\n\r\n"
_OURS = b"\r\n" + SOURCE.encode() + b":"
_TYPE = re.compile(rb"\r\nwarc-type:[ \t]*([a-z]{1,20})", re.IGNORECASE)
_TARGET = re.compile(rb"\r\nwarc-target-uri:[ \t]*<?(https?://([^/?#\s>:@]{1,255})[^\s>]{0,2000})", re.IGNORECASE)
_STATUS = re.compile(rb"HTTP/[0-9.]{1,3} ([0-9]{3})")
_MEDIA = re.compile(rb"\r?\ncontent-type:[ \t]*([^\s;]{1,80})", re.IGNORECASE)
_FIELD = re.compile(rb"\r?\n([A-Za-z0-9_-]{1,80}):[ \t]*([^\r\n]*)")
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_END = re.compile(rb"</html\s*>\s*(?:<!--.{0,500}-->\s*)?$", re.IGNORECASE | re.DOTALL)
_NO_PAGES = frozenset({b"warcinfo", b"request", b"metadata"})
_HTML = frozenset({b"text/html", b"application/xhtml+xml"})


@dataclass(slots=True, kw_only=True)
class Sieve:
    """Judges records by their heads; counts what of other people's it passes over, and why."""

    hosts: Mapping[str, str]
    """The hosts of our sources, and which source's each is."""
    skipped: Counter[str] = field(default_factory=Counter)

    def __call__(self, head: bytes) -> int:
        """How many bytes of the record are wanted at most; 0: it is passed over."""
        fields = head[: head.find(_BLOCK) + 2] or head
        kind = _TYPE.search(fields)
        if kind is None or (name := kind[1].lower()) in _NO_PAGES:
            return 0
        if _OURS in fields:
            return MOST if name == b"response" else 0
        why = self._against(fields, head[len(fields) + 2 :], name)
        if why is None:
            return LARGEST
        self.skipped[why] += 1
        return 0

    def _against(self, fields: bytes, http: bytes, kind: bytes) -> str | None:
        """Why a record is passed over; None: it is wanted."""
        if kind != b"response":
            return f"{kind.decode()} records"
        target = _TARGET.search(fields)
        if target is None:
            return "without a web address"
        host = target[2].decode("latin-1").lower()
        if self.source_of(host) is None:
            return OTHER if not _below_ours(host) else f"of {host}, which no source lists"
        if (url := self.address_in(target[1])) is None:
            return "of other ports"
        try:
            site_of(url).address_of(url)
        except NotAnArticle:
            return "no story's address"
        status = _STATUS.match(http)
        if status is None or status[1] != b"200":
            return f"answered {status[1].decode()}" if status else "no answer of a web server"
        ended = _HEAD_END.search(http)
        media = _MEDIA.search(http, 0, ended.start() if ended else len(http))
        return None if media is None or media[1].lower() in _HTML else "no HTML"

    def source_of(self, host: str) -> str | None:
        """The source that a host is of, `www.` before it or not."""
        return self.hosts.get(self._listed(host))

    def address_in(self, target: bytes) -> str | None:
        """An address as our crawl would write it: the host as it is listed, https, no usual port, no fragment."""
        try:
            parts = urlsplit(target.decode("utf-8", "replace"))
            port = parts.port
        except ValueError:
            return None
        if port not in (None, 80, 443) or "@" in parts.netloc:
            return None
        query = f"?{parts.query}" if parts.query else ""
        return f"https://{self._listed((parts.hostname or '').removesuffix('.'))}{parts.path or '/'}{query}"

    def _listed(self, host: str) -> str:
        """The host by the name under which a source lists it."""
        host = host.removesuffix(".")
        if host in self.hosts:
            return host
        other = host.removeprefix("www.") if host.startswith("www.") else f"www.{host}"
        return other if other in self.hosts else host

    def page_in(self, content: bytes, where: str) -> Page | None:
        """The page of a record that was wanted; None, and counted why, where there is none after all.

        Raises DamagedRecord.
        """
        fields, _, rest = content.partition(_BLOCK)
        said = {name.lower(): value.strip() for name, value in _FIELD.findall(fields)}
        length = said.get(b"content-length", b"")
        target = _TARGET.search(fields + b"\r\n")
        url = self.address_in(target[1]) if target else None
        if not length.isdigit() or url is None:
            raise DamagedRecord(f"{where}: no length or address")
        if len(fields) + 8 + int(length) > LARGEST:
            self.skipped["too large"] += 1
            return None
        if len(rest) != int(length) + len(_BLOCK):
            raise DamagedRecord(f"{where}: {len(rest) - len(_BLOCK)} bytes where {int(length)} were written")
        block = rest[: int(length)]
        if not agrees(said.get(b"warc-block-digest"), block):
            raise DamagedRecord(f"{where}: the record is not what was written")
        ended = _HEAD_END.search(block, 0, LONGEST_HEAD)
        head, packed = (block[: ended.start()], block[ended.end() :]) if ended else (block, b"")
        headers = [(name.decode("latin-1"), text.decode("latin-1").strip()) for name, text in _FIELD.findall(head)]
        try:
            body, cut = unpacked(packed, headers, MAX_BYTES)
        except CutShort:
            body, cut = b"", True
        except Unpackable as error:
            self.skipped[str(error)] += 1
            return None
        if (cut or b"warc-truncated" in said) and not _END.search(body[-1000:]):
            self.skipped["cut short"] += 1
            return None
        return Page(
            url=url,
            source=self.hosts[urlsplit(url).hostname or ""],
            body=body,
            fetched_at=_moment(said.get(b"warc-date", b""), where),
            headers=tuple((name, text) for name, text in headers[:HEADERS] if name.lower() not in UNTRUE),
        )


def is_ours(content: bytes) -> bool:
    """Whether our own crawl wrote a record."""
    return _OURS in content[: content.find(_BLOCK) + 2]


def _below_ours(host: str) -> bool:
    return any(host == site.domain or host.endswith(f".{site.domain}") for site in sites())


def _moment(date: bytes, where: str) -> datetime:
    try:
        moment = datetime.fromisoformat(date.decode("ascii"))
    except ValueError as error:
        raise DamagedRecord(f"{where}: {date[:40]!r} is no date") from error
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
