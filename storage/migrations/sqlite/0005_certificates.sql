-- +goose Up
-- Certificates and papers.

CREATE TABLE IF NOT EXISTS certificates (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  instrument_id BIGINT NOT NULL,
  party_id BIGINT NOT NULL,
  year INT NOT NULL,
  serial BIGINT NOT NULL,
  number VARCHAR(100) NOT NULL,
  number_key VARCHAR(100) NOT NULL UNIQUE,
  check_code VARCHAR(32) NOT NULL,
  state VARCHAR(16) NOT NULL,
  timeliness VARCHAR(24) NOT NULL,
  performed_by VARCHAR(16) NOT NULL,
  total_fen BIGINT NOT NULL,
  last_paid_on DATE NULL,
  facts BLOB NOT NULL,
  pdf_key VARCHAR(120) NOT NULL DEFAULT '',
  content_sha256 CHAR(64) NOT NULL DEFAULT '',
  pdf_sha256 VARCHAR(64) NOT NULL DEFAULT '',
  issued_by BIGINT NOT NULL,
  issued_at DATETIME NOT NULL,
  revoke_ground VARCHAR(32) NOT NULL DEFAULT '',
  revoke_reason VARCHAR(500) NOT NULL DEFAULT '',
  revoked_by BIGINT NOT NULL DEFAULT 0,
  revoked_at DATETIME NULL,
  version BIGINT NOT NULL,
  active_key VARCHAR(64) NULL UNIQUE,
  UNIQUE (court_id, year, serial),
  FOREIGN KEY (court_id) REFERENCES courts (id),
  FOREIGN KEY (case_id) REFERENCES cases (id),
  FOREIGN KEY (instrument_id) REFERENCES instruments (id),
  FOREIGN KEY (party_id) REFERENCES parties (id)
);
CREATE INDEX IF NOT EXISTS certificates_court ON certificates (court_id, id);
CREATE INDEX IF NOT EXISTS certificates_pdf ON certificates (pdf_key, id);
CREATE INDEX IF NOT EXISTS certificates_state ON certificates (court_id, state, year);

CREATE TABLE IF NOT EXISTS certificate_applications (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  instrument_id BIGINT NOT NULL,
  party_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  state VARCHAR(16) NOT NULL,
  reason VARCHAR(500) NOT NULL DEFAULT '',
  decided_by BIGINT NOT NULL DEFAULT 0,
  decided_at DATETIME NULL,
  open_key VARCHAR(64) NULL UNIQUE,
  created_at DATETIME NOT NULL,
  FOREIGN KEY (case_id) REFERENCES cases (id),
  FOREIGN KEY (party_id) REFERENCES parties (id)
);
CREATE INDEX IF NOT EXISTS certificate_applications_court ON certificate_applications (court_id, state, id);

CREATE TABLE IF NOT EXISTS share_codes (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  certificate_id BIGINT NOT NULL,
  code_hash VARCHAR(64) NOT NULL UNIQUE,
  user_id BIGINT NOT NULL,
  expires_at DATETIME NOT NULL,
  used_at DATETIME NULL,
  created_at DATETIME NOT NULL,
  FOREIGN KEY (certificate_id) REFERENCES certificates (id)
);

CREATE TABLE IF NOT EXISTS lookups (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  certificate_id BIGINT NOT NULL,
  method VARCHAR(16) NOT NULL,
  result VARCHAR(16) NOT NULL,
  ip VARCHAR(45) NOT NULL,
  created_at DATETIME NOT NULL,
  FOREIGN KEY (certificate_id) REFERENCES certificates (id)
);
CREATE INDEX IF NOT EXISTS lookups_certificate ON lookups (certificate_id, id);

CREATE TABLE IF NOT EXISTS document_templates (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  kind VARCHAR(32) NOT NULL,
  version INT NOT NULL,
  body TEXT NOT NULL,
  idem_key VARCHAR(64) NOT NULL,
  created_by BIGINT NOT NULL,
  created_at DATETIME NOT NULL,
  UNIQUE (court_id, kind, version),
  UNIQUE (created_by, idem_key),
  FOREIGN KEY (court_id) REFERENCES courts (id)
);

CREATE TABLE IF NOT EXISTS documents (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  party_id BIGINT NOT NULL DEFAULT 0,
  notice_id BIGINT NOT NULL DEFAULT 0,
  kind VARCHAR(32) NOT NULL,
  number VARCHAR(100) NOT NULL,
  template_version INT NOT NULL,
  facts TEXT NOT NULL,
  identity TEXT NOT NULL,
  pdf_key VARCHAR(200) NOT NULL DEFAULT '',
  content_sha256 CHAR(64) NOT NULL DEFAULT '',
  pdf_sha256 CHAR(64) NOT NULL DEFAULT '',
  dedupe_key VARCHAR(160) NOT NULL,
  created_by BIGINT NOT NULL DEFAULT 0,
  created_at DATETIME NOT NULL,
  UNIQUE (dedupe_key),
  UNIQUE (court_id, kind, number),
  FOREIGN KEY (case_id) REFERENCES cases (id)
);
CREATE INDEX IF NOT EXISTS documents_case ON documents (case_id, id);
CREATE INDEX IF NOT EXISTS documents_pdf ON documents (pdf_key);

CREATE TABLE IF NOT EXISTS paper_prints (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  kind VARCHAR(32) NOT NULL,
  number VARCHAR(100) NOT NULL,
  template_version INT NOT NULL,
  facts TEXT NOT NULL,
  content_sha256 CHAR(64) NOT NULL,
  pdf_sha256 CHAR(64) NOT NULL DEFAULT '',
  by_user_id BIGINT NOT NULL,
  created_at DATETIME NOT NULL
);
CREATE INDEX IF NOT EXISTS paper_prints_case ON paper_prints (case_id, id);
CREATE INDEX IF NOT EXISTS paper_prints_pdf ON paper_prints (pdf_sha256);
