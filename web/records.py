"""What the site is given of the archive: one fetched page, as it came. The archive itself is not known here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pipeline.model import ArchiveRef


class RecordMissing(Exception):
    """The archive does not hold the record any more, or cannot read it; the message is one line for a reader."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A fetched page."""

    status: int
    headers: tuple[tuple[str, str], ...]
    size: int
    """Bytes of the body."""
    text: str | None
    """The body as text, decoded as the parsers decode it; None: it is no text (a PDF, a picture)."""

    @property
    def media_type(self) -> str:
        """The media type that the site named, without parameters; empty where it named none."""
        named = next((value for name, value in self.headers if name.lower() == "content-type"), "")
        return named.partition(";")[0].strip().lower()


ReadRecord = Callable[[ArchiveRef], Record]
"""Reads a record of the archive; raises RecordMissing."""


def no_archive(ref: ArchiveRef) -> Record:
    """Where no archive is given to the site."""
    raise RecordMissing("This site was started without its archive of fetched pages.")
