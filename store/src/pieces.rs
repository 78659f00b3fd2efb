//! The table of pieces within a transaction: what a series holds of a span of time, and writing it back. What the bytes
//! mean stands in `piece`.

use hydro::{FeedId, Parameter};
use rusqlite::{CachedStatement, Connection, OptionalExtension, params};

use crate::StoreError;
use crate::piece::{Stored, decode, encode, piece_of};

/// What is stored of one series in one piece; nothing, where `points` is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Piece {
    /// Its number.
    pub(crate) number: i64,
    /// Rising in time.
    pub(crate) points: Vec<Stored>,
}

/// A series, and the feed that it is of, by their numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Series {
    pub(crate) number: i64,
    pub(crate) feed: i64,
}

/// The pieces between which a series lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) first: i64,
    pub(crate) last: i64,
    /// How many pieces before its own an observation was ever received.
    pub(crate) ahead: i64,
}

impl Span {
    /// The series of a place's measurements and where it lies; `None` while there are none. What retention has taken away is
    /// no part of it.
    pub(crate) fn of(
        connection: &Connection,
        feed: &FeedId,
        location: &str,
        parameter: Parameter,
    ) -> Result<Option<(Series, Self)>, StoreError> {
        let found: Option<(Series, Option<i64>, Option<i64>, i64)> = connection
            .prepare_cached(
                "SELECT series.id, feed.id, max(first_piece, (SELECT min(piece) FROM piece)), last_piece, ahead
                 FROM series JOIN feed ON feed.id = series.feed
                 WHERE feed.name = ? AND location = ? AND parameter = ? AND kind = 'observed' AND stat = 'value'",
            )?
            .query_row(params![feed.as_str(), location, parameter.name()], |row| {
                let series = Series { number: row.get(0)?, feed: row.get(1)? };
                Ok((series, row.get(2)?, row.get(3)?, row.get(4)?))
            })
            .optional()?;
        let Some((series, Some(first), Some(last), ahead)) = found else { return Ok(None) };
        Ok(Some((series, Self { first, last, ahead })))
    }

    /// The number of a feed, and where all of its series lie; `None` while they have no observations.
    pub(crate) fn of_feed(connection: &Connection, feed: &FeedId) -> Result<Option<(i64, Self)>, StoreError> {
        let found: Option<(i64, Option<i64>, Option<i64>, i64)> = connection
            .prepare_cached(
                "SELECT feed.id, max(min(first_piece), (SELECT min(piece) FROM piece)), max(last_piece), max(ahead)
                 FROM series JOIN feed ON feed.id = series.feed WHERE feed.name = ? GROUP BY feed.id",
            )?
            .query_row([feed.as_str()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
            .optional()?;
        let Some((number, Some(first), Some(last), ahead)) = found else { return Ok(None) };
        Ok(Some((number, Self { first, last, ahead })))
    }

    /// The last piece of which anything can have been known at an instant.
    pub(crate) fn last_known(self, known: i64) -> i64 {
        self.last.min(piece_of(known).saturating_add(self.ahead))
    }
}

/// Reads what is stored of a series, piece by piece.
pub(crate) struct Pieces<'c> {
    select: CachedStatement<'c>,
    series: i64,
}

impl<'c> Pieces<'c> {
    /// Those of a series.
    pub(crate) fn of(connection: &'c Connection, series: i64) -> Result<Self, StoreError> {
        let select = connection.prepare_cached("SELECT points FROM piece WHERE piece = ? AND series = ?")?;
        Ok(Self { select, series })
    }

