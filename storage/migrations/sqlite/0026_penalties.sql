-- +goose Up
ALTER TABLE obligations ADD COLUMN category VARCHAR(16) NOT NULL DEFAULT '';
ALTER TABLE obligations ADD COLUMN reduced_fen BIGINT NOT NULL DEFAULT 0;
ALTER TABLE installments ADD COLUMN reduced_fen BIGINT NOT NULL DEFAULT 0;
ALTER TABLE instruments ADD COLUMN made_on DATE NULL;
ALTER TABLE confirmations ADD COLUMN order_reason VARCHAR(500) NOT NULL DEFAULT '';
UPDATE obligations SET category = 'fine' WHERE to_court AND kind = 'money' AND case_id IN (SELECT id FROM cases WHERE kind = 'criminal');
CREATE INDEX confirmations_court ON confirmations (court_id, created_at);
CREATE INDEX instruments_court ON instruments (court_id, effective_on);

CREATE TABLE inquiries (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  party_id BIGINT NOT NULL,
  asker_kind VARCHAR(16) NOT NULL,
  asker VARCHAR(100) NOT NULL,
  document_no VARCHAR(100) NOT NULL,
  received_on DATE NOT NULL,
  note VARCHAR(500) NOT NULL DEFAULT '',
  due_on DATE NOT NULL,
  due_reason VARCHAR(400) NOT NULL,
  state VARCHAR(16) NOT NULL,
  registered_by BIGINT NOT NULL,
  active_key VARCHAR(300) NULL UNIQUE,
  statement_id BIGINT NOT NULL DEFAULT 0,
  sent_on DATE NULL,
  method VARCHAR(16) NOT NULL DEFAULT '',
  proof VARCHAR(200) NOT NULL DEFAULT '',
  proof_file_id BIGINT NOT NULL DEFAULT 0,
  answered_by BIGINT NOT NULL DEFAULT 0,
  answer_key VARCHAR(64) NOT NULL DEFAULT '',
  void_reason VARCHAR(500) NOT NULL DEFAULT '',
  version BIGINT NOT NULL,
  created_at DATETIME NOT NULL,
  updated_at DATETIME NOT NULL,
  FOREIGN KEY (case_id) REFERENCES cases (id),
  FOREIGN KEY (party_id) REFERENCES parties (id)
);
CREATE INDEX inquiries_court ON inquiries (court_id, state, due_on, id);
CREATE INDEX inquiries_case ON inquiries (case_id, id);

CREATE TABLE agency_decisions (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  seq INT NOT NULL,
  decision_no VARCHAR(100) NOT NULL,
  made_on DATE NOT NULL,
  served_on DATE NOT NULL,
  basis VARCHAR(16) NOT NULL,
  reconsidered_on DATE NULL,
  special_months INT NOT NULL DEFAULT 0,
  special_days INT NOT NULL DEFAULT 0,
  special_law VARCHAR(100) NOT NULL DEFAULT '',
  deferred_until DATE NULL,
  agency_demand_on DATE NULL,
  applied_on DATE NULL,
  late_ground VARCHAR(500) NOT NULL DEFAULT '',
  accepted_on DATE NULL,
  doubtful BOOLEAN NOT NULL DEFAULT FALSE,
  ruled_on DATE NULL,
  fine_fen BIGINT NOT NULL DEFAULT 0,
  pay_by DATE NULL,
  surcharge_fen BIGINT NOT NULL DEFAULT 0,
  review_from DATE NULL,
  review_until DATE NULL,
  reason VARCHAR(500) NOT NULL DEFAULT '',
  by_user_id BIGINT NOT NULL,
  idem_key VARCHAR(64) NOT NULL,
  created_at DATETIME NOT NULL,
  UNIQUE (case_id, seq),
  UNIQUE (by_user_id, idem_key),
  FOREIGN KEY (case_id) REFERENCES cases (id)
);

CREATE TABLE surcharge_reductions (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  obligation_id BIGINT NOT NULL,
  amount_fen BIGINT NOT NULL,
  before_fen BIGINT NOT NULL,
  agreed_on DATE NOT NULL,
  remedied BOOLEAN NOT NULL,
  remedy VARCHAR(500) NOT NULL,
  reason VARCHAR(500) NOT NULL,
  file_id BIGINT NOT NULL,
  by_user_id BIGINT NOT NULL,
  idem_key VARCHAR(64) NOT NULL,
  created_at DATETIME NOT NULL,
  UNIQUE (by_user_id, idem_key),
  FOREIGN KEY (case_id) REFERENCES cases (id),
  FOREIGN KEY (obligation_id) REFERENCES obligations (id),
  FOREIGN KEY (file_id) REFERENCES files (id)
);
CREATE INDEX surcharge_reductions_case ON surcharge_reductions (case_id, id);
