"""Our own values as columns: what a frozen dataclass says is what its Parquet type and its values are made from.

A tuple is a list, a pair of strings a struct of `name` and `value`, another dataclass a struct of its fields, a span a
struct of `start`, `end` and `text`, which lie flat where the field is called `span`. Fields that do not count when
values are compared are left out. No value is made from a file but by the constructor of its class, and nothing of a
file is run.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, NamedTuple, Union, get_args, get_origin, get_type_hints

import pyarrow

from pipeline.model import Span

PAIR = pyarrow.struct([("name", pyarrow.string()), ("value", pyarrow.string())])
SPAN = pyarrow.struct([("start", pyarrow.int64()), ("end", pyarrow.int64()), ("text", pyarrow.string())])
_SIMPLE = {
    str: pyarrow.string(),
    int: pyarrow.int64(),
    float: pyarrow.float64(),
    bytes: pyarrow.binary(),
    datetime: pyarrow.timestamp("us", tz="UTC"),
}


class Column(NamedTuple):
    """How the values of one Python type stand in a column."""

    kind: Any
    """Their Arrow type."""
    put: Callable[[Any], Any] | None
    """Makes what is written of a value; None: it is written as it is."""
    take: Callable[[Any, str], Any] | None
    """Makes the value of what was read, and of the text that spans are cut from; None: it is taken as it is."""


@cache
def fields_of(kind: type) -> Mapping[str, Column]:
    """The columns of a dataclass's fields, by name, in order."""
    hints = get_type_hints(kind)
    return {
        field.name: column_of(hints[field.name])
        for field in dataclasses.fields(kind)
        if field.compare and field.init
    }  # fmt: skip


@cache
def column_of(hint: Any) -> Column:
    """The column of a type. Raises TypeError for one that no value of ours has."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return _optional(column_of(next(one for one in arguments if one is not NoneType)))
    if origin is Literal:
        return Column(pyarrow.string(), None, _one_of(arguments))
    if hint is datetime:
        return Column(_SIMPLE[datetime], None, lambda value, _: value.replace(tzinfo=UTC))
    if hint in _SIMPLE:
        return Column(_SIMPLE[hint], None, None)
    if hint is Span:
        return Column(SPAN, _put_span, _take_span)
    if hint == tuple[str, str]:
        return Column(PAIR, lambda pair: {"name": pair[0], "value": pair[1]}, lambda d, _: (d["name"], d["value"]))
    if origin is tuple:
        return _many(column_of(arguments[0]))
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return _struct(hint)
    raise TypeError(f"no column can hold {hint!r}")


def put(value: Any, fields: Mapping[str, Column]) -> dict[str, Any]:
    """The fields of a value as they are written."""
    return {
        name: getattr(value, name) if column.put is None else column.put(getattr(value, name))
        for name, column in fields.items()
    }


def take(kind: type, read: Mapping[str, Any], text: str, fields: Mapping[str, Column], **more: Any) -> Any:
    """The value whose fields were read; spans lie in `text`. Raises ValueError for what is no such value."""
    found = {
        name: read[name] if column.take is None else column.take(read[name], text) for name, column in fields.items()
    }
    return kind(**found, **more)


def _optional(column: Column) -> Column:
    put_one, take_one = column.put, column.take
    return Column(
        column.kind,
        put_one and (lambda value: None if value is None else put_one(value)),
        take_one and (lambda value, text: None if value is None else take_one(value, text)),
    )


def _many(column: Column) -> Column:
    put_one, take_one = column.put, column.take

    def put_all(values: Sequence[Any]) -> Any:
        return values if put_one is None else [put_one(one) for one in values]

    def take_all(values: Sequence[Any], text: str) -> tuple[Any, ...]:
        return tuple(values) if take_one is None else tuple(take_one(one, text) for one in values)

    return Column(pyarrow.list_(column.kind), put_all, take_all)


def _struct(kind: type) -> Column:
    fields = dict(fields_of(kind))
    flat = fields.pop("span", None) is not None
    arrow = [*SPAN, *([(name, column.kind) for name, column in fields.items()])]

    def put_flat(value: Any) -> dict[str, Any]:
        return {**_put_span(value.span), **put(value, fields)}

    def take_flat(read: Mapping[str, Any], text: str) -> Any:
        return take(kind, read, text, fields, span=_take_span(read, text))

    if flat:
        return Column(pyarrow.struct(arrow), put_flat, take_flat)
    return Column(
        pyarrow.struct(arrow[len(SPAN) :]),
        lambda value: put(value, fields),
        lambda read, text: take(kind, read, text, fields),
    )


def _one_of(allowed: tuple[Any, ...]) -> Callable[[Any, str], Any]:
    def taken(value: Any, _: str) -> Any:
        if value not in allowed:
            raise ValueError(f"{value!r} is none of {', '.join(allowed)}")
        return value

    return taken


def _put_span(span: Span) -> dict[str, Any]:
    return {"start": span.start, "end": span.end, "text": span.text}


def _take_span(read: Mapping[str, Any], text: str) -> Span:
    return Span(start=read["start"], end=read["end"], text=read["text"], source=text)
