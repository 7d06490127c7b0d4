-- +goose Up
-- Cases, who takes part in them and what is owed.

CREATE TABLE IF NOT EXISTS cases (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
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
  created_at DATETIME NOT NULL,
  updated_at DATETIME NOT NULL,
  plan_stale BOOLEAN NOT NULL DEFAULT TRUE,
  import_id BIGINT NOT NULL DEFAULT 0,
  held BOOLEAN NOT NULL DEFAULT FALSE,
  told_on DATE NULL,
  FOREIGN KEY (court_id) REFERENCES courts (id),
  FOREIGN KEY (judge_id) REFERENCES users (id)
);
CREATE INDEX IF NOT EXISTS cases_judge ON cases (court_id, judge_id, id);
CREATE INDEX IF NOT EXISTS cases_court ON cases (court_id, id);
CREATE INDEX IF NOT EXISTS cases_group ON cases (court_id, group_ref);
CREATE INDEX IF NOT EXISTS cases_plan_stale ON cases (plan_stale, id);
CREATE INDEX IF NOT EXISTS cases_import ON cases (import_id, held, id);
CREATE INDEX IF NOT EXISTS cases_due ON cases (court_id, next_due_on, id);
CREATE INDEX IF NOT EXISTS cases_performance ON cases (court_id, performance, judge_id, voluntary_due_on);

-- How many cases stand alike, kept with each change of a case: the leaders'
-- page must not count them all.
CREATE TABLE IF NOT EXISTS case_tallies (
  court_id BIGINT NOT NULL,
  judge_id BIGINT NOT NULL,
  performance VARCHAR(16) NOT NULL,
  enforced BOOLEAN NOT NULL,
  n BIGINT NOT NULL,
  PRIMARY KEY (court_id, judge_id, performance, enforced)
);

CREATE TABLE IF NOT EXISTS parties (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
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
  created_at DATETIME NOT NULL,
  updated_at DATETIME NOT NULL,
  UNIQUE (case_id, ref),
  FOREIGN KEY (case_id) REFERENCES cases (id)
);
CREATE INDEX IF NOT EXISTS parties_id_number ON parties (id_number_hash);
CREATE INDEX IF NOT EXISTS parties_phone ON parties (phone_hash);
CREATE INDEX IF NOT EXISTS parties_name ON parties (court_id, name_norm);

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
);

CREATE TABLE IF NOT EXISTS bindings (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  party_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  capacity VARCHAR(24) NOT NULL,
  authority VARCHAR(200) NOT NULL DEFAULT '',
  method VARCHAR(16) NOT NULL,
  created_at DATETIME NOT NULL,
  ended_at DATETIME NULL,
  end_reason VARCHAR(200) NOT NULL DEFAULT '',
  active_key VARCHAR(64) NULL UNIQUE,
  FOREIGN KEY (case_id) REFERENCES cases (id),
  FOREIGN KEY (party_id) REFERENCES parties (id),
  FOREIGN KEY (user_id) REFERENCES users (id)
);
CREATE INDEX IF NOT EXISTS bindings_user_case ON bindings (user_id, case_id);

CREATE TABLE IF NOT EXISTS binding_codes (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  party_id BIGINT NOT NULL,
  capacity VARCHAR(24) NOT NULL,
  authority VARCHAR(200) NOT NULL DEFAULT '',
  code_hash VARCHAR(64) NOT NULL UNIQUE,
  issued_by BIGINT NOT NULL,
  expires_at DATETIME NOT NULL,
  used_at DATETIME NULL,
  used_by BIGINT NOT NULL DEFAULT 0,
  voided_at DATETIME NULL,
  created_at DATETIME NOT NULL,
  FOREIGN KEY (party_id) REFERENCES parties (id)
);

CREATE TABLE IF NOT EXISTS instruments (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  ref VARCHAR(64) NOT NULL,
  kind VARCHAR(24) NOT NULL,
  number VARCHAR(100) NOT NULL,
  effective_on DATE NULL,
  summary TEXT NOT NULL,
  created_at DATETIME NOT NULL,
  updated_at DATETIME NOT NULL,
  made_on DATE NULL,
  UNIQUE (case_id, ref),
  FOREIGN KEY (case_id) REFERENCES cases (id)
);
CREATE INDEX IF NOT EXISTS instruments_court ON instruments (court_id, effective_on);

CREATE TABLE IF NOT EXISTS obligations (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
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
  created_at DATETIME NOT NULL,
  updated_at DATETIME NOT NULL,
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
  FOREIGN KEY (instrument_id) REFERENCES instruments (id)
);

CREATE INDEX IF NOT EXISTS obligations_extend ON obligations (extend_on, id);

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
  FOREIGN KEY (party_id) REFERENCES parties (id)
);
CREATE INDEX IF NOT EXISTS obligors_case ON obligors (case_id);

CREATE TABLE IF NOT EXISTS installments (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
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
  updated_at DATETIME NOT NULL,
  due_in_days INT NOT NULL DEFAULT 0,
  reduced_fen BIGINT NOT NULL DEFAULT 0,
  agreed_due_on DATE NULL,
  enforced_on DATE NULL,
  lapsed_on DATE NULL,
  UNIQUE (obligation_id, seq),
  FOREIGN KEY (obligation_id) REFERENCES obligations (id)
);
CREATE INDEX IF NOT EXISTS installments_case ON installments (case_id);
CREATE INDEX IF NOT EXISTS installments_computed ON installments (due_in_days, id);

