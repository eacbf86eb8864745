"""A filled database and a client for the tests of the site: the application is called directly, no socket."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import httpx
from starlette.applications import Starlette

from db.crawling.runs import close_run, open_run
from db.outbox import bury, claim, enqueue
from pipeline.model import Attachment, CrawlReport, Issue, RouteReport
from tests.db_samples import CHINESE, NOON, TEXT, Desk, article, ministry, policy, quote, statements, usual
from web.app import make_app

HOME = "http://127.0.0.1:8000"
NOW = NOON + timedelta(hours=1)
FIRST = TEXT.partition("\n\n")[0]
WORDS = "Barges will carry twice the grain next year,"


@dataclass(slots=True)
class Reader:
    """A person with a browser, without the browser: keeps cookies, follows nothing by itself."""

    app: Starlette
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(
        self, method: str, path: str, *, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> httpx.Response:
        """Send one request as it is."""

        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=False)
            sent = {**(headers or {}), "cookie": "; ".join(f"{name}={held}" for name, held in self.cookies.items())}
            async with httpx.AsyncClient(transport=transport, base_url=HOME) as client:
                answer = await client.request(method, path, headers=sent, content=body)
                self.cookies.update(dict(answer.cookies.items()))
                return answer

        return asyncio.run(send())

    def get(self, path: str) -> httpx.Response:
        """Open a page."""
        return self.ask("GET", path)

    def post(self, path: str, fields: Mapping[str, str], *, origin: str = HOME) -> httpx.Response:
        """Send a form."""
        headers = {"origin": origin, "content-type": "application/x-www-form-urlencoded"}
        return self.ask("POST", path, headers=headers, body=urlencode(fields).encode())


def site(desk: Desk, clock: Callable[[], datetime] = lambda: NOW) -> Reader:
    """The site over the database of `desk`, at a fixed time."""
    return Reader(make_app(desk.path, archive=desk.path.parent / "archive", clock=clock))


def filled(path: Path) -> Desk:
    """A database with a paper's story, the ministry's own document, a later story that cites it, and a run."""
    desk = Desk(path)
    desk.store(article(), usual())
    first, second, _third = CHINESE.split("\n\n")
    desk.store(
        ministry(attachments=(Attachment(url="https://www.mofcom.gov.cn/dl/annex.pdf", name="附件：物项清单.pdf"),)),
        statements(
            [
                quote(
                    CHINESE, second.split("，", 1)[1].rstrip("。"), kind="indirect", cue="表示",
                    speaker="商务部新闻发言人", role="official", title="新闻发言人", organization="商务部",
                )
            ],
            [
                policy(
                    CHINESE, first, title="对银杏叶提取物实施出口管制的公告", instrument="announcement",
                    number="商务部公告2026年第9号", action="export_control", sectors=("银杏叶提取物",),
                )
            ],
        ),
    )  # fmt: skip
    later = (
        "Growers welcomed the control of ginkgo extract announced on Nov 18.\n\n"
        '"We sell at home anyway," said Lin Qiao.'
    )
    desk.store(
        article(later, url="https://www.chinadaily.com.cn/a/202611/20/WSaaaa0002.html", title="Ginkgo growers shrug",
                published="2026-11-20T08:00:00+08:00"),
        statements(
            [quote(later, "We sell at home anyway,")],
            [
                policy(
                    later, later.partition("\n\n")[0], title="control of ginkgo extract", instrument="announcement",
                    number="MOFCOM Announcement No. 9 of 2026", action="export_control", salience="background",
                )
            ],
        ),
    )  # fmt: skip
    started = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
    run = open_run(desk.db, source="china_daily", job="crawl", pid=1, now=started)
    route = RouteReport(route="business/tech", state="ok", links=20, new=2)
    close_run(
        desk.db,
        run,
        CrawlReport(
            source="china_daily", started_at=started, finished_at=started + timedelta(minutes=3), state="ok",
            reason="finished", articles_fetched=2, new=2, routes=(route,),
        ),
    )  # fmt: skip
    return desk


def issue(**changes: str) -> Issue:
    """An issue of the invented paper."""
    values = {"kind": "layout_changed", "source": "china_daily", "url": "https://www.chinadaily.com.cn/x.html"}
    return Issue(**{**values, "detail": "no title", "selector": "h1", **changes})  # type: ignore[arg-type]


def form_of(page: str) -> dict[str, str]:
    """The values that stand in the review form of a page, as a browser would send them."""
    start = page.index('<form class="review"')
    form = page[start : page.index("</form>", start)]
    found = {}
    for tag in re.findall(r"<input\b[^>]*>", form):
        name, value = re.search(r'\bname="([^"]*)"', tag), re.search(r'\bvalue="([^"]*)"', tag)
        if name:
            printed = unescape(value[1]) if value else ""
            found[name[1]] = f"{found[name[1]]}\n{printed}" if name[1] in found else printed
    for name, options in re.findall(r'<select[^>]* name="([^"]*)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        found[name] = unescape(chosen[1]) if chosen else ""
    for name, text in re.findall(r'<textarea[^>]* name="([^"]*)"[^>]*>\n?(.*?)</textarea>', form, re.DOTALL):
        found[name] = unescape(text)
    return found


def dead(desk: Desk, *errors: str, **changes: str) -> None:
    """A dead letter for each error."""
    for number, error in enumerate(errors):
        values = {"key": f"key-{number}", "recipient": f"reader{number}@example.org", "subject": f"Permits {number}"}
        enqueue(desk.db, **{**values, "text": "Barges get permits.\n", **changes}, due_at=NOON)  # type: ignore[arg-type]
        (claimed,) = claim(desk.db, now=NOON, lease=NOW - NOON, limit=1)
        bury(desk.db, claimed.id, error, token=claimed.lease_token)
