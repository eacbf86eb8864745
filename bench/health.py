#!/usr/bin/env python3
"""How often source health alarms without need, and how soon it tells a trouble, over simulated months.

    python bench/health.py [--quick] [--json] [--database FILE]

Four invented sources (100, 10, 3 and 0.6 articles a working day, in bunches; `bench/health_world.py`) are crawled and
judged every few hours. The quiet months from 7 September 2026 hold Golden Week and Spring Festival. Keys:
`false_alarms_per_year` (of one source), `source_years` it was counted over, and for each trouble and source
`detection_hours_*` (the median from its beginning to the operator's mail), `recovery_hours_*` (from its end),
`missed_*` (of all), and `mails_per_trouble` (the most that any made; 2 is one pair). With --database, `evaluate_ms` is
what one source's questions cost over that file, which is only read, and `evaluate_first_ms` those of the first time.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from datetime import date, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench.health_world import PROFILES, Profile, Trouble, live  # noqa: E402
from db import open_database  # noqa: E402
from db.connection import rows, value  # noqa: E402
from db.health import days, observing  # noqa: E402
from db.health.workdays import CHINA  # noqa: E402

FIRST = date(2026, 9, 7)
QUIET_DAYS = 180
TROUBLE_DAYS = {"outage": 21, "thin": 28, "layout": 4, "yield": 14, "blocked": 2, "uncrawled": 2, "flapping": 4}
"""Kinds of trouble, and how long each lasts."""


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer seeds; under a minute")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--database", type=Path, help="a filled database whose questions are timed")
    arguments = parser.parse_args()
    figures = {**quiet(2 if arguments.quick else 20), **troubled(1 if arguments.quick else 5)}
    if arguments.database:
        figures |= questions(arguments.database)
    rounded = {name: round(figure, 3) for name, figure in figures.items()}
    print(
        json.dumps(rounded) if arguments.json else "\n".join(f"{name:36} {figure}" for name, figure in rounded.items())
    )
    return 0


def quiet(seeds: int) -> dict[str, float]:
    """Alarms of months in which nothing happens."""
    alarms = 0
    for profile in PROFILES:
        for seed in range(seeds):
            told = live(profile, seed=seed, first=FIRST, days=QUIET_DAYS, every=4)
            alarms += sum(one.change.tell and one.change.after != "ok" for one in told)
    years = seeds * len(PROFILES) * QUIET_DAYS / 365
    return {"false_alarms_per_year": alarms / years, "source_years": years}


def troubled(seeds: int) -> dict[str, float]:
    """How long it takes to tell each trouble, and its end."""
    figures, most = {}, 0
    for kind, lasts in TROUBLE_DAYS.items():
        for profile in PROFILES:
            found = [_one(kind, profile, lasts, seed) for seed in range(seeds)]
            name = f"{kind}_{profile.name}"
            missed = sum(told is None for told, _over, _mails in found)
            times = [told for told, _over, _mails in found if told is not None]
            ends = [over for _told, over, _mails in found if over is not None]
            if times:
                figures[f"detection_hours_{name}"] = statistics.median(times)
            if ends:
                figures[f"recovery_hours_{name}"] = statistics.median(ends)
            if missed:
                figures[f"missed_{name}"] = missed / seeds
            most = max(most, *(mails for _told, _over, mails in found))
    return {**figures, "mails_per_trouble": most}


def _one(kind: str, profile: Profile, lasts: int, seed: int) -> tuple[float | None, float | None, int]:
    """Hours to the mail about one trouble, hours from its end to the mail about that, and how many mails there were."""
    begins = datetime(2026, 11, 9, 10, 0, tzinfo=CHINA) + timedelta(days=seed % 4)
    ends = begins + timedelta(days=lasts)
    trouble = Trouble(kind=kind, begins=begins, ends=ends)
    told = live(profile, seed=seed, first=FIRST, days=110, troubles=(trouble,), every=2)
    mails = [one for one in told if one.change.tell and one.at >= begins]
    if not mails:
        return None, None, 0
    over = next((one.at for one in mails if one.change.after == "ok"), None)
    return _hours(mails[0].at - begins), _hours(over - ends) if over else None, len(mails)


def _hours(distance: timedelta) -> float:
    return distance / timedelta(hours=1)


def questions(path: Path) -> dict[str, float]:
    """Milliseconds of the questions of one evaluation of one source over a large file."""
    db = open_database(path, mode="ro")
    source = value(db, "SELECT max(source) FROM articles")
    newest = datetime.fromisoformat(value(db, "SELECT max(sort_at) FROM articles WHERE source = ?", [source]))
    today = newest.astimezone(CHINA).date()

    def count(back: int) -> None:
        days._counted(db, source, today - timedelta(days=back), today, days.LIMITS)

    began = time.perf_counter()
    count(days.LIMITS.reach_days)
    first = time.perf_counter() - began
    began = time.perf_counter()
    count(days.LIMITS.fresh_days + 1)
    list(rows(db, days._GOOD_RUNS, [source, "9999", 5000]))
    list(rows(db, observing._NEWEST_RUNS, [source, "9999", 50]))
    observing._pages(db, source, newest, observing.LIMITS)
    return {"evaluate_first_ms": 1000 * first, "evaluate_ms": 1000 * (time.perf_counter() - began)}


if __name__ == "__main__":
    sys.exit(main())
