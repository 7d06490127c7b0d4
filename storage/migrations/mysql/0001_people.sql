-- +goose Up
-- Courts, people and how they get in.

CREATE TABLE IF NOT EXISTS courts (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  code VARCHAR(16) NOT NULL UNIQUE,
  name VARCHAR(100) NOT NULL,
  short_name VARCHAR(20) NOT NULL,
  phone VARCHAR(40) NOT NULL DEFAULT '',
  address VARCHAR(200) NOT NULL DEFAULT '',
  account VARCHAR(300) NOT NULL DEFAULT '',
  settings TEXT NOT NULL,
  created_at DATETIME(6) NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS users (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  court_id BIGINT NOT NULL,
  name VARCHAR(100) NOT NULL,
  state VARCHAR(16) NOT NULL,
  phone TEXT NOT NULL,
  phone_hash VARCHAR(64) NOT NULL DEFAULT '',
  epoch BIGINT NOT NULL DEFAULT 0,
  created_at DATETIME(6) NOT NULL,
  agency_id BIGINT NOT NULL DEFAULT 0,
  INDEX users_court (court_id, id),
  INDEX users_agency (agency_id, id),
  INDEX users_phone (phone_hash)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS staff_accounts (
  user_id BIGINT NOT NULL PRIMARY KEY,
  login VARCHAR(64) NOT NULL UNIQUE,
  password_hash VARCHAR(255) NOT NULL,
  totp_secret TEXT NOT NULL,
  totp_pending TEXT NOT NULL,
  totp_last_step BIGINT NOT NULL DEFAULT 0,
  must_change BOOLEAN NOT NULL DEFAULT FALSE,
  must_enrol BOOLEAN NOT NULL DEFAULT FALSE,
  password_until DATETIME(6) NULL,
  sign_on_closed BOOLEAN NOT NULL DEFAULT FALSE,
  created_at DATETIME(6) NOT NULL,
  updated_at DATETIME(6) NOT NULL,
  FOREIGN KEY (user_id) REFERENCES users (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS role_grants (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  user_id BIGINT NOT NULL,
  court_id BIGINT NOT NULL,
  role VARCHAR(32) NOT NULL,
  created_at DATETIME(6) NOT NULL,
  revoked_at DATETIME(6) NULL,
  FOREIGN KEY (user_id) REFERENCES users (id),
  FOREIGN KEY (court_id) REFERENCES courts (id),
  INDEX role_grants_court_role (court_id, role, user_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS presidents (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  court_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  marked_by BIGINT NOT NULL,
  marked_at DATETIME(6) NOT NULL,
  ended_by BIGINT NOT NULL DEFAULT 0,
  ended_at DATETIME(6) NULL,
  end_reason VARCHAR(500) NOT NULL DEFAULT '',
  active_court BIGINT NULL UNIQUE,
  FOREIGN KEY (user_id) REFERENCES users (id),
  FOREIGN KEY (court_id) REFERENCES courts (id),
  INDEX presidents_court (court_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS signing_authorities (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  court_id BIGINT NOT NULL,
  president_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  title VARCHAR(60) NOT NULL,
  kinds VARCHAR(255) NOT NULL,
  from_on DATE NOT NULL,
  until_on DATE NOT NULL,
  file_id BIGINT NOT NULL,
  entered_by BIGINT NOT NULL,
  idem_key VARCHAR(100) NOT NULL,
  created_at DATETIME(6) NOT NULL,
  ended_by BIGINT NOT NULL DEFAULT 0,
  ended_at DATETIME(6) NULL,
  end_reason VARCHAR(500) NOT NULL DEFAULT '',
  UNIQUE (entered_by, idem_key),
  FOREIGN KEY (president_id) REFERENCES presidents (id),
  FOREIGN KEY (user_id) REFERENCES users (id),
  FOREIGN KEY (court_id) REFERENCES courts (id),
  INDEX signing_authorities_court (court_id, id),
  INDEX signing_authorities_file (file_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS wechat_identities (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  app_id VARCHAR(32) NOT NULL,
  open_id VARCHAR(64) NOT NULL,
  union_id VARCHAR(64) NOT NULL DEFAULT '',
  user_id BIGINT NOT NULL,
  staff_user_id BIGINT NOT NULL DEFAULT 0,
  created_at DATETIME(6) NOT NULL,
  UNIQUE (app_id, open_id),
  FOREIGN KEY (user_id) REFERENCES users (id),
  INDEX wechat_identities_staff (staff_user_id),
  INDEX wechat_identities_union (union_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS staff_links (
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
  FOREIGN KEY (user_id) REFERENCES users (id),
  INDEX staff_links_staff (staff_user_id),
  INDEX staff_links_user (user_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS known_places (
  user_id BIGINT NOT NULL,
  place VARCHAR(80) NOT NULL,
  created_at DATETIME(6) NOT NULL,
  last_used_at DATETIME(6) NOT NULL,
  PRIMARY KEY (user_id, place),
  FOREIGN KEY (user_id) REFERENCES users (id),
  INDEX known_places_place (place)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS sign_on_identities (
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
  FOREIGN KEY (user_id) REFERENCES users (id),
  INDEX sign_on_identities_user (user_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS sessions (
  token_hash VARCHAR(64) NOT NULL PRIMARY KEY,
  user_id BIGINT NOT NULL DEFAULT 0,
  data BLOB NOT NULL,
  expires_at DATETIME(6) NOT NULL,
  created_at DATETIME(6) NOT NULL,
  device VARCHAR(255) NOT NULL DEFAULT '',
  ip VARCHAR(64) NOT NULL DEFAULT '',
  seen_at DATETIME(6) NULL,
  INDEX sessions_user (user_id),
  INDEX sessions_expiry (expires_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS scan_tickets (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  ticket_hash VARCHAR(64) NOT NULL UNIQUE,
  poll_hash VARCHAR(64) NOT NULL,
  state VARCHAR(16) NOT NULL,
  user_id BIGINT NOT NULL DEFAULT 0,
  device VARCHAR(255) NOT NULL DEFAULT '',
  ip VARCHAR(64) NOT NULL DEFAULT '',
  expires_at DATETIME(6) NOT NULL,
  created_at DATETIME(6) NOT NULL,
  INDEX scan_tickets_expiry (expires_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS api_keys (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  court_id BIGINT NOT NULL,
  name VARCHAR(100) NOT NULL,
  secret_hash VARCHAR(64) NOT NULL UNIQUE,
  role VARCHAR(32) NOT NULL,
  created_at DATETIME(6) NOT NULL,
  revoked_at DATETIME(6) NULL,
  agency_id BIGINT NOT NULL DEFAULT 0,
  FOREIGN KEY (court_id) REFERENCES courts (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS attempts (
  subject VARCHAR(120) NOT NULL PRIMARY KEY,
  failures INT NOT NULL,
  window_end DATETIME(6) NOT NULL,
  next_at DATETIME(6) NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS absences (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  court_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  substitute_id BIGINT NOT NULL,
  from_on DATE NOT NULL,
  to_on DATE NOT NULL,
  reason VARCHAR(255) NOT NULL,
  created_by BIGINT NOT NULL,
  ended_at DATETIME(6) NULL,
  created_at DATETIME(6) NOT NULL,
  FOREIGN KEY (user_id) REFERENCES users (id),
  FOREIGN KEY (substitute_id) REFERENCES users (id),
  INDEX absences_user (user_id, to_on),
  INDEX absences_substitute (substitute_id, to_on),
  INDEX absences_court (court_id, to_on)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- How people look at lists again and again, under names of their own.
CREATE TABLE IF NOT EXISTS saved_filters (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  court_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  path VARCHAR(60) NOT NULL,
  name VARCHAR(40) NOT NULL,
  query TEXT NOT NULL,
  created_at DATETIME(6) NOT NULL,
  UNIQUE (user_id, path, name),
  FOREIGN KEY (user_id) REFERENCES users (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
