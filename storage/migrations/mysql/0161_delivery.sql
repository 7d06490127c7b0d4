-- +goose Up
-- When a message might go first, when its channel took it, and when the channel
-- is asked next what became of it.
ALTER TABLE outbox ADD COLUMN due_at DATETIME(6) NULL;
ALTER TABLE outbox ADD COLUMN accepted_at DATETIME(6) NULL;
ALTER TABLE outbox ADD COLUMN ask_at DATETIME(6) NULL;
CREATE INDEX outbox_ask ON outbox (ask_at);
CREATE INDEX outbox_unconfirmed ON outbox (court_id, state, delivered_at, id);

-- What a channel reported of a message after it was settled, and what
-- contradicts the first report: nothing is overwritten.
CREATE TABLE delivery_reports (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  outbox_id BIGINT NOT NULL,
  message_id VARCHAR(64) NOT NULL,
  failure VARCHAR(80) NOT NULL,
  counted BOOLEAN NOT NULL,
  at DATETIME(6) NOT NULL,
  created_at DATETIME(6) NOT NULL,
  UNIQUE KEY delivery_reports_once (outbox_id, message_id, failure),
  FOREIGN KEY (outbox_id) REFERENCES outbox (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
