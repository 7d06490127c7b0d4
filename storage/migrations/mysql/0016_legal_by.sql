-- +goose Up
ALTER TABLE notices ADD COLUMN legal_by DATE NULL;
