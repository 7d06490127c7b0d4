-- +goose Up
-- Measures and everything that ends or eases them.

CREATE TABLE IF NOT EXISTS measures (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  enforcement_case_id BIGINT NOT NULL,
  party_id BIGINT NOT NULL,
  kind VARCHAR(16) NOT NULL,
  relation VARCHAR(16) NOT NULL,
  subject_kind VARCHAR(16) NOT NULL,
  subject_name VARCHAR(200) NOT NULL,
  subject_norm VARCHAR(200) NOT NULL DEFAULT '',
  subject_id_kind VARCHAR(16) NOT NULL DEFAULT '',
  subject_id TEXT NOT NULL,
  subject_hash VARCHAR(64) NOT NULL,
  resistance VARCHAR(16) NOT NULL,
  ground VARCHAR(32) NOT NULL,
  act_on DATE NULL,
  act_text VARCHAR(1000) NOT NULL DEFAULT '',
  act_key VARCHAR(1000) NOT NULL DEFAULT '',
  other_act VARCHAR(500) NOT NULL DEFAULT '',
  facts VARCHAR(1000) NOT NULL,
  opinion VARCHAR(1000) NOT NULL DEFAULT '',
  by_creditor BOOLEAN NOT NULL DEFAULT FALSE,
  creditor_asked_on DATE NULL,
  answers TEXT NULL,
  days INT NOT NULL DEFAULT 0,
  place VARCHAR(100) NOT NULL DEFAULT '',
  amount_fen BIGINT NOT NULL DEFAULT 0,
  pay_by DATE NULL,
  extra_years INT NOT NULL DEFAULT 0,
  extra_reason VARCHAR(16) NOT NULL DEFAULT '',
  grace_months INT NOT NULL DEFAULT 0,
  until_on DATE NULL,
  state VARCHAR(16) NOT NULL,
  number VARCHAR(100) NOT NULL DEFAULT '',
  document_id BIGINT NOT NULL DEFAULT 0,
  proposed_by BIGINT NOT NULL,
  proposed_at DATETIME NOT NULL,
  decided_by BIGINT NOT NULL DEFAULT 0,
  decided_at DATETIME NULL,
  decide_note VARCHAR(500) NOT NULL DEFAULT '',
  served_on DATE NULL,
  grace_until DATE NULL,
  from_at DATETIME NULL,
  executed_at DATETIME NULL,
  undone_at DATETIME NULL,
  unexecuted BOOLEAN NOT NULL DEFAULT FALSE,
  ends_at DATETIME NULL,
  lift_asked_by BIGINT NOT NULL DEFAULT 0,
  lift_asked_at DATETIME NULL,
  lift_ground VARCHAR(32) NOT NULL DEFAULT '',
  lift_reason VARCHAR(500) NOT NULL DEFAULT '',
  lift_proof VARCHAR(500) NOT NULL DEFAULT '',
  lift_file_id BIGINT NOT NULL DEFAULT 0,
  lifted_by BIGINT NOT NULL DEFAULT 0,
  lifted_at DATETIME NULL,
  idem_key VARCHAR(100) NOT NULL,
  active_key VARCHAR(160) NULL UNIQUE,
  version BIGINT NOT NULL,
  created_at DATETIME NOT NULL,
  updated_at DATETIME NOT NULL,
  UNIQUE (proposed_by, idem_key),
  FOREIGN KEY (case_id) REFERENCES cases (id),
  FOREIGN KEY (enforcement_case_id) REFERENCES enforcement_cases (id),
  FOREIGN KEY (party_id) REFERENCES parties (id)
);
CREATE INDEX IF NOT EXISTS measures_case ON measures (case_id, id);
CREATE INDEX IF NOT EXISTS measures_enforcement ON measures (enforcement_case_id, id);
CREATE INDEX IF NOT EXISTS measures_subject ON measures (court_id, subject_hash, kind);
CREATE INDEX IF NOT EXISTS measures_party ON measures (party_id);
CREATE INDEX IF NOT EXISTS measures_state ON measures (court_id, state, id);
CREATE INDEX IF NOT EXISTS measures_over ON measures (state, until_on);
CREATE INDEX IF NOT EXISTS measures_decided ON measures (court_id, decided_at, kind);
CREATE INDEX IF NOT EXISTS measures_kind ON measures (court_id, kind, state, id);
CREATE INDEX IF NOT EXISTS measures_lifted ON measures (court_id, lifted_at, kind);
CREATE INDEX IF NOT EXISTS measures_unexecuted ON measures (court_id, unexecuted, id);
CREATE INDEX IF NOT EXISTS measures_asked ON measures (court_id, state, lift_asked_at);

