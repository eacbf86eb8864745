"""A database in which sources are crawled and bring articles, by the hour, without a page being fetched."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from db.connection import insert, transaction
from db.crawling.runs import close_run, open_run
from db.health.evaluation import evaluate
from db.health.model import Transition
from db.health.workdays import CHINA, china_day, kind_of
from db.names import utc
from pipeline.model import CrawlReport, RouteReport, RunState
from tests.db_samples import Desk

MONDAY = datetime(2026, 11, 9, 0, 0, tzinfo=CHINA)
"""Midnight in China; the four weeks before it have no holiday."""
HOST = "https://www.chinadaily.com.cn/a"


@dataclass(slots=True)
class World:
    """One source, crawled every three hours."""

    path: Path
    source: str = "china_daily"
    desk: Desk = field(init=False)
    number: int = 0

    def __post_init__(self) -> None:
        self.desk = Desk(self.path)

    def bring(self, at: datetime, count: int = 1, *, published: datetime | None = None, quotes: int = 0) -> list[str]:
        """Articles that are found at that time, published then or earlier."""
        found = []
        with transaction(self.desk.db):
            for _ in range(count):
                self.number += 1
                url = f"{HOST}/{self.number}.html"
                values: dict[str, Any] = {
                    "id": f"a{self.number}", "source": self.source, "canonical_url": url, "url": url, "kind": "news",
                    "language": "en", "sort_at": utc(published or at), "first_seen_at": utc(at),
                    "last_seen_at": utc(at),
                }  # fmt: skip
                insert(self.desk.db, "articles", values)
                found.append(url)
                self._page(url, at, outcome="new")
                for position in range(quotes):
                    self._quote(position, utc(published or at))
        return found

    def fail_to_read(self, at: datetime, count: int, *, selector: str = "#Content") -> None:
        """Pages whose layout nobody knows."""
        with transaction(self.desk.db):
            for _ in range(count):
                self.number += 1
                url = f"{HOST}/{self.number}.html"
                page = self._page(url, at, outcome="failed")
                values = {
                    "kind": "layout_changed", "source": self.source, "url": url, "detail": "layout changed",
                    "selector": selector, "page_id": page, "first_seen_at": utc(at), "last_seen_at": utc(at),
                }  # fmt: skip
                insert(self.desk.db, "issues", values)

    def _page(self, url: str, at: datetime, *, outcome: str) -> int:
        article = f"a{self.number}" if outcome == "new" else None
        values = {
            "url": url, "canonical_url": url, "source": self.source, "kind": "article", "status": 200,
            "fetched_at": utc(at), "digest": "", "size": 1, "outcome": outcome, "article_id": article,
        }  # fmt: skip
        return insert(self.desk.db, "pages", values)

    def _quote(self, position: int, sort_at: str) -> None:
        revision = insert(
            self.desk.db,
            "revisions",
            {
                "article_id": f"a{self.number}", "revision": position + 1, "text": "", "authors": "[]", "section": "[]",
                "language": "en", "kind": "news", "header": "[]", "captions": "[]", "attachments": "[]",
                "editors": "[]", "links": "[]", "translations": "[]", "layout": "2020", "digest": "",
                "text_digest": "", "seen_at": sort_at, "parser_version": "1", "extractor_version": "1",
            },
        )  # fmt: skip
        insert(
            self.desk.db,
            "quotes",
            {
                "id": f"q{self.number}-{position}", "article_id": f"a{self.number}", "revision_id": revision,
                "position": position, "sort_at": sort_at, "text": "x", "start": position, "end": position + 1,
                "kind": "direct", "cue": "said", "speaker": "Lin Qiao", "speaker_type": "person",
                "extractor_version": "1", "first_seen_at": sort_at,
            },
        )  # fmt: skip

    def crawl(
        self, at: datetime, state: RunState = "ok", *, reason: str = "finished", routes: Sequence[RouteReport] = ()
    ) -> None:
        """A run that begins at that time and ends two minutes later."""
        run = open_run(self.desk.db, source=self.source, job="crawl", pid=1, now=at)
        report: dict[str, Any] = {"source": self.source, "started_at": at, "state": state, "reason": reason}
        report["routes"] = tuple(routes)
        close_run(self.desk.db, run, CrawlReport(**report, finished_at=at + timedelta(minutes=2)))

    def usual(self, first: datetime, days: int, *, a_day: int = 12, quotes: int = 0) -> list[Transition]:
        """So many days on which all is as usual: `a_day` on working days, a sixth of that on days off."""
        changes: list[Transition] = []
        for hour in range(0, 24 * days, 3):
            at = first + timedelta(hours=hour)
            today = a_day if kind_of(china_day(at)) == "working" else a_day // 6
            if 9 <= at.hour <= 18:
                self.bring(at, today // 4, published=at - timedelta(hours=1), quotes=quotes)
            changes += self.look(at)
        return changes

    def look(self, at: datetime, state: RunState = "ok", **run: Any) -> list[Transition]:
        """Crawl, and judge what it gave three minutes later."""
        self.crawl(at, state, **run)
        return evaluate(self.desk.db, at + timedelta(minutes=3))

    def keep_looking(self, first: datetime, hours: int, state: RunState = "ok", **run: Any) -> list[Transition]:
        """Crawl every three hours and judge, while nothing comes."""
        looks = (first + timedelta(hours=hour) for hour in range(0, hours, 3))
        return [change for at in looks for change in self.look(at, state, **run)]


def told(changes: Iterable[Transition]) -> list[tuple[str, str]]:
    """What of the changes is news, as states before and after."""
    return [(change.before, change.after) for change in changes if change.tell]
