//! What operators measure: attempts since a place in the log, and the sizes of the files. Not as of an instant: these are
//! about the program, not about the river.

use std::path::Path;

use hydro::FeedId;

use super::Reader;
use crate::changes::last_attempt;
use crate::{Outcome, StoreError};

/// Attempts of one feed that ended in one way, counted from some place in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempts {
    /// The feed.
    pub feed: FeedId,
    /// How they ended.
    pub outcome: Outcome,
    /// How many.
    pub count: u64,
    /// Rows that they rejected.
    pub rejected: u64,
}

/// The sizes of the database's files, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sizes {
    /// The database.
    pub database: u64,
    /// Its write-ahead log; 0 where there is none at the moment.
    pub wal: u64,
}

impl Reader {
    /// The end of the log of attempts: the number of its newest one, 0 for an empty log.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer.
    pub fn log_end(&self) -> Result<i64, StoreError> {
        last_attempt(&self.connection)
    }

    /// Attempts logged after one number of the log up to another.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer.
    pub fn attempts(&self, after: i64, up_to: i64) -> Result<Vec<Attempts>, StoreError> {
        let mut select = self.connection.prepare_cached(
            "SELECT feed.name, outcome, count(*), sum(rows_rejected) FROM fetch JOIN feed ON feed.id = fetch.feed
             WHERE fetch.id > ? AND fetch.id <= ? GROUP BY feed.name, outcome",
        )?;
        let rows = select.query_map([after, up_to], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, i64>(2)?, row.get::<_, i64>(3)?))
        })?;
        let mut all = Vec::new();
        for row in rows {
            let (feed, outcome, count, rejected) = row?;
            // Names that are no feed's were written by another program.
            if let (Ok(feed), Some(outcome)) = (FeedId::new(&feed), Outcome::named(&outcome)) {
                let number = |n| u64::try_from(n).unwrap_or(0);
                all.push(Attempts { feed, outcome, count: number(count), rejected: number(rejected) });
            }
        }
        Ok(all)
    }

    /// How large the database's files are on disk.
    ///
    /// # Errors
    /// [`StoreError::Open`] where the file is gone or cannot be seen.
    pub fn sizes(&self) -> Result<Sizes, StoreError> {
        let path = self.connection.path().unwrap_or_default();
        Ok(Sizes { database: size(path)?, wal: wal_size(path)? })
    }
}

/// The size of a database's write-ahead log; 0 where there is none.
pub(crate) fn wal_size(database: &str) -> Result<u64, StoreError> {
    let log = format!("{database}-wal");
    if Path::new(&log).exists() { size(&log) } else { Ok(0) }
}

fn size(path: &str) -> Result<u64, StoreError> {
    let failed =
        |error: std::io::Error| StoreError::Open { path: Path::new(path).to_owned(), reason: error.to_string() };
    Ok(std::fs::metadata(path).map_err(failed)?.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Batch, Fetch, Writer};

    fn attempt(feed: &str, outcome: Outcome, rejected: u32) -> Batch<'static> {
        let at = hydro::Timestamp::from_second(1_650_000_000).unwrap();
        Batch::empty(Fetch { outcome, rejected, ..Fetch::begun(FeedId::new(feed).unwrap(), at) })
    }

    #[test]
    fn attempts_are_counted_from_a_place_in_the_log() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("river.db");
        let mut writer = Writer::open(&path).unwrap();
        let reader = Reader::open(&path).unwrap();
        assert_eq!((reader.log_end().unwrap(), reader.attempts(0, i64::MAX).unwrap()), (0, vec![]));
        writer.apply(&attempt("north", Outcome::Failed, 9)).unwrap();
        let before = reader.log_end().unwrap();
        for (feed, outcome, rejected) in
            [("north", Outcome::Changed, 2), ("north", Outcome::Changed, 3), ("south", Outcome::Empty, 0)]
        {
            writer.apply(&attempt(feed, outcome, rejected)).unwrap();
        }
        let end = reader.log_end().unwrap();
        let counted = |after| {
            let all = reader.attempts(after, end).unwrap();
            all.into_iter().map(|some| (some.feed.to_string(), some.outcome, some.count, some.rejected)).collect()
        };
        let since: Vec<_> = counted(before);
        let south = ("south".to_owned(), Outcome::Empty, 1, 0);
        assert_eq!(since, [("north".to_owned(), Outcome::Changed, 2, 5), south]);
        assert_eq!(counted(0).len(), 3, "the first attempt failed");
        assert_eq!(counted(end), []);
    }

    #[test]
    fn sizes_are_those_of_the_files() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("river.db");
        let mut writer = Writer::open(&path).unwrap();
        writer.apply(&attempt("north", Outcome::Failed, 0)).unwrap();
        let reader = Reader::open(&path).unwrap();
        let on_disk = |name: &str| std::fs::metadata(folder.path().join(name)).unwrap().len();
        let sizes = reader.sizes().unwrap();
        assert_eq!((sizes.database, sizes.wal), (on_disk("river.db"), on_disk("river.db-wal")));
        assert!(sizes.wal > 0, "something was written");
        std::fs::remove_file(&path).unwrap();
        assert!(matches!(reader.sizes(), Err(StoreError::Open { .. })));
    }
}
