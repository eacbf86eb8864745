"""One way of discovery, such as a section's listing, over the last runs that tried it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import takewhile
from types import MappingProxyType

from db.health.limits import Limits
from db.health.model import HealthState, RouteSeen, Seen, Verdict, rank

MEANING: Mapping[str, HealthState] = MappingProxyType(
    {
        "empty": "changed_layout",
        "script_shell": "failing",
        "blocked": "failing",
        "failed": "failing",
        "redirected_edition": "failing",
        "all_old": "silent",
    }
)
"""What a route's state in a run says of its health; every other state is well."""
_SAID = {
    "empty": "too few links, or none: the markup of the listing may have changed",
    "script_shell": "a page of scripts instead of links",
    "blocked": "refused (403, 429 or robots.txt)",
    "failed": "no answer, or one that is no listing",
    "redirected_edition": "another edition without links answers",
    "all_old": "nothing but old links",
}


def judge_route(tries: Sequence[RouteSeen], now: datetime, limits: Limits) -> Verdict:
    """How the route looks; `tries` are the newest first."""
    bad = list(takewhile(_is_bad, tries))
    if len(bad) < limits.route_runs or now - bad[-1].at < timedelta(hours=limits.failed_hours):
        return Verdict()
    worst = max(bad[: limits.route_runs], key=lambda one: rank(MEANING[one.state]))
    said = f"{_SAID[worst.state]}, in {len(bad)} runs" + (f": {worst.detail}" if worst.detail else "")
    good = next((one for one in tries[len(bad) :] if one.url), None)
    return Verdict(
        state=MEANING[worst.state],
        reasons=(said,),
        since=bad[-1].at,
        last_good=Seen(url=good.url) if good and good.url else None,
        first_bad=Seen(url=bad[-1].url) if bad[-1].url else None,
    )


def judge_most(verdicts: Mapping[str, Verdict]) -> Verdict | None:
    """The source's own verdict where half of its routes or more are not well."""
    bad = {route: verdict for route, verdict in verdicts.items() if verdict.state != "ok"}
    if not bad or 2 * len(bad) < len(verdicts) or len(verdicts) == 1:
        return None
    names = sorted(bad)
    worst = max((bad[name] for name in names), key=lambda verdict: rank(verdict.state))
    listed = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
    return Verdict(
        state=worst.state,
        reasons=(f"{len(bad)} of {len(verdicts)} routes are not well: {listed}", *worst.reasons),
        since=worst.since,
        last_good=worst.last_good,
        first_bad=worst.first_bad,
    )


def _is_bad(one: RouteSeen) -> bool:
    return one.state in MEANING and not (one.state == "redirected_edition" and one.links)
