//! What was last read of a few series: what a commit has left as it was is not read again. Of observations the log of attempts
//! tells which that is: nothing else writes them, and what retention takes away is no part of where a series lies. An issue
//! of a forecast never changes.

use std::collections::VecDeque;
use std::collections::btree_map::{BTreeMap, Entry};

use hydro::{Timestamp, Value};
use rusqlite::{Connection, OptionalExtension, Row};

use crate::StoreError;
use crate::piece::{Stored, piece_of};
use crate::pieces::{Pieces, Series};

/// What is remembered.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    /// How many points there is room for, of observations and again of forecasts.
    room: usize,
    /// The log is to be looked at before anything is taken for known.
    stale: bool,
    /// The last attempt in the log when it was last looked at; nothing is remembered before there is one.
    seen: Option<Attempt>,
    /// Those that were last asked for come first.
    series: VecDeque<Known>,
    issues: VecDeque<(Issue, Vec<(Timestamp, Value)>)>,
}

/// An issue of a forecast. Its number alone may become that of another one, once it is older than the retention.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Issue {
    pub(crate) number: i64,
    pub(crate) series: i64,
    pub(crate) issued: Timestamp,
    pub(crate) received: Timestamp,
}

/// An attempt in the log: of another copy of the database the same number is another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Attempt {
    number: i64,
    feed: i64,
    at: i64,
}

/// What is remembered of a series: pieces by their numbers, those without points as well.
#[derive(Debug)]
pub(crate) struct Known {
    series: Series,
    pieces: BTreeMap<i64, Vec<Stored>>,
    /// How much room they take, in points.
    room: usize,
}

impl Memory {
    /// With room for so many points.
    pub(crate) fn of(room: usize) -> Self {
        Self { room, stale: true, ..Self::default() }
    }

    /// A view of the file begins: what is in it may be more than what was seen.
    pub(crate) fn look_again(&mut self) {
        self.stale = true;
    }

    /// Takes out what is remembered of a series and still is so in the view in which it is asked.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer.
    pub(crate) fn take(&mut self, connection: &Connection, series: Series) -> Result<Known, StoreError> {
        self.refresh(connection)?;
        let at = self.series.iter().position(|known| known.series == series);
        Ok(at.and_then(|at| self.series.remove(at)).unwrap_or(Known { series, pieces: BTreeMap::new(), room: 0 }))
    }

    /// Remembers what is known of a series from a piece on; what was not asked for the longest makes room.
    pub(crate) fn keep(&mut self, mut known: Known, first: i64) {
        if self.seen.is_none() {
            return;
        }
        known.pieces = known.pieces.split_off(&first);
        // A piece without points takes room as well.
        known.room = known.pieces.values().map(|points| points.len().max(1)).sum();
        self.series.push_front(known);
        make_room(&mut self.series, self.room, |known| known.room);
    }

    /// The values of an issue, as they are remembered, or else read by `read`.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer.
    pub(crate) fn issue(
        &mut self,
        connection: &Connection,
        issue: Issue,
        read: impl FnOnce() -> Result<Vec<(Timestamp, Value)>, StoreError>,
    ) -> Result<Vec<(Timestamp, Value)>, StoreError> {
        self.refresh(connection)?;
        let at = self.issues.iter().position(|(known, _)| *known == issue);
        let points = match at.and_then(|at| self.issues.remove(at)) {
            Some((_, points)) => points,
            None => read()?,
        };
        if self.seen.is_some() {
            self.issues.push_front((issue, points.clone()));
            make_room(&mut self.issues, self.room, |(_, points)| points.len().max(1));
        }
        Ok(points)
    }

    /// Forgets what has been changed since the last look; everything where the log is not that of the last look.
    fn refresh(&mut self, connection: &Connection) -> Result<(), StoreError> {
        if self.room == 0 || !self.stale {
            return Ok(());
        }
        let mut select =
            connection.prepare_cached("SELECT id, feed, at, since FROM fetch WHERE id >= ? ORDER BY id")?;
        let mut rows = select.query([self.seen.map(|seen| seen.number)])?;
        let first = rows.next()?.map(attempt).transpose()?;
        if first.is_none() || first != self.seen {
            self.series.clear();
            self.issues.clear();
            self.seen = last_attempt(connection)?;
        }
        while let Some(row) = rows.next()? {
            let (attempt, since) = (attempt(row)?, row.get::<_, Option<i64>>(3)?);
            if let Some(since) = since {
                let of_feed = self.series.iter_mut().filter(|known| known.series.feed == attempt.feed);
                of_feed.for_each(|known| drop(known.pieces.split_off(&piece_of(since))));
            }
            self.seen = Some(attempt);
        }
        self.stale = false;
        Ok(())
    }
}

