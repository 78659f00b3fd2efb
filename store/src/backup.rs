//! A copy of the whole database while it is in use, and its way back. What is copied is checked before it counts, and what
//! is there is never replaced by less without a word.

use std::fs::File;
use std::path::{Path, PathBuf};

use hydro::Timestamp;
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, ErrorCode};
use thiserror::Error;

use crate::StoreError;
use crate::connection::{check_version, open_reader};
use crate::reader::instant;

/// What a copy holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Copied {
    /// The size of its file.
    pub bytes: u64,
    /// When the newest attempt in it to fetch a feed began.
    pub newest: Option<Timestamp>,
}

/// Why there is no copy. Nothing has changed then.
#[derive(Debug, Error)]
pub enum BackupError {
    /// A database could not be opened, or does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file could not be written.
    #[error("{path}: {reason}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// Something is where the copy is to be.
    #[error("{0} is there already: a backup replaces nothing")]
    Exists(PathBuf),
    /// SQLite's own check has found faults.
    #[error("{path} is damaged: {reason}")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The first of the faults.
        reason: String,
    },
    /// The file is a database, but of another program.
    #[error("{0} is no database of River Watch")]
    Foreign(PathBuf),
    /// Another program has the database open.
    #[error("database {0} is in use: stop the program first")]
    InUse(PathBuf),
    /// The database knows of later fetches than the backup.
    #[error("database {path} is newer than the backup: it was fetched into until {newest}")]
    Older {
        /// The database.
        path: PathBuf,
        /// Its newest attempt.
        newest: Timestamp,
    },
}

/// Writes all that a database holds at one instant into a new file. Readers and the writer go on meanwhile.
///
/// # Errors
/// [`BackupError`] where the file exists, cannot be written, or does not pass SQLite's check; there is none then.
pub fn backup(database: &Path, file: &Path) -> Result<Copied, BackupError> {
    if file.exists() {
        return Err(BackupError::Exists(file.to_owned()));
    }
    let source = open_reader(database)?;
    let part = with_ending(file, ".part");
    let _ = std::fs::remove_file(&part);
    let written = copy_into(&source, &part).and_then(|copied| {
        let moved = File::open(&part).and_then(|copy| copy.sync_all()).and_then(|()| std::fs::rename(&part, file));
        moved.map_err(|error| BackupError::File { path: file.to_owned(), reason: error.to_string() })?;
        Ok(copied)
    });
    if written.is_err() {
        let _ = std::fs::remove_file(&part);
    }
    written
}

/// Puts a backup in the place of a database, whole or not at all. `older` allows to lose what was fetched since.
///
/// # Errors
/// [`BackupError`] where the backup is damaged or of a newer program, or where the database is in use, of a newer program,
/// or holds later fetches.
pub fn restore(file: &Path, database: &Path, older: bool) -> Result<Copied, BackupError> {
    let source = open_reader(file)?;
    let copied = examine(&source, file)?;
    let is_new = !database.exists();
    let restored = replace(&source, database, older);
    if is_new && restored.is_err() {
        let _ = std::fs::remove_file(database);
    }
    restored.map(|()| copied)
}

fn copy_into(source: &Connection, part: &Path) -> Result<Copied, BackupError> {
    let name = part
        .to_str()
        .ok_or_else(|| BackupError::File { path: part.to_owned(), reason: "its name is not UTF-8".to_owned() })?;
    source
        .execute("VACUUM INTO ?", [name])
        .map_err(|error| BackupError::File { path: part.to_owned(), reason: error.to_string() })?;
    examine(&open_reader(part)?, part)
}

fn replace(source: &Connection, database: &Path, older: bool) -> Result<(), BackupError> {
    let failed = |error: &dyn std::fmt::Display| StoreError::Open { path: database.into(), reason: error.to_string() };
    if let Some(folder) = database.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(|error| failed(&error))?;
    }
    let mut target = Connection::open(database).map_err(|error| failed(&error))?;
    check_version(&target, database)?;
    // Leaving WAL mode needs the file for itself alone: whoever has it open, idle or not, keeps it from that.
    target.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(())).map_err(|error| {
        if is_busy(&error) { BackupError::InUse(database.into()) } else { StoreError::from(error).into() }
    })?;
    let (there, ours) = (age(&target)?, age(source)?);
    if let Some(newest) = there.0.filter(|_| !older && there > ours) {
        return Err(BackupError::Older { path: database.to_owned(), newest });
    }
    let step = Backup::new(source, &mut target).and_then(|backup| backup.step(-1)).map_err(StoreError::from)?;
    if step != StepResult::Done {
        return Err(BackupError::InUse(database.to_owned()));
    }
    examine(&target, database).map(|_| ())
}

/// Looks whether a file is a sound database of ours, and what is in it.
fn examine(connection: &Connection, path: &Path) -> Result<Copied, BackupError> {
    let found: String =
        connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0)).map_err(StoreError::from)?;
    if found != "ok" {
        return Err(BackupError::Damaged { path: path.to_owned(), reason: found });
    }
    if check_version(connection, path)? == 0 || !has_feeds(connection)? {
        return Err(BackupError::Foreign(path.to_owned()));
    }
    let bytes = std::fs::metadata(path).map_or(0, |metadata| metadata.len());
    Ok(Copied { bytes, newest: age(connection)?.0 })
}