CREATE TABLE IF NOT EXISTS refusal_acts (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  enforcement_case_id BIGINT NOT NULL,
  party_id BIGINT NOT NULL,
  act_on DATE NOT NULL,
  act_text VARCHAR(1000) NOT NULL,
  notified_on DATE NOT NULL,
  file_id BIGINT NOT NULL DEFAULT 0,
  by_user_id BIGINT NOT NULL,
  idem_key VARCHAR(100) NOT NULL,
  created_at DATETIME NOT NULL,
  UNIQUE (by_user_id, idem_key),
  FOREIGN KEY (enforcement_case_id) REFERENCES enforcement_cases (id),
  FOREIGN KEY (party_id) REFERENCES parties (id)
);
CREATE INDEX IF NOT EXISTS refusal_acts_enforcement ON refusal_acts (enforcement_case_id, id);

CREATE TABLE IF NOT EXISTS round_entries (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  enforcement_case_id BIGINT NOT NULL,
  kind VARCHAR(16) NOT NULL,
  code VARCHAR(32) NOT NULL DEFAULT '',
  party_id BIGINT NOT NULL DEFAULT 0,
  query_id BIGINT NOT NULL DEFAULT 0,
  note VARCHAR(1000) NOT NULL,
  on_day DATE NOT NULL,
  file_id BIGINT NOT NULL DEFAULT 0,
  by_user_id BIGINT NOT NULL,
  idem_key VARCHAR(100) NOT NULL,
  created_at DATETIME NOT NULL,
  UNIQUE (by_user_id, idem_key),
  FOREIGN KEY (enforcement_case_id) REFERENCES enforcement_cases (id)
);
CREATE INDEX IF NOT EXISTS round_entries_enforcement ON round_entries (enforcement_case_id, id);

CREATE TABLE IF NOT EXISTS measure_entries (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  measure_id BIGINT NOT NULL,
  kind VARCHAR(16) NOT NULL,
  note VARCHAR(1200) NOT NULL DEFAULT '',
  place VARCHAR(100) NOT NULL DEFAULT '',
  number VARCHAR(100) NOT NULL DEFAULT '',
  file_id BIGINT NOT NULL DEFAULT 0,
  by_user_id BIGINT NOT NULL DEFAULT 0,
  at DATETIME NOT NULL,
  idem_key VARCHAR(160) NULL UNIQUE,
  created_at DATETIME NOT NULL,
  FOREIGN KEY (measure_id) REFERENCES measures (id)
);
CREATE INDEX IF NOT EXISTS measure_entries_measure ON measure_entries (measure_id, id);

