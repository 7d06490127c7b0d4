-- +goose Up
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

-- Numbers that were given out and whose rows are lost: they are never given
-- out again.
CREATE TABLE IF NOT EXISTS void_numbers (
  court_id BIGINT NOT NULL,
  kind VARCHAR(32) NOT NULL,
  year INT NOT NULL,
  serial BIGINT NOT NULL,
  number VARCHAR(100) NOT NULL,
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
CREATE INDEX IF NOT EXISTS stray_objects_open ON stray_objects (ended, found_at);
CREATE INDEX IF NOT EXISTS void_numbers_number ON void_numbers (number);
CREATE INDEX IF NOT EXISTS recoveries_open ON recoveries (closed_at);
