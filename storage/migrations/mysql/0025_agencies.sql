-- +goose Up
CREATE TABLE agencies (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  court_id BIGINT NOT NULL,
  code VARCHAR(32) NOT NULL,
  name VARCHAR(100) NOT NULL,
  kind VARCHAR(24) NOT NULL,
  ended_on DATE NULL,
  version BIGINT NOT NULL,
  created_at DATETIME(6) NOT NULL,
  updated_at DATETIME(6) NOT NULL,
  UNIQUE (court_id, code),
  FOREIGN KEY (court_id) REFERENCES courts (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE agency_contacts (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  court_id BIGINT NOT NULL,
  agency_id BIGINT NOT NULL,
  role VARCHAR(24) NOT NULL,
  name VARCHAR(50) NOT NULL,
  title VARCHAR(100) NOT NULL DEFAULT '',
  phone TEXT NOT NULL,
  term_from DATE NULL,
  term_until DATE NULL,
  ended_on DATE NULL,
  created_by BIGINT NOT NULL,
  idem_key VARCHAR(64) NOT NULL,
  version BIGINT NOT NULL,
  created_at DATETIME(6) NOT NULL,
  updated_at DATETIME(6) NOT NULL,
  UNIQUE (agency_id, created_by, idem_key),
  FOREIGN KEY (agency_id) REFERENCES agencies (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE agency_changes (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  court_id BIGINT NOT NULL,
  agency_id BIGINT NOT NULL,
  subject VARCHAR(24) NOT NULL,
  subject_id BIGINT NOT NULL,
  field VARCHAR(24) NOT NULL,
  old_text TEXT NOT NULL,
  new_text TEXT NOT NULL,
  by_user_id BIGINT NOT NULL DEFAULT 0,
  created_at DATETIME(6) NOT NULL,
  FOREIGN KEY (agency_id) REFERENCES agencies (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX agency_changes_agency ON agency_changes (agency_id, id);

CREATE TABLE agency_duties (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  court_id BIGINT NOT NULL,
  agency_id BIGINT NOT NULL,
  kind VARCHAR(16) NOT NULL,
  code VARCHAR(32) NOT NULL,
  requirement VARCHAR(500) NOT NULL,
  basis VARCHAR(500) NOT NULL DEFAULT '',
  evidence VARCHAR(300) NOT NULL DEFAULT '',
  unit VARCHAR(16) NOT NULL DEFAULT '',
  recurrence VARCHAR(16) NOT NULL,
  due_on DATE NOT NULL,
  ended_on DATE NULL,
  version BIGINT NOT NULL,
  created_at DATETIME(6) NOT NULL,
  updated_at DATETIME(6) NOT NULL,
  UNIQUE (agency_id, code),
  FOREIGN KEY (agency_id) REFERENCES agencies (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX agency_duties_court ON agency_duties (court_id, id);
CREATE INDEX agency_duties_recurring ON agency_duties (recurrence, ended_on, id);

CREATE TABLE agency_tasks (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  court_id BIGINT NOT NULL,
  agency_id BIGINT NOT NULL,
  duty_id BIGINT NOT NULL,
  kind VARCHAR(16) NOT NULL,
  seq INT NOT NULL,
  due_on DATE NOT NULL,
  state VARCHAR(16) NOT NULL,
  reported_on DATE NULL,
  done_at DATETIME(6) NULL,
  created_at DATETIME(6) NOT NULL,
  updated_at DATETIME(6) NOT NULL,
  UNIQUE (duty_id, seq),
  FOREIGN KEY (duty_id) REFERENCES agency_duties (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX agency_tasks_court ON agency_tasks (court_id, state, due_on, id);
CREATE INDEX agency_tasks_agency ON agency_tasks (agency_id, state, due_on, id);
CREATE INDEX agency_tasks_period ON agency_tasks (court_id, due_on, agency_id);

CREATE TABLE agency_reports (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  court_id BIGINT NOT NULL,
  agency_id BIGINT NOT NULL,
  task_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL DEFAULT 0,
  api_key_id BIGINT NOT NULL DEFAULT 0,
  idem_key VARCHAR(64) NOT NULL,
  state VARCHAR(16) NOT NULL,
  text TEXT NOT NULL,
  done_on DATE NOT NULL,
  quantity BIGINT NULL,
  file_ids TEXT NOT NULL,
  decided_by BIGINT NOT NULL DEFAULT 0,
  decided_at DATETIME(6) NULL,
  reason VARCHAR(500) NOT NULL DEFAULT '',
  created_at DATETIME(6) NOT NULL,
  UNIQUE (agency_id, idem_key),
  FOREIGN KEY (task_id) REFERENCES agency_tasks (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX agency_reports_task ON agency_reports (task_id, id);

ALTER TABLE users ADD COLUMN agency_id BIGINT NOT NULL DEFAULT 0;
CREATE INDEX users_agency ON users (agency_id, id);
ALTER TABLE api_keys ADD COLUMN agency_id BIGINT NOT NULL DEFAULT 0;

-- What an agency uploads belongs to it and to no case.
ALTER TABLE files MODIFY case_id BIGINT NULL, ADD COLUMN agency_id BIGINT NOT NULL DEFAULT 0;
CREATE INDEX files_agency ON files (agency_id, state);
