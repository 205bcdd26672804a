-- +goose Up

-- How the last test of each instance went: whether it works, and what was said of it.
CREATE TABLE instance_tests (
    instance_id TEXT    NOT NULL PRIMARY KEY REFERENCES instances (id) ON DELETE CASCADE,
    tested_at   BIGINT  NOT NULL,
    ok          BOOLEAN NOT NULL,
    message     TEXT    NOT NULL
);

-- +goose Down
DROP TABLE instance_tests;
