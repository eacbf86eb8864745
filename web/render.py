"""Templates to answers: one environment, escaping always on, scraped text made inert wherever it is put out."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from web import inert, labels
from web.desk import Desk
from web.marks import pointer
from web.viewer import CURRENT

_HERE = Path(__file__).parent
STATIC = _HERE / "static"
TEMPLATES = _HERE / "templates"


@cache
def environment() -> Environment:
    """The one Jinja environment of the site."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=inert.finalize,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(
        cut=inert.cut,
        web_address=inert.web_address,
        lang=inert.language_of,
        highlighted=inert.highlighted,
        words=labels.words,
        source_name=labels.source_name,
        day=labels.day,
        month=labels.month,
        by_month=labels.by_month,
        moment=labels.moment,
        clock=labels.clock,
        listed=labels.listed,
        pointer=pointer,
        counted=labels.counted,
    )
    made.globals["navigation"] = ()
    made.globals["static"] = static
    made.globals["viewer"] = CURRENT.get
    return made


@cache
def static(name: str) -> str:
    """The address of a file of `static`, with its digest: what it holds never changes there."""
    return f"/static/{name}?v={hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]}"


def page(template: str, /, *, status: int = 200, **context: Any) -> HTMLResponse:
    """The template as an answer. Every page has a `heading` and names its place in the navigation as `here`."""
    values = {"here": "", "query": "", **context}
    return HTMLResponse(environment().get_template(template).render(values), status)


def desk_of(request: Request) -> Desk:
    """The desk that the application was made with."""
    desk = request.app.state.desk
    assert isinstance(desk, Desk)
    return desk
