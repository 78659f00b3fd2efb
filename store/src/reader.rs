//! What readers ask: as it was known at an instant, which is *now* for every page but a look back.

mod bounds;
mod history;
mod measure;
mod observed;

use std::cell::RefCell;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use flate2::read::GzDecoder;
use hydro::{FeedId, Forecast, Parameter, SignedDuration, Timestamp, Value};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use crate::alerts::alerts;
use crate::changes::{Changes, changes};
use crate::connection::open_reader;
use crate::memory::{Issue, Memory};
use crate::thresholds::published_thresholds;
use crate::{BodyHash, FeedState, Fetch, KnownAlert, Outcome, PublishedThreshold, StoreError, Validators};
pub use history::{IssueAt, Issues};
pub(crate) use measure::wal_size;
pub use measure::{Attempts, Sizes};

/// The database, opened so that nothing can be written.
#[derive(Debug)]
pub struct Reader {
    connection: Connection,
    folder: PathBuf,
    memory: RefCell<Memory>,
}

/// A [view](Reader::view) of the database.
#[derive(Debug)]
pub struct View<'r> {
    _own: Option<Transaction<'r>>,
}

/// An attempt to fetch, as logged, with what it changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logged {
    /// The attempt.
    pub fetch: Fetch,
    /// Points not known before.
    pub new: u32,
    /// Observations that changed.
    pub revised: u32,
}

/// A kept body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    /// The bytes, as received after content decoding.
    pub bytes: Vec<u8>,
    /// When they last came.
    pub kept_at: Timestamp,
}

