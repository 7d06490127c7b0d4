-- +goose Up
CREATE TABLE imports (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  court_id BIGINT NOT NULL,
  by_user_id BIGINT NOT NULL DEFAULT 0,
  source VARCHAR(200) NOT NULL DEFAULT '',
  cases INT NOT NULL,
  payments INT NOT NULL,
  choice VARCHAR(16) NOT NULL,
  from_on DATE NULL,
  released_at DATETIME(6) NULL,
  released_by BIGINT NOT NULL DEFAULT 0,
  done_at DATETIME(6) NULL,
  created_at DATETIME(6) NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX imports_court ON imports (court_id, id);
CREATE INDEX imports_open ON imports (done_at, id);
CREATE TABLE import_samples (
  import_id BIGINT NOT NULL,
  kind VARCHAR(40) NOT NULL,
  n INT NOT NULL,
  case_id BIGINT NOT NULL,
  party_ref VARCHAR(64) NOT NULL,
  looked_by BIGINT NOT NULL DEFAULT 0,
  looked_at DATETIME(6) NULL,
  PRIMARY KEY (import_id, kind)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- Nobody is told of an imported case before told_on, nor while it is held.
ALTER TABLE cases ADD COLUMN import_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE cases ADD COLUMN held BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE cases ADD COLUMN told_on DATE NULL;
CREATE INDEX cases_import ON cases (import_id, held, id);
ALTER TABLE receipts ADD COLUMN import_id BIGINT NOT NULL DEFAULT 0;
