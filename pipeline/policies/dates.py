"""Dates in running text, resolved against the article's own date, as ISO prefixes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from pipeline.patterns import regex

DIGITS = dict(zip("〇○零一二三四五六七八九", "000123456789", strict=True))
_MONTHS = {
    name: number
    for number, names in enumerate(
        ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
         "september sept sep", "october oct", "november nov", "december dec"), 1)
    for name in names.split()
}  # fmt: skip
_DAYS = {
    name: n for n, name in enumerate(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"))
}
_COUNTS = {
    word: n
    for n, word in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"), 1
    )
}
_FEASTS = {
    "New Year's Day": (1, 1), "New Year’s Day": (1, 1), "New Year's Eve": (12, 31), "New Year’s Eve": (12, 31),
    "May Day": (5, 1), "International Workers' Day": (5, 1), "National Day": (10, 1), "Christmas Day": (12, 25),
    "Christmas Eve": (12, 24),
}  # fmt: skip
"""Days that have a name, each with its month and day."""
_MONTH = (
    r"(?P<month>January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\.?"
)
_BEGINS = (
    r"(?=\d|[A-Za-z][a-z]{0,4}+[A-Z]|[Tt](?:oda|he (?i:day|next|foll|same|prev|firs)|hre|hat (?i:same|foll|next|prev)"
    r"|his (?i:week|mont|year)|ue|hu|wo |en )|[Aa](?:t (?i:the )|pr|ug| [dwmyDWMY])|[Ll]a(?:st|te) "
    r"|[Ee](?:arl|igh|lev)|[Ss](?:tart |at|un|ep|ix |eve)|[Oo](?:ver |ct|ne )|[Nn](?:ext |ov|ew |ine |ational D)"
    r"|[Mm](?:ar|ay|on)"
    r"|[Ff](?:our |ive |eb|ri|irst )|[Jj][au]|International W|Christmas|[Dd](?:uri|ec)|[Bb]egi|[Yy]es|[Ww]ed)"
)
"""The first letters of all dates below: at most words the search is over here."""
_ABSOLUTE = regex(
    rf"(?<!\w){_BEGINS}(?:(?P<feast>{'|'.join(map(re.escape, _FEASTS))})"
    rf"|{_MONTH} (?P<day>[0-3]?\d)(?:st|nd|rd|th)?(?!\d|\s?[-–]\s?\d|,\d{{3}}|\.\d)(?:,?"
    rf" (?P<year>(?:19|20)\d{{2}}))?"
    rf"|(?P<day2>[0-3]?\d)(?:st|nd|rd|th)? {_MONTH.replace('month', 'month2')}(?:,? (?P<year2>(?:19|20)\d{{2}}))?"
    rf"|{_MONTH.replace('month', 'month3')}(?:,? (?:of )?(?P<year3>(?:19|20)\d{{2}}))?(?! \d)"
    rf"|(?P<iso>(?:19|20)\d{{2}}-[01]\d-[0-3]\d)"
    r"|(?P<weekday>(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)"
    r"|(?P<rel>(?i:yesterday|today|the day before yesterday|(?:late |early |earlier )?(?:last|this) (?:week|month|year)"
    r"|(?:at the )?(?:beginning|start) of (?:the|this|last|next) year|a (?:day|week|month|year) (?:ago|earlier)"
    r"|(?:over|at|during) the weekend|(?:last|this) weekend|next (?:week|month|year)"
    rf"|(?:{'|'.join(_COUNTS)}|\d{{1,2}}) (?:days|weeks|months|years) ago))"
    r"|(?P<told>(?i:the (?:next|following|same) month|(?:the|that) (?:same|following|next|previous) day))"
    r"|(?P<opening>(?:the )?first day of (?P<year5>(?:19|20)\d{2}))"
    r"|(?P<year4>(?:19|20)\d{2}))\b(?!-\d|\s?(?:percent|yuan|entities|companies|units))"
)
_ZH = regex(
    r"(?:(?P<year>\d{4}|[〇○零一二三四五六七八九]{4})年)(?:(?P<month>[01]?\d|[一二三四五六七八九十]{1,2})"
    r"月(?:(?P<day>[0-3]?\d|[一二三四五六七八九十]{1,3})日)?)?"
    r"|(?P<rel>今年|去年|本月|上月|上个月|昨日|昨天|今日|今天|当日|前年)(?:(?P<month2>[01]?\d)月(?:(?P<day"
    r"2>[0-3]?\d)日)?)?"
    r"|(?<!\d)(?P<month3>[01]?\d)月(?P<day3>[0-3]?\d)日"
    r"|(?<!\d)(?P<month4>[01]?\d)月(?=[底初末，,中]|以来)"
)


# 4月4日和9日
_MORE_DAYS = regex(r"(?:和|及|、)(?P<day>[0-3]?\d)日")


@dataclass(frozen=True, slots=True)
class When:
    """A date printed at `start:end`."""

    start: int
    end: int
    value: str
    """ISO prefix."""


@lru_cache(maxsize=64)
def reference(published: str | None) -> tuple[int | None, int | None, int | None]:
    """Year, month and day of an ISO prefix, as far as it goes."""
    match = re.match(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", published or "")
    if match is None:
        return None, None, None
    parts = tuple(int(part) if part else None for part in match.groups())
    year, month, day = parts
    if day is not None and month is not None and year is not None and not _is_date(year, month, day):
        return year, month, None
    return year, month, day


def printed_day(published: str | None) -> str | None:
    """The day, month or year that a published stamp begins with."""
    match = re.match(r"\d{4}(?:-\d{2}(?:-\d{2})?)?", published or "")
    return match[0] if match else None


def dates_in(text: str, start: int, end: int, published: str | None, *, future: bool = False) -> list[When]:
    """The dates printed in `text[start:end]`, in order.

    `future`: a month or day without a year may lie after the article.
    """
    found = [*_english(text, start, end, published, future), *_chinese(text, start, end, published, future)]
    return sorted(found, key=lambda when: when.start)


def day_of(value: str | None) -> date | None:
    """The day of a full ISO date, else None."""
    year, month, day = reference(value)
    return date(year, month, day) if year and month and day else None


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _iso(year: int | None, month: int | None, day: int | None) -> str | None:
    if year is None:
        return None
    if month is None or not 1 <= month <= 12:
        return f"{year:04}"
    if day is None or not _is_date(year, month, day):
        return f"{year:04}-{month:02}"
    return f"{year:04}-{month:02}-{day:02}"


def _recent(published: str | None, month: int, day: int | None, future: bool) -> str | None:
    """The last such month or day on or before the article; `future` takes the nearest one instead."""
    year, at_month, at_day = reference(published)
    if year is None or not 1 <= month <= 12:
        return None
    if at_month is None:
        return _iso(year, month, day)
    later = (month, day or 1) > (at_month, at_day or 31)
    if later and not (future and (month - at_month) <= 8):
        year -= 1
    elif future and (at_month - month) > 6:
        year += 1
    return _iso(year, month, day)


def _english(text: str, start: int, end: int, published: str | None, future: bool) -> Iterator[When]:
    edge = start
    for match in _ABSOLUTE.finditer(text, start, end):
        if match.start() < edge:
            continue
        value = None
        stop = match.end()
        if match["iso"]:
            value = match["iso"]
        elif match["year4"]:
            if _plain_year(text, match):
                value = match["year4"]
        elif match["weekday"]:
            value = _weekday(match["weekday"].lower(), published)
            if value and text[max(0, match.start() - 5) : match.start()].lower() == "next ":
                value = (date.fromisoformat(value) + timedelta(days=7)).isoformat()
        elif match["rel"]:
            value = _relative(match["rel"], published)
        elif match["told"]:
            value = _told_by(text, match, published)
        elif match["feast"]:
            value = _recent(published, *_FEASTS[match["feast"].replace("’", "'")], future)
        elif match["opening"]:
            value = f"{match['year5']}-01-01"
        else:
            value, stop = _of_month(text, match, published, future)
        if value:
            edge = stop
            yield When(match.start(), stop, value)


def _of_month(text: str, match: re.Match[str], published: str | None, future: bool) -> tuple[str | None, int]:
    """A month with or without a day, its year printed, told by `last year` after it, or the nearest; where it ends."""
    month_name = match["month"] or match["month2"] or match["month3"]
    stop = match.end()
    if month_name == "May" and not (match["day"] or match["day2"] or match["year3"]) and not _month_may(text, match):
        return None, stop
    if month_name in {"March", "Mar"} and match["month3"] and text[stop : stop + 4] == "ing ":
        return None, stop
    month = _MONTHS[month_name.lower()]
    day = int(match["day"] or match["day2"] or 0) or None
    year = match["year"] or match["year2"] or match["year3"]
    if year:
        return _iso(int(year), month, day), stop
    after = _YEAR_AFTER.match(text, stop)
    now = reference(published)[0]
    if after is not None and now is not None:
        return _iso(now + _SHIFT[after["which"]], month, day), after.end()
    if re.search(r"\blast $", text[max(0, match.start() - 5) : match.start()]):
        return _recent(published, month, day, False), stop
    return _recent(published, month, day, future), stop


_YEAR_AFTER = regex(r",? (?:of )?(?P<which>this|last|next) year\b")
_SHIFT = {"this": 0, "last": -1, "next": 1}
_BACK = 400


def _told_by(text: str, match: re.Match[str], published: str | None) -> str | None:
    """`The next month` after `In April 2025 …`, `the same day` after `on Nov 21 …`: counted from the date before it."""
    before = None
    for known in _ABSOLUTE.finditer(text, max(0, match.start() - _BACK), match.start()):
        if known["iso"] or known["weekday"] or known["month"] or known["month2"] or known["month3"]:
            before = known
    if before is None:
        return None
    if before["iso"]:
        value: str | None = before["iso"]
    elif before["weekday"]:
        value = _weekday(before["weekday"].lower(), published)
    else:
        value = _of_month(text, before, published, False)[0]
    year, month, _ = reference(value)
    words = match["told"].lower()
    if value is None or year is None or month is None:
        return None
    if words.endswith("month"):
        if "same" in words:
            return _iso(year, month, None)
        return _iso(year + 1, 1, None) if month == 12 else _iso(year, month + 1, None)
    day = day_of(value)
    if day is None:
        return None
    return (day + timedelta(days={"same": 0, "previous": -1}.get(words.split()[1], 1))).isoformat()


def _plain_year(text: str, match: re.Match[str]) -> bool:
    """Whether a bare number is a year: `in 2020`, `2021 edition`; not `2026 plan period (2026-30)` nor a count."""
    before = text[max(0, match.start() - 14) : match.start()].lower()
    return re.search(r"(?:\b(?:in|of|since|late|early|mid|during|year|from|,)[ -]|\()$", before) is not None or text[
        match.end() : match.end() + 8
    ].lower().startswith((" edition", " version"))


def _month_may(text: str, match: re.Match[str]) -> bool:
    return (
        re.search(
            r"\b(?:in|since|late|early|mid|last|this|of|from|by|until)[ -]$",
            text[max(0, match.start() - 8) : match.start()],
            re.IGNORECASE,
        )
        is not None
    )


def _weekday(name: str, published: str | None) -> str | None:
    today = day_of(published)
    if today is None:
        return None
    return (today - timedelta(days=(today.weekday() - _DAYS[name]) % 7)).isoformat()


def _relative(words: str, published: str | None) -> str | None:
    year, month, _day = reference(published)
    if year is None:
        return None
    today = day_of(published)
    words = words.lower()
    if words in {"today"}:
        return today.isoformat() if today else None
    if words in {"yesterday", "a day ago", "a day earlier"}:
        return (today - timedelta(days=1)).isoformat() if today else None
    if words == "the day before yesterday":
        return (today - timedelta(days=2)).isoformat() if today else None
    if words.endswith(" ago") and not words.startswith("a "):
        return _ago(words, published)
    if words.endswith((" of next year", " of last year")):
        return _iso(year + (1 if "next" in words else -1), 1, None)
    if words.startswith("next "):
        if "year" in words:
            return str(year + 1)
        if "month" in words:
            return None if month is None else _iso(year + 1, 1, None) if month == 12 else _iso(year, month + 1, None)
        return None
    if "weekend" in words:
        if today is None:
            return None
        saturday = today - timedelta(days=(today.weekday() - 5) % 7)
        sunday = saturday + timedelta(days=1)
        return _iso(saturday.year, saturday.month, None) if saturday.month == sunday.month else None
    if "week" in words:
        if today is None:
            return _iso(year, month, None) if "this" in words else None
        monday = today - timedelta(days=today.weekday() + (7 if "last" in words or "ago" in words else 0))
        friday = monday + timedelta(days=4)
        # of a week that spans two months the working days count; where these do, only the year is known
        if monday.month == friday.month:
            return _iso(monday.year, monday.month, None)
        return _iso(monday.year, None, None) if monday.year == friday.year else None
    if "month" in words:
        if month is None:
            return None
        if "last" in words or "ago" in words:
            return _iso(year - 1, 12, None) if month == 1 else _iso(year, month - 1, None)
        return _iso(year, month, None)
    if "beginning" in words or "start" in words:
        return _iso(year, 1, None)
    return _iso(year - 1 if "last" in words or "ago" in words else year, None, None)


def _ago(words: str, published: str | None) -> str | None:
    """`Three days ago`: a day; weeks and months ago support the month, years the year."""
    count, unit, _ = words.split()
    number = _COUNTS.get(count) or int(count)
    year, month, _day = reference(published)
    today = day_of(published)
    if year is None:
        return None
    if unit == "years":
        return str(year - number)
    if unit == "months":
        if month is None:
            return None
        months = year * 12 + month - 1 - number
        return _iso(months // 12, months % 12 + 1, None)
    if today is None:
        return None
    then = today - timedelta(days=number * (7 if unit == "weeks" else 1))
    return then.isoformat() if unit == "days" else then.isoformat()[:7]


def _small(text: str | None) -> int | None:
    if not text:
        return None
    if text.isdigit():
        return int(text)
    left, ten, right = text.partition("十")
    units = {sign: int(value) for sign, value in DIGITS.items()}
    if not ten:
        return units.get(text[0])
    return (units.get(left, 1) if left else 1) * 10 + (units.get(right, 0) if right else 0)


def _chinese(text: str, start: int, end: int, published: str | None, future: bool) -> Iterator[When]:
    piece = text[start:end]
    if not any(sign in piece for sign in "年月今昨去上前本当"):
        return
    for match in _ZH.finditer(text, start, end):
        value: str | None
        if match["year"]:
            year = int("".join(DIGITS.get(sign, sign) for sign in match["year"]))
            value = _iso(year, _small(match["month"]), _small(match["day"]))
        elif match["rel"]:
            value = _relative_zh(match["rel"], _small(match["month2"]), _small(match["day2"]), published)
        else:
            month = _small(match["month3"] or match["month4"]) or 0
            value = _recent(published, month, _small(match["day3"]), future)
        if value:
            yield When(match.start(), match.end(), value)
            for more in _MORE_DAYS.finditer(text, match.end(), min(end, match.end() + 16)) if len(value) == 10 else ():
                if more.start() != match.end():
                    break
                same_year, same_month, _ = reference(value)
                if second := _iso(same_year, same_month, int(more["day"])):
                    yield When(more.start("day"), more.end(), second)


def _relative_zh(word: str, month: int | None, day: int | None, published: str | None) -> str | None:
    year, at_month, _ = reference(published)
    if year is None:
        return None
    today = day_of(published)
    if word in {"昨日", "昨天"}:
        return (today - timedelta(days=1)).isoformat() if today else None
    if word in {"今日", "今天", "当日"}:
        return today.isoformat() if today else None
    if word == "本月":
        return _iso(year, at_month, day) if at_month else None
    if word in {"上月", "上个月"}:
        if at_month is None:
            return None
        return _iso(year - 1, 12, day) if at_month == 1 else _iso(year, at_month - 1, day)
    return _iso(year - {"去年": 1, "前年": 2}.get(word, 0), month, day)
