-- +goose Up
-- Enforcement cases, tasks with their clocks, questions about assets.

CREATE TABLE IF NOT EXISTS enforcement_cases (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_no VARCHAR(64) NOT NULL UNIQUE,
  kind VARCHAR(16) NOT NULL,
  first BOOLEAN NOT NULL,
  case_id BIGINT NOT NULL,
  officer_id BIGINT NOT NULL DEFAULT 0,
  filed_on DATE NOT NULL,
  amount_fen BIGINT NOT NULL DEFAULT 0,
  perform_by DATE NULL,
  performed_on DATE NULL,
  state VARCHAR(16) NOT NULL,
  closed_on DATE NULL,
  close_type VARCHAR(16) NOT NULL DEFAULT '',
  close_reason VARCHAR(500) NOT NULL DEFAULT '',
  filed_by_mistake BOOLEAN NOT NULL DEFAULT FALSE,
  source_version BIGINT NOT NULL DEFAULT 0,
  source_digest VARCHAR(64) NOT NULL DEFAULT '',
  version BIGINT NOT NULL,
  created_at DATETIME NOT NULL,
  updated_at DATETIME NOT NULL,
  FOREIGN KEY (court_id) REFERENCES courts (id),
  FOREIGN KEY (case_id) REFERENCES cases (id)
);
CREATE INDEX IF NOT EXISTS enforcement_cases_case ON enforcement_cases (case_id, id);
CREATE INDEX IF NOT EXISTS enforcement_cases_officer ON enforcement_cases (court_id, officer_id, state, id);
CREATE INDEX IF NOT EXISTS enforcement_cases_court ON enforcement_cases (court_id, state, id);
CREATE INDEX IF NOT EXISTS enforcement_cases_filed ON enforcement_cases (court_id, filed_on, kind);
-- Indexes of the leaders' figures of enforcement.
CREATE INDEX IF NOT EXISTS enforcement_cases_closed ON enforcement_cases (court_id, closed_on, close_type);

CREATE TABLE IF NOT EXISTS enforcement_parties (
  enforcement_case_id BIGINT NOT NULL,
  party_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  role VARCHAR(16) NOT NULL,
  ended_by BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (enforcement_case_id, party_id),
  FOREIGN KEY (enforcement_case_id) REFERENCES enforcement_cases (id),
  FOREIGN KEY (party_id) REFERENCES parties (id)
);
CREATE INDEX IF NOT EXISTS enforcement_parties_party ON enforcement_parties (party_id);
CREATE INDEX IF NOT EXISTS enforcement_parties_case ON enforcement_parties (case_id);

CREATE TABLE IF NOT EXISTS enforced_obligations (
  enforcement_case_id BIGINT NOT NULL,
  obligation_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  due_by DATE NULL,
  due_after DATE NULL,
  PRIMARY KEY (enforcement_case_id, obligation_id),
  FOREIGN KEY (enforcement_case_id) REFERENCES enforcement_cases (id),
  FOREIGN KEY (obligation_id) REFERENCES obligations (id)
);
CREATE INDEX IF NOT EXISTS enforced_obligations_case ON enforced_obligations (case_id);

CREATE TABLE IF NOT EXISTS tasks (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  enforcement_case_id BIGINT NOT NULL DEFAULT 0,
  party_id BIGINT NOT NULL DEFAULT 0,
  owner_id BIGINT NOT NULL DEFAULT 0,
  kind VARCHAR(32) NOT NULL,
  subject_kind VARCHAR(24) NOT NULL DEFAULT '',
  subject_id BIGINT NOT NULL DEFAULT 0,
  title VARCHAR(200) NOT NULL,
  due_at DATETIME NOT NULL,
  due_reason VARCHAR(400) NOT NULL DEFAULT '',
  group_key VARCHAR(64) NOT NULL DEFAULT '',
  seq INT NOT NULL DEFAULT 0,
  state VARCHAR(16) NOT NULL,
  result VARCHAR(500) NOT NULL DEFAULT '',
  file_id BIGINT NOT NULL DEFAULT 0,
  done_by BIGINT NOT NULL DEFAULT 0,
  done_at DATETIME NULL,
  escalated_at DATETIME NULL,
  dedupe_key VARCHAR(160) NOT NULL UNIQUE,
  version BIGINT NOT NULL,
  created_at DATETIME NOT NULL,
  FOREIGN KEY (case_id) REFERENCES cases (id)
);
CREATE INDEX IF NOT EXISTS tasks_owner ON tasks (court_id, owner_id, state, due_at, id);
CREATE INDEX IF NOT EXISTS tasks_court ON tasks (court_id, state, due_at, id);
CREATE INDEX IF NOT EXISTS tasks_case ON tasks (case_id, id);
CREATE INDEX IF NOT EXISTS tasks_enforcement ON tasks (enforcement_case_id, id);
CREATE INDEX IF NOT EXISTS tasks_group ON tasks (group_key, seq);
CREATE INDEX IF NOT EXISTS tasks_late ON tasks (state, escalated_at, due_at);

CREATE TABLE IF NOT EXISTS asset_queries (
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
  agency_id BIGINT NOT NULL DEFAULT 0,
  answered_key_id BIGINT NOT NULL DEFAULT 0,
  FOREIGN KEY (enforcement_case_id) REFERENCES enforcement_cases (id),
  FOREIGN KEY (party_id) REFERENCES parties (id)
);
CREATE UNIQUE INDEX IF NOT EXISTS asset_queries_idem ON asset_queries (requested_by, idem_key);
CREATE INDEX IF NOT EXISTS asset_queries_party ON asset_queries (party_id, id);
CREATE INDEX IF NOT EXISTS asset_queries_case ON asset_queries (enforcement_case_id, id);
CREATE INDEX IF NOT EXISTS asset_queries_court ON asset_queries (court_id, state, id);
CREATE INDEX IF NOT EXISTS asset_queries_sent ON asset_queries (court_id, sent_at, kind);
CREATE INDEX IF NOT EXISTS asset_queries_agency ON asset_queries (agency_id, state, id);

CREATE TABLE IF NOT EXISTS asset_findings (
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
CREATE UNIQUE INDEX IF NOT EXISTS asset_findings_query ON asset_findings (query_id, seq);

CREATE TABLE IF NOT EXISTS asset_query_files (
  query_id BIGINT NOT NULL,
  file_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  seq INT NOT NULL,
  PRIMARY KEY (query_id, file_id),
  FOREIGN KEY (query_id) REFERENCES asset_queries (id),
  FOREIGN KEY (file_id) REFERENCES files (id)
);
CREATE INDEX IF NOT EXISTS asset_query_files_file ON asset_query_files (file_id);
