//! Observations and forecast issues within a transaction: what is new is written, what changed is kept as a revision.

use std::collections::{BTreeMap, BTreeSet};

use hydro::{Kind, Parameter, Point, Quality, Timestamp, Value};
use rusqlite::{Connection, OptionalExtension, params};

use crate::{Applied, Batch, SeriesBatch, StoreError};

/// A value and the agency's remark on it, as stored.
type Stored = (Option<i64>, Option<u8>);

/// Applies one series of a batch and adds to `applied` what that changed.
pub(crate) fn apply_series(
    transaction: &Connection,
    feed: i64,
    series: &SeriesBatch,
    batch: &Batch<'_>,
    applied: &mut Applied,
) -> Result<(), StoreError> {
    let id = series_id(transaction, feed, series)?;
    let counted = match series.key.kind {
        Kind::Observed => apply_observations(transaction, id, series, batch)?,
        Kind::Forecast => Counted { new: apply_issue(transaction, id, series, batch.fetch.at)?, ..Counted::default() },
    };
    applied.new += counted.new;
    applied.revised += counted.revised;
    applied.held += counted.held;
    applied.withdrawn += counted.withdrawn;
    if counted.new + counted.revised + counted.withdrawn > 0 {
        applied.changed.insert(series.key.location.clone());
    }
    Ok(())
}

/// What became of the points of one series.
#[derive(Debug, Default)]
struct Counted {
    new: u32,
    revised: u32,
    held: u32,
    withdrawn: u32,
}

