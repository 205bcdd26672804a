-- +goose Up
-- How many runs have ended, by quarter of an hour: every time zone there is differs from UTC by whole quarters, so that
-- hours, days and weeks of each can be added up. They stay when runs are removed.
CREATE TABLE run_figures (
  at        INTEGER NOT NULL, -- quarters of an hour since 1970
  run_group INTEGER NOT NULL, -- as in runs
  succeeded INTEGER NOT NULL,
  failed    INTEGER NOT NULL,
  timed_out INTEGER NOT NULL,
  cancelled INTEGER NOT NULL,
  saved     INTEGER NOT NULL, -- seconds of people's time; of runs from before there were figures nobody knows
  PRIMARY KEY (at, run_group)
) WITHOUT ROWID;
INSERT INTO run_figures (at, run_group, succeeded, failed, timed_out, cancelled, saved)
  SELECT finished_at / 900000000000 AS quarter, run_group, sum(status = 'succeeded'), sum(status = 'failed'), sum(status = 'timed_out'), sum(status = 'cancelled'), 0
  FROM runs WHERE finished_at IS NOT NULL GROUP BY quarter, run_group;

-- What the run's end has added to saved, so that it can be taken back.
ALTER TABLE runs ADD COLUMN saved INTEGER NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE runs DROP COLUMN saved;
DROP TABLE run_figures;