/// Lets those at the end go for which there is no room.
fn make_room<T>(all: &mut VecDeque<T>, mut room: usize, taken: impl Fn(&T) -> usize) {
    all.retain(|one| {
        let left = room.checked_sub(taken(one));
        room = left.unwrap_or(0);
        left.is_some()
    });
}

impl Known {
    /// What is stored in a piece: as it is remembered, or else read.
    ///
    /// # Errors
    /// [`StoreError::Piece`] where its bytes are damaged.
    pub(crate) fn read(&mut self, pieces: &mut Pieces<'_>, number: i64) -> Result<&[Stored], StoreError> {
        match self.pieces.entry(number) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(unknown) => Ok(unknown.insert(pieces.read(number)?.points)),
        }
    }
}

fn last_attempt(connection: &Connection) -> Result<Option<Attempt>, StoreError> {
    let mut select = connection.prepare_cached("SELECT id, feed, at FROM fetch ORDER BY id DESC LIMIT 1")?;
    select.query_row([], attempt).optional().map_err(StoreError::from)
}

fn attempt(row: &Row<'_>) -> rusqlite::Result<Attempt> {
    Ok(Attempt { number: row.get(0)?, feed: row.get(1)?, at: row.get(2)? })
}

#[cfg(test)]
mod tests {
    use hydro::{FeedId, Kind, Parameter, Point, SignedDuration, Stat, Timestamp, Value};

    use crate::{Batch, Fetch, Outcome, Reader, SeriesBatch, SeriesKey, Writer};

    const HOUR: SignedDuration = SignedDuration::from_hours(1);

    fn feed() -> FeedId {
        FeedId::new("eccc-nb").unwrap()
    }

    /// A document of an hour's level.
    fn document(hour: i32, milli: i64) -> Batch<'static> {
        let valid = Timestamp::UNIX_EPOCH + HOUR * hour;
        let point = Point { valid, value: Some(Value::from_milli(milli)), quality: None };
        let stat = Stat::Value;
        let key = SeriesKey { location: "a".into(), parameter: Parameter::Level, kind: Kind::Observed, stat };
        let fetch = Fetch { outcome: Outcome::Changed, ..Fetch::begun(feed(), valid) };
        Batch { series: vec![SeriesBatch { key, issued: None, points: vec![point] }], ..Batch::empty(fetch) }
    }

    fn levels(reader: &Reader) -> Vec<i64> {
        let points = reader.latest(&feed(), "a", Parameter::Level, HOUR * 100, Timestamp::MAX).unwrap();
        points.iter().filter_map(|point| point.value.map(Value::milli)).collect()
    }

    #[test]
    fn what_is_remembered_is_not_read_again_until_the_log_is_another() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("river.db");
        let mut writer = Writer::open(&path).unwrap();
        let reader = Reader::open(&path).unwrap().remembering(1000);
        for hour in [0, 10, 20] {
            writer.apply(&document(hour, 5000)).unwrap();
        }
        assert_eq!(levels(&reader), [5000, 5000, 5000]);
        // Nothing of ours does this; it shows what is read.
        let other = rusqlite::Connection::open(&path).unwrap();
        other.execute_batch("UPDATE piece SET points = x'00' WHERE piece = 0").unwrap();
        assert_eq!(levels(&reader), [5000, 5000, 5000], "not read again");
        writer.apply(&document(20, 6000)).unwrap();
        writer.apply(&document(21, 6100)).unwrap();
        assert_eq!(levels(&reader), [5000, 5000, 6000, 6100], "what was written is read");
        other.execute_batch("DELETE FROM piece WHERE piece = 0").unwrap();
        other.execute_batch("UPDATE fetch SET at = at + 1 WHERE id = (SELECT max(id) FROM fetch)").unwrap();
        assert_eq!(levels(&reader), [5000, 6000, 6100], "an older copy that has gone on");
    }
}
