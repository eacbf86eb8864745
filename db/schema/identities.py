"""The tables behind `db/links/identities.py`, of the migration that added them; never edited once it has shipped.

A node of an older file stands for itself until `policywire reprocess`, or the next store of an article that names it.
"""

from __future__ import annotations

IDENTITIES = """
ALTER TABLE persons ADD COLUMN same_as TEXT;
ALTER TABLE persons ADD COLUMN same_reason TEXT;
ALTER TABLE organizations ADD COLUMN same_as TEXT;
ALTER TABLE organizations ADD COLUMN same_reason TEXT;
ALTER TABLE instrument_registry ADD COLUMN same_as TEXT;
ALTER TABLE instrument_registry ADD COLUMN same_reason TEXT;
ALTER TABLE instrument_registry ADD COLUMN title_rank TEXT;
ALTER TABLE instrument_registry ADD COLUMN title_en TEXT;
ALTER TABLE instrument_registry ADD COLUMN title_en_rank TEXT;
ALTER TABLE instrument_registry ADD COLUMN title_zh TEXT;
ALTER TABLE instrument_registry ADD COLUMN title_zh_rank TEXT;
ALTER TABLE instrument_registry ADD COLUMN number_rank TEXT;
ALTER TABLE instrument_registry ADD COLUMN effective_on TEXT;
ALTER TABLE quotes ADD COLUMN person_node TEXT;
ALTER TABLE quotes ADD COLUMN organization_node TEXT;
ALTER TABLE policies ADD COLUMN instrument_node TEXT;
UPDATE persons SET same_as = id;
UPDATE organizations SET same_as = id;
UPDATE instrument_registry SET same_as = id;
UPDATE quotes SET person_node = person_id, organization_node = organization_id;
UPDATE policies SET instrument_node = instrument_id;
CREATE INDEX persons_by_group ON persons (same_as);
CREATE INDEX organizations_by_group ON organizations (same_as);
CREATE INDEX instruments_by_group ON instrument_registry (same_as);
CREATE INDEX instruments_by_lead ON instrument_registry (lead_issuer, issued_on DESC) WHERE same_as = id;
DROP INDEX instruments_by_issuer;
DROP INDEX instruments_by_name;

-- with all that a person's posts and counts need, so that a spokesperson with 50,000 quotes costs no row
DROP INDEX quotes_by_person;
CREATE INDEX quotes_by_person ON quotes (person_id, sort_at, seq, organization_id, title, retired_at, review_state)
WHERE person_id IS NOT NULL;
ALTER TABLE organizations ADD COLUMN name_zh TEXT;

CREATE TABLE person_spellings (
  spelling TEXT NOT NULL,
  person_id TEXT NOT NULL REFERENCES persons (id),
  PRIMARY KEY (spelling, person_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX person_spellings_by_person ON person_spellings (person_id);

CREATE TABLE instrument_reports (
  node TEXT NOT NULL REFERENCES instrument_registry (id),
  name_key TEXT NOT NULL,
  issued_on TEXT NOT NULL,
  instrument TEXT NOT NULL,
  draft INTEGER NOT NULL,
  lead TEXT NOT NULL,
  title TEXT NOT NULL,
  numbered INTEGER NOT NULL,
  PRIMARY KEY (node, name_key, issued_on, instrument, draft)
) STRICT, WITHOUT ROWID;
CREATE INDEX instrument_reports_by_issuer ON instrument_reports (lead, issued_on);
CREATE INDEX instrument_reports_by_name ON instrument_reports (name_key, lead);

CREATE TABLE relations (
  id INTEGER PRIMARY KEY,
  article_id TEXT NOT NULL REFERENCES articles (id),
  from_node TEXT NOT NULL REFERENCES instrument_registry (id),
  to_node TEXT NOT NULL REFERENCES instrument_registry (id),
  relation TEXT NOT NULL,
  on_date TEXT,
  start INTEGER NOT NULL,
  "end" INTEGER NOT NULL,
  text TEXT NOT NULL,
  first_seen_at TEXT NOT NULL,
  retired_at TEXT,
  UNIQUE (article_id, from_node, to_node, relation)
) STRICT;
CREATE INDEX relations_by_first ON relations (from_node) WHERE retired_at IS NULL;
CREATE INDEX relations_by_second ON relations (to_node) WHERE retired_at IS NULL;

CREATE TABLE identity_edges (
  a TEXT NOT NULL,
  b TEXT NOT NULL,
  article_id TEXT NOT NULL,
  strength REAL NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (a, b, article_id),
  CHECK (a < b)
) STRICT, WITHOUT ROWID;
CREATE INDEX identity_edges_by_second ON identity_edges (b);
CREATE INDEX identity_edges_by_article ON identity_edges (article_id) WHERE article_id <> '';

CREATE TABLE identity_events (
  id INTEGER PRIMARY KEY,
  event TEXT NOT NULL CHECK (event IN ('merge', 'split', 'move', 'undo')),
  sort TEXT NOT NULL CHECK (sort IN ('instrument', 'person', 'organization')),
  by TEXT NOT NULL,
  at TEXT NOT NULL,
  reason TEXT,
  identity TEXT NOT NULL,
  other TEXT,
  statements TEXT NOT NULL CHECK (json_valid(statements)),
  undoes INTEGER UNIQUE REFERENCES identity_events (id),
  CHECK ((event = 'undo') = (undoes IS NOT NULL))
) STRICT;
CREATE INDEX identity_events_by_identity ON identity_events (identity, id);
CREATE INDEX identity_events_by_other ON identity_events (other, id) WHERE other IS NOT NULL;
CREATE TRIGGER identity_events_are_never_changed BEFORE UPDATE ON identity_events
BEGIN SELECT RAISE(ABORT, 'a merge or split is an event: it is never changed'); END;
CREATE TRIGGER identity_events_are_never_deleted BEFORE DELETE ON identity_events
BEGIN SELECT RAISE(ABORT, 'a merge or split is an event: it is never deleted'); END;

CREATE TABLE identity_rulings (
  id INTEGER PRIMARY KEY,
  event_id INTEGER NOT NULL REFERENCES identity_events (id),
  ruling TEXT NOT NULL CHECK (ruling IN ('same', 'apart', 'assigned')),
  a TEXT NOT NULL,
  b TEXT NOT NULL,
  reason TEXT NOT NULL
) STRICT;
CREATE INDEX identity_rulings_by_first ON identity_rulings (a);
CREATE INDEX identity_rulings_by_second ON identity_rulings (b);
CREATE INDEX identity_rulings_by_event ON identity_rulings (event_id);
"""

QUOTES_BY_ORGANIZATION = """
DROP INDEX quotes_by_organization;
CREATE INDEX quotes_by_organization ON quotes (organization_id, sort_at, seq, retired_at, review_state)
WHERE organization_id IS NOT NULL;
"""
