"""PDF by PDFium, the reader in Chrome: it knows the Chinese character sets that a file's fonts only name."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from itertools import groupby

import pypdfium2.raw as pdfium
from pypdfium2 import PdfDocument, PdfiumError, PdfPage

from pipeline.annexes.blocks import Reading, Unreadable
from pipeline.annexes.lines import Piece, paragraphs, rows_of

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
            _add(reading, paragraphs(rows_of(pieces)))
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


def _add(reading: Reading, lines: list[str]) -> None:
    for tabular, together in groupby(lines, key=lambda line: "\t" in line):
        if tabular:
            reading.table(line.split("\t") for line in together)
        else:
            for line in together:
                reading.paragraph(line)


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
