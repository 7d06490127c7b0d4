-- +goose Up
ALTER TABLE agencies ADD COLUMN query_kinds VARCHAR(200) NOT NULL DEFAULT '[]';

CREATE TABLE duty_backfills (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  list_id BIGINT NOT NULL DEFAULT 0,
  duty_id BIGINT NOT NULL DEFAULT 0,
  from_on DATE NOT NULL,
  after_id BIGINT NOT NULL DEFAULT 0,
  measures INT NOT NULL DEFAULT 0,
  opened INT NOT NULL DEFAULT 0,
  agencies TEXT NOT NULL,
  done_at DATETIME NULL,
  by_user_id BIGINT NOT NULL DEFAULT 0,
  created_at DATETIME NOT NULL,
  UNIQUE (list_id, duty_id),
  FOREIGN KEY (court_id) REFERENCES courts (id)
);
CREATE INDEX duty_backfills_open ON duty_backfills (done_at, id);
CREATE INDEX duty_backfills_court ON duty_backfills (court_id, id);
