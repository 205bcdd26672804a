-- +goose Up
CREATE TABLE timers (
    workflow        TEXT    NOT NULL,
    trigger_name    TEXT    NOT NULL,
    organisation_id TEXT    NOT NULL,
    spec            TEXT    NOT NULL, -- what the trigger said when the anchor was set: another one begins anew
    anchor          INTEGER NOT NULL, -- Unix seconds, like all times here; when the trigger was first seen
    last_due        INTEGER NOT NULL, -- the newest due time for which an event was made; 0: none yet
    next_due        INTEGER NOT NULL, -- the due time that comes next; 0: none
    left_out        INTEGER NOT NULL DEFAULT 0, -- due times that were too many to be caught up, the last time that some were
    left_out_at     INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (workflow, trigger_name, organisation_id)
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE timers;
