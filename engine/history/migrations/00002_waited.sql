-- +goose Up
ALTER TABLE requests ADD COLUMN waited_us INTEGER NOT NULL DEFAULT 0; -- held back to keep to a rate limit, before it was sent

-- +goose Down
ALTER TABLE requests DROP COLUMN waited_us;
