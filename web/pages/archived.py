"""A fetched page as it lies in the archive: shown without anything that acts, or downloaded as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any, Literal

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from db.connection import row
from pipeline.model import ArchiveRef
from web.addresses import Address
from web.guard import HEADERS
from web.harmless import POLICY, document, harmless, plain
from web.records import Record, RecordMissing
from web.render import desk_of, page

_FRAMING = HEADERS["Content-Security-Policy"] + "; frame-src 'self'"


def archived(request: Request) -> Response:
    """What is known of one fetched page, and the page in a frame; 404 if there is none of that number."""
    found = _row(request)
    record, missing = _record(request, found)
    answer = page(
        "archived.html",
        heading="Archived page",
        found=found,
        record=record,
        missing=missing,
        shown_as=_shown_as(record),
    )
    answer.headers["Content-Security-Policy"] = _FRAMING
    return answer


def inside(request: Request) -> Response:
    """The page itself, harmless, for the frame."""
    found = _row(request)
    record, missing = _record(request, found)
    if record is None or record.text is None:
        raise HTTPException(404, missing or "The record holds no text that could be shown.")
    shown = harmless(record.text) if _shown_as(record) == "page" else plain(record.text)
    answer = HTMLResponse(document(found["url"], shown))
    answer.headers["Content-Security-Policy"] = POLICY
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    return answer


def raw(request: Request) -> Response:
    """The record as text: status, headers, and the body as it came; never shown, always saved."""
    found = _row(request)
    record, missing = _record(request, found)
    if record is None:
        raise HTTPException(404, missing)
    answer = PlainTextResponse("".join(_lines(record)))
    answer.headers["Content-Disposition"] = f'attachment; filename="archived-{found["id"]}.txt"'
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'; frame-ancestors 'none'"
    return answer


def _row(request: Request) -> Mapping[str, Any]:
    asked = request.path_params["id"]
    known = asked.isascii() and asked.isdigit() and len(asked) < 19
    with desk_of(request).reading() as db:
        found = row(db, _PAGE, [int(asked)]) if known else None
    if found is None:
        raise HTTPException(404, "There is no such page in the archive.")
    return found


def _record(request: Request, found: Mapping[str, Any]) -> tuple[Record | None, str]:
    """The record behind a row, or None and why there is none."""
    if found["warc_file"] is None:
        return None, "This page was fetched before it was archived, or its record was given up: there is no copy of it."
    ref = ArchiveRef(file=found["warc_file"], offset=found["warc_offset"], length=found["warc_length"])
    try:
        return desk_of(request).read_record(ref), ""
    except RecordMissing as error:
        return None, str(error)


def _shown_as(record: Record | None) -> Literal["page", "text", ""]:
    """How a record can be shown; nothing: it is a file of another kind, or there is none."""
    if record is None or record.text is None:
        return ""
    unnamed = not record.media_type and record.text.lstrip()[:1] == "<"
    return "page" if unnamed or "html" in record.media_type else "text"


def _lines(record: Record) -> Iterator[str]:
    phrase = HTTPStatus(record.status).phrase if record.status in set(HTTPStatus) else ""
    yield f"HTTP/1.1 {record.status} {phrase}".rstrip() + "\n"
    for name, value in record.headers:
        yield f"{name}: {value}\n"
    yield "\n"
    yield f"({record.size:,} bytes that are no text)\n" if record.text is None else record.text


_PAGE = """
SELECT p.id, p.url, p.final_url, p.source, p.kind, p.status, p.fetched_at, p.digest, p.size, p.warc_file, p.warc_offset,
  p.warc_length, p.outcome, p.article_id, p.parser_version, r.title, r.revision
FROM pages AS p LEFT JOIN revisions AS r ON r.id = p.revision_id WHERE p.id = ?
"""


ADDRESSES = (
    Address("/archived/{id}", archived),
    Address("/archived/{id}/page", inside),
    Address("/archived/{id}/raw", raw),
)
