"""Files for the tests of attachments, made here: packages, OFD, PDF by hand, and hostile ones of each sort."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

from demo.files import pdf, xlsx

FIXTURES = Path(__file__).parent / "fixtures" / "annexes"

_WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_SHEET = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Target="word/document.xml" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>'
)
LAUGHS = (
    '<!DOCTYPE l [<!ENTITY a0 "laugh">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)) + "]>"
)
"""The billion laughs: ten entities, each ten of the one before."""


def zipped(members: Iterable[tuple[str, str | bytes]], *, stored: bool = False) -> bytes:
    """A zip file of these members, in this order."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as package:
        for name, content in members:
            package.writestr(name, content)
    return out.getvalue()


def word(body: str, *, doctype: str = "") -> bytes:
    """A Word document whose body is this XML."""
    document = f'<?xml version="1.0"?>{doctype}<w:document {_WORD}><w:body>{body}</w:body></w:document>'
    return zipped([("[Content_Types].xml", _TYPES), ("_rels/.rels", _RELATIONS), ("word/document.xml", document)])


def sheet(rows: str) -> bytes:
    """A workbook whose only sheet holds these rows of XML."""
    with zipfile.ZipFile(BytesIO(xlsx(["x"]))) as package:
        parts = [(name, package.read(name)) for name in package.namelist()]
    content = f"<worksheet {_SHEET}><sheetData>{rows}</sheetData></worksheet>".encode()
    return zipped([(name, content if name == "xl/worksheets/sheet1.xml" else held) for name, held in parts])


def ofd(lines: Iterable[tuple[float, float, str]], *, doctype: str = "") -> bytes:
    """An OFD file of one page: left, top and words of each line, in millimetres."""
    objects = "".join(
        f'<ofd:TextObject ID="{at}" Boundary="{left} {top} 120 5" Size="4">'
        f'<ofd:TextCode X="0" Y="4" DeltaX="g {max(len(words) - 1, 1)} 4">{words}</ofd:TextCode></ofd:TextObject>'
        for at, (left, top, words) in enumerate(lines, 10)
    )
    name = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    return zipped(
        [
            ("OFD.xml", f"{doctype}<ofd:OFD {name}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>"
             "</ofd:DocBody></ofd:OFD>"),
            ("Doc_0/Document.xml", f'<ofd:Document {name}><ofd:Pages><ofd:Page ID="1" '
             'BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages></ofd:Document>'),
            ("Doc_0/Pages/Page_0/Content.xml", f"<ofd:Page {name}><ofd:Content><ofd:Layer>{objects}"
             "</ofd:Layer></ofd:Content></ofd:Page>"),
        ]
    )  # fmt: skip


def drawn_pdf(content: bytes, entries: str = "") -> bytes:
    """A PDF of one page with this content stream; `/X` is a form that draws itself four times."""
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /XObject << /X 5 0 R "
        b"/I 6 0 R >> /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        f"<< /Length {len(content)} {entries} >>".encode() + b"\nstream\n" + content + b"\nendstream",
        b"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 5 0 R >> >> /Length 23 >>\n"
        b"stream\n/X Do /X Do /X Do /X Do\nendstream",
        b"<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 /Length 1 >>"
        b"\nstream\n\x80\nendstream",
    ]
    out = b"%PDF-1.4\n"
    for number, part in enumerate(parts, 1):
        out += f"{number} 0 obj\n".encode() + part + b"\nendobj\n"
    return out + b"trailer << /Size 7 /Root 1 0 R >>\n%%EOF"


def locked_pdf() -> bytes:
    """A PDF that wants a password."""
    key = "<" + "41" * 32 + ">"
    locked = f"/Root 1 0 R /ID [{key} {key}] /Encrypt << /Filter /Standard /V 1 /R 2 /O {key} /U {key} /P -4 >>"
    return pdf(["secret"]).replace(b"/Root 1 0 R", locked.encode())


def with_false_size(body: bytes) -> bytes:
    """A zip file whose directory says that its last member unpacks to 100 bytes."""
    raw = bytearray(body)
    at = raw.rfind(b"PK\x01\x02")
    raw[at + 24 : at + 28] = struct.pack("<I", 100)
    return bytes(raw)


def hostile() -> dict[str, bytes]:
    """Files that want to take the reader down, by what they are."""
    row = "".join(f'<c r="{chr(65 + at)}{{0}}"><v>7</v></c>' for at in range(20))
    return {
        "a zip bomb": zipped([("a.txt", b"\0" * 120_000_000)]),
        "a bomb of many members": zipped([(f"{at}.txt", b"x" * 1_000_000) for at in range(300)]),
        "a zip of empty files": zipped([(f"{at}", "") for at in range(30_000)], stored=True),
        "a zip that lies about its size": with_false_size(zipped([("a.txt", b"A" * 9_000_000)])),
        "a billion laughs in a DOCX": word("<w:p><w:r><w:t>&a9;</w:t></w:r></w:p>", doctype=LAUGHS),
        "a billion laughs in an OFD": ofd([(0, 0, "&a9;")], doctype=LAUGHS),
        "a DOCX of 20,000 tables in each other": word(
            "<w:tbl><w:tr><w:tc>" * 20_000 + "</w:tc></w:tr></w:tbl>" * 20_000
        ),
        "a sheet of two cells a million rows apart": sheet(
            '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
        ),
        "a sheet of a million cells": sheet(
            "".join(f'<row r="{at}">{row.format(at)}</row>' for at in range(1, 50_001))
        ),
        "a PDF whose pages hold themselves": pdf(["x"]).replace(b"/Kids [6 0 R]", b"/Kids [2 0 R]"),
        "a PDF form that draws itself": drawn_pdf(b"/X Do " * 100),
        "a PDF page of a gigabyte": drawn_pdf(
            zlib.compress(b"BT /F1 12 Tf 1 1 Td (abcdefgh) Tj ET\n" * 6_000_000), "/Filter /FlateDecode"
        ),
        "half a PDF": pdf(["x"])[:300],
        "half a workbook": xlsx(["x"])[:2000],
        "random bytes": bytes((at * 7919) % 251 for at in range(100_000)),
    }
