"""The annexes of the demo's documents, made from the words in the story files when they are asked for: PDF, DOCX, XLSX.

The PDF names a Chinese font that it does not hold, as the ministry's own do: what its codes mean is in no table of the
file, a reader has to know the character set.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Final

from docx import Document
from xlsxwriter import Workbook

Rows = Sequence[Sequence[str]]

_WHEN: Final = datetime(2026, 9, 1, tzinfo=UTC)
"""What the files say of their making, so that they are the same each time."""
_LEFT, _TOP, _LEADING, _SIZE, _LINES = 72, 770, 22, 12, 32
_COLUMN = 130


def pdf(paragraphs: Sequence[str], rows: Rows = ()) -> bytes:
    """A PDF with a line a paragraph, then a table; Chinese in the character set UniGB-UCS2-H."""
    lines = [[one] for one in paragraphs] + [list(row) for row in rows]
    pages = [lines[at : at + _LINES] for at in range(0, len(lines), _LINES)] or [[]]
    numbers = [6 + 2 * at for at in range(len(pages))]
    kids = " ".join(f"{number} 0 R" for number in numbers)
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>",
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>",
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /FontDescriptor 5 0 R /DW 1000 "
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>",
        "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 "
        "/Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
    ]
    for number, page in zip(numbers, pages, strict=True):
        drawn = "\n".join(
            f"BT /F1 {_SIZE} Tf {_LEFT + _COLUMN * column} {_TOP - _LEADING * line} Td <{_hex(cell)}> Tj ET"
            for line, cells in enumerate(page)
            for column, cell in enumerate(cells)
        )
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {number + 1} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>",
            f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream",
        ]
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{content}\nendobj\n".encode("ascii")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    out += (
        f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
        f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"
    ).encode("ascii")
    return bytes(out)


def _hex(text: str) -> str:
    return text.encode("utf-16-be").hex()


def docx(paragraphs: Sequence[str], rows: Rows = ()) -> bytes:
    """A Word document: paragraphs, then a table."""
    document = Document()
    document.core_properties.created = document.core_properties.modified = _WHEN
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    if rows:
        table = document.add_table(rows=0, cols=max(map(len, rows)))
        for row in rows:
            for cell, text in zip(table.add_row().cells, row, strict=False):
                cell.text = text
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def xlsx(paragraphs: Sequence[str], rows: Rows = ()) -> bytes:
    """A workbook of one sheet: paragraphs in the first column, then the rows; digits stay text."""
    out = BytesIO()
    with Workbook(out, {"in_memory": True}) as workbook:
        workbook.set_properties({"created": _WHEN})
        sheet = workbook.add_worksheet()
        for line, cells in enumerate([*([one] for one in paragraphs), *rows]):
            for column, text in enumerate(cells):
                sheet.write_string(line, column, text)
    return out.getvalue()


MAKERS: Final[Mapping[str, Callable[[Sequence[str], Rows], bytes]]] = {"pdf": pdf, "docx": docx, "xlsx": xlsx}
"""By the ending of the file's address."""
