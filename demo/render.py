"""Stories as the two sites would print them: pure functions from a story to HTML, and the template engine.

The markup is that of the real sites by era, with all that stands around an article and is none of it. Which variant a
story gets (a writer's address below the body, hard line breaks, a no-break space) hangs on its id only, so that a page
is always the same.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import lru_cache
from html import escape
from pathlib import Path
from textwrap import fill
from typing import Any, Final
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from demo.story import Story

TEMPLATES: Final = Path(__file__).parent / "templates"

_HOUSE: Final = frozenset({"china daily", "china daily global", "chinadaily.com.cn"})
_WEB_EDITOR: Final = "Lin Duo"
_EDITORS: Final = ("周闻", "吴宁远")
_INSTRUMENT: Final = re.compile(
    r"《[^》]{2,60}》|公告\d{4}年第\d+号|\d{4}年第\d+号公告|Announcement No\. ?\d+ of \d{4}"
)
_SITE_NAMES: Final = {
    "www.mofcom.gov.cn": "中华人民共和国商务部",
    "english.mofcom.gov.cn": "MINISTRY OF COMMERCE PEOPLE'S REPUBLIC OF CHINA",
    "aqygzj.mofcom.gov.cn": "商务部安全与管制局",
    "cws.mofcom.gov.cn": "商务部财务司",
    "trb.mofcom.gov.cn": "商务部贸易救济调查局",
}


def page_paths(story: Story) -> tuple[str, ...]:
    """The paths of the story's pages; the first has no number, the second of a `WS…` story is `_2.html`."""
    stem, dot, ending = story.path.rpartition(".")
    return (story.path, *(f"{stem}_{number}{dot}{ending}" for number in range(2, len(story.pages) + 1)))


def article(story: Story, *, page: int = 1, address: str | None = None, related: Sequence[Story] = ()) -> str:
    """Page `page` of the story as HTML; `address` is the one it is served under when that is an alias."""
    paragraphs = story.pages[page - 1]
    first = page == 1
    captions = range(len(story.captions))
    if len(story.pages) > 1 and story.template == "gallery":
        captions_here = [nth for nth in captions if nth % len(story.pages) == page - 1]
    else:
        captions_here = list(captions) if first else []
    last = page == len(story.pages)
    values: dict[str, Any] = {
        "story": story,
        "page": page,
        "address": address or story.url,
        "page_addresses": [f"//{story.host}{path}" for path in page_paths(story)],
        "paragraphs": paragraphs,
        "prose": _prose(story, paragraphs),
        "captions_here": captions_here,
        "related": [other for other in related if other.id != story.id],
        "info": _info(story),
        "printed_day": f"{story.updated or story.published:%B %-d, %Y %H:%M}",
        "old_byline": _old_byline(story),
        "contact": _contact(story) if last else None,
        "web_editor": _WEB_EDITOR,
        "editors": story.editors or _EDITORS,
        "site_name": site_name(story.host),
        "column": story.section[-1] if story.section else "",
        "kind": "新闻",
        "header": header_block(story),
        "loose_attachments": [file for file in story.attachments if file.name not in story.text] if last else [],
        "make_time": f"{story.published + timedelta(days=2):%Y-%m-%d} 17:00:46",
        "gmt": f"{story.published - timedelta(hours=8):%H:%M}",
        "tags": ("press conference", "foreign trade", "Import and Export")
        if "press" in story.template
        else ("MOFCOM", "foreign trade"),
    }
    on_portal = (urlsplit(values["address"]).hostname or "").startswith("exportcontrol.")
    return render(f"{story.site}/{'portal' if on_portal else story.template}.j2", values)


def header_block(story: Story) -> tuple[tuple[str, str], ...]:
    """The pairs of a ministry page's header block, the document number among them."""
    if not story.header or story.number is None or any(name in ("发布文号", "发文字号") for name, _ in story.header):
        return story.header
    return (story.header[0], ("发布文号", story.number), *story.header[1:])


def site_name(host: str) -> str:
    """What a ministry site calls itself."""
    return _SITE_NAMES.get(host, "中华人民共和国商务部")


def _info(story: Story) -> list[str]:
    printed = f"Updated: {story.updated or story.published:%Y-%m-%d %H:%M}"
    return [part for part in (story.byline, story.credit, printed) if part]


def _old_byline(story: Story) -> str:
    byline = story.byline or ""
    if "(" in byline or not story.credit:
        return byline
    return f"{byline} ({story.credit})".strip()


