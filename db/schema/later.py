"""Attached files; full text in the order of time; users and viewers, watch rules, judgements, additions."""

ANNEXES = """
CREATE TABLE annex_files (
  id INTEGER PRIMARY KEY,
  digest TEXT NOT NULL UNIQUE,
  size INTEGER NOT NULL,
  kind TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('read', 'no_text', 'unreadable')),
  why TEXT,
  text TEXT NOT NULL,
  reader_version TEXT NOT NULL,
  read_at TEXT NOT NULL
) STRICT;

CREATE TABLE annexes (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  article_id TEXT NOT NULL REFERENCES articles (id),
  canonical_url TEXT NOT NULL,
  url TEXT NOT NULL,
  name TEXT NOT NULL,
  position INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('due', 'kept', 'failed', 'refused')),
  why TEXT,
  attempts INTEGER NOT NULL DEFAULT 0,
  page_id INTEGER REFERENCES pages (id),
  file_id INTEGER REFERENCES annex_files (id),
  first_seen_at TEXT NOT NULL,
  fetched_at TEXT,
  dropped_at TEXT,
  UNIQUE (article_id, canonical_url)
) STRICT;
CREATE INDEX annexes_by_url ON annexes (canonical_url);
CREATE INDEX annexes_by_file ON annexes (file_id) WHERE file_id IS NOT NULL;
CREATE INDEX annexes_to_fetch ON annexes (state, seq) WHERE state IN ('due', 'failed') AND dropped_at IS NULL;

CREATE VIRTUAL TABLE annexes_fts USING fts5 (name, text, tokenize = 'unicode61 remove_diacritics 2');
"""

SEARCH_BY_TIME = """
ALTER TABLE articles ADD COLUMN place INTEGER;
ALTER TABLE quotes ADD COLUMN place INTEGER;
ALTER TABLE policies ADD COLUMN place INTEGER;
ALTER TABLE annexes ADD COLUMN place INTEGER;
CREATE UNIQUE INDEX articles_by_place ON articles (place);
CREATE UNIQUE INDEX quotes_by_place ON quotes (place);
CREATE UNIQUE INDEX policies_by_place ON policies (place);
CREATE UNIQUE INDEX annexes_by_place ON annexes (place);
DROP TABLE articles_fts;
DROP TABLE quotes_fts;
DROP TABLE policies_fts;
DROP TABLE annexes_fts;
CREATE VIRTUAL TABLE articles_fts USING fts5 (title, text, number, tags, tokenize = 'unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE quotes_fts USING fts5 (
  text, speaker, title, organization, tags, tokenize = 'unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE policies_fts USING fts5 (
  title, number, issuers, evidence, regions, sectors, entities, tags, tokenize = 'unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE annexes_fts USING fts5 (name, text, tags, tokenize = 'unicode61 remove_diacritics 2');
"""

ARCHIVE_MARKS = """
CREATE TABLE archive_marks (
  source TEXT PRIMARY KEY,
  warc_file TEXT NOT NULL,
  warc_offset INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
"""

CLAIMS = """
CREATE TABLE claims (
  statement_id TEXT PRIMARY KEY,
  reviewer TEXT NOT NULL,
  until TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX claims_by_end ON claims (until, statement_id, reviewer);
"""

VIEWERS_AND_WEEKLY_COUNTS = """
CREATE TABLE viewers (
  viewer TEXT PRIMARY KEY,
  since_at TEXT,
  since_policy INTEGER NOT NULL,
  since_quote INTEGER NOT NULL,
  active_at TEXT NOT NULL,
  shown_policy INTEGER NOT NULL,
  shown_quote INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX policies_weekly ON policies (action, sort_at)
  WHERE salience = 'news' AND retired_at IS NULL AND review_state <> 'rejected';
-- what the views leave out is left out of the index too, so that counting needs no look at a row
DROP INDEX quotes_by_role;
CREATE INDEX quotes_by_role ON quotes (role, sort_at, seq) WHERE retired_at IS NULL AND review_state <> 'rejected';
"""

