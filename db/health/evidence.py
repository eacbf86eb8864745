"""The last good page and the first bad one of a trouble: what an operator opens first."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlite_utils import Database

from db.connection import row
from db.health.model import Seen, Verdict
from db.names import utc


def with_pages(db: Database, source: str, verdict: Verdict) -> Verdict:
    """The verdict with the pages that its own evidence does not name; one that is well is left as it is."""
    if verdict.state == "ok":
        return verdict
    since = utc(verdict.since + timedelta(seconds=1)) if verdict.since else "9999"
    quoted = verdict.state == "changed_layout"
    good = verdict.last_good or _article(db, _LAST_GOOD, source, since, quoted=quoted)
    bad = verdict.first_bad
    if bad is None and quoted:
        bad = _article(db, _FIRST_BAD, source, since, quoted=False)
    if bad is None and verdict.state in ("failing", "silent", "thin"):
        bad = _route(db, source)
    return replace(verdict, last_good=good, first_bad=bad)


def _article(db: Database, sql: str, source: str, since: str, *, quoted: bool) -> Seen | None:
    found = row(db, sql, {"source": source, "since": since, "quoted": quoted, "among": _AMONG})
    return Seen(url=found["url"], page=found["page"]) if found else None


def _route(db: Database, source: str) -> Seen | None:
    """The listing that was not well in the newest run, if one was: where new stories should have stood."""
    found = row(db, _BAD_ROUTE, [source])
    return Seen(url=found["url"]) if found and found["url"] else None


_AMONG = 400
"""Articles that are looked through, from the time of the trouble on."""
_HAS_QUOTE = "EXISTS (SELECT 1 FROM quotes AS q WHERE q.article_id = near.id AND q.retired_at IS NULL)"
_PAGE = "(SELECT max(p.id) FROM pages AS p WHERE p.article_id = near.id AND p.outcome <> 'failed')"
_LAST_GOOD = f"""
SELECT near.url, {_PAGE} AS page FROM (
  SELECT a.id, a.url, a.sort_at, a.seq FROM articles AS a WHERE a.source = :source AND a.sort_at < :since
  ORDER BY a.sort_at DESC, a.seq DESC LIMIT :among) AS near
WHERE NOT :quoted OR {_HAS_QUOTE} ORDER BY near.sort_at DESC, near.seq DESC LIMIT 1
"""  # noqa: S608
_FIRST_BAD = f"""
SELECT near.url, {_PAGE} AS page FROM (
  SELECT a.id, a.url, a.sort_at, a.seq FROM articles AS a WHERE a.source = :source AND a.sort_at >= :since
  ORDER BY a.sort_at, a.seq LIMIT :among) AS near
WHERE NOT {_HAS_QUOTE} ORDER BY near.sort_at, near.seq LIMIT 1
"""  # noqa: S608
_BAD_ROUTE = """
SELECT r.url FROM routes AS r
WHERE r.run_id = (
    SELECT id FROM runs WHERE job = 'crawl' AND source = ? AND state <> 'running' ORDER BY id DESC LIMIT 1)
  AND r.state <> 'ok' AND r.url IS NOT NULL ORDER BY r.route LIMIT 1
"""
