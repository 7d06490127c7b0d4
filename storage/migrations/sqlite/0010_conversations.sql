-- +goose Up
-- Conversations, families, petitions and call backs.

CREATE TABLE IF NOT EXISTS conversations (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  party_id BIGINT NOT NULL,
  counterpart_kind VARCHAR(24) NOT NULL,
  counterpart_id BIGINT NOT NULL,
  owner_id BIGINT NOT NULL,
  answer_by DATE NULL,
  settled_id BIGINT NOT NULL,
  last_message_id BIGINT NOT NULL,
  last_at DATETIME NOT NULL,
  relative_id BIGINT NOT NULL DEFAULT 0,
  enforcement_case_id BIGINT NOT NULL DEFAULT 0,
  late_told_at DATETIME NULL,
  UNIQUE (counterpart_kind, counterpart_id),
  FOREIGN KEY (case_id) REFERENCES cases (id)
);
CREATE INDEX IF NOT EXISTS conversations_waiting ON conversations (court_id, answer_by, id);
CREATE INDEX IF NOT EXISTS conversations_owner ON conversations (owner_id, answer_by, id);
CREATE INDEX IF NOT EXISTS conversations_case ON conversations (case_id);
CREATE INDEX IF NOT EXISTS conversations_last ON conversations (court_id, last_message_id);
CREATE INDEX IF NOT EXISTS conversations_own_last ON conversations (owner_id, last_message_id);
CREATE INDEX IF NOT EXISTS conversations_relative ON conversations (relative_id);
CREATE INDEX IF NOT EXISTS conversations_late ON conversations (late_told_at, answer_by);

CREATE TABLE IF NOT EXISTS messages (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  party_id BIGINT NOT NULL,
  conversation_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  from_court BOOLEAN NOT NULL,
  body TEXT NOT NULL,
  answer_by DATE NULL,
  idem_key VARCHAR(64) NOT NULL,
  created_at DATETIME NOT NULL,
  relative_id BIGINT NOT NULL DEFAULT 0,
  content_check VARCHAR(16) NOT NULL DEFAULT '',
  up_to_id BIGINT NOT NULL DEFAULT 0,
  UNIQUE (user_id, idem_key),
  FOREIGN KEY (conversation_id) REFERENCES conversations (id)
);
CREATE INDEX IF NOT EXISTS messages_case ON messages (case_id, id);
CREATE INDEX IF NOT EXISTS messages_conversation ON messages (conversation_id, id);
CREATE INDEX IF NOT EXISTS messages_user ON messages (user_id, created_at);

CREATE TABLE IF NOT EXISTS conversation_reads (
  conversation_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  message_id BIGINT NOT NULL,
  from_court BOOLEAN NOT NULL,
  read_at DATETIME NOT NULL,
  PRIMARY KEY (conversation_id, user_id, message_id),
  FOREIGN KEY (conversation_id) REFERENCES conversations (id)
);

CREATE TABLE IF NOT EXISTS message_files (
  message_id BIGINT NOT NULL,
  file_id BIGINT NOT NULL UNIQUE,
  conversation_id BIGINT NOT NULL,
  seq INT NOT NULL,
  PRIMARY KEY (message_id, seq),
  FOREIGN KEY (message_id) REFERENCES messages (id),
  FOREIGN KEY (file_id) REFERENCES files (id)
);
CREATE INDEX IF NOT EXISTS message_files_conversation ON message_files (conversation_id);

CREATE TABLE IF NOT EXISTS picture_checks (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  message_id BIGINT NOT NULL,
  file_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  open_id VARCHAR(64) NOT NULL,
  token VARCHAR(64) NOT NULL UNIQUE,
  trace VARCHAR(128) NULL UNIQUE,
  state VARCHAR(16) NOT NULL,
  label INT NOT NULL DEFAULT 0,
  attempts INT NOT NULL DEFAULT 0,
  next_at DATETIME NOT NULL,
  decided_at DATETIME NULL,
  created_at DATETIME NOT NULL,
  UNIQUE (message_id, file_id),
  FOREIGN KEY (case_id) REFERENCES cases (id),
  FOREIGN KEY (message_id) REFERENCES messages (id)
);
CREATE INDEX IF NOT EXISTS picture_checks_due ON picture_checks (state, next_at, id);

