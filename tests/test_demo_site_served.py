"""The demo site answers over TLS under the real host names, remembers what it was asked, and stops cleanly."""

from __future__ import annotations

import http.client
import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path
from typing import get_args

import pytest

from demo.render import article, page_paths
from demo.sink import MailSink
from demo.site import DemoSite, Request
from demo.story import Story, Template
from demo.world import load_world
from spiders.source import SOURCES

FIXTURES = Path(__file__).parent / "fixtures" / "world"
STORIES = load_world(FIXTURES)
LABELS = next(story for story in STORIES if story.id == "t-battery-labels")
CRANES = next(story for story in STORIES if story.id == "t-harbor-cranes")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoSite]:
    with DemoSite(STORIES, folder=tmp_path_factory.mktemp("site")) as running:
        yield running


def connected(site: DemoSite, host: str) -> http.client.HTTPSConnection:
    """A connection to `host` that ends at the demo site and checks the certificate for that name."""
    address, port = site.connect_to[f"{host}:443"].split(":")
    context = ssl.create_default_context(cafile=str(site.ca_file))
    connection = http.client.HTTPSConnection(host, context=context)
    connection.sock = context.wrap_socket(socket.create_connection((address, int(port)), 10), server_hostname=host)
    return connection


def get(
    site: DemoSite, host: str, path: str, headers: dict[str, str] | None = None
) -> tuple[int, http.client.HTTPMessage, bytes]:
    connection = connected(site, host)
    try:
        connection.request("GET", path, headers=headers or {})
        response = connection.getresponse()
        return response.status, response.headers, response.read()
    finally:
        connection.close()


def test_every_story_is_served_under_its_own_host(site: DemoSite) -> None:
    for story in STORIES:
        for path in page_paths(story):
            status, headers, body = get(site, story.host, path)
            assert status == 200
            assert headers["Content-Type"] == "text/html; charset=utf-8"
            assert not story.is_article or story.title in body.decode()


def test_aliases_and_files_are_served(site: DemoSite) -> None:
    graphite = next(story for story in STORIES if story.aliases)
    for alias in graphite.aliases:
        host, _, path = alias.removeprefix("https://").partition("/")
        assert get(site, host, f"/{path}")[0] == 200
    status, headers, body = get(site, graphite.host, graphite.attachments[0].url)
    assert (status, headers["Content-Type"]) == (200, "application/pdf")
    assert body.startswith(b"%PDF")


def test_every_host_of_the_sources_leads_to_the_site(site: DemoSite) -> None:
    hosts = {host for source in SOURCES.values() for host in source.hosts}
    assert {f"{host}:{port}" for host in hosts for port in (80, 443)} <= set(site.connect_to)


def test_nobody_else_is_trusted(site: DemoSite) -> None:
    address, port = site.connect_to["www.mofcom.gov.cn:443"].split(":")
    with socket.create_connection((address, int(port)), 10) as plain, pytest.raises(ssl.SSLCertVerificationError):
        ssl.create_default_context().wrap_socket(plain, server_hostname="www.mofcom.gov.cn")


def test_a_page_that_is_gone_has_status_200(site: DemoSite) -> None:
    gone = next(story for story in STORIES if not story.is_article)
    status, _, body = get(site, gone.host, gone.path)
    assert status == 200
    assert "抱歉，您访问的页面不存在！" in body.decode()


def test_a_known_page_is_not_sent_again(site: DemoSite) -> None:
    _, headers, _ = get(site, LABELS.host, LABELS.path)
    for condition in ({"If-None-Match": headers["ETag"]}, {"If-Modified-Since": headers["Last-Modified"]}):
        status, _, body = get(site, LABELS.host, LABELS.path, condition)
        assert (status, body) == (304, b"")
    assert get(site, LABELS.host, LABELS.path, {"If-None-Match": '"other"'})[0] == 200


def test_one_connection_serves_many_requests_and_heads_have_no_body(site: DemoSite) -> None:
    connection = connected(site, LABELS.host)
    try:
        for method in ("GET", "HEAD", "GET"):
            connection.request(method, LABELS.path)
            response = connection.getresponse()
            body = response.read()
            assert (len(body) > 0) == (method == "GET")
    finally:
        connection.close()


def test_plain_http_leads_to_https(site: DemoSite) -> None:
    address, port = site.connect_to["www.chinadaily.com.cn:80"].split(":")
    connection = http.client.HTTPConnection(address, int(port), timeout=10)
    try:
        connection.request("GET", "/business/tech?x=1", headers={"Host": "www.chinadaily.com.cn"})
        response = connection.getresponse()
        response.read()
    finally:
        connection.close()
    assert (response.status, response.headers["Location"]) == (301, "https://www.chinadaily.com.cn/business/tech?x=1")


