"""Any public view as CSV, JSON lines or Parquet, streamed: never the whole in memory.

A spreadsheet runs a cell that begins like a formula, and everything we hold was scraped: such cells get an apostrophe
in front in CSV. JSON lines and Parquet carry the values as they are, JSON columns as lists.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Generator, Iterable, Mapping
from importlib import import_module
from itertools import chain, islice
from pathlib import Path
from typing import Any, Literal, TextIO

from sqlite_utils import Database

from db.connection import rows
from db.views import PUBLIC_VIEWS

Format = Literal["csv", "json", "parquet"]

JSON_COLUMNS = frozenset(
    {
        "authors",
        "section",
        "captions",
        "attachments",
        "editors",
        "issuers",
        "regions",
        "sectors",
        "entities",
        "evidence",
    }
)
"""Columns of the public views that hold JSON lists."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_AT_ONCE = 1000


class ExportError(ValueError):
    """The export cannot be made; the message says what to do."""


def rows_of(db: Database, view: str) -> Generator[dict[str, Any], None, None]:
    """The rows of a public view, one by one, JSON columns still as text. ExportError for any other name."""
    _check(view)
    return rows(db, f'SELECT * FROM "{view}"')  # noqa: S608


def columns_of(db: Database, view: str) -> tuple[str, ...]:
    """The names of a public view's columns, in order. ExportError for any other name."""
    _check(view)
    return tuple(name for _at, name, *_rest in db.conn.execute(f'PRAGMA table_info("{view}")'))


def _check(view: str) -> None:
    if view not in PUBLIC_VIEWS:
        raise ExportError(f"no table {view!r}: there are {', '.join(PUBLIC_VIEWS)}")


def write_csv(found: Iterable[Mapping[str, Any]], out: TextIO, *, columns: Iterable[str], bom: bool = False) -> int:
    """Write rows as CSV (RFC 4180) with a heading, formulas guarded; gives how many. Open `out` with newline=""."""
    names = list(columns)
    if bom:
        out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow(names)
    count = 0
    for one in found:
        writer.writerow([guarded(one[name]) for name in names])
        count += 1
    return count


def write_json_lines(found: Iterable[Mapping[str, Any]], out: TextIO) -> int:
    """Write rows as JSON, one object a line; gives how many."""
    count = 0
    for one in found:
        json.dump(decoded(one), out, ensure_ascii=False)
        out.write("\n")
        count += 1
    return count


def write_parquet(found: Iterable[Mapping[str, Any]], path: Path | str) -> int:
    """Write rows as a Parquet file, in groups; gives how many. ExportError that names pyarrow where it is missing."""
    try:
        arrow, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
    except ImportError as error:
        raise ExportError("Parquet needs the package pyarrow: `pip install pyarrow`, or use --format csv") from error
    stream = iter(found)
    first = list(islice(stream, _AT_ONCE))
    if not first:
        raise ExportError("there is no row, so Parquet cannot know the columns: use --format csv")
    schema = arrow.schema([(name, _arrow_type(arrow, name, first)) for name in first[0]])
    count = 0
    with parquet.ParquetWriter(str(path), schema) as writer:
        for group in chain([first], iter(lambda: list(islice(stream, _AT_ONCE)), [])):
            writer.write_table(arrow.Table.from_pylist([dict(one) for one in group], schema=schema))
            count += len(group)
    return count


def _arrow_type(arrow: Any, name: str, first: list[Mapping[str, Any]]) -> Any:
    seen = {type(one[name]) for one in first} - {type(None)}
    if float in seen or name in ("confidence", "baseline_7d"):
        return arrow.float64()
    return arrow.int64() if seen == {int} else arrow.string()


def guarded(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula."""
    if isinstance(value, str) and value.lstrip(" \u00a0\u3000\ufeff").startswith(_FORMULA):
        return "'" + value
    return value


def decoded(one: Mapping[str, Any]) -> dict[str, Any]:
    """A row with its JSON columns as lists."""
    return {
        name: json.loads(held) if name in JSON_COLUMNS and isinstance(held, str) else held for name, held in one.items()
    }
