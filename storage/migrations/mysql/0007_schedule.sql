-- +goose Up
ALTER TABLE cases ADD COLUMN plan_stale BOOLEAN NOT NULL DEFAULT TRUE;
CREATE INDEX cases_plan_stale ON cases (plan_stale, id);

CREATE TABLE schedule_steps (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  party_id BIGINT NOT NULL,
  instrument_id BIGINT NOT NULL DEFAULT 0,
  kind VARCHAR(40) NOT NULL,
  days INT NOT NULL,
  due_on DATE NULL,
  step_key VARCHAR(120) NOT NULL UNIQUE,
  at DATETIME(6) NOT NULL,
  state VARCHAR(16) NOT NULL,
  reason VARCHAR(500) NOT NULL DEFAULT '',
  notice_id BIGINT NOT NULL DEFAULT 0,
  created_at DATETIME(6) NOT NULL,
  updated_at DATETIME(6) NOT NULL,
  FOREIGN KEY (case_id) REFERENCES cases (id),
  FOREIGN KEY (party_id) REFERENCES parties (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX schedule_steps_due ON schedule_steps (state, at, id);
CREATE INDEX schedule_steps_case ON schedule_steps (case_id, at);

CREATE TABLE schedule_acts (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  step_id BIGINT NOT NULL DEFAULT 0,
  kind VARCHAR(16) NOT NULL,
  ground VARCHAR(24) NOT NULL DEFAULT '',
  reason VARCHAR(500) NOT NULL,
  by_user_id BIGINT NOT NULL,
  idem_key VARCHAR(64) NOT NULL,
  created_at DATETIME(6) NOT NULL,
  UNIQUE (by_user_id, idem_key),
  FOREIGN KEY (case_id) REFERENCES cases (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX schedule_acts_case ON schedule_acts (case_id, id);

ALTER TABLE outbox ADD COLUMN active_user BIGINT NULL;
CREATE UNIQUE INDEX outbox_active_user ON outbox (active_user);