CREATE TABLE IF NOT EXISTS measure_reviews (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  measure_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  reason VARCHAR(1000) NOT NULL,
  state VARCHAR(16) NOT NULL,
  asked_at DATETIME NOT NULL,
  due_on DATE NOT NULL,
  due_reason VARCHAR(400) NOT NULL DEFAULT '',
  result VARCHAR(16) NOT NULL DEFAULT '',
  result_text VARCHAR(1000) NOT NULL DEFAULT '',
  by_court VARCHAR(150) NOT NULL DEFAULT '',
  number VARCHAR(150) NOT NULL DEFAULT '',
  decided_on DATE NULL,
  decided_by BIGINT NOT NULL DEFAULT 0,
  decided_at DATETIME NULL,
  open_key VARCHAR(32) NULL UNIQUE,
  idem_key VARCHAR(100) NOT NULL,
  created_at DATETIME NOT NULL,
  UNIQUE (user_id, idem_key),
  FOREIGN KEY (measure_id) REFERENCES measures (id)
);
CREATE INDEX IF NOT EXISTS measure_reviews_measure ON measure_reviews (measure_id, id);

CREATE TABLE IF NOT EXISTS clean_ups (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  enforcement_case_id BIGINT NOT NULL,
  party_id BIGINT NOT NULL,
  cause VARCHAR(32) NOT NULL,
  state VARCHAR(16) NOT NULL,
  interest_fen BIGINT NOT NULL DEFAULT 0,
  opened_at DATETIME NOT NULL,
  hold_reason VARCHAR(500) NOT NULL DEFAULT '',
  held_by BIGINT NOT NULL DEFAULT 0,
  held_at DATETIME NULL,
  close_reason VARCHAR(500) NOT NULL DEFAULT '',
  closed_at DATETIME NULL,
  active_key VARCHAR(64) NULL UNIQUE,
  version BIGINT NOT NULL,
  created_at DATETIME NOT NULL,
  updated_at DATETIME NOT NULL,
  FOREIGN KEY (case_id) REFERENCES cases (id),
  FOREIGN KEY (enforcement_case_id) REFERENCES enforcement_cases (id),
  FOREIGN KEY (party_id) REFERENCES parties (id)
);
CREATE INDEX IF NOT EXISTS clean_ups_case ON clean_ups (case_id, id);
CREATE INDEX IF NOT EXISTS clean_ups_court ON clean_ups (court_id, state, id);
CREATE INDEX IF NOT EXISTS clean_ups_closed ON clean_ups (court_id, closed_at);

CREATE TABLE IF NOT EXISTS settlements (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  enforcement_case_id BIGINT NOT NULL,
  edition INT NOT NULL,
  form VARCHAR(16) NOT NULL,
  signed_on DATE NOT NULL,
  text TEXT NOT NULL,
  party_ids TEXT NOT NULL,
  parts TEXT NOT NULL,
  state VARCHAR(16) NOT NULL,
  next_due_on DATE NULL,
  breached_on DATE NULL,
  performed_on DATE NULL,
  resume_ground VARCHAR(16) NOT NULL DEFAULT '',
  resume_reason VARCHAR(500) NOT NULL DEFAULT '',
  resumed_by BIGINT NOT NULL DEFAULT 0,
  resumed_at DATETIME NULL,
  recorded_by BIGINT NOT NULL,
  idem_key VARCHAR(64) NOT NULL,
  version BIGINT NOT NULL,
  created_at DATETIME NOT NULL,
  UNIQUE (enforcement_case_id, edition),
  UNIQUE (recorded_by, idem_key),
  FOREIGN KEY (enforcement_case_id) REFERENCES enforcement_cases (id)
);
CREATE INDEX IF NOT EXISTS settlements_case ON settlements (case_id, id);
CREATE INDEX IF NOT EXISTS settlements_due ON settlements (state, next_due_on, id);
CREATE INDEX IF NOT EXISTS settlements_made ON settlements (court_id, created_at);
CREATE INDEX IF NOT EXISTS settlements_kept ON settlements (court_id, performed_on);
CREATE INDEX IF NOT EXISTS settlements_broken ON settlements (court_id, resumed_at);

