//! What was measured, as it was known at an instant: out of the pieces what had been received by then and is still believed,
//! out of the revisions what was believed then and is no more.

use std::ops::RangeInclusive;

use hydro::{FeedId, Parameter, Point, Quality, SignedDuration, Timestamp, Value};
use rusqlite::{Connection, params};

use super::{Reader, required_instant};
use crate::StoreError;
use crate::piece::{Stored, piece_of};
use crate::pieces::{Pieces, Series, Span, last_of_feed};

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
        let Some((series, span)) = Span::of(&self.connection, feed, location, parameter)? else {
            return Ok(Vec::new());
        };
        let (mut pieces, mut known) = (Pieces::of(&self.connection, series.number)?, KnownAt::of(from, known));
        for number in known.pieces_of(span) {
            known.add(&pieces.read(number)?.points)?;
        }
        known.with_revised(&self.connection, series)
    }

    /// Observations of one place, rising in time, as they were known at `known`: those of a `span` of time before the newest
    /// with a value, of whatever age that is, and all after it; where that is ahead of the time, of a span before `known`. In
    /// the feed's datum. Empty where there is none with a value.
    ///
    /// A reader that [remembers](Self::remembering) reads of these only what commits have changed since.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer or is damaged.
    pub fn latest(
        &self,
        feed: &FeedId,
        location: &str,
        parameter: Parameter,
        span: SignedDuration,
        known: Timestamp,
    ) -> Result<Vec<Point>, StoreError> {
        let _view = self.view()?;
        let Some((series, lies)) = Span::of(&self.connection, feed, location, parameter)? else {
            return Ok(Vec::new());
        };
        let mut memory = self.memory.borrow_mut();
        let mut held = memory.take(&self.connection, series)?;
        let mut pieces = Pieces::of(&self.connection, series.number)?;
        let is_known = |stored: &&Stored| stored.received <= known.as_second() && stored.value.is_some();
        let mut newest = None;
        for number in (lies.first..=lies.last_known(known.as_second())).rev() {
            newest = held.read(&mut pieces, number)?.iter().rfind(is_known).map(|stored| stored.valid);
            if newest.is_some() {
                break;
            }
        }
        let newest = newest.max(newest_revised(&self.connection, series, known)?).map(at).transpose()?;
        let Some(newest) = newest else { return Ok(Vec::new()) };
        let mut known = KnownAt::of(newest.min(known) - span, known);
        let numbers = known.pieces_of(lies);
        let first = *numbers.start();
        for number in numbers {
            known.add(held.read(&mut pieces, number)?)?;
        }
        memory.keep(held, first);
        known.with_revised(&self.connection, series)
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
        let Some((series, _)) = Span::of(&self.connection, feed, location, parameter)? else { return Ok(None) };
        let (valid, known) = (valid.as_second(), known.as_second());
        let points = Pieces::of(&self.connection, series.number)?.read(piece_of(valid))?.points;
        let believed = points.iter().find(|stored| stored.valid == valid && stored.received <= known);
        if let Some(stored) = believed {
            return at(stored.received).map(Some);
        }
        let revised: Option<i64> = self.connection.query_row(
            "SELECT max(received_at) FROM revision
             WHERE series = ?1 AND valid_at = ?2 AND received_at <= ?3 AND revised_at > ?3",
            [series.number, valid, known],
            |row| row.get(0),
        )?;
        revised.map(at).transpose()
    }
}

/// Observations from an instant on, as they were known at another.
struct KnownAt {
    from: i64,
    known: i64,
    points: Vec<Point>,
}

impl KnownAt {
    fn of(from: Timestamp, known: Timestamp) -> Self {
        Self { from: from.as_second(), known: known.as_second(), points: Vec::new() }
    }

    /// The pieces that may have some.
    fn pieces_of(&self, span: Span) -> RangeInclusive<i64> {
        span.first.max(piece_of(self.from))..=span.last_known(self.known)
    }

    /// Adds those of the next piece.
    fn add(&mut self, stored: &[Stored]) -> Result<(), StoreError> {
        self.points.reserve(stored.len());
        for stored in stored.iter().filter(|stored| stored.valid >= self.from && stored.received <= self.known) {
            self.points.push(point(stored)?);
        }
        Ok(())
    }

    /// All of them, with what was believed then and is no more.
    fn with_revised(mut self, connection: &Connection, series: Series) -> Result<Vec<Point>, StoreError> {
        let believed = self.points.len();
        let mut select = connection.prepare_cached(
            "SELECT valid_at, value, quality FROM revision
             WHERE series = ?1 AND valid_at >= ?2 AND received_at <= ?3 AND revised_at > ?3",
        )?;
        let mut rows = select.query([series.number, self.from, self.known])?;
        while let Some(row) = rows.next()? {
            self.points.push(Point {
                valid: required_instant(row, 0)?,
                value: row.get::<_, Option<i64>>(1)?.map(Value::from_milli),
                quality: row.get::<_, Option<u8>>(2)?.and_then(Quality::from_code),
            });
        }
        if self.points.len() > believed {
            self.points.sort_by_key(|point| point.valid);
        }
        Ok(self.points)
    }
}

/// When the newest value was valid that was believed at an instant and is no more.
fn newest_revised(connection: &Connection, series: Series, known: Timestamp) -> Result<Option<i64>, StoreError> {
    let mut select = connection.prepare_cached(
        "SELECT max(valid_at) FROM (SELECT valid_at FROM revision WHERE series = ?1 AND received_at <= ?2
             AND revised_at > ?2 AND value IS NOT NULL ORDER BY valid_at DESC LIMIT 1)",
    )?;
    select.query_row([series.number, known.as_second()], |row| row.get(0)).map_err(StoreError::from)
}

fn point(stored: &Stored) -> Result<Point, StoreError> {
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
