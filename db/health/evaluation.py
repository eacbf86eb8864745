"""Judge every source and route, and write down what has changed: the one thing that the scheduler asks for."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from db.connection import insert, row, rows, transaction
from db.health.days import refresh_days
from db.health.evidence import with_pages
from db.health.holding import Change, step
from db.health.judging import judge, worst_of
from db.health.limits import LIMITS, Limits
from db.health.model import RouteSeen, Seen, Standing, Transition, Verdict, rank
from db.health.observing import observe, observe_routes, sources_of
from db.health.routes import MEANING, judge_most, judge_route
from db.names import utc


def evaluate(db: Database, now: datetime, limits: Limits = LIMITS) -> list[Transition]:
    """Judge each source that was ever crawled, and its routes, at `now`; gives the changes that were written down.

    One short transaction a source. Asking again at the same time, or at an earlier one, changes nothing.
    """
    return [change for source in sources_of(db) for change in _evaluate(db, source, now, limits)]


def _evaluate(db: Database, source: str, now: datetime, limits: Limits) -> list[Transition]:
    changes: list[Transition] = []
    with transaction(db):
        before = standing_of(db, source)
        if before.evaluated_at is not None and now <= before.evaluated_at:
            return []
        refresh_days(db, source, now, limits)
        tried = observe_routes(db, source, now)
        verdicts = {route: judge_route(tries, now, limits) for route, tries in tried.items()}
        seen = observe(db, source, now, well_from=before.well_from, limits=limits)
        verdict = worst_of([judge(seen, limits, before.state), judge_most(verdicts)])
        whole, change = step(before, verdict, now, limits)
        if change is not None:
            changes.append(_write(db, source, "", change, with_pages(db, source, verdict), now))
        _keep(db, source, "", whole, verdict, now)
        for route, standing in _routes(db, source).items():
            found = verdicts.get(route) or Verdict(reasons=("it is no longer crawled",))
            changes += _route(db, source, route, standing, found, whole, now, limits)
            _note_last(db, source, route, tried.get(route, []))
        for route in verdicts.keys() - _routes(db, source).keys():
            changes += _route(db, source, route, Standing(), verdicts[route], whole, now, limits)
            _note_last(db, source, route, tried[route])
    return changes


def _route(
    db: Database,
    source: str,
    route: str,
    standing: Standing,
    verdict: Verdict,
    whole: Standing,
    now: datetime,
    limits: Limits,
) -> list[Transition]:
    """A route that is bad where its source is as bad is told by its source."""
    covered = rank(whole.state) >= rank(verdict.state) > 0 or verdict.reasons == ("it is no longer crawled",)
    after, change = step(standing, verdict, now, limits, covered=covered)
    _keep(db, source, route, after, verdict, now)
    return [_write(db, source, route, change, verdict, now)] if change is not None else []


def _note_last(db: Database, source: str, route: str, tries: Sequence[RouteSeen]) -> None:
    """Remember when the route was last well, and last led to something new, beyond the runs that are looked at."""
    good = max((utc(one.at) for one in tries if MEANING.get(one.state) is None), default=None)
    new = max((utc(one.at) for one in tries if one.new), default=None)
    db.conn.execute(_LAST, {"source": source, "route": route, "good": good, "new": new})


def standing_of(db: Database, source: str, route: str = "") -> Standing:
    """What is remembered of a source or route; of one that is new, that it is well."""
    found = row(db, "SELECT * FROM health_states WHERE source = ? AND route = ?", [source, route])
    return _standing(found) if found else Standing()


def _routes(db: Database, source: str) -> dict[str, Standing]:
    found = rows(db, "SELECT * FROM health_states WHERE source = ? AND route > '' ORDER BY route", [source])
    return {one["route"]: _standing(one) for one in found}


_TIMES = ("since", "pending_since", "recovered_at", "well_from", "evaluated_at")


def _standing(found: Mapping[str, Any]) -> Standing:
    times: dict[str, Any] = {name: datetime.fromisoformat(found[name]) if found[name] else None for name in _TIMES}
    plain = {name: found[name] for name in ("state", "pending", "looks", "relapses")}
    return Standing(**times, **plain, told=bool(found["told"]))


def _keep(db: Database, source: str, route: str, standing: Standing, verdict: Verdict, now: datetime) -> None:
    held: dict[str, Any] = {
        name: getattr(standing, name) for name in (*_TIMES, "state", "pending", "looks", "relapses")
    }
    times = {name: utc(held[name]) if held[name] else None for name in _TIMES}
    reasons = json.dumps(verdict.reasons, ensure_ascii=False)
    values = {**held, **times, "told": standing.told, "verdict": verdict.state, "reasons": reasons}
    db.conn.execute(_KEEP, {"source": source, "route": route, **values, "evaluated_at": utc(now)})


def _write(db: Database, source: str, route: str, change: Change, verdict: Verdict, now: datetime) -> Transition:
    """Append the transition."""
    verdict = replace(verdict, since=change.since or verdict.since)
    good, bad = verdict.last_good or Seen(url=""), verdict.first_bad or Seen(url="")
    number = insert(
        db,
        "health_transitions",
        {
            "source": source,
            "route": route,
            "from_state": change.before,
            "to_state": change.after,
            "at": utc(now),
            "since": utc(verdict.since) if verdict.since else None,
            "reasons": json.dumps(verdict.reasons, ensure_ascii=False),
            "expected": verdict.expected,
            "actual": verdict.actual,
            "layout": verdict.layout,
            "selector": verdict.selector,
            "last_good_url": good.url or None,
            "last_good_page": good.page,
            "first_bad_url": bad.url or None,
            "first_bad_page": bad.page,
            "tell": change.tell,
        },
    )
    return Transition(
        id=number,
        source=source,
        route=route,
        before=change.before,
        after=change.after,
        at=now,
        verdict=verdict,
        tell=change.tell,
    )


_LAST = """
UPDATE health_states SET last_good_at = coalesce(:good, last_good_at), last_new_at = coalesce(:new, last_new_at)
WHERE source = :source AND route = :route
"""
_KEEP = """
INSERT INTO health_states (source, route, state, since, pending, pending_since, looks, relapses, recovered_at, told,
  well_from, evaluated_at, verdict, reasons)
VALUES (:source, :route, :state, :since, :pending, :pending_since, :looks, :relapses, :recovered_at, :told,
  :well_from, :evaluated_at, :verdict, :reasons)
ON CONFLICT DO UPDATE SET state = excluded.state, since = excluded.since, pending = excluded.pending,
  pending_since = excluded.pending_since, looks = excluded.looks, relapses = excluded.relapses,
  recovered_at = excluded.recovered_at, told = excluded.told, well_from = excluded.well_from,
  evaluated_at = excluded.evaluated_at, verdict = excluded.verdict, reasons = excluded.reasons
"""
