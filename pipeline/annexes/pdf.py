"""PDF by PDFium, the reader in Chrome: it knows the Chinese character sets that a file's fonts only name."""

from __future__ import annotations

from itertools import groupby

import pypdfium2.raw as pdfium
from pypdfium2 import PdfDocument, PdfiumError, PdfPage

from pipeline.annexes.blocks import Reading, Unreadable
from pipeline.annexes.lines import Piece, paragraphs, rows_of
from pipeline.annexes.pdf_page import pieces_of, rules_of
from pipeline.annexes.ruled import Grid, grids

MAX_PAGES = 1000
MAX_CHARACTERS = 4_000_000
_PASSWORD = pdfium.FPDF_ERR_PASSWORD
_MOST_UNKNOWN = 0.3
"""Share of characters without a meaning from which on the text is none."""


def read(body: bytes) -> Reading:
    """The text of all pages; a page that is only a picture is told, not read."""
    try:
        document = PdfDocument(body)
    except PdfiumError as error:
        if error.err_code == _PASSWORD:
            raise Unreadable("encrypted: it opens with a password only") from error
        raise Unreadable(f"damaged: {error}") from error
    reading = Reading()
    pictures = characters = unknown = 0
    open_columns = 0
    with document:
        for number in range(min(len(document), MAX_PAGES)):
            try:
                page = document[number]
            except PdfiumError:
                reading.trouble(f"page {number + 1} is damaged")
                continue
            pieces = list(pieces_of(page))
            characters += len(pieces)
            unknown += sum(_is_unknown(piece.text) for piece in pieces)
            if not pieces and _shows_pictures(page):
                pictures += 1
            open_columns = _add_page(reading, pieces, grids(*rules_of(page)), open_columns)
            page.close()
            if characters > MAX_CHARACTERS:
                reading.trouble(f"only the first {number + 1} pages were read")
                break
        if len(document) > MAX_PAGES:
            reading.trouble(f"only the first {MAX_PAGES} of {len(document)} pages were read")
    if unknown > _MOST_UNKNOWN * max(characters, 1):
        reading.blocks.clear()
        reading.trouble("its fonts do not say which characters they show")
    if pictures:
        reading.trouble(
            f"scanned: {pictures} {'page is a picture' if pictures == 1 else 'pages are pictures'} without text"
        )
    return reading


def _add_page(reading: Reading, pieces: list[Piece], tables: list[Grid], open_columns: int) -> int:
    """Add what stands on a page in the order in which it is drawn; tables where their first letter comes.

    `open_columns`: those of the table that the page before ended with, or 0; gives the same of this page.
    """
    order: list[Grid | list[Piece]] = []
    for piece in pieces:
        table = next((one for one in tables if one.take(piece)), None)
        if table is None:
            if not order or isinstance(order[-1], Grid):
                order.append([])
            order[-1].append(piece)  # type: ignore[union-attr]
        elif not any(one is table for one in order):
            order.append(table)
    columns = open_columns
    for one in order:
        if isinstance(one, Grid):
            reading.table(one.rows(), goes_on=one.columns == columns)
            columns = one.columns
        elif lines := paragraphs(rows_of(one)):
            _add(reading, lines)
            columns = 0
    return columns


def _add(reading: Reading, lines: list[str]) -> None:
    for tabular, together in groupby(lines, key=lambda line: "\t" in line):
        if tabular:
            reading.table(line.split("\t") for line in together)
        else:
            for line in together:
                reading.paragraph(line)


def _is_unknown(character: str) -> bool:
    return character == "\ufffd" or "\ue000" <= character <= "\uf8ff" or character < "\t"


def _shows_pictures(page: PdfPage) -> bool:
    return next(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3), None) is not None
