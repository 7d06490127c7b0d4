-- +goose Up
CREATE TABLE document_templates (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  kind VARCHAR(32) NOT NULL,
  version INT NOT NULL,
  body TEXT NOT NULL,
  idem_key VARCHAR(64) NOT NULL,
  created_by BIGINT NOT NULL,
  created_at DATETIME NOT NULL,
  UNIQUE (court_id, kind, version),
  UNIQUE (created_by, idem_key),
  FOREIGN KEY (court_id) REFERENCES courts (id)
);

CREATE TABLE documents (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  court_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  party_id BIGINT NOT NULL DEFAULT 0,
  notice_id BIGINT NOT NULL DEFAULT 0,
  kind VARCHAR(32) NOT NULL,
  number VARCHAR(100) NOT NULL,
  template_version INT NOT NULL,
  facts TEXT NOT NULL,
  pdf_key VARCHAR(200) NOT NULL DEFAULT '',
  pdf_sha256 CHAR(64) NOT NULL DEFAULT '',
  dedupe_key VARCHAR(160) NOT NULL,
  created_by BIGINT NOT NULL DEFAULT 0,
  created_at DATETIME NOT NULL,
  UNIQUE (dedupe_key),
  UNIQUE (court_id, kind, number),
  FOREIGN KEY (case_id) REFERENCES cases (id)
);
CREATE INDEX documents_case ON documents (case_id, id);
CREATE INDEX documents_pdf ON documents (pdf_key);
