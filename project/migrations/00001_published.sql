-- +goose Up
CREATE TABLE published (
    file         TEXT NOT NULL PRIMARY KEY, -- its path below the project
    workflow     TEXT NOT NULL,             -- id of the workflow that it holds; '' for other files
    version      TEXT NOT NULL,             -- of that workflow
    text         BLOB NOT NULL,
    published_at INTEGER NOT NULL,          -- nanoseconds since 1970
    broken_since INTEGER                    -- nanoseconds since 1970; NULL: the file is in use as it is
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE published;
