-- +goose Up
-- How many cases stand alike, kept with each change of a case: the leaders'
-- page must not count them all.
CREATE TABLE case_tallies (
  court_id BIGINT NOT NULL,
  judge_id BIGINT NOT NULL,
  performance VARCHAR(16) NOT NULL,
  enforced BOOLEAN NOT NULL,
  n BIGINT NOT NULL,
  PRIMARY KEY (court_id, judge_id, performance, enforced)
);
INSERT INTO case_tallies (court_id, judge_id, performance, enforced, n)
  SELECT court_id, judge_id, performance, enforcement_filed_on IS NOT NULL, COUNT(*) FROM cases
  GROUP BY court_id, judge_id, performance, enforcement_filed_on IS NOT NULL;
-- What waits is counted with its age from the index alone.
DROP INDEX receipts_queue;
CREATE INDEX receipts_queue ON receipts (court_id, judge_id, state, id, submitted_at);
DROP INDEX receipts_court;
CREATE INDEX receipts_court ON receipts (court_id, state, id, submitted_at, judge_id);
-- Decisions that wait for the leaders are counted for each of their pages.
DROP INDEX measures_asked;
CREATE INDEX measures_asked ON measures (court_id, state, lift_asked_at);
CREATE INDEX listing_prolongations_court ON listing_prolongations (court_id, state, measure_id);
-- How the agencies do is counted from the indexes alone.
DROP INDEX agency_tasks_period;
CREATE INDEX agency_tasks_period ON agency_tasks (court_id, due_on, agency_id, duty_id, state, reported_on, kind);
CREATE INDEX agency_tasks_own ON agency_tasks (agency_id, due_on, duty_id, state, reported_on, kind, court_id);
