-- Official alerts, each message once for each feed that brought it, as it was when it first came. What it says is JSON:
-- nothing in the store looks into it but the references, which keep an old message from coming back.
CREATE TABLE alert (
    id          INTEGER PRIMARY KEY,
    feed        INTEGER NOT NULL REFERENCES feed (id),
    sender      TEXT    NOT NULL,
    identifier  TEXT    NOT NULL,
    sent_at     INTEGER NOT NULL,
    action      TEXT    NOT NULL,       -- alert, update, cancel
    refers_to   TEXT    NOT NULL,       -- [{"sender", "identifier", "sent"}, …]
    notices     TEXT    NOT NULL,       -- the texts, with their areas
    listed      INTEGER NOT NULL,       -- 1: it came in a complete list, and is over when it is not in the next one
    received_at INTEGER NOT NULL,
    until_at    INTEGER,                -- when the last of its texts ceases to hold; NULL: when it is ended
    ended_at    INTEGER,                -- when a list came without it, or a message that ends it
    UNIQUE (feed, sender, identifier, sent_at)
) STRICT;
