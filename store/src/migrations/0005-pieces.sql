-- Observations lie in pieces: what one series said of six hours, in one row. Rows of their own would touch a page of the
-- file for every series at every poll. The rows that there are move into pieces when this step has been taken.

CREATE TABLE piece (
    piece  INTEGER NOT NULL,              -- six hours of UTC: valid_at / 21600, rounded down
    series INTEGER NOT NULL REFERENCES series (id),
    count  INTEGER NOT NULL,              -- of points
    points BLOB    NOT NULL,              -- in the form that store/src/piece.rs describes
    PRIMARY KEY (piece, series)
) STRICT, WITHOUT ROWID;

-- Between which pieces a series lies; NULL while it has none. They may span more than there is, never less.
ALTER TABLE series ADD COLUMN first_piece INTEGER;
ALTER TABLE series ADD COLUMN last_piece INTEGER;
-- By how many pieces an observation was ever received before the piece in which it is valid: a clock ran ahead.
ALTER TABLE series ADD COLUMN ahead INTEGER NOT NULL DEFAULT 0;
