-- +goose Up
ALTER TABLE agency_duties ADD COLUMN due_days INT NOT NULL DEFAULT 0;
ALTER TABLE agency_duties ADD COLUMN lift_days INT NOT NULL DEFAULT 0;
ALTER TABLE agency_duties ADD COLUMN measures VARCHAR(200) NOT NULL DEFAULT '[]';
ALTER TABLE agency_duties ADD COLUMN subjects VARCHAR(16) NOT NULL DEFAULT '';
ALTER TABLE agency_tasks ADD COLUMN measure_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE agency_tasks ADD COLUMN phase VARCHAR(16) NOT NULL DEFAULT '';
CREATE INDEX agency_tasks_measure ON agency_tasks (measure_id, id);

CREATE TABLE duty_lists (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  court_id BIGINT NOT NULL,
  version BIGINT NOT NULL,
  source VARCHAR(200) NOT NULL,
  sha256 VARCHAR(64) NOT NULL,
  duties INT NOT NULL,
  created INT NOT NULL,
  changed INT NOT NULL,
  ended INT NOT NULL,
  by_user_id BIGINT NOT NULL DEFAULT 0,
  created_at DATETIME(6) NOT NULL,
  UNIQUE (court_id, version),
  FOREIGN KEY (court_id) REFERENCES courts (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

ALTER TABLE asset_queries ADD COLUMN agency_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE asset_queries ADD COLUMN answered_key_id BIGINT NOT NULL DEFAULT 0;
CREATE INDEX asset_queries_agency ON asset_queries (agency_id, state, id);
