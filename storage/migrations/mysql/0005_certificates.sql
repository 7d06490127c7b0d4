-- +goose Up
-- Certificates and papers.

CREATE TABLE IF NOT EXISTS certificates (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
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
  facts MEDIUMBLOB NOT NULL,
  pdf_key VARCHAR(120) NOT NULL DEFAULT '',
  content_sha256 CHAR(64) NOT NULL DEFAULT '',
  pdf_sha256 VARCHAR(64) NOT NULL DEFAULT '',
  issued_by BIGINT NOT NULL,
  issued_at DATETIME(6) NOT NULL,
  revoke_ground VARCHAR(32) NOT NULL DEFAULT '',
  revoke_reason VARCHAR(500) NOT NULL DEFAULT '',
  revoked_by BIGINT NOT NULL DEFAULT 0,
  revoked_at DATETIME(6) NULL,
  version BIGINT NOT NULL,
  active_key VARCHAR(64) NULL UNIQUE,
  UNIQUE (court_id, year, serial),
  FOREIGN KEY (court_id) REFERENCES courts (id),
  FOREIGN KEY (case_id) REFERENCES cases (id),
  FOREIGN KEY (instrument_id) REFERENCES instruments (id),
  FOREIGN KEY (party_id) REFERENCES parties (id),
  INDEX certificates_court (court_id, id),
  INDEX certificates_pdf (pdf_key, id),
  INDEX certificates_state (court_id, state, year)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS certificate_applications (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  instrument_id BIGINT NOT NULL,
  party_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  state VARCHAR(16) NOT NULL,
  reason VARCHAR(500) NOT NULL DEFAULT '',
  decided_by BIGINT NOT NULL DEFAULT 0,
  decided_at DATETIME(6) NULL,
  open_key VARCHAR(64) NULL UNIQUE,
  created_at DATETIME(6) NOT NULL,
  FOREIGN KEY (case_id) REFERENCES cases (id),
  FOREIGN KEY (party_id) REFERENCES parties (id),
  INDEX certificate_applications_court (court_id, state, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS share_codes (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  certificate_id BIGINT NOT NULL,
  code_hash VARCHAR(64) NOT NULL UNIQUE,
  user_id BIGINT NOT NULL,
  expires_at DATETIME(6) NOT NULL,
  used_at DATETIME(6) NULL,
  created_at DATETIME(6) NOT NULL,
  FOREIGN KEY (certificate_id) REFERENCES certificates (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS lookups (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  certificate_id BIGINT NOT NULL,
  method VARCHAR(16) NOT NULL,
  result VARCHAR(16) NOT NULL,
  ip VARCHAR(45) NOT NULL,
  created_at DATETIME(6) NOT NULL,
  FOREIGN KEY (certificate_id) REFERENCES certificates (id),
  INDEX lookups_certificate (certificate_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS document_templates (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  court_id BIGINT NOT NULL,
  kind VARCHAR(32) NOT NULL,
  version INT NOT NULL,
  body MEDIUMTEXT NOT NULL,
  idem_key VARCHAR(64) NOT NULL,
  created_by BIGINT NOT NULL,
  created_at DATETIME(6) NOT NULL,
  UNIQUE (court_id, kind, version),
  UNIQUE (created_by, idem_key),
  FOREIGN KEY (court_id) REFERENCES courts (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS documents (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  party_id BIGINT NOT NULL DEFAULT 0,
  notice_id BIGINT NOT NULL DEFAULT 0,
  kind VARCHAR(32) NOT NULL,
  number VARCHAR(100) NOT NULL,
  template_version INT NOT NULL,
  facts MEDIUMTEXT NOT NULL,
  identity TEXT NOT NULL,
  pdf_key VARCHAR(200) NOT NULL DEFAULT '',
  content_sha256 CHAR(64) NOT NULL DEFAULT '',
  pdf_sha256 CHAR(64) NOT NULL DEFAULT '',
  dedupe_key VARCHAR(160) NOT NULL,
  created_by BIGINT NOT NULL DEFAULT 0,
  created_at DATETIME(6) NOT NULL,
  UNIQUE (dedupe_key),
  UNIQUE (court_id, kind, number),
  FOREIGN KEY (case_id) REFERENCES cases (id),
  INDEX documents_case (case_id, id),
  INDEX documents_pdf (pdf_key)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS paper_prints (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  kind VARCHAR(32) NOT NULL,
  number VARCHAR(100) NOT NULL,
  template_version INT NOT NULL,
  facts MEDIUMTEXT NOT NULL,
  content_sha256 CHAR(64) NOT NULL,
  pdf_sha256 CHAR(64) NOT NULL DEFAULT '',
  by_user_id BIGINT NOT NULL,
  created_at DATETIME(6) NOT NULL,
  INDEX paper_prints_case (case_id, id),
  INDEX paper_prints_pdf (pdf_sha256)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
