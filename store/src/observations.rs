//! Observations within a transaction: what is new is written, what changed is kept as a revision.

use std::cmp::Ordering;
use std::collections::HashMap;

use hydro::{Kind, Parameter, Point, Quality, Timestamp, Value};
use rusqlite::{Connection, OptionalExtension, params};

use crate::issues::apply_issue;
use crate::piece::{Stored, piece_of, start_of};
use crate::pieces::{self, Piece, Pieces};
use crate::{Applied, Batch, SeriesBatch, SeriesKey, StoreError};

/// The numbers of one feed's series, which never change.
pub(crate) type SeriesIds = HashMap<SeriesKey, i64>;

/// Applies one series of a batch and adds to `applied` what that changed.
pub(crate) fn apply_series(
    transaction: &Connection,
    feed: i64,
    series: &SeriesBatch,
    batch: &Batch<'_>,
    ids: &mut SeriesIds,
    applied: &mut Applied,
) -> Result<(), StoreError> {
    let id = match ids.get(&series.key) {
        Some(&id) => id,
        None => *ids.entry(series.key.clone()).or_insert(series_id(transaction, feed, &series.key)?),
    };
    let counted = match series.key.kind {
        Kind::Observed => apply_observations(transaction, id, series, batch)?,
        Kind::Forecast => Counted { new: apply_issue(transaction, id, series, batch.fetch.at)?, ..Counted::default() },
    };
    applied.new += counted.new;
    applied.revised += counted.revised;
    applied.held += counted.held;
    applied.withdrawn += counted.withdrawn;
    applied.since = [applied.since, counted.since].into_iter().flatten().min();
    if counted.new + counted.revised + counted.withdrawn > 0 {
        applied.changed.insert(series.key.location.clone());
    }
    Ok(())
}

/// What became of the points of one series.
#[derive(Debug, Clone, Copy, Default)]
struct Counted {
    new: u32,
    revised: u32,
    held: u32,
    withdrawn: u32,
    /// The beginning of the first piece that was written.
    since: Option<Timestamp>,
}

fn series_id(transaction: &Connection, feed: i64, key: &SeriesKey) -> Result<i64, StoreError> {
    let named = params![feed, key.location, key.parameter.name(), key.kind.name(), key.stat.name()];
    let known = transaction
        .prepare_cached(
            "SELECT id FROM series WHERE feed = ? AND location = ? AND parameter = ? AND kind = ? AND stat = ?",
        )?
        .query_row(named, |row| row.get(0))
        .optional()?;
    if let Some(id) = known {
        return Ok(id);
    }
    transaction
        .prepare_cached("INSERT INTO series (feed, location, parameter, kind, stat) VALUES (?, ?, ?, ?, ?)")?
        .insert(named)
        .map_err(StoreError::from)
}

/// What a document says of one instant.
#[derive(Debug, Clone, Copy)]
struct Said {
    valid: i64,
    value: Option<i64>,
    quality: Option<u8>,
}

impl Said {
    fn is(&self, known: &Stored) -> bool {
        (self.value, self.quality) == (known.value, known.quality)
    }
}

/// Writes the points that differ from what is stored. Replayed documents may rewrite all that is stored; others may not.
fn apply_observations(
    transaction: &Connection,
    series: i64,
    SeriesBatch { key, points, .. }: &SeriesBatch,
    batch: &Batch<'_>,
) -> Result<Counted, StoreError> {
    let mut said = rising(points);
    let (Some(&Said { valid: first, .. }), Some(&Said { valid: last, .. })) = (said.first(), said.last()) else {
        return Ok(Counted::default());
    };
    let numbers = piece_of(first)..=piece_of(last);
    let mut stored = Pieces::of(transaction, series)?;
    let pieces = numbers.map(|number| stored.read(number)).collect::<Result<Vec<_>, _>>()?;
    let known = || pieces.iter().flat_map(|piece| &piece.points).filter(|known| (first..=last).contains(&known.valid));
    let withdrawn = withdrawn(known(), &said, batch);
    if !withdrawn.is_empty() {
        said.extend(withdrawn.iter().map(|&valid| Said { valid, value: None, quality: None }));
        said.sort_by_key(|said| said.valid);
    }
    let held = !batch.replayed && rewrites(known(), &said, key.parameter);
    let mut merge =
        Merge { transaction, series, received: batch.fetch.at.as_second(), held, counted: Counted::default() };
    let mut rest = said.as_slice();
    for piece in pieces {
        let (here, later) = rest.split_at(rest.partition_point(|said| piece_of(said.valid) <= piece.number));
        merge.piece(&piece, here)?;
        rest = later;
    }
    let gone = u32::try_from(withdrawn.len()).unwrap_or(u32::MAX).min(merge.counted.revised);
    Ok(Counted { revised: merge.counted.revised - gone, withdrawn: gone, ..merge.counted })
}

/// The points in rising order; where an instant comes twice, the last holds.
fn rising(points: &[Point]) -> Vec<Said> {
    let said = |point: &Point| Said {
        valid: point.valid.as_second(),
        value: point.value.map(Value::milli),
        quality: point.quality.map(Quality::code),
    };
    let mut all: Vec<Said> = points.iter().map(said).collect();
    if !all.is_sorted_by(|before, after| before.valid < after.valid) {
        // Of equals the last comes first, and stays.
        all.reverse();
        all.sort_by_key(|said| said.valid);
        all.dedup_by_key(|said| said.valid);
    }
    all
}

