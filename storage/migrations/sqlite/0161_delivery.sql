-- +goose Up
-- When a message might go first, when its channel took it, and when the channel
-- is asked next what became of it.
ALTER TABLE outbox ADD COLUMN due_at DATETIME NULL;
ALTER TABLE outbox ADD COLUMN accepted_at DATETIME NULL;
ALTER TABLE outbox ADD COLUMN ask_at DATETIME NULL;
CREATE INDEX outbox_ask ON outbox (ask_at);
CREATE INDEX outbox_unconfirmed ON outbox (court_id, state, delivered_at, id);

-- What a channel reported of a message after it was settled, and what
-- contradicts the first report: nothing is overwritten.
CREATE TABLE delivery_reports (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  outbox_id BIGINT NOT NULL,
  message_id VARCHAR(64) NOT NULL,
  failure VARCHAR(80) NOT NULL,
  counted BOOLEAN NOT NULL,
  at DATETIME NOT NULL,
  created_at DATETIME NOT NULL,
  UNIQUE (outbox_id, message_id, failure),
  FOREIGN KEY (outbox_id) REFERENCES outbox (id)
);
