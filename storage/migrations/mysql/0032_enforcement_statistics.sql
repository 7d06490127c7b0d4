-- +goose Up
-- Indexes of the leaders' figures of enforcement.
CREATE INDEX enforcement_cases_closed ON enforcement_cases (court_id, closed_on, close_type);
CREATE INDEX measures_lifted ON measures (court_id, lifted_at, kind);
CREATE INDEX settlements_made ON settlements (court_id, created_at);
CREATE INDEX settlements_kept ON settlements (court_id, performed_on);
CREATE INDEX settlements_broken ON settlements (court_id, resumed_at);
CREATE INDEX release_reviews_decided ON release_reviews (court_id, decided_at, state);
CREATE INDEX clean_ups_closed ON clean_ups (court_id, closed_at);