def _contact(story: Story) -> str | None:
    """The writers' addresses, which two of three pages print below the body."""
    if story.template not in ("today", "print", "multipage") or (story.credit or "").lower() not in _HOUSE:
        return None
    names = ["".join(name.lower().split()) for name in story.authors if name.isascii()]
    form = variant(story, "contact", 3)
    if not names or form == 0:
        return None
    addresses = " and ".join(f"{re.sub('[^a-z]', '', name)}@chinadaily.com.cn" for name in names[:2])
    if form == 1:
        return addresses
    return f"Contact the writer{'s' if len(names) > 1 else ''} at {addresses}"


def _prose(story: Story, paragraphs: Sequence[str]) -> list[Markup]:
    """The paragraphs as HTML: subheads strong, links and files where their names stand, odd white space kept odd."""
    links = list(story.links)
    found: list[Markup] = []
    for nth, paragraph in enumerate(paragraphs):
        html = escape(paragraph, quote=False)
        for file in story.attachments:
            name = escape(file.name, quote=False)
            html = html.replace(name, f'<a href="{escape(file.url)}" target="_blank">{name}</a>', 1)
        if links and (match := _INSTRUMENT.search(html)) and "<a" not in html:
            html = _linked(html, match.start(), match.end(), links.pop(0))
        elif links and nth == len(paragraphs) - 1 and "<a" not in html and "&" not in html:
            html = _linked(html, max(0, len(html) - 12), len(html), links.pop(0))
        found.append(Markup(_spaced(story, paragraph, html)))
    return found


def _linked(html: str, start: int, end: int, href: str) -> str:
    return f'{html[:start]}<a href="{escape(href)}" target="_blank">{html[start:end]}</a>{html[end:]}'


def _spaced(story: Story, paragraph: str, html: str) -> str:
    if story.site != "china_daily":
        return html
    if len(paragraph) < 80 and paragraph[-1] not in '.?!"”。？！：）' and story.template != "content_2013":
        return f"<strong>{html}</strong>"
    if story.language == "en":
        if variant(story, "nbsp", 4) == 0:
            html = html.replace(" percent", "&nbsp;percent", 1)
        if variant(story, "breaks", 3) == 0 and "<" not in html:
            html = fill(html, 72, break_long_words=False, break_on_hyphens=False)
    return html


# --- the template engine


def render(template: str, values: Mapping[str, Any]) -> str:
    """The named template of `demo/templates` filled with `values`."""
    return _environment().get_template(template).render(values)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    environment.filters |= {
        "slug": lambda name: re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_"),
        "relative": lambda url: url.removeprefix("https:"),
        "image": image,
        "image_id": _image_id,
        "og_url": _og_url,
        "content_id": content_id,
        "shorten": lambda text: text[:150],
        "emphasis": _emphasis,
        "extension": lambda url: url.rpartition(".")[2],
    }
    return environment


def content_id(path: str) -> str:
    """The id in a China Daily address: `WS…` or the digits of `content_…`."""
    return Path(path).stem.removeprefix("content_")


def image(story: Story, nth: int) -> str:
    """The address of the story's nth picture, without a scheme in today's markup."""
    if story.template == "content_2013":
        folder = "http://www.chinadaily.com.cn/attachement/jpg/site1"  # sic
        return f"{folder}/{story.published:%Y%m%d}/{_image_id(story, nth)[:22]}.jpg"
    host = "www.mofcom.gov.cn" if story.site == "mofcom" else "img2.chinadaily.com.cn"
    return f"//{host}/images/{story.published:%Y%m/%d}/{_image_id(story, nth)}.jpeg"


def _image_id(story: Story, nth: int) -> str:
    return hashlib.sha256(f"{story.id} image {nth}".encode()).hexdigest()[:24]


def _og_url(story: Story) -> str:
    """Some pages name only the file there."""
    return story.url if variant(story, "og", 3) else story.path.rpartition("/")[2]


def _emphasis(title: str) -> Markup:
    """Titles of listings keep inline tags in upper case; numbers with a year get one here."""
    html = escape(title, quote=False)
    return Markup(re.sub(r"\b((?:19|20)\d\d)$", r"<EM>\1</EM>", html))


def variant(story: Story, name: str, count: int) -> int:
    """Which of `count` forms of something a story shows; always the same for the same story."""
    return int(hashlib.sha256(f"{story.id} {name}".encode()).hexdigest()[:8], 16) % count
