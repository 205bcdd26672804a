-- +goose Up
-- Where a poll trigger stands for an organisation.
CREATE TABLE polls (
    id              INTEGER PRIMARY KEY,
    workflow        TEXT    NOT NULL,
    trigger_name    TEXT    NOT NULL,
    organisation_id TEXT    NOT NULL,
    basis           TEXT    NOT NULL,    -- what is asked, and where: with another one it begins anew
    started         INTEGER NOT NULL,    -- 0: what is there is being noted, nothing is new yet
    cursor          TEXT    NOT NULL,    -- JSON, as the entity has it; null: nothing has been seen
    point           TEXT    NOT NULL,    -- the cursor in a form that can be compared
    floor           TEXT    NOT NULL,    -- what lies below counts as old
    polled_at       INTEGER NOT NULL,    -- microseconds; when this row was written
    next_at         INTEGER NOT NULL,    -- microseconds; not before then, after failures
    failures        INTEGER NOT NULL,    -- one after the other
    error           TEXT,                -- JSON; of the last poll
    note            TEXT    NOT NULL,    -- what was odd about the last entities
    UNIQUE (workflow, trigger_name, organisation_id)
) STRICT;

-- The entities that are known: those not below the floor, and as many before as there is room for.
CREATE TABLE poll_seen (
    poll  INTEGER NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
    key   TEXT    NOT NULL,
    point TEXT    NOT NULL,              -- its cursor; without one, when it was first seen
    mark  TEXT    NOT NULL,              -- its last update, '' where updates do not count
    PRIMARY KEY (poll, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX poll_seen_points ON poll_seen (poll, point);

-- +goose Down
DROP TABLE poll_seen;
DROP TABLE polls;
