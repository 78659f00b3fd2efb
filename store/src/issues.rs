//! Issues of forecasts within a transaction: each is kept whole, and none is overwritten.

use std::collections::BTreeMap;

use hydro::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use crate::{SeriesBatch, StoreError};

/// Keeps a forecast as an issue of its own, unless the same was said before; returns how many points that added (at least
/// one for an issue without points: that there is none is news too).
pub(crate) fn apply_issue(
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
