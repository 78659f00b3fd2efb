//! The database as requests read it: by readers that stay open between them, for opening one costs more than most of what
//! is asked.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use store::{Reader as Database, StoreError};

/// Readers that wait for the next request; beyond that they are closed.
const IDLE: usize = 4;

/// The database's readers.
#[derive(Debug)]
pub(crate) struct Pool {
    path: PathBuf,
    idle: Mutex<Vec<Database>>,
}

impl Pool {
    /// The database of a path, of which nothing is opened yet.
    pub(crate) fn new(path: &Path) -> Self {
        Self { path: path.to_owned(), idle: Mutex::default() }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Asks the database. A reader that gave an error is closed: the next one opens the file anew, which may have been mended.
    ///
    /// # Errors
    /// [`StoreError`] where the database cannot be opened, or what `ask` gives.
    pub(crate) fn read<T, E: From<StoreError>>(&self, ask: impl FnOnce(&Database) -> Result<T, E>) -> Result<T, E> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let database = idle.map_or_else(|| Database::open(&self.path), Ok)?;
        let answer = ask(&database)?;
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < IDLE {
            idle.push(database);
        }
        Ok(answer)
    }
}
