//! The one writer: a batch is applied whole, in one transaction, or not at all.

use std::collections::HashMap;
use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use hydro::{FeedId, Timestamp};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use crate::alerts::apply_alerts;
use crate::breath::Breath;
use crate::changes::written;
use crate::connection::open_writer;
use crate::observations::{SeriesIds, apply_series};
use crate::reader::{feed_state, instant};
use crate::thresholds::apply_thresholds;
use crate::{Applied, Batch, BodyHash, FeedState, Outcome, StoreError};

/// What a series, a point of it, and a byte to be compressed cost, in bytes of a document read.
const SERIES: usize = 1 << 10;
const POINT: usize = 32;
const COMPRESSED: usize = 8;
/// Bytes to be compressed at once.
const PART: usize = 4 << 10;

/// The database, opened for writing.
#[derive(Debug)]
pub struct Writer {
    pub(crate) connection: Connection,
    /// By the feeds' numbers; emptied when something could not be committed.
    series: HashMap<i64, SeriesIds>,
}

impl Writer {
    /// Opens the database, makes it where it is missing and brings its schema up to date.
    ///
    /// # Errors
    /// [`StoreError`] where the file cannot be opened, is no database, or belongs to a newer program.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let connection = open_writer(path)?;
        connection.set_prepared_statement_cache_capacity(64);
        Ok(Self { connection, series: HashMap::new() })
    }

    pub(crate) fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Writes a fetch and everything it brought. Applying the same batch again changes nothing but the log of fetches.
    ///
    /// # Errors
    /// [`StoreError`]; nothing of the batch is written then.
    pub fn apply(&mut self, batch: &Batch<'_>) -> Result<Applied, StoreError> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let feed = feed_id(&transaction, &batch.fetch.feed)?;
        let mut applied = Applied::default();
        // Taken out, so that a series that is rolled back is not remembered.
        let mut known = std::mem::take(&mut self.series);
        let ids = known.entry(feed).or_default();
        let mut breath = Breath::default();
        for series in &batch.series {
            breath.after(SERIES + POINT * series.points.len());
            apply_series(&transaction, feed, series, batch, ids, &mut applied)?;
        }
        if let Some(alerts) = &batch.alerts {
            apply_alerts(&transaction, feed, alerts, (batch.fetch.at, batch.replayed), &mut applied)?;
        }
        apply_thresholds(&transaction, feed, batch, &mut applied)?;
        if let (Some(body), Some(hash)) = (batch.body, &batch.fetch.hash) {
            keep_body(&transaction, body, hash, batch.fetch.at)?;
        }
        let usual = usual_points(&transaction, feed, batch)?;
        let message = message(batch, &applied, usual);
        let remembered = remember(&transaction, feed, batch, message.as_deref(), usual.is_some())?;
        log(&transaction, feed, batch, &applied, (message.as_deref(), remembered))?;
        transaction.commit()?;
        self.series = known;
        Ok(applied)
    }

    /// What is remembered of a feed; all empty for one never fetched.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer.
    pub fn feed_state(&self, feed: &FeedId) -> Result<FeedState, StoreError> {
        feed_state(&self.connection, feed)
    }

    /// Forgets what lets a feed's next request be conditional, so that the whole document comes again: for when other things
    /// are to be taken from it than before.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer.
    pub fn forget_validators(&self, feed: &FeedId) -> Result<(), StoreError> {
        self.connection.execute(
            "UPDATE feed SET etag = NULL, last_modified = NULL, body_hash = NULL WHERE name = ?",
            [feed.as_str()],
        )?;
        Ok(())
    }

    /// A note that outlives a restart, such as when a demonstration began.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer.
    pub fn note(&self, key: &str) -> Result<Option<String>, StoreError> {
        self.connection
            .query_row("SELECT value FROM meta WHERE key = ?", [key], |row| row.get(0))
            .optional()
            .map_err(StoreError::from)
    }

    /// Writes a note, over an earlier one of the same key.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer.
    pub fn set_note(&self, key: &str, value: &str) -> Result<(), StoreError> {
        self.connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", [key, value])?;
        Ok(())
    }

    /// When the newest attempt of any feed began.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer.
    pub fn last_attempt(&self) -> Result<Option<Timestamp>, StoreError> {
        let newest = self.connection.query_row("SELECT max(attempted_at) FROM feed", [], |row| instant(row, 0))?;
        Ok(newest)
    }
}

fn feed_id(transaction: &Connection, feed: &FeedId) -> Result<i64, StoreError> {
    transaction
        .prepare_cached("INSERT INTO feed (name) VALUES (?) ON CONFLICT (name) DO NOTHING")?
        .execute([feed.as_str()])?;
    transaction
        .prepare_cached("SELECT id FROM feed WHERE name = ?")?
        .query_row([feed.as_str()], |row| row.get(0))
        .map_err(StoreError::from)
}

fn keep_body(transaction: &Connection, body: &[u8], hash: &BodyHash, at: Timestamp) -> Result<(), StoreError> {
    let known = transaction
        .prepare_cached("UPDATE body SET kept_at = max(kept_at, ?) WHERE hash = ?")?
        .execute(params![at.as_second(), hash])?;
    if known == 0 {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        let mut breath = Breath::default();
        for part in body.chunks(PART) {
            encoder.write_all(part)?;
            breath.after(COMPRESSED * part.len());
        }
        transaction
            .prepare_cached("INSERT INTO body (hash, kept_at, bytes, gzip) VALUES (?, ?, ?, ?)")?
            .execute(params![hash, at.as_second(), i64::try_from(body.len()).unwrap_or(i64::MAX), encoder.finish()?])?;
    }
    Ok(())
}

