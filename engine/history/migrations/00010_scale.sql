-- +goose Up
-- What many runs have in common. Lists go through the runs of a few groups, each by key, so that a page takes
-- as long among a million runs as among a thousand, whatever it is narrowed by.
CREATE TABLE run_groups (
  id           INTEGER PRIMARY KEY,
  organisation TEXT NOT NULL,
  workflow     TEXT NOT NULL,
  trigger_type TEXT NOT NULL,
  trigger_name TEXT NOT NULL,
  child        INTEGER NOT NULL, -- 1: other runs started them
  UNIQUE (organisation, workflow, trigger_type, trigger_name, child)
);
INSERT INTO run_groups (organisation, workflow, trigger_type, trigger_name, child)
  SELECT DISTINCT organisation, workflow, trigger_type, trigger_name, parent <> '' FROM runs;

ALTER TABLE runs ADD COLUMN run_group INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN terms TEXT NOT NULL DEFAULT ''; -- those of the run in run_terms, a line each
ALTER TABLE runs ADD COLUMN origin TEXT GENERATED ALWAYS AS (trigger_type || iif(parent = '', '', '+')) VIRTUAL;
UPDATE runs SET run_group = (SELECT g.id FROM run_groups g WHERE g.organisation = runs.organisation AND g.workflow = runs.workflow
  AND g.trigger_type = runs.trigger_type AND g.trigger_name = runs.trigger_name AND g.child = (runs.parent <> ''));

DROP INDEX runs_by_organisation;
DROP INDEX runs_by_workflow;
DROP INDEX runs_by_status;
DROP INDEX runs_by_trigger;
DROP INDEX runs_by_time;
DROP INDEX runs_unfinished;
CREATE INDEX runs_by_time ON runs (created_at, id, run_group);
CREATE INDEX runs_by_group ON runs (run_group, created_at, id);
CREATE INDEX runs_by_origin ON runs (origin, created_at, id);
-- A run goes into these once, at its end, so that what it goes through before costs them nothing.
CREATE INDEX runs_ended_by_group ON runs (run_group, status, created_at, id) WHERE finished_at IS NOT NULL;
CREATE INDEX runs_ended_by_status ON runs (status, origin, created_at, id, run_group) WHERE finished_at IS NOT NULL;
-- Those that have not ended are few: they are gone through, in the index alone.
CREATE INDEX runs_unfinished ON runs (created_at, id, status, run_group, origin, parent_exec) WHERE finished_at IS NULL;
-- The last eight characters of the id, turned around: people copy the end of an id, or a part of that.
CREATE INDEX runs_by_tail ON runs (substr(id, -1) || substr(id, -2, 1) || substr(id, -3, 1) || substr(id, -4, 1)
  || substr(id, -5, 1) || substr(id, -6, 1) || substr(id, -7, 1) || substr(id, -8, 1));

-- By what a run can be found, beside its id and workflow: values of its inputs and of its trigger's data.
CREATE TABLE run_terms (
  term       TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  run        TEXT NOT NULL,
  PRIMARY KEY (term, created_at, run)
) WITHOUT ROWID;

-- What is too large for the rows that lists and logs are read from, compressed with zstd.
CREATE TABLE payloads (
  run    TEXT NOT NULL,
  part   INTEGER NOT NULL, -- the number of an event; 0 the run's inputs, -1 its outputs
  size   INTEGER NOT NULL, -- bytes of JSON, not compressed
  sealed INTEGER NOT NULL, -- 1: there are redacted values in it
  data   BLOB NOT NULL,
  UNIQUE (run, part)
);
CREATE INDEX payloads_sealed ON payloads (run, part) WHERE sealed = 1;
-- Not null: the event's data without its large values, and bytes of JSON that stand in payloads.
ALTER TABLE events ADD COLUMN payload INTEGER;

-- Runs that were removed and have left events behind, to be removed part by part.
CREATE TABLE removed_runs (
  run TEXT PRIMARY KEY
) WITHOUT ROWID;

-- +goose Down
DROP TABLE removed_runs;
ALTER TABLE events DROP COLUMN payload;
DROP TABLE payloads;
DROP TABLE run_terms;
DROP INDEX runs_by_tail;
DROP INDEX runs_unfinished;
DROP INDEX runs_ended_by_status;
DROP INDEX runs_ended_by_group;
DROP INDEX runs_by_origin;
DROP INDEX runs_by_group;
DROP INDEX runs_by_time;
CREATE INDEX runs_unfinished ON runs (id) WHERE finished_at IS NULL;
CREATE INDEX runs_by_time ON runs (created_at, id);
CREATE INDEX runs_by_trigger ON runs (trigger_type, trigger_name, id);
CREATE INDEX runs_by_status ON runs (status, id);
CREATE INDEX runs_by_workflow ON runs (workflow, id);
CREATE INDEX runs_by_organisation ON runs (organisation, id);
ALTER TABLE runs DROP COLUMN origin;
ALTER TABLE runs DROP COLUMN terms;
ALTER TABLE runs DROP COLUMN run_group;
DROP TABLE run_groups;
