-- +goose Up
-- Enforcement cases, tasks with their clocks, questions about assets.

CREATE TABLE IF NOT EXISTS enforcement_cases (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
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
  created_at DATETIME(6) NOT NULL,
  updated_at DATETIME(6) NOT NULL,
  FOREIGN KEY (court_id) REFERENCES courts (id),
  FOREIGN KEY (case_id) REFERENCES cases (id),
  INDEX enforcement_cases_case (case_id, id),
  INDEX enforcement_cases_officer (court_id, officer_id, state, id),
  INDEX enforcement_cases_court (court_id, state, id),
  INDEX enforcement_cases_filed (court_id, filed_on, kind),
  -- Indexes of the leaders' figures of enforcement.
  INDEX enforcement_cases_closed (court_id, closed_on, close_type)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS enforcement_parties (
  enforcement_case_id BIGINT NOT NULL,
  party_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  role VARCHAR(16) NOT NULL,
  ended_by BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (enforcement_case_id, party_id),
  FOREIGN KEY (enforcement_case_id) REFERENCES enforcement_cases (id),
  FOREIGN KEY (party_id) REFERENCES parties (id),
  INDEX enforcement_parties_party (party_id),
  INDEX enforcement_parties_case (case_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS enforced_obligations (
  enforcement_case_id BIGINT NOT NULL,
  obligation_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  due_by DATE NULL,
  due_after DATE NULL,
  PRIMARY KEY (enforcement_case_id, obligation_id),
  FOREIGN KEY (enforcement_case_id) REFERENCES enforcement_cases (id),
  FOREIGN KEY (obligation_id) REFERENCES obligations (id),
  INDEX enforced_obligations_case (case_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS tasks (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  enforcement_case_id BIGINT NOT NULL DEFAULT 0,
  party_id BIGINT NOT NULL DEFAULT 0,
  owner_id BIGINT NOT NULL DEFAULT 0,
  kind VARCHAR(32) NOT NULL,
  subject_kind VARCHAR(24) NOT NULL DEFAULT '',
  subject_id BIGINT NOT NULL DEFAULT 0,
  title VARCHAR(200) NOT NULL,
  due_at DATETIME(6) NOT NULL,
  due_reason VARCHAR(400) NOT NULL DEFAULT '',
  group_key VARCHAR(64) NOT NULL DEFAULT '',
  seq INT NOT NULL DEFAULT 0,
  state VARCHAR(16) NOT NULL,
  result VARCHAR(500) NOT NULL DEFAULT '',
  file_id BIGINT NOT NULL DEFAULT 0,
  done_by BIGINT NOT NULL DEFAULT 0,
  done_at DATETIME(6) NULL,
  escalated_at DATETIME(6) NULL,
  dedupe_key VARCHAR(160) NOT NULL UNIQUE,
  version BIGINT NOT NULL,
  created_at DATETIME(6) NOT NULL,
  FOREIGN KEY (case_id) REFERENCES cases (id),
  INDEX tasks_owner (court_id, owner_id, state, due_at, id),
  INDEX tasks_court (court_id, state, due_at, id),
  INDEX tasks_case (case_id, id),
  INDEX tasks_enforcement (enforcement_case_id, id),
  INDEX tasks_group (group_key, seq),
  INDEX tasks_late (state, escalated_at, due_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS asset_queries (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
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
  decided_at DATETIME(6) NULL,
  decide_reason VARCHAR(500) NOT NULL DEFAULT '',
  sent_by BIGINT NOT NULL DEFAULT 0,
  sent_at DATETIME(6) NULL,
  reference VARCHAR(100) NOT NULL DEFAULT '',
  due_on DATE NULL,
  answered_on DATE NULL,
  answered_by BIGINT NOT NULL DEFAULT 0,
  answered_at DATETIME(6) NULL,
  answer_note TEXT NOT NULL,
  answer_key VARCHAR(64) NOT NULL DEFAULT '',
  found INT NOT NULL DEFAULT 0,
  cancel_reason VARCHAR(500) NOT NULL DEFAULT '',
  version BIGINT NOT NULL,
  created_at DATETIME(6) NOT NULL,
  agency_id BIGINT NOT NULL DEFAULT 0,
  answered_key_id BIGINT NOT NULL DEFAULT 0,
  FOREIGN KEY (enforcement_case_id) REFERENCES enforcement_cases (id),
  FOREIGN KEY (party_id) REFERENCES parties (id),
  UNIQUE INDEX asset_queries_idem (requested_by, idem_key),
  INDEX asset_queries_party (party_id, id),
  INDEX asset_queries_case (enforcement_case_id, id),
  INDEX asset_queries_court (court_id, state, id),
  INDEX asset_queries_sent (court_id, sent_at, kind),
  INDEX asset_queries_agency (agency_id, state, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS asset_findings (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  query_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  seq INT NOT NULL,
  what TEXT NOT NULL,
  place TEXT NOT NULL,
  value TEXT NOT NULL,
  amount_fen BIGINT NOT NULL DEFAULT 0,
  note TEXT NOT NULL,
  FOREIGN KEY (query_id) REFERENCES asset_queries (id),
  UNIQUE INDEX asset_findings_query (query_id, seq)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS asset_query_files (
  query_id BIGINT NOT NULL,
  file_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  seq INT NOT NULL,
  PRIMARY KEY (query_id, file_id),
  FOREIGN KEY (query_id) REFERENCES asset_queries (id),
  FOREIGN KEY (file_id) REFERENCES files (id),
  INDEX asset_query_files_file (file_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
