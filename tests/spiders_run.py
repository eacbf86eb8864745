"""Runs crawls with a sink that writes down what it is given, each in a process of its own.

Started once by `spiders_loopback`: everything is imported, then a fresh process is forked for each crawl that is
asked for (a reactor starts once in a process, and importing Scrapy would take longer than most crawls here).
"""

from __future__ import annotations

import json
import os
import re
import sys
import traceback
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from archive.warc import Archive
from pipeline.articles import parse
from pipeline.model import (
    ArchiveRef,
    Article,
    Issue,
    Known,
    Listing,
    ListingRow,
    Mark,
    Outcome,
    Page,
    PageKind,
    Reading,
    ReadingKey,
)
from spiders.crawl import CrawlOptions, crawl
from spiders.source import SOURCES


class Notebook:
    """Writes every call down before it returns; what stands there is known to the next crawl."""

    def __init__(
        self, folder: Path, crash_on: str | None, sink_fails_on: str | None, visits: Sequence[str] = ()
    ) -> None:
        self.visits = visits
        self.path = folder / "events.jsonl"
        self.held = Archive(folder / "archive")
        self.crash_on = crash_on
        self.sink_fails_on = sink_fails_on
        self.articles: dict[str, Known] = {}
        self.waiting: dict[str, ListingRow] = {}
        self.readings: dict[ReadingKey, Reading] = {}
        self.copies: dict[str, ArchiveRef] = {}
        for line in self.path.read_text().splitlines() if self.path.exists() else ():
            self.learn(json.loads(line))

    def learn(self, event: dict[str, Any]) -> None:
        if event["what"] in ("store", "reject"):
            self.articles[event["url"]] = Known(listed=event.get("listed"), etag=event.get("etag"), last_modified=None)
            self.waiting.pop(event["url"], None)
        elif event["what"] == "owe":
            self.waiting[event["url"]] = ListingRow(**{name: event[name] for name in ("url", "title", "published")})
        elif event["what"] == "reading":
            key = event["key"]
            days = {name: key[name] and date.fromisoformat(key[name]) for name in ("since", "until")}
            self.readings[ReadingKey(**{**key, **days})] = Reading(**event["state"])
        elif event["what"] == "listing":
            self.copies[event["url"]] = ArchiveRef(**event["ref"])

    def write(self, **event: Any) -> None:
        event = json.loads(json.dumps(event, default=str))
        self.learn(event)
        with self.path.open("a") as file:
            file.write(json.dumps(event, ensure_ascii=False, default=str) + "\n")

    def known(self, url: str) -> Known | None:
        return self.articles.get(url)

    async def archive(self, page: Page) -> ArchiveRef:
        if self.sink_fails_on is not None and self.sink_fails_on in page.url:
            raise OSError("no space left on device")
        ref = self.held.append(page)
        self.write(what="archive", url=page.url, final_url=page.final_url, kind=page.kind, file=ref.file)
        return ref

    def left_behind(self) -> Iterable[tuple[Page, ArchiveRef, ListingRow]]:
        return ()

    def archived(self, url: str, kind: PageKind) -> tuple[Page, ArchiveRef] | None:
        return None

    async def parse(self, page: Page) -> Article | Listing:
        return parse(page)

    def close(self) -> None:
        pass

    async def store(
        self, article: Article, pages: Sequence[tuple[Page, ArchiveRef]], listed: ListingRow | None
    ) -> Outcome:
        if self.crash_on is not None and self.crash_on in article.text:
            raise KeyError("a bug in an extractor")
        url = pages[0][0].url
        outcome: Outcome = "revised" if url in self.articles else "new"
        self.write(
            what="store",
            url=url,
            title=article.title,
            text=article.text,
            kind=article.kind,
            captions=article.captions,
            pages=[page.url for page, _ in pages],
            listed=listed.published if listed else None,
            etag=pages[0][0].header("etag"),
        )
        return outcome

    def reject(self, page: Page, ref: ArchiveRef | None, issue: Issue) -> None:
        self.write(what="reject", url=page.url, kind=issue.kind, detail=issue.detail, selector=issue.selector)

    def note(self, issue: Issue) -> None:
        self.write(what="note", url=issue.url, kind=issue.kind, detail=issue.detail)

    def unchanged(self, page: Page) -> None:
        self.waiting.pop(page.url, None)
        self.write(what="unchanged", url=page.url)

    def owed(self, after: Mark | None, limit: int) -> Sequence[tuple[Mark, ListingRow]]:
        due = sorted(((0, row.published or "", row.url), row) for row in self.waiting.values())
        return [each for each in due if after is None or each[0] > after][:limit]

    def owe(self, rows: Sequence[ListingRow]) -> Sequence[ListingRow]:
        found = [row for row in rows if row.url not in self.waiting]
        for row in found:
            self.write(what="owe", **asdict(row))
        return found

    def put_off(self, url: str, why: str) -> bool:
        self.write(what="put_off", url=url)
        return False

    def due_visits(self, window: timedelta) -> Sequence[ListingRow]:
        return [ListingRow(url=url, title="Again") for url in self.visits]

    def reading(self, key: ReadingKey) -> Reading | None:
        return self.readings.get(key)

    def take_page(self, key: ReadingKey, state: Reading, rows: Sequence[ListingRow], rank: int) -> Sequence[ListingRow]:
        self.write(what="reading", key=asdict(key), state=asdict(state))
        return self.owe(rows)

    def finish_reading(self, key: ReadingKey) -> None:
        self.write(what="reading", key=asdict(key), state=asdict(Reading()))

    def last_listing(self, url: str) -> Page | None:
        return self.held.read(self.copies[url]) if url in self.copies else None

    def keep_listing(self, page: Page, ref: ArchiveRef) -> None:
        self.write(what="listing", url=page.url, ref=asdict(ref))


def run(told: dict[str, Any]) -> None:
    """One crawl; its report goes to standard output."""
    source = SOURCES[told.pop("source")]
    sink = Notebook(
        Path(told.pop("folder")), told.pop("crash_on", None), told.pop("sink_fails_on", None), told.pop("visits", ())
    )
    for name in ("since", "until", "today"):
        if told.get(name):
            told[name] = date.fromisoformat(told[name])
    told["ca_file"] = Path(told["ca_file"]) if told["ca_file"] else None
    told["sections"] = tuple(told.get("sections", ()))
    seen: list[str] = []
    options = CrawlOptions(progress=lambda progress: seen.append(progress.url), **told)
    report = crawl(source, sink, options)
    # VmHWM is ours alone; it starts with what the process that forked us holds
    peak = int(re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())[1])  # type: ignore[index]
    print(json.dumps({"report": asdict(report), "peak_rss": peak, "told": len(seen)}, default=str))


def fork(told: dict[str, Any], out: str, err: str) -> int:
    """Start a crawl; its process id."""
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        for number, path in ((1, out), (2, err)):
            file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(file, number)
        run(told)
        status = 0
    except BaseException:  # noqa: BLE001 - a forked process must not return into the loop of its parent
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def main() -> None:
    """Answer each line of standard input: a crawl to start, or a process to wait for."""
    for line in sys.stdin:
        asked = json.loads(line)
        if "wait" in asked:
            _, status = os.waitpid(asked["wait"], 0)
            print(os.waitstatus_to_exitcode(status), flush=True)
        else:
            print(fork(asked["crawl"], asked["out"], asked["err"]), flush=True)


if __name__ == "__main__":
    main()