impl Reader {
    /// Opens an existing database.
    ///
    /// # Errors
    /// [`StoreError`] where there is none, or a newer program has changed it.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let connection = open_reader(path)?;
        connection.set_prepared_statement_cache_capacity(32);
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or_else(|| Path::new(".")).to_owned();
        Ok(Self { connection, folder, memory: RefCell::default() })
    }

    /// Remembers so many of the [latest](Self::latest) observations and so many values of [forecasts](Self::forecasts) that were
    /// last read, at 40 and 24 bytes each, for when they are asked for again.
    #[must_use]
    pub fn remembering(self, points: usize) -> Self {
        Self { memory: RefCell::new(Memory::of(points)), ..self }
    }

    pub(crate) fn connection(&self) -> &Connection {
        &self.connection
    }

    /// One view of the file for all that is asked while it is held: what is committed meanwhile is neither seen nor half seen.
    /// It also saves each question the locks of a view of its own. A view within another is that one.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer.
    pub fn view(&self) -> Result<View<'_>, StoreError> {
        let own = self.connection.is_autocommit().then(|| self.connection.unchecked_transaction()).transpose()?;
        if own.is_some() {
            self.memory.borrow_mut().look_again();
        }
        Ok(View { _own: own })
    }

    /// Bytes that an ordinary user may still write beside the database; `None` where the system does not tell.
    pub fn free_space(&self) -> Option<u64> {
        let disk = rustix::fs::statvfs(&self.folder).ok()?;
        Some(disk.f_bavail.saturating_mul(disk.f_frsize))
    }

    /// A number that changes whenever another connection has committed.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer.
    pub fn version(&self) -> Result<i64, StoreError> {
        self.connection.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0)).map_err(StoreError::from)
    }

    /// The newest issues of a place's forecast, newest first, as known at `known`, with the bounds that were issued with them;
    /// of an issue that was corrected, only the last version. In the feed's datum.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer.
    pub fn forecasts(
        &self,
        feed: &FeedId,
        location: &str,
        parameter: Parameter,
        known: Timestamp,
        at_most: usize,
    ) -> Result<Vec<Forecast>, StoreError> {
        let _view = self.view()?;
        let Some(series) = self.series(feed, location, parameter, "forecast")? else {
            return self.issues_of_bounds(feed, location, parameter, known, at_most);
        };
        let mut select = self.connection.prepare_cached(
            "SELECT id, issued_at, issue_inferred, max(received_at) FROM issue
             WHERE series = ? AND received_at <= ? GROUP BY issued_at ORDER BY issued_at DESC LIMIT ?",
        )?;
        let limit = i64::try_from(at_most).unwrap_or(i64::MAX);
        let rows = select.query_map(params![series, known.as_second(), limit], |row| {
            Ok((row.get::<_, i64>(0)?, required_instant(row, 1)?, row.get::<_, bool>(2)?, required_instant(row, 3)?))
        })?;
        let mut forecasts = Vec::new();
        for row in rows {
            let (number, issued, inferred, received) = row?;
            let points = self.values(Issue { number, series, issued, received })?;
            let bounds = self.bounds(feed, location, parameter, (issued, known))?;
            forecasts.push(Forecast { issued, issue_inferred: inferred, received, feed: feed.clone(), points, bounds });
        }
        Ok(forecasts)
    }

    /// The attempts that began at an instant and brought something, newest first; several where files were imported as of
    /// one instant, none once the log is pruned.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer.
    pub fn fetches_at(&self, feed: &FeedId, at: Timestamp) -> Result<Vec<Logged>, StoreError> {
        let mut log = self.fetches(feed, at, 100)?;
        log.retain(|logged| logged.fetch.at == at && logged.fetch.outcome == Outcome::Changed);
        Ok(log)
    }

    /// The values of an issue, which a reader that [remembers](Self::remembering) may know.
    fn values(&self, issue: Issue) -> Result<Vec<(Timestamp, Value)>, StoreError> {
        let mut memory = self.memory.borrow_mut();
        memory.issue(&self.connection, issue, || self.forecast_points(issue.number))
    }

    fn forecast_points(&self, issue: i64) -> Result<Vec<(Timestamp, Value)>, StoreError> {
        let mut select = self
            .connection
            .prepare_cached("SELECT valid_at, value FROM forecast_point WHERE issue = ? ORDER BY valid_at")?;
        let rows = select.query_map([issue], |row| Ok((required_instant(row, 0)?, Value::from_milli(row.get(1)?))))?;
        rows.collect::<Result<_, _>>().map_err(StoreError::from)
    }

    fn series(
        &self,
        feed: &FeedId,
        location: &str,
        parameter: Parameter,
        kind: &str,
    ) -> Result<Option<i64>, StoreError> {
        self.connection
            .prepare_cached(
                "SELECT series.id FROM series JOIN feed ON feed.id = series.feed
                 WHERE feed.name = ? AND location = ? AND parameter = ? AND kind = ? AND stat = 'value'",
            )?
            .query_row(params![feed.as_str(), location, parameter.name(), kind], |row| row.get(0))
            .optional()
            .map_err(StoreError::from)
    }

    /// Thresholds as a feed last published them, as known at `known`, by place and height, with what it published before.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer.
    pub fn published_thresholds(&self, feed: &FeedId, known: Timestamp) -> Result<Vec<PublishedThreshold>, StoreError> {
        published_thresholds(&self.connection, feed, known)
    }

    /// The official alerts of every feed as they were known at `known`, in no order that matters; with their texts where they
    /// could be in force then, without where they are over, for what they replaced must not come back.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer or an alert is damaged.
    pub fn alerts(&self, known: Timestamp) -> Result<Vec<KnownAlert>, StoreError> {
        alerts(&self.connection, known)
    }

    /// What attempts to fetch changed since an earlier look, numbered `after`; 0 for all of them.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer.
    pub fn changes(&self, after: i64) -> Result<Changes, StoreError> {
        // What is committed while it is asked belongs to the next look.
        let _view = self.view()?;
        changes(&self.connection, after)
    }

    /// What was remembered of a feed at `known`, but for what only its next request needs; all empty before it was fetched.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer.
    pub fn feed_state(&self, feed: &FeedId, known: Timestamp) -> Result<FeedState, StoreError> {
        let found = self
            .connection
            .prepare_cached(
                "SELECT at, fetch.succeeded_at, fetch.changed_at, fetch.failures, fetch.message, fetch.next_issue_at, fetch.short
                 FROM fetch JOIN feed ON feed.id = fetch.feed
                 WHERE feed.name = ? AND at <= ? AND fetch.failures IS NOT NULL ORDER BY at DESC, fetch.id DESC LIMIT 1",
            )?
            .query_row(params![feed.as_str(), known.as_second()], |row| {
                Ok(FeedState {
                    attempted: instant(row, 0)?,
                    succeeded: instant(row, 1)?,
                    changed: instant(row, 2)?,
                    failures: row.get(3)?,
                    message: row.get(4)?,
                    next_issue: instant(row, 5)?,
                    short: row.get(6)?,
                    ..FeedState::default()
                })
            })
            .optional()?;
        Ok(found.unwrap_or_default())
    }

    /// The newest attempts of a feed begun by `known`, newest first.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer.
    pub fn fetches(&self, feed: &FeedId, known: Timestamp, at_most: usize) -> Result<Vec<Logged>, StoreError> {
        let mut select = self.connection.prepare_cached(
            "SELECT at, duration_ms, outcome, http_status, bytes, fetch.body_hash, rows_new, rows_revised, rows_rejected,
                 rows_ignored, fetch.message, clock_ahead, points
             FROM fetch JOIN feed ON feed.id = fetch.feed WHERE feed.name = ? AND at <= ? ORDER BY at DESC, fetch.id DESC LIMIT ?",
        )?;
        let limit = i64::try_from(at_most).unwrap_or(i64::MAX);
        let rows = select.query_map(params![feed.as_str(), known.as_second(), limit], |row| logged(row, feed))?;
        rows.collect::<Result<_, _>>().map_err(StoreError::from)
    }

    /// A kept body, if it has not been pruned.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer or the body is damaged.
    pub fn body(&self, hash: &BodyHash) -> Result<Option<Body>, StoreError> {
        let found: Option<(Vec<u8>, Timestamp)> = self
            .connection
            .query_row("SELECT gzip, kept_at FROM body WHERE hash = ?", [hash], |row| {
                Ok((row.get(0)?, required_instant(row, 1)?))
            })
            .optional()?;
        let Some((gzip, kept_at)) = found else { return Ok(None) };
        let mut bytes = Vec::new();
        GzDecoder::new(gzip.as_slice()).read_to_end(&mut bytes)?;
        Ok(Some(Body { bytes, kept_at }))
    }
}

