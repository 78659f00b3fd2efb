-- What operators have noted of an episode: who, when, and what. A note is never changed and never taken back: what was
-- wrong is said by a further note, and the table is its own audit log.
CREATE TABLE note (
    id       INTEGER PRIMARY KEY,
    at       INTEGER NOT NULL,
    operator TEXT    NOT NULL,          -- the name in the configuration at that time
    station  TEXT    NOT NULL,          -- the station's id in the configuration
    began_at INTEGER NOT NULL,          -- when the episode began
    seen     INTEGER NOT NULL,          -- 1: the operator says that the episode was seen
    text     TEXT    NOT NULL           -- may be empty where it was seen
) STRICT;
CREATE TRIGGER note_is_not_changed BEFORE UPDATE ON note BEGIN SELECT RAISE(ABORT, 'a note is never changed'); END;
CREATE TRIGGER note_is_not_removed BEFORE DELETE ON note BEGIN SELECT RAISE(ABORT, 'a note is never removed'); END;
