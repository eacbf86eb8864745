"""What a watch rule is: its query and filters, who hears of it and when; and what can be wrong with one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, dataclass, fields, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Literal, get_args
from zoneinfo import ZoneInfo

from db.review import VOCABULARIES
from db.rules import StoredRule
from db.search import MOST_CHARACTERS, SEARCH_COLUMNS, Kind, SearchError, to_match
from pipeline.model import Language
from pipeline.sources import TITLES

RuleKind = Literal["announcement", "quote", "article"]
Frequency = Literal["instant", "hourly", "daily", "weekly"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

LONGEST_NAME = 80
LONGEST_VALUE = 200
MOST_VALUES = 100
MOST_RECIPIENTS = 20
MOST_RULES = 100
"""Of one owner on the site."""

SEARCHED: Mapping[RuleKind, Kind] = MappingProxyType({"announcement": "policy", "quote": "quote", "article": "article"})
"""What the database calls a kind."""

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
                      r"(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*")  # fmt: skip
_TIME = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")
_SCOPE = re.compile(r"(?<![\w\"])([a-z]+):")


NEVER_QUIET = "none"
"""What a rule says that is to be heard at any hour, whatever the default."""
_QUIET = re.compile(r"((?:[01][0-9]|2[0-3]):[0-5][0-9])-((?:[01][0-9]|2[0-3]):[0-5][0-9])")


class RuleError(ValueError):
    """A rule that can never work; the message names the rule and what is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What somebody wants to hear of, and how.

    The query and every filter that is not empty must hold; of a filter's values one is enough. A filter says
    nothing of kinds that lack its column: `roles` leaves announcements alone.
    """

    name: str
    to: tuple[str, ...]
    query: str | None = None
    kinds: tuple[RuleKind, ...] = ("announcement",)
    sources: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    instruments: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    issuers: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    salience: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    organizations: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    minimum_confidence: float | None = None
    """0 to 1, of the extractor's own; what a person has accepted or corrected passes whatever it is."""
    reviewed_only: bool = False
    """Told when a person accepts or corrects it, not when it is found."""
    frequency: Frequency = "instant"
    at: str = "08:00"
    """Local time at which a daily or weekly digest is due; an hourly one is due at the full hour."""
    weekday: Weekday = "mon"
    zone: str = "Asia/Shanghai"
    quiet: str | None = None
    """Hours in that zone in which its mail is held, `22:00-07:00`; `none`: at no time; None: those of the desk."""
    paused: bool = False
    resumes_on: str | None = None
    """First day, in the rule's zone, on which a paused rule works again; none: until somebody says so."""

    def works(self, now: datetime) -> bool:
        """Whether the rule is not paused at this moment."""
        if not self.paused or self.resumes_on is None:
            return not self.paused
        return now.astimezone(ZoneInfo(self.zone)).date().isoformat() >= self.resumes_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """A rule that is kept, with the id by which matches and mails name it."""

    id: int
    rule: Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """One kind of condition: the rule's field, the view's column, and how a wanted value is compared with it."""

    field: str
    column: str
    kinds: tuple[RuleKind, ...]
    inside: bool = False
    """A wanted value may be a part of what stands there; else it must be all of it. Neither heeds case."""
    values: tuple[str, ...] = ()
    """The closed vocabulary; empty: any name."""


_ALL: tuple[RuleKind, ...] = get_args(RuleKind)
_SAID: tuple[RuleKind, ...] = ("announcement",)
_QUOTED: tuple[RuleKind, ...] = ("quote",)
_POLICY = VOCABULARIES["policy"]

