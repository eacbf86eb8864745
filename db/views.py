"""The analysts' contract: the public views, described column by column in docs/database.md.

Views hold no data, so they are not migrated: whoever opens the file for writing replaces them when their SQL has
changed. A column of a public view is taken away or renamed only with a line in the changelog.
"""

from __future__ import annotations

import hashlib
from types import MappingProxyType

from sqlite_utils import Database

from db.health.view import SOURCE_HEALTH
from db.numbering import NUMBERING_GAPS

_ARTICLES_LATEST = """
SELECT a.id, a.source, a.url, r.title, r.authors, r.credit, r.section, r.language, r.published_at, r.updated_at,
  r.text, a.duplicate_of, r.kind, r.number, r.captions, r.attachments, r.editors, r.layout, r.revision,
  a.first_seen_at, a.last_seen_at, a.gone_at, a.sort_at, a.canonical_url, a.seq
FROM articles AS a JOIN revisions AS r ON r.id = a.revision_id
"""

_POLICY_ANNOUNCEMENTS = """
SELECT p.id, p.article_id, a.url, p.title, p.instrument, p.number, p.issuers, p.issued_on, p.effective_on, p.status,
  p.salience, p.action, p.regions, p.sectors, p.entities, p.evidence, p.review_state, p.instrument_id,
  p.instrument_reason, p.confidence, p.extractor_version, p.first_seen_at, a.source, a.language, a.published_at,
  r.title AS article_title, a.duplicate_of, p.sort_at, p.seq
FROM policies AS p JOIN articles AS a ON a.id = p.article_id JOIN revisions AS r ON r.id = a.revision_id
WHERE p.retired_at IS NULL AND p.review_state <> 'rejected'
"""

_QUOTES_ATTRIBUTED = """
SELECT q.id, q.article_id, a.url, q.kind, q.text, q.start, q."end", q.cue, q.speaker, q.speaker_type, q.role, q.title,
  q.organization, q.person_id, q.review_state, q.organization_id, q.confidence, q.extractor_version, q.first_seen_at,
  a.source, a.language, a.published_at, r.title AS article_title, a.duplicate_of, q.sort_at, q.seq
FROM quotes AS q JOIN articles AS a ON a.id = q.article_id JOIN revisions AS r ON r.id = a.revision_id
WHERE q.retired_at IS NULL AND q.review_state <> 'rejected'
"""

_EXECUTIVE_QUOTES = "SELECT * FROM quotes_attributed WHERE role = 'executive'"

_INSTRUMENTS = """
SELECT i.id, i.number, i.title, i.issuers, i.issued_on, i.official_url,
  (SELECT count(DISTINCT p.article_id) FROM policies AS p
    WHERE p.instrument_id = i.id AND p.retired_at IS NULL AND p.review_state <> 'rejected') AS articles,
  (SELECT count(*) FROM (
      SELECT DISTINCT p.article_id FROM policies AS p
      WHERE p.instrument_id = i.id AND +p.salience = 'news' AND p.retired_at IS NULL AND p.review_state <> 'rejected'
    ) AS reported CROSS JOIN quotes AS q ON q.article_id = reported.article_id
    WHERE q.retired_at IS NULL AND q.review_state <> 'rejected') AS reactions,
  i.instrument, i.title_en, i.title_zh, i.effective_on, i.seq
FROM instrument_registry AS i
WHERE i.same_as = i.id AND EXISTS (SELECT 1 FROM policies AS p
  WHERE p.instrument_id = i.id AND p.retired_at IS NULL AND p.review_state <> 'rejected')
"""

_PEOPLE = """
SELECT p.id, p.name,
  (SELECT m.name FROM persons AS m WHERE m.same_as = p.id AND m.name GLOB '*[一-鿿]*' ORDER BY m.id LIMIT 1) AS name_zh,
  coalesce(o.same_as, o.id) AS organization_id,
  (SELECT w.name FROM organizations AS w WHERE w.id = o.same_as) AS organization,
  (SELECT count(*) FROM quotes AS q
    WHERE q.person_id = p.id AND q.retired_at IS NULL AND q.review_state <> 'rejected') AS quotes,
  (SELECT min(q.sort_at) FROM quotes AS q
    WHERE q.person_id = p.id AND q.retired_at IS NULL AND q.review_state <> 'rejected') AS first_at,
  (SELECT max(q.sort_at) FROM quotes AS q
    WHERE q.person_id = p.id AND q.retired_at IS NULL AND q.review_state <> 'rejected') AS last_at,
  p.seq
FROM persons AS p LEFT JOIN organizations AS o ON o.id = p.organization_id
WHERE p.same_as = p.id AND EXISTS (SELECT 1 FROM quotes AS q
  WHERE q.person_id = p.id AND q.retired_at IS NULL AND q.review_state <> 'rejected')
"""

