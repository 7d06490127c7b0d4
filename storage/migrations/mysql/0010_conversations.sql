-- +goose Up
-- Conversations, families, petitions and call backs.

CREATE TABLE IF NOT EXISTS conversations (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  party_id BIGINT NOT NULL,
  counterpart_kind VARCHAR(24) NOT NULL,
  counterpart_id BIGINT NOT NULL,
  owner_id BIGINT NOT NULL,
  answer_by DATE NULL,
  settled_id BIGINT NOT NULL,
  last_message_id BIGINT NOT NULL,
  last_at DATETIME(6) NOT NULL,
  relative_id BIGINT NOT NULL DEFAULT 0,
  enforcement_case_id BIGINT NOT NULL DEFAULT 0,
  late_told_at DATETIME(6) NULL,
  UNIQUE (counterpart_kind, counterpart_id),
  FOREIGN KEY (case_id) REFERENCES cases (id),
  INDEX conversations_waiting (court_id, answer_by, id),
  INDEX conversations_owner (owner_id, answer_by, id),
  INDEX conversations_case (case_id),
  INDEX conversations_last (court_id, last_message_id),
  INDEX conversations_own_last (owner_id, last_message_id),
  INDEX conversations_relative (relative_id),
  INDEX conversations_late (late_told_at, answer_by)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS messages (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  party_id BIGINT NOT NULL,
  conversation_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  from_court BOOLEAN NOT NULL,
  body TEXT NOT NULL,
  answer_by DATE NULL,
  idem_key VARCHAR(64) NOT NULL,
  created_at DATETIME(6) NOT NULL,
  relative_id BIGINT NOT NULL DEFAULT 0,
  content_check VARCHAR(16) NOT NULL DEFAULT '',
  up_to_id BIGINT NOT NULL DEFAULT 0,
  UNIQUE (user_id, idem_key),
  FOREIGN KEY (conversation_id) REFERENCES conversations (id),
  INDEX messages_case (case_id, id),
  INDEX messages_conversation (conversation_id, id),
  INDEX messages_user (user_id, created_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS conversation_reads (
  conversation_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  message_id BIGINT NOT NULL,
  from_court BOOLEAN NOT NULL,
  read_at DATETIME(6) NOT NULL,
  PRIMARY KEY (conversation_id, user_id, message_id),
  FOREIGN KEY (conversation_id) REFERENCES conversations (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS message_files (
  message_id BIGINT NOT NULL,
  file_id BIGINT NOT NULL UNIQUE,
  conversation_id BIGINT NOT NULL,
  seq INT NOT NULL,
  PRIMARY KEY (message_id, seq),
  FOREIGN KEY (message_id) REFERENCES messages (id),
  FOREIGN KEY (file_id) REFERENCES files (id),
  INDEX message_files_conversation (conversation_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS picture_checks (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
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
  next_at DATETIME(6) NOT NULL,
  decided_at DATETIME(6) NULL,
  created_at DATETIME(6) NOT NULL,
  UNIQUE (message_id, file_id),
  FOREIGN KEY (case_id) REFERENCES cases (id),
  FOREIGN KEY (message_id) REFERENCES messages (id),
  INDEX picture_checks_due (state, next_at, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS call_backs (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  conversation_id BIGINT NOT NULL,
  owner_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  start_at DATETIME(6) NOT NULL,
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
  created_at DATETIME(6) NOT NULL,
  updated_at DATETIME(6) NOT NULL,
  UNIQUE (created_by, idem_key),
  FOREIGN KEY (conversation_id) REFERENCES conversations (id),
  INDEX call_backs_conversation (conversation_id, id),
  INDEX call_backs_owner (owner_id, state, start_at),
  INDEX call_backs_over (state, start_at),
  INDEX call_backs_asked (created_by, created_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS call_back_entries (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  call_back_id BIGINT NOT NULL,
  conversation_id BIGINT NOT NULL,
  state VARCHAR(16) NOT NULL,
  start_at DATETIME(6) NOT NULL,
  note VARCHAR(500) NOT NULL,
  from_court BOOLEAN NOT NULL,
  by_user_id BIGINT NOT NULL,
  created_at DATETIME(6) NOT NULL,
  FOREIGN KEY (call_back_id) REFERENCES call_backs (id),
  INDEX call_back_entries_call (call_back_id, id),
  INDEX call_back_entries_conversation (conversation_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS relatives (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
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
  decided_at DATETIME(6) NULL,
  reason VARCHAR(255) NOT NULL,
  idem_key VARCHAR(64) NOT NULL,
  version BIGINT NOT NULL,
  created_at DATETIME(6) NOT NULL,
  updated_at DATETIME(6) NOT NULL,
  UNIQUE (user_id, idem_key),
  FOREIGN KEY (court_id) REFERENCES courts (id),
  FOREIGN KEY (user_id) REFERENCES users (id),
  INDEX relatives_user (user_id, state, id),
  INDEX relatives_officer (officer_id, state, id),
  INDEX relatives_court (court_id, state, id),
  INDEX relatives_enforcement (enforcement_case_id, id),
  INDEX relatives_party (party_id, id),
  INDEX relatives_case (case_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS relative_entries (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  relative_id BIGINT NOT NULL,
  state VARCHAR(16) NOT NULL,
  by_user_id BIGINT NOT NULL,
  reason VARCHAR(255) NOT NULL,
  created_at DATETIME(6) NOT NULL,
  FOREIGN KEY (relative_id) REFERENCES relatives (id),
  INDEX relative_entries_relative (relative_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS relative_codes (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  enforcement_case_id BIGINT NOT NULL,
  party_id BIGINT NOT NULL,
  via VARCHAR(16) NOT NULL,
  one_time BOOLEAN NOT NULL,
  code_hash VARCHAR(64) NOT NULL UNIQUE,
  issued_by BIGINT NOT NULL,
  expires_at DATETIME(6) NOT NULL,
  used_at DATETIME(6) NULL,
  used_by BIGINT NOT NULL,
  voided_at DATETIME(6) NULL,
  created_at DATETIME(6) NOT NULL,
  FOREIGN KEY (party_id) REFERENCES parties (id),
  INDEX relative_codes_party (party_id, via)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS payment_references (
  code VARCHAR(16) NOT NULL PRIMARY KEY,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  enforcement_case_id BIGINT,
  party_id BIGINT NOT NULL,
  installment_id BIGINT NOT NULL DEFAULT 0,
  about VARCHAR(64) NOT NULL,
  created_at DATETIME(6) NOT NULL,
  UNIQUE (about),
  FOREIGN KEY (enforcement_case_id) REFERENCES enforcement_cases (id),
  FOREIGN KEY (party_id) REFERENCES parties (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS payment_accounts (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
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
  decided_at DATETIME(6),
  reason VARCHAR(500) NOT NULL DEFAULT '',
  waiting_key VARCHAR(64),
  active_key VARCHAR(64),
  idem_key VARCHAR(64) NOT NULL,
  version BIGINT NOT NULL,
  created_at DATETIME(6) NOT NULL,
  updated_at DATETIME(6) NOT NULL,
  UNIQUE (entered_by, idem_key),
  UNIQUE (waiting_key),
  UNIQUE (active_key),
  INDEX payment_accounts_case (case_id),
  INDEX payment_accounts_court (court_id, state),
  FOREIGN KEY (case_id) REFERENCES cases (id),
  FOREIGN KEY (party_id) REFERENCES parties (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS account_calls (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  account_id BIGINT NOT NULL,
  by_user_id BIGINT NOT NULL,
  called_at DATETIME(6) NOT NULL,
  phone TEXT NOT NULL,
  phone_hash VARCHAR(64) NOT NULL,
  answer VARCHAR(20) NOT NULL,
  note VARCHAR(500) NOT NULL DEFAULT '',
  idem_key VARCHAR(64) NOT NULL,
  created_at DATETIME(6) NOT NULL,
  UNIQUE (by_user_id, idem_key),
  INDEX account_calls_account (account_id),
  FOREIGN KEY (account_id) REFERENCES payment_accounts (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS account_entries (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  account_id BIGINT NOT NULL,
  state VARCHAR(20) NOT NULL,
  by_user_id BIGINT NOT NULL,
  reason VARCHAR(500) NOT NULL DEFAULT '',
  created_at DATETIME(6) NOT NULL,
  INDEX account_entries_account (account_id),
  FOREIGN KEY (account_id) REFERENCES payment_accounts (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS petitions (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
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
  decided_at DATETIME(6) NULL,
  idem_key VARCHAR(64) NOT NULL,
  version BIGINT NOT NULL,
  created_at DATETIME(6) NOT NULL,
  UNIQUE (user_id, idem_key),
  FOREIGN KEY (enforcement_case_id) REFERENCES enforcement_cases (id),
  FOREIGN KEY (party_id) REFERENCES parties (id),
  INDEX petitions_enforcement (enforcement_case_id, id),
  INDEX petitions_court (court_id, state, id),
  INDEX petitions_case (case_id, id),
  INDEX petitions_relative (relative_id, id),
  INDEX petitions_file (file_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS petition_entries (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  petition_id BIGINT NOT NULL,
  state VARCHAR(16) NOT NULL,
  answer VARCHAR(500) NOT NULL,
  by_user_id BIGINT NOT NULL,
  created_at DATETIME(6) NOT NULL,
  FOREIGN KEY (petition_id) REFERENCES petitions (id),
  INDEX petition_entries_petition (petition_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS ready_answer_lists (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  court_id BIGINT NOT NULL,
  answers TEXT NOT NULL,
  by_user_id BIGINT NOT NULL,
  created_at DATETIME(6) NOT NULL,
  FOREIGN KEY (court_id) REFERENCES courts (id),
  INDEX ready_answer_lists_court (court_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
