-- +goose Up
CREATE TABLE push_events (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  digest CHAR(64) NOT NULL,
  message BLOB NOT NULL,
  state VARCHAR(16) NOT NULL,
  attempts INT NOT NULL DEFAULT 0,
  next_at DATETIME(6) NOT NULL,
  received_at DATETIME(6) NOT NULL,
  applied_at DATETIME(6) NULL,
  UNIQUE (digest)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX push_events_due ON push_events (state, next_at, id);

CREATE TABLE subscription_entries (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  open_id VARCHAR(64) NOT NULL,
  template_id VARCHAR(64) NOT NULL,
  source VARCHAR(16) NOT NULL,
  accepted BOOLEAN NOT NULL,
  at DATETIME(6) NOT NULL,
  event_key VARCHAR(160) NOT NULL,
  created_at DATETIME(6) NOT NULL,
  UNIQUE (event_key)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX subscription_entries_user ON subscription_entries (open_id, template_id, at);

ALTER TABLE outbox ADD COLUMN template_id VARCHAR(64) NOT NULL DEFAULT '';
ALTER TABLE outbox ADD COLUMN delivered_at DATETIME(6) NULL;
ALTER TABLE outbox ADD COLUMN delivery_error VARCHAR(80) NOT NULL DEFAULT '';
CREATE INDEX outbox_message ON outbox (message_id);
