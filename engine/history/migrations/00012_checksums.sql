-- +goose Up
-- CRC-32C of what stands in the event's row (see checksum.go), so that a bit that has flipped in it is found. Null: the
-- event was kept before there were any.
ALTER TABLE events ADD COLUMN crc INTEGER;

-- +goose Down
ALTER TABLE events DROP COLUMN crc;
