-- +goose Up

-- Times are microseconds since 1970 UTC. Nothing here lets anybody in by itself: of passwords, sessions, tokens and
-- the set-up link only hashes are kept.

-- kind is 'person' or 'service' (a program's account, which cannot sign in). login_key is the login as it is
-- compared. password is an argon2id hash in PHC form, empty for those who cannot sign in with one. issuer and subject
-- name the same person at the OpenID Connect provider.
CREATE TABLE users (
    id                  TEXT    NOT NULL PRIMARY KEY,
    kind                TEXT    NOT NULL,
    login               TEXT    NOT NULL,
    login_key           TEXT    NOT NULL UNIQUE,
    name                TEXT    NOT NULL,
    password            TEXT    NOT NULL,
    password_changed_at BIGINT,
    issuer              TEXT    NOT NULL,
    subject             TEXT    NOT NULL,
    disabled_at         BIGINT,
    created_at          BIGINT  NOT NULL,
    signed_in_at        BIGINT
);
CREATE UNIQUE INDEX users_by_subject ON users (issuer, subject) WHERE subject <> '';

-- A role over an organisation and everything below it. source is 'given' (by a person) or 'groups' (by the groups
-- that the OpenID Connect provider tells, renewed at each sign-in). Organisations that were purged leave grants
-- behind that reach nothing.
CREATE TABLE grants (
    user_id         TEXT    NOT NULL REFERENCES users (id),
    organisation_id TEXT    NOT NULL,
    source          TEXT    NOT NULL,
    role            INTEGER NOT NULL,
    granted_by      TEXT    NOT NULL,
    granted_at      BIGINT  NOT NULL,
    PRIMARY KEY (user_id, organisation_id, source)
);
CREATE INDEX grants_by_organisation ON grants (organisation_id, role);

-- hash is the SHA-256 of the session's secret in hexadecimal; id is what lists show.
CREATE TABLE sessions (
    hash       TEXT   NOT NULL PRIMARY KEY,
    id         TEXT   NOT NULL UNIQUE,
    user_id    TEXT   NOT NULL REFERENCES users (id),
    created_at BIGINT NOT NULL,
    used_at    BIGINT NOT NULL,
    ends_at    BIGINT NOT NULL,
    address    TEXT   NOT NULL,
    browser    TEXT   NOT NULL
);
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_end ON sessions (ends_at);

-- scopes are separated by spaces. role 0 and organisation_id '' limit nothing. expires_at NULL: never.
CREATE TABLE tokens (
    hash            TEXT    NOT NULL PRIMARY KEY,
    id              TEXT    NOT NULL UNIQUE,
    user_id         TEXT    NOT NULL REFERENCES users (id),
    name            TEXT    NOT NULL,
    ending          TEXT    NOT NULL,
    scopes          TEXT    NOT NULL,
    role            INTEGER NOT NULL,
    organisation_id TEXT    NOT NULL,
    created_by      TEXT    NOT NULL,
    created_at      BIGINT  NOT NULL,
    expires_at      BIGINT,
    used_at         BIGINT,
    used_from       TEXT    NOT NULL,
    UNIQUE (user_id, name)
);

-- Failed sign-ins in a row, of an account (known or not) and of an address. name is a hash.
CREATE TABLE sign_in_failures (
    name     TEXT    NOT NULL PRIMARY KEY,
    failures INTEGER NOT NULL,
    last_at  BIGINT  NOT NULL,
    until    BIGINT  NOT NULL
);
CREATE INDEX sign_in_failures_by_time ON sign_in_failures (last_at);

-- The link that makes the first administrator: at most one row.
CREATE TABLE set_up_link (
    only_one BOOLEAN NOT NULL PRIMARY KEY CHECK (only_one),
    hash     TEXT    NOT NULL,
    ends_at  BIGINT  NOT NULL
);

-- The record of what was done and refused. Rows are added and, when they are old, removed; never changed. Names
-- stand here as they were, so that they outlive those whom they name.
CREATE TABLE audit (
    seq             INTEGER PRIMARY KEY AUTOINCREMENT,
    at              BIGINT NOT NULL,
    kind            TEXT   NOT NULL,
    user_id         TEXT   NOT NULL,
    login           TEXT   NOT NULL,
    token_id        TEXT   NOT NULL,
    token_name      TEXT   NOT NULL,
    address         TEXT   NOT NULL,
    operation       TEXT   NOT NULL,
    organisation_id TEXT   NOT NULL,
    target          TEXT   NOT NULL,
    outcome         TEXT   NOT NULL,
    code            TEXT   NOT NULL,
    details         TEXT   NOT NULL
);
CREATE INDEX audit_by_user ON audit (user_id, seq);
CREATE INDEX audit_by_organisation ON audit (organisation_id, seq);
CREATE INDEX audit_by_operation ON audit (operation, seq);
CREATE INDEX audit_by_time ON audit (at);
-- +goose StatementBegin
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'the audit log is not changed');
END;
-- +goose StatementEnd

-- +goose Down
DROP TABLE audit;
DROP TABLE set_up_link;
DROP TABLE sign_in_failures;
DROP TABLE tokens;
DROP TABLE sessions;
DROP TABLE grants;
DROP TABLE users;
