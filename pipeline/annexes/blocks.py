"""What readers give: paragraphs and tables in order, made into plain text in one way for all kinds of file."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]+")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]+")
_RADICALS = {code: plain for code in range(0x2E80, 0x2FD6) if (plain := unicodedata.normalize("NFKC", chr(code)))}
"""Some programs write a Chinese character as the radical that looks like it: no search would find the word."""
_SPACE = re.compile(r"[\s\u00a0\u3000]+")

MAX_CELLS = 500_000
"""Cells of one file that are read."""


class Unreadable(Exception):
    """The file cannot be read; the message is one line for a person."""


@dataclass(slots=True, kw_only=True)
class Reading:
    """What a reader found, in the order of the file."""

    blocks: list[str] = field(default_factory=list)
    """Paragraphs, and tables with a line a row."""
    troubles: list[str] = field(default_factory=list)
    """What could not be read although the rest could, one line each."""
    cells: int = 0

    def paragraph(self, text: str) -> None:
        """Add a paragraph, white space folded; an empty one is nothing."""
        if folded := fold(text):
            self.blocks.append(folded)

    def table(self, rows: Iterable[Sequence[str]], *, goes_on: bool = False) -> None:
        """Add a table: a line a row, cells parted by tabs, empty rows and empty cells at the end left out.

        One that `goes_on` continues the table before it, without the heading that is printed once more.
        """
        lines = []
        for row in rows:
            self.cells += len(row)
            if self.cells > MAX_CELLS:
                self.trouble(f"only the first {MAX_CELLS:,} cells were read")
                break
            line = "\t".join(fold(cell) for cell in row).rstrip("\t")
            if line:
                lines.append(line)
        if lines and goes_on and self.blocks:
            again = lines[0] == self.blocks[-1].partition("\n")[0]
            self.blocks[-1] = "\n".join([self.blocks[-1], *lines[again:]])
        elif lines:
            self.blocks.append("\n".join(lines))

    def trouble(self, line: str) -> None:
        """Note once what could not be read."""
        if line not in self.troubles:
            self.troubles.append(line)

    def text(self) -> str:
        """All of it, a blank line between blocks."""
        return "\n\n".join(self.blocks)


def fold(text: str) -> str:
    """`text` on one line, without control and invisible characters, white space folded."""
    return _SPACE.sub(" ", _INVISIBLE.sub("", _CONTROL.sub(" ", text)).translate(_RADICALS)).strip()
