"""What leads to stories, as the two sites would print it: sections, columns, list endpoint, search, feeds, newspaper.

Pure functions from rows to HTML, JSON and XML.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Final
from urllib.parse import urlsplit

from demo.render import content_id, image, render, site_name, variant
from demo.story import Story

UNIT: Final = "/api-gateway/jpaas-publish-server/front/page/build/unit"
"""The path of the ministry's list endpoint."""
WEB_ID: Final = "8f43c7ad3afc411fb56f281724b73708"
TEMPLATE_SET: Final = "52551ea0e2c14bca8c84792f7aa37ead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a listing."""

    story: Story
    url: str
    """The address that this listing links to: the story's own or an alias."""

    @property
    def listed(self) -> str:
        """The time that the listing prints, to the minute; it moves when the story is edited."""
        return f"{self.story.updated or self.story.published:%Y-%m-%d %H:%M}"


# --- China Daily's listings


def section_page(
    host: str, name: str, path: str, rows: Sequence[Row], *, page: int, pages: int, related: Sequence[Story]
) -> str:
    """Page `page` of a section, in the shell of its rows' language; `path` has no slash at its end."""
    chinese = any(row.story.language == "zh" for row in rows)
    template = "china_daily/_section_zh.j2" if chinese else "china_daily/_section.j2"
    return render(template, _section_values(host, name, path, rows, page, pages, related))


def _section_values(
    host: str, name: str, path: str, rows: Sequence[Row], page: int, pages: int, related: Sequence[Story]
) -> dict[str, Any]:
    base = f"//{host}{path}"
    lines = [
        {
            "url": row.url,
            "title": row.story.title,
            "time": row.listed,
            "summary": next(iter(row.story.pages[0]), "")[:60],
            "picture": image(row.story, 0) if variant(row.story, "picture", 4) else None,
        }
        for row in rows
    ]
    addresses = [base, *(f"{base}/page_{number}.html" for number in range(2, pages + 1))]
    parts = [part.replace("_", " ").title() for part in path.strip("/").split("/")[:-1]]
    return {"section": [*parts, name], "rows": lines, "page": page, "page_addresses": addresses, "related": related}


def epaper_day(edition: str, rows: Sequence[Row]) -> str:
    """One day's page of the newspaper's index."""
    return render("china_daily/_epaper.j2", {"edition": edition, "rows": rows})


def feed(name: str, stories: Sequence[Story]) -> str:
    """A feed: no dates, the whole text in a non-standard `content`."""
    return render("china_daily/_rss.j2", {"name": name, "stories": stories})


