-- +goose Up

-- How a mapping came to be: the rung of the comparison of names that proposed it (empty: set by hand), how
-- alike the names were (0 to 1), and who saved it.
ALTER TABLE mappings ADD COLUMN rung TEXT NOT NULL DEFAULT '';
ALTER TABLE mappings ADD COLUMN score DOUBLE PRECISION NOT NULL DEFAULT 0;
ALTER TABLE mappings ADD COLUMN mapped_by TEXT NOT NULL DEFAULT '';
CREATE INDEX mappings_by_entity ON mappings (integration, external_id);

-- The entities of an outside system as they were last read through an instance, so that mappings can be
-- suggested without asking it again.
CREATE TABLE option_reads (
    instance_id TEXT   NOT NULL PRIMARY KEY REFERENCES instances (id) ON DELETE CASCADE,
    read_at     BIGINT NOT NULL
);
CREATE TABLE options (
    instance_id   TEXT    NOT NULL REFERENCES instances (id) ON DELETE CASCADE,
    external_id   TEXT    NOT NULL,
    external_name TEXT    NOT NULL,
    position      INTEGER NOT NULL,
    PRIMARY KEY (instance_id, external_id)
);

-- +goose Down
DROP TABLE options;
DROP TABLE option_reads;
DROP INDEX mappings_by_entity;
ALTER TABLE mappings DROP COLUMN mapped_by;
ALTER TABLE mappings DROP COLUMN score;
ALTER TABLE mappings DROP COLUMN rung;