FILTERS = (
    Filter(field="sources", column="source", kinds=_ALL, values=tuple(TITLES)),
    Filter(field="languages", column="language", kinds=_ALL, values=get_args(Language)),
    Filter(field="instruments", column="instrument", kinds=_SAID, values=_POLICY["instrument"]),
    Filter(field="actions", column="action", kinds=_SAID, values=_POLICY["action"]),
    Filter(field="issuers", column="issuers", kinds=_SAID),
    Filter(field="statuses", column="status", kinds=_SAID, values=_POLICY["status"]),
    Filter(field="salience", column="salience", kinds=_SAID, values=_POLICY["salience"]),
    Filter(field="regions", column="regions", kinds=_SAID, inside=True),
    Filter(field="sectors", column="sectors", kinds=_SAID, inside=True),
    Filter(field="entities", column="entities", kinds=_SAID, inside=True),
    Filter(field="roles", column="role", kinds=_QUOTED, values=VOCABULARIES["quote"]["role"]),
    Filter(field="organizations", column="organization", kinds=_QUOTED, inside=True),
    Filter(field="speakers", column="speaker", kinds=_QUOTED, inside=True),
)


def rule_of(settings: Mapping[str, Any]) -> Rule:
    """The rule behind settings as the database or a TOML file has them."""
    values: dict[str, Any] = {name: tuple(held) if isinstance(held, list) else held for name, held in settings.items()}
    return Rule(**values)


def settings_of(rule: Rule) -> dict[str, Any]:
    """What is set in a rule, as the database keeps it: lists for tuples, and no defaults."""
    found: dict[str, Any] = {}
    for field in fields(rule):
        held = getattr(rule, field.name)
        if field.default is MISSING or held != field.default:
            found[field.name] = list(held) if isinstance(held, tuple) else held
    return found


def watch_of(stored: StoredRule) -> Watch:
    """The watch behind a kept rule."""
    return Watch(id=stored.id, rule=rule_of(stored.settings))


def paused(rule: Rule, *, until: str | None = None) -> Rule:
    """The rule paused, until a day or for good."""
    return replace(rule, paused=True, resumes_on=until)


def resumed(rule: Rule) -> Rule:
    """The rule at work again."""
    return replace(rule, paused=False, resumes_on=None)


# -- what can be wrong ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong with one field of a rule."""

    field: str
    message: str
    """What it must be, for whoever entered it."""
    position: int | None = None
    """In a query: the character, from 0, at which it cannot be understood."""


def check_rules(rules: Iterable[Rule]) -> None:
    """Raises RuleError for the first thing that is wrong with any of the rules."""
    for rule in rules:
        fault = next(faults(rule), None)
        if fault is not None:
            held = getattr(rule, fault.field)
            shown = f" {held!r}" if isinstance(held, str) else ""
            raise RuleError(f"rule {rule.name[:LONGEST_NAME]!r}: {fault.field}{shown}: {fault.message}")


def faults(rule: Rule) -> Iterator[Fault]:
    """Everything that is wrong with a rule, field by field."""
    if not rule.name.strip() or len(rule.name) > LONGEST_NAME or not rule.name.isprintable():
        yield Fault(field="name", message=f"one line of 1 to {LONGEST_NAME} characters")
    yield from _recipients(rule)
    if not rule.kinds or not set(rule.kinds) <= set(_ALL):
        yield Fault(field="kinds", message=f"at least one of {', '.join(_ALL)}")
    else:
        yield from _query(rule)
        yield from _filters(rule)
    if rule.minimum_confidence is not None and not 0 <= rule.minimum_confidence <= 1:
        yield Fault(field="minimum_confidence", message="a number from 0 to 1, such as 0.8")
    for name in ("minimum_confidence", "reviewed_only"):
        if getattr(rule, name) not in (None, False) and set(rule.kinds) == {"article"}:
            yield Fault(field=name, message="articles have none: choose announcements or quotes too, or leave it empty")
    yield from _when(rule)


def quiet_fault(hours: str) -> str | None:
    """Why these are no quiet hours; None if they are."""
    found = _QUIET.fullmatch(hours)
    if hours == NEVER_QUIET or (found and found[1] != found[2]):
        return None
    return "hours such as 22:00-07:00, or none"


