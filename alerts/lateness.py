"""Whether news is still news: what a crawl finds long after it was published is no alert any more.

A crawl after a week's standstill, or of a back catalogue, finds what readers may have read elsewhere. What is `late` is
told together, in one mail a rule and recipient; what is `old` is noted and told to nobody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

Verdict = Literal["fresh", "late", "old"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lateness:
    """From when on news is late, and from when on old; zero: never."""

    stale_after: timedelta
    tell_within: timedelta
    as_of: date | None = None
    """The day that it is taken to be, where a crawl reads a site as of an earlier day."""

    def judge(self, article: Mapping[str, Any], now: datetime) -> tuple[Verdict, str]:
        """What becomes of a match in an article (a row of `articles_latest`), and why.

        What counts is how long after its publication the article was found. What is new in one that was found longer
        ago, a later version or an attached file, is news when it comes.
        """
        published, found = _published(article["published_at"]), datetime.fromisoformat(article["first_seen_at"])
        if published is None or (self.stale_after and now - found > self.stale_after):
            return "fresh", ""
        if self.as_of is not None:
            found = min(found, datetime.combine(self.as_of + timedelta(days=1), datetime.min.time(), tzinfo=UTC))
        age = found - published
        said = f"published on {article['published_at'][:10]}, found more than"
        if self.tell_within and age > self.tell_within:
            return "old", f"{said} {_words(self.tell_within)} later"
        if self.stale_after and age > self.stale_after:
            return "late", f"{said} {_words(self.stale_after)} later"
        return "fresh", ""


def _published(printed: str | None) -> datetime | None:
    """The moment of publication; of a day alone its end; None where not even the day is known."""
    if printed is None or len(printed) < 10:
        return None
    if len(printed) == 10:
        return datetime.combine(date.fromisoformat(printed) + timedelta(days=1), datetime.min.time(), tzinfo=UTC)
    moment = datetime.fromisoformat(printed)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _words(span: timedelta) -> str:
    hours = int(span.total_seconds() // 3600)
    number, unit = (hours // 24, "day") if hours >= 24 and hours % 24 == 0 else (hours, "hour")
    return f"{number} {unit}{'' if number == 1 else 's'}"
