-- +goose Up
CREATE TABLE notices (
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
  FOREIGN KEY (court_id) REFERENCES courts (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX notices_party ON notices (party_id, id);
CREATE INDEX notices_user ON notices (user_id, id);
CREATE INDEX notices_case ON notices (case_id, id);

CREATE TABLE notice_reads (
  notice_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  read_at DATETIME(6) NOT NULL,
  PRIMARY KEY (notice_id, user_id),
  FOREIGN KEY (notice_id) REFERENCES notices (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE outbox (
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
  UNIQUE (notice_id, channel, user_id),
  FOREIGN KEY (notice_id) REFERENCES notices (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX outbox_due ON outbox (state, next_at, id);
CREATE INDEX outbox_user ON outbox (user_id, state);

