"""Patience: which verdicts become a state, so that each trouble is told once, and nothing that comes and goes is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from db.health.limits import Limits
from db.health.model import HealthState, Standing, Verdict, rank

_MOST_DOUBLINGS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A state that has been left for another."""

    before: HealthState
    after: HealthState
    tell: bool
    """Whether it is news: worse than before, or well again after a trouble that was told."""
    since: datetime | None
    """For a recovery, from when on it was better."""


def step(
    standing: Standing, verdict: Verdict, now: datetime, limits: Limits, *, covered: bool = False
) -> tuple[Standing, Change | None]:
    """What is remembered after this verdict, and the change that it has made, if it has.

    `covered`: somebody else's trouble tells this one, too, such as the source's that of its route. A verdict that is
    not younger than the last, because the clock was set back, is passed over.
    """
    if standing.evaluated_at is not None and now <= standing.evaluated_at:
        return standing, None
    standing = replace(standing, evaluated_at=now)
    if verdict.state not in ("ok", "thin"):
        standing = replace(standing, well_from=now)
    if verdict.state == standing.state:
        return replace(standing, pending=None, pending_since=None, looks=0), None
    standing = _noted(standing, verdict.state, now)
    assert standing.pending_since is not None
    lasted = (now - standing.pending_since) / timedelta(hours=1)
    if rank(verdict.state) > rank(standing.state):
        if standing.looks < _looks(verdict.state, limits) or lasted < _hold(verdict.state, limits):
            return standing, None
        return _worsened(standing, verdict.state, now, limits, covered=covered)
    if standing.looks < limits.recovered_looks or lasted < limits.recovered_hours * 2**standing.relapses:
        return standing, None
    return _bettered(standing, verdict.state, now, covered=covered)


def _noted(standing: Standing, said: HealthState, now: datetime) -> Standing:
    """Count how often in a row it was said to be worse, whatever the name, or better by one name."""
    before = standing.pending
    worse = rank(said) > rank(standing.state)
    same = before is not None and (worse == (rank(before) > rank(standing.state))) and (worse or before == said)
    return replace(
        standing,
        pending=said,
        pending_since=standing.pending_since if same else now,
        looks=standing.looks + 1 if same else 1,
    )


def _looks(state: HealthState, limits: Limits) -> int:
    return 1 if state == "failing" else limits.looks


def _hold(state: HealthState, limits: Limits) -> float:
    return {"failing": 0.0, "thin": limits.hold_hours_thin}.get(state, limits.hold_hours)


def _worsened(
    standing: Standing, state: HealthState, now: datetime, limits: Limits, *, covered: bool
) -> tuple[Standing, Change]:
    before, relapses = standing.state, standing.relapses
    if before == "ok":
        last = standing.recovered_at
        again = last is not None and now - last <= timedelta(days=limits.relapse_days)
        relapses = min(relapses + 1, _MOST_DOUBLINGS) if again else 0
    change = Change(before=before, after=state, tell=not covered, since=None)
    return _settled(standing, state, now, told=standing.told or change.tell, relapses=relapses), change


def _bettered(standing: Standing, state: HealthState, now: datetime, *, covered: bool) -> tuple[Standing, Change]:
    over = state == "ok"
    tell = over and standing.told and not covered
    change = Change(before=standing.state, after=state, tell=tell, since=standing.pending_since)
    settled = _settled(standing, state, now, told=standing.told and not over, relapses=standing.relapses)
    return replace(settled, recovered_at=now) if over else settled, change


def _settled(standing: Standing, state: HealthState, now: datetime, *, told: bool, relapses: int) -> Standing:
    return replace(
        standing, state=state, since=now, pending=None, pending_since=None, looks=0, told=told, relapses=relapses
    )
