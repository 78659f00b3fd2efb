//! `riverwatch backup` and `riverwatch restore`: everything that was received, into one file while the program runs, and
//! back.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use store::{BackupError, Copied};

use crate::config::Config;

/// Writes a backup and says what is in it.
#[allow(clippy::print_stdout)]
pub(crate) fn run(config: &Config, file: &Path) -> anyhow::Result<ExitCode> {
    let copied = store::backup(&config.database, file)?;
    println!("{}: {}", file.display(), told(copied));
    Ok(ExitCode::SUCCESS)
}

/// Puts a backup in the database's place and says what is in it.
#[allow(clippy::print_stdout)]
pub(crate) fn restore(config: &Config, file: &Path, older: bool) -> anyhow::Result<ExitCode> {
    let restored = store::restore(file, &config.database, older);
    let copied = match restored {
        Err(error @ BackupError::Older { .. }) => {
            return Err(error).context("not restored; --older does it all the same");
        }
        restored => restored?,
    };
    println!("{}: restored from {}: {}", config.database.display(), file.display(), told(copied));
    Ok(ExitCode::SUCCESS)
}

fn told(copied: Copied) -> String {
    let newest =
        copied.newest.map_or_else(|| "nothing was fetched yet".to_owned(), |at| format!("fetched into until {at}"));
    format!("{} bytes, sound, {newest}", copied.bytes)
}
