//! `riverwatch serve`: pages without fetching; also as they were at a past instant.

use std::process::ExitCode;
use std::sync::Arc;

use jiff::Timestamp;
use store::Writer;

use crate::config::Config;
use crate::reload::Reload;
use crate::{announce, clock, up};

/// Serves until told to end.
pub(crate) async fn run(mut config: Config, at: Option<Timestamp>, reload: Reload) -> anyhow::Result<ExitCode> {
    // Makes the database where there is none yet, so that pages can say that nothing is known.
    drop(Writer::open(&config.database)?);
    config.site.live = at.is_none();
    let (listener, app) = up::server(&config, clock::at(at)).await?;
    let stop = clock::stop();
    up::metrics(&config, &app, stop.clone()).await?;
    let shown = Arc::clone(&app);
    reload.follow(&config, move |new| Ok(shown.show(server::Site { live: at.is_none(), ..new.site })?));
    announce(&listener)?;
    server::serve(listener, app.router(), config.listening.connections, stop).await;
    Ok(ExitCode::SUCCESS)
}
