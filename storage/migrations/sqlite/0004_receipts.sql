-- +goose Up
-- Uploaded files, receipts and what was confirmed of them.

CREATE TABLE IF NOT EXISTS files (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NULL,
  user_id BIGINT NOT NULL,
  upload_key VARCHAR(64) NOT NULL,
  state VARCHAR(16) NOT NULL,
  receipt_id BIGINT NOT NULL DEFAULT 0,
  seq INT NOT NULL DEFAULT 0,
  original_key VARCHAR(120) NOT NULL,
  view_key VARCHAR(120) NOT NULL DEFAULT '',
  thumb_key VARCHAR(120) NOT NULL DEFAULT '',
  tiles_key VARCHAR(120) NOT NULL DEFAULT '',
  name VARCHAR(200) NOT NULL,
  media_type VARCHAR(40) NOT NULL DEFAULT '',
  size BIGINT NOT NULL,
  sha256 VARCHAR(64) NOT NULL DEFAULT '',
  width INT NOT NULL DEFAULT 0,
  height INT NOT NULL DEFAULT 0,
  pages INT NOT NULL DEFAULT 0,
  band0 INT NOT NULL DEFAULT 0,
  band1 INT NOT NULL DEFAULT 0,
  band2 INT NOT NULL DEFAULT 0,
  band3 INT NOT NULL DEFAULT 0,
  fingerprint BLOB NULL,
  created_at DATETIME NOT NULL,
  updated_at DATETIME NOT NULL,
  -- What an agency uploads belongs to it and to no case.
  agency_id BIGINT NOT NULL DEFAULT 0,
  UNIQUE (user_id, upload_key),
  FOREIGN KEY (case_id) REFERENCES cases (id)
);
CREATE INDEX IF NOT EXISTS files_receipt ON files (receipt_id, seq);
CREATE INDEX IF NOT EXISTS files_sha256 ON files (court_id, sha256);
CREATE INDEX IF NOT EXISTS files_band0 ON files (court_id, band0);
CREATE INDEX IF NOT EXISTS files_band1 ON files (court_id, band1);
CREATE INDEX IF NOT EXISTS files_band2 ON files (court_id, band2);
CREATE INDEX IF NOT EXISTS files_band3 ON files (court_id, band3);
CREATE INDEX IF NOT EXISTS files_state ON files (state, created_at);
CREATE INDEX IF NOT EXISTS files_original ON files (original_key);
CREATE INDEX IF NOT EXISTS files_view ON files (view_key);
CREATE INDEX IF NOT EXISTS files_thumb ON files (thumb_key);
CREATE INDEX IF NOT EXISTS files_tiles ON files (tiles_key);
CREATE INDEX IF NOT EXISTS files_agency ON files (agency_id, state);

