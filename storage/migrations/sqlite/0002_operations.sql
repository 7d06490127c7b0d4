-- +goose Up
-- What keeps the court's system itself: the audit trail, numbers, calendars, jobs.

CREATE TABLE IF NOT EXISTS audit_entries (
  court_id BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  at DATETIME NOT NULL,
  user_id BIGINT NOT NULL,
  api_key_id BIGINT NOT NULL,
  role VARCHAR(32) NOT NULL,
  action VARCHAR(64) NOT NULL,
  case_id BIGINT NOT NULL,
  subject_kind VARCHAR(24) NOT NULL,
  subject_id BIGINT NOT NULL,
  detail VARCHAR(64) NOT NULL,
  before_digest VARCHAR(64) NOT NULL,
  after_digest VARCHAR(64) NOT NULL,
  ip VARCHAR(45) NOT NULL,
  request_id VARCHAR(64) NOT NULL,
  prev_hash VARCHAR(64) NOT NULL,
  hash VARCHAR(64) NOT NULL,
  PRIMARY KEY (court_id, seq)
);
CREATE INDEX IF NOT EXISTS audit_entries_case ON audit_entries (case_id, court_id, seq);
CREATE INDEX IF NOT EXISTS audit_entries_action ON audit_entries (court_id, action, seq);
CREATE INDEX IF NOT EXISTS audit_entries_user ON audit_entries (court_id, user_id, seq);

CREATE TABLE IF NOT EXISTS audit_heads (
  court_id BIGINT NOT NULL PRIMARY KEY,
  seq BIGINT NOT NULL,
  hash VARCHAR(64) NOT NULL
);

CREATE TABLE IF NOT EXISTS document_series (
  court_id BIGINT NOT NULL,
  kind VARCHAR(32) NOT NULL,
  year INT NOT NULL,
  last BIGINT NOT NULL,
  PRIMARY KEY (court_id, kind, year),
  FOREIGN KEY (court_id) REFERENCES courts (id)
);

CREATE TABLE IF NOT EXISTS calendars (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  year INT NOT NULL,
  version INT NOT NULL,
  source VARCHAR(200) NOT NULL,
  days TEXT NOT NULL,
  loaded_by BIGINT NOT NULL DEFAULT 0,
  created_at DATETIME NOT NULL,
  UNIQUE (year, version)
);

CREATE TABLE IF NOT EXISTS job_runs (
  name VARCHAR(32) NOT NULL PRIMARY KEY,
  started_at DATETIME NOT NULL,
  ended_at DATETIME NOT NULL,
  next_at DATETIME NOT NULL,
  failures BIGINT NOT NULL,
  problem VARCHAR(200) NOT NULL,
  succeeded_at DATETIME NULL
);

-- By what the installation's keys, bucket, apps and certificates are known again.
CREATE TABLE IF NOT EXISTS installation_marks (
  kind VARCHAR(16) NOT NULL,
  name VARCHAR(100) NOT NULL,
  value TEXT NOT NULL,
  state VARCHAR(16) NOT NULL,
  created_at DATETIME NOT NULL,
  ended_at DATETIME NULL,
  PRIMARY KEY (kind, name)
);

-- Objects that no row knows. Those that may be evidence are kept and listed.
CREATE TABLE IF NOT EXISTS stray_objects (
  object_key VARCHAR(120) NOT NULL PRIMARY KEY,
  size BIGINT NOT NULL,
  modified_at DATETIME NOT NULL,
  found_at DATETIME NOT NULL,
  cause VARCHAR(24) NOT NULL,
  number VARCHAR(100) NOT NULL DEFAULT '',
  ended VARCHAR(16) NOT NULL DEFAULT '',
  ended_at DATETIME NULL
);

-- Objects that rows name and of which the store has no whole bytes.
CREATE TABLE IF NOT EXISTS missing_objects (
  object_key VARCHAR(120) NOT NULL PRIMARY KEY,
  court_id BIGINT NOT NULL,
  damaged BOOLEAN NOT NULL,
  kind VARCHAR(16) NOT NULL,
  row_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  receipt_id BIGINT NOT NULL,
  number VARCHAR(100) NOT NULL,
  sha256 VARCHAR(64) NOT NULL,
  found_at DATETIME NOT NULL,
  ended_at DATETIME NULL
);

-- Numbers that were given out and whose rows are lost: they are never given
-- out again.
CREATE TABLE IF NOT EXISTS void_numbers (
  court_id BIGINT NOT NULL,
  kind VARCHAR(32) NOT NULL,
  year INT NOT NULL,
  serial BIGINT NOT NULL,
  number VARCHAR(100) NOT NULL,
  number_key VARCHAR(100) NOT NULL,
  check_code VARCHAR(32) NOT NULL DEFAULT '',
  object_key VARCHAR(120) NOT NULL DEFAULT '',
  reason VARCHAR(200) NOT NULL,
  voided_at DATETIME NOT NULL,
  voided_by BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (court_id, kind, year, serial),
  FOREIGN KEY (court_id) REFERENCES courts (id)
);

-- When this database turned out to be older than what belongs to it.
CREATE TABLE IF NOT EXISTS recoveries (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  cause VARCHAR(16) NOT NULL,
  detail VARCHAR(300) NOT NULL DEFAULT '',
  backup_at DATETIME NULL,
  found_at DATETIME NOT NULL,
  closed_at DATETIME NULL
);
CREATE INDEX IF NOT EXISTS missing_objects_open ON missing_objects (ended_at, court_id);
CREATE INDEX IF NOT EXISTS stray_objects_open ON stray_objects (ended, found_at);
CREATE INDEX IF NOT EXISTS void_numbers_number ON void_numbers (number_key);
CREATE INDEX IF NOT EXISTS recoveries_open ON recoveries (closed_at);

-- Certificates, years of holidays and templates, with the day on which they end.
CREATE TABLE IF NOT EXISTS endings (
  kind VARCHAR(16) NOT NULL,
  name VARCHAR(200) NOT NULL,
  ends_at DATETIME NULL,
  problem VARCHAR(300) NOT NULL DEFAULT '',
  remedy VARCHAR(300) NOT NULL DEFAULT '',
  checked_at DATETIME NOT NULL,
  PRIMARY KEY (kind, name)
);

-- The keys that requests came with, and for what each was used.
CREATE TABLE IF NOT EXISTS asked_keys (
  user_id BIGINT NOT NULL,
  api_key_id BIGINT NOT NULL DEFAULT 0,
  name VARCHAR(64) NOT NULL,
  digest CHAR(64) NOT NULL,
  created_at DATETIME NOT NULL,
  PRIMARY KEY (user_id, api_key_id, name)
);

-- What somebody did to a thing of a version, by which his repeat is known.
CREATE TABLE IF NOT EXISTS done_acts (
  subject_kind VARCHAR(24) NOT NULL,
  subject_id BIGINT NOT NULL,
  version BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  api_key_id BIGINT NOT NULL DEFAULT 0,
  digest CHAR(64) NOT NULL,
  created_at DATETIME NOT NULL,
  PRIMARY KEY (subject_kind, subject_id, version)
);
CREATE INDEX IF NOT EXISTS done_acts_created ON done_acts (created_at);
