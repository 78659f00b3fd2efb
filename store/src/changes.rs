//! What has changed since one looked: so that a reader of thousands of places reads anew only what it must.

use std::collections::BTreeSet;

use hydro::FeedId;
use rusqlite::{Connection, Row};

use crate::notes::last_note;
use crate::{Applied, Batch, StoreError};

/// What happened since an earlier look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changes {
    /// The number of the last attempt: the next look begins after it. Smaller than that of the look before where an older copy
    /// of the database has taken its place.
    pub last: i64,
    /// The number of the last note; 0 before the first.
    pub last_note: i64,
    /// In the order in which they were committed.
    pub changes: Vec<Change>,
}

/// What an attempt to fetch a feed changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The feed.
    pub feed: FeedId,
    /// The places whose data changed; `None` for so many that they are not listed.
    pub places: Option<BTreeSet<String>>,
    /// Thresholds or alerts came.
    pub shared: bool,
}

/// More places than this are not listed one by one.
const LISTED: usize = 500;
const ALL: &str = "*";

/// What an applied batch changed, as it is written: the places and whether more than them is concerned.
pub(crate) fn written(batch: &Batch<'_>, applied: &Applied) -> (Option<String>, bool) {
    let shared = batch.alerts.is_some() || !batch.gauges.is_empty();
    let places = match applied.changed.len() {
        0 => None,
        1..=LISTED => Some(applied.changed.iter().map(String::as_str).collect::<Vec<_>>().join("\n")),
        _ => Some(ALL.to_owned()),
    };
    (places, shared && applied.new + applied.revised > 0)
}

/// The number of the last attempt to fetch; 0 before the first.
pub(crate) fn last_attempt(connection: &Connection) -> Result<i64, StoreError> {
    let mut select = connection.prepare_cached("SELECT coalesce(max(id), 0) FROM fetch")?;
    select.query_row([], |row| row.get(0)).map_err(StoreError::from)
}

/// What attempts after the one numbered `after` changed.
pub(crate) fn changes(connection: &Connection, after: i64) -> Result<Changes, StoreError> {
    let mut select = connection.prepare_cached(
        "SELECT feed.name, fetch.changed, fetch.shared FROM fetch JOIN feed ON feed.id = fetch.feed
         WHERE fetch.id > ? ORDER BY fetch.id",
    )?;
    let changes = select.query_map([after], change)?.filter_map(Result::transpose).collect::<Result<_, _>>()?;
    Ok(Changes { last: last_attempt(connection)?, last_note: last_note(connection)?, changes })
}

fn change(row: &Row<'_>) -> rusqlite::Result<Option<Change>> {
    let (name, places, shared): (String, Option<String>, bool) = (row.get(0)?, row.get(1)?, row.get(2)?);
    // The store writes no other names.
    let Ok(feed) = FeedId::new(&name) else { return Ok(None) };
    let places = match places.as_deref() {
        None if !shared => return Ok(None),
        None => Some(BTreeSet::new()),
        Some(ALL) => None,
        Some(places) => Some(places.lines().map(str::to_owned).collect()),
    };
    Ok(Some(Change { feed, places, shared }))
}