/// How many points the feed's documents bring as a rule, where this one brings less than half of that. A document may have
/// been cut off where nothing of its form tells.
fn usual_points(transaction: &Connection, feed: i64, batch: &Batch<'_>) -> Result<Option<u32>, StoreError> {
    if batch.replayed || batch.fetch.outcome != Outcome::Changed {
        return Ok(None);
    }
    let mut points = transaction
        .prepare_cached(
            "SELECT points FROM fetch WHERE feed = ? AND outcome = 'changed' AND points IS NOT NULL ORDER BY id DESC LIMIT 9",
        )?
        .query_map([feed], |row| row.get(0))?
        .collect::<Result<Vec<u32>, _>>()?;
    points.sort_unstable();
    // Of so few points, a few more or less say nothing.
    Ok(points.get(points.len() / 2).copied().filter(|&usual| usual >= 12 && batch.fetch.points < usual / 2))
}

/// What the log says of a fetch: what the store had to refuse comes before what the parser had.
fn message(batch: &Batch<'_>, applied: &Applied, usual: Option<u32>) -> Option<String> {
    let points = batch.fetch.points;
    if let Some(absurd) = applied.absurd.first() {
        let (from, to) = (absurd.before.map(|value| value.to_string()), absurd.value.map(|value| value.to_string()));
        return Some(format!(
            "{}: {} from {} to {} at once is no threshold moved; it stays as it was",
            absurd.location,
            absurd.name,
            from.unwrap_or_default(),
            to.unwrap_or_default()
        ));
    }
    match (applied.held, usual) {
        (0, None) => batch.fetch.message.clone(),
        (0, Some(usual)) => Some(format!("{points} of the usual {usual} readings: is the document whole?")),
        (held, _) => Some(format!("{held} stored readings would have been rewritten at once; they stay as they were")),
    }
}

/// Brings what is remembered of the feed up to this attempt. An import of an older document moves nothing back: `false`.
fn remember(
    transaction: &Connection,
    feed: i64,
    batch: &Batch<'_>,
    message: Option<&str>,
    short: bool,
) -> Result<bool, StoreError> {
    let fetch = &batch.fetch;
    let at = fetch.at.as_second();
    // One document without data is a pause, a second one in a row is a fault.
    let failed = match fetch.outcome {
        Outcome::Failed => true,
        Outcome::Empty => last_outcome(transaction, feed)? == Some(Outcome::Empty),
        Outcome::Changed | Outcome::Unchanged => false,
    };
    let moved = transaction
        .prepare_cached(
            "UPDATE feed SET attempted_at = ?2, retry_at = ?3, message = ?4,
                 failures = CASE WHEN ?5 THEN failures + 1 ELSE 0 END,
                 succeeded_at = CASE WHEN ?5 THEN succeeded_at ELSE ?2 END,
                 changed_at = CASE WHEN ?6 THEN ?2 ELSE changed_at END,
                 body_hash = CASE WHEN ?6 THEN coalesce(?7, body_hash) ELSE body_hash END,
                 next_issue_at = coalesce(?8, next_issue_at),
                 short = CASE WHEN ?6 THEN ?10 ELSE short END
             WHERE id = ?1 AND (NOT ?9 OR coalesce(attempted_at, ?2) <= ?2)",
        )?
        .execute(params![
            feed,
            at,
            batch.retry_at.map(Timestamp::as_second),
            message,
            failed,
            fetch.outcome == Outcome::Changed,
            fetch.hash,
            batch.next_issue.map(Timestamp::as_second),
            batch.replayed,
            short,
        ])?;
    if let Some(validators) = &batch.validators {
        transaction.prepare_cached("UPDATE feed SET etag = ?, last_modified = ? WHERE id = ?")?.execute(params![
            validators.etag,
            validators.last_modified,
            feed
        ])?;
    }
    Ok(moved > 0)
}

fn last_outcome(transaction: &Connection, feed: i64) -> Result<Option<Outcome>, StoreError> {
    let word: Option<String> = transaction
        .prepare_cached("SELECT outcome FROM fetch WHERE feed = ? ORDER BY id DESC LIMIT 1")?
        .query_row([feed], |row| row.get(0))
        .optional()?;
    Ok(word.as_deref().and_then(Outcome::named))
}

/// A line of the log, with what is now remembered of the feed where the attempt moved that.
fn log(
    transaction: &Connection,
    feed: i64,
    batch: &Batch<'_>,
    applied: &Applied,
    (message, remembered): (Option<&str>, bool),
) -> Result<(), StoreError> {
    let fetch = &batch.fetch;
    let (changed, shared) = written(batch, applied);
    transaction
        .prepare_cached(
            "INSERT INTO fetch (feed, at, duration_ms, outcome, http_status, bytes, body_hash,
                 rows_new, rows_revised, rows_rejected, rows_ignored, message, clock_ahead, points, changed, shared, since,
                 failures, succeeded_at, changed_at, short, next_issue_at)
             SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17,
                 known.failures, known.succeeded_at, known.changed_at, known.short, known.next_issue_at
             FROM (SELECT 1) LEFT JOIN feed AS known ON known.id = ?1 AND ?18",
        )?
        .execute(params![
            feed,
            fetch.at.as_second(),
            i64::try_from(fetch.took.as_millis()).unwrap_or(i64::MAX),
            fetch.outcome.name(),
            fetch.http_status,
            i64::try_from(fetch.bytes).unwrap_or(i64::MAX),
            fetch.hash,
            applied.new,
            applied.revised + applied.withdrawn,
            fetch.rejected,
            fetch.ignored,
            message,
            fetch.clock_ahead.map(|ahead| ahead.as_secs()),
            fetch.points,
            changed,
            shared,
            applied.since.map(Timestamp::as_second),
            remembered,
        ])?;
    Ok(())
}
