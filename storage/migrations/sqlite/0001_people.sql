-- +goose Up
-- Courts, people and how they get in.

CREATE TABLE IF NOT EXISTS courts (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  code VARCHAR(16) NOT NULL UNIQUE,
  name VARCHAR(100) NOT NULL,
  short_name VARCHAR(20) NOT NULL,
  phone VARCHAR(40) NOT NULL DEFAULT '',
  address VARCHAR(200) NOT NULL DEFAULT '',
  account VARCHAR(300) NOT NULL DEFAULT '',
  settings TEXT NOT NULL,
  created_at DATETIME NOT NULL
);

CREATE TABLE IF NOT EXISTS users (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  name VARCHAR(100) NOT NULL,
  state VARCHAR(16) NOT NULL,
  phone TEXT NOT NULL,
  phone_hash VARCHAR(64) NOT NULL DEFAULT '',
  epoch BIGINT NOT NULL DEFAULT 0,
  created_at DATETIME NOT NULL,
  agency_id BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS users_phone ON users (phone_hash);
CREATE INDEX IF NOT EXISTS users_court ON users (court_id, id);
CREATE INDEX IF NOT EXISTS users_agency ON users (agency_id, id);

CREATE TABLE IF NOT EXISTS staff_accounts (
  user_id BIGINT NOT NULL PRIMARY KEY,
  login VARCHAR(64) NOT NULL UNIQUE,
  password_hash VARCHAR(255) NOT NULL,
  totp_secret TEXT NOT NULL,
  totp_pending TEXT NOT NULL,
  totp_last_step BIGINT NOT NULL DEFAULT 0,
  must_change BOOLEAN NOT NULL DEFAULT FALSE,
  must_enrol BOOLEAN NOT NULL DEFAULT FALSE,
  password_until DATETIME NULL,
  sign_on_closed BOOLEAN NOT NULL DEFAULT FALSE,
  created_at DATETIME NOT NULL,
  updated_at DATETIME NOT NULL,
  FOREIGN KEY (user_id) REFERENCES users (id)
);

CREATE TABLE IF NOT EXISTS role_grants (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id BIGINT NOT NULL,
  court_id BIGINT NOT NULL,
  role VARCHAR(32) NOT NULL,
  created_at DATETIME NOT NULL,
  revoked_at DATETIME NULL,
  FOREIGN KEY (user_id) REFERENCES users (id),
  FOREIGN KEY (court_id) REFERENCES courts (id)
);
CREATE INDEX IF NOT EXISTS role_grants_court_role ON role_grants (court_id, role, user_id);

CREATE TABLE IF NOT EXISTS presidents (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  marked_by BIGINT NOT NULL,
  marked_at DATETIME NOT NULL,
  ended_by BIGINT NOT NULL DEFAULT 0,
  ended_at DATETIME NULL,
  end_reason VARCHAR(500) NOT NULL DEFAULT '',
  active_court BIGINT NULL UNIQUE,
  FOREIGN KEY (user_id) REFERENCES users (id),
  FOREIGN KEY (court_id) REFERENCES courts (id)
);
CREATE INDEX IF NOT EXISTS presidents_court ON presidents (court_id, id);

CREATE TABLE IF NOT EXISTS signing_authorities (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
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
  created_at DATETIME NOT NULL,
  ended_by BIGINT NOT NULL DEFAULT 0,
  ended_at DATETIME NULL,
  end_reason VARCHAR(500) NOT NULL DEFAULT '',
  UNIQUE (entered_by, idem_key),
  FOREIGN KEY (president_id) REFERENCES presidents (id),
  FOREIGN KEY (user_id) REFERENCES users (id),
  FOREIGN KEY (court_id) REFERENCES courts (id)
);
CREATE INDEX IF NOT EXISTS signing_authorities_court ON signing_authorities (court_id, id);
CREATE INDEX IF NOT EXISTS signing_authorities_file ON signing_authorities (file_id);

CREATE TABLE IF NOT EXISTS wechat_identities (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  app_id VARCHAR(32) NOT NULL,
  open_id VARCHAR(64) NOT NULL,
  union_id VARCHAR(64) NOT NULL DEFAULT '',
  user_id BIGINT NOT NULL,
  staff_user_id BIGINT NOT NULL DEFAULT 0,
  created_at DATETIME NOT NULL,
  UNIQUE (app_id, open_id),
  FOREIGN KEY (user_id) REFERENCES users (id)
);
CREATE INDEX IF NOT EXISTS wechat_identities_staff ON wechat_identities (staff_user_id);
CREATE INDEX IF NOT EXISTS wechat_identities_union ON wechat_identities (union_id);

CREATE TABLE IF NOT EXISTS staff_links (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  staff_user_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  created_at DATETIME NOT NULL,
  last_used_at DATETIME NULL,
  ended_at DATETIME NULL,
  ended_by BIGINT NOT NULL DEFAULT 0,
  active_staff BIGINT NULL UNIQUE,
  active_user BIGINT NULL UNIQUE,
  FOREIGN KEY (staff_user_id) REFERENCES users (id),
  FOREIGN KEY (user_id) REFERENCES users (id)
);
CREATE INDEX IF NOT EXISTS staff_links_staff ON staff_links (staff_user_id);
CREATE INDEX IF NOT EXISTS staff_links_user ON staff_links (user_id);

CREATE TABLE IF NOT EXISTS known_places (
  user_id BIGINT NOT NULL,
  place VARCHAR(80) NOT NULL,
  created_at DATETIME NOT NULL,
  last_used_at DATETIME NOT NULL,
  PRIMARY KEY (user_id, place),
  FOREIGN KEY (user_id) REFERENCES users (id)
);
CREATE INDEX IF NOT EXISTS known_places_place ON known_places (place);

CREATE TABLE IF NOT EXISTS sign_on_identities (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id BIGINT NOT NULL,
  issuer VARCHAR(255) NOT NULL,
  subject VARCHAR(255) NOT NULL,
  created_at DATETIME NOT NULL,
  last_used_at DATETIME NOT NULL,
  ended_at DATETIME NULL,
  ended_by BIGINT NOT NULL DEFAULT 0,
  active_subject VARCHAR(255) NULL,
  active_user BIGINT NULL UNIQUE,
  UNIQUE (issuer, active_subject),
  FOREIGN KEY (user_id) REFERENCES users (id)
);
CREATE INDEX IF NOT EXISTS sign_on_identities_user ON sign_on_identities (user_id);

CREATE TABLE IF NOT EXISTS sessions (
  token_hash VARCHAR(64) NOT NULL PRIMARY KEY,
  user_id BIGINT NOT NULL DEFAULT 0,
  data BLOB NOT NULL,
  expires_at DATETIME NOT NULL,
  created_at DATETIME NOT NULL,
  device VARCHAR(255) NOT NULL DEFAULT '',
  ip VARCHAR(64) NOT NULL DEFAULT '',
  seen_at DATETIME NULL
);
CREATE INDEX IF NOT EXISTS sessions_user ON sessions (user_id);
CREATE INDEX IF NOT EXISTS sessions_expiry ON sessions (expires_at);

CREATE TABLE IF NOT EXISTS scan_tickets (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  ticket_hash VARCHAR(64) NOT NULL UNIQUE,
  poll_hash VARCHAR(64) NOT NULL,
  state VARCHAR(16) NOT NULL,
  user_id BIGINT NOT NULL DEFAULT 0,
  device VARCHAR(255) NOT NULL DEFAULT '',
  ip VARCHAR(64) NOT NULL DEFAULT '',
  expires_at DATETIME NOT NULL,
  created_at DATETIME NOT NULL
);
CREATE INDEX IF NOT EXISTS scan_tickets_expiry ON scan_tickets (expires_at);

CREATE TABLE IF NOT EXISTS api_keys (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  name VARCHAR(100) NOT NULL,
  secret_hash VARCHAR(64) NOT NULL UNIQUE,
  role VARCHAR(32) NOT NULL,
  created_at DATETIME NOT NULL,
  revoked_at DATETIME NULL,
  agency_id BIGINT NOT NULL DEFAULT 0,
  FOREIGN KEY (court_id) REFERENCES courts (id)
);

CREATE TABLE IF NOT EXISTS attempts (
  subject VARCHAR(120) NOT NULL PRIMARY KEY,
  failures INT NOT NULL,
  window_end DATETIME NOT NULL,
  next_at DATETIME NULL
);

CREATE TABLE IF NOT EXISTS absences (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  substitute_id BIGINT NOT NULL,
  from_on DATE NOT NULL,
  to_on DATE NOT NULL,
  reason VARCHAR(255) NOT NULL,
  created_by BIGINT NOT NULL,
  ended_at DATETIME NULL,
  created_at DATETIME NOT NULL,
  FOREIGN KEY (user_id) REFERENCES users (id),
  FOREIGN KEY (substitute_id) REFERENCES users (id)
);
CREATE INDEX IF NOT EXISTS absences_user ON absences (user_id, to_on);
CREATE INDEX IF NOT EXISTS absences_substitute ON absences (substitute_id, to_on);
CREATE INDEX IF NOT EXISTS absences_court ON absences (court_id, to_on);

-- How people look at lists again and again, under names of their own.
CREATE TABLE IF NOT EXISTS saved_filters (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  path VARCHAR(60) NOT NULL,
  name VARCHAR(40) NOT NULL,
  query TEXT NOT NULL,
  created_at DATETIME NOT NULL,
  UNIQUE (user_id, path, name),
  FOREIGN KEY (user_id) REFERENCES users (id)
);
