"""The form of a watch rule: what was entered as a rule, with what is wrong with it; a search as a rule's beginning."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, get_args
from urllib.parse import parse_qsl

from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import Request

from alerts.rules import FILTERS, LONGEST_NAME, Fault, Filter, Frequency, Rule, RuleKind, faults
from web.labels import source_name, words
from web.rule_words import DAYS, LABELS

Entered = Mapping[str, Sequence[str]]
"""What stands in a form, by field."""

ZONES = (
    "Asia/Shanghai", "Asia/Hong_Kong", "Asia/Tokyo", "Asia/Seoul", "Asia/Singapore", "Asia/Kolkata", "Asia/Dubai",
    "Europe/London", "Europe/Berlin", "Europe/Paris", "Europe/Brussels", "Europe/Moscow", "Africa/Nairobi",
    "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Sao_Paulo",
    "Australia/Sydney", "Pacific/Auckland", "UTC",
)  # fmt: skip
"""Offered beside the field; any other zone may be entered."""

_MOST_FIELDS = 300
_BY_SEARCH: Mapping[str, str] = {
    "source": "sources",
    "language": "languages",
    "instrument": "instruments",
    "action": "actions",
    "issuer": "issuers",
    "status": "statuses",
    "salience": "salience",
    "region": "regions",
    "sector": "sectors",
    "entity": "entities",
    "role": "roles",
    "organization": "organizations",
    "speaker": "speakers",
}
"""Parameters of a search's address and the fields that they begin."""
_KINDS: Mapping[str, RuleKind] = {"announcements": "announcement", "quotes": "quote", "articles": "article"}
_NOT_OF_RULES = {
    "since": "dates",
    "until": "dates",
    "kind": "kind",
    "speaker_type": "kind of speaker",
    "author": "author",
    "state": "state",
}
_REVIEWED = {"accepted", "corrected"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """One field of the form that holds several values."""

    name: str
    label: str
    choices: tuple[tuple[str, str], ...]
    """Value and words; none: any name, one a line."""
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Some fields under a heading."""

    heading: str
    controls: tuple[Control, ...]
    kinds: tuple[RuleKind, ...]


async def entered_in(request: Request) -> Entered:
    """What was entered in the plain form that was sent; 415 or 400 for anything else."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/x-www-form-urlencoded":
        raise HTTPException(415, "This address takes a plain form.")
    try:
        body = (await request.body()).decode("ascii")
        pairs = parse_qsl(body, keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="replace")
    except ValueError as error:
        raise HTTPException(400, "The form cannot be read.") from error
    found: dict[str, list[str]] = {}
    for name, held in pairs:
        found.setdefault(name, []).append(held.replace("\r\n", "\n").replace("\r", "\n"))
    return found


def entered_of(rule: Rule) -> Entered:
    """A rule as it stands in the form."""
    found: dict[str, list[str]] = {name: _texts(getattr(rule, name)) for name in LABELS}
    for name in ("to", *(condition.field for condition in FILTERS if not condition.values)):
        found[name] = ["\n".join(getattr(rule, name))]
    return found


def rule_entered(entered: Entered) -> tuple[Rule, list[Fault]]:
    """The rule that a form describes, and everything that is wrong with it."""
    wrong: list[Fault] = []
    confidence = _one(entered, "minimum_confidence").replace(",", ".")
    try:
        least = float(confidence) if confidence else None
    except ValueError:
        wrong.append(Fault(field="minimum_confidence", message="a number from 0 to 1, such as 0.8"))
        least = None
    values: dict[str, Any] = {
        "name": " ".join(_one(entered, "name").split()),
        "to": _lines(entered, "to"),
        "query": _one(entered, "query") or None,
        "kinds": tuple(entered.get("kinds", ())),
        "minimum_confidence": least,
        "reviewed_only": bool(_one(entered, "reviewed_only")),
        "frequency": _one(entered, "frequency"),
        "at": _one(entered, "at")[:5],
        "weekday": _one(entered, "weekday"),
        "zone": _one(entered, "zone"),
        "quiet": "".join(_one(entered, "quiet").split()).replace("–", "-") or None,
        "paused": bool(_one(entered, "paused")),
        "resumes_on": _one(entered, "resumes_on") or None,
    }
    for condition in FILTERS:
        if condition.values:
            values[condition.field] = tuple(dict.fromkeys(entered.get(condition.field, ())))
        else:
            values[condition.field] = _lines(entered, condition.field)
    rule = Rule(**values)
    return rule, [*wrong, *faults(rule)]


def from_search(parameters: QueryParams) -> tuple[Entered, list[str]]:
    """The form that a search begins, and what of the search is no part of a rule."""
    kind = _KINDS.get(parameters.get("in", "announcements"))
    rule = Rule(name="", to=(), kinds=(kind or "announcement",), query=parameters.get("q", "").strip() or None)
    values: dict[str, Any] = {}
    for name, field in _BY_SEARCH.items():
        if given := tuple(dict.fromkeys(one.strip() for one in parameters.getlist(name) if one.strip())):
            values[field] = given
    if states := set(parameters.getlist("review_state")):
        values["reviewed_only"] = states <= _REVIEWED
    rule = replace(rule, **values)
    rule = replace(rule, name=" ".join(_named(rule))[:LONGEST_NAME].strip())
    lost = [f"A rule has no {what}; it was left out." for what in dict.fromkeys(_left_out(parameters))]
    if kind is None:
        lost.append("Attached files cannot be watched by themselves; the rule watches announcements.")
    return entered_of(rule), lost


def parts() -> tuple[Part, ...]:
    """The filters of the form."""
    every = get_args(RuleKind)
    return (
        Part(heading="Where it stands", kinds=every, controls=_controls("sources", "languages")),
        Part(
            heading="Announcements",
            kinds=("announcement",),
            controls=_controls(
                "actions", "instruments", "salience", "statuses", "issuers", "sectors", "regions", "entities"
            ),
        ),
        Part(heading="Quotes", kinds=("quote",), controls=_controls("roles", "speakers", "organizations")),
    )


def kinds() -> tuple[tuple[str, str], ...]:
    """The kinds that a rule may tell of, with words for them."""
    return tuple((kind, f"{kind}s") for kind in get_args(RuleKind))


def frequencies() -> tuple[tuple[str, str], ...]:
    """How often a rule may send, with words for it."""
    said = {"instant": "At once", "hourly": "Every hour", "daily": "Once a day", "weekly": "Once a week"}
    return tuple((one, said[one]) for one in get_args(Frequency))


def weekdays() -> tuple[tuple[str, str], ...]:
    """The days of the week."""
    return tuple(DAYS.items())


_HINTS = {
    "issuers": "usual English names, one a line: Ministry of Commerce",
    "sectors": "one a line; a part of the name is enough",
    "regions": "one a line; a part of the name is enough",
    "entities": "one a line; a part of the name is enough",
    "speakers": "one a line; a part of the name is enough",
    "organizations": "one a line; a part of the name is enough",
}


def _controls(*names: str) -> tuple[Control, ...]:
    by_field: dict[str, Filter] = {condition.field: condition for condition in FILTERS}
    return tuple(
        Control(
            name=name,
            label=LABELS[name],
            choices=tuple(
                (one, source_name(one) if name == "sources" else words(one)) for one in by_field[name].values
            ),
            hint=_HINTS.get(name, ""),
        )
        for name in names
    )


def _named(rule: Rule) -> Iterator[str]:
    """A name for a rule that a search begins."""
    if rule.query is not None:
        yield rule.query
    for field in ("actions", "roles", "sectors", "issuers", "speakers", "organizations", "regions", "instruments"):
        yield from (words(one) for one in getattr(rule, field))


def _left_out(parameters: QueryParams) -> Iterator[str]:
    return (what for name, what in _NOT_OF_RULES.items() if parameters.get(name))


def _texts(held: object) -> list[str]:
    if isinstance(held, tuple):
        return [str(one) for one in held]
    if isinstance(held, bool):
        return ["1"] if held else []
    if held is None:
        return [""]
    return [f"{held:g}" if isinstance(held, float) else str(held)]


def _one(entered: Entered, name: str) -> str:
    return next(iter(entered.get(name, ())), "").strip()


def _lines(entered: Entered, name: str) -> tuple[str, ...]:
    """The lines of a field; addresses may also be parted by commas."""
    text = "\n".join(entered.get(name, ()))
    if name == "to":
        text = text.replace(",", "\n").replace(";", "\n")
    return tuple(dict.fromkeys(line.strip() for line in text.split("\n") if line.strip()))
