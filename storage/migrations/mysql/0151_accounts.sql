-- +goose Up
ALTER TABLE users ADD COLUMN epoch BIGINT NOT NULL DEFAULT 0;

ALTER TABLE staff_accounts ADD COLUMN must_enrol BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE staff_accounts ADD COLUMN totp_pending VARCHAR(255) NOT NULL DEFAULT '';
ALTER TABLE staff_accounts ADD COLUMN password_until DATETIME(6) NULL;
ALTER TABLE staff_accounts ADD COLUMN sign_on_closed BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE staff_accounts DROP COLUMN failed_logins;
ALTER TABLE staff_accounts DROP COLUMN locked_until;

ALTER TABLE attempts ADD COLUMN next_at DATETIME(6) NULL;

ALTER TABLE scan_tickets ADD COLUMN device VARCHAR(200) NOT NULL DEFAULT '';
ALTER TABLE scan_tickets ADD COLUMN ip VARCHAR(64) NOT NULL DEFAULT '';

CREATE TABLE staff_links (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  staff_user_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  created_at DATETIME(6) NOT NULL,
  last_used_at DATETIME(6) NULL,
  ended_at DATETIME(6) NULL,
  ended_by BIGINT NOT NULL DEFAULT 0,
  active_staff BIGINT NULL UNIQUE,
  active_user BIGINT NULL UNIQUE,
  FOREIGN KEY (staff_user_id) REFERENCES users (id),
  FOREIGN KEY (user_id) REFERENCES users (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX staff_links_staff ON staff_links (staff_user_id);
CREATE INDEX staff_links_user ON staff_links (user_id);

CREATE TABLE known_places (
  user_id BIGINT NOT NULL,
  place VARCHAR(80) NOT NULL,
  created_at DATETIME(6) NOT NULL,
  last_used_at DATETIME(6) NOT NULL,
  PRIMARY KEY (user_id, place),
  FOREIGN KEY (user_id) REFERENCES users (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE sign_on_identities (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  user_id BIGINT NOT NULL,
  issuer VARCHAR(255) NOT NULL,
  subject VARCHAR(255) NOT NULL,
  created_at DATETIME(6) NOT NULL,
  last_used_at DATETIME(6) NOT NULL,
  ended_at DATETIME(6) NULL,
  ended_by BIGINT NOT NULL DEFAULT 0,
  active_subject VARCHAR(255) NULL,
  active_user BIGINT NULL UNIQUE,
  UNIQUE (issuer, active_subject),
  FOREIGN KEY (user_id) REFERENCES users (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX sign_on_identities_user ON sign_on_identities (user_id);
