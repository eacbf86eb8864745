"""Dates as people write them, in mails and on the site."""

from __future__ import annotations

import re

MONTHS = ("", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
ISO = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ](\d\d:\d\d))?)?)?")


def day(printed: str | None) -> str:
    """An ISO prefix as a date: `2026-09` is `Sep 2026`, `2026-09-18T10:30:00+08:00` is `18 Sep 2026`."""
    found = ISO.match(printed or "")
    if found is None:
        return printed or ""
    year, month, of_month, _clock = found.groups()
    if not month or int(month) not in range(1, 13):
        return year
    return f"{int(of_month)} {MONTHS[int(month)]} {year}" if of_month else f"{MONTHS[int(month)]} {year}"


def moment(printed: str | None) -> str:
    """An ISO prefix as a date with the time, where it has one: `18 Sep 2026, 10:30`; UTC is named."""
    found = ISO.match(printed or "")
    if found is None or not found[4]:
        return day(printed)
    zone = " UTC" if (printed or "").endswith("Z") else ""
    return f"{day(printed)}, {found[4]}{zone}"