    /// What is stored in a piece.
    ///
    /// # Errors
    /// [`StoreError::Piece`] where its bytes are damaged.
    pub(crate) fn read(&mut self, number: i64) -> Result<Piece, StoreError> {
        let mut rows = self.select.query([number, self.series])?;
        let points = match rows.next()? {
            None => Vec::new(),
            Some(row) => {
                let bytes = row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?;
                decode(number, bytes).ok_or(StoreError::Piece { series: self.series, piece: number })?
            }
        };
        Ok(Piece { number, points })
    }
}

/// The last point of all that fits in what is stored of a feed's series in a piece.
///
/// # Errors
/// [`StoreError::Piece`] where the bytes of one are damaged.
pub(crate) fn last_of_feed(
    connection: &Connection,
    feed: i64,
    number: i64,
    fits: impl Fn(&Stored) -> bool,
) -> Result<Option<i64>, StoreError> {
    let mut select = connection.prepare_cached(
        "SELECT piece.series, points FROM piece JOIN series ON series.id = piece.series WHERE piece = ? AND feed = ?",
    )?;
    let mut rows = select.query([number, feed])?;
    let mut last = None;
    while let Some(row) = rows.next()? {
        let bytes = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
        let points = decode(number, bytes).ok_or(StoreError::Piece { series: row.get(0)?, piece: number })?;
        last = last.max(points.iter().rfind(|stored| fits(stored)).map(|stored| stored.valid));
    }
    Ok(last)
}

/// Writes a piece over what was stored of it. `was_empty`: nothing was.
pub(crate) fn write(connection: &Connection, series: i64, piece: &Piece, was_empty: bool) -> Result<(), StoreError> {
    let Piece { number, points } = piece;
    let count = i64::try_from(points.len()).unwrap_or(i64::MAX);
    let bytes = encode(*number, points);
    let statement = if was_empty {
        "INSERT INTO piece (points, count, piece, series) VALUES (?, ?, ?, ?)"
    } else {
        "UPDATE piece SET points = ?, count = ? WHERE piece = ? AND series = ?"
    };
    connection.prepare_cached(statement)?.execute(params![bytes, count, number, series])?;
    let ahead = points.iter().map(|point| number - piece_of(point.received)).max().unwrap_or(0).max(0);
    if was_empty || ahead > 0 {
        connection
            .prepare_cached(
                "UPDATE series SET first_piece = min(coalesce(first_piece, ?2), ?2),
                     last_piece = max(coalesce(last_piece, ?2), ?2), ahead = max(ahead, ?3) WHERE id = ?1",
            )?
            .execute(params![series, number, ahead])?;
    }
    Ok(())
}

/// Reads every piece there is.
///
/// # Errors
/// [`StoreError::Piece`]: the first that is damaged.
pub(crate) fn verify(connection: &Connection) -> Result<(), StoreError> {
    // A database of before schema 3 has none.
    if !has_table(connection, "piece")? {
        return Ok(());
    }
    let mut select = connection.prepare("SELECT piece, series, points FROM piece")?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let (piece, series) = (row.get(0)?, row.get(1)?);
        let bytes = row.get_ref(2)?.as_blob().map_err(rusqlite::Error::from)?;
        decode(piece, bytes).ok_or(StoreError::Piece { series, piece })?;
    }
    Ok(())
}

fn has_table(connection: &Connection, name: &str) -> Result<bool, StoreError> {
    let found = connection.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?")?.exists([name])?;
    Ok(found)
}

/// Moves observations that lie in rows of their own, as they did before schema 3, into pieces.
pub(crate) fn adopt_rows(connection: &Connection) -> Result<(), StoreError> {
    if !has_table(connection, "observation")? {
        return Ok(());
    }
    let mut select = connection
        .prepare("SELECT series, valid_at, value, quality, received_at FROM observation ORDER BY series, valid_at")?;
    let mut rows = select.query([])?;
    let (mut of, mut piece) = (0, Piece { number: 0, points: Vec::new() });
    while let Some(row) = rows.next()? {
        let (series, valid): (i64, i64) = (row.get(0)?, row.get(1)?);
        if (series, piece_of(valid)) != (of, piece.number) {
            adopt(connection, of, &piece)?;
            (of, piece) = (series, Piece { number: piece_of(valid), points: Vec::new() });
        }
        // 0 is no remark's code; a database may hold it only by another program's hand.
        let quality = row.get::<_, Option<u8>>(3)?.filter(|&code| code != 0);
        piece.points.push(Stored { valid, value: row.get(2)?, quality, received: row.get(4)? });
    }
    adopt(connection, of, &piece)?;
    drop(rows);
    drop(select);
    connection.execute_batch("DROP TABLE observation")?;
    Ok(())
}

