"""What stands on a page of a PDF and where: its characters, and the straight lines that are drawn, the page upright."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

import pypdfium2.raw as pdfium
from pypdfium2 import PdfPage

from pipeline.annexes.lines import Piece
from pipeline.annexes.ruled import Rule

Point = tuple[float, float]

_MOST_SEGMENTS, _MOST_RULES = 200, 20_000
"""Of one path, and of a page; a map has more, a table has not."""
_STRAIGHT = 1.0
_TURNS: Mapping[int, Callable[[float, float], Point]] = MappingProxyType(
    {0: lambda x, y: (x, y), 90: lambda x, y: (y, -x), 180: lambda x, y: (-x, -y), 270: lambda x, y: (-y, x)}
)
"""How a page is turned before it is shown: wide tables stand on pages that lie on their side."""


def pieces_of(page: PdfPage) -> Iterator[Piece]:
    """The characters of a page in the order in which they are drawn; spaces that PDFium itself puts in are left out."""
    text = page.get_textpage()
    box = pdfium.FS_RECTF()
    turn = _TURNS[page.get_rotation()]
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
            (x0, y0), (x1, y1) = turn(box.left, box.bottom), turn(box.right, box.top)
            yield Piece(text=character, left=min(x0, x1), right=max(x0, x1), bottom=min(y0, y1), top=max(y0, y1))
    text.close()


def rules_of(page: PdfPage) -> tuple[list[Rule], list[Rule]]:
    """The straight lines drawn on a page, and the sides of boxes: those that lie level, those that stand upright."""
    turn = _TURNS[page.get_rotation()]
    level: list[Rule] = []
    upright: list[Rule] = []
    for drawn in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH], max_depth=1):
        count = pdfium.FPDFPath_CountSegments(drawn)
        if not 1 < count <= _MOST_SEGMENTS or len(level) + len(upright) > _MOST_RULES:
            continue
        matrix = drawn.get_matrix()
        before: Point | None = None
        for at in range(count):
            segment = pdfium.FPDFPath_GetPathSegment(drawn, at)
            x, y = ctypes.c_float(), ctypes.c_float()
            pdfium.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
            point = turn(*matrix.on_point(x.value, y.value))
            if before is not None and pdfium.FPDFPathSegment_GetType(segment) == pdfium.FPDF_SEGMENT_LINETO:
                (x0, y0), (x1, y1) = before, point
                if abs(y0 - y1) < _STRAIGHT:
                    level.append(Rule(at=(y0 + y1) / 2, start=min(x0, x1), end=max(x0, x1)))
                elif abs(x0 - x1) < _STRAIGHT:
                    upright.append(Rule(at=(x0 + x1) / 2, start=min(y0, y1), end=max(y0, y1)))
            before = point
    return level, upright
