-- +goose Up
CREATE TABLE audit_entries (
  court_id BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  at DATETIME(6) NOT NULL,
  user_id BIGINT NOT NULL,
  api_key_id BIGINT NOT NULL,
  role VARCHAR(32) NOT NULL,
  action VARCHAR(64) NOT NULL,
  case_id BIGINT NOT NULL,
  subject VARCHAR(64) NOT NULL,
  `before` VARCHAR(64) NOT NULL,
  `after` VARCHAR(64) NOT NULL,
  ip VARCHAR(45) NOT NULL,
  request_id VARCHAR(64) NOT NULL,
  prev_hash VARCHAR(64) NOT NULL,
  hash VARCHAR(64) NOT NULL,
  PRIMARY KEY (court_id, seq)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX audit_entries_case ON audit_entries (case_id, court_id, seq);

CREATE TABLE audit_heads (
  court_id BIGINT NOT NULL PRIMARY KEY,
  seq BIGINT NOT NULL,
  hash VARCHAR(64) NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

