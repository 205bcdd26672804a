-- +goose Up
-- Runs that wait to begin, with what is needed for that beside their row in runs. The row goes in the
-- transaction that keeps the run's first event.
CREATE TABLE queued_runs (
  run          TEXT PRIMARY KEY,
  organisation TEXT NOT NULL,
  trigger_data TEXT NOT NULL, -- JSON
  trigger_vars TEXT NOT NULL  -- JSON
) WITHOUT ROWID;
CREATE INDEX queued_runs_by_organisation ON queued_runs (organisation);

-- Runs that have ended and of which that could not yet be told on.
CREATE TABLE untold_ends (
  run TEXT PRIMARY KEY
) WITHOUT ROWID;

CREATE INDEX runs_by_time ON runs (created_at, id);
CREATE INDEX runs_by_trigger ON runs (trigger_type, trigger_name, id);

-- +goose Down
DROP INDEX runs_by_trigger;
DROP INDEX runs_by_time;
DROP TABLE untold_ends;
DROP TABLE queued_runs;
