-- +goose Up
-- Failed events are counted apart, so that a flood of others does not push out what somebody has to look at.
ALTER TABLE trigger_kept ADD COLUMN failed INTEGER NOT NULL DEFAULT 0;
UPDATE trigger_kept SET failed = (SELECT count(*) FROM trigger_events e WHERE e.workflow = trigger_kept.workflow
    AND e.trigger_name = trigger_kept.trigger_name AND e.organisation_id = trigger_kept.organisation_id AND e.status = 'failed');
UPDATE trigger_kept SET events = events - failed;

-- +goose Down
UPDATE trigger_kept SET events = events + failed;
ALTER TABLE trigger_kept DROP COLUMN failed;
