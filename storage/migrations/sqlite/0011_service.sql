-- +goose Up
ALTER TABLE notices ADD COLUMN check_code VARCHAR(12) NOT NULL DEFAULT '';
CREATE INDEX notices_check_code ON notices (check_code);

ALTER TABLE outbox ADD COLUMN party_id BIGINT NOT NULL DEFAULT 0;
CREATE INDEX outbox_court ON outbox (court_id, state, id);

CREATE TABLE consents (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  party_id BIGINT NOT NULL,
  act VARCHAR(16) NOT NULL,
  how VARCHAR(16) NOT NULL,
  note VARCHAR(500) NOT NULL DEFAULT '',
  by_user_id BIGINT NOT NULL,
  idem_key VARCHAR(64) NOT NULL,
  created_at DATETIME NOT NULL,
  UNIQUE (by_user_id, idem_key),
  FOREIGN KEY (case_id) REFERENCES cases (id),
  FOREIGN KEY (party_id) REFERENCES parties (id)
);
CREATE INDEX consents_case ON consents (case_id, id);

CREATE TABLE paper_tasks (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  party_id BIGINT NOT NULL,
  notice_id BIGINT NOT NULL,
  cause VARCHAR(16) NOT NULL,
  state VARCHAR(16) NOT NULL,
  requested_by BIGINT NOT NULL DEFAULT 0,
  method VARCHAR(16) NOT NULL DEFAULT '',
  tracking_no VARCHAR(64) NOT NULL DEFAULT '',
  note VARCHAR(500) NOT NULL DEFAULT '',
  done_by BIGINT NOT NULL DEFAULT 0,
  done_at DATETIME NULL,
  created_at DATETIME NOT NULL,
  UNIQUE (notice_id, party_id),
  FOREIGN KEY (case_id) REFERENCES cases (id),
  FOREIGN KEY (notice_id) REFERENCES notices (id)
);
CREATE INDEX paper_tasks_court ON paper_tasks (court_id, state, id);
