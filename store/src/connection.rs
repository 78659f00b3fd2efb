//! Opening the database: pragmas, schema version, and the errors of all that follows.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};
use thiserror::Error;

use crate::pieces::{self, adopt_rows};
use crate::prune::LONGEST_LOG;

/// The schema, step by step; the database's `user_version` counts the steps taken. A released step is never edited.
const MIGRATIONS: [&str; 8] = [
    include_str!("migrations/0001-first.sql"),
    include_str!("migrations/0002-replies.sql"),
    include_str!("migrations/0003-alerts.sql"),
    include_str!("migrations/0004-changes.sql"),
    include_str!("migrations/0005-pieces.sql"),
    include_str!("migrations/0006-notes.sql"),
    include_str!("migrations/0007-states.sql"),
    include_str!("migrations/0008-since.sql"),
];

/// Why the store could not do as asked.
#[derive(Debug, Error)]
pub enum StoreError {
    /// SQLite refused.
    #[error("database: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// The file could not be opened or its folder not made.
    #[error("database {path}: {reason}")]
    Open {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// The file is damaged: only a copy of it helps.
    #[error("database {path} is damaged: {reason}")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What was found.
        reason: String,
    },
    /// A newer program has changed the schema; this one must not guess at it.
    #[error("database {path} has schema {found}; this program knows up to {known}: use the newer program")]
    Newer {
        /// The file.
        path: PathBuf,
        /// The file's schema.
        found: usize,
        /// The newest that this program knows.
        known: usize,
    },
    /// A stored body does not decompress: the file is damaged.
    #[error("a stored body is damaged: {0}")]
    Body(#[from] std::io::Error),
    /// A stored alert is not what was written: the file is damaged.
    #[error("a stored alert is damaged: {0}")]
    Alert(#[from] serde_json::Error),
    /// The bytes of a piece are not what was written: the file is damaged.
    #[error("the observations of series {series} in piece {piece} are damaged")]
    Piece {
        /// The number of the series.
        series: i64,
        /// The number of the piece: six hours since 1970.
        piece: i64,
    },
}

impl StoreError {
    /// Whether the file itself is damaged, so that only a copy of it helps.
    pub fn is_damage(&self) -> bool {
        match self {
            Self::Sqlite(error) => error.sqlite_error_code() == Some(ErrorCode::DatabaseCorrupt),
            Self::Body(_) | Self::Alert(_) | Self::Piece { .. } | Self::Damaged { .. } => true,
            Self::Open { .. } | Self::Newer { .. } => false,
        }
    }
}

/// Looks through an existing database for damage.
///
/// # Errors
/// [`StoreError`] where it cannot be opened, belongs to a newer program, or is damaged, with the first fault found.
pub fn verify(path: &Path) -> Result<(), StoreError> {
    let damaged = |reason| StoreError::Damaged { path: path.to_owned(), reason };
    let connection = open_reader(path)?;
    let found = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0));
    let found = found.map_err(|error| damaged(error.to_string()))?;
    if found != "ok" {
        return Err(damaged(found));
    }
    pieces::verify(&connection)
}

/// Opens for writing, makes the file and its folder where they are missing, and brings the schema up to date.
pub(crate) fn open_writer(path: &Path) -> Result<Connection, StoreError> {
    let failed = |reason: String| StoreError::Open { path: path.to_owned(), reason };
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(|error| failed(error.to_string()))?;
    }
    let mut connection = Connection::open(path).map_err(|error| failed(error.to_string()))?;
    prepare(&connection)?;
    // FULL: a committed row survives a power cut; batched as we write, it costs next to nothing.
    connection
        .execute_batch(&format!(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
             PRAGMA journal_size_limit = {LONGEST_LOG};"
        ))
        .map_err(|error| opening(&error, path))?;
    migrate(&mut connection, path)?;
    Ok(connection)
}

/// An error of the first look into a file: damage is told as such, and all else with the file's name.
fn opening(error: &rusqlite::Error, path: &Path) -> StoreError {
    let (path, reason) = (path.to_owned(), error.to_string());
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseCorrupt) => StoreError::Damaged { path, reason },
        _ => StoreError::Open { path, reason },
    }
}

/// Opens an existing database so that nothing can be written.
pub(crate) fn open_reader(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)
        .map_err(|error| StoreError::Open { path: path.to_owned(), reason: error.to_string() })?;
    prepare(&connection)?;
    check_version(&connection, path)?;
    Ok(connection)
}

