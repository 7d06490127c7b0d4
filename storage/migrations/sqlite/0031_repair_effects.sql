-- +goose Up
ALTER TABLE repair_applications ADD COLUMN measure_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE repair_applications ADD COLUMN applied_on DATE NULL;
ALTER TABLE repair_applications ADD COLUMN file_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE repair_applications ADD COLUMN former_until DATE NULL;
ALTER TABLE repair_applications ADD COLUMN revoke_reason VARCHAR(500) NOT NULL DEFAULT '';
ALTER TABLE repair_applications ADD COLUMN revoked_by BIGINT NOT NULL DEFAULT 0;
ALTER TABLE repair_applications ADD COLUMN revoked_at DATETIME NULL;
UPDATE repair_applications SET applied_on = DATE(created_at, '+8 hours');
CREATE INDEX repair_applications_party ON repair_applications (party_id, enforcement_case_id, state);
CREATE INDEX measures_kind ON measures (court_id, kind, state, id);
