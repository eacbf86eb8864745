"""Workbooks, today's and Excel 97's (WPS ones are the same): a table a visible sheet, under the sheet's name."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from io import BytesIO

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from pipeline.annexes.blocks import Reading, Unreadable
from pipeline.annexes.packages import open_package

MAX_SHEETS = 100

Cell = int | float | str | bool | time | date | datetime | timedelta


def read(body: bytes) -> Reading:
    """The rows of all visible sheets; values as they are stored, so a goods code stays digits."""
    if body.startswith(b"PK"):
        open_package(body).close()  # for its limits
    reading = Reading()
    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(body))
        visible = [
            sheet.name
            for sheet in workbook.sheets_metadata
            if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet
        ]
        for name in visible[:MAX_SHEETS]:
            sheet = workbook.get_sheet_by_name(name)
            if sheet.height:
                if len(visible) > 1:
                    reading.paragraph(name)
                reading.table(_rows(sheet))
    except PasswordError as error:
        raise Unreadable("encrypted: it opens with a password only") from error
    except CalamineError as error:
        raise Unreadable(f"damaged: {error}") from error
    if len(visible) > MAX_SHEETS:
        reading.trouble(f"only the first {MAX_SHEETS} of {len(visible)} sheets were read")
    return reading


def _rows(sheet: CalamineSheet) -> Iterator[list[str]]:
    for row in sheet.iter_rows():
        yield [_printed(cell) for cell in row]


def _printed(cell: Cell) -> str:
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime) and not (cell.hour or cell.minute or cell.second):
        return cell.date().isoformat()
    return str(cell)
