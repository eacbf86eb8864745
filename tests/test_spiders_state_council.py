"""The State Council's English site, live on loopback: one listing, its pages, and what a page may lack."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.articles import LayoutChanged, NotAnArticle, parse
from pipeline.model import Article
from tests.spiders_loopback import Site, crawl, loopback
from tests.test_articles_pages import a_page

SITE = "https://english.www.gov.cn"
LATEST = f"{SITE}/policies/latestreleases/"


def release_url(day: int, number: int) -> str:
    return f"{LATEST}202611/{day:02d}/content_WS6b05{number:04x}c6d0868f4eb40a11.html"


def release(title: str) -> str:
    return (
        "<html><head><meta name='source' content='Xinhua'></head><body>"
        f"<div class='Artical_Title'><h1>{title}</h1></div>"
        "<div class='Artical_Info'><span>Updated: November 18, 2026 09:30</span></div><div class='Artical_Content'>"
        f"<p>The State Council issued the circular {title} on Wednesday.</p></div></body></html>"
    )


def listing(rows: list[tuple[str, str]], pages: int = 1) -> str:
    items = "".join(f"<li><a href='{url.removeprefix('https:')}'>{title}</a></li>" for url, title in rows)
    pager = "".join(f"<a href='page_{number}.html'>{number}</a>" for number in range(1, pages + 1))
    elsewhere = "<li><a href='https://www.gov.cn/zhengce/202611/content_7000001.htm'>Elsewhere</a></li>"
    return (
        f"<html><body><ul><li><a href='{SITE}/about/'>About</a></li></ul>"
        f"<div class='TopNews_List_Div'><ul>{items}{elsewhere}</ul>{pager}</div></body></html>"
    )


def publish(site: Site) -> None:
    numbers = list(range(1, 13))
    rows = [(release_url(19 - number, number), f"Release {number}") for number in numbers]
    site.add(f"{SITE}/robots.txt", "<!DOCTYPE html><html><body>Home page. Disallow: /</body></html>")
    site.add(LATEST, listing(rows[:6], pages=2))
    site.add(f"{LATEST}page_2.html", listing(rows[6:], pages=2))
    for url, title in rows:
        site.add(url, release(title))


def test_the_releases_are_found_on_all_pages_and_once(tmp_path: Path) -> None:
    with loopback(tmp_path) as site:
        publish(site)
        done = crawl(site, tmp_path / "c", "state_council")
        again = crawl(site, tmp_path / "c", "state_council")
    assert (done.report["state"], done.report["new"], done.report["listings"]) == ("ok", 12, 2)
    assert [route["route"] for route in done.report["routes"]] == ["latest"]
    assert {event["title"] for event in done.of("store")} == {f"Release {number}" for number in range(1, 13)}
    assert all(url.startswith(SITE) for url in site.asked)
    assert (again.report["state"], again.report["new"], again.report["articles_fetched"]) == ("ok", 0, 0)


def test_a_page_without_its_body_is_an_issue_that_names_the_selector(tmp_path: Path) -> None:
    with loopback(tmp_path) as site:
        publish(site)
        site.add(release_url(18, 1), release("Release 1").replace("Artical_Content", "Article_Content"))
        done = crawl(site, tmp_path / "c", "state_council", max_pages=1)
    (rejected,) = done.of("reject")
    assert (rejected["kind"], rejected["selector"]) == ("layout_changed", ".Artical_Content")
    assert done.report["new"] == 5


def test_a_listing_without_releases_is_named_empty(tmp_path: Path) -> None:
    with loopback(tmp_path) as site:
        site.add(LATEST, listing([]))
        done = crawl(site, tmp_path / "c", "state_council")
    assert done.report["state"] == "failed"
    assert done.kinds() == ["listing_empty"]


def test_a_long_document_is_read_over_its_pages(tmp_path: Path) -> None:
    with loopback(tmp_path) as site:
        publish(site)
        url = release_url(18, 1)
        second = url.replace(".html", "_2.html")
        more = f"<a href='{second.rpartition('/')[2]}'>2</a></body>"
        site.add(url, release("Release 1").replace("</body>", more))
        site.add(second, release("Release 1").replace("on Wednesday", "for long"))
        done = crawl(site, tmp_path / "c", "state_council", max_pages=1)
    (stored,) = (event for event in done.of("store") if event["url"] == url)
    assert stored["pages"] == [url, second]
    assert stored["text"].splitlines()[-1] == "The State Council issued the circular Release 1 for long."


@pytest.mark.parametrize(
    ("key", "printed", "published"),
    [
        ("6af83350", "November 20, 2026 12:00", "2026-11-14T18:09:00+08:00"),
        ("6af83350", "November 14, 2026 18:05", "2026-11-14T18:05:00+08:00"),
        ("6af83350", "November 14, 2026", "2026-11-14T18:09:00+08:00"),
        ("5c000000", "November 14, 2026 18:05", "2026-11-14T18:05:00+08:00"),
    ],
)
def test_the_id_tells_when_a_release_first_appeared(key: str, printed: str, published: str) -> None:
    url = f"{LATEST}202611/14/content_WS{key}c6d0868f4eb40a11.html"
    body = release("Timed").replace("November 18, 2026 09:30", printed)
    article = parse(a_page(url, body.encode(), "state_council"))
    assert isinstance(article, Article)
    assert article.published == published
    assert [doubt.kind for doubt in article.doubts] == (["time_disagrees"] if key == "5c000000" else [])


def test_other_pages_of_the_site_are_no_articles() -> None:
    for path in ("/", "/policies/latest_releases/2014/08/23/content_281474983027528.htm", "/services/"):
        with pytest.raises(NotAnArticle):
            parse(a_page(SITE + path, release("x").encode(), "state_council"))
    body = b"<html><body><div class='Artical_Title'>x</div><div class='Artical_Content'> </div></body></html>"
    with pytest.raises(LayoutChanged):
        parse(a_page(release_url(1, 1), body, "state_council"))
