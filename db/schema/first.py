"""The tables of the first versions: what a crawl stores, its frontier."""

FIRST_SCHEMA = """
CREATE TABLE meta (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;

CREATE TABLE runs (
  id INTEGER PRIMARY KEY,
  job TEXT NOT NULL,
  source TEXT,
  pid INTEGER NOT NULL,
  process TEXT NOT NULL,
  due_at TEXT,
  started_at TEXT NOT NULL,
  finished_at TEXT,
  state TEXT NOT NULL CHECK (state IN ('running', 'ok', 'partial', 'failed', 'lost')),
  reason TEXT,
  listings INTEGER NOT NULL DEFAULT 0,
  articles_fetched INTEGER NOT NULL DEFAULT 0,
  new INTEGER NOT NULL DEFAULT 0,
  revised INTEGER NOT NULL DEFAULT 0,
  unchanged INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0,
  bytes_received INTEGER NOT NULL DEFAULT 0,
  errors INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX runs_by_source ON runs (source, id);
CREATE INDEX runs_by_job ON runs (job, id);
CREATE INDEX runs_open ON runs (id) WHERE state = 'running';

CREATE TABLE routes (
  run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  route TEXT NOT NULL,
  state TEXT NOT NULL,
  links INTEGER NOT NULL,
  new INTEGER NOT NULL,
  detail TEXT,
  PRIMARY KEY (run_id, route)
) STRICT, WITHOUT ROWID;

CREATE TABLE articles (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  source TEXT NOT NULL,
  canonical_url TEXT NOT NULL UNIQUE,
  url TEXT NOT NULL,
  kind TEXT NOT NULL,
  language TEXT NOT NULL,
  number_key TEXT,
  title_key TEXT,
  published_at TEXT,
  sort_at TEXT NOT NULL,
  duplicate_of TEXT REFERENCES articles (id),
  duplicate_reason TEXT,
  revision_id INTEGER REFERENCES revisions (id) DEFERRABLE INITIALLY DEFERRED,
  listed_at TEXT,
  first_seen_at TEXT NOT NULL,
  last_seen_at TEXT NOT NULL,
  gone_at TEXT
) STRICT;
CREATE INDEX articles_by_time ON articles (sort_at, seq);
CREATE INDEX articles_by_source ON articles (source, sort_at, seq);
CREATE INDEX articles_by_number ON articles (number_key, language) WHERE number_key IS NOT NULL;
CREATE INDEX articles_by_title ON articles (title_key, source) WHERE title_key IS NOT NULL;
CREATE INDEX articles_by_duplicate ON articles (duplicate_of) WHERE duplicate_of IS NOT NULL;

CREATE TABLE article_urls (
  canonical_url TEXT PRIMARY KEY,
  url TEXT NOT NULL,
  article_id TEXT NOT NULL REFERENCES articles (id),
  reason TEXT NOT NULL CHECK (reason IN ('primary', 'redirect', 'part', 'same_document')),
  first_seen_at TEXT NOT NULL
) STRICT;
CREATE INDEX article_urls_by_article ON article_urls (article_id);

CREATE TABLE lead_marks (
  mark INTEGER NOT NULL,
  article_id TEXT NOT NULL REFERENCES articles (id),
  PRIMARY KEY (mark, article_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX lead_marks_by_article ON lead_marks (article_id);

CREATE TABLE revisions (
  id INTEGER PRIMARY KEY,
  article_id TEXT NOT NULL REFERENCES articles (id),
  revision INTEGER NOT NULL,
  title TEXT,
  text TEXT NOT NULL,
  authors TEXT NOT NULL CHECK (json_valid(authors)),
  credit TEXT,
  section TEXT NOT NULL CHECK (json_valid(section)),
  language TEXT NOT NULL,
  kind TEXT NOT NULL,
  published_at TEXT,
  updated_at TEXT,
  number TEXT,
  header TEXT NOT NULL CHECK (json_valid(header)),
  captions TEXT NOT NULL CHECK (json_valid(captions)),
  attachments TEXT NOT NULL CHECK (json_valid(attachments)),
  editors TEXT NOT NULL CHECK (json_valid(editors)),
  links TEXT NOT NULL CHECK (json_valid(links)),
  translations TEXT NOT NULL CHECK (json_valid(translations)),
  layout TEXT NOT NULL,
  digest TEXT NOT NULL,
  text_digest TEXT NOT NULL,
  difference TEXT CHECK (difference IS NULL OR json_valid(difference)),
  seen_at TEXT NOT NULL,
  parser_version TEXT NOT NULL,
  extractor_version TEXT NOT NULL,
  run_id INTEGER REFERENCES runs (id),
  UNIQUE (article_id, revision)
) STRICT;

CREATE TABLE pages (
  id INTEGER PRIMARY KEY,
  url TEXT NOT NULL,
  canonical_url TEXT NOT NULL,
  final_url TEXT,
  source TEXT NOT NULL,
  kind TEXT NOT NULL,
  status INTEGER NOT NULL,
  fetched_at TEXT NOT NULL,
  digest TEXT NOT NULL,
  size INTEGER NOT NULL,
  etag TEXT,
  last_modified TEXT,
  warc_file TEXT,
  warc_offset INTEGER,
  warc_length INTEGER,
  outcome TEXT NOT NULL,
  listed_at TEXT,
  article_id TEXT REFERENCES articles (id),
  revision_id INTEGER REFERENCES revisions (id),
  parser_version TEXT,
  run_id INTEGER REFERENCES runs (id)
) STRICT;
CREATE UNIQUE INDEX pages_by_record ON pages (warc_file, warc_offset) WHERE warc_file IS NOT NULL;
CREATE INDEX pages_by_url ON pages (canonical_url, id);
CREATE INDEX pages_by_article ON pages (article_id, id) WHERE article_id IS NOT NULL;
CREATE INDEX pages_by_revision ON pages (revision_id) WHERE revision_id IS NOT NULL;

CREATE TABLE organizations (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  key TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL
) STRICT;

CREATE TABLE persons (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  key TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  organization_id TEXT REFERENCES organizations (id)
) STRICT;
CREATE INDEX persons_by_organization ON persons (organization_id) WHERE organization_id IS NOT NULL;

CREATE TABLE instrument_registry (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  number_key TEXT UNIQUE,
  lead_issuer TEXT,
  issued_on TEXT,
  name_key TEXT NOT NULL,
  instrument TEXT NOT NULL,
  number TEXT,
  title TEXT NOT NULL,
  issuers TEXT NOT NULL CHECK (json_valid(issuers)),
  official_url TEXT
) STRICT;
CREATE INDEX instruments_by_issuer ON instrument_registry (lead_issuer, issued_on);
CREATE INDEX instruments_by_name ON instrument_registry (name_key);

CREATE TABLE quotes (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  article_id TEXT NOT NULL REFERENCES articles (id),
  revision_id INTEGER NOT NULL REFERENCES revisions (id),
  position INTEGER NOT NULL,
  sort_at TEXT NOT NULL,
  text TEXT NOT NULL,
  start INTEGER NOT NULL,
  "end" INTEGER NOT NULL,
  kind TEXT NOT NULL,
  cue TEXT NOT NULL,
  speaker TEXT NOT NULL,
  speaker_type TEXT NOT NULL,
  role TEXT,
  title TEXT,
  organization TEXT,
  person_id TEXT REFERENCES persons (id),
  person_reason TEXT,
  organization_id TEXT REFERENCES organizations (id),
  organization_reason TEXT,
  confidence REAL,
  machine TEXT CHECK (machine IS NULL OR json_valid(machine)),
  machine_state TEXT NOT NULL DEFAULT 'same' CHECK (machine_state IN ('same', 'changed', 'gone')),
  review_state TEXT NOT NULL DEFAULT 'open' CHECK (review_state IN ('open', 'accepted', 'corrected', 'rejected')),
  queue_rank INTEGER,
  queue_reason TEXT,
  extractor_version TEXT NOT NULL,
  first_seen_at TEXT NOT NULL,
  retired_at TEXT,
  retired_reason TEXT
) STRICT;
CREATE INDEX quotes_by_article ON quotes (article_id, start);
CREATE INDEX quotes_by_time ON quotes (sort_at, seq) WHERE retired_at IS NULL;
CREATE INDEX quotes_by_role ON quotes (role, sort_at, seq) WHERE retired_at IS NULL;
CREATE INDEX quotes_by_person ON quotes (person_id, sort_at, seq) WHERE person_id IS NOT NULL;
CREATE INDEX quotes_by_organization ON quotes (organization_id, sort_at, seq) WHERE organization_id IS NOT NULL;
CREATE INDEX quotes_to_review ON quotes (queue_rank, confidence, seq DESC) WHERE queue_rank IS NOT NULL;

CREATE TABLE policies (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  article_id TEXT NOT NULL REFERENCES articles (id),
  revision_id INTEGER NOT NULL REFERENCES revisions (id),
  position INTEGER NOT NULL,
  sort_at TEXT NOT NULL,
  title TEXT NOT NULL,
  instrument TEXT NOT NULL,
  number TEXT,
  issuers TEXT NOT NULL CHECK (json_valid(issuers)),
  issued_on TEXT,
  effective_on TEXT,
  status TEXT NOT NULL,
  salience TEXT NOT NULL,
  action TEXT NOT NULL,
  regions TEXT NOT NULL CHECK (json_valid(regions)),
  sectors TEXT NOT NULL CHECK (json_valid(sectors)),
  entities TEXT NOT NULL CHECK (json_valid(entities)),
  evidence TEXT NOT NULL CHECK (json_valid(evidence)),
  instrument_id TEXT REFERENCES instrument_registry (id),
  instrument_reason TEXT,
  confidence REAL,
  machine TEXT CHECK (machine IS NULL OR json_valid(machine)),
  machine_state TEXT NOT NULL DEFAULT 'same' CHECK (machine_state IN ('same', 'changed', 'gone')),
  review_state TEXT NOT NULL DEFAULT 'open' CHECK (review_state IN ('open', 'accepted', 'corrected', 'rejected')),
  queue_rank INTEGER,
  queue_reason TEXT,
  extractor_version TEXT NOT NULL,
  first_seen_at TEXT NOT NULL,
  retired_at TEXT,
  retired_reason TEXT
) STRICT;
CREATE INDEX policies_by_article ON policies (article_id, position);
CREATE INDEX policies_by_instrument ON policies (instrument_id, sort_at, seq) WHERE instrument_id IS NOT NULL;
CREATE INDEX policies_by_time ON policies (sort_at, seq) WHERE retired_at IS NULL;
CREATE INDEX policies_by_salience ON policies (salience, sort_at, seq) WHERE retired_at IS NULL;
CREATE INDEX policies_by_action ON policies (action, sort_at, seq) WHERE retired_at IS NULL;
CREATE INDEX policies_by_date ON policies (issued_on, seq) WHERE retired_at IS NULL;
CREATE INDEX policies_to_review ON policies (queue_rank, confidence, seq DESC) WHERE queue_rank IS NOT NULL;

CREATE TABLE decisions (
  id INTEGER PRIMARY KEY,
  statement_id TEXT NOT NULL,
  reviewer TEXT NOT NULL,
  decided_at TEXT NOT NULL,
  decision TEXT NOT NULL CHECK (decision IN ('accept', 'correct', 'reject', 'undo')),
  old_values TEXT NOT NULL CHECK (json_valid(old_values)),
  new_values TEXT NOT NULL CHECK (json_valid(new_values)),
  machine TEXT NOT NULL CHECK (json_valid(machine)),
  undoes INTEGER UNIQUE REFERENCES decisions (id),
  reason TEXT,
  extractor_version TEXT NOT NULL,
  CHECK ((decision = 'undo') = (undoes IS NOT NULL))
) STRICT;
CREATE INDEX decisions_by_statement ON decisions (statement_id, id);
CREATE INDEX decisions_by_time ON decisions (decided_at);
CREATE TRIGGER decisions_are_never_changed BEFORE UPDATE ON decisions
BEGIN SELECT RAISE(ABORT, 'a decision is an event: it is never changed'); END;
CREATE TRIGGER decisions_are_never_deleted BEFORE DELETE ON decisions
BEGIN SELECT RAISE(ABORT, 'a decision is an event: it is never deleted'); END;

CREATE TABLE issues (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  source TEXT NOT NULL,
  url TEXT NOT NULL,
  detail TEXT NOT NULL,
  selector TEXT,
  version TEXT,
  page_id INTEGER REFERENCES pages (id),
  run_id INTEGER REFERENCES runs (id),
  first_seen_at TEXT NOT NULL,
  last_seen_at TEXT NOT NULL,
  times INTEGER NOT NULL DEFAULT 1,
  closed_at TEXT,
  closed_reason TEXT
) STRICT;
CREATE INDEX issues_open ON issues (url, kind) WHERE closed_at IS NULL;
CREATE INDEX issues_by_source ON issues (source, last_seen_at);

CREATE TABLE outbox (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL,
  recipient TEXT NOT NULL,
  rule TEXT,
  article_id TEXT REFERENCES articles (id),
  subject TEXT NOT NULL,
  text TEXT NOT NULL,
  html TEXT,
  headers TEXT NOT NULL CHECK (json_valid(headers)),
  state TEXT NOT NULL CHECK (state IN ('due', 'claimed', 'sent', 'dead')),
  created_at TEXT NOT NULL,
  due_at TEXT NOT NULL,
  next_attempt_at TEXT NOT NULL,
  lease_until TEXT,
  lease_token TEXT,
  attempts INTEGER NOT NULL DEFAULT 0,
  last_error TEXT,
  sent_at TEXT,
  response TEXT,
  UNIQUE (key, recipient)
) STRICT;
CREATE INDEX outbox_waiting ON outbox (next_attempt_at, id) WHERE state IN ('due', 'claimed');
CREATE INDEX outbox_by_state ON outbox (state, id);

CREATE TABLE alert_matches (
  id INTEGER PRIMARY KEY,
  rule TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('article', 'quote', 'policy')),
  target_id TEXT NOT NULL,
  article_id TEXT NOT NULL REFERENCES articles (id),
  recipient TEXT NOT NULL,
  why TEXT NOT NULL CHECK (json_valid(why)),
  matched_at TEXT NOT NULL,
  outbox_id INTEGER REFERENCES outbox (id),
  UNIQUE (rule, target_id, recipient)
) STRICT;
CREATE INDEX alert_matches_by_article ON alert_matches (article_id);
CREATE INDEX alert_matches_undelivered ON alert_matches (recipient, rule) WHERE outbox_id IS NULL;
"""