CREATE TABLE IF NOT EXISTS release_reviews (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  enforcement_case_id BIGINT NOT NULL,
  settlement_id BIGINT NOT NULL,
  edition INT NOT NULL,
  measure_ids TEXT NOT NULL,
  subject VARCHAR(200) NOT NULL,
  reason VARCHAR(500) NOT NULL,
  creditor_asked_on DATE NULL,
  promised_fen BIGINT NOT NULL,
  due_fen BIGINT NOT NULL,
  arrived_fen BIGINT NOT NULL,
  shortfall_fen BIGINT NOT NULL,
  due_on DATE NOT NULL,
  state VARCHAR(16) NOT NULL,
  decision_reason VARCHAR(500) NOT NULL DEFAULT '',
  decided_by BIGINT NOT NULL DEFAULT 0,
  decided_at DATETIME NULL,
  proposed_by BIGINT NOT NULL,
  idem_key VARCHAR(64) NOT NULL,
  version BIGINT NOT NULL,
  created_at DATETIME NOT NULL,
  UNIQUE (proposed_by, idem_key),
  FOREIGN KEY (enforcement_case_id) REFERENCES enforcement_cases (id),
  FOREIGN KEY (settlement_id) REFERENCES settlements (id)
);
CREATE INDEX IF NOT EXISTS release_reviews_case ON release_reviews (case_id, id);
CREATE INDEX IF NOT EXISTS release_reviews_court ON release_reviews (court_id, state, id);
CREATE INDEX IF NOT EXISTS release_reviews_enforcement ON release_reviews (enforcement_case_id, state, id);
CREATE INDEX IF NOT EXISTS release_reviews_decided ON release_reviews (court_id, decided_at, state);

CREATE TABLE IF NOT EXISTS repair_applications (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  enforcement_case_id BIGINT NOT NULL,
  party_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  by_officer BOOLEAN NOT NULL,
  reason VARCHAR(1000) NOT NULL,
  criteria TEXT NOT NULL,
  state VARCHAR(16) NOT NULL,
  until_on DATE NULL,
  decision_reason VARCHAR(500) NOT NULL DEFAULT '',
  decided_by BIGINT NOT NULL DEFAULT 0,
  decided_at DATETIME NULL,
  due_on DATE NOT NULL,
  open_key VARCHAR(64) NULL UNIQUE,
  idem_key VARCHAR(64) NOT NULL,
  version BIGINT NOT NULL,
  created_at DATETIME NOT NULL,
  measure_id BIGINT NOT NULL DEFAULT 0,
  applied_on DATE NULL,
  file_id BIGINT NOT NULL DEFAULT 0,
  former_until DATE NULL,
  revoke_reason VARCHAR(500) NOT NULL DEFAULT '',
  revoked_by BIGINT NOT NULL DEFAULT 0,
  revoked_at DATETIME NULL,
  UNIQUE (user_id, idem_key),
  FOREIGN KEY (enforcement_case_id) REFERENCES enforcement_cases (id),
  FOREIGN KEY (party_id) REFERENCES parties (id)
);
CREATE INDEX IF NOT EXISTS repair_applications_case ON repair_applications (case_id, id);
CREATE INDEX IF NOT EXISTS repair_applications_court ON repair_applications (court_id, state, id);
CREATE INDEX IF NOT EXISTS repair_applications_party ON repair_applications (party_id, enforcement_case_id, state);

CREATE TABLE IF NOT EXISTS repair_checks (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  application_id BIGINT NOT NULL,
  code VARCHAR(32) NOT NULL,
  met BOOLEAN NOT NULL,
  note VARCHAR(500) NOT NULL,
  by_user_id BIGINT NOT NULL,
  idem_key VARCHAR(64) NOT NULL,
  created_at DATETIME NOT NULL,
  UNIQUE (by_user_id, idem_key),
  FOREIGN KEY (application_id) REFERENCES repair_applications (id)
);
CREATE INDEX IF NOT EXISTS repair_checks_application ON repair_checks (application_id, id);
CREATE INDEX IF NOT EXISTS repair_checks_case ON repair_checks (case_id, id);

