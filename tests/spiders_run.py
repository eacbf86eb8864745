"""Run one crawl with a sink that writes down what it is given; started by `spiders_loopback` as a process."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from archive.warc import Archive
from pipeline.model import ArchiveRef, Article, Issue, Known, ListingRow, Outcome, Page
from spiders.crawl import CrawlOptions, crawl
from spiders.source import SOURCES


class Notebook:
    """Writes every call down before it returns; what stands there is known to the next crawl."""

    def __init__(self, folder: Path, crash_on: str | None, sink_fails_on: str | None) -> None:
        self.path = folder / "events.jsonl"
        self.held = Archive(folder / "archive")
        self.crash_on = crash_on
        self.sink_fails_on = sink_fails_on
        self.articles: dict[str, Known] = {}
        for line in self.path.read_text().splitlines() if self.path.exists() else ():
            self.learn(json.loads(line))

    def learn(self, event: dict[str, Any]) -> None:
        if event["what"] in ("store", "reject"):
            self.articles[event["url"]] = Known(listed=event.get("listed"), etag=event.get("etag"), last_modified=None)

    def write(self, **event: Any) -> None:
        self.learn(event)
        with self.path.open("a") as file:
            file.write(json.dumps(event, ensure_ascii=False) + "\n")

    def known(self, url: str) -> Known | None:
        return self.articles.get(url)

    def archive(self, page: Page) -> ArchiveRef:
        if self.sink_fails_on is not None and self.sink_fails_on in page.url:
            raise OSError("no space left on device")
        ref = self.held.append(page)
        self.write(what="archive", url=page.url, final_url=page.final_url, kind=page.kind, file=ref.file)
        return ref

    def store(self, article: Article, pages: Sequence[tuple[Page, ArchiveRef]], listed: ListingRow | None) -> Outcome:
        if self.crash_on is not None and self.crash_on in article.text:
            raise KeyError("a bug in an extractor")
        url = pages[0][0].url
        outcome: Outcome = "revised" if url in self.articles else "new"
        self.write(
            what="store",
            url=url,
            title=article.title,
            text=article.text,
            pages=[page.url for page, _ in pages],
            listed=listed.published if listed else None,
            etag=pages[0][0].header("etag"),
        )
        return outcome

    def reject(self, page: Page, ref: ArchiveRef | None, issue: Issue) -> None:
        self.write(what="reject", url=page.url, kind=issue.kind, detail=issue.detail, selector=issue.selector)

    def note(self, issue: Issue) -> None:
        self.write(what="note", url=issue.url, kind=issue.kind, detail=issue.detail)


def main() -> None:
    told = json.loads(sys.argv[1])
    source = SOURCES[told.pop("source")]
    sink = Notebook(Path(told.pop("folder")), told.pop("crash_on", None), told.pop("sink_fails_on", None))
    for name in ("since", "until", "today"):
        if told.get(name):
            told[name] = date.fromisoformat(told[name])
    told["ca_file"] = Path(told["ca_file"])
    told["sections"] = tuple(told.get("sections", ()))
    seen: list[str] = []
    options = CrawlOptions(progress=lambda progress: seen.append(progress.url), **told)
    report = crawl(source, sink, options)
    # not getrusage: its figure is handed down from the process that started us
    status = Path("/proc/self/status").read_text()
    peak = int(re.search(r"VmHWM:\s+(\d+) kB", status)[1])  # type: ignore[index]
    print(json.dumps({"report": asdict(report), "peak_rss": peak, "told": len(seen)}, default=str))


if __name__ == "__main__":
    main()
