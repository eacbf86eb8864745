"""What kind of file some bytes are: by what they hold, for names and Content-Type lie."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from io import BytesIO

import olefile

_TAGS = re.compile(rb"\s*(?:<!doctype html|<html|<head|<body|<script|<meta|<div|<p[ >]|<!--)", re.IGNORECASE)
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n", b"GIF8", b"BM", b"II*\x00", b"MM\x00*")
_START = 1024


def kind_of(body: bytes) -> str:
    """`pdf`, `docx`, `doc` (Word 97 and WPS), `xlsx`, `xls`, `ofd`, `zip`, `text`, or a kind that nobody reads."""
    head = body[:_START]
    if not head.strip():
        return "empty"
    for looks, kind in _LOOKS:
        if looks(head):
            return kind(body) if callable(kind) else kind
    return "text" if _is_text(body) else "unknown"


def _in_zip(body: bytes) -> str:
    """By the parts that a package must have; a damaged directory makes it a damaged `zip`."""
    try:
        with zipfile.ZipFile(BytesIO(body)) as package:
            names = {name.lower() for name in package.namelist()}
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return "zip"
    if "ofd.xml" in names:
        return "ofd"
    if "[content_types].xml" not in names:
        return "zip"
    for part, kind in (("word/document", "docx"), ("xl/workbook", "xlsx"), ("ppt/presentation", "ppt")):
        if any(name.startswith(part) for name in names):
            return kind
    return "zip"


def _in_ole(body: bytes) -> str:
    try:
        with olefile.OleFileIO(BytesIO(body)) as compound:
            names = {name[0].lower() for name in compound.listdir() if name}
    except (OSError, ValueError, IndexError, KeyError):
        return "unknown"
    kinds = (
        ("encryptedpackage", "encrypted"), ("worddocument", "doc"), ("workbook", "xls"), ("book", "xls"),
        ("powerpoint document", "ppt"),
    )  # fmt: skip
    return next((kind for name, kind in kinds if name in names), "unknown")


def _is_text(body: bytes) -> bool:
    sample = body[:65536]
    return b"\x00" not in sample and sum(byte < 9 or 13 < byte < 32 for byte in sample) * 100 <= len(sample)


_LOOKS: tuple[tuple[Callable[[bytes], object], str | Callable[[bytes], str]], ...] = (
    (lambda head: b"%PDF-" in head, "pdf"),
    (lambda head: head.startswith((b"PK\x03\x04", b"PK\x05\x06")), _in_zip),
    (lambda head: head.startswith(olefile.MAGIC), _in_ole),
    (lambda head: head.startswith(b"Rar!"), "rar"),
    (lambda head: head.startswith(b"7z\xbc\xaf\x27\x1c"), "7z"),
    (lambda head: head.startswith(b"{\\rtf"), "rtf"),
    (lambda head: head.startswith(_PICTURES), "picture"),
    (_TAGS.match, "html"),
)
