-- +goose Up
CREATE TABLE health (
    one      INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    tried_at INTEGER NOT NULL -- nanoseconds since 1970: when readiness last tried to write
) STRICT;

-- +goose Down
DROP TABLE health;