/// What is stored and what is said, instant by instant; both rise in time.
fn side_by_side<'k, 's>(
    known: impl Iterator<Item = &'k Stored>,
    said: &'s [Said],
) -> impl Iterator<Item = (Option<&'k Stored>, Option<&'s Said>)> {
    let (mut known, mut said) = (known.peekable(), said.iter().peekable());
    std::iter::from_fn(move || {
        let order = match (known.peek(), said.peek()) {
            (Some(known), Some(said)) => known.valid.cmp(&said.valid),
            (Some(_), None) => Ordering::Less,
            (None, _) => Ordering::Greater,
        };
        match order {
            Ordering::Less => Some((known.next(), None)),
            Ordering::Equal => Some((known.next(), said.next())),
            Ordering::Greater => said.next().map(|said| (None, Some(said))),
        }
    })
}

/// The stored values that a document leaves out, though it covers their time: the agency has removed them. Nothing where
/// rows of it could not be read, for theirs is no silence; nor where much is left out of much, or anything of little: that is
/// another choice of rows.
fn withdrawn<'a>(known: impl Iterator<Item = &'a Stored>, said: &[Said], batch: &Batch<'_>) -> Vec<i64> {
    if batch.replayed || batch.fetch.rejected > 0 || said.len() < 12 {
        return Vec::new();
    }
    let left_out = |pair: (Option<&Stored>, Option<&Said>)| match pair {
        (Some(known), None) => known.value.map(|_| known.valid),
        _ => None,
    };
    let left_out: Vec<i64> = side_by_side(known, said).filter_map(left_out).collect();
    if left_out.len() <= 3.max(said.len() / 50) { left_out } else { Vec::new() }
}

/// Whether a document rewrites most of what is stored, and by much: that is another unit, another zero or a flood of
/// placeholders, and no correction. Of a level a third of a metre is much, of a discharge a half.
fn rewrites<'a>(known: impl Iterator<Item = &'a Stored>, said: &[Said], parameter: Parameter) -> bool {
    let far = |now: Option<i64>, before: i64| match (now, parameter) {
        (None, _) => true,
        (Some(now), Parameter::Level) => (now - before).abs() > 333,
        (Some(now), Parameter::Discharge) => (now - before).abs() * 2 > before.abs(),
    };
    let (mut shared, mut changed) = (0, 0);
    for pair in side_by_side(known, said) {
        let (Some(Stored { value: Some(before), .. }), Some(said)) = pair else { continue };
        shared += 1;
        changed += u32::from(far(said.value, *before));
    }
    shared >= 12 && changed * 5 >= shared * 4
}

/// What a document says, on its way into a series.
struct Merge<'a> {
    transaction: &'a Connection,
    series: i64,
    received: i64,
    /// What differs from what is stored is held back.
    held: bool,
    /// What has been withdrawn counts as revised here.
    counted: Counted,
}

impl Merge<'_> {
    /// Brings a piece up to what is said of its time.
    fn piece(&mut self, piece: &Piece, said: &[Said]) -> Result<(), StoreError> {
        let before = self.counted;
        let mut points = Vec::with_capacity(piece.points.len() + said.len());
        for pair in side_by_side(piece.points.iter(), said) {
            points.extend(self.point(pair)?);
        }
        if (before.new, before.revised) == (self.counted.new, self.counted.revised) {
            return Ok(());
        }
        // Pieces rise in time.
        self.counted.since.get_or_insert(Timestamp::from_second(start_of(piece.number)).unwrap_or(Timestamp::MIN));
        let was_empty = piece.points.is_empty();
        pieces::write(self.transaction, self.series, &Piece { number: piece.number, points }, was_empty)
    }

    /// What is stored of an instant from now on.
    fn point(&mut self, pair: (Option<&Stored>, Option<&Said>)) -> Result<Option<Stored>, StoreError> {
        let (known, said) = match pair {
            (known, None) => return Ok(known.copied()),
            // A place without a value has nothing to take back.
            (None, Some(Said { value: None, .. })) => return Ok(None),
            (None, Some(said)) => {
                self.counted.new += 1;
                return Ok(Some(self.now(said)));
            }
            (Some(known), Some(said)) if said.is(known) => return Ok(Some(*known)),
            (Some(known), Some(said)) => (known, said),
        };
        if self.held {
            self.counted.held += 1;
            return Ok(Some(*known));
        }
        self.counted.revised += 1;
        if self.received >= known.received {
            self.keep(known, self.received)?;
            return Ok(Some(self.now(said)));
        }
        // An older document read late, as imports may be: what is believed stays, and what was said then is kept.
        self.keep_older(&self.now(said), known.received)?;
        Ok(Some(*known))
    }

    fn now(&self, &Said { valid, value, quality }: &Said) -> Stored {
        Stored { valid, value, quality, received: self.received }
    }

    /// Keeps what was believed until another value was received.
    fn keep(&self, &Stored { valid, value, quality, received }: &Stored, until: i64) -> Result<(), StoreError> {
        self.transaction
            .prepare_cached("INSERT OR REPLACE INTO revision VALUES (?, ?, ?, ?, ?, ?)")?
            .execute(params![self.series, valid, received, value, quality, until])?;
        Ok(())
    }

    /// Keeps what was believed until the next of the values received later, of which the last came at `last`.
    fn keep_older(&self, then: &Stored, last: i64) -> Result<(), StoreError> {
        let (Self { transaction, series, .. }, Stored { valid, received, .. }) = (self, then);
        let until: Option<i64> = transaction
            .prepare_cached(
                "SELECT min(received_at) FROM revision WHERE series = ? AND valid_at = ? AND received_at > ?",
            )?
            .query_row([series, valid, received], |row| row.get(0))?;
        transaction
            .prepare_cached(
                "UPDATE revision SET revised_at = ?3
                 WHERE series = ?1 AND valid_at = ?2 AND received_at < ?3 AND revised_at > ?3",
            )?
            .execute([series, valid, received])?;
        self.keep(then, until.unwrap_or(last))
    }
}
