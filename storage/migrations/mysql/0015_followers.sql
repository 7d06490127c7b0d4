-- +goose Up
CREATE TABLE followers (
  open_id VARCHAR(64) NOT NULL PRIMARY KEY,
  union_id VARCHAR(64) NOT NULL DEFAULT '',
  follows BOOLEAN NOT NULL,
  at DATETIME(6) NOT NULL,
  ask_at DATETIME(6) NULL,
  updated_at DATETIME(6) NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX followers_union ON followers (union_id);
CREATE INDEX followers_ask ON followers (ask_at);
CREATE INDEX wechat_identities_union ON wechat_identities (union_id);
