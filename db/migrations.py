"""The schema, as an append-only list of migrations. STRICT tables; a migration that has shipped is never edited.

Conventions: `id` is the name that others use (text for articles, statements, instruments, persons and
organizations; an integer elsewhere), `seq` the integer key behind a text id, kept because a full-text row needs one
that survives VACUUM. Times end in `_at` and are UTC, `2026-03-01T09:30:00Z`; dates end in `_on` and are ISO
prefixes. Lists and records are JSON in TEXT, checked to be JSON; which columns is said in docs/database.md.
"""

from __future__ import annotations

import json
from pathlib import Path

from sqlite_utils import Database, Migrations

from db.connection import NewerSchema, OlderSchema, transaction
from db.fulltext import index_everything
from db.judgements import judge
from db.names import annex_id, canonical_url
from db.person_names import spellings
from db.requests import REQUESTS_AND_ISSUES
from db.schema_identities import IDENTITIES, QUOTES_BY_ORGANIZATION
from db.views import replace_views

migrations = Migrations("policywire")


@migrations(name="0001_first_schema")
def first_schema(db: Database) -> None:
    """Runs, pages, articles, revisions, statements, decisions, links, issues and the outbox."""
    db.executescript(_FIRST_SCHEMA)


@migrations(name="0002_full_text")
def full_text(db: Database) -> None:
    """Full text of articles, quotes and announcements, written by `db.search` in the storing transaction."""
    db.executescript(_FULL_TEXT)


@migrations(name="0003_frontier")
def frontier(db: Database) -> None:
    """What is to be fetched, how far listings were read, and the copies of listing pages to compare with."""
    db.executescript(_FRONTIER)


@migrations(name="0004_annexes")
def annexes(db: Database) -> None:
    """Attached files: what articles link to, each content once, and its full text."""
    db.executescript(_ANNEXES)


@migrations(name="0005_archive_marks")
def archive_marks(db: Database) -> None:
    """Up to where the records of a source's archive are known to have been stored or judged."""
    db.executescript(_ARCHIVE_MARKS)


@migrations(name="0006_annexes_of_stored_articles")
def annexes_of_stored_articles(db: Database) -> None:
    """What articles that are held link to waits to be fetched as well."""
    for article, seen_at, attachments in db.conn.execute(_LINKED_FILES).fetchall():
        for position, file in enumerate(json.loads(attachments)):
            address = canonical_url(file["url"])
            db.conn.execute(
                "INSERT OR IGNORE INTO annexes "
                "(id, article_id, canonical_url, url, name, position, state, first_seen_at) "
                "VALUES (?, ?, ?, ?, ?, ?, 'due', ?)",
                [annex_id(article, address), article, address, file["url"], file["name"], position, seen_at],
            )


@migrations(name="0007_queue_by_source")
def queue_by_source(db: Database) -> None:
    """A statement knows its source, so that the review queue of one source is read along an index."""
    for table in ("quotes", "policies"):
        db.conn.execute(f"ALTER TABLE {table} ADD COLUMN source TEXT")
        db.conn.execute(
            f"UPDATE {table} SET source = (SELECT a.source FROM articles AS a WHERE a.id = {table}.article_id)"  # noqa: S608
        )
        db.conn.execute(
            f"CREATE INDEX {table}_to_review_by_source ON {table} (source, queue_rank, confidence, seq DESC) "
            "WHERE queue_rank IS NOT NULL"
        )
    db.conn.execute("CREATE INDEX alert_matches_by_rule ON alert_matches (rule, kind, id)")


@migrations(name="0008_claims")
def claims(db: Database) -> None:
    """Who is looking at which statement, for a few minutes."""
    db.executescript(_CLAIMS)


@migrations(name="0009_viewers_and_weekly_counts")
def viewers_and_weekly_counts(db: Database) -> None:
    """What each viewer of the site has seen; the indexes that announcements and quotes a week are counted by."""
    db.executescript(_VIEWERS_AND_WEEKLY_COUNTS)


@migrations(name="0010_users")
def users(db: Database) -> None:
    """Who may use the site, who is logged in, and who has tried to."""
    db.executescript(_USERS)


@migrations(name="0011_watch_rules")
def watch_rules(db: Database) -> None:
    """Watch rules with every change of them; matches name their rule by its id, so that a rule can be renamed.

    Rules that have sent mail before become deleted rules of the configuration: where they still stand there, they are
    restored by the first start and go on where they were.
    """
    db.executescript(_WATCH_RULES)
    known: dict[str, set[str]] = {}
    for name, recipient in db.conn.execute("SELECT DISTINCT rule, recipient FROM alert_matches").fetchall():
        known.setdefault(name, set()).add(recipient)
    last = db.conn.execute("SELECT max(matched_at) FROM alert_matches").fetchone()[0]
    for name, recipients in sorted(known.items()):
        settings = json.dumps({"name": name, "to": sorted(recipients)}, ensure_ascii=False, sort_keys=True)
        found = db.conn.execute(
            "INSERT INTO rules (name, owner, origin, settings, version, created_at, changed_at, deleted_at) "
            "VALUES (?, 'configuration', 'configuration', ?, 1, ?, ?, ?)",
            [name, settings, last, last, last],
        )
        db.conn.execute(
            "INSERT INTO rule_versions (rule_id, version, change, changed_by, changed_at, settings) "
            "VALUES (?, 1, 'created', 'configuration', ?, ?)",
            [found.lastrowid, last, settings],
        )
    db.executescript(_MATCHES_OF_RULES)


