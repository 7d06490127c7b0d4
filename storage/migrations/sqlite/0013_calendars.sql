-- +goose Up
CREATE TABLE calendars (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  year INT NOT NULL,
  version INT NOT NULL,
  source VARCHAR(200) NOT NULL,
  days TEXT NOT NULL,
  loaded_by BIGINT NOT NULL DEFAULT 0,
  created_at DATETIME NOT NULL,
  UNIQUE (year, version)
);

ALTER TABLE installments ADD COLUMN due_in_days INT NOT NULL DEFAULT 0;
CREATE INDEX installments_computed ON installments (due_in_days, id);
