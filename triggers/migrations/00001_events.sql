-- +goose Up
CREATE TABLE trigger_events (
    id              TEXT    PRIMARY KEY, -- UUID v7
    workflow        TEXT    NOT NULL,
    trigger_name    TEXT    NOT NULL,
    type            TEXT    NOT NULL,
    organisation_id TEXT    NOT NULL,
    at              INTEGER NOT NULL,    -- microseconds; when it happened, or was due
    accepted_at     INTEGER NOT NULL,
    data            TEXT    NOT NULL,    -- JSON
    causes          TEXT    NOT NULL,    -- JSON list of workflow ids
    fired_by        TEXT    NOT NULL,    -- '' unless by hand
    again           TEXT    NOT NULL,    -- id of the event that this one repeats, or ''
    skip_when       INTEGER NOT NULL,
    status          TEXT    NOT NULL,
    decided_at      INTEGER,
    run_id          TEXT,
    why             TEXT,
    saw             TEXT,                -- JSON list of {path, value}
    error           TEXT                 -- JSON
) STRICT;

CREATE INDEX trigger_events_of_trigger ON trigger_events (workflow, trigger_name, id);
CREATE INDEX trigger_events_of_both ON trigger_events (workflow, trigger_name, organisation_id, id);
CREATE INDEX trigger_events_of_organisation ON trigger_events (organisation_id, id);
CREATE INDEX trigger_events_pending ON trigger_events (organisation_id, id) WHERE status = 'pending';
CREATE INDEX trigger_events_failed ON trigger_events (workflow, trigger_name, id) WHERE status = 'failed';
CREATE INDEX trigger_events_decided ON trigger_events (decided_at) WHERE decided_at IS NOT NULL;

-- How many decided events there are of a trigger and organisation: what says that the oldest go.
CREATE TABLE trigger_kept (
    workflow        TEXT    NOT NULL,
    trigger_name    TEXT    NOT NULL,
    organisation_id TEXT    NOT NULL,
    events          INTEGER NOT NULL,
    PRIMARY KEY (workflow, trigger_name, organisation_id)
) STRICT, WITHOUT ROWID;

-- What makes two events one. Remembered beyond the event itself where its sender needs that.
CREATE TABLE trigger_once (
    workflow        TEXT    NOT NULL,
    trigger_name    TEXT    NOT NULL,
    organisation_id TEXT    NOT NULL,
    once            TEXT    NOT NULL,
    event_id        TEXT    NOT NULL,
    until           INTEGER NOT NULL,    -- microseconds
    PRIMARY KEY (workflow, trigger_name, organisation_id, once)
) STRICT, WITHOUT ROWID;

CREATE INDEX trigger_once_until ON trigger_once (until);

-- What people have switched on or off, over what the workflow's file says.
CREATE TABLE trigger_switches (
    workflow        TEXT    NOT NULL,
    trigger_name    TEXT    NOT NULL,
    organisation_id TEXT    NOT NULL,    -- '' is the trigger altogether
    is_on           INTEGER NOT NULL,
    changed_at      INTEGER NOT NULL,
    changed_by      TEXT    NOT NULL,
    PRIMARY KEY (workflow, trigger_name, organisation_id)
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE trigger_switches;
DROP TABLE trigger_once;
DROP TABLE trigger_kept;
DROP TABLE trigger_events;
