-- +goose Up
-- Agencies and their duties; liaisons in the villages.

CREATE TABLE IF NOT EXISTS agencies (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  code VARCHAR(32) NOT NULL,
  name VARCHAR(100) NOT NULL,
  kind VARCHAR(24) NOT NULL,
  ended_on DATE NULL,
  version BIGINT NOT NULL,
  created_at DATETIME NOT NULL,
  updated_at DATETIME NOT NULL,
  query_kinds VARCHAR(200) NOT NULL DEFAULT '[]',
  UNIQUE (court_id, code),
  FOREIGN KEY (court_id) REFERENCES courts (id)
);

CREATE TABLE IF NOT EXISTS agency_contacts (
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

CREATE TABLE IF NOT EXISTS agency_changes (
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
CREATE INDEX IF NOT EXISTS agency_changes_agency ON agency_changes (agency_id, id);

CREATE TABLE IF NOT EXISTS duty_lists (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  version BIGINT NOT NULL,
  source VARCHAR(200) NOT NULL,
  sha256 VARCHAR(64) NOT NULL,
  duties INT NOT NULL,
  created INT NOT NULL,
  changed INT NOT NULL,
  ended INT NOT NULL,
  by_user_id BIGINT NOT NULL DEFAULT 0,
  created_at DATETIME NOT NULL,
  UNIQUE (court_id, version),
  FOREIGN KEY (court_id) REFERENCES courts (id)
);

CREATE TABLE IF NOT EXISTS agency_duties (
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
  due_days INT NOT NULL DEFAULT 0,
  lift_days INT NOT NULL DEFAULT 0,
  measures VARCHAR(200) NOT NULL DEFAULT '[]',
  subjects VARCHAR(16) NOT NULL DEFAULT '',
  UNIQUE (agency_id, code),
  FOREIGN KEY (agency_id) REFERENCES agencies (id)
);
CREATE INDEX IF NOT EXISTS agency_duties_court ON agency_duties (court_id, id);
CREATE INDEX IF NOT EXISTS agency_duties_recurring ON agency_duties (recurrence, ended_on, id);

CREATE TABLE IF NOT EXISTS agency_tasks (
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
  measure_id BIGINT NOT NULL DEFAULT 0,
  phase VARCHAR(16) NOT NULL DEFAULT '',
  UNIQUE (duty_id, seq),
  FOREIGN KEY (duty_id) REFERENCES agency_duties (id)
);
CREATE INDEX IF NOT EXISTS agency_tasks_court ON agency_tasks (court_id, state, due_on, id);
CREATE INDEX IF NOT EXISTS agency_tasks_agency ON agency_tasks (agency_id, state, due_on, id);
CREATE INDEX IF NOT EXISTS agency_tasks_measure ON agency_tasks (measure_id, id);
CREATE INDEX IF NOT EXISTS agency_tasks_period ON agency_tasks (court_id, due_on, agency_id, duty_id, state, reported_on, kind);
CREATE INDEX IF NOT EXISTS agency_tasks_own ON agency_tasks (agency_id, due_on, duty_id, state, reported_on, kind, court_id);

CREATE TABLE IF NOT EXISTS agency_reports (
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
CREATE INDEX IF NOT EXISTS agency_reports_task ON agency_reports (task_id, id);

CREATE TABLE IF NOT EXISTS duty_backfills (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  list_id BIGINT NOT NULL DEFAULT 0,
  duty_id BIGINT NOT NULL DEFAULT 0,
  from_on DATE NOT NULL,
  after_id BIGINT NOT NULL DEFAULT 0,
  measures INT NOT NULL DEFAULT 0,
  opened INT NOT NULL DEFAULT 0,
  agencies TEXT NOT NULL,
  left_out TEXT NOT NULL,
  done_at DATETIME NULL,
  by_user_id BIGINT NOT NULL DEFAULT 0,
  created_at DATETIME NOT NULL,
  UNIQUE (list_id, duty_id),
  FOREIGN KEY (court_id) REFERENCES courts (id)
);
CREATE INDEX IF NOT EXISTS duty_backfills_open ON duty_backfills (done_at, id);
CREATE INDEX IF NOT EXISTS duty_backfills_court ON duty_backfills (court_id, id);

CREATE TABLE IF NOT EXISTS villages (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  town VARCHAR(30) NOT NULL,
  name VARCHAR(30) NOT NULL,
  created_at DATETIME NOT NULL,
  FOREIGN KEY (court_id) REFERENCES courts (id)
);
CREATE UNIQUE INDEX IF NOT EXISTS villages_name ON villages (court_id, town, name);

CREATE TABLE IF NOT EXISTS liaisons (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  name VARCHAR(50) NOT NULL,
  phone TEXT NOT NULL,
  phone_hash VARCHAR(64) NOT NULL DEFAULT '',
  from_on DATE NOT NULL,
  until_on DATE NOT NULL,
  user_id BIGINT NOT NULL DEFAULT 0,
  idem_key VARCHAR(64) NOT NULL,
  created_by BIGINT NOT NULL,
  version BIGINT NOT NULL,
  created_at DATETIME NOT NULL,
  updated_at DATETIME NOT NULL,
  FOREIGN KEY (court_id) REFERENCES courts (id)
);
CREATE UNIQUE INDEX IF NOT EXISTS liaisons_idem ON liaisons (created_by, idem_key);
CREATE INDEX IF NOT EXISTS liaisons_user ON liaisons (user_id, until_on);
CREATE INDEX IF NOT EXISTS liaisons_court ON liaisons (court_id, id);
CREATE INDEX IF NOT EXISTS liaisons_phone ON liaisons (court_id, phone_hash);

CREATE TABLE IF NOT EXISTS liaison_villages (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  liaison_id BIGINT NOT NULL,
  village_id BIGINT NOT NULL,
  added_at DATETIME NOT NULL,
  ended_at DATETIME NULL,
  FOREIGN KEY (liaison_id) REFERENCES liaisons (id),
  FOREIGN KEY (village_id) REFERENCES villages (id)
);
CREATE INDEX IF NOT EXISTS liaison_villages_liaison ON liaison_villages (liaison_id, id);
CREATE INDEX IF NOT EXISTS liaison_villages_village ON liaison_villages (village_id, ended_at);

CREATE TABLE IF NOT EXISTS liaison_entries (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  liaison_id BIGINT NOT NULL,
  court_id BIGINT NOT NULL,
  text VARCHAR(500) NOT NULL,
  by_user_id BIGINT NOT NULL,
  created_at DATETIME NOT NULL,
  FOREIGN KEY (liaison_id) REFERENCES liaisons (id)
);
CREATE INDEX IF NOT EXISTS liaison_entries_liaison ON liaison_entries (liaison_id, id);

CREATE TABLE IF NOT EXISTS liaison_codes (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  liaison_id BIGINT NOT NULL,
  code_hash VARCHAR(64) NOT NULL UNIQUE,
  issued_by BIGINT NOT NULL,
  expires_at DATETIME NOT NULL,
  used_at DATETIME NULL,
  used_by BIGINT NOT NULL DEFAULT 0,
  voided_at DATETIME NULL,
  created_at DATETIME NOT NULL,
  FOREIGN KEY (liaison_id) REFERENCES liaisons (id)
);
CREATE INDEX IF NOT EXISTS liaison_codes_liaison ON liaison_codes (liaison_id, id);

CREATE TABLE IF NOT EXISTS assistance_requests (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  enforcement_case_id BIGINT NOT NULL,
  party_id BIGINT NOT NULL,
  village_id BIGINT NOT NULL,
  liaison_id BIGINT NOT NULL,
  kind VARCHAR(16) NOT NULL,
  name VARCHAR(200) NOT NULL,
  detail TEXT NOT NULL,
  due_on DATE NOT NULL,
  state VARCHAR(16) NOT NULL,
  requested_by BIGINT NOT NULL,
  idem_key VARCHAR(64) NOT NULL,
  reason VARCHAR(300) NOT NULL DEFAULT '',
  answer TEXT NOT NULL,
  answered_at DATETIME NULL,
  close_note VARCHAR(500) NOT NULL DEFAULT '',
  closed_at DATETIME NULL,
  version BIGINT NOT NULL,
  created_at DATETIME NOT NULL,
  updated_at DATETIME NOT NULL,
  FOREIGN KEY (enforcement_case_id) REFERENCES enforcement_cases (id),
  FOREIGN KEY (liaison_id) REFERENCES liaisons (id),
  FOREIGN KEY (village_id) REFERENCES villages (id)
);
CREATE UNIQUE INDEX IF NOT EXISTS assistance_requests_idem ON assistance_requests (requested_by, idem_key);
CREATE INDEX IF NOT EXISTS assistance_requests_liaison ON assistance_requests (liaison_id, state, id);
CREATE INDEX IF NOT EXISTS assistance_requests_party ON assistance_requests (party_id, id);
CREATE INDEX IF NOT EXISTS assistance_requests_case ON assistance_requests (enforcement_case_id, id);
CREATE INDEX IF NOT EXISTS assistance_requests_court ON assistance_requests (court_id, state, id);

CREATE TABLE IF NOT EXISTS assistance_files (
  request_id BIGINT NOT NULL,
  file_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  seq INT NOT NULL,
  PRIMARY KEY (request_id, file_id),
  FOREIGN KEY (request_id) REFERENCES assistance_requests (id),
  FOREIGN KEY (file_id) REFERENCES files (id)
);
CREATE INDEX IF NOT EXISTS assistance_files_file ON assistance_files (file_id);