_ORGANIZATIONS_QUOTED = """
SELECT o.id, o.name,
  coalesce(o.name_zh, (SELECT m.name_zh FROM organizations AS m
    WHERE m.same_as = o.id AND m.name_zh IS NOT NULL ORDER BY m.id LIMIT 1)) AS name_zh,
  (SELECT count(*) FROM quotes AS q
    WHERE q.organization_id = o.id AND q.retired_at IS NULL AND q.review_state <> 'rejected') AS quotes,
  (SELECT min(q.sort_at) FROM quotes AS q
    WHERE q.organization_id = o.id AND q.retired_at IS NULL AND q.review_state <> 'rejected') AS first_at,
  (SELECT max(q.sort_at) FROM quotes AS q
    WHERE q.organization_id = o.id AND q.retired_at IS NULL AND q.review_state <> 'rejected') AS last_at,
  o.seq
FROM organizations AS o
WHERE o.same_as = o.id AND EXISTS (SELECT 1 FROM quotes AS q
  WHERE q.organization_id = o.id AND q.retired_at IS NULL AND q.review_state <> 'rejected')
"""

_INSTRUMENT_RELATIONS = """
SELECT r.id, f.same_as AS from_id, t.same_as AS to_id, r.relation, r.on_date, r.article_id, r.start, r."end", r.text,
  a.url, a.sort_at
FROM relations AS r JOIN instrument_registry AS f ON f.id = r.from_node
  JOIN instrument_registry AS t ON t.id = r.to_node JOIN articles AS a ON a.id = r.article_id
WHERE r.retired_at IS NULL AND f.same_as <> t.same_as
"""

# An article may report one instrument twice: the first report counts. A DISTINCT subquery would read every policy, and
# without the unary plus SQLite would take the index by salience, which is nearly all of them.
_POLICY_REACTIONS = """
SELECT p.instrument_id, q.id AS quote_id, q.speaker, q.organization, q.role, q.speaker_type, q.article_id
FROM policies AS p JOIN quotes AS q ON q.article_id = p.article_id
WHERE p.instrument_id IS NOT NULL AND +p.salience = 'news' AND p.retired_at IS NULL AND p.review_state <> 'rejected'
  AND q.retired_at IS NULL AND q.review_state <> 'rejected'
  AND NOT EXISTS (
    SELECT 1 FROM policies AS earlier
    WHERE earlier.article_id = p.article_id AND earlier.instrument_id = p.instrument_id AND earlier.seq < p.seq
      AND +earlier.salience = 'news' AND earlier.retired_at IS NULL AND earlier.review_state <> 'rejected')
"""

_REVIEW_QUEUE = """
SELECT id, 'policy' AS kind, article_id, queue_reason AS reason, queue_rank AS rank, confidence, review_state,
  machine_state, seq
FROM policies WHERE queue_rank IS NOT NULL
UNION ALL
SELECT id, 'quote', article_id, queue_reason, queue_rank, confidence, review_state, machine_state, seq
FROM quotes WHERE queue_rank IS NOT NULL
ORDER BY 5, 6, 9 DESC
"""

_ATTACHMENTS = """
SELECT x.id, x.article_id, x.url, x.name, f.kind, CASE x.state WHEN 'kept' THEN f.state ELSE x.state END AS state,
  coalesce(x.why, f.why) AS why, f.text, f.size, f.digest, x.position, x.fetched_at, x.first_seen_at, f.reader_version,
  p.warc_file, p.warc_offset, a.source, a.language, a.published_at, r.title AS article_title, a.url AS article_url,
  a.duplicate_of, a.sort_at, x.seq
FROM annexes AS x JOIN articles AS a ON a.id = x.article_id JOIN revisions AS r ON r.id = a.revision_id
  LEFT JOIN annex_files AS f ON f.id = x.file_id LEFT JOIN pages AS p ON p.id = x.page_id
WHERE x.dropped_at IS NULL
"""

PUBLIC_VIEWS = MappingProxyType(
    {
        "articles_latest": _ARTICLES_LATEST,
        "policy_announcements": _POLICY_ANNOUNCEMENTS,
        "quotes_attributed": _QUOTES_ATTRIBUTED,
        "executive_quotes": _EXECUTIVE_QUOTES,
        "instruments": _INSTRUMENTS,
        "policy_reactions": _POLICY_REACTIONS,
        "instrument_relations": _INSTRUMENT_RELATIONS,
        "people": _PEOPLE,
        "organizations_quoted": _ORGANIZATIONS_QUOTED,
        "review_queue": _REVIEW_QUEUE,
        "attachments": _ATTACHMENTS,
        "numbering_gaps": NUMBERING_GAPS,
        "source_health": SOURCE_HEALTH.replace(":now", "strftime('%Y-%m-%dT%H:%M:%SZ', 'now')"),
    }
)
"""Name and SQL of every public view, in the order of the documentation."""


def replace_views(db: Database, *, only_check: bool = False) -> bool:
    """Bring the views of the file to those of this program; gives whether any had to change."""
    digest = hashlib.sha256(repr(sorted(PUBLIC_VIEWS.items())).encode()).hexdigest()
    known = db.conn.execute("SELECT value FROM meta WHERE key = 'views'").fetchone()
    if known and known[0] == digest:
        return False
    if only_check:
        return True
    for (name,) in db.conn.execute("SELECT name FROM sqlite_master WHERE type = 'view'").fetchall():
        db.conn.execute(f'DROP VIEW "{name}"')
    for name, sql in PUBLIC_VIEWS.items():
        db.conn.execute(f'CREATE VIEW "{name}" AS {sql}')
    db.conn.execute("INSERT OR REPLACE INTO meta (key, value) VALUES ('views', ?)", [digest])
    return True
