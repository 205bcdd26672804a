-- +goose Up

-- That the entity may be other organisations' as well was said when it was mapped.
ALTER TABLE mappings ADD COLUMN shared BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE mappings SET shared = TRUE WHERE EXISTS (
    SELECT 1 FROM mappings m JOIN organisations o ON o.id = m.organisation_id
    JOIN organisations own ON own.id = mappings.organisation_id
    WHERE m.integration = mappings.integration AND m.instance_id = mappings.instance_id AND m.external_id = mappings.external_id
    AND o.id <> own.id AND o.deleted_at IS NULL AND own.deleted_at IS NULL);

-- +goose Down
ALTER TABLE mappings DROP COLUMN shared;
