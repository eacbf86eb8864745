"""Later additions to the outbox: its pace, what came late, what was put together."""

from __future__ import annotations

PACE_OF_MAIL = """
ALTER TABLE outbox ADD COLUMN first_attempt_at TEXT;
ALTER TABLE outbox ADD COLUMN folded_into INTEGER REFERENCES outbox (id);
CREATE INDEX alert_matches_by_mail ON alert_matches (outbox_id) WHERE outbox_id IS NOT NULL;
CREATE INDEX outbox_by_time_sent ON outbox (sent_at) WHERE state = 'sent';
CREATE INDEX outbox_sent_to ON outbox (recipient, sent_at) WHERE state = 'sent';
CREATE INDEX outbox_untried ON outbox (rule_id, recipient, due_at)
WHERE state = 'due' AND attempts = 0 AND rule_id IS NOT NULL;

CREATE INDEX outbox_folded ON outbox (folded_into) WHERE folded_into IS NOT NULL;
ALTER TABLE alert_matches ADD COLUMN late TEXT;
CREATE INDEX alert_matches_late ON alert_matches (rule_id, matched_at)
WHERE late IS NOT NULL AND outbox_id IS NULL AND dropped IS NULL;
"""
