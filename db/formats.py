"""Rows as CSV, JSON lines, Parquet or XLSX, piece by piece: never the whole in memory.

A spreadsheet runs a cell that begins like a formula, and everything we hold was scraped. CSV and XLSX are for the eye:
control characters stand as signs, direction overrides are spelt out, and a cell that begins like a formula gets an
apostrophe in front (XLSX: the mark for text that Excel itself sets). JSON lines and Parquet are for programs and carry
every value as it is, JSON columns as lists.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any, Literal

from db.export import Column, ExportError, decoded
from db.inert import inert

Format = Literal["csv", "jsonl", "parquet", "xlsx"]
FORMATS: tuple[Format, ...] = ("csv", "jsonl", "parquet", "xlsx")
MEDIA: Mapping[str, str] = MappingProxyType(
    {
        "csv": "text/csv; charset=utf-8",
        "jsonl": "application/jsonl; charset=utf-8",
        "parquet": "application/vnd.apache.parquet",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "zip": "application/zip",
    }
)

SHEET_ROWS = 1_048_575
"""Rows that a sheet holds below its heading; what goes beyond stands on further sheets."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_PIECE = 64 * 1024
_GROUP = 20_000
"""Rows of a Parquet group, or fewer where texts are long."""
_GROUP_CHARACTERS = 8_000_000

About = dict[str, Any]
Found = Iterable[Mapping[str, Any]]


@dataclass(slots=True)
class Tally:
    """What has been written so far."""

    rows: int = 0
    cut: int = 0
    """Cells that were too long for a sheet."""

    def of(self, found: Found) -> Iterator[Mapping[str, Any]]:
        """The same rows, counted."""
        for one in found:
            self.rows += 1
            yield one


def pieces_of(
    found: Found,
    columns: Sequence[Column],
    form: Format,
    about: About,
    *,
    bom: bool = False,
    packed: bool = False,
    tally: Tally | None = None,
) -> Iterator[bytes]:
    """The file that holds the rows, piece by piece; `packed` as a ZIP with its manifest beside it.

    `about` is the manifest as far as it is known before; `tally` counts while it is written. Parquet and XLSX, whose
    ends are written last, are made in a temporary file first.
    """
    tally = tally or Tally()
    counted = tally.of(found)

    def about_it() -> About:
        return finished(about, form, tally)

    if form == "csv":
        made = csv_pieces(counted, columns, bom=bom)
    elif form == "jsonl":
        made = json_pieces(counted, columns)
    else:
        writer = write_parquet if form == "parquet" else write_xlsx
        made = _by_file(lambda path: writer(counted, columns, path, about_it, tally))
    return _packed(made, f"{about['table']}.{form}", about_it) if packed else made


def finished(about: About, form: Format, tally: Tally) -> About:
    """The manifest with what is known when all is written."""
    return {**about, "format": form, "rows": tally.rows, **({"cells_cut": tally.cut} if form == "xlsx" else {})}


# -- text -------------------------------------------------------------------------------------------------------------


def csv_pieces(found: Found, columns: Sequence[Column], *, bom: bool = False) -> Iterator[bytes]:
    """CSV (RFC 4180) with a heading, in UTF-8; `bom` begins it with a byte order mark, as some spreadsheets want."""
    out = io.StringIO("\ufeff" if bom else "", newline="")
    out.seek(0, io.SEEK_END)
    writer = csv.writer(out)
    writer.writerow([column.name for column in columns])
    names = [column.name for column in columns]
    for one in found:
        writer.writerow([guarded(one[name]) for name in names])
        if out.tell() > _PIECE:
            yield _taken(out)
    yield _taken(out)


def json_pieces(found: Found, columns: Sequence[Column]) -> Iterator[bytes]:
    """JSON, one object a line, in UTF-8."""
    out = io.StringIO(newline="")
    for one in found:
        out.write(json.dumps({c.name: decoded(one[c.name], c) for c in columns}, ensure_ascii=False))
        out.write("\n")
        if out.tell() > _PIECE:
            yield _taken(out)
    yield _taken(out)


def _taken(out: io.StringIO) -> bytes:
    piece = out.getvalue().encode("utf-8")
    out.seek(0)
    out.truncate()
    return piece


def guarded(held: Any) -> Any:
    """A cell that no spreadsheet takes for a formula, and no reader for something else than it is."""
    if not isinstance(held, str):
        return held
    shown = inert(held)
    return "'" + shown if begins_like_a_formula(shown) else shown


def begins_like_a_formula(text: str) -> bool:
    """Whether a spreadsheet may run a cell with this text."""
    return text.startswith(_FORMULA) or text.lstrip(" \u00a0\u3000").startswith(_FORMULA)


# -- Parquet and XLSX -------------------------------------------------------------------------------------------------


def write_parquet(
    found: Found, columns: Sequence[Column], path: Path, about: Callable[[], About], tally: Tally
) -> None:
    """A Parquet file in row groups, lists as lists; the manifest stands in its metadata as `policywire`."""
    import pyarrow
    from pyarrow import parquet

    kinds = {
        "text": pyarrow.string(),
        "integer": pyarrow.int64(),
        "real": pyarrow.float64(),
        "names": pyarrow.list_(pyarrow.string()),
        "files": pyarrow.list_(pyarrow.struct([("url", pyarrow.string()), ("name", pyarrow.string())])),
        "spans": pyarrow.list_(
            pyarrow.struct([("start", pyarrow.int64()), ("end", pyarrow.int64()), ("text", pyarrow.string())])
        ),
    }
    schema = pyarrow.schema([(column.name, kinds[column.holds]) for column in columns])
    with parquet.ParquetWriter(str(path), schema, compression="zstd") as writer:
        for group in _groups(found):
            arrays = [
                pyarrow.array([decoded(one[column.name], column) for one in group], type=kinds[column.holds])
                for column in columns
            ]
            writer.write_table(pyarrow.Table.from_arrays(arrays, schema=schema))
        writer.add_key_value_metadata({"policywire": json.dumps(about(), ensure_ascii=False)})


