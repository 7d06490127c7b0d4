-- +goose Up
ALTER TABLE conversations ADD COLUMN late_told_at DATETIME NULL;
CREATE INDEX conversations_late ON conversations (late_told_at, answer_by);
CREATE INDEX audit_entries_user ON audit_entries (court_id, user_id, seq);
CREATE INDEX outbox_recent ON outbox (court_id, created_at, channel, state);

CREATE TABLE job_runs (
  name VARCHAR(32) NOT NULL PRIMARY KEY,
  started_at DATETIME NOT NULL,
  ended_at DATETIME NOT NULL,
  next_at DATETIME NOT NULL,
  failures BIGINT NOT NULL,
  problem VARCHAR(200) NOT NULL,
  succeeded_at DATETIME NULL
);