CREATE TABLE IF NOT EXISTS spending_permits (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  enforcement_case_id BIGINT NOT NULL,
  measure_id BIGINT NOT NULL,
  party_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  by_officer BOOLEAN NOT NULL DEFAULT FALSE,
  ground VARCHAR(16) NOT NULL,
  spender VARCHAR(100) NOT NULL,
  purpose VARCHAR(300) NOT NULL,
  reason VARCHAR(500) NOT NULL,
  amount_fen BIGINT NOT NULL,
  from_on DATE NOT NULL,
  until_on DATE NOT NULL,
  state VARCHAR(16) NOT NULL,
  due_on DATE NOT NULL,
  grant_from DATE NULL,
  grant_until DATE NULL,
  decision_reason VARCHAR(500) NOT NULL DEFAULT '',
  decided_by BIGINT NOT NULL DEFAULT 0,
  decided_at DATETIME NULL,
  open_key VARCHAR(32) NULL UNIQUE,
  idem_key VARCHAR(100) NOT NULL,
  version BIGINT NOT NULL,
  created_at DATETIME NOT NULL,
  number VARCHAR(100) NOT NULL DEFAULT '',
  document_id BIGINT NOT NULL DEFAULT 0,
  file_ids VARCHAR(500) NOT NULL DEFAULT '[]',
  pledged BOOLEAN NOT NULL DEFAULT FALSE,
  UNIQUE (user_id, idem_key),
  FOREIGN KEY (case_id) REFERENCES cases (id),
  FOREIGN KEY (measure_id) REFERENCES measures (id)
);
CREATE INDEX IF NOT EXISTS spending_permits_case ON spending_permits (case_id, id);
CREATE INDEX IF NOT EXISTS spending_permits_measure ON spending_permits (measure_id, id);

CREATE TABLE IF NOT EXISTS listing_prolongations (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  enforcement_case_id BIGINT NOT NULL,
  measure_id BIGINT NOT NULL,
  party_id BIGINT NOT NULL,
  years INT NOT NULL,
  reason VARCHAR(16) NOT NULL,
  facts TEXT NOT NULL,
  state VARCHAR(16) NOT NULL,
  former_until DATE NULL,
  until_on DATE NULL,
  proposed_by BIGINT NOT NULL,
  decided_by BIGINT NOT NULL DEFAULT 0,
  decided_at DATETIME NULL,
  decide_note VARCHAR(500) NOT NULL DEFAULT '',
  number VARCHAR(100) NOT NULL DEFAULT '',
  document_id BIGINT NOT NULL DEFAULT 0,
  open_key VARCHAR(32) NULL UNIQUE,
  idem_key VARCHAR(100) NOT NULL,
  version BIGINT NOT NULL,
  created_at DATETIME NOT NULL,
  UNIQUE (proposed_by, idem_key),
  FOREIGN KEY (case_id) REFERENCES cases (id),
  FOREIGN KEY (measure_id) REFERENCES measures (id)
);
CREATE INDEX IF NOT EXISTS listing_prolongations_measure ON listing_prolongations (measure_id, id);
CREATE INDEX IF NOT EXISTS listing_prolongations_court ON listing_prolongations (court_id, state, measure_id);