def _groups(found: Found) -> Iterator[list[Mapping[str, Any]]]:
    group: list[Mapping[str, Any]] = []
    size = 0
    for one in found:
        group.append(one)
        size += sum(len(held) for held in one.values() if isinstance(held, str))
        if len(group) == _GROUP or size > _GROUP_CHARACTERS:
            yield group
            group, size = [], 0
    if group:
        yield group


def write_xlsx(found: Found, columns: Sequence[Column], path: Path, about: Callable[[], About], tally: Tally) -> None:
    """A workbook whose cells are text and numbers only; its last sheet, About, holds the manifest."""
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "tmpdir": str(path.parent)})
    try:
        _sheets(book, found, columns, str(about()["table"]), tally)
        _about_sheet(book, about())
        book.close()
    except FileCreateError as error:
        raise error.__cause__ or error from None
    finally:
        # what closing a book does too, but whole books only are closed
        for sheet in book.worksheets():
            sheet.row_data_fh.close()


def _sheets(book: Any, found: Found, columns: Sequence[Column], name: str, tally: Tally) -> None:
    heading = book.add_format({"bold": True, "bottom": 1})
    text = book.add_format({"quote_prefix": True})
    stream = iter(found)
    following = next(stream, None)
    for number in count(1):
        sheet = book.add_worksheet(name if number == 1 else f"{name} ({number})")
        sheet.freeze_panes(1, 0)
        for at, column in enumerate(columns):
            sheet.set_column(at, at, _WIDTHS[column.holds])
            sheet.write_string(0, at, column.name, heading)
        row = 0
        while following is not None and row < SHEET_ROWS:
            row += 1
            for at, column in enumerate(columns):
                tally.cut += _cell(sheet, row, at, shown(following[column.name], column), text)
            following = next(stream, None)
        sheet.autofilter(0, 0, row, len(columns) - 1)
        if following is None:
            return


_WIDTHS: Mapping[str, int] = MappingProxyType(
    {"text": 24, "integer": 10, "real": 10, "names": 24, "files": 32, "spans": 48}
)


def shown(held: Any, column: Column) -> str | float | None:
    """A cell for the eye: names with semicolons between, sentences and files a line each."""
    if held is None or isinstance(held, (int, float)):
        return held
    whole = decoded(held, column)
    if column.holds == "names":
        whole = "; ".join(whole)
    elif column.holds == "spans":
        whole = "\n".join(span["text"] for span in whole)
    elif column.holds == "files":
        whole = "\n".join(f"{file['name']} {file['url']}" for file in whole)
    return inert(whole)


def _cell(sheet: Any, row: int, at: int, held: str | float | None, text: Any) -> bool:
    """Write a cell; gives whether it was too long. Never `write`, which takes text for formulas and links."""
    if held is None or held == "":
        return False
    if isinstance(held, str):
        return bool(sheet.write_string(row, at, held, text if begins_like_a_formula(held) else None) == -2)
    sheet.write_number(row, at, held)
    return False


def _about_sheet(book: Any, about: About) -> None:
    sheet = book.add_worksheet("About")
    heading = book.add_format({"bold": True})
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 1, 80)
    for row, (name, held) in enumerate((name, held) for name, held in about.items() if held not in (None, {})):
        sheet.write_string(row, 0, name, heading)
        if name == "columns":
            said = ", ".join(column["name"] for column in held)
        else:
            said = held if isinstance(held, str) else json.dumps(held, ensure_ascii=False)
        sheet.write_string(row, 1, inert(said))


def _by_file(write: Callable[[Path], None]) -> Iterator[bytes]:
    """What `write` puts into a file, in pieces."""
    with TemporaryDirectory(prefix="policywire-export-") as folder:
        path = Path(folder) / "export"
        try:
            write(path)
        except OSError as error:
            raise ExportError(
                f"the temporary folder {Path(folder).parent} cannot hold the export ({error.strerror or error}): "
                "make room, or set TMPDIR to another"
            ) from error
        with path.open("rb") as made:
            while piece := made.read(_PIECE):
                yield piece


# -- ZIP --------------------------------------------------------------------------------------------------------------


class _Outlet(io.RawIOBase):
    """Takes what a ZIP writes, and gives it away."""

    def __init__(self) -> None:
        self._held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self._held += piece
        return len(piece)

    def taken(self) -> bytes:
        piece = bytes(self._held)
        self._held.clear()
        return piece


def _packed(made: Iterator[bytes], name: str, about: Callable[[], About]) -> Generator[bytes, None, None]:
    """A ZIP of the file and `manifest.json`."""
    out = _Outlet()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=5) as packed:
        with packed.open(name, "w", force_zip64=True) as entry:
            for piece in made:
                entry.write(piece)
                if ready := out.taken():
                    yield ready
        packed.writestr("manifest.json", json.dumps(about(), ensure_ascii=False, indent=2))
    yield out.taken()
