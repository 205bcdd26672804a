-- +goose Up
-- What runs wait for that somebody outside has to give: answers of people, webhooks. A row goes in the
-- transaction that keeps the end of its wait.
CREATE TABLE open_waits (
  run          TEXT NOT NULL,
  exec         INTEGER NOT NULL,
  item         INTEGER NOT NULL, -- -1 outside of a for_each
  task         TEXT NOT NULL,
  kind         TEXT NOT NULL, -- answer, webhook
  organisation TEXT NOT NULL,
  since        INTEGER NOT NULL, -- nanoseconds
  until        INTEGER,          -- when the task times out; null: with the run
  asks         TEXT NOT NULL,    -- JSON: the question, or nothing
  PRIMARY KEY (run, exec, item)
) WITHOUT ROWID;
CREATE INDEX open_waits_by_kind ON open_waits (kind, since, run);

-- What came for a wait that had not begun, for as long as its run goes on. The first that came is kept.
CREATE TABLE early_deliveries (
  run  TEXT NOT NULL,
  task TEXT NOT NULL,
  item INTEGER NOT NULL,
  at   INTEGER NOT NULL,
  data TEXT NOT NULL, -- JSON: the result of the wait
  PRIMARY KEY (run, task, item)
) WITHOUT ROWID;

-- The key from which the addresses of waits are made, sealed.
CREATE TABLE wait_key (
  id     INTEGER PRIMARY KEY CHECK (id = 1),
  sealed TEXT NOT NULL
);

-- +goose Down
DROP TABLE wait_key;
DROP TABLE early_deliveries;
DROP TABLE open_waits;