USERS = """
CREATE TABLE users (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL UNIQUE,
  role TEXT NOT NULL CHECK (role IN ('reader', 'reviewer', 'admin')),
  email TEXT,
  password TEXT NOT NULL,
  created_at TEXT NOT NULL,
  password_at TEXT NOT NULL,
  disabled_at TEXT
) STRICT;

CREATE TABLE sessions (
  id INTEGER PRIMARY KEY,
  digest TEXT NOT NULL UNIQUE,
  user_id INTEGER NOT NULL REFERENCES users (id),
  created_at TEXT NOT NULL,
  seen_at TEXT NOT NULL,
  expires_at TEXT NOT NULL,
  address TEXT NOT NULL,
  agent TEXT NOT NULL
) STRICT;
CREATE INDEX sessions_by_user ON sessions (user_id, seen_at);
CREATE INDEX sessions_by_end ON sessions (expires_at);

CREATE TABLE login_attempts (
  id INTEGER PRIMARY KEY,
  account TEXT NOT NULL,
  address TEXT NOT NULL,
  attempted_at TEXT NOT NULL
) STRICT;
CREATE INDEX login_attempts_by_account ON login_attempts (account, address, attempted_at);
CREATE INDEX login_attempts_of_account ON login_attempts (account, attempted_at);
CREATE INDEX login_attempts_by_address ON login_attempts (address, attempted_at);
CREATE INDEX login_attempts_by_time ON login_attempts (attempted_at);
"""

WATCH_RULES = """
CREATE TABLE rules (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  owner TEXT NOT NULL,
  origin TEXT NOT NULL CHECK (origin IN ('site', 'configuration')),
  settings TEXT NOT NULL CHECK (json_valid(settings)),
  version INTEGER NOT NULL,
  created_at TEXT NOT NULL,
  changed_at TEXT NOT NULL,
  deleted_at TEXT
) STRICT;
CREATE UNIQUE INDEX rules_by_name ON rules (origin, owner, name COLLATE NOCASE) WHERE deleted_at IS NULL;

CREATE TABLE rule_versions (
  id INTEGER PRIMARY KEY,
  rule_id INTEGER NOT NULL REFERENCES rules (id),
  version INTEGER NOT NULL,
  change TEXT NOT NULL CHECK (change IN ('created', 'edited', 'paused', 'resumed', 'deleted', 'restored')),
  changed_by TEXT NOT NULL,
  changed_at TEXT NOT NULL,
  settings TEXT NOT NULL CHECK (json_valid(settings)),
  UNIQUE (rule_id, version)
) STRICT;
CREATE TRIGGER rule_versions_are_never_changed BEFORE UPDATE ON rule_versions
BEGIN SELECT RAISE(ABORT, 'a version of a rule is an event: it is never changed'); END;
CREATE TRIGGER rule_versions_are_never_deleted BEFORE DELETE ON rule_versions
BEGIN SELECT RAISE(ABORT, 'a version of a rule is an event: it is never deleted'); END;
"""

