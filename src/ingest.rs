//! `riverwatch ingest`: fetching without serving.

use std::process::ExitCode;
use std::sync::{Arc, Mutex};

use ::ingest::{Clock, Plan};
use anyhow::bail;
use store::{Outcome, Writer};
use tokio::sync::watch;

use crate::config::Config;
use crate::reload::Reload;
use crate::up::plan;
use crate::{background, clock};

/// Fetches by schedule until told to end.
pub(crate) fn run(config: &Config, only: Option<String>, reload: Reload) -> anyhow::Result<ExitCode> {
    let store = Arc::new(Mutex::new(Writer::open(&config.database)?));
    let (plans, planned) = watch::channel(chosen(plan(config), only.as_deref())?);
    reload.follow(config, move |new| {
        plans.send_replace(chosen(plan(&new), only.as_deref())?);
        Ok(())
    });
    let clock = Clock { now: clock::at(None), speed: 1.0 };
    let stop = clock::stop();
    background::end(background::start(async { Ok(::ingest::run(planned, store, clock, |_| {}, stop).await?) })?)?;
    Ok(ExitCode::SUCCESS)
}

/// Fetches each feed once.
pub(crate) fn once(config: &Config, only: Option<&str>) -> anyhow::Result<ExitCode> {
    let plan = chosen(plan(config), only)?;
    let store = Arc::new(Mutex::new(Writer::open(&config.database)?));
    let work = async { Ok(::ingest::once(plan, store, clock::at(None)).await?) };
    let results = background::end(background::start(work)?)?;
    let failed =
        |result: &Result<::ingest::Done, _>| result.as_ref().map_or(true, |done| done.fetch.outcome == Outcome::Failed);
    Ok(if results.iter().any(|(_, result)| failed(result)) { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// A plan of one feed alone, where one is named.
pub(crate) fn chosen(mut plan: Plan, only: Option<&str>) -> anyhow::Result<Plan> {
    let Some(only) = only else { return Ok(plan) };
    let known: Vec<String> = plan.feeds.iter().map(|feed| feed.id.to_string()).collect();
    plan.feeds.retain(|feed| feed.id.as_str() == only);
    if plan.feeds.is_empty() {
        bail!("no feed `{only}` is configured: expected {}", known.join(", "));
    }
    Ok(plan)
}
