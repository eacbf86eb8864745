"""One real-world instrument over all articles: what it is, what became of it, who reported it, who reacted."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from db.links import entities
from db.links.timeline import timeline
from web.addresses import Address
from web.pages.identity import asked_before, by_speaker, earlier, said_once, standing
from web.render import desk_of, page

_ON_A_PAGE = 25


def instrument(request: Request) -> Response:
    """One instrument; an id that stands for another leads there, 404 if there never was one of that id.

    `?reports=` and `?reactions=` go on where a page of either ended.
    """
    with desk_of(request).reading() as db:
        identity, elsewhere = standing(db, request, "i")
        if elsewhere:
            return elsewhere
        found = entities.instrument(db, identity)
        assert found is not None, "an id that stands for itself is one"
        reports = entities.reports(db, identity, limit=_ON_A_PAGE + 1, before=asked_before(request, "reports"))
        reactions = entities.reactions(db, identity, limit=_ON_A_PAGE + 1, before=asked_before(request, "reactions"))
        return page(
            "instrument.html",
            heading=found["title"],
            instrument=found,
            other_names=[
                name
                for name in dict.fromkeys((found["title_en"], found["title_zh"]))
                if name and name != found["title"]
            ],
            also=also_reported_as(found, reports),
            events=timeline(db, identity),
            reports=reports[:_ON_A_PAGE],
            more_reports=earlier(request, "reports", reports, _ON_A_PAGE),
            reactions=by_speaker(said_once(reactions[:_ON_A_PAGE])),
            more_reactions=earlier(request, "reactions", reactions, _ON_A_PAGE),
            official=entities.article_at(db, found["official_url"]) if found["official_url"] else None,
            watch=watch_address(found),
        )


def also_reported_as(found: dict[str, Any], reports: list[dict[str, Any]]) -> list[str]:
    """What articles call it, beside its names."""
    known = {found["title"], found["title_en"], found["title_zh"]}
    return [name for name in dict.fromkeys(report["title"] for report in reports) if name not in known][:8]


def watch_address(found: dict[str, Any]) -> str:
    """A new watch rule for whatever tells of it."""
    words = found["number"] or found["title"]
    return "/rules/new?" + urlencode({"q": '"' + words.replace('"', " ")[:200] + '"', "in": "announcements"})


ADDRESSES = (Address("/instruments/{id}", instrument),)
