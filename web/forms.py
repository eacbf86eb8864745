"""The form of one statement: its fields as text that a person edits, and the changes read back from it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request

from db.deciding.known import FIELDS as KNOWN_FIELDS
from db.deciding.verdicts import Kind
from db.keeping.records import FIELDS
from db.review import VOCABULARIES, Reviewed
from web.inert import inert
from web.labels import words

Control = Literal["line", "lines", "text", "choice", "names"]
"""`names`: one line a name, each with suggestions, and an empty one."""

_LISTS = frozenset({"issuers", "regions", "sectors", "entities", "evidence"})
_NAMES = frozenset({"issuers"})
_MOST_NAMES = 12
_SUGGESTED = frozenset(KNOWN_FIELDS)
_OPTIONAL_CHOICES = frozenset({"role"})
_HINTS: Mapping[str, str] = {
    "issuers": "usual English names, lead body first",
    "regions": "one a line; empty: nationwide",
    "sectors": "one a line, as printed",
    "entities": "one a line, as printed",
    "issued_on": "2026, 2026-03 or 2026-03-01",
    "effective_on": "2026, 2026-03 or 2026-03-01",
    "evidence": "sentences that stand in the article, one a line, best first",
    "text": "must stand in the article, without quotation marks",
    "speaker": "fullest form of the name in the article",
}
_MOST_FIELDS = 60
_MOST_BOXES = 300


class FormError(ValueError):
    """A form that is none of ours; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of the form."""

    name: str
    label: str
    control: Control
    value: str
    """What stands in it."""
    choices: tuple[tuple[str, str], ...]
    hint: str
    machine: str | None
    """What the machine says, where a person has said otherwise."""
    suggested: bool
    """Whether known names are offered."""


def read_body(body: bytes) -> dict[str, str]:
    """The fields of a url-encoded form; a list's name may come once a line. Raises FormError."""
    found: dict[str, str] = {}
    for name, held in _pairs(body, _MOST_FIELDS):
        found[name] = f"{found[name]}\n{held}" if name in _NAMES and name in found else held
    return found


def read_lists(body: bytes) -> dict[str, list[str]]:
    """The fields of a url-encoded form with boxes to tick: all values of each name. Raises FormError."""
    found: dict[str, list[str]] = {}
    for name, held in _pairs(body, _MOST_BOXES):
        found.setdefault(name, []).append(held)
    return found


def _pairs(body: bytes, most: int) -> list[tuple[str, str]]:
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=most, errors="replace")
    except ValueError as error:
        raise FormError("The form cannot be read.") from error
    return [(name, value.replace("\r\n", "\n").replace("\r", "\n")) for name, value in pairs]


def expected_in(entered: Mapping[str, str]) -> int:
    """The newest event that the form was shown with; -1, which no statement has, where the form does not say."""
    printed = entered.get("expected", "")
    return int(printed) if printed.isdecimal() and len(printed) < 19 else -1


async def posted(request: Request) -> dict[str, str]:
    """The fields of the plain form that was sent; 415 or 400 for anything else."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/x-www-form-urlencoded":
        raise HTTPException(415, "This address takes a plain form.")
    try:
        return read_body(await request.body())
    except FormError as error:
        raise HTTPException(400, str(error)) from error


def fields(seen: Reviewed, entered: Mapping[str, str] | None = None) -> tuple[Field, ...]:
    """The fields of a statement with its values, or with what a reviewer had entered."""
    return tuple(_field(seen, name, entered or {}) for name in _names(seen.kind))


def changes(seen: Reviewed, entered: Mapping[str, str]) -> dict[str, Any]:
    """The fields that a reviewer has changed, with their new values as `db.review.decide` takes them."""
    changed: dict[str, Any] = {}
    for name in _names(seen.kind):
        if name not in entered or _same(name, entered[name], shown(name, seen.record[name])):
            continue
        changed[name] = _meant(name, entered[name])
    return changed


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A field that a person and the machine read differently, as both stand in the form."""

    name: str
    label: str
    ours: str
    machines: str


def readings(seen: Reviewed) -> tuple[Reading, ...]:
    """The fields in which what counts and what the machine says differ."""
    both = ((name, shown(name, seen.record[name]), shown(name, seen.machine[name])) for name in _names(seen.kind))
    return tuple(
        Reading(name=name, label=words(name), ours=ours, machines=machines)
        for name, ours, machines in both
        if ours != machines
    )


def digest(seen: Reviewed) -> str:
    """A mark of the record that a form shows, so that an answer to an older one is recognised."""
    held = "\x1f".join(shown(name, seen.record[name]) for name in _names(seen.kind))
    return hashlib.sha256(held.encode("utf-8", "replace")).hexdigest()[:16]


def shown(name: str, held: Any) -> str:
    """A field's value as it stands in the form: the very text that comes back if nobody touches it."""
    if held is None:
        return ""
    if name == "evidence":
        return "\n".join(inert(span["text"]) for span in held)
    if name in _LISTS:
        return "\n".join(inert(one) for one in held)
    return inert(str(held))


def _names(kind: Kind) -> tuple[str, ...]:
    return tuple(name for name in FIELDS[kind] if name not in ("start", "end"))


def _field(seen: Reviewed, name: str, entered: Mapping[str, str]) -> Field:
    vocabulary = VOCABULARIES[seen.kind].get(name, ())
    choices = tuple((value, words(value)) for value in vocabulary)
    if name in _OPTIONAL_CHOICES:
        choices = (("", "none"), *choices)
    ours, machines = shown(name, seen.record[name]), shown(name, seen.machine[name])
    value = entered.get(name, ours)
    return Field(
        name=name,
        label=words(name),
        control=_control(name, seen.kind, bool(vocabulary), value),
        value=value,
        choices=choices,
        hint=_HINTS.get(name, ""),
        machine=machines if machines != ours else None,
        # the title of an announcement is its own, a person's post is one of many
        suggested=name in _SUGGESTED and (seen.kind, name) != ("policy", "title"),
    )


def _same(name: str, entered: str, ours: str) -> bool:
    return bool(_meant(name, entered) == _meant(name, ours))


def _control(name: str, kind: Kind, closed: bool, value: str) -> Control:
    if closed:
        return "choice"
    if name in _NAMES and value.count("\n") < _MOST_NAMES:
        return "names"
    if name == "evidence" or (name == "text" and kind == "quote"):
        return "text"
    return "lines" if name in _LISTS else "line"


def _meant(name: str, entered: str) -> Any:
    if name in _LISTS:
        return [line.strip() for line in entered.split("\n") if line.strip()]
    return entered.strip() or None
