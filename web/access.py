"""How the site is reached: under which address, and whether it asks who comes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
"""Names under which the site may be asked for; any other may be a foreign page that rebinds its own name to us."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Without logins the site listens on loopback only, and whoever sits there may do everything."""

    logins: bool = False
    base_url: str = ""
    """The address that people type; with logins its host name is answered to, beside loopback."""
    idle: timedelta = timedelta(days=3)
    """A session ends when nothing was asked for that long,"""
    longest: timedelta = timedelta(days=30)
    """and at the latest after this time."""

    @property
    def hosts(self) -> frozenset[str]:
        """The names that the site answers to."""
        named = urlsplit(self.base_url).hostname if self.logins else None
        return LOOPBACK | {named} if named else LOOPBACK

    @property
    def https(self) -> bool:
        """Whether people come by https; a proxy in front of us then speaks it."""
        return self.logins and self.base_url.startswith("https://")

    @property
    def cookie(self) -> str:
        """The name of the session's cookie; with the prefix no other host or plain page can set it (RFC 6265bis)."""
        return "__Host-policywire" if self.https else "policywire"

    def origin_is_ours(self, origin: str, host: str) -> bool:
        """Whether a page of `origin` is one of ours, for a request to `host`."""
        parts = urlsplit(origin)
        if parts.netloc.lower() != host.lower():
            return False
        ours = urlsplit(self.base_url)
        if self.logins and parts.hostname == ours.hostname:
            return parts.scheme == ours.scheme
        return parts.scheme in ("http", "https")