CREATE TABLE IF NOT EXISTS prison_letters (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  party_id BIGINT NOT NULL,
  asker_kind VARCHAR(16) NOT NULL,
  asker VARCHAR(100) NOT NULL,
  document_no VARCHAR(100) NOT NULL,
  received_on DATE NOT NULL,
  note VARCHAR(500) NOT NULL DEFAULT '',
  due_on DATE NOT NULL,
  due_reason VARCHAR(400) NOT NULL,
  state VARCHAR(16) NOT NULL,
  registered_by BIGINT NOT NULL,
  active_key VARCHAR(300) NULL UNIQUE,
  statement_id BIGINT NOT NULL DEFAULT 0,
  sent_on DATE NULL,
  method VARCHAR(16) NOT NULL DEFAULT '',
  proof VARCHAR(200) NOT NULL DEFAULT '',
  proof_file_id BIGINT NOT NULL DEFAULT 0,
  answered_by BIGINT NOT NULL DEFAULT 0,
  answer_key VARCHAR(64) NOT NULL DEFAULT '',
  void_reason VARCHAR(500) NOT NULL DEFAULT '',
  version BIGINT NOT NULL,
  created_at DATETIME NOT NULL,
  updated_at DATETIME NOT NULL,
  FOREIGN KEY (case_id) REFERENCES cases (id),
  FOREIGN KEY (party_id) REFERENCES parties (id)
);
CREATE INDEX IF NOT EXISTS prison_letters_court ON prison_letters (court_id, state, due_on, id);
CREATE INDEX IF NOT EXISTS prison_letters_case ON prison_letters (case_id, id);

CREATE TABLE IF NOT EXISTS administrative_decisions (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  seq INT NOT NULL,
  decision_no VARCHAR(100) NOT NULL,
  made_on DATE NOT NULL,
  served_on DATE NOT NULL,
  basis VARCHAR(16) NOT NULL,
  reconsidered_on DATE NULL,
  special_months INT NOT NULL DEFAULT 0,
  special_days INT NOT NULL DEFAULT 0,
  special_law VARCHAR(100) NOT NULL DEFAULT '',
  deferred_until DATE NULL,
  agency_demand_on DATE NULL,
  applied_on DATE NULL,
  late_ground VARCHAR(500) NOT NULL DEFAULT '',
  accepted_on DATE NULL,
  doubtful BOOLEAN NOT NULL DEFAULT FALSE,
  ruled_on DATE NULL,
  fine_fen BIGINT NOT NULL DEFAULT 0,
  pay_by DATE NULL,
  surcharge_fen BIGINT NOT NULL DEFAULT 0,
  review_from DATE NULL,
  review_until DATE NULL,
  suit_from DATE NULL,
  suit_until DATE NULL,
  reason VARCHAR(500) NOT NULL DEFAULT '',
  by_user_id BIGINT NOT NULL,
  idem_key VARCHAR(64) NOT NULL,
  created_at DATETIME NOT NULL,
  UNIQUE (case_id, seq),
  UNIQUE (by_user_id, idem_key),
  FOREIGN KEY (case_id) REFERENCES cases (id)
);

CREATE TABLE IF NOT EXISTS surcharge_reductions (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  obligation_id BIGINT NOT NULL,
  amount_fen BIGINT NOT NULL,
  before_fen BIGINT NOT NULL,
  agreed_on DATE NOT NULL,
  remedied BOOLEAN NOT NULL,
  remedy VARCHAR(500) NOT NULL,
  reason VARCHAR(500) NOT NULL,
  file_id BIGINT NOT NULL,
  by_user_id BIGINT NOT NULL,
  idem_key VARCHAR(64) NOT NULL,
  created_at DATETIME NOT NULL,
  UNIQUE (by_user_id, idem_key),
  FOREIGN KEY (case_id) REFERENCES cases (id),
  FOREIGN KEY (obligation_id) REFERENCES obligations (id),
  FOREIGN KEY (file_id) REFERENCES files (id)
);
CREATE INDEX IF NOT EXISTS surcharge_reductions_case ON surcharge_reductions (case_id, id);