MATCHES_OF_RULES = """
CREATE TABLE matches_of_rules (
  id INTEGER PRIMARY KEY,
  rule_id INTEGER NOT NULL REFERENCES rules (id),
  rule TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('article', 'quote', 'policy')),
  target_id TEXT NOT NULL,
  article_id TEXT NOT NULL REFERENCES articles (id),
  recipient TEXT NOT NULL,
  why TEXT NOT NULL CHECK (json_valid(why)),
  matched_at TEXT NOT NULL,
  outbox_id INTEGER REFERENCES outbox (id),
  dropped TEXT,
  UNIQUE (rule_id, target_id, recipient)
) STRICT;
INSERT INTO matches_of_rules
SELECT m.id, r.id, m.rule, m.kind, m.target_id, m.article_id, m.recipient, m.why, m.matched_at, m.outbox_id, NULL
FROM alert_matches AS m JOIN rules AS r ON r.name = m.rule;
DROP TABLE alert_matches;
ALTER TABLE matches_of_rules RENAME TO alert_matches;
CREATE INDEX alert_matches_by_article ON alert_matches (article_id, rule_id, recipient);
CREATE INDEX alert_matches_by_rule ON alert_matches (rule_id, matched_at, target_id);
CREATE INDEX alert_matches_by_recipient ON alert_matches (rule_id, recipient, id);
CREATE INDEX alert_matches_by_name ON alert_matches (rule, kind, id);
CREATE INDEX alert_matches_of_rule ON alert_matches (rule_id, id);
CREATE INDEX alert_matches_waiting ON alert_matches (rule_id, id) WHERE outbox_id IS NULL AND dropped IS NULL;
"""

JUDGEMENTS_AND_SAMPLES = """
CREATE TABLE decision_batches (
  id INTEGER PRIMARY KEY,
  reviewer TEXT NOT NULL,
  filters TEXT NOT NULL CHECK (json_valid(filters)),
  prepared_at TEXT NOT NULL,
  accepted_at TEXT,
  undone_at TEXT
) STRICT;

CREATE TABLE batch_items (
  batch_id INTEGER NOT NULL REFERENCES decision_batches (id),
  position INTEGER NOT NULL,
  statement_id TEXT NOT NULL,
  last_decision INTEGER NOT NULL,
  digest TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'accepted', 'passed', 'undone')),
  PRIMARY KEY (batch_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX batch_items_by_state ON batch_items (batch_id, state, position);

ALTER TABLE decisions ADD COLUMN confidence REAL;
ALTER TABLE decisions ADD COLUMN batch_id INTEGER REFERENCES decision_batches (id);

CREATE TABLE judgements (
  statement_id TEXT NOT NULL,
  extractor_version TEXT NOT NULL,
  decision_id INTEGER NOT NULL REFERENCES decisions (id),
  kind TEXT NOT NULL CHECK (kind IN ('quote', 'policy')),
  source TEXT,
  confidence REAL,
  outcome TEXT NOT NULL CHECK (outcome IN ('right', 'wrong', 'rejected', 'missed')),
  fields TEXT NOT NULL CHECK (json_valid(fields)),
  batch INTEGER NOT NULL,
  PRIMARY KEY (statement_id, extractor_version)
) STRICT, WITHOUT ROWID;
CREATE INDEX judgements_read ON judgements (
  decision_id DESC, kind, extractor_version, source, confidence, outcome, fields) WHERE batch = 0;
CREATE INDEX judgements_of_batches ON judgements (decision_id) WHERE batch = 1;

CREATE TABLE samples (
  id INTEGER PRIMARY KEY,
  seed TEXT NOT NULL,
  size INTEGER NOT NULL,
  drawn_by TEXT NOT NULL,
  drawn_at TEXT NOT NULL
) STRICT;

CREATE TABLE sample_items (
  sample_id INTEGER NOT NULL REFERENCES samples (id),
  position INTEGER NOT NULL,
  statement_id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('quote', 'policy')),
  decision_id INTEGER NOT NULL REFERENCES decisions (id),
  first_reviewer TEXT NOT NULL,
  first_label TEXT NOT NULL CHECK (first_label IN ('right', 'wrong', 'rejected')),
  second_reviewer TEXT,
  second_label TEXT CHECK (second_label IN ('right', 'wrong', 'rejected')),
  second_values TEXT CHECK (second_values IS NULL OR json_valid(second_values)),
  second_reason TEXT,
  read_at TEXT,
  PRIMARY KEY (sample_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX sample_items_unread ON sample_items (sample_id, position, first_reviewer) WHERE second_label IS NULL;
CREATE INDEX sample_items_read ON sample_items (read_at, kind, first_label, second_label)
WHERE second_label IS NOT NULL;
"""