CREATE TABLE IF NOT EXISTS receipts (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  party_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  judge_id BIGINT NOT NULL,
  import_id BIGINT NOT NULL DEFAULT 0,
  deposit_id BIGINT NOT NULL DEFAULT 0,
  distribution_id BIGINT NOT NULL DEFAULT 0,
  idem_key VARCHAR(64) NOT NULL,
  state VARCHAR(16) NOT NULL,
  claimed_fen BIGINT NOT NULL,
  paid_on DATE NOT NULL,
  payer_kind VARCHAR(16) NOT NULL,
  payer_name VARCHAR(200) NOT NULL,
  payer_norm VARCHAR(200) NOT NULL DEFAULT '',
  payee_name VARCHAR(200) NOT NULL DEFAULT '',
  payee_account TEXT NOT NULL,
  bank_serial VARCHAR(100) NOT NULL DEFAULT '',
  serial_norm VARCHAR(100) NOT NULL DEFAULT '',
  proof_kind VARCHAR(24) NOT NULL,
  remark VARCHAR(500) NOT NULL DEFAULT '',
  replaces_id BIGINT NOT NULL DEFAULT 0,
  case_no VARCHAR(64) NOT NULL,
  case_kind VARCHAR(16) NOT NULL,
  due_on DATE NULL,
  flagged BOOLEAN NOT NULL DEFAULT FALSE,
  answer VARCHAR(16) NOT NULL DEFAULT '',
  confirmed_fen BIGINT NOT NULL DEFAULT 0,
  return_reason VARCHAR(500) NOT NULL DEFAULT '',
  decided_by BIGINT NOT NULL DEFAULT 0,
  decided_at DATETIME NULL,
  version BIGINT NOT NULL,
  submitted_at DATETIME NOT NULL,
  updated_at DATETIME NOT NULL,
  officer_id BIGINT NOT NULL DEFAULT 0,
  relative_id BIGINT NOT NULL DEFAULT 0,
  handed_by VARCHAR(16) NOT NULL DEFAULT '',
  payer_relation VARCHAR(16) NOT NULL DEFAULT '',
  -- What performed where no money reached the creditor.
  set_off TEXT NULL,
  lodged TEXT NULL,
  foreign_paid TEXT NULL,
  -- The payment for several cases of which this is one case's part.
  group_id BIGINT NOT NULL DEFAULT 0,
  -- A decision that can still be taken back.
  pending_decision_id BIGINT NOT NULL DEFAULT 0,
  UNIQUE (user_id, idem_key),
  FOREIGN KEY (case_id) REFERENCES cases (id),
  FOREIGN KEY (party_id) REFERENCES parties (id)
);
CREATE INDEX IF NOT EXISTS receipts_case ON receipts (case_id, id);
CREATE INDEX IF NOT EXISTS receipts_group ON receipts (group_id);
CREATE INDEX IF NOT EXISTS receipts_replaces ON receipts (replaces_id);
CREATE INDEX IF NOT EXISTS receipts_same ON receipts (court_id, paid_on, claimed_fen);
CREATE INDEX IF NOT EXISTS receipts_serial ON receipts (court_id, serial_norm);
CREATE INDEX IF NOT EXISTS receipts_officer ON receipts (court_id, officer_id, state, id);
CREATE INDEX IF NOT EXISTS receipts_relative ON receipts (relative_id, id);
CREATE INDEX IF NOT EXISTS receipts_queue ON receipts (court_id, judge_id, state, id, submitted_at, pending_decision_id);
CREATE INDEX IF NOT EXISTS receipts_own_amount ON receipts (court_id, judge_id, state, claimed_fen, id);
CREATE INDEX IF NOT EXISTS receipts_own_answer ON receipts (court_id, judge_id, state, answer, id);
CREATE INDEX IF NOT EXISTS receipts_own_flagged ON receipts (court_id, judge_id, state, flagged, id);
CREATE INDEX IF NOT EXISTS receipts_by_amount ON receipts (court_id, state, claimed_fen, id);
CREATE INDEX IF NOT EXISTS receipts_by_answer ON receipts (court_id, state, answer, id);
CREATE INDEX IF NOT EXISTS receipts_by_flagged ON receipts (court_id, state, flagged, id);
CREATE INDEX IF NOT EXISTS receipts_court ON receipts (court_id, state, id, submitted_at, judge_id, pending_decision_id);

-- Who looks at which receipt at the moment.
CREATE TABLE IF NOT EXISTS lookers (
  user_id BIGINT NOT NULL,
  court_id BIGINT NOT NULL,
  receipt_id BIGINT NOT NULL,
  name VARCHAR(200) NOT NULL,
  looked_at DATETIME NOT NULL,
  PRIMARY KEY (user_id)
);
CREATE INDEX IF NOT EXISTS lookers_receipt ON lookers (receipt_id, user_id);

-- What somebody decided of a receipt or answered at the desk: an entry at once, carried out when nobody took it back in time.
CREATE TABLE IF NOT EXISTS desk_acts (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  case_no VARCHAR(64) NOT NULL,
  receipt_id BIGINT NOT NULL DEFAULT 0,
  conversation_id BIGINT NOT NULL DEFAULT 0,
  kind VARCHAR(16) NOT NULL,
  state VARCHAR(16) NOT NULL,
  amount_fen BIGINT NOT NULL,
  asked TEXT NOT NULL,
  by_user_id BIGINT NOT NULL,
  by_name VARCHAR(200) NOT NULL,
  by_role VARCHAR(24) NOT NULL,
  ip VARCHAR(64) NOT NULL,
  request_id VARCHAR(64) NOT NULL,
  idem_key VARCHAR(64) NOT NULL,
  made_at DATETIME NOT NULL,
  ends_at DATETIME NOT NULL,
  ended_at DATETIME NULL,
  ended_by BIGINT NOT NULL DEFAULT 0,
  completes BOOLEAN NOT NULL DEFAULT FALSE,
  problem VARCHAR(1000) NOT NULL DEFAULT '',
  UNIQUE (by_user_id, kind, idem_key),
  FOREIGN KEY (case_id) REFERENCES cases (id)
);
CREATE INDEX IF NOT EXISTS desk_acts_due ON desk_acts (state, ends_at);
CREATE INDEX IF NOT EXISTS desk_acts_case ON desk_acts (case_id, state, id);
CREATE INDEX IF NOT EXISTS desk_acts_by ON desk_acts (by_user_id, state, id);
CREATE INDEX IF NOT EXISTS desk_acts_receipt ON desk_acts (receipt_id, id);
CREATE INDEX IF NOT EXISTS desk_acts_conversation ON desk_acts (conversation_id, state, id);