CREATE TABLE IF NOT EXISTS call_backs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  conversation_id BIGINT NOT NULL,
  owner_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  start_at DATETIME NOT NULL,
  state VARCHAR(16) NOT NULL,
  note VARCHAR(255) NOT NULL,
  phone TEXT NOT NULL,
  answer_by DATE NULL,
  decided_by BIGINT NOT NULL,
  answer VARCHAR(500) NOT NULL,
  open_key VARCHAR(64) NULL UNIQUE,
  created_by BIGINT NOT NULL,
  idem_key VARCHAR(64) NOT NULL,
  version BIGINT NOT NULL,
  created_at DATETIME NOT NULL,
  updated_at DATETIME NOT NULL,
  UNIQUE (created_by, idem_key),
  FOREIGN KEY (conversation_id) REFERENCES conversations (id)
);
CREATE INDEX IF NOT EXISTS call_backs_conversation ON call_backs (conversation_id, id);
CREATE INDEX IF NOT EXISTS call_backs_owner ON call_backs (owner_id, state, start_at);
CREATE INDEX IF NOT EXISTS call_backs_over ON call_backs (state, start_at);
CREATE INDEX IF NOT EXISTS call_backs_asked ON call_backs (created_by, created_at);

CREATE TABLE IF NOT EXISTS call_back_entries (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  call_back_id BIGINT NOT NULL,
  conversation_id BIGINT NOT NULL,
  state VARCHAR(16) NOT NULL,
  start_at DATETIME NOT NULL,
  note VARCHAR(500) NOT NULL,
  from_court BOOLEAN NOT NULL,
  by_user_id BIGINT NOT NULL,
  created_at DATETIME NOT NULL,
  FOREIGN KEY (call_back_id) REFERENCES call_backs (id)
);
CREATE INDEX IF NOT EXISTS call_back_entries_call ON call_back_entries (call_back_id, id);
CREATE INDEX IF NOT EXISTS call_back_entries_conversation ON call_back_entries (conversation_id, id);

