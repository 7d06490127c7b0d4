-- +goose Up
ALTER TABLE messages ADD COLUMN content_check VARCHAR(16) NOT NULL DEFAULT '';

CREATE TABLE picture_checks (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  message_id BIGINT NOT NULL,
  file_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  open_id VARCHAR(64) NOT NULL,
  token VARCHAR(64) NOT NULL UNIQUE,
  trace VARCHAR(128) NULL UNIQUE,
  state VARCHAR(16) NOT NULL,
  label INT NOT NULL DEFAULT 0,
  attempts INT NOT NULL DEFAULT 0,
  next_at DATETIME(6) NOT NULL,
  decided_at DATETIME(6) NULL,
  created_at DATETIME(6) NOT NULL,
  UNIQUE (message_id, file_id),
  FOREIGN KEY (case_id) REFERENCES cases (id),
  FOREIGN KEY (message_id) REFERENCES messages (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX picture_checks_due ON picture_checks (state, next_at, id);
