-- +goose Up

-- No runs begin for one that is not enabled.
ALTER TABLE organisations ADD COLUMN enabled BOOLEAN NOT NULL DEFAULT TRUE;
-- The organisation whose removal took this one along, itself for that one: what goes together comes back together.
ALTER TABLE organisations ADD COLUMN removed_with TEXT;

-- Slugs that organisations had before. They stay theirs, also when the organisation is gone, so that
-- history, workflows and links never come to mean somebody else.
CREATE TABLE former_slugs (
    slug            TEXT   NOT NULL PRIMARY KEY,
    organisation_id TEXT   NOT NULL,
    since           BIGINT NOT NULL
);

-- +goose Down
DROP TABLE former_slugs;
ALTER TABLE organisations DROP COLUMN removed_with;
ALTER TABLE organisations DROP COLUMN enabled;