/// When the newest attempt began, and the end of the log: two feeds may be asked in one second.
fn age(connection: &Connection) -> Result<(Option<Timestamp>, i64), StoreError> {
    if !has_feeds(connection)? {
        return Ok((None, 0));
    }
    let newest = "SELECT (SELECT max(attempted_at) FROM feed), (SELECT coalesce(max(id), 0) FROM fetch)";
    Ok(connection.query_row(newest, [], |row| Ok((instant(row, 0)?, row.get(1)?)))?)
}

fn has_feeds(connection: &Connection) -> Result<bool, StoreError> {
    let ours = "SELECT count(*) = 2 FROM sqlite_schema WHERE type = 'table' AND name IN ('feed', 'series')";
    Ok(connection.query_row(ours, [], |row| row.get(0))?)
}

fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}

fn with_ending(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

#[cfg(test)]
mod tests {
    use hydro::FeedId;

    use super::*;
    use crate::{Batch, Fetch, Reader, Writer};

    fn fetched(writer: &mut Writer, at: i64) {
        let feed = FeedId::new("eccc-nb").unwrap();
        let at = Timestamp::from_second(at).unwrap();
        writer.apply(&Batch::empty(Fetch::begun(feed, at))).unwrap();
    }

    fn newest(database: &Path) -> Option<i64> {
        let state =
            Reader::open(database).unwrap().feed_state(&FeedId::new("eccc-nb").unwrap(), Timestamp::MAX).unwrap();
        state.attempted.map(Timestamp::as_second)
    }

    #[test]
    fn a_copy_of_a_database_in_use_is_whole_and_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let mut writer = Writer::open(&path("river.db")).unwrap();
        fetched(&mut writer, 1000);
        let copied = backup(&path("river.db"), &path("copy.db")).unwrap();
        assert_eq!(copied.newest, Timestamp::from_second(1000).ok());
        fetched(&mut writer, 2000);
        assert!(matches!(backup(&path("river.db"), &path("copy.db")), Err(BackupError::Exists(_))));
        assert_eq!((newest(&path("copy.db")), newest(&path("river.db"))), (Some(1000), Some(2000)));

        assert!(matches!(restore(&path("copy.db"), &path("river.db"), true), Err(BackupError::InUse(_))));
        drop(writer);
        let idle = Reader::open(&path("river.db")).unwrap();
        idle.version().unwrap();
        let refused = restore(&path("copy.db"), &path("river.db"), true);
        assert!(matches!(refused, Err(BackupError::InUse(_))), "an idle reader uses it too: {refused:?}");
        drop(idle);
        let refused = restore(&path("copy.db"), &path("river.db"), false);
        assert!(matches!(refused, Err(BackupError::Older { .. })), "{refused:?}");
        assert_eq!(newest(&path("river.db")), Some(2000), "nothing has changed");
        assert_eq!(restore(&path("copy.db"), &path("river.db"), true).unwrap(), copied);
        assert_eq!(newest(&path("river.db")), Some(1000));
        fetched(&mut Writer::open(&path("river.db")).unwrap(), 3000);
        assert_eq!(newest(&path("river.db")), Some(3000), "it works on");
        restore(&path("copy.db"), &path("sub/new.db"), false).unwrap();
        assert_eq!(newest(&path("sub/new.db")), Some(1000));
    }

    #[test]
    fn what_is_no_sound_backup_is_refused_and_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        Connection::open(path("other.db"))
            .unwrap()
            .execute_batch("CREATE TABLE t (a); PRAGMA user_version = 1")
            .unwrap();
        std::fs::write(path("text"), "this is a text, long enough to be told from a database header").unwrap();
        let mut writer = Writer::open(&path("river.db")).unwrap();
        (0..200).for_each(|at| fetched(&mut writer, at));
        backup(&path("river.db"), &path("good.db")).unwrap();
        let mut bytes = std::fs::read(path("good.db")).unwrap();
        let half = bytes.len() / 2;
        bytes[half..half + 4096].fill(0x5a);
        std::fs::write(path("damaged.db"), &bytes).unwrap();
        std::fs::write(path("cut.db"), &bytes[..half]).unwrap();
        for name in ["other.db", "text", "damaged.db", "cut.db", "nowhere.db"] {
            let refused = restore(&path(name), &path("new.db"), true);
            assert!(refused.is_err(), "{name}");
            assert!(!path("new.db").exists(), "{name}");
        }
        backup(&path("good.db"), &path("again.db")).unwrap();
        Connection::open(path("good.db")).unwrap().pragma_update(None, "user_version", 99).unwrap();
        assert!(matches!(
            restore(&path("good.db"), &path("new.db"), true),
            Err(BackupError::Store(StoreError::Newer { .. }))
        ));
        assert!(matches!(backup(&path("river.db"), &path("no/folder.db")), Err(BackupError::File { .. })));
    }

    #[test]
    fn a_database_of_a_newer_program_is_not_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        for name in ["river.db", "newer.db"] {
            Writer::open(&path(name)).unwrap();
        }
        backup(&path("river.db"), &path("copy.db")).unwrap();
        Connection::open(path("newer.db")).unwrap().pragma_update(None, "user_version", 99).unwrap();
        let refused = restore(&path("copy.db"), &path("newer.db"), true);
        assert!(matches!(refused, Err(BackupError::Store(StoreError::Newer { .. }))), "{refused:?}");
    }
}
