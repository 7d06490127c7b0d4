-- +goose Up
ALTER TABLE spending_permits ADD COLUMN number VARCHAR(100) NOT NULL DEFAULT '';
ALTER TABLE spending_permits ADD COLUMN document_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE spending_permits ADD COLUMN file_ids VARCHAR(500) NOT NULL DEFAULT '[]';

CREATE TABLE listing_prolongations (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  enforcement_case_id BIGINT NOT NULL,
  measure_id BIGINT NOT NULL,
  party_id BIGINT NOT NULL,
  years INT NOT NULL,
  reason VARCHAR(16) NOT NULL,
  facts TEXT NOT NULL,
  state VARCHAR(16) NOT NULL,
  former_until DATE NULL,
  until DATE NULL,
  proposed_by BIGINT NOT NULL,
  decided_by BIGINT NOT NULL DEFAULT 0,
  decided_at DATETIME NULL,
  decide_note VARCHAR(500) NOT NULL DEFAULT '',
  number VARCHAR(100) NOT NULL DEFAULT '',
  document_id BIGINT NOT NULL DEFAULT 0,
  open_key VARCHAR(32) NULL UNIQUE,
  idem_key VARCHAR(100) NOT NULL,
  version BIGINT NOT NULL,
  created_at DATETIME NOT NULL,
  UNIQUE (proposed_by, idem_key),
  FOREIGN KEY (case_id) REFERENCES cases (id),
  FOREIGN KEY (measure_id) REFERENCES measures (id)
);
CREATE INDEX listing_prolongations_measure ON listing_prolongations (measure_id, id);
