//! A new configuration while the program runs: SIGHUP has it read and checked, so that an operator knows before the next
//! start whether it will do. What runs keeps what it was started with.

use std::path::PathBuf;

use tokio::signal::unix::{SignalKind, signal};

use crate::{config, environment};

/// Reads the configuration at each SIGHUP and says in the log what is to be said of it.
pub(crate) fn check_when_told(path: PathBuf) {
    let Ok(mut told) = signal(SignalKind::hangup()) else { return };
    tokio::spawn(async move {
        while told.recv().await.is_some() {
            match config::load(&path, &environment()) {
                Ok(_) => tracing::info!("the configuration has no faults; it holds from the next start"),
                Err(faults) => tracing::error!("the configuration in use stays; the new one has faults\n{faults}"),
            }
        }
    });
}
