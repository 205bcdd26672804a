-- +goose Up

-- Times are microseconds since 1970 UTC; lists and objects are JSON text.
CREATE TABLE organisations (
    id         TEXT    NOT NULL PRIMARY KEY,
    parent_id  TEXT    REFERENCES organisations (id),
    depth      INTEGER NOT NULL,
    slug       TEXT    NOT NULL UNIQUE,
    name       TEXT    NOT NULL,
    tags       TEXT    NOT NULL,
    created_at BIGINT  NOT NULL,
    deleted_at BIGINT
);
CREATE UNIQUE INDEX organisations_one_root ON organisations (depth) WHERE depth = 0;

-- value is NULL for secrets: those stand sealed in the table secrets.
CREATE TABLE variables (
    organisation_id TEXT    NOT NULL REFERENCES organisations (id),
    name            TEXT    NOT NULL,
    type            TEXT    NOT NULL,
    value           TEXT,
    local           BOOLEAN NOT NULL,
    updated_at      BIGINT  NOT NULL,
    PRIMARY KEY (organisation_id, name)
);
CREATE INDEX variables_by_name ON variables (name);

-- kind is 'variable' (owner is empty) or 'instance' (owner is the instance's id, name its field). All four
-- are authenticated with the sealed value, so a row that is copied elsewhere does not open.
CREATE TABLE secrets (
    organisation_id TEXT   NOT NULL REFERENCES organisations (id),
    kind            TEXT   NOT NULL,
    owner           TEXT   NOT NULL,
    name            TEXT   NOT NULL,
    key_id          TEXT   NOT NULL,
    sealed          TEXT   NOT NULL,
    updated_at      BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, kind, owner, name)
);

CREATE TABLE instances (
    id              TEXT    NOT NULL PRIMARY KEY,
    organisation_id TEXT    NOT NULL REFERENCES organisations (id),
    integration     TEXT    NOT NULL,
    name            TEXT    NOT NULL,
    config          TEXT    NOT NULL,
    is_default      BOOLEAN NOT NULL,
    created_at      BIGINT  NOT NULL,
    UNIQUE (organisation_id, integration, name)
);
CREATE UNIQUE INDEX instances_one_default ON instances (organisation_id, integration) WHERE is_default;

-- instance_id names the instance whose entity is meant. It may outlive that instance: mappings are kept
-- when an instance is removed.
CREATE TABLE mappings (
    organisation_id TEXT   NOT NULL REFERENCES organisations (id),
    integration     TEXT   NOT NULL,
    instance_id     TEXT   NOT NULL,
    external_id     TEXT   NOT NULL,
    external_name   TEXT   NOT NULL,
    updated_at      BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, integration)
);

-- +goose Down
DROP TABLE mappings;
DROP TABLE instances;
DROP TABLE secrets;
DROP TABLE variables;
DROP TABLE organisations;
