"""Text files: UTF-8 where it is, else GB18030; lines with tabs or commas in them stay rows."""

from __future__ import annotations

from itertools import groupby

from pipeline.annexes.blocks import Reading


def read(body: bytes) -> Reading:
    """The paragraphs of a text file, a line each."""
    reading = Reading()
    for tabular, lines in groupby(_decoded(body).splitlines(), key=lambda line: "\t" in line):
        if tabular:
            reading.table(line.split("\t") for line in lines)
        else:
            for line in lines:
                reading.paragraph(line)
    return reading


def _decoded(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("gb18030", errors="replace")
