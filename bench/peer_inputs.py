"""What the peers read: the demo's pages and generated ones with their truth, annotated articles, a few real pages."""

from __future__ import annotations

import hashlib
import json
import re
import sys
from base64 import b64decode, b64encode
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from lxml.html import document_fromstring

from demo.generated import Generated
from demo.render import page_paths
from demo.routes import Routes
from demo.story import Site, Story
from demo.world import TRUTH, load_world

SHARED = Path(__file__).resolve().parents[2] / "shared"
SITES: tuple[Site, ...] = ("china_daily", "mofcom")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageTruth:
    """A page as the adapters get it, and what stands on it."""

    item: dict[str, Any]
    text: str
    """Of this page of the story."""
    title: str
    days: frozenset[str]
    """ISO: when it appeared, and when it was edited; either is right."""
    authors: tuple[str, ...]


def demo_pages() -> list[PageTruth]:
    """The first page of every written story that has a text."""
    stories = load_world()
    routes = Routes(stories)
    return [
        _page(story, routes.answer(story.host, story.path).body) for story in stories if story.is_article and story.text
    ]


def generated_pages(stories: int) -> list[PageTruth]:
    """Pages of generated stories, `stories` of each source: as long, and with as much around them, as real ones."""
    site = Generated(stories=stories, listings=40, sites=SITES)
    told = (site.story(source, number) for source in SITES for number in range(stories))
    return [_page(story, site.answer(story.host, story.path).body) for story in told]


def redesigned_pages() -> list[PageTruth]:
    """The demo's pages after a redesign that renames every class and id, and leaves all else as it was."""
    return [
        replace(page, item=page.item | {"id": f"redesigned {page.item['id']}", "body": _renamed(page.item["body"])})
        for page in demo_pages()
    ]


def _renamed(body: str) -> str:
    def other(found: re.Match[bytes]) -> bytes:
        names = (hashlib.sha256(name).hexdigest()[:8] for name in found[2].split())
        return b'%b="n%b"' % (found[1], " n".join(names).encode())

    return b64encode(re.sub(rb'\b(class|id)="([^"]+)"', other, b64decode(body))).decode()


def _page(story: Story, body: bytes) -> PageTruth:
    times = (story.published, story.updated or story.published)
    assert page_paths(story)[0] == story.path
    return PageTruth(
        item={
            "id": story.url, "url": story.url, "language": story.language, "body": b64encode(body).decode(),
        },
        text="\n\n".join(story.pages[0]),
        title=story.title,
        days=frozenset(time.date().isoformat() for time in times),
        authors=story.authors,
    )  # fmt: skip


def demo_articles() -> list[dict[str, Any]]:
    """Annotated articles of the demo."""
    return list(_records(TRUTH))


def gold_articles() -> list[dict[str, Any]]:
    """Real articles that were annotated by hand, where they lie beside the project; otherwise none."""
    path = SHARED / "gold" / "dev.jsonl"
    return list(_records(path)) if path.exists() else []


def _records(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


def real_pages() -> list[PageTruth]:
    """The one whole article page that lies beside the project; its truth by eye: the paragraphs above the editors'."""
    path = SHARED / "pages" / "china_daily_cn_article_2023.html"
    if not path.exists():
        return []
    body = path.read_bytes()
    tree = document_fromstring(body)
    paragraphs = [" ".join(one.text_content().split()) for one in tree.xpath("//*[@id='Content']//p")]
    url = tree.xpath("string(//meta[@property='og:url']/@content)")
    return [
        PageTruth(
            item={"id": url, "url": url, "language": "zh", "body": b64encode(body).decode()},
            text="\n\n".join(one for one in paragraphs if one and not one.startswith("（编辑")),
            title=tree.xpath("string(//meta[@property='og:title']/@content)"),
            days=frozenset({"2023-11-17"}),
            authors=(),
        )
    ]


def warming_articles() -> list[dict[str, Any]]:
    """Generated articles of both languages, which a reader of texts gets before it is timed."""
    site = Generated(stories=20, listings=40, sites=SITES)
    stories = [site.story(source, number) for source in SITES for number in range(20)]
    return [{"id": f"warm {one.url}", "language": one.language, "text": one.text} for one in stories]
