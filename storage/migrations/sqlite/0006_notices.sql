-- +goose Up
-- Notices and the ways they go.

CREATE TABLE IF NOT EXISTS notices (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  party_id BIGINT NOT NULL DEFAULT 0,
  user_id BIGINT NOT NULL DEFAULT 0,
  kind VARCHAR(40) NOT NULL,
  dedupe_key VARCHAR(120) NOT NULL UNIQUE,
  number VARCHAR(100) NOT NULL DEFAULT '',
  title VARCHAR(200) NOT NULL,
  body TEXT NOT NULL,
  page VARCHAR(200) NOT NULL DEFAULT '',
  card TEXT NOT NULL,
  created_at DATETIME NOT NULL,
  check_code VARCHAR(12) NOT NULL DEFAULT '',
  legal_by DATE NULL,
  subject_kind VARCHAR(24) NOT NULL DEFAULT '',
  subject_id BIGINT NOT NULL DEFAULT 0,
  FOREIGN KEY (court_id) REFERENCES courts (id)
);
CREATE INDEX IF NOT EXISTS notices_party ON notices (party_id, id);
CREATE INDEX IF NOT EXISTS notices_user ON notices (user_id, id);
CREATE INDEX IF NOT EXISTS notices_case ON notices (case_id, id);
CREATE INDEX IF NOT EXISTS notices_check_code ON notices (check_code);

CREATE TABLE IF NOT EXISTS notice_reads (
  notice_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  read_at DATETIME NOT NULL,
  PRIMARY KEY (notice_id, user_id),
  FOREIGN KEY (notice_id) REFERENCES notices (id)
);

CREATE TABLE IF NOT EXISTS outbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  notice_id BIGINT NOT NULL,
  channel VARCHAR(24) NOT NULL,
  user_id BIGINT NOT NULL,
  state VARCHAR(16) NOT NULL,
  attempts INT NOT NULL DEFAULT 0,
  next_at DATETIME NOT NULL,
  deadline DATETIME NOT NULL,
  lease_owner VARCHAR(64) NOT NULL DEFAULT '',
  lease_until DATETIME NULL,
  last_code INT NOT NULL DEFAULT 0,
  last_error VARCHAR(200) NOT NULL DEFAULT '',
  message_id VARCHAR(64) NOT NULL DEFAULT '',
  created_at DATETIME NOT NULL,
  updated_at DATETIME NOT NULL,
  active_user BIGINT NULL,
  party_id BIGINT NOT NULL DEFAULT 0,
  template_id VARCHAR(64) NOT NULL DEFAULT '',
  delivered_at DATETIME NULL,
  delivery_error VARCHAR(80) NOT NULL DEFAULT '',
  -- When it might go first, when its channel took it, and when the channel is
  -- asked next what became of it.
  due_at DATETIME NULL,
  accepted_at DATETIME NULL,
  ask_at DATETIME NULL,
  UNIQUE (notice_id, channel, user_id),
  FOREIGN KEY (notice_id) REFERENCES notices (id)
);
CREATE INDEX IF NOT EXISTS outbox_due ON outbox (state, next_at, id);
CREATE INDEX IF NOT EXISTS outbox_user ON outbox (user_id, state);
CREATE UNIQUE INDEX IF NOT EXISTS outbox_active_user ON outbox (active_user);
CREATE INDEX IF NOT EXISTS outbox_court ON outbox (court_id, state, id);
CREATE INDEX IF NOT EXISTS outbox_message ON outbox (message_id);
CREATE INDEX IF NOT EXISTS outbox_recent ON outbox (court_id, created_at, channel, state);
CREATE INDEX IF NOT EXISTS outbox_ask ON outbox (ask_at);
CREATE INDEX IF NOT EXISTS outbox_unconfirmed ON outbox (court_id, state, delivered_at, id);

-- What a channel reported of a message after it was settled, and what
-- contradicts the first report: nothing is overwritten.
CREATE TABLE IF NOT EXISTS delivery_reports (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  outbox_id BIGINT NOT NULL,
  message_id VARCHAR(64) NOT NULL,
  failure VARCHAR(80) NOT NULL,
  counted BOOLEAN NOT NULL,
  at DATETIME NOT NULL,
  created_at DATETIME NOT NULL,
  UNIQUE (outbox_id, message_id, failure),
  FOREIGN KEY (outbox_id) REFERENCES outbox (id)
);

CREATE TABLE IF NOT EXISTS consents (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  party_id BIGINT NOT NULL,
  act VARCHAR(16) NOT NULL,
  how VARCHAR(16) NOT NULL,
  note VARCHAR(500) NOT NULL DEFAULT '',
  by_user_id BIGINT NOT NULL,
  idem_key VARCHAR(64) NOT NULL,
  created_at DATETIME NOT NULL,
  file_id BIGINT NOT NULL DEFAULT 0,
  UNIQUE (by_user_id, idem_key),
  FOREIGN KEY (case_id) REFERENCES cases (id),
  FOREIGN KEY (party_id) REFERENCES parties (id)
);
CREATE INDEX IF NOT EXISTS consents_case ON consents (case_id, id);