pub(crate) fn feed_state(connection: &Connection, feed: &FeedId) -> Result<FeedState, StoreError> {
    let found = connection
        .prepare_cached(
            "SELECT etag, last_modified, body_hash, attempted_at, succeeded_at, changed_at, failures, retry_at, message,
                 next_issue_at, short
             FROM feed WHERE name = ?",
        )?
        .query_row([feed.as_str()], |row| {
            Ok(FeedState {
                validators: Validators { etag: row.get(0)?, last_modified: row.get(1)? },
                hash: row.get(2)?,
                attempted: instant(row, 3)?,
                succeeded: instant(row, 4)?,
                changed: instant(row, 5)?,
                failures: row.get(6)?,
                retry_at: instant(row, 7)?,
                message: row.get(8)?,
                next_issue: instant(row, 9)?,
                short: row.get(10)?,
            })
        })
        .optional()?;
    Ok(found.unwrap_or_default())
}

fn logged(row: &Row<'_>, feed: &FeedId) -> rusqlite::Result<Logged> {
    let outcome: String = row.get(2)?;
    Ok(Logged {
        fetch: Fetch {
            feed: feed.clone(),
            at: required_instant(row, 0)?,
            took: Duration::from_millis(u64::try_from(row.get::<_, i64>(1)?).unwrap_or(0)),
            outcome: Outcome::named(&outcome).unwrap_or(Outcome::Failed),
            http_status: row.get(3)?,
            bytes: u64::try_from(row.get::<_, i64>(4)?).unwrap_or(0),
            hash: row.get(5)?,
            clock_ahead: row.get::<_, Option<i64>>(11)?.map(SignedDuration::from_secs),
            points: row.get::<_, Option<u32>>(12)?.unwrap_or(0),
            rejected: row.get(8)?,
            ignored: row.get(9)?,
            message: row.get(10)?,
        },
        new: row.get(6)?,
        revised: row.get(7)?,
    })
}

/// An instant stored as seconds; a number beyond the calendar is a damaged row, reported as such.
pub(crate) fn instant(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Timestamp>> {
    let Some(seconds) = row.get::<_, Option<i64>>(column)? else { return Ok(None) };
    Timestamp::from_second(seconds).map(Some).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(column, seconds))
}

pub(crate) fn required_instant(row: &Row<'_>, column: usize) -> rusqlite::Result<Timestamp> {
    let seconds: i64 = row.get(column)?;
    Timestamp::from_second(seconds).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(column, seconds))
}
