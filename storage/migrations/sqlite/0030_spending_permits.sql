-- +goose Up
CREATE TABLE spending_permits (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  enforcement_case_id BIGINT NOT NULL,
  measure_id BIGINT NOT NULL,
  party_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  by_officer BOOLEAN NOT NULL DEFAULT FALSE,
  ground VARCHAR(16) NOT NULL,
  spender VARCHAR(100) NOT NULL,
  purpose VARCHAR(300) NOT NULL,
  reason VARCHAR(500) NOT NULL,
  amount_fen BIGINT NOT NULL,
  from_on DATE NOT NULL,
  until_on DATE NOT NULL,
  state VARCHAR(16) NOT NULL,
  due_on DATE NOT NULL,
  grant_from DATE NULL,
  grant_until DATE NULL,
  decision_reason VARCHAR(500) NOT NULL DEFAULT '',
  decided_by BIGINT NOT NULL DEFAULT 0,
  decided_at DATETIME NULL,
  open_key VARCHAR(32) NULL UNIQUE,
  idem_key VARCHAR(100) NOT NULL,
  version BIGINT NOT NULL,
  created_at DATETIME NOT NULL,
  UNIQUE (user_id, idem_key),
  FOREIGN KEY (case_id) REFERENCES cases (id),
  FOREIGN KEY (measure_id) REFERENCES measures (id)
);
CREATE INDEX spending_permits_case ON spending_permits (case_id, id);
CREATE INDEX spending_permits_measure ON spending_permits (measure_id, id);
