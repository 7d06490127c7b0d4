-- +goose Up
CREATE TABLE settlements (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  enforcement_case_id BIGINT NOT NULL,
  edition INT NOT NULL,
  form VARCHAR(16) NOT NULL,
  signed_on DATE NOT NULL,
  text TEXT NOT NULL,
  party_ids TEXT NOT NULL,
  parts TEXT NOT NULL,
  state VARCHAR(16) NOT NULL,
  next_due_on DATE NULL,
  breached_on DATE NULL,
  performed_on DATE NULL,
  resume_ground VARCHAR(16) NOT NULL DEFAULT '',
  resume_reason VARCHAR(500) NOT NULL DEFAULT '',
  resumed_by BIGINT NOT NULL DEFAULT 0,
  resumed_at DATETIME NULL,
  recorded_by BIGINT NOT NULL,
  idem_key VARCHAR(64) NOT NULL,
  version BIGINT NOT NULL,
  created_at DATETIME NOT NULL,
  UNIQUE (enforcement_case_id, edition),
  UNIQUE (recorded_by, idem_key),
  FOREIGN KEY (enforcement_case_id) REFERENCES enforcement_cases (id)
);
CREATE INDEX settlements_case ON settlements (case_id, id);
CREATE INDEX settlements_due ON settlements (state, next_due_on, id);

CREATE TABLE release_reviews (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  enforcement_case_id BIGINT NOT NULL,
  settlement_id BIGINT NOT NULL,
  edition INT NOT NULL,
  measure_ids TEXT NOT NULL,
  subject VARCHAR(200) NOT NULL,
  reason VARCHAR(500) NOT NULL,
  creditor_asked_on DATE NULL,
  promised_fen BIGINT NOT NULL,
  due_fen BIGINT NOT NULL,
  arrived_fen BIGINT NOT NULL,
  shortfall_fen BIGINT NOT NULL,
  due_on DATE NOT NULL,
  state VARCHAR(16) NOT NULL,
  decision_reason VARCHAR(500) NOT NULL DEFAULT '',
  decided_by BIGINT NOT NULL DEFAULT 0,
  decided_at DATETIME NULL,
  proposed_by BIGINT NOT NULL,
  idem_key VARCHAR(64) NOT NULL,
  version BIGINT NOT NULL,
  created_at DATETIME NOT NULL,
  UNIQUE (proposed_by, idem_key),
  FOREIGN KEY (enforcement_case_id) REFERENCES enforcement_cases (id),
  FOREIGN KEY (settlement_id) REFERENCES settlements (id)
);
CREATE INDEX release_reviews_case ON release_reviews (case_id, id);
CREATE INDEX release_reviews_court ON release_reviews (court_id, state, id);
CREATE INDEX release_reviews_enforcement ON release_reviews (enforcement_case_id, state, id);

CREATE TABLE repair_applications (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  enforcement_case_id BIGINT NOT NULL,
  party_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  by_officer BOOLEAN NOT NULL,
  reason VARCHAR(1000) NOT NULL,
  criteria TEXT NOT NULL,
  state VARCHAR(16) NOT NULL,
  until DATE NULL,
  decision_reason VARCHAR(500) NOT NULL DEFAULT '',
  decided_by BIGINT NOT NULL DEFAULT 0,
  decided_at DATETIME NULL,
  due_on DATE NOT NULL,
  open_key VARCHAR(64) NULL UNIQUE,
  idem_key VARCHAR(64) NOT NULL,
  version BIGINT NOT NULL,
  created_at DATETIME NOT NULL,
  UNIQUE (user_id, idem_key),
  FOREIGN KEY (enforcement_case_id) REFERENCES enforcement_cases (id),
  FOREIGN KEY (party_id) REFERENCES parties (id)
);
CREATE INDEX repair_applications_case ON repair_applications (case_id, id);
CREATE INDEX repair_applications_court ON repair_applications (court_id, state, id);

CREATE TABLE repair_checks (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  application_id BIGINT NOT NULL,
  code VARCHAR(32) NOT NULL,
  met BOOLEAN NOT NULL,
  note VARCHAR(500) NOT NULL,
  by_user_id BIGINT NOT NULL,
  idem_key VARCHAR(64) NOT NULL,
  created_at DATETIME NOT NULL,
  UNIQUE (by_user_id, idem_key),
  FOREIGN KEY (application_id) REFERENCES repair_applications (id)
);
CREATE INDEX repair_checks_application ON repair_checks (application_id, id);
CREATE INDEX repair_checks_case ON repair_checks (case_id, id);
