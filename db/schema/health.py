"""The tables behind `db/health/`, of the migration that added them; never edited once it has shipped."""

from __future__ import annotations

SOURCE_HEALTH_TABLES = """
CREATE TABLE source_days (
  source TEXT NOT NULL,
  day TEXT NOT NULL,
  articles INTEGER NOT NULL,
  late INTEGER NOT NULL,
  quotes INTEGER NOT NULL,
  announcements INTEGER NOT NULL,
  crawled INTEGER NOT NULL,
  PRIMARY KEY (source, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE health_states (
  source TEXT NOT NULL,
  route TEXT NOT NULL,
  state TEXT NOT NULL,
  since TEXT,
  pending TEXT,
  pending_since TEXT,
  looks INTEGER NOT NULL,
  relapses INTEGER NOT NULL,
  recovered_at TEXT,
  told INTEGER NOT NULL,
  well_from TEXT,
  evaluated_at TEXT NOT NULL,
  verdict TEXT NOT NULL,
  reasons TEXT NOT NULL CHECK (json_valid(reasons)),
  PRIMARY KEY (source, route)
) STRICT, WITHOUT ROWID;

CREATE TABLE health_transitions (
  id INTEGER PRIMARY KEY,
  source TEXT NOT NULL,
  route TEXT NOT NULL,
  from_state TEXT NOT NULL,
  to_state TEXT NOT NULL,
  at TEXT NOT NULL,
  since TEXT,
  reasons TEXT NOT NULL CHECK (json_valid(reasons)),
  expected REAL,
  actual REAL,
  layout TEXT,
  selector TEXT,
  last_good_url TEXT,
  last_good_page INTEGER REFERENCES pages (id),
  first_bad_url TEXT,
  first_bad_page INTEGER REFERENCES pages (id),
  tell INTEGER NOT NULL
) STRICT;
CREATE INDEX health_transitions_by_source ON health_transitions (source, id);
CREATE INDEX health_transitions_to_tell ON health_transitions (at) WHERE tell;
CREATE TRIGGER health_transitions_are_never_changed BEFORE UPDATE ON health_transitions
BEGIN SELECT RAISE(ABORT, 'a transition is an event: it is never changed'); END;
CREATE TRIGGER health_transitions_are_never_deleted BEFORE DELETE ON health_transitions
BEGIN SELECT RAISE(ABORT, 'a transition is an event: it is never deleted'); END;

CREATE TABLE health_told (
  transition_id INTEGER PRIMARY KEY REFERENCES health_transitions (id),
  told_at TEXT NOT NULL,
  outbox_id INTEGER REFERENCES outbox (id)
) STRICT;

ALTER TABLE routes ADD COLUMN url TEXT;
"""

LAST_OF_ROUTES = """
ALTER TABLE health_states ADD COLUMN last_good_at TEXT;
ALTER TABLE health_states ADD COLUMN last_new_at TEXT;
"""