fn series_id(transaction: &Connection, feed: i64, batch: &SeriesBatch) -> Result<i64, StoreError> {
    let key = &batch.key;
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

/// Writes the points that differ from what is stored. Replayed documents may rewrite all that is stored; others may not.
fn apply_observations(
    transaction: &Connection,
    series: i64,
    SeriesBatch { key, points, .. }: &SeriesBatch,
    batch: &Batch<'_>,
) -> Result<Counted, StoreError> {
    let mut incoming: BTreeMap<i64, Stored> =
        points.iter().map(|point| (point.valid.as_second(), stored(point))).collect();
    let (Some((&first, _)), Some((&last, _))) = (incoming.first_key_value(), incoming.last_key_value()) else {
        return Ok(Counted::default());
    };
    let known = stored_between(transaction, series, first, last)?;
    let received = batch.fetch.at.as_second();
    let withdrawn = withdrawn(&known, &incoming, batch);
    incoming.extend(withdrawn.iter().map(|&valid| (valid, (None, None))));
    let mut insert = transaction.prepare_cached("INSERT INTO observation VALUES (?, ?, ?, ?, ?)")?;
    let whole = !batch.replayed && rewrites(&known, &incoming, key.parameter);
    let mut counted = Counted::default();
    for (valid, now) in incoming {
        match known.get(&valid) {
            // A place without a value has nothing to take back.
            None if now.0.is_none() => {}
            None => {
                insert.execute(params![series, valid, now.0, now.1, received])?;
                counted.new += 1;
            }
            Some((before, _)) if *before == now => {}
            Some(_) if whole => counted.held += 1,
            Some((before, since)) if received >= *since => {
                revise(transaction, series, valid, (*before, *since), (now, received))?;
                if withdrawn.contains(&valid) {
                    counted.withdrawn += 1;
                } else {
                    counted.revised += 1;
                }
            }
            // An older document read late, as imports may be: what is believed stays, and what was said then is kept.
            Some((_, since)) => {
                keep_older(transaction, series, valid, (now, received), *since)?;
                counted.revised += 1;
            }
        }
    }
    Ok(counted)
}

/// The stored values that a document leaves out, though it covers their time: the agency has removed them. Nothing where
/// rows of it could not be read, for theirs is no silence; nor where much is left out of much, or anything of little: that is
/// another choice of rows.
fn withdrawn(
    known: &BTreeMap<i64, (Stored, i64)>,
    incoming: &BTreeMap<i64, Stored>,
    batch: &Batch<'_>,
) -> BTreeSet<i64> {
    let left_out = |(valid, ((value, _), _)): (&i64, &(Stored, i64))| {
        (value.is_some() && !incoming.contains_key(valid)).then_some(*valid)
    };
    let left_out: BTreeSet<i64> = known.iter().filter_map(left_out).collect();
    let whole = !batch.replayed && batch.fetch.rejected == 0;
    let few = incoming.len() >= 12 && left_out.len() <= 3.max(incoming.len() / 50);
    if whole && few { left_out } else { BTreeSet::new() }
}

/// Whether a document rewrites most of what is stored, and by much: that is another unit, another zero or a flood of
/// placeholders, and no correction. Of a level a third of a metre is much, of a discharge a half.
fn rewrites(known: &BTreeMap<i64, (Stored, i64)>, incoming: &BTreeMap<i64, Stored>, parameter: Parameter) -> bool {
    let both = incoming.iter().filter_map(|(valid, (now, _))| Some((*now, known.get(valid)?.0.0?)));
    let far = |now: Option<i64>, before: i64| match (now, parameter) {
        (None, _) => true,
        (Some(now), Parameter::Level) => (now - before).abs() > 333,
        (Some(now), Parameter::Discharge) => (now - before).abs() * 2 > before.abs(),
    };
    let (mut shared, mut changed) = (0, 0);
    for (now, before) in both {
        shared += 1;
        changed += u32::from(far(now, before));
    }
    shared >= 12 && changed * 5 >= shared * 4
}

fn stored(point: &Point) -> Stored {
    (point.value.map(Value::milli), point.quality.map(Quality::code))
}

fn stored_between(
    transaction: &Connection,
    series: i64,
    first: i64,
    last: i64,
) -> Result<BTreeMap<i64, (Stored, i64)>, StoreError> {
    let mut select = transaction.prepare_cached(
        "SELECT valid_at, value, quality, received_at FROM observation WHERE series = ? AND valid_at BETWEEN ? AND ?",
    )?;
    let rows = select
        .query_map(params![series, first, last], |row| Ok((row.get(0)?, ((row.get(1)?, row.get(2)?), row.get(3)?))))?;
    rows.collect::<Result<_, _>>().map_err(StoreError::from)
}

fn revise(
    transaction: &Connection,
    series: i64,
    valid: i64,
    (before, since): (Stored, i64),
    (now, received): (Stored, i64),
) -> Result<(), StoreError> {
    transaction
        .prepare_cached("INSERT OR REPLACE INTO revision VALUES (?, ?, ?, ?, ?, ?)")?
        .execute(params![series, valid, since, before.0, before.1, received])?;
    transaction
        .prepare_cached(
            "UPDATE observation SET value = ?, quality = ?, received_at = ? WHERE series = ? AND valid_at = ?",
        )?
        .execute(params![now.0, now.1, received, series, valid])?;
    Ok(())
}

fn keep_older(
    transaction: &Connection,
    series: i64,
    valid: i64,
    (then, received): (Stored, i64),
    since: i64,
) -> Result<(), StoreError> {
    let until: Option<i64> = transaction
        .prepare_cached("SELECT min(received_at) FROM revision WHERE series = ? AND valid_at = ? AND received_at > ?")?
        .query_row(params![series, valid, received], |row| row.get(0))?;
    transaction
        .prepare_cached("UPDATE revision SET revised_at = ?3 WHERE series = ?1 AND valid_at = ?2 AND received_at < ?3 AND revised_at > ?3")?
        .execute(params![series, valid, received])?;
    transaction.prepare_cached("INSERT OR REPLACE INTO revision VALUES (?, ?, ?, ?, ?, ?)")?.execute(params![
        series,
        valid,
        received,
        then.0,
        then.1,
        until.unwrap_or(since)
    ])?;
    Ok(())
}

/// Keeps a forecast as an issue of its own, unless the same was said before; returns how many points that added (at least
/// one for an issue without points: that there is none is news too).
fn apply_issue(
    transaction: &Connection,
    series: i64,
    batch: &SeriesBatch,
    received: Timestamp,
) -> Result<u32, StoreError> {
    let points: BTreeMap<i64, i64> =
        batch.points.iter().filter_map(|point| Some((point.valid.as_second(), point.value?.milli()))).collect();
    let issued = batch.issued.unwrap_or(received).as_second();
    if let Some(before) = latest_issue(transaction, series, batch.issued.map(Timestamp::as_second))?
        && points_of(transaction, before)? == points
    {
        return Ok(0);
    }
    let issue = transaction
        .prepare_cached("INSERT INTO issue (series, issued_at, issue_inferred, received_at) VALUES (?, ?, ?, ?)")?
        .insert(params![series, issued, batch.issued.is_none(), received.as_second()])?;
    let mut insert = transaction.prepare_cached("INSERT INTO forecast_point VALUES (?, ?, ?)")?;
    for (valid, value) in &points {
        insert.execute(params![issue, valid, value])?;
    }
    Ok(u32::try_from(points.len()).unwrap_or(u32::MAX).max(1))
}

fn latest_issue(transaction: &Connection, series: i64, issued: Option<i64>) -> Result<Option<i64>, StoreError> {
    transaction
        .prepare_cached(
            "SELECT id FROM issue WHERE series = ?1 AND issued_at = coalesce(?2, issued_at)
             ORDER BY issued_at DESC, received_at DESC, id DESC LIMIT 1",
        )?
        .query_row(params![series, issued], |row| row.get(0))
        .optional()
        .map_err(StoreError::from)
}

fn points_of(transaction: &Connection, issue: i64) -> Result<BTreeMap<i64, i64>, StoreError> {
    let mut select = transaction.prepare_cached("SELECT valid_at, value FROM forecast_point WHERE issue = ?")?;
    let rows = select.query_map([issue], |row| Ok((row.get(0)?, row.get(1)?)))?;
    rows.collect::<Result<_, _>>().map_err(StoreError::from)
}
