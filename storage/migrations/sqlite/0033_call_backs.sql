-- +goose Up
CREATE TABLE call_backs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  conversation_id BIGINT NOT NULL,
  owner_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  start_at DATETIME NOT NULL,
  state VARCHAR(16) NOT NULL,
  note VARCHAR(255) NOT NULL,
  phone TEXT NOT NULL,
  answer_by DATE NULL,
  decided_by BIGINT NOT NULL,
  answer VARCHAR(500) NOT NULL,
  open_key VARCHAR(64) NULL UNIQUE,
  created_by BIGINT NOT NULL,
  idem_key VARCHAR(64) NOT NULL,
  version BIGINT NOT NULL,
  created_at DATETIME NOT NULL,
  updated_at DATETIME NOT NULL,
  UNIQUE (created_by, idem_key),
  FOREIGN KEY (conversation_id) REFERENCES conversations (id)
);
CREATE INDEX call_backs_conversation ON call_backs (conversation_id, id);
CREATE INDEX call_backs_owner ON call_backs (owner_id, state, start_at);
CREATE INDEX call_backs_over ON call_backs (state, start_at);
CREATE INDEX call_backs_asked ON call_backs (created_by, created_at);

CREATE TABLE call_back_entries (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  call_back_id BIGINT NOT NULL,
  conversation_id BIGINT NOT NULL,
  state VARCHAR(16) NOT NULL,
  start_at DATETIME NOT NULL,
  note VARCHAR(500) NOT NULL,
  from_court BOOLEAN NOT NULL,
  by_user_id BIGINT NOT NULL,
  created_at DATETIME NOT NULL,
  FOREIGN KEY (call_back_id) REFERENCES call_backs (id)
);
CREATE INDEX call_back_entries_call ON call_back_entries (call_back_id, id);
CREATE INDEX call_back_entries_conversation ON call_back_entries (conversation_id, id);
