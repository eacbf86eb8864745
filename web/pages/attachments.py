"""The text that was read in an attached file, on a page of its own, a portion at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from db.connection import row
from web.addresses import Address
from web.render import desk_of, page

_PORTION = 40_000
"""Characters of a file on one page, about; a catalogue of goods may have a million."""
_CELLS = 60
"""Cells of a row that are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A paragraph, or the rows of a table."""

    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


def attachment(request: Request) -> Response:
    """One attached file, `?part=N` of its text; 404 if there is none of that id, or no such part."""
    with desk_of(request).reading() as db:
        found = row(db, "SELECT * FROM attachments WHERE id = ?", [request.path_params["id"]])
    if found is None:
        raise HTTPException(404, "There is no such attachment.")
    parts = portions(found["text"] or "")
    asked = request.query_params.get("part", "1")
    at = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 0
    if not 1 <= at <= max(1, len(parts)):
        raise HTTPException(404, "The attachment has no such part.")
    return page(
        "attachment.html",
        heading=found["name"] or found["url"],
        file=found,
        blocks=[block_of(text) for text in parts[at - 1]] if parts else [],
        part=at,
        parts=len(parts),
    )


def portions(text: str) -> list[list[str]]:
    """The blocks of a text in portions of about `_PORTION` characters; a long table is parted between its rows."""
    parts: list[list[str]] = []
    size = _PORTION
    for block in text.split("\n\n"):
        for piece in _pieces(block):
            if size >= _PORTION:
                parts.append([])
                size = 0
            parts[-1].append(piece)
            size += len(piece)
    return parts if text else []


def _pieces(block: str) -> list[str]:
    if len(block) <= _PORTION:
        return [block]
    pieces: list[list[str]] = [[]]
    size = 0
    for line in block.split("\n"):
        if size > _PORTION:
            pieces.append([])
            size = 0
        pieces[-1].append(line)
        size += len(line)
    return ["\n".join(piece) for piece in pieces]


def block_of(text: str) -> Block:
    """A table where there are tabs, else a paragraph."""
    if "\t" not in text:
        return Block(text=text)
    return Block(rows=tuple(_cells(line.split("\t")) for line in text.split("\n")))


def _cells(cells: Sequence[str]) -> tuple[str, ...]:
    return tuple(cells) if len(cells) <= _CELLS else (*cells[:_CELLS], "…")


ADDRESSES = (Address("/attachments/{id}", attachment),)
