//! What gives way to those who serve: readers do not wait for a national file to be taken in.

use std::thread::{Builder, JoinHandle};

use anyhow::Context as _;

/// Runs to its end what gives way, on threads of its own.
///
/// # Errors
/// Where the system gives no thread.
pub(crate) fn start<T: Send + 'static>(
    work: impl Future<Output = anyhow::Result<T>> + Send + 'static,
) -> anyhow::Result<JoinHandle<anyhow::Result<T>>> {
    let run = || {
        server::give_way();
        // Not on the runtime that serves: the threads it keeps for what takes long draw pages as well.
        tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(work)
    };
    Builder::new().name("background".into()).spawn(run).context("there is no thread to fetch on")
}

/// Waits for the end of what gives way.
///
/// # Errors
/// Its own.
pub(crate) fn end<T>(started: JoinHandle<anyhow::Result<T>>) -> anyhow::Result<T> {
    started.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}