ADDITIONS = """
CREATE TABLE additions (
  statement_id TEXT PRIMARY KEY,
  reviewer TEXT NOT NULL,
  added_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
"""

STATUS_AT_ANY_SIZE = """
CREATE INDEX runs_by_job_and_source ON runs (job, source, id);
CREATE INDEX runs_good ON runs (source, id) WHERE state IN ('ok', 'partial');
CREATE INDEX issues_open_by_kind ON issues (source, kind, last_seen_at, id) WHERE closed_at IS NULL;
CREATE INDEX owed_waiting ON owed (source) WHERE next_attempt_at IS NOT NULL;
CREATE INDEX owed_given_up ON owed (source) WHERE next_attempt_at IS NULL;
CREATE INDEX outbox_by_due ON outbox (due_at) WHERE state IN ('due', 'claimed');
DROP INDEX articles_by_number;
CREATE INDEX articles_by_number ON articles (number_key, language, source, sort_at, published_at)
WHERE number_key IS NOT NULL;
"""

JOB_STATES = """
CREATE TABLE job_states (
  name TEXT PRIMARY KEY,
  source TEXT,
  state TEXT NOT NULL
    CHECK (state IN ('waiting', 'running', 'ok', 'failed', 'stuck', 'stopped', 'lost', 'jumped')),
  due_at TEXT,
  next_at TEXT,
  last_started_at TEXT,
  last_ended_at TEXT,
  last_ok_at TEXT,
  failures INTEGER NOT NULL DEFAULT 0,
  missed INTEGER NOT NULL DEFAULT 0,
  missed_since TEXT,
  detail TEXT,
  pid INTEGER,
  process TEXT,
  changed_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
ALTER TABLE runs ADD COLUMN missed INTEGER NOT NULL DEFAULT 0;
"""

REPORTS_WHOLE = """
ALTER TABLE instrument_reports RENAME TO old_instrument_reports;
CREATE TABLE instrument_reports (
  node TEXT NOT NULL REFERENCES instrument_registry (id),
  name_key TEXT NOT NULL,
  issued_on TEXT NOT NULL,
  instrument TEXT NOT NULL,
  draft INTEGER NOT NULL,
  lead TEXT NOT NULL,
  title TEXT NOT NULL,
  numbered INTEGER NOT NULL,
  PRIMARY KEY (node, name_key, issued_on, instrument, draft, lead, title)
) STRICT, WITHOUT ROWID;
INSERT INTO instrument_reports SELECT * FROM old_instrument_reports;
DROP TABLE old_instrument_reports;
CREATE INDEX instrument_reports_by_issuer ON instrument_reports (lead, issued_on);
CREATE INDEX instrument_reports_by_name ON instrument_reports (name_key, lead);
"""

MARKS_BY_DAY = """
CREATE TABLE marks_by_day (
  mark INTEGER NOT NULL,
  day TEXT NOT NULL,
  article_id TEXT NOT NULL REFERENCES articles (id),
  PRIMARY KEY (mark, day, article_id)
) STRICT, WITHOUT ROWID;
INSERT INTO marks_by_day (mark, day, article_id)
SELECT m.mark, substr(a.sort_at, 1, 10), m.article_id FROM lead_marks AS m JOIN articles AS a ON a.id = m.article_id;
DROP TABLE lead_marks;
ALTER TABLE marks_by_day RENAME TO lead_marks;
CREATE INDEX lead_marks_by_article ON lead_marks (article_id);
DROP INDEX articles_by_title;
CREATE INDEX articles_by_title ON articles (title_key, source, sort_at) WHERE title_key IS NOT NULL;
"""

ARTICLES_BY_REVISION = """
CREATE INDEX articles_by_revision ON articles (revision_id);
"""
