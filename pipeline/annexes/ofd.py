"""OFD, China's own page format (GB/T 33190): XML pages in a zip.

Read here and not by a library: of those that are alive `easyofd` needs five more (PyMuPDF and reportlab among them) to
draw pages, the others are weeks old. A page's text stands in `TextCode` elements with their place.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from itertools import groupby

from lxml import etree

from pipeline.annexes.blocks import Reading, Unreadable
from pipeline.annexes.lines import Piece, paragraphs, rows_of
from pipeline.annexes.packages import open_package, parse_xml, read_member

MAX_PAGES = 1000


def read(body: bytes) -> Reading:
    """The text of all pages of all documents in the file, in reading order."""
    package = open_package(body)
    names = {name.strip("/").lower(): name for name in package.namelist()}
    reading = Reading()
    pages = pictures = 0
    for root in _texts_of(_part(package, names, "OFD.xml"), "DocRoot"):
        folder = posixpath.dirname(root)
        document = _part(package, names, root)
        for page in _named(document, "Page"):
            if not (place := page.get("BaseLoc")):
                continue
            pages += 1
            if pages > MAX_PAGES:
                reading.trouble(f"only the first {MAX_PAGES} pages were read")
                return reading
            content = _part(package, names, place if place[0] == "/" else posixpath.join(folder, place))
            pieces = list(_pieces(content))
            pictures += not pieces and any(True for _ in _named(content, "ImageObject"))
            for tabular, lines in groupby(paragraphs(rows_of(pieces)), key=lambda line: "\t" in line):
                if tabular:
                    reading.table(line.split("\t") for line in lines)
                else:
                    for line in lines:
                        reading.paragraph(line)
    if pictures:
        reading.trouble(f"{pictures} pages are pictures without text")
    return reading


def _part(package: zipfile.ZipFile, names: dict[str, str], path: str) -> etree._Element:
    name = names.get(posixpath.normpath(path).strip("/").lower())
    if name is None:
        raise Unreadable(f"has no part {path[:80]!r}")
    return parse_xml(read_member(package, name))


def _pieces(content: etree._Element) -> Iterator[Piece]:
    for box in _named(content, "TextObject"):
        bounds = _numbers(box.get("Boundary"))
        size = (_numbers(box.get("Size")) or [4.0])[0]
        left, top = (bounds[0], bounds[1]) if len(bounds) == 4 else (0.0, 0.0)
        for code in _named(box, "TextCode"):
            text = code.text or ""
            x, y = (_numbers(code.get("X")) or [0.0])[0], (_numbers(code.get("Y")) or [0.0])[0]
            steps = sum(_steps(code.get("DeltaX")))
            width = (steps + size) if steps else size * len(text)
            # pages count downwards from their top, lines count upwards
            yield Piece(text=text, left=left + x, right=left + x + width, bottom=-(top + y), top=size - (top + y))


_GROUPED = re.compile(r"g\s+(\d{1,6})\s+(-?[\d.]+)")


def _steps(delta: str | None) -> list[float]:
    """The distances from character to character; `g 3 4.2` means three times 4.2."""
    if not delta:
        return []
    return [
        float(value) * int(times)
        for times, value in [
            *_GROUPED.findall(delta),
            *(("1", plain) for plain in _GROUPED.sub(" ", delta).split() if re.fullmatch(r"-?\d+(?:\.\d+)?", plain)),
        ]
    ]


def _numbers(printed: str | None) -> list[float]:
    return [float(one) for one in (printed or "").split() if re.fullmatch(r"-?\d{1,9}(?:\.\d{1,9})?", one)]


def _named(root: etree._Element, name: str) -> Iterator[etree._Element]:
    return (one for one in root.iter() if isinstance(one.tag, str) and etree.QName(one).localname == name)


def _texts_of(root: etree._Element, name: str) -> list[str]:
    return [(one.text or "").strip() for one in _named(root, name) if (one.text or "").strip()]