CREATE TABLE IF NOT EXISTS relatives (
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
CREATE INDEX IF NOT EXISTS relatives_user ON relatives (user_id, state, id);
CREATE INDEX IF NOT EXISTS relatives_officer ON relatives (officer_id, state, id);
CREATE INDEX IF NOT EXISTS relatives_court ON relatives (court_id, state, id);
CREATE INDEX IF NOT EXISTS relatives_enforcement ON relatives (enforcement_case_id, id);
CREATE INDEX IF NOT EXISTS relatives_party ON relatives (party_id, id);
CREATE INDEX IF NOT EXISTS relatives_case ON relatives (case_id, id);

CREATE TABLE IF NOT EXISTS relative_entries (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  relative_id BIGINT NOT NULL,
  state VARCHAR(16) NOT NULL,
  by_user_id BIGINT NOT NULL,
  reason VARCHAR(255) NOT NULL,
  created_at DATETIME NOT NULL,
  FOREIGN KEY (relative_id) REFERENCES relatives (id)
);
CREATE INDEX IF NOT EXISTS relative_entries_relative ON relative_entries (relative_id, id);

CREATE TABLE IF NOT EXISTS relative_codes (
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
  FOREIGN KEY (party_id) REFERENCES parties (id)
);
CREATE INDEX IF NOT EXISTS relative_codes_party ON relative_codes (party_id, via);

CREATE TABLE IF NOT EXISTS payment_references (
  code VARCHAR(16) NOT NULL PRIMARY KEY,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  enforcement_case_id BIGINT,
  party_id BIGINT NOT NULL,
  installment_id BIGINT NOT NULL DEFAULT 0,
  about VARCHAR(64) NOT NULL,
  created_at DATETIME NOT NULL,
  UNIQUE (about),
  FOREIGN KEY (enforcement_case_id) REFERENCES enforcement_cases (id),
  FOREIGN KEY (party_id) REFERENCES parties (id)
);

CREATE TABLE IF NOT EXISTS payment_accounts (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  party_id BIGINT NOT NULL,
  payee TEXT NOT NULL,
  number TEXT NOT NULL,
  number_hash VARCHAR(64) NOT NULL,
  bank VARCHAR(200) NOT NULL,
  other_payee VARCHAR(500) NOT NULL DEFAULT '',
  state VARCHAR(20) NOT NULL,
  from_phone BOOLEAN NOT NULL,
  entered_by BIGINT NOT NULL,
  phone_hash VARCHAR(64) NOT NULL DEFAULT '',
  decided_by BIGINT NOT NULL DEFAULT 0,
  decided_at DATETIME,
  reason VARCHAR(500) NOT NULL DEFAULT '',
  waiting_key VARCHAR(64),
  active_key VARCHAR(64),
  idem_key VARCHAR(64) NOT NULL,
  version BIGINT NOT NULL,
  created_at DATETIME NOT NULL,
  updated_at DATETIME NOT NULL,
  UNIQUE (entered_by, idem_key),
  UNIQUE (waiting_key),
  UNIQUE (active_key),
  FOREIGN KEY (case_id) REFERENCES cases (id),
  FOREIGN KEY (party_id) REFERENCES parties (id)
);
CREATE INDEX IF NOT EXISTS payment_accounts_case ON payment_accounts (case_id);
CREATE INDEX IF NOT EXISTS payment_accounts_court ON payment_accounts (court_id, state);

CREATE TABLE IF NOT EXISTS account_calls (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  account_id BIGINT NOT NULL,
  by_user_id BIGINT NOT NULL,
  called_at DATETIME NOT NULL,
  phone TEXT NOT NULL,
  phone_hash VARCHAR(64) NOT NULL,
  answer VARCHAR(20) NOT NULL,
  note VARCHAR(500) NOT NULL DEFAULT '',
  idem_key VARCHAR(64) NOT NULL,
  created_at DATETIME NOT NULL,
  UNIQUE (by_user_id, idem_key),
  FOREIGN KEY (account_id) REFERENCES payment_accounts (id)
);
CREATE INDEX IF NOT EXISTS account_calls_account ON account_calls (account_id);

CREATE TABLE IF NOT EXISTS account_entries (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id BIGINT NOT NULL,
  state VARCHAR(20) NOT NULL,
  by_user_id BIGINT NOT NULL,
  reason VARCHAR(500) NOT NULL DEFAULT '',
  created_at DATETIME NOT NULL,
  FOREIGN KEY (account_id) REFERENCES payment_accounts (id)
);
CREATE INDEX IF NOT EXISTS account_entries_account ON account_entries (account_id);

CREATE TABLE IF NOT EXISTS petitions (
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
CREATE INDEX IF NOT EXISTS petitions_enforcement ON petitions (enforcement_case_id, id);
CREATE INDEX IF NOT EXISTS petitions_court ON petitions (court_id, state, id);
CREATE INDEX IF NOT EXISTS petitions_case ON petitions (case_id, id);
CREATE INDEX IF NOT EXISTS petitions_relative ON petitions (relative_id, id);
CREATE INDEX IF NOT EXISTS petitions_file ON petitions (file_id);

CREATE TABLE IF NOT EXISTS petition_entries (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  petition_id BIGINT NOT NULL,
  state VARCHAR(16) NOT NULL,
  answer VARCHAR(500) NOT NULL,
  by_user_id BIGINT NOT NULL,
  created_at DATETIME NOT NULL,
  FOREIGN KEY (petition_id) REFERENCES petitions (id)
);
CREATE INDEX IF NOT EXISTS petition_entries_petition ON petition_entries (petition_id, id);

CREATE TABLE IF NOT EXISTS ready_answer_lists (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  answers TEXT NOT NULL,
  by_user_id BIGINT NOT NULL,
  created_at DATETIME NOT NULL,
  FOREIGN KEY (court_id) REFERENCES courts (id)
);
CREATE INDEX IF NOT EXISTS ready_answer_lists_court ON ready_answer_lists (court_id, id);
