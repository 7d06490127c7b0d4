-- +goose Up
CREATE TABLE push_events (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  digest CHAR(64) NOT NULL,
  message BLOB NOT NULL,
  state VARCHAR(16) NOT NULL,
  attempts INT NOT NULL DEFAULT 0,
  next_at DATETIME NOT NULL,
  received_at DATETIME NOT NULL,
  applied_at DATETIME NULL,
  UNIQUE (digest)
);
CREATE INDEX push_events_due ON push_events (state, next_at, id);

CREATE TABLE subscription_entries (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  open_id VARCHAR(64) NOT NULL,
  template_id VARCHAR(64) NOT NULL,
  source VARCHAR(16) NOT NULL,
  accepted BOOLEAN NOT NULL,
  at DATETIME NOT NULL,
  event_key VARCHAR(160) NOT NULL,
  created_at DATETIME NOT NULL,
  UNIQUE (event_key)
);
CREATE INDEX subscription_entries_user ON subscription_entries (open_id, template_id, at);

ALTER TABLE outbox ADD COLUMN template_id VARCHAR(64) NOT NULL DEFAULT '';
ALTER TABLE outbox ADD COLUMN delivered_at DATETIME NULL;
ALTER TABLE outbox ADD COLUMN delivery_error VARCHAR(80) NOT NULL DEFAULT '';
CREATE INDEX outbox_message ON outbox (message_id);
