"""Zip files and the XML in them, opened with limits: how many members, how large, packed how tightly."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Any

from lxml import etree

from pipeline.annexes.blocks import Unreadable

MAX_MEMBERS = 2000
MAX_UNPACKED = 256 * 2**20
"""Bytes of all members together."""
MAX_RATIO = 200
"""Unpacked to packed; sheets of plain numbers come to about 30, bombs to 1,000 and more."""
_SMALL = 2**20
"""Below this a member may be packed as tightly as it likes."""


def open_package(body: bytes) -> zipfile.ZipFile:
    """The zip file in `body`; raises Unreadable where it is damaged, encrypted, or beyond a limit.

    A member never unpacks to more than its directory says (zipfile stops there), so the sizes can be trusted.
    """
    try:
        package = zipfile.ZipFile(BytesIO(body))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise Unreadable(f"damaged: {error}") from error
    members = package.infolist()
    if len(members) > MAX_MEMBERS:
        raise Unreadable(f"holds {len(members):,} files; at most {MAX_MEMBERS:,} are opened")
    unpacked = sum(member.file_size for member in members)
    if unpacked > MAX_UNPACKED:
        raise Unreadable(f"unpacks to {unpacked >> 20:,} MiB; at most {MAX_UNPACKED >> 20} are opened")
    for member in members:
        if member.file_size > _SMALL and member.file_size > MAX_RATIO * max(1, member.compress_size):
            raise Unreadable(f"packed {member.file_size // max(1, member.compress_size):,} to 1, as bombs are")
    if any(member.flag_bits & 1 for member in members):
        raise Unreadable("encrypted: it opens with a password only")
    return package


def read_member(package: zipfile.ZipFile, name: str | zipfile.ZipInfo) -> bytes:
    """The content of a member; raises Unreadable where there is none or it is damaged."""
    try:
        return package.read(name)
    except KeyError as error:
        raise Unreadable(f"has no part {str(name)[:80]!r}") from error
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError, RuntimeError) as error:
        raise Unreadable(f"damaged: {error}") from error


def parse_xml(content: bytes) -> etree._Element:
    """The root of an XML part. A document type is refused: no format here needs one, and bombs are made of them."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable(f"damaged XML: {error}") from error
    about: Any = root.getroottree().docinfo
    if about.doctype:
        raise Unreadable("its XML declares a document type, as bombs do")
    return root