@migrations(name="0012_search_by_time")
def search_by_time(db: Database) -> None:
    """The full text in the order of time, with a word for each value that searches are filtered by."""
    db.executescript(_SEARCH_BY_TIME)
    index_everything(db)


_LINKED_FILES = """
SELECT a.id, a.last_seen_at, r.attachments FROM articles AS a JOIN revisions AS r ON r.id = a.revision_id
WHERE r.attachments <> '[]'
"""


@migrations(name="0013_identities")
def identities(db: Database) -> None:
    """Groups of names that are one instrument, person or organization, and what people ruled about them."""
    db.executescript(IDENTITIES)


@migrations(name="0014_names_and_reviewers")
def names_and_reviewers(db: Database) -> None:
    """Names are found by how they begin, and a reviewer's decisions by the reviewer."""
    db.conn.execute("CREATE INDEX persons_by_name ON persons (name COLLATE NOCASE)")
    db.conn.execute("CREATE INDEX organizations_by_name ON organizations (name COLLATE NOCASE)")
    db.conn.execute("CREATE INDEX decisions_by_reviewer ON decisions (reviewer, id)")


@migrations(name="0015_judgements_and_samples")
def judgements_and_samples(db: Database) -> None:
    """What each decision says about the machine's record, and samples that are read a second time."""
    db.executescript(_JUDGEMENTS_AND_SAMPLES)
    for (statement,) in db.conn.execute("SELECT DISTINCT statement_id FROM decisions").fetchall():
        judge(db, statement)


@migrations(name="0016_crawl_requests_and_closed_issues")
def crawl_requests_and_closed_issues(db: Database) -> None:
    """Crawls that are asked for on the site, who closed an issue, and indexes to page through issues."""
    db.executescript(REQUESTS_AND_ISSUES)


@migrations(name="0017_quotes_by_organization")
def quotes_by_organization(db: Database) -> None:
    """A ministry's quotes are counted without a look at a row."""
    db.executescript(QUOTES_BY_ORGANIZATION)


@migrations(name="0018_spellings_of_stored_people")
def spellings_of_stored_people(db: Database) -> None:
    """How the names of people may be spelled who were stored before spellings were."""
    stored = db.conn.execute("SELECT id, key FROM persons WHERE id NOT IN (SELECT person_id FROM person_spellings)")
    for identity, key in stored.fetchall():
        for spelling in spellings(key.partition("|")[0]):
            db.conn.execute("INSERT OR IGNORE INTO person_spellings VALUES (?, ?)", [spelling, identity])


@migrations(name="0019_additions")
def additions(db: Database) -> None:
    """Statements that a person has added because the machine had missed them."""
    db.executescript(_ADDITIONS)


def check_schema(db: Database, path: Path, *, writable: bool) -> None:
    """Refuse a file that a newer program has written, and an older one that may not be migrated."""
    ours = [migration.name for migration in migrations._migrations]
    theirs = [migration.name for migration in migrations.applied(db)]
    unknown = [name for name in theirs if name not in ours]
    if unknown:
        raise NewerSchema(f"{path} was written by a newer policywire ({unknown[-1]}): update the program")
    if not writable and len(theirs) < len(ours):
        raise OlderSchema(f"{path} was written by an older policywire: run `policywire status` to bring it up to date")


def migrate(db: Database, *, application_id: int) -> None:
    """Apply what is missing, all of it or nothing; a second process that comes at the same time waits."""
    if not migrations.pending(db) and not replace_views(db, only_check=True):
        return
    with transaction(db):
        migrations.apply(db)
        replace_views(db)
        db.conn.execute(f"PRAGMA application_id = {application_id:d}")


_FIRST_SCHEMA = """
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

# `separate` in db/fulltext.py puts an invisible separator around each CJK character: unicode61 makes each a token.
_FULL_TEXT = """
CREATE VIRTUAL TABLE articles_fts USING fts5 (title, text, number, tokenize = 'unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE quotes_fts USING fts5 (
  text, speaker, title, organization, tokenize = 'unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE policies_fts USING fts5 (
  title, number, issuers, evidence, regions, sectors, entities, tokenize = 'unicode61 remove_diacritics 2');
"""

_FRONTIER = """
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

_ANNEXES = """
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

_SEARCH_BY_TIME = """
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

_ARCHIVE_MARKS = """
CREATE TABLE archive_marks (
  source TEXT PRIMARY KEY,
  warc_file TEXT NOT NULL,
  warc_offset INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
"""

_CLAIMS = """
CREATE TABLE claims (
  statement_id TEXT PRIMARY KEY,
  reviewer TEXT NOT NULL,
  until TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX claims_by_end ON claims (until, statement_id, reviewer);
"""

_VIEWERS_AND_WEEKLY_COUNTS = """
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

_USERS = """
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

_WATCH_RULES = """
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

_MATCHES_OF_RULES = """
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

_JUDGEMENTS_AND_SAMPLES = """
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

_ADDITIONS = """
CREATE TABLE additions (
  statement_id TEXT PRIMARY KEY,
  reviewer TEXT NOT NULL,
  added_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
"""
