-- +goose Up
CREATE TABLE measures (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  enforcement_case_id BIGINT NOT NULL,
  party_id BIGINT NOT NULL,
  kind VARCHAR(16) NOT NULL,
  relation VARCHAR(16) NOT NULL,
  subject_kind VARCHAR(16) NOT NULL,
  subject_name VARCHAR(200) NOT NULL,
  subject_id_kind VARCHAR(16) NOT NULL DEFAULT '',
  subject_id TEXT NOT NULL,
  subject_hash VARCHAR(64) NOT NULL,
  resistance VARCHAR(16) NOT NULL,
  ground VARCHAR(32) NOT NULL,
  act_on DATE NULL,
  act_text VARCHAR(1000) NOT NULL DEFAULT '',
  act_key VARCHAR(1000) NOT NULL DEFAULT '',
  other_act VARCHAR(500) NOT NULL DEFAULT '',
  facts VARCHAR(1000) NOT NULL,
  opinion VARCHAR(1000) NOT NULL DEFAULT '',
  by_creditor BOOLEAN NOT NULL DEFAULT FALSE,
  days INT NOT NULL DEFAULT 0,
  amount_fen BIGINT NOT NULL DEFAULT 0,
  pay_by DATE NULL,
  extra_years INT NOT NULL DEFAULT 0,
  extra_reason VARCHAR(16) NOT NULL DEFAULT '',
  grace_months INT NOT NULL DEFAULT 0,
  until DATE NULL,
  state VARCHAR(16) NOT NULL,
  number VARCHAR(100) NOT NULL DEFAULT '',
  document_id BIGINT NOT NULL DEFAULT 0,
  proposed_by BIGINT NOT NULL,
  proposed_at DATETIME NOT NULL,
  decided_by BIGINT NOT NULL DEFAULT 0,
  decided_at DATETIME NULL,
  decide_note VARCHAR(500) NOT NULL DEFAULT '',
  served_on DATE NULL,
  grace_until DATE NULL,
  from_at DATETIME NULL,
  ends_at DATETIME NULL,
  lift_asked_by BIGINT NOT NULL DEFAULT 0,
  lift_asked_at DATETIME NULL,
  lift_ground VARCHAR(32) NOT NULL DEFAULT '',
  lift_reason VARCHAR(500) NOT NULL DEFAULT '',
  lift_proof VARCHAR(500) NOT NULL DEFAULT '',
  lift_file_id BIGINT NOT NULL DEFAULT 0,
  lifted_by BIGINT NOT NULL DEFAULT 0,
  lifted_at DATETIME NULL,
  idem_key VARCHAR(100) NOT NULL,
  active_key VARCHAR(160) NULL UNIQUE,
  version BIGINT NOT NULL,
  created_at DATETIME NOT NULL,
  updated_at DATETIME NOT NULL,
  UNIQUE (proposed_by, idem_key),
  FOREIGN KEY (case_id) REFERENCES cases (id),
  FOREIGN KEY (enforcement_case_id) REFERENCES enforcement_cases (id),
  FOREIGN KEY (party_id) REFERENCES parties (id)
);
CREATE INDEX measures_case ON measures (case_id, id);
CREATE INDEX measures_enforcement ON measures (enforcement_case_id, id);
CREATE INDEX measures_subject ON measures (court_id, subject_hash, kind);
CREATE INDEX measures_party ON measures (party_id);
CREATE INDEX measures_state ON measures (court_id, state, id);
CREATE INDEX measures_asked ON measures (court_id, lift_asked_at);
CREATE INDEX measures_over ON measures (state, until);
CREATE INDEX measures_decided ON measures (court_id, decided_at, kind);

CREATE TABLE measure_entries (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  measure_id BIGINT NOT NULL,
  kind VARCHAR(16) NOT NULL,
  note VARCHAR(1200) NOT NULL DEFAULT '',
  file_id BIGINT NOT NULL DEFAULT 0,
  by_user_id BIGINT NOT NULL DEFAULT 0,
  at DATETIME NOT NULL,
  idem_key VARCHAR(160) NULL UNIQUE,
  created_at DATETIME NOT NULL,
  FOREIGN KEY (measure_id) REFERENCES measures (id)
);
CREATE INDEX measure_entries_measure ON measure_entries (measure_id, id);

CREATE TABLE measure_reviews (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  measure_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  reason VARCHAR(1000) NOT NULL,
  state VARCHAR(16) NOT NULL,
  asked_at DATETIME NOT NULL,
  due_on DATE NOT NULL,
  due_reason VARCHAR(400) NOT NULL DEFAULT '',
  result VARCHAR(16) NOT NULL DEFAULT '',
  result_text VARCHAR(1000) NOT NULL DEFAULT '',
  by_court VARCHAR(150) NOT NULL DEFAULT '',
  number VARCHAR(150) NOT NULL DEFAULT '',
  decided_on DATE NULL,
  decided_by BIGINT NOT NULL DEFAULT 0,
  decided_at DATETIME NULL,
  open_key VARCHAR(32) NULL UNIQUE,
  idem_key VARCHAR(100) NOT NULL,
  created_at DATETIME NOT NULL,
  UNIQUE (user_id, idem_key),
  FOREIGN KEY (measure_id) REFERENCES measures (id)
);
CREATE INDEX measure_reviews_measure ON measure_reviews (measure_id, id);

CREATE TABLE clean_ups (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  enforcement_case_id BIGINT NOT NULL,
  party_id BIGINT NOT NULL,
  cause VARCHAR(32) NOT NULL,
  state VARCHAR(16) NOT NULL,
  interest_fen BIGINT NOT NULL DEFAULT 0,
  opened_at DATETIME NOT NULL,
  hold_reason VARCHAR(500) NOT NULL DEFAULT '',
  held_by BIGINT NOT NULL DEFAULT 0,
  held_at DATETIME NULL,
  close_reason VARCHAR(500) NOT NULL DEFAULT '',
  closed_at DATETIME NULL,
  active_key VARCHAR(64) NULL UNIQUE,
  version BIGINT NOT NULL,
  created_at DATETIME NOT NULL,
  updated_at DATETIME NOT NULL,
  FOREIGN KEY (case_id) REFERENCES cases (id),
  FOREIGN KEY (enforcement_case_id) REFERENCES enforcement_cases (id),
  FOREIGN KEY (party_id) REFERENCES parties (id)
);
CREATE INDEX clean_ups_case ON clean_ups (case_id, id);
CREATE INDEX clean_ups_court ON clean_ups (court_id, state, id);
