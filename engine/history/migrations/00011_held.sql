-- +goose Up
-- Runs that have not ended and that nobody takes up by himself: a person has to say so, for what they do next may have
-- been done already. The runs that other runs wait for are held by those.
CREATE TABLE held_runs (
  run TEXT PRIMARY KEY,
  at  INTEGER NOT NULL, -- nanoseconds
  why TEXT NOT NULL
) WITHOUT ROWID;

-- +goose Down
DROP TABLE held_runs;
