"""One batch as one Parquet file, and back: a row is an archived page, with what was read from it.

The page's columns begin with `page_`, those of its record with `warc_`; the article's fields, `quotes`, `policies` and
`relations` have their own names. What belongs to the whole batch stands as JSON in the file's metadata.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow
from pyarrow import parquet

from archive.batch import Stretch
from archive.places import Place
from ingest.engines import EngineError
from ingest.reading import VERSION, Batch, PageRead, Sent
from ingest.shards.values import Column, column_of, fields_of, put, take
from pipeline.model import ArchiveRef, Article, Issue, Page, Statements

_ABOUT = b"policywire"
"""The key of the metadata that tells of the batch."""
_REF = fields_of(ArchiveRef)
_PAGE = {name: column for name, column in fields_of(Page).items() if name != "body"}
_ARTICLE = fields_of(Article)
_STATEMENTS = fields_of(Statements)
_ISSUE = column_of(Issue | None)
_EXTRACTOR = "extractor_version"
_UNREADABLE = (pyarrow.ArrowException, OSError, LookupError, TypeError, ValueError)
"""What comes of a file that is not what was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a shard says that it holds."""

    name: str
    """Of the file that was read."""
    start: int
    end: int


def write_batch(batch: Batch, path: Path) -> None:
    """Write the batch so that the file is there whole or not at all, and replaces one of an earlier attempt."""
    table = pyarrow.Table.from_pylist(
        [_row(one.opened() if isinstance(one, Sent) else one) for one in batch.found], schema=SCHEMA
    )
    told = {"version": VERSION, "batch": asdict(replace(batch, found=()))}
    table = table.replace_schema_metadata({_ABOUT: json.dumps(told).encode()})
    path.parent.mkdir(parents=True, exist_ok=True)
    # a worker that was taken for dead may write beside the one that took its place; readers pass over hidden files
    half = path.with_name(f".{path.name}.{os.urandom(6).hex()}")
    try:
        with half.open("wb") as file:
            parquet.write_table(table, file, compression="zstd")
            file.flush()
            os.fsync(file.fileno())
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)


def about(path: Path) -> About | None:
    """What a file holds; None for one that cannot be read, or that another version has written."""
    try:
        stretch = _told(parquet.read_schema(path))["stretch"]
        return About(name=stretch["place"]["name"], start=stretch["start"], end=stretch["end"])
    except _UNREADABLE:
        return None


def read_batch(path: Path) -> Batch:
    """The batch that was written. Raises EngineError for what is no such file, or of another version."""
    try:
        with parquet.ParquetFile(path) as file:
            table = file.read()
        told = _told(table.schema)
        stretch = told.pop("stretch")
        told["stretch"] = Stretch(**{**stretch, "place": Place(**stretch["place"])})
        told["found"] = tuple(_page_read(row) for row in table.to_pylist())
        return Batch(**told)
    except _UNREADABLE as error:
        raise EngineError(f"{path} is no shard, or a damaged one ({error}): delete it and write it anew") from error


def _told(schema: Any) -> dict[str, Any]:
    """The batch's own values. Raises ValueError when another version wrote them."""
    told = json.loads(schema.metadata[_ABOUT])
    if told["version"] != VERSION:
        raise ValueError(f"of version {told['version']}")
    return {name: _tuples(value) for name, value in told["batch"].items()}


def _tuples(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _tuples(one) for name, one in value.items()}
    return tuple(_tuples(one) for one in value) if isinstance(value, list) else value


def _row(read: PageRead) -> dict[str, Any]:
    row = {f"warc_{name}": value for name, value in put(read.ref, _REF).items()}
    row |= {f"page_{name}": value for name, value in put(read.page, _PAGE).items()}
    if read.article is not None:
        row |= put(read.article, _ARTICLE)
    if read.statements is not None:
        row |= _renamed(put(read.statements, _STATEMENTS))
    row["issue"] = read.issue if _ISSUE.put is None else _ISSUE.put(read.issue)
    return row


def _page_read(row: Mapping[str, Any]) -> PageRead:
    text = row["text"]
    article = None if text is None else take(Article, row, text, _ARTICLE)
    statements = None
    if row["quotes"] is not None:
        statements = take(Statements, {**row, "version": row[_EXTRACTOR]}, text, _STATEMENTS)
    return PageRead(
        ref=take(ArchiveRef, _without(row, "warc_"), "", _REF),
        page=take(Page, _without(row, "page_"), "", _PAGE, body=b""),
        article=article,
        statements=statements,
        issue=row["issue"] if _ISSUE.take is None else _ISSUE.take(row["issue"], ""),
    )


def _without(row: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    return {name.removeprefix(prefix): value for name, value in row.items() if name.startswith(prefix)}


def _renamed(found: dict[str, Any]) -> dict[str, Any]:
    return {_EXTRACTOR if name == "version" else name: value for name, value in found.items()}


def _columns() -> dict[str, Column]:
    return {
        **{f"warc_{name}": column for name, column in _REF.items()},
        **{f"page_{name}": column for name, column in _PAGE.items()},
        **_ARTICLE,
        **_renamed(dict(_STATEMENTS)),
        "issue": _ISSUE,
    }


SCHEMA = pyarrow.schema([(name, column.kind) for name, column in _columns().items()])
"""Columns of a shard."""
