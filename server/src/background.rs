//! What is done while nobody waits for it, and must not make anybody wait.

use std::sync::Weak;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::{Builder, sleep};
use std::time::{Duration, Instant};

use crate::answer::Answer;

/// The least urgent of ordinary work: beside a busy thread it gets one or two hundredths of a core, beside an idle one all of it.
#[cfg(target_os = "linux")]
const NICE: i32 = 19;
/// Answers that wait to be compressed well; more are left as they are.
const WAITING: usize = 256;
/// An answer that does not stand for so long is not worth it: while documents come in a row, each draws the pages anew.
const STANDS: Duration = Duration::from_secs(5);

/// Makes this thread give way to all others. Those that it starts will as well. It is a favour and no condition: where the
/// system refuses, the work is done all the same.
pub fn give_way() {
    // On Linux each thread has its own priority; elsewhere the whole program would give way.
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::nice(NICE) {
        tracing::warn!(%error, "what is done in the background cannot be made to give way to serving");
    }
}

/// Compresses well what it is told was popular at an instant and is still there a little later, one answer after the other:
/// each takes some 20 ms.
pub(crate) fn compressor() -> SyncSender<(Weak<Answer>, Instant)> {
    let (answers, waiting) = sync_channel::<(Weak<Answer>, Instant)>(WAITING);
    let work = move || {
        give_way();
        for (answer, since) in waiting {
            sleep(STANDS.saturating_sub(since.elapsed()));
            if let Some(answer) = answer.upgrade() {
                answer.compress_well();
            }
        }
    };
    if let Err(error) = Builder::new().name("compressor".into()).spawn(work) {
        tracing::warn!(%error, "there is no thread to compress answers well on");
    }
    answers
}