-- One payment of a debtor for several of his cases; each has a receipt for its part.
CREATE TABLE IF NOT EXISTS group_payments (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  idem_key VARCHAR(64) NOT NULL,
  group_ref VARCHAR(64) NOT NULL,
  amount_fen BIGINT NOT NULL,
  confirmed_fen BIGINT NOT NULL DEFAULT 0,
  created_at DATETIME NOT NULL,
  UNIQUE (user_id, idem_key)
);

CREATE TABLE IF NOT EXISTS receipt_targets (
  receipt_id BIGINT NOT NULL,
  installment_id BIGINT NOT NULL,
  PRIMARY KEY (receipt_id, installment_id),
  FOREIGN KEY (receipt_id) REFERENCES receipts (id),
  FOREIGN KEY (installment_id) REFERENCES installments (id)
);

CREATE TABLE IF NOT EXISTS receipt_flags (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  receipt_id BIGINT NOT NULL,
  court_id BIGINT NOT NULL,
  kind VARCHAR(24) NOT NULL,
  other_receipt_id BIGINT NOT NULL DEFAULT 0,
  other_case_no VARCHAR(64) NOT NULL DEFAULT '',
  created_at DATETIME NOT NULL,
  FOREIGN KEY (receipt_id) REFERENCES receipts (id)
);

CREATE INDEX IF NOT EXISTS receipt_flags_receipt ON receipt_flags (receipt_id, kind);

CREATE TABLE IF NOT EXISTS obligee_responses (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  receipt_id BIGINT NOT NULL,
  party_id BIGINT NOT NULL,
  state VARCHAR(16) NOT NULL,
  reason VARCHAR(500) NOT NULL DEFAULT '',
  due_on DATE NOT NULL,
  own_fen BIGINT NULL,
  said_fen BIGINT NULL,
  file_id BIGINT NOT NULL DEFAULT 0,
  responded_by BIGINT NOT NULL DEFAULT 0,
  responded_at DATETIME NULL,
  created_at DATETIME NOT NULL,
  UNIQUE (receipt_id, party_id),
  FOREIGN KEY (receipt_id) REFERENCES receipts (id),
  FOREIGN KEY (party_id) REFERENCES parties (id)
);

-- Copies of pictures with parts blacked out, each for one creditor.
CREATE TABLE IF NOT EXISTS receipt_redactions (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  receipt_id BIGINT NOT NULL,
  file_id BIGINT NOT NULL,
  copy_id BIGINT NOT NULL,
  party_id BIGINT NOT NULL,
  rects TEXT NOT NULL,
  by_user_id BIGINT NOT NULL,
  idem_key VARCHAR(64) NOT NULL,
  created_at DATETIME NOT NULL,
  UNIQUE (by_user_id, idem_key),
  FOREIGN KEY (receipt_id) REFERENCES receipts (id)
);
CREATE INDEX IF NOT EXISTS receipt_redactions_receipt ON receipt_redactions (receipt_id, id);
CREATE INDEX IF NOT EXISTS receipt_redactions_copy ON receipt_redactions (copy_id);

CREATE TABLE IF NOT EXISTS confirmations (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  receipt_id BIGINT NOT NULL,
  kind VARCHAR(16) NOT NULL,
  amount_fen BIGINT NOT NULL,
  paid_on DATE NOT NULL,
  reverses_id BIGINT NOT NULL DEFAULT 0,
  reason VARCHAR(500) NOT NULL DEFAULT '',
  over_reason VARCHAR(500) NOT NULL DEFAULT '',
  over_fen BIGINT NOT NULL DEFAULT 0,
  by_user_id BIGINT NOT NULL,
  idem_key VARCHAR(64) NOT NULL,
  created_at DATETIME NOT NULL,
  order_reason VARCHAR(500) NOT NULL DEFAULT '',
  spreading VARCHAR(16) NOT NULL DEFAULT '',
  doubt_reason VARCHAR(500) NOT NULL DEFAULT '',
  UNIQUE (receipt_id, kind, idem_key),
  FOREIGN KEY (receipt_id) REFERENCES receipts (id)
);
CREATE INDEX IF NOT EXISTS confirmations_case ON confirmations (case_id, id);
CREATE INDEX IF NOT EXISTS confirmations_court ON confirmations (court_id, created_at);

