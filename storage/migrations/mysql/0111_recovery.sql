-- +goose Up
-- Objects that no row knows. Those that may be evidence are kept and listed.
CREATE TABLE IF NOT EXISTS stray_objects (
  object_key VARCHAR(120) NOT NULL PRIMARY KEY,
  size BIGINT NOT NULL,
  modified_at DATETIME(6) NOT NULL,
  found_at DATETIME(6) NOT NULL,
  cause VARCHAR(24) NOT NULL,
  number VARCHAR(100) NOT NULL DEFAULT '',
  ended VARCHAR(16) NOT NULL DEFAULT '',
  ended_at DATETIME(6) NULL,
  KEY stray_objects_open (ended, found_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

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
  voided_at DATETIME(6) NOT NULL,
  voided_by BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (court_id, kind, year, serial),
  KEY void_numbers_number (number),
  FOREIGN KEY (court_id) REFERENCES courts (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- When this database turned out to be older than what belongs to it.
CREATE TABLE IF NOT EXISTS recoveries (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  cause VARCHAR(16) NOT NULL,
  detail VARCHAR(300) NOT NULL DEFAULT '',
  backup_at DATETIME(6) NULL,
  found_at DATETIME(6) NOT NULL,
  closed_at DATETIME(6) NULL,
  KEY recoveries_open (closed_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