CREATE TABLE IF NOT EXISTS distributions (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  enforcement_case_id BIGINT NOT NULL,
  party_id BIGINT NOT NULL,
  rule VARCHAR(16) NOT NULL,
  legal_person BOOLEAN NOT NULL,
  amount_fen BIGINT NOT NULL,
  costs_fen BIGINT NOT NULL,
  as_of DATE NOT NULL,
  source VARCHAR(500) NOT NULL,
  reason VARCHAR(500) NOT NULL,
  state VARCHAR(16) NOT NULL,
  served_on DATE NULL,
  object_until DATE NULL,
  rest_fen BIGINT NOT NULL,
  allocated_on DATE NULL,
  end_reason VARCHAR(500) NOT NULL,
  by_user_id BIGINT NOT NULL,
  idem_key VARCHAR(64) NOT NULL,
  version BIGINT NOT NULL,
  created_at DATETIME NOT NULL,
  UNIQUE (by_user_id, idem_key),
  FOREIGN KEY (enforcement_case_id) REFERENCES enforcement_cases (id),
  FOREIGN KEY (party_id) REFERENCES parties (id)
);
CREATE INDEX IF NOT EXISTS distributions_enforcement ON distributions (enforcement_case_id, id);

CREATE TABLE IF NOT EXISTS distribution_claims (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  distribution_id BIGINT NOT NULL,
  court_id BIGINT NOT NULL,
  of_case_id BIGINT NOT NULL,
  of_enforcement_id BIGINT NOT NULL,
  creditor_id BIGINT NOT NULL,
  debtor_id BIGINT NOT NULL,
  creditor TEXT NOT NULL,
  of_court VARCHAR(100) NOT NULL,
  case_no VARCHAR(64) NOT NULL,
  amount_fen BIGINT NOT NULL,
  doubled_fen BIGINT NOT NULL,
  prior_fen BIGINT NOT NULL,
  prior_rank INT NOT NULL,
  prior_ground VARCHAR(200) NOT NULL,
  measure_on DATE NULL,
  applied_on DATE NULL,
  prior_share_fen BIGINT NOT NULL,
  share_fen BIGINT NOT NULL,
  doubled_share_fen BIGINT NOT NULL,
  held_fen BIGINT NOT NULL,
  receipt_id BIGINT NOT NULL,
  struck BOOLEAN NOT NULL,
  by_user_id BIGINT NOT NULL,
  created_at DATETIME NOT NULL,
  FOREIGN KEY (distribution_id) REFERENCES distributions (id)
);
CREATE INDEX IF NOT EXISTS distribution_claims_distribution ON distribution_claims (distribution_id, id);

CREATE TABLE IF NOT EXISTS distribution_objections (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  distribution_id BIGINT NOT NULL,
  court_id BIGINT NOT NULL,
  objector TEXT NOT NULL,
  filed_on DATE NOT NULL,
  content VARCHAR(500) NOT NULL,
  state VARCHAR(16) NOT NULL,
  notified_on DATE NULL,
  result_on DATE NULL,
  result VARCHAR(500) NOT NULL,
  claim_id BIGINT NOT NULL,
  held_fen BIGINT NOT NULL,
  by_user_id BIGINT NOT NULL,
  created_at DATETIME NOT NULL,
  FOREIGN KEY (distribution_id) REFERENCES distributions (id)
);
CREATE INDEX IF NOT EXISTS distribution_objections_distribution ON distribution_objections (distribution_id, id);

CREATE TABLE IF NOT EXISTS case_money (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  enforcement_case_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  source VARCHAR(16) NOT NULL,
  arrived_on DATE NOT NULL,
  amount_fen BIGINT NOT NULL,
  payer_name TEXT NOT NULL,
  bank_ref VARCHAR(64) NOT NULL,
  remark TEXT NOT NULL,
  receipt_id BIGINT NOT NULL,
  notice_on DATE NULL,
  due_on DATE NULL,
  held_fen BIGINT NOT NULL,
  reserved_fen BIGINT NOT NULL,
  by_user_id BIGINT NOT NULL,
  idem_key VARCHAR(64) NOT NULL,
  version BIGINT NOT NULL,
  created_at DATETIME NOT NULL,
  UNIQUE (by_user_id, idem_key),
  UNIQUE (court_id, bank_ref)
);
CREATE INDEX IF NOT EXISTS case_money_case ON case_money (enforcement_case_id, id);
CREATE INDEX IF NOT EXISTS case_money_waiting ON case_money (court_id, enforcement_case_id, id);
CREATE INDEX IF NOT EXISTS case_money_due ON case_money (court_id, due_on, id);
CREATE INDEX IF NOT EXISTS case_money_receipt ON case_money (receipt_id);

