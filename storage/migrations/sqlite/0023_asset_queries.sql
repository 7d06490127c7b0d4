-- +goose Up
CREATE TABLE asset_queries (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  enforcement_case_id BIGINT NOT NULL,
  party_id BIGINT NOT NULL,
  kind VARCHAR(16) NOT NULL,
  purpose VARCHAR(200) NOT NULL,
  agency VARCHAR(100) NOT NULL,
  state VARCHAR(16) NOT NULL,
  requested_by BIGINT NOT NULL,
  idem_key VARCHAR(64) NOT NULL,
  decided_by BIGINT NOT NULL DEFAULT 0,
  decided_at DATETIME NULL,
  decide_reason VARCHAR(500) NOT NULL DEFAULT '',
  sent_by BIGINT NOT NULL DEFAULT 0,
  sent_at DATETIME NULL,
  reference VARCHAR(100) NOT NULL DEFAULT '',
  due_on DATE NULL,
  answered_on DATE NULL,
  answered_by BIGINT NOT NULL DEFAULT 0,
  answered_at DATETIME NULL,
  answer_note TEXT NOT NULL,
  answer_key VARCHAR(64) NOT NULL DEFAULT '',
  found INT NOT NULL DEFAULT 0,
  cancel_reason VARCHAR(500) NOT NULL DEFAULT '',
  version BIGINT NOT NULL,
  created_at DATETIME NOT NULL,
  FOREIGN KEY (enforcement_case_id) REFERENCES enforcement_cases (id),
  FOREIGN KEY (party_id) REFERENCES parties (id)
);
CREATE UNIQUE INDEX asset_queries_idem ON asset_queries (requested_by, idem_key);
CREATE INDEX asset_queries_case ON asset_queries (enforcement_case_id, id);
CREATE INDEX asset_queries_court ON asset_queries (court_id, state, id);
CREATE INDEX asset_queries_sent ON asset_queries (court_id, sent_at, kind);

CREATE TABLE asset_findings (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  query_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  seq INT NOT NULL,
  what TEXT NOT NULL,
  place TEXT NOT NULL,
  value TEXT NOT NULL,
  amount_fen BIGINT NOT NULL DEFAULT 0,
  note TEXT NOT NULL,
  FOREIGN KEY (query_id) REFERENCES asset_queries (id)
);
CREATE UNIQUE INDEX asset_findings_query ON asset_findings (query_id, seq);

CREATE TABLE asset_query_files (
  query_id BIGINT NOT NULL,
  file_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  seq INT NOT NULL,
  PRIMARY KEY (query_id, file_id),
  FOREIGN KEY (query_id) REFERENCES asset_queries (id),
  FOREIGN KEY (file_id) REFERENCES files (id)
);
CREATE INDEX asset_query_files_file ON asset_query_files (file_id);
