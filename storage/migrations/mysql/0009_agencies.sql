-- +goose Up
-- Agencies and their duties; liaisons in the villages.

CREATE TABLE IF NOT EXISTS agencies (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  court_id BIGINT NOT NULL,
  code VARCHAR(32) NOT NULL,
  name VARCHAR(100) NOT NULL,
  kind VARCHAR(24) NOT NULL,
  ended_on DATE NULL,
  version BIGINT NOT NULL,
  created_at DATETIME(6) NOT NULL,
  updated_at DATETIME(6) NOT NULL,
  query_kinds VARCHAR(200) NOT NULL DEFAULT '[]',
  UNIQUE (court_id, code),
  FOREIGN KEY (court_id) REFERENCES courts (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS agency_contacts (
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

CREATE TABLE IF NOT EXISTS agency_changes (
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
  FOREIGN KEY (agency_id) REFERENCES agencies (id),
  INDEX agency_changes_agency (agency_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS duty_lists (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  court_id BIGINT NOT NULL,
  version BIGINT NOT NULL,
  source VARCHAR(200) NOT NULL,
  sha256 VARCHAR(64) NOT NULL,
  duties INT NOT NULL,
  created INT NOT NULL,
  changed INT NOT NULL,
  ended INT NOT NULL,
  by_user_id BIGINT NOT NULL DEFAULT 0,
  created_at DATETIME(6) NOT NULL,
  UNIQUE (court_id, version),
  FOREIGN KEY (court_id) REFERENCES courts (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS agency_duties (
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
  due_days INT NOT NULL DEFAULT 0,
  lift_days INT NOT NULL DEFAULT 0,
  measures VARCHAR(200) NOT NULL DEFAULT '[]',
  subjects VARCHAR(16) NOT NULL DEFAULT '',
  UNIQUE (agency_id, code),
  FOREIGN KEY (agency_id) REFERENCES agencies (id),
  INDEX agency_duties_court (court_id, id),
  INDEX agency_duties_recurring (recurrence, ended_on, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS agency_tasks (
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
  measure_id BIGINT NOT NULL DEFAULT 0,
  phase VARCHAR(16) NOT NULL DEFAULT '',
  UNIQUE (duty_id, seq),
  FOREIGN KEY (duty_id) REFERENCES agency_duties (id),
  INDEX agency_tasks_court (court_id, state, due_on, id),
  INDEX agency_tasks_agency (agency_id, state, due_on, id),
  INDEX agency_tasks_measure (measure_id, id),
  INDEX agency_tasks_period (court_id, due_on, agency_id, duty_id, state, reported_on, kind),
  INDEX agency_tasks_own (agency_id, due_on, duty_id, state, reported_on, kind, court_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS agency_reports (
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
  FOREIGN KEY (task_id) REFERENCES agency_tasks (id),
  INDEX agency_reports_task (task_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS duty_backfills (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  court_id BIGINT NOT NULL,
  list_id BIGINT NOT NULL DEFAULT 0,
  duty_id BIGINT NOT NULL DEFAULT 0,
  from_on DATE NOT NULL,
  after_id BIGINT NOT NULL DEFAULT 0,
  measures INT NOT NULL DEFAULT 0,
  opened INT NOT NULL DEFAULT 0,
  agencies TEXT NOT NULL,
  left_out TEXT NOT NULL,
  done_at DATETIME(6) NULL,
  by_user_id BIGINT NOT NULL DEFAULT 0,
  created_at DATETIME(6) NOT NULL,
  UNIQUE (list_id, duty_id),
  FOREIGN KEY (court_id) REFERENCES courts (id),
  INDEX duty_backfills_open (done_at, id),
  INDEX duty_backfills_court (court_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS villages (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  court_id BIGINT NOT NULL,
  town VARCHAR(30) NOT NULL,
  name VARCHAR(30) NOT NULL,
  created_at DATETIME(6) NOT NULL,
  FOREIGN KEY (court_id) REFERENCES courts (id),
  UNIQUE INDEX villages_name (court_id, town, name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS liaisons (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
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
  created_at DATETIME(6) NOT NULL,
  updated_at DATETIME(6) NOT NULL,
  FOREIGN KEY (court_id) REFERENCES courts (id),
  UNIQUE INDEX liaisons_idem (created_by, idem_key),
  INDEX liaisons_user (user_id, until_on),
  INDEX liaisons_court (court_id, id),
  INDEX liaisons_phone (court_id, phone_hash)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS liaison_villages (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  liaison_id BIGINT NOT NULL,
  village_id BIGINT NOT NULL,
  added_at DATETIME(6) NOT NULL,
  ended_at DATETIME(6) NULL,
  FOREIGN KEY (liaison_id) REFERENCES liaisons (id),
  FOREIGN KEY (village_id) REFERENCES villages (id),
  INDEX liaison_villages_liaison (liaison_id, id),
  INDEX liaison_villages_village (village_id, ended_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS liaison_entries (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  liaison_id BIGINT NOT NULL,
  court_id BIGINT NOT NULL,
  text VARCHAR(500) NOT NULL,
  by_user_id BIGINT NOT NULL,
  created_at DATETIME(6) NOT NULL,
  FOREIGN KEY (liaison_id) REFERENCES liaisons (id),
  INDEX liaison_entries_liaison (liaison_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS liaison_codes (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  court_id BIGINT NOT NULL,
  liaison_id BIGINT NOT NULL,
  code_hash VARCHAR(64) NOT NULL UNIQUE,
  issued_by BIGINT NOT NULL,
  expires_at DATETIME(6) NOT NULL,
  used_at DATETIME(6) NULL,
  used_by BIGINT NOT NULL DEFAULT 0,
  voided_at DATETIME(6) NULL,
  created_at DATETIME(6) NOT NULL,
  FOREIGN KEY (liaison_id) REFERENCES liaisons (id),
  INDEX liaison_codes_liaison (liaison_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS assistance_requests (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
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
  answered_at DATETIME(6) NULL,
  close_note VARCHAR(500) NOT NULL DEFAULT '',
  closed_at DATETIME(6) NULL,
  version BIGINT NOT NULL,
  created_at DATETIME(6) NOT NULL,
  updated_at DATETIME(6) NOT NULL,
  FOREIGN KEY (enforcement_case_id) REFERENCES enforcement_cases (id),
  FOREIGN KEY (liaison_id) REFERENCES liaisons (id),
  FOREIGN KEY (village_id) REFERENCES villages (id),
  UNIQUE INDEX assistance_requests_idem (requested_by, idem_key),
  INDEX assistance_requests_liaison (liaison_id, state, id),
  INDEX assistance_requests_party (party_id, id),
  INDEX assistance_requests_case (enforcement_case_id, id),
  INDEX assistance_requests_court (court_id, state, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS assistance_files (
  request_id BIGINT NOT NULL,
  file_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  seq INT NOT NULL,
  PRIMARY KEY (request_id, file_id),
  FOREIGN KEY (request_id) REFERENCES assistance_requests (id),
  FOREIGN KEY (file_id) REFERENCES files (id),
  INDEX assistance_files_file (file_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
