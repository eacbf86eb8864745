"""Datasette as we run it: our file read-only, our templates, the queries of `queries.toml`, and no plugin but ours."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from datasette.app import Datasette
from datasette.plugins import DEFAULT_PLUGINS, pm
from jinja2 import ChoiceLoader, FileSystemLoader, PrefixLoader
from starlette.types import ASGIApp

from web.data import hooks
from web.data.database import ReadableDatabase
from web.data.tables import NAME, TABLES
from web.render import TEMPLATES, environment

QUERIES = Path(__file__).with_name("queries.toml")
SQL_SECONDS = 5
SETTINGS = {
    "base_url": "/data/",
    "sql_time_limit_ms": SQL_SECONDS * 1000,
    "facet_time_limit_ms": 1000,
    "suggest_facets": False,  # tries every column of every page; the page offers the columns instead
    "allow_download": False,
    "allow_csv_stream": False,  # counts rows off from the start for each thousand; the site's own export streams
    "default_cache_ttl": 0,
    "truncate_cells_html": 300,
    "num_sql_threads": 3,
}
_NEWEST_FIRST = (
    "articles_latest", "policy_announcements", "quotes_attributed", "executive_quotes", "instruments", "attachments",
)  # fmt: skip
# its own error pages print every local variable, cookies too, to standard output
_NOT_WANTED = frozenset({"datasette.handle_exception", "datasette.actor_auth_cookie", "datasette.default_menu_links"})


def make_datasette(database: Path, *, https: bool) -> ASGIApp:
    """The application that answers below `/data`, where people come by https or not. Opens nothing yet."""
    _choose_plugins()
    datasette = Datasette([], settings={**SETTINGS, "force_https_urls": https}, metadata=_metadata(), memory=False)
    for unwanted in tuple(datasette.databases):
        if unwanted != "_internal":
            datasette.remove_database(unwanted)
    datasette.add_database(ReadableDatabase(datasette, database), name=NAME)
    datasette.refresh_schemas = _nothing  # a second catalogue of our tables, which nothing of ours reads
    _dress(datasette.jinja_env)
    app: ASGIApp = datasette.app()
    return app


def read_queries(path: Path = QUERIES) -> dict[str, dict[str, str]]:
    """The queries that the page offers, by the name that stands in their address."""
    listed = tomllib.loads(path.read_text(encoding="utf-8")).get("query", [])
    return {
        one["name"]: {"sql": one["sql"].strip(), "title": one["title"], "description": one.get("description", "")}
        for one in listed
    }


def _metadata() -> dict[str, Any]:
    tables = {name: {"description": what} for name, what in TABLES.items()}
    tables |= {name: {"sort_desc": "seq"} for name in _NEWEST_FIRST}
    return {"title": "Data", "databases": {NAME: {"tables": tables, "queries": read_queries()}}}


def _choose_plugins() -> None:
    """Datasette loads whatever plugin happens to be installed; here it has its own and ours."""
    for plugin in list(pm.get_plugins()):
        name = getattr(plugin, "__name__", "")
        if name != hooks.__name__ and (name not in DEFAULT_PLUGINS or name in _NOT_WANTED):
            pm.unregister(plugin)
    if not pm.is_registered(hooks):
        pm.register(hooks, hooks.__name__)


def _dress(theirs: Any) -> None:
    """Our frame, filters and inertness in their environment; none of their templates."""
    ours = environment()
    theirs.loader = ChoiceLoader(
        [FileSystemLoader(TEMPLATES / "data"), PrefixLoader({"site": FileSystemLoader(TEMPLATES)})]
    )
    theirs.filters.update({name: held for name, held in ours.filters.items() if name not in theirs.filters})
    theirs.globals.update({name: held for name, held in ours.globals.items() if name not in theirs.globals})
    theirs.filters["local"] = _local
    theirs.globals["described"] = lambda table: TABLES.get(table, "")
    theirs.finalize = ours.finalize
    theirs.trim_blocks = theirs.lstrip_blocks = True


def _local(address: str) -> str:
    """An address of ours without its host, which may be that of a proxy behind others."""
    parts = urlsplit(str(address))
    return urlunsplit(("", "", *parts[2:]))


async def _nothing() -> None:
    return
