-- +goose Up
CREATE TABLE certificates (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  instrument_id BIGINT NOT NULL,
  party_id BIGINT NOT NULL,
  year INT NOT NULL,
  serial BIGINT NOT NULL,
  number VARCHAR(100) NOT NULL UNIQUE,
  check_code VARCHAR(32) NOT NULL,
  state VARCHAR(16) NOT NULL,
  timeliness VARCHAR(24) NOT NULL,
  total_fen BIGINT NOT NULL,
  last_paid_on DATE NULL,
  facts MEDIUMBLOB NOT NULL,
  pdf_key VARCHAR(120) NOT NULL DEFAULT '',
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
  FOREIGN KEY (party_id) REFERENCES parties (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX certificates_court ON certificates (court_id, id);
CREATE INDEX certificates_pdf ON certificates (pdf_key, id);

CREATE TABLE certificate_applications (
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
  FOREIGN KEY (party_id) REFERENCES parties (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX certificate_applications_court ON certificate_applications (court_id, state, id);

CREATE TABLE share_codes (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  certificate_id BIGINT NOT NULL,
  code_hash VARCHAR(64) NOT NULL UNIQUE,
  user_id BIGINT NOT NULL,
  expires_at DATETIME(6) NOT NULL,
  used_at DATETIME(6) NULL,
  created_at DATETIME(6) NOT NULL,
  FOREIGN KEY (certificate_id) REFERENCES certificates (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE lookups (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  certificate_id BIGINT NOT NULL,
  method VARCHAR(16) NOT NULL,
  result VARCHAR(16) NOT NULL,
  ip VARCHAR(45) NOT NULL,
  created_at DATETIME(6) NOT NULL,
  FOREIGN KEY (certificate_id) REFERENCES certificates (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX lookups_certificate ON lookups (certificate_id, id);

