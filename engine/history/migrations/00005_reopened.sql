-- +goose Up
-- The version that a run's log begins with, where it was resumed with another; '': runs.version.
ALTER TABLE runs ADD COLUMN first_version TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE runs DROP COLUMN first_version;