fn adopt(connection: &Connection, series: i64, piece: &Piece) -> Result<(), StoreError> {
    if piece.points.is_empty() { Ok(()) } else { write(connection, series, piece, true) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::piece::LENGTH;

    fn memory() -> Connection {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(include_str!("migrations/0001-first.sql")).unwrap();
        connection.execute_batch(include_str!("migrations/0002-replies.sql")).unwrap();
        connection.execute_batch("INSERT INTO feed (id, name) VALUES (1, 'north')").unwrap();
        for (id, location) in [(1, "a"), (2, "b"), (3, "c")] {
            connection
                .execute("INSERT INTO series VALUES (?, 1, ?, 'level', 'observed', 'value')", params![id, location])
                .unwrap();
        }
        connection
    }

    fn lies(connection: &Connection, place: &str) -> Option<(Series, Span)> {
        Span::of(connection, &FeedId::new("north").unwrap(), place, Parameter::Level).unwrap()
    }

    #[test]
    fn rows_of_an_older_schema_move_into_pieces() {
        let connection = memory();
        let stored = |valid: i64| Stored {
            valid,
            value: (valid % 7 != 0).then_some(valid / 100),
            quality: (valid % 2 == 0).then_some(2),
            received: valid + 40_000 - valid % 1000,
        };
        let all: Vec<(i64, Stored)> = (-100..200_i64).map(|i| (1 + i.rem_euclid(2), stored(i * 1811))).collect();
        for (series, Stored { valid, value, quality, received }) in &all {
            connection
                .execute(
                    "INSERT INTO observation VALUES (?, ?, ?, ?, ?)",
                    params![series, valid, value, quality, received],
                )
                .unwrap();
        }
        connection.execute_batch(include_str!("migrations/0005-pieces.sql")).unwrap();
        adopt_rows(&connection).unwrap();
        adopt_rows(&connection).unwrap();
        verify(&connection).unwrap();
        for (series, place) in [(1, "a"), (2, "b")] {
            let (of, Span { first, last, ahead }) = lies(&connection, place).unwrap();
            assert_eq!(of, Series { number: series, feed: 1 });
            assert_eq!((first, last, ahead), (piece_of(-100 * 1811), piece_of(199 * 1811), 0), "{series}");
            let mut of_series = Pieces::of(&connection, series).unwrap();
            let found: Vec<Stored> = (first..=last).flat_map(|number| of_series.read(number).unwrap().points).collect();
            let of_it = all.iter().filter(|(of, _)| *of == series).map(|(_, stored)| *stored);
            assert_eq!(found, of_it.collect::<Vec<_>>(), "{series}");
        }
        assert_eq!(lies(&connection, "c"), None, "a series without observations");
    }

    #[test]
    fn a_damaged_piece_is_named() {
        let connection = memory();
        connection.execute_batch(include_str!("migrations/0005-pieces.sql")).unwrap();
        let points = vec![Stored { valid: 2 * LENGTH, value: Some(5000), quality: None, received: 0 }];
        write(&connection, 1, &Piece { number: 2, points }, true).unwrap();
        assert_eq!(lies(&connection, "a").map(|(_, span)| span.ahead), Some(2), "received long before it was valid");
        connection.execute_batch("UPDATE piece SET points = x'0103'").unwrap();
        let told = "the observations of series 1 in piece 2 are damaged";
        for error in [Pieces::of(&connection, 1).unwrap().read(2).unwrap_err(), verify(&connection).unwrap_err()] {
            assert_eq!((error.to_string().as_str(), error.is_damage()), (told, true));
        }
    }
}