CREATE TABLE IF NOT EXISTS paper_tasks (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  party_id BIGINT NOT NULL,
  notice_id BIGINT NOT NULL,
  cause VARCHAR(16) NOT NULL,
  state VARCHAR(16) NOT NULL,
  requested_by BIGINT NOT NULL DEFAULT 0,
  method VARCHAR(16) NOT NULL DEFAULT '',
  tracking_no VARCHAR(64) NOT NULL DEFAULT '',
  note VARCHAR(500) NOT NULL DEFAULT '',
  done_by BIGINT NOT NULL DEFAULT 0,
  done_at DATETIME NULL,
  created_at DATETIME NOT NULL,
  UNIQUE (notice_id, party_id),
  FOREIGN KEY (case_id) REFERENCES cases (id),
  FOREIGN KEY (notice_id) REFERENCES notices (id)
);
CREATE INDEX IF NOT EXISTS paper_tasks_court ON paper_tasks (court_id, state, id);

-- Notices of which nobody was told by any channel: a clerk tells them.
CREATE TABLE IF NOT EXISTS unreached (
  notice_id BIGINT NOT NULL PRIMARY KEY,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  party_id BIGINT NOT NULL,
  method VARCHAR(16) NOT NULL DEFAULT '',
  tracking_no VARCHAR(64) NOT NULL DEFAULT '',
  spoke_with VARCHAR(100) NOT NULL DEFAULT '',
  note VARCHAR(500) NOT NULL DEFAULT '',
  told_at DATETIME NULL,
  done_by BIGINT NOT NULL DEFAULT 0,
  done_at DATETIME NULL,
  created_at DATETIME NOT NULL,
  FOREIGN KEY (notice_id) REFERENCES notices (id),
  FOREIGN KEY (case_id) REFERENCES cases (id)
);
CREATE INDEX IF NOT EXISTS unreached_court ON unreached (court_id, method, party_id);
CREATE INDEX IF NOT EXISTS unreached_party ON unreached (party_id, notice_id);

CREATE TABLE IF NOT EXISTS push_events (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  digest CHAR(64) NOT NULL,
  message BLOB NOT NULL,
  state VARCHAR(16) NOT NULL,
  attempts INT NOT NULL DEFAULT 0,
  next_at DATETIME NOT NULL,
  received_at DATETIME NOT NULL,
  applied_at DATETIME NULL,
  UNIQUE (digest)
);
CREATE INDEX IF NOT EXISTS push_events_due ON push_events (state, next_at, id);

CREATE TABLE IF NOT EXISTS subscription_entries (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  open_id VARCHAR(64) NOT NULL,
  template_id VARCHAR(64) NOT NULL,
  source VARCHAR(16) NOT NULL,
  accepted BOOLEAN NOT NULL,
  answer VARCHAR(40) NOT NULL DEFAULT '',
  at DATETIME NOT NULL,
  event_key VARCHAR(160) NOT NULL,
  created_at DATETIME NOT NULL,
  UNIQUE (event_key)
);
CREATE INDEX IF NOT EXISTS subscription_entries_user ON subscription_entries (open_id, template_id, at);

CREATE TABLE IF NOT EXISTS followers (
  open_id VARCHAR(64) NOT NULL PRIMARY KEY,
  union_id VARCHAR(64) NOT NULL DEFAULT '',
  follows BOOLEAN NOT NULL,
  at DATETIME NOT NULL,
  ask_at DATETIME NULL,
  updated_at DATETIME NOT NULL
);
CREATE INDEX IF NOT EXISTS followers_union ON followers (union_id);
CREATE INDEX IF NOT EXISTS followers_ask ON followers (ask_at);

-- What belongs into the electronic file of a case, and how far it has come.
CREATE TABLE IF NOT EXISTS dossier_items (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  source VARCHAR(16) NOT NULL,
  source_id BIGINT NOT NULL,
  kind VARCHAR(40) NOT NULL DEFAULT '',
  made_at DATETIME NOT NULL,
  attempts INT NOT NULL DEFAULT 0,
  next_at DATETIME NOT NULL,
  sha256 CHAR(64) NOT NULL DEFAULT '',
  receipt_no VARCHAR(100) NOT NULL DEFAULT '',
  filed_at DATETIME NULL,
  failed_at DATETIME NULL,
  failure VARCHAR(200) NOT NULL DEFAULT '',
  created_at DATETIME NOT NULL,
  updated_at DATETIME NOT NULL,
  UNIQUE (source, source_id),
  FOREIGN KEY (case_id) REFERENCES cases (id)
);
CREATE INDEX IF NOT EXISTS dossier_items_case ON dossier_items (case_id, made_at, id);
CREATE INDEX IF NOT EXISTS dossier_items_due ON dossier_items (filed_at, failed_at, next_at, id);
CREATE INDEX IF NOT EXISTS dossier_items_court ON dossier_items (court_id, filed_at, id);
