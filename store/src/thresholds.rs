//! Thresholds as feeds publish them: each change is a further row, and nothing is overwritten.

use std::collections::BTreeMap;

use hydro::{FeedId, Parameter, Timestamp, Value};
use rusqlite::{Connection, Row, params};

use crate::reader::required_instant;
use crate::{Applied, Batch, GaugeThresholds, PublishedThreshold, StoreError};

/// By name, what is published of a place now.
type Heights = BTreeMap<String, Option<Value>>;

/// Writes what differs from what the feed published before. A name that a place no longer has is taken back.
pub(crate) fn apply_thresholds(
    transaction: &Connection,
    feed: i64,
    batch: &Batch<'_>,
    applied: &mut Applied,
) -> Result<(), StoreError> {
    if batch.gauges.is_empty() {
        return Ok(());
    }
    let mut places: BTreeMap<(String, Parameter), Heights> = BTreeMap::new();
    for known in published(transaction, feed, batch.fetch.at)? {
        places.entry((known.location, known.parameter)).or_default().insert(known.name, known.value);
    }
    for gauge in &batch.gauges {
        let known = places.entry((gauge.location.clone(), gauge.parameter)).or_default();
        apply_gauge(transaction, feed, gauge, batch, known, applied)?;
    }
    Ok(())
}

fn apply_gauge(
    transaction: &Connection,
    feed: i64,
    GaugeThresholds { location, parameter, heights }: &GaugeThresholds,
    batch: &Batch<'_>,
    known: &mut Heights,
    applied: &mut Applied,
) -> Result<(), StoreError> {
    let gone =
        known.keys().filter(|name| !heights.iter().any(|(new, _)| new == *name)).map(|name| (name.clone(), None));
    let now: Vec<(String, Option<Value>)> =
        heights.iter().map(|(name, value)| (name.clone(), Some(*value))).chain(gone).collect();
    for (name, value) in now {
        let before = known.get(&name).copied();
        if before == Some(value) || (before.is_none() && value.is_none()) {
            continue;
        }
        let change = PublishedThreshold {
            location: location.clone(),
            parameter: *parameter,
            name: name.clone(),
            value,
            received: batch.fetch.at,
            before: before.flatten(),
        };
        if !batch.replayed && is_absurd(&change) {
            applied.absurd.push(change);
            continue;
        }
        transaction.prepare_cached("INSERT OR REPLACE INTO threshold VALUES (?, ?, ?, ?, ?, ?)")?.execute(params![
            feed,
            location,
            parameter.name(),
            name,
            change.received.as_second(),
            value.map(Value::milli)
        ])?;
        known.insert(name, value);
        applied.new += 1;
        applied.changed.insert(location.clone());
        if before.is_some() {
            applied.thresholds.push(change);
        }
    }
    Ok(())
}

/// Whether a threshold has moved further than any authority moves one: by more than three metres, or threefold for a
/// discharge. That is another unit, another datum or a slip of the hand.
fn is_absurd(change: &PublishedThreshold) -> bool {
    let (Some(before), Some(now)) = (change.before, change.value) else { return false };
    match change.parameter {
        Parameter::Level => before.distance(now) > Value::from_milli(3000),
        Parameter::Discharge => {
            let (low, high) = (before.min(now).milli(), before.max(now).milli());
            high > low.saturating_mul(3)
        }
    }
}

/// What a feed publishes, as known at `known`, by place and height, with what it published before.
pub(crate) fn published_thresholds(
    connection: &Connection,
    feed: &FeedId,
    known: Timestamp,
) -> Result<Vec<PublishedThreshold>, StoreError> {
    let mut select = connection.prepare_cached("SELECT id FROM feed WHERE name = ?")?;
    let id: Option<i64> = select.query_map([feed.as_str()], |row| row.get(0))?.next().transpose()?;
    id.map_or_else(|| Ok(Vec::new()), |id| published(connection, id, known))
}

fn published(connection: &Connection, feed: i64, known: Timestamp) -> Result<Vec<PublishedThreshold>, StoreError> {
    let mut select = connection.prepare_cached(
        "SELECT location, parameter, name, value, received_at, before FROM (
             SELECT *, lag(value) OVER series AS before, lead(received_at) OVER series AS next
             FROM threshold WHERE feed = ? AND received_at <= ?
             WINDOW series AS (PARTITION BY location, parameter, name ORDER BY received_at))
         WHERE next IS NULL ORDER BY location, parameter, value",
    )?;
    let rows = select.query_map(params![feed, known.as_second()], published_row)?;
    rows.collect::<Result<_, _>>().map_err(StoreError::from)
}

/// Reads the columns location, parameter, name, value, received and value before, in this order.
pub(crate) fn published_row(row: &Row<'_>) -> rusqlite::Result<PublishedThreshold> {
    let parameter: String = row.get(1)?;
    let discharge = parameter == Parameter::Discharge.name();
    Ok(PublishedThreshold {
        location: row.get(0)?,
        parameter: if discharge { Parameter::Discharge } else { Parameter::Level },
        name: row.get(2)?,
        value: row.get::<_, Option<i64>>(3)?.map(Value::from_milli),
        received: required_instant(row, 4)?,
        before: row.get::<_, Option<i64>>(5)?.map(Value::from_milli),
    })
}
