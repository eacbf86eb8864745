"""Times as the two sites print them, to ISO 8601 prefixes. No zone is ever printed: both mean Beijing time."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone

BEIJING = timezone(timedelta(hours=8))

_MONTHS = {
    name: number
    for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1)  # noqa: SIM905
}
_CLOCK = r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d))?"
_MONTH = (
    r"(?P<month>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?"
    r"|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_FORMS = tuple(
    (sign, re.compile(form, re.IGNORECASE))
    for sign, form in (
        # 2026-09-14 10:21, 2026/9/14, 2026-5-9
        ("", rf"\b(?P<year>\d{{4}})[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}})(?:[T\s]{{1,3}}{_CLOCK})?"),
        # 2026年9月14日 10:21
        ("年", rf"(?P<year>\d{{4}})\s?年\s?(?P<month>\d{{1,2}})\s?月\s?(?P<day>\d{{1,2}})\s?日?(?:\s?{_CLOCK})?"),
        # 02:57, February 24, 2020
        (",", rf"\b{_CLOCK},? {_MONTH} (?P<day>\d{{1,2}}), ?(?P<year>\d{{4}})"),
        # May 23, 2019; March 17, 2018 - 14:29 BJT
        (",", rf"\b{_MONTH} (?P<day>\d{{1,2}}), ?(?P<year>\d{{4}})(?:[\s,-]{{1,3}}{_CLOCK})?"),
    )
)
"""Each with a sign without which it cannot match: looking for that is a hundredth of trying it."""


def find_time(text: str) -> tuple[str, int, int] | None:
    """The first time printed in `text`, as an ISO prefix with its offsets; impossible dates are passed over."""
    found: tuple[str, int, int] | None = None
    for sign, form in _FORMS:
        for match in form.finditer(text) if sign in text else ():
            stamp = _stamp(match)
            if stamp and (found is None or match.start() < found[1]):
                found = stamp, match.start(), match.end()
            if stamp:
                break
    return found


def read_time(text: str | None) -> str | None:
    """The first time printed in `text`, as an ISO prefix."""
    found = find_time(text or "")
    return found[0] if found else None


def _stamp(match: re.Match[str]) -> str | None:
    groups = match.groupdict()
    month = groups["month"]
    number = int(month) if month.isdecimal() else _MONTHS[month[:3].lower()]
    try:
        if groups["hour"] is None:
            return date(int(groups["year"]), number, int(groups["day"])).isoformat()
        at = datetime(
            int(groups["year"]), number, int(groups["day"]),
            int(groups["hour"]), int(groups["minute"]), int(groups["second"] or 0), tzinfo=BEIJING,
        )  # fmt: skip
    except ValueError:
        return None
    return at.isoformat()


def from_epoch(seconds: int) -> datetime | None:
    """The Beijing time of Unix `seconds`, cut to the minute; None before 2000 and after 2100."""
    if not 946_684_800 <= seconds < 4_102_444_800:
        return None
    return datetime.fromtimestamp(seconds, tz=BEIJING).replace(second=0)