CREATE TABLE IF NOT EXISTS handovers (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  from_judge_id BIGINT NOT NULL,
  to_judge_id BIGINT NOT NULL,
  reason VARCHAR(500) NOT NULL,
  by_user_id BIGINT NOT NULL,
  created_at DATETIME NOT NULL,
  FOREIGN KEY (case_id) REFERENCES cases (id)
);

CREATE TABLE IF NOT EXISTS contacts (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  party_id BIGINT NOT NULL DEFAULT 0,
  channel VARCHAR(16) NOT NULL,
  happened_at DATETIME NOT NULL,
  note VARCHAR(2000) NOT NULL,
  by_user_id BIGINT NOT NULL,
  idem_key VARCHAR(64) NOT NULL,
  created_at DATETIME NOT NULL,
  UNIQUE (by_user_id, idem_key),
  FOREIGN KEY (case_id) REFERENCES cases (id)
);
CREATE INDEX IF NOT EXISTS contacts_party ON contacts (party_id, id);

CREATE TABLE IF NOT EXISTS promises (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  party_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  pay_by DATE NULL,
  text VARCHAR(1000) NOT NULL,
  idem_key VARCHAR(64) NOT NULL,
  created_at DATETIME NOT NULL,
  UNIQUE (user_id, idem_key),
  FOREIGN KEY (case_id) REFERENCES cases (id)
);

-- What a judge put on record about the periods for applying for enforcement.
CREATE TABLE IF NOT EXISTS period_entries (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
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
  created_at DATETIME NOT NULL,
  UNIQUE (by_user_id, idem_key),
  FOREIGN KEY (case_id) REFERENCES cases (id)
);
CREATE INDEX IF NOT EXISTS period_entries_case ON period_entries (case_id, id);

-- What a judge put on record about parties whose place others took.
CREATE TABLE IF NOT EXISTS successions (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
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
  created_at DATETIME NOT NULL,
  UNIQUE (case_id, by_user_id, idem_key),
  FOREIGN KEY (case_id) REFERENCES cases (id),
  FOREIGN KEY (party_id) REFERENCES parties (id)
);
CREATE INDEX IF NOT EXISTS successions_case ON successions (case_id, id);

CREATE TABLE IF NOT EXISTS schedule_steps (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  party_id BIGINT NOT NULL,
  instrument_id BIGINT NOT NULL DEFAULT 0,
  kind VARCHAR(40) NOT NULL,
  days INT NOT NULL,
  due_on DATE NULL,
  step_key VARCHAR(120) NOT NULL UNIQUE,
  at DATETIME NOT NULL,
  state VARCHAR(16) NOT NULL,
  reason VARCHAR(500) NOT NULL DEFAULT '',
  notice_id BIGINT NOT NULL DEFAULT 0,
  created_at DATETIME NOT NULL,
  updated_at DATETIME NOT NULL,
  FOREIGN KEY (case_id) REFERENCES cases (id),
  FOREIGN KEY (party_id) REFERENCES parties (id)
);
CREATE INDEX IF NOT EXISTS schedule_steps_due ON schedule_steps (state, at, id);
CREATE INDEX IF NOT EXISTS schedule_steps_case ON schedule_steps (case_id, at);

CREATE TABLE IF NOT EXISTS schedule_acts (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  step_id BIGINT NOT NULL DEFAULT 0,
  kind VARCHAR(16) NOT NULL,
  ground VARCHAR(24) NOT NULL DEFAULT '',
  reason VARCHAR(500) NOT NULL,
  by_user_id BIGINT NOT NULL,
  idem_key VARCHAR(64) NOT NULL,
  created_at DATETIME NOT NULL,
  UNIQUE (by_user_id, idem_key),
  FOREIGN KEY (case_id) REFERENCES cases (id)
);
CREATE INDEX IF NOT EXISTS schedule_acts_case ON schedule_acts (case_id, id);

-- Files of cases that were imported. Nobody is told of a held case.
CREATE TABLE IF NOT EXISTS imports (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  by_user_id BIGINT NOT NULL DEFAULT 0,
  source VARCHAR(200) NOT NULL DEFAULT '',
  cases INT NOT NULL,
  payments INT NOT NULL,
  choice VARCHAR(16) NOT NULL,
  from_on DATE NULL,
  released_at DATETIME NULL,
  released_by BIGINT NOT NULL DEFAULT 0,
  done_at DATETIME NULL,
  created_at DATETIME NOT NULL
);
CREATE INDEX IF NOT EXISTS imports_court ON imports (court_id, id);
CREATE INDEX IF NOT EXISTS imports_open ON imports (done_at, id);
CREATE TABLE IF NOT EXISTS import_samples (
  import_id BIGINT NOT NULL,
  kind VARCHAR(40) NOT NULL,
  n INT NOT NULL,
  case_id BIGINT NOT NULL,
  party_ref VARCHAR(64) NOT NULL,
  looked_by BIGINT NOT NULL DEFAULT 0,
  looked_at DATETIME NULL,
  PRIMARY KEY (import_id, kind)
);
