"""Sites that need no code of their own here: one template of stories and one of listings, described by a TOML file.

`demo/sites/<source>.toml` says where they stand; `demo/templates/<source>/` has `<template>.j2` and `_listing.j2`. The
pages of a listing are its path and `page_2.html`, `page_3.html` … below it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Final

SITES: Final = Path(__file__).parent / "sites"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainSite:
    """One such site; the fields of its file."""

    domain: str
    host: str
    """Where its stories and listings stand."""
    template: str
    path: str
    """Expression that the address of a story matches; groups `year`, `month`, `day` and `id` where it has them."""
    made: str
    """Format of an address that is made up: `listing`, `time`, and `id`, 24 hex digits that begin with the time."""
    rows: int
    """Rows of a listing page."""
    credit: str
    listings: Mapping[str, str]
    """Names by path, without a slash at its end."""
    long: Mapping[str, int] = field(default_factory=dict)
    """Rows in all of the listings that go on over several pages."""

    def address(self, listing: str, time: datetime, key: str) -> str:
        """The path of a story made up for a listing; `key` are hex digits of its own."""
        return self.made.format(listing=listing, time=time, id=f"{int(time.timestamp()) + 20:08x}{key[:16]}")


def _sites() -> Mapping[str, PlainSite]:
    files = sorted(SITES.glob("*.toml"))
    return MappingProxyType({file.stem: PlainSite(**tomllib.loads(file.read_text(encoding="utf-8"))) for file in files})


PLAIN: Final = _sites()
