"""Check a WARC file record by record, and its index against it; nothing here writes."""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from archive.entries import entries_of, entry_in, line_of
from archive.index import Lines, index_of
from archive.members import members
from archive.records import ArchiveError, DamagedRecord, NotOurs, page_in
from pipeline.model import ArchiveRef, Page

_BLOCK_END = b"\r\n\r\n"
_HAVE_PAYLOAD = frozenset({b"response", b"request"})
_HASHES = {b"sha1": hashlib.sha1, b"sha256": hashlib.sha256}


def check_file(path: Path, folder: Path, faults: list[str]) -> Iterator[tuple[ArchiveRef, Page]]:
    """Go through all records: gzip, lengths, digests, and at the end the index; gives each page that can be read.

    What is wrong is added to `faults`, a line each. What is added to the file meanwhile is left out.
    """
    name = str(path.relative_to(folder))
    expected = 0
    lines: dict[int, int] = {}
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            for offset, end, content in members(file):
                if end > size:
                    break
                if offset != expected:
                    faults.append(f"{name}:{expected}: {offset - expected} bytes that hold no record")
                expected = end
                where = f"{name}:{offset}"
                wrong = wrong_in(content)
                if wrong is not None:
                    faults.append(f"{where}: {wrong}")
                try:
                    page = page_in(content, where)
                except NotOurs:
                    raise
                except DamagedRecord as error:
                    faults.extend([str(error)] if wrong is None else [])
                    continue
                if page is not None and wrong is None:
                    ref = ArchiveRef(file=name, offset=offset, length=end - offset)
                    lines |= dict.fromkeys((hash(line_of(entry)) for entry in entries_of(page, ref)), offset)
                    yield ref, page
    except OSError as error:
        raise ArchiveError(f"cannot read {path}: {error.strerror or error}") from error
    if expected < size:
        faults.append(f"{name}:{expected}: a torn record of {size - expected} bytes; the next crawl puts it aside")
    faults.extend(_wrong_index(path, expected, lines))


def wrong_in(content: bytes) -> str | None:
    """What is wrong with the length or a digest of a record; None when nothing is."""
    head, separator, rest = content.partition(_BLOCK_END)
    fields = dict(_fields(head))
    length = fields.get(b"content-length", b"")
    if not separator or not length.isdigit():
        return "no length"
    if len(rest) != int(length) + len(_BLOCK_END) or not rest.endswith(_BLOCK_END):
        return f"{len(rest) - len(_BLOCK_END)} bytes where {int(length)} were written"
    block = rest[: int(length)]
    if not agrees(fields.get(b"warc-block-digest"), block):
        return "the record is not what was written"
    if fields.get(b"warc-type") in _HAVE_PAYLOAD:
        payload = block.partition(_BLOCK_END)[2]
        if not agrees(fields.get(b"warc-payload-digest"), payload):
            return "the body is not what was written"
    return None


def _fields(head: bytes) -> Iterator[tuple[bytes, bytes]]:
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        yield name.strip().lower(), value.strip()


def agrees(digest: bytes | None, data: bytes) -> bool:
    """Whether a digest is that of the data; one that is missing, or of a kind not known here, tells nothing."""
    kind, _, said = (digest or b"").partition(b":")
    make = _HASHES.get(kind.lower())
    if make is None:
        return True
    found = make(data).digest()
    return said in (base64.b32encode(found), found.hex().encode("ascii"))


def _wrong_index(path: Path, size: int, lines: dict[int, int]) -> Iterator[str]:
    """Where the index does not say what the records of the first `size` bytes say, by the hash of each line.

    What it does not cover yet is no fault: readers look it up in the records, and the next writer adds it.
    """
    index = index_of(path)
    mend = "`policywire archive index --rebuild` makes it anew"
    try:
        with index.open("rb") as file:
            found = Lines(file)
            known = {hash(line) for line in found if entry_in(line).ref.offset < size}
    except FileNotFoundError:
        if lines:
            yield f"{index.name} beside {path.name} is missing; {mend}"
        return
    except (OSError, ValueError) as error:
        yield f"{index}: cannot be read ({error}); {mend}"
        return
    if missing := sum(line not in known for line, offset in lines.items() if offset < found.covers):
        yield f"{index}: lacks {missing} of {len(lines)} entries; {mend}"
    if extra := len(known - lines.keys()):
        yield f"{index}: {extra} entries that no record bears out; {mend}"
