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
from db.crawling.requests import REQUESTS_AND_ISSUES
from db.crawling.verified import ARCHIVE_FILES
from db.deciding.judgements import judge
from db.finding.fulltext import index_everything
from db.links.person_names import spellings
from db.names import annex_id, canonical_url
from db.reprocessing import REPROCESS_MARKS
from db.schema.first import FIRST_SCHEMA, FRONTIER, FULL_TEXT
from db.schema.health import LAST_OF_ROUTES, SOURCE_HEALTH_TABLES
from db.schema.identities import IDENTITIES, QUOTES_BY_ORGANIZATION
from db.schema.later import (
    ADDITIONS,
    ANNEXES,
    ARCHIVE_MARKS,
    ARTICLES_BY_REVISION,
    CLAIMS,
    JOB_STATES,
    JUDGEMENTS_AND_SAMPLES,
    MARKS_BY_DAY,
    MATCHES_OF_RULES,
    REPORTS_WHOLE,
    SEARCH_BY_TIME,
    STATUS_AT_ANY_SIZE,
    USERS,
    VIEWERS_AND_WEEKLY_COUNTS,
    WATCH_RULES,
)
from db.schema.mails import MAILS_OF_RULES, let_mail_be_dropped
from db.schema.pace import PACE_OF_MAIL
from db.views import replace_views

migrations = Migrations("policywire")


@migrations(name="0001_first_schema")
def first_schema(db: Database) -> None:
    """Runs, pages, articles, revisions, statements, decisions, links, issues and the outbox."""
    db.executescript(FIRST_SCHEMA)


@migrations(name="0002_full_text")
def full_text(db: Database) -> None:
    """Full text of articles, quotes and announcements, written by `db.search` in the storing transaction."""
    db.executescript(FULL_TEXT)


@migrations(name="0003_frontier")
def frontier(db: Database) -> None:
    """What is to be fetched, how far listings were read, and the copies of listing pages to compare with."""
    db.executescript(FRONTIER)


@migrations(name="0004_annexes")
def annexes(db: Database) -> None:
    """Attached files: what articles link to, each content once, and its full text."""
    db.executescript(ANNEXES)


@migrations(name="0005_archive_marks")
def archive_marks(db: Database) -> None:
    """Up to where the records of a source's archive are known to have been stored or judged."""
    db.executescript(ARCHIVE_MARKS)


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
    db.executescript(CLAIMS)


@migrations(name="0009_viewers_and_weekly_counts")
def viewers_and_weekly_counts(db: Database) -> None:
    """What each viewer of the site has seen; the indexes that announcements and quotes a week are counted by."""
    db.executescript(VIEWERS_AND_WEEKLY_COUNTS)


@migrations(name="0010_users")
def users(db: Database) -> None:
    """Who may use the site, who is logged in, and who has tried to."""
    db.executescript(USERS)


@migrations(name="0011_watch_rules")
def watch_rules(db: Database) -> None:
    """Watch rules with every change of them; matches name their rule by its id, so that a rule can be renamed.

    Rules that have sent mail before become deleted rules of the configuration: where they still stand there, they are
    restored by the first start and go on where they were.
    """
    db.executescript(WATCH_RULES)
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
    db.executescript(MATCHES_OF_RULES)


@migrations(name="0012_search_by_time")
def search_by_time(db: Database) -> None:
    """The full text in the order of time, with a word for each value that searches are filtered by."""
    db.executescript(SEARCH_BY_TIME)
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
    db.executescript(JUDGEMENTS_AND_SAMPLES)
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
    db.executescript(ADDITIONS)


@migrations(name="0020_status_at_any_size")
def status_at_any_size(db: Database) -> None:
    """What the status and the page of sources count and look for goes along an index."""
    db.executescript(STATUS_AT_ANY_SIZE)


@migrations(name="0021_job_states")
def job_states(db: Database) -> None:
    """How each job of the scheduler stands, and how many times that it was due a run makes up for."""
    db.executescript(JOB_STATES)


@migrations(name="0022_mails_of_rules")
def mails_of_rules(db: Database) -> None:
    """A mail names its rule and the mails that it follows; recipients can leave a rule, and what waits is dropped."""
    db.executescript(MAILS_OF_RULES)
    let_mail_be_dropped(db)


@migrations(name="0023_reports_whole")
def reports_whole(db: Database) -> None:
    """Two reports of an instrument that differ in title or issuer alone are two: which came first does not matter."""
    db.executescript(REPORTS_WHOLE)


@migrations(name="0024_pace_of_mail")
def pace_of_mail(db: Database) -> None:
    """Mails know their rule and since when they are refused; what came late waits, and what piles up is folded."""
    db.executescript(PACE_OF_MAIL)


@migrations(name="0025_source_health")
def source_health(db: Database) -> None:
    """How each source and route stands, what has changed and was told, and what came from a source on each day."""
    db.executescript(SOURCE_HEALTH_TABLES)


@migrations(name="0026_archive_files")
def archive_files(db: Database) -> None:
    """Which files of the archive were verified, when, and what is wrong with them."""
    db.executescript(ARCHIVE_FILES)


@migrations(name="0027_last_of_routes")
def last_of_routes(db: Database) -> None:
    """When a route was last well, and when it last led to something new."""
    db.executescript(LAST_OF_ROUTES)


@migrations(name="0028_reprocess_marks")
def reprocess_marks(db: Database) -> None:
    """Up to where a reprocess that was cut short has come, file by file."""
    db.executescript(REPROCESS_MARKS)


@migrations(name="0029_marks_by_day")
def marks_by_day(db: Database) -> None:
    """Candidates for duplicates are looked for among the articles of the same days, not in the whole archive."""
    db.executescript(MARKS_BY_DAY)


@migrations(name="0030_articles_by_revision")
def articles_by_revision(db: Database) -> None:
    """A revision that comes after its article is looked for among all articles, for their reference is checked late."""
    db.executescript(ARTICLES_BY_REVISION)


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