CREATE TABLE IF NOT EXISTS allocations (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  confirmation_id BIGINT NOT NULL,
  receipt_id BIGINT NOT NULL,
  obligation_id BIGINT NOT NULL,
  installment_id BIGINT NOT NULL,
  part VARCHAR(16) NOT NULL DEFAULT '',
  amount_fen BIGINT NOT NULL,
  created_at DATETIME NOT NULL,
  FOREIGN KEY (confirmation_id) REFERENCES confirmations (id),
  FOREIGN KEY (installment_id) REFERENCES installments (id)
);
CREATE INDEX IF NOT EXISTS allocations_case ON allocations (case_id, id);
CREATE INDEX IF NOT EXISTS allocations_receipt ON allocations (receipt_id);
CREATE INDEX IF NOT EXISTS allocations_installment ON allocations (installment_id);

-- What was waived, left or decided about a debt besides payment: only added to.
CREATE TABLE IF NOT EXISTS debt_entries (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  obligation_id BIGINT NOT NULL,
  installment_id BIGINT NOT NULL DEFAULT 0,
  kind VARCHAR(16) NOT NULL,
  part VARCHAR(16) NOT NULL DEFAULT '',
  amount_fen BIGINT NOT NULL DEFAULT 0,
  from_on DATE NULL,
  until_on DATE NULL,
  bears BOOLEAN NOT NULL DEFAULT FALSE,
  terms TEXT NULL,
  foreign_debt TEXT NULL,
  security_fen BIGINT NOT NULL DEFAULT 0,
  weight INT NOT NULL DEFAULT 0,
  debtor_id BIGINT NOT NULL DEFAULT 0,
  share_fen BIGINT NOT NULL DEFAULT 0,
  plan_id BIGINT NOT NULL DEFAULT 0,
  on_day DATE NOT NULL,
  party_id BIGINT NOT NULL DEFAULT 0,
  paper VARCHAR(200) NOT NULL DEFAULT '',
  reason VARCHAR(500) NOT NULL DEFAULT '',
  undoes_id BIGINT NOT NULL DEFAULT 0,
  by_user_id BIGINT NOT NULL,
  idem_key VARCHAR(64) NOT NULL,
  created_at DATETIME NOT NULL,
  UNIQUE (case_id, idem_key, obligation_id, installment_id),
  FOREIGN KEY (obligation_id) REFERENCES obligations (id)
);
CREATE INDEX IF NOT EXISTS debt_entries_case ON debt_entries (case_id, id);

-- Publications of the loan prime rate (LPR) after the shipped ones.
CREATE TABLE IF NOT EXISTS prime_rates (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  on_day DATE NOT NULL,
  one_year BIGINT NOT NULL,
  five_year BIGINT NOT NULL,
  source VARCHAR(200) NOT NULL,
  by_user_id BIGINT NOT NULL,
  created_at DATETIME NOT NULL
);

CREATE TABLE IF NOT EXISTS deposits (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  party_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  relative_id BIGINT NOT NULL DEFAULT 0,
  purpose VARCHAR(16) NOT NULL,
  state VARCHAR(16) NOT NULL,
  amount_fen BIGINT NOT NULL,
  paid_on DATE NOT NULL,
  payer_kind VARCHAR(16) NOT NULL,
  payer_name VARCHAR(200) NOT NULL,
  payer_account TEXT NOT NULL,
  wish TEXT NOT NULL,
  wish_file_id BIGINT NOT NULL,
  proof_file_id BIGINT NOT NULL,
  counsel_told DATETIME NULL,
  held_fen BIGINT NOT NULL,
  reason VARCHAR(500) NOT NULL,
  refund_fen BIGINT NOT NULL,
  refund_ground VARCHAR(16) NOT NULL,
  refund_reason VARCHAR(500) NOT NULL,
  refund_due_on DATE NULL,
  decided_by BIGINT NOT NULL,
  decided_at DATETIME NULL,
  idem_key VARCHAR(64) NOT NULL,
  version BIGINT NOT NULL,
  created_at DATETIME NOT NULL,
  UNIQUE (user_id, idem_key),
  FOREIGN KEY (case_id) REFERENCES cases (id),
  FOREIGN KEY (party_id) REFERENCES parties (id)
);
CREATE INDEX IF NOT EXISTS deposits_case ON deposits (case_id, id);
CREATE INDEX IF NOT EXISTS deposits_state ON deposits (state, id);
CREATE INDEX IF NOT EXISTS deposits_wish_file ON deposits (wish_file_id);
CREATE INDEX IF NOT EXISTS deposits_proof_file ON deposits (proof_file_id);

