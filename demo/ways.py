"""What the demo shows of the ways that led to its stories: those that were not simply fine, and the copies grouped."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.markup import escape
from sqlite_utils import Database

from db.connection import value


def show_ways(db: Database, reports: Mapping[str, Mapping[str, Any]], say: Console) -> None:
    """The routes of the first crawl by state, and how many articles tell what another one tells."""
    routes = [route for report in reports.values() for route in report["routes"]]
    fine = [route for route in routes if route["state"] == "ok"]
    say.print(
        f"{len(fine)} of {len(routes)} ways to the stories are fine; the others are named, and what to do with each"
    )
    say.print("stands in docs/crawling.md:")
    for route in routes:
        if route["state"] != "ok":
            line = f"  {route['route']}: {route['state']} ({route['links']} links). {route['detail'] or ''}"
            say.print(escape(line), soft_wrap=True)
    papers = next((route["links"] for route in routes if route["route"] == "epaper"), 0)
    say.print(f"The paper's days gave {papers} links.")
    copies = value(db, "SELECT count(*) FROM articles_latest WHERE duplicate_of IS NOT NULL")
    say.print(f"{copies} articles tell what another one tells (an edition's copy, the paper's version); all are kept.")
