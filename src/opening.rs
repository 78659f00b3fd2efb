//! The database and the site over it. While the file is damaged the site says that nothing is known, and the file is tried
//! again and again: whoever puts a sound copy in its place need not also start the program anew.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use hydro::Now;
use server::App;
use store::{StoreError, Writer};
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::announce;
use crate::config::Config;

/// How long until a damaged database is tried again.
const PAUSE: Duration = Duration::from_secs(5);

/// Opens the database, makes it where there is none, and takes a first snapshot. `None` when told to end before that could
/// be done.
pub(crate) async fn open(
    config: &Config,
    now: &Now,
    stop: &watch::Receiver<bool>,
) -> anyhow::Result<Option<(Writer, Arc<App>)>> {
    match both(config, now) {
        Err(error) if error.is_damage() => patiently(config, now, stop, error).await,
        opened => Ok(Some(opened?)),
    }
}

/// The listener at the configured address.
pub(crate) async fn listener(config: &Config) -> anyhow::Result<TcpListener> {
    let address = config.listening.listen;
    TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}"))
}

fn both(config: &Config, now: &Now) -> Result<(Writer, Arc<App>), StoreError> {
    let writer = Writer::open(&config.database)?;
    let app = App::new(&config.database, config.site.clone(), Arc::clone(now))?;
    Ok((writer, Arc::new(app)))
}

async fn patiently(
    config: &Config,
    now: &Now,
    stop: &watch::Receiver<bool>,
    mut error: StoreError,
) -> anyhow::Result<Option<(Writer, Arc<App>)>> {
    let listener = listener(config).await?;
    announce(&listener)?;
    let (end, ended) = watch::channel(false);
    let router = server::emergency(config.site.clone());
    let serving = tokio::spawn(server::serve(listener, router, config.listening.connections, ended));
    let opened = loop {
        tracing::error!(database = %config.database.display(), %error, "nothing can be shown; a backup can be restored meanwhile");
        let mut stopped = stop.clone();
        tokio::select! {
            _ = stopped.wait_for(|stop| *stop) => break None,
            () = tokio::time::sleep(PAUSE) => {}
        }
        match both(config, now) {
            Ok(opened) => break Some(opened),
            Err(again) => error = again,
        }
    };
    end.send_replace(true);
    serving.await.context("the site without data ended badly")?;
    Ok(opened)
}