fn prepare(connection: &Connection) -> Result<(), StoreError> {
    connection.busy_timeout(Duration::from_secs(5))?;
    // A plan may not depend on what is bound; otherwise most statements are planned anew each time that they are run, which
    // takes several times as long as running them.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}

/// The schema of a database, which must not be newer than this program.
pub(crate) fn check_version(connection: &Connection, path: &Path) -> Result<usize, StoreError> {
    let found: usize = connection
        .query_row("PRAGMA user_version", [], |row| row.get::<_, i64>(0))
        .map(|version| usize::try_from(version).unwrap_or(0))?;
    if found > MIGRATIONS.len() {
        return Err(StoreError::Newer { path: path.to_owned(), found, known: MIGRATIONS.len() });
    }
    Ok(found)
}

fn migrate(connection: &mut Connection, path: &Path) -> Result<(), StoreError> {
    if check_version(connection, path)? == MIGRATIONS.len() {
        // Nothing is written: a full disk does not keep the pages from being served.
        return Ok(());
    }
    // Taken before looking again, so that two programs starting at once do not both take a step.
    let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let taken = check_version(&transaction, path)?;
    for step in &MIGRATIONS[taken..] {
        transaction.execute_batch(step)?;
    }
    adopt_rows(&transaction)?;
    transaction.pragma_update(None, "user_version", i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX))?;
    transaction.commit()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use rusqlite::StatementStatus;

    use super::*;

    #[test]
    fn a_newer_schema_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sub/river.db");
        open_writer(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
        let error = open_writer(&path).expect_err("newer").to_string();
        let told = format!("has schema 99; this program knows up to {}: use the newer program", MIGRATIONS.len());
        assert!(error.ends_with(&told), "{error}");
        assert!(matches!(open_reader(&path), Err(StoreError::Newer { .. })));
    }

    #[test]
    fn a_second_start_finds_the_schema() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("river.db");
        open_writer(&path).unwrap();
        let again = open_writer(&path).unwrap();
        let mode: String = again.query_row("PRAGMA journal_mode", [], |row| row.get(0)).unwrap();
        assert_eq!(mode, "wal");
    }

    #[test]
    fn an_older_schema_is_brought_up_to_date_and_keeps_its_rows() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("river.db");
        let old = Connection::open(&path).unwrap();
        old.execute_batch(MIGRATIONS[0]).unwrap();
        old.execute_batch("PRAGMA user_version = 1; INSERT INTO feed (name, failures) VALUES ('eccc-nb', 3)").unwrap();
        drop(old);
        let new = open_writer(&path).unwrap();
        assert_eq!(check_version(&new, &path).unwrap(), MIGRATIONS.len());
        let failures: u32 = new.query_row("SELECT failures FROM feed", [], |row| row.get(0)).unwrap();
        let alerts: u32 = new.query_row("SELECT count(*) FROM alert", [], |row| row.get(0)).unwrap();
        assert_eq!((failures, alerts), (3, 0));
    }

    #[test]
    fn attempts_of_before_say_how_their_feed_was_then() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("river.db");
        let old = Connection::open(&path).unwrap();
        MIGRATIONS[..6].iter().for_each(|step| old.execute_batch(step).unwrap());
        old.execute_batch(
            r#"PRAGMA user_version = 6;
             INSERT INTO feed (id, name, attempted_at, succeeded_at, changed_at, failures, short)
             VALUES (1, 'north', 700, 500, 100, 2, 1), (2, 'south', NULL, NULL, NULL, 0, 0);
             INSERT INTO fetch (feed, at, outcome, duration_ms, bytes, rows_new, rows_revised, rows_rejected, rows_ignored)
             SELECT feed.id, 100 + 100 * key, value, 0, 0, 0, 0, 0, 0
             FROM feed, json_each('["changed", "failed", "failed", "empty", "unchanged", "empty", "empty"]')"#,
        )
        .unwrap();
        drop(old);
        open_writer(&path).unwrap();
        let reader = crate::Reader::open(&path).unwrap();
        let state = |feed: &str, second: i64| {
            let at = hydro::Timestamp::from_second(second).unwrap();
            let state = reader.feed_state(&hydro::FeedId::new(feed).unwrap(), at).unwrap();
            let [attempted, succeeded, changed] =
                [state.attempted, state.succeeded, state.changed].map(|at| at.map_or(0, hydro::Timestamp::as_second));
            (attempted, succeeded, changed, state.failures, state.short)
        };
        for feed in ["north", "south"] {
            let succeeded = [(0, 0), (100, 0), (100, 1), (100, 2), (400, 0), (500, 0), (600, 0)];
            for (attempted, (succeeded, failures)) in (0..).step_by(100).zip(succeeded) {
                let expected = (attempted, succeeded, attempted.min(100), failures, false);
                assert_eq!(state(feed, attempted + 50), expected, "{feed}");
            }
        }
        assert_eq!(state("south", 750), (700, 600, 100, 1, false), "a second one without data");
        assert_eq!(state("north", 750), (700, 500, 100, 2, true), "what is remembered of it");
    }

    #[test]
    fn a_statement_is_planned_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("river.db");
        let writer = open_writer(&path).unwrap();
        for connection in [writer, open_reader(&path).unwrap()] {
            let mut select = connection
                .prepare(
                    "SELECT series.id FROM series JOIN feed ON feed.id = feed WHERE feed.name = ? AND location = ?",
                )
                .unwrap();
            for location in ["a", "b", "c"] {
                assert!(!select.exists(["north", location]).unwrap());
            }
            assert_eq!(select.get_status(StatementStatus::RePrepare), 0);
        }
    }

    #[test]
    fn a_reader_cannot_write() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("river.db");
        open_writer(&path).unwrap();
        let reader = open_reader(&path).unwrap();
        assert!(reader.execute("INSERT INTO meta VALUES ('a', 'b')", []).is_err());
    }

    #[test]
    fn a_file_that_is_no_database_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("river.db");
        std::fs::write(&path, "this is a text, long enough to be told from a database header").unwrap();
        let error = open_writer(&path).expect_err("no database").to_string();
        assert!(error.contains("river.db") && error.contains("not a database"), "{error}");
    }
}
