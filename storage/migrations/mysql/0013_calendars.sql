-- +goose Up
CREATE TABLE calendars (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  year INT NOT NULL,
  version INT NOT NULL,
  source VARCHAR(200) NOT NULL,
  days MEDIUMTEXT NOT NULL,
  loaded_by BIGINT NOT NULL DEFAULT 0,
  created_at DATETIME(6) NOT NULL,
  UNIQUE (year, version)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

ALTER TABLE installments ADD COLUMN due_in_days INT NOT NULL DEFAULT 0;
CREATE INDEX installments_computed ON installments (due_in_days, id);