def search_answer(rows: Sequence[Row], *, page: int, total: int, size: int) -> str:
    """The JSON of newssearch for one page of results, pages counted from 0."""
    content = []
    for row in rows:
        story = row.story
        made = int(story.published.timestamp() * 1000)
        changed = int((story.updated or story.published).timestamp() * 1000)
        content.append({
            "id": content_id(story.path),
            "title": story.title,
            "subtitle": None,
            "summary": next(iter(story.pages[0]), ""),
            "plainText": " ".join(story.text.split()),
            "content": "".join(f"<p>{escape(part, quote=False)}</p>" for page in story.pages for part in page),
            "authors": list(story.authors),
            "source": story.credit,
            "url": row.url,
            "pubDateStr": f"{story.published:%Y-%m-%d %H:%M}",
            "publishTime": made,
            "created": made,
            "updated": changed,
            "lastModified": changed,
            "channelName": story.section[0] if story.section else None,
            "columnName": story.section[-1] if story.section else None,
            "keywords": [],
            "storyType": "COMPO",
            "wordCount": len(story.text.split()),
            "dupFlag": 0,
            "language": story.language,
            "shareUrl": row.url,
        })  # fmt: skip
    pages = -(-total // size)
    return json.dumps({
        "content": content, "totalElements": total, "totalPages": pages, "number": page, "size": size,
        "numberOfElements": len(content), "first": page == 0, "last": page >= pages - 1,
    }, ensure_ascii=False)  # fmt: skip


# --- listings of sites that are described by a file


def plain_page(
    site: str, host: str, path: str, name: str, rows: Sequence[Row], *, page: int, pages: int, related: Sequence[Story]
) -> str:
    """Page `page` of a listing; `path` has no slash at its end."""
    base = f"//{host}{path}/"
    addresses = [base, *(f"{base}page_{number}.html" for number in range(2, pages + 1))]
    return render(f"{site}/_listing.j2", {
        "host": host, "name": name, "rows": rows, "page": page, "page_addresses": addresses, "related": related,
    })  # fmt: skip


# --- MOFCOM's listings


def portal_answer(rows: Sequence[Row], *, count: int, size: int) -> str:
    """The export-control portal's JSON for one page of a column; every third title has lost its characters."""
    found = [
        {
            "id": nth, "title": _lost(row.story.title) if nth % 3 == 2 else row.story.title,
            "url": urlsplit(row.url).path, "publishTimeStr": f"{row.story.published:%Y-%m-%d}", "source": "商务部",
        }
        for nth, row in enumerate(rows)
    ]  # fmt: skip
    return json.dumps(
        {"pageInfo": {"total": count, "maxPageNum": -(-count // size), "rows": found}}, ensure_ascii=False
    )


def portal_catalogue(rows: Sequence[Row]) -> str:
    """The portal's catalogue of domestic rules, in groups."""
    groups = [
        {
            "name": name,
            "datas": [
                {
                    "title": row.story.title, "subTitle": "", "url": urlsplit(row.url).path,
                    "publishTimeStr": f"{row.story.published:%Y-%m-%d}",
                }
                for row in rows[nth::2]
            ],
        }
        for nth, name in enumerate(("管制清单", "规范性文件"))
    ]  # fmt: skip
    return json.dumps({"gnInfoLists": groups}, ensure_ascii=False)


def _lost(title: str) -> str:
    return "".join("?" if character > "\x7f" else character for character in title)


def unit_query(page_id: str) -> Mapping[str, str]:
    """The parameters with which a column asks for its list."""
    return {
        "parseType": "bulidstatic", "webId": WEB_ID, "tplSetId": TEMPLATE_SET, "pageType": "column",
        "tagId": "分页列表", "editType": "null", "pageId": page_id,
    }  # fmt: skip


def column_shell(host: str, path: str, name: str, page_id: str, columns: Sequence[tuple[str, str]]) -> str:
    """A column page without rows; `path` has no slash at its end."""
    return render("mofcom/_column.j2", {
        "site_name": site_name(host), "name": name, "path": path, "unit": UNIT, "query": _query_data(page_id),
        "columns": columns,
    })  # fmt: skip


def unit_answer(host: str, page_id: str, rows: Sequence[Row], *, page: int, count: int, size: int) -> str:
    """The list endpoint's JSON for one page of a column, pages counted from 1."""
    html = render("mofcom/_unit.j2", {
        "rows": _lines(host, rows), "page": page, "count": count, "size": size, "unit": UNIT,
        "query": _query_data(page_id),
    })  # fmt: skip
    return json.dumps({
        "roles": None, "permissions": None, "success": True, "message": "操作成功", "code": "200",
        "data": {"html": html.strip()}, "traceId": None,
    }, ensure_ascii=False)  # fmt: skip


def unit_refusal(message: str) -> str:
    """What the endpoint says to a request it cannot answer, with status 200."""
    return json.dumps({
        "roles": None, "permissions": None, "success": False, "message": message, "code": "500", "data": None,
        "traceId": None,
    }, ensure_ascii=False)  # fmt: skip


def static_column(host: str, path: str, name: str, rows: Sequence[Row]) -> str:
    """A column that is rendered on the server, all its rows on one page."""
    template = "mofcom/_static_en.j2" if host.startswith("english.") else "mofcom/_static.j2"
    return render(template, {"site_name": site_name(host), "name": name, "path": path, "rows": _lines(host, rows)})


def old_column(host: str, path: str, name: str, rows: Sequence[Row], *, pages: int) -> str:
    """A column of the `.shtml` years."""
    return render("mofcom/_old_list.j2", {"name": name, "path": path, "rows": _lines(host, rows), "pages": pages})


def _lines(host: str, rows: Sequence[Row]) -> list[dict[str, Any]]:
    lines = []
    for row in rows:
        time = row.story.updated or row.story.published
        parts = urlsplit(row.url)
        lines.append({
            "href": parts.path if parts.hostname == host else row.url,
            "title": row.story.title,
            "day": f"{time:%Y-%m-%d}",
            "time": f"{time:%Y-%m-%d %H:%M:%S}",
            "milliseconds": int(time.timestamp() * 1000),
        })  # fmt: skip
    return lines


def _query_data(page_id: str) -> str:
    pairs = ",".join(f"'{name}':'{value}'" for name, value in unit_query(page_id).items())
    return "{" + pairs + "}"
