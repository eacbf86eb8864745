"""One line of an index: an address and when it was fetched, what came, and where in the archive it lies (CDXJ)."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from archive.records import body_digest
from archive.surt import surt
from pipeline.model import ArchiveRef, Page

_OFFSET = re.compile(rb'"offset": "([0-9]+)"')
STAMP = "%Y%m%d%H%M%S"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What an index says of one page."""

    key: str
    """The address as `archive.surt` turns it."""
    stamp: str
    """When it was fetched: 14 digits, UTC."""
    url: str
    mime: str
    status: int
    digest: str
    ref: ArchiveRef
    kind: str
    size: int
    """Bytes of the body."""
    redirect: str | None = None
    """Where `url` led to: the address that the record is of."""
    form: str | None = None
    """What was posted to get it."""

    @property
    def fetched_at(self) -> datetime:
        """Aware, UTC, to the second."""
        return datetime.strptime(self.stamp, STAMP).replace(tzinfo=UTC)

    @property
    def tells(self) -> bool:
        """Whether the site gave a page or said that it is gone; for what it refused or failed, one asks again."""
        return 200 <= self.status < 300 or self.status in (404, 410)


def entries_of(page: Page, ref: ArchiveRef) -> list[Entry]:
    """The entries of a page: of its address and, where a redirect led there, of the one that was asked for."""
    if page.form is not None and page.final_url is None:
        return [_entry(page, ref, page.url.partition("#")[0], None)]
    found = [_entry(page, ref, page.final_url or page.url, None)]
    if page.final_url is not None:
        asked = _entry(page, ref, page.url, page.final_url)
        found += [asked] if asked.key != found[0].key else []
    return found


def _entry(page: Page, ref: ArchiveRef, url: str, redirect: str | None) -> Entry:
    return Entry(
        key=key_of(url, page.form if page.final_url is None else None),
        stamp=page.fetched_at.astimezone(UTC).strftime(STAMP),
        url=url,
        mime=mime_of(page),
        status=page.status,
        digest=body_digest(page.body),
        ref=ref,
        kind=page.kind,
        size=len(page.body),
        redirect=redirect,
        form=page.form,
    )


def key_of(url: str, form: str | None = None) -> str:
    """The key of an address; of a form that is posted to it, as pywb and cdxj-indexer make it."""
    return surt(url if form is None else f"{url}{'&' if '?' in url else '?'}__wb_method=POST&{form}")


def mime_of(page: Page) -> str:
    """The media type that the page says it is, without parameters; `unk`, as other indexes write it, for none."""
    said = (page.header("Content-Type") or "").partition(";")[0].split()
    return said[0][:80] if said else "unk"


def line_of(entry: Entry) -> bytes:
    """The entry as a line. Other tools read the fields up to `filename`; the others are ours."""
    fields = {
        "url": entry.url,
        "mime": entry.mime,
        "status": str(entry.status),
        "digest": entry.digest,
        "length": str(entry.ref.length),
        "offset": str(entry.ref.offset),
        "filename": entry.ref.file,
        "kind": entry.kind,
        "size": str(entry.size),
    }
    if entry.redirect is not None:
        fields["redirect"] = entry.redirect
    if entry.form is not None:
        fields |= {"method": "POST", "requestBody": entry.form}
    return f"{entry.key} {entry.stamp} {json.dumps(fields)}\n".encode("ascii")


def offset_in(line: bytes) -> int:
    """Only the offset, in a tenth of the time; -1 for a line that has none."""
    found = _OFFSET.search(line)
    return int(found[1]) if found is not None else -1


def entry_in(line: bytes) -> Entry:
    """The entry of a line. Raises ValueError for what is none."""
    key, stamp, fields = line.decode("ascii").split(" ", 2)
    said = json.loads(fields)
    try:
        return Entry(
            key=key,
            stamp=stamp,
            url=said["url"],
            mime=said["mime"],
            status=int(said["status"]),
            digest=said["digest"],
            ref=ArchiveRef(file=said["filename"], offset=int(said["offset"]), length=int(said["length"])),
            kind=said["kind"],
            size=int(said["size"]),
            redirect=said.get("redirect"),
            form=said.get("requestBody"),
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"no entry of an index: {error}") from error