CREATE TABLE IF NOT EXISTS deposit_entries (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  deposit_id BIGINT NOT NULL,
  kind VARCHAR(16) NOT NULL,
  amount_fen BIGINT NOT NULL,
  happened_on DATE NOT NULL,
  receipt_id BIGINT NOT NULL,
  ground VARCHAR(16) NOT NULL,
  bank_serial VARCHAR(100) NOT NULL,
  file_id BIGINT NOT NULL,
  lodged TEXT NULL,
  reason VARCHAR(500) NOT NULL,
  by_user_id BIGINT NOT NULL,
  created_at DATETIME NOT NULL,
  FOREIGN KEY (deposit_id) REFERENCES deposits (id)
);
CREATE INDEX IF NOT EXISTS deposit_entries_deposit ON deposit_entries (deposit_id, id);
CREATE INDEX IF NOT EXISTS deposit_entries_file ON deposit_entries (file_id);

-- Agreements on a changed plan outside enforcement: what was agreed is never changed.
CREATE TABLE IF NOT EXISTS plan_agreements (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  edition INT NOT NULL,
  signed_on DATE NOT NULL,
  text TEXT NOT NULL,
  creditor_id BIGINT NOT NULL,
  debtor_ids TEXT NOT NULL,
  installment_ids TEXT NOT NULL,
  parts TEXT NOT NULL,
  interest_too BOOLEAN NOT NULL DEFAULT FALSE,
  state VARCHAR(16) NOT NULL,
  next_due_on DATE NULL,
  agreed_on DATE NULL,
  broken_on DATE NULL,
  kept_on DATE NULL,
  ended_on DATE NULL,
  end_reason VARCHAR(500) NOT NULL DEFAULT '',
  recorded_by BIGINT NOT NULL,
  idem_key VARCHAR(64) NOT NULL,
  version BIGINT NOT NULL,
  created_at DATETIME NOT NULL,
  UNIQUE (case_id, edition),
  UNIQUE (recorded_by, idem_key),
  FOREIGN KEY (case_id) REFERENCES cases (id)
);
CREATE INDEX IF NOT EXISTS plan_agreements_due ON plan_agreements (state, next_due_on, id);

CREATE TABLE IF NOT EXISTS plan_consents (
  agreement_id BIGINT NOT NULL,
  party_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  agrees BOOLEAN NOT NULL,
  reason VARCHAR(500) NOT NULL DEFAULT '',
  paper VARCHAR(200) NOT NULL DEFAULT '',
  on_day DATE NOT NULL,
  by_user_id BIGINT NOT NULL,
  created_at DATETIME NOT NULL,
  PRIMARY KEY (agreement_id, party_id),
  FOREIGN KEY (agreement_id) REFERENCES plan_agreements (id)
);
CREATE INDEX IF NOT EXISTS plan_consents_case ON plan_consents (case_id);

CREATE TABLE IF NOT EXISTS deposit_wishes (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  deposit_id BIGINT NOT NULL,
  was_purpose VARCHAR(16) NOT NULL,
  purpose VARCHAR(16) NOT NULL,
  wish TEXT NOT NULL,
  wish_file_id BIGINT NOT NULL,
  state VARCHAR(16) NOT NULL,
  user_id BIGINT NOT NULL,
  decided_by BIGINT NOT NULL,
  decided_at DATETIME NULL,
  reason VARCHAR(500) NOT NULL,
  idem_key VARCHAR(64) NOT NULL,
  created_at DATETIME NOT NULL,
  UNIQUE (user_id, idem_key),
  FOREIGN KEY (deposit_id) REFERENCES deposits (id)
);
CREATE INDEX IF NOT EXISTS deposit_wishes_deposit ON deposit_wishes (deposit_id, id);
CREATE INDEX IF NOT EXISTS deposit_wishes_file ON deposit_wishes (wish_file_id);
