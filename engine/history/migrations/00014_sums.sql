-- +goose Up
-- What the figures come to, so that a year can be told at once. Figures are counted as runs end, by quarter of an hour, and
-- moved into sums a little later; what has ended is in either table, and never in both.

-- Whose runs a sum is of. A name that is empty stands for all: so that there are sums of all runs, of those of an organisation,
-- of those of a workflow, and of both.
CREATE TABLE run_scopes (
  id           INTEGER PRIMARY KEY,
  organisation TEXT NOT NULL, -- id
  workflow     TEXT NOT NULL,
  UNIQUE (organisation, workflow)
);
CREATE INDEX run_scopes_by_workflow ON run_scopes (workflow, organisation);

CREATE TABLE run_sums (
  scope     INTEGER NOT NULL,
  span      INTEGER NOT NULL, -- how many quarters of an hour: 1, those of a day, or of 32 days, by UTC
  at        INTEGER NOT NULL, -- spans since 1970
  succeeded INTEGER NOT NULL,
  failed    INTEGER NOT NULL,
  timed_out INTEGER NOT NULL,
  cancelled INTEGER NOT NULL,
  saved     INTEGER NOT NULL,
  PRIMARY KEY (scope, span, at)
) WITHOUT ROWID;

-- +goose Down
DROP TABLE run_sums;
DROP TABLE run_scopes;
