//! What was measured, as it was known at an instant: out of the pieces what had been received by then and is still believed,
//! out of the revisions what was believed then and is no more.

use hydro::{FeedId, Parameter, Point, Quality, Timestamp, Value};
use rusqlite::{Connection, params};

use super::{Reader, required_instant};
use crate::StoreError;
use crate::piece::{Stored, piece_of};
use crate::pieces::{Pieces, Span, last_of_feed};

impl Reader {
    /// Observations of one place, rising in time, valid from `from` on, as they were known at `known`; in the feed's datum.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer or is damaged.
    pub fn observed(
        &self,
        feed: &FeedId,
        location: &str,
        parameter: Parameter,
        from: Timestamp,
        known: Timestamp,
    ) -> Result<Vec<Point>, StoreError> {
        // One view of the file for all that is asked: what is revised in between must not be seen twice, nor missed.
        let _view = self.view()?;
        let Some((series, span)) = self.measured(feed, location, parameter)? else { return Ok(Vec::new()) };
        let (from, known) = (from.as_second(), known.as_second());
        let (mut pieces, mut points) = (Pieces::of(&self.connection, series)?, Vec::new());
        for number in span.first.max(piece_of(from))..=span.last_known(known) {
            for stored in pieces.read(number)?.points {
                if stored.valid >= from && stored.received <= known {
                    points.push(point(stored)?);
                }
            }
        }
        let believed = points.len();
        revised(&self.connection, series, from, known, &mut points)?;
        if points.len() > believed {
            points.sort_by_key(|point| point.valid);
        }
        Ok(points)
    }

    /// When the newest observation with a value was valid, as known at `known`, of whatever age.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer or is damaged.
    pub fn newest_observed(
        &self,
        feed: &FeedId,
        location: &str,
        parameter: Parameter,
        known: Timestamp,
    ) -> Result<Option<Timestamp>, StoreError> {
        let _view = self.view()?;
        let Some((series, span)) = self.measured(feed, location, parameter)? else { return Ok(None) };
        let known = known.as_second();
        let revised: Option<i64> = self
            .connection
            .prepare_cached(
                "SELECT max(valid_at) FROM (SELECT valid_at FROM revision WHERE series = ?1 AND received_at <= ?2
                     AND revised_at > ?2 AND value IS NOT NULL ORDER BY valid_at DESC LIMIT 1)",
            )?
            .query_row([series, known], |row| row.get(0))?;
        let (mut pieces, mut newest) = (Pieces::of(&self.connection, series)?, None);
        let is_known = |stored: &&Stored| stored.received <= known && stored.value.is_some();
        for number in (span.first..=span.last_known(known)).rev() {
            newest = pieces.read(number)?.points.iter().rfind(is_known).map(|stored| stored.valid);
            if newest.is_some() {
                break;
            }
        }
        newest.max(revised).map(at).transpose()
    }

    /// When the newest observation with a value of any place of a feed was valid, as known at `known`, of whatever age.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer or is damaged.
    pub fn newest_of_feed(&self, feed: &FeedId, known: Timestamp) -> Result<Option<Timestamp>, StoreError> {
        let _view = self.view()?;
        let known = known.as_second();
        let revised: Option<i64> = self
            .connection
            .prepare_cached(
                "SELECT max(valid_at) FROM revision JOIN series ON series.id = revision.series
                     JOIN feed ON feed.id = series.feed
                 WHERE feed.name = ?1 AND received_at <= ?2 AND revised_at > ?2 AND value IS NOT NULL",
            )?
            .query_row(params![feed.as_str(), known], |row| row.get(0))?;
        let Some((number, span)) = Span::of_feed(&self.connection, feed)? else { return Ok(None) };
        let is_known = |stored: &Stored| stored.received <= known && stored.value.is_some();
        let mut newest = None;
        for piece in (span.first..=span.last_known(known)).rev() {
            newest = last_of_feed(&self.connection, number, piece, is_known)?;
            if newest.is_some() {
                break;
            }
        }
        newest.max(revised).map(at).transpose()
    }

    /// When the very value of an observation, as known at `known`, first came.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer or is damaged.
    pub fn received(
        &self,
        feed: &FeedId,
        location: &str,
        parameter: Parameter,
        valid: Timestamp,
        known: Timestamp,
    ) -> Result<Option<Timestamp>, StoreError> {
        let _view = self.view()?;
        let Some((series, _)) = self.measured(feed, location, parameter)? else { return Ok(None) };
        let (valid, known) = (valid.as_second(), known.as_second());
        let points = Pieces::of(&self.connection, series)?.read(piece_of(valid))?.points;
        let believed = points.iter().find(|stored| stored.valid == valid && stored.received <= known);
        if let Some(stored) = believed {
            return at(stored.received).map(Some);
        }
        let revised: Option<i64> = self.connection.query_row(
            "SELECT max(received_at) FROM revision
             WHERE series = ?1 AND valid_at = ?2 AND received_at <= ?3 AND revised_at > ?3",
            [series, valid, known],
            |row| row.get(0),
        )?;
        revised.map(at).transpose()
    }

    /// The number of a place's series of measurements, and where it lies; `None` where there are none.
    fn measured(&self, feed: &FeedId, location: &str, parameter: Parameter) -> Result<Option<(i64, Span)>, StoreError> {
        let Some(series) = self.series(feed, location, parameter, "observed")? else { return Ok(None) };
        Ok(Span::of(&self.connection, series)?.map(|span| (series, span)))
    }
}

/// Adds what was believed at an instant and is no more.
fn revised(
    connection: &Connection,
    series: i64,
    from: i64,
    known: i64,
    points: &mut Vec<Point>,
) -> Result<(), StoreError> {
    let mut select = connection.prepare_cached(
        "SELECT valid_at, value, quality FROM revision
         WHERE series = ?1 AND valid_at >= ?2 AND received_at <= ?3 AND revised_at > ?3",
    )?;
    let mut rows = select.query(params![series, from, known])?;
    while let Some(row) = rows.next()? {
        points.push(Point {
            valid: required_instant(row, 0)?,
            value: row.get::<_, Option<i64>>(1)?.map(Value::from_milli),
            quality: row.get::<_, Option<u8>>(2)?.and_then(Quality::from_code),
        });
    }
    Ok(())
}

fn point(stored: Stored) -> Result<Point, StoreError> {
    Ok(Point {
        valid: at(stored.valid)?,
        value: stored.value.map(Value::from_milli),
        quality: stored.quality.and_then(Quality::from_code),
    })
}

/// An instant of a piece; a number beyond the calendar is damage, reported as such.
fn at(second: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_second(second).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(0, second).into())
}
