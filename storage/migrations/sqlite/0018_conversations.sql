-- +goose Up
CREATE TABLE conversations (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  party_id BIGINT NOT NULL,
  counterpart VARCHAR(64) NOT NULL UNIQUE,
  owner_id BIGINT NOT NULL,
  answer_by DATE NULL,
  settled_id BIGINT NOT NULL,
  last_message_id BIGINT NOT NULL,
  last_at DATETIME NOT NULL,
  FOREIGN KEY (case_id) REFERENCES cases (id)
);
CREATE INDEX conversations_waiting ON conversations (court_id, answer_by, id);
CREATE INDEX conversations_owner ON conversations (owner_id, answer_by, id);
CREATE INDEX conversations_case ON conversations (case_id);
CREATE INDEX conversations_last ON conversations (court_id, last_message_id);
CREATE INDEX conversations_own_last ON conversations (owner_id, last_message_id);

CREATE TABLE messages (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  party_id BIGINT NOT NULL,
  conversation_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  from_court BOOLEAN NOT NULL,
  body TEXT NOT NULL,
  answer_by DATE NULL,
  idem_key VARCHAR(64) NOT NULL,
  created_at DATETIME NOT NULL,
  UNIQUE (user_id, idem_key),
  FOREIGN KEY (conversation_id) REFERENCES conversations (id)
);
CREATE INDEX messages_case ON messages (case_id, id);
CREATE INDEX messages_conversation ON messages (conversation_id, id);
CREATE INDEX messages_user ON messages (user_id, created_at);
