//! `riverwatch up`: scheduler and server in one process.

use std::process::ExitCode;
use std::sync::{Arc, Mutex};

use ::ingest::{Clock, Plan};
use anyhow::Context as _;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::config::Config;
use crate::reload::Reload;
use crate::{announce, background, clock, opening};

/// Programs that watch are few.
const METRICS_CONNECTIONS: usize = 8;

/// Runs until told to end.
pub(crate) async fn run(config: Config, reload: Reload) -> anyhow::Result<ExitCode> {
    let clock = Clock { now: clock::at(None), speed: 1.0 };
    both(config, clock, clock::stop(), Some(reload)).await
}

/// Fetches and serves at a clock's time until `stop`.
pub(crate) async fn both(
    config: Config,
    clock: Clock,
    stop: watch::Receiver<bool>,
    reload: Option<Reload>,
) -> anyhow::Result<ExitCode> {
    let Some((writer, app)) = opening::open(&config, &clock.now, &stop).await? else { return Ok(ExitCode::SUCCESS) };
    let (store, listener) = (Arc::new(Mutex::new(writer)), opening::listener(&config).await?);
    metrics(&config, &app, stop.clone()).await?;
    let (plans, planned) = watch::channel(plan(&config));
    if let Some(reload) = reload {
        let app = Arc::clone(&app);
        reload.follow(&config, move |new| {
            let plan = plan(&new);
            app.show(new.site)?;
            plans.send_replace(plan);
            Ok(())
        });
    }
    announce(&listener)?;
    let ends = stop.clone();
    let fetching = background::start(async { Ok(::ingest::run(planned, store, clock, |_| {}, ends).await?) })?;
    server::serve_site(listener, app, clock::at(None), config.listening.connections, stop).await;
    background::end(fetching)?;
    Ok(ExitCode::SUCCESS)
}

/// What is fetched by a configuration.
pub(crate) fn plan(config: &Config) -> Plan {
    Plan { feeds: config.feeds.clone(), fetching: config.fetching.clone() }
}

/// Tells the metrics in the background, where that is configured.
pub(crate) async fn metrics(
    config: &Config,
    app: &Arc<server::App>,
    stop: watch::Receiver<bool>,
) -> anyhow::Result<()> {
    let Some(address) = config.listening.metrics else { return Ok(()) };
    let listener =
        TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address} for metrics"))?;
    tracing::info!(address = %listener.local_addr()?, "metrics");
    let router = server::metrics(Arc::clone(app), &config.database)?;
    tokio::spawn(server::serve(listener, router, METRICS_CONNECTIONS, stop));
    Ok(())
}
