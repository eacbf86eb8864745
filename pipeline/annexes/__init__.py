"""Attached files to text: what kind a file is by its content, and one small reader a kind.

Bytes in, text out: nothing here opens a file, writes one or asks the network. The libraries behind the readers may
still need any time and memory on a hostile file, so the job reads files in a process of its own (`annexes/`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from types import MappingProxyType

from pipeline.annexes.blocks import Reading, Unreadable
from pipeline.annexes.kinds import kind_of
from pipeline.model import AnnexText

__all__ = ["READER_VERSION", "read_annex"]

READER_VERSION = "2026.11.1"
"""Goes up with every change that can change a text; stored beside each one."""

MAX_TEXT = 4_000_000
"""Characters of one file that are kept; a catalogue of ten thousand goods has about one million."""

_READERS: Mapping[str, str] = MappingProxyType(
    {
        "pdf": "pipeline.annexes.pdf",
        "docx": "pipeline.annexes.word",
        "doc": "pipeline.annexes.word97",
        "xlsx": "pipeline.annexes.sheets",
        "xls": "pipeline.annexes.sheets",
        "ofd": "pipeline.annexes.ofd",
        "zip": "pipeline.annexes.packed_files",
        "text": "pipeline.annexes.plain",
    }
)
"""Kind -> module whose `read(body)` gives a `Reading`; loaded when a file of that kind comes."""

_REFUSED: Mapping[str, str] = MappingProxyType(
    {
        "html": "a web page stands where the file should be",
        "picture": "a picture, no text",
        "rtf": "rich text (RTF), which no reader here reads",
        "rar": "a RAR archive, which no reader here opens",
        "7z": "a 7z archive, which no reader here opens",
        "ppt": "a presentation, which no reader here reads",
        "encrypted": "encrypted: it opens with a password only",
        "empty": "an empty file",
        "unknown": "no kind of file that is known here",
    }
)


def read_annex(body: bytes) -> AnnexText:
    """The text of an attached file: paragraphs with a blank line between, a table one line a row with tabs.

    Pure. Never raises for what the file holds: what cannot be read comes back with a state and the reason.
    """
    kind = kind_of(body)
    if kind in _REFUSED:
        return AnnexText(kind=kind, state="unreadable", why=_REFUSED[kind])
    read: Callable[[bytes], Reading] = import_module(_READERS[kind]).read
    try:
        found = read(body)
    except Unreadable as error:
        return AnnexText(kind=kind, state="unreadable", why=str(error))
    except MemoryError:
        return AnnexText(kind=kind, state="unreadable", why="needs more memory than reading a file may take")
    except Exception as error:  # noqa: BLE001 - the boundary of one file: on damage its library raises anything
        why = f"damaged: {type(error).__name__}: {' '.join(str(error).split())}"
        return AnnexText(kind=kind, state="unreadable", why=why[:300])
    troubles = list(found.troubles)
    text = found.text()
    if len(text) > MAX_TEXT:
        text = text[:MAX_TEXT]
        troubles.append(f"cut after {MAX_TEXT:,} characters")
    if not text:
        return AnnexText(kind=kind, state="no_text", why="; ".join(troubles) or "holds no text")
    return AnnexText(kind=kind, state="read", text=text, why="; ".join(troubles) or None)
