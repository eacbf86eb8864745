"""A person, and an organization: everything said, over time, with the posts held and the people who speak."""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from db.links import entities
from web.addresses import Address
from web.charts import Chart, by_quarter
from web.pages.identity import asked_before, earlier, said_once, standing
from web.render import desk_of, page

_ON_A_PAGE = 30
_ISSUED = 12


def person(request: Request) -> Response:
    """One person, `?quotes=` for earlier quotes; an id that stands for another leads there, 404 for one unknown."""
    with desk_of(request).reading() as db:
        identity, elsewhere = standing(db, request, "n")
        if elsewhere:
            return elsewhere
        found = entities.person(db, identity)
        assert found is not None, "an id that stands for itself is one"
        before = asked_before(request, "quotes")
        quotes = entities.quotes_of_person(db, identity, limit=_ON_A_PAGE + 1, before=before)
        return page(
            "person.html",
            heading=found["name"],
            person=found,
            also=names_beside(found),
            chart=_chart(entities.quotes_by_month(db, "person_id", identity)),
            quotes=said_once(quotes[:_ON_A_PAGE]),
            first_page=before is None,
            more=earlier(request, "quotes", quotes, _ON_A_PAGE),
            watch=_watch("speaker", found["name"]),
        )


def organization(request: Request) -> Response:
    """One organization, `?quotes=` for earlier quotes, `?issued=` for earlier documents; ids as for a person."""
    with desk_of(request).reading() as db:
        identity, elsewhere = standing(db, request, "o")
        if elsewhere:
            return elsewhere
        found = entities.organization(db, identity)
        assert found is not None, "an id that stands for itself is one"
        before = asked_before(request, "quotes")
        since = request.query_params.get("issued", "")[:40] or None
        quotes = entities.quotes_of_organization(db, identity, limit=_ON_A_PAGE + 1, before=before)
        issued = entities.issued_by(db, identity, limit=_ISSUED + 1, before=since)
        return page(
            "organization.html",
            heading=found["name"],
            organization=found,
            also=names_beside(found),
            chart=_chart(entities.quotes_by_month(db, "organization_id", identity)),
            quotes=said_once(quotes[:_ON_A_PAGE]),
            first_page=before is None,
            more=earlier(request, "quotes", quotes, _ON_A_PAGE),
            issued=issued[:_ISSUED],
            more_issued="?" + urlencode({"issued": issued[_ISSUED - 1]["issued_on"]})
            if len(issued) > _ISSUED
            else None,
            watch=_watch("organization", found["name"]),
        )


def names_beside(found: dict[str, object]) -> list[str]:
    """The other names of a person or organization, each once."""
    names = found["names"]
    assert isinstance(names, list)
    given = [found["name_zh"], *(one["name"] for one in names), *(one.get("name_zh") for one in names)]
    return [str(name) for name in dict.fromkeys(given) if name and name != found["name"]][:12]


def _chart(months: list[tuple[str, int]]) -> Chart | None:
    return by_quarter(months) if sum(count for _, count in months) > 1 else None


def _watch(column: str, name: str) -> str:
    quoted = '"' + name.replace('"', " ")[:200] + '"'
    return "/rules/new?" + urlencode({"q": f"{column}:{quoted}", "in": "quotes"})


ADDRESSES = (Address("/people/{id}", person), Address("/organizations/{id}", organization))
