-- +goose Up
CREATE TABLE workflow_versions (
  workflow   TEXT NOT NULL,
  version    TEXT NOT NULL,
  text       BLOB NOT NULL,
  first_used INTEGER NOT NULL, -- nanoseconds since 1970, as every time in this database
  PRIMARY KEY (workflow, version)
) WITHOUT ROWID;

-- A run as lists show it. What happened is in events; this row is kept in the same transaction.
CREATE TABLE runs (
  id                TEXT PRIMARY KEY, -- UUID v7: sorts by time
  workflow          TEXT NOT NULL,
  version           TEXT NOT NULL,
  organisation      TEXT NOT NULL,
  organisation_slug TEXT NOT NULL,
  status            TEXT NOT NULL,
  trigger_type      TEXT NOT NULL,
  trigger_name      TEXT NOT NULL,
  parent            TEXT NOT NULL,    -- the run whose task or on_failure started it; '' for none
  parent_exec       INTEGER NOT NULL, -- -1 for none
  parent_item       INTEGER NOT NULL, -- -1 for none
  settings          TEXT NOT NULL,    -- JSON: what the runner needs to go on after a restart
  inputs            TEXT NOT NULL,
  outputs           TEXT,
  error             TEXT,
  created_at        INTEGER NOT NULL,
  started_at        INTEGER,
  finished_at       INTEGER
) WITHOUT ROWID;
CREATE INDEX runs_by_organisation ON runs (organisation, id);
CREATE INDEX runs_by_workflow ON runs (workflow, id);
CREATE INDEX runs_by_status ON runs (status, id);
CREATE INDEX runs_by_parent ON runs (parent, id) WHERE parent <> '';
CREATE INDEX runs_unfinished ON runs (id) WHERE finished_at IS NULL;

CREATE TABLE tasks (
  run         TEXT NOT NULL,
  exec        INTEGER NOT NULL, -- the execution, in the order they came up
  name        TEXT NOT NULL,
  instance    INTEGER NOT NULL,
  status      TEXT NOT NULL,
  attempts    INTEGER NOT NULL,
  items       INTEGER NOT NULL, -- of a for_each; -1 for other tasks
  subrun      TEXT NOT NULL,
  error       TEXT,
  item_ends   TEXT,             -- JSON: items that ended otherwise than their last attempt says
  started_at  INTEGER,
  finished_at INTEGER,
  PRIMARY KEY (run, exec)
) WITHOUT ROWID;

CREATE TABLE events (
  run  TEXT NOT NULL,
  seq  INTEGER NOT NULL, -- from 1, without gaps
  at   INTEGER NOT NULL,
  kind TEXT NOT NULL,
  data TEXT NOT NULL,
  PRIMARY KEY (run, seq)
) WITHOUT ROWID;

CREATE TABLE requests (
  run         TEXT NOT NULL,
  exec        INTEGER NOT NULL,
  item        INTEGER NOT NULL,
  attempt     INTEGER NOT NULL,
  seq         INTEGER NOT NULL,
  method      TEXT NOT NULL,
  url         TEXT NOT NULL, -- secrets removed
  status      INTEGER NOT NULL, -- 0: no answer
  duration_us INTEGER NOT NULL,
  sent        INTEGER NOT NULL, -- bytes
  received    INTEGER NOT NULL,
  error       TEXT NOT NULL,
  PRIMARY KEY (run, exec, item, attempt, seq)
) WITHOUT ROWID;

-- +goose Down
DROP TABLE requests;
DROP TABLE events;
DROP TABLE tasks;
DROP TABLE runs;
DROP TABLE workflow_versions;
