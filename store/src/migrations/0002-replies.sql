-- What a reply says of itself besides its data.

-- Seconds by which the server's clock (the header Date) was ahead of ours.
ALTER TABLE fetch ADD COLUMN clock_ahead INTEGER;
-- Points taken of the document.
ALTER TABLE fetch ADD COLUMN points INTEGER;
-- 1: the last document brought less than half of what the ones before it did.
ALTER TABLE feed ADD COLUMN short INTEGER NOT NULL DEFAULT 0;

-- A threshold may be taken back, and one place may have thresholds of both parameters.
CREATE TABLE threshold (
    feed        INTEGER NOT NULL REFERENCES feed (id),
    location    TEXT    NOT NULL,
    parameter   TEXT    NOT NULL,         -- level, discharge
    name        TEXT    NOT NULL,
    received_at INTEGER NOT NULL,
    value       INTEGER,                  -- NULL: no longer published
    PRIMARY KEY (feed, location, parameter, name, received_at)
) STRICT, WITHOUT ROWID;
INSERT INTO threshold SELECT feed, location, 'level', name, received_at, value FROM published_threshold;
DROP TABLE published_threshold;