CREATE TABLE IF NOT EXISTS case_money_entries (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_money_id BIGINT NOT NULL,
  enforcement_case_id BIGINT NOT NULL,
  kind VARCHAR(16) NOT NULL,
  amount_fen BIGINT NOT NULL,
  payout_id BIGINT NOT NULL,
  happened_on DATE NOT NULL,
  reason VARCHAR(500) NOT NULL,
  by_user_id BIGINT NOT NULL,
  created_at DATETIME NOT NULL,
  FOREIGN KEY (case_money_id) REFERENCES case_money (id)
);
CREATE INDEX IF NOT EXISTS case_money_entries_money ON case_money_entries (case_money_id, id);
CREATE INDEX IF NOT EXISTS case_money_entries_case ON case_money_entries (enforcement_case_id, id);

CREATE TABLE IF NOT EXISTS payouts (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_money_id BIGINT NOT NULL,
  enforcement_case_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  kind VARCHAR(16) NOT NULL,
  party_id BIGINT NOT NULL,
  account_id BIGINT NOT NULL,
  payee TEXT NOT NULL,
  number TEXT NOT NULL,
  bank VARCHAR(100) NOT NULL,
  amount_fen BIGINT NOT NULL,
  reason VARCHAR(500) NOT NULL,
  state VARCHAR(16) NOT NULL,
  prepared_by BIGINT NOT NULL,
  approved_by BIGINT NOT NULL,
  approved_at DATETIME NULL,
  paid_by BIGINT NOT NULL,
  paid_on DATE NULL,
  bank_ref VARCHAR(64) NOT NULL,
  file_id BIGINT NOT NULL,
  lodged TEXT NULL,
  end_reason VARCHAR(500) NOT NULL,
  idem_key VARCHAR(64) NOT NULL,
  version BIGINT NOT NULL,
  created_at DATETIME NOT NULL,
  updated_at DATETIME NOT NULL,
  UNIQUE (prepared_by, idem_key),
  FOREIGN KEY (case_money_id) REFERENCES case_money (id),
  FOREIGN KEY (enforcement_case_id) REFERENCES enforcement_cases (id)
);
CREATE INDEX IF NOT EXISTS payouts_case ON payouts (enforcement_case_id, id);
CREATE INDEX IF NOT EXISTS payouts_state ON payouts (court_id, state, id);

CREATE TABLE IF NOT EXISTS payout_delays (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_money_id BIGINT NOT NULL,
  enforcement_case_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  ground VARCHAR(16) NOT NULL,
  reason VARCHAR(500) NOT NULL,
  until_on DATE NOT NULL,
  state VARCHAR(16) NOT NULL,
  asked_by BIGINT NOT NULL,
  decided_by BIGINT NOT NULL,
  decided_at DATETIME NULL,
  decision_reason VARCHAR(500) NOT NULL,
  ended_on DATE NULL,
  idem_key VARCHAR(64) NOT NULL,
  version BIGINT NOT NULL,
  created_at DATETIME NOT NULL,
  UNIQUE (asked_by, idem_key),
  FOREIGN KEY (case_money_id) REFERENCES case_money (id)
);
CREATE INDEX IF NOT EXISTS payout_delays_money ON payout_delays (case_money_id, id);
CREATE INDEX IF NOT EXISTS payout_delays_case ON payout_delays (enforcement_case_id, id);
CREATE INDEX IF NOT EXISTS payout_delays_state ON payout_delays (court_id, state, id);