def test_the_log_counts_what_was_asked(site: DemoSite) -> None:
    site.clear_log()
    get(site, "www.chinadaily.com.cn", "/robots.txt")
    get(site, "www.chinadaily.com.cn", "/nowhere?page=2")
    assert site.requests == (
        Request(method="GET", host="www.chinadaily.com.cn", path="/robots.txt", status=200),
        Request(method="GET", host="www.chinadaily.com.cn", path="/nowhere?page=2", status=404),
    )


def test_a_client_that_says_nothing_stops_nobody(site: DemoSite) -> None:
    address, port = site.connect_to["www.chinadaily.com.cn:443"].split(":")
    with socket.create_connection((address, int(port)), 10):
        assert get(site, LABELS.host, LABELS.path)[0] == 200


def test_a_change_shows_on_the_page_and_only_there() -> None:
    with DemoSite(STORIES, fill=False) as site:
        before = {path: get(site, CRANES.host, path)[1]["ETag"] for path in page_paths(CRANES)}
        assert b"an hour each night" in get(site, CRANES.host, CRANES.path)[2]
        same = get(site, LABELS.host, LABELS.path)[1]["ETag"]
        site.change()
        html = get(site, CRANES.host, CRANES.path)[2]
        assert b"two hours each night" in html
        assert b"Updated: 2026-09-11 18:00" in html
        assert get(site, CRANES.host, CRANES.path)[1]["ETag"] != before[CRANES.path]
        assert get(site, LABELS.host, LABELS.path)[1]["ETag"] == same


def test_the_site_stops_with_connections_open() -> None:
    others = set(threading.enumerate())
    with DemoSite(STORIES, fill=False) as site:
        connection = connected(site, LABELS.host)
        connection.request("GET", LABELS.path)
        connection.getresponse().read()
        assert set(threading.enumerate()) > others
    connection.close()
    assert set(threading.enumerate()) <= others


def test_two_sites_run_beside_each_other() -> None:
    with DemoSite(STORIES, fill=False) as one, DemoSite(STORIES, fill=False) as two:
        assert one.connect_to["www.mofcom.gov.cn:443"] != two.connect_to["www.mofcom.gov.cn:443"]
        assert get(one, LABELS.host, LABELS.path)[2] == get(two, LABELS.host, LABELS.path)[2]


# --- templates


PATHS: dict[str, str] = {
    "content_2013": "/business/2026-09/14/content_16344597.htm",
    "zh_press_2026": "/xwfbzt/2026/swbzklxxwfbh2026n9y14r/index.html",
    "shtml_zh": "/article/ae/ai/202609/20260903013275.shtml",
    "shtml_en": "/article/newsrelease/press/202609/20260903013275.shtml",
    "aarticle": "/aarticle/ae/ai/202609/20260903013275.html",
}


def dressed(template: Template) -> Story:
    """The fixture's story in another template."""
    if template in get_args(Template)[:9]:
        return replace(LABELS, template=template, path=PATHS.get(template, LABELS.path))
    path = PATHS.get(template, "/zwgk/zcfb/art/2026/art_0f0e0d0c0b0a09080706050403020100.html")
    return replace(
        LABELS, template=template, site="mofcom", host="www.mofcom.gov.cn", path=path, byline=None, authors=()
    )


@pytest.mark.parametrize("template", get_args(Template))
def test_each_template_prints_what_its_story_says(template: Template) -> None:
    story = dressed(template)
    html = article(story, related=STORIES)
    if not story.is_article:
        assert "页面不存在" in article(replace(story, language="zh"))
        assert story.title not in html
        return
    assert story.title in html
    for paragraph in story.pages[0]:
        assert paragraph.split()[-1] in html
    assert article(story, related=STORIES) == html


def test_markup_in_a_story_is_text() -> None:
    story = replace(LABELS, title="5 < 6 & <b>more</b>", pages=(("a <script>alert(1)</script> & b",),))
    html = article(story)
    assert "<b>more" not in html
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; b" in html


# --- mail


def test_the_sink_keeps_a_mail_and_its_html(tmp_path: Path) -> None:
    message = EmailMessage()
    message["Subject"] = "Two new announcements: 出口管制"
    message["From"] = "desk@example.org"
    message["To"] = "reader@example.org"
    message.set_content("plain")
    message.add_alternative("<p>公告2026年第91号</p>", subtype="html")
    with MailSink(tmp_path / "mail") as sink, smtplib.SMTP(sink.host, sink.port, timeout=10) as client:
        client.send_message(message)
        (received,) = sink.received
    assert received.recipients == ("reader@example.org",)
    assert received.message["Subject"] == "Two new announcements: 出口管制"
    assert received.eml.name == "001-two-new-announcements.eml"
    assert received.html is not None
    assert "公告2026年第91号" in received.html.read_text(encoding="utf-8")
    assert b"Subject:" in received.eml.read_bytes()
