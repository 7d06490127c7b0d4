-- +goose Up
-- Notices and the ways they go.

CREATE TABLE IF NOT EXISTS notices (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
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
  created_at DATETIME(6) NOT NULL,
  check_code VARCHAR(12) NOT NULL DEFAULT '',
  legal_by DATE NULL,
  subject_kind VARCHAR(24) NOT NULL DEFAULT '',
  subject_id BIGINT NOT NULL DEFAULT 0,
  FOREIGN KEY (court_id) REFERENCES courts (id),
  INDEX notices_party (party_id, id),
  INDEX notices_user (user_id, id),
  INDEX notices_case (case_id, id),
  INDEX notices_check_code (check_code)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS notice_reads (
  notice_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  read_at DATETIME(6) NOT NULL,
  PRIMARY KEY (notice_id, user_id),
  FOREIGN KEY (notice_id) REFERENCES notices (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS outbox (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  court_id BIGINT NOT NULL,
  notice_id BIGINT NOT NULL,
  channel VARCHAR(24) NOT NULL,
  user_id BIGINT NOT NULL,
  state VARCHAR(16) NOT NULL,
  attempts INT NOT NULL DEFAULT 0,
  next_at DATETIME(6) NOT NULL,
  deadline DATETIME(6) NOT NULL,
  lease_owner VARCHAR(64) NOT NULL DEFAULT '',
  lease_until DATETIME(6) NULL,
  last_code INT NOT NULL DEFAULT 0,
  last_error VARCHAR(200) NOT NULL DEFAULT '',
  message_id VARCHAR(64) NOT NULL DEFAULT '',
  created_at DATETIME(6) NOT NULL,
  updated_at DATETIME(6) NOT NULL,
  active_user BIGINT NULL,
  party_id BIGINT NOT NULL DEFAULT 0,
  template_id VARCHAR(64) NOT NULL DEFAULT '',
  delivered_at DATETIME(6) NULL,
  delivery_error VARCHAR(80) NOT NULL DEFAULT '',
  -- When it might go first, when its channel took it, and when the channel is
  -- asked next what became of it.
  due_at DATETIME(6) NULL,
  accepted_at DATETIME(6) NULL,
  ask_at DATETIME(6) NULL,
  UNIQUE (notice_id, channel, user_id),
  FOREIGN KEY (notice_id) REFERENCES notices (id),
  INDEX outbox_due (state, next_at, id),
  INDEX outbox_user (user_id, state),
  UNIQUE INDEX outbox_active_user (active_user),
  INDEX outbox_court (court_id, state, id),
  INDEX outbox_message (message_id),
  INDEX outbox_recent (court_id, created_at, channel, state),
  INDEX outbox_ask (ask_at),
  INDEX outbox_unconfirmed (court_id, state, delivered_at, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- What a channel reported of a message after it was settled, and what
-- contradicts the first report: nothing is overwritten.
CREATE TABLE IF NOT EXISTS delivery_reports (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  outbox_id BIGINT NOT NULL,
  message_id VARCHAR(64) NOT NULL,
  failure VARCHAR(80) NOT NULL,
  counted BOOLEAN NOT NULL,
  at DATETIME(6) NOT NULL,
  created_at DATETIME(6) NOT NULL,
  UNIQUE (outbox_id, message_id, failure),
  FOREIGN KEY (outbox_id) REFERENCES outbox (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS consents (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  party_id BIGINT NOT NULL,
  act VARCHAR(16) NOT NULL,
  how VARCHAR(16) NOT NULL,
  note VARCHAR(500) NOT NULL DEFAULT '',
  by_user_id BIGINT NOT NULL,
  idem_key VARCHAR(64) NOT NULL,
  created_at DATETIME(6) NOT NULL,
  file_id BIGINT NOT NULL DEFAULT 0,
  UNIQUE (by_user_id, idem_key),
  FOREIGN KEY (case_id) REFERENCES cases (id),
  FOREIGN KEY (party_id) REFERENCES parties (id),
  INDEX consents_case (case_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS paper_tasks (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
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
  done_at DATETIME(6) NULL,
  created_at DATETIME(6) NOT NULL,
  UNIQUE (notice_id, party_id),
  FOREIGN KEY (case_id) REFERENCES cases (id),
  FOREIGN KEY (notice_id) REFERENCES notices (id),
  INDEX paper_tasks_court (court_id, state, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

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
  told_at DATETIME(6) NULL,
  done_by BIGINT NOT NULL DEFAULT 0,
  done_at DATETIME(6) NULL,
  created_at DATETIME(6) NOT NULL,
  FOREIGN KEY (notice_id) REFERENCES notices (id),
  FOREIGN KEY (case_id) REFERENCES cases (id),
  INDEX unreached_court (court_id, method, party_id),
  INDEX unreached_party (party_id, notice_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS push_events (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  digest CHAR(64) NOT NULL,
  message BLOB NOT NULL,
  state VARCHAR(16) NOT NULL,
  attempts INT NOT NULL DEFAULT 0,
  next_at DATETIME(6) NOT NULL,
  received_at DATETIME(6) NOT NULL,
  applied_at DATETIME(6) NULL,
  UNIQUE (digest),
  INDEX push_events_due (state, next_at, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS subscription_entries (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  open_id VARCHAR(64) NOT NULL,
  template_id VARCHAR(64) NOT NULL,
  source VARCHAR(16) NOT NULL,
  accepted BOOLEAN NOT NULL,
  answer VARCHAR(40) NOT NULL DEFAULT '',
  at DATETIME(6) NOT NULL,
  event_key VARCHAR(160) NOT NULL,
  created_at DATETIME(6) NOT NULL,
  UNIQUE (event_key),
  INDEX subscription_entries_user (open_id, template_id, at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS followers (
  open_id VARCHAR(64) NOT NULL PRIMARY KEY,
  union_id VARCHAR(64) NOT NULL DEFAULT '',
  follows BOOLEAN NOT NULL,
  at DATETIME(6) NOT NULL,
  ask_at DATETIME(6) NULL,
  updated_at DATETIME(6) NOT NULL,
  INDEX followers_union (union_id),
  INDEX followers_ask (ask_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- What belongs into the electronic file of a case, and how far it has come.
CREATE TABLE IF NOT EXISTS dossier_items (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  source VARCHAR(16) NOT NULL,
  source_id BIGINT NOT NULL,
  kind VARCHAR(40) NOT NULL DEFAULT '',
  made_at DATETIME(6) NOT NULL,
  attempts INT NOT NULL DEFAULT 0,
  next_at DATETIME(6) NOT NULL,
  sha256 CHAR(64) NOT NULL DEFAULT '',
  receipt_no VARCHAR(100) NOT NULL DEFAULT '',
  filed_at DATETIME(6) NULL,
  failed_at DATETIME(6) NULL,
  failure VARCHAR(200) NOT NULL DEFAULT '',
  created_at DATETIME(6) NOT NULL,
  updated_at DATETIME(6) NOT NULL,
  UNIQUE (source, source_id),
  FOREIGN KEY (case_id) REFERENCES cases (id),
  INDEX dossier_items_case (case_id, made_at, id),
  INDEX dossier_items_due (filed_at, failed_at, next_at, id),
  INDEX dossier_items_court (court_id, filed_at, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
