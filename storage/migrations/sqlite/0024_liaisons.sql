-- +goose Up
CREATE TABLE villages (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  town VARCHAR(30) NOT NULL,
  name VARCHAR(30) NOT NULL,
  created_at DATETIME NOT NULL,
  FOREIGN KEY (court_id) REFERENCES courts (id)
);
CREATE UNIQUE INDEX villages_name ON villages (court_id, town, name);

CREATE TABLE liaisons (
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
CREATE UNIQUE INDEX liaisons_idem ON liaisons (created_by, idem_key);
CREATE INDEX liaisons_user ON liaisons (user_id, until_on);
CREATE INDEX liaisons_court ON liaisons (court_id, id);

CREATE TABLE liaison_villages (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  liaison_id BIGINT NOT NULL,
  village_id BIGINT NOT NULL,
  added_at DATETIME NOT NULL,
  ended_at DATETIME NULL,
  FOREIGN KEY (liaison_id) REFERENCES liaisons (id),
  FOREIGN KEY (village_id) REFERENCES villages (id)
);
CREATE INDEX liaison_villages_liaison ON liaison_villages (liaison_id, id);
CREATE INDEX liaison_villages_village ON liaison_villages (village_id, ended_at);

CREATE TABLE liaison_entries (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  liaison_id BIGINT NOT NULL,
  court_id BIGINT NOT NULL,
  text VARCHAR(500) NOT NULL,
  by_user_id BIGINT NOT NULL,
  created_at DATETIME NOT NULL,
  FOREIGN KEY (liaison_id) REFERENCES liaisons (id)
);
CREATE INDEX liaison_entries_liaison ON liaison_entries (liaison_id, id);

CREATE TABLE liaison_codes (
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
CREATE INDEX liaison_codes_liaison ON liaison_codes (liaison_id, id);

CREATE TABLE assistance_requests (
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
CREATE UNIQUE INDEX assistance_requests_idem ON assistance_requests (requested_by, idem_key);
CREATE INDEX assistance_requests_liaison ON assistance_requests (liaison_id, state, id);
CREATE INDEX assistance_requests_case ON assistance_requests (enforcement_case_id, id);
CREATE INDEX assistance_requests_court ON assistance_requests (court_id, state, id);

CREATE TABLE assistance_files (
  request_id BIGINT NOT NULL,
  file_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  seq INT NOT NULL,
  PRIMARY KEY (request_id, file_id),
  FOREIGN KEY (request_id) REFERENCES assistance_requests (id),
  FOREIGN KEY (file_id) REFERENCES files (id)
);
CREATE INDEX assistance_files_file ON assistance_files (file_id);
