//! `riverwatch ingest`: fetching without serving.

use std::process::ExitCode;
use std::sync::{Arc, Mutex};

use ::ingest::{Clock, Feed};
use anyhow::bail;
use store::{Outcome, Writer};

use crate::clock;
use crate::config::Config;

/// Fetches by schedule until told to end, or each feed once.
pub(crate) async fn run(config: Config, once: bool, only: Option<&str>) -> anyhow::Result<ExitCode> {
    let feeds = chosen(config.feeds, only)?;
    let store = Arc::new(Mutex::new(Writer::open(&config.database)?));
    if !once {
        let clock = Clock { now: clock::at(None), speed: 1.0 };
        ::ingest::run(feeds, &config.fetching, store, clock, |_| {}, clock::stop()).await?;
        return Ok(ExitCode::SUCCESS);
    }
    let results = ::ingest::once(feeds, &config.fetching, store, clock::at(None)).await?;
    let failed =
        |result: &Result<::ingest::Done, _>| result.as_ref().map_or(true, |done| done.fetch.outcome == Outcome::Failed);
    Ok(if results.iter().any(|(_, result)| failed(result)) { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn chosen(feeds: Vec<Feed>, only: Option<&str>) -> anyhow::Result<Vec<Feed>> {
    let Some(only) = only else { return Ok(feeds) };
    let known: Vec<String> = feeds.iter().map(|feed| feed.id.to_string()).collect();
    let chosen: Vec<Feed> = feeds.into_iter().filter(|feed| feed.id.as_str() == only).collect();
    if chosen.is_empty() {
        bail!("no feed `{only}` is configured: expected {}", known.join(", "));
    }
    Ok(chosen)
}
