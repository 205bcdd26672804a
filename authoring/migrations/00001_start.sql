-- +goose Up

-- Times are microseconds since 1970 UTC. A hash is the SHA-256 of a text in hexadecimal, of which a workflow's version
-- is the first twelve digits; '' stands for no text. by_login is '' where nobody is known: a file was changed.

-- Texts, each once. packed: as zstd.
CREATE TABLE authoring_texts (
    hash   TEXT    NOT NULL PRIMARY KEY,
    packed INTEGER NOT NULL,
    text   BLOB    NOT NULL
) STRICT;

-- What every text of a workflow was, in order. Rows are only added. other is where it was moved to or came from.
CREATE TABLE authoring_versions (
    workflow TEXT    NOT NULL,
    number   INTEGER NOT NULL,
    kind     TEXT    NOT NULL, -- published, file, moved, removed
    hash     TEXT    NOT NULL,
    other    TEXT    NOT NULL,
    comment  TEXT    NOT NULL,
    by_login TEXT    NOT NULL,
    at       INTEGER NOT NULL,
    PRIMARY KEY (workflow, number)
) STRICT, WITHOUT ROWID;

-- Of each workflow, also of those that are gone: the numbers given so far, and the text that was in use when somebody
-- last looked.
CREATE TABLE authoring_heads (
    workflow TEXT    NOT NULL PRIMARY KEY,
    number   INTEGER NOT NULL,
    revision INTEGER NOT NULL, -- of drafts
    in_use   TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE authoring_drafts (
    workflow TEXT    NOT NULL PRIMARY KEY,
    text     TEXT    NOT NULL,
    base     TEXT    NOT NULL,
    revision INTEGER NOT NULL,
    by_login TEXT    NOT NULL,
    at       INTEGER NOT NULL
) STRICT;

-- What somebody was about to do to a file, kept before it is done, and gone when its version is kept: what a killed
-- process leaves here is looked up on disk.
CREATE TABLE authoring_intents (
    workflow TEXT    NOT NULL PRIMARY KEY,
    kind     TEXT    NOT NULL,
    hash     TEXT    NOT NULL, -- of the text that is there afterwards
    file     TEXT    NOT NULL,
    other    TEXT    NOT NULL, -- moved: the id that it gets, and its file
    to_file  TEXT    NOT NULL,
    replaced TEXT    NOT NULL, -- of the text that lay there before
    comment  TEXT    NOT NULL,
    by_login TEXT    NOT NULL,
    at       INTEGER NOT NULL,
    revision INTEGER NOT NULL  -- of the draft that goes with it; 0: none
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE authoring_intents;
DROP TABLE authoring_drafts;
DROP TABLE authoring_heads;
DROP TABLE authoring_versions;
DROP TABLE authoring_texts;