# `separate` in db/finding/fulltext.py puts an invisible separator around each CJK character: each becomes a token.
FULL_TEXT = """
CREATE VIRTUAL TABLE articles_fts USING fts5 (title, text, number, tokenize = 'unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE quotes_fts USING fts5 (
  text, speaker, title, organization, tokenize = 'unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE policies_fts USING fts5 (
  title, number, issuers, evidence, regions, sectors, entities, tokenize = 'unicode61 remove_diacritics 2');
"""

FRONTIER = """
CREATE TABLE owed (
  canonical_url TEXT PRIMARY KEY,
  source TEXT NOT NULL,
  url TEXT NOT NULL,
  title TEXT NOT NULL,
  listed_at TEXT,
  rank INTEGER NOT NULL,
  sort_at TEXT NOT NULL,
  found_at TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  next_attempt_at TEXT,
  why TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX owed_by_source ON owed (source, rank, sort_at, canonical_url);

CREATE TABLE readings (
  source TEXT NOT NULL,
  url TEXT NOT NULL,
  since TEXT NOT NULL,
  until TEXT NOT NULL,
  mark TEXT,
  pages INTEGER NOT NULL,
  oldest TEXT,
  newest TEXT,
  moved_at TEXT NOT NULL,
  PRIMARY KEY (source, url, since, until)
) STRICT, WITHOUT ROWID;

CREATE TABLE listing_pages (
  url TEXT PRIMARY KEY,
  source TEXT NOT NULL,
  warc_file TEXT NOT NULL,
  warc_offset INTEGER NOT NULL,
  warc_length INTEGER NOT NULL,
  fetched_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

"""
