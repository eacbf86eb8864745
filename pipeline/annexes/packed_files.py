"""Zip archives: the files in them, one level deep, each read as its own content says; nothing is written anywhere."""

from __future__ import annotations

import zipfile
from contextlib import suppress

from pipeline.annexes.blocks import Reading, Unreadable, fold
from pipeline.annexes.packages import open_package, read_member

MAX_FILES = 50
"""Files of one archive that are read; what follows is counted and told."""
_NESTED = frozenset({"zip", "rar", "7z"})


def read(body: bytes) -> Reading:
    """The texts of the files, each under its name; what cannot be read is told with its name."""
    from pipeline.annexes import read_annex
    from pipeline.annexes.kinds import kind_of

    package = open_package(body)
    members = [member for member in package.infolist() if not member.is_dir() and not _is_furniture(member)]
    reading = Reading()
    for member in members[:MAX_FILES]:
        name = shown_name(member)
        try:
            content = read_member(package, member)
        except Unreadable as error:
            reading.trouble(f"{name}: {error}")
            continue
        if kind_of(content) in _NESTED:
            reading.trouble(f"{name}: an archive in an archive, which is not opened")
            continue
        found = read_annex(content)
        if found.why:
            reading.trouble(f"{name}: {found.why}")
        if found.text:
            reading.paragraph(name)
            reading.blocks.append(found.text)
    if len(members) > MAX_FILES:
        reading.trouble(f"{len(members) - MAX_FILES:,} of {len(members):,} files were not read")
    return reading


def shown_name(member: zipfile.ZipInfo) -> str:
    """A member's name for people, last part only: old packers write GBK, which zipfile takes for code page 437."""
    name = member.filename
    if not member.flag_bits & 0x800:
        with suppress(UnicodeEncodeError, UnicodeDecodeError):
            name = name.encode("cp437").decode("gb18030")
    return fold(name.replace("\\", "/").rsplit("/", 1)[-1])[:120] or "(no name)"


def _is_furniture(member: zipfile.ZipInfo) -> bool:
    """What packers of one system put in for themselves."""
    name = member.filename.rsplit("/", 1)[-1]
    return member.filename.startswith("__MACOSX/") or name in (".DS_Store", "Thumbs.db", "desktop.ini")
