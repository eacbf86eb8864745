"""PDF by PDFium, the reader in Chrome: it knows the Chinese character sets that a file's fonts only name."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from itertools import groupby

import pypdfium2.raw as pdfium
from pypdfium2 import PdfDocument, PdfiumError, PdfPage

from pipeline.annexes.blocks import Reading, Unreadable
from pipeline.annexes.lines import Piece, paragraphs, rows_of
from pipeline.annexes.ruled import Grid, Rule, grids

MAX_PAGES = 1000
MAX_CHARACTERS = 4_000_000
_MOST_SEGMENTS, _MOST_RULES = 200, 20_000
"""Of one path, and of a page; a map has more, a table has not."""
_STRAIGHT = 1.0
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
            pieces = list(_pieces(page))
            characters += len(pieces)
            unknown += sum(_is_unknown(piece.text) for piece in pieces)
            if not pieces and _shows_pictures(page):
                pictures += 1
            open_columns = _add_page(reading, pieces, grids(*_rules(page)), open_columns)
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


def _rules(page: PdfPage) -> tuple[list[Rule], list[Rule]]:
    """The straight lines drawn on a page, and the sides of boxes: those that lie level, those that stand upright."""
    level: list[Rule] = []
    upright: list[Rule] = []
    for drawn in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH], max_depth=1):
        count = pdfium.FPDFPath_CountSegments(drawn)
        if not 1 < count <= _MOST_SEGMENTS or len(level) + len(upright) > _MOST_RULES:
            continue
        matrix = drawn.get_matrix()
        before: tuple[float, float] | None = None
        for at in range(count):
            segment = pdfium.FPDFPath_GetPathSegment(drawn, at)
            x, y = ctypes.c_float(), ctypes.c_float()
            pdfium.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
            point = matrix.on_point(x.value, y.value)
            if before is not None and pdfium.FPDFPathSegment_GetType(segment) == pdfium.FPDF_SEGMENT_LINETO:
                (x0, y0), (x1, y1) = before, point
                if abs(y0 - y1) < _STRAIGHT:
                    level.append(Rule(at=(y0 + y1) / 2, start=min(x0, x1), end=max(x0, x1)))
                elif abs(x0 - x1) < _STRAIGHT:
                    upright.append(Rule(at=(x0 + x1) / 2, start=min(y0, y1), end=max(y0, y1)))
            before = point
    return level, upright


def _pieces(page: PdfPage) -> Iterator[Piece]:
    """The characters of a page in the order in which they are drawn; spaces that PDFium itself puts in are left out."""
    text = page.get_textpage()
    box = pdfium.FS_RECTF()
    half = ""
    for at in range(text.count_chars()):
        character = chr(pdfium.FPDFText_GetUnicode(text, at) or 0xFFFD)
        if pdfium.FPDFText_IsGenerated(text, at) == 1:
            continue
        if "\ud800" <= character <= "\udbff":
            half = character
            continue
        if half:
            character = (half + character).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
            half = ""
        if pdfium.FPDFText_GetLooseCharBox(text, at, ctypes.byref(box)):
            yield Piece(text=character, left=box.left, right=box.right, bottom=box.bottom, top=box.top)
    text.close()


def _is_unknown(character: str) -> bool:
    return character == "\ufffd" or "\ue000" <= character <= "\uf8ff" or character < "\t"


def _shows_pictures(page: PdfPage) -> bool:
    return next(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3), None) is not None