def address_fault(address: str) -> str | None:
    """Why mail cannot be sent to `address`; None if it looks as if it could."""
    if (
        len(address) > 254
        or not _ADDRESS.fullmatch(address)
        or ".." in address
        or address.startswith(".")
        or "=?" in address
    ):
        return f"{address[:80]!r} is not an e-mail address such as desk@example.org"
    return None


def _recipients(rule: Rule) -> Iterator[Fault]:
    if not rule.to:
        yield Fault(field="to", message="at least one e-mail address")
    if len(rule.to) > MOST_RECIPIENTS:
        yield Fault(field="to", message=f"at most {MOST_RECIPIENTS} addresses, not {len(rule.to)}")
    folded = [address.casefold() for address in rule.to]
    for at, address in enumerate(rule.to):
        if (why := address_fault(address)) is not None:
            yield Fault(field="to", message=why)
        elif folded.index(address.casefold()) < at:
            yield Fault(field="to", message=f"{address} stands there twice")


def _query(rule: Rule) -> Iterator[Fault]:
    if rule.query is None:
        return
    if len(rule.query) > MOST_CHARACTERS:
        yield Fault(field="query", message=f"at most {MOST_CHARACTERS:,} characters", position=MOST_CHARACTERS)
        return
    for kind in rule.kinds:
        try:
            to_match(rule.query, columns=SEARCH_COLUMNS[SEARCHED[kind]])
        except SearchError as error:
            yield Fault(field="query", message=str(error), position=error.position)
            return
    known = {name for columns in SEARCH_COLUMNS.values() for name in columns}
    there = {name for kind in rule.kinds for name in SEARCH_COLUMNS[SEARCHED[kind]]}
    for found in _SCOPE.finditer(rule.query):
        if found[1] in known - there:
            kinds = " and ".join(f"{kind}s" for kind in rule.kinds)
            message = f"{kinds} have no {found[1]}: choose another kind, or leave {found[0]} out"
            yield Fault(field="query", message=f"{message} (at character {found.start() + 1})", position=found.start())


def _filters(rule: Rule) -> Iterator[Fault]:
    for condition in FILTERS:
        wanted: tuple[str, ...] = getattr(rule, condition.field)
        if not wanted:
            continue
        if not set(condition.kinds) & set(rule.kinds):
            kinds = " and ".join(f"{kind}s" for kind in condition.kinds)
            yield Fault(field=condition.field, message=f"only {kinds} have it: choose them too, or leave it empty")
        if len(wanted) > MOST_VALUES:
            yield Fault(field=condition.field, message=f"at most {MOST_VALUES} values, not {len(wanted)}")
        for one in wanted:
            if condition.values and one not in condition.values:
                message = f"{one[:60]!r} is none of {', '.join(condition.values)}"
                yield Fault(field=condition.field, message=message)
            elif not one.strip() or len(one) > LONGEST_VALUE or not one.isprintable():
                yield Fault(field=condition.field, message=f"each one line of 1 to {LONGEST_VALUE} characters")


def _when(rule: Rule) -> Iterator[Fault]:
    if rule.frequency not in get_args(Frequency):
        yield Fault(field="frequency", message=f"one of {', '.join(get_args(Frequency))}")
    if not _TIME.fullmatch(rule.at):
        yield Fault(field="at", message="a time such as 08:00")
    if rule.weekday not in get_args(Weekday):
        yield Fault(field="weekday", message=f"one of {', '.join(get_args(Weekday))}")
    if not _is_zone(rule.zone):
        yield Fault(field="zone", message="a time zone such as Asia/Shanghai or Europe/Berlin")
    if rule.quiet is not None and (why := quiet_fault(rule.quiet)) is not None:
        yield Fault(field="quiet", message=why)
    if rule.resumes_on is not None and not _is_day(rule.resumes_on):
        yield Fault(field="resumes_on", message="a day such as 2026-12-01")


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # a name of no zone, a path, a folder of the zone files
        return False
    return True


def _is_day(printed: str) -> bool:
    try:
        return date.fromisoformat(printed).isoformat() == printed
    except ValueError:
        return False
