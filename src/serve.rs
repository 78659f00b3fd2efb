//! `riverwatch serve`: pages without fetching; also as they were at a past instant.

use std::process::ExitCode;
use std::sync::Arc;

use jiff::Timestamp;

use crate::config::Config;
use crate::reload::Reload;
use crate::{announce, clock, opening, up};

/// Serves until told to end.
pub(crate) async fn run(mut config: Config, at: Option<Timestamp>, reload: Reload) -> anyhow::Result<ExitCode> {
    config.site.live = at.is_none();
    let (now, stop) = (clock::at(at), clock::stop());
    let Some((_, app)) = opening::open(&config, &now, &stop).await? else { return Ok(ExitCode::SUCCESS) };
    let listener = opening::listener(&config).await?;
    up::metrics(&config, &app, stop.clone()).await?;
    let shown = Arc::clone(&app);
    reload.follow(&config, move |new| Ok(shown.show(server::Site { live: at.is_none(), ..new.site })?));
    announce(&listener)?;
    server::serve_site(listener, app, clock::at(None), config.listening.connections, stop).await;
    Ok(ExitCode::SUCCESS)
}
