//! `riverwatch import`: saved bytes into the store, as if their feed had been fetched at an instant.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use ::ingest::fetch::Body;
use anyhow::{Context as _, anyhow};
use jiff::Timestamp;
use store::{Outcome, Writer};

use crate::config::Config;
use crate::parse;

/// Imports each file in order; exit 1 where one brought nothing because it is not of the format.
#[allow(clippy::print_stdout)]
pub(crate) fn run(
    config: &Config,
    feed: &str,
    files: &[PathBuf],
    format: Option<&str>,
    at: Timestamp,
) -> anyhow::Result<ExitCode> {
    let feed = config.feeds.iter().find(|known| known.id.as_str() == feed).ok_or_else(|| {
        let known: Vec<&str> = config.feeds.iter().map(|known| known.id.as_str()).collect();
        anyhow!("no feed `{feed}` is configured: expected {}", known.join(", "))
    })?;
    let format = format.map_or_else(|| Ok(feed.format.clone()), parse::named)?;
    let mut writer = Writer::open(&config.database)?;
    let mut failed = false;
    for file in files {
        let body = Body::new(parse::read(Path::new(file))?);
        let batch = ::ingest::import(feed, &format, &body, at);
        let applied = writer.apply(&batch).with_context(|| config.database.display().to_string())?;
        let fetch = &batch.fetch;
        println!(
            "{}: {}; {} new, {} revised, {} rejected, {} series ignored{}",
            file.display(),
            fetch.outcome.name(),
            applied.new,
            applied.revised,
            fetch.rejected,
            fetch.ignored,
            fetch.message.as_ref().map(|message| format!("; {message}")).unwrap_or_default(),
        );
        failed |= fetch.outcome == Outcome::Failed;
    }
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
