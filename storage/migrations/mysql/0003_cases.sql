-- +goose Up
-- Cases, who takes part in them and what is owed.

CREATE TABLE IF NOT EXISTS cases (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  court_id BIGINT NOT NULL,
  case_no VARCHAR(64) NOT NULL UNIQUE,
  kind VARCHAR(16) NOT NULL,
  cause VARCHAR(200) NOT NULL,
  filed_on DATE NOT NULL,
  judge_id BIGINT NOT NULL,
  clerk_id BIGINT NOT NULL DEFAULT 0,
  group_ref VARCHAR(64) NOT NULL DEFAULT '',
  family_case BOOLEAN NOT NULL DEFAULT FALSE,
  source_version BIGINT NOT NULL DEFAULT 0,
  source_digest VARCHAR(64) NOT NULL DEFAULT '',
  performance VARCHAR(16) NOT NULL,
  next_due_on DATE NULL,
  voluntary_due_on DATE NULL,
  enforcement_filed_on DATE NULL,
  version BIGINT NOT NULL,
  created_at DATETIME(6) NOT NULL,
  updated_at DATETIME(6) NOT NULL,
  plan_stale BOOLEAN NOT NULL DEFAULT TRUE,
  import_id BIGINT NOT NULL DEFAULT 0,
  held BOOLEAN NOT NULL DEFAULT FALSE,
  told_on DATE NULL,
  FOREIGN KEY (court_id) REFERENCES courts (id),
  FOREIGN KEY (judge_id) REFERENCES users (id),
  INDEX cases_judge (court_id, judge_id, id),
  INDEX cases_court (court_id, id),
  INDEX cases_group (court_id, group_ref),
  INDEX cases_plan_stale (plan_stale, id),
  INDEX cases_import (import_id, held, id),
  INDEX cases_due (court_id, next_due_on, id),
  INDEX cases_performance (court_id, performance, judge_id, voluntary_due_on)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- How many cases stand alike, kept with each change of a case: the leaders'
-- page must not count them all.
CREATE TABLE IF NOT EXISTS case_tallies (
  court_id BIGINT NOT NULL,
  judge_id BIGINT NOT NULL,
  performance VARCHAR(16) NOT NULL,
  enforced BOOLEAN NOT NULL,
  n BIGINT NOT NULL,
  PRIMARY KEY (court_id, judge_id, performance, enforced)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS parties (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  case_id BIGINT NOT NULL,
  court_id BIGINT NOT NULL,
  ref VARCHAR(64) NOT NULL,
  role VARCHAR(16) NOT NULL,
  kind VARCHAR(16) NOT NULL,
  name VARCHAR(200) NOT NULL,
  name_norm VARCHAR(200) NOT NULL,
  id_kind VARCHAR(24) NOT NULL DEFAULT '',
  id_number TEXT NOT NULL,
  id_number_hash VARCHAR(64) NOT NULL DEFAULT '',
  phone TEXT NOT NULL,
  phone_hash VARCHAR(64) NOT NULL DEFAULT '',
  minor BOOLEAN NOT NULL DEFAULT FALSE,
  gone_by BIGINT NOT NULL DEFAULT 0,
  created_at DATETIME(6) NOT NULL,
  updated_at DATETIME(6) NOT NULL,
  UNIQUE (case_id, ref),
  FOREIGN KEY (case_id) REFERENCES cases (id),
  INDEX parties_id_number (id_number_hash),
  INDEX parties_phone (phone_hash),
  INDEX parties_name (court_id, name_norm)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Under which words a case is found: two neighbouring signs of a party's name,
-- the running numbers of the case and of its enforcement. Derived, so that a part
-- of a name is found without reading all names.
CREATE TABLE IF NOT EXISTS search_words (
  court_id BIGINT NOT NULL,
  word VARCHAR(16) NOT NULL,
  case_id BIGINT NOT NULL,
  party_id BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (court_id, word, case_id, party_id),
  FOREIGN KEY (case_id) REFERENCES cases (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS bindings (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  party_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  capacity VARCHAR(24) NOT NULL,
  authority VARCHAR(200) NOT NULL DEFAULT '',
  method VARCHAR(16) NOT NULL,
  created_at DATETIME(6) NOT NULL,
  ended_at DATETIME(6) NULL,
  end_reason VARCHAR(200) NOT NULL DEFAULT '',
  active_key VARCHAR(64) NULL UNIQUE,
  FOREIGN KEY (case_id) REFERENCES cases (id),
  FOREIGN KEY (party_id) REFERENCES parties (id),
  FOREIGN KEY (user_id) REFERENCES users (id),
  INDEX bindings_user_case (user_id, case_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS binding_codes (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  party_id BIGINT NOT NULL,
  capacity VARCHAR(24) NOT NULL,
  authority VARCHAR(200) NOT NULL DEFAULT '',
  code_hash VARCHAR(64) NOT NULL UNIQUE,
  issued_by BIGINT NOT NULL,
  expires_at DATETIME(6) NOT NULL,
  used_at DATETIME(6) NULL,
  used_by BIGINT NOT NULL DEFAULT 0,
  voided_at DATETIME(6) NULL,
  created_at DATETIME(6) NOT NULL,
  FOREIGN KEY (party_id) REFERENCES parties (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS instruments (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  ref VARCHAR(64) NOT NULL,
  kind VARCHAR(24) NOT NULL,
  number VARCHAR(100) NOT NULL,
  effective_on DATE NULL,
  summary TEXT NOT NULL,
  created_at DATETIME(6) NOT NULL,
  updated_at DATETIME(6) NOT NULL,
  made_on DATE NULL,
  UNIQUE (case_id, ref),
  FOREIGN KEY (case_id) REFERENCES cases (id),
  INDEX instruments_court (court_id, effective_on)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS obligations (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  instrument_id BIGINT NOT NULL,
  ref VARCHAR(64) NOT NULL,
  share_ref VARCHAR(64) NOT NULL DEFAULT '',
  kind VARCHAR(16) NOT NULL,
  obligee_id BIGINT NOT NULL DEFAULT 0,
  to_court BOOLEAN NOT NULL DEFAULT FALSE,
  amount_fen BIGINT NOT NULL,
  description VARCHAR(500) NOT NULL DEFAULT '',
  created_at DATETIME(6) NOT NULL,
  updated_at DATETIME(6) NOT NULL,
  enforced_on DATE NULL,
  category VARCHAR(16) NOT NULL DEFAULT '',
  reduced_fen BIGINT NOT NULL DEFAULT 0,
  interest TEXT NULL,
  -- What is fixed in another currency, and the rate by which it is booked.
  foreign_debt TEXT NULL,
  security_fen BIGINT NOT NULL DEFAULT 0,
  weight INT NOT NULL DEFAULT 0,
  acceleration VARCHAR(16) NOT NULL DEFAULT '',
  acceleration_text VARCHAR(300) NOT NULL DEFAULT '',
  accelerated_on DATE NULL,
  burden_fen BIGINT NOT NULL DEFAULT 0,
  burden_text VARCHAR(300) NOT NULL DEFAULT '',
  burden_choice VARCHAR(16) NOT NULL DEFAULT '',
  burden_on DATE NULL,
  burden_reason VARCHAR(300) NOT NULL DEFAULT '',
  arises_from BIGINT NOT NULL DEFAULT 0,
  joint_ids TEXT NULL,
  formers TEXT NULL,
  recurs TEXT NULL,
  -- The obligations of earlier instruments whose place this one took, and the day on
  -- which another took its own.
  replaces TEXT NULL,
  replaced_on DATE NULL,
  extend_on DATE NULL,
  UNIQUE (case_id, ref),
  INDEX obligations_extend (extend_on, id),
  FOREIGN KEY (instrument_id) REFERENCES instruments (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS obligors (
  obligation_id BIGINT NOT NULL,
  party_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  released_on DATE NULL,
  since_id BIGINT NOT NULL DEFAULT 0,
  ended_by BIGINT NOT NULL DEFAULT 0,
  limited BOOLEAN NOT NULL DEFAULT FALSE,
  limit_fen BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (obligation_id, party_id),
  FOREIGN KEY (obligation_id) REFERENCES obligations (id),
  FOREIGN KEY (party_id) REFERENCES parties (id),
  INDEX obligors_case (case_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS installments (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  obligation_id BIGINT NOT NULL,
  seq INT NOT NULL,
  amount_fen BIGINT NOT NULL,
  due_on DATE NULL,
  due_reason VARCHAR(600) NOT NULL DEFAULT '',
  confirmed_fen BIGINT NOT NULL DEFAULT 0,
  forgiven_fen BIGINT NOT NULL DEFAULT 0,
  plan_id BIGINT NOT NULL DEFAULT 0,
  plan_due_on DATE NULL,
  plan_due_fen BIGINT NOT NULL DEFAULT 0,
  dropped_on DATE NULL,
  performed_on DATE NULL,
  updated_at DATETIME(6) NOT NULL,
  due_in_days INT NOT NULL DEFAULT 0,
  reduced_fen BIGINT NOT NULL DEFAULT 0,
  agreed_due_on DATE NULL,
  enforced_on DATE NULL,
  lapsed_on DATE NULL,
  UNIQUE (obligation_id, seq),
  FOREIGN KEY (obligation_id) REFERENCES obligations (id),
  INDEX installments_case (case_id),
  INDEX installments_computed (due_in_days, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS handovers (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  from_judge_id BIGINT NOT NULL,
  to_judge_id BIGINT NOT NULL,
  reason VARCHAR(500) NOT NULL,
  by_user_id BIGINT NOT NULL,
  created_at DATETIME(6) NOT NULL,
  FOREIGN KEY (case_id) REFERENCES cases (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS contacts (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  party_id BIGINT NOT NULL DEFAULT 0,
  channel VARCHAR(16) NOT NULL,
  happened_at DATETIME(6) NOT NULL,
  note VARCHAR(2000) NOT NULL,
  by_user_id BIGINT NOT NULL,
  idem_key VARCHAR(64) NOT NULL,
  created_at DATETIME(6) NOT NULL,
  UNIQUE (by_user_id, idem_key),
  INDEX contacts_party (party_id, id),
  FOREIGN KEY (case_id) REFERENCES cases (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS promises (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  party_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  pay_by DATE NULL,
  text VARCHAR(1000) NOT NULL,
  idem_key VARCHAR(64) NOT NULL,
  created_at DATETIME(6) NOT NULL,
  UNIQUE (user_id, idem_key),
  FOREIGN KEY (case_id) REFERENCES cases (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- What a judge put on record about the periods for applying for enforcement.
CREATE TABLE IF NOT EXISTS period_entries (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  cause VARCHAR(16) NOT NULL,
  party_id BIGINT NOT NULL DEFAULT 0,
  happened_on DATE NULL,
  ended_on DATE NULL,
  obligation_ids TEXT NOT NULL,
  reason VARCHAR(500) NOT NULL,
  corrects_id BIGINT NOT NULL DEFAULT 0,
  by_user_id BIGINT NOT NULL,
  idem_key VARCHAR(64) NOT NULL,
  created_at DATETIME(6) NOT NULL,
  UNIQUE (by_user_id, idem_key),
  KEY period_entries_case (case_id, id),
  FOREIGN KEY (case_id) REFERENCES cases (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- What a judge put on record about parties whose place others took.
CREATE TABLE IF NOT EXISTS successions (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  ground VARCHAR(16) NOT NULL,
  party_id BIGINT NOT NULL,
  successors TEXT NOT NULL,
  claim_ids TEXT NOT NULL,
  debt_ids TEXT NOT NULL,
  on_day DATE NULL,
  noticed_on DATE NULL,
  paper VARCHAR(200) NOT NULL,
  reason VARCHAR(500) NOT NULL DEFAULT '',
  undoes_id BIGINT NOT NULL DEFAULT 0,
  by_user_id BIGINT NOT NULL,
  idem_key VARCHAR(64) NOT NULL,
  created_at DATETIME(6) NOT NULL,
  UNIQUE (case_id, by_user_id, idem_key),
  KEY successions_case (case_id, id),
  FOREIGN KEY (case_id) REFERENCES cases (id),
  FOREIGN KEY (party_id) REFERENCES parties (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS schedule_steps (
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
  FOREIGN KEY (party_id) REFERENCES parties (id),
  INDEX schedule_steps_due (state, at, id),
  INDEX schedule_steps_case (case_id, at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS schedule_acts (
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
  FOREIGN KEY (case_id) REFERENCES cases (id),
  INDEX schedule_acts_case (case_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Files of cases that were imported. Nobody is told of a held case.
CREATE TABLE IF NOT EXISTS imports (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  court_id BIGINT NOT NULL,
  by_user_id BIGINT NOT NULL DEFAULT 0,
  source VARCHAR(200) NOT NULL DEFAULT '',
  cases INT NOT NULL,
  payments INT NOT NULL,
  choice VARCHAR(16) NOT NULL,
  from_on DATE NULL,
  released_at DATETIME(6) NULL,
  released_by BIGINT NOT NULL DEFAULT 0,
  done_at DATETIME(6) NULL,
  created_at DATETIME(6) NOT NULL,
  INDEX imports_court (court_id, id),
  INDEX imports_open (done_at, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE TABLE IF NOT EXISTS import_samples (
  import_id BIGINT NOT NULL,
  kind VARCHAR(40) NOT NULL,
  n INT NOT NULL,
  case_id BIGINT NOT NULL,
  party_ref VARCHAR(64) NOT NULL,
  looked_by BIGINT NOT NULL DEFAULT 0,
  looked_at DATETIME(6) NULL,
  PRIMARY KEY (import_id, kind)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
