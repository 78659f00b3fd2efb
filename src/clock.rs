//! The clocks: the wall's, one that stands still for looking back, one that hurries for demonstrations. Only here is the
//! wall clock read.

use std::sync::Arc;
use std::time::Instant;

use hydro::Now;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;

/// What the wall clock says.
pub(crate) fn wall() -> Timestamp {
    Timestamp::now()
}

/// The wall clock, or a clock that stands still at an instant.
pub(crate) fn at(instant: Option<Timestamp>) -> Now {
    match instant {
        Some(instant) => Arc::new(move || instant),
        None => Arc::new(wall),
    }
}

/// A clock that starts at `from` now and goes `speed` times as fast as the wall's.
pub(crate) fn hurried(from: Timestamp, speed: f64) -> Now {
    let started = Instant::now();
    Arc::new(move || from + SignedDuration::from_secs_f64(started.elapsed().as_secs_f64() * speed))
}

/// Reads an instant such as `2022-04-18T21:10Z`; seconds may be left out, the offset not.
pub(crate) fn instant(text: &str) -> Result<Timestamp, String> {
    text.parse().map_err(|_| format!("`{text}` is not an instant: expected such as 2022-04-18T21:10Z"))
}

/// Turns true when the process is told to end: by SIGTERM, or by Ctrl-C.
pub(crate) fn stop() -> watch::Receiver<bool> {
    let (sender, receiver) = watch::channel(false);
    tokio::spawn(async move {
        let interrupted = tokio::signal::ctrl_c();
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut terminated) => tokio::select! {
                _ = interrupted => {}
                _ = terminated.recv() => {}
            },
            Err(_) => drop(interrupted.await),
        }
        tracing::info!("stopping");
        let _ = sender.send(true);
    });
    receiver
}
