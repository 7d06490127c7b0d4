-- +goose Up
ALTER TABLE sessions ADD COLUMN device VARCHAR(255) NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN ip VARCHAR(64) NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN seen_at DATETIME NULL;
CREATE INDEX cases_performance ON cases (court_id, performance, judge_id, next_due_on, enforcement_filed_on);
CREATE INDEX certificates_state ON certificates (court_id, state, year);
CREATE INDEX audit_entries_action ON audit_entries (court_id, action, seq);
CREATE INDEX parties_name ON parties (court_id, name_norm);
ALTER TABLE consents ADD COLUMN file_id BIGINT NOT NULL DEFAULT 0;
