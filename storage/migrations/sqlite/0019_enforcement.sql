-- +goose Up
CREATE TABLE enforcement_cases (
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
  source_version BIGINT NOT NULL DEFAULT 0,
  source_digest VARCHAR(64) NOT NULL DEFAULT '',
  version BIGINT NOT NULL,
  created_at DATETIME NOT NULL,
  updated_at DATETIME NOT NULL,
  FOREIGN KEY (court_id) REFERENCES courts (id),
  FOREIGN KEY (case_id) REFERENCES cases (id)
);
CREATE INDEX enforcement_cases_case ON enforcement_cases (case_id, id);
CREATE INDEX enforcement_cases_officer ON enforcement_cases (court_id, officer_id, state, id);
CREATE INDEX enforcement_cases_court ON enforcement_cases (court_id, state, id);
CREATE INDEX enforcement_cases_filed ON enforcement_cases (court_id, filed_on, kind);

CREATE TABLE enforcement_parties (
  enforcement_case_id BIGINT NOT NULL,
  party_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  role VARCHAR(16) NOT NULL,
  PRIMARY KEY (enforcement_case_id, party_id),
  FOREIGN KEY (enforcement_case_id) REFERENCES enforcement_cases (id),
  FOREIGN KEY (party_id) REFERENCES parties (id)
);
CREATE INDEX enforcement_parties_party ON enforcement_parties (party_id);
CREATE INDEX enforcement_parties_case ON enforcement_parties (case_id);

CREATE TABLE enforced_obligations (
  enforcement_case_id BIGINT NOT NULL,
  obligation_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  PRIMARY KEY (enforcement_case_id, obligation_id),
  FOREIGN KEY (enforcement_case_id) REFERENCES enforcement_cases (id),
  FOREIGN KEY (obligation_id) REFERENCES obligations (id)
);
CREATE INDEX enforced_obligations_case ON enforced_obligations (case_id);

CREATE TABLE tasks (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  enforcement_case_id BIGINT NOT NULL DEFAULT 0,
  party_id BIGINT NOT NULL DEFAULT 0,
  owner_id BIGINT NOT NULL DEFAULT 0,
  kind VARCHAR(32) NOT NULL,
  subject VARCHAR(64) NOT NULL DEFAULT '',
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
CREATE INDEX tasks_owner ON tasks (court_id, owner_id, state, due_at, id);
CREATE INDEX tasks_court ON tasks (court_id, state, due_at, id);
CREATE INDEX tasks_case ON tasks (case_id, id);
CREATE INDEX tasks_enforcement ON tasks (enforcement_case_id, id);
CREATE INDEX tasks_group ON tasks (group_key, seq);
CREATE INDEX tasks_late ON tasks (state, escalated_at, due_at);

ALTER TABLE obligations ADD COLUMN enforced_on DATE NULL;
ALTER TABLE receipts ADD COLUMN officer_id BIGINT NOT NULL DEFAULT 0;
CREATE INDEX receipts_officer ON receipts (court_id, officer_id, state, id);

INSERT INTO enforcement_cases (court_id, case_no, kind, first, case_id, filed_on, state, version, created_at, updated_at)
  SELECT court_id, case_no, CASE WHEN case_no LIKE '%执恢%' THEN 'resumed' WHEN case_no LIKE '%执保%' THEN 'preservation' ELSE 'enforcement' END,
    CASE WHEN case_no LIKE '%执恢%' OR case_no LIKE '%执保%' THEN FALSE ELSE TRUE END, case_id, filed_on, 'open', 1, created_at, created_at
  FROM enforcement_filings WHERE id IN (SELECT MIN(id) FROM enforcement_filings GROUP BY case_no);
INSERT INTO enforced_obligations (enforcement_case_id, obligation_id, case_id)
  SELECT e.id, o.id, o.case_id FROM enforcement_cases e JOIN obligations o ON o.case_id = e.case_id;
INSERT INTO enforcement_parties (enforcement_case_id, party_id, case_id, role)
  SELECT DISTINCT e.id, b.party_id, e.case_id, 'debtor' FROM enforcement_cases e JOIN obligors b ON b.case_id = e.case_id;
UPDATE obligations SET enforced_on = (SELECT MIN(e.filed_on) FROM enforcement_cases e WHERE e.case_id = obligations.case_id AND e.kind <> 'preservation');
UPDATE cases SET enforcement_filed_on = (SELECT MIN(e.filed_on) FROM enforcement_cases e WHERE e.case_id = cases.id AND e.kind <> 'preservation')
  WHERE enforcement_filed_on IS NOT NULL;
DROP TABLE enforcement_filings;
