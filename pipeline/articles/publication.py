"""When a story of China Daily's system first appeared: id, address and printed time weighed.

What was measured on stored stories (2017 to 2026), and so is no disagreement: the id's time lies within minutes of the
printed one, or up to a day after it, or before it where the story was edited ("Updated" is the last edit); the id of a
migrated story is of the day of migration, years after that of the address, and then the address is right. Whatever else
is found is told, and the day of the address counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

EDITED = timedelta(minutes=10)
"""A printed time that is later than the id's by more than this is of an edit."""
AHEAD = timedelta(days=1)
"""How long before the day in its address a story's id may have been made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """What was made of the times."""

    published: str | None
    """ISO prefix, no more precise than what it comes from."""
    doubt: str | None = None
    """What disagrees beyond what is usual, in one line."""


def weigh(*, day: str | None, made: datetime | None, published: str | None, updated: str | None) -> Publication:
    """When a story first appeared.

    `day` is the day of the address, `made` the time in its id, `published` a printed time that is not called an
    update, `updated` one that is.
    """
    if day is None:
        return _without_day(made, published, updated)
    first = made.isoformat() if made is not None and made.date().isoformat() == day else day
    printed = published or updated
    doubts = []
    if made is not None and date.fromisoformat(day) - made.date() > AHEAD:
        doubts.append(f"the id was made at {made:%Y-%m-%d %H:%M}, days before the {day} of the address")
    if printed is None:
        return Publication(published=first, doubt=_joined(doubts))
    if printed[:10] < day[: len(printed)]:
        doubts.append(f"the page prints {_shown(printed)}, before the {day} of the address")
    elif published is not None and published[:10] > day:
        doubts.append(f"the page says published {_shown(published)}, after the {day} of the address")
    elif published is None and printed[:10] > day:
        return Publication(published=first, doubt=_joined(doubts))  # edited on a later day
    if doubts and printed[:10] != day[: len(printed)]:
        return Publication(published=first, doubt=_joined(doubts))
    if published is None and len(first) > 10 and len(printed) > 10 and _between(first, printed) > EDITED:
        return Publication(published=first, doubt=_joined(doubts))  # edited later on its day
    return Publication(published=printed, doubt=_joined(doubts))


def _without_day(made: datetime | None, published: str | None, updated: str | None) -> Publication:
    """The same for an address without a day, or with an impossible one."""
    printed = published or updated
    if made is None or printed is None:
        return Publication(published=printed or (made.isoformat() if made else None))
    if made.date() - date.fromisoformat(printed[:10]) > AHEAD:
        doubt = f"the page prints {_shown(printed)}, the id was made at {made:%Y-%m-%d %H:%M}, the address has no day"
        return Publication(published=printed, doubt=doubt)
    return Publication(published=published or min(made.isoformat(), printed))


def _between(earlier: str, later: str) -> timedelta:
    return datetime.fromisoformat(later) - datetime.fromisoformat(earlier)


def _shown(stamp: str) -> str:
    return stamp[:16].replace("T", " ")


def _joined(doubts: list[str]) -> str | None:
    return "; ".join(doubts) or None
