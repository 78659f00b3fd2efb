-- Instants are seconds since 1970-01-01T00:00:00Z. Values are thousandths: millimetres of level in the feed's own datum,
-- litres per second of discharge. A place is the feed's own id; which station it belongs to is configuration.

CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE feed (
    id            INTEGER PRIMARY KEY,
    name          TEXT    NOT NULL UNIQUE,
    etag          TEXT,
    last_modified TEXT,
    body_hash     BLOB,                 -- SHA-256 of the last body parsed
    attempted_at  INTEGER,
    succeeded_at  INTEGER,
    changed_at    INTEGER,
    failures      INTEGER NOT NULL DEFAULT 0,
    retry_at      INTEGER,
    message       TEXT,
    next_issue_at INTEGER
) STRICT;

-- What each attempt did: the site is its own monitor.
CREATE TABLE fetch (
    id            INTEGER PRIMARY KEY,
    feed          INTEGER NOT NULL REFERENCES feed (id),
    at            INTEGER NOT NULL,
    duration_ms   INTEGER NOT NULL,
    outcome       TEXT    NOT NULL,     -- changed, unchanged, empty, failed
    http_status   INTEGER,
    bytes         INTEGER NOT NULL,
    body_hash     BLOB,
    rows_new      INTEGER NOT NULL,
    rows_revised  INTEGER NOT NULL,
    rows_rejected INTEGER NOT NULL,
    rows_ignored  INTEGER NOT NULL,     -- series of places that no station names
    message       TEXT
) STRICT;
CREATE INDEX fetch_by_feed ON fetch (feed, at);

-- Bodies that changed, so that any value can be traced to its bytes and any day replayed.
CREATE TABLE body (
    hash    BLOB    PRIMARY KEY,        -- SHA-256 of the body, uncompressed
    kept_at INTEGER NOT NULL,
    bytes   INTEGER NOT NULL,           -- uncompressed
    gzip    BLOB    NOT NULL
) STRICT;

CREATE TABLE series (
    id        INTEGER PRIMARY KEY,
    feed      INTEGER NOT NULL REFERENCES feed (id),
    location  TEXT    NOT NULL,
    parameter TEXT    NOT NULL,         -- level, discharge
    kind      TEXT    NOT NULL,         -- observed, forecast
    stat      TEXT    NOT NULL,         -- value, or the feed's name of a bound or member
    UNIQUE (feed, location, parameter, kind, stat)
) STRICT;

-- The value now believed; received_at is when this very value first came.
CREATE TABLE observation (
    series      INTEGER NOT NULL REFERENCES series (id),
    valid_at    INTEGER NOT NULL,
    value       INTEGER,                -- NULL: the feed took a value back
    quality     INTEGER,                -- hydro::Quality::code
    received_at INTEGER NOT NULL,
    PRIMARY KEY (series, valid_at)
) STRICT, WITHOUT ROWID;

-- What was believed before: from received_at until revised_at.
CREATE TABLE revision (
    series      INTEGER NOT NULL REFERENCES series (id),
    valid_at    INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    value       INTEGER,
    quality     INTEGER,
    revised_at  INTEGER NOT NULL,
    PRIMARY KEY (series, valid_at, received_at)
) STRICT, WITHOUT ROWID;

-- Each issue of a forecast, never overwritten. A corrected issue is a further row with the same issued_at.
CREATE TABLE issue (
    id             INTEGER PRIMARY KEY,
    series         INTEGER NOT NULL REFERENCES series (id),
    issued_at      INTEGER NOT NULL,
    issue_inferred INTEGER NOT NULL,    -- 1: the feed does not say when; issued_at is received_at
    received_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX issue_by_series ON issue (series, issued_at, received_at);

CREATE TABLE forecast_point (
    issue    INTEGER NOT NULL REFERENCES issue (id),
    valid_at INTEGER NOT NULL,
    value    INTEGER NOT NULL,
    PRIMARY KEY (issue, valid_at)
) STRICT, WITHOUT ROWID;

-- Thresholds as feeds publish them: each change is a further row.
CREATE TABLE published_threshold (
    feed        INTEGER NOT NULL REFERENCES feed (id),
    location    TEXT    NOT NULL,
    name        TEXT    NOT NULL,
    received_at INTEGER NOT NULL,
    value       INTEGER NOT NULL,
    PRIMARY KEY (feed, location, name, received_at)
) STRICT, WITHOUT ROWID;
