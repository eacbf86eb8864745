"""The tables behind mails of watch rules that came after the first versions; never edited once they have shipped."""

from __future__ import annotations

from sqlite_utils import Database

MAILS_OF_RULES = """
ALTER TABLE outbox ADD COLUMN rule_id INTEGER REFERENCES rules (id);
ALTER TABLE outbox ADD COLUMN zone TEXT;
ALTER TABLE outbox ADD COLUMN follows TEXT CHECK (follows IS NULL OR json_valid(follows));
UPDATE outbox SET rule_id = told.rule_id
FROM (SELECT outbox_id, min(rule_id) AS rule_id FROM alert_matches WHERE outbox_id IS NOT NULL GROUP BY outbox_id)
  AS told
WHERE told.outbox_id = outbox.id;
CREATE INDEX outbox_waiting_of_rule ON outbox (rule_id, recipient) WHERE state IN ('due', 'claimed');

CREATE TABLE unsubscriptions (
  id INTEGER PRIMARY KEY,
  rule_id INTEGER NOT NULL REFERENCES rules (id),
  recipient TEXT NOT NULL COLLATE NOCASE,
  left_at TEXT NOT NULL,
  lifted_at TEXT,
  lifted_by TEXT
) STRICT;
CREATE UNIQUE INDEX unsubscriptions_standing ON unsubscriptions (rule_id, recipient) WHERE lifted_at IS NULL;
"""


def let_mail_be_dropped(db: Database) -> None:
    """Allow the state `dropped` of a mail: the table's check alone is rewritten, for an outbox may be gigabytes.

    As the manual of ALTER TABLE has it for changes that leave the rows as they are.
    """
    db.conn.execute("PRAGMA writable_schema = ON")
    db.conn.execute(
        "UPDATE sqlite_schema SET sql = replace(sql, '''sent'', ''dead'')', '''sent'', ''dead'', ''dropped'')') "
        "WHERE type = 'table' AND name = 'outbox'"
    )
    version = db.conn.execute("PRAGMA schema_version").fetchone()[0]
    db.conn.execute(f"PRAGMA schema_version = {int(version) + 1}")
    db.conn.execute("PRAGMA writable_schema = RESET")
