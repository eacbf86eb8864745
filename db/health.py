"""How the sources are doing: last success, what came in against the baseline of the four weeks before, a state.

Articles are counted by the day they were published, not by the day we found them: a back catalogue that is read in
one night must not make the next weeks look thin.
"""

from __future__ import annotations

from typing import Any

from sqlite_utils import Database

from db.connection import rows

# silent: nothing for a week where at least one article a week was usual, or no successful run for two days.
# thin: less than 40 % of what was usual, where at least four articles a week were.
SOURCE_HEALTH = """
SELECT source, last_success_at, last_article_at, articles_7d, baseline_7d, failures,
  CASE
    WHEN failures >= 2 OR (failures >= 1 AND last_success_at IS NULL) THEN 'failing'
    WHEN baseline_7d >= 1 AND articles_7d = 0 THEN 'silent'
    WHEN last_success_at < strftime('%Y-%m-%dT%H:%M:%SZ', :now, '-2 days') THEN 'silent'
    WHEN baseline_7d >= 4 AND articles_7d < 0.4 * baseline_7d THEN 'thin'
    ELSE 'ok'
  END AS state,
  last_run_id, last_run_state, open_issues
FROM (
  SELECT s.source, s.last_success_at,
    (SELECT max(a.sort_at) FROM articles AS a
      WHERE a.source = s.source AND a.sort_at <= :now) AS last_article_at,
    (SELECT count(*) FROM articles AS a
      WHERE a.source = s.source AND a.sort_at <= :now
        AND a.sort_at > strftime('%Y-%m-%dT%H:%M:%SZ', :now, '-7 days')) AS articles_7d,
    round((SELECT count(*) FROM articles AS a
      WHERE a.source = s.source AND a.sort_at <= strftime('%Y-%m-%dT%H:%M:%SZ', :now, '-7 days')
        AND a.sort_at > strftime('%Y-%m-%dT%H:%M:%SZ', :now, '-35 days')) / 4.0, 1) AS baseline_7d,
    (SELECT count(*) FROM runs AS r
      WHERE r.source = s.source AND r.state IN ('failed', 'lost') AND r.id > s.last_good_run) AS failures,
    s.last_run_id,
    (SELECT r.state FROM runs AS r WHERE r.id = s.last_run_id) AS last_run_state,
    (SELECT count(*) FROM issues AS i WHERE i.source = s.source AND i.closed_at IS NULL) AS open_issues
  FROM (
    SELECT source, max(id) AS last_run_id,
      max(CASE WHEN state IN ('ok', 'partial') THEN finished_at END) AS last_success_at,
      coalesce(max(CASE WHEN state IN ('ok', 'partial') THEN id END), 0) AS last_good_run
    FROM runs WHERE source IS NOT NULL AND started_at <= :now GROUP BY source
  ) AS s
)
"""


def source_health(db: Database, *, now: str) -> list[dict[str, Any]]:
    """The rows of the view `source_health` as they stand at `now` (UTC ISO), by source."""
    return list(rows(db, SOURCE_HEALTH + " ORDER BY source", {"now": now}))
