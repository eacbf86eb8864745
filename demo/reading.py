"""Take the fields out of a table of TOML one by one, and name every mistake with its file and field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, cast, get_args


@dataclass(slots=True)
class Reading:
    """The mistakes of one file so far. Not frozen: reading goes on after a mistake, to name them all at once."""

    file: str
    prefix: str = ""
    problems: list[str] = field(default_factory=list)

    def problem(self, name: str, what: str) -> None:
        """Note a mistake."""
        self.problems.append(f"{self.file}: {self.prefix}{name}: {what}")

    def take(self, table: dict[str, Any], name: str, kind: type, *, needed: bool = False) -> Any:
        """Take a field out of its table, or None; what is left in the end is unknown."""
        value = table.pop(name, None)
        if value is None:
            if needed:
                self.problem(name, "is missing")
            return None
        if type(value) is not kind or value in ("", {}):
            self.problem(name, f"must be a {kind.__name__} that is not empty, not {value!r}")
            return None
        return value

    def text(self, table: dict[str, Any], name: str, *, needed: bool = False) -> str | None:
        """A string without stray white space."""
        value = self.take(table, name, str, needed=needed)
        if value is not None and value != folded(value):
            self.problem(name, f"has white space at its ends or double: {value!r}")
        return cast("str | None", value)

    def texts(self, table: dict[str, Any], name: str) -> tuple[str, ...]:
        """A list of such strings; none if the field is missing."""
        values = self.take(table, name, list) or []
        if bad := [value for value in values if not isinstance(value, str) or not value or value != folded(value)]:
            self.problem(name, f"must be a list of strings without stray white space, not {bad!r}")
            return ()
        return tuple(values)

    def word(self, table: dict[str, Any], name: str, allowed: Any, *, needed: bool = True) -> Any:
        """One of the words of a `Literal`, or of a sequence of words."""
        value = self.take(table, name, str, needed=needed)
        words = get_args(allowed) or allowed
        if value is not None and value not in words:
            self.problem(name, f"{value!r} is none of {', '.join(words)}")
            return None
        return value

    def time(self, table: dict[str, Any], name: str, *, needed: bool = False) -> datetime | None:
        """A time with +08:00."""
        value = table.pop(name, None)
        if value is None:
            if needed:
                self.problem(name, "is missing")
            return None
        try:
            found = datetime.fromisoformat(value) if isinstance(value, str) else value
            if not isinstance(found, datetime) or found.utcoffset() != timedelta(hours=8):
                raise ValueError
        except ValueError:
            self.problem(name, f"must be a time with +08:00, such as 2026-09-14T10:21:00+08:00, not {value!r}")
            return None
        return found

    def day(self, table: dict[str, Any], name: str) -> str | None:
        """A year, month or day in ISO form."""
        value = self.text(table, name)
        if value is not None and not is_iso_prefix(value):
            self.problem(name, f"must be YYYY, YYYY-MM or YYYY-MM-DD, not {value!r}")
        return value

    def nothing_left(self, table: Mapping[str, Any]) -> None:
        """Every field that was not taken is a mistake."""
        for name in table:
            self.problem(name, "is no field of the format")


def folded(text: str) -> str:
    """White space as in an article: single blanks, none at the ends."""
    return " ".join(text.split())


def is_iso_prefix(value: str) -> bool:
    """Whether it is a year, a month or a day that exists, as ISO 8601 writes them."""
    if not re.fullmatch(r"\d{4}(?:-\d{2}(?:-\d{2})?)?", value):
        return False
    try:
        date.fromisoformat(value + "-01-01"[len(value) - 4 :]) if len(value) < 10 else date.fromisoformat(value)
    except ValueError:
        return False
    return True
