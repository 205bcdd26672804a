-- +goose Up
-- The order in which runs that wait came. Their ids tell it only as long as the clock goes forward.
ALTER TABLE queued_runs ADD COLUMN place INTEGER NOT NULL DEFAULT 0;
CREATE INDEX queued_runs_by_place ON queued_runs (place);

-- +goose Down
DROP INDEX queued_runs_by_place;
ALTER TABLE queued_runs DROP COLUMN place;
