-- +goose Up
-- The one random key of this installation from which all addresses are derived.
CREATE TABLE webhook_key (
    id     INTEGER PRIMARY KEY CHECK (id = 1),
    sealed TEXT    NOT NULL
) STRICT;

-- How often an address was changed; what is not here never was.
CREATE TABLE webhook_addresses (
    workflow        TEXT    NOT NULL,
    trigger_name    TEXT    NOT NULL,
    organisation_id TEXT    NOT NULL,
    generation      INTEGER NOT NULL,
    changed_at      INTEGER NOT NULL,    -- microseconds
    PRIMARY KEY (workflow, trigger_name, organisation_id)
) STRICT, WITHOUT ROWID;

-- Requests that were refused, counted by kind, with the last one's reason. A row for each kind, however many came.
CREATE TABLE webhook_refusals (
    workflow        TEXT    NOT NULL,
    trigger_name    TEXT    NOT NULL,
    organisation_id TEXT    NOT NULL,
    kind            TEXT    NOT NULL,
    why             TEXT    NOT NULL,
    count           INTEGER NOT NULL,
    last_at         INTEGER NOT NULL,    -- microseconds
    PRIMARY KEY (workflow, trigger_name, organisation_id, kind)
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE webhook_refusals;
DROP TABLE webhook_addresses;
DROP TABLE webhook_key;
