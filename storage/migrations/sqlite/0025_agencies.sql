-- +goose Up
CREATE TABLE agencies (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  code VARCHAR(32) NOT NULL,
  name VARCHAR(100) NOT NULL,
  kind VARCHAR(24) NOT NULL,
  ended_on DATE NULL,
  version BIGINT NOT NULL,
  created_at DATETIME NOT NULL,
  updated_at DATETIME NOT NULL,
  UNIQUE (court_id, code),
  FOREIGN KEY (court_id) REFERENCES courts (id)
);

CREATE TABLE agency_contacts (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
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
  created_at DATETIME NOT NULL,
  updated_at DATETIME NOT NULL,
  UNIQUE (agency_id, created_by, idem_key),
  FOREIGN KEY (agency_id) REFERENCES agencies (id)
);

CREATE TABLE agency_changes (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  agency_id BIGINT NOT NULL,
  subject VARCHAR(24) NOT NULL,
  subject_id BIGINT NOT NULL,
  field VARCHAR(24) NOT NULL,
  old_text TEXT NOT NULL,
  new_text TEXT NOT NULL,
  by_user_id BIGINT NOT NULL DEFAULT 0,
  created_at DATETIME NOT NULL,
  FOREIGN KEY (agency_id) REFERENCES agencies (id)
);
CREATE INDEX agency_changes_agency ON agency_changes (agency_id, id);

CREATE TABLE agency_duties (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
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
  created_at DATETIME NOT NULL,
  updated_at DATETIME NOT NULL,
  UNIQUE (agency_id, code),
  FOREIGN KEY (agency_id) REFERENCES agencies (id)
);
CREATE INDEX agency_duties_court ON agency_duties (court_id, id);
CREATE INDEX agency_duties_recurring ON agency_duties (recurrence, ended_on, id);

CREATE TABLE agency_tasks (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  agency_id BIGINT NOT NULL,
  duty_id BIGINT NOT NULL,
  kind VARCHAR(16) NOT NULL,
  seq INT NOT NULL,
  due_on DATE NOT NULL,
  state VARCHAR(16) NOT NULL,
  reported_on DATE NULL,
  done_at DATETIME NULL,
  created_at DATETIME NOT NULL,
  updated_at DATETIME NOT NULL,
  UNIQUE (duty_id, seq),
  FOREIGN KEY (duty_id) REFERENCES agency_duties (id)
);
CREATE INDEX agency_tasks_court ON agency_tasks (court_id, state, due_on, id);
CREATE INDEX agency_tasks_agency ON agency_tasks (agency_id, state, due_on, id);
CREATE INDEX agency_tasks_period ON agency_tasks (court_id, due_on, agency_id);

CREATE TABLE agency_reports (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
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
  decided_at DATETIME NULL,
  reason VARCHAR(500) NOT NULL DEFAULT '',
  created_at DATETIME NOT NULL,
  UNIQUE (agency_id, idem_key),
  FOREIGN KEY (task_id) REFERENCES agency_tasks (id)
);
CREATE INDEX agency_reports_task ON agency_reports (task_id, id);

ALTER TABLE users ADD COLUMN agency_id BIGINT NOT NULL DEFAULT 0;
CREATE INDEX users_agency ON users (agency_id, id);
ALTER TABLE api_keys ADD COLUMN agency_id BIGINT NOT NULL DEFAULT 0;

-- What an agency uploads belongs to it and to no case. SQLite cannot drop NOT NULL
-- by ALTER TABLE; this is the way its manual gives (lang_altertable, section 7),
-- which keeps whatever columns the table has by now.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, 'case_id BIGINT NOT NULL', 'case_id BIGINT NULL') WHERE type = 'table' AND name = 'files';
PRAGMA writable_schema = RESET;
ALTER TABLE files ADD COLUMN agency_id BIGINT NOT NULL DEFAULT 0;
CREATE INDEX files_agency ON files (agency_id, state);
