-- +goose Up
ALTER TABLE conversations ADD COLUMN relative_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE conversations ADD COLUMN enforcement_case_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE messages ADD COLUMN relative_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE receipts ADD COLUMN relative_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE receipts ADD COLUMN payer_relation VARCHAR(16) NOT NULL DEFAULT '';
CREATE INDEX conversations_relative ON conversations (relative_id);
CREATE INDEX receipts_relative ON receipts (relative_id, id);

CREATE TABLE relatives (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  name TEXT NOT NULL,
  relation VARCHAR(16) NOT NULL,
  phone TEXT NOT NULL,
  debtor_name TEXT NOT NULL,
  case_no VARCHAR(64) NOT NULL,
  note VARCHAR(255) NOT NULL,
  via VARCHAR(16) NOT NULL,
  code_id BIGINT NOT NULL,
  officer_id BIGINT NOT NULL,
  state VARCHAR(16) NOT NULL,
  case_id BIGINT NOT NULL,
  enforcement_case_id BIGINT NOT NULL,
  party_id BIGINT NOT NULL,
  decided_by BIGINT NOT NULL,
  decided_at DATETIME NULL,
  reason VARCHAR(255) NOT NULL,
  idem_key VARCHAR(64) NOT NULL,
  version BIGINT NOT NULL,
  created_at DATETIME NOT NULL,
  updated_at DATETIME NOT NULL,
  UNIQUE (user_id, idem_key),
  FOREIGN KEY (court_id) REFERENCES courts (id),
  FOREIGN KEY (user_id) REFERENCES users (id)
);
CREATE INDEX relatives_user ON relatives (user_id, state, id);
CREATE INDEX relatives_officer ON relatives (officer_id, state, id);
CREATE INDEX relatives_court ON relatives (court_id, state, id);
CREATE INDEX relatives_enforcement ON relatives (enforcement_case_id, id);
CREATE INDEX relatives_case ON relatives (case_id, id);

CREATE TABLE relative_entries (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  relative_id BIGINT NOT NULL,
  state VARCHAR(16) NOT NULL,
  by_user_id BIGINT NOT NULL,
  reason VARCHAR(255) NOT NULL,
  created_at DATETIME NOT NULL,
  FOREIGN KEY (relative_id) REFERENCES relatives (id)
);
CREATE INDEX relative_entries_relative ON relative_entries (relative_id, id);

CREATE TABLE relative_codes (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  enforcement_case_id BIGINT NOT NULL,
  party_id BIGINT NOT NULL,
  via VARCHAR(16) NOT NULL,
  one_time BOOLEAN NOT NULL,
  code_hash VARCHAR(64) NOT NULL UNIQUE,
  issued_by BIGINT NOT NULL,
  expires_at DATETIME NOT NULL,
  used_at DATETIME NULL,
  used_by BIGINT NOT NULL,
  voided_at DATETIME NULL,
  created_at DATETIME NOT NULL,
  FOREIGN KEY (enforcement_case_id) REFERENCES enforcement_cases (id),
  FOREIGN KEY (party_id) REFERENCES parties (id)
);
CREATE INDEX relative_codes_party ON relative_codes (party_id, via);

CREATE TABLE payment_references (
  code VARCHAR(16) NOT NULL PRIMARY KEY,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  enforcement_case_id BIGINT NOT NULL,
  party_id BIGINT NOT NULL,
  created_at DATETIME NOT NULL,
  UNIQUE (enforcement_case_id, party_id),
  FOREIGN KEY (enforcement_case_id) REFERENCES enforcement_cases (id),
  FOREIGN KEY (party_id) REFERENCES parties (id)
);

CREATE TABLE message_files (
  message_id BIGINT NOT NULL,
  file_id BIGINT NOT NULL UNIQUE,
  conversation_id BIGINT NOT NULL,
  seq INT NOT NULL,
  PRIMARY KEY (message_id, seq),
  FOREIGN KEY (message_id) REFERENCES messages (id),
  FOREIGN KEY (file_id) REFERENCES files (id)
);
CREATE INDEX message_files_conversation ON message_files (conversation_id);

CREATE TABLE petitions (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  enforcement_case_id BIGINT NOT NULL,
  party_id BIGINT NOT NULL,
  relative_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  kind VARCHAR(16) NOT NULL,
  body TEXT NOT NULL,
  file_id BIGINT NOT NULL,
  state VARCHAR(16) NOT NULL,
  answer VARCHAR(500) NOT NULL,
  decided_by BIGINT NOT NULL,
  decided_at DATETIME NULL,
  idem_key VARCHAR(64) NOT NULL,
  version BIGINT NOT NULL,
  created_at DATETIME NOT NULL,
  UNIQUE (user_id, idem_key),
  FOREIGN KEY (enforcement_case_id) REFERENCES enforcement_cases (id),
  FOREIGN KEY (party_id) REFERENCES parties (id)
);
CREATE INDEX petitions_enforcement ON petitions (enforcement_case_id, id);
CREATE INDEX petitions_court ON petitions (court_id, state, id);
CREATE INDEX petitions_case ON petitions (case_id, id);
CREATE INDEX petitions_relative ON petitions (relative_id, id);
CREATE INDEX petitions_file ON petitions (file_id);

CREATE TABLE petition_entries (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  petition_id BIGINT NOT NULL,
  state VARCHAR(16) NOT NULL,
  answer VARCHAR(500) NOT NULL,
  by_user_id BIGINT NOT NULL,
  created_at DATETIME NOT NULL,
  FOREIGN KEY (petition_id) REFERENCES petitions (id)
);
CREATE INDEX petition_entries_petition ON petition_entries (petition_id, id);

CREATE TABLE absences (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  substitute_id BIGINT NOT NULL,
  from_on DATE NOT NULL,
  to_on DATE NOT NULL,
  reason VARCHAR(255) NOT NULL,
  created_by BIGINT NOT NULL,
  ended_at DATETIME NULL,
  created_at DATETIME NOT NULL,
  FOREIGN KEY (user_id) REFERENCES users (id),
  FOREIGN KEY (substitute_id) REFERENCES users (id)
);
CREATE INDEX absences_user ON absences (user_id, to_on);
CREATE INDEX absences_substitute ON absences (substitute_id, to_on);
CREATE INDEX absences_court ON absences (court_id, to_on);
