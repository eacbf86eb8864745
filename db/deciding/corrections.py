"""What a person may write into a statement: closed vocabularies, dates, names, words that stand in the article."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, get_args

from db.deciding.verdicts import Kind, Record
from db.keeping.records import FIELDS
from db.keeping.standing import locate
from pipeline.model import Action, Instrument, QuoteKind, Role, Salience, SpeakerType, Status

VOCABULARIES: Mapping[Kind, Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "quote": MappingProxyType(
            {"kind": get_args(QuoteKind), "speaker_type": get_args(SpeakerType), "role": get_args(Role)}
        ),
        "policy": MappingProxyType(
            {
                "instrument": get_args(Instrument),
                "status": get_args(Status),
                "salience": get_args(Salience),
                "action": get_args(Action),
            }
        ),
    }
)
"""The closed vocabularies by kind and field, for forms and for checking."""

_MAY_BE_EMPTY = frozenset({"role", "number", "issued_on", "effective_on", "organization"})
_DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?$")
_LONGEST_TEXT = 10_000


class ReviewError(ValueError):
    """A decision that cannot be taken; the message names the field and what it must be."""


def checked(kind: Kind, changes: Mapping[str, Any], record: Record, text: str) -> Record:
    """`changes` as they are stored; `text` of a quote and `evidence` get their offsets. Raises ReviewError."""
    return dict(_each_checked(kind, changes, record, text))


def _each_checked(kind: Kind, changes: Mapping[str, Any], record: Record, text: str) -> Iterator[tuple[str, Any]]:
    for name, new in changes.items():
        if name not in FIELDS[kind] or name in ("start", "end"):
            allowed = ", ".join(field for field in FIELDS[kind] if field not in ("start", "end"))
            raise ReviewError(f"{name}: no field that can be corrected; there are {allowed}")
        if name in VOCABULARIES[kind]:
            yield name, _one_of(name, new, VOCABULARIES[kind][name])
        elif name in ("issuers", "regions", "sectors", "entities"):
            yield name, _list(name, new)
        elif name in ("issued_on", "effective_on"):
            yield name, _date(name, new)
        elif name == "evidence":
            yield name, _evidence(new, record, text)
        else:
            yield name, _text(kind, name, new, record, text)


def _one_of(name: str, new: Any, allowed: tuple[str, ...]) -> str | None:
    if new in allowed or (new is None and name in _MAY_BE_EMPTY):
        return new if new is None else str(new)
    raise ReviewError(f"{name}: must be one of {', '.join(allowed)}, not {new!r}")


def _list(name: str, new: Any) -> list[str]:
    if not isinstance(new, (list, tuple)) or not all(isinstance(one, str) and one.strip() for one in new):
        raise ReviewError(f"{name}: must be a list of names, empty if there are none")
    return [one.strip() for one in new]


def _date(name: str, new: Any) -> str | None:
    if new is None:
        return None
    if isinstance(new, str) and _DATE.match(new):
        try:
            date.fromisoformat((new + "-01-01")[:10])
        except ValueError:
            pass
        else:
            return new
    raise ReviewError(f"{name}: must be a date such as 2026, 2026-03 or 2026-03-01, not {new!r}")


def _evidence(new: Any, record: Record, text: str) -> list[dict[str, Any]]:
    pieces = [piece["text"] if isinstance(piece, Mapping) else piece for piece in new or ()]
    if not pieces:
        raise ReviewError("evidence: an announcement needs at least one sentence")
    near = record["evidence"][0]["start"]
    return [_stands(str(piece), text, near, "evidence") for piece in pieces]


def _stands(piece: str, text: str, near: int, name: str) -> dict[str, Any]:
    start = locate(text, piece, near=near)
    if start is None:
        raise ReviewError(f"{name}: {piece[:60]!r} does not stand in the article")
    return {"start": start, "end": start + len(piece), "text": piece}


def _text(kind: Kind, name: str, new: Any, record: Record, text: str) -> str | None:
    optional = name in _MAY_BE_EMPTY or (kind == "quote" and name == "title")
    if optional and (new is None or (isinstance(new, str) and not new.strip())):
        return None
    if not isinstance(new, str) or not new.strip() or len(new) > _LONGEST_TEXT:
        raise ReviewError(f"{name}: must be a text of 1 to {_LONGEST_TEXT:,} characters")
    if kind == "quote" and name == "text":
        return str(_stands(new, text, record["start"], "text")["text"])
    return new.strip()
