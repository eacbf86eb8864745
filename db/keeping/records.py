"""A statement as a record: the fields of the extraction spec, and how its row holds them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from db.deciding.verdicts import Kind, Record

TABLES: Mapping[Kind, str] = MappingProxyType({"quote": "quotes", "policy": "policies"})

QUOTE_FIELDS = ("text", "start", "end", "kind", "cue", "speaker", "speaker_type", "role", "title", "organization")
POLICY_FIELDS = (
    "title", "instrument", "number", "issuers", "issued_on", "effective_on", "status", "salience", "action",
    "regions", "sectors", "entities", "evidence",
)  # fmt: skip
FIELDS: Mapping[Kind, tuple[str, ...]] = MappingProxyType({"quote": QUOTE_FIELDS, "policy": POLICY_FIELDS})
JSON_FIELDS = frozenset({"issuers", "regions", "sectors", "entities", "evidence"})

PLACE_FIELDS = frozenset({"start", "end", "evidence"})
"""Where a statement lies, which moves with the text; what it says does not."""


def kind_of(statement: str) -> Kind:
    """The kind that an id names; ValueError if it is no statement's."""
    if statement[:1] == "q":
        return "quote"
    if statement[:1] == "p":
        return "policy"
    raise ValueError(f"{statement!r} is no statement's id")


def record_of(kind: Kind, stored: Mapping[str, Any]) -> Record:
    """The fields of the extraction spec of a stored row, lists as lists."""
    return {name: json.loads(stored[name]) if name in JSON_FIELDS else stored[name] for name in FIELDS[kind]}


def machine_record_of(kind: Kind, stored: Mapping[str, Any]) -> Record:
    """The machine's own record of a stored row."""
    return dict(json.loads(stored["machine"])) if stored["machine"] else record_of(kind, stored)


def evidence_of(kind: Kind, record: Mapping[str, Any]) -> str:
    """The words that a statement is known by."""
    return str(record["text"] if kind == "quote" else record["evidence"][0]["text"])


def columns_of(record: Mapping[str, Any]) -> dict[str, Any]:
    """A record as the columns of its row, lists as JSON."""
    return {
        name: json.dumps(value, ensure_ascii=False) if name in JSON_FIELDS else value for name, value in record.items()
    }


def content_of(record: Mapping[str, Any]) -> Record:
    """What a record says, without where that stands."""
    return {name: value for name, value in record.items() if name not in PLACE_FIELDS}
