"""Word documents (DOCX). python-docx opens the package; the body is gone through here, because the library passes over
what stands in content controls and in tracked insertions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO

from docx import Document
from docx.document import Document as DocumentObject
from docx.opc.exceptions import OpcError
from lxml import etree

from pipeline.annexes.blocks import Reading, Unreadable
from pipeline.annexes.packages import open_package, parse_xml

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DEEPEST = 8
"""Tables in tables; below that a cell is read as one paragraph."""
_PASSED = frozenset({_W + name for name in ("del", "moveFrom", "instrText", "pict", "object")})
_CHINESE = "零一二三四五六七八九"


def read(body: bytes) -> Reading:
    """Paragraphs and tables of the main text in their order; deleted text left out, numbers of lists printed."""
    open_package(body).close()  # for its limits
    try:
        document = Document(BytesIO(body))
    except (OpcError, ValueError, KeyError, etree.XMLSyntaxError) as error:
        raise Unreadable(f"damaged: {type(error).__name__}: {error}"[:200]) from error
    numbering, styles = (_part(document, name) for name in ("/numbering", "/styles"))
    lists = _Lists(levels=_levels(numbering), styles=_numbered_styles(styles))
    reading = Reading()
    for block in _blocks(document.element.body):
        if block.tag == _W + "tbl":
            reading.table(_rows(block, lists))
        else:
            reading.paragraph(lists.label(block) + _text(block))
    return reading


def _part(document: DocumentObject, ending: str) -> etree._Element | None:
    """The XML of a part beside the main text, if there is one."""
    parts = (rel.target_part for rel in document.part.rels.values() if rel.reltype.endswith(ending))
    part = next(parts, None)
    return None if part is None else parse_xml(part.blob)


def _blocks(parent: etree._Element, depth: int = 0) -> Iterator[etree._Element]:
    """Paragraphs and tables, those inside content controls and insertions too."""
    for child in parent:
        if child.tag in (_W + "p", _W + "tbl"):
            yield child
        elif child.tag not in _PASSED and isinstance(child.tag, str) and depth < 50:
            yield from _blocks(child, depth + 1)


def _rows(table: etree._Element, lists: _Lists, depth: int = 0) -> Iterator[list[str]]:
    for row in table.iter(_W + "tr"):
        if next(row.iterancestors(_W + "tbl"), None) is table:
            yield [
                _cell(cell, lists, depth) for cell in row.iter(_W + "tc") if next(cell.iterancestors(_W + "tr")) is row
            ]


def _cell(cell: etree._Element, lists: _Lists, depth: int) -> str:
    parts = []
    for block in _blocks(cell):
        if block.tag == _W + "p":
            parts.append(lists.label(block) + _text(block))
        elif depth < _DEEPEST:
            parts.extend(" ".join(row) for row in _rows(block, lists, depth + 1))
        else:
            parts.append(_text(block))
    return " ".join(part for part in parts if part.strip())


def _text(paragraph: etree._Element) -> str:
    pieces: list[str] = []
    skipped: etree._Element | None = None
    for event, element in etree.iterwalk(paragraph, events=("start", "end")):
        if skipped is not None:
            skipped = None if event == "end" and element is skipped else skipped
        elif event == "end":
            continue
        elif element.tag in _PASSED:
            skipped = element
        elif element.tag == _W + "t":
            pieces.append(element.text or "")
        elif element.tag in (_W + "tab", _W + "br", _W + "cr"):
            pieces.append(" ")
        elif element.tag == _W + "noBreakHyphen":
            pieces.append("-")
    return "".join(pieces)


@dataclass(slots=True, kw_only=True)
class _Lists:
    """Word counts its lists itself: the number of an item stands nowhere but in the order of the paragraphs."""

    levels: dict[tuple[str, str], tuple[str, str, int]]
    """(list, level) -> form of the number, its pattern, where it begins."""
    styles: dict[str, etree._Element]
    """Name of a paragraph style -> the list that its paragraphs are items of."""
    counts: dict[str, Counter[int]] = field(default_factory=dict)

    def label(self, paragraph: etree._Element) -> str:
        """The number that Word prints before the paragraph, with a space; empty for one without."""
        place = paragraph.find(f"{_W}pPr/{_W}numPr")
        if place is None:
            style = paragraph.find(f"{_W}pPr/{_W}pStyle")
            place = self.styles.get(str(style.get(_W + "val"))) if style is not None else None
        if place is None:
            return ""
        number, level = _value(place, "numId"), _value(place, "ilvl") or "0"
        if number is None or (number, level) not in self.levels or not level.isdigit():
            return ""
        form, pattern, start = self.levels[number, level]
        depth = int(level)
        counts = self.counts.setdefault(number, Counter())
        counts[depth] = counts[depth] + 1 if counts[depth] else max(start, 1)
        for deeper in range(depth + 1, 9):
            counts[deeper] = 0
        if form == "bullet":
            return ""
        printed = re.sub(r"%([1-9])", lambda one: _printed(form, counts[int(one[1]) - 1] or 1), pattern)
        return f"{printed} "


def _numbered_styles(root: etree._Element | None) -> dict[str, etree._Element]:
    if root is None:
        return {}
    found = ((style, style.find(f"{_W}pPr/{_W}numPr")) for style in root.iter(_W + "style"))
    return {str(style.get(_W + "styleId")): place for style, place in found if place is not None}


def _levels(root: etree._Element | None) -> dict[tuple[str, str], tuple[str, str, int]]:
    if root is None:
        return {}
    abstract = {one.get(_W + "abstractNumId"): one for one in root.iter(_W + "abstractNum")}
    found: dict[tuple[str, str], tuple[str, str, int]] = {}
    for number in root.iter(_W + "num"):
        shape = abstract.get(_value(number, "abstractNumId"))
        for level in shape.iter(_W + "lvl") if shape is not None else ():
            start = _value(level, "start") or "1"
            found[str(number.get(_W + "numId")), str(level.get(_W + "ilvl"))] = (
                _value(level, "numFmt") or "decimal",
                _value(level, "lvlText") or "",
                int(start) if start.isdigit() and len(start) < 6 else 1,
            )
    return found


def _value(element: etree._Element, name: str) -> str | None:
    child = element.find(_W + name)
    return None if child is None else child.get(_W + "val")


def _printed(form: str, count: int) -> str:
    if form.startswith(("chinese", "japaneseCounting", "taiwanese", "ideograph")) and count < 100:
        tens, ones = divmod(count, 10)
        return ("" if tens == 0 else "十" if tens == 1 else _CHINESE[tens] + "十") + (
            _CHINESE[ones] if ones or not tens else ""
        )
    if form.endswith("Letter") and count <= 26:
        letter = chr(ord("a") + count - 1)
        return letter.upper() if form.startswith("upper") else letter
    return str(count)
