"""How the sources are doing: last success, what came in against the baseline of the four weeks before, a state.

Articles are counted by the day they were published, not by the day we found them: a back catalogue that is read in
one night must not make the next weeks look thin.
"""

from __future__ import annotations

from typing import Any

from sqlite_utils import Database

from db.bounded import COUNT_TO
from db.connection import rows

# Every count stops and every look goes along an index, so that it costs the same after years of runs and articles. Runs
# of a source may overlap: the last success is the latest end among the newest ten that were good.
# The state is that of the last evaluation (`db/health/evaluation.py`); where that is a day old, a rough one.
# silent: nothing for a week where at least one article a week was usual. not_crawled: no good run for two days.
# thin: less than 40 % of what was usual, where at least four articles a week were.
SOURCE_HEALTH = """
SELECT counted.source, last_success_at, last_article_at, articles_7d, baseline_7d, failures,
  CASE
    WHEN judged.source IS NOT NULL THEN judged.state
    WHEN failures >= 2 OR (failures >= 1 AND last_success_at IS NULL) THEN 'failing'
    WHEN baseline_7d >= 1 AND articles_7d = 0 THEN 'silent'
    WHEN last_success_at < strftime('%Y-%m-%dT%H:%M:%SZ', :now, '-2 days') THEN 'not_crawled'
    WHEN baseline_7d >= 4 AND articles_7d < 0.4 * baseline_7d THEN 'thin'
    ELSE 'ok'
  END AS state,
  last_run_id, last_run_state, open_issues, judged.since AS state_since,
  (SELECT json_extract(t.reasons, '$[0]') FROM health_transitions AS t
    WHERE judged.state <> 'ok' AND t.source = counted.source AND t.route = '' ORDER BY t.id DESC LIMIT 1) AS reason
FROM (
  WITH RECURSIVE names (source) AS (
    SELECT min(source) FROM runs
    UNION ALL
    SELECT (SELECT min(r.source) FROM runs AS r WHERE r.source > names.source) FROM names
    WHERE names.source IS NOT NULL
  ),
  newest AS (
    SELECT names.source,
      (SELECT r.id FROM runs AS r WHERE r.source = names.source AND r.started_at <= :now
        ORDER BY r.id DESC LIMIT 1) AS last_run_id,
      (SELECT r.id FROM runs AS r
        WHERE r.source = names.source AND r.state IN ('ok', 'partial') AND r.started_at <= :now
        ORDER BY r.id DESC LIMIT 1) AS last_good_run
    FROM names WHERE names.source IS NOT NULL
  )
  SELECT s.source, s.last_run_id,
    (SELECT max(good.finished_at) FROM (
      SELECT r.finished_at FROM runs AS r
      WHERE r.source = s.source AND r.state IN ('ok', 'partial') AND r.id <= s.last_good_run
      ORDER BY r.id DESC LIMIT 10) AS good) AS last_success_at,
    (SELECT max(a.sort_at) FROM articles AS a
      WHERE a.source = s.source AND a.sort_at <= :now) AS last_article_at,
    (SELECT count(*) FROM (
      SELECT 1 FROM articles AS a
      WHERE a.source = s.source AND a.sort_at <= :now
        AND a.sort_at > strftime('%Y-%m-%dT%H:%M:%SZ', :now, '-7 days') LIMIT :most)) AS articles_7d,
    round((SELECT count(*) FROM (
      SELECT 1 FROM articles AS a
      WHERE a.source = s.source AND a.sort_at <= strftime('%Y-%m-%dT%H:%M:%SZ', :now, '-7 days')
        AND a.sort_at > strftime('%Y-%m-%dT%H:%M:%SZ', :now, '-35 days') LIMIT 4 * :most)) / 4.0, 1) AS baseline_7d,
    (SELECT count(*) FROM (
      SELECT 1 FROM runs AS r
      WHERE r.source = s.source AND r.state IN ('failed', 'lost') AND r.id > coalesce(s.last_good_run, 0)
      LIMIT :most)) AS failures,
    (SELECT r.state FROM runs AS r WHERE r.id = s.last_run_id) AS last_run_state,
    (SELECT count(*) FROM (
      SELECT 1 FROM issues AS i WHERE i.source = s.source AND i.closed_at IS NULL LIMIT :most)) AS open_issues
  FROM newest AS s WHERE s.last_run_id IS NOT NULL
) AS counted
LEFT JOIN health_states AS judged ON judged.source = counted.source AND judged.route = ''
  AND judged.evaluated_at BETWEEN strftime('%Y-%m-%dT%H:%M:%SZ', :now, '-1 day') AND :now
""".replace(":most", str(COUNT_TO))


def source_health(db: Database, *, now: str) -> list[dict[str, Any]]:
    """The rows of the view `source_health` as they stand at `now` (UTC ISO), by source."""
    return list(rows(db, SOURCE_HEALTH + " ORDER BY counted.source", {"now": now}))
